"""A raid once more, in plain Python and SimPy: every engagement is a process, and none of the kernel's code is used.

It takes the same numbers and the same named draws, so that each run must come to the same tally as the compiled event
loop: it is the peer in the benchmarks and the twin in the tests. Written from the rules, which are these.

- A layer that tracks a limited number of targets asks for a track at the detection, or at the first launch if a track
  from elsewhere lets it come before. Tracks are given first come, first served; after a wait the layer may fire
  ``relock`` later, and it stops waiting when that would be after the last launch. It keeps the track until it is done.
- At its first shot it picks the first rule of its doctrine that holds.
- A volley is ordered at one moment. Each of its shots leaves as soon as a fire unit, a launcher with rounds and a
  guidance channel are free; of several launchers, the one that has been free for longest. What would leave after the
  last launch is not ordered; what has been ordered is not called back. A nanosecond late is in time.
- The outcome is known an assessment after the volley's last intercept. Nobody fires at what is known to be dead.
- Coordinated layers hold their fire while another layer's interceptors are ordered or on their way, or a layer listed
  before is not done; at most until their own volley would no longer fit. Before the first volley, that is the largest
  first volley of any of their rules. They look again at every outcome, and when a layer is done.
- At one moment outcomes come first, then those who look again, those who can hold their fire or wait for a track no
  longer, and new targets; among them, the earlier volley, layer and missile.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy
from simpy.events import Event

MAGAZINE, LAUNCH_RATE, CHANNELS, TRACKS = range(4)
# Of events at one moment, SimPy takes those of the lowest number first; its own have 1.
OUTCOMES, LOOKS, AT_LAST, GIVE_UP, NEW_TARGETS = range(5)

ROUNDING_S = 1e-9
EVERY_MISSILE = 0xFFFFFFFF
EVERY_LAYER = 0xFFFF
Process = Iterator[Event]


def philox(key: int, counter: Sequence[int]) -> list[int]:
    """Return the four words of Philox 4x32 with ten rounds, as in Salmon et al. (2011), figure 3."""
    left, right = key & 0xFFFFFFFF, key >> 32
    word = list(counter)
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * word[0], 1 << 32)
        high1, low1 = divmod(0xCD9E8D57 * word[2], 1 << 32)
        word = [high1 ^ word[1] ^ left, low1, high0 ^ word[3] ^ right, low0]
        left, right = (left + 0x9E3779B9) % (1 << 32), (right + 0xBB67AE85) % (1 << 32)
    return word


@dataclass
class Tally:
    """What one run comes to."""

    leakers: list[int]
    spent: list[int]
    killed: list[int]
    refused: list[list[int]]
    exhausted_s: list[float]


class Clock(simpy.Environment):
    """SimPy's environment, with events at a moment that is given as it stands, not as a delay to be added."""

    def at(self, time_s: float, order: float) -> Event:
        """Return an event that happens at a moment."""
        event = Event(self)
        event._ok = True
        event._value = None
        heapq.heappush(self._queue, (max(time_s, self.now), order, next(self._eid), event))
        return event


@dataclass
class Launcher:
    """A launcher: from when on it is free, its rounds, and whether it is being reloaded until then."""

    place: int
    rounds: int
    free_s: float = -math.inf
    reloading: bool = False


@dataclass
class Shot:
    """One shot: its launch and its intercept."""

    launch_s: float
    intercept_s: float


@dataclass
class Target:
    """A missile on its way: what is known of it, and who hears of it."""

    index: int
    launch_s: float
    salvo: int
    place: int
    known_dead: Event
    news: Event
    killed: tuple[float, int] | None = None
    shooting: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)

    def tell(self, clock: Clock) -> None:
        """Let everybody who holds fire look again."""
        heard, self.news = self.news, clock.event()
        heard.succeed()


