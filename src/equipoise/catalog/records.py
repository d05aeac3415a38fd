"""What a record of each kind holds.

The keys of a YAML file carry no unit suffix (``burn_time``), because each number beside them carries its unit; the
attributes do (``burn_time_s``), because they are SI. Records are frozen. Numbers are :class:`Sourced`: ``.value``,
``.low`` and ``.high`` in SI.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from equipoise.catalog.quantity import Grade, In, Sourced
from equipoise.catalog.wording import shown
from equipoise.errors import UnknownIdError

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 3166 code of three letters")]

_DATE = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"
Date = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    Field(pattern=_DATE),
    WithJsonSchema({"type": ["string", "integer"], "pattern": _DATE, "description": "2016, 2016-07 or 2016-07-14"}),
]

Mass = Annotated[Sourced, In("kg", 0.0, 1e6)]
Duration = Annotated[Sourced, In("s", 0.0, 1e4)]
PositiveDuration = Annotated[Sourced, In("s", 0.1, 1e4)]
Impulse = Annotated[Sourced, In("s", 50.0, 600.0)]
Diameter = Annotated[Sourced, In("m", 0.05, 20.0)]
BallisticCoefficient = Annotated[Sourced, In("kg/m2", 1.0, 1e5)]
Distance = Annotated[Sourced, In("m", 0.0, 4e7)]
Speed = Annotated[Sourced, In("m/s", 1.0, 1.2e4)]
CrossSection = Annotated[Sourced, In("m2", 1e-6, 1e5)]
Angle = Annotated[Sourced, In("rad", 0.0, math.pi / 2)]
Fraction = Annotated[Sourced, In("1", 0.0, 1.0)]
Ratio = Annotated[Sourced, In("1", 1.0, 1e6)]
Count = Annotated[Sourced, In("1", 1.0, 1e4)]
CountOrNone = Annotated[Sourced, In("1", 0.0, 1e6)]
Cost = Annotated[Sourced, In("USD", 0.0, 1e12)]


class FileModel(BaseModel):
    """Base of everything read from a file: frozen, no unknown keys, keys by their file name."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            known = [field.alias or name for name, field in cls.model_fields.items() if not field.exclude]
            for key in data:
                if key not in known:
                    raise PydanticCustomError("unknown_key", "{key}", {"key": str(key), "known": known})
        return data


def field_error(field: str, problem: str) -> PydanticCustomError:
    """Return an error that a check of the whole model raises about one of its fields."""
    return PydanticCustomError("field", "{problem}", {"field": field, "problem": problem})


class DragTable(FileModel):
    """Drag coefficient against Mach number, taken as straight lines between the points and constant beyond them."""

    mach: tuple[Annotated[float, Field(ge=0, le=50, allow_inf_nan=False)], ...]
    cd: tuple[Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)], ...]
    source: Text
    where: str = ""
    grade: Grade
    note: str = ""

    @model_validator(mode="after")
    def _check_table(self) -> Self:
        if not 2 <= len(self.mach) <= 12 or len(self.mach) != len(self.cd):
            got = f"{len(self.mach)} and {len(self.cd)}"
            raise field_error("mach", f"mach and cd must be lists of one length, 2 to 12; got {got}")
        if any(b <= a for a, b in pairwise(self.mach)):
            raise field_error("mach", f"must increase; got {shown(list(self.mach))}")
        if self.grade in ("derived", "assumed") and not self.note:
            raise field_error("note", f"missing; a table that is {self.grade} says from what, or why")
        return self


class PitchProgram(FileModel):
    """Thrust elevation falls from 90 degrees at a constant rate to an angle, then is held; constant azimuth."""

    law: Literal["pitch_program"]
    vertical_time_s: Duration = Field(alias="vertical_time")
    pitch_rate_rad_s: Annotated[Sourced, In("rad/s", math.radians(0.01), math.radians(30))] = Field(alias="pitch_rate")
    angle_rad: Angle | None = Field(default=None, alias="angle")


