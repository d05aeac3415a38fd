"""What a radar sees along an arc: stretches with their reasons, looks, detection, firm track. Compiled.

An arc has the nodes of a fan: shape (n_node, 6), position [m] and velocity [m/s] in ecef.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from equipoise._jit import inline, kernel
from equipoise.arrays import FloatArray, IntArray
from equipoise.physics.fan_kernels import N_FREE, N_NODE, arc_at, node_time
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.detection_kernels import one_look

# Longest time between two samples; a stretch in or out of sight that is shorter may be missed.
SAMPLE_S = 6.0
_MAX_PARTS = 24
# Halvings of a sample's step: the ends of stretches to 6 ms.
_BISECTIONS = 10
MAX_SPANS = 4096
# Looks end when the target has been missed with no more than this probability.
_SURE = 1e-9

# The row that an arc fills.
T_RISE = 0
T_FIRST_LOOK = 1
T_DETECTION = 2
T_FIRM = 3
T_LOST = 4
T_IN_VIEW = 5
T_PROBABILITY = 6
T_BEST_SNR = 7
T_TRACK_END = 8
# Seconds out of sight, by reason: horizon, elevation floor, field of view, signal, terrain mask.
T_HIDDEN = 9
T_SIZE = 14


class Target(NamedTuple):
    """Natural logarithms of a target's cross-sections [m2]: under thrust and after, nose, side and rear."""

    boost_nose: float
    boost_side: float
    boost_rear: float
    free_nose: float
    free_side: float
    free_rear: float


class Watcher(NamedTuple):
    """A radar's signal and its way of looking, as floats."""

    snr_m2: float  # signal-to-noise ratio at 1 m from 1 m2, times m4/m2
    required_snr: float
    scan_exponent: float
    threshold: float
    swerling: float
    frame_s: float
    ready_s: float  # no look before
    goal: float  # cumulative probability at which the target counts as detected
    confirm_s: float


@inline
def cross_section(cos_aspect: float, nose: float, side: float, rear: float) -> float:
    """Return the cross-section [m2] from logarithms at three aspects; ``cos_aspect`` is 1 nose-on, -1 from behind."""
    end = nose if cos_aspect >= 0.0 else rear
    return math.exp(side + (end - side) * cos_aspect * cos_aspect)


@inline
def seen(
    arc: FloatArray,
    t: float,
    burnout_s: float,
    end_s: float,
    view: vk.Bare,
    mask: FloatArray,
    watcher: Watcher,
    target: Target,
) -> tuple[int, float]:
    """Return what hides the target at a moment and its signal-to-noise ratio; zero where it is not looked at.

    The body's axis is taken along its velocity against the Earth.
    """
    x, y, z, vx, vy, vz = arc_at(arc, t, burnout_s, end_s)
    reason, slant2, _, cos_off = vk.masked_sight(x, y, z, view, mask)
    snr = 0.0
    if reason == vk.VISIBLE:
        toward = vx * (view.x - x) + vy * (view.y - y) + vz * (view.z - z)
        cos_aspect = toward / math.sqrt(max((vx * vx + vy * vy + vz * vz) * slant2, 1e-12))
        if t < burnout_s:
            rcs_m2 = cross_section(cos_aspect, target.boost_nose, target.boost_side, target.boost_rear)
        else:
            rcs_m2 = cross_section(cos_aspect, target.free_nose, target.free_side, target.free_rear)
        snr = watcher.snr_m2 * rcs_m2 / (slant2 * slant2)
        if watcher.scan_exponent > 0.0:
            snr *= cos_off**watcher.scan_exponent
        if snr < watcher.required_snr:
            reason = vk.DETECTION_RANGE
    return reason, snr


