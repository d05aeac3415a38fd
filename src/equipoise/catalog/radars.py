"""What a record of a radar holds: hardware, field of view, published ranges, and how it searches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from equipoise.catalog.quantity import Grade, In, Sourced
from equipoise.catalog.records import (
    Angle,
    CrossSection,
    Duration,
    FileModel,
    Fraction,
    Id,
    PositiveDuration,
    Ratio,
    Record,
    Text,
    field_error,
)
from equipoise.errors import UnknownIdError

HARDWARE = "hardware"
"""Name of the range that comes from the range equation and not from a publication."""

# In the order of RadarHardware.
_HARDWARE = ("average_power_w", "antenna_area_m2", "aperture_efficiency", "noise_temperature_k", "loss", "dwell_s")


class PublishedRange(FileModel):
    """A detection range that somebody has published, with the cross-section it holds for."""

    name: Id
    label: Text
    mode: Literal["terminal", "forward", "unstated"]
    range_m: Annotated[Sourced, In("m", 1e3, 2e7)] = Field(alias="range")
    reference_rcs_m2: CrossSection = Field(alias="reference_rcs")


class FaceRecord(FileModel):
    """A planar array: how far its normal is tilted up, how far off it the beam is steered, and what that costs.

    The signal falls with the ``scan_exponent``-th power of the cosine of the angle off the normal, both ways together.
    """

    tilt_rad: Angle = Field(alias="tilt")
    half_width_rad: Angle = Field(alias="half_width")
    scan_exponent: Annotated[Sourced, In("1", 0.0, 8.0)]


class RadarMode(FileModel):
    """A way in which a radar is used; its published ranges are those of the same ``mode``."""

    name: Literal["terminal", "forward"]
    label: Text
    source: Text
    grade: Grade
    note: str = ""


# A step of azimuth between two points of a terrain mask that leaves more than this unsaid is a hole. [deg]
MASK_STEP_DEG = 30.0


def mask_problem(azimuth_deg: Sequence[float], elevation_deg: Sequence[float]) -> tuple[str, str] | None:
    """Return which column of a terrain mask is wrong, and how; None if the mask is whole."""
    if len(azimuth_deg) != len(elevation_deg) or not 2 <= len(azimuth_deg) <= 3600:
        got = f"{len(azimuth_deg)} and {len(elevation_deg)}"
        return "azimuth", f"azimuth and elevation must be lists of one length, 2 to 3600; got {got}"
    for name, column, low, high in (("azimuth", azimuth_deg, 0.0, 360.0), ("elevation", elevation_deg, -10.0, 85.0)):
        for value in column:
            if not low <= value <= high:
                return name, f"got {value:g} deg; allowed: finite, {low:g} to {high:g} deg"
    if azimuth_deg[-1] >= 360.0:
        return "azimuth", "got 360 deg; allowed: from 0 to below 360 deg, the table closes by itself"
    for before, after in pairwise([*azimuth_deg, azimuth_deg[0] + 360.0]):
        if after <= before:
            return "azimuth", f"got {after:g} deg after {before:g} deg; allowed: increasing"
        if after - before > MASK_STEP_DEG + 1e-9:  # degrees that were radians once
            return "azimuth", (
                f"a hole from {before:g} to {after % 360.0:g} deg; allowed: steps of at most {MASK_STEP_DEG:g} deg "
                "around the whole circle"
            )
    return None


class MaskTable(FileModel):
    """The elevation of the skyline against azimuth from north over east, straight lines between the points."""

    azimuth: tuple[float, ...]
    elevation: tuple[float, ...]
    unit: Literal["deg"]
    source: Text
    where: str = ""
    grade: Grade
    note: str = ""

    @model_validator(mode="after")
    def _check_table(self) -> Self:
        problem = mask_problem(self.azimuth, self.elevation)
        if problem is not None:
            raise field_error(*problem)
        return self


def looks_nowhere(
    azimuth_half_width_rad: float,
    elevation_floor_rad: float,
    elevation_max_rad: float,
    face: tuple[float, float] | None = None,
) -> tuple[str, str] | None:
    """Return the field, and what is wrong with it, of a radar whose field of view is empty; None if it sees something.

    ``face`` is the tilt and the half-width of a planar array [rad].
    """
    floor_deg, top_deg = math.degrees(elevation_floor_rad), math.degrees(elevation_max_rad)
    if not azimuth_half_width_rad > 0.0:
        got = math.degrees(azimuth_half_width_rad)
        return "azimuth_half_width", f"got {got:g} deg, so it looks nowhere; allowed: above 0 to 180 deg"
    if not elevation_floor_rad < elevation_max_rad:
        return (
            "elevation_floor",
            f"must lie below elevation_max, {top_deg:g} deg, or the radar looks nowhere; got {floor_deg:g} deg",
        )
    if face is not None:
        tilt_deg, half_deg = (math.degrees(angle) for angle in face)
        if not 0.0 < half_deg < 90.0:
            return "face.half_width", f"got {half_deg:g} deg, so it looks nowhere; allowed: above 0 to below 90 deg"
        if tilt_deg + half_deg <= floor_deg:
            allowed = f"above elevation_floor less half_width, {floor_deg - half_deg:g} deg"
            return "face.tilt", f"got {tilt_deg:g} deg, so it looks nowhere; allowed: {allowed}"
        if tilt_deg - half_deg >= top_deg:
            allowed = f"below elevation_max plus half_width, {top_deg + half_deg:g} deg"
            return "face.tilt", f"got {tilt_deg:g} deg, so it looks nowhere; allowed: {allowed}"
    return None


@dataclass(frozen=True, slots=True)
class RadarHardware:
    """What the range equation needs of a radar, where all of it is published or assumed.

    Attributes
    ----------
    average_power, antenna_area, aperture_efficiency, noise_temperature, loss, dwell : Sourced
        In W, m2, as a share, in K, as a ratio, in s.
    """

    average_power: Sourced
    antenna_area: Sourced
    aperture_efficiency: Sourced
    noise_temperature: Sourced
    loss: Sourced
    dwell: Sourced


class SearchRecord(FileModel):
    """How a radar searches: its beam, how long that stays, and how soon it is back where it was.

    A radar with hardware may leave out the beam and its dwell: the first follows from the antenna, the second is that
    of the hardware. Without ``frame`` the radar finds nothing by itself, only what a cue points it to.
    """

    beamwidth_rad: Annotated[Sourced, In("rad", math.radians(0.01), math.radians(90.0))] | None = Field(
        default=None, alias="beamwidth", description="to half power; that of the antenna if left out"
    )
    dwell_s: Annotated[Sourced, In("s", 1e-6, 100.0)] | None = Field(
        default=None, alias="dwell", description="of one beam in the volume of a cue; the hardware's if left out"
    )
    frame_s: PositiveDuration | None = Field(
        default=None,
        alias="frame",
        description="between two looks at one place, the whole field searched; no search without a cue if left out",
    )


class RadarRecord(Record):
    """A radar: its hardware if that is known, its field of view, and the rival published ranges.

    The hardware (average power, antenna area, aperture efficiency, noise temperature, loss, dwell) is given whole or
    not at all; without it the radar has its published ranges and no range equation.
    """

    kind: Literal["radar"]
    frequency_hz: Annotated[Sourced, In("Hz", 1e6, 1e12)] = Field(alias="frequency")
    average_power_w: Annotated[Sourced, In("W", 1.0, 1e9)] | None = Field(default=None, alias="average_power")
    antenna_area_m2: Annotated[Sourced, In("m2", 1e-3, 1e5)] | None = Field(default=None, alias="antenna_area")
    aperture_efficiency: Fraction | None = None
    noise_temperature_k: Annotated[Sourced, In("K", 1.0, 1e4)] | None = Field(default=None, alias="noise_temperature")
    loss: Ratio | None = None
    dwell_s: Annotated[Sourced, In("s", 1e-6, 100.0)] | None = Field(default=None, alias="dwell")
    required_snr: Annotated[Sourced, In("1", 1e-3, 1e6)]
    azimuth_half_width_rad: Annotated[Sourced, In("rad", 0.0, math.pi)] = Field(alias="azimuth_half_width")
    elevation_floor_rad: Angle = Field(alias="elevation_floor")
    elevation_max_rad: Angle = Field(alias="elevation_max")
    false_alarm_probability: Annotated[Sourced, In("1", 1e-15, 0.5)]
    detection_probability: Annotated[Sourced, In("1", 0.01, 0.9999)]
    confirm_time_s: Duration = Field(alias="confirm_time")
    ranges: tuple[PublishedRange, ...] = Field(min_length=1, max_length=50)
    bandwidth_hz: Annotated[Sourced, In("Hz", 1e3, 1e11)] | None = Field(default=None, alias="bandwidth")
    face: FaceRecord | None = None
    terrain_mask: MaskTable | None = None
    modes: tuple[RadarMode, ...] = Field(default=(), max_length=10)
    mode_switch_s: Annotated[Sourced, In("s", 0.0, 1e7)] | None = Field(
        default=None, alias="mode_switch", description="longest time from one mode to the other"
    )
    search: SearchRecord | None = None
    rcs_ratio: Annotated[Sourced, In("1", 0.01, 1e4)] | None = Field(
        default=None, description="a separated warhead's cross-section in this band over that at X band; 1 if left out"
    )

    @model_validator(mode="after")
    def _check_view(self) -> Self:
        face = None if self.face is None else (self.face.tilt_rad.value, self.face.half_width_rad.value)
        floor, top = self.elevation_floor_rad.value, self.elevation_max_rad.value
        empty = looks_nowhere(self.azimuth_half_width_rad.value, floor, top, face)
        if empty is not None:
            raise field_error(*empty)
        modes = [mode.name for mode in self.modes]
        if len(set(modes)) < len(modes):
            raise field_error("modes", f"must have different names; got {', '.join(modes)}")
        names = [alternative.name for alternative in self.ranges]
        if len(set(names)) < len(names):
            raise field_error("ranges", f"must have different names; got {', '.join(names)}")
        given = [name for name in _HARDWARE if getattr(self, name) is not None]
        if 0 < len(given) < len(_HARDWARE):
            missing = next(name for name in _HARDWARE if name not in given)
            alias = type(self).model_fields[missing].alias or missing
            raise field_error(alias, "missing; the hardware of a radar is given whole or left out")
        if self.search is not None and not given:
            for name, number in (("beamwidth", self.search.beamwidth_rad), ("dwell", self.search.dwell_s)):
                if number is None:
                    raise field_error(f"search.{name}", "missing; a radar without hardware that searches needs it")
        return self

    @property
    def hardware(self) -> RadarHardware | None:
        """What the range equation needs, or None where the hardware is not published."""
        parts = [part for part in (getattr(self, name) for name in _HARDWARE) if part is not None]
        return RadarHardware(*parts) if len(parts) == len(_HARDWARE) else None

    @property
    def range_names(self) -> tuple[str, ...]:
        """What a study may ask for: ``hardware`` where the record has it, and the published ranges."""
        return (*((HARDWARE,) if self.hardware else ()), *(alternative.name for alternative in self.ranges))

    def range_named(self, name: str) -> PublishedRange:
        """Return one published range.

        Raises
        ------
        UnknownIdError
            If the radar has no range of that name.
        """
        for alternative in self.ranges:
            if alternative.name == name:
                return alternative
        raise UnknownIdError.of(f"{self.id}, ranges", name, [alternative.name for alternative in self.ranges])

    def mode_named(self, name: str) -> RadarMode:
        """Return one mode of the radar.

        Raises
        ------
        UnknownIdError
            If the radar has no mode of that name; the message names those that it has.
        """
        for mode in self.modes:
            if mode.name == name:
                return mode
        exist = ", ".join(mode.name for mode in self.modes) or "none"
        raise UnknownIdError(f'{self.id}, mode: got "{name}"; allowed: {exist}')

    def ranges_of(self, mode: str) -> tuple[PublishedRange, ...]:
        """Return the published ranges that are stated for a mode; those of no stated mode belong to none."""
        wanted = self.mode_named(mode).name
        return tuple(alternative for alternative in self.ranges if alternative.mode == wanted)