class GravityTurn(FileModel):
    """The velocity is turned once, then thrust follows the velocity."""

    law: Literal["gravity_turn"]
    vertical_time_s: Duration = Field(alias="vertical_time")
    kick_angle_rad: Angle | None = Field(default=None, alias="kick_angle")


Steering = Annotated[PitchProgram | GravityTurn, Field(discriminator="law")]


class StageRecord(FileModel):
    """One stage: what burns, what is thrown away, and how."""

    propellant_kg: Annotated[Sourced, In("kg", 0.1, 1e6)] = Field(alias="propellant")
    inert_kg: Mass = Field(alias="inert")
    isp_sea_level_s: Impulse = Field(alias="isp_sea_level")
    isp_vacuum_s: Impulse = Field(alias="isp_vacuum")
    burn_time_s: PositiveDuration = Field(alias="burn_time")
    diameter_m: Diameter = Field(alias="diameter")
    coast_after_s: Duration | None = Field(default=None, alias="coast_after", description="0 s if left out")

    @model_validator(mode="after")
    def _check_impulse(self) -> Self:
        if self.isp_vacuum_s.value < self.isp_sea_level_s.value:
            low, high = self.isp_sea_level_s.value, self.isp_vacuum_s.value
            raise field_error("isp_vacuum", f"got {high:g} s; allowed: at least isp_sea_level, {low:g} s")
        return self


class Record(FileModel):
    """Base of the records: an id and a name."""

    id: Id
    name: Text
    note: str = ""


class AspectRecord(FileModel):
    """A radar cross-section from ahead, from the side and from behind."""

    nose_m2: CrossSection = Field(alias="nose")
    side_m2: CrossSection = Field(alias="side")
    rear_m2: CrossSection = Field(alias="rear")


class SignatureRecord(FileModel):
    """Cross-sections of a missile whose record gives none: under thrust, coasting whole, the separated body's rear."""

    boost: AspectRecord
    booster: AspectRecord
    body_rear_m2: CrossSection = Field(alias="body_rear")


class MissileRecord(Record):
    """A missile class: boost, what re-enters, and how visible it is. The payload belongs to no stage.

    A class whose flight is not ballistic has ``ballistic: no`` and a ``refusal``; its boost may then be left out.
    """

    kind: Literal["missile"]
    aliases: tuple[Text, ...] = ()
    ballistic: bool = True
    notional: bool = Field(default=False, description="a class that nobody has shown, for asking what one would mean")
    refusal: Text | None = None
    stages: tuple[StageRecord, ...] = Field(default=(), max_length=4)
    payload_kg: Mass | None = Field(default=None, alias="payload")
    separates: bool = False
    ballistic_coefficient_kg_m2: BallisticCoefficient | None = Field(default=None, alias="ballistic_coefficient")
    drag: DragTable | None = None
    steering: Steering | None = None
    published_range_m: Distance | None = Field(default=None, alias="published_range")
    unit_cost_usd: Cost | None = Field(default=None, alias="unit_cost")
    inventory: CountOrNone | None = Field(default=None, description="how many their owner is said to have")
    flown_range_m: Distance | None = Field(default=None, alias="flown_range")
    flown_apogee_m: Distance | None = Field(default=None, alias="flown_apogee")
    rcs_nose_m2: CrossSection | None = Field(default=None, alias="rcs_nose")
    rcs_side_m2: CrossSection | None = Field(default=None, alias="rcs_side")
    tuning: str = ""
    rcs_rear_m2: CrossSection | None = Field(default=None, alias="rcs_rear")
    rcs_boost: AspectRecord | None = Field(default=None, description="under thrust; the default signature if left out")
    rcs_booster: AspectRecord | None = Field(
        default=None, description="coasting with the booster attached; the default signature if left out"
    )

    @model_validator(mode="after")
    def _check_completeness(self) -> Self:
        if not self.ballistic:
            if not self.refusal:
                raise field_error("refusal", "missing; a missile with ballistic: no says why a study refuses it")
            return self
        if not self.stages:
            raise field_error("stages", "missing or empty; allowed: 1 to 4 stages")
        for name in ("payload_kg", "steering"):
            if getattr(self, name) is None:
                alias = type(self).model_fields[name].alias or name
                raise field_error(alias, "missing; a ballistic missile needs it")
        if self.separates and self.ballistic_coefficient_kg_m2 is None:
            raise field_error("ballistic_coefficient", "missing; a missile with separates: yes needs it")
        return self


