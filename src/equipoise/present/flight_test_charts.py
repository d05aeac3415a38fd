"""What moves the answer of a flight test, and how the range falls with the payload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from equipoise.present.flight_test_words import ends_words
from equipoise.present.style import BLUE, GREY, INK, ORANGE, VERMILION, house_style, new_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equipoise.analysis.flight_test_results import FlightTest, Move

_ROW_IN = 0.36


def widest_first(moves: Sequence[Move]) -> list[Move]:
    """Return the moves by how far they move the range, widest first; those that nothing fits come last."""

    def width(move: Move) -> float:
        ends = [end for end in (move.range_low_m, move.range_high_m) if end is not None]
        return max(ends) - min(ends) if len(ends) == 2 else 0.0

    return sorted(moves, key=width, reverse=True)


@house_style
def moves_figure(test: FlightTest) -> Figure:
    """Draw range and flight time at either end of each assumption, the missile fitted anew.

    Parameters
    ----------
    test : FlightTest
        The result.

    Returns
    -------
    matplotlib.figure.Figure
        A circle at the first end, a square at the other; the line is the central value.
    """
    shown = widest_first(test.moves)
    margin, gap, panel, foot = 2.35, 0.3, 3.2, 0.95
    height = _ROW_IN * max(len(shown), 1) + 0.2
    width_in, height_in = margin + 2 * panel + gap + 0.25, foot + height + 0.4
    figure = new_figure(width_in, height_in)
    columns = (
        ("longest range, km", 1e-3 * test.candidates[0].range_still_m.central, "Longest range, still Earth"),
        ("flight time as reported, minutes", test.candidates[0].time_s.central / 60.0, "Flight time"),
    )
    for k, (label, central, heading) in enumerate(columns):
        left = margin + k * (panel + gap)
        axes = figure.add_axes((left / width_in, foot / height_in, panel / width_in, height / height_in))
        axes.axvline(central, color=GREY, linewidth=0.9, zorder=1.0)
        for row, move in enumerate(shown):
            ends = (
                (_scaled(move.range_low_m, 1e-3), _scaled(move.range_high_m, 1e-3))
                if k == 0
                else (_scaled(move.time_low_s, 1 / 60), _scaled(move.time_high_s, 1 / 60))
            )
            _draw_move(axes, row, ends, central)
        axes.set(ylim=(len(shown) - 0.4, -0.6), xlabel=label)
        axes.margins(x=0.08)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
        axes.xaxis.set_major_locator(MaxNLocator(5))
        names = [f"{move.quantity}\n{ends_words(move)}" for move in shown] if k == 0 else []
        axes.set_yticks(range(len(shown)), names or [""] * len(shown), fontsize=7)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.5)
        axes.set_title(heading, fontsize=9)
    if test.report.time_s is not None:
        figure.axes[1].axvline(test.report.time_s / 60.0, color=VERMILION, linewidth=1.2, dashes=(4, 2), zorder=1.2)
    handles = [
        Line2D([], [], marker="o", color=BLUE, ls="none", ms=6, label="first end"),
        Line2D([], [], marker="s", color=ORANGE, ls="none", ms=5, label="other end"),
        Line2D([], [], color=GREY, lw=0.9, label="every assumption central"),
    ]
    if test.report.time_s is not None:
        handles.append(Line2D([], [], color=VERMILION, lw=1.2, dashes=(4, 2), label="reported time"))
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / width_in, 0.0), ncols=4)
    return figure


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _draw_move(axes: Axes, row: int, ends: tuple[float | None, float | None], central: float) -> None:
    known = [end for end in ends if end is not None]
    axes.plot([central, *known], [row] * (1 + len(known)), color=INK, linewidth=1.2, alpha=0.55, zorder=2.0)
    for end, marker, colour, size in ((ends[0], "o", BLUE, 6.0), (ends[1], "s", ORANGE, 5.2)):
        if end is not None:
            axes.plot(end, row, marker=marker, color=colour, markersize=size, markeredgecolor="white", zorder=3.0)


@house_style
def payload_curve(test: FlightTest) -> Figure:
    """Draw how far the calibrated missile would fly with other payloads.

    Parameters
    ----------
    test : FlightTest
        The result, with at least one payload.

    Returns
    -------
    matplotlib.figure.Figure
        Longest range on a still Earth; the circle is the payload of the calibrated missile.
    """
    width_in, height_in = 6.2, 3.4
    figure = new_figure(width_in, height_in)
    axes = figure.add_axes((0.12, 0.16, 0.84, 0.74))
    kilograms, range_km = [kg for kg, _ in test.payloads], [m / 1e3 for _, m in test.payloads]
    axes.plot(kilograms, range_km, color=BLUE, linewidth=1.6, marker="o", markersize=3.5, zorder=3.0)
    flown_kg = test.calibrated.fit.missile.payload_kg
    central_km = test.candidates[0].range_still_m.central / 1e3
    axes.plot(flown_kg, central_km, marker="o", color=ORANGE, markersize=8, markeredgecolor=INK, ls="none", zorder=4.0)
    axes.annotate(
        f"calibrated: {flown_kg:,.0f} kg, {central_km:,.0f} km",
        (flown_kg, central_km),
        xytext=(9, 7),
        textcoords="offset points",
        fontsize=8,
    )
    axes.set(xlabel="payload, kg", ylabel="longest range, km")
    axes.margins(x=0.06, y=0.12)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.grid(color=GREY, linewidth=0.3, alpha=0.5)
    axes.set_title("Range against payload, still Earth")
    return figure
