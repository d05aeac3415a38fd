from __future__ import annotations

import contextlib
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.catalog import Sourced, from_si, parse_quantity, to_si
from equipoise.catalog.quantity import UNIT_EXAMPLES

GOOD: dict[str, Any] = {"value": 2.8, "low": 2.6, "high": 2.8, "unit": "km/s", "source": "x", "grade": "reported"}


# Definitions: BIPM SI brochure (9th ed.) and NIST SP 811 appendix B.8.
@pytest.mark.parametrize(
    ("value", "unit", "si_unit", "expected"),
    [
        (200, "km", "m", 200e3),
        (1, "nmi", "m", 1852),
        (1, "ft", "m", 0.3048),
        (1, "in", "m", 0.0254),
        (1, "mi", "m", 1609.344),
        (10_000, "km/h", "m/s", 2777.7778),
        (1, "lb", "kg", 0.45359237),
        (1, "t", "kg", 1000),
        (1, "lb/ft2", "kg/m2", 4.882428),
        (180, "deg", "rad", math.pi),
        (1, "deg/s", "rad/s", math.pi / 180),
        (10, "GHz", "Hz", 1e10),
        (81, "kW", "W", 81e3),
        (2, "km2", "m2", 2e6),
        (13, "dB", "1", 19.95262),
        (20, "1", "1", 20),
        (50, "percent", "1", 0.5),
        (3, "min", "s", 180),
        (400, "K", "K", 400),
        (12e6, "USD", "USD", 12e6),
    ],
)
def test_units_convert_as_defined(value: float, unit: str, si_unit: str, expected: float) -> None:
    assert to_si(value, unit, si_unit) == pytest.approx(expected, rel=1e-6)
    assert from_si(to_si(value, unit, si_unit), unit, si_unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "si_unit", "message"),
    [
        ("kw", "W", 'unit "kw" unknown; did you mean "kW"'),
        ("kms", "m", 'unknown; did you mean "km"'),
        ("km", "kg", 'unit "km" does not measure this; allowed: kg, t, lb, g'),
        ("deg", "1", "does not measure this"),
        ("1", "rad", "does not measure this"),
        ("kg**2", "kg", "does not measure this"),
        ("kg**9", "kg", "unknown"),
        ("__import__('os')", "kg", "unknown"),
        ("m\nm", "m", "unknown"),
        ("", "m", "unknown"),
        ("9" * 60, "m", "unknown"),
    ],
)
def test_wrong_units_are_refused_in_one_line(unit: str, si_unit: str, message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("*", r"\*").replace("(", r"\(")) as caught:
        to_si(1.0, unit, si_unit)
    assert "\n" not in str(caught.value)


@given(st.floats(min_value=-1e300, max_value=1e300), st.sampled_from(UNIT_EXAMPLES))
def test_there_and_back(value: float, unit: str) -> None:
    si_unit = {"dB": "1", "percent": "1"}.get(unit, unit)
    if unit == "dB":
        value = math.remainder(value, 100.0)
    assert from_si(to_si(value, unit, si_unit), unit, si_unit) == pytest.approx(value, rel=1e-9, abs=1e-9)


@given(st.text(max_size=100), st.sampled_from(["m", "rad", "s", "1"]))
def test_any_text_is_a_finite_quantity_or_a_value_error(text: str, si_unit: str) -> None:
    with contextlib.suppress(ValueError):
        assert math.isfinite(parse_quantity(text, si_unit))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("200 km", 200e3), ("200km", 200e3), (" -1.5e3 m ", -1500), ("1_000 m", 1000), (".5 km", 500)],
)
def test_text_with_a_unit_is_read(text: str, expected: float) -> None:
    assert parse_quantity(text, "m") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("200", '"200" has no unit; write for example "200 km"'),
        ("km", "is not a number with a unit"),
        ("", "is not a number with a unit"),
        ("nan km", "is not a number with a unit"),
        ("1e999 km", "not a finite number"),
        ("200 deg", "does not measure this"),
        ("2 0 km", 'unit "0 km" unknown'),
    ],
)
def test_text_that_is_no_quantity_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_quantity(text, "m")


def test_a_sourced_number_keeps_what_was_written() -> None:
    number = Sourced.read(GOOD | {"where": "table 2"}, "m/s")
    assert (number.value, number.low, number.high) == pytest.approx((2800, 2600, 2800))
    assert (number.written, number.written_low, number.unit, number.where) == (2.8, 2.6, "km/s", "table 2")
    assert float(number) == number.value


def test_without_a_range_low_and_high_are_the_value() -> None:
    number = Sourced.read({"value": 5, "unit": "deg", "source": "x", "grade": "official"}, "rad")
    assert number.low == number.value == number.high


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": 3.0}, "low <= value <= high must hold; got low 2.6, value 3, high 2.8"),
        ({"value": "2.8"}, 'value must be a number; got "2.8"'),
        ({"value": True}, "value must be a number; got True"),
        ({"low": math.nan}, "low must be a finite number; got nan"),
        ({"high": math.inf}, "high must be a finite number; got inf"),
        ({"value": 10**400}, "value must be a finite number"),
        ({"grade": "certain"}, 'grade "certain" unknown; allowed: official, reported, derived, assumed'),
        ({"grade": "assumed"}, "an assumed number needs a note"),
        ({"grade": "derived"}, "a derived number needs a note"),
        ({"unit": None}, "unit must be text; got None"),
        ({"sigma": 1}, 'unknown key "sigma"; allowed: value, low'),
        ({"source": "y"}, 'source "y" unknown; allowed'),
    ],
)
def test_a_number_that_does_not_hold_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sourced.read(GOOD | change, "m/s", frozenset({"x"}))


@pytest.mark.parametrize("key", ["value", "unit", "source", "grade"])
def test_a_number_without_unit_source_or_grade_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=f"{key} is missing"):
        Sourced.read({k: v for k, v in GOOD.items() if k != key}, "m/s")
