"""Which number moves the answer: the defended share at either end of each input's range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from equipoise.present.input_names import input_name, input_range
from equipoise.present.style import BLUE, GREY, INK, ORANGE, house_style, new_figure

if TYPE_CHECKING:
    from equipoise.analysis import Swing
    from equipoise.study import Study

_SHOWN = 12  # inputs, widest first; what moves less than the rest is in the run's files


def swing_name(study: Study, swing: Swing) -> str:
    """Name the input behind a swing: ``interceptor: burnout speed``."""
    return input_name(study, swing.owner, swing.quantity)


def swing_range(swing: Swing) -> str:
    """Write the range of an input as its file does: ``2.6 to 2.8 km/s``; directions stay below 360 degrees."""
    return input_range(swing.quantity, swing.unit, swing.low, swing.high)


@house_style
def swing_figure(swings: Sequence[Swing], study: Study, central: Sequence[float], names: Sequence[str]) -> Figure:
    """Draw the defended share at either end of each input's range, one panel per threat, widest first.

    Parameters
    ----------
    swings : sequence of Swing
        Inputs that move anything, widest first.
    study : Study
        For the names of the inputs.
    central : sequence of float
        Share of the land with every input at its central value, by threat.
    names : sequence of str
        Names of the threats.

    Returns
    -------
    matplotlib.figure.Figure
        A circle at the low end of a range, a square at the high end; the line is the central value.
    """
    shown = [swing for swing in swings if swing.widest >= 0.005][:_SHOWN] or list(swings[:1])
    rows = len(shown)
    margin, gap, panel_width = 2.75, 0.25, 6.0 / max(len(names), 1)
    width_in = margin + len(names) * (min(panel_width, 3.2) + gap) + 0.1
    panel_width = min(panel_width, 3.2)
    foot, height = 0.95, 0.34 * rows + 0.2
    height_in = foot + height + 0.4
    figure = new_figure(width_in, height_in)
    for k, name in enumerate(names):
        left = margin + k * (panel_width + gap)
        axes = figure.add_axes((left / width_in, foot / height_in, panel_width / width_in, height / height_in))
        axes.axvline(100 * central[k], color=GREY, linewidth=0.9, zorder=1.0)
        for row, swing in enumerate(shown):
            low, high = 100 * swing.fraction_low[k], 100 * swing.fraction_high[k]
            axes.plot([low, 100 * central[k], high], [row] * 3, color=INK, linewidth=1.2, alpha=0.55, zorder=2.0)
            axes.plot(low, row, marker="o", color=BLUE, markersize=6.0, markeredgecolor="white", zorder=3.0)
            axes.plot(high, row, marker="s", color=ORANGE, markersize=5.2, markeredgecolor="white", zorder=3.1)
        axes.set(xlim=(-3, 103), ylim=(rows - 0.4, -0.6), xlabel="share of land, %")
        labels = [f"{swing_name(study, swing)}\n{swing_range(swing)}" for swing in shown] if k == 0 else []
        axes.set_yticks(range(rows), labels or [""] * rows, fontsize=7)
        axes.tick_params(axis="y", length=0)
        axes.set_xticks([0, 25, 50, 75, 100])
        axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.5)
        axes.set_title(name, fontsize=9)
    handles = [
        Line2D([], [], marker="o", color=BLUE, linestyle="none", markersize=6, label="low end of the input's range"),
        Line2D([], [], marker="s", color=ORANGE, linestyle="none", markersize=5, label="high end"),
        Line2D([], [], color=GREY, linewidth=0.9, label="every input at its central value"),
    ]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / width_in, 0.0), ncols=3)
    return figure
