"""How far the calibrated missile flies in each direction over the turning Earth, on a map about the launch point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch, PathPatch

from equipoise.catalog.library import load_catalog
from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.present.disc_map import Disc, draw_disc, draw_distances
from equipoise.present.maps import Label, place_labels
from equipoise.present.range_ring import CENTRAL, HIGH, LOW, band, reached_around, ring_curve, whole_earth
from equipoise.present.style import BLACK, BLUE, INK, ORANGE, VERMILION, YELLOW, house_style, new_figure

if TYPE_CHECKING:
    from equipoise.analysis.flight_test_results import FlightTest

_ROOM = 1.12  # of the farthest range, to the map's rim
_WHOLE = 0.8  # a ring that goes this share of half the Earth is shown on the whole of it
_SHOWN_PLACES = ("seoul", "tokyo", "hagatna", "naha")


@house_style
def range_ring_map(test: FlightTest) -> Figure:
    """Draw the ring of longest ranges with its band.

    Parameters
    ----------
    test : FlightTest
        The result.

    Returns
    -------
    matplotlib.figure.Figure
        Azimuthal equidistant about the launch point, north up: distances and directions from there are true.
    """
    farthest_m = float(np.nanmax(test.ring.range_m))
    farthest_m = max(farthest_m, test.range_still_m.central, test.calibrated.lofted.range_m)
    disc = Disc(test.report.launch, HALF_ROUND_M if farthest_m > _WHOLE * HALF_ROUND_M else _ROOM * farthest_m)
    width_in, foot_in = 7.6, 0.55
    figure = new_figure(width_in, width_in + foot_in + 0.3)
    height_in = width_in + foot_in + 0.3
    axes = figure.add_axes((0.0, foot_in / height_in, 1.0, width_in / height_in))
    draw_disc(axes, disc)
    _draw_ring(axes, disc, test)
    draw_distances(axes, disc)
    still_km = test.range_still_m.central / 1e3
    if still_km < 0.998 * HALF_ROUND_M / 1e3:
        axes.add_patch(
            Circle(
                (0.0, 0.0), still_km, fc="none", ec=BLACK, lw=1.0, ls=(0.0, (5.0, 3.0)), zorder=5.2, gid="still-earth"
            )
        )
    _draw_flights(axes, disc, test)
    figure.text(0.02, 1.0 - 0.12 / height_in, _title(test), fontsize=10, fontweight="bold", va="top")
    figure.legend(handles=_handles(test), loc="lower left", bbox_to_anchor=(0.02, 0.0), ncols=2)
    return figure


def _title(test: FlightTest) -> str:
    return f"{test.report.label}: how far it flies in each direction"


def _draw_ring(axes: Axes, disc: Disc, test: FlightTest) -> None:
    low, central, high = (reached_around(test, row) for row in (LOW, CENTRAL, HIGH))
    inner = disc.path(low.intersection(central).intersection(high))
    axes.add_patch(PathPatch(inner, facecolor=BLUE, edgecolor="none", alpha=0.10, zorder=2.0, gid="within"))
    between = disc.path(band(low, central, high))
    axes.add_patch(PathPatch(between, facecolor=ORANGE, edgecolor="none", alpha=0.38, zorder=2.1, gid="band"))
    if whole_earth(test.ring, test.report.launch, CENTRAL):
        return
    x, y = disc.xy_km(*ring_curve(test.ring, test.report.launch, CENTRAL))
    x, y = np.append(x, x[0]), np.append(y, y[0])
    torn = np.hypot(np.diff(x), np.diff(y)) > 0.25 * math.pi * HALF_ROUND_M / 1e3
    x, y = (np.insert(values, np.flatnonzero(torn) + 1, np.nan) for values in (x, y))
    axes.plot(x, y, color=VERMILION, linewidth=1.8, zorder=5.0, gid="ring")


def _draw_flights(axes: Axes, disc: Disc, test: FlightTest) -> None:
    """Mark the launch point, where the reported flight came down if its direction is known, and a few towns."""
    axes.plot(0.0, 0.0, marker="*", color=YELLOW, ms=13, mec=INK, ls="none", zorder=6.2)
    labels = [Label("launch", 0.0, 0.0, importance=3.0, bold=True)]
    if test.calibrated.turning:
        for flown, colour, name in (
            (test.calibrated.lofted, VERMILION, "reported flight"),
            (test.calibrated.standard, BLUE, "longest, same direction"),
        ):
            site = flown.impact_site
            if flown.range_m > 0.95 * HALF_ROUND_M:
                continue
            x, y = disc.xy_km(np.array([site.lat_rad]), np.array([site.lon_rad]))
            axes.plot(x, y, marker="X", color=colour, ms=7, mec="white", ls="none", zorder=6.1)
            labels.append(Label(name, float(x[0]), float(y[0]), importance=2.0))
    catalog = load_catalog()
    for place_id in _SHOWN_PLACES:
        if place_id not in catalog.ids("place"):
            continue
        place = catalog.place(place_id)
        x, y = disc.xy_km(np.array([place.lat_rad]), np.array([place.lon_rad]))
        if 0.04 * disc.radius_m / 1e3 < math.hypot(x[0], y[0]) < 0.97 * disc.radius_m / 1e3:
            axes.plot(x, y, marker="o", color=INK, ms=2.5, ls="none", zorder=6.0)
            labels.append(Label(place.name, float(x[0]), float(y[0])))
    place_labels(axes, labels)


def _handles(test: FlightTest) -> list[Line2D | Patch]:
    boost = "over every boost tried"
    handles: list[Line2D | Patch] = []
    if whole_earth(test.ring, test.report.launch, CENTRAL):
        handles.append(Patch(fc=BLUE, alpha=0.25, label="within the longest range: the whole Earth"))
    else:
        handles.append(Line2D([], [], color=VERMILION, lw=1.8, label="longest range over the turning Earth"))
    handles.append(Patch(fc=ORANGE, alpha=0.5, label=f"band {boost}"))
    still = test.range_still_m.central
    if still < 0.998 * HALF_ROUND_M:
        words = f"longest range on a still Earth, {still / 1e3:,.0f} km"
        handles.append(Line2D([], [], color=BLACK, lw=1.0, ls=(0.0, (5.0, 3.0)), label=words))
    handles.append(Line2D([], [], color=YELLOW, marker="*", ms=11, mec=INK, ls="none", label="launch point"))
    return handles
