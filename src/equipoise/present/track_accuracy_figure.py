"""How well the example arc can be tracked at best: errors against time, and ellipses of the predicted impact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from equipoise.arrays import FloatArray
from equipoise.present.network_names import arc_name, element_name, place_name
from equipoise.present.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILION,
    house_style,
    new_figure,
)

if TYPE_CHECKING:
    from equipoise.analysis.network_results import NetworkResults
    from equipoise.sensors.tracking import TrackBound

_WIDTH_IN = 9.6
_AFTER_S = (30.0, 120.0)  # moments after the first track at which ellipses are drawn
_COLOURS = (VERMILION, BLUE, GREEN, ORANGE, PURPLE, SKY_BLUE)
_DASHES: tuple[tuple[float, ...], ...] = ((5, 1.5), (1.5, 1.5), (6, 1.5, 1.5, 1.5), (3, 1.5), (8, 2), (1, 1))
_JOINED = "all joined"
_SMALL = 0.12  # of the panel's half width: what is smaller is magnified
_FACTORS = (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True)
class _Line:
    """A bound and how it is drawn."""

    name: str
    bound: TrackBound
    colour: str
    dashes: tuple[float, ...]
    width: float

    def draw(self, axes: Axes, x: FloatArray, y: FloatArray, gid: str, *, thinner: float = 1.0) -> None:
        line = axes.plot(x, y, color=self.colour, lw=thinner * self.width, zorder=3.0, gid=gid)[0]
        if self.dashes:
            line.set_dashes(self.dashes)

    def handle(self) -> Line2D:
        line = Line2D([], [], color=self.colour, lw=self.width, label=self.name)
        if self.dashes:
            line.set_dashes(self.dashes)
        return line


@house_style
def track_accuracy_figure(results: NetworkResults) -> Figure:
    """Draw the least errors of any track of the example, sensor by sensor and with all looks joined.

    Parameters
    ----------
    results : NetworkResults
        Not to be called where ``example.joined`` is None: no looks ever determine a track.

    Returns
    -------
    matplotlib.figure.Figure
        On the left, against time after launch, errors of one standard deviation of position, of the predicted
        intercept point and of the predicted impact (the long half-axis); what nothing bounds is left out. On the
        right, around the target, ellipses of one standard deviation of the predicted impact at up to three moments,
        for the focus alone and for all joined; to scale, but for those of which a factor says how much larger.
    """
    example = results.example
    lines = _lines(results)
    foot_in, head_in = 0.45 + 0.19 * -(-(len(lines) + 2) // 5), 0.42
    tall_in, gap_in = 1.75, 0.34
    moments = _moments(lines)
    height_in = head_in + 3 * tall_in + 2 * gap_in + 0.2 + foot_in
    figure = new_figure(_WIDTH_IN, height_in)
    title = f"{arc_name(example.case)}: least error of a track, one standard deviation"
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    when = f"predicted intercept, {example.intercept_time_s:,.0f} s after launch"
    errors: list[tuple[str, list[FloatArray | None]]] = [
        ("position", [line.bound.position_sd_m for line in lines]),
        (when, [line.bound.intercept_sd_m for line in lines]),
        ("predicted impact, long half-axis", [line.bound.impact_ellipses.semi_major_m for line in lines]),
    ]
    for row, (name, values) in enumerate(errors):
        top_in = head_in + 0.2 + row * (tall_in + gap_in)
        low_in = height_in - top_in - tall_in
        axes = figure.add_axes((0.75 / _WIDTH_IN, low_in / height_in, 5.0 / _WIDTH_IN, tall_in / height_in))
        for line, value_m in zip(lines, values, strict=True):
            if value_m is None:
                continue
            shown = np.isfinite(value_m) & (value_m > 0.0)
            line.draw(axes, line.bound.time_s, np.where(shown, value_m, np.nan), "error")
        _dress(axes, name, example.case.flown.time_of_flight_s, last=row == 2)
        for when_s in moments if row == 2 else ():
            axes.axvline(when_s, color=GREY, lw=0.8, ls=":", zorder=1.0)
    side_in = 1.75
    for row, when_s in enumerate(moments):
        top_in = head_in + 0.2 + row * (tall_in + gap_in)
        low_in = height_in - top_in - side_in
        axes = figure.add_axes((7.0 / _WIDTH_IN, low_in / height_in, side_in / _WIDTH_IN, side_in / height_in))
        _draw_ellipses(axes, [line for line in lines if line.name in _compared(results, lines)], when_s)
        axes.set_title(f"impact predicted at {when_s:,.0f} s", fontsize=8, pad=3)
    handles = [line.handle() for line in lines]
    target = place_name(example.case.target.name)
    handles.append(Line2D([], [], marker="x", color=BLACK, ms=5.5, mew=1.2, ls="none", label=f"target, {target}"))
    handles.append(Line2D([], [], color=GREY, lw=0.8, ls=":", label="moments of the ellipses"))
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / _WIDTH_IN, 0.0), ncols=5, handlelength=3.0)
    return figure


def _lines(results: NetworkResults) -> list[_Line]:
    example = results.example
    found = [
        _Line(
            element_name(results.study, row.sensor),
            row.bound,
            _COLOURS[k % len(_COLOURS)],
            _DASHES[k % len(_DASHES)],
            1.5,
        )
        for k, row in enumerate([row for row in example.rows if row.bound is not None])
        if row.bound is not None and row.bound.determined.any()
    ]
    assert example.joined is not None
    return [*found, _Line(_JOINED, example.joined, BLACK, (), 1.9)]


def _compared(results: NetworkResults, lines: Sequence[_Line]) -> set[str]:
    """Return whose ellipses are drawn: the focus's, or the first sensor's where the focus has no track; all joined."""
    names = [line.name for line in lines if line.name != _JOINED]
    focus = element_name(results.study, results.study.focus)
    return {_JOINED, *([focus] if focus in names else names[:1])}


def _moments(lines: Sequence[_Line]) -> list[float]:
    """Return the moments of the ellipses [s]: some after the first track, and the last look, where all are joined."""
    joined = lines[-1].bound
    first_s = float(joined.time_s[np.flatnonzero(joined.determined)[0]])
    looks = np.flatnonzero(np.diff(joined.looks, prepend=0) > 0)
    last_s = float(joined.time_s[looks[-1]])
    return [*(first_s + after for after in _AFTER_S if first_s + after < last_s - 5.0), last_s]


def _metres(value: float, _: object = None) -> str:
    return f"{value / 1e3:,g} km" if value >= 1e3 else f"{value:g} m"


def _dress(axes: Axes, name: str, end_s: float, *, last: bool) -> None:
    axes.set_yscale("log")
    axes.set_xlim(0.0, 1.005 * end_s)
    axes.yaxis.set_major_locator(LogLocator(base=10.0, numticks=7))
    axes.yaxis.set_major_formatter(FuncFormatter(_metres))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(labelsize=7.0, length=2.5)
    axes.tick_params(axis="x", labelbottom=last)
    axes.grid(color=GREY, linewidth=0.3, alpha=0.5)
    axes.set_axisbelow(True)
    axes.set_title(f"error of {name}", fontsize=8, pad=3)
    if last:
        axes.set_xlabel("time after launch, s", fontsize=8, labelpad=2.0)


def _draw_ellipses(axes: Axes, lines: Sequence[_Line], when_s: float) -> None:
    """Draw the ellipses at one moment around the target, the largest to scale."""
    shapes = []
    for line in lines:
        i = int(np.searchsorted(line.bound.time_s, when_s, side="right")) - 1
        if i < 0 or not line.bound.determined[i]:
            continue
        ellipses = line.bound.impact_ellipses
        shapes.append(
            (line, float(ellipses.semi_major_m[i]), float(ellipses.semi_minor_m[i]), float(ellipses.az_rad[i]))
        )
    half_m = 1.15 * max(major for _, major, _, _ in shapes)
    unit_m, unit = (1e3, "km") if half_m >= 2e3 else (1.0, "m")
    around = np.linspace(0.0, 2.0 * math.pi, 181)
    notes = []
    for line, major, minor, az_rad in shapes:
        factor = 1
        if major < _SMALL * half_m:
            factor = max((one for one in _FACTORS if one * major <= 0.5 * half_m), default=1)
            notes.append(f"{line.name} ×{factor:,}")
        along, aside = factor * major * np.cos(around), factor * minor * np.sin(around)
        east = along * math.sin(az_rad) + aside * math.cos(az_rad)
        north = along * math.cos(az_rad) - aside * math.sin(az_rad)
        line.draw(axes, east / unit_m, north / unit_m, "ellipse", thinner=0.7)
    axes.plot(0.0, 0.0, marker="x", color=BLACK, ms=5.0, mew=1.1, ls="none", zorder=4.0)
    edge = half_m / unit_m
    axes.set(xlim=(-edge, edge), ylim=(-edge, edge))
    axes.set_aspect("equal")
    axes.locator_params(nbins=4)
    axes.tick_params(labelsize=6.8, length=2.5, pad=2.0)
    axes.set_ylabel(f"north, {unit}", fontsize=7.0, labelpad=1.0)
    axes.text(1.03, 0.0, f"east, {unit}", transform=axes.transAxes, fontsize=7.0, va="center", color=INK)
    if notes:
        axes.text(1.03, 0.96, "\n".join(notes), transform=axes.transAxes, fontsize=6.8, va="top", gid="factor")
    for spine in axes.spines.values():
        spine.set_visible(True)
