"""What each missile class asks of radar and interceptor, beside what is published of the battery."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from equipoise.present.scene import threat_name
from equipoise.present.style import BLUE, GREY, INK, SKY_BLUE, VERMILION, house_style, new_figure
from equipoise.present.text_width import width_pt

if TYPE_CHECKING:
    from equipoise.analysis.proportion import ClassNeeds, ProportionResults

_WIDTH_IN = 9.6
_HEAD_IN, _TITLE_IN, _AXIS_IN, _FOOT_IN = 0.36, 0.28, 0.5, 0.62
_CLASS_IN, _RANGE_IN, _REACH_IN = 0.2, 0.15, 0.3


@house_style
def needed_figure(results: ProportionResults) -> Figure:
    """Draw the radar range and the ground range that each class asks for, beside the published ones.

    Parameters
    ----------
    results : ProportionResults
        From :func:`equipoise.analysis.proportion.proportion`.

    Returns
    -------
    matplotlib.figure.Figure
        Above, for each class a bar from the least to the most that its arcs ask of the radar, and below it each
        published range as it is against that class, with the span of the cross-section. Below, what the arcs ask of the
        interceptor, beside its published range.
    """
    classes = [one for one in results.classes if one.within_limits]
    per_class_in = _CLASS_IN + _RANGE_IN * len(classes[0].ranges) + 0.14
    radar_in, reach_in = per_class_in * len(classes), _REACH_IN * len(classes)
    height_in = _HEAD_IN + 2 * (_TITLE_IN + _AXIS_IN) + radar_in + reach_in + _FOOT_IN
    names = [threat_name(one.threat) for one in classes]
    labels = [f"{one.range.range_m.value / 1e3:,.0f} km, {one.range.label}" for one in classes[0].ranges]
    left_in = 0.2 + max(width_pt(label, 6.5) for label in labels) / 72.0
    figure = new_figure(_WIDTH_IN, height_in)
    title = "What each class asks for, and what is published of the battery"
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.06 / height_in, title, fontsize=10, fontweight="bold", va="top")

    def panel(top_in: float, body_in: float, heading: str) -> Axes:
        at = 0.1 / _WIDTH_IN, 1.0 - (top_in + 0.02) / height_in
        figure.text(*at, heading, fontsize=8.5, fontweight="bold", va="top")
        bottom = (height_in - top_in - _TITLE_IN - body_in) / height_in
        wide = (_WIDTH_IN - left_in - 0.2) / _WIDTH_IN
        return figure.add_axes((left_in / _WIDTH_IN, bottom, wide, body_in / height_in))

    radar = panel(
        _HEAD_IN, radar_in, "Radar: the range at which a missile must be seen at the latest, to meet it at all"
    )
    _draw_radar(radar, classes, names, labels, per_class_in)
    top_in = _HEAD_IN + _TITLE_IN + radar_in + _AXIS_IN
    reach = panel(
        top_in,
        reach_in,
        "Interceptor: the ground range at which a missile lies between its lowest and highest altitude",
    )
    _draw_reach(reach, results, classes, names)
    handles = [
        Patch(fc=SKY_BLUE, ec=INK, lw=0.5, label="asked for: least to most over the arcs, line at the middle"),
        Line2D([], [], color=VERMILION, marker="D", ms=4.5, mec=INK, mew=0.5, lw=1.2,
               label="published range against this class, over its cross-section"),
        Line2D([], [], color=BLUE, lw=1.6, label="published range of the interceptor, its range of values shaded"),
    ]  # fmt: skip
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / _WIDTH_IN, 0.04 / height_in), ncols=2)
    return figure


def _asked(axes: Axes, y: float, height: float, low_m: float, middle_m: float, high_m: float) -> None:
    axes.barh(y, (high_m - low_m) / 1e3, left=low_m / 1e3, height=height, color=SKY_BLUE, edgecolor=INK, linewidth=0.5,
              zorder=2.0, gid="asked")  # fmt: skip
    axes.plot([middle_m / 1e3] * 2, [y - height / 2, y + height / 2], color=INK, lw=1.0, zorder=2.5)


def _draw_radar(
    axes: Axes, classes: list[ClassNeeds], names: list[str], labels: list[str], per_class_in: float
) -> None:
    ticks: list[float] = []
    words: list[str] = []
    for i, (one, name) in enumerate(zip(classes, names, strict=True)):
        y = i * per_class_in + 0.5 * _CLASS_IN
        needed = one.radar_needed_m
        _asked(axes, y, 0.75 * _CLASS_IN, needed.least, needed.middle, needed.most)
        ticks.append(y)
        words.append(name)
        for j, (own, label) in enumerate(zip(one.ranges, labels, strict=True)):
            at = y + 0.5 * _CLASS_IN + (j + 0.6) * _RANGE_IN
            axes.plot([own.low_m / 1e3, own.high_m / 1e3], [at, at], color=VERMILION, lw=1.2, gid="has")
            axes.plot(own.value_m / 1e3, at, "D", color=VERMILION, ms=3.6, mec=INK, mew=0.5)
            ticks.append(at)
            words.append(label)
        axes.plot([needed.most / 1e3] * 2, [y, y + per_class_in - 0.2], color=INK, lw=0.6, ls=(0, (2, 2)), zorder=1.0)
    bottom = len(classes) * per_class_in
    axes.set(xscale="log", xlim=(80.0, 2.0e4), ylim=(bottom - 0.08, -0.06))
    axes.set_yticks(ticks, words, fontsize=6.5)
    for tick, word in zip(axes.get_yticklabels(), words, strict=True):
        if word in names:
            tick.set(fontsize=7.5, fontweight="bold")
    _style(axes, "slant range, km")
    axes.set_xticks([100, 200, 500, 1000, 2000, 5000, 10000, 20000])
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.minorticks_off()


def _draw_reach(axes: Axes, results: ProportionResults, classes: list[ClassNeeds], names: list[str]) -> None:
    for i, one in enumerate(classes):
        ground = one.ground_needed_m
        if not math.isnan(ground.most):
            _asked(axes, i, 0.5, ground.least, ground.middle, ground.most)
    has = results.study.defence.interceptor.max_range_m
    axes.axvspan(has.low / 1e3, has.high / 1e3, color=BLUE, alpha=0.12, lw=0, zorder=0.5)
    axes.axvline(has.value / 1e3, color=BLUE, lw=1.6, zorder=3.0, gid="has")
    axes.set(xlim=(0.0, None), ylim=(len(classes) - 0.5, -0.5))
    axes.set_yticks(range(len(classes)), names, fontsize=7.5)
    _style(axes, "ground range from the battery, km")


def _style(axes: Axes, label: str) -> None:
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7.0, length=2.5, pad=2.0)
    axes.set_xlabel(label, fontsize=7.5, labelpad=1.5)
    axes.grid(axis="x", color=GREY, linewidth=0.3, alpha=0.5)
    axes.spines["left"].set_visible(False)
    axes.set_axisbelow(True)
