from __future__ import annotations

import math

import pytest

from equipoise.analysis.validation import Comparison, Published, Tolerance, count
from equipoise.errors import InputError


def comparison(
    theirs: Published, ours: float, *, relative: float = 0.0, absolute: float = 0.0, tuned: str = ""
) -> Comparison:
    tolerance = Tolerance(relative, absolute, "a reason")
    return Comparison("someone", "team", "a case", "range", "km", theirs, ours, tolerance, tuned)


@pytest.mark.parametrize(
    ("theirs", "ours", "difference", "miss", "verdict"),
    [
        # a number, within 10 %
        (Published.number(100.0), 110.0, 10.0, 0.0, "met"),
        (Published.number(100.0), 90.0, -10.0, 0.0, "met"),
        (Published.number(100.0), 113.0, 13.0, 3.0, "missed"),
        (Published.number(100.0), 85.0, -15.0, -5.0, "missed"),
        (Published.number(-100.0), -111.0, -11.0, -1.0, "missed"),
        # a band: nothing to explain inside it, its nearest end counts outside
        (Published.band(100.0, 200.0), 150.0, 0.0, 0.0, "met"),
        (Published.band(100.0, 200.0), 219.0, 19.0, 0.0, "met"),
        (Published.band(100.0, 200.0), 225.0, 25.0, 5.0, "missed"),
        (Published.band(100.0, 200.0), 85.0, -15.0, -5.0, "missed"),
        # "at least" is met by anything above, "at most" by anything below
        (Published.at_least(100.0), 1e6, 0.0, 0.0, "met"),
        (Published.at_least(100.0), 95.0, -5.0, 0.0, "met"),
        (Published.at_least(100.0), 80.0, -20.0, -10.0, "missed"),
        (Published.at_most(100.0), -1e6, 0.0, 0.0, "met"),
        (Published.at_most(100.0), 115.0, 15.0, 5.0, "missed"),
    ],
)
def test_verdict_and_miss(theirs: Published, ours: float, difference: float, miss: float, verdict: str) -> None:
    found = comparison(theirs, ours, relative=0.1)
    assert found.difference == pytest.approx(difference)
    assert found.miss == pytest.approx(miss)
    assert found.verdict == verdict


def test_share_and_amount_of_a_tolerance_add_up() -> None:
    assert comparison(Published.number(100.0), 106.0, relative=0.05, absolute=1.0).verdict == "met"
    assert comparison(Published.number(100.0), 106.1, relative=0.05, absolute=1.0).verdict == "missed"
    assert comparison(Published.number(0.0), 0.5, absolute=1.0).allowed == 1.0


def test_what_was_tuned_is_no_success_and_can_be_missed() -> None:
    assert comparison(Published.number(100.0), 100.0, relative=0.1, tuned="the mass").verdict == "tuned"
    assert comparison(Published.number(100.0), 150.0, relative=0.1, tuned="the mass").verdict == "missed"


def test_no_answer_is_a_miss() -> None:
    for theirs in (Published.number(1.0), Published.band(1.0, 2.0), Published.at_least(1.0)):
        assert comparison(theirs, math.nan, relative=0.1).verdict == "missed"
    assert comparison(Published.number(1.0), math.inf, relative=0.1).verdict == "missed"


def test_the_central_value_is_the_number_or_the_middle() -> None:
    assert Published.number(3.0).central == 3.0
    assert Published.band(1.0, 2.0).central == 1.5
    assert Published.at_least(1.0).central is None


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("10000", "", Published.at_least(10000.0)),
        ("", "7000", Published.at_most(7000.0)),
        ("4500", "4500", Published.number(4500.0)),
        ("3180", "3240", Published.band(3180.0, 3240.0)),
    ],
)
def test_cells_of_a_table_are_read_as_they_are_meant(low: str, high: str, expected: Published) -> None:
    assert Published.of_cells(low, high) == expected


@pytest.mark.parametrize(
    "build",
    [
        lambda: Published(None, None),
        lambda: Published.band(2.0, 1.0),
        lambda: Tolerance(0.0, 0.0, "a reason"),
        lambda: Tolerance(-0.1, 0.2, "a reason"),
        lambda: Tolerance(0.1, 0.0, " "),
    ],
)
def test_what_says_nothing_is_refused(build: object) -> None:
    with pytest.raises(InputError, match="must"):
        build()  # type: ignore[operator]


def test_each_verdict_is_counted() -> None:
    rows = [
        comparison(Published.number(1.0), 1.0, relative=0.1),
        comparison(Published.number(1.0), 1.0, relative=0.1),
        comparison(Published.number(1.0), 2.0, relative=0.1),
    ]
    assert count(rows) == {"met": 2, "missed": 1, "tuned": 0}
