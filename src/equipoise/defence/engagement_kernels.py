"""When a battery can meet an arc: visibility, time to commit, reach, and the shots that fit. Compiled.

At every moment of an arc the battery has slacks, in seconds: how long the interceptor could have waited and still be
there, how long the radar will keep the target in view, and how far the target is inside the interceptor's range and
altitude limits, as time at the target's own speed. The smallest of them is the margin at that moment; the margin of
the arc is the largest over its moments. Above zero the arc can be met, and the edge of a defended area is where the
margin crosses zero.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from equipoise._jit import helper, inline
from equipoise.arrays import FloatArray, IntArray, Vector6
from equipoise.defence.reach_kernels import time_to
from equipoise.physics.earth_kernels import MEAN_RADIUS_M, altitude_fast, radius
from equipoise.physics.fan_kernels import N_FREE, N_NODE, arc_at, node_time
from equipoise.sensors import visibility_kernels as vk

# What binds: 1 to 4 are the radar's reasons of ``visibility_kernels``.
DEFENDED = 0
TIMELINE = 5
RANGE = 6
MIN_ALTITUDE = 7
MAX_ALTITUDE = 8
FLIGHT_TIME = 9
NOT_THREATENED = 10

# Firm tracks [s] that leave an engagement to the radar's sight alone: its own is not late, and there is none from
# elsewhere.
SIGHT_ALONE = (-math.inf, math.inf)

# Margins below this say no more than "by far".
FLOOR_S = -600.0
MAX_SHOTS = 12
# A shooter that reaches no farther takes the arc from its chord by a short series. [m]
SERIES_RANGE_M = 400e3
# Halvings of a step between nodes (8 s for a flight of 500 s): edges of windows and of sight to some 10 ms.
_BISECTIONS = 10
# Steps of the golden-section search for the best moment: margins to some ms.
_GOLDEN_STEPS = 13
_SECANTS = 5
_GOLDEN = 0.6180339887498949

# Indices of the row that an engagement fills.
E_MARGIN = 0
E_CONSTRAINT = 1
E_SHOTS = 2
E_DETECTION = 3
E_LOST = 4
E_FIRST_LAUNCH = 5
E_FIRST_INTERCEPT = 6
E_LAST_LAUNCH = 7
E_LAST_INTERCEPT = 8
E_BEST = 9
E_END = 10
E_SIZE = 11


class Shooter(NamedTuple):
    """A launcher and its rules as floats: unit vector to it, limits [m], [s], and delays [s]."""

    ux: float
    uy: float
    uz: float
    min_altitude_m: float
    max_altitude_m: float
    max_range_m: float
    max_flight_time_s: float
    confirm_s: float  # first detection to firm track
    commit_s: float  # firm track to launch
    blind_flight: float  # share of the interceptor's flight that needs no view of the target: 0, or 1 for all of it
    assess_s: float  # intercept to the next launch
    table_step_m: float


@inline
def place_of(state: Vector6, shooter: Shooter) -> tuple[float, float]:
    """Return ground range from the launcher and altitude of a target [m].

    The arc over the chord is a series of two terms for short-range shooters (0.9 mm at 200 km, 2.8 m at 1,000 km), and
    exact for those that reach farther, where the series would be 9 km short at 5,000 km.
    """
    r, inv_r = radius(state[0], state[1], state[2])
    cx = state[0] * inv_r - shooter.ux
    cy = state[1] * inv_r - shooter.uy
    cz = state[2] * inv_r - shooter.uz
    chord = math.sqrt(cx * cx + cy * cy + cz * cz)
    if shooter.max_range_m > SERIES_RANGE_M:
        ground_m = MEAN_RADIUS_M * 2.0 * math.asin(min(0.5 * chord, 1.0))
    else:
        ground_m = MEAN_RADIUS_M * chord * (1.0 + chord * chord / 24.0)
    return ground_m, altitude_fast(state[2], r, inv_r)


@inline
def limit_slacks(state: Vector6, shooter: Shooter, table: FloatArray) -> tuple[float, float, float, float, float]:
    """Return time to a target [s] and its slacks [s] of range, low and high altitude and flight time.

    The time to a point outside the limits is that to the nearest range and altitude inside them: by how much they are
    missed is told by their own slacks, and the timeline goes on counting.
    """
    ground_m, altitude_m = place_of(state, shooter)
    speed = math.sqrt(state[3] * state[3] + state[4] * state[4] + state[5] * state[5]) + 1.0
    near_m = min(ground_m, shooter.max_range_m)
    inside_m = min(max(altitude_m, shooter.min_altitude_m), shooter.max_altitude_m)
    flight_s = time_to(near_m, inside_m, shooter.table_step_m, table)
    return (
        flight_s,
        (shooter.max_range_m - ground_m) / speed,
        (altitude_m - shooter.min_altitude_m) / speed,
        (shooter.max_altitude_m - altitude_m) / speed,
        shooter.max_flight_time_s - flight_s,
    )


@inline
def smallest(flight_s: float, in_range: float, above: float, below: float, in_time: float) -> float:
    """Return the smallest of the limit slacks; where the table has no time, that of range and altitude, below zero."""
    slack = min(in_range, min(above, below))
    if flight_s < np.inf:
        return min(slack, in_time)
    return min(slack, -1.0)


@inline
def needed_until(t: float, flight_s: float, shooter: Shooter) -> float:
    """Return until when the radar must see the target for an intercept at a moment [s]."""
    if flight_s < np.inf:
        return t - shooter.blind_flight * flight_s
    return t


@inline
def margin_at(
    arc: FloatArray,
    t: float,
    burnout_s: float,
    end_s: float,
    ready_s: float,
    guided_s: float,
    lost_s: float,
    shooter: Shooter,
    table: FloatArray,
) -> float:
    """Return the smallest slack at a moment.

    Of the limits, of the time to be there from ``ready_s``, of the own track from ``guided_s`` and of the view until
    ``lost_s``.
    """
    flight_s, in_range, above, below, in_time = limit_slacks(arc_at(arc, t, burnout_s, end_s), shooter, table)
    margin = smallest(flight_s, in_range, above, below, in_time)
    if flight_s < np.inf:
        margin = min(margin, t - flight_s - ready_s)
        margin = min(margin, min(t, lost_s) - guided_s)
    return min(margin, lost_s - needed_until(t, flight_s, shooter))


@inline
def own_firm(found_s: float, own_firm_s: float, shooter: Shooter) -> float:
    """Return when the radar has a firm track of its own of a target that it sees from ``found_s`` on [s].

    Later where the way it searches makes it later, ``own_firm_s``; an interval of sight that ends before has none.
    """
    firm_s = found_s + shooter.confirm_s
    if own_firm_s > firm_s:
        return own_firm_s
    return firm_s


@inline
def ready_from(firm_s: float, remote_firm_s: float, lost_s: float, shooter: Shooter) -> tuple[float, float]:
    """Return from when on the battery may launch and from when on the radar's own track guides to an intercept [s].

    A track from elsewhere before the radar's own allows the launch, but the target is met only once the own one is
    there; where sight ends before it comes, the track from elsewhere is of no use. Launched on the own track, the
    interceptor is guided from the first: -inf.
    """
    if remote_firm_s < firm_s and firm_s <= lost_s:
        return remote_firm_s + shooter.commit_s, firm_s
    return firm_s + shooter.commit_s, -np.inf


@inline
def node_margin(
    t: float, slack_s: float, arrival_s: float, ready_s: float, guided_s: float, lost_s: float, shooter: Shooter
) -> float:
    """Return the margin of a moment as :func:`margin_at`, from its smallest limit slack and latest launch [s]."""
    margin = min(slack_s, lost_s - needed_until(t, t - arrival_s, shooter))
    if arrival_s > -np.inf:
        margin = min(margin, arrival_s - ready_s)
        margin = min(margin, min(t, lost_s) - guided_s)
    return margin


@inline
def _is_top(
    n: int,
    burnout_s: float,
    end_s: float,
    slack_s: FloatArray,
    arrival_s: FloatArray,
    ready_s: float,
    guided_s: float,
    lost_s: float,
    shooter: Shooter,
) -> bool:
    """Return whether the margin at a node is no smaller than at its neighbours."""
    here = -np.inf
    beside = -np.inf
    for i in range(max(n - 1, 0), min(n + 2, N_NODE)):
        t = node_time(i, burnout_s, end_s)
        margin = node_margin(t, slack_s[i], arrival_s[i], ready_s, guided_s, lost_s, shooter)
        if i == n:
            here = margin
        else:
            beside = max(beside, margin)
    return here >= beside


@inline
def reason_at(arc: FloatArray, t: float, burnout_s: float, end_s: float, view: vk.View) -> int:
    """Return what keeps the arc out of sight at a moment; 0 if it is seen."""
    x, y, z, _, _, _ = arc_at(arc, t, burnout_s, end_s)
    reason, _, _ = vk.look(x, y, z, view)
    return reason


@inline
def change_of_sight(
    arc: FloatArray, low_s: float, high_s: float, burnout_s: float, end_s: float, view: vk.View
) -> tuple[float, float]:
    """Return two moments close together around the change of sight between two, one seen and one not."""
    seen_low = reason_at(arc, low_s, burnout_s, end_s, view) == vk.VISIBLE
    for _ in range(_BISECTIONS):
        mid_s = 0.5 * (low_s + high_s)
        if (reason_at(arc, mid_s, burnout_s, end_s, view) == vk.VISIBLE) == seen_low:
            low_s = mid_s
        else:
            high_s = mid_s
    return low_s, high_s


@helper
def engage(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    own_firm_s: float,
    remote_firm_s: float,
    view: vk.View,
    shooter: Shooter,
    table: FloatArray,
    slack_s: FloatArray,
    arrival_s: FloatArray,
    seen: IntArray,
    out: FloatArray,
) -> None:
    """Work out one engagement of an arc (n_node, 6).

    ``own_firm_s`` is when the radar's way of searching gives it a firm track: +inf never, -inf or nan as soon as sight
    and confirmation do. From ``remote_firm_s`` on the battery has the firm track of another sensor; +inf or nan never.
    ``slack_s``, ``arrival_s`` and ``seen`` (n_node,) are scratch: the smallest limit slack, the latest launch that
    meets the arc at a node, and the radar's reason there. ``out`` (E_SIZE,) is filled; times that do not exist are nan.
    """
    out[:] = np.nan
    out[E_SHOTS] = 0.0
    out[E_END] = end_s
    for n in range(N_NODE):
        t = node_time(n, burnout_s, end_s)
        state = (arc[n, 0], arc[n, 1], arc[n, 2], arc[n, 3], arc[n, 4], arc[n, 5])
        flight_s, in_range, above, below, in_time = limit_slacks(state, shooter, table)
        slack_s[n] = smallest(flight_s, in_range, above, below, in_time)
        arrival_s[n] = t - flight_s
        seen[n], _, _ = vk.look(state[0], state[1], state[2], view)
    best_margin = -np.inf
    best_ready_s = np.nan
    best_guided_s = -np.inf
    best_time_s = np.nan
    blocked_before = vk.VISIBLE
    n = 0
    while n < N_NODE:
        if seen[n] != vk.VISIBLE:
            n += 1
            continue
        # An interval of sight: from before node n to after node m - 1.
        m = n
        while m < N_NODE and seen[m] == vk.VISIBLE:
            m += 1
        found_s = 0.0
        before = vk.VISIBLE
        if n > 0:
            low_s, found_s = change_of_sight(
                arc, node_time(n - 1, burnout_s, end_s), node_time(n, burnout_s, end_s), burnout_s, end_s, view
            )
            before = reason_at(arc, low_s, burnout_s, end_s, view)
        lost_s = end_s
        if m < N_NODE:
            lost_s, _ = change_of_sight(
                arc, node_time(m - 1, burnout_s, end_s), node_time(m, burnout_s, end_s), burnout_s, end_s, view
            )
        firm_s = own_firm(found_s, own_firm_s, shooter)
        if firm_s == np.inf:
            # Seen, but never tracked: the first interval of sight is told, and no margin comes of it.
            if out[E_DETECTION] != out[E_DETECTION]:
                out[E_DETECTION] = found_s
                out[E_LOST] = lost_s
            n = m
            continue
        ready_s, guided_s = ready_from(firm_s, remote_firm_s, lost_s, shooter)
        top = 0
        top_margin = -np.inf
        for i in range(N_NODE):
            t = node_time(i, burnout_s, end_s)
            margin = node_margin(t, slack_s[i], arrival_s[i], ready_s, guided_s, lost_s, shooter)
            if margin > top_margin:
                top_margin = margin
                top = i
        # The margin is unimodal near its top: golden-section search between the neighbours of the best node. A track
        # from elsewhere may open a second top on the way up: then between those of every node above its neighbours.
        node_top = top
        top_s = node_time(top, burnout_s, end_s)
        for k in range(N_NODE):
            if k != node_top and (
                guided_s == -np.inf
                or not _is_top(k, burnout_s, end_s, slack_s, arrival_s, ready_s, guided_s, lost_s, shooter)
            ):
                continue
            a = node_time(max(k - 1, 0), burnout_s, end_s)
            b = node_time(min(k + 1, N_NODE - 1), burnout_s, end_s)
            t1 = b - _GOLDEN * (b - a)
            t2 = a + _GOLDEN * (b - a)
            m1 = margin_at(arc, t1, burnout_s, end_s, ready_s, guided_s, lost_s, shooter, table)
            m2 = margin_at(arc, t2, burnout_s, end_s, ready_s, guided_s, lost_s, shooter, table)
            for _ in range(_GOLDEN_STEPS):
                if m1 > top_margin:
                    top_margin = m1
                    top_s = t1
                if m2 > top_margin:
                    top_margin = m2
                    top_s = t2
                if m1 < m2:
                    a = t1
                    t1 = t2
                    m1 = m2
                    t2 = a + _GOLDEN * (b - a)
                    m2 = margin_at(arc, t2, burnout_s, end_s, ready_s, guided_s, lost_s, shooter, table)
                else:
                    b = t2
                    t2 = t1
                    m2 = m1
                    t1 = b - _GOLDEN * (b - a)
                    m1 = margin_at(arc, t1, burnout_s, end_s, ready_s, guided_s, lost_s, shooter, table)
        if top_margin > best_margin:
            best_margin = top_margin
            best_ready_s = ready_s
            best_guided_s = guided_s
            best_time_s = top_s
            blocked_before = before
            out[E_DETECTION] = found_s
            out[E_LOST] = lost_s
        n = m
    out[E_BEST] = best_time_s
    out[E_MARGIN] = max(best_margin, FLOOR_S)
    if best_margin > 0.0:
        out[E_CONSTRAINT] = DEFENDED
        _shots(arc, burnout_s, end_s, best_time_s, best_ready_s, best_guided_s, shooter, table, slack_s, arrival_s, out)
        return
    found_s = out[E_DETECTION]
    if own_firm_s == np.inf and found_s == found_s:
        out[E_CONSTRAINT] = TIMELINE
        return
    constraint = _what_binds(
        arc, burnout_s, end_s, blocked_before, remote_firm_s, shooter, table, slack_s, arrival_s, seen
    )
    if vk.VISIBLE < constraint < TIMELINE and own_firm_s > found_s + shooter.confirm_s:
        # The radar binds: by its search, if a firm track as soon as sight and confirmation give it would have done.
        lost_s = out[E_LOST]
        ready_s, guided_s = ready_from(found_s + shooter.confirm_s, remote_firm_s, lost_s, shooter)
        for i in range(N_NODE):
            t = node_time(i, burnout_s, end_s)
            if node_margin(t, slack_s[i], arrival_s[i], ready_s, guided_s, lost_s, shooter) > 0.0:
                constraint = TIMELINE
                break
    out[E_CONSTRAINT] = constraint


@inline
def _what_binds(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    blocked_before: int,
    remote_firm_s: float,
    shooter: Shooter,
    table: FloatArray,
    slack_s: FloatArray,
    arrival_s: FloatArray,
    seen: IntArray,
) -> int:
    """Return the constraint that keeps an arc from being met."""
    # Could it be met if the radar had it from launch on? If not, the interceptor binds, whatever the radar sees.
    unseen_top = 0
    unseen_margin = -np.inf
    head_start_s, _ = ready_from(shooter.confirm_s, remote_firm_s, end_s, shooter)
    for i in range(N_NODE):
        margin = slack_s[i]
        if arrival_s[i] > -np.inf:
            margin = min(margin, arrival_s[i] - head_start_s)
        if margin > unseen_margin:
            unseen_margin = margin
            unseen_top = i
    if unseen_margin <= 0.0:
        t = node_time(unseen_top, burnout_s, end_s)
        flight_s, in_range, above, below, in_time = limit_slacks(arc_at(arc, t, burnout_s, end_s), shooter, table)
        least = smallest(flight_s, in_range, above, below, in_time)
        if flight_s < np.inf and t - flight_s - head_start_s < least:
            return TIMELINE
        if min(in_range, min(above, below)) > least:
            return FLIGHT_TIME
        # At the best moment two limits often tie, one being left and one being reached: what is reached too late binds.
        # An arc that comes into range only below the lowest altitude is out of range; one that comes down to the
        # highest altitude only beyond the range is too high.
        spacing_s = (end_s - burnout_s) / (N_FREE - 1)
        ground_m, _ = place_of(arc_at(arc, t, burnout_s, end_s), shooter)
        ground_later_m, _ = place_of(arc_at(arc, min(end_s, t + spacing_s), burnout_s, end_s), shooter)
        if ground_later_m > ground_m and below <= min(in_range, above) + spacing_s:
            return MAX_ALTITUDE
        if in_range <= min(above, below) + spacing_s:
            return RANGE
        return MIN_ALTITUDE if above < below else MAX_ALTITUDE
    # The interceptor could; the radar binds: by what hides the target at the moment that suits the interceptor best,
    # or, if it is seen then, by what hid it before it was found.
    if seen[unseen_top] != vk.VISIBLE:
        return int(seen[unseen_top])
    if blocked_before != vk.VISIBLE:
        return blocked_before
    return TIMELINE


@inline
def _shots(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    best_time_s: float,
    ready_s: float,
    guided_s: float,
    shooter: Shooter,
    table: FloatArray,
    slack_s: FloatArray,
    arrival_s: FloatArray,
    out: FloatArray,
) -> None:
    """Fill in the shots that fit one after another, each after the outcome of the last is known.

    The last launch and intercept are those of the window's end: the latest that still work, whatever was shot before.
    """
    lost_s = out[E_LOST]
    first = best_time_s
    last = best_time_s
    # The window around the best moment in which every limit holds.
    for n in range(N_NODE - 1, -1, -1):
        t = node_time(n, burnout_s, end_s)
        if t < best_time_s:
            if slack_s[n] > 0.0:
                first = t
            else:
                first = _edge(arc, t, first, burnout_s, end_s, lost_s, shooter, table)
                break
    first = max(first, guided_s)
    for n in range(N_NODE):
        t = node_time(n, burnout_s, end_s)
        if t > best_time_s:
            if slack_s[n] > 0.0 and needed_until(t, t - arrival_s[n], shooter) < lost_s:
                last = t
            else:
                last = _edge(arc, t, last, burnout_s, end_s, lost_s, shooter, table)
                break
    launch_s = ready_s
    shots = 0
    latest_s = latest_launch(arc, last, burnout_s, end_s, shooter, table)
    while shots < MAX_SHOTS:
        a = first
        if latest_launch(arc, first, burnout_s, end_s, shooter, table) < launch_s:
            if latest_s < launch_s:
                # The window ends on time to arrive, not on a limit: the best moment may still do for the first shot.
                if shots == 0:
                    shots = 1
                    out[E_FIRST_INTERCEPT] = best_time_s
                    out[E_LAST_INTERCEPT] = best_time_s
                    out[E_FIRST_LAUNCH] = latest_launch(arc, best_time_s, burnout_s, end_s, shooter, table)
                    out[E_LAST_LAUNCH] = out[E_FIRST_LAUNCH]
                break
            # The latest launch rises almost straight with the moment of the intercept: the secant finds it at once.
            b = last
            ahead_a = latest_launch(arc, a, burnout_s, end_s, shooter, table) - launch_s
            ahead_b = latest_s - launch_s
            for _ in range(_SECANTS):
                mid = a - ahead_a * (b - a) / (ahead_b - ahead_a)
                ahead = latest_launch(arc, mid, burnout_s, end_s, shooter, table) - launch_s
                if ahead < 0.0:
                    a = mid
                    ahead_a = ahead
                else:
                    b = mid
                    ahead_b = ahead
            if b == last:
                # Where the latest launch rises ever faster, the secant never comes from this side: halve instead.
                for _ in range(_BISECTIONS):
                    mid = 0.5 * (a + b)
                    if latest_launch(arc, mid, burnout_s, end_s, shooter, table) < launch_s:
                        a = mid
                    else:
                        b = mid
            a = b
        intercept_s = a
        shots += 1
        launched_s = latest_launch(arc, intercept_s, burnout_s, end_s, shooter, table)
        if shots == 1:
            out[E_FIRST_LAUNCH] = launched_s
            out[E_FIRST_INTERCEPT] = intercept_s
            out[E_LAST_LAUNCH] = max(latest_s, launched_s)
            out[E_LAST_INTERCEPT] = max(last, intercept_s)
        launch_s = intercept_s + shooter.assess_s
    out[E_SHOTS] = shots


@inline
def latest_launch(
    arc: FloatArray, t: float, burnout_s: float, end_s: float, shooter: Shooter, table: FloatArray
) -> float:
    """Return the launch time [s] that meets the arc at a moment."""
    flight_s, _, _, _, _ = limit_slacks(arc_at(arc, t, burnout_s, end_s), shooter, table)
    return t - flight_s


@inline
def _edge(
    arc: FloatArray,
    outside_s: float,
    inside_s: float,
    burnout_s: float,
    end_s: float,
    lost_s: float,
    shooter: Shooter,
    table: FloatArray,
) -> float:
    """Return the edge, on the inner side, of the window between a moment outside the limits and one inside."""
    for _ in range(_BISECTIONS):
        mid_s = 0.5 * (outside_s + inside_s)
        flight_s, in_range, above, below, in_time = limit_slacks(arc_at(arc, mid_s, burnout_s, end_s), shooter, table)
        in_view = needed_until(mid_s, flight_s, shooter) < lost_s
        if smallest(flight_s, in_range, above, below, in_time) > 0.0 and in_view:
            inside_s = mid_s
        else:
            outside_s = mid_s
    return inside_s
