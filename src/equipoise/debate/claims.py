"""What a claim is, what is measured of it, and what is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from equipoise.catalog.records import Source
from equipoise.study.claims_file import Side

Level = Literal["every", "some", "none", "open"]
# Of a claim: that of its findings where they agree; else "mixed"; "context" where nothing is tested.
ClaimLevel = Literal["every", "some", "none", "open", "mixed", "context"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who spoke: a person or a government, with the role, and whose side of the argument that is."""

    id: str
    name: str
    role: str
    side: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """From where on the measured number bears a reading out.

    Attributes
    ----------
    value : float
        In the unit of the metric.
    side : {"above", "at least", "below", "at most"}
        On which side of it the reading holds.
    why : str
        Why this number; a threshold is a choice, and everybody may take another.
    """

    value: float
    side: Side
    why: str

    def holds(self, number: float) -> bool:
        """Return whether a number bears the reading out."""
        if self.side == "above":
            return number > self.value
        if self.side == "at least":
            return number >= self.value
        return number < self.value if self.side == "below" else number <= self.value


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """One computation that bears on a claim.

    Attributes
    ----------
    id : str
        Unique within the claim.
    study : str
        Bundled id, or path.
    metric : str
        Name in the registry.
    settings : mapping
        What the metric is asked for.
    threshold : Threshold
        Where the reading begins to hold.
    reading : str
        What of the claim this tests.
    """

    id: str
    study: str
    metric: str
    settings: Mapping[str, Any]
    threshold: Threshold
    reading: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's dated, attributed, quoted words, and what of them can be tested.

    Attributes
    ----------
    date, outlet : str
        When and where it was published; ``date`` to the day, month or year.
    source : Source or None
        The reference; None where only the list of claims has it.
    words : str
        At most 300 characters.
    whose_words : {"speaker", "outlet"}
        Whether the quotation is the speaker's own or the outlet's wording.
    reading : str
        The testable reading, or what the claim would be about.
    tests : tuple of ClaimTest
        Empty for a claim that no model can test.
    context : str
        Why it is recorded as context; empty for one that is tested.
    cannot_say : str
        What the model cannot say of it.
    """

    id: str
    speaker: Speaker
    date: str
    outlet: str
    source: Source | None
    words: str
    whose_words: Literal["speaker", "outlet"]
    question: str
    reading: str
    tests: tuple[ClaimTest, ...]
    context: str
    cannot_say: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the debate: what it asks, which figures bear on it, and how they come about."""

    id: str
    title: str
    asks: str
    figures: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Debate:
    """The ledger: speakers, questions and claims, each question's claims in the order of the file."""

    id: str
    title: str
    summary: str
    speakers: tuple[Speaker, ...]
    questions: tuple[Question, ...]
    claims: tuple[Claim, ...]

    def claims_on(self, question: str) -> tuple[Claim, ...]:
        """Return the claims on one question."""
        return tuple(claim for claim in self.claims if claim.question == question)

    def others_on(self, claim: Claim) -> tuple[Claim, ...]:
        """Return what other sides have said on the same question."""
        return tuple(one for one in self.claims_on(claim.question) if one.speaker.side != claim.speaker.side)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A metric under one published figure, with the interval that the other inputs leave it.

    Attributes
    ----------
    label : str
        The figure: ``870 km (Lewis and Postol 2012)``.
    low, value, high : float
        In the unit of the metric; all the same where no interval was worked out.
    """

    label: str
    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric, under each of the rival published figures.

    Attributes
    ----------
    unit : str
        ``"share"`` for a number between nothing and all, ``"1"`` for ratios and counts.
    rows : tuple of MeasureRow
        One for each figure.
    decided_by : tuple of str
        The inputs that decide it: those that the rows differ by, and those that the intervals span.
    command : str
        What computes it.
    note : str
        What the interval is.
    rivals : {"published figure", "case"}
        What the rows are: figures that somebody has published, or cases that the study makes.
    """

    unit: str
    rows: tuple[MeasureRow, ...]
    decided_by: tuple[str, ...]
    command: str
    note: str
    rivals: Literal["published figure", "case"] = "published figure"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one test came to."""

    test: ClaimTest
    measure: Measure
    level: Level
    words: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A claim with what its tests came to."""

    claim: Claim
    findings: tuple[Finding, ...]
    level: ClaimLevel
    words: str
