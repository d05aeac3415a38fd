"""How long a radar takes to look over a sector, along a fence, or through the volume of a cue."""

from __future__ import annotations

import math
from dataclasses import dataclass

from equipoise.catalog.radars import RadarRecord
from equipoise.errors import InputError
from equipoise.sensors.accuracy import HALF_POWER_WIDTH, radar_beamwidth_rad
from equipoise.sensors.radar import SPEED_OF_LIGHT_MPS


@dataclass(frozen=True)
class Beam:
    """A radar's beam.

    Parameters
    ----------
    solid_angle_sr : float
        Solid angle that one beam covers. [sr]
    dwell_s : float
        Time that the beam stays. [s]
    """

    solid_angle_sr: float
    dwell_s: float

    def __post_init__(self) -> None:
        if not 0.0 < self.solid_angle_sr <= 4.0 * math.pi:
            raise InputError(f"solid_angle_sr must lie above 0 and at most 4 pi; got {self.solid_angle_sr}")
        if not (math.isfinite(self.dwell_s) and self.dwell_s > 0.0):
            raise InputError(f"dwell_s must be above 0 and finite; got {self.dwell_s}")

    @classmethod
    def of(cls, *, effective_area_m2: float, frequency_hz: float, dwell_s: float) -> Beam:
        """Return the beam of an aperture: ``4 pi / G``, which is the squared wavelength over the effective area [1]_.

        References
        ----------
        .. [1] M. I. Skolnik, Introduction to Radar Systems (3rd ed., 2001), section 9.2.
        """
        return cls((SPEED_OF_LIGHT_MPS / frequency_hz) ** 2 / effective_area_m2, dwell_s)

    @classmethod
    def from_record(cls, record: RadarRecord) -> Beam | None:
        """Return the beam with which a catalogue radar searches; None where its width or its dwell is not known.

        An evenly lit square of half-power width ``0.886 lambda / D`` covers ``(lambda / D)^2``.
        """
        width_rad = radar_beamwidth_rad(record)
        dwell = None if record.hardware is None else record.hardware.dwell
        if record.search is not None and record.search.dwell_s is not None:
            dwell = record.search.dwell_s
        if width_rad is None or dwell is None:
            return None
        return cls((width_rad / HALF_POWER_WIDTH) ** 2, dwell.value)

    @property
    def width_rad(self) -> float:
        """Width of a square beam of that solid angle [rad]."""
        return math.sqrt(self.solid_angle_sr)

    def frame_s(self, solid_angle_sr: float) -> float:
        """Return the time [s] to look once over a solid angle [sr], at least one beam.

        Beams stand side by side without overlap: ``ceil(solid angle / that of a beam)`` dwells, the whole time of the
        radar given to this search. Off a planar face's normal the beam widens and the dwell is worth less; neither is
        counted.
        """
        if not (math.isfinite(solid_angle_sr) and solid_angle_sr >= 0.0):
            raise InputError(f"solid_angle_sr must be at least 0 and finite; got {solid_angle_sr}")
        return max(1, math.ceil(solid_angle_sr / self.solid_angle_sr - 1e-9)) * self.dwell_s


def sector_solid_angle_sr(width_rad: float, low_rad: float, high_rad: float) -> float:
    """Return the solid angle of a sector of azimuth between two elevations.

    Parameters
    ----------
    width_rad : float
        Full width in azimuth, above 0 and at most 2 pi. [rad]
    low_rad, high_rad : float
        Elevations, ``-pi/2 <= low < high <= pi/2``. [rad]

    Returns
    -------
    float
        Solid angle. [sr]

    Examples
    --------
    >>> round(sector_solid_angle_sr(2 * math.pi, 0.0, math.pi / 2) / math.pi, 9)   # half the sky
    2.0
    """
    if not 0.0 < width_rad <= 2.0 * math.pi + 1e-12:
        raise InputError(f"width_rad must lie above 0 and at most 2 pi; got {width_rad}")
    if not -math.pi / 2 <= low_rad < high_rad <= math.pi / 2 + 1e-12:
        raise InputError(f"elevations must satisfy -pi/2 <= low < high <= pi/2; got {low_rad} and {high_rad}")
    return width_rad * (math.sin(high_rad) - math.sin(low_rad))


def fence_frame_s(beam: Beam, width_rad: float, elevation_rad: float) -> float:
    """Return the time [s] to look once along a fence: a row of beams at an elevation [rad] over a width of azimuth."""
    half = 0.5 * beam.width_rad
    low, high = max(elevation_rad - half, -math.pi / 2), min(elevation_rad + half, math.pi / 2)
    return beam.frame_s(sector_solid_angle_sr(width_rad, low, high))


