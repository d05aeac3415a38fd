"""Long arcs of staged missiles, on every thread: arcs a second at 1 m and at 10 m, SciPy's DOP853, and convergence.

The missiles are made up, of the size of an ICBM; nothing here is a catalogue number. Converged is our own arc at a
local error a hundred thousand times finer, which the tests hold against SciPy and heyoka.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from arcs import RELATIVE_LADDER, FloatArray, Flyer, Measured, _dop853, _packed, launch_site, timed

from equipoise.physics import Missile, Stage, fly_many
from equipoise.physics import flight_kernels as fk
from equipoise.physics import motion_kernels as mk
from equipoise.physics.earth_kernels import OMEGA_RAD_S, geodetic_to_ecef
from equipoise.physics.flight import TOLERANCE_10_M, TOLERANCE_M
from equipoise.physics.geodesy import geodesics_from

CONVERGED_M = 1e-9
TOLERANCES_M = (1.0, 0.1, TOLERANCE_10_M, 1e-2, 3e-3, 1e-3, TOLERANCE_M, 1e-4, 1e-5)
DRAG = ((0.0, 0.2), (0.85, 0.2), (1.0, 0.27), (1.2, 0.27), (2.0, 0.2), (4.5, 0.2))
TWO_STAGES = Missile(
    "two stages", (Stage(40e3, 4e3, 240.0, 275.0, 110.0, 1.8, 3.0), Stage(9e3, 900.0, 250.0, 290.0, 120.0, 1.5)),
    900.0, DRAG, ballistic_coefficient_kg_m2=8000.0,
)  # fmt: skip
THREE_STAGES = Missile(
    "three stages",
    (
        Stage(30e3, 3e3, 240.0, 270.0, 60.0, 1.8, 1.0),
        Stage(9e3, 900.0, 250.0, 290.0, 60.0, 1.5, 2.0),
        Stage(3200.0, 320.0, 255.0, 295.0, 60.0, 1.2),
    ),
    700.0, DRAG, ballistic_coefficient_kg_m2=10_000.0,
)  # fmt: skip


@dataclass(frozen=True)
class Task:
    """A missile and its aims (n, 3): azimuth, angle, cut-off."""

    name: str
    missile: Missile
    aims: FloatArray


def task(name: str, missile: Missile, angle_deg: tuple[float, float], burn: tuple[float, float], count: int) -> Task:
    """Return arcs in evenly spread directions, angle and cut-off swept over their spans; says how far they go."""
    az = np.linspace(0.0, 2.0 * math.pi, count, endpoint=False)
    share = np.linspace(0.0, 1.0, count) * 7.0 % 1.0
    angle = np.radians(angle_deg[0] + share * (angle_deg[1] - angle_deg[0]))
    burn_s = missile.burn_time_s * (burn[0] + (share * 5.0 % 1.0) * (burn[1] - burn[0]))
    aims = np.column_stack([az, angle, burn_s])
    flown = fly_many(missile, launch_site(), az, angle, burn_s)
    assert np.all(flown[:, fk.S_STATUS] == fk.IMPACT)
    range_km = geodesics_from(launch_site(), flown[:, fk.S_LAT], flown[:, fk.S_LON])[0] / 1e3
    apogee_km = flown[:, fk.S_APOGEE_M] / 1e3
    return Task(
        f"{name}: {range_km.min():,.0f} to {range_km.max():,.0f} km, apogee {apogee_km.min():,.0f} to "
        f"{apogee_km.max():,.0f} km",
        missile,
        aims,
    )


def tasks(count: int) -> list[Task]:
    """Return the staged arcs: long ones of two and three stages, and lofted ones."""
    return [
        task("two stages", TWO_STAGES, (30.0, 45.0), (0.98, 1.0), count),
        task("three stages", THREE_STAGES, (30.0, 36.0), (0.945, 0.955), count),
        task("three stages, lofted", THREE_STAGES, (68.0, 78.0), (0.94, 0.97), count),
    ]


def ours(flown: Task, tolerance_m: float) -> Flyer:
    """Return what flies aims and returns points of impact, with every thread."""

    def run(aims: FloatArray) -> FloatArray:
        summaries = fly_many(flown.missile, launch_site(), *aims.T, tolerance_m=tolerance_m)
        return summaries[:, fk.S_IMPACT : fk.S_IMPACT + 3]

    return run


def scipy_staged(flown: Task, rtol: float) -> Flyer:
    """Return SciPy's DOP853 on our compiled right-hand side, anew at every change of stage and steering."""
    missile = flown.missile
    drag = _packed(missile.drag_array)
    launch = launch_site()
    ground = np.array([*geodetic_to_ecef(launch.lat_rad, launch.lon_rad, 0.0), 0.0, 0.0, 0.0])
    rise_s = missile.vertical_time_s

    def one(az: float, angle: float, burn_s: float) -> FloatArray:
        held_s = rise_s + (0.5 * math.pi - angle) / missile.pitch_rate_rad_s
        y, t, burned, mass = ground, 0.0, 0.0, missile.launch_mass_kg
        rows = missile.stage_array

        def body(mode: float, ignition_s: float, row: FloatArray, area_m2: float, inv_beta: float = 0.0) -> mk.Body:
            flow, thrust, loss = row[2:5] if mode != mk.COAST else (0.0, 0.0, 0.0)
            return mk.Body(
                mode, ignition_s, mass, flow, thrust, loss, area_m2, inv_beta, OMEGA_RAD_S, 1.0,
                math.sin(az), math.cos(az), angle, missile.pitch_rate_rad_s, rise_s,
            )  # fmt: skip

        for i, row in enumerate(rows):
            end_s = t + min(row[5], burn_s - burned)
            edges = [t, *(s for s in (rise_s, held_s) if t < s < end_s), end_s]
            for a, b in pairwise(edges):
                mode = mk.RISE if a < rise_s else mk.PITCHING if a < held_s else mk.HELD
                y = _dop853(body(mode, t, row, row[6]), drag, a, b, y, rtol)
            burned += end_s - t
            mass -= row[2] * (end_s - t)
            t = end_s
            if i == len(rows) - 1:
                break
            mass -= row[1]
            y = _dop853(body(mk.COAST, t, row, rows[i + 1][6]), drag, t, t + row[7], y, rtol)
            t += row[7]
        free = body(mk.COAST, t, row, row[6], missile.vehicle_array[1])
        return _dop853(free, drag, t, fk.MAX_TIME_S, y, rtol)[:3]

    return lambda aims: np.array([one(*aim) for aim in aims.tolist()])


