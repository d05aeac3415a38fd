"""The benchmarks still run, at a tiny size; nothing is timed here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_benchmarks_run_and_give_every_table() -> None:
    command = [sys.executable, ROOT / "benchmarks" / "run.py", "--tiny"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    for heading in (
        "## Arcs of 1,000 km",
        "## Long arcs of staged missiles",
        "## Convergence",
        "## A footprint of",
        "## A coverage slice of",
        "## Track accuracy along an arc",
        "## Timelines of",
        "## Raids",
        "## Sweeps",
        "## Commands",
    ):
        assert heading in run.stdout
    assert "SciPy DOP853" in run.stdout
    assert "Stone Soup, unscented filter" in run.stdout
    assert "| SimPy |" in run.stdout
    assert "nan" not in run.stdout
