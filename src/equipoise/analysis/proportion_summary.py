"""What a study's threats ask for beside what its battery has, with JSON names."""

from __future__ import annotations

import math
from typing import Any

from equipoise.analysis.proportion import ClassNeeds, ProportionResults, Spread


def proportion_summary(results: ProportionResults) -> dict[str, Any]:
    """Return needs and means as one mapping of plain values; names end in their unit.

    Parameters
    ----------
    results : ProportionResults
        From :func:`equipoise.analysis.proportion.proportion`.

    Returns
    -------
    dict
        ``classes``, each with what it asks for (least, middle and most over its arcs) and the published radar ranges
        turned to its cross-section; ``interceptor``; ``magazine`` beside ``inventories``.
    """
    study = results.study
    interceptor = study.defence.interceptor
    known = results.inventories()
    return {
        "study": study.id,
        "title": study.title,
        "battery": study.defence.battery.id,
        "interceptor": {
            "interceptor": interceptor.id,
            **_ends("max_range", "km", interceptor.max_range_m, 1e-3),
            "min_altitude_km": round(interceptor.min_altitude_m.value / 1e3, 3),
            "max_altitude_km": round(interceptor.max_altitude_m.value / 1e3, 3),
        },
        "most_demanding": results.most_demanding.threat.missile.id,
        "classes": [_class(one) for one in results.classes],
        "magazine": {
            "rounds": results.rounds,
            "shots_at_each": results.shots_at_each,
            "missiles_at_that_rate": results.rounds // results.shots_at_each,
        },
        "inventories": [
            {
                "missile": threat.missile.id,
                **{f"missiles{end}": round(value) for end, value in
                   (("_low", number.low), ("", number.value), ("_high", number.high))},
                "source": number.source,
                "rounds_for_each_missile": round(results.rounds / number.value, 3),
            }
            for threat, number in known
        ],
    }  # fmt: skip


def _ends(name: str, unit: str, number: Any, scale: float) -> dict[str, float]:
    pairs = (("_low", number.low), ("", number.value), ("_high", number.high))
    return {f"{name}{end}_{unit}": round(value * scale, 3) for end, value in pairs}


def _class(needs: ClassNeeds) -> dict[str, Any]:
    return {
        "missile": needs.threat.missile.id,
        "name": needs.threat.missile.name,
        "trajectory": needs.threat.trajectory,
        "launch_areas": [area.id for area in needs.threat.launch_areas],
        "arcs": needs.arcs,
        "arcs_within_limits": needs.within_limits,
        "arcs_too_low": needs.arcs_too_low,
        **_spread("apogee", needs.apogee_m),
        **_spread("ground_range_needed", needs.ground_needed_m),
        **_spread("radar_range_needed", needs.radar_needed_m),
        "radar_range_needed_most_low_km": _km(needs.radar_needed_low_m.most),
        "radar_range_needed_most_high_km": _km(needs.radar_needed_high_m.most),
        **_spread("farthest_slant_range_coasting", needs.farthest_coasting_m),
        **_spread("slant_range_at_launch", needs.from_launch_m),
        "radar_ranges": [
            {
                "radar_range": one.range.name,
                "label": one.range.label,
                "stated_km": round(one.range.range_m.value / 1e3, 1),
                "against_class_low_km": round(one.low_m / 1e3, 1),
                "against_class_km": round(one.value_m / 1e3, 1),
                "against_class_high_km": round(one.high_m / 1e3, 1),
            }
            for one in needs.ranges
        ],
    }


def _spread(name: str, spread: Spread) -> dict[str, float | None]:
    pairs = (("least", spread.least), ("middle", spread.middle), ("most", spread.most))
    return {f"{name}_{end}_km": _km(value) for end, value in pairs}


def _km(value_m: float) -> float | None:
    return None if math.isnan(value_m) else round(value_m / 1e3, 1)