def error_m(run: Flyer, flown: Task, count: int | None = None) -> FloatArray:
    """Return the distances of impacts from converged ones. [m]"""
    aims = flown.aims[:count]
    return np.asarray(np.linalg.norm(run(aims) - ours(flown, CONVERGED_M)(aims), axis=1))


def measure(count: int, seconds: float, peer_count: int) -> dict[str, list[Measured]]:
    """Measure staged arcs, ours on every thread and SciPy on one, at 10 m and at 1 m."""
    results = {}
    for flown in tasks(count):
        rows = []
        for allowed_m, tolerance_m in ((10.0, TOLERANCE_10_M), (1.0, TOLERANCE_M)):
            run = ours(flown, tolerance_m)
            rate = timed(run, flown.aims, seconds)
            rows.append(
                Measured(f"equipoise, {allowed_m:g} m", f"{tolerance_m:g} m a step", error_m(run, flown).max(), rate)
            )
            for rtol in RELATIVE_LADDER[4:]:
                peer = scipy_staged(flown, rtol)
                off_m = float(error_m(peer, flown, peer_count).max())
                if off_m <= allowed_m:
                    break
            peer_rate = timed(peer, flown.aims[:peer_count], seconds)
            rows.append(Measured(f"SciPy DOP853, {allowed_m:g} m", f"{rtol:.0e}", off_m, peer_rate))
        results[flown.name] = rows
    return results


@dataclass(frozen=True)
class Converged:
    """One local error of a step, on one task."""

    tolerance_m: float
    steps: float
    median_m: float
    worst_m: float
    arc_us: float


def convergence(flown: Task, seconds: float) -> list[Converged]:
    """Return steps, errors and the time of an arc on one core against the local error of a step."""
    rows = []
    aims = np.ascontiguousarray(flown.aims.T)
    count = len(flown.aims)
    site = launch_site()
    lat, lon = np.full(count, site.lat_rad), np.full(count, site.lon_rad)
    for tolerance_m in TOLERANCES_M:
        summaries = np.empty((count, fk.SUMMARY_SIZE))
        off_m = error_m(ours(flown, tolerance_m), flown)
        best_s, spent_s = math.inf, 0.0
        while spent_s < seconds or best_s == math.inf:
            start = time.perf_counter()
            fk.fly_arcs(
                flown.missile.stage_array, flown.missile.vehicle_array, flown.missile.drag_array,
                lat, lon, *aims, OMEGA_RAD_S, tolerance_m, summaries, 0, count,
            )  # fmt: skip
            took_s = time.perf_counter() - start
            best_s, spent_s = min(best_s, took_s), spent_s + took_s
        rows.append(
            Converged(
                tolerance_m,
                float(summaries[:, fk.S_STEPS].mean()),
                float(np.median(off_m)),
                float(off_m.max()),
                1e6 * best_s / count,
            )
        )
    return rows
