"""One arc against one battery: whether it can be met, and what a launch at each moment of the window leads to.

Compiled.
"""

from __future__ import annotations

import numpy as np

from equipoise._jit import kernel
from equipoise.arrays import FloatArray
from equipoise.defence.engagement_kernels import Shooter, change_of_sight, engage, latest_launch, reason_at
from equipoise.physics.fan_kernels import N_NODE, node_time
from equipoise.sensors.visibility_kernels import VISIBLE, View

# Moments of a window at which the latest launch is worked out: half a second apart in a window of two minutes.
_SAMPLES = 257


@kernel
def engage_arc(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    own_firm_s: float,
    remote_firm_s: float,
    view: View,
    shooter: Shooter,
    table: FloatArray,
    out: FloatArray,
) -> None:
    """Fill ``out`` (E_SIZE,) for one arc (n_node, 6), with firm tracks as ``engagement_kernels.engage`` has them."""
    slack_s = np.empty(N_NODE)
    arrival_s = np.empty(N_NODE)
    seen = np.empty(N_NODE, dtype=np.int64)
    engage(arc, burnout_s, end_s, own_firm_s, remote_firm_s, view, shooter, table, slack_s, arrival_s, seen, out)


@kernel
def tabulate_shots(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    first_intercept_s: float,
    last_intercept_s: float,
    first_launch_s: float,
    shooter: Shooter,
    table: FloatArray,
    intercept_s: FloatArray,
) -> float:
    """Fill ``intercept_s`` (n_step,) with the earliest intercepts of launches evenly spread over a window.

    The window runs from the first to the last intercept that the limits, the radar's sight and its track allow. The
    launches run from ``first_launch_s`` to the last one that still meets the arc in it, which is returned [s].
    """
    moment_s = np.empty(_SAMPLES)
    latest_s = np.empty(_SAMPLES)
    # Along the arc the latest launch mostly rises. Where it falls back, an earlier intercept serves as well.
    best = first_launch_s
    for k in range(_SAMPLES):
        moment_s[k] = first_intercept_s + (last_intercept_s - first_intercept_s) * k / (_SAMPLES - 1)
        best = max(best, latest_launch(arc, moment_s[k], burnout_s, end_s, shooter, table))
        latest_s[k] = best
    steps = intercept_s.shape[0]
    k = 0
    for j in range(steps):
        wanted_s = first_launch_s + (best - first_launch_s) * j / (steps - 1)
        while k < _SAMPLES - 1 and latest_s[k] < wanted_s:
            k += 1
        if k == 0 or latest_s[k] <= latest_s[k - 1]:
            intercept_s[j] = moment_s[k]
        else:
            share = min(max((wanted_s - latest_s[k - 1]) / (latest_s[k] - latest_s[k - 1]), 0.0), 1.0)
            intercept_s[j] = moment_s[k - 1] + share * (moment_s[k] - moment_s[k - 1])
    return best


@kernel
def firm_track(arc: FloatArray, burnout_s: float, end_s: float, confirm_s: float, view: View) -> float:
    """Return when a radar first has a firm track of an arc [s]; inf if it never has one.

    It sees the arc in free flight for the time of confirmation without a break; what it saw before the end of thrust
    does not count.
    """
    n = 0
    while n < N_NODE:
        t = node_time(n, burnout_s, end_s)
        if reason_at(arc, t, burnout_s, end_s, view) != VISIBLE:
            n += 1
            continue
        found_s = 0.0
        if n > 0:
            _, found_s = change_of_sight(arc, node_time(n - 1, burnout_s, end_s), t, burnout_s, end_s, view)
        m = n + 1
        while m < N_NODE and reason_at(arc, node_time(m, burnout_s, end_s), burnout_s, end_s, view) == VISIBLE:
            m += 1
        lost_s = end_s
        if m < N_NODE:
            before_s = node_time(m - 1, burnout_s, end_s)
            lost_s, _ = change_of_sight(arc, before_s, node_time(m, burnout_s, end_s), burnout_s, end_s, view)
        firm_s = max(found_s, burnout_s) + confirm_s
        if firm_s <= lost_s:
            return firm_s
        n = m
    return np.inf
