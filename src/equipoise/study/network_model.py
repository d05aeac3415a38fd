"""What a network study is once it has been read: sensors in place, arcs to look at, and what joins them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from equipoise.catalog.library import Catalog
from equipoise.catalog.positions import LaunchAreaRecord, PlaceRecord, SensorSiteRecord
from equipoise.catalog.radars import PublishedRange, RadarRecord
from equipoise.catalog.records import (
    BatteryRecord,
    DataLinkRecord,
    InterceptorRecord,
    LauncherRecord,
    LaunchWarningRecord,
    MissileRecord,
    Source,
)
from equipoise.study.balance_model import BalanceSpec
from equipoise.study.file import FieldOfView, TrackUntil, TrajectoryKind
from equipoise.study.model import Grid, Threat
from equipoise.study.network_file import Carries, Mode

# Id of the variant with nothing cut and nobody away.
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class SensorPlacement:
    """A radar in its place.

    Attributes
    ----------
    id : str
        What the study calls it.
    site, radar
        Catalogue records.
    lat_rad, lon_rad : float
        Where it stands.
    turn_rad : float
        Added to the boresight of each of its site's faces.
    mode : {"terminal", "forward"} or None
        How it is used; None where nobody has said.
    radar_range : str
        Name of a published range, or ``"hardware"``.
    field_of_view : {"sector", "face"}
        See :class:`equipoise.study.Defence`.
    elevation_floor_rad : float or None
        In place of the faces' own.
    """

    id: str
    site: SensorSiteRecord
    radar: RadarRecord
    lat_rad: float
    lon_rad: float
    turn_rad: float
    mode: Mode | None
    radar_range: str
    field_of_view: FieldOfView
    elevation_floor_rad: float | None = None

    @property
    def name(self) -> str:
        """The site's name."""
        return self.site.name

    @property
    def published_range(self) -> PublishedRange | None:
        """The published range that it is taken with; None with the range equation."""
        return next((one for one in self.radar.ranges if one.name == self.radar_range), None)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to take the focus sensor, with its heading."""

    id: str
    title: str
    sensor: SensorPlacement


@dataclass(frozen=True, slots=True)
class ArcGroup:
    """Arcs of one missile class from each launch area to each target."""

    name: str
    missile: MissileRecord
    launch_areas: tuple[LaunchAreaRecord, ...]
    targets: tuple[PlaceRecord, ...]
    trajectory: TrajectoryKind


@dataclass(frozen=True, slots=True)
class LinkSpec:
    """One directed link; ``id`` is empty where no variant or element names it."""

    id: str
    source: str
    sink: str
    carries: frozenset[Carries]
    record: DataLinkRecord


@dataclass(frozen=True, slots=True)
class LaunchWarning:
    """Launch warning from space, as a node."""

    id: str
    record: LaunchWarningRecord


@dataclass(frozen=True, slots=True)
class ShooterPlacement:
    """A battery in its place, its own radar, the sensors on whose track it may fire, and what it defends against."""

    id: str
    battery: BatteryRecord
    launcher: LauncherRecord
    interceptor: InterceptorRecord
    site: PlaceRecord
    sensor: str
    fires_on: tuple[str, ...]
    track_until: TrackUntil
    threats: tuple[Threat, ...]
    area: tuple[str, ...]
    grid: Grid
    engage_on_remote: bool = False


@dataclass(frozen=True, slots=True)
class EngagePlacement:
    """A battery in its place, asked whether arcs pass within its reach.

    Attributes
    ----------
    id : str
        What the study calls it; links may lead to it.
    battery, launcher, interceptor, site
        Catalogue records, or a place of the study's own.
    fires_on : tuple of str
        Sensors whose firm track may launch it.
    burnout_speeds_mps : tuple of float
        Burnout speeds at which its interceptor is asked, rising; the record's own alone where the study names none.
    groups : tuple of str
        Headings of arcs that it is asked about.
    """

    id: str
    battery: BatteryRecord
    launcher: LauncherRecord
    interceptor: InterceptorRecord
    site: PlaceRecord
    fires_on: tuple[str, ...]
    burnout_speeds_mps: tuple[float, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """A network with some links cut and some sensors (or the launch warning) away."""

    id: str
    title: str
    cut: frozenset[str]
    away: frozenset[str]


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """What joins the sensors.

    Attributes
    ----------
    command : mapping
        Names of the command nodes by id.
    report_to : str
        The command node whose firm tracks count as warning.
    variants : tuple of Variant
        The whole network first.
    elements : tuple of str
        Sensors, links or the launch warning whose worth is shared out.
    engaged : tuple of str
        Ids of the batteries that are asked about the arcs: links may lead to them.
    """

    warning: LaunchWarning | None
    command: tuple[tuple[str, str], ...]
    report_to: str
    links: tuple[LinkSpec, ...]
    shooters: tuple[ShooterPlacement, ...]
    variants: tuple[Variant, ...]
    elements: tuple[str, ...]
    engaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VerticalCut:
    """The plane in which the focus radar's coverage is cut: azimuth [rad], length along the ground and height [m]."""

    az_rad: float
    ground_range_m: float
    top_m: float


@dataclass(frozen=True, slots=True)
class ExampleArc:
    """The one arc whose timeline and track accuracy are drawn."""

    missile: MissileRecord
    launch_area: LaunchAreaRecord
    target: PlaceRecord
    trajectory: TrajectoryKind


@dataclass(frozen=True, slots=True)
class ViewFinding:
    """What somebody has published; ``in_view`` is None for a claim that says nothing of these arcs.

    ``reading`` is what of it can be computed, in words; empty if nothing is said. ``variant`` is the id of the variant
    of the network that bears on it, ``battery`` that of the battery that is asked; empty for none.
    """

    claim: str
    by: str
    date: str
    source: Source
    sensor: str
    groups: tuple[str, ...]
    in_view: bool | None
    reading: str
    variant: str = ""
    battery: str = ""


@dataclass(frozen=True, slots=True)
class NetworkStudy:
    """A network study with its records, ready to run.

    Attributes
    ----------
    focus : str
        Id of the sensor whose published ranges are run side by side.
    alternatives : tuple of Alternative
        The ways to take it.
    engage : tuple of EngagePlacement
        Batteries that are asked about the arcs.
    path, text
        The file it was read from, and as it stands.
    balance : BalanceSpec or None
        Forces against the batteries of the engage section.
    """

    id: str
    title: str
    summary: str
    focus: str
    alternatives: tuple[Alternative, ...]
    sensors: tuple[SensorPlacement, ...]
    groups: tuple[ArcGroup, ...]
    network: NetworkSpec | None
    coverage_altitudes_m: tuple[float, ...]
    cut: VerticalCut
    example: ExampleArc
    published: tuple[ViewFinding, ...]
    catalog: Catalog
    path: Path
    text: str
    engage: tuple[EngagePlacement, ...] = ()
    balance: BalanceSpec | None = None

    @property
    def sha256(self) -> str:
        """Hash of the study file's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def sensor(self, id: str) -> SensorPlacement:
        """Return one of the study's sensors."""
        return next(sensor for sensor in self.sensors if sensor.id == id)
