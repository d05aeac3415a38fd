"""One raid after another: missiles in time against layers with magazines, launchers and channels. Compiled.

A run is a queue of events in time. A battery fires at a missile when it first can, launches at most as fast as its
fire units, launchers and guidance channels allow, and looks at the outcome before the next volley.

A volley is ordered at one moment, by the first rule of the doctrine that holds then, whatever else is waiting. Each of
its shots is given the first moment at which a fire unit, a channel and a launcher with rounds are free; of several
launchers, the one that has been free for longest. What would come too late is not ordered, and what has been ordered is
not called back. A layer that holds its fire for others does so no longer than its volley would fit if nothing else were
waiting.

Of what happens at one moment, outcomes come first, then those who look again, then those who can wait no longer, then
new missiles; among them the earlier volley, layer and missile. ``benchmarks/simpy_raid.py`` tells the same rules anew,
and the tests hold the two together run by run.

Chance enters through draws that are named, not taken in turn: of (seed, run, missile, layer, shot). Whatever the order
of runs, threads or chunks, a run is the same to the bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from equipoise._jit import inline, kernel
from equipoise.analysis.random_kernels import UNIT, philox
from equipoise.arrays import FloatArray, IntArray

Counts = npt.NDArray[np.int32]
Flags = npt.NDArray[np.int8]

# Why a layer that could have met a missile in time never fired at it.
MAGAZINE = 0  # no round left, or none back from the reload in time
LAUNCH_RATE = 1  # fire units or launchers were busy with others until too late
CHANNELS = 2  # every guidance channel was taken until too late
TRACKS = 3  # the radar held as many targets as it can until too late
N_REASONS = 4

# Columns of a row of the log of one run.
LOG_LAUNCH = 0
LOG_INTERCEPT = 1
LOG_LAYER = 2
LOG_MISSILE = 3
LOG_VOLLEY = 4
LOG_KILLED = 5
LOG_SIZE = 6

# Kinds of events; of those at one moment the lower goes first, then the earlier volley, layer and missile.
_ASSESS = 0
_FIRE = 1
_FIRE_AT_LAST = 2  # the last moment up to which a layer may hold its fire
_GIVE_UP = 3  # the last moment at which a free track would still serve
_DETECT = 4
MAX_VOLLEYS = 15
# An event's code: its kind, its volley in four bits and its pair of layer and missile in 32.
_VOLLEY_BITS = 4
_PAIR_BITS = 32
# A layer that holds its fire, with an event at the last moment on the heap; and one told to look again meanwhile.
_HOLDS = 1
_WOKEN = 2

# A launch is in time up to a nanosecond late: a volley that just fits must not lose a shot to rounding.
_ROUNDING_S = 1e-9

# Counter words that name no missile and no layer: what the whole raid, or all layers, have in common.
_EVERY_MISSILE = np.uint64(0xFFFFFFFF)
_EVERY_LAYER = np.uint64(0xFFFF)
_WORD = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_SLOT = np.uint64(16)


class Missiles(NamedTuple):
    """What flies, missile by missile (n_missile,): launch time [s], index of its salvo and of its target."""

    launch_s: FloatArray
    salvo: IntArray
    target: IntArray


class Windows(NamedTuple):
    """When each layer can fire at a missile of each salvo (n_layer, n_salvo), in seconds after the missile's launch.

    ``intercept_s`` (n_layer, n_salvo, n_step) holds the moments of the intercept for launches evenly spread from the
    first to the last. A layer that cannot meet a salvo has nan for its first launch.
    """

    detection_s: FloatArray
    first_launch_s: FloatArray
    last_launch_s: FloatArray
    intercept_s: FloatArray


class Layers(NamedTuple):
    """The layers' numbers, layer by layer (n_layer,).

    ``kill``, ``reliability`` and ``track`` are probabilities: of one shot, that the layer works in this raid, and that
    it tracks a missile rightly. ``tracks`` and ``channels`` of 0 stand for no limit. ``time_left_s`` (n_layer, n_rule)
    and ``volleys`` (n_layer, n_rule, n_volley) are the doctrine: the first rule whose time is left at the first shot
    holds; a time of -1 asks that all volleys of the rule fit, each after the outcome of the one before.
    """

    kill: FloatArray
    reliability: FloatArray
    track: FloatArray
    spacing_s: FloatArray
    launcher_spacing_s: FloatArray
    reload_s: FloatArray
    assess_s: FloatArray
    relock_s: FloatArray
    units: IntArray
    launchers: IntArray
    rounds: IntArray
    spare: IntArray
    tracks: IntArray
    channels: IntArray
    time_left_s: FloatArray
    volleys: IntArray


class Shared(NamedTuple):
    """What all layers have in common.

    Probabilities that nothing fails everywhere at once, in the whole raid and for one missile, and whether layers hold
    their fire for one another (1) or not (0).
    """

    reliability: float
    track: float
    coordinated: int


@inline
def _code(kind: int, volley: int, pair: int) -> int:
    return (((kind << _VOLLEY_BITS) + volley) << _PAIR_BITS) + pair


@inline
def _before(time_a: float, code_a: int, time_b: float, code_b: int) -> bool:
    return time_a < time_b or (time_a == time_b and code_a < code_b)


@inline
def _push(times: FloatArray, codes: IntArray, n: int, time: float, code: int) -> int:
    """Put an event on the heap of n events; return its new length."""
    i = n
    while i > 0:
        parent = (i - 1) >> 1
        if not _before(time, code, times[parent], codes[parent]):
            break
        times[i] = times[parent]
        codes[i] = codes[parent]
        i = parent
    times[i] = time
    codes[i] = code
    return n + 1


@inline
def _pop(times: FloatArray, codes: IntArray, n: int) -> int:
    """Take the first event off the heap of n events (its values have been read); return the new length."""
    n -= 1
    time = times[n]
    code = codes[n]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n and _before(times[child + 1], codes[child + 1], times[child], codes[child]):
            child += 1
        if not _before(times[child], codes[child], time, code):
            break
        times[i] = times[child]
        codes[i] = codes[child]
        i = child
    times[i] = time
    codes[i] = code
    return n


@inline
def _intercept_s(windows: Windows, layer: int, salvo: int, launch_s: float) -> float:
    """Return when a launch meets the missile; both in seconds after the missile's launch."""
    first_s = windows.first_launch_s[layer, salvo]
    width_s = windows.last_launch_s[layer, salvo] - first_s
    steps = windows.intercept_s.shape[2] - 1
    if width_s <= 0.0:
        return float(windows.intercept_s[layer, salvo, steps])
    x = (launch_s - first_s) / width_s * steps
    i = min(max(int(x), 0), steps - 1)
    u = min(max(x - i, 0.0), 1.0)
    low_s = windows.intercept_s[layer, salvo, i]
    return float((1.0 - u) * low_s + u * windows.intercept_s[layer, salvo, i + 1])


