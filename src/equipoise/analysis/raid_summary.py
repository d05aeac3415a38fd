"""A raid study's results as plain values for JSON and tables; names end in their unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.analysis import raid_kernels as rk
from equipoise.analysis.footprint import CONSTRAINTS
from equipoise.analysis.intervals import (
    LEVEL,
    Estimate,
    band,
    histogram_mean,
    histogram_quantiles,
    mean,
    share,
)
from equipoise.analysis.raid_answers import (
    MOST_MISSILES,
    CurvePoint,
    leaked_share,
    missiles_by_target,
    no_leaker,
    spent_all,
    weighted_share,
)
from equipoise.analysis.raid_run import RaidResults
from equipoise.catalog.quantity import Sourced

REFUSALS: dict[int, str] = {
    rk.MAGAZINE: "magazine",
    rk.LAUNCH_RATE: "launch_rate",
    rk.CHANNELS: "guidance_channels",
    rk.TRACKS: "track_capacity",
}


def estimate_fields(name: str, estimate: Estimate) -> dict[str, float]:
    """Return an estimate and its interval as fields."""
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def raid_summary(results: RaidResults) -> dict[str, Any]:
    """Return everything that a raid study comes to.

    Parameters
    ----------
    results : RaidResults
        From :func:`equipoise.analysis.run_raid`.

    Returns
    -------
    dict
        ``_low`` and ``_high`` beside a number are the 95 % interval that throwing the dice so many times leaves;
        ``one_raid`` holds what chance makes of a single raid; ``knowledge`` what the catalogue's ranges make of the
        expectation. They are never mixed.
    """
    study, counts, raid = results.study, results.counts, results.raid
    low, middle, high = histogram_quantiles(counts.leakers)
    summary: dict[str, Any] = {
        "study": study.id,
        "title": study.title,
        "seed": results.seed,
        "runs": int(counts.runs),
        "interval_level": LEVEL,
        "missiles": raid.size,
        "weights": study.weighting,
        **estimate_fields("leakers_mean", histogram_mean(counts.leakers)),
        **estimate_fields("leaked_share", leaked_share(counts)),
        **estimate_fields(
            "weighted_leaked_share", weighted_share(counts, np.array(study.weights), missiles_by_target(study))
        ),
        **estimate_fields("no_leaker_probability", no_leaker(counts)),
        "one_raid": {"leakers_p05": low, "leakers_p50": middle, "leakers_p95": high},
        "targets": _targets(results),
        "layers": [_layer(results, index) for index in range(len(study.layers))],
        "cost_exchange": cost_exchange(results),
        "magazine_spent_at": [
            {
                "layer": one.layer,
                "rounds": one.rounds,
                **{
                    f"missiles_p{round(100 * p):02d}": size
                    for p, size in zip((0.05, 0.5, 0.95), one.sizes, strict=True)
                },
                "up_to_missiles": MOST_MISSILES,
            }
            for one in results.spent_at
        ],
        "interceptors_needed": _needed(results),
        "one_more_battery": {
            "layer": results.one_more.layer,
            **estimate_fields("leaked_share_before", results.one_more.before),
            **estimate_fields("leaked_share_after", results.one_more.after),
            **estimate_fields("fewer_leakers_mean", results.one_more.fewer_leakers),
        },
        "curve": [_curve_point(results, i, point) for i, point in enumerate(results.curve)],
    }
    if results.knowledge is not None:
        summary["knowledge"] = _knowledge(results)
    return summary


def _targets(results: RaidResults) -> list[dict[str, Any]]:
    study, counts = results.study, results.counts
    runs = int(counts.runs)
    aimed = missiles_by_target(study)
    return [
        {
            "target": target.id,
            "name": target.name,
            "weight": weight,
            "missiles": int(aimed[i]),
            **estimate_fields(
                "leakers_mean", mean(float(counts.target_leakers[i]), float(counts.target_pairs[i, i]), runs)
            ),
            **estimate_fields("hit_probability", share(int(counts.target_hit[i]), runs)),
        }
        for i, (target, weight) in enumerate(zip(study.targets, study.weights, strict=True))
    ]


def _layer(results: RaidResults, index: int) -> dict[str, Any]:
    study, counts, raid = results.study, results.counts, results.raid
    placement = study.layers[index]
    runs = int(counts.runs)
    spent = counts.spent[index]
    low, middle, high = histogram_quantiles(spent)
    out_of_reach: dict[str, int] = {}
    for salvo, window in enumerate(raid.windows[index]):
        if not window.can_fire:
            name = CONSTRAINTS[window.constraint]
            out_of_reach[name] = out_of_reach.get(name, 0) + int((raid.missiles.salvo == salvo).sum())
    answer: dict[str, Any] = {
        "layer": placement.id,
        "battery": placement.battery.id,
        "batteries": placement.batteries,
        "rounds": placement.rounds,
        **estimate_fields("spent_mean", histogram_mean(spent)),
        "spent_p05": low,
        "spent_p50": middle,
        "spent_p95": high,
        "killed_mean": float(counts.killed[index] / runs),
        **estimate_fields("exhausted_probability", spent_all(counts, raid.magazine)[index]),
        "refused_mean": {name: float(counts.refused[index, code] / runs) for code, name in REFUSALS.items()},
        "out_of_reach_missiles": out_of_reach,
        "windows": [
            {
                "missile": salvo.threat.missile.id,
                "launch_area": salvo.launch_area.id,
                "target": salvo.target.id,
                "margin_s": window.margin_s,
                "binding_constraint": CONSTRAINTS[window.constraint],
                **(
                    {"first_launch_s": window.first_launch_s, "last_launch_s": window.last_launch_s}
                    if window.can_fire
                    else {}
                ),
            }
            for salvo, window in zip(study.salvos, raid.windows[index], strict=True)
        ],
    }
    if counts.exhausted[index].any():
        first, half, last = histogram_quantiles(counts.exhausted[index])
        answer |= {"exhausted_p05_s": first, "exhausted_p50_s": half, "exhausted_p95_s": last}
    return answer


def cost_exchange(results: RaidResults) -> dict[str, Any]:
    """Return what the rounds spent in a raid cost and what the missiles cost, where their unit costs are known.

    The bands are those of unit costs at the mean number of rounds; a missile class without a cost is named, and then
    no ratio is given.
    """
    study, counts = results.study, results.counts
    layers = []
    total = np.zeros(3)
    for index, placement in enumerate(study.layers):
        cost = placement.interceptor.unit_cost_usd
        rounds = histogram_mean(counts.spent[index]).value
        dollars = rounds * _ends(cost)
        total += dollars
        layers.append({"layer": placement.id, "unit_cost_usd": cost.value, "spent_usd": dollars[1]})
    missiles = np.zeros(3)
    unknown = set()
    for salvo in study.salvos:
        one = salvo.threat.missile.unit_cost_usd
        if one is None:
            unknown.add(salvo.threat.missile.id)
        else:
            missiles += salvo.count * _ends(one)
    answer: dict[str, Any] = {
        "layers": layers,
        "interceptors_usd": total[1],
        "interceptors_low_usd": total[0],
        "interceptors_high_usd": total[2],
        "missiles_without_cost": sorted(unknown),
    }
    if not unknown and missiles[1] > 0.0:
        answer |= {
            "missiles_usd": missiles[1],
            "missiles_low_usd": missiles[0],
            "missiles_high_usd": missiles[2],
            "ratio": total[1] / missiles[1],
            "ratio_low": total[0] / missiles[2] if missiles[2] > 0.0 else 0.0,
            "ratio_high": total[2] / missiles[0] if missiles[0] > 0.0 else None,
        }
    return answer


def _ends(number: Sourced) -> Any:
    return np.array([number.low, number.value, number.high])


def _needed(results: RaidResults) -> dict[str, Any]:
    needed = results.needed
    return {
        "confidence": needed.confidence,
        "shots_at_each": needed.shots,
        "best_shots_at_each": needed.best_shots,
        **estimate_fields("no_leaker_probability", needed.reached),
        **estimate_fields("interceptors_mean", needed.interceptors),
        "interceptors_p95": needed.interceptors_95,
        "out_of_reach_missiles": needed.out_of_reach,
    }


def _curve_point(results: RaidResults, index: int, point: CurvePoint) -> dict[str, Any]:
    low, middle, high = point.one_raid
    answer: dict[str, Any] = {
        "missiles": point.size,
        **estimate_fields("leaked_share", point.leaked),
        **estimate_fields("no_leaker_probability", point.no_leaker),
        "one_raid_leaked_share_p05": low,
        "one_raid_leaked_share_p50": middle,
        "one_raid_leaked_share_p95": high,
        "layers": [
            {
                "layer": layer.id,
                **estimate_fields("spent_mean", spent),
                **estimate_fields("exhausted_probability", exhausted),
            }
            for layer, spent, exhausted in zip(results.study.layers, point.spent, point.exhausted, strict=True)
        ],
    }
    if results.knowledge is not None:
        answer |= band_fields("knowledge_leaked_share", results.knowledge.leaked_by_size[:, index])
    return answer


def band_fields(name: str, values: Any) -> dict[str, float]:
    """Return the 5, 50 and 95 per cent points of draws as fields."""
    low, middle, high = band(values)
    return {f"{name}_p05": low, f"{name}_p50": middle, f"{name}_p95": high}


def _knowledge(results: RaidResults) -> dict[str, Any]:
    knowledge = results.knowledge
    assert knowledge is not None
    return {
        "draws": len(knowledge.leaked),
        "runs_per_draw": knowledge.runs_per_draw,
        "drawn": "battery, launcher, interceptor and radar records, cross-sections, directions, common modes",
        **band_fields("leaked_share", knowledge.leaked),
        **band_fields("no_leaker_probability", knowledge.no_leaker),
        "layers": [
            {
                "layer": layer.id,
                **band_fields("spent_mean", knowledge.spent[:, i]),
                **band_fields("exhausted_probability", knowledge.exhausted[:, i]),
            }
            for i, layer in enumerate(results.study.layers)
        ],
    }