class InterceptorRecord(Record):
    """An interceptor: its boost, the coasting kill vehicle, where it can engage, and a sourced kill probability."""

    kind: Literal["interceptor"]
    launch_mass_kg: Annotated[Sourced, In("kg", 1.0, 1e6)] = Field(alias="launch_mass")
    burnout_speed_mps: Speed = Field(alias="burnout_speed")
    burn_time_s: PositiveDuration = Field(alias="burn_time")
    isp_sea_level_s: Impulse = Field(alias="isp_sea_level")
    isp_vacuum_s: Impulse = Field(alias="isp_vacuum")
    diameter_m: Diameter = Field(alias="diameter")
    drag: DragTable
    ballistic_coefficient_kg_m2: BallisticCoefficient = Field(alias="ballistic_coefficient")
    min_altitude_m: Distance = Field(alias="min_altitude")
    max_altitude_m: Distance = Field(alias="max_altitude")
    max_range_m: Distance = Field(alias="max_range")
    max_flight_time_s: PositiveDuration = Field(alias="max_flight_time")
    kill_probability: Fraction
    unit_cost_usd: Cost = Field(alias="unit_cost")
    stages: Annotated[Sourced, In("1", 1.0, 4.0)] | None = Field(default=None, description="1 if left out")
    structure_share: Annotated[Sourced, In("1", 0.0, 0.5)] | None = Field(
        default=None, description="share of each stage's mass that is dropped with it; needed if stages are above 1"
    )

    rise_time_s: Duration | None = Field(
        default=None, alias="rise_time", description="vertical rise before it turns to its elevation; 0 s if left out"
    )
    pitch_rate_rad_s: Annotated[Sourced, In("rad/s", math.radians(0.1), math.radians(30))] | None = Field(
        default=None, alias="pitch_rate", description="how fast it turns after the rise; needed with rise_time"
    )

    @model_validator(mode="after")
    def _check_rise(self) -> Self:
        if self.rise_time_s is not None and self.pitch_rate_rad_s is None:
            raise field_error("pitch_rate", "missing; an interceptor with rise_time needs it")
        return self

    @model_validator(mode="after")
    def _check_stages(self) -> Self:
        if self.stages is not None:
            if any(number != round(number) for number in (self.stages.low, self.stages.value, self.stages.high)):
                raise field_error("stages", f"got {self.stages.written:g}; allowed: a whole number, 1 to 4")
            if self.stages.high > 1.0 and self.structure_share is None:
                raise field_error("structure_share", "missing; an interceptor of more than one stage needs it")
        return self

    @model_validator(mode="after")
    def _check_altitudes(self) -> Self:
        if self.min_altitude_m.value >= self.max_altitude_m.value:
            low, high = self.min_altitude_m.value, self.max_altitude_m.value
            raise field_error("min_altitude", f"got {low / 1e3:g} km; allowed: below max_altitude, {high / 1e3:g} km")
        return self


class LauncherRecord(Record):
    """A launcher and the rounds it carries."""

    kind: Literal["launcher"]
    rounds: Count


