"""One engagement on a time line: what the missile, the radar and the battery do when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from equipoise.arrays import FloatArray
from equipoise.present.side_view import title
from equipoise.present.style import BLUE, GREY, INK, VERMILION, YELLOW, house_style, new_figure

if TYPE_CHECKING:
    from equipoise.analysis import Engagement


def _to_minutes(seconds: FloatArray) -> FloatArray:
    return seconds / 60.0


def _to_seconds(minutes: FloatArray) -> FloatArray:
    return minutes * 60.0


@house_style
def timeline(view: Engagement) -> Figure:
    """Draw the engagement on a time line: what the missile, the radar and the battery do when.

    Parameters
    ----------
    view : Engagement
        What to draw.

    Returns
    -------
    matplotlib.figure.Figure
        Seconds since the missile's launch along the bottom, minutes along the top.
    """
    figure = new_figure(9.6, 3.6)
    axes = figure.add_axes((0.135, 0.15, 0.84, 0.62))
    end = float(view.time_s[-1])
    rows = ["interceptor", "battery", "radar", "missile"]
    axes.set(xlim=(-0.01 * end, 1.01 * end), ylim=(-0.75, 3.75), yticks=range(4), yticklabels=rows)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    _bar(axes, 3, 0.0, view.burnout.time_s, VERMILION, "under power")
    _bar(axes, 3, view.burnout.time_s, end, "#C9CDD0", "unpowered flight")
    _tick(axes, 3, [("launch", 0.0), ("burnout", view.burnout.time_s), ("impact", end)])
    if view.detection is not None:
        firm = view.firm_track.time_s if view.firm_track is not None else end
        lost = view.lost.time_s if view.lost is not None else end
        _bar(axes, 2, view.detection.time_s, min(firm, lost), "#F7DFA3", "")
        _bar(axes, 2, firm, lost, YELLOW, "tracks")
        marks = [("first detection", view.detection.time_s)]
        if view.firm_track is not None:
            marks.append(("firm track", firm))
        if view.lost is not None:
            marks.append(("out of view", lost))
        _tick(axes, 2, marks)
    else:
        axes.text(0.5 * end, 2, "the radar never sees this arc", ha="center", va="center", fontsize=8, style="italic")
    if view.first is not None and view.last is not None:
        _bar(axes, 1, view.first.launch_s, view.last.launch_s, "#8CCFB9", "launch window")
        _tick(axes, 1, [("first launch", view.first.launch_s), ("last launch", view.last.launch_s)])
        _bar(axes, 0, view.first.intercept.time_s, view.last.intercept.time_s, "#9CC7E6", "intercept window")
        _tick(
            axes,
            0,
            [("first intercept", view.first.intercept.time_s), ("last intercept", view.last.intercept.time_s)],
            below=True,
        )
        for shot in (view.first, view.last):
            axes.plot([shot.launch_s, shot.intercept.time_s], [0.8, 0.2], color=BLUE, linewidth=1.0, zorder=3)
    else:
        axes.text(0.5 * end, 0.5, "no intercept is possible", ha="center", va="center", fontsize=8, style="italic")
    axes.set_xlabel("seconds since the missile's launch")
    top = axes.secondary_xaxis("top", functions=cast("Any", (_to_minutes, _to_seconds)))
    top.set_xlabel("minutes", fontsize=8)
    axes.grid(axis="x", color=GREY, linewidth=0.3, alpha=0.5)
    axes.set_axisbelow(True)
    figure.suptitle(title(view), x=0.135, y=0.975, ha="left", va="top", fontsize=10, fontweight="bold")
    return figure


def _bar(axes: Axes, row: float, start: float, end: float, colour: str, text: str) -> None:
    axes.barh(row, max(end - start, 0.0), left=start, height=0.36, color=colour, edgecolor=INK, linewidth=0.4, zorder=2)
    if text and end - start > 0.011 * len(text) * axes.get_xlim()[1]:
        axes.text((start + end) / 2, row, text, ha="center", va="center", fontsize=7.5, zorder=4)


def _tick(axes: Axes, row: float, marks: Sequence[tuple[str, float]], *, below: bool = False) -> None:
    """Write moments above (or below) a bar; of two that stand close, the first leans left and the second right.

    Where the first has no room to lean left, the second goes to the other side of the bar.
    """
    width = axes.get_xlim()[1]
    texts = [f"{words} {time_s:.0f} s" for words, time_s in marks]
    lengths = [0.0098 * len(text) * width for text in texts]
    aligns = ["left" if t < 0.08 * width else "right" if t > 0.9 * width else "center" for _, t in marks]
    sides = [below] * len(marks)
    for i in range(len(marks) - 1):
        if marks[i + 1][1] - marks[i][1] >= (lengths[i] + lengths[i + 1]) / 2 or sides[i] is not below:
            continue
        if marks[i][1] > lengths[i]:
            aligns[i] = "right"
            aligns[i + 1] = "left" if marks[i + 1][1] + lengths[i + 1] < width else "right"
        else:
            sides[i + 1] = not below
    for (_, time_s), text, align, under in zip(marks, texts, aligns, sides, strict=True):
        y, va = (row - 0.26, "top") if under else (row + 0.24, "bottom")
        axes.text(time_s, y, text, ha=align, va=va, fontsize=7.5, zorder=5)
        axes.plot([time_s, time_s], [row - 0.18, row + 0.22], color=INK, linewidth=1.1, zorder=4)