@inline
def stretches(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    view: vk.Bare,
    mask: FloatArray,
    watcher: Watcher,
    target: Target,
    spans: FloatArray,
    row: FloatArray,
) -> int:
    """Fill ``spans`` (MAX_SPANS, 3) with start, end [s] and reason of each stretch; return their number."""
    boost_parts = min(math.ceil(burnout_s / (N_NODE - N_FREE) / SAMPLE_S), _MAX_PARTS)
    free_parts = min(math.ceil((end_s - burnout_s) / (N_FREE - 1) / SAMPLE_S), _MAX_PARTS)
    before_s = 0.0
    before, best = seen(arc, 0.0, burnout_s, end_s, view, mask, watcher, target)
    count = 0
    spans[0, 0] = 0.0
    spans[0, 2] = before
    for n in range(1, N_NODE):
        first_s = node_time(n - 1, burnout_s, end_s)
        step_s = node_time(n, burnout_s, end_s) - first_s
        parts = boost_parts if n <= N_NODE - N_FREE else free_parts
        for part in range(1, parts + 1):
            t = end_s if n == N_NODE - 1 and part == parts else first_s + step_s * part / parts
            now, snr = seen(arc, t, burnout_s, end_s, view, mask, watcher, target)
            best = max(best, snr)
            # Two changes between two samples leave a third reason in between.
            for _ in range(4):
                if now == before or count >= MAX_SPANS - 1:
                    break
                low = before_s
                high = t
                after = now
                for _ in range(_BISECTIONS):
                    mid = 0.5 * (low + high)
                    at, _ = seen(arc, mid, burnout_s, end_s, view, mask, watcher, target)
                    if at == before:
                        low = mid
                    else:
                        high = mid
                        after = at
                spans[count, 1] = high
                count += 1
                spans[count, 0] = high
                spans[count, 2] = after
                before = after
                before_s = high
            before_s = t
    spans[count, 1] = end_s
    row[T_BEST_SNR] = best
    return count + 1


@inline
def account(spans: FloatArray, count: int, row: FloatArray) -> None:
    """Fill the row's rise, loss, time in view and time out of sight by reason."""
    row[T_RISE] = np.nan
    row[T_LOST] = np.nan
    row[T_IN_VIEW] = 0.0
    for k in range(T_HIDDEN, T_SIZE):
        row[k] = 0.0
    for i in range(count):
        reason = int(spans[i, 2])
        length_s = spans[i, 1] - spans[i, 0]
        if reason != vk.HORIZON and row[T_RISE] != row[T_RISE]:
            row[T_RISE] = spans[i, 0]
        if reason == vk.VISIBLE:
            row[T_IN_VIEW] += length_s
            row[T_LOST] = spans[i, 1]
        elif reason == vk.TERRAIN_MASK:
            row[T_SIZE - 1] += length_s
        else:
            row[T_HIDDEN + reason - 1] += length_s


@inline
def look_along(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    view: vk.Bare,
    mask: FloatArray,
    watcher: Watcher,
    target: Target,
    spans: FloatArray,
    count: int,
    row: FloatArray,
    looks: FloatArray,
) -> int:
    """Look once a frame while nothing but a weak signal hides the target; return how many looks there were.

    The first look comes a whole frame after the target comes into view: the beam has just passed there. ``looks``
    (n, 4) takes time [s], signal-to-noise ratio, probability and cumulative probability as far as it reaches.
    """
    row[T_FIRST_LOOK] = np.nan
    row[T_DETECTION] = np.nan
    row[T_FIRM] = np.nan
    row[T_TRACK_END] = np.nan
    missed = 1.0
    total = 0
    i = 0
    swerling = int(watcher.swerling)
    while i < count:
        if spans[i, 2] != vk.VISIBLE and spans[i, 2] != vk.DETECTION_RANGE:
            i += 1
            continue
        opens_s = max(spans[i, 0], watcher.ready_s)
        while i < count and (spans[i, 2] == vk.VISIBLE or spans[i, 2] == vk.DETECTION_RANGE):
            closes_s = spans[i, 1]
            i += 1
        begin_s = opens_s + watcher.frame_s
        step = 1
        t = begin_s
        while t <= closes_s and missed > _SURE:
            _, snr = seen(arc, t, burnout_s, end_s, view, mask, watcher, target)
            probability = one_look(snr, watcher.threshold, swerling)
            missed *= 1.0 - probability
            if total == 0:
                row[T_FIRST_LOOK] = t
            if total < looks.shape[0]:
                looks[total, 0] = t
                looks[total, 1] = snr
                looks[total, 2] = probability
                looks[total, 3] = 1.0 - missed
            total += 1
            if row[T_DETECTION] != row[T_DETECTION] and 1.0 - missed >= watcher.goal:
                row[T_DETECTION] = t
                begin_s = t
            step += 1
            t = opens_s + step * watcher.frame_s
        found = row[T_DETECTION] == row[T_DETECTION] and row[T_FIRM] != row[T_FIRM]
        if found and begin_s + watcher.confirm_s <= closes_s:
            row[T_FIRM] = begin_s + watcher.confirm_s
            row[T_TRACK_END] = closes_s
    row[T_PROBABILITY] = 1.0 - missed
    return total


