"""Measure against peers, in one run on one machine, and print or write the tables of the documentation.

What to read is the ratio to a peer at equal accuracy; the seconds belong to the machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import arcs
import grids
import raids
import staged
import start_up
import sweeps
import tracks

from equipoise._jit import thread_count
from equipoise.catalog import load_catalog
from equipoise.physics import Missile


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table; every column after the first is aligned on the right."""
    align = ["---", *["---:"] * (len(headings) - 1)]
    return ["", *("| " + " | ".join(cells) + " |" for cells in [headings, align, *rows]), ""]


def significant(value: float, digits: int = 3) -> str:
    """Write a number with a few significant digits and no exponent."""
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}"


def arc_section(*, tiny: bool) -> list[str]:
    """Return arcs per second and core."""
    missile = Missile.from_record(load_catalog().missile("nodong"))
    with_heyoka = importlib.util.find_spec("heyoka") is not None
    results = arcs.measure(missile, count=2 if tiny else 12, seconds=0.05 if tiny else 6.0, with_heyoka=with_heyoka)
    lines = [
        "## Arcs of 1,000 km",
        "",
        "Per second and core, each integrator at the loosest tolerance at which all sampled impacts lie within a metre",
        "of a converged one (SciPy's DOP853 at 1e-13); *as shipped* is what every command uses. All fly the same",
        "equations. A series must not straddle a corner of the atmosphere, so heyoka is given events at its layers.",
    ]
    if not with_heyoka:
        lines += ["", "heyoka was not installed for this run."]
    for task, rows in results.items():
        ours = rows[1].arcs_per_s
        lines += ["", f"**From {task}**"]
        lines += table(
            ["integrator", "tolerance", "worst error, m", "arcs/s", "ours is faster by"],
            (
                (
                    row.name,
                    row.setting,
                    significant(row.error_m, 2),
                    significant(row.arcs_per_s),
                    "" if i < 2 else significant(ours / row.arcs_per_s),
                )
                for i, row in enumerate(rows)
            ),
        )
    return lines


def staged_section(*, tiny: bool) -> list[str]:
    """Return staged arcs per second on every thread, and how they converge."""
    count = 4 if tiny else 240
    results = staged.measure(count, 0.05 if tiny else 3.0, 2 if tiny else 8)
    lines = [
        "## Long arcs of staged missiles",
        "",
        f"Launch to ground through the air, with coasts between the stages; ours on {thread_count()} threads, SciPy on",
        "one, each at a setting that holds all sampled impacts within 10 m, or 1 m, of a converged arc.",
    ]
    for name, rows in results.items():
        lines += ["", f"**{name}**"]
        lines += table(
            ["integrator", "tolerance", "worst error, m", "arcs/s", "ours is faster by"],
            (
                (
                    row.name,
                    row.setting,
                    significant(row.error_m, 2),
                    significant(row.arcs_per_s),
                    significant(rows[i - 1].arcs_per_s / row.arcs_per_s) if i % 2 else "",
                )
                for i, row in enumerate(rows)
            ),
        )
    lines += [
        "",
        "## Convergence",
        "",
        "The local error that a step may have, against the steps of an arc, its impact's distance from a converged",
        "one and its time on one core.",
        "",
        f"`TOLERANCE_M`, {staged.TOLERANCE_M:g} m, is what every command uses: twice finer than 1 m at impact needs on",
        "the most sensitive arcs, gravity turns near 12,000 km, and fine enough for what lies between the ends of the",
        "steps, since minutes of flight are interpolated there. Where an impact may be 10 m off, `TOLERANCE_10_M`,",
        f"{staged.TOLERANCE_10_M:g} m, will do. The tests hold both on arcs at random.",
    ]
    nodong = Missile.from_record(load_catalog().missile("nodong"))
    short = staged.Task("1,000 km, one stage", nodong, arcs.aims(nodong, 2 if tiny else 60))
    for flown in [short, *staged.tasks(count)[1:]]:
        lines += ["", f"**{flown.name}**"]
        lines += table(
            ["local error, m", "steps", "median error, m", "worst error, m", "us an arc"],
            (
                (
                    f"{row.tolerance_m:g}",
                    f"{row.steps:.0f}",
                    significant(row.median_m, 2),
                    significant(row.worst_m, 2),
                    significant(row.arc_us),
                )
                for row in staged.convergence(flown, 0.01 if tiny else 0.5)
            ),
        )
    return lines


