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
from equipoise.sensors.search import (
    Beam,
    Cue,
    FirstLook,
    fence_frame_s,
    fence_looks,
    first_look,
    first_look_with_cue,
    sector_solid_angle_sr,
)
from equipoise.sensors.signature import AspectRcs, Signature
from equipoise.sensors.timeline import (
    Signal,
    Span,
    Timeline,
    Timelines,
    Watch,
    signal_along,
    timeline,
    timelines,
)

__all__ = [
    "FACE",
    "HARDWARE",
    "REASON_WORDS",
    "SECTOR",
    "AspectRcs",
    "Beam",
    "Cue",
    "Face",
    "FirstLook",
    "Looks",
    "Radar",
    "Signal",
    "Signature",
    "Span",
    "TerrainMask",
    "Timeline",
    "Timelines",
    "Watch",
    "albersheim_snr",
    "coverage_reasons",
    "cumulative_detection",
    "detection_probability",
    "fence_frame_s",
    "fence_looks",
    "first_look",
    "first_look_with_cue",
    "horizon_range_m",
    "look_at",
    "radar_range_m",
    "required_snr",
    "sector_solid_angle_sr",
    "shnidman_snr",
    "signal_along",
    "swerling_1_snr",
    "threshold_of",
    "timeline",
    "timelines",
]
