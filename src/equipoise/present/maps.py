"""A local map: projection, coasts and borders, graticule, scale bar, north arrow, places and their labels.

The projection is azimuthal equidistant about the middle of the map on the WGS-84 ellipsoid, in kilometres. Distances
from the middle are true; across the map the scale is off by 0.1 % at 500 km and 0.4 % at 1,000 km from the middle, less
than the width of the scale bar's line.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from equipoise.arrays import FloatArray
from equipoise.catalog import borders
from equipoise.present.style import COAST, GREY, HOME_LAND, INK, LAND, SEA

_CROWDED = 0.08  # of an edge between two labels of degrees

HALO = [withStroke(linewidth=2.2, foreground="white", alpha=0.9)]


@dataclass(frozen=True, slots=True)
class LocalMap:
    """A window on the Earth with its projection.

    Parameters
    ----------
    lat_deg, lon_deg : float
        Middle of the projection. [deg]
    west_km, south_km, east_km, north_km : float
        Edges of the window, measured from the middle. [km]
    """

    lat_deg: float
    lon_deg: float
    west_km: float
    south_km: float
    east_km: float
    north_km: float

    @classmethod
    def around(cls, lon_deg: ArrayLike, lat_deg: ArrayLike, margin_km: float = 30.0) -> LocalMap:
        """Return the map that holds all given points and a margin.

        Parameters
        ----------
        lon_deg, lat_deg : array_like, shape (n,)
            Points to hold. [deg]
        margin_km : float, optional
            Room around them. [km]
        """
        lon, lat = np.atleast_1d(np.asarray(lon_deg, float)), np.atleast_1d(np.asarray(lat_deg, float))
        return cls.centred((lat.min() + lat.max()) / 2, (lon.min() + lon.max()) / 2, lon, lat, margin_km)

    @classmethod
    def centred(
        cls, lat_deg: float, lon_deg: float, lons_deg: ArrayLike, lats_deg: ArrayLike, margin_km: float = 0.0
    ) -> LocalMap:
        """Return the map with a given middle, from which distances are true, that holds all given points.

        Parameters
        ----------
        lat_deg, lon_deg : float
            Middle of the projection. [deg]
        lons_deg, lats_deg : array_like, shape (n,)
            Points to hold. [deg]
        margin_km : float, optional
            Room around them. [km]
        """
        lon, lat = np.atleast_1d(np.asarray(lons_deg, float)), np.atleast_1d(np.asarray(lats_deg, float))
        middle = cls(float(lat_deg), float(lon_deg), 0.0, 0.0, 0.0, 0.0)
        x_km, y_km = middle.xy_km(lon, lat)
        return cls(
            middle.lat_deg,
            middle.lon_deg,
            float(x_km.min()) - margin_km,
            float(y_km.min()) - margin_km,
            float(x_km.max()) + margin_km,
            float(y_km.max()) + margin_km,
        )

    @property
    def aspect(self) -> float:
        """Height over width of the window."""
        return (self.north_km - self.south_km) / (self.east_km - self.west_km)

    def xy_km(self, lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Project degrees to kilometres east and north of the middle, arrays of any one shape."""
        x_m, y_m = _projection(self.lat_deg, self.lon_deg)(np.asarray(lon_deg, float), np.asarray(lat_deg, float))
        return np.asarray(x_m) / 1e3, np.asarray(y_m) / 1e3

    def bounds_deg(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of the window in degrees, with a little room, for clipping."""
        side = np.linspace(0.0, 1.0, 15)
        across = self.west_km + side * (self.east_km - self.west_km)
        along = self.south_km + side * (self.north_km - self.south_km)
        full = np.full(15, 1.0)
        x_km = np.concatenate([across, across, self.west_km * full, self.east_km * full])
        y_km = np.concatenate([self.south_km * full, self.north_km * full, along, along])
        lon, lat = _projection(self.lat_deg, self.lon_deg)(x_km * 1e3, y_km * 1e3, inverse=True)
        room = 0.2
        west, east = max(-180.0, float(np.min(lon)) - room), min(180.0, float(np.max(lon)) + room)
        south, north = max(-90.0, float(np.min(lat)) - room), min(90.0, float(np.max(lat)) + room)
        if east - west > 180.0:  # across the dateline or around a pole
            west, east = -180.0, 180.0
            south, north = -90.0 if self._holds(-90.0) else south, 90.0 if self._holds(90.0) else north
        return west, south, east, north

    def _holds(self, pole_deg: float) -> bool:
        """Tell whether a pole lies within the window."""
        if abs(self.lat_deg + pole_deg) < 1e-6:
            return False  # the antipode has no place on the map
        x_km, y_km = self.xy_km(self.lon_deg, pole_deg)
        return self.west_km < float(x_km) < self.east_km and self.south_km < float(y_km) < self.north_km

    def path(self, geometry: BaseGeometry) -> Path:
        """Turn an area in degrees into one compound path in kilometres."""
        vertices: list[FloatArray] = []
        codes: list[NDArray[np.uint8]] = []
        for part in shapely.get_parts(geometry):
            if not isinstance(part, Polygon) or part.is_empty:
                continue
            for ring in (part.exterior, *part.interiors):
                lon_lat = shapely.get_coordinates(ring)
                vertices.append(np.column_stack(self.xy_km(lon_lat[:, 0], lon_lat[:, 1])))
                code = np.full(len(lon_lat), Path.LINETO, dtype=np.uint8)
                code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
                codes.append(code)
        if not vertices:
            return Path(np.empty((0, 2)))
        return Path(np.concatenate(vertices), np.concatenate(codes))


@functools.lru_cache(maxsize=32)
def _projection(lat_deg: float, lon_deg: float) -> pyproj.Proj:
    return pyproj.Proj(proj="aeqd", lat_0=lat_deg, lon_0=lon_deg, ellps="WGS84")


def draw_base(axes: Axes, window: LocalMap, *, home: str | None = None, furniture: bool = True) -> None:
    """Draw sea, land, coasts, borders and graticule, to scale and north up.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; its units become kilometres.
    window : LocalMap
        What to show.
    home : str, optional
        Three-letter code of the country to set off in white.
    furniture : bool, optional
        Whether to add degrees along the edges, scale bar and north arrow.
    """
    bounds = window.bounds_deg()
    axes.set(xlim=(window.west_km, window.east_km), ylim=(window.south_km, window.north_km), facecolor=SEA)
    axes.set_aspect("equal")
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(True)
    land, coasts, frontiers = _base(window)
    axes.add_artist(PathPatch(land, facecolor=LAND, edgecolor="none", zorder=0.5))
    if home is not None:
        home_path = window.path(borders.country_polygon(home))
        axes.add_artist(PathPatch(home_path, facecolor=HOME_LAND, edgecolor="none", zorder=0.6))
    axes.add_collection(LineCollection(coasts, colors=COAST, linewidths=0.5, zorder=3.0), autolim=False)
    dashed = LineCollection(frontiers, colors=INK, linewidths=0.8, linestyles=(0.0, (4.0, 2.0)), zorder=3.1)
    axes.add_collection(dashed, autolim=False)
    _draw_graticule(axes, window, bounds, labels=furniture)
    if furniture:
        draw_scale_bar(axes, window)
        draw_north_arrow(axes)


@functools.lru_cache(maxsize=8)
def _base(window: LocalMap) -> tuple[Path, list[FloatArray], list[FloatArray]]:
    """Project land, coasts and borders once for all the maps of one window."""
    bounds = window.bounds_deg()
    coasts = [np.column_stack(window.xy_km(line[:, 0], line[:, 1])) for line in borders.coastlines(bounds)]
    frontiers = [np.column_stack(window.xy_km(line[:, 0], line[:, 1])) for line in borders.borders(bounds)]
    return window.path(borders.land(bounds)), coasts, frontiers


def _draw_graticule(axes: Axes, window: LocalMap, bounds: tuple[float, float, float, float], *, labels: bool) -> None:
    """Draw meridians and parallels; write their degrees where they meet the left and lower edge."""
    west, south, east, north = bounds
    span = max(east - west, north - south)
    step = next(s for s in (1.0, 2.0, 5.0, 10.0, 20.0, 30.0) if span / s <= 7 or s == 30.0)
    x_ticks, y_ticks, lines = [], [], []
    for lon in np.arange(math.ceil(west / step) * step, east, step):
        lat_line = np.linspace(max(south, -89.0), min(north, 89.0), 60)
        x, y = window.xy_km(np.full(60, lon), lat_line)
        lines.append(np.column_stack([x, y]))
        order = np.argsort(y)
        if y[order[0]] <= window.south_km <= y[order[-1]]:
            x_ticks.append(
                (float(np.interp(window.south_km, y[order], x[order])), f"{abs(lon):g}°{'E' if lon >= 0 else 'W'}")
            )
    for lat in np.arange(math.ceil(south / step) * step, north, step):
        lon_line = np.linspace(west, east, 60)
        x, y = window.xy_km(lon_line, np.full(60, lat))
        lines.append(np.column_stack([x, y]))
        order = np.argsort(x)
        if x[order[0]] <= window.west_km <= x[order[-1]]:
            y_ticks.append(
                (float(np.interp(window.west_km, x[order], y[order])), f"{abs(lat):g}°{'N' if lat >= 0 else 'S'}")
            )
    axes.add_collection(LineCollection(lines, colors=GREY, linewidths=0.35, alpha=0.6, zorder=1.0), autolim=False)
    if not labels:
        return
    x_ticks = _spaced(x_ticks, window.west_km, window.east_km)
    y_ticks = _spaced(y_ticks, window.south_km, window.north_km)
    axes.set_xticks([at for at, _ in x_ticks], [text for _, text in x_ticks])
    axes.set_yticks([at for at, _ in y_ticks], [text for _, text in y_ticks])
    axes.tick_params(length=2.5, width=0.5, pad=2, labelsize=7)


def _spaced(ticks: Sequence[tuple[float, str]], start_km: float, end_km: float) -> list[tuple[float, str]]:
    """Return the ticks within an edge, without those that crowd another: near a pole the meridians run together."""
    kept: list[tuple[float, str]] = []
    for at, text in sorted(ticks):
        if start_km < at < end_km and (not kept or at - kept[-1][0] >= _CROWDED * (end_km - start_km)):
            kept.append((at, text))
    return kept


def draw_scale_bar(axes: Axes, window: LocalMap) -> None:
    """Draw a bar of two halves in the lower left corner, a round number of kilometres long."""
    width = window.east_km - window.west_km
    length = max(n for n in (20, 50, 100, 200, 400, 500, 1000, 2000) if n <= max(20.0, 0.3 * width))
    height = 0.011 * width
    x0 = window.west_km + 0.04 * width
    y0 = window.south_km + 0.035 * width
    for i, colour in enumerate((INK, "white")):
        axes.add_patch(
            Rectangle(
                (x0 + i * length / 2, y0), length / 2, height, fc=colour, ec=INK, lw=0.6, zorder=8.0, gid="scale-bar"
            )
        )
    for at, text in ((0.0, "0"), (1.0, f"{length} km")):
        axes.text(
            x0 + at * length,
            y0 + 1.6 * height,
            text,
            ha="center",
            va="bottom",
            fontsize=7,
            zorder=8.0,
            path_effects=HALO,
        )


def draw_north_arrow(axes: Axes) -> None:
    """Draw an arrow to the north in the upper right corner."""
    axes.annotate(
        "N",
        xy=(0.955, 0.97),
        xytext=(0.955, 0.885),
        xycoords="axes fraction",
        ha="center",
        va="center",
        fontsize=8,
        fontweight="bold",
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.0, "shrinkA": 3},
        path_effects=HALO,
        zorder=8.0,
    )


@dataclass(frozen=True, slots=True)
class Label:
    """A name to write beside a point, clear of its mark; the more important, the sooner it gets room."""

    text: str
    x_km: float
    y_km: float
    importance: float = 0.0
    bold: bool = False
    mark_pt: float = 3.2


def place_labels(axes: Axes, labels: Sequence[Label], *, font_size: float = 7.0) -> list[str]:
    """Write names beside their points so that no two overlap; leave out the less important where there is no room.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A map whose limits and position are final.
    labels : sequence of Label
        Names; every point counts as taken, also where its name is left out.
    font_size : float, optional
        Size of the letters. [pt]

    Returns
    -------
    list of str
        The names that found room.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    axes.apply_aspect()
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    pixels_per_point = figure.dpi / 72.0
    frame = axes.get_window_extent(renderer)
    to_pixels = axes.transData.transform
    taken = []
    for label in labels:
        x, y = to_pixels((label.x_km, label.y_km))
        dot = label.mark_pt * pixels_per_point
        taken.append(Bbox.from_bounds(x - dot, y - dot, 2 * dot, 2 * dot))
    taken += [text.get_window_extent(renderer) for text in axes.texts if text.get_text()]
    written = []
    for label in sorted(labels, key=lambda label: (-label.importance, label.text)):
        offset = label.mark_pt + 1.0
        for dx, dy, ha, va in (
            (offset, 0, "left", "center"),
            (-offset, 0, "right", "center"),
            (0, offset, "center", "bottom"),
            (0, -offset, "center", "top"),
            (offset * 0.8, offset * 0.7, "left", "bottom"),
            (offset * 0.8, -offset * 0.7, "left", "top"),
            (-offset * 0.8, offset * 0.7, "right", "bottom"),
            (-offset * 0.8, -offset * 0.7, "right", "top"),
        ):
            text = axes.annotate(
                label.text,
                (label.x_km, label.y_km),
                xytext=(dx, dy),
                textcoords="offset points",
                ha=ha,
                va=va,
                fontsize=font_size,
                fontweight="bold" if label.bold else "normal",
                path_effects=HALO,
                zorder=7.0,
            )
            box = text.get_window_extent(renderer)
            inside = frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                written.append(label.text)
                break
            text.remove()
    return written
