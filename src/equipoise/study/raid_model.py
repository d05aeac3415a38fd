"""What a raid study is once it has been read: frozen, with every id resolved to its record, in SI."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from equipoise.catalog.library import Catalog
from equipoise.catalog.positions import LaunchAreaRecord, PlaceRecord
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.radars import RadarRecord
from equipoise.catalog.records import BatteryRecord, DataLinkRecord, InterceptorRecord, LauncherRecord
from equipoise.study.file import FieldOfView, TrackUntil
from equipoise.study.model import Threat
from equipoise.study.network_model import SensorPlacement
from equipoise.study.raid_file import Coordination


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a doctrine.

    Attributes
    ----------
    volleys : tuple of int
        Shots of each volley; each follows the outcome of the one before.
    time_left_s : float or None
        The rule holds from so much time on, from the first shot to the last moment of launch.
    all_fit : bool
        The rule holds where every volley fits before the last moment of launch.
    """

    volleys: tuple[int, ...]
    time_left_s: float | None = None
    all_fit: bool = False


@dataclass(frozen=True, slots=True)
class LayerPlacement:
    """Batteries of a kind at one place.

    Attributes
    ----------
    id : str
        What the study calls it.
    battery, launcher, interceptor, radar
        Catalogue records; a battery that fires on the tracks of others only has no radar. Launchers and kill
        probability are the study's where it gives them.
    site : PlaceRecord
        Where they stand.
    batteries : int
        How many.
    boresight_rad, boresight_spread_rad : float
        Azimuth of the radar's face and how far off it may be to either side.
    radar_range : str or None
        Name of a published range, or ``"hardware"``.
    fires_on : tuple of str
        Ids of layers and sensors on whose firm track it may launch.
    link : DataLinkRecord or None
        Over which these tracks come.
    doctrine : tuple of Rule
        The first that holds at the first shot is followed; the last holds where none before does.
    """

    id: str
    battery: BatteryRecord
    launcher: LauncherRecord
    interceptor: InterceptorRecord
    radar: RadarRecord | None
    site: PlaceRecord
    batteries: int
    boresight_rad: float
    boresight_spread_rad: float
    radar_range: str | None
    field_of_view: FieldOfView
    track_until: TrackUntil
    fires_on: tuple[str, ...]
    link: DataLinkRecord | None
    doctrine: tuple[Rule, ...]

    @property
    def rounds(self) -> int:
        """Interceptors of the layer: on every launcher of every battery, and the spare ones."""
        one = round(self.battery.launchers.value) * round(self.launcher.rounds.value)
        spare = self.battery.spare_rounds
        return self.batteries * (one + (0 if spare is None else round(spare.value)))


@dataclass(frozen=True, slots=True)
class Salvo:
    """Missiles of one class from one area at one target, evenly spaced in time [s]."""

    threat: Threat
    launch_area: LaunchAreaRecord
    target: PlaceRecord
    count: int
    start_s: float
    spacing_s: float


@dataclass(frozen=True, slots=True)
class CommonMode:
    """What can fail for all layers at once; None stands for never."""

    reliability: Sourced | None
    track_probability: Sourced | None


@dataclass(frozen=True, slots=True)
class Questions:
    """What is worked out beside the raid itself: raid sizes, a wanted confidence, and the layer that gets one more."""

    sizes: tuple[int, ...]
    confidence: float
    one_more: str


@dataclass(frozen=True, slots=True)
class ChanceRuns:
    """Runs of the raid and their seed; draws from the catalogue's ranges, with runs of their own.

    ``sensitivity`` is how many base points the report's Sobol indices have; 0 for none.
    """

    runs: int
    seed: int
    draws: int
    runs_per_draw: int
    sensitivity: int = 0


@dataclass(frozen=True, slots=True)
class RaidStudy:
    """A raid study with its records, ready to run.

    Attributes
    ----------
    layers : tuple of LayerPlacement
        In the order in which they have the say.
    sensors : tuple of SensorPlacement
        Other radars on whose tracks a layer may fire.
    targets : tuple of PlaceRecord
        Every target once, in the order of the salvos.
    weights : tuple of float
        What each target counts for.
    weighting : str
        What the weights are, in words.
    path, text
        The file it was read from, and the file as it stands.
    """

    id: str
    title: str
    summary: str
    country: str
    layers: tuple[LayerPlacement, ...]
    sensors: tuple[SensorPlacement, ...]
    coordination: Coordination
    common_mode: CommonMode
    salvos: tuple[Salvo, ...]
    targets: tuple[PlaceRecord, ...]
    weights: tuple[float, ...]
    weighting: str
    questions: Questions
    chance: ChanceRuns
    catalog: Catalog
    path: Path
    text: str

    @property
    def missiles(self) -> int:
        """How many missiles fly."""
        return sum(salvo.count for salvo in self.salvos)

    @property
    def sha256(self) -> str:
        """Hash of the study file's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()
