"""How soon an interceptor can be where: a table made by flying its boost at a fan of elevations."""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from equipoise._jit import cache_directory, kernel_hash
from equipoise.arrays import FloatArray
from equipoise.catalog.records import InterceptorRecord
from equipoise.defence import reach_kernels as rk
from equipoise.defence.plane_flight import PLANE_TOLERANCE_M, fly_in_plane
from equipoise.errors import InputError
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import GM_M3_S2, MEAN_RADIUS_M
from equipoise.physics.flight import TOLERANCE_M
from equipoise.physics.missile import Missile, Stage

# Elevations of launch: from nearly flat to a few degrees past the vertical, so that the column overhead is filled.
_ANGLES_RAD = np.radians(np.concatenate([np.arange(4.0, 60.0, 1.0), np.arange(60.0, 94.1, 0.5)]))
# Far out the flattest arcs lie hundreds of kilometres apart for each degree.
_CLOSE_ANGLES_RAD = np.radians(np.arange(2.0, 94.1, 0.25))
_FINE_STEP_M, _USUAL_STEP_M = 250.0, 1000.0
# A greatest range below the first has the fine step; farther out the step grows so that tables keep to so many nodes.
_FINE_RANGE_M, _TABLE_NODES = 100e3, 160_000
# Seconds between the samples of an arc, for each kilometre between nodes; never more than the second.
_TIME_STEP_S_KM, _LONGEST_TIME_STEP_S = 0.5, 2.0
# Interceptors and tables of this process that are not made again: where only the rest of a defence is drawn anew, the
# same ones are asked for over and over. A table takes a quarter of a megabyte.
_REMEMBERED = 32
# Masses of propellant tried for a burnout speed, where the speed does not simply rise with it.
_PROPELLANTS_TRIED = 30
# An arc is left when it has come this far around: beyond half the Earth its ground range would jump.
_FARTHEST_M = 0.9 * math.pi * MEAN_RADIUS_M
# By flight alone: what the boost adds to a throw from the surface, and where the question ends.
_BOOST_SHARE, _BOOST_M = 1.1, 300e3
_HIGHEST_M, _LONGEST_M, _LONGEST_FLIGHT_S = 3000e3, 12_000e3, 1800.0
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
    """Return the interceptor as something that flies: its stages, and a kill vehicle that coasts on.

    Parameters
    ----------
    record : InterceptorRecord
        Burnout speed, burn time, launch mass, specific impulses, diameter, the kill vehicle's ballistic coefficient,
        and for more than one stage their number and ``structure_share``.

    Returns
    -------
    Missile
        Its propellant is what the record's burnout speed asks for when launched at 45 degrees in standard air; the
        rest of the launch mass is left at burnout, without what was dropped.

    Raises
    ------
    InputError
        If no propellant gives that speed: up to 95 % of the launch mass, or of what the structure leaves.

    Notes
    -----
    Stages are alike: each has the same share of propellant in the mass that it accelerates, burns for the same part of
    ``burn_time``, has the same specific impulse and diameter, and drops ``structure_share`` of its own mass. Of a
    stack ``m`` with a share ``p`` of propellant the next stage finds ``m (1 - p / (1 - structure_share))``. Published
    numbers do not tell stages apart; alike ones are the usual textbook case.
    """
    return _built(
        _Boost(
            name=record.id,
            mass_kg=record.launch_mass_kg.value,
            burnout_speed_mps=record.burnout_speed_mps.value,
            stages=1 if record.stages is None else max(1, round(record.stages.value)),
            structure_share=0.0 if record.structure_share is None else record.structure_share.value,
            burn_time_s=record.burn_time_s.value,
            isp_sea_level_s=record.isp_sea_level_s.value,
            isp_vacuum_s=record.isp_vacuum_s.value,
            diameter_m=record.diameter_m.value,
            drag=tuple(zip(record.drag.mach, record.drag.cd, strict=True)),
            ballistic_coefficient_kg_m2=record.ballistic_coefficient_kg_m2.value,
            rise_time_s=0.0 if record.rise_time_s is None else record.rise_time_s.value,
            pitch_rate_rad_s=math.inf if record.pitch_rate_rad_s is None else record.pitch_rate_rad_s.value,
        )
    )


class _Boost(NamedTuple):
    """What of a record the flight of its interceptor follows from."""

    name: str
    mass_kg: float
    burnout_speed_mps: float
    stages: int
    structure_share: float
    burn_time_s: float
    isp_sea_level_s: float
    isp_vacuum_s: float
    diameter_m: float
    drag: tuple[tuple[float, float], ...]
    ballistic_coefficient_kg_m2: float
    rise_time_s: float
    pitch_rate_rad_s: float


