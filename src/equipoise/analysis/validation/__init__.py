"""The model held against published results: one module an authority, one registry, one function that runs them all."""

from __future__ import annotations

from equipoise.analysis.validation.comparison import (
    KINDS,
    VERDICTS,
    Authority,
    Comparison,
    Kind,
    Published,
    Tolerance,
    Verdict,
)
from equipoise.analysis.validation.registry import AUTHORITIES, count, grouped, validate

__all__ = [
    "AUTHORITIES",
    "KINDS",
    "VERDICTS",
    "Authority",
    "Comparison",
    "Kind",
    "Published",
    "Tolerance",
    "Verdict",
    "count",
    "grouped",
    "validate",
]
