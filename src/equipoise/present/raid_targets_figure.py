"""Target by target: how many missiles are aimed, how many leak, and how often at least one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from equipoise.analysis.intervals import mean, share
from equipoise.analysis.raid_answers import missiles_by_target
from equipoise.present import legends
from equipoise.present.network_names import place_name
from equipoise.present.raid_names import KILLED, LEAKED, number
from equipoise.present.style import GREY, VERMILION, house_style, new_figure
from equipoise.present.text_width import width_pt

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults
    from equipoise.analysis.intervals import Estimate

_WIDTH_IN = 9.6
_HEAD_IN, _FOOT_IN = 0.6, 0.78
_ROW_IN = 0.34
_GAP_IN = 0.18


@house_style
def raid_targets_figure(results: RaidResults) -> Figure:
    """Draw what becomes of the missiles at each target.

    Parameters
    ----------
    results : RaidResults
        Any.

    Returns
    -------
    matplotlib.figure.Figure
        Left, missiles aimed at each target: leaked on average and killed on average, with the 95 % interval of the
        mean; right, the share of raids in which at least one leaks, with its 95 % interval. Chance alone.
    """
    study, counts = results.study, results.counts
    runs = int(counts.runs)
    aimed = missiles_by_target(study)
    names = [place_name(target.name) for target in study.targets]
    leaked = [mean(float(counts.target_leakers[i]), float(counts.target_pairs[i, i]), runs) for i in range(len(names))]
    hit = [share(int(counts.target_hit[i]), runs) for i in range(len(names))]
    words = [f"{number(one.value, 2)} of {count}" for one, count in zip(leaked, aimed, strict=True)]
    label_in = 0.2 + max(width_pt(name, 8.0) for name in names) / 72.0
    words_in = 0.16 + max(width_pt(one, 7.5) for one in words) / 72.0
    chances = [f"{number(100.0 * one.value, 1)} %" for one in hit]
    chances_in = 0.16 + max(width_pt(one, 7.5) for one in chances) / 72.0
    wide_in = (_WIDTH_IN - label_in - words_in - _GAP_IN - chances_in - 0.1) / 2.0
    body_in = _ROW_IN * len(names)
    height_in = _HEAD_IN + body_in + _FOOT_IN
    figure = new_figure(_WIDTH_IN, height_in)
    title = f"What becomes of the missiles at each target, over {runs:,} runs"
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    low = _FOOT_IN / height_in
    bars = figure.add_axes((label_in / _WIDTH_IN, low, wide_in / _WIDTH_IN, body_in / height_in))
    left_in = label_in + wide_in + words_in + _GAP_IN
    dots = figure.add_axes((left_in / _WIDTH_IN, low, wide_in / _WIDTH_IN, body_in / height_in))
    for row, (one, count) in enumerate(zip(leaked, aimed, strict=True)):
        bars.barh(row, one.value, height=0.6, color=LEAKED, zorder=2.0, gid="leaked")
        bars.barh(row, count - one.value, left=one.value, height=0.6, color=KILLED, ec=GREY, lw=0.4, zorder=2.0,
                  gid="killed")  # fmt: skip
        _interval(bars, row, one, 1.0)
        _beside(bars, row, words[row])
        dots.plot([100.0 * hit[row].value], [row], marker="o", ms=5.5, color=LEAKED, zorder=3.0, gid="hit")
        _interval(dots, row, hit[row], 100.0)
        _beside(dots, row, chances[row])
    for axes in (bars, dots):
        axes.set(ylim=(len(names) - 0.5, -0.5), yticks=[])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=GREY, linewidth=0.3, alpha=0.5)
        axes.set_axisbelow(True)
    bars.set_yticks(range(len(names)), names, fontsize=8)
    bars.set(xlim=(0.0, 1.03 * float(aimed.max())))
    bars.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    bars.set_xlabel("missiles", labelpad=2.0)
    bars.set_title("Missiles aimed: leaked and killed, mean", fontsize=8.5, pad=4.0)
    dots.set(xlim=(-2.0, 102.0))
    dots.set_xlabel("% of raids", labelpad=2.0)
    dots.set_title("Raids in which at least one leaks", fontsize=8.5, pad=4.0)
    handles = [
        Patch(fc=LEAKED, label="leaked, mean of the runs"),
        Patch(fc=KILLED, ec=GREY, lw=0.4, label="killed, mean of the runs"),
        Line2D([], [], color=VERMILION, lw=1.4, marker="|", ms=6, label="95 % interval that more runs narrow: chance"),
    ]
    legends.draw_legend(figure, handles)
    return figure


def _interval(axes: Axes, row: int, one: Estimate, scale: float) -> None:
    ends = [scale * one.low, scale * one.high]
    axes.plot(ends, [row, row], color=VERMILION, lw=1.4, marker="|", ms=6.0, mew=1.1, zorder=4.0, gid="interval")


def _beside(axes: Axes, row: int, words: str) -> None:
    axes.annotate(
        words, (1.0, row), xycoords=axes.get_yaxis_transform(), xytext=(5, 0), textcoords="offset points",
        fontsize=7.5, va="center",
    )  # fmt: skip
