"""One smooth phase of flight, integrated: steps, their errors, the corners they end at, apogee and ground. Compiled.

The order-8 Dormand-Prince pair under a step control that bounds the local error in metres. A step ends where the air
or the drag table has a corner, so that within a step everything is smooth. Apogee and impact are located within their
step, not taken from its end.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise._jit import helper, inline
from equipoise.arrays import FloatArray, Vector3, Vector6
from equipoise.physics import dop853_kernels as rk
from equipoise.physics.atmosphere_kernels import TOP_OF_EQUATIONS_M, air, next_edge_m
from equipoise.physics.earth_kernels import SEMI_MAJOR_M, altitude_fast, ecef_to_geodetic, radius, up_fast
from equipoise.physics.motion_kernels import DRAG_KNOTS, PACKED, Body, PackedDrag, derivative

# How an arc ended.
IMPACT = 0
ALOFT = 1  # still flying after MAX_TIME_S
FELL_BACK = 2  # came down under thrust
TOO_MANY_STEPS = 3
STATUS_WORDS = ("impact", "still aloft", "fell back under thrust", "too many steps")

# Indices of ``summary``.
S_STATUS = 0
S_NODES = 1
S_BURNOUT_T = 2
S_BURNOUT = 3  # .. 9: state at the end of thrust
S_APOGEE_T = 9
S_APOGEE_M = 10
S_IMPACT_T = 11
S_IMPACT = 12  # .. 18: state at impact
S_LAT = 18
S_LON = 19
S_STEPS = 20
SUMMARY_SIZE = 21

NODE_SIZE = 13

MAX_TIME_S = 4.0 * 3600.0
MAX_STEPS = 20_000
# A corner nearer than this fraction of the step is stepped over; the pair's end stage carries what that costs.
CORNER_SLACK = 0.002


@inline
def axpy(a: float, u: Vector6, v: Vector6) -> Vector6:
    """Return ``a u + v`` of two states."""
    return (
        a * u[0] + v[0],
        a * u[1] + v[1],
        a * u[2] + v[2],
        a * u[3] + v[3],
        a * u[4] + v[4],
        a * u[5] + v[5],
    )


@inline
def scale(a: float, u: Vector6) -> Vector6:
    """Return ``a u`` of a state."""
    return (a * u[0], a * u[1], a * u[2], a * u[3], a * u[4], a * u[5])


@inline
def rk_step(
    t: float, h: float, y: Vector6, k1: Vector6, body: Body, drag: PackedDrag, tolerance_m: float
) -> tuple[Vector6, Vector6, float]:
    """Take one step from ``y`` with derivative ``k1``: return the new state, its derivative and the error's norm.

    The norm joins the estimates of orders 5 and 3 as Hairer's program does; 1 is the tolerance. A velocity error
    grows over the rest of the flight, so it counts a hundredfold.
    """
    # fmt: off
    w = axpy(h, scale(rk.A2_1, k1), y)
    k2 = derivative(t + rk.C2 * h, w, body, drag)
    w = axpy(h, axpy(rk.A3_1, k1, scale(rk.A3_2, k2)), y)
    k3 = derivative(t + rk.C3 * h, w, body, drag)
    w = axpy(h, axpy(rk.A4_1, k1, scale(rk.A4_3, k3)), y)
    k4 = derivative(t + rk.C4 * h, w, body, drag)
    w = axpy(h, axpy(rk.A5_1, k1, axpy(rk.A5_3, k3, scale(rk.A5_4, k4))), y)
    k5 = derivative(t + rk.C5 * h, w, body, drag)
    w = axpy(h, axpy(rk.A6_1, k1, axpy(rk.A6_4, k4, scale(rk.A6_5, k5))), y)
    k6 = derivative(t + rk.C6 * h, w, body, drag)
    w = axpy(h, axpy(rk.A7_1, k1, axpy(rk.A7_4, k4, axpy(rk.A7_5, k5, scale(rk.A7_6, k6)))), y)
    k7 = derivative(t + rk.C7 * h, w, body, drag)
    w = axpy(h, axpy(rk.A8_1, k1, axpy(rk.A8_4, k4, axpy(rk.A8_5, k5, axpy(rk.A8_6, k6, scale(rk.A8_7, k7))))), y)
    k8 = derivative(t + rk.C8 * h, w, body, drag)
    w = axpy(h, axpy(rk.A9_1, k1, axpy(rk.A9_4, k4, axpy(rk.A9_5, k5, axpy(rk.A9_6, k6, axpy(rk.A9_7, k7,
        scale(rk.A9_8, k8)))))), y)
    k9 = derivative(t + rk.C9 * h, w, body, drag)
    w = axpy(h, axpy(rk.A10_1, k1, axpy(rk.A10_4, k4, axpy(rk.A10_5, k5, axpy(rk.A10_6, k6, axpy(rk.A10_7, k7,
        axpy(rk.A10_8, k8, scale(rk.A10_9, k9))))))), y)
    k10 = derivative(t + rk.C10 * h, w, body, drag)
    w = axpy(h, axpy(rk.A11_1, k1, axpy(rk.A11_4, k4, axpy(rk.A11_5, k5, axpy(rk.A11_6, k6, axpy(rk.A11_7, k7,
        axpy(rk.A11_8, k8, axpy(rk.A11_9, k9, scale(rk.A11_10, k10)))))))), y)
    k11 = derivative(t + rk.C11 * h, w, body, drag)
    w = axpy(h, axpy(rk.A12_1, k1, axpy(rk.A12_4, k4, axpy(rk.A12_5, k5, axpy(rk.A12_6, k6, axpy(rk.A12_7, k7,
        axpy(rk.A12_8, k8, axpy(rk.A12_9, k9, axpy(rk.A12_10, k10, scale(rk.A12_11, k11))))))))), y)
    k12 = derivative(t + rk.C12 * h, w, body, drag)
    w = axpy(h, axpy(rk.B1, k1, axpy(rk.B6, k6, axpy(rk.B7, k7, axpy(rk.B8, k8, axpy(rk.B9, k9, axpy(rk.B10, k10,
        axpy(rk.B11, k11, scale(rk.B12, k12)))))))), y)
    e3 = axpy(rk.E3_1, k1, axpy(rk.E3_6, k6, axpy(rk.E3_7, k7, axpy(rk.E3_8, k8, axpy(rk.E3_9, k9, axpy(rk.E3_10,
        k10, axpy(rk.E3_11, k11, scale(rk.E3_12, k12))))))))
    e5 = axpy(rk.E5_1, k1, axpy(rk.E5_6, k6, axpy(rk.E5_7, k7, axpy(rk.E5_8, k8, axpy(rk.E5_9, k9, axpy(rk.E5_10,
        k10, axpy(rk.E5_11, k11, scale(rk.E5_12, k12))))))))
    # fmt: on
    error3 = (e3[0] * e3[0] + e3[1] * e3[1] + e3[2] * e3[2]) + 1e4 * (e3[3] * e3[3] + e3[4] * e3[4] + e3[5] * e3[5])
    error5 = (e5[0] * e5[0] + e5[1] * e5[1] + e5[2] * e5[2]) + 1e4 * (e5[3] * e5[3] + e5[4] * e5[4] + e5[5] * e5[5])
    error = 0.0
    if error5 != 0.0:
        error = abs(h) * error5 / (tolerance_m * math.sqrt((error5 + 0.01 * error3) * 6.0))
    return w, derivative(t + h, w, body, drag), error


@inline
def hermite(
    theta: float, h: float, p0: float, v0: float, a0: float, p1: float, v1: float, a1: float
) -> tuple[float, float]:
    """Return value and rate of the quintic through value, rate and second derivative at both ends of a step."""
    d = p1 - p0
    c1 = h * v0
    c2 = 0.5 * h * h * a0
    e1 = h * v1
    e2 = 0.5 * h * h * a1
    c3 = 10.0 * d - 6.0 * c1 - 4.0 * e1 - 3.0 * c2 + e2
    c4 = -15.0 * d + 8.0 * c1 + 7.0 * e1 + 3.0 * c2 - 2.0 * e2
    c5 = 6.0 * d - 3.0 * (c1 + e1) - c2 + e2
    value = p0 + theta * (c1 + theta * (c2 + theta * (c3 + theta * (c4 + theta * c5))))
    rate = c1 + theta * (2.0 * c2 + theta * (3.0 * c3 + theta * (4.0 * c4 + theta * 5.0 * c5)))
    return value, rate / h


@inline
def altitude_and_rate(state: Vector6) -> tuple[float, float]:
    """Return the height above the ellipsoid [m] and its rate [m/s]."""
    r, inv_r = radius(state[0], state[1], state[2])
    altitude_m = altitude_fast(state[2], r, inv_r)
    ux, uy, uz = up_fast(state[0], state[1], state[2], altitude_m)
    return altitude_m, state[3] * ux + state[4] * uy + state[5] * uz


@inline
def inside_step(theta: float, h: float, y: Vector6, k: Vector6, y1: Vector6, k1: Vector6) -> Vector6:
    """Return the state at a fraction of a step, from the states and derivatives at its ends."""
    x, vx = hermite(theta, h, y[0], y[3], k[3], y1[0], y1[3], k1[3])
    py, vy = hermite(theta, h, y[1], y[4], k[4], y1[1], y1[4], k1[4])
    z, vz = hermite(theta, h, y[2], y[5], k[5], y1[2], y1[5], k1[5])
    return x, py, z, vx, vy, vz


@inline
def _root_in_step(which: int, h: float, y: Vector6, k: Vector6, y1: Vector6, k1: Vector6) -> float:
    """Return the fraction of a step at which altitude (0) or its rate (1) crosses zero downwards, by bisection."""
    low = 0.0
    high = 1.0
    for _ in range(40):
        mid = 0.5 * (low + high)
        altitude_m, rate = altitude_and_rate(inside_step(mid, h, y, k, y1, k1))
        value = altitude_m if which == 0 else rate
        if value > 0.0:
            low = mid
        else:
            high = mid
    return 0.5 * (low + high)


@inline
def _time_to_value(gap: float, rate: float, acceleration: float) -> float:
    """Return the first positive time at which ``rate t + acceleration t^2 / 2`` equals ``gap``; inf if never."""
    if gap == 0.0:
        return math.inf
    disc = rate * rate + 2.0 * acceleration * gap
    if disc < 0.0:
        return math.inf
    root = math.sqrt(disc)
    q = rate + root if rate >= 0.0 else rate - root
    best = math.inf
    if q != 0.0:
        time = 2.0 * gap / q
        if time > 0.0:
            best = time
    if acceleration != 0.0:
        time = -q / acceleration
        if 0.0 < time < best:
            best = time
    return best


@inline
def time_to_corner(
    y: Vector6,
    k: Vector6,
    least_s: float,
    since_s: float,
    acceleration_before: float,
    mach_rate_before: float,
    body: Body,
    drag: PackedDrag,
) -> Vector3:
    """Estimate the time until the state meets the next corner of the air or of the drag table; inf if none is near.

    ``k`` is the derivative at ``y``; corners nearer than ``least_s`` count as passed. Corners are the edges of the
    atmosphere's layers and, for a body with Cd(Mach), the knots of that table where its slope changes. The changes of
    climb and of Mach number are carried on as they went over the step before, ``since_s`` ago (0: none).

    Returns
    -------
    time_s, acceleration, mach_rate
        The time, and the rates of climb's and Mach number's change for the next step to carry on.
    """
    if body.air == 0.0:
        return math.inf, 0.0, 0.0
    r, inv_r = radius(y[0], y[1], y[2])
    altitude_m = altitude_fast(y[2], r, inv_r)
    if altitude_m > 2.0 * TOP_OF_EQUATIONS_M:
        return math.inf, 0.0, 0.0
    ux, uy, uz = up_fast(y[0], y[1], y[2], altitude_m)
    rate = y[3] * ux + y[4] * uy + y[5] * uz
    speed2 = y[3] * y[3] + y[4] * y[4] + y[5] * y[5]
    turning = (speed2 - rate * rate) / (SEMI_MAJOR_M + altitude_m)
    acceleration = k[3] * ux + k[4] * uy + k[5] * uz + turning
    jerk = (acceleration - acceleration_before) / since_s if since_s > 0.0 else 0.0
    best = math.inf
    edge_m = next_edge_m(altitude_m + rate * least_s, rate)
    if edge_m == edge_m:
        gap_m = edge_m - altitude_m
        best = _time_to_value(gap_m, rate, acceleration)
        # Two Newton steps bring in the jerk, while they stay near.
        if best < 60.0:
            time = best
            for _ in range(2):
                slope = rate + time * (acceleration + 0.5 * time * jerk)
                time -= (time * (rate + time * (0.5 * acceleration + time * jerk / 6.0)) - gap_m) / slope
            if 0.5 * best < time < 2.0 * best:
                best = time
    mach_rate = 0.0
    if body.inv_beta_m2_kg == 0.0 and altitude_m < TOP_OF_EQUATIONS_M and speed2 > 0.0:
        _, _, sound = air(altitude_m)
        _, _, sound_above = air(altitude_m + 50.0)
        speed = math.sqrt(speed2)
        mach = speed / sound
        gain = (y[3] * k[3] + y[4] * k[4] + y[5] * k[5]) / speed
        mach_rate = (gain - mach * (sound_above - sound) / 50.0 * rate) / sound
        curving = (mach_rate - mach_rate_before) / since_s if since_s > 0.0 else 0.0
        for i in range(1, DRAG_KNOTS):
            cd = drag[DRAG_KNOTS + i]
            if cd == drag[DRAG_KNOTS + i - 1] and cd == drag[min(DRAG_KNOTS + i + 1, PACKED - 1)]:
                continue
            time = _time_to_value(drag[i] - mach, mach_rate, curving)
            if least_s < time < best:
                best = time
    return best, acceleration, mach_rate


@inline
def keep_node(nodes: FloatArray, count: int, t: float, y: Vector6, k: Vector6) -> int:
    """Append a node if there is room; return the new count."""
    if count < nodes.shape[0]:
        nodes[count, 0] = t
        for c in range(6):
            nodes[count, 1 + c] = y[c]
        for c in range(3):
            nodes[count, 7 + c] = k[3 + c]
            nodes[count, 10 + c] = k[3 + c]
    return count + 1


@helper
def advance(
    t: float,
    t_end: float,
    h: float,
    tolerance_m: float,
    y: Vector6,
    body: Body,
    drag: PackedDrag,
    nodes: FloatArray,
    summary: FloatArray,
) -> tuple[int, float, float, Vector6]:
    """Integrate one smooth phase to ``t_end`` or to the ground.

    Returns
    -------
    status, t, h, y
        ``ALOFT`` if the phase ended above ground; the time; the next step size; the state. Apogee goes into
        ``summary`` as it is passed.
    """
    count = int(summary[S_NODES])
    steps = int(summary[S_STEPS])
    keeping = nodes.shape[0] > 0
    k = derivative(t, y, body, drag)
    if 0 < count <= nodes.shape[0]:
        for c in range(3):
            nodes[count - 1, 10 + c] = k[3 + c]
    _, rate = altitude_and_rate(y)
    status = ALOFT
    since_s = 0.0
    acceleration_before = 0.0
    mach_rate_before = 0.0
    while t < t_end:
        if steps >= MAX_STEPS:
            status = TOO_MANY_STEPS
            break
        steps += 1
        # A step ends where the air or the drag table has a corner, so that every step is smooth.
        step = min(h, t_end - t)
        corner_s, acceleration, mach_rate = time_to_corner(
            y, k, CORNER_SLACK * step, since_s, acceleration_before, mach_rate_before, body, drag
        )
        step = min(step, corner_s)
        last = t + 1.000001 * step >= t_end
        if last:
            step = t_end - t
        y1, k1, error = rk_step(t, step, y, k, body, drag, tolerance_m)
        if not error <= 1.0:
            h = step * (max(0.2, 0.9 * error**-0.125) if error < np.inf else 0.2)
            if h < 1e-6:
                status = TOO_MANY_STEPS
                break
            continue
        growth = min(5.0, max(0.3, 0.9 * error**-0.125)) if error > 0.0 else 5.0
        h = step * growth if step >= h or growth < 1.0 else max(h, step * growth)
        altitude_m, rate1 = altitude_and_rate(y1)
        if rate > 0.0 and rate1 <= 0.0:
            theta = _root_in_step(1, step, y, k, y1, k1)
            top = inside_step(theta, step, y, k, y1, k1)
            _, _, apogee_m = ecef_to_geodetic(top[0], top[1], top[2])
            if apogee_m > summary[S_APOGEE_M]:
                summary[S_APOGEE_T] = t + theta * step
                summary[S_APOGEE_M] = apogee_m
        if altitude_m < 0.0 and rate1 < 0.0:
            # The step is taken again, with the size that ends on the ground.
            hit = step * _root_in_step(0, step, y, k, y1, k1)
            for _ in range(3):
                y1, k1, error = rk_step(t, hit, y, k, body, drag, tolerance_m)
                altitude_m, rate1 = altitude_and_rate(y1)
                if abs(altitude_m) < 1e-6:
                    break
                hit -= altitude_m / rate1
            t += hit
            y = y1
            if keeping:
                count = keep_node(nodes, count, t, y, k1)
            status = IMPACT
            break
        t = t_end if last else t + step
        since_s = step
        acceleration_before = acceleration
        mach_rate_before = mach_rate
        rate = rate1
        y = y1
        k = k1
        if keeping:
            count = keep_node(nodes, count, t, y, k)
    summary[S_NODES] = count
    summary[S_STEPS] = steps
    return status, t, h, y
