"""What batteries reach of the arcs of a network study: the tables and the file of every arc."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from equipoise.analysis.arc_engagement import LIMITS, ArcEngagements
from equipoise.analysis.engagement_summary import ALL_ARCS, engagement_case, rows_by_arc
from equipoise.present.csv_text import csv_text
from equipoise.present.network_names import short_name
from equipoise.present.network_tables import seconds
from equipoise.present.provenance import plain_number
from equipoise.present.report import Section, WrittenTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from equipoise.analysis.network_results import NetworkResults

LIMITS_WORDS = {"published": "published limits", "flight alone": "by flight alone"}


def cases_of(found: ArcEngagements) -> Iterator[dict[str, Any]]:
    """Yield what a battery reaches by burnout speed, limits and heading; all arcs together where there are several."""
    groups = found.battery.groups
    for group in groups if len(groups) == 1 else (*groups, None):
        for speed_mps in found.battery.burnout_speeds_mps:
            for limits in LIMITS:
                yield engagement_case(found, speed_mps, limits, group)


def fired(case: dict[str, Any], on_tracks: dict[str, Any]) -> str:
    """Write how many arcs of a case can be fired at, with the ends where these differ: ``9 (7 to 10) of 12``."""
    value, low, high = (on_tracks[f"arcs_can_fire{end}"] for end in ("", "_low", "_high"))
    ends = "" if low == value == high else f" ({low} to {high})"
    return f"{value}{ends} of {case['arcs']}"


def engagement_section(results: NetworkResults) -> Section:
    """Return the tables of what is within reach, and what the network's tracks leave of it."""
    reach = _reach_table(results)
    tracks = _tracks_table(results)
    tables = (reach,) if tracks is None else (reach, tracks)
    return Section("reach", "What is within reach of whom", "Within reach", tables)


def _reach_table(results: NetworkResults) -> WrittenTable:
    rows = []
    for found in results.engagements:
        for case in cases_of(found):
            slack_s = case["mean_slack_s"]
            rows.append(
                (
                    short_name(found.battery.id),
                    case["group"],
                    plain_number(case["burnout_speed_km_s"]),
                    LIMITS_WORDS[case["limits"]],
                    f"{case['arcs_in_reach']} of {case['arcs']}",
                    "–" if slack_s is None else f"{slack_s:,.0f}",
                )
            )
    caption = (
        "In reach: an interceptor that left at the very moment at which the missile leaves would meet it somewhere "
        "after the end of thrust. No battery can do that; what is out of reach here is out of reach altogether. "
        "Slack: the mean over those in reach of how long after the missile's launch the interceptor may leave."
    )
    columns = ("Battery", "arcs", "burnout speed, km/s", "limits", "in reach", "slack, s")
    return WrittenTable(caption, columns, tuple(rows))


def _tracks_table(results: NetworkResults) -> WrittenTable | None:
    if results.study.network is None:
        return None
    titles = {one.id: one.title for one in results.study.network.variants}
    rows = []
    for found in results.engagements:
        for case in cases_of(found):
            if case["group"] == ALL_ARCS or case["burnout_speed_km_s"] != round(found.own_speed_mps / 1e3, 3):
                continue
            for one in case["variants"]:
                window = (one[f"mean_firing_window{end}_s"] for end in ("", "_low", "_high"))
                rows.append(
                    (
                        short_name(found.battery.id),
                        titles[one["variant"]],
                        case["group"],
                        LIMITS_WORDS[case["limits"]],
                        fired(case, one),
                        seconds(*window),
                        f"{one['mean_looks']:.1f}",
                    )
                )
    caption = (
        "With the tracks that the network gives, at the burnout speed nearest to the record's own. Can fire: an "
        "intercept is left when a track is in the battery's hands and it has committed. Window: from the first launch "
        "to the last, averaged over all arcs. Looks: shots one after another, each launched after the one before was "
        "seen to fail. In brackets what the ends of cross-sections and of the launch warning's bands make of it."
    )
    columns = ("Battery", "network", "arcs", "limits", "can fire", "window, s", "looks")
    return WrittenTable(caption, columns, tuple(rows))


def engagements_csv(results: NetworkResults) -> str:
    """Write every battery, burnout speed, limit and arc as one table; what depends on tracks is the whole network's."""
    return csv_text(row for found in results.engagements for row in rows_by_arc(found))