def footprint_section(*, tiny: bool) -> list[str]:
    """Return the times of a footprint."""
    size = 6 if tiny else 100
    times = grids.footprint_times(size, 1 if tiny else 9, cold=not tiny)
    names = [
        name for name in ("cold, compiling", "warm", "battery moved", "each cell aimed by itself") if name in times
    ]
    lines = [
        f"## A footprint of {size} x {size} cells",
        "",
        "One missile from one launch area. *Cold* starts the interpreter and compiles every kernel; *warm* flies the",
        "fan and engages every cell; *battery moved* engages them anew with the same fan. Aiming each cell by itself",
        "is measured on some cells and scaled.",
    ]
    rows = ((name, significant(1e3 * times[name]), significant(times[name] / times["warm"])) for name in names)
    return lines + table(["footprint", "ms", "against warm"], rows)


def coverage_section(*, tiny: bool) -> list[str]:
    """Return the times of a coverage slice."""
    cells = 400 if tiny else 1_000_000
    times = grids.coverage_times(cells, 1 if tiny else 9)
    lines = [
        f"## A coverage slice of {cells:,} cells",
        "",
        "Horizon, elevation floor, field of view and range for each point at 100 km. The peer does the same test on",
        "azimuth, elevation and range from pymap3d, without refraction.",
    ]
    ours = times["equipoise"]
    rows = ((name, significant(1e3 * seconds), significant(seconds / ours)) for name, seconds in times.items())
    return lines + table(["program", "ms", "against ours"], rows)


def track_section(*, tiny: bool) -> list[str]:
    """Return the times of the bound on a track and of filters over the same looks."""
    looks = 3 if tiny else 50
    times = tracks.measure(looks, 1 if tiny else 9)
    ours = times["equipoise"]
    lines = [
        f"## Track accuracy along an arc, {looks} looks",
        "",
        "The covariance of position and velocity after each look of one radar at one arc. Ours is the bound, with the",
        "predicted intercept and impact points after each look as well and the rest of the arc to the ground; the peer",
        "runs a filter over the same looks. The tests hold the one against the other.",
    ]
    if len(times) == 1:
        lines += ["", "Stone Soup was not installed for this run."]
    rows = ((name, significant(1e3 * seconds), significant(seconds / ours)) for name, seconds in times.items())
    return lines + table(["program", "ms", "against ours"], rows)


def timeline_section(*, tiny: bool) -> list[str]:
    """Return the times of many timelines."""
    arcs, sensors = (4, 2) if tiny else (10_000, 20)
    times = grids.timeline_times(arcs, sensors, 1 if tiny else 5)
    lines = [
        f"## Timelines of {arcs:,} arcs for {sensors} sensors",
        "",
        "Rise, looks every 10 s, cumulative detection, firm track, loss and every gap with its reason, on arcs of a",
        "fan that is flown already, with the cross-section by aspect and phase. The sensors stand from the East China",
        "Sea to Hokkaido and look north-west.",
    ]
    pairs = arcs * sensors
    rows = ((name, significant(1e3 * s), significant(1e6 * s / pairs)) for name, s in times.items())
    return lines + table(["field of view", "ms", "us an arc and sensor"], rows)


def raid_section(*, tiny: bool) -> list[str]:
    """Return shots a second in raids, and the bundled raid beside SimPy."""
    rates = raids.rates(20 if tiny else 100_000, 1 if tiny else 5)
    lines = [
        "## Raids",
        "",
        f"Shots a second in the compiled event loop on {thread_count()} threads: {raids.MISSILES} missiles, one layer,",
        f"rounds for all, kill probability {raids.KILL:g}.",
    ]
    lines += table(
        ["doctrine", "million shots/s", "million missiles/s"],
        (
            (rate.doctrine, significant(1e-6 * rate.shots_per_s), significant(1e-6 * rate.missiles_per_s))
            for rate in rates
        ),
    )
    if importlib.util.find_spec("simpy") is None:
        return [*lines, "SimPy was not installed for this run."]
    found = raids.against_simpy(20 if tiny else 100_000, 2 if tiny else 300, 1 if tiny else 3)
    lines += [
        f"**{found.runs:,} runs of `seongju-raid`**, {found.missiles} missiles against 48 interceptors and",
        f"{found.shots:.1f} shots a run. The peer is the same raid as processes in SimPy, written from the rules and",
        f"with the same named draws, on {found.peer_runs:,} runs and one thread: each of them came to the same tally,",
        "or there would be no table. To set up is to fly the missiles and to work out the windows of fire.",
    ]
    ours, theirs = 1e6 * found.run_s / found.runs, 1e6 * found.peer_run_s / found.peer_runs
    rows = [
        ("equipoise", significant(found.run_s), significant(ours), "1"),
        ("SimPy", significant(theirs * found.runs / 1e6), significant(theirs), significant(found.ratio)),
        ("to set up, once", significant(found.prepare_s), "", ""),
    ]
    return lines + table(["program", f"s for {found.runs:,} runs", "us a run", "against ours"], rows)


