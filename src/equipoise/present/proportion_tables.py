"""What a study's threats ask for beside what its battery has, as tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from equipoise.present.report import WrittenTable
from equipoise.present.scene import threat_name

if TYPE_CHECKING:
    from equipoise.analysis.proportion import ClassNeeds, ProportionResults, Spread


def spread_km(spread: Spread) -> str:
    """Write the most over arcs with the least and the middle: ``731 (228, 456)``; a dash where there are none."""
    if math.isnan(spread.most):
        return "–"
    return f"{spread.most / 1e3:,.0f} ({spread.least / 1e3:,.0f}, {spread.middle / 1e3:,.0f})"


def needs_table(results: ProportionResults) -> WrittenTable:
    """Return what each class asks for."""
    rows = tuple(
        (
            threat_name(one.threat),
            f"{one.within_limits} of {one.arcs}",
            spread_km(one.radar_needed_m),
            _most_between(one),
            spread_km(one.farthest_coasting_m),
            spread_km(one.ground_needed_m),
            spread_km(one.apogee_m),
        )
        for one in results.classes
    )
    caption = (
        "Over the arcs from the launch areas onto the places: the most, and in brackets the least and the middle. "
        "Radar range: at which the radar must first see the missile so that the last interceptor that meets it can be "
        "launched; then the most at the ends of the battery's own speed and delays. Farthest after thrust: sight "
        "beyond it sees the missile only while it is driven. Ground range: the least at which the missile lies between "
        "the interceptor's lowest and highest altitude."
    )
    columns = (
        "Class", "arcs that can be met", "radar range asked for, km", "over the battery's numbers, km",
        "farthest after thrust, km",
        "ground range asked for, km", "apogee, km",
    )  # fmt: skip
    return WrittenTable(caption, columns, rows)


def _most_between(needs: ClassNeeds) -> str:
    ends = (needs.radar_needed_low_m.most, needs.radar_needed_high_m.most)
    return " to ".join("\N{EN DASH}" if math.isnan(end) else f"{end / 1e3:,.0f}" for end in ends)


def ranges_table(results: ProportionResults) -> WrittenTable:
    """Return the published radar ranges against each class, over what the class asks for."""
    rows = []
    for i, published in enumerate(results.classes[0].ranges):
        cells = []
        for one in results.classes:
            own = one.ranges[i]
            needed_m = one.radar_needed_m.most
            cells.append(
                "–"
                if math.isnan(needed_m)
                else f"{own.value_m / needed_m:.1f} ({own.low_m / needed_m:.1f} to {own.high_m / needed_m:.1f})"
            )
        rows.append((f"{published.range.range_m.value / 1e3:,.0f} km: {published.range.label}", *cells))
    caption = (
        "Each published range, turned to the class's cross-section by the fourth root, over the radar range that the "
        "class asks for at most. Above one it sees farther than that. In brackets the ends of the cross-section's "
        "range."
    )
    columns = ("Published range", *(threat_name(one.threat) for one in results.classes))
    return WrittenTable(caption, columns, tuple(rows))


def magazine_table(results: ProportionResults) -> WrittenTable:
    """Return the magazine beside published inventories."""
    rows = []
    for threat, number in results.inventories():
        rows.append(
            (
                threat.missile.name,
                f"{number.value:,.0f} ({number.low:,.0f} to {number.high:,.0f})",
                number.source,
                f"{results.rounds / number.value:.2f} ({results.rounds / number.high:.2f} to "
                f"{results.rounds / number.low:.2f})",
            )
        )
    at_once = results.rounds // results.shots_at_each
    caption = (
        f"The battery's {results.rounds} interceptors beside published inventories; at {results.shots_at_each} for "
        f"each missile they serve {at_once}."
    )
    return WrittenTable(caption, ("Class", "missiles", "source", "interceptors for each missile"), tuple(rows))
