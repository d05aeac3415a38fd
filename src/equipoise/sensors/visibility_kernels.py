"""Whether a radar sees a point: range, field of view, elevation floor and the horizon of the 4/3 Earth. Compiled."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from equipoise._jit import inline, kernel
from equipoise.arrays import FloatArray
from equipoise.physics.earth_kernels import (
    ECCENTRICITY2,
    SEMI_MAJOR_M,
    altitude_fast,
    radius,
)

ReasonArray = npt.NDArray[np.int8]

# What keeps a point out of sight, in the order in which it is named when several do.
VISIBLE = 0
HORIZON = 1
ELEVATION_FLOOR = 2
FIELD_OF_VIEW = 3
DETECTION_RANGE = 4

# Refraction bends rays so that they run straight over an Earth of 4/3 the radius: M. I. Skolnik, Introduction to Radar
# Systems (3rd ed., 2001), section 8.4. A model of the lowest kilometres of standard air, taken here at all heights.
EFFECTIVE_EARTH = 4.0 / 3.0


class View(NamedTuple):
    """A radar's place, axes and limits as floats. Lengths in metres, angles in radians or as their functions."""

    x: float
    y: float
    z: float
    inv_r: float
    east_x: float
    east_y: float
    north_x: float
    north_y: float
    north_z: float
    ahead_e: float  # sine of the boresight's azimuth
    ahead_n: float  # and its cosine
    cos_half_width: float
    tan_floor: float
    tan_max: float
    detection_range_m: float


@inline
def apparent_tangent(half_chord: float, height_m: float, effective_m: float) -> float:
    """Return the tangent of the apparent elevation over the effective Earth of radius ``effective_m`` [m].

    ``half_chord`` is the sine of half the central angle ``psi``. Over 4/3 of the Earth the angle is ``3/4 psi``, half
    of three times ``psi / 2``: its sine and cosine follow from the triple- and half-angle formulas without a call to
    either. Beyond 120 degrees of ``psi`` everything is under the horizon.
    """
    s = half_chord
    cos_triple = math.sqrt(1.0 - s * s) * (1.0 - 4.0 * s * s)
    sin_triple = s * (3.0 - 4.0 * s * s)
    if sin_triple <= 0.0 and s > 0.0:
        return -1.0
    cos_theta = math.sqrt(0.5 * (1.0 + cos_triple))
    sin_theta = 0.5 * sin_triple / max(cos_theta, 1e-12)
    return (cos_theta - effective_m / (effective_m + height_m)) / max(sin_theta, 1e-12)


@inline
def look(x: float, y: float, z: float, view: View) -> tuple[int, float, float]:
    """Return what keeps a point in ecef out of sight, the slant range [m] and the tangent of its elevation.

    The elevation is the apparent one, over the effective Earth; the slant range is the straight one.
    """
    dx = x - view.x
    dy = y - view.y
    dz = z - view.z
    slant2 = dx * dx + dy * dy + dz * dz
    r, inv_r = radius(x, y, z)
    # Central angle between radar and point from the chord of their unit vectors.
    cx = x * inv_r - view.x * view.inv_r
    cy = y * inv_r - view.y * view.inv_r
    cz = z * inv_r - view.z * view.inv_r
    half_chord = min(1.0, 0.5 * math.sqrt(cx * cx + cy * cy + cz * cz))
    height_m = altitude_fast(z, r, inv_r)
    tan_el = apparent_tangent(half_chord, height_m, EFFECTIVE_EARTH / view.inv_r)
    reason = VISIBLE
    if tan_el < 0.0:
        reason = HORIZON
    elif tan_el < view.tan_floor:
        reason = ELEVATION_FLOOR
    elif tan_el > view.tan_max:
        reason = FIELD_OF_VIEW
    else:
        east = dx * view.east_x + dy * view.east_y
        north = dx * view.north_x + dy * view.north_y + dz * view.north_z
        along = east * view.ahead_e + north * view.ahead_n
        if along < view.cos_half_width * math.sqrt(east * east + north * north):
            reason = FIELD_OF_VIEW
        elif slant2 > view.detection_range_m * view.detection_range_m:
            reason = DETECTION_RANGE
    return reason, math.sqrt(slant2), tan_el


@kernel
def look_at_points(
    points_ecef_m: FloatArray,
    view: View,
    reason: ReasonArray,
    slant_m: FloatArray,
    az_rad: FloatArray,
    el_rad: FloatArray,
) -> None:
    """Fill reason, slant range, azimuth and apparent elevation for points (n, 3)."""
    for i in range(points_ecef_m.shape[0]):
        x = points_ecef_m[i, 0]
        y = points_ecef_m[i, 1]
        z = points_ecef_m[i, 2]
        code, slant, tan_el = look(x, y, z, view)
        reason[i] = code
        slant_m[i] = slant
        el_rad[i] = math.atan(tan_el)
        dx = x - view.x
        dy = y - view.y
        dz = z - view.z
        east = dx * view.east_x + dy * view.east_y
        north = dx * view.north_x + dy * view.north_y + dz * view.north_z
        az_rad[i] = math.atan2(east, north)


@kernel
def coverage_slice(
    sin_lat: FloatArray,
    cos_lat: FloatArray,
    sin_lon: FloatArray,
    cos_lon: FloatArray,
    altitude_m: float,
    view: View,
    reason: ReasonArray,
    start: int,
    stop: int,
) -> None:
    """Fill rows ``start`` to ``stop`` of ``reason`` (rows, columns) for a grid at one geodetic altitude."""
    for i in range(start, stop):
        normal_m = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_lat[i] * sin_lat[i])
        p = (normal_m + altitude_m) * cos_lat[i]
        z = (normal_m * (1.0 - ECCENTRICITY2) + altitude_m) * sin_lat[i]
        for j in range(cos_lon.shape[0]):
            code, _, _ = look(p * cos_lon[j], p * sin_lon[j], z, view)
            reason[i, j] = np.int8(code)
