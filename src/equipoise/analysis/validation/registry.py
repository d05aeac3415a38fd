"""Every authority, in the order of the page, and what runs them.

A further authority is a module of its own with an ``AUTHORITY``, and its line in ``AUTHORITIES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from equipoise.analysis.validation import (
    flight_times,
    forden_2007,
    horizons,
    independent_shots,
    layered_defence,
    least_energy,
    radar_ranges,
    radiation,
    range_equation,
    reported_apogees,
    standard_atmosphere,
    standard_ranges,
    tuned_ranges,
)
from equipoise.analysis.validation.comparison import VERDICTS, Authority, Comparison, Verdict

AUTHORITIES: tuple[Authority, ...] = (
    forden_2007.AUTHORITY,
    flight_times.AUTHORITY,
    standard_ranges.AUTHORITY,
    reported_apogees.AUTHORITY,
    tuned_ranges.AUTHORITY,
    radar_ranges.AUTHORITY,
    radiation.AUTHORITY,
    layered_defence.AUTHORITY,
    standard_atmosphere.AUTHORITY,
    least_energy.AUTHORITY,
    range_equation.AUTHORITY,
    horizons.AUTHORITY,
    independent_shots.AUTHORITY,
)


def validate(progress: Callable[[str, float], None] | None = None) -> tuple[Comparison, ...]:
    """Compute ours for every published result and set them beside theirs.

    Parameters
    ----------
    progress : callable, optional
        Called with what is being done and the share of the whole that is done, 0 to 1.

    Returns
    -------
    tuple of Comparison
        In the order of :data:`AUTHORITIES`; misses included.
    """
    comparisons: list[Comparison] = []
    for done, authority in enumerate(AUTHORITIES):
        if progress is not None:
            progress(authority.title, done / len(AUTHORITIES))
        comparisons += authority.compare()
    return tuple(comparisons)


def count(comparisons: Iterable[Comparison]) -> dict[Verdict, int]:
    """Count the verdicts; each is a key, zero or not."""
    verdicts = [comparison.verdict for comparison in comparisons]
    return {verdict: verdicts.count(verdict) for verdict in VERDICTS}


def grouped(comparisons: Iterable[Comparison]) -> tuple[tuple[Authority, tuple[Comparison, ...]], ...]:
    """Return each authority with its comparisons, in the order in which they come."""
    known = {authority.id: authority for authority in AUTHORITIES}
    return tuple((known[id], tuple(group)) for id, group in groupby(comparisons, key=lambda each: each.authority))