@inline
def _rule(windows: Windows, layers: Layers, layer: int, salvo: int, born_s: float, last_s: float, now_s: float) -> int:
    """Return which rule of its doctrine a layer follows against a missile that it first fires at now.

    All times are of the raid: the missile is launched at ``born_s``, and the layer's last launch is at ``last_s``.
    """
    rules = layers.time_left_s.shape[1]
    for r in range(rules):
        needed_s = layers.time_left_s[layer, r]
        if needed_s >= 0.0:
            if last_s - now_s >= needed_s:
                return r
            continue
        t = now_s
        fits = True
        for v in range(layers.volleys.shape[2]):
            n = layers.volleys[layer, r, v]
            if n == 0:
                break
            end_s = t + (n - 1) * layers.spacing_s[layer]
            if end_s > last_s:
                fits = False
                break
            t = born_s + _intercept_s(windows, layer, salvo, end_s - born_s) + layers.assess_s[layer]
        if fits:
            return r
    return int(rules - 1)


@inline
def _has_volley(volleys: IntArray, layer: int, rule: int, stage: int) -> bool:
    """Return whether a rule has a volley at a stage."""
    return bool(stage < volleys.shape[2] and volleys[layer, rule, stage] > 0)


class State(NamedTuple):
    """What changes in the course of a run. A pair is a layer and a missile, ``layer * n_missile + missile``.

    Of pairs (n_pair,): the volley that comes next, the rule that holds, shots so far, whether the layer is done with
    the missile, whether it holds its fire, whether its radar keeps a track, and until when its interceptors are on
    their way or their outcome is unknown. Of missiles: when the first killing shot meets them, whose it is, and when
    that is known. Of layers: whether they work in this run, rounds left in all and beside the launchers, tracks in use,
    and those who wait for one. Of fire units, launchers and channels (n_layer, ...): from when on they are free, and a
    launcher's rounds and whether it is being reloaded until then.
    """

    stage: IntArray
    rule: IntArray
    shots: IntArray
    done: Flags
    waiting: Flags
    tracked: Flags
    flying_until_s: FloatArray
    known_dead_s: FloatArray
    killed_s: FloatArray
    killer: IntArray
    works: Flags
    left: IntArray
    spare: IntArray
    used: IntArray
    queue: IntArray
    queue_from: IntArray
    queue_to: IntArray
    unit_free_s: FloatArray
    launcher_free_s: FloatArray
    launcher_rounds: IntArray
    reloading: Flags
    channel_free_s: FloatArray


