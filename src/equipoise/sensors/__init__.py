"""What a radar sees, and when."""

from __future__ import annotations

from equipoise.sensors.accuracy import Accuracy, Tracker, beamwidth_rad
from equipoise.sensors.detection import albersheim_snr, shnidman_snr, swerling_1_snr
from equipoise.sensors.radar import (
    HARDWARE,
    REASON_WORDS,
    Looks,
    Radar,
    coverage_reasons,
    horizon_range_m,
    look_at,
    radar_range_m,
    required_snr,
)
from equipoise.sensors.tracking import Ellipses, TrackBound, track_bound

__all__ = [
    "HARDWARE",
    "REASON_WORDS",
    "Accuracy",
    "Ellipses",
    "Looks",
    "Radar",
    "TrackBound",
    "Tracker",
    "albersheim_snr",
    "beamwidth_rad",
    "coverage_reasons",
    "horizon_range_m",
    "look_at",
    "radar_range_m",
    "required_snr",
    "shnidman_snr",
    "swerling_1_snr",
    "track_bound",
]
