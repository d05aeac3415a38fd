"""Cells that say for how long an arc is in view, or by a letter what keeps it out of sight; and the key to them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from equipoise.present.network_names import LETTERS
from equipoise.present.style import GREY, INK
from equipoise.present.text_width import width_pt
from equipoise.sensors.radar import REASON_ORDER, REASON_WORDS

if TYPE_CHECKING:
    import xarray as xr

CELL_IN = 0.155  # the height of a row
CELL_SIZE = 6.5
KEY_IN = 0.62  # the height of the key
_LINE_IN = 0.125
_NEVER = "#F1F1EE"
_EDGE = "#FFFFFF"
_DARK = 0.45  # colours darker than this carry white letters


@dataclass(frozen=True)
class Cell:
    """What a cell says: seconds in view, or the code of what keeps the arc out of sight all along."""

    seconds: float
    hidden_by: int

    @property
    def words(self) -> str:
        """Whole seconds, or a letter."""
        if self.seconds <= 0.0:
            return LETTERS[self.hidden_by]
        return f"{self.seconds:.0f}" if self.seconds >= 0.5 else "<1"


def cells_of(views: xr.Dataset) -> list[list[Cell]]:
    """Return the cells of a dataset of views, by arc and then by its second dimension."""
    seconds, binding = views["in_view_s"].values, views["binding"].values
    return [
        [Cell(float(s), int(code)) for s, code in zip(*row, strict=True)] for row in zip(seconds, binding, strict=True)
    ]


def scale_of(cells: Iterable[Cell]) -> Normalize:
    """Return the scale of colours that holds all cells."""
    longest = max((cell.seconds for cell in cells), default=0.0)
    return Normalize(0.0, longest if longest > 0.0 else 1.0)


def cell_axes(figure: Figure, left_in: float, top_in: float, columns: int, cell_in: float, height_in: float) -> Axes:
    """Return axes whose units are columns across and inches down, measured from the top left corner of the page."""
    width_in, page_in = figure.get_size_inches()
    box = (left_in / width_in, 1.0 - (top_in + height_in) / page_in, columns * cell_in / width_in, height_in / page_in)
    axes = figure.add_axes(box)
    axes.set(xlim=(0.0, columns), ylim=(height_in, 0.0))
    axes.set_axis_off()
    return axes


def draw_cell(axes: Axes, column: int, down_in: float, cell: Cell, scale: Normalize) -> None:
    """Draw one cell."""
    seen = cell.seconds > 0.0
    colour = colormaps["viridis"](float(scale(cell.seconds)))
    face = colour if seen else _NEVER
    axes.add_patch(
        Rectangle(
            (column, down_in), 1.0, CELL_IN, fc=face, ec=_EDGE, lw=0.6, zorder=2.0, gid="seen" if seen else "never"
        )
    )
    dark = seen and float(np.dot(colour[:3], (0.299, 0.587, 0.114))) < _DARK
    ink = "white" if dark else INK if seen else "#5A6167"
    at = column + 0.5, down_in + 0.52 * CELL_IN
    axes.text(*at, cell.words, fontsize=CELL_SIZE, ha="center", va="center", color=ink, zorder=3.0, gid="cell")


def draw_out_of_reach(axes: Axes, column: int, down_in: float) -> None:
    """Draw the cell of a pair that is out of the missile's reach."""
    axes.add_patch(_hatched((column, down_in), 1.0, CELL_IN))


def _hatched(corner: tuple[float, float], width: float, height: float) -> Rectangle:
    return Rectangle(corner, width, height, fc="white", ec=GREY, hatch="//////", lw=0.3, zorder=1.5, gid="out-of-reach")


def header_lines(names: Sequence[str], cell_in: float) -> int:
    """Return in how many lines the names of columns must be staggered to keep clear of each other."""
    widest_pt = max(width_pt(name, CELL_SIZE) for name in names)
    return max(1, math.ceil((widest_pt + 5.0) / (72.0 * cell_in)))


def header_in(lines: int) -> float:
    """Return the height of the names of columns in so many lines [in]."""
    return _LINE_IN * lines + 0.03


def draw_header(axes: Axes, names: Sequence[str], down_in: float, lines: int) -> None:
    """Write the names of columns above them, each on the next of so many lines, with leaders from the upper ones."""
    foot_in = down_in + header_in(lines)
    for column, name in enumerate(names):
        line = column % lines
        at_in = down_in + _LINE_IN * (line + 1)
        axes.text(column + 0.5, at_in, name, fontsize=CELL_SIZE, ha="center", va="baseline", zorder=3.0, gid="column")
        if line < lines - 1:
            axes.plot([column + 0.5] * 2, [at_in + 0.03, foot_in], color=GREY, lw=0.4, zorder=1.0)


def draw_wide_header(axes: Axes, names: Sequence[str], foot_in: float, bold: Sequence[bool], *, upright: bool) -> None:
    """Write the names of columns above them, in one line or upright."""
    for column, (name, heavy) in enumerate(zip(names, bold, strict=True)):
        axes.text(
            column + 0.5,
            foot_in - 0.05,
            name,
            fontsize=7.0,
            fontweight="bold" if heavy else "normal",
            rotation=90.0 if upright else 0.0,
            ha="center",
            va="bottom",
            gid="column",
        )


def draw_key(figure: Figure, left_in: float, scale: Normalize, cells: Iterable[Cell], *, out_of_reach: bool) -> None:
    """Draw the scale of colours and the words for the letters that occur, along the lower edge of the page."""
    width_in, page_in = figure.get_size_inches()
    cells = list(cells)
    if any(cell.seconds > 0.0 for cell in cells):
        bar = figure.add_axes((left_in / width_in, 0.42 / page_in, 2.1 / width_in, 0.11 / page_in))
        figure.colorbar(ScalarMappable(scale, colormaps["viridis"]), cax=bar, orientation="horizontal")
        bar.tick_params(labelsize=6.5, length=2.0, pad=1.5)
        bar.xaxis.set_major_formatter("{x:,g}")
        bar.set_xlabel("time in view, s", fontsize=7.0, labelpad=1.5)
    else:
        figure.text(left_in / width_in, 0.455 / page_in, "no arc is ever in view", fontsize=7.0, va="center")
    found = {cell.hidden_by for cell in cells if cell.seconds <= 0.0}
    words = [f"{LETTERS[code]}  {REASON_WORDS[code]}" for code in REASON_ORDER if code in found]
    at_in = left_in + 2.55
    if words:
        figure.text(at_in / width_in, 0.455 / page_in, "never in view, as far as it gets:", fontsize=7.0, va="center")
        figure.text(at_in / width_in, 0.28 / page_in, "     ".join(words), fontsize=7.0, va="center", gid="letters")
    if out_of_reach:
        low_in = 0.06 if words else 0.40
        shown = figure.add_axes((at_in / width_in, low_in / page_in, 0.3 / width_in, 0.11 / page_in))
        shown.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0))
        shown.set_axis_off()
        shown.add_patch(_hatched((0.0, 0.0), 1.0, 1.0))
        words_at = (at_in + 0.38) / width_in, (low_in + 0.055) / page_in
        figure.text(*words_at, "out of the missile's reach", fontsize=7.0, va="center")
