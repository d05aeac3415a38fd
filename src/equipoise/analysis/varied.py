"""What of a footprint study may be varied, by which key, in which unit and between which bounds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from equipoise.analysis.land import Setting
from equipoise.catalog.quantity import In, Sourced, to_si
from equipoise.catalog.radars import HARDWARE
from equipoise.catalog.validation import validate
from equipoise.catalog.wording import shown
from equipoise.defence.reach import interceptor_missile
from equipoise.errors import InputError, UnknownIdError
from equipoise.sensors.radar import Radar
from equipoise.study.file import Azimuth, FieldOfView, TrackUntil
from equipoise.study.model import Study

MOST_POINTS = 1_000_000
MOST_KEYS = 8

Value = float | str

# Numbers of the records that no share of the land hangs on.
_MOVES_NOTHING = {
    "interceptor": ("kill_probability", "unit_cost_usd"),
    "battery": ("assessment_delay_s", "launch_spacing_s", "launchers", "shots_per_opportunity"),
    "radar": ("mode_switch_s", "rcs_ratio", "bandwidth_hz"),
}
_NUMBER_AND_UNIT = re.compile(r"\s*([+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL)
_NO_UNITS: tuple[str, ...] = ("", "1")


@dataclass(frozen=True)
class Knob:
    """Something that may be varied.

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
    turned: Callable[[Setting, Any], Setting]


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


def knobs(study: Study) -> dict[str, Knob]:
    """Return what of a footprint study may be varied, by key."""
    return {knob.key: knob for knob in _knobs(study)}


def _knobs(study: Study) -> Iterator[Knob]:
    defence = study.defence
    yield Knob("study.radar_range", "", None, defence.radar.range_names, _field("radar_range"))
    yield Knob("study.track_until", "", None, get_args(TrackUntil), _field("track_until"))
    faces = get_args(FieldOfView) if defence.radar.face is not None else ("sector",)
    yield Knob("study.field_of_view", "", None, faces, _field("field_of_view"))
    azimuth: In = get_args(Azimuth)[1]
    yield Knob("study.boresight", "deg", azimuth, (), _field("boresight_rad"))
    central = Setting.central(study)
    for part, left_out in _MOVES_NOTHING.items():
        record: BaseModel = getattr(central, part)
        for name, field, number in _numbers(record):
            if name not in left_out:
                key = f"{part}.{field.alias or name}"
                yield Knob(key, number.unit, _quantity(field), (), _of_record(part, name))
    if defence.radar.face is not None:
        for name, field, number in _numbers(defence.radar.face):
            yield Knob(f"radar.face.{field.alias or name}", number.unit, _quantity(field), (), _of_face(name))
    for name, field, number in _numbers(defence.radar.ranges[0]):
        yield Knob(f"radar.{field.alias or name}", number.unit, _quantity(field), (), _of_range(study, name))
    for missile in dict.fromkeys(threat.missile.id for threat in study.threats):
        record = next(threat.missile for threat in study.threats if threat.missile.id == missile)
        field, unit = type(record).model_fields["rcs_nose_m2"], record.rcs_nose_m2
        if unit is not None:
            yield Knob(f"rcs_nose.{missile}", unit.unit, _quantity(field), (), _of_missile(study, missile))


def _numbers(record: BaseModel) -> Iterator[tuple[str, FieldInfo, Sourced]]:
    for name, field in type(record).model_fields.items():
        number = getattr(record, name)
        if isinstance(number, Sourced):
            yield name, field, number


def _quantity(field: FieldInfo) -> In:
    """Return unit and bounds of a field, also of one that may be left out."""
    waiting: list[Any] = [*field.metadata, field.annotation]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, In):
            return part
        waiting += [*get_args(part), *getattr(part, "__metadata__", ())]
    raise AssertionError(f"a number without unit and bounds: {field}")


def _set(number: Sourced, value: float) -> Sourced:
    return replace(number, value=value, low=min(value, number.low), high=max(value, number.high))


def _field(name: str) -> Callable[[Setting, Any], Setting]:
    def turned(setting: Setting, value: Any) -> Setting:
        changed: dict[str, Any] = {name: value}
        return replace(setting, **changed)

    return turned


def _of_record(part: str, name: str) -> Callable[[Setting, float], Setting]:
    def turned(setting: Setting, value: float) -> Setting:
        record: BaseModel = getattr(setting, part)
        return setting.with_record(part, record.model_copy(update={name: _set(getattr(record, name), value)}))

    return turned


