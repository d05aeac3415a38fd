"""What one task of an ensemble does, on whatever machine: some consecutive runs of a subject.

The runs of all points are numbered one after another: run ``r`` of point ``p`` is number ``p * runs + r``. A chunk is a
stretch of these numbers, so that cheap points share a task and a dear one is shared among several.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise._jit import one_thread
from equipoise.analysis.environment import arithmetic, environment, first_difference
from equipoise.analysis.subject import Subject, checked
from equipoise.errors import EquipoiseError

POINT, RUN, RUNS = "point", "run", "runs"


class StoppedError(Exception):
    """The work was called off."""


@dataclass(frozen=True)
class Job:
    """A subject as it travels, and what must hold where it is worked out.

    Attributes
    ----------
    subject : bytes
        Pickled; a process keeps what it made of it for its next task.
    key : str
        Of the ensemble.
    environment : mapping
        What the machine must run.
    arithmetic : mapping or None
        How it must round, if that is settled already.
    """

    subject: bytes
    key: str
    environment: Mapping[str, str]
    arithmetic: Mapping[str, str] | None


@dataclass(frozen=True)
class Worked:
    """What a task came to.

    Attributes
    ----------
    start, stop : int
        The stretch of runs.
    columns : mapping of str to ndarray
        ``point``, ``run`` or (where runs are added) ``runs``, and the subject's own; rows in order.
    seconds : float
        How long the work took, without what a process does once.
    arithmetic : mapping
        How the machine rounds.
    refusal : str or None
        Why there is no result: an error of ours, in its own words.
    """

    start: int
    stop: int
    columns: Mapping[str, npt.NDArray[Any]]
    seconds: float
    arithmetic: Mapping[str, str]
    refusal: str | None = None


_subjects: dict[bytes, Subject] = {}
_preparing = threading.Lock()


def worked(job: Job, start: int, stop: int, stopped: Callable[[], bool] = lambda: False) -> Worked:
    """Work out the runs ``start`` to ``stop``.

    Errors of ours come back as a refusal, since they would be the same anywhere; anything else is raised.
    """
    here = arithmetic()
    difference = first_difference(environment(), job.environment)
    if difference is None and job.arithmetic is not None:
        difference = first_difference(here, job.arithmetic)
    if difference is not None:
        return Worked(start, stop, {}, 0.0, here, f"a worker has {difference}")
    try:
        subject = _prepared(job)  # on every thread there is: the others wait for it
        with one_thread():
            begin = time.perf_counter()
            columns = _columns(subject, start, stop, stopped)
            return Worked(start, stop, columns, time.perf_counter() - begin, here)
    except EquipoiseError as error:
        return Worked(start, stop, {}, 0.0, here, str(error))


def _prepared(job: Job) -> Subject:
    with _preparing:
        if job.subject not in _subjects:
            subject: Subject = pickle.loads(job.subject)
            subject.prepare()
            _subjects.clear()  # a worker outlives its sweeps and must not gather what they flew
            _subjects[job.subject] = subject
        return _subjects[job.subject]


def stretches(start: int, stop: int, runs: int) -> Iterator[tuple[int, int, int]]:
    """Yield (point, first run, run after the last) of a stretch of numbered runs.

    Examples
    --------
    >>> list(stretches(3, 11, 5))
    [(0, 3, 5), (1, 0, 5), (2, 0, 1)]
    """
    while start < stop:
        point, first = divmod(start, runs)
        after = min(runs, first + stop - start)
        yield point, first, after
        start += after - first


def _columns(subject: Subject, start: int, stop: int, stopped: Callable[[], bool]) -> dict[str, npt.NDArray[Any]]:
    parts: list[dict[str, npt.NDArray[Any]]] = []
    for point, first, after in stretches(start, stop, subject.runs):
        if stopped():
            raise StoppedError
        number = after - first
        found = checked(subject.work(point, first, after), added=subject.added, runs=number)
        if subject.added:
            head = {POINT: np.array([point]), RUNS: np.array([number])}
        else:
            head = {POINT: np.full(number, point), RUN: np.arange(first, after)}
        parts.append(head | found)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
