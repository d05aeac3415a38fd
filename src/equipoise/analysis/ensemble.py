"""Ensembles: many points, each in one or many runs, computed in chunks that survive whatever happens.

The result is the same to the byte for any number of workers, any chunks, any order and any number of restarts: each run
is worked out by itself, only whole numbers are added up, and the table is written in order at the end.
"""

from __future__ import annotations

import hashlib
import json
import math
import pickle
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.analysis.chunk_files import write_results
from equipoise.analysis.chunk_store import RESULTS, ChunkStore, DamagedChunkError
from equipoise.analysis.chunk_work import Job, Worked
from equipoise.analysis.environment import environment
from equipoise.analysis.footprint import Progress
from equipoise.analysis.subject import Subject
from equipoise.analysis.workers import PATIENCE_S, Cluster, Threads, Workers
from equipoise.errors import InputError, OutputError

CHUNK_S = 1.0
"""What a chunk should take: a thousand times what Dask spends on a task."""
_SHORTEST_CHUNK_S = 0.125
_MOST_CHUNKS = 20_000
_MOST_ROWS = 100_000
_CHUNKS_A_SECOND = 20.0  # that one client should have to write
_CHUNKS_PER_THREAD = 4
_TAPER = 8  # how much smaller the last chunks are
_RESEALS = 5


@dataclass(frozen=True)
class Ensemble:
    """What an ensemble came to.

    Attributes
    ----------
    directory : Path
        Where it lies.
    seal : mapping
        What ``results.json`` says.
    runs : int
        Runs of all points.
    found : int
        How many of them were there already.
    damaged : int
        Chunks that were damaged on the disk and worked out again.
    chunk_runs : int or None
        Runs of a chunk, where any was worked out.
    """

    directory: Path
    seal: Mapping[str, Any]
    runs: int
    found: int
    damaged: int
    chunk_runs: int | None

    @property
    def table(self) -> Path:
        """The result, to be read by :func:`equipoise.analysis.chunk_files.read_results`."""
        return self.directory / RESULTS


def ensemble_key(subject: Subject) -> str:
    """Return the SHA-256 of everything that decides the result: the subject's key, the code and its versions."""
    made_with = json.dumps(dict(environment()), sort_keys=True)
    shape = f"{subject.points} {subject.runs} {subject.added}"
    return hashlib.sha256(f"{subject.key}\n{shape}\n{made_with}".encode()).hexdigest()


def run_ensemble(
    subject: Subject,
    directory: Path,
    *,
    scheduler: str | None = None,
    threads: int | None = None,
    chunk_runs: int | None = None,
    keep_chunks: bool = False,
    patience_s: float = PATIENCE_S,
    progress: Progress | None = None,
) -> Ensemble:
    """Work out an ensemble, or what is left of it, and seal its result.

    Parameters
    ----------
    subject : Subject
        What to compute.
    directory : Path
        Where chunks and result go. One that holds part of the same ensemble is gone on with; one that holds the sealed
        result is read; anything else is refused.
    scheduler : str, optional
        Address of a Dask scheduler; threads of this process by default.
    threads : int, optional
        How many threads of this process.
    chunk_runs : int, optional
        Runs of a chunk; by default what takes about :data:`CHUNK_S`, found by timing the first ones.
    keep_chunks : bool
        Keep the chunks beside the sealed result.
    patience_s : float
        How long a scheduler may take to answer, and how long it may be without a worker. [s]
    progress : callable, optional
        Called with what is being done, the time left in it, and the share that is done.

    Returns
    -------
    Ensemble
        Where the result lies.

    Raises
    ------
    OutputError
        If the directory cannot be written, holds something else, or is in use.
    InputError
        If the scheduler cannot be used, or a run is refused; the message is the subject's own.
    """
    total = subject.points * subject.runs
    if total < 1:
        raise InputError(f"ensemble: got {subject.points} points of {subject.runs} runs; allowed: at least one run")
    key = ensemble_key(subject)
    facts = {"about": dict(subject.about), "subject": subject.key, "environment": dict(environment())}
    tell: Progress = progress if progress is not None else lambda _text, _share: None
    with ChunkStore(directory, key, total, facts) as store:
        seal, found = store.sealed(), store.finished
        if seal is None:
            crew = _Crew(subject, key, store, scheduler, threads, patience_s)
            seal = _worked_and_sealed(subject, store, crew, chunk_runs, tell)
        else:
            found = total
        if not keep_chunks:
            store.remove_chunks()
        return Ensemble(store.directory, seal, total, found, store.damaged, store.plan.get("chunk_runs"))


