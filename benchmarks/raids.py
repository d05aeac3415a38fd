"""Raids: shots a second in the compiled event loop, and the same raid in SimPy, run by run to the same tally."""

from __future__ import annotations

import time
from dataclasses import dataclass

import simpy_raid
from grids import best_of
from made_raids import MadeLayer, MadeRaid, Window, difference

from equipoise.analysis.raid import Raid, RaidField, prepare
from equipoise.study import load_raid_study

MISSILES = 40
KILL = 0.8
DOCTRINES = {"salvo of two": (2,), "shoot, look, shoot": (1, 1)}


@dataclass(frozen=True)
class Rate:
    """One doctrine: rounds fired and missiles engaged a second."""

    doctrine: str
    shots_per_s: float
    missiles_per_s: float


def rates(runs: int, repeats: int) -> list[Rate]:
    """Return how many shots a second the event loop fires on every thread, with rounds for all."""
    found = []
    for name, volleys in DOCTRINES.items():
        layer = MadeLayer(
            [Window.of(100.0, 300.0, 40.0)], [(0.0, volleys)], kill=KILL, spacing_s=0.001, assess_s=10.0, launchers=6
        )
        raid = MadeRaid.of([10.0 * i for i in range(MISSILES)], [layer])
        shots = int(raid.run(runs).spent.sum())  # compiles
        seconds = best_of(repeats, lambda raid=raid: raid.run(runs))  # type: ignore[misc]
        found.append(Rate(name, shots / seconds, runs * MISSILES / seconds))
    return found


@dataclass(frozen=True)
class Against:
    """The bundled raid: its missiles and shots a run, seconds for so many runs, and the peer on some of them."""

    missiles: int
    shots: float
    runs: int
    prepare_s: float
    run_s: float
    peer_runs: int
    peer_run_s: float

    @property
    def ratio(self) -> float:
        """How many times as long the peer takes for a run."""
        return self.peer_run_s / self.peer_runs / (self.run_s / self.runs)


def prepared() -> Raid:
    """Return the bundled raid of forty missiles."""
    return prepare(RaidField.of(load_raid_study("seongju-raid")))


def against_simpy(runs: int, peer_runs: int, repeats: int) -> Against:
    """Time the bundled raid in the event loop and in SimPy; refuse to if any run does not come to the same tally."""
    prepared()  # compiles
    start = time.perf_counter()
    raid = prepared()
    prepare_s = time.perf_counter() - start
    seed = raid.study.chance.seed
    counts = raid.run(runs, seed)
    run_s = best_of(repeats, lambda: raid.run(runs, seed))
    peer = simpy_raid.Raid(raid.missiles, raid.tables, raid.layers, raid.shared)
    start = time.perf_counter()
    theirs = [peer.run(seed, run) for run in range(peer_runs)]
    peer_run_s = time.perf_counter() - start
    ours = raid.rows(peer_runs, seed)
    for run, tally in enumerate(theirs):
        differs = difference(ours, run, tally)
        if differs:
            raise RuntimeError(f"run {run} of {raid.study.id} differs from SimPy's: {differs}")
    shots = sum(n * int(many) for n, many in enumerate(counts.spent.sum(axis=0))) / runs
    return Against(raid.size, shots, runs, prepare_s, run_s, peer_runs, peer_run_s)
