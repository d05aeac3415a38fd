"""Arcs on a round map: where the focus has them in view and where not, and the sensors with their sectors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from equipoise.arrays import FloatArray
from equipoise.physics.earth_kernels import geodetic_of
from equipoise.physics.geodesy import Site, destination, geodesic
from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.present.disc_map import Disc, draw_disc, draw_distances
from equipoise.present.maps import Label, place_labels
from equipoise.present.network_names import element_name, place_name, sensor_name
from equipoise.present.style import (
    BLACK,
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILION,
    YELLOW,
    house_style,
    new_figure,
)
from equipoise.sensors.station import Station
from equipoise.sensors.timeline import visible_spans

if TYPE_CHECKING:
    from equipoise.analysis.network_results import NetworkResults

_WIDTH_IN = 9.6
_HEAD_IN = 0.34
_FOOT_ROW_IN = 0.19
_POINTS = 160  # along a track
_LONG_M = 6e6  # arcs that are mostly longer than this are drawn about their middle or the pole
_POLAR_RAD = math.radians(60.0)  # tracks that come farther north go over the pole's map
_ROOM = 1.06  # to the map's rim
_NEAR = 0.22  # of the map's radius: what lies within this of the focus is drawn once more, larger
_FEW = 3
_SECTOR = 0.11  # of the map's radius: the length of a sector's rays
_GROUP_COLOURS = (VERMILION, BLUE, GREEN, PURPLE, ORANGE, SKY_BLUE)
_GROUP_MARKS = ("o", "s", "D", "v", "P", "h")
_ALL_ROUND_RAD = math.radians(175.0)
_DASHES = (0.0, (4.0, 2.6))


@dataclass(frozen=True)
class _Track:
    """One arc on the ground: its points [rad], and in which of the steps between them the focus has it in view."""

    group: int
    lat_rad: FloatArray
    lon_rad: FloatArray
    seen: FloatArray


@house_style
def arcs_map(results: NetworkResults) -> Figure:
    """Draw the ground tracks of all arcs, by heading, and the sensors.

    Parameters
    ----------
    results : NetworkResults
        Any.

    Returns
    -------
    matplotlib.figure.Figure
        Azimuthal equidistant: about the north pole or the middle of all points where arcs are mostly longer than
        6,000 km, else about the focus. Thick where the focus, as the study places it, has an arc in view; thin and
        dashed where not. Where short arcs or stretches in view are small on the map, a second one shows the
        surroundings of the focus; names of what lies there are on that one.
    """
    tracks = _tracks(results)
    whole = _whole(results, tracks)
    near = _near(results, tracks, whole)
    discs = [whole] if near is None else [near, whole]
    groups = list(dict.fromkeys(case.group for case in results.arcs.cases))
    handles = _handles(results, groups)
    columns = 3
    foot_in = 0.12 + _FOOT_ROW_IN * -(-len(handles) // columns)
    sides_in = [8.2] if near is None else [5.3, 4.3]
    height_in = _HEAD_IN + max(sides_in) + foot_in + (0.0 if near is None else 0.2)
    figure = new_figure(_WIDTH_IN, height_in)
    title = f"Arcs on the ground, and where {element_name(results.study, results.study.focus)} has them in view"
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    for number, disc in enumerate(discs):
        side_in = sides_in[number]
        left_in = (_WIDTH_IN - sum(sides_in)) / 2.0 + sum(sides_in[:number])
        low_in = foot_in + 0.5 * (max(sides_in) - side_in)
        axes = figure.add_axes((left_in / _WIDTH_IN, low_in / height_in, side_in / _WIDTH_IN, side_in / height_in))
        draw_disc(axes, disc)
        if disc.middle.lat_deg < 89.0:
            draw_distances(axes, disc)
        _draw_tracks(axes, disc, tracks)
        _draw_marks(axes, disc, results, groups, whole=disc is whole, has_near=near if disc is whole else None)
        if near is not None:
            focus = element_name(results.study, results.study.focus)
            words = "all arcs" if disc is whole else f"within {disc.radius_m / 1e3:,.0f} km of {focus}"
            at = (left_in + 0.1) / _WIDTH_IN, (low_in + side_in + 0.06) / height_in
            figure.text(*at, words, fontsize=8, va="center")
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / _WIDTH_IN, 0.0), ncols=columns)
    return figure


def _tracks(results: NetworkResults) -> list[_Track]:
    cases = results.arcs.cases
    table = results.arcs.table()
    station = Station.of(results.study.sensor(results.study.focus))
    spans = [visible_spans(table.arcs, table.times_s, watch, table.seen_by(station)) for watch in station.watches]
    groups = list(dict.fromkeys(case.group for case in cases))
    tracks = []
    for i, case in enumerate(cases):
        edges = np.concatenate([np.concatenate([starts[i], ends[i]]) for starts, ends in spans])
        times_s = np.unique(
            np.concatenate([np.linspace(0.0, case.flown.time_of_flight_s, _POINTS), edges[np.isfinite(edges)]])
        )
        times_s = times_s[times_s <= case.flown.time_of_flight_s]
        position_m, _ = case.flown.at(times_s)
        lat_rad, lon_rad, _ = np.array([geodetic_of(*point) for point in position_m.tolist()]).T
        middle_s = 0.5 * (times_s[1:] + times_s[:-1])[:, np.newaxis]
        seen = np.zeros(len(middle_s), dtype=bool)
        for starts, ends in spans:
            seen |= ((middle_s > starts[i]) & (middle_s < ends[i])).any(axis=1)
        tracks.append(_Track(groups.index(case.group), lat_rad, lon_rad, seen))
    return tracks


def _unit(lat_rad: FloatArray, lon_rad: FloatArray) -> FloatArray:
    return np.column_stack([np.cos(lat_rad) * np.cos(lon_rad), np.cos(lat_rad) * np.sin(lon_rad), np.sin(lat_rad)])


def _whole(results: NetworkResults, tracks: Sequence[_Track]) -> Disc:
    """Return the map that holds everything."""
    sensors = results.study.sensors
    lat_rad = np.concatenate([[sensor.lat_rad for sensor in sensors], *(track.lat_rad for track in tracks)])
    lon_rad = np.concatenate([[sensor.lon_rad for sensor in sensors], *(track.lon_rad for track in tracks)])
    focus = results.study.sensor(results.study.focus)
    if np.median([case.flown.range_m for case in results.arcs.cases]) <= _LONG_M:
        middle = Site(focus.lat_rad, focus.lon_rad)
    elif np.median([track.lat_rad.max() for track in tracks]) > _POLAR_RAD:
        middle = Site(0.5 * math.pi, focus.lon_rad)
    else:
        x, y, z = _unit(lat_rad, lon_rad).mean(axis=0)
        middle = Site(math.atan2(z, math.hypot(x, y)), math.atan2(y, x))
    return Disc(middle, min(HALF_ROUND_M, _ROOM * _farthest_m(middle, lat_rad, lon_rad)))


def _farthest_m(middle: Site, lat_rad: FloatArray, lon_rad: FloatArray) -> float:
    at = _unit(np.array([middle.lat_rad]), np.array([middle.lon_rad]))[0]
    i = int(np.argmin(_unit(lat_rad, lon_rad) @ at))
    return geodesic(middle, Site(float(lat_rad[i]), float(lon_rad[i])))[0]


def _near(results: NetworkResults, tracks: Sequence[_Track], whole: Disc) -> Disc | None:
    """Return a map about the focus of what is small on the whole one: short arcs and stretches in view."""
    focus = results.study.sensor(results.study.focus)
    middle = Site(focus.lat_rad, focus.lon_rad)
    lengths_m = []
    for track in tracks:
        length_m = _farthest_m(middle, track.lat_rad, track.lon_rad)
        if length_m > _NEAR * whole.radius_m and track.seen.any():
            ends = np.flatnonzero(track.seen)
            shown = slice(ends[0], ends[-1] + 2)
            length_m = _farthest_m(middle, track.lat_rad[shown], track.lon_rad[shown])
        lengths_m.append(length_m)
    small = [length_m for length_m in lengths_m if length_m < _NEAR * whole.radius_m]
    return Disc(middle, 1.15 * max(small)) if len(small) > _FEW else None


def _draw_tracks(axes: Axes, disc: Disc, tracks: Sequence[_Track]) -> None:
    rim = shapely.Point(0.0, 0.0).buffer(disc.radius_m / 1e3, quad_segs=90)
    for seen, width, style, layer in ((False, 0.7, _DASHES, 4.6), (True, 1.6, "solid", 5.0)):
        lines, colours = [], []
        for track in tracks:
            points = np.column_stack(disc.xy_km(track.lat_rad, track.lon_rad))
            steps = np.flatnonzero(track.seen == seen)
            for run in np.split(steps, np.flatnonzero(np.diff(steps) > 1) + 1):
                if len(run) == 0:
                    continue
                kept = shapely.LineString(points[run[0] : run[-1] + 2]).intersection(rim)
                for part in shapely.get_parts(kept):
                    if part.geom_type == "LineString":
                        lines.append(shapely.get_coordinates(part))
                        colours.append(_GROUP_COLOURS[track.group % len(_GROUP_COLOURS)])
        drawn = LineCollection(lines, colors=colours, linewidths=width, linestyles=[style], zorder=layer)
        drawn.set_gid("seen" if seen else "unseen")
        axes.add_collection(drawn, autolim=False)


def _draw_marks(
    axes: Axes, disc: Disc, results: NetworkResults, groups: Sequence[str], *, whole: bool, has_near: Disc | None
) -> None:
    """Mark sensors with their sectors, launch areas and targets; name what finds room."""
    study = results.study
    labels: list[Label] = []
    small = [] if has_near is None else [has_near]

    def crowded(lat_rad: float, lon_rad: float) -> bool:
        """Tell whether a point is named on the map of the surroundings instead."""
        return any(geodesic(one.middle, Site(lat_rad, lon_rad))[0] < one.radius_m for one in small)

    def at(lat_rad: float, lon_rad: float) -> tuple[float, float] | None:
        x, y = disc.xy_km(np.array([lat_rad]), np.array([lon_rad]))
        return (float(x[0]), float(y[0])) if math.hypot(x[0], y[0]) < 0.985 * disc.radius_m / 1e3 else None

    for sensor in study.sensors:
        spot = at(sensor.lat_rad, sensor.lon_rad)
        if spot is None:
            continue
        focus = sensor.id == study.focus
        if not crowded(sensor.lat_rad, sensor.lon_rad):
            _draw_sectors(axes, disc, Station.of(sensor))
        if focus or not crowded(sensor.lat_rad, sensor.lon_rad):
            labels.append(Label(sensor_name(sensor), *spot, importance=9.0 if focus else 5.0, bold=focus))
        mark, size, colour = ("*", 12.0, YELLOW) if focus else ("^", 6.0, "white")
        axes.plot(*spot, marker=mark, ms=size, mfc=colour, mec=INK, mew=0.8, ls="none", zorder=6.4 + focus * 0.1)
    drawn: set[tuple[str, str]] = set()
    for case in results.arcs.cases:
        group = groups.index(case.group)
        area, target = case.launch_area, case.target
        spot = at(area.lat_rad, area.lon_rad)
        if spot is not None and (case.group, area.id) not in drawn:
            drawn.add((case.group, area.id))
            colour = _GROUP_COLOURS[group % len(_GROUP_COLOURS)]
            mark = _GROUP_MARKS[group % len(_GROUP_MARKS)]
            axes.plot(*spot, marker=mark, ms=4.2, mfc=colour, mec="white", mew=0.5, ls="none", zorder=6.1)
            if ("", area.id) not in drawn and not crowded(area.lat_rad, area.lon_rad):
                drawn.add(("", area.id))
                labels.append(Label(place_name(area.name), *spot, importance=1.0))
        spot = at(target.lat_rad, target.lon_rad)
        if spot is not None and ("target", target.id) not in drawn:
            drawn.add(("target", target.id))
            axes.plot(*spot, marker="x", ms=5.5, color=BLACK, mew=1.3, ls="none", zorder=6.2)
            if not crowded(target.lat_rad, target.lon_rad):
                labels.append(Label(place_name(target.name), *spot, importance=3.0))
    place_labels(axes, labels, font_size=7.0 if whole and has_near is None else 6.5)


def _draw_sectors(axes: Axes, disc: Disc, station: Station) -> None:
    """Draw the azimuths of a sensor; none where it looks all round."""
    drawn = set()
    for watch in station.watches:
        half_rad = watch.radar.azimuth_half_width_rad
        if half_rad > _ALL_ROUND_RAD or (watch.boresight_rad, half_rad) in drawn:
            continue
        drawn.add((watch.boresight_rad, half_rad))
        az_rad = watch.boresight_rad + np.linspace(-half_rad, half_rad, 25)
        sites = [station.site, *(destination(station.site, float(az), _SECTOR * disc.radius_m) for az in az_rad)]
        x, y = disc.xy_km(np.array([site.lat_rad for site in sites]), np.array([site.lon_rad for site in sites]))
        if float(np.hypot(x, y).max()) > disc.radius_m / 1e3:
            continue
        shape = np.column_stack([x, y])
        axes.add_patch(Polygon(shape, closed=True, fc=YELLOW, ec=INK, lw=0.6, alpha=0.45, zorder=4.0, gid="sector"))


def _handles(results: NetworkResults, groups: Sequence[str]) -> list[Line2D]:
    focus = element_name(results.study, results.study.focus)
    handles = [
        Line2D(
            [],
            [],
            color=_GROUP_COLOURS[k % len(_GROUP_COLOURS)],
            lw=1.6,
            marker=_GROUP_MARKS[k % len(_GROUP_MARKS)],
            ms=4.5,
            mec="white",
            label=f"{group}: arcs and launch areas",
        )
        for k, group in enumerate(groups)
    ]
    handles.append(Line2D([], [], color=INK, lw=1.9, label=f"in view of {focus}"))
    handles.append(Line2D([], [], color=INK, lw=0.8, ls=_DASHES, label="not in its view"))
    handles.append(Line2D([], [], marker="*", mfc=YELLOW, mec=INK, ms=10, ls="none", label=focus))
    if len(results.study.sensors) > 1:
        handles.append(Line2D([], [], marker="^", mfc="white", mec=INK, ms=6, ls="none", label="other sensors"))
    wedge = "azimuths covered (none: all round)"
    handles.append(Line2D([], [], marker=(3, 0, 180), mfc=YELLOW, mec=INK, ms=8, alpha=0.6, ls="none", label=wedge))
    handles.append(Line2D([], [], marker="x", color=BLACK, mew=1.3, ms=5.5, ls="none", label="target"))
    return handles
