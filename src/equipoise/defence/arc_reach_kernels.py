"""When an interceptor must leave to meet an arc at each of its moments. Compiled."""

from __future__ import annotations

import numpy as np

from equipoise._jit import kernel
from equipoise.arrays import FloatArray
from equipoise.defence.engagement_kernels import Shooter, place_of
from equipoise.defence.reach_kernels import time_to
from equipoise.physics.fan_kernels import arc_at


@kernel
def launches_that_meet(
    arcs: FloatArray, times_s: FloatArray, step_s: float, shooter: Shooter, table: FloatArray, out: FloatArray
) -> None:
    """Fill ``out`` (n_arc, n_step) with launch times after the missile's own [s], minus infinity where none serves.

    Column ``j`` is an intercept ``j * step_s`` after the end of thrust of an arc (n_arc, n_node, 6) whose end of thrust
    and impact are ``times_s`` (n_arc, 2). The interceptor takes the shortest way there.
    """
    for i in range(arcs.shape[0]):
        burnout_s = times_s[i, 0]
        end_s = times_s[i, 1]
        for j in range(out.shape[1]):
            out[i, j] = -np.inf
            t = burnout_s + j * step_s
            if t > end_s:
                continue
            ground_m, altitude_m = place_of(arc_at(arcs[i], t, burnout_s, end_s), shooter)
            if ground_m > shooter.max_range_m:
                continue
            if altitude_m < shooter.min_altitude_m or altitude_m > shooter.max_altitude_m:
                continue
            flight_s = time_to(ground_m, altitude_m, shooter.table_step_m, table)
            if flight_s <= shooter.max_flight_time_s:
                out[i, j] = t - flight_s
