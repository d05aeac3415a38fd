"""A fan of arcs over azimuth and range control, flown once and interpolated many times. Compiled.

A fan array has shape (n_az, n_control, n_node, 6): position [m] and velocity [m/s] in ecef at ``n_boost`` nodes evenly
spread over the boost and further nodes evenly spread from burnout to impact. Between neighbouring arcs the nodes move
smoothly with azimuth and control, so four-point Lagrange interpolation in both recovers an arc that was not flown.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise._jit import inline, kernel
from equipoise.arrays import FloatArray, IntArray, Vector6
from equipoise.physics import flight_kernels as fk

# Nodes of an arc: boost, then free flight.
N_BOOST = 13
N_FREE = 65
N_NODE = N_BOOST + N_FREE - 1


@kernel
def fly_fan(
    stage: FloatArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    lat_rad: float,
    lon_rad: float,
    az_rad: FloatArray,
    angle_rad: FloatArray,
    burn_s: FloatArray,
    omega_rad_s: float,
    tolerance_m: float,
    arcs: FloatArray,
    times_s: FloatArray,
    impact_rad: FloatArray,
    status: IntArray,
    start: int,
    stop: int,
) -> None:
    """Fly arcs ``start`` to ``stop`` of a fan.

    ``az_rad`` (n_az,), ``angle_rad`` and ``burn_s`` (n_control,); fills ``arcs``, ``times_s`` (n_az, n_control, 2) with
    burnout and impact, ``impact_rad`` (n_az, n_control, 2) with latitude and longitude, and ``status``.
    """
    nodes = np.empty((4096, fk.NODE_SIZE))
    summary = np.empty(fk.SUMMARY_SIZE)
    times = np.empty(N_NODE)
    columns = burn_s.shape[0]
    for index in range(start, stop):
        i = index // columns
        j = index - i * columns
        fk.fly_arc(
            stage, vehicle, drag_table, lat_rad, lon_rad, az_rad[i], angle_rad[j], burn_s[j], omega_rad_s, tolerance_m,
            nodes, summary,
        )  # fmt: skip
        status[i, j] = int(summary[fk.S_STATUS])
        burnout_s = summary[fk.S_BURNOUT_T]
        end_s = summary[fk.S_IMPACT_T]
        times_s[i, j, 0] = burnout_s
        times_s[i, j, 1] = end_s
        impact_rad[i, j, 0] = summary[fk.S_LAT]
        impact_rad[i, j, 1] = summary[fk.S_LON]
        for n in range(N_NODE):
            times[n] = node_time(n, burnout_s, end_s)
        fk.sample_arc(nodes, min(int(summary[fk.S_NODES]), 4096), times, arcs[i, j])


@inline
def node_time(n: int, burnout_s: float, end_s: float) -> float:
    """Return the time [s] of a node of an arc."""
    if n < N_BOOST:
        return burnout_s * n / (N_BOOST - 1)
    return burnout_s + (end_s - burnout_s) * (n - (N_BOOST - 1)) / (N_FREE - 1)


@inline
def stencil(position: float, count: int) -> tuple[int, float, float, float, float]:
    """Return the first of four nodes around a fractional index, and their Lagrange weights."""
    first = min(max(math.floor(position) - 1, 0), count - 4)
    u = position - first
    w0 = -(u - 1.0) * (u - 2.0) * (u - 3.0) / 6.0
    w1 = u * (u - 2.0) * (u - 3.0) / 2.0
    w2 = -u * (u - 1.0) * (u - 3.0) / 2.0
    w3 = u * (u - 1.0) * (u - 2.0) / 6.0
    return first, w0, w1, w2, w3


@inline
def interpolate_plane(values: FloatArray, x: float, y: float) -> float:
    """Interpolate a table (n_az, n_control) at fractional indices."""
    i, a0, a1, a2, a3 = stencil(x, values.shape[0])
    j, b0, b1, b2, b3 = stencil(y, values.shape[1])
    total = 0.0
    for k in range(4):
        a = a0 if k == 0 else a1 if k == 1 else a2 if k == 2 else a3
        row = values[i + k, j] * b0 + values[i + k, j + 1] * b1 + values[i + k, j + 2] * b2 + values[i + k, j + 3] * b3
        total += a * row
    return total


@kernel
def locate(
    distance_m: FloatArray,
    azimuth_rad: FloatArray,
    az_first_rad: float,
    az_step_rad: float,
    wanted_m: FloatArray,
    wanted_az_rad: FloatArray,
    out: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Find the fractional indices (azimuth, control) whose arc lands at given distances and azimuths.

    ``distance_m`` and ``azimuth_rad`` (n_az, n_control) describe the impacts of the fan, distance rising with the
    control index; ``out`` (n, 2) is nan where the fan does not reach.
    """
    columns = distance_m.shape[1]
    rows = distance_m.shape[0]
    for n in range(start, stop):
        x = (wanted_az_rad[n] - az_first_rad) / az_step_rad
        y = np.nan
        for _ in range(6):
            if not (0.0 <= x <= rows - 1.0):
                y = np.nan
                break
            low = interpolate_plane(distance_m, x, 0.0)
            high = interpolate_plane(distance_m, x, columns - 1.0)
            if not (low <= wanted_m[n] <= high):
                y = np.nan
                break
            a = 0.0
            b = columns - 1.0
            while b - a > 1.0:
                middle = math.floor(0.5 * (a + b))
                if interpolate_plane(distance_m, x, middle) <= wanted_m[n]:
                    a = middle
                else:
                    b = middle
            for _ in range(30):
                y = 0.5 * (a + b)
                if interpolate_plane(distance_m, x, y) <= wanted_m[n]:
                    a = y
                else:
                    b = y
            error = interpolate_plane(azimuth_rad, x, y) - wanted_az_rad[n]
            x -= error / az_step_rad
            if abs(error) < 1e-9:
                break
        out[n, 0] = x if y == y else np.nan
        out[n, 1] = y


