"""What a radar sees, and when."""

from __future__ import annotations

from equipoise.sensors.detection import (
    albersheim_snr,
    cumulative_detection,
    detection_probability,
    shnidman_snr,
    swerling_1_snr,
    threshold_of,
)
from equipoise.sensors.field_of_view import Face, TerrainMask
from equipoise.sensors.radar import (
    FACE,
    HARDWARE,
    REASON_WORDS,
    SECTOR,
    Looks,
    Radar,
    coverage_reasons,
    horizon_range_m,
    look_at,
    radar_range_m,
    required_snr,
)

__all__ = [
    "FACE",
    "HARDWARE",
    "REASON_WORDS",
    "SECTOR",
    "Face",
    "Looks",
    "Radar",
    "TerrainMask",
    "albersheim_snr",
    "coverage_reasons",
    "cumulative_detection",
    "detection_probability",
    "horizon_range_m",
    "look_at",
    "radar_range_m",
    "required_snr",
    "shnidman_snr",
    "swerling_1_snr",
    "threshold_of",
]