@kernel
def watch_arc(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    view: vk.Bare,
    mask: FloatArray,
    watcher: Watcher,
    target: Target,
    spans: FloatArray,
    looks: FloatArray,
    row: FloatArray,
) -> tuple[int, int]:
    """Fill the timeline of one arc; return how many stretches and looks there were."""
    count = stretches(arc, burnout_s, end_s, view, mask, watcher, target, spans, row)
    account(spans, count, row)
    return count, look_along(arc, burnout_s, end_s, view, mask, watcher, target, spans, count, row, looks)


@kernel
def watch_arcs(
    arcs: FloatArray,
    times_s: FloatArray,
    targets: FloatArray,
    searches: FloatArray,
    view: vk.Bare,
    mask: FloatArray,
    watcher: Watcher,
    out: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fill rows ``start`` to ``stop`` of ``out`` (n, T_SIZE).

    For arcs (n, n_node, 6) with burnout and end (n, 2) [s], targets (n, 6) in the order of :class:`Target`, and
    searches (n, 2): the time between looks and the time before which there is none [s], instead of the watcher's.
    Where burnout or end is nan there is no arc: times are nan, the rest is zero.
    """
    spans = np.empty((MAX_SPANS, 3))
    looks = np.empty((0, 4))
    for i in range(start, stop):
        burnout_s = times_s[i, 0]
        end_s = times_s[i, 1]
        if burnout_s != burnout_s or end_s != end_s:
            out[i, :] = np.nan
            out[i, T_IN_VIEW] = 0.0
            out[i, T_PROBABILITY] = 0.0
            out[i, T_BEST_SNR] = 0.0
            out[i, T_HIDDEN:] = 0.0
            continue
        c = targets[i]
        target = Target(c[0], c[1], c[2], c[3], c[4], c[5])
        looking = Watcher(
            watcher.snr_m2, watcher.required_snr, watcher.scan_exponent, watcher.threshold, watcher.swerling,
            searches[i, 0], searches[i, 1], watcher.goal, watcher.confirm_s,
        )  # fmt: skip
        count = stretches(arcs[i], burnout_s, end_s, view, mask, looking, target, spans, out[i])
        account(spans, count, out[i])
        look_along(arcs[i], burnout_s, end_s, view, mask, looking, target, spans, count, out[i], looks)


@kernel
def find_visible(
    arcs: FloatArray,
    times_s: FloatArray,
    targets: FloatArray,
    view: vk.Bare,
    mask: FloatArray,
    watcher: Watcher,
    counts: IntArray,
    out: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fill rows ``start`` to ``stop`` of ``out`` (n, k, 2) with start and end [s] of the stretches in view, then nan.

    Arcs, times and targets are those of :func:`watch_arcs`. ``counts`` (n,) takes how many stretches there are, more
    than k if they do not fit.
    """
    spans = np.empty((MAX_SPANS, 3))
    row = np.empty(T_SIZE)
    for i in range(start, stop):
        counts[i] = 0
        out[i, :, :] = np.nan
        burnout_s = times_s[i, 0]
        end_s = times_s[i, 1]
        if burnout_s != burnout_s or end_s != end_s:
            continue
        c = targets[i]
        target = Target(c[0], c[1], c[2], c[3], c[4], c[5])
        count = stretches(arcs[i], burnout_s, end_s, view, mask, watcher, target, spans, row)
        for j in range(count):
            if spans[j, 2] == vk.VISIBLE:
                if counts[i] < out.shape[1]:
                    out[i, counts[i], 0] = spans[j, 0]
                    out[i, counts[i], 1] = spans[j, 1]
                counts[i] += 1


@kernel
def signal_along(
    arc: FloatArray,
    times_s: FloatArray,
    burnout_s: float,
    end_s: float,
    view: vk.Bare,
    mask: FloatArray,
    watcher: Watcher,
    target: Target,
    reason: vk.ReasonArray,
    snr: FloatArray,
    aspect_rad: FloatArray,
) -> None:
    """Fill reason, signal-to-noise ratio and aspect at times (n,) [s] of an arc."""
    for i in range(times_s.shape[0]):
        code, signal = seen(arc, times_s[i], burnout_s, end_s, view, mask, watcher, target)
        reason[i] = code
        snr[i] = signal
        x, y, z, vx, vy, vz = arc_at(arc, times_s[i], burnout_s, end_s)
        dx = view.x - x
        dy = view.y - y
        dz = view.z - z
        length = math.sqrt(max((vx * vx + vy * vy + vz * vz) * (dx * dx + dy * dy + dz * dz), 1e-12))
        aspect_rad[i] = math.acos(min(1.0, max(-1.0, (vx * dx + vy * dy + vz * dz) / length)))
