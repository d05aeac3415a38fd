"""How soon an interceptor can be where: a table made by flying its boost at a fan of elevations."""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from equipoise._jit import cache_directory, kernel_hash
from equipoise.arrays import FloatArray
from equipoise.catalog.records import InterceptorRecord
from equipoise.defence import reach_kernels as rk
from equipoise.errors import InputError
from equipoise.physics.flight import Aim, fly
from equipoise.physics.geodesy import Site
from equipoise.physics.missile import Missile, Stage

STEP_M = 1000.0
# Elevations of launch: from nearly flat to a few degrees past the vertical, so that the column overhead is filled.
_ANGLES_RAD = np.radians(np.concatenate([np.arange(4.0, 60.0, 1.0), np.arange(60.0, 94.1, 0.5)]))
_TIME_STEP_S = 0.5
_TOLERANCE_M = 0.1
# Interceptors and tables of this process that are not made again: where only the rest of a defence is drawn anew, the
# same ones are asked for over and over. A table takes a quarter of a megabyte.
_REMEMBERED = 32
# The burnout speed of the record is taken at this launch elevation.
REFERENCE_ELEVATION_RAD = math.radians(45.0)


@dataclass(frozen=True)
class Limits:
    """Where an interceptor may engage, whatever its kinematics.

    Altitudes [m], ground range from launcher to intercept point [m], time of flight [s].
    """

    min_altitude_m: float
    max_altitude_m: float
    max_range_m: float
    max_flight_time_s: float


@dataclass(frozen=True)
class Reach:
    """Shortest time to points of the vertical plane through a launcher.

    Parameters
    ----------
    name : str
        Catalogue id of the interceptor.
    table : ndarray, shape (n_ground, n_altitude)
        Time from launch [s] at nodes every ``step_m`` of ground range and altitude; inf where it cannot come.
    step_m : float
        Spacing of the nodes. [m]
    limits : Limits
        The published limits. They are kept beside the table, not cut into it, so that their edges are exact.
    """

    name: str
    table: FloatArray
    step_m: float
    limits: Limits

    def time_to(self, ground_m: npt.ArrayLike, altitude_m: npt.ArrayLike) -> FloatArray:
        """Return the shortest time [s] to points, by ground range and altitude [m]; inf outside reach or limits."""
        ground, altitude = np.broadcast_arrays(np.asarray(ground_m, dtype=float), np.asarray(altitude_m, dtype=float))
        out = np.empty(ground.size)
        rk.times_to(ground.ravel(), altitude.ravel(), self.step_m, self.table, out)
        times = out.reshape(ground.shape)
        limits = self.limits
        allowed = (altitude >= limits.min_altitude_m) & (altitude <= limits.max_altitude_m)
        allowed &= (ground <= limits.max_range_m) & (times <= limits.max_flight_time_s)
        return np.where(allowed, times, np.inf)


def interceptor_missile(record: InterceptorRecord) -> Missile:
    """Return the interceptor as something that flies: one stage, and a kill vehicle that coasts on.

    Parameters
    ----------
    record : InterceptorRecord
        Burnout speed, burn time, launch mass, specific impulses, diameter and the kill vehicle's ballistic coefficient.

    Returns
    -------
    Missile
        Its propellant is what the record's burnout speed asks for when launched at 45 degrees in standard air; the
        rest of the launch mass is left at burnout.

    Raises
    ------
    InputError
        If no propellant up to 95 % of the launch mass gives that speed.
    """
    return _built(
        record.id,
        record.launch_mass_kg.value,
        record.burnout_speed_mps.value,
        Stage(
            propellant_kg=0.0,
            inert_kg=0.0,
            isp_sea_level_s=record.isp_sea_level_s.value,
            isp_vacuum_s=record.isp_vacuum_s.value,
            burn_time_s=record.burn_time_s.value,
            diameter_m=record.diameter_m.value,
        ),
        tuple(zip(record.drag.mach, record.drag.cd, strict=True)),
        record.ballistic_coefficient_kg_m2.value,
    )


