"""A hundred people drag the battery at once, against a server on loopback: how long they wait.

    python benchmarks/load.py [--people 100] [--seconds 10] [--address http://127.0.0.1:8600]

Without an address it starts a server of its own. Each person sends the next position when the answer to the last one is
there, at most ten a second, as the page does.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2 as httpx
import numpy as np
from serving import own_server

LEAST_APART_S = 0.1
# After a quick draft the page asks for the sentence and the side view as well.
QUICK_S = 0.25
STUDY, MISSILES = "seongju", ("scud-c", "nodong", "musudan")


async def drag(client: httpx.AsyncClient, person: int, until_s: float, waits_s: list[float], errors: list[str]) -> None:
    """Drag the battery along a line of one's own until the time is up."""
    chance = random.Random(person)
    lat_deg, lon_deg = chance.uniform(35.0, 37.5), chance.uniform(127.0, 129.0)
    bearing = chance.uniform(0.0, 2.0 * math.pi)
    missile = MISSILES[person % len(MISSILES)]

    async def ask(path: str, question: dict[str, object]) -> float:
        start_s = time.perf_counter()
        try:
            answer = await client.post(f"/api/{path}", json=question)
            if answer.status_code != 200:
                errors.append(f"{answer.status_code}: {answer.text[:80]}")
        except httpx.HTTPError as error:
            errors.append(type(error).__name__)
        return time.perf_counter() - start_s

    while time.perf_counter() < until_s:
        lat_deg += 0.02 * math.cos(bearing)
        lon_deg += 0.02 * math.sin(bearing)
        change = {"missile": missile, "lat_deg": round(lat_deg, 2), "lon_deg": round(lon_deg, 2)}
        waited_s = await ask("footprint", {"study": STUDY, "change": change, "detail": "draft"})
        waits_s.append(waited_s)
        if waited_s < QUICK_S:
            waited_s += await ask("engagement", {"study": STUDY, "change": change})
        await asyncio.sleep(max(0.0, LEAST_APART_S - waited_s))


async def crowd(address: str, people: int, seconds: float) -> tuple[list[float], list[str]]:
    """Let so many people drag for so long."""
    waits_s: list[float] = []
    errors: list[str] = []
    limits = httpx.Limits(max_connections=people)
    async with httpx.AsyncClient(base_url=address, timeout=30.0, limits=limits) as client:
        until_s = time.perf_counter() + seconds
        await asyncio.gather(*(drag(client, person, until_s, waits_s, errors) for person in range(people)))
    return waits_s, errors


@contextmanager
def warm_server() -> Iterator[str]:
    """Start a server and wait until its workers are warm."""
    with own_server() as address:
        for _ in range(2):  # one for each worker, behind its warming
            httpx.post(f"{address}api/footprint", json={"study": STUDY, "detail": "draft"}, timeout=300.0)
        yield address


def table(people: int, waits_s: list[float], errors: list[str], seconds: float) -> str:
    """Return one row of a Markdown table."""
    p50, p95, p99 = np.percentile(np.array(waits_s) * 1e3, (50, 95, 99))
    rate = len(waits_s) / seconds
    return f"| {people} | {len(waits_s):,} | {rate:.0f} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {len(errors)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--address")
    options = parser.parse_args()
    print("| people | answers | a second | median, ms | p95, ms | p99, ms | errors |")
    print("|---:|---:|---:|---:|---:|---:|---:|")

    def measure(address: str) -> None:
        for people in options.people:
            waits_s, errors = asyncio.run(crowd(address, people, options.seconds))
            print(table(people, waits_s, errors, options.seconds), flush=True)
            for error in sorted(set(errors)):
                print(f"  {error}", file=sys.stderr)

    if options.address:
        measure(options.address)
        return
    with warm_server() as address:
        measure(address)


if __name__ == "__main__":
    main()
