"""A line of its own for each published range of a radar: the same colour and dashes in every figure of a coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from equipoise.arrays import FloatArray

if TYPE_CHECKING:
    import xarray as xr

_DASHES: tuple[tuple[float, ...], ...] = ((), (6, 1.5), (3, 1.5), (6, 1.5, 1.5, 1.5), (1.5, 1.5))
_MOST_CELLS = 400  # rows and columns to draw: finer grids only make the outlines heavier


def thinned(dataset: xr.Dataset, *dimensions: str) -> xr.Dataset:
    """Return every so many cells of a dataset along dimensions, so that no more are left than are worth drawing."""
    strides = {name: slice(None, None, max(1, dataset.sizes[name] // _MOST_CELLS)) for name in dimensions}
    return dataset.isel(strides)


@dataclass(frozen=True)
class RangeLine:
    """How one published range is drawn.

    Parameters
    ----------
    index : int
        Its place along ``radar_range``.
    label : str
        Its kilometres and who gives them.
    colour : str
        Of its line.
    dashes : tuple of float
        Lengths on and off; empty is a solid line. [line widths]
    """

    index: int
    label: str
    colour: str
    dashes: tuple[float, ...]

    def outline(self, axes: Axes, x_km: FloatArray, y_km: FloatArray, covered: FloatArray) -> None:
        """Draw the line around what is covered (1, else 0) on a grid (rows, columns); nothing if nothing is."""
        if not covered.any():
            return
        line = axes.contour(x_km, y_km, covered, levels=[0.5], colors=[self.colour], linewidths=1.6, zorder=4.0)
        if self.dashes:
            line.set_linestyle((0.0, self.dashes))

    def handle(self, note: str = "") -> Line2D:
        """Return its entry of the legend, with a note behind its name."""
        line = Line2D([], [], color=self.colour, linewidth=1.8, label=self.label + note)
        if self.dashes:
            line.set_dashes(self.dashes)
        return line


def range_lines(dataset: xr.Dataset) -> tuple[RangeLine, ...]:
    """Return the lines of a dataset's published ranges, the shortest range first.

    Parameters
    ----------
    dataset : xarray.Dataset
        With ``range_m`` [m] and ``label`` along ``radar_range``.
    """
    ranges_m, labels = dataset["range_m"].values, dataset["label"].values
    order = np.argsort(ranges_m)
    colours = [to_hex(colour) for colour in colormaps["viridis"](np.linspace(0.0, 0.85, len(order)))]
    return tuple(
        RangeLine(
            int(index), f"{ranges_m[index] / 1e3:,.0f} km: {labels[index]}", colours[rank], _DASHES[rank % len(_DASHES)]
        )
        for rank, index in enumerate(order)
    )
