"""One figure of every comparison: how far ours lies from theirs, in units of the tolerance."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from equipoise.analysis.validation import Comparison, grouped
from equipoise.present.style import BLUE, GREY, INK, VERMILION, house_style, new_figure

_EDGE = 5.0
_MARKS = {
    "met": {"marker": "o", "color": BLUE, "label": "met"},
    "missed": {"marker": "X", "color": VERMILION, "label": "missed"},
    "tuned": {"marker": "s", "color": GREY, "label": "tuned"},
}


def offset(comparison: Comparison) -> float:
    """Return the difference in units of the tolerance, held within the edges of the figure."""
    return max(-_EDGE, min(_EDGE, comparison.difference / comparison.allowed))


@house_style
def validation_figure(comparisons: Sequence[Comparison]) -> Figure:
    """Draw one row of marks an authority; the shaded band is the tolerance.

    Parameters
    ----------
    comparisons : sequence of Comparison
        From :func:`equipoise.analysis.validation.validate`.
    """
    groups = grouped(comparisons)
    rows_in, foot_in, head_in = 0.36 * len(groups), 0.75, 0.45
    height_in = rows_in + foot_in + head_in
    figure = new_figure(7.4, height_in)
    axes = figure.add_axes((0.4, foot_in / height_in, 0.57, rows_in / height_in))
    axes.axvspan(-1.0, 1.0, color=BLUE, alpha=0.1, linewidth=0)
    axes.axvline(0.0, color=INK, linewidth=0.7)
    for row, (_, group) in enumerate(groups):
        for verdict, mark in _MARKS.items():
            found = [
                (offset(each), row + 0.5 * ((place + 0.5) / len(group) - 0.5))
                for place, each in enumerate(group)
                if each.verdict == verdict
            ]
            if found:
                x, y = zip(*found, strict=True)
                axes.scatter(
                    x, y, s=24 if verdict == "missed" else 12, marker=mark["marker"], color=mark["color"], alpha=0.8,
                    linewidths=0, zorder=3,
                )  # fmt: skip
    axes.set_yticks(range(len(groups)), [authority.title for authority, _ in groups])
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.set_xlim(-_EDGE - 0.3, _EDGE + 0.3)
    axes.set_xticks([-_EDGE, -3.0, -1.0, 0.0, 1.0, 3.0, _EDGE])
    axes.set_xticklabels([f"−{_EDGE:g}", "−3", "−1", "0", "1", "3", f"{_EDGE:g}"])
    axes.set_xlabel("ours less theirs, in units of the tolerance")
    axes.tick_params(axis="y", length=0)
    for mark in _MARKS.values():
        axes.scatter([], [], s=18, marker=mark["marker"], color=mark["color"], label=mark["label"], linewidths=0)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3)
    return figure
