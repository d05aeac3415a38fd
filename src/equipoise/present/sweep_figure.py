"""What a sweep comes to: lines against one varied number, or a map of two."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from equipoise.present.provenance import field_words, plain_number, plain_unit
from equipoise.present.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, house_style, new_figure

if TYPE_CHECKING:
    from equipoise.analysis.sweep_grid import Curve, Sweep
    from equipoise.analysis.varied import Varied

_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, BLACK)
_MARKERS = ("o", "s", "D", "^", "v", "P")
_MARKED = 25  # points up to which each has a marker


def varied_name(varied: Varied) -> str:
    """Name a varied number and its unit: ``interceptor: burnout speed, km/s``."""
    owner, _, name = varied.key.rpartition(".")
    words = f"{field_words(owner.replace('.', '_'))} {name}" if owner == "rcs_nose" else field_words(name)
    if owner not in ("", "study", "rcs_nose"):
        words = f"{owner.replace('.', ': ')}: {words}"
    unit = plain_unit(varied.unit)
    return f"{words}, {unit}" if unit else words


@house_style
def sweep_figure(sweep: Sweep, table: Mapping[str, npt.NDArray[Any]]) -> Figure | None:
    """Draw the result of a sweep over one or two keys.

    Parameters
    ----------
    sweep : Sweep
        What was varied, and which columns to draw.
    table : mapping of str to ndarray
        The result, one row per point of the grid.

    Returns
    -------
    matplotlib.figure.Figure or None
        One key: a line per curve, or points over evenly spaced names if the key is a choice. Two keys: a panel per
        curve, the first key upwards, the second to the right. None for more than two, which no picture shows.
    """
    if len(sweep.varied) == 1:
        return _lines(sweep, sweep.varied[0], table)
    if len(sweep.varied) == 2:
        return _maps(sweep, table)
    return None


def _positions(varied: Varied) -> npt.NDArray[np.float64]:
    values = varied.values
    return np.array(values, dtype=float) if varied.unit else np.arange(len(values), dtype=float)


def _lines(sweep: Sweep, varied: Varied, table: Mapping[str, npt.NDArray[Any]]) -> Figure:
    figure = new_figure(7.4, 4.2)
    axes = figure.add_axes((0.09, 0.17 if varied.unit else 0.3, 0.66, 0.73 if varied.unit else 0.6))
    x = _positions(varied)
    order = np.argsort(x, kind="stable")
    # A choice among names has no between: its points are not joined.
    style = "-" if varied.unit else "none"
    for k, curve in enumerate(sweep.curves):
        y = curve.factor * table[curve.column]
        # Names stand apart, so that equal shares can be drawn side by side.
        beside = 0.0 if varied.unit else 0.09 * (k - (len(sweep.curves) - 1) / 2)
        marker = _MARKERS[k % len(_MARKERS)] if len(x) <= _MARKED else None
        axes.plot(
            x[order] + beside, y[order], color=_COLOURS[k % len(_COLOURS)], linewidth=1.3, linestyle=style,
            marker=marker, markersize=5.0, markeredgecolor="white", markeredgewidth=0.5, label=curve.label,
        )  # fmt: skip
    first = sweep.curves[0]
    room = 0.03 * (first.high - first.low)
    axes.set(ylim=(first.low - room, first.high + room), ylabel=first.axis, xlabel=varied_name(varied))
    if not varied.unit:
        axes.set_xticks(x, [str(value) for value in varied.values], rotation=30, ha="right", fontsize=7)
        axes.set_xlim(-0.5, len(x) - 0.5)
    axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.6)
    axes.set_title(sweep.title, fontsize=9)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    return figure


def _maps(sweep: Sweep, table: Mapping[str, npt.NDArray[Any]]) -> Figure:
    up, along = sweep.varied
    columns = min(len(sweep.curves), 3)
    rows = math.ceil(len(sweep.curves) / columns)
    panel, gap, left, foot, head, bar = 2.35, 0.25, 1.35, 1.0, 0.62, 0.75
    row_gap = 0.35
    width_in = left + columns * panel + (columns - 1) * gap + bar
    height_in = head + rows * panel + (rows - 1) * row_gap + foot
    figure = new_figure(width_in, height_in)
    first = sweep.curves[0]
    mesh = None
    for k, curve in enumerate(sweep.curves):
        row, column = divmod(k, columns)
        x0, y0 = left + column * (panel + gap), foot + (rows - 1 - row) * (panel + row_gap)
        axes = figure.add_axes((x0 / width_in, y0 / height_in, panel / width_in, panel / height_in))
        mesh = _panel(axes, curve, up, along, table)
        axes.set_title(curve.label, fontsize=8.5)
        last_row = k + columns >= len(sweep.curves)
        _ticks(axes, "x", along, shown=last_row)
        _ticks(axes, "y", up, shown=column == 0)
    if mesh is not None:
        place = ((width_in - bar + 0.15) / width_in, foot / height_in, 0.13 / width_in, panel / height_in)
        figure.colorbar(mesh, cax=figure.add_axes(place), label=first.axis)
    figure.text(left / width_in, 1.0 - 0.2 / height_in, sweep.title, fontsize=9, fontweight="bold", va="center")
    return figure


def _panel(axes: Any, curve: Curve, up: Varied, along: Varied, table: Mapping[str, npt.NDArray[Any]]) -> Any:
    y, x = _positions(up), _positions(along)
    rows, columns = np.argsort(y, kind="stable"), np.argsort(x, kind="stable")
    values = (curve.factor * table[curve.column]).reshape(len(y), len(x))[np.ix_(rows, columns)]
    return axes.pcolormesh(
        _edges(x[columns]), _edges(y[rows]), values, cmap="cividis", vmin=curve.low, vmax=curve.high, rasterized=True
    )


def _edges(centres: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the edges of cells around sorted centres."""
    if len(centres) == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    between = (centres[1:] + centres[:-1]) / 2.0
    return np.concatenate([[2.0 * centres[0] - between[0]], between, [2.0 * centres[-1] - between[-1]]])


def _ticks(axes: Any, which: str, varied: Varied, *, shown: bool) -> None:
    axis = axes.xaxis if which == "x" else axes.yaxis
    if not varied.unit:
        names = [str(value) for value in varied.values]
        axis.set_ticks(range(len(names)), names if shown else [""] * len(names), fontsize=6.5)
        if which == "x" and shown:
            axis.set_tick_params(rotation=40)
    elif not shown:
        axis.set_ticklabels([])
    if shown:
        axis.set_label_text(varied_name(varied), fontsize=8)


def value_text(value: Any) -> str:
    """Write a value of a result as a table shows it."""
    return plain_number(float(f"{value:.6g}")) if isinstance(value, float) else str(value)
