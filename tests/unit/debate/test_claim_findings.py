from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.debate import Claim, ClaimTest, Debate, Measure, MeasureRow, Speaker, Threshold, load_debate
from equipoise.debate.findings import (
    LEVEL_WORDS,
    NOT_TESTABLE,
    claim_level,
    claim_words,
    finding,
    level_of,
    number,
    row_level,
    words_of,
)
from equipoise.debate.metrics import METRICS
from equipoise.study.claims_file import SIDES, Side

OPPOSITE: dict[Side, Side] = {"above": "at most", "at least": "below", "below": "at least", "at most": "above"}
MIRROR = {"every": "none", "none": "every"}
SAID = {
    "every": re.compile(r"^Supported (under every published figure|in every case) \("),
    "some": re.compile(r"^Supported (under|in) some (published figures|cases) \("),
    "none": re.compile(r"^Supported (under|in) none of the (published figures|cases) \("),
    "open": re.compile(r"^Undecided (under|in) the (published figures|cases) \("),
}


def claims_with_tests() -> list[tuple[Claim, ClaimTest]]:
    return [(claim, test) for claim in load_debate().claims for test in claim.tests]


def measure_of(rows: list[tuple[float, float, float]], unit: str = "1") -> Measure:
    labels = [f"figure {chr(65 + i)}" for i in range(len(rows))]
    made = tuple(MeasureRow(label, *sorted(row)) for label, row in zip(labels, rows, strict=True))
    return Measure(unit, made, ("an input",), "a command", "an interval")


numbers = st.one_of(st.floats(-1e6, 1e6, allow_nan=False), st.sampled_from([0.0, 1.0, 0.01, 0.5, 10.0, 1000.0]))
rows = st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("row", "side", "standing"),
    [
        # Worked out by hand: an interval, a threshold of one, and which side of it is claimed.
        ((2.0, 3.0, 4.0), "above", "holds"),
        ((1.0, 3.0, 4.0), "above", "open"),
        ((1.0, 3.0, 4.0), "at least", "holds"),
        ((0.0, 0.5, 1.0), "above", "fails"),
        ((0.0, 0.5, 1.0), "at least", "open"),
        ((0.0, 0.5, 1.0), "below", "open"),
        ((0.0, 0.5, 1.0), "at most", "holds"),
        ((1.0, 1.0, 1.0), "below", "fails"),
        ((2.0, 3.0, math.inf), "above", "holds"),
    ],
)
def test_an_interval_holds_fails_or_reaches_across(row: tuple[float, float, float], side: Side, standing: str) -> None:
    assert row_level(MeasureRow("x", *row), Threshold(1.0, side, "by hand")) == standing


@pytest.mark.parametrize(
    ("standings", "level"),
    [
        ("hh", "every"),
        ("ff", "none"),
        ("hf", "some"),
        ("ho", "some"),
        ("of", "open"),
        ("oo", "open"),
    ],
)
def test_rows_make_a_level(standings: str, level: str) -> None:
    ends = {"h": (2.0, 2.0, 2.0), "f": (0.0, 0.0, 0.0), "o": (0.0, 1.5, 2.0)}
    measure = measure_of([ends[one] for one in standings])
    threshold = Threshold(1.0, "above", "by hand")
    assert level_of(measure, threshold) == level
    for label, standing in zip("AB", standings, strict=True):
        named = f"figure {label}" in words_of(measure, threshold)
        # A figure is named where some hold and it is one of them, or where it is undecided.
        assert named == (standing == "o" or (standing == "h" and level == "some"))


@settings(max_examples=60, deadline=None)
@given(rows=rows)
def test_the_words_of_every_claim_follow_its_numbers(rows: list[tuple[float, float, float]]) -> None:
    for _, test in claims_with_tests():
        unit = METRICS[test.metric].unit
        found = finding(test, measure_of(rows, unit))
        limit, side = test.threshold.value, test.threshold.side

        def holds(value: float, limit: float = limit, side: str = side) -> bool:
            return {
                "above": value > limit, "at least": value >= limit, "below": value < limit, "at most": value <= limit,
            }[side]  # fmt: skip

        standing = [{holds(value) for value in row} for row in rows]
        expected = (
            "every" if all(one == {True} for one in standing)
            else "none" if all(one == {False} for one in standing)
            else "some" if {True} in standing
            else "open"
        )  # fmt: skip
        assert found.level == expected
        assert SAID[expected].match(found.words)
        assert sum(bool(pattern.match(found.words)) for pattern in SAID.values()) == 1
        assert f"holds if {side} {number(limit, unit)}" in found.words


