"""Which arcs pass within reach of which battery, and the time there is for a launch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from equipoise.analysis.engagement_summary import engagement_case
from equipoise.present.network_names import arc_name, place_name, short_name
from equipoise.present.provenance import plain_number
from equipoise.present.style import BLUE, GREY, INK, SKY_BLUE, VERMILION, house_style, new_figure
from equipoise.present.text_width import folded, width_pt

if TYPE_CHECKING:
    from equipoise.analysis.arc_engagement import ArcEngagements
    from equipoise.analysis.network_results import NetworkResults

_WIDTH_IN = 9.6
_ROW_IN, _GAP_IN, _HEAD_IN, _FOOT_IN = 0.2, 0.12, 0.3, 0.75
_PANEL_HEAD_IN, _PANEL_FOOT_IN = 0.3, 0.36
_SIZE = 7.5
_LABEL_IN = 2.3
_OPEN: dict[str, Any] = {"facecolor": SKY_BLUE, "edgecolor": INK, "gid": "open"}
_MISSING: dict[str, Any] = {"facecolor": "none", "edgecolor": VERMILION, "hatch": "////", "gid": "missing"}


@house_style
def reach_figure(results: NetworkResults) -> Figure:
    """Draw the share of each heading's arcs within reach of each battery, by burnout speed.

    Parameters
    ----------
    results : NetworkResults
        With at least one battery that is asked.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for each battery, a row for each heading and burnout speed. Filled circles: within published limits;
        open ones: by flight alone; diamonds with a bar: what is left with the network's tracks, over its band.
    """
    blocks = [[(group, speed) for group in one.battery.groups for speed in one.battery.burnout_speeds_mps] for one in
              results.engagements]  # fmt: skip
    heights = [_ROW_IN * len(rows) + _GAP_IN * len(one.battery.groups) for rows, one in
               zip(blocks, results.engagements, strict=True)]  # fmt: skip
    height_in = _HEAD_IN + sum(heights) + len(heights) * (_PANEL_HEAD_IN + _PANEL_FOOT_IN) + _FOOT_IN
    figure = new_figure(_WIDTH_IN, height_in)
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.06 / height_in, "Arcs within reach", fontsize=10, fontweight="bold", va="top")
    top_in = _HEAD_IN
    for found, body_in in zip(results.engagements, heights, strict=True):
        item = found.battery
        title = f"{short_name(item.id)}: {item.interceptor.name} at {place_name(item.site.name)}"
        at = 0.1 / _WIDTH_IN, 1.0 - (top_in + 0.04) / height_in
        figure.text(*at, title, fontsize=8.5, fontweight="bold", va="top")
        bottom_in = height_in - top_in - _PANEL_HEAD_IN - body_in
        left_in = _LABEL_IN + 0.75
        axes = figure.add_axes(
            (left_in / _WIDTH_IN, bottom_in / height_in, (_WIDTH_IN - left_in - 0.3) / _WIDTH_IN, body_in / height_in)
        )
        _draw_reach(axes, found)
        top_in += _PANEL_HEAD_IN + body_in + _PANEL_FOOT_IN
    handles = [
        Line2D([], [], color=BLUE, marker="o", ms=6, ls="none", label="fired as the missile leaves, published limits"),
        Line2D([], [], color=BLUE, marker="o", ms=9, mfc="none", ls="none", label="the same, by flight alone"),
    ]
    if results.study.network is not None:
        label = "fired on the network's tracks, published limits"
        handles.append(Line2D([], [], color=VERMILION, marker="D", ms=5, mec=INK, mew=0.6, label=label))
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / _WIDTH_IN, 0.06 / height_in), ncols=3)
    return figure


def _draw_reach(axes: Axes, found: ArcEngagements) -> None:
    y = 0.0
    ticks: list[float] = []
    labels: list[str] = []
    for group in found.battery.groups:
        start = y
        for speed_mps in found.battery.burnout_speeds_mps:
            published, alone = (
                engagement_case(found, speed_mps, limits, group) for limits in ("published", "flight alone")
            )
            scale = 100.0 / published["arcs"]
            axes.plot(scale * alone["arcs_in_reach"], y, "o", color=BLUE, mfc="none", ms=9, gid="alone", clip_on=False)
            axes.plot(scale * published["arcs_in_reach"], y, "o", color=BLUE, ms=6, gid="published", clip_on=False)
            if "variants" in published:
                one = published["variants"][0]
                ends = [scale * one["arcs_can_fire_low"], scale * one["arcs_can_fire_high"]]
                axes.plot(ends, [y, y], color=VERMILION, lw=1.4, solid_capstyle="butt", gid="band", clip_on=False)
                at = scale * one["arcs_can_fire"]
                axes.plot(at, y, "D", color=VERMILION, ms=4.6, mec=INK, mew=0.6, gid="tracks", clip_on=False)
            ticks.append(y)
            labels.append(f"{plain_number(speed_mps / 1e3)} km/s")
            y += _ROW_IN
        middle = 0.5 * (start + y - _ROW_IN)
        name = folded(f"{group} ({published['arcs']} arcs)", _SIZE, 72.0 * _LABEL_IN)
        at_x = -0.75 * 72.0
        axes.annotate(name, (0.0, middle), (at_x, 0.0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                      fontsize=_SIZE, va="center", ha="right")  # fmt: skip
        y += _GAP_IN
    axes.set(xlim=(0.0, 100.0), ylim=(y - _GAP_IN, -_ROW_IN))
    axes.set_yticks(ticks, labels, fontsize=_SIZE)
    axes.tick_params(axis="y", length=0, pad=6.0)
    axes.tick_params(axis="x", labelsize=7.0, length=2.5, pad=2.0)
    axes.set_xlabel("share of the arcs, %", fontsize=_SIZE, labelpad=1.5)
    axes.grid(axis="x", color=GREY, linewidth=0.3, alpha=0.5)
    axes.spines["left"].set_visible(False)
    axes.set_axisbelow(True)


@house_style
def launch_times_figure(results: NetworkResults) -> Figure:
    """Draw the launches that tracks allow and those that still meet the missile.

    Parameters
    ----------
    results : NetworkResults
        With at least one battery that is asked, and a network.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each battery and launch area: the arc of that area with the longest window, or with the least missing.
        Bars run from the first launch that tracks allow to the last that meets the missile.
    """
    rows = [(found, *row) for found in results.engagements for row in _best_arcs(found)]
    names = {case.id: arc_name(case) for case in results.arcs.cases}
    labels = [f"{short_name(found.battery.id)}: {names[arc]}" for found, arc, *_ in rows]
    label_in = 0.15 + max(width_pt(label, 7.0) for label in labels) / 72.0
    body_in = 0.19 * len(rows)
    height_in = 0.34 + body_in + 0.85
    figure = new_figure(_WIDTH_IN, height_in)
    title = "Launches that tracks allow, and launches that meet the missile"
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.06 / height_in, title, fontsize=10, fontweight="bold", va="top")
    axes = figure.add_axes(
        (label_in / _WIDTH_IN, 0.85 / height_in, (_WIDTH_IN - label_in - 0.25) / _WIDTH_IN, body_in / height_in)
    )
    latest = 0.0
    for y, (_, _, first_s, last_s, flight_s) in enumerate(rows):
        axes.plot([0.0, flight_s / 60.0], [y, y], color=GREY, lw=0.6, zorder=1.0)
        axes.plot(flight_s / 60.0, y, "x", color=INK, ms=4.0, zorder=2.0, gid="impact")
        latest = max(latest, flight_s / 60.0)
        if np.isfinite(last_s) and np.isfinite(first_s):
            open_ = last_s >= first_s
            axes.barh(y, (last_s - first_s) / 60.0, left=first_s / 60.0, height=0.5, color=SKY_BLUE if open_ else
            "none",
                      edgecolor=INK if open_ else VERMILION, hatch=None if open_ else "////", linewidth=0.6,
                      gid="open" if open_ else "missing")  # fmt: skip
        if np.isfinite(first_s):
            axes.plot(first_s / 60.0, y, "o", color=INK, mfc="white", ms=5.0, zorder=3.0, gid="first")
        if not np.isfinite(last_s):
            axes.text(0.2, y, "out of reach", fontsize=6.5, va="center", color=INK, zorder=4.0,
                      bbox={"fc": "white", "ec": "none", "pad": 0.8})  # fmt: skip
    axes.set(xlim=(min(0.0, *_lasts(rows)), 1.02 * latest), ylim=(len(rows) - 0.4, -0.6))
    axes.axvline(0.0, color=INK, lw=0.7, zorder=0.5)
    axes.set_yticks(range(len(rows)), labels, fontsize=7.0)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("minutes after the missile's launch", fontsize=8.0)
    axes.spines["left"].set_visible(False)
    handles = [
        Line2D([], [], color=INK, marker="o", mfc="white", ms=5, ls="none", label="first launch that tracks allow"),
        Patch(lw=0.6, label="launches that meet it", **_OPEN),
        Patch(lw=0.6, label="time that is missing", **_MISSING),
        Line2D([], [], color=INK, marker="x", ms=4, ls="none", label="impact"),
    ]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / _WIDTH_IN, 0.05 / height_in), ncols=4)
    return figure


Row = tuple[str, float, float, float]


def _best_arcs(found: ArcEngagements) -> list[Row]:
    """Return arc, first launch allowed, last launch that meets it, and time of flight [s]: one arc for each area."""
    first_s, last_s = found.values("first_launch_s"), found.values("slack_s")
    spare_s = np.where(np.isfinite(last_s), last_s, -1e9) - np.where(np.isfinite(first_s), first_s, 1e6)
    keys = [f"{arc.split('/')[0]}/{area}" for arc, area in
            zip(found.table["arc"].values, found.table["launch_area"].values, strict=True)]  # fmt: skip
    best: dict[str, int] = {}
    for i, key in enumerate(keys):
        if key not in best or spare_s[i] > spare_s[best[key]]:
            best[key] = i
    flight_s = found.table["time_of_flight_s"].values
    arcs = found.table["arc"].values
    return [(str(arcs[i]), float(first_s[i]), float(last_s[i]), float(flight_s[i])) for i in best.values()]


def _lasts(rows: list[tuple[ArcEngagements, str, float, float, float]]) -> list[float]:
    return [last_s / 60.0 for *_, last_s, _ in rows if np.isfinite(last_s)] or [0.0]
