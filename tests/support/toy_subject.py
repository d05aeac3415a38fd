"""Cheap subjects whose results are known in closed form, in a module of their own so that workers can import it."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.analysis import chunk_store
from equipoise.analysis.ensemble import run_ensemble
from equipoise.analysis.subject import Columns
from equipoise.errors import InputError


@dataclass(frozen=True)
class Toy:
    """Runs whose values follow from their numbers alone.

    Attributes
    ----------
    pause_s : float
        How long each run takes.
    log : str
        A file that gets a line for each stretch worked out; "" for none.
    refused, fatal : int
        A point that is refused, or that ends its process; -1 for none.
    """

    points: int
    runs: int
    added: bool
    pause_s: float = 0.0
    log: str = ""
    refused: int = -1
    fatal: int = -1
    name: str = "toy"

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.name} {self.points} {self.runs} {self.added}".encode()).hexdigest()

    @property
    def about(self) -> Mapping[str, Any]:
        return {"what": self.name}

    def prepare(self) -> None:
        """Nothing to be done once."""

    def coordinates(self, start: int, stop: int) -> Columns:
        return {"x_m": np.arange(start, stop) / 8.0, "name": np.array([f"p{i}" for i in range(start, stop)])}

    def finished(self, columns: Columns) -> Columns:
        return columns

    def work(self, point: int, start: int, stop: int) -> Columns:
        if point == self.refused:
            raise InputError(f"toy: point {point} is refused")
        if point == self.fatal:
            os._exit(1)
        if self.pause_s:
            time.sleep(self.pause_s * (stop - start))
        if self.log:
            with Path(self.log).open("a") as file:
                file.write(f"{point * self.runs + start} {point * self.runs + stop}\n")
        run = np.arange(start, stop)
        if self.added:
            return {"hits": np.int64(np.sum(hits(point, run))), "by_kind": np.bincount(run % 3, minlength=3)}
        return {
            "value": 0.1 * (point + 1) / (run + 1.0),
            "pair": np.stack([run + 0.5, run / 3.0], axis=1),
            "even": run % 2 == 0,
            "word": np.array([f"r{r}" for r in run]),
        }


def hits(point: int, run: np.ndarray) -> np.ndarray:
    """Return the hits of each run: whole numbers that hang on point and run alone."""
    return (run * 7919 + point * 104729) % 101


def work_out(toy: Toy, directory: Path, chunk_runs: int, scheduler: str | None = None, killed_at: str = "") -> None:
    """Work out a toy: the target of a process that may be killed, or that kills itself at a stage of the sealing."""
    if killed_at == "before the chunks go":
        chunk_store.ChunkStore.remove_chunks = _kill  # type: ignore[method-assign]
    elif killed_at:
        last = {"before the table": "results.parquet", "before the seal": "results.json"}[killed_at]
        real = chunk_store.ChunkStore._put

        def put(self: chunk_store.ChunkStore, path: Path, write: Any) -> None:
            _kill() if path.name == last else real(self, path, write)

        chunk_store.ChunkStore._put = put  # type: ignore[method-assign]
    run_ensemble(toy, directory, chunk_runs=chunk_runs, threads=2, scheduler=scheduler)


def _kill(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
