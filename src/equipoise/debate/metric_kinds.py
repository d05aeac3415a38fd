"""What a metric may be asked for, and the choices that a study leaves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.study import AnyStudy


@dataclass(frozen=True)
class Setting:
    """One thing that a metric is asked for.

    Attributes
    ----------
    words : str
        What it is.
    choices : callable or None
        Gives what a study allows; None for a number.
    needed : bool
        Whether it may be left out.
    low, high : float
        Of a number.
    """

    words: str
    choices: Callable[[Any], Sequence[str]] | None = None
    needed: bool = True
    low: float = -math.inf
    high: float = math.inf

    def allowed(self, study: AnyStudy) -> tuple[str, ...] | None:
        """Return the values that a study allows; None for a number."""
        return None if self.choices is None else tuple(self.choices(study))
