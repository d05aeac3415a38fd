"""How far missiles fly along an azimuth, many at once. Compiled.

What flies differs from row to row; the arrays and the *tilt* are those of ``fitting_kernels``.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise._jit import helper, kernel
from equipoise.arrays import FloatArray, IntArray
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import enu_axes

_GOLDEN = 0.3819660112501051
# Nearer to the antipode than this is at it.
_ANTIPODE_RAD = 0.01
# How closely the angle of longest range is found: at the flat top it moves the range of an ICBM by some metres.
_FLAT_TOP_RAD = 3e-4


@helper
def _downrange(summary: FloatArray, up: FloatArray, ahead: FloatArray) -> float:
    """Return the angle flown round the Earth's centre, 0 to 2 pi; 4 pi if still aloft, -1 without impact."""
    if summary[fk.S_STATUS] != fk.IMPACT:
        return 4.0 * math.pi if summary[fk.S_STATUS] == fk.ALOFT else -1.0
    above = 0.0
    along = 0.0
    for c in range(3):
        above += summary[fk.S_IMPACT + c] * up[c]
        along += summary[fk.S_IMPACT + c] * ahead[c]
    angle = math.atan2(along, above)
    return angle + 2.0 * math.pi if angle < -0.1 else angle


@helper
def _fly_tilted(
    tilt_rad: float,
    stage: FloatArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    burn_s: float,
    lat_rad: float,
    lon_rad: float,
    az_rad: float,
    omega_rad_s: float,
    tolerance_m: float,
    up: FloatArray,
    ahead: FloatArray,
    summary: FloatArray,
) -> float:
    """Fly one missile at a tilt and return the angle flown round; see :func:`_downrange`."""
    angle = tilt_rad if vehicle[4] == fk.GRAVITY_TURN else 0.5 * math.pi - tilt_rad
    nodes = np.empty((0, fk.NODE_SIZE))
    fk.fly_arc(stage, vehicle, drag_table, lat_rad, lon_rad, az_rad, angle, burn_s, omega_rad_s, tolerance_m, nodes,
               summary)  # fmt: skip
    return _downrange(summary, up, ahead)


