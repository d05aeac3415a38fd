"""How much of a raid leaks against its size: the mean, what chance makes of one raid, and what is not known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from equipoise.analysis.raid_answers import MOST_MISSILES
from equipoise.arrays import FloatArray
from equipoise.present import legends
from equipoise.present.labels import Written, beside
from equipoise.present.maps import HALO
from equipoise.present.raid_names import CHANCE, KNOWLEDGE, layer_colour
from equipoise.present.size_axis import LABEL, mark_own_size, place_of, set_size_axis
from equipoise.present.style import GREY, INK, house_style, new_figure
from equipoise.present.text_width import width_pt

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults

_WIDTH_IN = 9.6
_LEFT_IN, _RIGHT_IN = 0.62, 0.2
_HEAD_IN, _BODY_IN, _BETWEEN_IN, _ROW_IN, _FOOT_IN = 0.52, 3.5, 0.52, 0.24, 0.42
_DENSE = 200
_LED_PT = 20.0  # from here on a name has a leader
_MEDIAN = "#9A6A00"
_DASHES = (0.0, (5.0, 2.0))
_CHANCE_FILL = 0.55


@house_style
def leakage_figure(results: RaidResults) -> Figure:
    """Draw the leaked share against the size of the raid.

    Parameters
    ----------
    results : RaidResults
        Whose study names sizes: not to be called where ``curve`` is empty.

    Returns
    -------
    matplotlib.figure.Figure
        Line: the mean over runs with its 95 % interval as a thin bar at each size. Narrow band: 5 to 95 % of single
        raids, chance alone. Hatched band: 5 to 95 % of the draws' means, knowledge alone. Below, at which sizes each
        layer's magazine is spent.
    """
    study = results.study
    rows = len(results.spent_at)
    handles = _handles(results)
    foot_in = _FOOT_IN + legends.height_in(handles, _WIDTH_IN)
    height_in = _HEAD_IN + _BODY_IN + _BETWEEN_IN + _ROW_IN * rows + foot_in
    figure = new_figure(_WIDTH_IN, height_in)
    title = "Leaked share against the size of the raid, in the study's proportions"
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    wide = (_WIDTH_IN - _LEFT_IN - _RIGHT_IN) / _WIDTH_IN
    low_in = foot_in + _ROW_IN * rows + _BETWEEN_IN
    axes = figure.add_axes((_LEFT_IN / _WIDTH_IN, low_in / height_in, wide, _BODY_IN / height_in))
    strip = figure.add_axes((_LEFT_IN / _WIDTH_IN, foot_in / height_in, wide, _ROW_IN * rows / height_in))
    sizes = np.array([point.size for point in results.curve], dtype=float)
    own = study.missiles
    spent = [one.sizes[1] for one in results.spent_at if one.sizes[1] is not None]
    for panel in (axes, strip):
        limits = set_size_axis(panel, [point.size for point in results.curve], [own, *spent])
        mark_own_size(panel, own, 72.0 * wide * _WIDTH_IN, named=panel is axes)
    axes.set(ylim=(0.0, 100.0), ylabel="leaked share of the missiles, %")
    axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.5)
    axes.set_axisbelow(True)
    _draw_curve(axes, results, sizes)
    _draw_spent(strip, results, limits)
    strip.set_xlabel(LABEL)
    legends.draw_legend(figure, handles)
    return figure


def _draw_curve(axes: Axes, results: RaidResults, sizes: FloatArray) -> None:
    mean, low, high = (
        np.array([100.0 * getattr(point.leaked, end) for point in results.curve]) for end in ("value", "low", "high")
    )
    one_raid = np.array([point.one_raid for point in results.curve]) * 100.0
    if results.knowledge is not None:
        draws = 100.0 * np.quantile(results.knowledge.leaked_by_size, (0.05, 0.5, 0.95), axis=0)
        _draw_band(axes, sizes, draws[0], draws[2], KNOWLEDGE, "knowledge")
        axes.plot(sizes, draws[1], color=_MEDIAN, lw=1.0, ls=_DASHES, zorder=2.2, gid="knowledge-median")
    _draw_band(axes, sizes, one_raid[:, 0], one_raid[:, 2], CHANCE, "chance")
    axes.plot(sizes, mean, color=INK, lw=1.4, marker="o", ms=3.2, zorder=3.2, gid="mean")
    axes.vlines(sizes, low, high, color=INK, lw=0.9, zorder=3.3, gid="mean-interval")
    axes.plot(sizes, low, ls="none", marker="_", ms=5.0, mew=0.8, color=INK, zorder=3.3)
    axes.plot(sizes, high, ls="none", marker="_", ms=5.0, mew=0.8, color=INK, zorder=3.3)
    written = Written(axes)
    dense = np.geomspace(sizes[0], sizes[-1], _DENSE) if len(sizes) > 1 else np.repeat(sizes, 2)

    def along(values: FloatArray) -> FloatArray:
        return np.interp(np.log(dense), np.log(sizes), values)

    edges = [mean, one_raid[:, 0], one_raid[:, 2]]
    if results.knowledge is not None:
        edges += [draws[0], draws[2], draws[1]]
    for edge in edges:
        written.keep_clear_of(dense, along(edge))
    own = np.linspace(0.0, 100.0, _DENSE)
    written.keep_clear_of(np.full(_DENSE, float(results.study.missiles)), own)
    for end in (sizes[0], sizes[-1]):
        written.keep_clear_of(np.full(_DENSE, float(end)), own)
    inside = [(0.0, 0.0)]
    led = [offset for offset in beside() if math.hypot(*offset) > _LED_PT]
    at = dense[_DENSE // 20 : -_DENSE // 20 : 4] if len(sizes) > 1 else dense[:1]

    def write(words: str, low: FloatArray, high: FloatArray, beneath: FloatArray) -> None:
        """Write a name where the strip between two edges is widest, or else under or beside an edge."""
        bottom, top, edge = (np.interp(np.log(at), np.log(sizes), values) for values in (low, high, beneath))
        for i in np.argsort(bottom - top, kind="stable"):
            if top[i] > bottom[i] and written.write(words, (at[i], 0.5 * (bottom[i] + top[i])), inside, size=8.0):
                return
        for i in range(len(at) // 4, len(at), max(1, len(at) // 12)):
            if written.write(words, (at[i], edge[i]), led, size=8.0):
                return

    chance_alone = mean
    if results.knowledge is not None:
        write("knowledge: 90 of 100 draws", draws[1], draws[2], draws[2])
        chance_alone = np.maximum(mean, draws[2])
    write("chance: 90 of 100 raids", chance_alone, one_raid[:, 2], one_raid[:, 0])
    nothing = np.zeros_like(mean)
    write("mean over runs", nothing, nothing, mean)


def _draw_band(axes: Axes, sizes: FloatArray, low: FloatArray, high: FloatArray, colour: str, name: str) -> None:
    """Draw a band; at a single size a bar."""
    hatch = "////" if name == "knowledge" else None
    if len(sizes) == 1:
        half = 0.03 if name == "knowledge" else 0.018
        x = np.array([sizes[0] * (1.0 - half), sizes[0] * (1.0 + half)])
        low, high = np.repeat(low, 2), np.repeat(high, 2)
    else:
        x = sizes
    # Knowledge is hatched over chance and hides nothing: either band may hold the whole of the other.
    axes.fill_between(
        x, low, high, facecolor="none" if hatch else _tinted(colour, _CHANCE_FILL), edgecolor=colour, hatch=hatch,
        lw=0.6, zorder=2.0 if hatch else 1.9, gid=name,
    )  # fmt: skip


def _tinted(colour: str, share: float) -> tuple[float, float, float]:
    """Return a colour mixed with white, so that what lies below does not shine through."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
    return 1.0 - share * (1.0 - red), 1.0 - share * (1.0 - green), 1.0 - share * (1.0 - blue)


