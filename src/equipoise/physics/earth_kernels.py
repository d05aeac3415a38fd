"""The WGS-84 Earth: coordinates, local axes, gravity with J2. Compiled; floats only.

Frames: ``ecef`` is Earth-centred, Earth-fixed (it turns with the Earth; with ``omega_rad_s = 0`` it is inertial);
``enu`` is local east, north, up along the ellipsoid's normal.
"""

from __future__ import annotations

import math

from equipoise._jit import inline, kernel
from equipoise.arrays import Vector3, Vector6, Vector9

# World Geodetic System 1984, NIMA TR8350.2 (2000), tables 3.1 and 3.2.
SEMI_MAJOR_M = 6378137.0
FLATTENING = 1.0 / 298.257223563
GM_M3_S2 = 3.986004418e14
OMEGA_RAD_S = 7.292115e-5
# From the fully normalised C20 of WGS-84, -0.484166774985e-3 (same report, table 3.3): J2 = -sqrt(5) C20.
J2 = 1.0826298213e-3

SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - FLATTENING)
ECCENTRICITY2 = FLATTENING * (2.0 - FLATTENING)
SECOND_ECCENTRICITY2 = ECCENTRICITY2 / (1.0 - ECCENTRICITY2)
MEAN_RADIUS_M = (2.0 * SEMI_MAJOR_M + SEMI_MINOR_M) / 3.0


@inline
def geodetic_to_ecef(lat_rad: float, lon_rad: float, altitude_m: float) -> Vector3:
    """Return ``x, y, z`` [m] of a geodetic latitude, longitude [rad] and height above the ellipsoid [m]."""
    sin_lat = math.sin(lat_rad)
    cos_lat = math.cos(lat_rad)
    normal_m = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
    p_m = (normal_m + altitude_m) * cos_lat
    return (
        p_m * math.cos(lon_rad),
        p_m * math.sin(lon_rad),
        (normal_m * (1.0 - ECCENTRICITY2) + altitude_m) * sin_lat,
    )


@inline
def ecef_to_geodetic(x_m: float, y_m: float, z_m: float) -> Vector3:
    """Return ``lat_rad, lon_rad, altitude_m``; Bowring's iteration on the reduced latitude, below 1e-6 m everywhere.

    B. R. Bowring, "Transformation from spatial to geographical coordinates", Survey Review 23 (1976) 323-327.
    """
    p_m = math.sqrt(x_m * x_m + y_m * y_m)
    lon_rad = math.atan2(y_m, x_m)
    r_m = math.sqrt(p_m * p_m + z_m * z_m)
    # Bowring's first guess of the reduced latitude's tangent
    sin_b = z_m * (1.0 + SECOND_ECCENTRICITY2 * SEMI_MINOR_M / r_m)
    cos_b = p_m * SEMI_MAJOR_M / SEMI_MINOR_M
    for _ in range(3):
        norm = math.sqrt(sin_b * sin_b + cos_b * cos_b)
        s = sin_b / norm
        c = cos_b / norm
        num = z_m + SECOND_ECCENTRICITY2 * SEMI_MINOR_M * s * s * s
        den = p_m - ECCENTRICITY2 * SEMI_MAJOR_M * c * c * c
        sin_b = num * (1.0 - FLATTENING)
        cos_b = den
    lat_rad = math.atan2(num, den)
    sin_lat = math.sin(lat_rad)
    cos_lat = math.cos(lat_rad)
    root = math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
    altitude_m = p_m * cos_lat + z_m * sin_lat - SEMI_MAJOR_M * root
    return lat_rad, lon_rad, altitude_m


@inline
def radius(x_m: float, y_m: float, z_m: float) -> tuple[float, float]:
    """Return the distance from the Earth's centre [m] and its inverse [1/m]."""
    r_m = math.sqrt(x_m * x_m + y_m * y_m + z_m * z_m)
    return r_m, 1.0 / r_m


@inline
def altitude_fast(z_m: float, r_m: float, inv_r: float) -> float:
    """Return the height above the ellipsoid [m], from the distance and its inverse, without roots or trigonometry.

    Exact on the ellipsoid (a series in the eccentricity, below 1e-6 m); within 0.02 m below 100 km and 1 m at
    1,000 km, where the air that it feeds is gone.
    """
    sin2 = z_m * z_m * inv_r * inv_r
    cos2 = 1.0 - sin2
    # b / sqrt(1 - e2 cos2) by the binomial series
    u = ECCENTRICITY2 * cos2
    surface_m = SEMI_MINOR_M * (
        1.0 + u * (0.5 + u * (0.375 + u * (0.3125 + u * (0.2734375 + u * (0.24609375 + u * 0.2255859375)))))
    )
    tilt2 = ECCENTRICITY2 * ECCENTRICITY2 * sin2 * cos2
    return (r_m - surface_m) * (1.0 - 0.5 * tilt2)


