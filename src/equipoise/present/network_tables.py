"""The tables of a network study, as written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.analysis.network import ITSELF, NEVER
from equipoise.analysis.network_results import DEFENDED, SEEN, TRACKED, WARNING, WINDOW, Band
from equipoise.analysis.network_summary import seen_by
from equipoise.present.network_names import (
    LETTERS,
    LETTERS_WORDS,
    arc_name,
    element_name,
    place_name,
    sensor_name,
    short_name,
)
from equipoise.present.provenance import plain_number
from equipoise.present.report import WrittenTable
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import REASON_WORDS

if TYPE_CHECKING:
    import xarray as xr

    from equipoise.analysis.network_results import NetworkResults
    from equipoise.study.network_model import SensorPlacement

METRIC_WORDS = {
    WARNING: "warning, s",
    TRACKED: "firm track, s",
    SEEN: "arcs with a firm track",
    DEFENDED: "defended land, km²",
    WINDOW: "firing window, s",
}


def seconds(value: float, low: float, high: float) -> str:
    """Write seconds with their ends where these differ: ``139 (103 to 180)``."""
    central = f"{value:,.0f}"
    if f"{low:,.0f}" == f"{high:,.0f}" == central:
        return central
    return f"{central} ({low:,.0f} to {high:,.0f})"


def arcs_seen(found: Mapping[str, Any], over: str = "") -> str:
    """Write how many arcs are in view with the ends where these differ: ``9 of 12 (7 to 10)``, and over what."""
    low, central, high = (found[f"arcs_in_view{end}"] for end in ("_low", "", "_high"))
    ends = "" if low == central == high else f" ({low} to {high}{over})"
    return f"{central} of {found['arcs']}{ends}"


def mean_view(found: Mapping[str, Any]) -> str:
    """Write the seconds in view, averaged over arcs, with their ends."""
    return seconds(found["mean_in_view_s"], found["mean_in_view_low_s"], found["mean_in_view_high_s"])


def banded(metric: str, band: Band) -> str:
    """Write a metric with its ends: seconds and areas whole, shares in per cent."""
    scale = 100.0 if metric == SEEN else 1.0
    unit = "\N{NO-BREAK SPACE}%" if metric == SEEN else ""
    low, value, high = (scale * part + 0.0 for part in (band.low, band.value, band.high))
    digits = 0 if metric == DEFENDED or max(abs(low), abs(high)) >= 10.0 else 1
    texts = [f"{part:,.{digits}f}".replace("-0.0", "0.0") for part in (low, value, high)]
    if digits == 1 and all(text == "0.0" for text in texts):
        texts = ["0", "0", "0"]
    low_text, text, high_text = texts
    return f"{text}{unit}" if low_text == text == high_text else f"{text}{unit} ({low_text} to {high_text})"


def never_words(reasons: Mapping[str, int]) -> str:
    """Write what keeps how many arcs out of view: ``horizon 12, detection range 3``."""
    return ", ".join(f"{reason} {count}" for reason, count in reasons.items()) or "–"


_SEEN_COLUMNS = (
    "arcs in view",
    "mean time in view, s",
    "of it under thrust",
    "of it from behind",
    "longest, s",
    "what hides the others",
)


def _seen_cells(found: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        arcs_seen(found),
        mean_view(found),
        f"{found['mean_in_view_boost_s']:,.0f}",
        f"{found['mean_in_view_rear_s']:,.0f}",
        f"{found['longest_in_view_s']:,.0f}",
        never_words(found["never_seen_because"]),
    )


def alternatives_table(results: NetworkResults) -> WrittenTable:
    """Return what each way to take the focus sees, over all arcs."""
    rows = tuple(
        (one.title, *_seen_cells(seen_by(results.alternatives, "alternative", one.id)))
        for one in results.study.alternatives
    )
    focus = results.study.sensor(results.study.focus)
    caption = (
        f"{focus.name}, by each way to take it. In brackets what the ends of the missiles' cross-sections make of it; "
        "an arc never in view is counted under the constraint that it gets as far as."
    )
    return WrittenTable(caption, ("Way to take it", *_SEEN_COLUMNS), rows)


def sensors_table(results: NetworkResults) -> WrittenTable:
    """Return what each sensor sees by itself, over all arcs."""
    rows = tuple(
        (
            f"{sensor_name(sensor)}: {sensor.name}, {_range_of(sensor)}",
            *_seen_cells(seen_by(results.views, "sensor", sensor.id)),
        )
        for sensor in results.study.sensors
    )
    return WrittenTable("Each sensor by itself, with the range that the study takes.", ("Sensor", *_SEEN_COLUMNS), rows)


def _range_of(sensor: SensorPlacement) -> str:
    published = sensor.published_range
    return "range equation" if published is None else f"{plain_number(published.range_m.value / 1e3)} km"


def cell(own: xr.Dataset) -> str:
    """Write what one sensor sees of one arc: seconds with their ends and what hides it longest, or what hides it."""
    low, value, high = (float(own[f"in_view{end}_s"]) for end in ("_low", "", "_high"))
    code = int(own["binding"].values)
    if value > 0.0:
        return f"{seconds(value, low, high)} {LETTERS.get(code, '')}".rstrip()
    return f"{REASON_WORDS[code]} (0 to {high:,.0f})" if high > 0.0 else REASON_WORDS[code]


def arcs_table(results: NetworkResults) -> WrittenTable:
    """Return seconds in view, or what hides it, for each arc and sensor."""
    rows = []
    for i, case in enumerate(results.arcs.cases):
        own = results.views.isel(arc=i)
        name = arc_name(case)
        flown = f"{case.flown.range_m / 1e3:,.0f} km, {case.flown.apogee_m / 1e3:,.0f} km up"
        rows.append((name, flown, *(cell(own.sel(sensor=sensor.id)) for sensor in results.study.sensors)))
    columns = ("Arc", "range, apogee", *(f"{sensor_name(sensor)}, s" for sensor in results.study.sensors))
    caption = (
        "Seconds in view by each sensor by itself with a letter for what hides the arc longest, or what hides it all "
        f"along: {LETTERS_WORDS}."
    )
    return WrittenTable(caption, columns, tuple(rows))


def ways_table(results: NetworkResults) -> WrittenTable:
    """Return seconds in view, or what hides it, for each arc and way to take the focus."""
    rows = []
    for i, case in enumerate(results.arcs.cases):
        own = results.alternatives.isel(arc=i)
        name = arc_name(case)
        rows.append((name, *(cell(own.sel(alternative=one.id)) for one in results.study.alternatives)))
    columns = ("Arc", *(f"{one.id}, s" for one in results.study.alternatives))
    caption = (
        "Seconds in view of the focus by each way to take it with a letter for what hides the arc longest, or what "
        f"hides it all along: {LETTERS_WORDS}."
    )
    return WrittenTable(caption, columns, tuple(rows))


def variants_table(results: NetworkResults) -> WrittenTable:
    """Return the metrics of each variant of the network, over all arcs and by heading."""
    rows = []
    for one in results.variants:
        for group, metrics in one.metrics.items():
            cells = (banded(metric, metrics[metric]) for metric in (WARNING, TRACKED, SEEN))
            rows.append((one.variant.title, group or "all arcs", *cells))
    caption = (
        "Averages over arcs. Warning: from the first firm track of the falling missile at the command node to the "
        "impact. Firm track: at least one sensor that reports has it in view after its track is firm."
    )
    return WrittenTable(caption, ("Network", "arcs", *(METRIC_WORDS[m] for m in (WARNING, TRACKED, SEEN))), tuple(rows))


def defended_table(results: NetworkResults) -> WrittenTable | None:
    """Return the land that each battery defends in each variant; None where the study has no battery."""
    rows = [
        (
            one.variant.title,
            short_name(land.shooter),
            results.study.catalog.missile(land.missile).name,
            f"{banded(DEFENDED, land.defended_area_km2)} of {land.land_km2:,.0f}",
        )
        for one in results.variants
        for land in one.defended
    ]
    if not rows:
        return None
    caption = (
        "Land from which the missile is met, whichever of the launch areas it comes from. The radar's track of its own "
        "comes as late as its search, or its cue, makes it; nobody fires while the engine burns."
    )
    return WrittenTable(caption, ("Network", "battery", "missile", METRIC_WORDS[DEFENDED]), tuple(rows))


def worth_tables(results: NetworkResults) -> tuple[WrittenTable, ...]:
    """Return what each element is worth, a table for each metric."""
    tables = []
    for one in results.worth:
        whose = f" of {short_name(one.shooter)}" if one.shooter else ""
        rows = tuple(
            (
                element_name(results.study, share.element),
                *(banded(one.metric, band) for band in (share.without, share.lost, share.shapley)),
            )
            for share in one.shares
        )
        caption = (
            f"{METRIC_WORDS[one.metric].capitalize()}{whose}: {banded(one.metric, one.whole)} with all elements, "
            f"{banded(one.metric, one.none)} with none of them. The shares sum to the difference."
        )
        tables.append(WrittenTable(caption, ("Element", "without it", "lost without it", "Shapley share"), rows))
    return tuple(tables)


def cues_table(results: NetworkResults) -> WrittenTable:
    """Return who was cued by whom on how many arcs in the whole network, and whose track came first."""
    outcome = results.outcome
    rows = []
    for k, sensor in enumerate(outcome.stations):
        counts = [int((outcome.cued_by[k] == giver).sum()) for giver in range(len(outcome.givers))]
        alone = int((outcome.cued_by[k] == ITSELF).sum())
        never = int((outcome.cued_by[k] == NEVER).sum())
        first = int((outcome.reported_by == k).sum())
        cells = ("–" if count == 0 else str(count) for count in (alone, *counts, never, first))
        rows.append((element_name(results.study, sensor), *cells))
    givers = (f"cued by {element_name(results.study, giver)}" for giver in outcome.givers)
    columns = ("Sensor", "own search", *givers, "no track", "first to report")
    caption = "On how many arcs each sensor's earliest firm track came from its own search or from whose cue."
    kept = [
        j for j in range(len(columns)) if j in (0, 1) or j >= len(columns) - 2 or any(row[j] != "–" for row in rows)
    ]
    return WrittenTable(caption, tuple(columns[j] for j in kept), tuple(tuple(row[j] for j in kept) for row in rows))


def example_table(results: NetworkResults) -> WrittenTable:
    """Return when each sensor sees the example, and what it knows of it."""
    rows = []
    for row in results.example.rows:
        visible = [span for seen in row.seen for span in seen.spans if span.reason == REASON_WORDS[vk.VISIBLE]]
        first = f"{min(span.start_s for span in visible):,.0f}" if visible else "never"
        lost = f"{max(span.end_s for span in visible):,.0f}" if visible else "–"
        why = next((seen.emptied_by for seen in row.seen if seen.emptied_by), None) if not visible else None
        gaps = sorted({span.reason for seen in row.seen for span in seen.gaps})
        accuracy = "–"
        if row.bound is not None and np.isfinite(row.bound.impact_ellipses.semi_major_m[-1]):
            metres = float(row.bound.impact_ellipses.semi_major_m[-1])
            accuracy = f"{metres:,.0f}" if metres >= 10.0 else f"{metres:.1f}"
        rows.append(
            (
                element_name(results.study, row.sensor),
                first,
                lost,
                *("–" if firm is None else f"{firm:,.0f}" for firm in (row.firm_alone_s, row.firm_s)),
                element_name(results.study, row.cued_by) if row.cued_by else "–",
                why or ", ".join(gaps) or "nothing",
                accuracy,
            )
        )
    case = results.example.case
    caption = (
        f"{case.missile.name} from {case.launch_area.name} to {case.target.name}, impact after "
        f"{case.flown.time_of_flight_s:,.0f} s. Times in seconds after launch."
    )
    columns = (
        "Sensor",
        "first in view",
        "last in view",
        "firm track alone",
        "in the network",
        "cued by",
        "what hides it otherwise",
        "impact known at best to, m",
    )
    return WrittenTable(caption, columns, tuple(rows))


def out_of_reach_table(results: NetworkResults) -> WrittenTable | None:
    """Return the pairs that are not flown, and why; None if all are."""
    rows = tuple(
        (f"{pair.missile.name}, {place_name(pair.launch_area.name)} to {place_name(pair.target.name)}", pair.why)
        for pair in results.arcs.out_of_reach
    )
    return WrittenTable("Pairs that the missile does not reach.", ("Pair", "why"), rows) if rows else None
