"""What a radar sees, and when."""

from __future__ import annotations

from equipoise.catalog.records import HARDWARE
from equipoise.sensors.accuracy import Accuracy, Tracker, beamwidth_rad
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
from equipoise.sensors.radiation import (
    GroundLevel,
    RadiationBand,
    beam_density_w_m2,
    far_field_density_w_m2,
    radiation_band,
    side_lobe_db,
)
from equipoise.sensors.tracking import Ellipses, TrackBound, track_bound

__all__ = [
    "HARDWARE",
    "REASON_WORDS",
    "Accuracy",
    "Ellipses",
    "GroundLevel",
    "Looks",
    "Radar",
    "RadiationBand",
    "TrackBound",
    "Tracker",
    "albersheim_snr",
    "beam_density_w_m2",
    "beamwidth_rad",
    "coverage_reasons",
    "far_field_density_w_m2",
    "horizon_range_m",
    "look_at",
    "radar_range_m",
    "radiation_band",
    "required_snr",
    "shnidman_snr",
    "side_lobe_db",
    "swerling_1_snr",
    "track_bound",
]
