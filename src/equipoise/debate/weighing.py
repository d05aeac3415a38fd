"""Claims weighed: each test of each claim computed, and what came out as plain values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from equipoise.debate.claims import Claim, ClaimTest, Debate, Finding, MeasureRow, Weighed
from equipoise.debate.findings import LEVEL_WORDS, claim_level, claim_words, finding, row_level
from equipoise.debate.metrics import METRICS
from equipoise.debate.runs import StudyRuns
from equipoise.errors import UnknownIdError


def weigh(debate: Debate, runs: StudyRuns, claims: Iterable[Claim] | None = None) -> tuple[Weighed, ...]:
    """Compute what bears on claims.

    Parameters
    ----------
    debate : Debate
        The ledger.
    runs : StudyRuns
        Where studies are run, each once.
    claims : iterable of Claim, optional
        Some of the ledger's; all of them if left out.

    Returns
    -------
    tuple of Weighed
        In their order.
    """
    chosen = debate.claims if claims is None else tuple(claims)
    return tuple(_weighed(claim, runs) for claim in chosen)


def claim_of(debate: Debate, id: str) -> Claim:
    """Return a claim by its id.

    Raises
    ------
    UnknownIdError
        If there is none; the message suggests the nearest.
    """
    for claim in debate.claims:
        if claim.id == id:
            return claim
    raise UnknownIdError.of("claim", id, [claim.id for claim in debate.claims])


def _weighed(claim: Claim, runs: StudyRuns) -> Weighed:
    findings = tuple(_finding(test, runs) for test in claim.tests)
    return Weighed(claim, findings, claim_level([one.level for one in findings]), claim_words(findings))


def _finding(test: ClaimTest, runs: StudyRuns) -> Finding:
    return finding(test, METRICS[test.metric].measure(runs, test.study, test.settings))


def weighed_json(debate: Debate, weighed: Sequence[Weighed]) -> dict[str, Any]:
    """Return claims with what came out as one mapping of plain values.

    Returns
    -------
    dict
        ``claims``, each with its speaker, words, reading, ``level``, ``result`` in words, ``findings`` with their rows,
        ``other_sides`` on the same question, and ``cannot_say``.
    """
    return {
        "ledger": debate.id,
        "title": debate.title,
        "claims": [claim_json(debate, one) for one in weighed],
    }


def claim_json(debate: Debate, weighed: Weighed) -> dict[str, Any]:
    """Return one claim with what came out."""
    claim = weighed.claim
    return {
        "claim": claim.id,
        "speaker": claim.speaker.name,
        "role": claim.speaker.role,
        "side": claim.speaker.side,
        "date": claim.date,
        "outlet": claim.outlet,
        "source": None if claim.source is None else claim.source.id,
        "words": claim.words,
        "whose_words": claim.whose_words,
        "question": claim.question,
        "reading": claim.reading,
        "level": weighed.level,
        "level_words": LEVEL_WORDS[weighed.level],
        "result": weighed.words,
        "context": claim.context or None,
        "findings": [_finding_json(one) for one in weighed.findings],
        "other_sides": [
            {"claim": other.id, "side": other.speaker.side, "words": other.words} for other in debate.others_on(claim)
        ],
        "cannot_say": claim.cannot_say,
    }


def _finding_json(one: Finding) -> dict[str, Any]:
    test, measure = one.test, one.measure
    return {
        "test": test.id,
        "reads": test.reading,
        "study": test.study,
        "metric": test.metric,
        "settings": {name: list(value) if isinstance(value, tuple) else value for name, value in test.settings.items()},
        "unit": measure.unit,
        "threshold": test.threshold.value,
        "holds_if": test.threshold.side,
        "why_this_threshold": test.threshold.why,
        "level": one.level,
        "result": one.words,
        "figures": [{**_row_json(row), "standing": row_level(row, test.threshold)} for row in measure.rows],
        "decided_by": list(measure.decided_by),
        "interval": measure.note,
        "command": measure.command,
    }


def _row_json(row: MeasureRow) -> dict[str, Any]:
    return {
        "figure": row.label,
        **{name: value if math.isfinite(value) else None for name, value in
           (("low", row.low), ("value", row.value), ("high", row.high))},
    }  # fmt: skip