def fence_looks(beam: Beam, frame_s: float, range_m: float, climb_mps: float) -> float:
    """Return how many looks a target gets while it rises through a fence; below 1 it may slip through.

    Parameters
    ----------
    beam : Beam
        Its width is the height of the fence.
    frame_s : float
        Time between two looks at the same place. [s]
    range_m : float
        Slant range of the target. [m]
    climb_mps : float
        Its speed across the fence, at right angles to the line of sight. [m/s]
    """
    for name, value in (("frame_s", frame_s), ("range_m", range_m), ("climb_mps", climb_mps)):
        if not (math.isfinite(value) and value > 0.0):
            raise InputError(f"{name} must be above 0 and finite; got {value}")
    return beam.width_rad * range_m / climb_mps / frame_s


@dataclass(frozen=True)
class Cue:
    """Where another sensor says that a target is.

    Parameters
    ----------
    time_s : float
        When the cue is in the radar's hands. [s]
    position_sigma_m, velocity_sigma_mps : float
        Standard deviation across the line of sight of the position [m] and of the velocity [m/s] that it states.
    measured_s : float
        The moment that it is valid for. [s]
    """

    time_s: float
    position_sigma_m: float
    velocity_sigma_mps: float
    measured_s: float

    def __post_init__(self) -> None:
        for name in ("time_s", "position_sigma_m", "velocity_sigma_mps", "measured_s"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0.0):
                raise InputError(f"cue, {name}: must be at least 0 and finite; got {value}")
        if self.measured_s > self.time_s:
            raise InputError(f"cue, measured_s: must not lie after time_s, {self.time_s}; got {self.measured_s}")

    def radius_m(self, time_s: float, sigmas: float = 3.0) -> float:
        """Return the radius [m] of the volume to search at a time [s], in a number of standard deviations.

        Position and velocity are taken as independent: ``sigmas * hypot(position, velocity * age)``.
        """
        if not (math.isfinite(sigmas) and sigmas > 0.0):
            raise InputError(f"sigmas must be above 0 and finite; got {sigmas}")
        return sigmas * math.hypot(self.position_sigma_m, self.velocity_sigma_mps * max(time_s - self.measured_s, 0.0))

    def solid_angle_sr(self, time_s: float, range_m: float, sigmas: float = 3.0) -> float:
        """Return the solid angle [sr] of that volume from a slant range [m]: a cone around the line of sight."""
        if not (math.isfinite(range_m) and range_m > 0.0):
            raise InputError(f"range_m must be above 0 and finite; got {range_m}")
        half = math.atan2(self.radius_m(time_s, sigmas), range_m)
        return 2.0 * math.pi * (1.0 - math.cos(half))


@dataclass(frozen=True)
class FirstLook:
    """When the first look at a target comes: at best, on average, at worst [s], and the frame behind it [s]."""

    earliest_s: float
    mean_s: float
    latest_s: float
    frame_s: float


def first_look(visible_s: float, frame_s: float, ready_s: float = 0.0) -> FirstLook:
    """Return when a search gets to a target.

    Parameters
    ----------
    visible_s : float
        When the target comes into view. [s]
    frame_s : float
        Time of one frame; the target lies anywhere in it with the same chance. [s]
    ready_s : float
        When the search can begin: a cue, or nothing. [s]
    """
    for name, value in (("visible_s", visible_s), ("ready_s", ready_s)):
        if not (math.isfinite(value) and value >= 0.0):
            raise InputError(f"{name} must be at least 0 and finite; got {value}")
    if not (math.isfinite(frame_s) and frame_s > 0.0):
        raise InputError(f"frame_s must be above 0 and finite; got {frame_s}")
    start_s = max(visible_s, ready_s)
    return FirstLook(start_s, start_s + 0.5 * frame_s, start_s + frame_s, frame_s)


def first_look_with_cue(beam: Beam, cue: Cue, visible_s: float, range_m: float, sigmas: float = 3.0) -> FirstLook:
    """Return when a cued search gets to a target that comes into view at a time [s] at a slant range [m].

    The volume is that of the moment at which the search begins.
    """
    start_s = max(visible_s, cue.time_s)
    return first_look(visible_s, beam.frame_s(cue.solid_angle_sr(start_s, range_m, sigmas)), cue.time_s)
