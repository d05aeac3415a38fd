"""A round map about one point, as far as half round the Earth: distances and directions from the middle are true.

Land is laid out in the frame whose north pole is the middle and bent to the disc from there, so that what holds the
middle or the far side, or crosses 180 degrees, keeps its shape.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from equipoise.arrays import FloatArray
from equipoise.catalog import borders
from equipoise.physics.geodesy import Site
from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.present.maps import HALO
from equipoise.present.range_ring import polar_frame
from equipoise.present.sphere_regions import enclosing
from equipoise.present.style import COAST, GREY, INK, LAND, SEA

_FINEST = 800  # the smallest thing drawn, as a share of the disc's radius
_LABEL_AZ_RAD = math.radians(152.0)  # where the distance circles are labelled


@dataclass(frozen=True, slots=True)
class Disc:
    """A round map.

    Parameters
    ----------
    middle : Site
        Its middle.
    radius_m : float
        How far it goes, at most half round the Earth. [m]
    """

    middle: Site
    radius_m: float

    def xy_km(self, lat_rad: FloatArray, lon_rad: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return kilometres east and north of the middle of points [rad], shape (n,)."""
        return self.polar_km(*polar_frame(self.middle, lat_rad, lon_rad))

    def polar_km(self, az_deg: FloatArray, latitude_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return kilometres east and north of points of :func:`equipoise.present.range_ring.polar_frame`."""
        length_km = (90.0 - latitude_deg) / 180.0 * HALF_ROUND_M / 1e3
        return length_km * np.sin(np.radians(az_deg)), length_km * np.cos(np.radians(az_deg))

    def area(self, geometry: BaseGeometry) -> BaseGeometry:
        """Bend an area of the polar frame to the disc, in kilometres, cut at its rim."""
        lowest = 90.0 - 180.0 * self.radius_m / HALF_ROUND_M
        grain = self.radius_m / 1e3 / _FINEST
        whole: list[BaseGeometry] = []
        cut: list[BaseGeometry] = []
        for part in shapely.get_parts(shapely.get_parts(geometry)):
            if not isinstance(part, Polygon):
                continue
            west, south, east, _ = part.bounds
            inside = part if south >= lowest else shapely.clip_by_rect(part, -180.0, lowest, 180.0, 90.0)
            bent = shapely.transform(shapely.segmentize(inside, 1.0), lambda p: np.column_stack(self.polar_km(*p.T)))
            (cut if west <= -180.0 or east >= 180.0 else whole).append(
                shapely.set_precision(shapely.make_valid(bent), 1e-3 * grain)
            )
        return shapely.GeometryCollection([*whole, shapely.union_all(cut)])

    def path(self, geometry: BaseGeometry) -> Path:
        """Turn an area of the polar frame into one compound path in kilometres."""
        area = shapely.simplify(self.area(geometry), self.radius_m / 1e3 / _FINEST)
        vertices: list[FloatArray] = []
        codes: list[NDArray[np.uint8]] = []
        for part in shapely.get_parts(shapely.get_parts(shapely.get_parts(area))):
            if not isinstance(part, Polygon) or part.is_empty:
                continue
            for ring in (part.exterior, *part.interiors):
                points = shapely.get_coordinates(ring)
                code = np.full(len(points), Path.LINETO, dtype=np.uint8)
                code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
                vertices.append(points)
                codes.append(code)
        return Path(np.concatenate(vertices), np.concatenate(codes)) if vertices else Path(np.empty((0, 2)))


def draw_disc(axes: Axes, disc: Disc) -> None:
    """Draw sea, land, coasts, borders, meridians and parallels; north is up at the middle.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; its units become kilometres.
    disc : Disc
        What to show.
    """
    radius_km = disc.radius_m / 1e3
    axes.set(xlim=(-1.02 * radius_km, 1.02 * radius_km), ylim=(-1.02 * radius_km, 1.02 * radius_km))
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.add_patch(Circle((0.0, 0.0), radius_km, facecolor=SEA, edgecolor="none", zorder=0.1))
    land, coasts, frontiers, graticule = _base(disc)
    axes.add_artist(PathPatch(land, facecolor=LAND, edgecolor="none", zorder=0.5))
    for lines, colour, width, layer in (
        (graticule, GREY, 0.35, 1.0),
        (coasts, COAST, 0.45, 3.0),
        (frontiers, COAST, 0.3, 3.1),
    ):
        axes.add_collection(LineCollection(lines, colors=colour, linewidths=width, zorder=layer), autolim=False)
    axes.add_patch(Circle((0.0, 0.0), radius_km, facecolor="none", edgecolor=INK, linewidth=0.8, zorder=6.5))


def draw_distances(axes: Axes, disc: Disc) -> list[float]:
    """Draw circles of round distances with their kilometres, and return those [km]."""
    radius_km = disc.radius_m / 1e3
    step = next(s for s in (50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0) if radius_km / s <= 5.5)
    drawn = [float(r) for r in np.arange(step, 0.985 * radius_km, step)]
    for length in drawn:
        axes.add_patch(
            Circle(
                (0.0, 0.0),
                length,
                facecolor="none",
                edgecolor=INK,
                linewidth=0.5,
                linestyle=(0.0, (1.0, 2.5)),
                zorder=4.5,
            )
        )
        at = length * math.sin(_LABEL_AZ_RAD), length * math.cos(_LABEL_AZ_RAD)
        axes.text(
            *at, f"{length:,.0f} km", fontsize=6.5, ha="center", va="center", color=INK, path_effects=HALO, zorder=7.0
        )
    return drawn


@functools.lru_cache(maxsize=8)
def _base(disc: Disc) -> tuple[Path, list[FloatArray], list[FloatArray], list[FloatArray]]:
    coasts = [line for points in borders.coastlines() for line in _lines(disc, points)]
    frontiers = [line for points in borders.borders() for line in _lines(disc, points)]
    return disc.path(_land(disc)), coasts, frontiers, _graticule(disc)


def _land(disc: Disc) -> BaseGeometry:
    """Return the land in the polar frame."""
    parts = []
    for code in borders.country_names():
        for part in shapely.get_parts(borders.country_polygon(code)):
            shell = _around(disc, part.exterior, part)
            if shell is None:
                continue
            holes = [_around(disc, hole, Polygon(hole)) for hole in part.interiors]
            parts.append(shapely.difference(shell, shapely.union_all([hole for hole in holes if hole is not None])))
    return shapely.GeometryCollection([piece for part in parts for piece in shapely.get_parts(part)])


def _around(disc: Disc, ring: BaseGeometry, area: BaseGeometry) -> BaseGeometry | None:
    """Return the inside of one ring in the polar frame; None where all of it is off the map."""
    points = np.radians(shapely.get_coordinates(shapely.segmentize(ring, 2.0)))[:-1]
    az_deg, latitude_deg = polar_frame(disc.middle, points[:, 1], points[:, 0])
    lowest = 90.0 - 180.0 * disc.radius_m / HALF_ROUND_M
    middle = shapely.Point(disc.middle.lon_deg, disc.middle.lat_deg)
    if latitude_deg.max() < lowest and not area.covers(middle):
        return None
    inside = area.representative_point()
    inside_az, inside_lat = polar_frame(disc.middle, np.radians([inside.y]), np.radians([inside.x]))
    return enclosing(az_deg, latitude_deg, (float(inside_az[0]), float(inside_lat[0])))


def _lines(disc: Disc, lon_lat_deg: FloatArray) -> list[FloatArray]:
    """Project a line, leave out what is off the map, and part it where it passes the far side."""
    az_deg, latitude_deg = polar_frame(disc.middle, np.radians(lon_lat_deg[:, 1]), np.radians(lon_lat_deg[:, 0]))
    points = np.column_stack(disc.polar_km(az_deg, latitude_deg))
    radius_km = disc.radius_m / 1e3
    torn = np.hypot(*np.diff(points, axis=0).T) > 0.25 * math.pi * HALF_ROUND_M / 1e3
    lines = []
    for piece in np.split(points, np.flatnonzero(torn) + 1):
        if len(piece) < 2 or np.hypot(*piece.T).min() > radius_km:
            continue
        simple = shapely.simplify(shapely.LineString(piece), radius_km / _FINEST)
        kept = simple.intersection(shapely.Point(0.0, 0.0).buffer(radius_km, quad_segs=90))
        lines += [shapely.get_coordinates(part) for part in shapely.get_parts(kept) if part.geom_type == "LineString"]
    return lines


def _graticule(disc: Disc) -> list[FloatArray]:
    span_deg = math.degrees(disc.radius_m / (HALF_ROUND_M / math.pi))
    step = 30.0 if span_deg > 60.0 else 10.0 if span_deg > 15.0 else 5.0 if span_deg > 6.0 else 1.0
    lat, lon = np.linspace(-90.0 + step, 90.0 - step, 200), np.linspace(-180.0, 180.0, 400)
    lines = [np.column_stack([np.full(200, at), lat]) for at in np.arange(-180.0, 180.0, step)]
    lines += [np.column_stack([lon, np.full(400, at)]) for at in np.arange(-90.0 + step, 90.0, step)]
    return [piece for line in lines for piece in _lines(disc, line)]
