"""What a network study comes to, with JSON names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.analysis.balance_summary import balance_summary
from equipoise.analysis.engagement_summary import engagement_summary
from equipoise.analysis.network_results import Band, NetworkResults, VariantResult
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import REASON_WORDS

if TYPE_CHECKING:
    import xarray as xr


def network_summary(results: NetworkResults) -> dict[str, Any]:
    """Return the whole of a network study as one mapping of plain values; names end in their unit.

    Parameters
    ----------
    results : NetworkResults
        From :func:`equipoise.analysis.run_network`.

    Returns
    -------
    dict
        ``sensors`` and ``alternatives`` with what each sees, ``arcs`` one by one, ``variants`` of the network,
        ``worth`` of its elements, ``example``, ``engagements`` where the study asks what is within reach, and
        ``balance`` where it has one. A number with ``_low`` and ``_high`` beside it has them from the ends of the
        missiles' cross-sections and of the launch warning's bands; in ``balance`` from draws.
    """
    study = results.study
    balance = {} if results.balance is None else {"balance": balance_summary(results.balance)}
    return {
        "study": study.id,
        "title": study.title,
        "focus": study.focus,
        "sensors": [
            {
                "sensor": sensor.id,
                "name": sensor.name,
                "radar": sensor.radar.id,
                "radar_range": sensor.radar_range,
                "mode": sensor.mode or "unstated",
                **seen_by(results.views, "sensor", sensor.id),
            }
            for sensor in study.sensors
        ],
        "alternatives": [
            {
                "alternative": one.id,
                "title": one.title,
                "radar_range": one.sensor.radar_range,
                "mode": one.sensor.mode or "unstated",
                **seen_by(results.alternatives, "alternative", one.id),
            }
            for one in study.alternatives
        ],
        "arcs": [_arc(results, i) for i in range(len(results.arcs.cases))],
        "out_of_reach": [
            {
                "group": pair.group,
                "missile": pair.missile.id,
                "launch_area": pair.launch_area.id,
                "target": pair.target.id,
                "why": pair.why,
            }
            for pair in results.arcs.out_of_reach
        ],
        "variants": [_variant(one) for one in results.variants],
        "worth": [
            {
                "metric": one.metric,
                "shooter": one.shooter or None,
                **_band("whole", one.whole),
                **_band("without_any_element", one.none),
                "elements": [
                    {
                        "element": share.element,
                        **_band("without_it", share.without),
                        **_band("lost_without_it", share.lost),
                        **_band("shapley_share", share.shapley),
                    }
                    for share in one.shares
                ],
            }
            for one in results.worth
        ],
        "example": _example(results),
        **({"engagements": [engagement_summary(one) for one in results.engagements]} if results.engagements else {}),
        **balance,
    }


def seen_by(views: xr.Dataset, dimension: str, id: str, groups: Sequence[str] | None = None) -> dict[str, Any]:
    """Return what one sensor, or one way to take one, sees of the arcs of some headings (all if left out).

    Returns
    -------
    dict
        ``arcs``, ``arcs_in_view`` with its ends, ``mean_in_view_s`` over all arcs with its ends and of it under thrust
        and from behind, and ``never_seen_because``: how many arcs each constraint keeps out of view.
    """
    own = views.sel({dimension: id})
    if groups is not None:
        own = own.isel(arc=np.isin(own["group"].values, list(groups)))
    seen = {end: own[f"in_view{end}_s"].values for end in ("_low", "", "_high")}
    never = seen[""] <= 0.0
    codes = own["binding"].values[never]
    return {
        "arcs": int(never.size),
        "arcs_in_view": int((~never).sum()),
        "arcs_in_view_low": int((seen["_low"] > 0.0).sum()),
        "arcs_in_view_high": int((seen["_high"] > 0.0).sum()),
        "mean_in_view_s": _mean(seen[""]),
        "mean_in_view_low_s": _mean(seen["_low"]),
        "mean_in_view_high_s": _mean(seen["_high"]),
        "mean_in_view_boost_s": _mean(own["in_view_boost_s"].values),
        "mean_in_view_rear_s": _mean(own["in_view_rear_s"].values),
        "longest_in_view_s": round(float(seen[""].max()), 1) if never.size else 0.0,
        "never_seen_because": {
            REASON_WORDS[code]: int((codes == code).sum()) for code in sorted(REASON_WORDS) if (codes == code).any()
        },
    }


def _mean(values: Any) -> float:
    return round(float(values.mean()), 1) if len(values) else 0.0


def _band(name: str, band: Band) -> dict[str, float]:
    return {name: _round(band.value), f"{name}_low": _round(band.low), f"{name}_high": _round(band.high)}


def _round(value: float) -> float:
    return round(value, 3) + 0.0


def _maybe(value: float) -> float | None:
    return None if math.isnan(value) or math.isinf(value) else round(float(value), 1)


def _arc(results: NetworkResults, i: int) -> dict[str, Any]:
    case, outcome = results.arcs.cases[i], results.outcome
    seen = []
    for k, sensor in enumerate(results.study.sensors):
        own = results.views.isel(arc=i).sel(sensor=sensor.id)
        code = int(own["binding"].values)
        giver = int(outcome.cued_by[k, i])
        seen.append(
            {
                "sensor": sensor.id,
                "in_view_s": round(float(own["in_view_s"]), 1),
                "in_view_low_s": round(float(own["in_view_low_s"]), 1),
                "in_view_high_s": round(float(own["in_view_high_s"]), 1),
                "in_view_boost_s": round(float(own["in_view_boost_s"]), 1),
                "in_view_rear_s": round(float(own["in_view_rear_s"]), 1),
                "highest_elevation_deg": round(float(own["highest_elevation_deg"]), 2),
                "rise_s": _maybe(float(own["rise_s"])),
                "first_view_s": _maybe(float(own["first_view_s"])),
                "lost_s": _maybe(float(own["lost_s"])),
                "firm_track_alone_s": _maybe(float(own["firm_track_s"])),
                "firm_track_s": _maybe(float(outcome.firm_s[k, i])),
                "cued_by": outcome.givers[giver] if giver >= 0 else None,
                "binding_constraint": None if code == vk.VISIBLE else REASON_WORDS[code],
            }
        )
    return {
        "arc": case.id,
        "group": case.group,
        "missile": case.missile.id,
        "launch_area": case.launch_area.id,
        "target": case.target.id,
        "range_km": round(case.flown.range_m / 1e3, 1),
        "apogee_km": round(case.flown.apogee_m / 1e3, 1),
        "time_of_flight_s": round(case.flown.time_of_flight_s, 1),
        "reported_s": _maybe(float(outcome.reported_s[i])),
        "sensors": seen,
    }


def _variant(result: VariantResult) -> dict[str, Any]:
    return {
        "variant": result.variant.id,
        "title": result.variant.title,
        "cut": sorted(result.variant.cut),
        "away": sorted(result.variant.away),
        "groups": [
            {
                "group": group or "all arcs",
                **{
                    key: value
                    for metric, band in metrics.items()
                    for key, value in zip(_ends(metric), _band("", band).values(), strict=True)
                },
            }
            for group, metrics in result.metrics.items()
        ],
        "defended": [
            {
                "shooter": one.shooter,
                "missile": one.missile,
                "land_area_km2": round(one.land_km2, 1),
                **dict(zip(_ends("defended_area_km2"), _band("", one.defended_area_km2).values(), strict=True)),
            }
            for one in result.defended
        ],
    }


def _ends(metric: str) -> tuple[str, str, str]:
    """Return the names of a metric and its two ends, each with the unit last."""
    stem, _, unit = metric.rpartition("_")
    return (metric, f"{stem}_low_{unit}", f"{stem}_high_{unit}")


def _example(results: NetworkResults) -> dict[str, Any]:
    example = results.example
    return {
        "arc": example.case.id,
        "launch_warning_s": example.warning_s,
        "predicted_intercept_s": round(example.intercept_time_s, 1),
        "sensors": [
            {
                "sensor": row.sensor,
                "firm_track_alone_s": None if row.firm_alone_s is None else round(row.firm_alone_s, 1),
                "firm_track_s": None if row.firm_s is None else round(row.firm_s, 1),
                "cued_by": row.cued_by,
                "spans": [
                    {"start_s": round(span.start_s, 1), "end_s": round(span.end_s, 1), "reason": span.reason}
                    for seen in row.seen
                    for span in seen.spans
                ],
            }
            for row in example.rows
        ],
    }
