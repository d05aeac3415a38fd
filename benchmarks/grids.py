"""Grids: a 100 x 100 footprint, beside aiming each cell; a million cells of coverage, beside pymap3d."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pymap3d

from equipoise.analysis.footprint import aim_points, engage, fly_fans
from equipoise.defence import Battery
from equipoise.errors import UnreachableError
from equipoise.physics import Missile, Site, aim_at, fly
from equipoise.physics.fan_kernels import N_NODE
from equipoise.sensors import FACE, SECTOR, Radar, Signature, Watch, coverage_reasons, timelines
from equipoise.study import Study, load_study

COLD = """
import json, time
start = time.perf_counter()
from grids import cold_footprint
cold_footprint({size})
print(json.dumps(time.perf_counter() - start))
"""


def one_case(size: int) -> Study:
    """Return the Seongju study with one threat from one launch area, on a grid of a given size."""
    study = load_study("seongju")
    threat = next(threat for threat in study.threats if threat.missile.id == "nodong")
    threat = replace(threat, launch_areas=threat.launch_areas[:1])
    return replace(study, threats=(threat,), grid=replace(study.grid, rows=size, columns=size))


def best_of(rounds: int, work: Callable[[], Any]) -> float:
    """Return the shortest time of some rounds. [s]"""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _defence(study: Study) -> tuple[Radar, Battery, Site, float]:
    defence = study.defence
    radar = Radar.from_record(defence.radar, defence.radar_range)
    battery = Battery.from_records(defence.battery, defence.interceptor)
    return radar, battery, Site(defence.site.lat_rad, defence.site.lon_rad), defence.boresight_rad


def cold_footprint(size: int) -> None:
    """Do what a footprint takes, from nothing."""
    study = one_case(size)
    engage(fly_fans(study), *_defence(study))


def _cold_seconds(size: int) -> float:
    """Return the time of a footprint in a fresh process with nothing compiled. [s]"""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "EQUIPOISE_CACHE_DIR": cache}
        code = f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r})" + COLD.format(size=size)
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return float(json.loads(run.stdout))


def footprint_times(size: int, rounds: int, *, cold: bool) -> dict[str, float]:
    """Return seconds of a footprint: cold, warm, with only the battery moved, and of aiming each cell by itself."""
    study = one_case(size)
    radar, battery, site, boresight = _defence(study)
    fans = fly_fans(study)
    engage(fans, radar, battery, site, boresight)

    def warm() -> None:
        engage(fly_fans(study), radar, battery, site, boresight)

    def moved() -> None:
        engage(fans, radar, battery, Site(site.lat_rad + 0.001, site.lon_rad), boresight)

    times = {"warm": best_of(rounds, warm), "battery moved": best_of(rounds, moved)}
    times["each cell aimed by itself"] = _seconds_per_aimed_cell(study) * size * size
    if cold:
        times["cold, compiling"] = _cold_seconds(size)
    return times


def _seconds_per_aimed_cell(study: Study) -> float:
    """Return the time to aim and fly at a cell, over some cells spread across the grid. [s]"""
    lat, lon = aim_points(study)
    threat = study.threats[0]
    missile = Missile.from_record(threat.missile)
    launch = Site(threat.launch_areas[0].lat_rad, threat.launch_areas[0].lon_rad)
    picked = np.linspace(0, len(lat) - 1, 8).astype(int)
    start = time.perf_counter()
    for i in picked:
        target = Site(float(lat[i]), float(lon[i]))
        try:
            fly(missile, launch, aim_at(missile, launch, target, trajectory=threat.trajectory))
        except UnreachableError:
            continue
    return (time.perf_counter() - start) / len(picked)


def coverage_times(cells: int, rounds: int) -> dict[str, float]:
    """Return seconds of one slice at 100 km: ours, and pymap3d's azimuth, elevation and range of the same points."""
    radar, _, site, boresight = _defence(load_study("seongju"))
    side = math.isqrt(cells)
    lat = np.linspace(site.lat_rad - 0.2, site.lat_rad + 0.2, side)
    lon = np.linspace(site.lon_rad - 0.2, site.lon_rad + 0.2, side)
    view = radar.view(site, boresight, 0.01)
    coverage_reasons(view, lat, lon, 100e3)
    grid_lat, grid_lon = np.meshgrid(np.degrees(lat), np.degrees(lon), indexing="ij")

    def peer() -> None:
        az, el, slant = pymap3d.geodetic2aer(grid_lat, grid_lon, 100e3, site.lat_deg, site.lon_deg, 0.0)
        _ = (el > 5.0) & (slant < 870e3) & (np.abs((az - math.degrees(boresight) + 180.0) % 360.0 - 180.0) < 60.0)

    return {
        "equipoise": best_of(rounds, lambda: coverage_reasons(view, lat, lon, 100e3)),
        "pymap3d and NumPy": best_of(rounds, peer),
    }


def timeline_times(arcs: int, sensors: int, rounds: int) -> dict[str, float]:
    """Return seconds of the timelines of a fan's arcs for radars of a sector and of a face, spread over a region."""
    study = one_case(20)
    fan = fly_fans(study)[0].fan
    flown = np.flatnonzero(fan.times_s.reshape(-1, 2)[:, 1] > 0.0)
    picked = np.resize(flown, arcs)
    nodes = np.ascontiguousarray(fan.arcs.reshape(-1, N_NODE, 6)[picked])
    times_s = np.ascontiguousarray(fan.times_s.reshape(-1, 2)[picked])
    defence = study.defence
    signature = Signature.from_record(study.threats[0].missile)

    def watches(field_of_view: str) -> list[Watch]:
        return [
            Watch.from_record(
                defence.radar,
                Site.of_degrees(32.0 + 0.4 * k, 126.0 + 0.7 * k),
                defence.boresight_rad,
                10.0,
                range_name=defence.radar_range,
                field_of_view=field_of_view,
            )
            for k in range(sensors)
        ]

    found = {}
    for name, kind in (("sector of azimuth", SECTOR), ("tilted face with scan loss", FACE)):
        seats = watches(kind)
        timelines(nodes[:2], times_s[:2], seats[:1], [signature])
        found[name] = best_of(rounds, lambda seats=seats: timelines(nodes, times_s, seats, [signature]))
    return found