class Layer:
    """One layer: fire units, launchers, channels and tracks, and the doctrine."""

    def __init__(self, raid: Raid, index: int, clock: Clock) -> None:
        numbers = raid.layers
        self.index = index
        self.kill = float(numbers.kill[index])
        self.track = float(numbers.track[index])
        self.spacing_s = float(numbers.spacing_s[index])
        self.launcher_spacing_s = float(numbers.launcher_spacing_s[index])
        self.reload_s = float(numbers.reload_s[index])
        self.assess_s = float(numbers.assess_s[index])
        self.relock_s = float(numbers.relock_s[index])
        self.magazine = int(numbers.rounds[index])
        self.spare = int(numbers.spare[index])
        self.units = [-math.inf] * int(numbers.units[index])
        self.channels = [-math.inf] * int(numbers.channels[index])
        self.launchers = [Launcher(place, self.magazine) for place in range(int(numbers.launchers[index]))]
        tracks = int(numbers.tracks[index])
        self.radar = simpy.Resource(clock, tracks) if tracks else None
        self.doctrine = [
            (float(time_left_s), [int(n) for n in volleys if n > 0])
            for time_left_s, volleys in zip(numbers.time_left_s[index], numbers.volleys[index], strict=True)
        ]
        self.works = True

    @property
    def left(self) -> int:
        """Rounds left."""
        return self.spare + sum(launcher.rounds for launcher in self.launchers)

    def order(self, now_s: float, last_s: float, meet: Any) -> Shot | int:
        """Order a shot for the first moment at which all that it takes is free; or say what is missing until the last.

        ``meet`` gives the intercept of a launch.
        """
        loaded = [launcher for launcher in self.launchers if launcher.rounds > 0]
        if not loaded:
            return MAGAZINE
        launcher = min(loaded, key=lambda one: (one.free_s, one.place))
        if self.units[0] > last_s:
            return LAUNCH_RATE
        if launcher.free_s > last_s:
            return MAGAZINE if launcher.reloading else LAUNCH_RATE
        launch_s = max(now_s, self.units[0], launcher.free_s)
        if self.channels:
            if self.channels[0] > last_s:
                return CHANNELS
            launch_s = max(launch_s, self.channels[0])
        if launch_s > last_s:
            return LAUNCH_RATE
        shot = Shot(launch_s, meet(launch_s))
        heapq.heapreplace(self.units, launch_s + self.spacing_s)
        if self.channels:
            heapq.heapreplace(self.channels, shot.intercept_s)
        launcher.rounds -= 1
        launcher.free_s, launcher.reloading = launch_s + self.launcher_spacing_s, False
        if launcher.rounds == 0 and self.spare > 0:
            launcher.rounds = min(self.magazine, self.spare)
            self.spare -= launcher.rounds
            launcher.free_s, launcher.reloading = launch_s + self.reload_s, True
        return shot


class Raid:
    """A raid: missiles, windows, layers and what they share, as the compiled event loop takes them."""

    def __init__(self, missiles: Any, windows: Any, layers: Any, shared: Any) -> None:
        self.missiles, self.windows, self.layers, self.shared = missiles, windows, layers, shared
        self.intercepts_s = windows.intercept_s.tolist()
        self.targets = int(missiles.target.max()) + 1

    def run(self, seed: int, run: int) -> Tally:
        """Run it once."""
        return Run(self, seed, run).result()


