"""The shape of a study file: what an author may write, before ids become records."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, WithJsonSchema, model_validator

from equipoise.catalog.quantity import In
from equipoise.catalog.records import Country, Date, FileModel, Id, Text, field_error

TrajectoryKind = Literal["cut-off", "lofted", "depressed"]
TrackUntil = Literal["intercept", "launch"]
FieldOfView = Literal["sector", "face"]
Metric = Literal["defended_fraction", "defended_diameter", "place_defended"]

Latitude = Annotated[float, In("rad", -math.pi / 2, math.pi / 2)]
Longitude = Annotated[float, In("rad", -math.pi, math.pi)]
Azimuth = Annotated[float, In("rad", -2 * math.pi, 2 * math.pi)]
Altitude = Annotated[float, In("m", 0.0, 1e7)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class CustomPlace(FileModel):
    """A point of the author's own, rounded to 0.01 degrees (town level) when it is read."""

    name: Text
    country: Country | None = None
    latitude: Latitude
    longitude: Longitude


def branch(word: str, other: str) -> Discriminator:
    """Choose between text and a structure by what is written, so that only one branch complains."""
    return Discriminator(lambda value: word if isinstance(value, str) else other)


PlaceReference = Annotated[
    Annotated[Id, Tag("<id>")] | Annotated[CustomPlace, Tag("<place>")], branch("<id>", "<place>")
]
PlaceList = Annotated[
    Annotated[Literal["country"], Tag("<word>")]
    | Annotated[tuple[PlaceReference, ...], Field(max_length=1000), Tag("<list>")],
    branch("<word>", "<list>"),
]
RangeList = Annotated[
    Annotated[Literal["all"], Tag("<word>")]
    | Annotated[tuple[Text, ...], Field(min_length=1, max_length=50), Tag("<list>")],
    branch("<word>", "<list>"),
]


# A number with its unit, or a mapping as in the catalogue; read when its record is known.
NumberInPlace = Annotated[object, WithJsonSchema({"type": ["string", "object"], "examples": ["15 s"]})]


class DefenceFile(FileModel):
    """What defends, and where."""

    battery: Id
    radar: Id | None = Field(default=None, description="the battery's own if left out")
    interceptor: Id | None = Field(default=None, description="the battery's own if left out")
    site: PlaceReference
    boresight: Annotated[Azimuth, Field(description="direction in which the radar's face looks, clockwise from north")]
    boresight_spread: Annotated[
        float, In("rad", 0.0, math.pi), Field(description="how far off to either side it may be; 0 deg if left out")
    ] = 0.0
    track_until: Annotated[
        TrackUntil, Field(description="how long the radar must see the target: until the intercept, or only the launch")
    ] = "intercept"
    radar_range: Text = Field(description="name of a published range of the radar, or hardware for the range equation")
    field_of_view: Annotated[
        FieldOfView, Field(description="a sector of azimuth between two elevations, or the radar's tilted planar face")
    ] = "sector"


class ThreatFile(FileModel):
    """One missile class, launched from some areas."""

    missile: Id
    launch_areas: tuple[Id, ...] = Field(min_length=1, max_length=100)
    trajectory: TrajectoryKind = "cut-off"


class GridFile(FileModel):
    """The area of the map: a country with a margin, or four edges."""

    area: Country | None = None
    margin: Annotated[float, In("rad", 0.0, math.radians(20))] | None = None
    south: Latitude | None = None
    north: Latitude | None = None
    west: Longitude | None = None
    east: Longitude | None = None
    rows: int = Field(default=100, ge=2, le=2000, strict=True)
    columns: int = Field(default=100, ge=2, le=2000, strict=True)

    @model_validator(mode="after")
    def _check_area(self) -> Self:
        edges = {edge: getattr(self, edge) for edge in ("south", "north", "west", "east")}
        given = [edge for edge, value in edges.items() if value is not None]
        if self.area is not None and given:
            raise field_error("area", f"given beside {given[0]}; allowed: area (with margin), or the four edges")
        if self.area is None and self.margin is not None:
            raise field_error("margin", "given without area; allowed: area with margin, or the four edges")
        if given and len(given) < 4:
            missing = next(edge for edge in edges if edge not in given)
            raise field_error(missing, "missing; allowed: area, or all of south, north, west, east")
        for low, high in (("south", "north"), ("west", "east")):
            if given and edges[low] >= edges[high]:
                raise field_error(low, f"must lie below {high}; a grid does not cross the 180 degree meridian")
        return self


class EngagementFile(FileModel):
    """The one engagement that the side view and the timeline show."""

    missile: Id
    launch_area: Id
    target: PlaceReference


class PublishedFile(FileModel):
    """What somebody has published about the same question; reported beside the result, never tuned to."""

    claim: Text
    by: Text
    date: Date
    source: Id
    metric: Metric | None = None
    low: Finite | None = None
    high: Finite | None = None
    unit: Text | None = None
    place: PlaceReference | None = None
    defended: bool | None = None

    @model_validator(mode="after")
    def _check_reading(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise field_error("low", "low and high belong together; for one number give it twice")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise field_error("low", f"must not exceed high; got {self.low:g} and {self.high:g}")
        if self.metric in ("defended_fraction", "defended_diameter") and (self.low is None or self.unit is None):
            raise field_error("metric", f"{self.metric} needs low, high and unit")
        if self.metric == "place_defended" and (self.place is None or self.defended is None):
            raise field_error("metric", "place_defended needs place and defended")
        return self


class UncertaintyFile(FileModel):
    """How many draws from the catalogue's ranges, and the seed they start from."""

    draws: int = Field(default=0, ge=0, le=1_000_000, strict=True)
    seed: int = Field(default=1, ge=0, le=2**63 - 1, strict=True)


class StudyFile(FileModel):
    """A study, as its author writes it."""

    kind: Literal["footprint"] = "footprint"
    id: Id
    title: Text
    summary: Text
    country: Country
    defence: DefenceFile
    threats: tuple[ThreatFile, ...] = Field(min_length=1, max_length=100)
    numbers: dict[str, NumberInPlace] = Field(
        default={},
        max_length=50,
        description="in place of the catalogue's, by the keys of equipoise sweep --vary: interceptor.burnout_speed ...",
    )
    radar_ranges: RangeList = Field(default="all", description="the alternatives that are run side by side")
    grid: GridFile | None = None
    places: PlaceList = Field(
        default="country", description="places to report on; country stands for all that the catalogue has there"
    )
    coverage_altitudes: tuple[Altitude, ...] = Field(default=(100e3,), min_length=1, max_length=20)
    engagement: EngagementFile
    published: tuple[PublishedFile, ...] = Field(default=(), max_length=100)
    uncertainty: UncertaintyFile = UncertaintyFile()
