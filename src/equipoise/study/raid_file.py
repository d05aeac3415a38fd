"""The shape of a raid study's file: salvos in time against layers of batteries."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from equipoise.catalog.quantity import In
from equipoise.catalog.records import Country, FileModel, Id, Text, field_error
from equipoise.study.file import Azimuth, FieldOfView, PlaceReference, TrackUntil, TrajectoryKind, branch
from equipoise.study.network_file import SensorFile

Coordination = Literal["shared", "independent"]
MAX_LAYERS = 8
MAX_VOLLEYS = 15
MAX_MISSILES = 5000

Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Seconds = Annotated[float, In("s", 0.0, 1e6)]


class RuleFile(FileModel):
    """One rule of a doctrine: how many shots to each volley, and when the rule holds."""

    volleys: tuple[Annotated[int, Field(ge=1, le=20, strict=True)], ...] = Field(
        min_length=1,
        max_length=MAX_VOLLEYS,
        description="[1] one shot, [2] a salvo of two, [1, 1] shoot, look, shoot: each after the outcome of the last",
    )
    time_left: Seconds | None = Field(
        default=None, description="from the first shot to the last moment of launch; the rule holds from there on"
    )
    when: Literal["all-fit"] | None = Field(
        default=None, description="all-fit: the rule holds where every volley fits before the last moment of launch"
    )

    @model_validator(mode="after")
    def _check_condition(self) -> Self:
        if self.time_left is not None and self.when is not None:
            raise field_error("when", "given beside time_left; allowed: one of the two")
        return self


DoctrineFile = Annotated[
    Annotated[Literal["single"], Tag("<word>")]
    | Annotated[tuple[RuleFile, ...], Field(min_length=1, max_length=10), Tag("<list>")],
    branch("<word>", "<list>"),
]


class ChanceFile(FileModel):
    """A probability of the author's own with a range and a reason."""

    value: Share
    low: Share | None = None
    high: Share | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        low, high = (self.value if end is None else end for end in (self.low, self.high))
        if not low <= self.value <= high:
            raise field_error("value", f"got {self.value:g}; allowed: between low, {low:g}, and high, {high:g}")
        return self


Chance = Annotated[
    Annotated[Share, Tag("<number>")] | Annotated[ChanceFile, Tag("<range>")],
    Discriminator(lambda value: "<range>" if isinstance(value, dict | ChanceFile) else "<number>"),
]


class LayerFile(FileModel):
    """One or several batteries of a kind at one place. Layers are listed in the order in which they have the say."""

    id: Id
    battery: Id
    interceptor: Id | None = Field(default=None, description="the battery's own if left out")
    radar: Id | None = Field(default=None, description="the battery's own if left out")
    site: PlaceReference
    batteries: int = Field(default=1, ge=1, le=50, strict=True)
    launchers: int | None = Field(default=None, ge=1, le=100, strict=True, description="of each battery")
    boresight: Annotated[Azimuth, Field(description="direction in which the radar's face looks")] | None = None
    boresight_spread: Annotated[float, In("rad", 0.0, math.pi)] = 0.0
    radar_range: Text | None = Field(default=None, description="name of a published range of the radar, or hardware")
    field_of_view: FieldOfView = "sector"
    track_until: TrackUntil = "intercept"
    fires_on: tuple[Id, ...] = Field(
        default=(), max_length=20, description="other layers and sensors on whose firm track it may launch"
    )
    link: Id | None = Field(default=None, description="the data link over which their tracks come")
    doctrine: DoctrineFile | None = Field(
        default=None, description="one salvo of the battery's shots_per_opportunity if left out"
    )
    kill_probability: Chance | None = Field(default=None, description="of one shot; the interceptor's if left out")


class SalvoFile(FileModel):
    """Missiles of one class from one area at one target, evenly spaced in time."""

    missile: Id
    launch_area: Id
    target: PlaceReference
    count: int = Field(ge=1, le=MAX_MISSILES, strict=True)
    start: Seconds = 0.0
    spacing: Seconds = 0.0
    trajectory: TrajectoryKind = "cut-off"


class CommonModeFile(FileModel):
    """What can fail for all layers at once; 1 if left out."""

    reliability: Chance | None = Field(default=None, description="that the whole defence works in a raid")
    track_probability: Chance | None = Field(
        default=None, description="that a missile is tracked and told apart rightly, for every shot of every layer"
    )


class QuestionsFile(FileModel):
    """What the report works out beside the raid itself."""

    sizes: tuple[Annotated[int, Field(ge=1, le=MAX_MISSILES, strict=True)], ...] = Field(
        default=(), max_length=40, description="raids of so many missiles, in the study's proportions"
    )
    confidence: Annotated[float, Field(gt=0.0, lt=1.0)] = Field(
        default=0.9, description="wanted probability that no missile leaks"
    )
    one_more: Id | None = Field(default=None, description="layer that gets one more battery; the first if left out")


class ChanceRunsFile(FileModel):
    """How often the dice are thrown: runs, the seed, and draws from the catalogue's ranges with runs of their own."""

    runs: int = Field(default=10_000, ge=1, le=1_000_000_000, strict=True)
    seed: int = Field(default=1, ge=0, le=2**63 - 1, strict=True)
    draws: int = Field(default=100, ge=0, le=100_000, strict=True)
    runs_per_draw: int = Field(default=500, ge=1, le=1_000_000, strict=True)
    sensitivity: int = Field(
        default=0, ge=0, le=2**14, strict=True, description="base points of the report's Sobol indices; 0 for none"
    )


class RaidStudyFile(FileModel):
    """A raid study, as its author writes it."""

    kind: Literal["raid"]
    id: Id
    title: Text
    summary: Text
    country: Country
    layers: tuple[LayerFile, ...] = Field(min_length=1, max_length=MAX_LAYERS)
    sensors: tuple[SensorFile, ...] = Field(default=(), max_length=20)
    coordination: Coordination = Field(
        default="shared",
        description="shared: a layer holds its fire while another's interceptor is on its way, or one listed before "
        "has yet to try, as long as it can; independent: each for itself",
    )
    common_mode: CommonModeFile = CommonModeFile()
    salvos: tuple[SalvoFile, ...] = Field(min_length=1, max_length=200)
    weights: Annotated[
        Annotated[Literal["equal", "population"], Tag("<word>")]
        | Annotated[dict[Id, Annotated[float, Field(ge=0.0, allow_inf_nan=False)]], Tag("<map>")],
        branch("<word>", "<map>"),
    ] = Field(default="equal", description="what each target counts for")
    questions: QuestionsFile = QuestionsFile()
    chance: ChanceRunsFile = ChanceRunsFile()