@lru_cache(maxsize=_REMEMBERED)
def _built(
    name: str,
    mass_kg: float,
    wanted_mps: float,
    empty: Stage,
    drag: tuple[tuple[float, float], ...],
    ballistic_coefficient_kg_m2: float,
) -> Missile:
    """Return the missile whose one stage holds the propellant that gives a burnout speed."""

    def built(propellant_kg: float) -> Missile:
        return Missile(
            name=name,
            stages=(replace(empty, propellant_kg=propellant_kg),),
            payload_kg=mass_kg - propellant_kg,
            drag=drag,
            ballistic_coefficient_kg_m2=ballistic_coefficient_kg_m2,
            vertical_time_s=0.0,
            pitch_rate_rad_s=math.inf,
        )

    from scipy.optimize import brentq

    def short_mps(propellant_kg: float) -> float:
        flight = fly(built(propellant_kg), Site(0.0, 0.0), Aim(math.pi / 2, REFERENCE_ELEVATION_RAD), rotation=False)
        return flight.burnout_speed_mps - wanted_mps

    low, high = 0.3 * mass_kg, 0.95 * mass_kg
    if short_mps(high) < 0.0 or short_mps(low) > 0.0:
        raise InputError(
            f"interceptor {name}: burnout_speed must lie between {(short_mps(low) + wanted_mps) / 1e3:.2f} and "
            f"{(short_mps(high) + wanted_mps) / 1e3:.2f} km/s for its mass and impulse; got {wanted_mps / 1e3:.2f} km/s"
        )
    return built(float(brentq(short_mps, low, high, xtol=1e-6)))


def reach_table(record: InterceptorRecord, *, cached: bool = True) -> Reach:
    """Return the reach of an interceptor, from the cache if it was flown before.

    Parameters
    ----------
    record : InterceptorRecord
        The catalogue record.
    cached : bool
        False flies the table and leaves no file: for drawn records, which no other process asks for.

    Returns
    -------
    Reach
        Times to points up to the record's range and altitude limits, and one node beyond.

    Notes
    -----
    The interceptor holds its launch elevation under thrust and coasts under gravity and drag; the time to a point is
    the shortest over elevations, rising or falling. The Earth does not turn here (2 km over 120 s), the plane is that
    of the equator. Guidance is left out: what the table gives is what straight flight can do.
    """
    limits = Limits(
        min_altitude_m=record.min_altitude_m.value,
        max_altitude_m=record.max_altitude_m.value,
        max_range_m=record.max_range_m.value,
        max_flight_time_s=record.max_flight_time_s.value,
    )
    missile = interceptor_missile(record)
    # The lowest altitude cuts nothing out of the table.
    whole = replace(limits, min_altitude_m=0.0)
    table = _cached(missile, whole) if cached else _remembered(missile, whole)
    return Reach(name=record.id, table=table, step_m=STEP_M, limits=limits)


def _nodes(limits: Limits) -> tuple[int, int]:
    """Return the shape of the table: to the limits of range and altitude, and beyond."""
    return math.ceil(limits.max_range_m / STEP_M) + 3, math.ceil(limits.max_altitude_m / STEP_M) + 3


def _flown(missile: Missile, limits: Limits) -> FloatArray:
    # Flown past the limit of flight time, so that the limit cuts a smooth table.
    times_s = np.arange(0.0, 2.0 * limits.max_flight_time_s + _TIME_STEP_S, _TIME_STEP_S)
    shape = (len(_ANGLES_RAD), len(times_s))
    ground_m, altitude_m = np.empty(shape), np.empty(shape)
    rk.fly_plane(
        missile.stage_array,
        missile.vehicle_array,
        missile.drag_array,
        _ANGLES_RAD,
        _TOLERANCE_M,
        times_s,
        ground_m,
        altitude_m,
    )
    table = np.empty(_nodes(limits))
    rk.shortest_times(times_s, ground_m, altitude_m, STEP_M, table)
    return table


_remembered = lru_cache(maxsize=_REMEMBERED)(_flown)


def _cached(missile: Missile, limits: Limits) -> FloatArray:
    """Return the table from the cache directory, or fly it and leave it there; a cache that fails is only slower."""
    digest = hashlib.sha256(kernel_hash().encode())
    for array in (missile.stage_array, missile.vehicle_array, missile.drag_array, _ANGLES_RAD):
        digest.update(array.tobytes())
    digest.update(repr((limits, STEP_M, _TIME_STEP_S, _TOLERANCE_M)).encode())
    path = cache_directory() / "reach" / f"{digest.hexdigest()[:32]}.npy"
    try:
        table = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        table = None
    if isinstance(table, np.ndarray) and table.dtype == np.float64 and table.shape == _nodes(limits):
        return table
    flown = _flown(missile, limits)
    _leave(path, flown)
    return flown


def _leave(path: Path, table: FloatArray) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npy", delete=False) as file:
            np.save(file, table)
        os.replace(file.name, path)
    except OSError:
        return
