"""What acts on a missile: gravity, the turning Earth, drag and thrust, as one derivative. Compiled."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba.np.unsafe.ndarray import to_fixed_tuple

from equipoise._jit import inline
from equipoise.arrays import FloatArray, Vector6
from equipoise.physics.atmosphere_kernels import TOP_OF_AIR_M, air
from equipoise.physics.earth_kernels import SEMI_MAJOR_M, altitude_fast, gravity_j2, radius, up_fast

# How thrust points in a phase.
COAST = 0.0
RISE = 1.0  # straight up
PITCHING = 2.0
HELD = 3.0
ALONG_VELOCITY = 4.0

# Knots of the drag table as kernels carry it: Mach numbers, then coefficients.
DRAG_KNOTS = 12
PACKED = 2 * DRAG_KNOTS
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
    return drag[PACKED - 1]


@inline
def pack_drag(table: FloatArray) -> PackedDrag:
    """Return a drag table (m, 2), m <= 12, as the tuple of floats that kernels carry; the last knot fills it up."""
    packed = np.empty(PACKED)
    for i in range(DRAG_KNOTS):
        j = min(i, table.shape[0] - 1)
        packed[i] = table[j, 0] + (i - j)
        packed[DRAG_KNOTS + i] = table[j, 1]
    return to_fixed_tuple(packed, PACKED)  # type: ignore[call-arg]


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
    if mode != COAST:
        thrust = (body.thrust_n - body.loss_n_pa * pressure) / mass
        if mode == ALONG_VELOCITY:
            speed = math.sqrt(vx * vx + vy * vy + vz * vz)
            if speed > 0.0:
                ax += thrust * vx / speed
                ay += thrust * vy / speed
                az += thrust * vz / speed
        else:
            ux, uy, uz = up_fast(x, py, z, altitude_m)
            if mode == RISE:
                ax += thrust * ux
                ay += thrust * uy
                az += thrust * uz
            else:
                elevation = body.angle_rad
                if mode == PITCHING:
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
