"""When magazines are spent: rounds spent in the study's own raid, when the last one leaves, and in how large a raid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from equipoise.analysis.intervals import histogram_mean
from equipoise.analysis.raid_answers import spent_all
from equipoise.present import legends
from equipoise.present.maps import HALO
from equipoise.present.raid_names import KNOWLEDGE, layer_colour, number
from equipoise.present.size_axis import LABEL, mark_own_size, set_size_axis
from equipoise.present.style import GREY, INK, house_style, new_figure
from equipoise.present.text_width import width_pt

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults

_WIDTH_IN = 9.6
_HEAD_IN = 0.3
_ROW_IN, _PANEL_HEAD_IN, _PANEL_FOOT_IN = 0.66, 0.26, 0.5
_CURVE_HEAD_IN, _CURVE_IN = 0.5, 2.3
_GAP_IN = 0.5
_BINS = 60
_SPAN_S = 60  # at least, of the seconds that are shown
_MARKERS = ("o", "s", "D", "^", "v", "P", "X", "h")


@house_style
def exhaustion_figure(results: RaidResults) -> Figure:
    """Draw how the magazines fare.

    Parameters
    ----------
    results : RaidResults
        Any.

    Returns
    -------
    matplotlib.figure.Figure
        For each layer: how many of the runs spend how many rounds, with the mean of 5 to 95 % of the draws below, and
        when the last round leaves in the runs in which it does. Below, the probability that the magazine is spent
        against the size of the raid, with the 95 % interval of each point, and at the study's own size 5 to 95 % of
        the draws.
    """
    layers = results.study.layers
    names = [f"{layer.id}, {layer.rounds} rounds" for layer in layers]
    label_in = 0.2 + max(width_pt(name, 8.0) for name in names) / 72.0
    rows_in = _ROW_IN * len(layers)
    has_curve = bool(results.curve)
    handles = _handles(results)
    foot_in = legends.height_in(handles, _WIDTH_IN)
    below_in = _CURVE_HEAD_IN + _CURVE_IN + _PANEL_FOOT_IN if has_curve else 0.0
    height_in = _HEAD_IN + _PANEL_HEAD_IN + rows_in + _PANEL_FOOT_IN + below_in + foot_in
    figure = new_figure(_WIDTH_IN, height_in)
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, "How far the magazines go", fontsize=10, fontweight="bold",
                va="top")  # fmt: skip
    wide_in = (_WIDTH_IN - label_in - _GAP_IN - 0.2) / 2.0
    bottom_in = height_in - _HEAD_IN - _PANEL_HEAD_IN - rows_in
    spent, when = (
        figure.add_axes((left_in / _WIDTH_IN, bottom_in / height_in, wide_in / _WIDTH_IN, rows_in / height_in))
        for left_in in (label_in, label_in + wide_in + _GAP_IN)
    )
    _draw_spent(spent, results)
    spent.set_yticks([row + 0.5 for row in range(len(layers))], names, fontsize=8)
    _draw_when(when, results)
    if has_curve:
        curve = figure.add_axes(
            (
                0.62 / _WIDTH_IN,
                (foot_in + _PANEL_FOOT_IN) / height_in,
                (_WIDTH_IN - 0.82) / _WIDTH_IN,
                _CURVE_IN / height_in,
            )
        )
        _draw_probability(curve, results)
    legends.draw_legend(figure, handles)
    return figure


def _rows(axes: Axes, results: RaidResults) -> None:
    axes.set(ylim=(len(results.study.layers), 0.0), yticks=[])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _draw_spent(axes: Axes, results: RaidResults) -> None:
    """Draw how many of the runs spend how many rounds; the height of a row is its most frequent number."""
    layers = results.study.layers
    most = float(max(layer.rounds for layer in layers))
    if results.knowledge is not None:
        most = max(most, float(np.quantile(results.knowledge.spent, 0.95, axis=0).max()))
    _rows(axes, results)
    axes.set(xlim=(-0.03 * most - 0.5, 1.03 * most + 0.5))
    step = max(1, math.ceil((most + 1.0) / (2 * _BINS)))
    for row, layer in enumerate(layers):
        counts = results.counts.spent[row, : layer.rounds + 1]
        starts = np.arange(0, layer.rounds + 1, step)
        summed = np.add.reduceat(counts, starts)
        heights = 0.62 * summed / summed.max()
        axes.bar(
            starts + 0.5 * (step - 1), -heights, bottom=row + 0.8, width=0.92 * step, color=layer_colour(row),
            edgecolor=INK, linewidth=0.25, zorder=2.5, gid="spent",
        )  # fmt: skip
        axes.axhline(row + 0.8, color=INK, lw=0.5, zorder=2.0)
        axes.plot([layer.rounds] * 2, [row + 0.14, row + 0.8], color=INK, lw=1.0, ls=(0.0, (2.0, 1.5)), zorder=2.8)
        mean = histogram_mean(results.counts.spent[row]).value
        words = f"{number(mean, 1)} on average, chance"
        left = mean > 0.45 * most
        taken = np.flatnonzero(counts)
        # Left of the bars, right of them before the magazine if there is room, or beyond both.
        last = taken[-1] if layer.rounds - taken[-1] > 0.45 * most else max(taken[-1], layer.rounds)
        at, align = (taken[0] - 0.02 * most, "right") if left else (last + 0.03 * most, "left")
        axes.text(at, row + 0.42, words, fontsize=7.5, ha=align, va="center", path_effects=HALO, zorder=4.0)
        if results.knowledge is not None:
            low, middle, high = np.quantile(results.knowledge.spent[:, row], (0.05, 0.5, 0.95))
            axes.plot([low, high], [row + 0.89] * 2, color=KNOWLEDGE, lw=3.2, solid_capstyle="butt", zorder=3.0,
                      gid="spent-knowledge")  # fmt: skip
            axes.plot([middle], [row + 0.89], marker="|", ms=6, mew=1.4, color=INK, zorder=3.2)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    axes.set_xlabel("rounds spent in one raid", labelpad=2.0)
    axes.set_title("Rounds spent (dashed: the magazine)", fontsize=8.5, pad=4.0)


def _draw_when(axes: Axes, results: RaidResults) -> None:
    """Draw when the last round leaves, in the runs in which it does."""
    counts = results.counts
    _rows(axes, results)
    held = [np.flatnonzero(row) for row in counts.exhausted if row.any()]
    start, end = (min(one[0] for one in held), max(one[-1] for one in held) + 1) if held else (0, _SPAN_S)
    if end - start < _SPAN_S:
        start = max(0, (start + end - _SPAN_S) // 2)
        end = start + _SPAN_S
    step = max(1, -(-(end - start) // _BINS))
    start -= start % step
    room = 0.04 * (end - start)
    axes.set(xlim=(start - room, end + room))
    runs = int(counts.runs)
    for row, _ in enumerate(results.study.layers):
        axes.axhline(row + 0.8, color=INK, lw=0.5, zorder=2.0)
        share = spent_all(counts, results.raid.magazine)[row].value
        seconds = counts.exhausted[row]
        words = f"in {number(100.0 * share, 1)} % of raids" if share > 0.0 else f"in none of {runs:,} runs"
        if seconds.any():
            starts = np.arange(start, end, step)
            padded = np.concatenate([seconds, np.zeros(step, dtype=seconds.dtype)])
            summed = np.array([padded[one : one + step].sum() for one in starts])
            heights = 0.5 * summed / summed.max()
            axes.bar(
                starts + 0.5 * step, -heights, bottom=row + 0.8, width=0.95 * step, color=layer_colour(row),
                edgecolor=INK, linewidth=0.25, zorder=2.5, gid="exhausted",
            )  # fmt: skip
        axes.text(1.0, row + 0.16, words, transform=axes.get_yaxis_transform(), fontsize=7.5, ha="right", va="center",
                  path_effects=HALO, zorder=4.0)  # fmt: skip
    if not held:
        axes.set_xticks([])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    axes.set_xlabel("seconds since the raid began", labelpad=2.0)
    axes.set_title("When the last round leaves: chance", fontsize=8.5, pad=4.0)


def _points(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return float(axes.get_position().width * figure.get_size_inches()[0] * 72.0)


def _draw_probability(axes: Axes, results: RaidResults) -> None:
    """Draw the probability that each layer launches its last round, against the size of the raid."""
    study = results.study
    sizes = np.array([point.size for point in results.curve], dtype=float)
    own = study.missiles
    layers = len(study.layers)
    set_size_axis(axes, [point.size for point in results.curve], [own])
    axes.set(ylim=(-3.0, 103.0))
    mark_own_size(axes, own, _points(axes))
    for row in range(layers):
        colour, marker = layer_colour(row), _MARKERS[row % len(_MARKERS)]
        points = [point.exhausted[row] for point in results.curve]
        value, below, above = (
            100.0 * np.array([getattr(one, end) for one in points]) for end in ("value", "low", "high")
        )
        shifted = sizes * (1.0 + 0.012 * (row - 0.5 * (layers - 1)))
        axes.plot(shifted, value, color=colour, marker=marker, ms=4.5, mec=INK, mew=0.4, lw=1.3, zorder=3.0,
                  gid="probability")  # fmt: skip
        axes.vlines(shifted, below, above, color=INK, lw=0.9, zorder=2.9, gid="probability-interval")
        if results.knowledge is not None:
            low, high = 100.0 * np.quantile(results.knowledge.exhausted[:, row], (0.05, 0.95))
            x = own * (1.0 + 0.03 * (row - 0.5 * (layers - 1)))
            # Rimmed in the layer's colour: which band is whose.
            for width, shade, gid in ((5.2, colour, "rim"), (3.0, KNOWLEDGE, "probability-knowledge")):
                axes.plot([x, x], [low, high], color=shade, lw=width, solid_capstyle="butt", zorder=2.0, gid=gid)
    axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.5)
    axes.set_axisbelow(True)
    axes.set_ylabel("raids that spend it, %")
    axes.set_xlabel(LABEL, labelpad=2.0)
    axes.set_title("Probability that the magazine is spent, by the size of the raid", fontsize=8.5, pad=16.0)


def _handles(results: RaidResults) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=layer_colour(row), marker=_MARKERS[row % len(_MARKERS)], ms=4.5, mec=INK, mew=0.4, lw=1.3,
               label=layer.id)
        for row, layer in enumerate(results.study.layers)
    ]  # fmt: skip
    handles.append(Line2D([], [], color=INK, lw=0.9, label="95 % interval of a share"))
    if results.knowledge is not None:
        handles.append(Line2D([], [], color=KNOWLEDGE, lw=3.2, label="knowledge: 5 to 95 % of the draws"))
    return handles