@kernel
def longest_arcs(
    stage: FloatArray,
    stages: IntArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    burn_s: FloatArray,
    lat_rad: float,
    lon_rad: float,
    az_rad: FloatArray,
    tilt_rad: FloatArray,
    omega_rad_s: FloatArray,
    tolerance_m: float,
    summaries: FloatArray,
    angles_rad: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Find the angle at which missiles ``start`` to ``stop`` fly farthest along their azimuths, and that arc.

    The near side of the antipode counts: if some tilts fall short of it and others go beyond, the one that reaches it
    is found by bisection. Where those beyond are still aloft when their flight is given up, the arc ends as ``ALOFT``.

    Parameters
    ----------
    stage, stages, vehicle, drag_table, burn_s : arrays
        What flies; see the module.
    lat_rad, lon_rad : float
        Launch point. [rad]
    az_rad, omega_rad_s : ndarray, shape (n,)
        Azimuth of thrust and rotation of the Earth.
    tilt_rad : ndarray, shape (n, m)
        Tilts to try first, rising; the best is refined between its neighbours by golden section to 0.3 mrad, which at
        the flat top of the range moves it by metres.
    summaries, angles_rad : ndarray, shape (n, SUMMARY_SIZE) and (n,)
        Filled with the arcs and their steering angles.
    """
    east_x, east_y, east_z, north_x, north_y, north_z, up_x, up_y, up_z = enu_axes(lat_rad, lon_rad)
    up = np.array([up_x, up_y, up_z])
    tries = tilt_rad.shape[1]
    flown = np.empty(tries)
    for i in range(start, stop):
        body = stage[i, : stages[i]]
        sin_az = math.sin(az_rad[i])
        cos_az = math.cos(az_rad[i])
        ahead = np.array(
            [sin_az * east_x + cos_az * north_x, sin_az * east_y + cos_az * north_y, sin_az * east_z + cos_az * north_z]
        )
        summary = summaries[i]
        first = -1
        crossing = -1
        farther = 0.0
        for j in range(tries):
            flown[j] = _fly_tilted(tilt_rad[i, j], body, vehicle[i], drag_table[i], burn_s[i], lat_rad, lon_rad,
                                   az_rad[i], omega_rad_s[i], tolerance_m, up, ahead, summary)  # fmt: skip
            if 0.0 <= flown[j] <= math.pi and (first < 0 or flown[j] > flown[first]):
                first = j
            if j > 0 and crossing < 0 and min(flown[j - 1], flown[j]) >= 0.0:
                beyond = flown[j] > math.pi
                if beyond != (flown[j - 1] > math.pi):
                    crossing = j
        if first < 0:  # nothing came down on the near side: the last arc's status tells whether it fell or went round
            if summary[fk.S_STATUS] == fk.IMPACT:
                summary[fk.S_STATUS] = fk.ALOFT
            angles_rad[i] = (
                tilt_rad[i, tries - 1] if vehicle[i, 4] == fk.GRAVITY_TURN else (0.5 * math.pi - tilt_rad[i, tries - 1])
            )
            continue
        if crossing >= 0:
            rising = flown[crossing - 1] <= math.pi
            near = tilt_rad[i, crossing - 1] if rising else tilt_rad[i, crossing]
            far = tilt_rad[i, crossing] if rising else tilt_rad[i, crossing - 1]
            farther = max(flown[crossing - 1], flown[crossing])
            while abs(far - near) > 1e-9:
                middle = 0.5 * (near + far)
                angle = _fly_tilted(middle, body, vehicle[i], drag_table[i], burn_s[i], lat_rad, lon_rad, az_rad[i],
                                    omega_rad_s[i], tolerance_m, up, ahead, summary)  # fmt: skip
                if 0.0 <= angle <= math.pi:
                    near = middle
                    if angle > math.pi - 1e-5:
                        break
                else:
                    far = middle
                    farther = angle
            best = near
        else:
            a = tilt_rad[i, max(first - 1, 0)]
            b = tilt_rad[i, min(first + 1, tries - 1)]
            inner = a + _GOLDEN * (b - a)
            outer = b - _GOLDEN * (b - a)
            new_inner = True
            new_outer = True
            flown_inner = 0.0
            flown_outer = 0.0
            while b - a > _FLAT_TOP_RAD:
                if new_inner:
                    flown_inner = _fly_tilted(inner, body, vehicle[i], drag_table[i], burn_s[i], lat_rad, lon_rad,
                                              az_rad[i], omega_rad_s[i], tolerance_m, up, ahead, summary)  # fmt: skip
                if new_outer:
                    flown_outer = _fly_tilted(outer, body, vehicle[i], drag_table[i], burn_s[i], lat_rad, lon_rad,
                                              az_rad[i], omega_rad_s[i], tolerance_m, up, ahead, summary)  # fmt: skip
                new_inner = flown_inner >= flown_outer
                new_outer = not new_inner
                if new_inner:
                    b = outer
                    outer = inner
                    flown_outer = flown_inner
                    inner = a + _GOLDEN * (b - a)
                else:
                    a = inner
                    inner = outer
                    flown_inner = flown_outer
                    outer = b - _GOLDEN * (b - a)
            best = 0.5 * (a + b)
        reached = _fly_tilted(best, body, vehicle[i], drag_table[i], burn_s[i], lat_rad, lon_rad, az_rad[i],
                              omega_rad_s[i], tolerance_m, up, ahead, summary)  # fmt: skip
        if crossing >= 0 and farther > 2.0 * math.pi and reached < math.pi - _ANTIPODE_RAD:
            # What ends the near side is how long a flight is followed, not the antipode.
            summary[fk.S_STATUS] = fk.ALOFT
        elif not flown[first] <= reached <= math.pi:
            best = tilt_rad[i, first]
            _fly_tilted(best, body, vehicle[i], drag_table[i], burn_s[i], lat_rad, lon_rad, az_rad[i],
                        omega_rad_s[i], tolerance_m, up, ahead, summary)  # fmt: skip
        angles_rad[i] = best if vehicle[i, 4] == fk.GRAVITY_TURN else 0.5 * math.pi - best