@inline
def interpolate_arc(arcs: FloatArray, times_s: FloatArray, x: float, y: float, arc: FloatArray) -> tuple[float, float]:
    """Fill ``arc`` (n_node, 6) at fractional indices; return the times [s] of burnout and impact."""
    i, a0, a1, a2, a3 = stencil(x, arcs.shape[0])
    j, b0, b1, b2, b3 = stencil(y, arcs.shape[1])
    flat = arc.reshape(N_NODE * 6)
    flat[:] = 0.0
    burnout_s = 0.0
    end_s = 0.0
    for p in range(4):
        a = a0 if p == 0 else a1 if p == 1 else a2 if p == 2 else a3
        w0 = a * b0
        w1 = a * b1
        w2 = a * b2
        w3 = a * b3
        times = times_s[i + p]
        burnout_s += w0 * times[j, 0] + w1 * times[j + 1, 0] + w2 * times[j + 2, 0] + w3 * times[j + 3, 0]
        end_s += w0 * times[j, 1] + w1 * times[j + 1, 1] + w2 * times[j + 2, 1] + w3 * times[j + 3, 1]
        first = arcs[i + p, j].reshape(N_NODE * 6)
        second = arcs[i + p, j + 1].reshape(N_NODE * 6)
        third = arcs[i + p, j + 2].reshape(N_NODE * 6)
        fourth = arcs[i + p, j + 3].reshape(N_NODE * 6)
        for n in range(N_NODE * 6):
            flat[n] += w0 * first[n] + w1 * second[n] + w2 * third[n] + w3 * fourth[n]
    return burnout_s, end_s


@kernel
def arcs_onto(
    arcs: FloatArray,
    times_s: FloatArray,
    index: FloatArray,
    onto: FloatArray,
    onto_times_s: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fill rows ``start`` to ``stop`` of the arcs at fractional indices of a fan; nan where an index is nan.

    ``onto`` (n_points, n_node, 6) takes the nodes, ``onto_times_s`` (n_points, 2) burnout and impact [s].
    """
    for i in range(start, stop):
        if index[i, 0] != index[i, 0]:
            onto[i, :, :] = np.nan
            onto_times_s[i, :] = np.nan
            continue
        burnout_s, end_s = interpolate_arc(arcs, times_s, index[i, 0], index[i, 1], onto[i])
        onto_times_s[i, 0] = burnout_s
        onto_times_s[i, 1] = end_s


@inline
def arc_at(arc: FloatArray, t: float, burnout_s: float, end_s: float) -> Vector6:
    """Return position [m] and velocity [m/s] on an arc (n_node, 6) at a time, by cubic Hermite interpolation."""
    if t < burnout_s:
        step = burnout_s / (N_BOOST - 1)
        n = min(int(t / step), N_BOOST - 2)
        u = t / step - n
    else:
        step = (end_s - burnout_s) / (N_FREE - 1)
        k = min(max(int((t - burnout_s) / step), 0), N_FREE - 2)
        u = (t - burnout_s) / step - k
        n = k + N_BOOST - 1
    w = 1.0 - u
    f0 = w * w * (1.0 + 2.0 * u)
    f1 = u * u * (3.0 - 2.0 * u)
    g0 = w * w * u * step
    g1 = -u * u * w * step
    x = f0 * arc[n, 0] + f1 * arc[n + 1, 0] + g0 * arc[n, 3] + g1 * arc[n + 1, 3]
    y = f0 * arc[n, 1] + f1 * arc[n + 1, 1] + g0 * arc[n, 4] + g1 * arc[n + 1, 4]
    z = f0 * arc[n, 2] + f1 * arc[n + 1, 2] + g0 * arc[n, 5] + g1 * arc[n + 1, 5]
    vx = arc[n, 3] + u * (arc[n + 1, 3] - arc[n, 3])
    vy = arc[n, 4] + u * (arc[n + 1, 4] - arc[n, 4])
    vz = arc[n, 5] + u * (arc[n + 1, 5] - arc[n, 5])
    return x, y, z, vx, vy, vz
