"""How sure a mean or a share is after so many runs: the error of throwing dice, nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.arrays import FloatArray, IntArray
from equipoise.errors import InputError

LEVEL = 0.95
QUANTILES = (0.05, 0.5, 0.95)
_NORMAL = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """A number worked out from runs, with the interval of 95 % that more runs would narrow."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the interval."""
        return 0.5 * (self.high - self.low)

    def scaled(self, factor: float) -> Estimate:
        """Return the estimate in another unit."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor)


def share(count: int, runs: int) -> Estimate:
    """Return a probability from how often something happened, with Wilson's interval.

    Parameters
    ----------
    count, runs : int
        How often, out of how many.

    Raises
    ------
    InputError
        If the count does not lie in [0, runs], or there is no run.

    Notes
    -----
    The score interval: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", *Journal
    of the American Statistical Association* 22 (1927) 209-212. It holds near 0 and 1, where mean plus or minus sigma
    does not.
    """
    if not 0 <= count <= runs or runs < 1:
        raise InputError(f"count must lie in [0, {runs}] and runs be 1 or more; got {count}")
    z2 = _NORMAL * _NORMAL
    p = count / runs
    middle = (p + z2 / (2 * runs)) / (1.0 + z2 / runs)
    half = _NORMAL / (1.0 + z2 / runs) * math.sqrt(p * (1.0 - p) / runs + z2 / (4.0 * runs * runs))
    return Estimate(p, 0.0 if count == 0 else middle - half, 1.0 if count == runs else middle + half)


def mean(total: float, squares: float, runs: int) -> Estimate:
    """Return a mean from the sum over runs and the sum of squares, with the normal interval.

    Parameters
    ----------
    total, squares : float
        Sum of the values, and of their squares.
    runs : int
        How many, 1 or more. From one run alone nothing is known of the spread: the interval has no width then.
    """
    if runs < 1:
        raise InputError(f"runs must be 1 or more; got {runs}")
    value = total / runs
    if runs == 1:
        return Estimate(value, value, value)
    variance = max(squares - total * value, 0.0) / (runs - 1)
    half = _NORMAL * math.sqrt(variance / runs)
    return Estimate(value, value - half, value + half)


def histogram_mean(counts: IntArray) -> Estimate:
    """Return the mean of whole numbers 0, 1, ... that came up so many times each, (n,)."""
    values = np.arange(len(counts))
    return mean(float(counts @ values), float(counts @ (values * values)), int(counts.sum()))


def histogram_quantiles(counts: IntArray) -> tuple[int, int, int]:
    """Return the 5, 50 and 95 per cent points of whole numbers 0, 1, ... that came up so many times each, (n,)."""
    runs = int(counts.sum())
    below = np.cumsum(counts)
    low, middle, high = (int(np.searchsorted(below, math.ceil(q * runs - 1e-9), side="left")) for q in QUANTILES)
    return low, middle, high


def band(values: FloatArray) -> tuple[float, float, float]:
    """Return the 5, 50 and 95 per cent points of draws, (n,)."""
    low, middle, high = (float(np.quantile(values, q)) for q in QUANTILES)
    return low, middle, high
