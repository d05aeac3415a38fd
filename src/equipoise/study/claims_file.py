"""The shape of a file of claims."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from equipoise.catalog.records import Date, FileModel, Id, Source, Text, field_error
from equipoise.catalog.wording import shown

MOST_LETTERS = 300
Side = Literal["above", "at least", "below", "at most"]
SIDES: tuple[Side, ...] = get_args(Side)
Quotation = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS, description="at most 300 characters")]
Setting = str | int | float | tuple[str, ...]


class SpeakerFile(FileModel):
    """A person or a government, with the role, and whose side of the argument that is."""

    id: Id
    name: Text
    role: Text
    side: Text


class QuestionFile(FileModel):
    """A question of the debate."""

    id: Id
    title: Text
    asks: Text
    figures: tuple[Id, ...] = Field(default=(), max_length=12)
    method: Text


class ThresholdFile(FileModel):
    """From where on the reading holds: one of the four sides, with a number and its unit, and why."""

    above: Text | None = None
    at_least: Text | None = None
    below: Text | None = None
    at_most: Text | None = None
    why: Text

    def given(self) -> list[tuple[Side, str]]:
        """Return the sides that are given, with their numbers."""
        pairs = [(side, getattr(self, side.replace(" ", "_"))) for side in SIDES]
        return [(side, text) for side, text in pairs if text is not None]


class ClaimTestFile(FileModel):
    """One computation that bears on a claim."""

    id: Id | None = Field(default=None, description="the metric's name if left out")
    study: Text = Field(description="a bundled study, or the path of one")
    metric: Id
    settings: dict[str, Setting] = Field(default_factory=dict, max_length=8)
    holds: ThresholdFile
    reading: Text


class ClaimFile(FileModel):
    """Somebody's dated, attributed, quoted words, and what of them can be tested."""

    id: Id
    speaker: Id
    date: Date = Field(min_length=4)
    outlet: Text
    source: Id | None = None
    words: Quotation
    whose_words: Literal["speaker", "outlet"]
    question: Id
    reading: Text
    tests: tuple[ClaimTestFile, ...] = Field(default=(), max_length=12)
    context: Text | None = Field(default=None, description="why no model can test it; instead of tests")
    cannot_say: Text

    @model_validator(mode="before")
    @classmethod
    def _count_letters(cls, data: Any) -> Any:
        words = data.get("words") if isinstance(data, dict) else None
        if isinstance(words, str) and len(words) > MOST_LETTERS:
            raise field_error(
                "words", f"got {len(words)} characters, {shown(words, 40)}; allowed: at most {MOST_LETTERS}"
            )
        return data

    @model_validator(mode="after")
    def _check_tests_or_context(self) -> Self:
        if bool(self.tests) == (self.context is not None):
            got = "both" if self.tests else "neither"
            raise field_error("tests", f"got {got} tests and context; allowed: one of the two")
        return self


class DebateFile(FileModel):
    """A ledger of claims; speakers, questions and sources of the bundled one may be named without being repeated."""

    kind: Literal["debate"]
    id: Id
    title: Text
    summary: Text
    sources: tuple[Source, ...] = Field(default=(), max_length=200)
    speakers: tuple[SpeakerFile, ...] = Field(default=(), max_length=200)
    questions: tuple[QuestionFile, ...] = Field(default=(), max_length=50)
    claims: tuple[ClaimFile, ...] = Field(min_length=1, max_length=200)