@inline
def up_fast(x_m: float, y_m: float, z_m: float, altitude_m: float) -> Vector3:
    """Return the unit vector along the ellipsoid's normal, given the height; exact on the ellipsoid.

    The normal runs from ``z + e2 N sin(lat)`` on the axis; ``N`` is taken as ``a (1 + e2 sin^2 / 2)`` of the geocentric
    latitude, which tilts the vector by less than 1e-8 rad at any height.
    """
    z2 = z_m * z_m
    stretch = 1.0 - 0.5 * ECCENTRICITY2 * z2 / (x_m * x_m + y_m * y_m + z2)
    z_n = z_m * (1.0 + ECCENTRICITY2 / (1.0 - ECCENTRICITY2 + altitude_m * stretch / SEMI_MAJOR_M))
    norm = math.sqrt(x_m * x_m + y_m * y_m + z_n * z_n)
    return x_m / norm, y_m / norm, z_n / norm


@inline
def gravity_j2(x_m: float, y_m: float, z_m: float, inv_r: float) -> Vector3:
    """Return the gravitational acceleration [m/s2] of the central mass with its oblateness J2, without rotation.

    D. A. Vallado, Fundamentals of Astrodynamics and Applications (4th ed., 2013), eq. 8-30. ``inv_r`` is the inverse
    distance from the centre [1/m].
    """
    inv_r2 = inv_r * inv_r
    g = -GM_M3_S2 * inv_r2 * inv_r
    factor = 1.5 * J2 * SEMI_MAJOR_M * SEMI_MAJOR_M * inv_r2
    z2 = 5.0 * z_m * z_m * inv_r2
    g_xy = g * (1.0 + factor * (1.0 - z2))
    return g_xy * x_m, g_xy * y_m, g * (1.0 + factor * (3.0 - z2)) * z_m


@inline
def gravity_gradient_j2(x_m: float, y_m: float, z_m: float, inv_r: float) -> Vector6:
    """Return the derivatives of ``gravity_j2`` by position [1/s2]: xx, xy, xz, yy, yz, zz of a symmetric matrix."""
    inv_r2 = inv_r * inv_r
    g = GM_M3_S2 * inv_r2 * inv_r
    factor = 1.5 * J2 * SEMI_MAJOR_M * SEMI_MAJOR_M * inv_r2
    ux = x_m * inv_r
    uy = y_m * inv_r
    uz = z_m * inv_r
    z2 = uz * uz
    # d(g_xy x)/dx and so on: the isotropic part, the part along u u, and what z adds
    equal = -g * (1.0 + factor * (1.0 - 5.0 * z2))
    along = g * (3.0 + factor * (5.0 - 35.0 * z2))
    cross = g * (3.0 + factor * (15.0 - 35.0 * z2))
    return (
        equal + along * ux * ux,
        along * ux * uy,
        cross * ux * uz,
        equal + along * uy * uy,
        cross * uy * uz,
        -g * (1.0 + factor * 3.0) + z2 * g * (3.0 + factor * (30.0 - 35.0 * z2)),
    )


@inline
def enu_axes(lat_rad: float, lon_rad: float) -> Vector9:
    """Return the nine components of the east, north and up unit vectors in ecef."""
    sin_lat = math.sin(lat_rad)
    cos_lat = math.cos(lat_rad)
    sin_lon = math.sin(lon_rad)
    cos_lon = math.cos(lon_rad)
    return (
        -sin_lon,
        cos_lon,
        0.0,
        -sin_lat * cos_lon,
        -sin_lat * sin_lon,
        cos_lat,
        cos_lat * cos_lon,
        cos_lat * sin_lon,
        sin_lat,
    )


@kernel
def ecef_of(lat_rad: float, lon_rad: float, altitude_m: float) -> Vector3:
    """Return ``x, y, z`` [m], for Python to call: the inlined functions would compile afresh in each process."""
    return geodetic_to_ecef(lat_rad, lon_rad, altitude_m)


@kernel
def geodetic_of(x_m: float, y_m: float, z_m: float) -> Vector3:
    """Return ``lat_rad, lon_rad, altitude_m``, for Python to call."""
    return ecef_to_geodetic(x_m, y_m, z_m)


@kernel
def axes_of(lat_rad: float, lon_rad: float) -> Vector9:
    """Return the nine components of east, north and up in ecef, for Python to call."""
    return enu_axes(lat_rad, lon_rad)
