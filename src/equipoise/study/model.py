"""What a study is once it has been read: frozen, with every id resolved to its record, in SI."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from equipoise.catalog.library import Catalog
from equipoise.catalog.positions import LaunchAreaRecord, PlaceRecord
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.radars import RadarRecord
from equipoise.catalog.records import BatteryRecord, InterceptorRecord, LauncherRecord, MissileRecord, Source
from equipoise.errors import InputError
from equipoise.study.file import FieldOfView, Metric, TrackUntil, TrajectoryKind


@dataclass(frozen=True, slots=True)
class Defence:
    """The battery, its parts and where it stands.

    Attributes
    ----------
    battery, launcher, interceptor, radar
        Catalogue records.
    site : PlaceRecord
        Where battery and radar stand.
    boresight_rad : float
        Azimuth of the radar face, clockwise from north, in [0, 2 pi).
    boresight_spread_rad : float
        How far off to either side it may be; drawn from in uncertainty runs.
    track_until : {"intercept", "launch"}
        How long the radar must see the target: until it is met, or only until the interceptor leaves.
    radar_range : str
        Central alternative among the radar's published ranges, or ``"hardware"`` for the range equation.
    field_of_view : {"sector", "face"}
        A sector of azimuth between two elevations, or the radar's tilted planar face with its scan loss.
    """

    battery: BatteryRecord
    launcher: LauncherRecord
    interceptor: InterceptorRecord
    radar: RadarRecord
    site: PlaceRecord
    boresight_rad: float
    boresight_spread_rad: float
    track_until: TrackUntil
    radar_range: str
    field_of_view: FieldOfView = "sector"

    @property
    def rounds(self) -> int:
        """Interceptors on all launchers."""
        return round(self.battery.launchers.value) * round(self.launcher.rounds.value)


@dataclass(frozen=True, slots=True)
class Threat:
    """A missile class, the areas it is launched from, and how it is flown.

    ``"cut-off"``: the angle of longest range, range set by thrust cut-off; ``"lofted"``: full burn, steep branch;
    ``"depressed"``: full burn, shallow branch.
    """

    missile: MissileRecord
    launch_areas: tuple[LaunchAreaRecord, ...]
    trajectory: TrajectoryKind

    @property
    def rcs_m2(self) -> Sourced:
        """Cross-section that a radar in front of the missile sees; a study refuses a missile without one."""
        if self.missile.rcs_nose_m2 is None:
            raise InputError(f"missile {self.missile.id}, rcs_nose: missing; a study needs it to work out detection")
        return self.missile.rcs_nose_m2


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of aim points, equally spaced in latitude and longitude; the edges are the outer edges of the cells."""

    south_rad: float
    north_rad: float
    west_rad: float
    east_rad: float
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class ExampleEngagement:
    """The one engagement that the side view and the timeline show."""

    threat: int
    missile: MissileRecord
    launch_area: LaunchAreaRecord
    target: PlaceRecord


@dataclass(frozen=True, slots=True)
class PublishedFinding:
    """What somebody has published; ``low`` and ``high`` are in ``unit`` as written, absent for a claim in words."""

    claim: str
    by: str
    date: str
    source: Source
    metric: Metric | None
    low: float | None
    high: float | None
    unit: str | None
    place: PlaceRecord | None
    defended: bool | None


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How many draws from the catalogue's ranges, and the seed they start from."""

    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class Study:
    """A study with its records, ready to run.

    Attributes
    ----------
    radar_ranges : tuple of str
        The alternatives that are run side by side.
    coverage_altitudes_m : tuple of float
        Altitudes of the coverage maps, above the ellipsoid.
    path : Path
        The file it was read from.
    text : str
        The file as it stands, for the manifest.
    """

    id: str
    title: str
    summary: str
    country: str
    defence: Defence
    threats: tuple[Threat, ...]
    radar_ranges: tuple[str, ...]
    grid: Grid
    places: tuple[PlaceRecord, ...]
    coverage_altitudes_m: tuple[float, ...]
    engagement: ExampleEngagement
    published: tuple[PublishedFinding, ...]
    uncertainty: Uncertainty
    catalog: Catalog
    path: Path
    text: str

    @property
    def sha256(self) -> str:
        """Hash of the study file's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()
