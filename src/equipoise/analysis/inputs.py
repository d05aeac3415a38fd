"""Which numbers of the catalogue a footprint depends on, and the defence with one of them changed.

Moving one number at a time and Sobol indices both go through these inputs: what counts is said here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from equipoise.analysis.draws import triangle_quantile
from equipoise.analysis.land import Setting
from equipoise.analysis.sobol import Factor
from equipoise.analysis.varied import number_at
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.radars import HARDWARE, PublishedRange, RadarRecord
from equipoise.catalog.records import Record
from equipoise.study.model import Study

# What of a radar no footprint depends on: it stays in one mode, and sees what comes into its view without a search.
NOT_OF_A_RADAR = ("mode_switch_s", "search", "rcs_ratio", "bandwidth_hz")
# What of a battery matters to raids alone: how much it can do at once, how long it lasts, and whether it works.
NOT_OF_A_BATTERY = (
    *("launcher_spacing_s", "track_capacity", "guidance_channels", "reload_time_s", "spare_rounds"),
    *("reliability", "track_probability", "unit_cost_usd"),
)


S = TypeVar("S")


@dataclass(frozen=True)
class Input(Generic[S]):
    """One ranged number that an answer depends on, in settings of a kind.

    Parameters
    ----------
    owner, quantity : str
        Catalogue id (or ``study``) and field.
    unit : str
        Of the written numbers.
    written : tuple of float
        Low, central and high value, as the file writes them.
    low, central, high : float
        The same in SI.
    even : bool
        Whether the study takes it as even between its ends, rather than as a triangle.
    put : callable
        Takes a setting and a value in SI, and returns the setting with it.
    """

    owner: str
    quantity: str
    unit: str
    written: tuple[float, float, float]
    low: float
    central: float
    high: float
    even: bool
    put: Callable[[S, float], S]

    @classmethod
    def of(cls, owner: str, quantity: str, number: Sourced, put: Callable[[S, float], S]) -> Input[S]:
        """Build the input of a catalogue number."""
        written = (number.written_low, number.written, number.written_high)
        return cls(owner, quantity, number.unit, written, number.low, number.value, number.high, False, put)

    def quantile(self, share: float) -> float:
        """Return the value in SI that a share in [0, 1] of the range's distribution lies below."""
        if self.even:
            return self.low + share * (self.high - self.low)
        return triangle_quantile(share, self.low, self.central, self.high)


def factor_of(one: Input[S]) -> Factor:
    """Return an input as a factor of a sensitivity analysis."""
    low, value, high = one.written
    return Factor(one.owner, one.quantity, one.unit, low, None if one.even else value, high)


def footprint_inputs(study: Study, radar_ranges: Sequence[str] | None = None) -> tuple[Input[Setting], ...]:
    """Return every ranged number that a study's footprint depends on.

    Parameters
    ----------
    study : Study
        The study.
    radar_ranges : sequence of str, optional
        The ranges of the radar whose own numbers count; by default the study's central one.

    Returns
    -------
    tuple of Input
        Of the interceptor, the battery and the radar in the order of their fields, then of the radar's face where the
        study looks through it, of the published ranges, of each missile's nose-on cross-section, and the boresight.
    """
    return tuple(_inputs(study, (study.defence.radar_range,) if radar_ranges is None else radar_ranges))


def _inputs(study: Study, radar_ranges: Sequence[str]) -> Iterator[Input[Setting]]:
    defence = study.defence
    records: tuple[tuple[str, Record], ...] = (
        ("interceptor", defence.interceptor),
        ("battery", defence.battery),
        ("radar", defence.radar),
    )
    for part, record in records:
        for name, field in type(record).model_fields.items():
            number = getattr(record, name)
            if (
                name not in (*NOT_OF_A_RADAR, *NOT_OF_A_BATTERY)
                and isinstance(number, Sourced)
                and number.low < number.high
            ):
                yield Input.of(record.id, field.alias or name, number, in_record(part, name))
    radar = defence.radar
    if defence.field_of_view == "face" and radar.face is not None:
        for name, field in type(radar.face).model_fields.items():
            number = getattr(radar.face, name)
            if number.low < number.high:
                yield Input.of(radar.id, f"face.{field.alias or name}", number, in_face(name))
    for chosen in radar_ranges:
        if chosen != HARDWARE:
            yield from _published_range_inputs(radar, radar.range_named(chosen))
    numbers = {threat.missile.id: threat.rcs_m2 for threat in study.threats}
    for missile, number in numbers.items():
        if number.low < number.high:
            # A missile that the study flies in two ways has one cross-section.
            yield Input.of(missile, "rcs_nose", number, cross_section(threats_of(study, missile)))
    spread = defence.boresight_spread_rad
    if spread > 0.0:
        ends = (defence.boresight_rad - spread, defence.boresight_rad, defence.boresight_rad + spread)
        written = (math.degrees(ends[0]), math.degrees(ends[1]), math.degrees(ends[2]))
        yield Input("study", "boresight", "deg", written, *ends, even=True, put=_turned)


def _published_range_inputs(radar: RadarRecord, chosen: PublishedRange) -> Iterator[Input[Setting]]:
    for name in ("range_m", "reference_rcs_m2"):
        number: Sourced = getattr(chosen, name)
        if number.low < number.high:
            field = type(chosen).model_fields[name].alias or name
            yield Input.of(radar.id, f"{field} ({chosen.name})", number, in_published_range(chosen.name, name))


def in_record(part: str, name: str) -> Callable[[Setting, float], Setting]:
    """Return what puts a number of the interceptor, the battery or the radar."""

    def put(setting: Setting, value: float) -> Setting:
        record: Record = getattr(setting, part)
        number: Sourced = getattr(record, name)
        return setting.with_record(part, record.model_copy(update={name: number_at(number, value)}))

    return put


def in_face(name: str) -> Callable[[Setting, float], Setting]:
    """Return what puts a number of the radar's face."""

    def put(setting: Setting, value: float) -> Setting:
        radar = setting.radar
        assert radar.face is not None
        face = radar.face.model_copy(update={name: number_at(getattr(radar.face, name), value)})
        return setting.with_record("radar", radar.model_copy(update={"face": face}))

    return put


def in_published_range(chosen: str, name: str) -> Callable[[Setting, float], Setting]:
    """Return what puts a number of one published range of the radar."""

    def put(setting: Setting, value: float) -> Setting:
        ranges = tuple(
            item.model_copy(update={name: number_at(getattr(item, name), value)}) if item.name == chosen else item
            for item in setting.radar.ranges
        )
        return setting.with_record("radar", setting.radar.model_copy(update={"ranges": ranges}))

    return put


def threats_of(study: Study, missile: str) -> list[int]:
    """Return which threats of a study are of a missile class."""
    return [i for i, threat in enumerate(study.threats) if threat.missile.id == missile]


def cross_section(threats: Sequence[int]) -> Callable[[Setting, float], Setting]:
    """Return what puts the cross-section of some threats."""

    def put(setting: Setting, value: float) -> Setting:
        rcs_m2 = tuple(value if i in threats else before for i, before in enumerate(setting.rcs_m2))
        return replace(setting, rcs_m2=rcs_m2)

    return put


def _turned(setting: Setting, value: float) -> Setting:
    return replace(setting, boresight_rad=value)
