"""What a radar sees, and when."""

from __future__ import annotations

from equipoise.catalog.records import HARDWARE
from equipoise.sensors.detection import albersheim_snr, shnidman_snr, swerling_1_snr
from equipoise.sensors.radar import (
    REASON_WORDS,
    Looks,
    Radar,
    coverage_reasons,
    horizon_range_m,
    look_at,
    radar_range_m,
    required_snr,
)

__all__ = [
    "HARDWARE",
    "REASON_WORDS",
    "Looks",
    "Radar",
    "albersheim_snr",
    "coverage_reasons",
    "horizon_range_m",
    "look_at",
    "radar_range_m",
    "required_snr",
    "shnidman_snr",
    "swerling_1_snr",
]
