"""All tests at once: the reported flight times beside the vacuum arc's and the model's, and ranges likewise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from equipoise.present.style import BLACK, GREY, PURPLE, SKY_BLUE, VERMILION, house_style, new_figure

if TYPE_CHECKING:
    from equipoise.analysis.flight_test_results import TimeResidual

_ROW_IN = 0.27
_MARGIN_IN, _PANEL_IN, _FOOT_IN, _HEAD_IN = 3.5, 5.4, 1.25, 0.35
_RANGE_TICKS_KM = (100, 200, 500, 1000, 2000, 5000, 10000, 20000)


@house_style
def time_residuals(rows: Sequence[TimeResidual]) -> Figure:
    """Draw by how much each reported time exceeds the vacuum arc's, and what boosts allow.

    Parameters
    ----------
    rows : sequence of TimeResidual
        Tests; drawn by apogee, highest first.

    Returns
    -------
    matplotlib.figure.Figure
        In minutes after the vacuum arc: a bar for the boosts tried, a mark for the report with its rounding.
    """
    shown = _by_apogee(rows)
    figure, axes = _canvas(shown)
    for k, row in enumerate(shown):
        low, central, high = ((t - row.kepler_s) / 60.0 for t in (row.time_s.low, row.time_s.central, row.time_s.high))
        _bar(axes, k, low, central, high)
        if row.reported_low_s is None or row.reported_high_s is None:
            continue
        ends = [(t - row.kepler_s) / 60.0 for t in (row.reported_low_s, row.reported_high_s)]
        _report(axes, k, ends[0], ends[1], within=bool(row.time_consistent))
    axes.axvline(0.0, color=PURPLE, linewidth=1.0, dashes=(4, 2), zorder=1.5)
    axes.set_xlabel("minutes after the vacuum arc over the same apogee and distance")
    axes.set_title("Reported flight times against the vacuum arc and the boosts tried")
    line = Line2D([], [], color=PURPLE, lw=1.0, dashes=(4, 2), label="vacuum arc, no boost")
    none = any(row.time_consistent is None for row in shown)
    _legend(figure, ["reported time, with its rounding", "the same, outside every boost tried"], line, none=none)
    return figure


@house_style
def range_residuals(rows: Sequence[TimeResidual]) -> Figure:
    """Draw the published longest range of each test's missile against what the test gives.

    Parameters
    ----------
    rows : sequence of TimeResidual
        Tests with a longest range; drawn by apogee, highest first.

    Returns
    -------
    matplotlib.figure.Figure
        Kilometres on a logarithmic scale.
    """
    shown = _by_apogee([row for row in rows if row.standard_range_m is not None])
    figure, axes = _canvas(shown)
    axes.set_xscale("log")
    axes.use_sticky_edges = False  # a bar at the edge gets room
    for k, row in enumerate(shown):
        band = row.standard_range_m
        assert band is not None
        _bar(axes, k, band.low / 1e3, band.central / 1e3, band.high / 1e3)
        if row.kepler_range_m is not None:
            axes.plot(row.kepler_range_m / 1e3, k, marker="d", color=PURPLE, ms=6, mec="white", ls="none", zorder=3.5)
        if row.published_low_m is not None and row.published_high_m is not None:
            low, high = row.published_low_m / 1e3, row.published_high_m / 1e3
            _report(axes, k, low, high, within=row.published_low_m <= band.high and row.published_high_m >= band.low)
    left, right = axes.get_xlim()
    ticks = [tick for tick in _RANGE_TICKS_KM if left <= tick <= right]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("longest range, km (logarithmic)")
    axes.set_title("Published longest ranges against those of the calibrated missiles")
    mark = Line2D([], [], color=PURPLE, marker="d", ms=6, ls="none", label="from the vacuum arc's speed")
    none = any(row.published_low_m is None for row in shown)
    _legend(figure, ["published range", "the same, outside every boost tried"], mark, none=none)
    return figure


def _by_apogee(rows: Sequence[TimeResidual]) -> list[TimeResidual]:
    return sorted(rows, key=lambda row: (-row.apogee_m, row.label))


def _canvas(rows: Sequence[TimeResidual]) -> tuple[Figure, Axes]:
    height = _ROW_IN * max(len(rows), 1) + 0.2
    width_in, height_in = _MARGIN_IN + _PANEL_IN + 0.2, height + _FOOT_IN + _HEAD_IN
    figure = new_figure(width_in, height_in)
    axes = figure.add_axes((_MARGIN_IN / width_in, _FOOT_IN / height_in, _PANEL_IN / width_in, height / height_in))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    labels = [f"{row.label}: {row.apogee_m / 1e3:,.0f} km over {row.range_m / 1e3:,.0f} km" for row in rows]
    axes.set_yticks(range(len(rows)), labels, fontsize=7)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.5)
    axes.set_axisbelow(True)
    return figure, axes


def _bar(axes: Axes, row: int, low: float, central: float, high: float) -> None:
    axes.barh(row, high - low, left=low, height=0.56, color=SKY_BLUE, alpha=0.75, linewidth=0, zorder=2.0)
    axes.plot([central, central], [row - 0.28, row + 0.28], color=BLACK, linewidth=1.0, zorder=2.5)


def _report(axes: Axes, row: int, low: float, high: float, *, within: bool) -> None:
    marker, colour = ("o", BLACK) if within else ("X", VERMILION)
    axes.plot([low, high], [row, row], color=colour, linewidth=1.6, zorder=3.0)
    axes.plot(0.5 * (low + high), row, marker=marker, color=colour, ms=6, mec="white", ls="none", zorder=4.0)


def _legend(figure: Figure, reports: Sequence[str], other: Line2D, *, none: bool) -> None:
    handles: list[Line2D | Patch] = [
        Patch(fc=SKY_BLUE, alpha=0.75, label="over every boost tried"),
        Line2D([], [], color=BLACK, marker="|", ms=9, ls="none", label="central boost"),
        Line2D([], [], color=BLACK, marker="o", ms=6, lw=1.6, label=reports[0]),
        Line2D([], [], color=VERMILION, marker="X", ms=6, lw=1.6, label=reports[1]),
        other,
    ]
    if none:
        handles.append(Line2D([], [], ls="none", label="(no mark: nothing reported)"))
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.01, 0.0), ncols=3)
