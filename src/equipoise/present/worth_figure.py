"""What each element of a network is worth, metric by metric: its Shapley share and what is lost without it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from equipoise.analysis.network_results import DEFENDED, SEEN, TRACKED, WARNING, WINDOW, Band, MetricWorth
from equipoise.present.network_names import element_name, short_name
from equipoise.present.style import GREY, INK, SKY_BLUE, VERMILION, house_style, new_figure
from equipoise.present.text_width import width_pt

if TYPE_CHECKING:
    from equipoise.analysis.network_results import NetworkResults
    from equipoise.study.network_model import NetworkStudy

_WIDTH_IN = 9.6
_HEAD_IN, _FOOT_IN = 0.38, 0.42
_ROW_IN = 0.235
_PANEL_HEAD_IN, _PANEL_FOOT_IN = 0.42, 0.48
_GAP_IN = 0.25
_WORDS = {
    WARNING: ("Warning before impact, mean over arcs", "s", 1.0),
    TRACKED: ("Time tracked, mean over arcs", "s", 1.0),
    SEEN: ("Arcs whose track is reported", "%", 100.0),
    DEFENDED: ("Defended area, mean over missiles", "km²", 1.0),
    WINDOW: ("Firing window, mean over arcs", "s", 1.0),
}


@house_style
def worth_figure(results: NetworkResults) -> Figure:
    """Draw the worth of each element by each metric.

    Parameters
    ----------
    results : NetworkResults
        Whose study names elements: not to be called where ``worth`` is empty.

    Returns
    -------
    matplotlib.figure.Figure
        One panel for each metric. A bar is an element's Shapley share of what all elements add, its whisker the span
        over the bands of cross-sections and launch warning, the diamond what the whole loses without that element
        alone. In numbers beside it the share and its span.
    """
    study = results.study
    elements = [element_name(study, share.element) for share in results.worth[0].shares]
    label_in = 0.1 + max(width_pt(name, 7.5) for name in elements) / 72.0
    across = 1 if len(results.worth) == 1 else 2
    down = -(-len(results.worth) // across)
    body_in = _ROW_IN * len(elements)
    panel_in = _PANEL_HEAD_IN + body_in + _PANEL_FOOT_IN
    height_in = _HEAD_IN + down * panel_in + _FOOT_IN
    numbers = [[_span(share.shapley, worth) for share in worth.shares] for worth in results.worth]
    numbers_in = 0.1 + max(width_pt(words, 7.0) for column in numbers for words in column) / 72.0
    room_in = (_WIDTH_IN - 0.2 - (across - 1) * _GAP_IN) / across
    figure = new_figure(_WIDTH_IN, height_in)
    title = "What each element adds to the network"
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    for number, worth in enumerate(results.worth):
        row, column = divmod(number, across)
        left_in = 0.1 + column * (room_in + _GAP_IN)
        top_in = _HEAD_IN + row * panel_in
        bottom_in = height_in - top_in - _PANEL_HEAD_IN - body_in
        wide_in = min(room_in - label_in - numbers_in, 5.5)
        axes = figure.add_axes(
            ((left_in + label_in) / _WIDTH_IN, bottom_in / height_in, wide_in / _WIDTH_IN, body_in / height_in)
        )
        _draw_bars(axes, worth, elements, numbers[number])
        at = left_in / _WIDTH_IN, 1.0 - (top_in + 0.02) / height_in
        figure.text(*at, _title(study, worth), fontsize=8.5, fontweight="bold", va="top")
        at = left_in / _WIDTH_IN, 1.0 - (top_in + 0.2) / height_in
        whole, none = _span(worth.whole, worth, unit=True), _span(worth.none, worth, unit=True)
        figure.text(*at, f"whole: {whole}; none of them: {none}", fontsize=7.5, va="top", gid="whole")
    handles = [
        Patch(fc=SKY_BLUE, ec=INK, lw=0.5, label="Shapley share (in numbers: share, low to high)"),
        Line2D([], [], color=INK, marker="|", ms=6, lw=1.1, label="its span over the bands of the inputs"),
        Line2D([], [], color=VERMILION, marker="D", ms=5, mec=INK, mew=0.6, ls="none", label="lost without it alone"),
    ]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / _WIDTH_IN, 0.02), ncols=3)
    return figure


def _title(study: NetworkStudy, worth: MetricWorth) -> str:
    words = _WORDS[worth.metric][0]
    if not worth.shooter:
        return words
    where = short_name(worth.shooter)
    return f"{where}: {words[0].lower()}{words[1:]}"


def _span(band: Band, worth: MetricWorth, *, unit: bool = False) -> str:
    """Write a value with its band, without it where there is none."""
    _, sign, factor = _WORDS[worth.metric]
    low, value, high = (_number(factor * end) for end in (band.low, band.value, band.high))
    shown = f"{value} {sign}" if unit else value
    return shown if low == value == high else f"{shown} ({low} to {high})"


def _number(value: float) -> str:
    words = f"{value:,.0f}" if abs(value) >= 9.95 else f"{value:.1f}"
    return "0" if words in ("0.0", "-0.0") else words.replace("-", "\N{MINUS SIGN}")


def _draw_bars(axes: Axes, worth: MetricWorth, elements: list[str], numbers: list[str]) -> None:
    _, sign, factor = _WORDS[worth.metric]
    ends = [0.0]
    for row, share in enumerate(worth.shares):
        low, value, high = (factor * end for end in (share.shapley.low, share.shapley.value, share.shapley.high))
        lost = factor * share.lost.value
        axes.barh(row, value, height=0.62, color=SKY_BLUE, edgecolor=INK, linewidth=0.5, zorder=2.0)
        axes.plot([low, high], [row, row], color=INK, lw=1.1, marker="|", ms=6.0, zorder=3.0, gid="band")
        axes.plot(lost, row, marker="D", color=VERMILION, ms=4.6, mec=INK, mew=0.6, ls="none", zorder=4.0, gid="lost")
        at = 1.0 + 0.06 * 72.0 / max(_points(axes), 1.0), row
        axes.text(*at, numbers[row], transform=axes.get_yaxis_transform(), fontsize=7.0, va="center", gid="share")
        ends += [low, high, lost]
    least, most = min(ends), max(ends)
    spread = most - least if most > least else 1.0
    axes.set(xlim=(least - 0.03 * spread, least + 1.04 * spread), ylim=(len(elements) - 0.4, -0.6))
    axes.axvline(0.0, color=INK, lw=0.7, zorder=1.5)
    axes.set_yticks(range(len(elements)), elements, fontsize=7.5)
    axes.tick_params(axis="y", length=0, pad=3.0)
    axes.tick_params(axis="x", labelsize=7.0, length=2.5, pad=2.0)
    if most > least:
        axes.locator_params(axis="x", nbins=5)
    else:
        axes.set_xticks([0.0])
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"added, {sign}", fontsize=7.5, labelpad=1.5)
    axes.grid(axis="x", color=GREY, linewidth=0.3, alpha=0.5)
    axes.set_axisbelow(True)


def _points(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return float(axes.get_position().width * figure.get_size_inches()[0] * 72.0)
