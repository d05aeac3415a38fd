"""From flown interceptor arcs to the shortest time to each point of a vertical plane. Compiled."""

from __future__ import annotations

import math

import numpy as np

from equipoise._jit import inline, kernel
from equipoise.arrays import FloatArray
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import MEAN_RADIUS_M, ecef_to_geodetic


@kernel
def fly_plane(
    stage: FloatArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    angle_rad: FloatArray,
    tolerance_m: float,
    times_s: FloatArray,
    ground_m: FloatArray,
    altitude_m: FloatArray,
) -> None:
    """Fly one interceptor per elevation due east from the equator of a still Earth and sample it.

    ``ground_m`` and ``altitude_m`` (n_angle, n_time) are filled; ground range is signed (an angle
    beyond 90 degrees leans back), and nan after impact.
    """
    nodes = np.empty((2048, fk.NODE_SIZE))
    summary = np.empty(fk.SUMMARY_SIZE)
    sample = np.empty((times_s.shape[0], 6))
    for i in range(angle_rad.shape[0]):
        fk.fly_arc(
            stage, vehicle, drag_table, 0.0, 0.0, 0.5 * math.pi, angle_rad[i], np.inf, 0.0, tolerance_m, nodes, summary
        )
        count = min(int(summary[fk.S_NODES]), nodes.shape[0])
        end_s = nodes[count - 1, 0]
        fk.sample_arc(nodes, count, times_s, sample)
        for j in range(times_s.shape[0]):
            if times_s[j] > end_s:
                ground_m[i, j] = np.nan
                altitude_m[i, j] = np.nan
                continue
            _, lon_rad, height_m = ecef_to_geodetic(sample[j, 0], sample[j, 1], sample[j, 2])
            ground_m[i, j] = lon_rad * MEAN_RADIUS_M
            altitude_m[i, j] = height_m


@inline
def _fill_triangle(
    xa: float,
    ya: float,
    ta: float,
    xb: float,
    yb: float,
    tb: float,
    xc: float,
    yc: float,
    tc: float,
    step_m: float,
    table: FloatArray,
) -> None:
    """Lower the table to the plane through three (ground range, altitude, time) points, at the nodes inside."""
    area = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya)
    if area == 0.0 or area != area:
        return
    rows = table.shape[0]
    columns = table.shape[1]
    i_low = max(0, math.ceil(min(xa, xb, xc) / step_m))
    i_high = min(rows - 1, math.floor(max(xa, xb, xc) / step_m))
    j_low = max(0, math.ceil(min(ya, yb, yc) / step_m))
    j_high = min(columns - 1, math.floor(max(ya, yb, yc) / step_m))
    for i in range(i_low, i_high + 1):
        x = i * step_m
        for j in range(j_low, j_high + 1):
            y = j * step_m
            u = ((x - xa) * (yc - ya) - (xc - xa) * (y - ya)) / area
            v = ((xb - xa) * (y - ya) - (x - xa) * (yb - ya)) / area
            if u >= -1e-9 and v >= -1e-9 and u + v <= 1.0 + 1e-9:
                time = ta + u * (tb - ta) + v * (tc - ta)
                if time < table[i, j]:
                    table[i, j] = time


@kernel
def shortest_times(
    times_s: FloatArray, ground_m: FloatArray, altitude_m: FloatArray, step_m: float, table: FloatArray
) -> None:
    """Fill ``table`` (ground range, altitude), at nodes every ``step_m``, with the shortest time; inf: out of reach.

    Neighbouring elevations and times span quadrilaterals, each cut into two triangles with time linear over them.
    """
    table[:] = np.inf
    for a in range(ground_m.shape[0] - 1):
        b = a + 1
        for j in range(times_s.shape[0] - 1):
            t0 = times_s[j]
            t1 = times_s[j + 1]
            _fill_triangle(
                ground_m[a, j], altitude_m[a, j], t0,
                ground_m[a, j + 1], altitude_m[a, j + 1], t1,
                ground_m[b, j], altitude_m[b, j], t0,
                step_m, table,
            )  # fmt: skip
            _fill_triangle(
                ground_m[b, j + 1], altitude_m[b, j + 1], t1,
                ground_m[a, j + 1], altitude_m[a, j + 1], t1,
                ground_m[b, j], altitude_m[b, j], t0,
                step_m, table,
            )  # fmt: skip


@inline
def time_to(ground_m: float, altitude_m: float, step_m: float, table: FloatArray) -> float:
    """Interpolate the shortest time [s] to a point; inf where the table has none at a corner or ends."""
    x = ground_m / step_m
    y = altitude_m / step_m
    i = int(x)
    j = int(y)
    if x < 0.0 or y < 0.0 or i >= table.shape[0] - 1 or j >= table.shape[1] - 1:
        return np.inf
    u = x - i
    v = y - j
    return float(
        (1.0 - u) * ((1.0 - v) * table[i, j] + v * table[i, j + 1])
        + u * ((1.0 - v) * table[i + 1, j] + v * table[i + 1, j + 1])
    )


@kernel
def times_to(ground_m: FloatArray, altitude_m: FloatArray, step_m: float, table: FloatArray, out: FloatArray) -> None:
    """Fill ``out`` with the shortest times to points (n,)."""
    for i in range(ground_m.shape[0]):
        out[i] = time_to(ground_m[i], altitude_m[i], step_m, table)
