"""How long a command takes to answer: ``equipoise --help`` beside the interpreter itself."""

from __future__ import annotations

import subprocess
import sys
import time

HELP = "from equipoise.cli import main; main(['--help'])"


def seconds_of(code: str, rounds: int) -> float:
    """Return the best time of a fresh interpreter that runs some code."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return best


def measure(rounds: int) -> dict[str, float]:
    """Return the seconds of ``equipoise --help``, of Python alone, and of importing NumPy."""
    return {
        "equipoise --help": seconds_of(HELP, rounds),
        "python -c pass": seconds_of("pass", rounds),
        "import numpy": seconds_of("import numpy", rounds),
    }