@dataclass(frozen=True)
class _Crew:
    """Whom to hire, once there is work."""

    subject: Subject
    key: str
    store: ChunkStore
    scheduler: str | None
    threads: int | None
    patience_s: float

    def hired(self) -> Workers:
        job = Job(pickle.dumps(self.subject), self.key, dict(environment()), self.store.plan.get("arithmetic"))
        if self.scheduler is None:
            return Threads(job, self.threads)
        return Cluster(job, self.scheduler, self.patience_s)


def _worked_and_sealed(
    subject: Subject, store: ChunkStore, crew: _Crew, chunk_runs: int | None, tell: Progress
) -> dict[str, Any]:
    for _ in range(_RESEALS):
        if next(store.gaps(), None) is not None:
            workers = crew.hired()
            try:
                _work_out(subject, store, workers, chunk_runs, tell)
            finally:
                _keep(store, workers.close())
        tell("writing the results", 1.0)
        facts = {
            "about": dict(subject.about),
            "environment": dict(environment()),
            "arithmetic": store.plan.get("arithmetic"),
            "points": subject.points,
            "runs": subject.runs,
        }
        try:
            return store.seal(lambda file: write_results(file, subject, store.columns(), store.key), facts)
        except DamagedChunkError:
            continue
    raise OutputError(
        f"output directory: {store.directory}: chunks are damaged as soon as they are written; name one on another disk"
    )


def _work_out(subject: Subject, store: ChunkStore, workers: Workers, chunk_runs: int | None, tell: Progress) -> None:
    """Work out every gap of the store; a bounded number of chunks is on its way at any time."""
    clock = _Clock(subject, store, tell)
    size = chunk_runs or store.plan.get("chunk_runs") or _timed(subject, store, workers, clock)
    gaps = list(store.gaps())
    if not gaps:
        return
    if chunk_runs is None:
        store.write_plan({"chunk_runs": size})
    waiting = _pieces(gaps, size) if chunk_runs else _tapered(gaps, size, workers.threads)
    on_their_way = 0
    more = True
    while more or on_their_way:
        while more and on_their_way < 2 * workers.threads() + 2:
            piece = next(waiting, None)
            if piece is None:
                more = False
                break
            workers.submit(*piece)
            on_their_way += 1
        if on_their_way and _take(store, workers, clock) is not None:
            on_their_way -= 1


def _keep(store: ChunkStore, rest: list[Worked]) -> None:
    """Put on the disk what was finished when the work broke off, as far as that will have it."""
    with suppress(OutputError):
        for done in rest:
            if done.refusal is None:
                store.add(done.start, done.stop, done.columns)