class Run:
    """One run of a raid."""

    def __init__(self, raid: Raid, seed: int, run: int) -> None:
        self.raid, self.seed, self.number = raid, seed, run
        self.clock = clock = Clock(initial_time=-math.inf)
        self.layers = [Layer(raid, index, clock) for index in range(len(raid.layers.kill))]
        for layer in self.layers:
            layer.works = self.happens(float(raid.layers.reliability[layer.index]), EVERY_MISSILE, layer.index)
        self.all_work = self.happens(float(raid.shared.reliability), EVERY_MISSILE, EVERY_LAYER)
        self.coordinated = bool(raid.shared.coordinated)
        flown = zip(raid.missiles.launch_s, raid.missiles.salvo, raid.missiles.target, strict=True)
        self.targets = [
            Target(i, float(launch_s), int(salvo), int(place), clock.event(), clock.event())
            for i, (launch_s, salvo, place) in enumerate(flown)
        ]
        n = len(self.layers)
        self.tally = Tally([0] * raid.targets, [0] * n, [0] * n, [[0] * 4 for _ in range(n)], [math.nan] * n)
        for layer in self.layers:
            for target in self.targets:
                if math.isfinite(raid.windows.first_launch_s[layer.index, target.salvo]):
                    target.open.add(layer.index)
                    clock.process(self.engagement(layer, target))

    def result(self) -> Tally:
        """Run to the end."""
        self.clock.run()
        for target in self.targets:
            if target.killed is None:
                self.tally.leakers[target.place] += 1
            else:
                self.tally.killed[target.killed[1]] += 1
        return self.tally

    def word(self, missile: int, layer: int, number: int) -> float:
        """Return a draw of a missile and a layer as a share of one."""
        counter = [self.number % (1 << 32), self.number >> 32, missile, layer * 65536 + number // 4]
        return philox(self.seed, counter)[number % 4] / 2.0**32

    def happens(self, probability: float, missile: int, layer: int) -> bool:
        """Return whether what a missile and a layer stand for happens in this run."""
        return self.word(missile, layer, 0) < probability

    def others_at_it(self, layer: Layer, target: Target) -> bool:
        """Return whether a layer has to hold its fire for others."""
        if not self.coordinated:
            return False
        return bool(target.shooting - {layer.index}) or any(other < layer.index for other in target.open)

    def turn(self, kind: int, stage: int, layer: Layer, target: Target) -> float:
        """Return where an event stands among those of one moment."""
        return kind + ((stage * 256 + layer.index) * 65536 + target.index) / 2**36

    def done(self, layer: Layer, target: Target) -> None:
        """Let a layer be done with a target."""
        target.open.discard(layer.index)
        target.tell(self.clock)

    def engagement(self, layer: Layer, target: Target) -> Process:
        """One layer against one target, from the first sight to the end."""
        if layer.radar is None:
            yield from self.fire(layer, target, self.window(layer, target)[0], NEW_TARGETS)
            self.done(layer, target)
            return
        first_s, last_s = self.window(layer, target)
        seen_s = target.launch_s + float(self.raid.windows.detection_s[layer.index, target.salvo])
        yield self.clock.at(min(seen_s, first_s), self.turn(NEW_TARGETS, 0, layer, target))
        if not target.known_dead.triggered:
            with layer.radar.request() as track:
                if track.triggered:
                    yield from self.fire(layer, target, first_s, LOOKS)
                else:
                    given_up = self.clock.at(last_s - layer.relock_s, self.turn(GIVE_UP, 0, layer, target))
                    yield track | given_up | target.known_dead
                    if track.triggered:
                        ready_s = max(first_s, self.clock.now + layer.relock_s)
                        yield from self.fire(layer, target, min(ready_s, last_s), LOOKS)
                    elif not target.known_dead.triggered:
                        self.tally.refused[layer.index][TRACKS] += 1
        self.done(layer, target)

    def window(self, layer: Layer, target: Target) -> tuple[float, float]:
        """Return the first and the last launch of a layer at a target."""
        windows = self.raid.windows
        return (
            target.launch_s + float(windows.first_launch_s[layer.index, target.salvo]),
            target.launch_s + float(windows.last_launch_s[layer.index, target.salvo]),
        )

    def meeting_s(self, layer: Layer, target: Target, launch_s: float) -> float:
        """Return the intercept of a launch: on straight lines between launches evenly spread over the window."""
        first_s, last_s = self.window(layer, target)
        table = self.raid.intercepts_s[layer.index][target.salvo]
        if first_s == last_s:
            return float(target.launch_s + table[-1])
        place = (launch_s - first_s) / (last_s - first_s) * (len(table) - 1)
        before = min(max(math.floor(place), 0), len(table) - 2)
        share = min(max(place - before, 0.0), 1.0)
        return float(target.launch_s + table[before] + share * (table[before + 1] - table[before]))

    def fits(self, layer: Layer, target: Target, volleys: list[int], now_s: float, last_s: float) -> bool:
        """Return whether all volleys fit, one after the outcome of the other."""
        for shots in volleys:
            now_s += (shots - 1) * layer.spacing_s
            if now_s > last_s:
                return False
            now_s = self.meeting_s(layer, target, now_s) + layer.assess_s
        return True

    def plan(self, layer: Layer, target: Target, now_s: float, last_s: float) -> list[int]:
        """Return the volleys of the first rule that holds; of the last if none does."""
        for time_left_s, volleys in layer.doctrine:
            if time_left_s < 0.0:
                if self.fits(layer, target, volleys, now_s, last_s):
                    return volleys
            elif last_s - now_s >= time_left_s:
                return volleys
        return layer.doctrine[-1][1]

    def fire(self, layer: Layer, target: Target, ready_s: float, kind: int) -> Process:
        """Volley after volley, from the moment the layer is ready."""
        clock = self.clock
        _, window_end_s = self.window(layer, target)
        last_s = window_end_s + ROUNDING_S
        turn = self.turn(kind, 0, layer, target)
        yield clock.at(ready_s, turn) | target.known_dead
        volleys: list[int] = []
        fired = 0
        stage = 0
        while True:
            if target.known_dead.triggered:
                return
            if stage == 0:
                volleys = self.plan(layer, target, clock.now, last_s)
                widest = max(first for _, (first, *_) in layer.doctrine)
            else:
                widest = volleys[stage]
            hold_until_s = window_end_s - (widest - 1) * layer.spacing_s
            if self.others_at_it(layer, target) and clock.now < hold_until_s:
                at_last = clock.at(hold_until_s, self.turn(AT_LAST, stage, layer, target))
                yield at_last | target.news | target.known_dead
                if clock.now < hold_until_s:
                    yield clock.at(clock.now, self.turn(LOOKS, stage, layer, target))
                continue
            shots = self.volley(layer, target, volleys[stage], last_s, first=stage == 0)
            if not shots:
                return
            killed_s = self.first_kill_s(layer, target, shots, fired)
            if killed_s is not None:
                target.killed = min(target.killed or (math.inf, 0), (killed_s, layer.index))
            fired += len(shots)
            stage += 1
            target.shooting.add(layer.index)
            yield clock.at(shots[-1].intercept_s + layer.assess_s, self.turn(OUTCOMES, stage, layer, target))
            target.shooting.discard(layer.index)
            if killed_s is not None and not target.known_dead.triggered:
                target.known_dead.succeed()
            target.tell(clock)
            if stage == len(volleys):
                return
            yield clock.at(clock.now, self.turn(LOOKS, stage, layer, target))

    def volley(self, layer: Layer, target: Target, wanted: int, last_s: float, *, first: bool) -> list[Shot]:
        """Order a volley; a layer that cannot fire its first one refuses the target."""
        shots: list[Shot] = []
        while len(shots) < wanted:
            shot = layer.order(self.clock.now, last_s, lambda launch_s: self.meeting_s(layer, target, launch_s))
            if not isinstance(shot, Shot):
                if first and not shots:
                    self.tally.refused[layer.index][shot] += 1
                break
            shots.append(shot)
            self.tally.spent[layer.index] += 1
            if layer.left == 0:
                self.tally.exhausted_s[layer.index] = shot.launch_s
        return shots

    def first_kill_s(self, layer: Layer, target: Target, shots: list[Shot], before: int) -> float | None:
        """Return when the first shot of a volley kills, after so many others of this layer; None if none does."""
        hits = [
            shot.intercept_s
            for number, shot in enumerate(shots)
            if self.word(target.index, layer.index, before + number + 1) < layer.kill
        ]
        sound = (
            layer.works
            and self.all_work
            and self.happens(layer.track, target.index, layer.index)
            and self.happens(float(self.raid.shared.track), target.index, EVERY_LAYER)
        )
        return min(hits) if hits and sound else None
