"""An axis of raid sizes: equal ratios, the sizes that were run, and a mark at the study's own."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter, NullLocator

from equipoise.present.style import INK
from equipoise.present.text_width import width_pt

_CLOSE = 0.045  # of the axis between two written sizes
_SIZE_PT = 8.0
LABEL = "missiles in the raid (scale of equal ratios)"


def set_size_axis(axes: Axes, sizes: Sequence[int], others: Sequence[int]) -> tuple[float, float]:
    """Make the lower axis one of sizes, with room for others, and write those that were run and do not crowd.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    sizes : sequence of int
        Missiles of the raids that were run, one or more.
    others : sequence of int
        Sizes that must be on the axis too.

    Returns
    -------
    tuple of float
        The ends of the axis.
    """
    held = [*sizes, *others]
    least, most = float(min(held)), float(max(held))
    room = 1.25 if most > least else 2.0
    limits = least / room, most * room
    axes.set_xscale("log")
    axes.set_xlim(*limits)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    kept: list[int] = []
    for size in sizes:
        if not kept or place_of(size, limits) - place_of(kept[-1], limits) > _CLOSE:
            kept.append(size)
    axes.set_xticks(kept, [f"{size:,}" for size in kept])
    return limits


def place_of(size: float, limits: tuple[float, float]) -> float:
    """Return where a size stands on the axis, as a share of its length."""
    return math.log(size / limits[0]) / math.log(limits[1] / limits[0])


def mark_own_size(axes: Axes, missiles: int, length_pt: float, *, named: bool = True) -> None:
    """Draw a line at the size of the study's own raid, and name it above the axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits set.
    missiles : int
        The size.
    length_pt : float
        Width of the axes. [pt]
    named : bool, optional
        Whether to write the name.
    """
    axes.axvline(missiles, color=INK, lw=0.8, ls=(0.0, (4.0, 2.5)), zorder=2.6, gid="own-size")
    if not named:
        return
    words = f"this study: {missiles:,} missile" + ("" if missiles == 1 else "s")
    at = place_of(missiles, axes.get_xlim())
    half = 0.5 * width_pt(words, _SIZE_PT) / length_pt
    align = "left" if at < half else "right" if at > 1.0 - half else "center"
    axes.annotate(
        words,
        (missiles, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        ha=align,
        fontsize=_SIZE_PT,
        gid="own-size-name",
    )