def _pieces(gaps: list[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    for start, stop in gaps:
        for first in range(start, stop, size):
            yield first, min(first + size, stop)


def _tapered(gaps: list[tuple[int, int]], size: int, threads: Callable[[], int]) -> Iterator[tuple[int, int]]:
    """Yield chunks of a size, and smaller ones towards the end, so that every thread is busy until the last."""
    remaining = sum(stop - start for start, stop in gaps)
    for start, stop in gaps:
        while start < stop:
            share = math.ceil(remaining / (_CHUNKS_PER_THREAD * threads()))
            piece = min(size, max(share, math.ceil(size / _TAPER)), stop - start)
            yield start, start + piece
            start += piece
            remaining -= piece


def _take(store: ChunkStore, workers: Workers, clock: _Clock, timeout_s: float = 1.0) -> Worked | None:
    """Put the next chunk that is finished on the disk; None if there was none for a while."""
    done = workers.finished(timeout_s)
    if done is None:
        clock.say(workers.check())
        return None
    if done.refusal is not None:
        raise InputError(done.refusal)
    if store.plan.get("arithmetic") is None:
        store.write_plan({"arithmetic": dict(done.arithmetic)})
    store.add(done.start, done.stop, done.columns)
    clock.add(done.stop - done.start)
    return done


def _timed(subject: Subject, store: ChunkStore, workers: Workers, clock: _Clock) -> int:
    """Work out the first runs in chunks that grow until one takes long enough to be timed; return the size to use.

    The very first may compile, so two are timed at least.
    """
    size, timed, run_s = 1, 0, 0.0
    while True:
        gap = next(store.gaps(), None)
        if gap is None:
            return size
        start = gap[0]
        stop = min(start + min(size, _largest(subject)), gap[1])
        workers.submit(start, stop)
        done = None
        while done is None:
            done = _take(store, workers, clock)
        timed += 1
        run_s = max(done.seconds, 1e-6) / (stop - start)
        if timed >= 2 and done.seconds >= _SHORTEST_CHUNK_S:
            break
        if stop - start < size or size >= _largest(subject):
            break
        if timed >= 2 or done.seconds < _SHORTEST_CHUNK_S / 8:
            size *= 8
    remaining = sum(stop - start for start, stop in store.gaps())
    return chunk_size(subject, run_s, remaining, workers.threads())


def _largest(subject: Subject) -> int:
    """Return the most runs of a chunk, so that its rows fit anywhere."""
    return _MOST_ROWS * subject.runs if subject.added else _MOST_ROWS


def chunk_size(subject: Subject, run_s: float, remaining: int, threads: int) -> int:
    """Return how many runs a chunk should have.

    Parameters
    ----------
    subject : Subject
        What is computed.
    run_s : float
        What a run takes. [s]
    remaining : int
        Runs that are not finished.
    threads : int
        How many chunks are worked on at once.

    Returns
    -------
    int
        About :data:`CHUNK_S` of work: less where few runs are left for every thread to have some, more on a large
        cluster or where there would be too many files.
    """
    wanted_s = max(CHUNK_S, threads / _CHUNKS_A_SECOND)
    shared = max(math.ceil(remaining / (_CHUNKS_PER_THREAD * threads)), math.ceil(_SHORTEST_CHUNK_S / run_s))
    size = min(int(wanted_s / run_s), shared)
    few_enough = math.ceil(subject.points * subject.runs / _MOST_CHUNKS)
    return max(1, min(max(size, few_enough), _largest(subject)))


class _Clock:
    """Tells how far the work is, and how long the rest will take."""

    def __init__(self, subject: Subject, store: ChunkStore, tell: Progress) -> None:
        self._tell = tell
        self._total = subject.points * subject.runs
        self._unit = "points" if subject.runs == 1 else "runs"
        self._found = self._done = store.finished
        self._begun_s: float | None = None
        self._begun_at = self._found
        self.say(None)

    def add(self, runs: int) -> None:
        """Count finished runs."""
        self._done += runs
        if self._begun_s is None:  # counted from the first chunk on: what comes before it may be compilation
            self._begun_s, self._begun_at = time.monotonic(), self._done
        self.say(None)

    def say(self, waiting: str | None) -> None:
        """Report; ``waiting`` says what for, if nothing moves."""
        text = f"{self._done:,} of {self._total:,} {self._unit}"
        if waiting is not None:
            text += f", {waiting}"
        elif self._begun_s is not None and self._done > self._begun_at:
            each_s = (time.monotonic() - self._begun_s) / (self._done - self._begun_at)
            text += f", {in_words(each_s * (self._total - self._done))} left"
        self._tell(text, self._done / self._total)


def in_words(seconds: float) -> str:
    """Write a duration as people say it.

    Examples
    --------
    >>> in_words(8.2), in_words(200.0), in_words(9000.0), in_words(400000.0)
    ('9 s', '3 min', '2.5 h', '4.6 days')
    """
    if seconds < 90.0:
        return f"{math.ceil(seconds)} s"
    if seconds < 5400.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds / 3600.0:.1f} h" if seconds < 172_800.0 else f"{seconds / 86_400.0:.1f} days"
