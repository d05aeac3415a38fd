"""Areas on a sphere that closed curves bound, as plane polygons of longitude and latitude.

A curve parts the sphere in two. Which part is meant is told by one point inside; whether the curve goes round a pole,
crosses 180 degrees, or leaves nearly all of the sphere inside then follows.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from equipoise.arrays import FloatArray

WORLD = shapely.box(-180.0, -90.0, 180.0, 90.0)

_LONGEST_STEP_DEG = (
    5.0  # of longitude between two points, so that a straight line on the map stays near the great circle
)
_SHORTEST_STEP = 1e-5  # as an angle [rad], 60 m on the Earth: nothing is divided further, as at a pole


def unit_vectors(lat_rad: FloatArray, lon_rad: FloatArray) -> FloatArray:
    """Return points on the unit sphere, shape (n, 3), of latitudes and longitudes [rad], shape (n,)."""
    level = np.cos(lat_rad)
    return np.column_stack([level * np.cos(lon_rad), level * np.sin(lon_rad), np.sin(lat_rad)])


def lat_lon(vectors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return latitudes and longitudes [rad], shape (n,), of vectors of any length, shape (n, 3)."""
    x, y, z = vectors.T
    return np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)


def enclosing(lon_deg: FloatArray, lat_deg: FloatArray, inside_deg: tuple[float, float]) -> BaseGeometry:
    """Return the part of the sphere that a closed curve bounds and a point lies in.

    Parameters
    ----------
    lon_deg, lat_deg : ndarray, shape (n,)
        The curve; the last point is joined to the first. [deg]
    inside_deg : (float, float)
        Longitude and latitude of a point inside. [deg]

    Returns
    -------
    shapely geometry
        In the plane of longitude -180 to 180 and latitude -90 to 90: cut at 180 degrees; where it holds a pole, closed
        along the edge of the map there.

    Examples
    --------
    >>> lon = np.arange(-180.0, 180.0, 10.0)
    >>> cap = enclosing(lon, np.full(36, 60.0), (0.0, 90.0))
    >>> [round(edge) for edge in cap.bounds]
    [-180, 60, 180, 90]
    """
    vectors = _refined(unit_vectors(np.radians(lat_deg), np.radians(lon_deg)))
    # From the northernmost point on: above it a line to the pole meets nothing.
    vectors = np.roll(vectors, -int(np.argmax(vectors[:, 2])), axis=0)
    lat, lon = (np.degrees(angle) for angle in lat_lon(vectors))
    lon = np.unwrap(np.append(lon, lon[0]), period=360.0)
    lat = np.append(lat, lat[0])
    if abs(lon[-1] - lon[0]) > 180.0:  # once round the poles: close it over the northern one
        lon = np.append(lon, [lon[-1], lon[0]])
        lat = np.append(lat, [90.0, 90.0])
    area = _wrapped(shapely.make_valid(Polygon(np.column_stack([lon, lat]))))
    return area if area.covers(Point(inside_deg)) else WORLD.difference(area)


def _refined(vectors: FloatArray) -> FloatArray:
    """Halve the steps of a closed curve along great circles until none takes more than some degrees of longitude."""
    for _ in range(24):
        after = np.roll(vectors, -1, axis=0)
        lon = lat_lon(vectors)[1]
        step_deg = np.abs(np.degrees((np.roll(lon, -1) - lon + np.pi) % (2.0 * np.pi) - np.pi))
        long = (step_deg > _LONGEST_STEP_DEG) & (np.linalg.norm(after - vectors, axis=1) > _SHORTEST_STEP)
        if not long.any():
            break
        middle = vectors[long] + after[long]
        norm = np.linalg.norm(middle, axis=1, keepdims=True)
        middle = np.where(norm > 1e-12, middle / np.maximum(norm, 1e-12), vectors[long])
        vectors = np.insert(vectors, np.flatnonzero(long) + 1, middle, axis=0)
    return vectors


def _wrapped(area: BaseGeometry) -> BaseGeometry:
    """Bring an area of unrolled longitudes back between -180 and 180 degrees."""
    west, _, east, _ = area.bounds
    turns = range(int(np.floor((west + 180.0) / 360.0)), int(np.floor((east + 180.0) / 360.0)) + 1)
    pieces = [
        translate(shapely.clip_by_rect(area, 360.0 * turn - 180.0, -90.0, 360.0 * turn + 180.0, 90.0), -360.0 * turn)
        for turn in turns
    ]
    return shapely.union_all([shapely.make_valid(piece) for piece in pieces if not piece.is_empty])
