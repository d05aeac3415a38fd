"""What a radar sees in one vertical plane, for each published range, to scale on the round Earth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch

from equipoise.arrays import FloatArray
from equipoise.physics.earth_kernels import MEAN_RADIUS_M
from equipoise.present.labels import Written
from equipoise.present.loft_side_view import nice_step
from equipoise.present.range_lines import RangeLine, range_lines, thinned
from equipoise.present.side_view import round_earth_km
from equipoise.present.style import GREY, INK, YELLOW, house_style, new_figure
from equipoise.sensors import visibility_kernels as vk

if TYPE_CHECKING:
    import xarray as xr

_GROUND = "#DAD4C6"
_OPEN = "#EEE4C2"  # what no range could exceed, as on the maps
_WIDTH_IN, _TALLEST_IN = 9.6, 7.0
_MARGIN_IN = 0.95  # left of the radar: room for the heights
_DEPTH_IN = 0.62  # below the lowest ground: room for the distances
_HEAD_IN = 0.32  # above the top of the cut: room for the word over the heights
_LINE_PT = 13.0  # from one line of letters to the next
_FLOOR_DASHES = (5.0, 2.5)


@house_style
def vertical_cut_figure(dataset: xr.Dataset) -> Figure:
    """Draw what a radar sees above one geodesic.

    Parameters
    ----------
    dataset : xarray.Dataset
        The result of :func:`equipoise.analysis.vertical_cut`.

    Returns
    -------
    matplotlib.figure.Figure
        To scale, the Earth round with a radius of 6,371 km, the radar on top at the left; a line per published range
        around what it covers, dotted the horizon, dashed the elevation floor. The outlines are open where the cut ends.
    """
    dataset = thinned(dataset, "altitude", "ground_range")
    end_m, top_m = _end(dataset["ground_range_m"].values), _end(dataset["altitude_m"].values)
    lines = range_lines(dataset)
    floor = bool(np.isfinite(dataset["floor_altitude_m"].values).any())
    handles = _handles(dataset, lines, floor=floor)
    figure, axes = _canvas(end_m, top_m, -(-len(handles) // 2))
    radius_km = MEAN_RADIUS_M / 1e3
    axes.add_patch(Circle((0.0, -radius_km), radius_km, facecolor=_GROUND, edgecolor=INK, linewidth=0.8, zorder=2.0))
    _draw_heights(axes, end_m, top_m)
    _draw_distances(axes, end_m)
    x_km, y_km = round_earth_km(*np.meshgrid(dataset["ground_range_m"].values, dataset["altitude_m"].values))
    reason = dataset["reason"].values
    within = np.isin(reason, (vk.VISIBLE, vk.DETECTION_RANGE)).any(axis=0).astype(float)
    if within.any():
        axes.contourf(x_km, y_km, within, levels=[0.5, 1.5], colors=[_OPEN], alpha=0.55, zorder=0.8)
    for line in reversed(lines):  # where they meet on the floor, the shortest is on top
        line.outline(axes, x_km, y_km, dataset["covered"].values[line.index].astype(float))
    along_m = dataset["ground_range_m"].values
    _draw_ray(axes, along_m, dataset["horizon_altitude_m"].values, top_m, ":", "horizon")
    if floor:
        _draw_ray(axes, along_m, dataset["floor_altitude_m"].values, top_m, (0.0, _FLOOR_DASHES), "floor")
    axes.plot(0.0, 0.0, marker="*", color=YELLOW, ms=13, mec=INK, zorder=6.0, linestyle="none", gid="radar")
    axes.set_title(_title(dataset))
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.35 / _WIDTH_IN, 0.0), ncols=2, handlelength=3.6)
    return figure


def _end(centres_m: FloatArray) -> float:
    """Return where a row of cells ends, from their centres [m]."""
    return float(centres_m[-1] + 0.5 * (centres_m[-1] - centres_m[-2]))


def _title(dataset: xr.Dataset) -> str:
    attrs = dataset.attrs
    lat, lon = float(attrs["site_lat_deg"]), float(attrs["site_lon_deg"])
    place = f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.2f}° {'E' if lon >= 0 else 'W'}"
    return f"{attrs['radar_name']} at {place}: what it sees towards {attrs['azimuth_deg']:.0f}° (to scale)"


def _canvas(end_m: float, top_m: float, legend_rows: int) -> tuple[Figure, Axes]:
    """Return a page whose axes hold the cut to scale, with room for heights on the left and distances below."""
    along = np.linspace(0.0, end_m, 400)
    x, y = round_earth_km(np.concatenate([along, along]), np.concatenate([np.zeros(400), np.full(400, top_m)]))
    left, right, low, high = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    foot, head, room = 0.25 + 0.19 * legend_rows, 0.35, 0.12
    inner_in = _WIDTH_IN - 0.2 - _MARGIN_IN - room
    scale = max((right - left) / inner_in, (high - low) / _TALLEST_IN)  # km to an inch
    spare = inner_in * scale - (right - left)
    left, right = left - _MARGIN_IN * scale - 0.5 * spare, right + room * scale + 0.5 * spare
    low, high = low - _DEPTH_IN * scale, high + _HEAD_IN * scale
    width_in, height_in = (right - left) / scale, (high - low) / scale
    page_in = height_in + foot + head
    figure = new_figure(_WIDTH_IN, page_in)
    axes = figure.add_axes((0.1 / _WIDTH_IN, foot / page_in, width_in / _WIDTH_IN, height_in / page_in))
    axes.set(xlim=(left, right), ylim=(low, high), xticks=[], yticks=[])
    axes.set_aspect("equal")
    axes.set_axis_off()
    return figure, axes


def _km_per_point(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return float(np.ptp(axes.get_xlim())) / (axes.get_window_extent().width / figure.dpi * 72.0)


def _draw_heights(axes: Axes, end_m: float, top_m: float) -> None:
    """Draw arcs of one height with their kilometres left of the radar, and the edge of the cut."""
    along = np.linspace(0.0, end_m, 400)
    point_km = _km_per_point(axes)
    most = int(min(6.0, max(1.0, top_m / 1e3 / (_LINE_PT * point_km))))
    step_m = 1e3 * nice_step(top_m / 1e3, most)
    beside_km = -6.0 * point_km
    for height_m in np.arange(step_m, top_m * (1.0 + 1e-9), step_m):
        x, y = round_earth_km(along, np.full(along.shape, height_m))
        axes.plot(x, y, color=GREY, linewidth=0.5, linestyle=(0.0, (2.0, 3.0)), zorder=1.0, gid="height")
        words = f"{height_m / 1e3:,g} km"
        axes.text(beside_km, height_m / 1e3, words, fontsize=7.5, ha="right", va="center")
    edge_m = np.concatenate([[0.0], along, [end_m]]), np.concatenate([[0.0], np.full(along.shape, top_m), [0.0]])
    axes.plot(*round_earth_km(*edge_m), color=GREY, linewidth=0.7, zorder=1.1, gid="edge")
    above_km = top_m / 1e3 + _LINE_PT * point_km
    axes.text(beside_km, above_km, "altitude", fontsize=8, ha="right", va="center")


def _draw_distances(axes: Axes, end_m: float) -> None:
    """Mark round distances along the ground, and write their kilometres into the Earth."""
    step_m = 1e3 * nice_step(end_m / 1e3, 8)
    point_m = 1e3 * _km_per_point(axes)
    written = Written(axes)
    written.keep_clear_of(*round_earth_km(np.linspace(-0.2 * end_m, 1.2 * end_m, 4000), np.zeros(4000)))
    ticks_m = np.arange(0.0, end_m * (1.0 + 1e-9), step_m)
    for along_m in ticks_m:
        x, y = round_earth_km([along_m, along_m], np.array([0.0, -5.0]) * point_m)
        axes.plot(x, y, color=INK, linewidth=0.8, zorder=2.8, gid="distance")
        angle = along_m / MEAN_RADIUS_M
        inwards = [(-depth * math.sin(angle), -depth * math.cos(angle)) for depth in (8.0, 11.0, 14.0, 17.0, 19.5)]
        words = "radar" if along_m == 0.0 else f"{along_m / 1e3:,g} km"
        written.write(words, (float(x[0]), float(y[0])), inwards, size=7.5)
    for along_m in sorted(ticks_m, key=lambda at_m: abs(at_m - 0.45 * end_m)):
        x, y = round_earth_km(along_m, -26.0 * point_m)
        angle = along_m / MEAN_RADIUS_M
        below = [(0.0, -3.0 * k) for k in range(7)]
        below += [(-3.0 * k * math.sin(angle), -3.0 * k * math.cos(angle)) for k in range(7)]
        if written.write("ground range", (float(x), float(y)), below, size=8.0):
            break
    for text in axes.texts:
        text.set_path_effects([])  # no halo: they stand on plain ground


def _draw_ray(axes: Axes, along_m: FloatArray, altitude_m: FloatArray, top_m: float, style: object, name: str) -> None:
    """Draw a ray from the radar up to the edge of the cut."""
    shown = np.isfinite(altitude_m) & (altitude_m <= top_m)
    x, y = round_earth_km(np.append(0.0, along_m[shown]), np.append(0.0, altitude_m[shown]))
    axes.plot(x, y, color=INK, linewidth=1.1, linestyle=style, zorder=4.5, gid=name)


def _handles(dataset: xr.Dataset, lines: tuple[RangeLine, ...], *, floor: bool) -> list[Line2D | Patch]:
    emptied = dataset["emptied_by"].values
    handles: list[Line2D | Patch] = [
        line.handle(f" (nothing: {emptied[line.index]})" if emptied[line.index] else "") for line in lines
    ]
    handles.append(Line2D([], [], color=INK, linewidth=1.1, linestyle=":", label="horizon of the 4/3 Earth"))
    if floor:
        words = f"elevation floor {dataset.attrs['elevation_floor_deg']:g}°"
        handles.append(Line2D([], [], color=INK, linewidth=1.1, linestyle=(0.0, _FLOOR_DASHES), label=words))
    handles.append(Patch(fc=_OPEN, alpha=0.8, label="within floor and field of view: limit of any range"))
    handles.append(Line2D([], [], marker="*", mfc=YELLOW, mec=INK, markersize=10, linestyle="none", label="radar"))
    return handles
