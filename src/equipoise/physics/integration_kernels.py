"""One smooth phase of flight, integrated: steps, their errors, the corners they end at, apogee and ground. Compiled.

The order-8 Dormand-Prince pair under a step control that bounds the local error in metres. A step ends where the air
or the drag table has a corner and sees what it stays in carried on beyond, so that within a step everything is smooth
wherever the corner was guessed to be; its end is then moved to the corner. Apogee and impact are located within their
step, which is taken again to there.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise._jit import helper, inline
from equipoise.arrays import FloatArray, Vector6
from equipoise.physics.corner_kernels import (
    MACH_SLACK,
    NEAR,
    SHORTEST_S,
    STRETCH,
    altitude_and_mach,
    climb_rate_change,
    fraction_inside,
    layer_ahead,
    leaves_layer,
    leaves_segment,
    mach_and_rate,
    moved,
    time_to_edge,
    time_to_end,
    time_to_value,
)
from equipoise.physics.earth_kernels import ecef_to_geodetic
from equipoise.physics.motion_kernels import (
    ALONG_VELOCITY,
    UPPER_AIR,
    Body,
    PackedDrag,
    derivative,
    mach_of,
    piece_of,
    segment_of,
)
from equipoise.physics.step_kernels import (
    altitude_and_rate,
    inside_step,
    rk_step,
    rk_step_again,
)

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
# Thrust along the velocity turns an error of its direction, greatest at low speed, into one of the whole flight.
TURN_FRACTION = 0.03
# Below this a local error drowns in rounding.
LEAST_TOLERANCE_M = 3e-11


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
    if body.mode == ALONG_VELOCITY:
        tolerance_m = max(TURN_FRACTION * tolerance_m, min(tolerance_m, LEAST_TOLERANCE_M))
    watch_mach = body.air > 0.0 and body.inv_beta_m2_kg == 0.0
    altitude_m, rate = altitude_and_rate(y)
    layer = layer_ahead(altitude_m, rate, body)
    segment = 0
    mach = 0.0
    mach_rate = 0.0
    if watch_mach:
        mach, _, _ = mach_of(y, altitude_m, layer)
        segment = segment_of(mach, drag)
    piece = piece_of(layer, segment, body, drag)
    k = derivative(t, y, body, piece)
    if watch_mach:
        _, mach_rate = mach_and_rate(y, k, altitude_m, rate, layer)
        segment = segment_of(mach + math.copysign(MACH_SLACK, mach_rate), drag)
        piece = piece_of(layer, segment, body, drag)
    if 0 < count <= nodes.shape[0]:
        for c in range(3):
            nodes[count - 1, 10 + c] = k[3 + c]
    status = ALOFT
    acceleration = 0.0
    acceleration_before = 0.0
    mach_rate_before = 0.0
    since_s = 0.0  # no step before this one
    mach_since_s = 0.0
    corner_s = math.inf
    again = False
    rejected = False
    while t < t_end:
        if steps >= MAX_STEPS:
            status = TOO_MANY_STEPS
            break
        steps += 1
        if not again:
            acceleration_before = acceleration
            acceleration = climb_rate_change(y, k, altitude_m, rate)
            jerk = (acceleration - acceleration_before) / since_s if since_s > 0.0 else 0.0
            corner_s = time_to_edge(y, altitude_m, rate, acceleration, jerk, body, piece)
            if watch_mach:
                curving = (mach_rate - mach_rate_before) / mach_since_s if mach_since_s > 0.0 else 0.0
                gap = (piece.most_mach if mach_rate > 0.0 else piece.least_mach) - mach
                if gap * mach_rate > 0.0 and abs(gap) < math.inf:
                    corner_s = min(corner_s, time_to_value(gap, mach_rate, curving))
        step = corner_s if corner_s < STRETCH * h else h
        last = t_end - t <= min(STRETCH * step, corner_s)
        if last:
            step = t_end - t
        y1, k1, error = rk_step(t, step, y, k, body, piece, tolerance_m)
        if not error <= 1.0:
            h = step * (max(0.2, 0.9 * error**-0.125) if error < np.inf else 0.2)
            again = True
            rejected = True
            if h < 1e-6:
                status = TOO_MANY_STEPS
                break
            continue
        altitude1_m, rate1 = altitude_and_rate(y1)
        mach1 = 0.0
        mach_rate1 = 0.0
        if watch_mach:
            mach1, mach_rate1 = mach_and_rate(y1, k1, altitude1_m, rate1, piece.layer)
        # The corner nearest to the step's end, if one is near; a step that ends far beyond one is taken again.
        move_s = math.inf
        by_mach = False
        far = False
        if piece.layer < UPPER_AIR or (piece.layer == UPPER_AIR and rate1 < 0.0):
            move_s = time_to_end(altitude1_m, rate1, piece.bottom_m, piece.top_m)
        if abs(move_s) > NEAR * step:
            move_s = math.inf
            far = leaves_layer(altitude1_m, piece)
        if watch_mach:
            to_knot_s = time_to_end(mach1, mach_rate1, piece.least_mach, piece.most_mach)
            if abs(to_knot_s) > NEAR * step:
                far = far or leaves_segment(mach1, piece)
            elif to_knot_s < move_s:
                move_s = to_knot_s
                by_mach = True
        if far and step > SHORTEST_S:
            corner_s = step * fraction_inside(step, y, k, y1, k1, piece, watch_mach)
            again = True
            continue
        growth = min(5.0, max(0.3, 0.9 * error**-0.125)) if error > 0.0 else 5.0
        if rejected:
            growth = min(growth, 1.0)
        h = step * growth if step >= h or growth < 1.0 else max(h, step * growth)
        again = False
        rejected = False
        if rate > 0.0 and rate1 <= 0.0:
            theta = _root_in_step(1, step, y, k, y1, k1)
            # The step is taken again to there: over minutes the quintic is off by metres.
            top, top_k, _ = rk_step_again(t, theta * step, y, k, body, piece, tolerance_m)
            top_m, top_rate = altitude_and_rate(top)
            late_s = top_rate / climb_rate_change(top, top_k, top_m, top_rate)
            _, _, apogee_m = ecef_to_geodetic(top[0], top[1], top[2])
            apogee_m -= 0.5 * top_rate * late_s
            if apogee_m > summary[S_APOGEE_M]:
                summary[S_APOGEE_T] = t + theta * step - late_s
                summary[S_APOGEE_M] = apogee_m
        if altitude1_m < 0.0 and rate1 < 0.0:
            # The step is taken again, with the size that ends on the ground.
            hit = step * _root_in_step(0, step, y, k, y1, k1)
            for _ in range(3):
                y1, k1, error = rk_step_again(t, hit, y, k, body, piece, tolerance_m)
                altitude1_m, rate1 = altitude_and_rate(y1)
                if abs(altitude1_m) < 1e-6:
                    break
                hit -= altitude1_m / rate1
            t += hit
            y = y1
            if keeping:
                count = keep_node(nodes, count, t, y, k1)
            status = IMPACT
            break
        end_s = t_end if last else t + step
        if move_s != math.inf and not (last and move_s >= 0.0):
            # Where a rate is near rest this search may run away; the step then ends where it ended.
            for _ in range(4):
                if not abs(move_s) <= 1.5 * NEAR * step:
                    break
                state = inside_step(1.0 + move_s / step, step, y, k, y1, k1)
                there_m, there_mach = altitude_and_mach(state, piece.layer, watch_mach)
                if by_mach:
                    move_s += time_to_end(there_mach, mach_rate1, piece.least_mach, piece.most_mach)
                else:
                    move_s += time_to_end(there_m, rate1, piece.bottom_m, piece.top_m)
            if abs(move_s) <= 1.5 * NEAR * step and end_s + move_s > t:
                y1, k1 = moved(end_s, move_s, step, y, k, y1, k1, body, piece)
                end_s += move_s
                altitude1_m, rate1 = altitude_and_rate(y1)
                if watch_mach:
                    mach1, mach_rate1 = mach_and_rate(y1, k1, altitude1_m, rate1, piece.layer)
        since_s = end_s - t
        mach_since_s = since_s
        mach_rate_before = mach_rate
        t = end_s
        y = y1
        k = k1
        altitude_m = altitude1_m
        rate = rate1
        mach = mach1
        mach_rate = mach_rate1
        layer = layer_ahead(altitude_m, rate, body)
        if watch_mach:
            if layer != piece.layer:
                mach, mach_rate = mach_and_rate(y, k, altitude_m, rate, layer)
                mach_since_s = 0.0
            if layer != piece.layer or mach >= piece.most_mach - MACH_SLACK or mach <= piece.least_mach + MACH_SLACK:
                segment = segment_of(mach + math.copysign(MACH_SLACK, mach_rate), drag)
        if layer != piece.layer or segment != piece.segment:
            if segment != piece.segment:
                mach_since_s = 0.0
            piece = piece_of(layer, segment, body, drag)
        if keeping:
            count = keep_node(nodes, count, t, y, k)
    summary[S_NODES] = count
    summary[S_STEPS] = steps
    return status, t, h, y
