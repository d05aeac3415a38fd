"""Comparisons with published results as people and programs read them: cells of a table, and one JSON object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from equipoise.analysis.validation import KINDS, Comparison, Kind, Published, Verdict, count, grouped
from equipoise.catalog import load_catalog
from equipoise.present.provenance import plain_number

COLUMNS = ("case", "quantity", "unit", "theirs", "ours", "difference", "tolerance", "verdict", "source")
NUMERIC_COLUMNS = (3, 4, 5, 6)

VERDICT_WORDS: dict[Verdict, str] = {
    "met": "ours lies within the tolerance",
    "missed": "it does not",
    "tuned": "it does, because something in the model was set to it: no success",
}
KIND_WORDS: dict[Kind, str] = {
    "published": "results of other authors",
    "reported": "what flew, as reported",
    "theory": "closed forms, and standards that the model implements",
}

_DIGITS = 5
_NOTHING_BUT_ROUNDING = 1e-9


def short_number(value: float) -> str:
    """Write a number with five significant digits, thousands with commas.

    Examples
    --------
    >>> short_number(98.12345), short_number(2111.5), short_number(1234567.0)
    ('98.123', '2,111.5', '1,234,600')
    """
    return plain_number(float(f"{value:.{_DIGITS}g}"))


def theirs_text(theirs: Published) -> str:
    """Return a number, a band or a bound in words."""
    if theirs.low is None:
        return f"at most {short_number(theirs.high)}" if theirs.high is not None else ""
    if theirs.high is None:
        return f"at least {short_number(theirs.low)}"
    if theirs.low == theirs.high:
        return short_number(theirs.low)
    return f"{short_number(theirs.low)} to {short_number(theirs.high)}"


def difference_text(comparison: Comparison) -> str:
    """Return ours less theirs: per cent where the tolerance is a share, an amount in the unit where it is one."""
    nearest = comparison.theirs.nearest_to(comparison.ours)
    if comparison.tolerance.relative and not comparison.tolerance.absolute and nearest:
        share = comparison.difference / abs(nearest)
        return "0" if abs(share) < _NOTHING_BUT_ROUNDING else re.sub(r"[-+](0\.00 )", r"\1", f"{100.0 * share:+.2f} %")
    if abs(comparison.difference) < _NOTHING_BUT_ROUNDING:
        return "0"
    return f"{comparison.difference:+.2g}"


def tolerance_text(comparison: Comparison) -> str:
    """Return the tolerance as it is stated: a share, an amount, or both."""
    tolerance = comparison.tolerance
    parts = []
    if tolerance.relative:
        parts.append("rounding" if tolerance.relative < _NOTHING_BUT_ROUNDING else f"{100.0 * tolerance.relative:g} %")
    if tolerance.absolute:
        exact = tolerance.absolute <= _NOTHING_BUT_ROUNDING
        unit = {"1": "", "%": " points"}.get(comparison.unit, f" {comparison.unit}")
        parts.append("exact" if exact else f"{tolerance.absolute:g}{unit}")
    return " + ".join(parts)


def cells(comparison: Comparison) -> tuple[str, ...]:
    """Return one row of a table, in the order of :data:`COLUMNS`."""
    return (
        comparison.case,
        comparison.quantity,
        "" if comparison.unit == "1" else comparison.unit,
        theirs_text(comparison.theirs),
        short_number(comparison.ours),
        difference_text(comparison),
        tolerance_text(comparison),
        comparison.verdict,
        comparison.source,
    )


def remarks(comparisons: Iterable[Comparison]) -> tuple[tuple[str, str], ...]:
    """Return the reason of each tolerance, what was tuned, and the notes, each once: what about, and the words."""
    found: dict[tuple[str, str], None] = {}
    for each in comparisons:
        found[(f"tolerance {tolerance_text(each)}", each.tolerance.reason)] = None
    for each in comparisons:
        if each.tuned:
            found[("tuned", " ".join(each.tuned.split()))] = None
    for each in comparisons:
        if each.note:
            found[(each.case, each.note)] = None
    return tuple(found)


def counts_text(comparisons: Iterable[Comparison]) -> str:
    """Return how many are met, missed and tuned, those that are not none."""
    return ", ".join(f"{number} {verdict}" for verdict, number in count(comparisons).items() if number) or "none"


def verdict_line(comparisons: Sequence[Comparison]) -> str:
    """Return all counts in one line, then those of each kind of authority."""
    kinds = by_kind(comparisons)
    parts = "; ".join(f"{kind}: {counts_text(kinds[kind])}" for kind in KINDS if kinds[kind])
    return f"{len(comparisons)} comparisons: {counts_text(comparisons)} ({parts})"


def by_kind(comparisons: Sequence[Comparison]) -> dict[Kind, list[Comparison]]:
    """Return the comparisons of each kind of authority."""
    found: dict[Kind, list[Comparison]] = {kind: [] for kind in KINDS}
    for authority, group in grouped(comparisons):
        found[authority.kind] += group
    return found


def validation_answer(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    """Return everything as one object for JSON; each row names the unit of its numbers.

    Parameters
    ----------
    comparisons : sequence of Comparison
        From :func:`equipoise.analysis.validation.validate`.

    Returns
    -------
    dict
        ``counts`` (all and by kind), ``authorities``, ``comparisons`` and the ``sources`` that they name.
    """
    sources = load_catalog().sources
    cited = sorted({each.source for each in comparisons})
    return {
        "counts": {**count(comparisons), "comparisons": len(comparisons)},
        "counts_by_kind": {kind: count(group) for kind, group in by_kind(comparisons).items()},
        "verdicts": dict(VERDICT_WORDS),
        "authorities": [
            {
                "id": authority.id,
                "title": authority.title,
                "kind": authority.kind,
                "about": authority.about,
                "counts": count(group),
            }
            for authority, group in grouped(comparisons)
        ],
        "comparisons": [_row(each) for each in comparisons],
        "sources": {id: sources[id].model_dump(exclude={"id"}) for id in cited},
    }


def _row(each: Comparison) -> dict[str, Any]:
    return {
        "authority": each.authority,
        "source": each.source,
        "case": each.case,
        "quantity": each.quantity,
        "unit": each.unit,
        "theirs": each.theirs.central,
        "theirs_low": each.theirs.low,
        "theirs_high": each.theirs.high,
        "ours": each.ours,
        "difference": each.difference,
        "tolerance": each.allowed,
        "tolerance_percent": 100.0 * each.tolerance.relative,
        "tolerance_reason": each.tolerance.reason,
        "miss": each.miss,
        "tuned": " ".join(each.tuned.split()),
        "note": each.note,
        "verdict": each.verdict,
    }