def _with_propellant(boost: _Boost, propellant_kg: float) -> Missile:
    """Return the missile with so much propellant in its first stage, and the same share in those after it."""
    stages = []
    stack_kg, share = boost.mass_kg, propellant_kg / boost.mass_kg
    burning_kg = propellant_kg
    for _ in range(boost.stages):
        dropped_kg = burning_kg * boost.structure_share / (1.0 - boost.structure_share)
        stages.append(
            Stage(
                propellant_kg=burning_kg,
                inert_kg=dropped_kg,
                isp_sea_level_s=boost.isp_sea_level_s,
                isp_vacuum_s=boost.isp_vacuum_s,
                burn_time_s=boost.burn_time_s / boost.stages,
                diameter_m=boost.diameter_m,
            )
        )
        stack_kg = stack_kg - burning_kg - dropped_kg
        burning_kg = share * stack_kg
    return Missile(
        name=boost.name,
        stages=tuple(stages),
        payload_kg=stack_kg,
        drag=boost.drag,
        ballistic_coefficient_kg_m2=boost.ballistic_coefficient_kg_m2,
        vertical_time_s=boost.rise_time_s,
        pitch_rate_rad_s=boost.pitch_rate_rad_s,
    )


@lru_cache(maxsize=_REMEMBERED)
def _built(boost: _Boost) -> Missile:
    """Return the missile with the propellant that gives the burnout speed."""
    from scipy.optimize import brentq

    mass_kg, structure = boost.mass_kg, boost.structure_share

    def short_mps(propellant_kg: float) -> float:
        return _burnout_speed_mps(_with_propellant(boost, propellant_kg)) - boost.burnout_speed_mps

    low, high = 0.3 * mass_kg, 0.95 * (1.0 - structure) * mass_kg
    if boost.stages > 1:
        # Stages that burn long need this much to rise at 45 degrees at all: thrust of one and a half times the weight.
        low = max(0.1, 1.5 * boost.burn_time_s / boost.stages / boost.isp_sea_level_s) * mass_kg
    if low >= high:
        raise InputError(
            f"interceptor {boost.name}: burn_time must be shorter for it to rise; got {boost.burn_time_s:g} s"
        )
    if boost.stages > 1 or not short_mps(low) <= 0.0 <= short_mps(high):
        # What is light at burnout is braked by the air, so the speed rises with the propellant and then falls: the
        # first crossing counts.
        tried_kg = np.linspace(low, high, _PROPELLANTS_TRIED)
        short = np.array([short_mps(float(kg)) for kg in tried_kg])
        first = int(np.argmax(short >= 0.0))
        if short[first] < 0.0 or first == 0:
            lowest, highest = short[0] + boost.burnout_speed_mps, short.max() + boost.burnout_speed_mps
            raise InputError(
                f"interceptor {boost.name}: burnout_speed must lie between {lowest / 1e3:.2f} and "
                f"{highest / 1e3:.2f} km/s for its mass and impulse; got {boost.burnout_speed_mps / 1e3:.2f} km/s"
            )
        low, high = float(tried_kg[first - 1]), float(tried_kg[first])
    return _with_propellant(boost, float(brentq(short_mps, low, high, xtol=1e-6)))


