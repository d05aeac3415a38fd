"""Numbers with a unit and a source: the only place where units become SI.

A catalogue number is a mapping ``{value, low, high, unit, source, where, grade, note}``; a study number is a string
with its unit, ``"200 km"``. Both pass through :func:`to_si`, which asks pint once per unit and remembers the answer.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast, get_args

import pint
from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from equipoise.catalog.wording import one_line, shown

Grade = Literal["official", "reported", "derived", "assumed"]
GRADES: tuple[str, ...] = get_args(Grade)
# The source of a number that a user's own file gives without one.
USERS_OWN = "user"

# The units that files may use. pint reads these definitions and no others, so that a slip of the pen ("kN" for
# "kn") meets a short list instead of a thousand units. Exact by definition: inch, foot, nautical mile, pound, hour.
_UNIT_DEFINITIONS = """\
nano- = 1e-9 = n-
micro- = 1e-6 = u-
milli- = 1e-3 = m-
centi- = 1e-2 = c-
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
meter = [length] = m = metre
second = [time] = s = sec
gram = [mass] = g
kelvin = [temperature]; offset: 0 = K
radian = [] = rad
USD = [currency]
people = [population] = person
decibel = 1 ; logbase: 10; logfactor: 10 = dB
degree = 0.017453292519943295 * radian = deg
percent = 0.01 = pct
minute = 60 * second = min
hour = 60 * minute = h
tonne = 1000 * kilogram = t
pound = 0.45359237 * kilogram = lb
inch = 0.0254 * meter = in
foot = 12 * inch = ft
nautical_mile = 1852 * meter = nmi
mile = 1609.344 * meter = mi
hertz = 1 / second = Hz
newton = kilogram * meter / second ** 2 = N
joule = newton * meter = J
watt = joule / second = W
"""

UNIT_EXAMPLES: tuple[str, ...] = (
    *("m", "km", "cm", "mm", "ft", "in", "nmi", "mi", "m2", "km2", "s", "ms", "min", "h", "m/s", "km/s", "km/h"),
    *("kg", "t", "lb", "g", "kg/m2", "lb/ft2", "W", "kW", "MW", "W/m2", "Hz", "kHz", "MHz", "GHz", "K", "deg", "rad"),
    *("deg/s", "rad/s", "dB", "1", "percent", "USD", "people"),
)

_QUANTITY = re.compile(r"\s*([+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL)
_UNIT_TEXT = re.compile(r"[A-Za-z_0-9*/^(). -]{1,40}")
_EXPONENT = re.compile(r"(?<=[A-Za-z])([23])\b")
_CLOCK = re.compile(r"(?:(\d{1,3}):(?=[0-5]\d:))?(\d{1,4}):([0-5]\d(?:\.\d+)?)", re.ASCII)
_KEYS = ("value", "low", "high", "unit", "source", "where", "grade", "note")


@cache
def _registry() -> pint.UnitRegistry[float]:
    registry: pint.UnitRegistry[float] = pint.UnitRegistry(None, autoconvert_offset_to_baseunit=True)
    registry.load_definitions(_UNIT_DEFINITIONS.splitlines())
    return registry


def _allowed_units(si_unit: str) -> list[str]:
    return [unit for unit in UNIT_EXAMPLES if _dimension(unit) == _dimension(si_unit)]


def _nearest_unit(unit: str, si_unit: str) -> str:
    same_letters = [known for known in UNIT_EXAMPLES if known.lower() == unit.lower()]
    near = difflib.get_close_matches(unit, _allowed_units(si_unit), n=1, cutoff=0.0)
    return [*same_letters, *near, si_unit][0]


@cache
def _parsed(unit: str) -> Any:
    if not _UNIT_TEXT.fullmatch(unit) or "**" in unit.replace("**2", "").replace("**3", ""):
        raise ValueError(unit)
    registry = _registry()
    # pint's parser evaluates expressions; the pattern above leaves it names, powers, products and quotients.
    return registry.parse_units(_EXPONENT.sub(r"**\1", "" if unit == "1" else unit))


@cache
def _dimension(unit: str) -> str:
    if unit in {"deg", "rad"}:
        return "angle"  # pint counts an angle as a pure number; a file that gives degrees for a loss is still wrong
    return str(_parsed(unit).dimensionality)


@cache
def _converter(unit: str, si_unit: str) -> Callable[[float], float]:
    try:
        parsed = _parsed(unit)
        dimension = _dimension(unit)
    except Exception:  # pint raises its own, tokenizer and attribute errors alike
        allowed = ", ".join(_allowed_units(si_unit))
        guess = _nearest_unit(unit, si_unit)
        raise ValueError(f'unit {shown(unit)} unknown; did you mean "{guess}"? allowed: {allowed}') from None
    if dimension != _dimension(si_unit):
        raise ValueError(f'unit "{unit}" does not measure this; allowed: {", ".join(_allowed_units(si_unit))}')
    registry, target = _registry(), _parsed(si_unit)
    if unit == si_unit:
        return float
    if unit == "dB":
        return lambda value: float(registry.Quantity(value, parsed).to(target).magnitude)
    factor = float(registry.convert(1.0, parsed, target))
    return lambda value: value * factor


def to_si(value: float, unit: str, si_unit: str) -> float:
    """Convert a number to SI.

    Parameters
    ----------
    value : float
        The number as written.
    unit : str
        Its unit as written, for example ``"km/s"``, ``"deg"``, ``"dB"``; ``"1"`` for a pure number.
    si_unit : str
        The SI unit wanted, for example ``"m/s"``, ``"rad"``, ``"1"``.

    Returns
    -------
    float
        The number in `si_unit`. Decibels become a ratio of powers.

    Raises
    ------
    ValueError
        If the unit is unknown or measures something else (the message suggests the nearest), or if the result is
        not finite.
    """
    convert = _converter(unit.strip(), si_unit)
    try:
        result = convert(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise ValueError(f"{value:g} {one_line(unit)} is not a finite number")
    return result


def from_si(value: float, unit: str, si_unit: str) -> float:
    """Convert an SI number to a linear unit for people (``"km"``, ``"deg"``), the inverse of :func:`to_si`."""
    if unit == "dB":
        return 10.0 * math.log10(value)
    return value / to_si(1.0, unit, si_unit)


def parse_quantity(text: str, si_unit: str) -> float:
    """Read a number with its unit, as study files and the command line give it.

    Parameters
    ----------
    text : str
        For example ``"200 km"``.
    si_unit : str
        The SI unit wanted.

    Raises
    ------
    ValueError
        If there is no number, no unit, an unknown unit or a unit of something else.

    Examples
    --------
    >>> parse_quantity("200 km", "m")
    200000.0
    """
    match = _QUANTITY.fullmatch(text) if len(text) <= 80 else None
    if match is None:
        raise ValueError(f'{shown(text)} is not a number with a unit; write for example "{_example(si_unit)}"')
    number, unit = match.groups()
    if not unit:
        raise ValueError(f'{shown(text)} has no unit; write for example "{number} {_people_unit(si_unit)}"')
    return to_si(float(number), unit, si_unit)


def clock_seconds(text: str) -> float | None:
    """Return a duration written ``minutes:seconds`` or ``hours:minutes:seconds`` [s]; None for anything else.

    Examples
    --------
    >>> clock_seconds("47:12")
    2832.0
    >>> clock_seconds("1:08:55")
    4135.0
    """
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + float(seconds)


def _people_unit(si_unit: str) -> str:
    return {"m": "km", "rad": "deg", "m/s": "km/s", "rad/s": "deg/s"}.get(si_unit, si_unit)


def _example(si_unit: str) -> str:
    return f"200 {_people_unit(si_unit)}"


@dataclass(frozen=True, slots=True)
class Sourced:
    """A number, its range, and where it comes from.

    Attributes
    ----------
    value, low, high : float
        Central value and the range that uncertainty runs draw from, in SI (radians, ratios). Without a stated
        range, ``low`` and ``high`` equal ``value``.
    unit : str
        The unit as the file writes it.
    written, written_low, written_high : float
        The numbers as the file writes them, in ``unit``.
    source : str
        Id of the reference in ``sources.yaml``.
    where : str
        Page, table or paragraph in the source; empty if not given.
    grade : {"official", "reported", "derived", "assumed"}
        How the number is known.
    note : str
        What a derived number is derived from; why an assumed one is assumed.
    """

    value: float
    low: float
    high: float
    unit: str
    written: float
    written_low: float
    written_high: float
    source: str
    where: str
    grade: Grade
    note: str

    def __float__(self) -> float:
        """Return the central value in SI."""
        return self.value

    @classmethod
    def read(cls, data: Mapping[str, Any], si_unit: str, sources: frozenset[str] | None = None) -> Sourced:
        """Read the mapping of a catalogue file.

        Parameters
        ----------
        data : mapping
            ``value``, ``unit``, ``source`` and ``grade`` are required; ``low`` and ``high`` come together.
        si_unit : str
            What the field is measured in.
        sources : frozenset of str, optional
            The known source ids; without it any id passes.

        Raises
        ------
        ValueError
            In one line, what is wrong and what is allowed.
        """
        _check_keys(data)
        value = _number(data, "value")
        low, high = (_number(data, key) if key in data else value for key in ("low", "high"))
        unit, source, grade = (_text(data, key) for key in ("unit", "source", "grade"))
        where, note = (_text(data, key) if key in data else "" for key in ("where", "note"))
        if grade not in GRADES:
            raise ValueError(f"grade {shown(grade)} unknown; allowed: {', '.join(GRADES)}")
        if not low <= value <= high:
            raise ValueError(f"low <= value <= high must hold; got low {low:g}, value {value:g}, high {high:g}")
        if not note and grade == "derived":
            raise ValueError("a derived number needs a note that says what it is derived from")
        if not note and grade == "assumed":
            raise ValueError("an assumed number needs a note that says why")
        if sources is not None and source not in sources:
            near = difflib.get_close_matches(source, sorted(sources), n=3, cutoff=0.4)
            hint = f"did you mean {', '.join(near)}?" if near else "allowed: an id of sources.yaml"
            raise ValueError(f"source {shown(source)} unknown; {hint}")
        value_si, low_si, high_si = (to_si(number, unit, si_unit) for number in (value, low, high))
        written = (value, low, high)
        return cls(value_si, low_si, high_si, unit, *written, source, where, cast(Grade, grade), note)


def _check_keys(data: Mapping[str, Any]) -> None:
    for key in data:
        if key not in _KEYS:
            raise ValueError(f"unknown key {shown(key)}; allowed: {', '.join(_KEYS)}")
    for key in ("value", "unit", "source", "grade"):
        if key not in data:
            raise ValueError(f"{key} is missing; a number needs value, unit, source and grade")


def _number(data: Mapping[str, Any], key: str) -> float:
    number = data[key]
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError(f"{key} must be a number; got {shown(number)}")
    try:
        result = float(number)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise ValueError(f"{key} must be a finite number; got {result}")
    return result


def _text(data: Mapping[str, Any], key: str) -> str:
    text = data[key]
    if isinstance(text, int) and not isinstance(text, bool) and key == "unit" and text == 1:
        return "1"
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{key} must be text; got {shown(text)}")
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class In:
    """Marks a field as a quantity in an SI unit, within bounds; the shape of the number depends on the field's type.

    A ``Sourced`` field takes the mapping of a catalogue number; a ``float`` field takes text such as ``"200 km"``.

    Attributes
    ----------
    unit : str
        SI unit, ``"1"`` for a ratio (which may be written in dB).
    minimum, maximum : float
        Allowed range in that unit, ends included. The range as written must lie within.
    """

    unit: str
    minimum: float
    maximum: float

    def _checked(self, number: float, text: str) -> float:
        if not self.minimum <= number <= self.maximum:
            raise ValueError(f"out of range; got {text}; allowed: {self.range_text()}")
        return number

    def range_text(self) -> str:
        """Return the allowed range in people's units."""
        unit = _people_unit(self.unit)
        low, high = (from_si(x, unit, self.unit) for x in (self.minimum, self.maximum))
        return f"{low:.6g} to {high:.6g}" + ("" if unit == "1" else f" {unit}")

    def _read_sourced(self, data: object, info: ValidationInfo) -> Sourced:
        if isinstance(data, Sourced):
            return data
        users_own = bool((info.context or {}).get("users_own"))
        if users_own:
            data = _with_users_defaults(data)
        if not isinstance(data, Mapping):
            wanted = "a catalogue number is a mapping {value, unit, source, grade, ...}"
            if users_own:
                wanted = f'write a number with its unit, for example "{_example(self.unit)}", or a mapping of both'
            raise PydanticCustomError("sourced", "{wanted}; got {got}", {"wanted": wanted, "got": shown(data)})
        sources = (info.context or {}).get("sources")
        number = Sourced.read(cast(Mapping[str, Any], data), self.unit, sources)
        for x, written in ((number.low, number.written_low), (number.high, number.written_high)):
            self._checked(x, f"{written:g} {number.unit}")
        return number

    def _read_text(self, data: object) -> float:
        if isinstance(data, bool) or not isinstance(data, str):
            raise ValueError(f'a quantity needs its unit, for example "{_example(self.unit)}"; got {shown(data)}')
        return self._checked(parse_quantity(data, self.unit), shown(data))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read the field with this class's own functions."""
        if source is Sourced:
            return core_schema.with_info_plain_validator_function(self._read_sourced)
        return core_schema.no_info_plain_validator_function(self._read_text)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the mapping or the text to editors."""
        if schema["type"] == "function-plain" and schema["function"]["type"] == "with-info":
            return sourced_json_schema(self.unit)
        return {
            "type": "string",
            "pattern": r"^\s*[+-]?(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?\s*[A-Za-z].*$",
            "description": f"a number with its unit, {self.range_text()}",
            "examples": [_example(self.unit)],
        }


def _with_users_defaults(data: object) -> object:
    """Complete a number of a user's own file: ``"3699 kg"``, or a mapping without source, is assumed by the user."""
    if isinstance(data, str):
        match = _QUANTITY.fullmatch(data) if len(data) <= 80 else None
        if match is None:
            return data
        number, unit = match.groups()
        data = {"value": float(number), "unit": unit or "1"}
    if isinstance(data, Mapping) and "source" not in data and "grade" not in data:
        return {"source": USERS_OWN, "grade": "assumed", "note": "given without a source in a file of the user", **data}
    return data


