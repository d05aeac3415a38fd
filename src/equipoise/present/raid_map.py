"""The raid on a map: where it comes from, how it flies, where it goes, and who stands in between."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from equipoise.analysis.intervals import share
from equipoise.analysis.raid_answers import missiles_by_target
from equipoise.physics.earth_kernels import geodetic_of
from equipoise.present import legends
from equipoise.present.maps import Label, LocalMap, draw_base, place_labels
from equipoise.present.network_names import place_name, sensor_name
from equipoise.present.raid_names import layer_colour, number
from equipoise.present.style import INK, house_style, new_figure

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults

_WIDTH_IN = 9.6
_SIDE_IN = 6.9
_MOST_HIGH_IN = 7.6
_HEAD_IN, _FOOT_IN = 0.36, 0.3
_POINTS = 80
_SCALE = "cividis"
_LEAST_AREA_PT2 = 40.0
_SQUARE_PT = 4.4  # half the diagonal of a layer's mark
_AREA_PT2 = 330.0  # of the disc of the target with most missiles


@house_style
def raid_map(results: RaidResults) -> Figure:
    """Draw the raid on a map.

    Parameters
    ----------
    results : RaidResults
        Any.

    Returns
    -------
    matplotlib.figure.Figure
        Targets as discs: their area tells the missiles, their colour in how many raids at least one leaks, chance
        alone. Ground tracks, launch areas, and a square for the batteries of each layer in its colour.
    """
    study, counts = results.study, results.counts
    aimed = missiles_by_target(study)
    runs = int(counts.runs)
    tracks = []
    for trajectory in {id(one): one for one in results.field.trajectories}.values():
        position_m, _ = trajectory.at(np.linspace(0.0, trajectory.time_of_flight_s, _POINTS))
        tracks.append(np.degrees([geodetic_of(*point)[:2] for point in position_m.tolist()]))
    placed = [*((one.site.lat_rad, one.site.lon_rad) for one in study.layers),
              *((one.lat_rad, one.lon_rad) for one in study.targets),
              *((one.lat_rad, one.lon_rad) for one in study.sensors)]  # fmt: skip
    points = np.concatenate([*tracks, np.degrees(np.array(placed))])
    window = LocalMap.around(points[:, 1], points[:, 0], margin_km=max(40.0, 0.07 * _across_km(points)))
    map_high_in = min(_SIDE_IN * window.aspect, _MOST_HIGH_IN)
    map_wide_in = map_high_in / window.aspect
    handles = _handles(results)
    legend_in = legends.height_in(handles, _WIDTH_IN)
    height_in = _HEAD_IN + map_high_in + _FOOT_IN + legend_in
    figure = new_figure(_WIDTH_IN, height_in)
    figure.text(
        0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, "The raid on the map", fontsize=10, fontweight="bold", va="top"
    )
    low = (legend_in + _FOOT_IN) / height_in
    axes = figure.add_axes((0.5 / _WIDTH_IN, low, map_wide_in / _WIDTH_IN, map_high_in / height_in))
    draw_base(axes, window, home=study.country)
    lines = [np.column_stack(window.xy_km(track[:, 1], track[:, 0])) for track in tracks]
    axes.add_collection(LineCollection(lines, colors=INK, linewidths=0.8, alpha=0.75, zorder=4.0, gid="tracks"),
                        autolim=False)  # fmt: skip
    labels: list[Label] = []

    def at(lat_rad: float, lon_rad: float) -> tuple[float, float]:
        x, y = window.xy_km(math.degrees(lon_rad), math.degrees(lat_rad))
        return float(x), float(y)

    km_per_pt = (window.east_km - window.west_km) / (72.0 * map_wide_in)
    marks: list[tuple[float, float, float]] = []  # x and y [km] and radius [pt] of what is drawn

    def mark(spot: tuple[float, float], radius_pt: float, words: str, importance: float, *, bold: bool = False) -> None:
        marks.append((*spot, radius_pt))
        labels.append(Label(words, *spot, importance=importance, bold=bold, mark_pt=radius_pt))

    colours, norm = colormaps[_SCALE], Normalize(0.0, 100.0)
    for i, target in enumerate(study.targets):
        spot = at(target.lat_rad, target.lon_rad)
        area_pt2 = max(_AREA_PT2 * float(aimed[i]) / float(aimed.max()), _LEAST_AREA_PT2)
        hit = share(int(counts.target_hit[i]), runs).value
        axes.scatter(*spot, s=area_pt2, color=[colours(norm(100.0 * hit))], edgecolor=INK, linewidth=0.8, zorder=5.0,
                     gid="target")  # fmt: skip
        mean = float(counts.target_leakers[i]) / runs
        words = f"{place_name(target.name)}: {number(mean, 1)} of {int(aimed[i])}"
        mark(spot, 0.5 * math.sqrt(area_pt2) + 0.5, words, 5.0, bold=True)
    for area in {salvo.launch_area.id: salvo.launch_area for salvo in study.salvos}.values():
        spot = at(area.lat_rad, area.lon_rad)
        axes.plot(*spot, marker="^", ms=6.5, mfc="white", mec=INK, mew=1.0, ls="none", zorder=5.4)
        mark(spot, 3.6, place_name(area.name), 2.0)
    for sensor in study.sensors:
        spot = at(sensor.lat_rad, sensor.lon_rad)
        axes.plot(*spot, marker="p", ms=7.0, mfc="white", mec=INK, mew=0.8, ls="none", zorder=5.5)
        mark(spot, 3.8, sensor_name(sensor), 3.0)
    for row, layer in enumerate(study.layers):
        spot = _aside(at(layer.site.lat_rad, layer.site.lon_rad), marks, km_per_pt)
        axes.plot(*spot, marker="s", ms=7.5, mfc=layer_colour(row), mec="white", mew=1.0, ls="none", zorder=6.0,
                  gid="layer")  # fmt: skip
        mark(spot, _SQUARE_PT, layer.id, 4.0)
    place_labels(axes, labels, font_size=7.5)
    bar = figure.add_axes(
        ((0.5 + map_wide_in + 0.35) / _WIDTH_IN, low + 0.1 * map_high_in / height_in, 0.14 / _WIDTH_IN,
         0.62 * map_high_in / height_in)
    )  # fmt: skip
    scale = figure.colorbar(ScalarMappable(norm=norm, cmap=colours), cax=bar)
    scale.set_label("raids in which at least one missile leaks there, %: chance", fontsize=8)
    bar.tick_params(labelsize=7.5)
    figure.text(
        (0.5 + map_wide_in + 0.3) / _WIDTH_IN, low + 0.98 * map_high_in / height_in,
        "Beside a target:\nmean number that leaks,\nof those aimed at it", fontsize=8, va="top",
    )  # fmt: skip
    legends.draw_legend(figure, handles)
    return figure


def _aside(
    spot: tuple[float, float], marks: Sequence[tuple[float, float, float]], km_per_pt: float
) -> tuple[float, float]:
    """Return where a square shows beside what is drawn already: on its spot, or as near as there is room."""
    for away_pt in range(0, 60, 2):
        for turn_deg in (135.0, 225.0, 45.0, 315.0):
            x = spot[0] + away_pt * km_per_pt * math.cos(math.radians(turn_deg))
            y = spot[1] + away_pt * km_per_pt * math.sin(math.radians(turn_deg))
            if all(math.hypot(x - u, y - v) > (radius + _SQUARE_PT) * km_per_pt for u, v, radius in marks):
                return x, y
    return spot


def _across_km(points: np.ndarray) -> float:
    return 111.0 * max(float(np.ptp(points[:, 0])), float(np.ptp(points[:, 1])))


def _handles(results: RaidResults) -> list[Line2D]:
    study = results.study
    most = int(missiles_by_target(study).max())
    handles = [
        Line2D([], [], marker="o", ms=11, mfc="white", mec=INK, mew=0.8, ls="none",
               label=f"target; area: missiles aimed (largest: {most})"),
        Line2D([], [], marker="^", ms=6.5, mfc="white", mec=INK, mew=1.0, ls="none", label="launch area"),
        Line2D([], [], color=INK, lw=0.8, alpha=0.75, label="ground track"),
    ]  # fmt: skip
    handles += [
        Line2D([], [], marker="s", ms=7.0, mfc=layer_colour(row), mec="white", ls="none",
               label=f"{layer.id}, {place_name(layer.site.name)}")
        for row, layer in enumerate(study.layers)
    ]  # fmt: skip
    if study.sensors:
        handles.append(Line2D([], [], marker="p", ms=7.0, mfc="white", mec=INK, ls="none", label="other radar"))
    return handles
