"""How a number is put into words: fixed templates, by how the rows of a measure lie to the threshold.

A row *holds* where its whole interval lies on the side on which the reading holds, *fails* where the whole of it lies
on the other, and is *open* where it reaches across. All rows hold: ``every``. All fail: ``none``. At least one holds,
not all: ``some``. None holds and at least one is open: ``open``.

The templates have slots for numbers, units and names of figures. None of them has a slot for a speaker or a side, so
that the same numbers make the same sentence whoever said the words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from equipoise.debate.claims import ClaimLevel, ClaimTest, Finding, Level, Measure, MeasureRow, Threshold

LEVEL_WORDS: dict[ClaimLevel, str] = {
    "every": "supported under every published figure",
    "some": "supported under some published figures",
    "none": "supported under none of the published figures",
    "open": "undecided: the intervals reach across the threshold",
    "mixed": "its tests come out differently",
    "context": "not testable: recorded as context",
}
NOT_TESTABLE = "Not testable; recorded as context."
MOST_NAMED = 8
# What is left of sums that come to nothing.
_NOTHING = 1e-12


def row_level(row: MeasureRow, threshold: Threshold) -> str:
    """Return how one row lies to a threshold: ``holds``, ``fails`` or ``open``."""
    ends = (threshold.holds(row.low), threshold.holds(row.value), threshold.holds(row.high))
    if all(ends):
        return "holds"
    return "open" if any(ends) else "fails"


def level_of(measure: Measure, threshold: Threshold) -> Level:
    """Return how the rows of a measure lie to a threshold."""
    levels = [row_level(row, threshold) for row in measure.rows]
    if all(level == "holds" for level in levels):
        return "every"
    if all(level == "fails" for level in levels):
        return "none"
    return "some" if "holds" in levels else "open"


def finding(test: ClaimTest, measure: Measure) -> Finding:
    """Put a measure beside its threshold.

    Parameters
    ----------
    test : ClaimTest
        The test.
    measure : Measure
        What was measured; at least one row.
    """
    level = level_of(measure, test.threshold)
    return Finding(test, measure, level, words_of(measure, test.threshold))


def words_of(measure: Measure, threshold: Threshold) -> str:
    """Return the sentence of a finding: the level, the span of the number, the threshold, and which figures do what."""
    by_level: dict[str, list[str]] = {"holds": [], "open": [], "fails": []}
    for row in measure.rows:
        by_level[row_level(row, threshold)].append(row.label)
    level = level_of(measure, threshold)
    span = _span(measure)
    holds = f"holds if {threshold.side} {number(threshold.value, measure.unit)}"
    many = len(measure.rows)
    every, plural, under = (
        ("every published figure", "published figures", "under")
        if measure.rivals == "published figure"
        else ("every case", "cases", "in")
    )
    if level == "every":
        return f"Supported {under} {every} ({many}): {span}; {holds}."
    if level == "none":
        return f"Supported {under} none of the {plural} ({many}): {span}; {holds}."
    open_words = f" Undecided with {_named(by_level['open'])}." if by_level["open"] else ""
    if level == "open":
        return f"Undecided {under} the {plural} ({many}): {span}; {holds}.{open_words}"
    return (
        f"Supported {under} some {plural} ({len(by_level['holds'])} of {many}): those with "
        f"{_named(by_level['holds'])}; {span}; {holds}.{open_words}"
    )


def claim_level(levels: Sequence[Level]) -> ClaimLevel:
    """Return the level of a claim: that of its findings where they agree."""
    if not levels:
        return "context"
    return levels[0] if len(set(levels)) == 1 else "mixed"


def claim_words(findings: Sequence[Finding]) -> str:
    """Return what is said of a claim: each of its findings after what it tests."""
    if not findings:
        return NOT_TESTABLE
    if len(findings) == 1:
        return findings[0].words
    return " ".join(f"{one.test.reading.rstrip('.')}: {one.words[0].lower()}{one.words[1:]}" for one in findings)


def number(value: float, unit: str) -> str:
    """Write a number for people: shares in per cent, seconds whole, ratios with three digits."""
    value = 0.0 if abs(value) < _NOTHING else value
    if math.isinf(value):
        return "without end" if value > 0 else "without beginning"
    if unit == "share":
        percent = 100.0 * value
        return f"{percent:.0f} %" if abs(percent) >= 10.0 or percent == 0.0 else f"{percent:.2g} %"
    if unit == "1":
        return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"
    text = f"{value:,.0f}" if abs(value) >= 10.0 else f"{value:.2g}"
    return f"{text} {unit.replace('m2', 'm²')}"


def row_words(row: MeasureRow, unit: str) -> str:
    """Write a row's number with its interval, where it has one."""
    value = number(row.value, unit)
    if row.low == row.high:
        return value
    return f"{value} ({number(row.low, unit)} to {number(row.high, unit)})"


def _span(measure: Measure) -> str:
    low, high = min(row.low for row in measure.rows), max(row.high for row in measure.rows)
    if low == high:
        return number(low, measure.unit)
    return f"{number(low, measure.unit)} to {number(high, measure.unit)}"


def _named(labels: Sequence[str]) -> str:
    if len(labels) > MOST_NAMED:
        return f"{'; '.join(labels[:MOST_NAMED])}; and {len(labels) - MOST_NAMED} more"
    return "; ".join(labels)