class Tally(NamedTuple):
    """What a run comes to, one row each.

    ``leakers`` (n_run, n_target), ``spent`` and ``killed`` (n_run, n_layer), ``refused`` (n_run, n_layer, N_REASONS),
    ``exhausted_s`` (n_run, n_layer): the launch of the last round, nan if it was never launched. A missile counts for
    the layer whose killing shot meets it first; of two at one moment, for the one listed first.
    """

    leakers: Counts
    spent: Counts
    killed: Counts
    refused: Counts
    exhausted_s: FloatArray


@inline
def _works(seed: np.uint64, run: np.uint64, share: float, layer: np.uint64) -> bool:
    """Return whether a layer, or all of them, works in a run."""
    if share >= 1.0:
        return True
    word, _, _, _ = philox(seed, run & _WORD, run >> _HALF, _EVERY_MISSILE, layer << _SLOT)
    return bool(word * UNIT < share)


@inline
def _tracks_rightly(seed: np.uint64, run: np.uint64, share: float, missile: int, layer: np.uint64) -> bool:
    """Return whether a layer, or all of them, tracks a missile rightly in a run."""
    if share >= 1.0:
        return True
    word, _, _, _ = philox(seed, run & _WORD, run >> _HALF, np.uint64(missile), layer << _SLOT)
    return bool(word * UNIT < share)