def _draw_spent(strip: Axes, results: RaidResults, limits: tuple[float, float]) -> None:
    """Draw at which sizes each layer's last round is launched with 5, 50 and 95 %."""
    rows = len(results.spent_at)
    strip.set(ylim=(rows - 0.5, -0.5), yticks=[])
    strip.spines["left"].set_visible(False)
    for row, one in enumerate(results.spent_at):
        low, half, high = one.sizes
        colour = layer_colour(row)
        first = low if low is not None else limits[1]
        last = high if high is not None else limits[1]
        if half is None:
            words = f"{one.layer}, {one.rounds} rounds: half the time by no raid of up to {MOST_MISSILES:,} missiles"
            x, align, shift = limits[0], "left", 2.0
        else:
            strip.plot([first, min(last, limits[1])], [row, row], color=colour, lw=2.4, zorder=3.0, gid="spent-span")
            strip.plot([half], [row], marker="D", ms=5.5, mfc=colour, mec=INK, mew=0.6, zorder=4.0, gid="spent-half")
            words = f"{one.layer}, {one.rounds} rounds: half the time at {half:,}"
            room_pt = (_WIDTH_IN - _LEFT_IN - _RIGHT_IN) * 72.0
            end = place_of(min(last, limits[1]), limits)
            fits = (1.0 - end) * room_pt > width_pt(words, 7.5) + 14.0
            x, align, shift = (min(last, limits[1]), "left", 8.0) if fits else (min(first, half), "right", -8.0)
        strip.annotate(
            words, (x, row), xytext=(shift, 0), textcoords="offset points", ha=align, va="center", fontsize=7.5,
            path_effects=HALO, zorder=5.0, gid="spent-words",
        )  # fmt: skip
    strip.set_title("A layer's magazine is spent in 5, 50 and 95 of 100 raids of so many missiles: chance",
                    fontsize=8.5, pad=4.0)  # fmt: skip


def _handles(results: RaidResults) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D(
            [], [], color=INK, lw=1.4, marker="o", ms=3.2, label="mean over runs, with the 95 % interval of the mean"
        ),
        Patch(fc=_tinted(CHANCE, _CHANCE_FILL), ec=CHANCE, label="chance: 5 to 95 % of single raids"),
    ]
    if results.knowledge is not None:
        handles.append(
            Patch(
                fc="none", ec=KNOWLEDGE, hatch="////",
                label="knowledge: the mean in 5 to 95 % of draws from the ranges",
            )
        )  # fmt: skip
        median = Line2D([], [], color=_MEDIAN, lw=1.0, ls=_DASHES, label="knowledge: the mean in the median draw")
        handles.insert(1, median)
    return handles
