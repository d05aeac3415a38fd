"""Sobol indices as a chart: which uncertain number the spread of each output comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from equipoise.present.style import BLUE, GREY, ORANGE, house_style, new_figure

if TYPE_CHECKING:
    from equipoise.analysis.sobol import Factor, FactorIndices, OutputIndices, SobolIndices

_SHOWN = 12  # factors, largest total index first; the others are in the run's files
_PANELS = 4
_LEAST = 0.005  # a total index below this is no bar to look at


@house_style
def sobol_figure(
    indices: SobolIndices, names: Callable[[Factor], str], titles: Sequence[str], subtitles: Sequence[str]
) -> Figure:
    """Draw the total and the first-order index of the factors that matter most, one panel per output.

    Parameters
    ----------
    indices : SobolIndices
        The indices.
    names : callable
        Names a factor, in one line or two.
    titles, subtitles : sequence of str
        Of the outputs: their name, and how they spread.

    Returns
    -------
    matplotlib.figure.Figure
        Bars with circles: total index; squares: first-order index; lines: their confidence intervals. The same factors
        in every panel, by the largest total index over the outputs. At most four outputs, those that spread most.
    """
    outputs = shown_outputs(indices)
    factors = shown_factors(indices)
    rows = max(len(factors), 1)
    margin, gap, right = 3.05, 0.25, 0.15
    panel = min(6.6 / len(outputs), 3.4)
    width_in = margin + len(outputs) * (panel + gap) - gap + right
    foot, height, head = 0.95, 0.36 * rows + 0.2, 0.55
    height_in = foot + height + head
    figure = new_figure(width_in, height_in)
    for k, i in enumerate(outputs):
        left = margin + k * (panel + gap)
        axes = figure.add_axes((left / width_in, foot / height_in, panel / width_in, height / height_in))
        _panel(axes, indices.outputs[i], factors)
        labels = [names(indices.factors[j]) for j in factors] if k == 0 else [""] * len(factors)
        axes.set_yticks(range(len(factors)), labels, fontsize=7)
        axes.set_title(textwrap.fill(titles[i], int(14 * panel)), fontsize=9, pad=17)
        axes.annotate(
            subtitles[i], (0.0, 1.0), xycoords="axes fraction", xytext=(0, 5), textcoords="offset points", fontsize=7
        )
    level = f"{100 * indices.confidence:.0f}\N{NO-BREAK SPACE}% interval"
    handles = [
        Line2D(
            [], [], marker="o", color=BLUE, markersize=5.5, label=f"total: by itself and together with others, {level}"
        ),
        Line2D([], [], marker="s", color=ORANGE, markersize=4.8, label=f"first order: by itself, {level}"),
    ]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / width_in, 0.0), ncols=2)
    return figure


def shown_outputs(indices: SobolIndices) -> tuple[int, ...]:
    """Return which outputs have a panel: the four that spread most, in their own order."""
    spread = [output.standard_deviation for output in indices.outputs]
    widest = sorted(range(len(spread)), key=lambda i: -spread[i])[:_PANELS]
    return tuple(sorted(widest))


def shown_factors(indices: SobolIndices) -> tuple[int, ...]:
    """Return which factors have a row: the dozen with the largest total index in any panel, largest first."""
    panels = [indices.outputs[i] for i in shown_outputs(indices) if indices.outputs[i].moves]
    largest = [max((output.factors[j].total for output in panels), default=0.0) for j in range(len(indices.factors))]
    ranked = sorted(range(len(largest)), key=lambda j: -largest[j])[:_SHOWN]
    return tuple(j for j in ranked if largest[j] >= _LEAST)


def _panel(axes: Axes, output: OutputIndices, factors: Sequence[int]) -> None:
    own = [output.factors[j] for j in factors] if output.moves else []
    for row, each in enumerate(own):
        axes.barh(row - 0.16, max(each.total, 0.0), height=0.3, color=BLUE, alpha=0.22, linewidth=0, zorder=1.5)
        _mark(axes, row - 0.16, each.total, each.total_half_width, BLUE, "o", 4.6)
        _mark(axes, row + 0.2, each.first_order, each.first_order_half_width, ORANGE, "s", 3.9)
    if not own:
        axes.text(0.5, 0.5, "does not move", transform=axes.transAxes, ha="center", va="center", fontsize=8)
    low, high = _limits(own)
    axes.axvline(0.0, color=GREY, linewidth=0.9, zorder=1.0)
    axes.set(xlim=(low, high), ylim=(max(len(factors), 1) - 0.4, -0.6), xlabel="share of the variance")
    axes.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0", "¼", "½", "¾", "1"])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.5)


def _mark(axes: Axes, row: float, value: float, half_width: float, colour: str, marker: str, size: float) -> None:
    axes.plot([value - half_width, value + half_width], [row, row], color=colour, linewidth=1.3, zorder=2.0)
    axes.plot(value, row, marker=marker, color=colour, markersize=size, markeredgecolor="white", zorder=3.0)


def _limits(own: Sequence[FactorIndices]) -> tuple[float, float]:
    """Return limits that hold every mark; an interval that goes beyond them ends at the frame."""
    values = [value for each in own for value in (each.total, each.first_order)]
    return min([-0.06, *(value - 0.04 for value in values)]), max([1.06, *(value + 0.04 for value in values)])
