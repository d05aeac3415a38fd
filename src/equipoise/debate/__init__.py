"""Claims: what was said, by whom, and the computation that bears on it. Never a verdict on motives, law or policy."""

from __future__ import annotations

from equipoise.debate.claims import (
    Claim,
    ClaimTest,
    Debate,
    Finding,
    Measure,
    MeasureRow,
    Question,
    Speaker,
    Threshold,
    Weighed,
)
from equipoise.debate.reading import load_debate
from equipoise.debate.runs import StudyRuns
from equipoise.debate.weighing import weigh, weighed_json

__all__ = [
    "Claim",
    "ClaimTest",
    "Debate",
    "Finding",
    "Measure",
    "MeasureRow",
    "Question",
    "Speaker",
    "StudyRuns",
    "Threshold",
    "Weighed",
    "load_debate",
    "weigh",
    "weighed_json",
]
