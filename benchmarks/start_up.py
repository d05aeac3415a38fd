"""How long a user waits: for ``--help`` and a flight test, beside the interpreter itself, and for the demo."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
HELP = "from equipoise.cli import main; main(['--help'])"
FLIGHT_TEST = (
    "from equipoise.cli import main; "
    "main(['flight-test', '--apogee', '3724.9', '--range', '998', '--time', '2832', '--json'])"
)


def seconds_of(code: str, rounds: int) -> float:
    """Return the best time of a fresh interpreter that runs some code."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return best


def measure(rounds: int) -> dict[str, float]:
    """Return the seconds of ``equipoise --help``, of a warm flight test, of Python alone, and of importing NumPy."""
    if rounds > 1:
        seconds_of(FLIGHT_TEST, 1)  # compiles, on a machine that has not
    return {
        "equipoise --help": seconds_of(HELP, rounds),
        "equipoise flight-test, eight classes": seconds_of(FLIGHT_TEST, rounds),
        "python -c pass": seconds_of("pass", rounds),
        "import numpy": seconds_of("import numpy", rounds),
    }


def demo_seconds() -> float:
    """Return the time of ``make demo`` in a fresh clone with nothing installed and nothing compiled. [s]"""
    with tempfile.TemporaryDirectory() as place:
        clone = Path(place) / "equipoise"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        environment = {**os.environ, "EQUIPOISE_CACHE_DIR": f"{place}/cache"}
        environment.pop("PYTHONPATH", None)
        start = time.perf_counter()
        subprocess.run(["make", "demo"], cwd=clone, env=environment, check=True, capture_output=True)
        return time.perf_counter() - start
