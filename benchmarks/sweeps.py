"""Sweeps: what threads and Dask cost on top of a plain loop, and what a second worker process brings."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sweep_subject import Busy

from equipoise._jit import one_thread
from equipoise.analysis.ensemble import run_ensemble
from equipoise.analysis.subject import Subject
from equipoise.analysis.sweep import sweep_of
from equipoise.study import load_raid_study, load_study


@dataclass(frozen=True)
class SweepTimes:
    """One kind of work, in every way to do it.

    Attributes
    ----------
    name : str
        What was computed.
    loop_s, thread_s, one_s, two_s : float
        In a plain loop, on one thread of the client, on one worker process and on two. [s]
    both_s : float
        In two plain loops at once, half of the work in each: what the machine's two processors allow. [s]
    chunk_runs : int
        Runs of a chunk on two workers, as the tool picked it.
    """

    name: str
    loop_s: float
    thread_s: float
    one_s: float
    two_s: float
    both_s: float
    chunk_runs: int


def measure(seconds: float, *, kernel_only: bool = False) -> list[SweepTimes]:
    """Return the times of a kernel's runs, a raid's and a footprint's points, each lasting about so long in a loop."""
    busy = Busy(max(1, int(seconds / _seconds(lambda: Busy(2000).work(0, 0, 2000)) * 2000)))
    if kernel_only:
        return [_times("runs of a kernel", busy)]
    study = load_study("lofted-nodong")

    def footprints(points: int) -> Subject:
        return sweep_of(study, [f"battery.commit_delay=0:60:{max(2, points)}"])

    one = footprints(2)
    one.prepare()
    points = int(seconds / _seconds(lambda: one.work(0, 0, 1)))
    raid = load_raid_study("seongju-raid")

    def raids(runs: int) -> Subject:
        return sweep_of(raid, [], runs=max(1, runs))

    few = raids(2000)
    with one_thread():
        runs = int(seconds / _seconds(lambda: few.work(0, 0, 2000)) * 2000)
    return [
        _times("runs of a kernel", busy),
        _times("runs of `seongju-raid`", raids(runs)),
        _times("points of a footprint sweep", footprints(points)),
    ]


def _seconds(work: Callable[[], object]) -> float:
    work()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _times(name: str, subject: Subject) -> SweepTimes:
    from distributed import LocalCluster

    subject.prepare()
    with one_thread():
        start = time.perf_counter()
        for point in range(subject.points):
            subject.work(point, 0, subject.runs)
        loop_s = time.perf_counter() - start
    thread_s, _ = _sweep_s(subject, None)
    found = []
    for workers in (1, 2):
        with LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster:
            _sweep_s(subject, cluster.scheduler_address)  # compiles, and flies the threats, in each worker
            found.append(_sweep_s(subject, cluster.scheduler_address))
    (one_s, _), (two_s, chunk_runs) = found
    return SweepTimes(name, loop_s, thread_s, one_s, two_s, _both_s(subject), chunk_runs)


def _both_s(subject: Subject) -> float:
    """Return how long two processes take side by side for half of the work each, without any sweep."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        for share in (1e-3, 0.5):  # first to compile and to fly the threats
            start = time.perf_counter()
            futures = [pool.submit(_part, subject, first, first + share) for first in (0.0, 0.5)]
            for future in futures:
                future.result()
        return time.perf_counter() - start


def _part(subject: Subject, first: float, last: float) -> None:
    """Work out a share of a subject's runs, or of its points where each is one run."""
    subject.prepare()
    with one_thread():
        if subject.runs > 1:
            for point in range(subject.points):
                subject.work(point, int(first * subject.runs), max(int(last * subject.runs), 1))
        else:
            for point in range(int(first * subject.points), max(int(last * subject.points), 1)):
                subject.work(point, 0, 1)


def _sweep_s(subject: Subject, scheduler: str | None) -> tuple[float, int]:
    """Return how long a sweep takes from the first look at its directory to the sealed result, and its chunks."""
    with tempfile.TemporaryDirectory() as place:
        start = time.perf_counter()
        result = run_ensemble(subject, Path(place) / "sweep", scheduler=scheduler, threads=1)
        return time.perf_counter() - start, result.chunk_runs or subject.points * subject.runs
