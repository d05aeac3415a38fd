"""Three-degree-of-freedom flight over the rotating Earth, compiled.

One arc is a chain of phases (vertical rise, pitch-over, held angle, coast between stages, free flight), each smooth,
each integrated with the order-8 Dormand-Prince pair under a step control that bounds the local error in metres.
Apogee and impact are located within their step, not taken from its end.

The state ``y`` is position [m] and velocity [m/s] in ecef. Arrays that describe what flies:

``stage`` (n, 8)
    propellant [kg], inert [kg], mass flow [kg/s], vacuum thrust [N], thrust lost per pressure [N/Pa], burn time [s],
    area [m2], coast after burnout [s].
``vehicle`` (6,)
    payload [kg], inverse ballistic coefficient [m2/kg] of the separated body (0: it does not separate), end of the
    vertical rise [s], pitch rate [rad/s], steering law (``PITCH_PROGRAM`` or ``GRAVITY_TURN``), scale of the air
    density (1, or 0 for none).
``drag_table`` (m, 2)
    Mach number, drag coefficient; at most ``DRAG_KNOTS`` rows.
``nodes`` (k, NODE_SIZE)
    filled with time, position, velocity and acceleration at the ends of the steps, the acceleration twice: that of the
    step before and that of the step after, which differ where thrust begins or ends. No rows: nothing is kept.
``summary`` (SUMMARY_SIZE,)
    what an arc comes to, at the indices named below.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba.np.unsafe.ndarray import to_fixed_tuple

from equipoise._jit import helper, inline, kernel
from equipoise.arrays import FloatArray, Vector3, Vector6
from equipoise.physics import dop853_kernels as rk
from equipoise.physics.atmosphere_kernels import TOP_OF_AIR_M, TOP_OF_EQUATIONS_M, air, next_edge_m
from equipoise.physics.earth_kernels import (
    SEMI_MAJOR_M,
    altitude_fast,
    ecef_to_geodetic,
    enu_axes,
    geodetic_to_ecef,
    gravity_j2,
    radius,
    up_fast,
)

PITCH_PROGRAM = 0.0
GRAVITY_TURN = 1.0

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
STANDARD_GRAVITY_MPS2 = 9.80665
# A corner nearer than this fraction of the step is stepped over; the pair's end stage carries what that costs.
CORNER_SLACK = 0.002

_COAST = 0.0
_RISE = 1.0  # thrust straight up
_PITCHING = 2.0
_HELD = 3.0
_ALONG_VELOCITY = 4.0

# Knots of the drag table as kernels carry it: Mach numbers, then coefficients.
DRAG_KNOTS = 12
_PACKED = 2 * DRAG_KNOTS
PackedDrag = tuple[float, ...]


class Body(NamedTuple):
    """What moves in one phase of the flight, and how it thrusts. Plain floats, so that nothing is counted."""

    mode: float
    t_ignition_s: float
    mass_kg: float  # at ignition
    flow_kg_s: float
    thrust_n: float  # in vacuum
    loss_n_pa: float  # thrust lost per pressure
    area_m2: float
    inv_beta_m2_kg: float  # 0: drag follows Cd(Mach) and the mass
    omega_rad_s: float
    air: float
    sin_az: float
    cos_az: float
    angle_rad: float
    pitch_rate_rad_s: float
    t_pitch_s: float


@inline
def drag_coefficient(mach: float, drag: PackedDrag) -> float:
    """Interpolate the drag coefficient; held constant beyond either end of the table."""
    if mach <= drag[0]:
        return drag[DRAG_KNOTS]
    for i in range(1, DRAG_KNOTS):
        if mach <= drag[i]:
            u = (mach - drag[i - 1]) / (drag[i] - drag[i - 1])
            return drag[DRAG_KNOTS + i - 1] + u * (drag[DRAG_KNOTS + i] - drag[DRAG_KNOTS + i - 1])
    return drag[_PACKED - 1]


@inline
def pack_drag(table: FloatArray) -> PackedDrag:
    """Return a drag table (m, 2), m <= 12, as the tuple of floats that kernels carry; the last knot fills it up."""
    packed = np.empty(_PACKED)
    for i in range(DRAG_KNOTS):
        j = min(i, table.shape[0] - 1)
        packed[i] = table[j, 0] + (i - j)
        packed[DRAG_KNOTS + i] = table[j, 1]
    return to_fixed_tuple(packed, _PACKED)  # type: ignore[call-arg]


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
def derivative(t: float, state: Vector6, body: Body, drag: PackedDrag) -> Vector6:
    """Return the derivative of a state in the Earth-fixed frame: gravity, rotation, drag and thrust."""
    x, py, z, vx, vy, vz = state
    omega = body.omega_rad_s
    r, inv_r = radius(x, py, z)
    ax, ay, az = gravity_j2(x, py, z, inv_r)
    ax += omega * (omega * x + 2.0 * vy)
    ay += omega * (omega * py - 2.0 * vx)
    altitude_m = TOP_OF_AIR_M
    if r < SEMI_MAJOR_M + TOP_OF_AIR_M:
        altitude_m = altitude_fast(z, r, inv_r)
    pressure = 0.0
    mode = body.mode
    mass = body.mass_kg - body.flow_kg_s * (t - body.t_ignition_s)
    if altitude_m < TOP_OF_AIR_M and body.air > 0.0:
        density, pressure, sound = air(altitude_m)
        density *= body.air
        pressure *= body.air
        speed = math.sqrt(vx * vx + vy * vy + vz * vz)
        if body.inv_beta_m2_kg > 0.0:
            inv_beta = body.inv_beta_m2_kg
        else:
            inv_beta = drag_coefficient(speed / sound, drag) * body.area_m2 / mass
        d = -0.5 * density * speed * inv_beta
        ax += d * vx
        ay += d * vy
        az += d * vz
    if mode != _COAST:
        thrust = (body.thrust_n - body.loss_n_pa * pressure) / mass
        if mode == _ALONG_VELOCITY:
            speed = math.sqrt(vx * vx + vy * vy + vz * vz)
            if speed > 0.0:
                ax += thrust * vx / speed
                ay += thrust * vy / speed
                az += thrust * vz / speed
        else:
            ux, uy, uz = up_fast(x, py, z, altitude_m)
            if mode == _RISE:
                ax += thrust * ux
                ay += thrust * uy
                az += thrust * uz
            else:
                elevation = body.angle_rad
                if mode == _PITCHING:
                    elevation = 0.5 * math.pi - body.pitch_rate_rad_s * (t - body.t_pitch_s)
                s = math.sin(elevation) * thrust
                c = math.cos(elevation) * thrust
                p = math.sqrt(ux * ux + uy * uy)
                ex = -uy / p
                ey = ux / p
                # north = up x east
                nx = -uz * ey
                ny = uz * ex
                nz = ux * ey - uy * ex
                ce = c * body.sin_az
                cn = c * body.cos_az
                ax += s * ux + ce * ex + cn * nx
                ay += s * uy + ce * ey + cn * ny
                az += s * uz + cn * nz
    return vx, vy, vz, ax, ay, az


@inline
def rk_step(
    t: float, h: float, y: Vector6, k1: Vector6, body: Body, drag: PackedDrag, tolerance_m: float
) -> tuple[Vector6, Vector6, float]:
    """Take one step from ``y`` with derivative ``k1``: return the new state, its derivative and the error's norm.

    The norm joins the estimates of orders 5 and 3 as Hairer's program does; 1 is the tolerance. A velocity error
    grows over the rest of the flight, so it counts a hundredfold.
    """
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
    w = axpy(
        h,
        axpy(
            rk.A9_1, k1, axpy(rk.A9_4, k4, axpy(rk.A9_5, k5, axpy(rk.A9_6, k6, axpy(rk.A9_7, k7, scale(rk.A9_8, k8)))))
        ),
        y,
    )
    k9 = derivative(t + rk.C9 * h, w, body, drag)
    w = axpy(
        h,
        axpy(
            rk.A10_1,
            k1,
            axpy(
                rk.A10_4,
                k4,
                axpy(rk.A10_5, k5, axpy(rk.A10_6, k6, axpy(rk.A10_7, k7, axpy(rk.A10_8, k8, scale(rk.A10_9, k9))))),
            ),
        ),
        y,
    )
    k10 = derivative(t + rk.C10 * h, w, body, drag)
    w = axpy(
        h,
        axpy(
            rk.A11_1,
            k1,
            axpy(
                rk.A11_4,
                k4,
                axpy(
                    rk.A11_5,
                    k5,
                    axpy(
                        rk.A11_6, k6, axpy(rk.A11_7, k7, axpy(rk.A11_8, k8, axpy(rk.A11_9, k9, scale(rk.A11_10, k10))))
                    ),
                ),
            ),
        ),
        y,
    )
    k11 = derivative(t + rk.C11 * h, w, body, drag)
    w = axpy(
        h,
        axpy(
            rk.A12_1,
            k1,
            axpy(
                rk.A12_4,
                k4,
                axpy(
                    rk.A12_5,
                    k5,
                    axpy(
                        rk.A12_6,
                        k6,
                        axpy(
                            rk.A12_7,
                            k7,
                            axpy(rk.A12_8, k8, axpy(rk.A12_9, k9, axpy(rk.A12_10, k10, scale(rk.A12_11, k11)))),
                        ),
                    ),
                ),
            ),
        ),
        y,
    )
    k12 = derivative(t + rk.C12 * h, w, body, drag)
    w = axpy(
        h,
        axpy(
            rk.B1,
            k1,
            axpy(
                rk.B6,
                k6,
                axpy(
                    rk.B7,
                    k7,
                    axpy(rk.B8, k8, axpy(rk.B9, k9, axpy(rk.B10, k10, axpy(rk.B11, k11, scale(rk.B12, k12))))),
                ),
            ),
        ),
        y,
    )
    e3 = axpy(
        rk.E3_1,
        k1,
        axpy(
            rk.E3_6,
            k6,
            axpy(
                rk.E3_7,
                k7,
                axpy(rk.E3_8, k8, axpy(rk.E3_9, k9, axpy(rk.E3_10, k10, axpy(rk.E3_11, k11, scale(rk.E3_12, k12))))),
            ),
        ),
    )
    e5 = axpy(
        rk.E5_1,
        k1,
        axpy(
            rk.E5_6,
            k6,
            axpy(
                rk.E5_7,
                k7,
                axpy(rk.E5_8, k8, axpy(rk.E5_9, k9, axpy(rk.E5_10, k10, axpy(rk.E5_11, k11, scale(rk.E5_12, k12))))),
            ),
        ),
    )
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
            if cd == drag[DRAG_KNOTS + i - 1] and cd == drag[min(DRAG_KNOTS + i + 1, _PACKED - 1)]:
                continue
            time = _time_to_value(drag[i] - mach, mach_rate, curving)
            if least_s < time < best:
                best = time
    return best, acceleration, mach_rate


@inline
def _keep(nodes: FloatArray, count: int, t: float, y: Vector6, k: Vector6) -> int:
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
                count = _keep(nodes, count, t, y, k1)
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
            count = _keep(nodes, count, t, y, k)
    summary[S_NODES] = count
    summary[S_STEPS] = steps
    return status, t, h, y


@inline
def _write_state(y: Vector6, summary: FloatArray, first: int) -> None:
    for c in range(6):
        summary[first + c] = y[c]


@inline
def _finish(status: int, t: float, y: Vector6, summary: FloatArray) -> None:
    """Write down how an arc ended."""
    summary[S_STATUS] = status
    summary[S_IMPACT_T] = t
    _write_state(y, summary, S_IMPACT)
    lat_rad, lon_rad, _ = ecef_to_geodetic(y[0], y[1], y[2])
    summary[S_LAT] = lat_rad
    summary[S_LON] = lon_rad


@inline
def _kicked(y: Vector6, angle_rad: float, sin_az: float, cos_az: float) -> Vector6:
    """Return the state with its velocity turned off the vertical by an angle, towards the azimuth."""
    lat_rad, lon_rad, _ = ecef_to_geodetic(y[0], y[1], y[2])
    ex, ey, ez, nx, ny, nz, ux, uy, uz = enu_axes(lat_rad, lon_rad)
    speed = math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5])
    s = math.sin(angle_rad) * speed
    c = math.cos(angle_rad) * speed
    return (
        y[0],
        y[1],
        y[2],
        c * ux + s * (sin_az * ex + cos_az * nx),
        c * uy + s * (sin_az * ey + cos_az * ny),
        c * uz + s * (sin_az * ez + cos_az * nz),
    )


@kernel
def fly_arc(
    stage: FloatArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    lat_rad: float,
    lon_rad: float,
    az_rad: float,
    angle_rad: float,
    burn_s: float,
    omega_rad_s: float,
    tolerance_m: float,
    nodes: FloatArray,
    summary: FloatArray,
) -> None:
    """Fly one arc from the ground to its end.

    Parameters
    ----------
    stage, vehicle, drag_table : arrays
        What flies; see the module.
    lat_rad, lon_rad : float
        Launch point on the ellipsoid. [rad]
    az_rad : float
        Azimuth of the thrust, from north over east. [rad]
    angle_rad : float
        Pitch program: the elevation that thrust falls to and holds; gravity turn: the kick off the vertical. [rad]
    burn_s : float
        Time under thrust, over all stages, at which thrust is cut; ``inf`` burns everything. [s]
    omega_rad_s : float
        Rotation of the Earth; 0 for none. [rad/s]
    tolerance_m : float
        Local error of a step. [m]
    nodes, summary : arrays
        Filled; see the module.
    """
    summary[:] = 0.0
    drag = pack_drag(drag_table)
    law = vehicle[4]
    t_vertical = vehicle[2]
    turn = 0.5 * math.pi - angle_rad
    rate = vehicle[3] if turn >= 0.0 else -vehicle[3]
    t_held = t_vertical + turn / rate
    sin_az = math.sin(az_rad)
    cos_az = math.cos(az_rad)
    stages = stage.shape[0]
    mass = vehicle[0]
    for i in range(stages):
        mass += stage[i, 0] + stage[i, 1]
    x, py, z = geodetic_to_ecef(lat_rad, lon_rad, 0.0)
    y = (x, py, z, 0.0, 0.0, 0.0)
    t = 0.0
    h = 0.5
    burned = 0.0
    kicked = False
    status = ALOFT
    if nodes.shape[0] > 0:
        summary[S_NODES] = _keep(nodes, 0, t, y, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    for i in range(stages):
        burn = min(stage[i, 5], burn_s - burned)
        if burn <= 0.0:
            break
        t_ignition = t
        t_burnout = t + burn
        while t < t_burnout:
            t_change = t_burnout
            if t < t_vertical:
                mode = _RISE
                t_change = min(t_change, t_vertical)
            elif law == GRAVITY_TURN:
                mode = _ALONG_VELOCITY
                if not kicked:
                    kicked = True
                    y = _kicked(y, angle_rad, sin_az, cos_az)
            elif t < t_held:
                mode = _PITCHING
                t_change = min(t_change, t_held)
            else:
                mode = _HELD
            body = Body(
                mode, t_ignition, mass, stage[i, 2], stage[i, 3], stage[i, 4], stage[i, 6], 0.0, omega_rad_s,
                vehicle[5], sin_az, cos_az, angle_rad, rate, t_vertical,
            )  # fmt: skip
            status, t, h, y = advance(t, t_change, h, tolerance_m, y, body, drag, nodes, summary)
            if status != ALOFT:
                break
        if status != ALOFT:
            break
        burned += burn
        mass -= stage[i, 2] * burn
        if i == stages - 1 or burn < stage[i, 5]:
            break
        mass -= stage[i, 1]
        if stage[i, 7] > 0.0:
            body = Body(
                _COAST, t, mass, 0.0, 0.0, 0.0, stage[i + 1, 6], 0.0, omega_rad_s, vehicle[5],
                sin_az, cos_az, angle_rad, rate, t_vertical,
            )  # fmt: skip
            status, t, h, y = advance(t, t + stage[i, 7], h, tolerance_m, y, body, drag, nodes, summary)
            if status != ALOFT:
                break
    summary[S_BURNOUT_T] = t
    _write_state(y, summary, S_BURNOUT)
    if status != ALOFT:
        _finish(FELL_BACK if status == IMPACT else status, t, y, summary)
        return
    area_m2 = stage[min(i, stages - 1), 6]
    body = Body(
        _COAST, t, mass, 0.0, 0.0, 0.0, area_m2, vehicle[1], omega_rad_s, vehicle[5],
        sin_az, cos_az, angle_rad, rate, t_vertical,
    )  # fmt: skip
    status, t, h, y = advance(t, MAX_TIME_S, h, tolerance_m, y, body, drag, nodes, summary)
    _finish(status, t, y, summary)


@kernel
def coast_arc(
    state: FloatArray,
    inv_beta_m2_kg: float,
    omega_rad_s: float,
    tolerance_m: float,
    nodes: FloatArray,
    summary: FloatArray,
) -> None:
    """Fly a body of constant ballistic coefficient from a state (6,) in ecef to the ground; 0 means no air."""
    summary[:] = 0.0
    y = (state[0], state[1], state[2], state[3], state[4], state[5])
    air_scale = 1.0 if inv_beta_m2_kg > 0.0 else 0.0
    body = Body(
        _COAST, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, inv_beta_m2_kg, omega_rad_s, air_scale, 0.0, 0.0, 0.0, 0.0, 0.0
    )  # fmt: skip
    drag = pack_drag(np.zeros((1, 2)))
    if nodes.shape[0] > 0:
        summary[S_NODES] = _keep(nodes, 0, 0.0, y, derivative(0.0, y, body, drag))
    _write_state(y, summary, S_BURNOUT)
    status, t, _, y = advance(0.0, MAX_TIME_S, 1.0, tolerance_m, y, body, drag, nodes, summary)
    _finish(status, t, y, summary)


@kernel
def fly_arcs(
    stage: FloatArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    lat_rad: FloatArray,
    lon_rad: FloatArray,
    az_rad: FloatArray,
    angle_rad: FloatArray,
    burn_s: FloatArray,
    omega_rad_s: float,
    tolerance_m: float,
    summaries: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fly arcs ``start`` to ``stop`` of arrays of launch points, azimuths, angles and burn times, keeping no nodes."""
    nodes = np.empty((0, NODE_SIZE))
    for i in range(start, stop):
        fly_arc(
            stage,
            vehicle,
            drag_table,
            lat_rad[i],
            lon_rad[i],
            az_rad[i],
            angle_rad[i],
            burn_s[i],
            omega_rad_s,
            tolerance_m,
            nodes,
            summaries[i],
        )


