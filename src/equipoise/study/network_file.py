"""The shape of a network study's file: sensors that look at arcs, and what joins them."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, Tag, model_validator

from equipoise.catalog.quantity import In
from equipoise.catalog.records import Country, Date, FileModel, Id, Text, field_error
from equipoise.study.balance_file import BalanceFile
from equipoise.study.file import (
    Altitude,
    Azimuth,
    FieldOfView,
    GridFile,
    Latitude,
    Longitude,
    PlaceReference,
    ThreatFile,
    TrackUntil,
    TrajectoryKind,
    branch,
)

Mode = Literal["terminal", "forward"]
Carries = Literal["cue", "track"]
IdOrIds = Annotated[
    Annotated[Id, Tag("<id>")] | Annotated[tuple[Id, ...], Field(min_length=1, max_length=50), Tag("<list>")],
    branch("<id>", "<list>"),
]

CountryOrCountries = Annotated[
    Annotated[Country, Tag("<country>")]
    | Annotated[tuple[Country, ...], Field(min_length=1, max_length=60), Tag("<list>")],
    branch("<country>", "<list>"),
]


class PositionFile(FileModel):
    """Where a sensor that moves is taken to be, rounded to 0.1 degrees when it is read."""

    latitude: Latitude
    longitude: Longitude


class SensorFile(FileModel):
    """A radar of the study: a sensor site of the catalogue, with what the study chooses about it."""

    site: Id
    id: Id | None = Field(default=None, description="what the study calls it; the site's id if left out")
    radar_range: Text = Field(description="name of a published range of the radar, or hardware for the range equation")
    mode: Mode | None = Field(default=None, description="the site's if left out; one of the radar's modes")
    at: PositionFile | None = Field(default=None, description="for a site that moves, and only for one")
    heading: Azimuth | None = Field(default=None, description="of a site that moves; its faces count from there")
    boresight: Azimuth | None = Field(default=None, description="turns a radar of one face away from its site's own")
    field_of_view: FieldOfView = "sector"


class AlternativeFile(FileModel):
    """Another way to take the radar in focus: its range, mode, direction and lowest elevation."""

    id: Id
    title: Text
    radar_range: Text
    mode: Mode | None = None
    boresight: Azimuth | None = None
    elevation_floor: Annotated[float, In("rad", 0.0, math.pi / 2)] | None = None


AlternativeList = Annotated[
    Annotated[Literal["all"], Tag("<word>")]
    | Annotated[tuple[AlternativeFile, ...], Field(min_length=1, max_length=20), Tag("<list>")],
    branch("<word>", "<list>"),
]


class ArcsFile(FileModel):
    """Arcs of one missile class, from each launch area to each target, under one heading."""

    group: Text
    missile: Id
    launch_areas: tuple[Id, ...] = Field(min_length=1, max_length=100)
    targets: tuple[PlaceReference, ...] = Field(min_length=1, max_length=100)
    trajectory: TrajectoryKind = "cut-off"


class WarningFile(FileModel):
    """Launch warning from space, as a node of the network."""

    id: Id
    record: Id


class CommandFile(FileModel):
    """A command node: it takes in tracks and cues and passes them on."""

    id: Id
    name: Text


class LinkFile(FileModel):
    """What passes from some nodes to others, by which kind of link."""

    id: Id | None = Field(default=None, description="needed if a variant cuts it or it is among the elements")
    source: IdOrIds = Field(alias="from")
    sink: IdOrIds = Field(alias="to")
    carries: tuple[Carries, ...] = Field(min_length=1, max_length=2)
    by: Id = Field(description="a data link of the catalogue; its latency")


class ShooterFile(FileModel):
    """A battery that may fire on its own radar's track and on those that the study names."""

    id: Id
    battery: Id
    interceptor: Id | None = Field(default=None, description="the battery's own if left out")
    site: PlaceReference
    sensor: Id = Field(description="its own radar, among the study's sensors")
    fires_on: tuple[Id, ...] = Field(default=(), max_length=50, description="other sensors whose firm track may launch")
    engage_on_remote: bool = Field(
        default=False, description="yes: its own radar need not see the target; no limit but the track and the reach"
    )
    track_until: TrackUntil = "intercept"
    threats: tuple[ThreatFile, ...] = Field(min_length=1, max_length=20)
    area: CountryOrCountries = Field(description="whose land it is to defend: a country, or several")
    grid: GridFile | None = Field(
        default=None, description="the area with a margin, 24 x 24 cells, if left out; needed for several countries"
    )


