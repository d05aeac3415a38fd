"""Corners of the air and of the drag table: when a flight meets one, and how a step is made to end there. Compiled.

A corner is the edge of an atmospheric layer or, for a body with Cd(Mach), a knot of its table where the slope changes.
Times to corners are guesses: a step sees its piece carried on beyond the corner, so it stays smooth, and its end is
moved to the corner afterwards.
"""

from __future__ import annotations

import math

from equipoise._jit import inline
from equipoise.arrays import Vector6
from equipoise.physics.earth_kernels import GM_M3_S2, SEMI_MAJOR_M, altitude_fast, radius, up_fast
from equipoise.physics.motion_kernels import (
    COAST,
    NO_AIR,
    TOP_OF_FELT_AIR_M,
    UPPER_AIR,
    Body,
    Piece,
    derivative,
    flight_layer,
    mach_of,
)
from equipoise.physics.step_kernels import inside_step

# A step that ends within this fraction of itself from a corner is drawn out or cut back to the corner; one that went
# further beyond it is taken again.
NEAR = 0.1
# A step is drawn out by this factor if a corner or the end of the phase is then reached.
STRETCH = 1.1
# Nearer than this to a corner ahead, it counts as passed: the slope of what is carried on is off for so short a way.
EDGE_SLACK_M = 0.5
MACH_SLACK = 2e-5
# Where the air ends is no corner that anything feels: a step may end this far from it.
TOP_SLACK_M = 20e3
# A step shorter than this is not cut for a corner.
SHORTEST_S = 1e-3


@inline
def layer_ahead(altitude_m: float, rate: float, body: Body) -> int:
    """Return the layer that a body is in or, within the slack of its end, about to enter."""
    if rate < 0.0 and altitude_m > 0.5 * TOP_OF_FELT_AIR_M:
        return flight_layer(altitude_m - TOP_SLACK_M, body)
    return flight_layer(altitude_m + math.copysign(EDGE_SLACK_M, rate), body)


@inline
def time_to_value(gap: float, rate: float, acceleration: float) -> float:
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
def _time_falling_to(y: Vector6, radius_m: float, omega_rad_s: float) -> float:
    """Return the time until a free body comes down to a distance from the Earth's centre, by Kepler; inf if never."""
    vx = y[3] - omega_rad_s * y[1]
    vy = y[4] + omega_rad_s * y[0]
    r, inv_r = radius(y[0], y[1], y[2])
    inv_a = 2.0 * inv_r - (vx * vx + vy * vy + y[5] * y[5]) / GM_M3_S2
    if inv_a <= 0.0 or r <= radius_m:
        return math.inf
    e_cos = 1.0 - r * inv_a
    e_sin = (y[0] * vx + y[1] * vy + y[2] * y[5]) * math.sqrt(inv_a / GM_M3_S2)
    e = math.sqrt(e_cos * e_cos + e_sin * e_sin)
    cos_end = 1.0 - radius_m * inv_a
    if e <= abs(cos_end):
        return math.inf
    sweep = 2.0 * math.pi - math.acos(cos_end / e) - math.atan2(e_sin, e_cos)
    if sweep > 2.0 * math.pi:
        sweep -= 2.0 * math.pi
    return (sweep + math.sqrt(e * e - cos_end * cos_end) + e_sin) / math.sqrt(GM_M3_S2 * inv_a * inv_a * inv_a)


@inline
def mach_and_rate(y: Vector6, k: Vector6, altitude_m: float, rate: float, layer: int) -> tuple[float, float]:
    """Return the Mach number and its rate [1/s]."""
    mach, sound, slope = mach_of(y, altitude_m, layer)
    speed = mach * sound
    if speed > 0.0:
        gain = (y[3] * k[3] + y[4] * k[4] + y[5] * k[5]) / speed
    else:
        gain = math.sqrt(k[3] * k[3] + k[4] * k[4] + k[5] * k[5])
    return mach, (gain - mach * slope * rate) / sound


@inline
def climb_rate_change(y: Vector6, k: Vector6, altitude_m: float, rate: float) -> float:
    """Return the second derivative of the height [m/s2]."""
    ux, uy, uz = up_fast(y[0], y[1], y[2], altitude_m)
    across2 = y[3] * y[3] + y[4] * y[4] + y[5] * y[5] - rate * rate
    return k[3] * ux + k[4] * uy + k[5] * uz + across2 / (SEMI_MAJOR_M + altitude_m)


