"""Whether a radar sees a point: range, field of view, skyline, elevation floor, horizon of the 4/3 Earth. Compiled."""

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
# Named after the elevation floor; 5 to 10 are the engagement's own.
TERRAIN_MASK = 11

# Cosines that no angle undercuts: no limit.
UNLIMITED = -2.0

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
    detection_range_m: float  # on the face's normal
    sin_tilt: float
    cos_tilt: float
    cos_face: float  # of the largest angle off the face's normal; UNLIMITED without a face
    scan_quarter: float  # the detection range falls with this power of the cosine off the normal
    mask_top: float  # tangent of the highest point of the skyline; below the floor without one
    mask: FloatArray  # azimuth and elevation of the skyline, (n, 2)


class Bare(NamedTuple):
    """A view without its skyline: the first fields of :class:`View`, floats only.

    An array among them would have its references counted at every cell of a slice, at several times the cost.
    """

    x: float
    y: float
    z: float
    inv_r: float
    east_x: float
    east_y: float
    north_x: float
    north_y: float
    north_z: float
    ahead_e: float
    ahead_n: float
    cos_half_width: float
    tan_floor: float
    tan_max: float
    detection_range_m: float
    sin_tilt: float
    cos_tilt: float
    cos_face: float
    scan_quarter: float
    mask_top: float


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
def skyline(mask: FloatArray, east: float, north: float) -> float:
    """Return the elevation [rad] of the skyline in a direction, by bisection in its table (n, 2)."""
    az = math.atan2(east, north)
    if az < 0.0:
        az += 2.0 * math.pi
    low = 0
    high = mask.shape[0] - 1
    while high - low > 1:
        mid = (low + high) // 2
        if mask[mid, 0] <= az:
            low = mid
        else:
            high = mid
    share = (az - mask[low, 0]) / (mask[high, 0] - mask[low, 0])
    return float(mask[low, 1] + share * (mask[high, 1] - mask[low, 1]))


@inline
def standing(x: float, y: float, z: float, view: View | Bare) -> tuple[float, float, float, float]:
    """Return where a point in ecef stands: square of the slant range [m2], tangent of the elevation, east, north [m].

    The elevation is the apparent one, over the effective Earth; the slant range is the straight one.
    """
    dx = x - view.x
    dy = y - view.y
    dz = z - view.z
    r, inv_r = radius(x, y, z)
    # Central angle between radar and point from the chord of their unit vectors.
    cx = x * inv_r - view.x * view.inv_r
    cy = y * inv_r - view.y * view.inv_r
    cz = z * inv_r - view.z * view.inv_r
    half_chord = min(1.0, 0.5 * math.sqrt(cx * cx + cy * cy + cz * cz))
    height_m = altitude_fast(z, r, inv_r)
    tan_el = apparent_tangent(half_chord, height_m, EFFECTIVE_EARTH / view.inv_r)
    east = dx * view.east_x + dy * view.east_y
    north = dx * view.north_x + dy * view.north_y + dz * view.north_z
    return dx * dx + dy * dy + dz * dz, tan_el, east, north


@inline
def sector_reason(tan_el: float, east: float, north: float, view: View | Bare) -> int:
    """Return what of horizon, elevation limits and sector of azimuth keeps a direction out of sight."""
    along = east * view.ahead_e + north * view.ahead_n
    if tan_el < 0.0:
        return HORIZON
    if tan_el < view.tan_floor:
        return ELEVATION_FLOOR
    if tan_el > view.tan_max or along < view.cos_half_width * math.sqrt(east * east + north * north):
        return FIELD_OF_VIEW
    return VISIBLE


@inline
def off_normal(tan_el: float, east: float, north: float, view: View | Bare) -> float:
    """Return the cosine of the angle between an apparent direction and the face's normal."""
    ahead = (east * view.ahead_e + north * view.ahead_n) / max(math.sqrt(east * east + north * north), 1e-9)
    return (ahead * view.cos_tilt + tan_el * view.sin_tilt) / math.sqrt(1.0 + tan_el * tan_el)