def sourced_json_schema(si_unit: str) -> JsonSchemaValue:
    """Return the JSON Schema of one catalogue number measured in `si_unit`."""
    units = [u for u in UNIT_EXAMPLES if _dimension(u) == _dimension(si_unit)]
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["value", "unit", "source", "grade"],
        "properties": {
            "value": {"type": "number"},
            "low": {"type": "number"},
            "high": {"type": "number"},
            "unit": {"type": ["string", "integer"], "examples": units, "description": f"a unit of {si_unit}"},
            "source": {**text, "description": "an id of sources.yaml"},
            "where": text,
            "grade": {"enum": list(GRADES)},
            "note": text,
        },
        "if": {"properties": {"grade": {"enum": ["derived", "assumed"]}}},
        "then": {"required": ["note"]},
    }


def numbers_of(record: BaseModel) -> Iterator[tuple[str, FieldInfo, Sourced]]:
    """Yield attribute, field and number of each sourced number of a record."""
    for name, info in type(record).model_fields.items():
        number = getattr(record, name)
        if isinstance(number, Sourced):
            yield name, info, number


def quantity_of(field: FieldInfo) -> In:
    """Return unit and bounds of a field, also of one that may be left out."""
    waiting: list[Any] = [*field.metadata, field.annotation]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, In):
            return part
        waiting += [*get_args(part), *getattr(part, "__metadata__", ())]
    raise AssertionError(f"a number without unit and bounds: {field}")
