"""What acts on a missile: gravity, the turning Earth, drag and thrust, as one derivative. Compiled."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba.np.unsafe.ndarray import to_fixed_tuple

from equipoise._jit import inline
from equipoise.arrays import FloatArray, Vector6
from equipoise.physics.atmosphere_kernels import (
    EQUATION_LAYERS,
    TOP_OF_EQUATIONS_M,
    density_at,
    layer_edges_m,
    layer_of,
    place_in_layer,
    pressure_at,
    sound_at,
)
from equipoise.physics.earth_kernels import altitude_fast, gravity_j2, radius, up_fast

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

# Layers as flight counts them: those of the atmosphere's equations, all that lies above them, and no air.
UPPER_AIR = EQUATION_LAYERS
NO_AIR = EQUATION_LAYERS + 1
# Above this the air is left out of flight. With it, impacts of shallow ICBM arcs (the longest in it) move by 0.05 m at
# a beta of 3,000 kg/m2, 0.13 m at 1,000 and 2 m at 100.
TOP_OF_FELT_AIR_M = 300e3


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
def pack_drag(table: FloatArray) -> PackedDrag:
    """Return a drag table (m, 2), m <= 12, as the tuple of floats that kernels carry; the last knot fills it up."""
    packed = np.empty(PACKED)
    for i in range(DRAG_KNOTS):
        j = min(i, table.shape[0] - 1)
        packed[i] = table[j, 0] + (i - j)
        packed[DRAG_KNOTS + i] = table[j, 1]
    return to_fixed_tuple(packed, PACKED)  # type: ignore[call-arg]


class Piece(NamedTuple):
    """Where the air and the drag table have no corner. A step stays in one, and sees it carried on beyond its ends."""

    layer: int
    bottom_m: float
    top_m: float
    segment: int  # of the drag table: below its first knot 0, beyond its last DRAG_KNOTS
    least_mach: float
    most_mach: float
    cd: float  # at Mach 0 of the segment's line
    cd_per_mach: float


@inline
def _slope(segment: int, drag: PackedDrag) -> float:
    """Return the slope of a segment of the drag table."""
    if segment <= 0 or segment >= DRAG_KNOTS:
        return 0.0
    return (drag[DRAG_KNOTS + segment] - drag[DRAG_KNOTS + segment - 1]) / (drag[segment] - drag[segment - 1])


@inline
def piece_of(layer: int, segment: int, body: Body, drag: PackedDrag) -> Piece:
    """Return the piece of a layer and a segment of the drag table; segments of one slope are joined."""
    bottom_m = -math.inf
    top_m = math.inf
    if body.air > 0.0:
        if layer == NO_AIR:
            bottom_m = TOP_OF_FELT_AIR_M
        elif layer == UPPER_AIR:
            bottom_m = layer_edges_m(layer)[0]
            top_m = TOP_OF_FELT_AIR_M
        else:
            top_m = layer_edges_m(layer)[1]
            if layer > 0:
                bottom_m = layer_edges_m(layer)[0]
    if body.inv_beta_m2_kg > 0.0 or layer == NO_AIR:
        return Piece(layer, bottom_m, top_m, segment, -math.inf, math.inf, 0.0, 0.0)
    low = segment
    high = segment
    cd_per_mach = _slope(segment, drag)
    while low > 0 and _slope(low - 1, drag) == cd_per_mach:
        low -= 1
    while high < DRAG_KNOTS and _slope(high + 1, drag) == cd_per_mach:
        high += 1
    knot = min(max(segment - 1, 0), DRAG_KNOTS - 1)
    return Piece(
        layer,
        bottom_m,
        top_m,
        segment,
        drag[low - 1] if low > 0 else -math.inf,
        drag[high] if high < DRAG_KNOTS else math.inf,
        drag[DRAG_KNOTS + knot] - cd_per_mach * drag[knot],
        cd_per_mach,
    )


@inline
def segment_of(mach: float, drag: PackedDrag) -> int:
    """Return the segment of the drag table that holds a Mach number."""
    segment = 0
    while segment < DRAG_KNOTS and mach >= drag[segment]:
        segment += 1
    return segment


@inline
def flight_layer(altitude_m: float, body: Body) -> int:
    """Return the layer, as flight counts them, at a geometric altitude [m]."""
    if body.air == 0.0 or altitude_m >= TOP_OF_FELT_AIR_M:
        return NO_AIR
    if altitude_m >= TOP_OF_EQUATIONS_M:
        return UPPER_AIR
    return layer_of(altitude_m, 0)


@inline
def mach_of(state: Vector6, altitude_m: float, layer: int) -> tuple[float, float, float]:
    """Return Mach number, speed of sound [m/s] and its slope against altitude [1/s]; above the equations their last."""
    i, u, spacing_m = place_in_layer(min(layer, UPPER_AIR), altitude_m)
    sound, slope = sound_at(i, u, spacing_m)
    speed = math.sqrt(state[3] * state[3] + state[4] * state[4] + state[5] * state[5])
    return speed / sound, sound, slope


@inline
def piece_at(state: Vector6, body: Body, drag: PackedDrag) -> Piece:
    """Return the piece in which a state lies."""
    r, inv_r = radius(state[0], state[1], state[2])
    altitude_m = altitude_fast(state[2], r, inv_r)
    layer = flight_layer(altitude_m, body)
    mach, _, _ = mach_of(state, altitude_m, layer)
    return piece_of(layer, segment_of(mach, drag), body, drag)


@inline
def derivative(t: float, state: Vector6, body: Body, piece: Piece) -> Vector6:
    """Return the derivative of a state in the Earth-fixed frame: gravity, rotation, drag and thrust."""
    x, py, z, vx, vy, vz = state
    omega = body.omega_rad_s
    r, inv_r = radius(x, py, z)
    ax, ay, az = gravity_j2(x, py, z, inv_r)
    ax += omega * (omega * x + 2.0 * vy)
    ay += omega * (omega * py - 2.0 * vx)
    altitude_m = 0.0
    pressure = 0.0
    mode = body.mode
    mass = body.mass_kg - body.flow_kg_s * (t - body.t_ignition_s)
    if piece.layer < NO_AIR or mode != COAST:
        altitude_m = altitude_fast(z, r, inv_r)
    if piece.layer < NO_AIR:
        layer = piece.layer
        if layer == UPPER_AIR:
            layer = layer_of(altitude_m, layer)
        i, u, spacing_m = place_in_layer(layer, altitude_m)
        speed = math.sqrt(vx * vx + vy * vy + vz * vz)
        inv_beta = body.inv_beta_m2_kg
        if inv_beta == 0.0:
            cd = piece.cd
            if piece.cd_per_mach != 0.0:
                cd += piece.cd_per_mach * speed / sound_at(i, u, spacing_m)[0]
            inv_beta = cd * body.area_m2 / mass
        if mode != COAST:
            pressure = pressure_at(i, u, spacing_m)
        d = -0.5 * density_at(i, u, spacing_m) * speed * inv_beta
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