class BatteryRecord(Record):
    """A battery: which interceptor, radar and launcher, how many, and how long its people and machines take.

    A battery without a radar of its own fires on the tracks of others only. What is optional matters to raids alone:
    a capacity that is left out does not bind, a chance that is left out is 1, and a launcher without ``reload_time``
    is not reloaded.
    """

    kind: Literal["battery"]
    interceptor: Id
    radar: Id | None = Field(default=None, description="none: it fires on the tracks of others only")
    launcher: Id
    launchers: Count
    commit_delay_s: Duration = Field(alias="commit_delay", description="from firm track to launch")
    assessment_delay_s: Duration = Field(alias="assessment_delay", description="from intercept to the next shot")
    launch_spacing_s: Duration = Field(alias="launch_spacing", description="between two rounds of one salvo")
    shots_per_opportunity: Count
    launcher_spacing_s: Duration | None = Field(
        default=None, alias="launcher_spacing", description="between two rounds of one launcher"
    )
    track_capacity: Count | None = Field(default=None, description="targets that its radar can hold at once")
    guidance_channels: Count | None = Field(default=None, description="interceptors that it can guide at once")
    reload_time_s: Duration | None = Field(
        default=None, alias="reload_time", description="to reload one empty launcher; no reload if left out"
    )
    spare_rounds: CountOrNone | None = Field(
        default=None, description="rounds beside those on launchers; 0 if left out"
    )
    reliability: Fraction | None = Field(default=None, description="that the whole battery works in a raid")
    track_probability: Fraction | None = Field(
        default=None, description="that a target is tracked and told apart rightly, for all shots of the battery at it"
    )
    unit_cost_usd: Cost | None = Field(
        default=None, alias="unit_cost", description="of a battery with its first rounds"
    )


class LaunchWarningRecord(Record):
    """Warning of a launch, and the cue that follows the end of boost, as they reach a command centre.

    The standard deviations are those of the cue at the end of boost, across the line of sight of whoever looks for it.
    """

    kind: Literal["launch_warning"]
    delay_s: Duration = Field(alias="delay", description="from launch to the warning")
    cue_delay_s: Duration = Field(alias="cue_delay", description="from the end of boost to the cue")
    position_sigma_m: Annotated[Sourced, In("m", 1.0, 1e6)] = Field(alias="position_sigma")
    velocity_sigma_mps: Annotated[Sourced, In("m/s", 0.01, 1e4)] = Field(alias="velocity_sigma")


class DataLinkRecord(Record):
    """A way for tracks from one end to the other."""

    kind: Literal["data_link"]
    latency_s: Duration = Field(alias="latency", description="from a firm track at one end to its use at the other")


class PublishedForce(FileModel):
    """One published count of a force's warheads, and what it counts."""

    name: Id
    label: Text
    counts: Text
    warheads: Annotated[Sourced, In("1", 1.0, 1e5)]


class ForceRecord(Record):
    """The warheads of a country's long-range missiles: rival published counts, readiness and reliability.

    The first count is the central one. No number says how many would outlast an attack on them, unless a published
    count itself does.
    """

    kind: Literal["force"]
    country: Country
    published: tuple[PublishedForce, ...] = Field(min_length=1, max_length=20)
    day_to_day_alert: Fraction = Field(description="share that could be fired at any moment in peace")
    raised_alert: Fraction = Field(description="share that could be fired after days of preparation")
    reliability: Fraction = Field(description="that a missile which is fired brings its warheads to their targets")

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        names = [one.name for one in self.published]
        if len(set(names)) < len(names):
            raise field_error("published", "a name is given twice; allowed: each once")
        return self

    def published_named(self, name: str) -> PublishedForce:
        """Return one published count; ``UnknownIdError`` suggests the nearest."""
        for one in self.published:
            if one.name == name:
                return one
        raise UnknownIdError.of(f"count of {self.id}", name, [one.name for one in self.published])


class Source(FileModel):
    """A reference. ``url`` is where the number was seen; ``accessed`` when."""

    id: Id
    title: Text
    author: str = ""
    date: Date = ""
    publisher: str = ""
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    accessed: Date = ""
    note: str = ""