@settings(max_examples=100, deadline=None)
@given(rows=rows, side=st.sampled_from(SIDES), limit=numbers)
def test_the_claim_turned_round_gets_the_finding_turned_round(
    rows: list[tuple[float, float, float]], side: Side, limit: float
) -> None:
    measure = measure_of(rows)
    one, other = (level_of(measure, Threshold(limit, each, "")) for each in (side, OPPOSITE[side]))
    assert (one, other) in {
        ("every", "none"), ("none", "every"), ("some", "some"), ("open", "open"), ("some", "open"), ("open", "some"),
    }  # fmt: skip
    if one in MIRROR:
        assert other == MIRROR[one]


@settings(max_examples=40, deadline=None)
@given(rows=rows, data=st.data())
def test_the_same_numbers_make_the_same_words_whoever_speaks(
    rows: list[tuple[float, float, float]], data: st.DataObject
) -> None:
    ledger = load_debate()
    claim, test = data.draw(st.sampled_from(claims_with_tests()))
    own = finding(test, measure_of(rows, METRICS[test.metric].unit))
    for speaker in ledger.speakers:
        said = replace(claim, speaker=speaker)
        again = finding(said.tests[claim.tests.index(test)], own.measure)
        assert (again.level, again.words) == (own.level, own.words)
    names = {word for speaker in ledger.speakers for word in (speaker.name, speaker.role, speaker.side)}
    # The labels here name nobody; so does no template.
    assert not [name for name in names if name in own.words]


def test_no_template_names_a_side_or_judges() -> None:
    ledger = load_debate()
    texts = [*LEVEL_WORDS.values(), NOT_TESTABLE]
    for level_rows, rivals in itertools.product(
        ([(2, 2, 2)], [(0, 0, 0)], [(2, 2, 2), (0, 0, 0)], [(0, 1.5, 2)]), ("published figure", "case")
    ):
        measure = replace(measure_of([tuple(map(float, row)) for row in level_rows]), rivals=rivals)  # type: ignore[misc]
        texts.append(words_of(measure, Threshold(1.0, "above", "")))
    for text in texts:
        assert not [one.side for one in ledger.speakers if one.side.lower() in text.lower()]
        assert not re.search(r"\b(true|false|right|wrong|lie|lies|propaganda|honest|justified|legal|illegal)\b", text)


def test_a_claim_has_the_level_of_its_findings_where_they_agree() -> None:
    assert claim_level([]) == "context"
    assert claim_level(["every", "every"]) == "every"
    assert claim_level(["every", "none"]) == "mixed"
    assert claim_words([]) == NOT_TESTABLE


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.258, "share", "26 %"), (0.012, "share", "1.2 %"), (0.0, "share", "0 %"), (-2e-16, "1", "0"),
        (1234.0, "1", "1,234"), (0.0533, "1", "0.0533"), (47.2, "s", "47 s"), (0.0166, "W/m2", "0.017 W/m²"),
        (math.inf, "1", "without end"),
    ],
)  # fmt: skip
def test_numbers_are_written_for_people(value: float, unit: str, words: str) -> None:
    assert number(value, unit) == words


def test_other_sides_are_those_who_are_not_on_the_speakers_own() -> None:
    one = Speaker("a", "A", "somebody", "north")
    claims = tuple(
        Claim(id, replace(one, side=side), "2016", "a paper", None, "words", "speaker", "q", "", (), "why", "all")
        for id, side in (("first", "north"), ("second", "south"), ("third", "north"))
    )
    ledger = Debate("d", "D", "", (one,), (), claims)
    assert [claim.id for claim in ledger.others_on(claims[0])] == ["second"]
    assert [claim.id for claim in ledger.others_on(claims[1])] == ["first", "third"]