@kernel
def coast_arcs(
    states: FloatArray,
    inv_beta_m2_kg: float,
    omega_rad_s: float,
    tolerance_m: float,
    summaries: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fly free bodies ``start`` to ``stop`` from their states (n, 6)."""
    nodes = np.empty((0, NODE_SIZE))
    for i in range(start, stop):
        coast_arc(states[i], inv_beta_m2_kg, omega_rad_s, tolerance_m, nodes, summaries[i])


@kernel
def sample_arc(nodes: FloatArray, count: int, times_s: FloatArray, out: FloatArray) -> None:
    """Interpolate position and velocity (n, 6) at times within an arc from its nodes; outside, the ends are held."""
    i = 0
    for j in range(times_s.shape[0]):
        t = times_s[j]
        if t < nodes[i, 0]:
            i = 0
        while i < count - 2 and t > nodes[i + 1, 0]:
            i += 1
        h = nodes[i + 1, 0] - nodes[i, 0]
        theta = min(1.0, max(0.0, (t - nodes[i, 0]) / h))
        for c in range(3):
            out[j, c], out[j, 3 + c] = hermite(
                theta,
                h,
                nodes[i, 1 + c],
                nodes[i, 4 + c],
                nodes[i, 10 + c],
                nodes[i + 1, 1 + c],
                nodes[i + 1, 4 + c],
                nodes[i + 1, 7 + c],
            )
