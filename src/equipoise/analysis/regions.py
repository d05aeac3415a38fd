"""Regions of a grid of aim points as polygons, and their areas on the ellipsoid."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import cast

import numpy as np
import numpy.typing as npt
from contourpy import FillType, contour_generator
from shapely import MultiPolygon, Polygon, make_valid, unary_union
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from equipoise.arrays import FloatArray
from equipoise.catalog.borders import country_polygon
from equipoise.physics.geodesy import wgs84

OffsetArray = npt.NDArray[np.uint32]


def region_above(values: FloatArray, lat_deg: FloatArray, lon_deg: FloatArray, level: float = 0.0) -> BaseGeometry:
    """Return where a field on a grid is at or above a level.

    Parameters
    ----------
    values : ndarray, shape (rows, columns)
        The field at the cell centres; nan is outside.
    lat_deg, lon_deg : ndarray, shapes (rows,) and (columns,)
        Cell centres. [deg]
    level : float
        The contour.

    Returns
    -------
    shapely geometry
        Polygons in degrees (lon, lat) whose edge is the linearly interpolated contour, and the grid's edge where the
        region runs beyond it; empty if no cell is above.
    """
    generator = contour_generator(x=lon_deg, y=lat_deg, z=np.ma.masked_invalid(values), fill_type=FillType.OuterOffset)
    # With outer rings and offsets, a list of points and one of offsets: a polygon each.
    points, offsets = cast(tuple[list[FloatArray], list[OffsetArray]], generator.filled(level, np.inf))
    polygons = []
    for ring_points, ring_offsets in zip(points, offsets, strict=True):
        rings = [ring_points[a:b] for a, b in pairwise(ring_offsets)]
        polygons.append(Polygon(rings[0], rings[1:]))
    return unary_union([make_valid(polygon) for polygon in polygons]) if polygons else MultiPolygon()


def area_km2(geometry: BaseGeometry) -> float:
    """Return the area [km2] of polygons in degrees on the WGS-84 ellipsoid."""
    total = 0.0
    for part in getattr(geometry, "geoms", [geometry]):
        if isinstance(part, Polygon):
            # Holes count against the area only if they run the other way round.
            total += abs(wgs84().geometry_area_perimeter(orient(part))[0])
    return total / 1e6


@cache
def country_area_km2(iso3: str) -> float:
    """Return the land area [km2] of a country in the bundled borders."""
    return area_km2(country_polygon(iso3))


def area_in_country_km2(geometry: BaseGeometry, iso3: str) -> float:
    """Return the area [km2] of the part of a region that is a country's land."""
    return area_km2(geometry.intersection(country_polygon(iso3)))
