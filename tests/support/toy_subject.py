"""Cheap subjects whose results are known in closed form, in a module of their own so that workers can import it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

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


def main() -> None:
    """Work out a toy in a directory, as a process that may be killed: points, runs, added, pause, log, directory."""
    import sys

    from equipoise.analysis.ensemble import run_ensemble

    points, runs, added, pause_s, log, chunk, directory = sys.argv[1:8]
    scheduler = sys.argv[8] if len(sys.argv) > 8 else None
    toy = Toy(int(points), int(runs), added == "yes", float(pause_s), log)
    run_ensemble(toy, Path(directory), chunk_runs=int(chunk) or None, threads=2, scheduler=scheduler)


if __name__ == "__main__":
    from toy_subject import main  # so that workers find the class under the module's own name

    main()