@inline
def _begin(
    seed: np.uint64,
    run: np.uint64,
    missiles: Missiles,
    windows: Windows,
    layers: Layers,
    shared: Shared,
    state: State,
) -> None:
    """Put everything as it is before the first launch, and draw which layers work."""
    n_missile = missiles.launch_s.shape[0]
    all_work = _works(seed, run, shared.reliability, _EVERY_LAYER)
    for layer in range(layers.kill.shape[0]):
        works = _works(seed, run, layers.reliability[layer], np.uint64(layer))
        state.works[layer] = 1 if all_work and works else 0
        state.left[layer] = layers.launchers[layer] * layers.rounds[layer] + layers.spare[layer]
        state.spare[layer] = layers.spare[layer]
        state.used[layer] = 0
        state.queue_from[layer] = 0
        state.queue_to[layer] = 0
        for j in range(layers.units[layer]):
            state.unit_free_s[layer, j] = -np.inf
        for j in range(layers.launchers[layer]):
            state.launcher_free_s[layer, j] = -np.inf
            state.launcher_rounds[layer, j] = layers.rounds[layer]
            state.reloading[layer, j] = 0
        for j in range(layers.channels[layer]):
            state.channel_free_s[layer, j] = -np.inf
        for i in range(n_missile):
            pair = layer * n_missile + i
            state.stage[pair] = 0
            state.shots[pair] = 0
            state.waiting[pair] = 0
            state.tracked[pair] = 0
            state.flying_until_s[pair] = -np.inf
            first_s = windows.first_launch_s[layer, missiles.salvo[i]]
            state.done[pair] = 0 if first_s == first_s else 1
    for i in range(n_missile):
        state.known_dead_s[i] = np.inf
        state.killed_s[i] = np.inf
        state.killer[i] = -1


@inline
def _must_hold(
    now_s: float, layer: int, missile: int, n_layer: int, n_missile: int, flying_until_s: FloatArray, done: Flags
) -> bool:
    """Return whether another layer's interceptor is on its way to a missile, or one listed before has yet to try."""
    for other in range(n_layer):
        pair = other * n_missile + missile
        if other != layer and (flying_until_s[pair] > now_s or (other < layer and done[pair] == 0)):
            return True
    return False


@inline
def _widest(volleys: IntArray, layer: int) -> int:
    """Return the most shots that any rule of a layer has in its first volley."""
    most = 0
    for r in range(volleys.shape[1]):
        most = max(most, volleys[layer, r, 0])
    return most


