"""What batteries reach of the arcs of a network study, with JSON names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from equipoise.analysis.arc_engagement import BOUNDS, LIMITS, ArcEngagements, Limits

ALL_ARCS = "all arcs"


def engagement_summary(found: ArcEngagements) -> dict[str, Any]:
    """Return one battery's answers as plain values: by burnout speed, limits, heading and variant of the network.

    Parameters
    ----------
    found : ArcEngagements
        From :func:`equipoise.analysis.arc_engagement.engage_arcs`.

    Returns
    -------
    dict
        ``cases``, each with ``arcs``, ``arcs_in_reach``, the mean of ``slack_s`` over those in reach (null if there are
        none), and ``variants`` with ``arcs_can_fire`` and the means over all arcs of the window and of the looks, each
        with its ends.
    """
    item = found.battery
    return {
        "battery": item.id,
        "record": item.battery.id,
        "interceptor": item.interceptor.id,
        "site": item.site.name,
        "fires_on": list(item.fires_on),
        "cases": [
            engagement_case(found, speed_mps, limits, group)
            for speed_mps in item.burnout_speeds_mps
            for limits in LIMITS
            for group in (None, *item.groups)
        ],
    }


def engagement_case(found: ArcEngagements, speed_mps: float, limits: Limits, group: str | None) -> dict[str, Any]:
    """Return what is reached of one heading's arcs (None: of all) at one burnout speed [m/s] within some limits."""
    groups: Sequence[str] | None = None if group is None else [group]
    which: dict[str, Any] = {"groups": groups, "speed_mps": speed_mps, "limits": limits}
    reached = found.values("in_reach", **which) > 0.0
    slack_s = found.values("slack_s", **which)[reached]
    case: dict[str, Any] = {
        "burnout_speed_km_s": round(speed_mps / 1e3, 3),
        "limits": limits,
        "group": ALL_ARCS if group is None else group,
        "arcs": len(reached),
        "arcs_in_reach": int(reached.sum()),
        "mean_slack_s": round(float(slack_s.mean()), 1) if len(slack_s) else None,
    }
    if "variant" in found.table.dims:
        case["variants"] = [
            {"variant": str(variant), **_on_tracks(found, str(variant), which)}
            for variant in found.table["variant"].values
        ]
    return case


def _on_tracks(found: ArcEngagements, variant: str, which: dict[str, Any]) -> dict[str, float]:
    means = {
        name: [float(found.values(name, variant=variant, bound=bound, **which).mean()) for bound in BOUNDS]
        for name in ("firing_window_s", "looks")
    }
    fired = [int(found.values("can_fire", variant=variant, bound=bound, **which).sum()) for bound in BOUNDS]
    window_s, looks = means["firing_window_s"], means["looks"]
    return {
        "arcs_can_fire": fired[1],
        "arcs_can_fire_low": min(fired),
        "arcs_can_fire_high": max(fired),
        "mean_firing_window_s": round(window_s[1], 1),
        "mean_firing_window_low_s": round(min(window_s), 1),
        "mean_firing_window_high_s": round(max(window_s), 1),
        "mean_looks": round(looks[1], 3),
        "mean_looks_low": round(min(looks), 3),
        "mean_looks_high": round(max(looks), 3),
    }


def rows_by_arc(found: ArcEngagements) -> list[dict[str, Any]]:
    """Return one row for each arc, burnout speed and limits, for a table of runs; the first variant's tracks."""
    rows = []
    for speed_mps in found.battery.burnout_speeds_mps:
        for limits in LIMITS:
            which: dict[str, Any] = {"speed_mps": speed_mps, "limits": limits}
            columns = {name: found.values(name, **which) for name in ("in_reach", "slack_s")}
            if "variant" in found.table.dims:
                columns |= {name: found.values(name, **which) for name in ("can_fire", "firing_window_s", "looks")}
                columns["first_launch_s"] = found.values("first_launch_s")
            for i, arc in enumerate(found.table["arc"].values):
                rows.append(
                    {
                        "battery": found.battery.id,
                        "burnout_speed_km_s": round(speed_mps / 1e3, 3),
                        "limits": limits,
                        "arc": str(arc),
                        "group": str(found.table["group"].values[i]),
                        **{name: _plain(name, column[i]) for name, column in columns.items()},
                    }
                )
    return rows


def _plain(name: str, value: float) -> float | int | None:
    if name in ("in_reach", "can_fire", "looks"):
        return int(value)
    return None if np.isnan(value) else round(float(value), 1)
