"""Runs of a known cost for the benchmark of sweeps, in a module of their own so that workers can import it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from equipoise.analysis.subject import Columns

_STEPS = 10_000


@numba.njit(nogil=True)  # type: ignore[untyped-decorator]
def _odd(start: int, stop: int, steps: int) -> int:
    """Count the runs whose generator (xorshift, seeded by the run) ends on an odd number."""
    count = 0
    for run in range(start, stop):
        state = np.uint64(run + 1)
        for _ in range(steps):
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
        count += int(state & np.uint64(1))
    return count


@dataclass(frozen=True)
class Busy:
    """Runs that keep a processor busy for some ten microseconds each and need no memory."""

    runs: int
    points: int = 1
    added: bool = True

    @property
    def key(self) -> str:
        return hashlib.sha256(f"busy {self.runs}".encode()).hexdigest()

    @property
    def about(self) -> Mapping[str, Any]:
        return {"kind": "busy"}

    def prepare(self) -> None:
        _odd(0, 1, 1)

    def coordinates(self, start: int, stop: int) -> Columns:
        return {"number": np.arange(start, stop)}

    def finished(self, columns: Columns) -> Columns:
        return columns

    def work(self, point: int, start: int, stop: int) -> Columns:
        return {"odd": np.int64(_odd(start, stop, _STEPS))}
