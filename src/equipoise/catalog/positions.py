"""What a record with a position holds: places, launch areas, and radars where they stand. Town level, nothing finer."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from equipoise.catalog.quantity import Grade, In, Sourced
from equipoise.catalog.radars import RadarRecord
from equipoise.catalog.records import Angle, Country, FileModel, Id, Record, Text, field_error
from equipoise.catalog.wording import shown


class _Position(Record):
    """A named point on the Earth, no finer than a town."""

    country: Country
    latitude: Annotated[Sourced, In("rad", -math.pi / 2, math.pi / 2)]
    longitude: Annotated[Sourced, In("rad", -math.pi, math.pi)]

    @property
    def lat_rad(self) -> float:
        """Geodetic latitude, in radians."""
        return self.latitude.value

    @property
    def lon_rad(self) -> float:
        """Longitude, east positive, in radians."""
        return self.longitude.value


class PlaceRecord(_Position):
    """A place that is defended, or where a battery or radar stands."""

    kind: Literal["place"]
    population: Annotated[Sourced, In("people", 0.0, 1e9)] | None = None


class Basis(FileModel):
    """Who says that missiles are or were there; the coordinates have a source of their own."""

    source: Id
    grade: Grade
    note: Text

    @model_validator(mode="after")
    def _check_source(self, info: ValidationInfo) -> Self:
        sources = (info.context or {}).get("sources")
        if sources is not None and self.source not in sources:
            raise field_error("source", f"{shown(self.source)} unknown; allowed: an id of sources.yaml")
        return self


class LaunchAreaRecord(_Position):
    """An area from which missiles have been or may be flown: a test site, a base town or a stretch of sea.

    Where no ``basis`` is given, the source of the coordinates is also who reports the launches.
    """

    kind: Literal["launch_area"]
    basis: Basis | None = None


class SensorFace(FileModel):
    """One face of a radar at its site: where it looks, and its elevations where they differ from the radar's."""

    name: Id
    boresight_rad: Annotated[Sourced, In("rad", -2 * math.pi, 4 * math.pi)] = Field(alias="boresight")
    half_width_rad: Annotated[Sourced, In("rad", math.radians(0.1), math.pi)] | None = Field(
        default=None, alias="half_width", description="azimuth to either side; the radar's if left out"
    )
    elevation_floor_rad: Angle | None = Field(
        default=None, alias="elevation_floor", description="the radar's if left out"
    )
    elevation_max_rad: Angle | None = Field(default=None, alias="elevation_max", description="the radar's if left out")

    @model_validator(mode="after")
    def _check_view(self) -> Self:
        floor, top = self.elevation_floor_rad, self.elevation_max_rad
        if floor is not None and top is not None and floor.value >= top.value:
            raise field_error("elevation_floor", "must lie below elevation_max")
        return self

    def limits_rad(self, radar: RadarRecord) -> tuple[float, float, float]:
        """Return half-width in azimuth, lowest and highest elevation [rad]; what the face leaves out is the radar's."""
        return (
            (self.half_width_rad or radar.azimuth_half_width_rad).value,
            (self.elevation_floor_rad or radar.elevation_floor_rad).value,
            (self.elevation_max_rad or radar.elevation_max_rad).value,
        )


class SensorSiteRecord(Record):
    """A radar where it stands: town-level position, mode, and one or several faces.

    It stands at a catalogue ``place`` or at a position of its own. A site that moves (a ship) has ``mobile: yes`` and
    neither: its position is the study's choice, and its boresights count from its heading.
    """

    kind: Literal["sensor_site"]
    country: Country
    radar: Id
    mode: Literal["terminal", "forward", "unstated"]
    mobile: bool = False
    place: Id | None = None
    latitude: Annotated[Sourced, In("rad", -math.pi / 2, math.pi / 2)] | None = None
    longitude: Annotated[Sourced, In("rad", -math.pi, math.pi)] | None = None
    height_m: Annotated[Sourced, In("m", -500.0, 6000.0)] | None = Field(
        default=None, alias="height", description="above the sea; 0 m if left out"
    )
    since: Annotated[Sourced, In("1", 1950.0, 2100.0)] | None = Field(default=None, description="year")
    faces: tuple[SensorFace, ...] = Field(min_length=1, max_length=8)

    @model_validator(mode="after")
    def _check_position(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            field = "latitude" if self.latitude is None else "longitude"
            raise field_error(field, "missing; latitude and longitude are given together")
        given = (self.latitude is not None) + (self.place is not None)
        if given != (0 if self.mobile else 1):
            allowed = (
                "neither for a site that is mobile" if self.mobile else "one of the two for a site that is not mobile"
            )
            raise field_error("place", f"got {given} of place and latitude with longitude; allowed: {allowed}")
        names = [face.name for face in self.faces]
        if len(set(names)) < len(names):
            raise field_error("faces", f"must have different names; got {', '.join(names)}")
        return self