class VariantFile(FileModel):
    """The network with some of its links cut or sensors away."""

    id: Id
    title: Text
    cut: tuple[Id, ...] = Field(default=(), max_length=50, description="ids of links")
    away: tuple[Id, ...] = Field(default=(), max_length=50, description="ids of sensors, or of the launch warning")


class NetworkFile(FileModel):
    """Nodes, links and shooters."""

    warning: WarningFile | None = None
    command: tuple[CommandFile, ...] = Field(min_length=1, max_length=20)
    report_to: Id = Field(description="the command node whose firm tracks count as warning")
    links: tuple[LinkFile, ...] = Field(default=(), max_length=200)
    shooters: tuple[ShooterFile, ...] = Field(default=(), max_length=10)
    variants: tuple[VariantFile, ...] = Field(default=(), max_length=20)
    elements: tuple[Id, ...] = Field(
        default=(), max_length=8, description="sensors, links or the launch warning whose worth is shared out"
    )


class EngageFile(FileModel):
    """A battery of which is asked whether the study's arcs pass within its reach."""

    id: Id
    battery: Id
    interceptor: Id | None = Field(default=None, description="the battery's own if left out")
    site: PlaceReference
    fires_on: tuple[Id, ...] = Field(
        default=(), max_length=50, description="sensors whose firm track may launch, over links that lead to this id"
    )
    burnout_speeds: tuple[Annotated[float, In("m/s", 500.0, 1.2e4)], ...] = Field(
        default=(), max_length=12, description="in place of the interceptor's own; its own alone if left out"
    )
    groups: tuple[Text, ...] = Field(default=(), max_length=50, description="headings of arcs; all of them if left out")


class CutFile(FileModel):
    """The vertical cut through the focus radar's coverage."""

    azimuth: Azimuth
    range: Annotated[float, In("m", 1e4, 1.5e7)]
    top: Annotated[float, In("m", 1e3, 1e7)]


class ExampleArcFile(FileModel):
    """The one arc whose timeline and track accuracy are drawn."""

    missile: Id
    launch_area: Id
    target: PlaceReference


class NetworkPublishedFile(FileModel):
    """What somebody has said about what a sensor sees; reported beside the result, never tuned to."""

    claim: Text
    by: Text
    date: Date
    source: Id
    sensor: Id | None = Field(default=None, description="the focus if left out")
    groups: tuple[Text, ...] = Field(default=(), description="headings of arcs; all of them if left out")
    in_view: bool | None = Field(default=None, description="whether the claim says that the arcs are seen")
    reading: Text | None = Field(default=None, description="what of it can be computed, in words")
    variant: Id | None = Field(default=None, description="the variant of the network that bears on it")
    battery: Id | None = Field(default=None, description="the battery, among those that are asked, that bears on it")

    @model_validator(mode="after")
    def _check_groups(self) -> Self:
        if self.groups and self.in_view is None and self.battery is None:
            raise field_error("in_view", "missing; a claim about groups of arcs says whether they are seen")
        return self


class NetworkStudyFile(FileModel):
    """A network study, as its author writes it."""

    kind: Literal["network"]
    id: Id
    title: Text
    summary: Text
    focus: Id = Field(description="the sensor whose published ranges are run side by side")
    alternatives: AlternativeList = "all"
    sensors: tuple[SensorFile, ...] = Field(min_length=1, max_length=30)
    arcs: tuple[ArcsFile, ...] = Field(min_length=1, max_length=50)
    network: NetworkFile | None = None
    engage: tuple[EngageFile, ...] = Field(default=(), max_length=12)
    balance: BalanceFile | None = None
    coverage_altitudes: tuple[Altitude, ...] = Field(min_length=1, max_length=12)
    cut: CutFile
    example: ExampleArcFile
    published: tuple[NetworkPublishedFile, ...] = Field(default=(), max_length=100)