def sweep_section(*, tiny: bool) -> list[str]:
    """Return what sweeps cost on top of a plain loop, and what a second worker brings."""
    lines = [
        "## Sweeps",
        "",
        "From the first look at the directory to the sealed result, with finished chunks on the disk in between, of a",
        "size that the tool picks by itself. *Loop* is the same work without any of that, on one thread. One and two",
        "workers are processes of a Dask cluster on the same machine. *Two loops* are two processes side by side with",
        "half of the work each and no sweep: the most that two processors give.",
    ]
    rows = (
        (
            row.name,
            significant(row.loop_s),
            f"{100.0 * (row.thread_s / row.loop_s - 1.0):+.1f}",
            f"{100.0 * (row.one_s / row.loop_s - 1.0):+.1f}",
            significant(row.one_s / row.two_s),
            significant(row.loop_s / row.both_s),
            f"{row.chunk_runs:,}",
        )
        for row in sweeps.measure(0.2 if tiny else 15.0, kernel_only=tiny)
    )
    headings = [
        "work",
        "loop, s",
        "one thread, %",
        "one worker, %",
        "two workers are faster by",
        "two loops are",
        "in a chunk",
    ]
    return lines + table(headings, rows)


def start_section(*, tiny: bool) -> list[str]:
    """Return how soon help is there, and the demo from nothing."""
    times = start_up.measure(1 if tiny else 7)
    rows = ((name, significant(1e3 * seconds)) for name, seconds in times.items())
    lines = ["## Commands", "", "From the start of the interpreter to its end.", *table(["command", "ms"], rows)]
    if not tiny:
        seconds = significant(start_up.demo_seconds(), 2)
        lines += [
            "## The demo from nothing",
            "",
            f"`make demo` in a fresh clone took {seconds} s: virtual environment, packages from the index,",
            "compilation, the Seongju study with its draws, and the report.",
        ]
    return lines


def page(*, tiny: bool = False) -> str:
    """Measure everything and return the page of the documentation."""
    packages = ["equipoise", "numpy", "numba", "scipy", "pymap3d", "distributed"]
    packages += [name for name in ("heyoka", "simpy", "stonesoup") if importlib.util.find_spec(name)]
    versions = ", ".join(f"{name} {version(name)}" for name in packages if name != "equipoise")
    lines = [
        "# Benchmarks",
        "",
        "`make bench` measures this in one run on one machine and writes this page. What to read is the ratio to a",
        "peer at equal accuracy; the seconds belong to the machine, and to whatever else it was doing.",
        "",
        f"Python {platform.python_version()}, {versions}; {platform.machine()}, {thread_count()} threads.",
        "",
    ]
    sections = (
        arc_section,
        staged_section,
        footprint_section,
        coverage_section,
        timeline_section,
        track_section,
        raid_section,
        sweep_section,
        start_section,
    )
    for section in sections:
        lines += [*section(tiny=tiny), ""]
    collapsed = "\n".join(lines)
    while "\n\n\n" in collapsed:
        collapsed = collapsed.replace("\n\n\n", "\n\n")
    return collapsed.rstrip() + "\n"


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page here")
    parser.add_argument("--tiny", action="store_true", help="prove that it runs; the numbers mean nothing")
    options = parser.parse_args()
    text = page(tiny=options.tiny)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
        sys.stderr.write(f"benchmarks: wrote {options.write}\n")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
