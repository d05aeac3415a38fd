"""Places on the ellipsoid and the geodesics between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from pyproj import Geod

from equipoise.arrays import FloatArray
from equipoise.errors import InputError


@cache
def wgs84() -> Any:
    """Return pyproj's geodesics on the WGS-84 ellipsoid (angles in degrees)."""
    return Geod(ellps="WGS84")


@dataclass(frozen=True)
class Site:
    """A point on the ellipsoid.

    Parameters
    ----------
    lat_rad, lon_rad : float
        Geodetic latitude and longitude. [rad]
    """

    lat_rad: float
    lon_rad: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat_rad) and abs(self.lat_rad) <= math.pi / 2):
            raise InputError(f"latitude must lie in [-90, 90] deg; got {math.degrees(self.lat_rad):g}")
        if not (math.isfinite(self.lon_rad) and abs(self.lon_rad) <= math.pi):
            raise InputError(f"longitude must lie in [-180, 180] deg; got {math.degrees(self.lon_rad):g}")

    @classmethod
    def of_degrees(cls, lat_deg: float, lon_deg: float) -> Site:
        """Build a site from degrees."""
        return cls(math.radians(lat_deg), math.radians(lon_deg))

    @property
    def lat_deg(self) -> float:
        """Geodetic latitude [deg]."""
        return math.degrees(self.lat_rad)

    @property
    def lon_deg(self) -> float:
        """Longitude [deg]."""
        return math.degrees(self.lon_rad)


def geodesic(start: Site, end: Site) -> tuple[float, float]:
    """Return the length [m] and initial azimuth [rad, 0 to 2 pi] of the geodesic between two sites.

    C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87 (2013) 43-55, as PROJ has it.
    """
    az_deg, _, length_m = wgs84().inv(start.lon_deg, start.lat_deg, end.lon_deg, end.lat_deg)
    return float(length_m), math.radians(az_deg % 360.0)


def geodesics_from(start: Site, lat_rad: FloatArray, lon_rad: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return lengths [m] and initial azimuths [rad, -pi to pi] from one site to arrays of points, same shape."""
    lat, lon = np.broadcast_arrays(np.degrees(lat_rad), np.degrees(lon_rad))
    az_deg, _, length_m = wgs84().inv(np.full(lat.shape, start.lon_deg), np.full(lat.shape, start.lat_deg), lon, lat)
    return np.asarray(length_m), np.radians(az_deg)


def destination(start: Site, az_rad: float, length_m: float) -> Site:
    """Return the end of a geodesic of a given length [m] and initial azimuth [rad]."""
    lon_deg, lat_deg, _ = wgs84().fwd(start.lon_deg, start.lat_deg, math.degrees(az_rad), length_m)
    return Site.of_degrees(lat_deg, lon_deg)


def destinations(start: Site, az_rad: float, length_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return latitudes and longitudes [rad] along a geodesic of an initial azimuth [rad], at lengths [m], (n,)."""
    far = np.full(len(length_m), 1.0)
    lon_deg, lat_deg, _ = wgs84().fwd(far * start.lon_deg, far * start.lat_deg, far * math.degrees(az_rad), length_m)
    return np.radians(lat_deg), np.radians(lon_deg)