@inline
def masked_sight(x: float, y: float, z: float, view: View | Bare, mask: FloatArray) -> tuple[int, float, float, float]:
    """Return what but range keeps a point in ecef out of sight, and where it stands.

    That is the reason, the square of the slant range [m2], the tangent of the elevation and the cosine of the angle off
    the face's normal (1 without a face). ``mask`` is the skyline's table.
    """
    slant2, tan_el, east, north = standing(x, y, z, view)
    reason = sector_reason(tan_el, east, north, view)
    cos_off = 1.0
    if reason != HORIZON and reason != ELEVATION_FLOOR:
        if tan_el < view.mask_top and math.atan(tan_el) < skyline(mask, east, north):
            reason = TERRAIN_MASK
        elif reason == VISIBLE and view.cos_face > UNLIMITED:
            cos_off = off_normal(tan_el, east, north, view)
            if cos_off < view.cos_face:
                reason = FIELD_OF_VIEW
    return reason, slant2, tan_el, cos_off


@inline
def look(x: float, y: float, z: float, view: View) -> tuple[int, float, float]:
    """Return what keeps a point in ecef out of sight, the slant range [m] and the tangent of its elevation."""
    reason, slant2, tan_el, cos_off = masked_sight(x, y, z, view, view.mask)
    if reason == VISIBLE:
        reach_m = view.detection_range_m
        if view.scan_quarter > 0.0 and slant2 < reach_m * reach_m:
            reach_m *= cos_off**view.scan_quarter
        if slant2 > reach_m * reach_m:
            reason = DETECTION_RANGE
    return reason, math.sqrt(slant2), tan_el


@inline
def look_plainly(x: float, y: float, z: float, view: Bare) -> int:
    """Return what keeps a point out of sight of a radar without face and skyline: no branch that stops vectors."""
    slant2, tan_el, east, north = standing(x, y, z, view)
    reason = sector_reason(tan_el, east, north, view)
    if reason == VISIBLE and slant2 > view.detection_range_m * view.detection_range_m:
        reason = DETECTION_RANGE
    return reason


@kernel
def look_at_points(
    points_ecef_m: FloatArray,
    view: View,
    reason: ReasonArray,
    slant_m: FloatArray,
    az_rad: FloatArray,
    el_rad: FloatArray,
    off_rad: FloatArray,
) -> None:
    """Fill reason, slant range, azimuth, apparent elevation and angle off the face's normal for points (n, 3).

    Without a face, the last is the angle off the horizontal boresight.
    """
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
        off_rad[i] = math.acos(min(1.0, max(-1.0, off_normal(tan_el, east, north, view))))


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
        p, z = parallel(sin_lat[i], cos_lat[i], altitude_m)
        for j in range(cos_lon.shape[0]):
            code, _, _ = look(p * cos_lon[j], p * sin_lon[j], z, view)
            reason[i, j] = np.int8(code)


@kernel
def plain_slice(
    sin_lat: FloatArray,
    cos_lat: FloatArray,
    sin_lon: FloatArray,
    cos_lon: FloatArray,
    altitude_m: float,
    view: Bare,
    reason: ReasonArray,
    start: int,
    stop: int,
) -> None:
    """Do what ``coverage_slice`` does for a radar without face and skyline, several cells at once."""
    for i in range(start, stop):
        p, z = parallel(sin_lat[i], cos_lat[i], altitude_m)
        for j in range(cos_lon.shape[0]):
            reason[i, j] = np.int8(look_plainly(p * cos_lon[j], p * sin_lon[j], z, view))


@inline
def parallel(sin_lat: float, cos_lat: float, altitude_m: float) -> tuple[float, float]:
    """Return the distance from the axis and the height over the equator's plane of a parallel at an altitude [m]."""
    normal_m = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
    return (normal_m + altitude_m) * cos_lat, (normal_m * (1.0 - ECCENTRICITY2) + altitude_m) * sin_lat
