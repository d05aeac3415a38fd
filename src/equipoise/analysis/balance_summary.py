"""What a balance comes to, with JSON names."""

from __future__ import annotations

from typing import Any

from equipoise.analysis.arc_engagement import LIMITS
from equipoise.analysis.balance import BalanceResults, Chance, Outcome
from equipoise.analysis.network_results import Band
from equipoise.analysis.sobol import indices_summary

ASSUMPTIONS = (
    "Each look tells a killed warhead from a live one, rounds are shared out evenly, and no two batteries shoot at the "
    "same warhead for want of news: the most generous to the defence.",
    "What tells a warhead from what flies with it is one chance for all rounds of a battery; decoys are not counted.",
    "A force's warheads come evenly over the arcs of its headings; each missile works or not by itself.",
    "Nothing is taken off a force for an attack on it; the sweep over arsenal sizes has every size that may be left.",
)


def scenarios(results: BalanceResults) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return every set of elements that is asked about: all, each one missing, each one alone, none."""
    ids = tuple(element.id for element in results.spec.elements)
    found: list[tuple[str, tuple[str, ...]]] = [("all", ids)]
    if len(ids) > 1:
        found += [(f"without {id}", tuple(other for other in ids if other != id)) for id in ids]
        found += [(f"only {id}", (id,)) for id in ids]
    return (*found, ("none", ()))


def balance_summary(results: BalanceResults) -> dict[str, Any]:
    """Return the whole of a balance as one mapping of plain values.

    Parameters
    ----------
    results : BalanceResults
        From :func:`equipoise.analysis.balance_run.balance_of`.

    Returns
    -------
    dict
        ``forces`` with counts, ``reach`` of each battery, ``scenarios`` at the record's numbers, ``curve`` over
        arsenal sizes and alert rates, and ``matters``. A number with ``_low`` and ``_high`` beside it has them from
        draws over the sourced ranges (what is not known); ``_chance_p05`` and ``_p95`` are what dice do at central
        numbers.
    """
    spec = results.spec
    summary: dict[str, Any] = {
        "study": results.study.id,
        "draws": results.draws,
        "seed": results.seed,
        "assumptions": list(ASSUMPTIONS),
        "elements": [
            {
                "element": element.id,
                "title": element.title,
                "batteries": list(element.batteries),
                "absence_is_variant": element.variant or None,
            }
            for element in spec.elements
        ],
        "forces": [_force(results, force.id) for force in spec.forces],
    }
    if results.sensitivity is not None:
        summary["sensitivity"] = indices_summary(results.sensitivity)
    return summary


def _force(results: BalanceResults, id: str) -> dict[str, Any]:
    spec = results.spec
    force = spec.force(id)
    return {
        "force": id,
        "record": force.record.id,
        "name": force.record.name,
        "alert": force.alert,
        "groups": list(force.groups),
        "arcs": len(results.arcs[id]),
        "published": [
            {
                "count": one.name,
                "label": one.label,
                "counts": one.counts,
                "warheads": one.warheads.value,
                "warheads_low": one.warheads.low,
                "warheads_high": one.warheads.high,
                "grade": one.warheads.grade,
                "source": one.warheads.source,
                **_outcome(results.outcome(id, arsenal_size=one.warheads.value)),
            }
            for one in force.counts
        ],
        **banded("arriving", results.arriving(id)),
        "reach": reach_rows(results, id),
        "scenarios": [
            {
                "elements": name,
                **_outcome(results.outcome(id, elements)),
                **chance_fields(results.chance(id, elements)),
            }
            for name, elements in scenarios(results)
        ],
        "changes": [
            {"element": element.id, **banded("fewer_share", results.change(id, element.id))}
            for element in spec.elements
        ],
        "curve": [_point(results, id, size, rate) for size in spec.arsenal_sizes for rate in spec.alert_rates],
        "matters": [
            {
                "share": yardstick.share,
                "means": yardstick.means,
                "elements": name,
                **banded("arriving_up_to", results.matters_up_to(id, yardstick.share, elements)),
            }
            for yardstick in spec.matters
            for name, elements in scenarios(results)
            if name == "all" or name.startswith("without")
        ],
    }


def _point(results: BalanceResults, id: str, size: int, rate: float) -> dict[str, Any]:
    at = {"arsenal_size": size, "alert_rate": rate}
    return {
        **at,
        **banded("arriving", results.arriving(id, **at)),
        "scenarios": [
            {
                "elements": name,
                **_outcome(results.outcome(id, elements, **at)),
                **chance_fields(results.chance(id, elements, **at)),
            }
            for name, elements in scenarios(results)
            if not name.startswith("only")
        ],
    }


def _outcome(outcome: Outcome) -> dict[str, float]:
    return {
        **banded("arriving", outcome.arriving),
        **banded("penetrating", outcome.penetrating),
        **banded("stopped_share", outcome.stopped_share),
    }


def reach_rows(results: BalanceResults, id: str) -> list[dict[str, Any]]:
    """Return for each battery the share of a force's arcs at which it can fire, by limits and ends, with its rounds."""
    rows = []
    for one in results.batteries:
        looks = one.looks[one.own][:, 0][:, :, results.arcs[id]]
        launchers = results.spec.launchers.get(one.id, round(one.battery.launchers.value))
        rows.append(
            {
                "battery": one.id,
                "record": one.battery.id,
                "interceptor": one.interceptor.id,
                "rounds": launchers * one.launcher.rounds.value,
                "limits": [
                    {
                        "limits": LIMITS[i],
                        **banded("can_fire_share", Band.of([float((looks[i, b] > 0).mean()) for b in range(3)])),
                        **banded("looks_mean", Band.of([float(looks[i, b].mean()) for b in range(3)])),
                    }
                    for i in range(len(LIMITS))
                ],
            }
        )
    return rows


def banded(name: str, band: Band) -> dict[str, float]:
    """Return a band as three named numbers."""
    return {name: band.value, f"{name}_low": band.low, f"{name}_high": band.high}


def chance_fields(chance: Chance) -> dict[str, float]:
    """Return what dice do as named numbers."""
    return {
        "fired": chance.fired,
        "penetrating_chance_p05": chance.p05,
        "penetrating_chance_p50": chance.p50,
        "penetrating_chance_p95": chance.p95,
        "none_penetrates_probability": chance.none,
    }
