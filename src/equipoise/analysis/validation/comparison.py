"""One published result beside ours: what both are, how far apart they may be, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from equipoise.errors import InputError

Verdict = Literal["met", "missed", "tuned"]
Kind = Literal["published", "reported", "theory"]
VERDICTS: tuple[Verdict, ...] = ("met", "missed", "tuned")
KINDS: tuple[Kind, ...] = ("published", "reported", "theory")


@dataclass(frozen=True, slots=True)
class Published:
    """A value as somebody gives it: a number, a band, or a bound to one side.

    Parameters
    ----------
    low, high : float or None
        The ends; equal for a number, None where there is no bound on that side.
    """

    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        """Refuse a value that says nothing."""
        if self.low is None and self.high is None:
            raise InputError("low, high: must not both be missing")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise InputError(f"low must not be above high; got {self.low} and {self.high}")

    @classmethod
    def number(cls, value: float) -> Published:
        """Return a single number."""
        return cls(value, value)

    @classmethod
    def band(cls, low: float, high: float) -> Published:
        """Return a band; anything inside it agrees."""
        return cls(low, high)

    @classmethod
    def at_least(cls, low: float) -> Published:
        """Return a lower bound, as in "10,000 km and more"."""
        return cls(low, None)

    @classmethod
    def at_most(cls, high: float) -> Published:
        """Return an upper bound, as in "as much as 7,000 km"."""
        return cls(None, high)

    @classmethod
    def of_cells(cls, low: str, high: str) -> Published:
        """Read two cells of an authority's table; an empty one is no bound."""
        return cls(float(low) if low else None, float(high) if high else None)

    @property
    def central(self) -> float | None:
        """The number, or the middle of a band; None for a bound to one side."""
        return None if self.low is None or self.high is None else (self.low + self.high) / 2.0

    def nearest_to(self, value: float) -> float:
        """Return the point of the band that is nearest to a value."""
        if self.low is not None and value < self.low:
            return self.low
        if self.high is not None and value > self.high:
            return self.high
        return value


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far ours may lie from theirs: a share of theirs and an amount, which add up.

    Parameters
    ----------
    relative : float
        Share of the published value.
    absolute : float
        Amount in the unit of the comparison.
    reason : str
        One line: why this much.
    """

    relative: float = 0.0
    absolute: float = 0.0
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a tolerance that allows nothing, or anything, and one without a reason."""
        if self.relative < 0.0 or self.absolute < 0.0 or self.relative + self.absolute == 0.0:
            raise InputError(f"tolerance must be above 0; got {self.relative} of the value and {self.absolute}")
        if not self.reason.strip():
            raise InputError("tolerance: must say its reason; got none")

    def around(self, value: float) -> float:
        """Return the allowed distance from a published value, in its unit."""
        return self.relative * abs(value) + self.absolute


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published result and ours.

    Parameters
    ----------
    authority : str
        Id of the :class:`Authority` that it belongs to.
    source : str
        Id of the reference in ``sources.yaml``.
    case, quantity, unit : str
        Which case, what of it, in which unit; ``"1"`` for a ratio.
    theirs : Published
        As published.
    ours : float
        As computed, in the same unit.
    tolerance : Tolerance
        How far apart they may be, and why.
    tuned : str
        What of the model was set to make this agree; empty where nothing was. Such a row is no success.
    note : str
        How ours was computed, where the case does not say it.
    """

    authority: str
    source: str
    case: str
    quantity: str
    unit: str
    theirs: Published
    ours: float
    tolerance: Tolerance
    tuned: str = ""
    note: str = ""

    @property
    def difference(self) -> float:
        """Ours less the nearest value of theirs; 0 inside a band or beyond a bound in its sense."""
        return self.ours - self.theirs.nearest_to(self.ours)

    @property
    def allowed(self) -> float:
        """The tolerance at that value, in the unit."""
        return self.tolerance.around(self.theirs.nearest_to(self.ours))

    @property
    def agrees(self) -> bool:
        """Whether ours lies within the tolerance; never for a NaN."""
        return abs(self.difference) <= self.allowed

    @property
    def miss(self) -> float:
        """How far ours lies beyond the tolerance, with its sign; 0 where it agrees."""
        if self.agrees:
            return 0.0
        return self.difference - self.allowed if self.difference > 0.0 else self.difference + self.allowed

    @property
    def verdict(self) -> Verdict:
        """``missed`` outside the tolerance; inside it ``tuned`` if the model was set to agree, else ``met``."""
        if not self.agrees:
            return "missed"
        return "tuned" if self.tuned else "met"


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody whose results we hold the model against.

    Parameters
    ----------
    id, title : str
        Name in JSON and anchors; heading.
    kind : str
        ``published``: results of others; ``reported``: what flew, as reported; ``theory``: closed forms, and standards
        that the model implements, where agreement shows only that the program does what it says.
    about : str
        What is compared and how, in a sentence or two.
    compare : callable
        Computes ours and returns the comparisons.
    """

    id: str
    title: str
    kind: Kind
    about: str
    compare: Callable[[], Iterable[Comparison]]