def _of_face(name: str) -> Callable[[Setting, float], Setting]:
    def turned(setting: Setting, value: float) -> Setting:
        face = setting.radar.face
        if face is None:
            raise AssertionError("only a radar with a face has this knob")
        moved = face.model_copy(update={name: _set(getattr(face, name), value)})
        return setting.with_record("radar", setting.radar.model_copy(update={"face": moved}))

    return turned


def _of_range(study: Study, name: str) -> Callable[[Setting, float], Setting]:
    """Change the published range that the setting takes."""

    def turned(setting: Setting, value: float) -> Setting:
        taken = setting.radar_range or study.defence.radar_range
        if taken == HARDWARE:
            raise InputError(
                f"--vary: radar.range and radar.reference_rcs change a published range; the radar range is {HARDWARE}"
            )
        ranges = tuple(
            one.model_copy(update={name: _set(getattr(one, name), value)}) if one.name == taken else one
            for one in setting.radar.ranges
        )
        return setting.with_record("radar", setting.radar.model_copy(update={"ranges": ranges}))

    return turned


def _of_missile(study: Study, missile: str) -> Callable[[Setting, float], Setting]:
    def turned(setting: Setting, value: float) -> Setting:
        values = zip(study.threats, setting.rcs_m2, strict=True)
        return replace(setting, rcs_m2=tuple(value if t.missile.id == missile else rcs for t, rcs in values))

    return turned


def read_varied(study: Study, texts: Sequence[str]) -> tuple[Varied, ...]:
    """Read what is asked for on the command line: ``KEY=LOW:HIGH:N`` or ``KEY=a,b,c``.

    Parameters
    ----------
    study : Study
        The study.
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
    known = knobs(study)
    if not 1 <= len(texts) <= MOST_KEYS:
        raise InputError(f"--vary: got {len(texts)} keys; allowed: 1 to {MOST_KEYS}")
    varied = tuple(_read(known, text) for text in texts)
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
        _check_together(study, setting_at(study, known, dict(zip(keys, corner, strict=True))))
    return varied


def setting_at(study: Study, known: Mapping[str, Knob], values: Mapping[str, Value]) -> Setting:
    """Return the defence with some knobs turned to values in SI; which range is taken is settled first."""
    setting = Setting.central(study)
    for key in sorted(values, key=lambda key: not key.startswith("study.")):
        setting = known[key].turned(setting, values[key])
    return setting


def _read(known: Mapping[str, Knob], text: str) -> Varied:
    key, equals, given = (part.strip() for part in text.partition("="))
    if not equals or not given:
        raise InputError(f"--vary: got {shown(text)}; allowed: KEY=LOW:HIGH:N or KEY=VALUE,VALUE,...")
    if f"study.{key.removeprefix('defence.')}" in known:
        key = f"study.{key.removeprefix('defence.')}"
    if key not in known:
        part, _, name = key.partition(".")
        still = _MOVES_NOTHING.get(part, ())
        if any(name == re.sub(r"_(s|hz|usd)$", "", field) for field in still):
            raise InputError(f"--vary: {key} moves no share of the land; allowed: {', '.join(known)}")
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


def _choice(knob: Knob, values: list[str]) -> Varied:
    for value in values:
        if value not in knob.names:
            raise UnknownIdError.of(f"--vary {knob.key}", value, knob.names)
        if values.count(value) > 1:
            raise InputError(f"--vary {knob.key}: gives {value} twice; allowed: each once")
    return Varied(knob.key, "", tuple(values), tuple(values))


def _in_one_unit(knob: Knob, texts: list[str]) -> tuple[str, list[float]]:
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


def _si(knob: Knob, number: float, unit: str) -> float:
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


def _check_together(study: Study, setting: Setting) -> None:
    """Refuse values that are allowed one by one and not together."""
    for part in ("interceptor", "battery", "radar"):
        record: BaseModel = getattr(setting, part)
        fields = type(record).model_fields.items()
        validate(type(record), {field.alias or name: getattr(record, name) for name, field in fields}, f"--vary {part}")
    defence = study.defence
    try:
        Radar.from_record(
            setting.radar,
            setting.radar_range or defence.radar_range,
            field_of_view=setting.field_of_view or defence.field_of_view,
        )
        interceptor_missile(setting.interceptor)
    except InputError as error:
        raise InputError(f"--vary: {error}") from None
