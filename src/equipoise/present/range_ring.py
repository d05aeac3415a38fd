"""The ring of longest ranges as curves and areas: between the directions flown, over dateline, poles and antipode."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from shapely.geometry.base import BaseGeometry

from equipoise.arrays import FloatArray
from equipoise.physics.geodesy import geodesics_from
from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.present.sphere_regions import WORLD, enclosing, lat_lon, unit_vectors

if TYPE_CHECKING:
    from equipoise.analysis.flight_test_results import FlightTest, RangeRing
    from equipoise.physics.geodesy import Site

LOW, CENTRAL, HIGH = (0, 1, 2)
POINTS = 720

# Flights that come down this near to the far side, along their direction, have gone half round the Earth. [rad]
_FAR_SIDE_RAD = 0.01


def ring_curve(ring: RangeRing, launch: Site, row: int, points: int = POINTS) -> tuple[FloatArray, FloatArray]:
    """Return where the flights of one ring come down, with the directions between those flown.

    Parameters
    ----------
    ring : RangeRing
        Of some directions.
    launch : Site
        Where from.
    row : int
        0 low, 1 central, 2 high.
    points : int
        How many, if no flight goes half round.

    Returns
    -------
    lat_rad, lon_rad : ndarray, shape (m,)
        By a cubic spline on the sphere, which knows no dateline and no pole. Directions that go half round the Earth
        lead to the antipode: what lies on the way is in their reach. [rad]
    """
    flown = np.isfinite(ring.lat_rad[row]) & np.isfinite(ring.lon_rad[row])
    az_rad = ring.az_rad[flown]
    vectors = unit_vectors(ring.lat_rad[row][flown], ring.lon_rad[row][flown])
    far = half_round(ring, launch, row)[flown]
    if not far.any():
        spline = CubicSpline(
            np.append(az_rad, az_rad[0] + math.tau), np.vstack([vectors, vectors[:1]]), bc_type="periodic"
        )
        return lat_lon(np.asarray(spline(az_rad[0] + np.linspace(0.0, math.tau, points, endpoint=False))))
    antipode = -unit_vectors(np.array([launch.lat_rad]), np.array([launch.lon_rad]))
    first = int(np.flatnonzero(far)[0])
    vectors, far = np.roll(vectors, -first, axis=0), np.roll(far, -first)
    pieces = []
    for run in np.split(np.arange(len(far)), np.flatnonzero(np.diff(far.astype(int))) + 1):
        if far[run[0]]:
            pieces.append(antipode)
        elif len(run) < 4:
            pieces.append(vectors[run])
        else:
            finer = np.linspace(run[0], run[-1], max(2, points * len(run) // len(far)))
            pieces.append(np.asarray(CubicSpline(run, vectors[run])(finer)))
    return lat_lon(np.concatenate(pieces))


def half_round(ring: RangeRing, launch: Site, row: int) -> NDArray[np.bool_]:
    """Tell which directions of one ring go half round the Earth, shape (n,); beside the antipode on one that turns."""
    up = unit_vectors(np.array([launch.lat_rad]), np.array([launch.lon_rad]))[0]
    east = np.array([-math.sin(launch.lon_rad), math.cos(launch.lon_rad), 0.0])
    ahead = np.outer(np.sin(ring.az_rad), east) + np.outer(np.cos(ring.az_rad), np.cross(up, east))
    ends = unit_vectors(ring.lat_rad[row], ring.lon_rad[row])
    return np.asarray(np.abs(np.arctan2((ends * ahead).sum(axis=1), ends @ up)) > math.pi - _FAR_SIDE_RAD)


def whole_earth(ring: RangeRing, launch: Site, row: int) -> bool:
    """Tell whether every direction of one ring goes half round the Earth, so that nothing is out of reach."""
    return bool((half_round(ring, launch, row) | np.isnan(ring.lat_rad[row])).all())


def reached(test: FlightTest, row: int) -> BaseGeometry:
    """Return what lies within the ring, in degrees of longitude and latitude, cut at 180 degrees.

    Parameters
    ----------
    test : FlightTest
        Its ring and launch point.
    row : int
        0 low, 1 central, 2 high.
    """
    launch = test.report.launch
    if whole_earth(test.ring, launch, row):
        return WORLD
    lat_rad, lon_rad = ring_curve(test.ring, launch, row)
    return enclosing(np.degrees(lon_rad), np.degrees(lat_rad), (launch.lon_deg, launch.lat_deg))


def polar_frame(launch: Site, lat_rad: FloatArray, lon_rad: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return points in a frame whose north pole is the launch point: azimuth and, for the latitude, distance.

    Parameters
    ----------
    launch : Site
        The middle.
    lat_rad, lon_rad : ndarray, shape (n,)
        Points. [rad]

    Returns
    -------
    az_deg, latitude_deg : ndarray, shape (n,)
        Azimuth from the launch point, -180 to 180; 90 at the launch point down to -90 half round the Earth. [deg]
    """
    length_m, az_rad = geodesics_from(launch, lat_rad, lon_rad)
    return np.degrees(az_rad), np.maximum(90.0 - 180.0 * length_m / HALF_ROUND_M, -90.0)


def reached_around(test: FlightTest, row: int) -> BaseGeometry:
    """Return what lies within the ring in the frame of :func:`polar_frame`, for a map about the launch point."""
    launch = test.report.launch
    if whole_earth(test.ring, launch, row):
        return WORLD
    az_deg, latitude_deg = polar_frame(launch, *ring_curve(test.ring, launch, row))
    return enclosing(az_deg, latitude_deg, (0.0, 90.0))


def band(low: BaseGeometry, central: BaseGeometry, high: BaseGeometry) -> BaseGeometry:
    """Return what lies within some of three areas, but not within all."""
    return shapely.union_all([low, central, high]).difference(low.intersection(central).intersection(high))