def _burnout_speed_mps(missile: Missile) -> float:
    """Return the speed at the end of thrust [m/s] of a shot at 45 degrees over a still Earth, landing or not."""
    summary = np.empty(fk.SUMMARY_SIZE)
    fk.fly_arc(
        missile.stage_array,
        missile.vehicle_array,
        missile.drag_array,
        0.0,
        0.0,
        0.5 * math.pi,
        REFERENCE_ELEVATION_RAD,
        math.inf,
        0.0,
        TOLERANCE_M,
        np.empty((0, fk.NODE_SIZE)),
        summary,
    )
    return float(np.linalg.norm(summary[fk.S_BURNOUT + 3 : fk.S_BURNOUT + 6]))


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
    the shortest over elevations, rising or falling. Nodes lie 250 m apart for a greatest range below 100 km, and
    otherwise as many whole kilometres as keep the table at 160,000 of them: 1 km for THAAD, 4 km for an SM-3 Block IIA,
    8 km for a GBI. Where the table has no time at a corner of a cell, the whole cell counts as out of reach.

    The Earth does not turn here and the plane is that of the equator. Flown over the turning ellipsoid, all azimuths,
    the flights of the table come to the same ground range and altitude 0.9 s earlier or later at most for THAAD from
    36 degrees north, 1.8 s for an SM-3 Block IB, and for a GBI 11 s from Fort Greely and 21 s from Vandenberg, 2 % of
    flights of up to 1,070 s: shots to the west are later. Where the slowest arcs come down at the edge of an SM-3 Block
    IIA's reach it is up to a minute, and the edge lies some tens of kilometres off. That the Earth also turns under
    the azimuth of a shot is no error: a launcher shoots any way.

    Guidance is left out: what the table gives is what straight flight can do.
    """
    limits = Limits(
        min_altitude_m=record.min_altitude_m.value,
        max_altitude_m=record.max_altitude_m.value,
        max_range_m=record.max_range_m.value,
        max_flight_time_s=record.max_flight_time_s.value,
    )
    return _reach(record, limits, cached=cached)


def reach_by_flight_alone(record: InterceptorRecord) -> Reach:
    """Return where an interceptor can fly at all, whatever is published of its greatest range, altitude and time.

    Parameters
    ----------
    record : InterceptorRecord
        The catalogue record. Its lowest altitude is kept, since it says where the kill vehicle works.

    Returns
    -------
    Reach
        Times to points as far as a ballistic throw at its burnout speed comes, with a margin for the boost itself; at
        most 12,000 km away, 3,000 km high and half an hour after launch. Nothing says that its seeker, battery or
        guidance would serve there: an upper bound, for asking what speed alone allows.

    Notes
    -----
    With ``b = v**2 R / mu`` below one, a throw from the surface comes at most ``2 asin(b / (2 - b))`` around the Earth
    and ``R b / (2 - b)`` high (Bate, Mueller and White, Fundamentals of Astrodynamics, 1971, chapter 6).
    """
    b = min(record.burnout_speed_mps.value**2 * MEAN_RADIUS_M / GM_M3_S2, 1.0)
    share = b / (2.0 - b)
    limits = Limits(
        min_altitude_m=record.min_altitude_m.value,
        max_altitude_m=min(_BOOST_SHARE * MEAN_RADIUS_M * share + _BOOST_M, _HIGHEST_M),
        max_range_m=min(_BOOST_SHARE * 2.0 * math.asin(share) * MEAN_RADIUS_M + _BOOST_M, _LONGEST_M),
        max_flight_time_s=_LONGEST_FLIGHT_S,
    )
    return _reach(record, limits, cached=True)


def _reach(record: InterceptorRecord, limits: Limits, *, cached: bool) -> Reach:
    missile = interceptor_missile(record)
    # The lowest altitude cuts nothing out of the table.
    whole = replace(limits, min_altitude_m=0.0)
    table = _cached(missile, whole) if cached else _remembered(missile, whole)
    return Reach(name=record.id, table=table, step_m=table_step_m(limits), limits=limits)


def table_step_m(limits: Limits) -> float:
    """Return the spacing of the nodes [m] of an interceptor's table."""
    if limits.max_range_m < _FINE_RANGE_M:
        return _FINE_STEP_M
    needed_m = math.sqrt(limits.max_range_m * limits.max_altitude_m / _TABLE_NODES)
    return _USUAL_STEP_M * max(1, math.ceil(needed_m / _USUAL_STEP_M))


def _nodes(limits: Limits) -> tuple[int, int]:
    """Return the shape of the table: to the limits of range and altitude, and beyond."""
    step_m = table_step_m(limits)
    return math.ceil(limits.max_range_m / step_m) + 3, math.ceil(limits.max_altitude_m / step_m) + 3


def _fan_rad(limits: Limits) -> FloatArray:
    """Return the elevations at which an interceptor is flown for its table [rad]."""
    angles_rad: FloatArray = _ANGLES_RAD if table_step_m(limits) <= _USUAL_STEP_M else _CLOSE_ANGLES_RAD
    return angles_rad


def _time_step_s(limits: Limits) -> float:
    """Return the time between the samples of an arc [s]."""
    return min(_TIME_STEP_S_KM * table_step_m(limits) / 1e3, _LONGEST_TIME_STEP_S)


def _flown(missile: Missile, limits: Limits) -> FloatArray:
    # Flown past the limit of flight time, so that the limit cuts a smooth table.
    step_s = _time_step_s(limits)
    times_s = np.arange(0.0, 2.0 * limits.max_flight_time_s + step_s, step_s)
    angles_rad = _fan_rad(limits)
    ground_m, altitude_m = fly_in_plane(missile, angles_rad, times_s)
    ground_m[np.logical_or.accumulate(np.abs(ground_m) > _FARTHEST_M, axis=1)] = np.nan
    table = np.empty(_nodes(limits))
    rk.shortest_times(times_s, ground_m, altitude_m, table_step_m(limits), table)
    return table


_remembered = lru_cache(maxsize=_REMEMBERED)(_flown)


def _cached(missile: Missile, limits: Limits) -> FloatArray:
    """Return the table from the cache directory, or fly it and leave it there; a cache that fails is only slower."""
    digest = hashlib.sha256(kernel_hash().encode())
    for array in (missile.stage_array, missile.vehicle_array, missile.drag_array, _fan_rad(limits)):
        digest.update(array.tobytes())
    steps = (table_step_m(limits), _time_step_s(limits), PLANE_TOLERANCE_M)
    digest.update(repr((limits, *steps)).encode())
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
