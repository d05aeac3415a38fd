"""Interceptors flown in a vertical plane of a still Earth: what reach tables and shots are made of."""

from __future__ import annotations

import numpy as np

from equipoise.arrays import FloatArray
from equipoise.defence import reach_kernels as rk
from equipoise.physics.missile import Missile

# Each step may be off by so much.
PLANE_TOLERANCE_M = 0.1


def fly_in_plane(missile: Missile, elevation_rad: FloatArray, times_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fly an interceptor once for each launch elevation.

    Parameters
    ----------
    missile : Missile
        From :func:`equipoise.defence.reach.interceptor_missile`.
    elevation_rad : ndarray, shape (n,)
        Elevations; beyond a right angle it leans back. [rad]
    times_s : ndarray, shape (m,)
        Times since launch, rising. [s]

    Returns
    -------
    ground_m, altitude_m : ndarray, shape (n, m)
        Ground range from the launcher and altitude [m]; nan after it has come down.
    """
    shape = (len(elevation_rad), len(times_s))
    ground_m, altitude_m = np.empty(shape), np.empty(shape)
    rk.fly_plane(
        missile.stage_array,
        missile.vehicle_array,
        missile.drag_array,
        elevation_rad,
        PLANE_TOLERANCE_M,
        times_s,
        ground_m,
        altitude_m,
    )
    return ground_m, altitude_m
