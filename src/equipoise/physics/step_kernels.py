"""One step of the order-8 Dormand-Prince pair, and what lies inside it. Compiled."""

from __future__ import annotations

import math

from equipoise._jit import helper, inline
from equipoise.arrays import Vector6
from equipoise.physics import dop853_kernels as rk
from equipoise.physics.earth_kernels import altitude_fast, radius, up_fast
from equipoise.physics.motion_kernels import Body, Piece, derivative


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
    t: float, h: float, y: Vector6, k1: Vector6, body: Body, piece: Piece, tolerance_m: float
) -> tuple[Vector6, Vector6, float]:
    """Take one step from ``y`` with derivative ``k1``: return the new state, its derivative and the error's norm.

    The norm joins the estimates of orders 5 and 3 as Hairer's program does; 1 is the tolerance. A velocity error
    grows over the rest of the flight, so it counts a hundredfold.
    """
    # fmt: off
    w = axpy(h, scale(rk.A2_1, k1), y)
    k2 = derivative(t + rk.C2 * h, w, body, piece)
    w = axpy(h, axpy(rk.A3_1, k1, scale(rk.A3_2, k2)), y)
    k3 = derivative(t + rk.C3 * h, w, body, piece)
    w = axpy(h, axpy(rk.A4_1, k1, scale(rk.A4_3, k3)), y)
    k4 = derivative(t + rk.C4 * h, w, body, piece)
    w = axpy(h, axpy(rk.A5_1, k1, axpy(rk.A5_3, k3, scale(rk.A5_4, k4))), y)
    k5 = derivative(t + rk.C5 * h, w, body, piece)
    w = axpy(h, axpy(rk.A6_1, k1, axpy(rk.A6_4, k4, scale(rk.A6_5, k5))), y)
    k6 = derivative(t + rk.C6 * h, w, body, piece)
    w = axpy(h, axpy(rk.A7_1, k1, axpy(rk.A7_4, k4, axpy(rk.A7_5, k5, scale(rk.A7_6, k6)))), y)
    k7 = derivative(t + rk.C7 * h, w, body, piece)
    w = axpy(h, axpy(rk.A8_1, k1, axpy(rk.A8_4, k4, axpy(rk.A8_5, k5, axpy(rk.A8_6, k6, scale(rk.A8_7, k7))))), y)
    k8 = derivative(t + rk.C8 * h, w, body, piece)
    w = axpy(h, axpy(rk.A9_1, k1, axpy(rk.A9_4, k4, axpy(rk.A9_5, k5, axpy(rk.A9_6, k6, axpy(rk.A9_7, k7,
        scale(rk.A9_8, k8)))))), y)
    k9 = derivative(t + rk.C9 * h, w, body, piece)
    w = axpy(h, axpy(rk.A10_1, k1, axpy(rk.A10_4, k4, axpy(rk.A10_5, k5, axpy(rk.A10_6, k6, axpy(rk.A10_7, k7,
        axpy(rk.A10_8, k8, scale(rk.A10_9, k9))))))), y)
    k10 = derivative(t + rk.C10 * h, w, body, piece)
    w = axpy(h, axpy(rk.A11_1, k1, axpy(rk.A11_4, k4, axpy(rk.A11_5, k5, axpy(rk.A11_6, k6, axpy(rk.A11_7, k7,
        axpy(rk.A11_8, k8, axpy(rk.A11_9, k9, scale(rk.A11_10, k10)))))))), y)
    k11 = derivative(t + rk.C11 * h, w, body, piece)
    w = axpy(h, axpy(rk.A12_1, k1, axpy(rk.A12_4, k4, axpy(rk.A12_5, k5, axpy(rk.A12_6, k6, axpy(rk.A12_7, k7,
        axpy(rk.A12_8, k8, axpy(rk.A12_9, k9, axpy(rk.A12_10, k10, scale(rk.A12_11, k11))))))))), y)
    k12 = derivative(t + rk.C12 * h, w, body, piece)
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
    return w, derivative(t + h, w, body, piece), error


@helper
def rk_step_again(
    t: float, h: float, y: Vector6, k1: Vector6, body: Body, piece: Piece, tolerance_m: float
) -> tuple[Vector6, Vector6, float]:
    """Take a step as ``rk_step`` does, from one copy of its code for all that are rare."""
    return rk_step(t, h, y, k1, body, piece, tolerance_m)


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
