"""What of a study may be varied, by which key, in which unit and between which bounds; read from what was typed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import numpy as np
from pydantic import BaseModel

from equipoise.catalog.quantity import In, Sourced, to_si
from equipoise.catalog.radars import RadarRecord
from equipoise.catalog.records import InterceptorRecord
from equipoise.catalog.validation import validate
from equipoise.catalog.wording import shown
from equipoise.defence.reach import interceptor_missile
from equipoise.errors import InputError, UnknownIdError
from equipoise.sensors.radar import Radar
from equipoise.study.file import FieldOfView

MOST_POINTS = 1_000_000
MOST_KEYS = 8

Value = float | str

_NUMBER_AND_UNIT = re.compile(r"\s*([+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL)
_NO_UNITS: tuple[str, ...] = ("", "1")


S = TypeVar("S")


@dataclass(frozen=True)
class Knob(Generic[S]):
    """Something that may be varied, of settings of a kind.

    Attributes
    ----------
    key : str
        As it is written after ``--vary``.
    unit : str
        In which the catalogue writes it; empty for a choice among names.
    quantity : In or None
        Its SI unit and bounds; None for a choice.
    names : tuple of str
        The choice.
    turned : callable
        Gives a setting with this at another value, in SI.
    """

    key: str
    unit: str
    quantity: In | None
    names: tuple[str, ...]
    turned: Callable[[S, Any], S]


@dataclass(frozen=True)
class Varied:
    """A key and the values it takes, in order.

    Attributes
    ----------
    key : str
        Of a :class:`Knob`.
    unit : str
        Of ``values``; empty for names.
    values : tuple of float or str
        As asked for.
    si : tuple of float or str
        The same in SI.
    """

    key: str
    unit: str
    values: tuple[Value, ...]
    si: tuple[Value, ...]

    @property
    def column(self) -> str:
        """Name of its column, which ends in the unit: ``interceptor_burnout_speed_km_s``."""
        unit = "" if self.unit in _NO_UNITS else self.unit
        words = [*re.split(r"[.\-]", self.key.removeprefix("study.")), *re.split(r"[^A-Za-z0-9]+", unit)]
        return "_".join(word for word in words if word)


@dataclass(frozen=True)
class Panel(Generic[S]):
    """Everything of a study that may be varied.

    Attributes
    ----------
    knobs : mapping of str to Knob
        By key.
    central : S
        The study's own setting.
    first : tuple of str
        Keys that are turned before the others, which hang on them.
    check : callable
        Refuses a setting whose values are allowed one by one and not together.
    still : frozenset of str
        Keys of numbers that move nothing.
    aliases : mapping of str to str
        Other ways to write a key.
    """

    knobs: Mapping[str, Knob[S]]
    central: S
    first: tuple[str, ...]
    check: Callable[[S], None]
    still: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)

    def at(self, values: Mapping[str, Value]) -> S:
        """Return the setting with some knobs turned to values in SI."""
        setting = self.central
        for key in sorted(values, key=lambda key: key not in self.first):
            setting = self.knobs[key].turned(setting, values[key])
        return setting


def check_together(
    parts: Mapping[str, BaseModel | None],
    radar: RadarRecord | None,
    radar_range: str | None,
    field_of_view: FieldOfView,
    interceptor: InterceptorRecord,
) -> None:
    """Refuse values of a defence's parts that are allowed one by one and not together.

    Parameters
    ----------
    parts : mapping of str to record
        By the beginning of their keys.
    radar, radar_range, field_of_view
        What has to make a radar; none for a battery without one.
    interceptor : InterceptorRecord
        What has to fly.
    """
    for key, record in parts.items():
        if record is not None:
            fields = type(record).model_fields.items()
            values = {info.alias or name: getattr(record, name) for name, info in fields}
            validate(type(record), values, f"--vary {key}")
    try:
        if radar is not None and radar_range is not None:
            Radar.from_record(radar, radar_range, field_of_view=field_of_view)
        interceptor_missile(interceptor)
    except InputError as error:
        raise InputError(f"--vary: {error}") from None


def number_at(number: Sourced, value: float) -> Sourced:
    """Return a number with another central value; its range stretches with it."""
    return replace(number, value=value, low=min(value, number.low), high=max(value, number.high))


def read_varied(panel: Panel[S], texts: Sequence[str]) -> tuple[Varied, ...]:
    """Read what is asked for on the command line: ``KEY=LOW:HIGH:N`` or ``KEY=a,b,c``.

    Parameters
    ----------
    panel : Panel
        What may be varied.
    texts : sequence of str
        One for each key. Numbers are in the unit of the catalogue record, or carry their own.

    Returns
    -------
    tuple of Varied
        In the order given; ends included, equally spaced.

    Raises
    ------
    InputError
        If a key is unknown (the message suggests the nearest) or given twice, a value is none or out of its field's
        range, or there would be more than :data:`MOST_POINTS` points. Also where two values do not go together, such as
        a lowest altitude above the highest: the ends of all keys are tried with each other.
    """
    if len(texts) > MOST_KEYS:
        raise InputError(f"--vary: got {len(texts)} keys; allowed: at most {MOST_KEYS}")
    varied = tuple(_read(panel, text) for text in texts)
    keys = [one.key for one in varied]
    for key in keys:
        if keys.count(key) > 1:
            raise InputError(f"--vary {key}: given {keys.count(key)} times; allowed: once")
    points = 1
    for one in varied:
        points *= len(one.values)
    if points > MOST_POINTS:
        product = " x ".join(str(len(one.values)) for one in varied)
        raise InputError(f"--vary: got {product} = {points:,} points; allowed: at most {MOST_POINTS:,}")
    ends = [(min(one.si), max(one.si)) if one.unit else one.si for one in varied]
    for corner in itertools.product(*ends):
        panel.check(panel.at(dict(zip(keys, corner, strict=True))))
    return varied


def _read(panel: Panel[S], text: str) -> Varied:
    known = panel.knobs
    key, equals, given = (part.strip() for part in text.partition("="))
    if not equals or not given:
        raise InputError(f"--vary: got {shown(text)}; allowed: KEY=LOW:HIGH:N or KEY=VALUE,VALUE,...")
    key = panel.aliases.get(key, key)
    if key in panel.still:
        raise InputError(f"--vary: {key} moves nothing; allowed: {', '.join(known)}")
    if key not in known:
        raise UnknownIdError.of("--vary", key, known)
    knob = known[key]
    values = [part.strip() for part in given.split(",")]
    if knob.quantity is None:
        return _choice(knob, values)
    ends = [part.strip() for part in given.split(":")]
    if len(ends) == 1:
        unit, numbers = _in_one_unit(knob, values)
    else:
        if len(ends) != 3:
            raise InputError(f"--vary {key}: got {shown(given)}; allowed: LOW:HIGH:N or VALUE,VALUE,...")
        unit, (low, high) = _in_one_unit(knob, ends[:2])
        if not ends[2].isdecimal() or not 2 <= int(ends[2][:9]) <= MOST_POINTS:
            raise InputError(
                f"--vary {key}: got {shown(ends[2])} values; allowed: a whole number, 2 to {MOST_POINTS:,}"
            )
        if low == high:
            raise InputError(f"--vary {key}: LOW and HIGH are the same, {low:g}; allowed: two different ends")
        # Twelve digits: 2.6 is written, and computed, as 2.6 and not as 2.5999999999999996.
        numbers = [float(f"{value:.12g}") for value in np.linspace(low, high, int(ends[2]))]
    if len(set(numbers)) < len(numbers):
        raise InputError(f"--vary {key}: gives a value twice; allowed: each once")
    return Varied(key, unit, tuple(numbers), tuple(_si(knob, number, unit) for number in numbers))


def _choice(knob: Knob[S], values: list[str]) -> Varied:
    for value in values:
        if value not in knob.names:
            raise UnknownIdError.of(f"--vary {knob.key}", value, knob.names)
        if values.count(value) > 1:
            raise InputError(f"--vary {knob.key}: gives {value} twice; allowed: each once")
    return Varied(knob.key, "", tuple(values), tuple(values))


def _in_one_unit(knob: Knob[S], texts: list[str]) -> tuple[str, list[float]]:
    """Return the unit that the texts give, or the catalogue's, and their numbers; bounds are checked."""
    numbers, units = [], []
    for text in texts:
        match = _NUMBER_AND_UNIT.fullmatch(text) if len(text) <= 80 else None
        if match is None:
            raise InputError(
                f"--vary {knob.key}: got {shown(text)}; allowed: a number, in {knob.unit} or with its unit"
            )
        numbers.append(float(match[1]))
        units.append(match[2])
    given = [unit for unit in dict.fromkeys(units) if unit]
    if len(given) > 1:
        raise InputError(f"--vary {knob.key}: got the units {' and '.join(given)}; allowed: one for all values")
    unit = given[0] if given else knob.unit
    for number in numbers:
        _si(knob, number, unit)
    return unit, numbers


def _si(knob: Knob[S], number: float, unit: str) -> float:
    quantity = knob.quantity
    if quantity is None:
        raise AssertionError("only numbers have a unit")
    try:
        value = to_si(number, unit, quantity.unit)
        if not quantity.minimum <= value <= quantity.maximum:
            raise ValueError(f"got {number:g}{'' if unit == '1' else ' ' + unit}; allowed: {quantity.range_text()}")
    except ValueError as error:
        raise InputError(f"--vary {knob.key}: {error}") from None
    return value
