"""What an ensemble computes: a subject says how many points and runs there are, and works out some of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Columns = Mapping[str, npt.NDArray[Any]]
"""Named columns: one row per element of the first axis; a second axis makes a list of fixed length of each cell."""


class Subject(Protocol):
    """Something to be computed over many points, each in one or many runs.

    A subject is pickled and sent to workers with every task, so it should be small: the text of a study, not what
    follows from it, which :meth:`prepare` works out once in each process.

    Attributes
    ----------
    key : str
        SHA-256 of everything that decides the result but for the code and its versions, which the engine adds: study
        and records, what is varied, seed.
    about : mapping
        What the result says of itself, as plain values for JSON; no dates and no paths of the machine.
    points, runs : int
        How many points there are, and runs of each; 1 run where nothing is random.
    added : bool
        Whether the runs of a point are added up: then :meth:`work` gives whole numbers, and only those, since their sum
        has the same bits in any order. Otherwise each run is a row of the result.
    """

    @property
    def key(self) -> str:
        """SHA-256 of the inputs."""

    @property
    def about(self) -> Mapping[str, Any]:
        """What the result says of itself."""

    @property
    def points(self) -> int:
        """Number of points."""

    @property
    def runs(self) -> int:
        """Runs of each point."""

    @property
    def added(self) -> bool:
        """Whether the runs of a point are added up."""

    def prepare(self) -> None:
        """Do what is needed once in a process before any work; called by one thread at a time."""

    def coordinates(self, start: int, stop: int) -> Columns:
        """Return the columns that say what the points ``start`` to ``stop`` are, one row each."""

    def finished(self, columns: Columns) -> Columns:
        """Return rows of the result as they are written: with what follows from the sums, row by row, beside them."""

    def work(self, point: int, start: int, stop: int) -> Columns:
        """Work out the runs ``start`` to ``stop`` of one point.

        The numbers may hang on the point and on the run and on nothing else: not on which runs are asked for together,
        nor in what order. Several threads call this at once.

        Returns
        -------
        mapping of str to ndarray
            The same columns each time. Where runs are added, whole numbers already summed over these runs, of shape
            ``()`` or ``(k,)``; otherwise a row for each run, of shape ``(stop - start,)`` or ``(stop - start, k)``.
        """


def checked(columns: Columns, *, added: bool, runs: int) -> dict[str, npt.NDArray[Any]]:
    """Return what a subject worked out as arrays with a row axis; refuse what could not be put together exactly.

    Raises
    ------
    TypeError
        If added values are not whole numbers, or a column has another shape than it must have.
    """
    rows = {}
    for name, values in columns.items():
        array = np.asarray(values)
        if added:
            if array.dtype.kind not in "iu":
                raise TypeError(f"column {name} is added over runs and must hold whole numbers; got {array.dtype}")
            array = array.astype(np.int64)[np.newaxis]
        elif array.ndim == 0 or len(array) != runs:
            raise TypeError(f"column {name} must have a row for each of {runs} runs; got shape {array.shape}")
        if array.ndim > 2 or array.dtype.kind not in "biufU":
            raise TypeError(f"column {name} must hold numbers or text, at most a list per row; got {array.dtype}")
        rows[name] = array
    return rows