@inline
def time_to_edge(
    y: Vector6, altitude_m: float, rate: float, acceleration: float, jerk: float, body: Body, piece: Piece
) -> float:
    """Estimate the time until a body leaves its layer of air [s]; inf if it does not, or far from it."""
    if piece.layer == NO_AIR:
        if body.air == 0.0 or body.mode != COAST:
            return math.inf
        r, _ = radius(y[0], y[1], y[2])
        return _time_falling_to(y, r - altitude_m + piece.bottom_m, body.omega_rad_s)
    if piece.layer == UPPER_AIR and rate > 0.0:
        return math.inf
    gap_m = (piece.top_m if rate > 0.0 else piece.bottom_m) - altitude_m
    best = time_to_value(gap_m, rate, acceleration) if gap_m * rate > 0.0 else math.inf
    # Two Newton steps bring in the jerk, while they stay near.
    if best < 60.0:
        time = best
        for _ in range(2):
            slope = rate + time * (acceleration + 0.5 * time * jerk)
            time -= (time * (rate + time * (0.5 * acceleration + time * jerk / 6.0)) - gap_m) / slope
        if 0.5 * best < time < 2.0 * best:
            best = time
    return best


@inline
def time_to_end(value: float, rate: float, low: float, high: float) -> float:
    """Return the time to the end of an interval ahead of a value, negative if it is past; inf if it is at rest."""
    if rate > 0.0:
        return (high - value) / rate
    if rate < 0.0:
        return (low - value) / rate
    return math.inf


@inline
def leaves_layer(altitude_m: float, piece: Piece) -> bool:
    """Whether a height lies beyond the piece. Climbing out of the felt air does not count: nothing is lost by it."""
    if piece.layer == NO_AIR:
        return altitude_m < piece.bottom_m - TOP_SLACK_M
    if altitude_m > piece.top_m + 2.0 * EDGE_SLACK_M and piece.layer < UPPER_AIR:
        return True
    return altitude_m < piece.bottom_m - 2.0 * EDGE_SLACK_M


@inline
def leaves_segment(mach: float, piece: Piece) -> bool:
    """Whether a Mach number lies beyond the piece."""
    return mach > piece.most_mach + 2.0 * MACH_SLACK or mach < piece.least_mach - 2.0 * MACH_SLACK


@inline
def altitude_and_mach(state: Vector6, layer: int, watch_mach: bool) -> tuple[float, float]:
    """Return the height [m] and, if it is watched, the Mach number."""
    r, inv_r = radius(state[0], state[1], state[2])
    altitude_m = altitude_fast(state[2], r, inv_r)
    if not watch_mach:
        return altitude_m, 0.0
    return altitude_m, mach_of(state, altitude_m, layer)[0]


@inline
def fraction_inside(
    h: float, y: Vector6, k: Vector6, y1: Vector6, k1: Vector6, piece: Piece, watch_mach: bool
) -> float:
    """Return the fraction of a step at which it left its piece, by bisection."""
    low = 0.0
    high = 1.0
    for _ in range(12):
        mid = 0.5 * (low + high)
        altitude_m, mach = altitude_and_mach(inside_step(mid, h, y, k, y1, k1), piece.layer, watch_mach)
        if leaves_layer(altitude_m, piece) or leaves_segment(mach, piece):
            high = mid
        else:
            low = mid
    return 0.5 * (low + high)


@inline
def moved(
    t: float, move_s: float, h: float, y: Vector6, k: Vector6, y1: Vector6, k1: Vector6, body: Body, piece: Piece
) -> tuple[Vector6, Vector6]:
    """Return state and derivative a short time after (or before) the end ``y1`` of a step, by Simpson's rule."""
    half = derivative(t + 0.5 * move_s, inside_step(1.0 + 0.5 * move_s / h, h, y, k, y1, k1), body, piece)
    whole = derivative(t + move_s, inside_step(1.0 + move_s / h, h, y, k, y1, k1), body, piece)
    w = move_s / 6.0
    vx = y1[3] + w * (k1[3] + 4.0 * half[3] + whole[3])
    vy = y1[4] + w * (k1[4] + 4.0 * half[4] + whole[4])
    vz = y1[5] + w * (k1[5] + 4.0 * half[5] + whole[5])
    state = (
        y1[0] + move_s * (y1[3] + w * (k1[3] + 2.0 * half[3])),
        y1[1] + move_s * (y1[4] + w * (k1[4] + 2.0 * half[4])),
        y1[2] + move_s * (y1[5] + w * (k1[5] + 2.0 * half[5])),
        vx,
        vy,
        vz,
    )
    return state, (vx, vy, vz, whole[3], whole[4], whole[5])