@kernel
def run_raids(
    seed: np.uint64,
    first_run: int,
    missiles: Missiles,
    windows: Windows,
    layers: Layers,
    shared: Shared,
    order_s: FloatArray,
    order: IntArray,
    tally: Tally,
    log: FloatArray,
    start: int,
    stop: int,
) -> int:
    """Run raids ``first_run + start`` to ``first_run + stop`` and fill rows ``start`` to ``stop`` of the tally.

    ``order_s`` and ``order`` (n_event,) are the first events of every layer and missile in time, as pairs: where the
    layer's tracks are limited the detection, or the first launch if a track from elsewhere lets it come before; else
    the first launch. ``log`` (n_log, LOG_SIZE) takes the shots of
    the last run, as many as fit. Returns how many shots that run had.
    """
    n_missile = missiles.launch_s.shape[0]
    n_layer = layers.kill.shape[0]
    n_pair = n_layer * n_missile
    n_volley = layers.volleys.shape[2]
    # Of a pair: an event at the last moment for each volley, one to give up the wait for a track, one that tells it to
    # look again, and one outcome.
    n_event = (n_volley + 4) * n_pair + 8
    heap_s = np.empty(n_event)
    heap = np.empty(n_event, dtype=np.int64)
    state = State(
        stage=np.empty(n_pair, dtype=np.int64),
        rule=np.empty(n_pair, dtype=np.int64),
        shots=np.empty(n_pair, dtype=np.int64),
        done=np.empty(n_pair, dtype=np.int8),
        waiting=np.empty(n_pair, dtype=np.int8),
        tracked=np.empty(n_pair, dtype=np.int8),
        flying_until_s=np.empty(n_pair),
        known_dead_s=np.empty(n_missile),
        killed_s=np.empty(n_missile),
        killer=np.empty(n_missile, dtype=np.int64),
        works=np.empty(n_layer, dtype=np.int8),
        left=np.empty(n_layer, dtype=np.int64),
        spare=np.empty(n_layer, dtype=np.int64),
        used=np.empty(n_layer, dtype=np.int64),
        queue=np.empty((n_layer, n_missile), dtype=np.int64),
        queue_from=np.empty(n_layer, dtype=np.int64),
        queue_to=np.empty(n_layer, dtype=np.int64),
        unit_free_s=np.empty((n_layer, layers.units.max())),
        launcher_free_s=np.empty((n_layer, layers.launchers.max())),
        launcher_rounds=np.empty((n_layer, layers.launchers.max()), dtype=np.int64),
        reloading=np.empty((n_layer, layers.launchers.max()), dtype=np.int8),
        channel_free_s=np.empty((n_layer, max(1, layers.channels.max()))),
    )
    (
        stage, rule, shots, done, waiting, tracked, flying_until_s, known_dead_s, killed_s, killer, works,
        left, spare, used, queue, queue_from, queue_to, unit_free_s, launcher_free_s, launcher_rounds, reloading,
        channel_free_s,
    ) = state  # fmt: skip
    hold = shared.coordinated != 0 and n_layer > 1
    # Whoever holds fire, or a track, has to be told of every outcome.
    told = hold or layers.tracks.max() > 0
    logged = 0
    for row in range(start, stop):
        run = np.uint64(first_run + row)
        logged = 0
        _begin(seed, run, missiles, windows, layers, shared, state)
        tally.leakers[row, :] = 0
        tally.spent[row, :] = 0
        tally.killed[row, :] = 0
        tally.refused[row, :, :] = 0
        tally.exhausted_s[row, :] = np.nan
        n_heap = 0
        n_known = 0
        while True:
            # The next event: the first on the heap, or the next of those known beforehand.
            kind = _FIRE
            event_stage = 0
            if n_heap > 0 and (n_known >= order.shape[0] or heap_s[0] <= order_s[n_known]):
                now_s = heap_s[0]
                pair = heap[0] & ((1 << _PAIR_BITS) - 1)
                event_stage = (heap[0] >> _PAIR_BITS) & ((1 << _VOLLEY_BITS) - 1)
                kind = heap[0] >> (_PAIR_BITS + _VOLLEY_BITS)
                n_heap = _pop(heap_s, heap, n_heap)
            elif n_known < order.shape[0]:
                now_s = order_s[n_known]
                pair = order[n_known]
                n_known += 1
                if layers.tracks[pair // n_missile] > 0:
                    kind = _DETECT
            else:
                break
            layer = pair // n_missile if n_layer > 1 else 0
            i = pair - layer * n_missile
            salvo = missiles.salvo[i]
            if kind == _DETECT:
                if now_s < known_dead_s[i]:
                    if used[layer] < layers.tracks[layer]:
                        used[layer] += 1
                        tracked[pair] = 1
                        due_s = max(now_s, missiles.launch_s[i] + windows.first_launch_s[layer, salvo])
                        n_heap = _push(heap_s, heap, n_heap, due_s, _code(_FIRE, 0, pair))
                    else:
                        queue[layer, queue_to[layer]] = i
                        queue_to[layer] += 1
                        last_s = missiles.launch_s[i] + windows.last_launch_s[layer, salvo]
                        end_s = max(now_s, last_s - layers.relock_s[layer])
                        n_heap = _push(heap_s, heap, n_heap, end_s, _code(_GIVE_UP, 0, pair))
                else:
                    done[pair] = 1
                continue
            over = False
            if kind == _ASSESS:
                flying_until_s[pair] = -np.inf
                if known_dead_s[i] <= now_s:
                    # Everybody who has nothing in the air is done with it.
                    for other in range(n_layer):
                        p = other * n_missile + i
                        if done[p] == 0 and flying_until_s[p] <= now_s:
                            done[p] = 1
                            used[other] -= tracked[p]
                            tracked[p] = 0
                    over = True
                elif _has_volley(layers.volleys, layer, rule[pair], stage[pair]):
                    n_heap = _push(heap_s, heap, n_heap, now_s, _code(_FIRE, stage[pair], pair))
                else:
                    over = True
            elif kind == _GIVE_UP:
                if done[pair] != 0 or tracked[pair] != 0:
                    continue
                tally.refused[row, layer, TRACKS] += 1
                over = True
            else:
                if done[pair] != 0 or event_stage != stage[pair]:
                    continue
                born_s = missiles.launch_s[i]
                last_s = born_s + windows.last_launch_s[layer, salvo] + _ROUNDING_S
                if now_s >= known_dead_s[i]:
                    over = True
                else:
                    if event_stage == 0:
                        rule[pair] = _rule(windows, layers, layer, salvo, born_s, last_s, now_s)
                    wanted = layers.volleys[layer, rule[pair], event_stage]
                    if (
                        hold
                        and kind != _FIRE_AT_LAST
                        and _must_hold(now_s, layer, i, n_layer, n_missile, flying_until_s, done)
                    ):
                        # As long as waiting does not cost the layer its own volley; before the first, that of any rule,
                        # since another may hold by then.
                        widest = _widest(layers.volleys, layer) if event_stage == 0 else wanted
                        latest_s = last_s - _ROUNDING_S - (widest - 1) * layers.spacing_s[layer]
                        if now_s < latest_s:
                            if waiting[pair] == 0:
                                code = _code(_FIRE_AT_LAST, event_stage, pair)
                                n_heap = _push(heap_s, heap, n_heap, latest_s, code)
                            waiting[pair] = _HOLDS
                            continue
                    # As many of the wanted shots as can be launched in time.
                    fired = 0
                    reason = LAUNCH_RATE
                    end_s = -np.inf
                    hit_s = np.inf
                    block = -1
                    w0 = w1 = w2 = w3 = np.uint64(0)
                    for _ in range(wanted):
                        unit = 0
                        for j in range(1, layers.units[layer]):
                            if unit_free_s[layer, j] < unit_free_s[layer, unit]:
                                unit = j
                        launcher = -1
                        for j in range(layers.launchers[layer]):
                            if launcher_rounds[layer, j] > 0 and (
                                launcher < 0 or launcher_free_s[layer, j] < launcher_free_s[layer, launcher]
                            ):
                                launcher = j
                        if launcher < 0:
                            reason = MAGAZINE
                            break
                        launch_s = max(now_s, max(unit_free_s[layer, unit], launcher_free_s[layer, launcher]))
                        if launch_s > last_s:
                            # Where the launcher is still being reloaded, rounds are what is missing.
                            if unit_free_s[layer, unit] <= last_s and reloading[layer, launcher] != 0:
                                reason = MAGAZINE
                            break
                        channel = 0
                        if layers.channels[layer] > 0:
                            for j in range(1, layers.channels[layer]):
                                if channel_free_s[layer, j] < channel_free_s[layer, channel]:
                                    channel = j
                            launch_s = max(launch_s, channel_free_s[layer, channel])
                            if launch_s > last_s:
                                reason = CHANNELS
                                break
                        met_s = born_s + _intercept_s(windows, layer, salvo, launch_s - born_s)
                        unit_free_s[layer, unit] = launch_s + layers.spacing_s[layer]
                        launcher_free_s[layer, launcher] = launch_s + layers.launcher_spacing_s[layer]
                        reloading[layer, launcher] = 0
                        if layers.channels[layer] > 0:
                            channel_free_s[layer, channel] = met_s
                        launcher_rounds[layer, launcher] -= 1
                        left[layer] -= 1
                        tally.spent[row, layer] += 1
                        if left[layer] == 0:
                            tally.exhausted_s[row, layer] = launch_s
                        if launcher_rounds[layer, launcher] == 0 and spare[layer] > 0:
                            back = min(layers.rounds[layer], spare[layer])
                            spare[layer] -= back
                            launcher_rounds[layer, launcher] = back
                            launcher_free_s[layer, launcher] = launch_s + layers.reload_s[layer]
                            reloading[layer, launcher] = 1
                        # Four words to a block; the first word of the first block tells whether the track is right.
                        word = shots[pair] + 1
                        if word >> 2 != block:
                            block = word >> 2
                            slot = (np.uint64(layer) << _SLOT) + np.uint64(block)
                            w0, w1, w2, w3 = philox(seed, run & _WORD, run >> _HALF, np.uint64(i), slot)
                        lane = word & 3
                        drawn = w0 if lane == 0 else w1 if lane == 1 else w2 if lane == 2 else w3
                        hits = drawn * UNIT < layers.kill[layer]
                        hit_s = min(hit_s, met_s if hits else np.inf)
                        if logged + fired < log.shape[0]:
                            log[logged + fired, LOG_LAUNCH] = launch_s
                            log[logged + fired, LOG_INTERCEPT] = met_s
                            log[logged + fired, LOG_LAYER] = layer
                            log[logged + fired, LOG_MISSILE] = i
                            log[logged + fired, LOG_VOLLEY] = event_stage
                            log[logged + fired, LOG_KILLED] = 1.0 if hits else 0.0
                        shots[pair] += 1
                        fired += 1
                        end_s = max(end_s, met_s)
                    if fired == 0:
                        if event_stage == 0:
                            tally.refused[row, layer, reason] += 1
                        over = True
                    else:
                        stage[pair] = event_stage + 1
                        waiting[pair] = 0
                        kills = (
                            hit_s < np.inf
                            and works[layer] != 0
                            and _tracks_rightly(seed, run, layers.track[layer], i, np.uint64(layer))
                            and _tracks_rightly(seed, run, shared.track, i, _EVERY_LAYER)
                        )
                        if hit_s < np.inf and not kills:
                            for k in range(min(logged, log.shape[0]), min(logged + fired, log.shape[0])):
                                log[k, LOG_KILLED] = 0.0
                        logged += fired
                        known_s = end_s + layers.assess_s[layer]
                        if kills:
                            if hit_s < killed_s[i] or (hit_s == killed_s[i] and layer < killer[i]):
                                tally.killed[row, layer] += 1
                                if killer[i] >= 0:
                                    tally.killed[row, killer[i]] -= 1
                                killed_s[i] = hit_s
                                killer[i] = layer
                            known_dead_s[i] = min(known_dead_s[i], known_s)
                        if told or _has_volley(layers.volleys, layer, rule[pair], stage[pair]):
                            flying_until_s[pair] = known_s
                            n_heap = _push(heap_s, heap, n_heap, known_s, _code(_ASSESS, event_stage, pair))
                        else:
                            done[pair] = 1
                        continue
            if over:
                done[pair] = 1
                used[layer] -= tracked[pair]
                tracked[pair] = 0
            # Whoever waits for a free track comes next.
            for other in range(n_layer):
                while layers.tracks[other] > used[other] and queue_from[other] < queue_to[other]:
                    k = queue[other, queue_from[other]]
                    queue_from[other] += 1
                    p = other * n_missile + k
                    last_s = missiles.launch_s[k] + windows.last_launch_s[other, missiles.salvo[k]]
                    if done[p] != 0 or now_s > last_s - layers.relock_s[other]:
                        continue
                    first_s = missiles.launch_s[k] + windows.first_launch_s[other, missiles.salvo[k]]
                    due_s = min(max(first_s, now_s + layers.relock_s[other]), last_s)
                    used[other] += 1
                    tracked[p] = 1
                    n_heap = _push(heap_s, heap, n_heap, due_s, _code(_FIRE, 0, p))
            if hold:
                # Whoever held fire for this missile decides anew.
                for other in range(n_layer):
                    p = other * n_missile + i
                    if waiting[p] == _HOLDS and done[p] == 0:
                        waiting[p] = _WOKEN
                        n_heap = _push(heap_s, heap, n_heap, now_s, _code(_FIRE, stage[p], p))
        for i in range(n_missile):
            if killer[i] < 0:
                tally.leakers[row, missiles.target[i]] += 1
    return logged
