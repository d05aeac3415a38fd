"""How a small change of a falling body's state grows along its arc: the variational equations. Compiled.

``Phi' = F Phi`` carries a change forward, ``Psi' = -Psi F`` is its inverse: O. Montenbruck and E. Gill, Satellite
Orbits (Springer 2000), section 7.2. ``F`` holds gravity with J2, the turning Earth, and drag along the velocity.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from equipoise._jit import inline, kernel
from equipoise.arrays import FloatArray, Vector3, Vector6
from equipoise.physics.atmosphere_kernels import air
from equipoise.physics.earth_kernels import altitude_fast, gravity_gradient_j2, gravity_j2, radius, up_fast
from equipoise.physics.motion_kernels import TOP_OF_FELT_AIR_M
from equipoise.physics.step_kernels import axpy

# The scale height of the air is taken over this much to either side. [m]
_HALF_SPAN_M = 50.0


class _Slope(NamedTuple):
    """The derivatives of the acceleration by position and velocity, at one moment."""

    gravity: Vector6  # xx, xy, xz, yy, yz, zz, with the centrifugal part [1/s2]
    turn_rad_s: float
    drag: float  # drag over speed [1/s]
    thinning: float  # the same over the air's scale height and times the speed [1/s2]
    along: Vector3  # unit vector of the velocity
    up: Vector3


@inline
def _drag_factor(nodes: FloatArray, i: int, first: int, omega: float) -> float:
    """Return the drag at a node over density and squared speed [m2/kg], from the acceleration kept at ``first``."""
    x, y, z, vx, vy, vz = nodes[i, 1], nodes[i, 2], nodes[i, 3], nodes[i, 4], nodes[i, 5], nodes[i, 6]
    r, inv_r = radius(x, y, z)
    density = air(altitude_fast(z, r, inv_r))[0]
    speed2 = vx * vx + vy * vy + vz * vz
    gx, gy, gz = gravity_j2(x, y, z, inv_r)
    gx += omega * (omega * x + 2.0 * vy)
    gy += omega * (omega * y - 2.0 * vx)
    braking = -((nodes[i, first] - gx) * vx + (nodes[i, first + 1] - gy) * vy + (nodes[i, first + 2] - gz) * vz)
    weight = density * speed2 * math.sqrt(speed2)
    return max(0.0, braking / weight) if weight > 0.0 else 0.0


@inline
def _slope(s: FloatArray, factor: float, omega: float) -> _Slope:
    """Return the derivatives at a state, with drag of ``factor`` times density and squared speed."""
    r, inv_r = radius(s[0], s[1], s[2])
    xx, xy, xz, yy, yz, zz = gravity_gradient_j2(s[0], s[1], s[2], inv_r)
    gravity = (xx + omega * omega, xy, xz, yy + omega * omega, yz, zz)
    speed = math.sqrt(s[3] * s[3] + s[4] * s[4] + s[5] * s[5])
    along = (s[3] / speed, s[4] / speed, s[5] / speed)
    height = altitude_fast(s[2], r, inv_r)
    drag = 0.0
    thinning = 0.0
    if factor > 0.0 and height < TOP_OF_FELT_AIR_M:
        drag = factor * air(height)[0] * speed
        below = air(height - _HALF_SPAN_M)[0]
        above = air(height + _HALF_SPAN_M)[0]
        thinning = drag * speed * math.log(below / above) / (2.0 * _HALF_SPAN_M)
    return _Slope(gravity, omega, drag, thinning, along, up_fast(s[0], s[1], s[2], height))


@inline
def _dot(a: Vector3, u: float, v: float, w: float) -> float:
    return a[0] * u + a[1] * v + a[2] * w


@inline
def _column_rate(f: _Slope, c: Vector6) -> Vector6:
    """Return ``F c``: the rate of a column of the transition matrix."""
    g = f.gravity
    climb = f.thinning * _dot(f.up, c[0], c[1], c[2])
    brake = f.drag * _dot(f.along, c[3], c[4], c[5])
    return (
        c[3],
        c[4],
        c[5],
        g[0] * c[0]
        + g[1] * c[1]
        + g[2] * c[2]
        + 2.0 * f.turn_rad_s * c[4]
        + (climb - brake) * f.along[0]
        - f.drag * c[3],
        g[1] * c[0]
        + g[3] * c[1]
        + g[4] * c[2]
        - 2.0 * f.turn_rad_s * c[3]
        + (climb - brake) * f.along[1]
        - f.drag * c[4],
        g[2] * c[0] + g[4] * c[1] + g[5] * c[2] + (climb - brake) * f.along[2] - f.drag * c[5],
    )


@inline
def _row_rate(f: _Slope, r: Vector6) -> Vector6:
    """Return ``-r F``: the rate of a row of the inverse of the transition matrix."""
    g = f.gravity
    part = _dot(f.along, r[3], r[4], r[5])
    climb = f.thinning * part
    brake = f.drag * part
    return (
        -(g[0] * r[3] + g[1] * r[4] + g[2] * r[5] + climb * f.up[0]),
        -(g[1] * r[3] + g[3] * r[4] + g[4] * r[5] + climb * f.up[1]),
        -(g[2] * r[3] + g[4] * r[4] + g[5] * r[5] + climb * f.up[2]),
        -r[0] + 2.0 * f.turn_rad_s * r[4] + brake * f.along[0] + f.drag * r[3],
        -r[1] - 2.0 * f.turn_rad_s * r[3] + brake * f.along[1] + f.drag * r[4],
        -r[2] + brake * f.along[2] + f.drag * r[5],
    )


@kernel
def transitions(
    nodes: FloatArray,
    times_s: FloatArray,
    states: FloatArray,
    omega: float,
    phi: FloatArray,
    psi: FloatArray,
) -> None:
    """Fill the transition matrices from each time to the next, and their inverses, (n - 1, 6, 6).

    ``nodes`` are those of the arc; ``states`` (2 n - 1, 6) lie on it at the times and midway between them, in free
    fall. One classical Runge-Kutta step goes from time to time. Drag is read off the accelerations at the nodes, and
    goes as density and squared speed: how its coefficient varies with the Mach number is left out.
    """
    node = 0
    left = 0.0
    right = 0.0
    known = -1
    f0 = _slope(states[0], 0.0, omega)
    f1 = f0
    f2 = f0
    for k in range(phi.shape[0]):
        h = times_s[k + 1] - times_s[k]
        for part in range(3):
            if part == 0 and k > 0:
                f0 = f2
                continue
            t = times_s[k] + 0.5 * h * part
            while node < nodes.shape[0] - 2 and t > nodes[node + 1, 0]:
                node += 1
            if known != node:
                left = _drag_factor(nodes, node, 10, omega)
                right = _drag_factor(nodes, node + 1, 7, omega)
                known = node
            theta = (t - nodes[node, 0]) / (nodes[node + 1, 0] - nodes[node, 0])
            theta = min(1.0, max(0.0, theta))
            f = _slope(states[2 * k + part], left + theta * (right - left), omega)
            if part == 0:
                f0 = f
            elif part == 1:
                f1 = f
            else:
                f2 = f
        for i in range(6):
            y = (
                1.0 if i == 0 else 0.0,
                1.0 if i == 1 else 0.0,
                1.0 if i == 2 else 0.0,
                1.0 if i == 3 else 0.0,
                1.0 if i == 4 else 0.0,
                1.0 if i == 5 else 0.0,
            )
            k1 = _column_rate(f0, y)
            k2 = _column_rate(f1, axpy(0.5 * h, k1, y))
            k3 = _column_rate(f1, axpy(0.5 * h, k2, y))
            k4 = _column_rate(f2, axpy(h, k3, y))
            column = axpy(h / 6.0, axpy(2.0, k2, axpy(2.0, k3, axpy(1.0, k1, k4))), y)
            k1 = _row_rate(f0, y)
            k2 = _row_rate(f1, axpy(0.5 * h, k1, y))
            k3 = _row_rate(f1, axpy(0.5 * h, k2, y))
            k4 = _row_rate(f2, axpy(h, k3, y))
            row = axpy(h / 6.0, axpy(2.0, k2, axpy(2.0, k3, axpy(1.0, k1, k4))), y)
            for j in range(6):
                phi[k, j, i] = column[j]
                psi[k, i, j] = row[j]
