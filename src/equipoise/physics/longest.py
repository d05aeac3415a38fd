"""How far many missiles fly, and how they are steered for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise._jit import run_in_chunks
from equipoise.arrays import FloatArray
from equipoise.physics import flight_kernels as fk
from equipoise.physics import longest_kernels as lk
from equipoise.physics.flight import TOLERANCE_M, Aim
from equipoise.physics.geodesy import Site, geodesic
from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.physics.missile import Missile
from equipoise.physics.missile_arrays import MissileArrays


@dataclass(frozen=True)
class Longest:
    """How far a missile flies along an azimuth.

    Parameters
    ----------
    aim : Aim
        Of the longest range.
    impact : Site
        Where it comes down.
    range_m, apogee_m, time_of_flight_s : float
        Of that flight.
    antipode : bool
        Whether it comes down at the antipode, where the Earth ends the range; on a turning one, which turns away below
        it, it may come down elsewhere.
    """

    aim: Aim
    impact: Site
    range_m: float
    apogee_m: float
    time_of_flight_s: float
    antipode: bool


# Nearer to half round than this counts as having reached it: no geodesic on the ellipsoid is longer than 20,004 km. [m]
_ANTIPODE_M = 60e3
# Tilts off the vertical and kicks that are tried before the best is refined.
_TILTS_RAD = np.radians(np.linspace(6.0, 82.0, 14))
_KICKS_RAD = np.radians(np.geomspace(0.01, 60.0, 16))


def longest_flights(
    missiles: Sequence[Missile],
    launch: Site,
    az_rad: Sequence[float],
    *,
    omega_rad_s: FloatArray,
    burn_s: FloatArray | None = None,
    known_angle_rad: Sequence[float] | None = None,
    tolerance_m: float = TOLERANCE_M,
) -> tuple[Longest | None, ...]:
    """Find how far each missile flies along its azimuth, and how, on the near side of the antipode.

    Parameters
    ----------
    missiles : sequence of Missile, n
        What flies.
    launch : Site
        Where from.
    az_rad : sequence of float, n
        Azimuth of the thrust. [rad]
    omega_rad_s : ndarray, shape (n,)
        Rotation of the Earth under each.
    burn_s : ndarray, shape (n,), optional
        Time under thrust; everything by default. [s]
    known_angle_rad : sequence of float, n, optional
        A steering angle of each that is known to fly, tried with the others. [rad]
    tolerance_m : float
        Local error of a step. [m]

    Returns
    -------
    tuple of Longest or None, n
        None where no steering angle brings the missile down on the near side of the antipode, or where the farthest
        flight would take more than four hours.

    Raises
    ------
    InputError
        If a missile has more than four stages.

    Notes
    -----
    The tilts tried first are a row off the vertical; the best is refined between its neighbours by golden section, or
    by bisection where the antipode lies between two of them.
    """
    n = len(missiles)
    if n == 0:
        return ()
    arrays = MissileArrays.of(missiles)
    burn = np.full(n, math.inf) if burn_s is None else np.asarray(burn_s, dtype=float)
    az, omega = np.asarray(az_rad, dtype=float), np.asarray(omega_rad_s, dtype=float)
    tilts = _tilts_to_try(missiles, known_angle_rad)
    summaries = np.empty((n, fk.SUMMARY_SIZE))
    angles = np.empty(n)

    def work(start: int, stop: int) -> None:
        lk.longest_arcs(
            arrays.stage, arrays.stages, arrays.vehicle, arrays.drag_table, burn, launch.lat_rad, launch.lon_rad, az,
            tilts, omega, tolerance_m, summaries, angles, start, stop,
        )  # fmt: skip

    run_in_chunks(work, n)
    return tuple(_longest_of(launch, az[i], angles[i], burn[i], summaries[i]) for i in range(n))


def _tilts_to_try(missiles: Sequence[Missile], known_angle_rad: Sequence[float] | None) -> FloatArray:
    """Return the tilts (n, m) [rad] to try, rising; a row with fewer than another repeats its last."""
    rows: list[FloatArray] = []
    for i, missile in enumerate(missiles):
        row = _KICKS_RAD if missile.gravity_turn else _TILTS_RAD
        if known_angle_rad is not None:
            angle = known_angle_rad[i]
            row = np.sort(np.append(row, angle if missile.gravity_turn else 0.5 * math.pi - angle))
        rows.append(row)
    width = max(map(len, rows))
    return np.array([np.pad(row, (0, width - len(row)), mode="edge") for row in rows])


def _longest_of(launch: Site, az_rad: float, angle_rad: float, burn_s: float, row: FloatArray) -> Longest | None:
    if row[fk.S_STATUS] != fk.IMPACT:
        return None
    impact = Site(float(row[fk.S_LAT]), float(row[fk.S_LON]))
    range_m = geodesic(launch, impact)[0]
    return Longest(
        aim=Aim(float(az_rad), float(angle_rad), float(burn_s)),
        impact=impact,
        range_m=range_m,
        apogee_m=float(row[fk.S_APOGEE_M]),
        time_of_flight_s=float(row[fk.S_IMPACT_T]),
        antipode=range_m > HALF_ROUND_M - _ANTIPODE_M,
    )
