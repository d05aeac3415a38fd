"""What a radar sees, and when."""

from __future__ import annotations

from equipoise.catalog.radars import HARDWARE
from equipoise.sensors.accuracy import Accuracy, Tracker, beamwidth_rad
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
    REASON_WORDS,
    SECTOR,
    Looks,
    Radar,
    coverage_reasons,
    emptied_by,
    horizon_range_m,
    look_at,
    radar_range_m,
    ray_altitude_m,
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
from equipoise.sensors.station import Sector, Station, sectors_of
from equipoise.sensors.timeline import (
    Signal,
    Span,
    Timeline,
    Timelines,
    Watch,
    signal_along,
    timeline,
    timelines,
    visible_spans,
)
from equipoise.sensors.tracking import Ellipses, TrackBound, track_bound

__all__ = [
    "FACE",
    "HARDWARE",
    "REASON_WORDS",
    "SECTOR",
    "Accuracy",
    "AspectRcs",
    "Beam",
    "Cue",
    "Ellipses",
    "Face",
    "FirstLook",
    "GroundLevel",
    "Looks",
    "Radar",
    "RadiationBand",
    "Sector",
    "Signal",
    "Signature",
    "Span",
    "Station",
    "TerrainMask",
    "Timeline",
    "Timelines",
    "TrackBound",
    "Tracker",
    "Watch",
    "albersheim_snr",
    "beam_density_w_m2",
    "beamwidth_rad",
    "coverage_reasons",
    "cumulative_detection",
    "detection_probability",
    "emptied_by",
    "far_field_density_w_m2",
    "fence_frame_s",
    "fence_looks",
    "first_look",
    "first_look_with_cue",
    "horizon_range_m",
    "look_at",
    "radar_range_m",
    "radiation_band",
    "ray_altitude_m",
    "required_snr",
    "sector_solid_angle_sr",
    "sectors_of",
    "shnidman_snr",
    "side_lobe_db",
    "signal_along",
    "swerling_1_snr",
    "threshold_of",
    "timeline",
    "timelines",
    "track_bound",
    "visible_spans",
]
