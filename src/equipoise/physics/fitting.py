"""Missiles fitted to reported flights, and how far many missiles fly: arrays of missiles under one call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from equipoise._jit import run_in_chunks
from equipoise.arrays import FloatArray, IntArray
from equipoise.errors import InputError
from equipoise.physics import fitting_kernels as fit
from equipoise.physics import flight_kernels as fk
from equipoise.physics.flight import TOLERANCE_M, Aim
from equipoise.physics.geodesy import Site, destination, geodesic
from equipoise.physics.kepler import HALF_ROUND_M, surface_arc
from equipoise.physics.missile import Missile

# Shares of the Kepler arc's tilt to start from, by pitch program and by gravity turn, until one leads to a fit.
_FIRST_TILTS = ((0.9, 0.12), (1.1, 0.02), (0.6, 0.25), (0.9, 0.05))

FreeParameter = Literal["propellant", "payload", "cut-off"]
FREE_PARAMETERS: dict[FreeParameter, int] = {
    "propellant": fit.PROPELLANT,
    "payload": fit.PAYLOAD,
    "cut-off": fit.CUT_OFF,
}


@dataclass(frozen=True)
class Fit:
    """A missile fitted to one flight.

    Parameters
    ----------
    parameter : {"propellant", "payload", "cut-off"}
        What was set.
    value : float
        A factor on every stage's propellant; the payload [kg]; or the time under thrust [s].
    missile : Missile
        With the parameter set.
    aim : Aim
        That flies the reported arc.
    time_of_flight_s : float
        Of that arc. [s]
    """

    parameter: FreeParameter
    value: float
    missile: Missile
    aim: Aim
    time_of_flight_s: float


def with_parameter(missile: Missile, parameter: FreeParameter, value: float) -> Missile:
    """Return a missile with the free parameter set; ``cut-off`` leaves it as it is.

    A factor on the propellant burns it in the same time: the thrust grows with it, the inert masses stay.
    """
    if parameter == "propellant":
        stages = tuple(replace(stage, propellant_kg=stage.propellant_kg * value) for stage in missile.stages)
        return replace(missile, stages=stages)
    return replace(missile, payload_kg=value) if parameter == "payload" else missile


def bounds_of(missile: Missile, parameter: FreeParameter) -> tuple[float, float]:
    """Return the least and greatest value that a fit may set.

    Propellant: a third to three times the missile's own. Payload: 1 kg to what still lifts off with a tenth more
    thrust than weight. Cut-off: a tenth of the burn time to all of it.
    """
    if parameter == "propellant":
        return 1.0 / 3.0, 3.0
    if parameter == "cut-off":
        return 0.1 * missile.burn_time_s, missile.burn_time_s
    return 1.0, max(2.0, missile.greatest_payload_kg(1.1))


@dataclass(frozen=True)
class _Arrays:
    """Several missiles as ``fitting_kernels`` takes them: stages, how many of them, vehicles, drag tables."""

    stage: FloatArray
    stages: IntArray
    vehicle: FloatArray
    drag_table: FloatArray

    @classmethod
    def of(cls, missiles: Sequence[Missile]) -> _Arrays:
        n = len(missiles)
        for missile in missiles:
            if len(missile.stages) > fit.MAX_STAGES:
                raise InputError(f"{missile.name}: stages: got {len(missile.stages)}; allowed: 1 to {fit.MAX_STAGES}")
        stage = np.ones((n, fit.MAX_STAGES, 8))
        stages = np.array([len(missile.stages) for missile in missiles], dtype=np.int64)
        drag = np.empty((n, fk.DRAG_KNOTS, 2))
        for i, missile in enumerate(missiles):
            stage[i, : stages[i]] = missile.stage_array
            knots = len(missile.drag_array)
            drag[i, :knots] = missile.drag_array
            drag[i, knots:, 0] = missile.drag_array[-1, 0] + np.arange(1, fk.DRAG_KNOTS - knots + 1)
            drag[i, knots:, 1] = missile.drag_array[-1, 1]
        return cls(stage, stages, np.array([missile.vehicle_array for missile in missiles]), drag)


def fit_flights(
    missiles: Sequence[Missile],
    launch: Site,
    az_rad: Sequence[float],
    apogee_m: float,
    range_m: float,
    *,
    parameter: FreeParameter,
    omega_rad_s: FloatArray,
    tolerance_m: float = TOLERANCE_M,
) -> tuple[Fit | None, ...]:
    """Fit the free parameter of each missile, and how it is aimed, to an apogee and an impact.

    Parameters
    ----------
    missiles : sequence of Missile, n
        What may have flown.
    launch : Site
        Where from.
    az_rad : sequence of float, n
        Azimuth from the launch point to the impact. [rad]
    apogee_m, range_m : float
        As reported. [m]
    parameter : {"propellant", "payload", "cut-off"}
        What is set.
    omega_rad_s : ndarray, shape (n,)
        Rotation of the Earth under each.
    tolerance_m : float
        Local error of a step. [m]

    Returns
    -------
    tuple of Fit or None, n
        None where no value within :func:`bounds_of` and no steering flies it. A fit lands within half a metre.

    Raises
    ------
    InputError
        If the apogee or the range is that of no arc, or a missile has more than four stages.

    Notes
    -----
    Three conditions (apogee, and both coordinates of the impact) for three unknowns (the parameter's logarithm and the
    tilt north and east), solved by damped Newton steps with a Jacobian of finite differences [1]_ from the Kepler arc
    over the same apogee and distance.

    References
    ----------
    .. [1] J. E. Dennis and R. B. Schnabel, *Numerical Methods for Unconstrained Optimization and Nonlinear Equations*,
       Prentice-Hall, 1983, chapters 5 and 6.

    Examples
    --------
    A Hwasong-12 on the path announced for 14 May 2017, over a still Earth:

    >>> from equipoise.catalog import load_catalog
    >>> missile = Missile.from_record(load_catalog().missile("hwasong-12"))
    >>> found = fit_flights(
    ...     [missile], Site.of_degrees(39.0, 125.7), [0.0], 2_111_500.0, 787_000.0,
    ...     parameter="propellant", omega_rad_s=np.zeros(1),
    ... )[0]
    >>> round(found.time_of_flight_s / 60.0, 1)  # minutes; 30 were reported
    29.8
    """
    tilt_rad = 0.5 * math.pi - surface_arc(apogee_m, min(range_m, 0.999 * HALF_ROUND_M)).path_angle_rad
    ends = [destination(launch, az, range_m) for az in az_rad]
    fits: list[Fit | None] = [None] * len(missiles)
    for share in _FIRST_TILTS:
        rows = [i for i, found in enumerate(fits) if found is None]
        if not rows:
            break
        left = [missiles[i] for i in rows]
        tilts = [share[missile.gravity_turn] * tilt_rad for missile in left]
        fitted = _fit(
            left,
            launch,
            apogee_m,
            [ends[i] for i in rows],
            [
                (_first_value(missile, parameter), tilt * math.cos(az_rad[i]), tilt * math.sin(az_rad[i]))
                for i, missile, tilt in zip(rows, left, tilts, strict=True)
            ],
            parameter,
            np.asarray(omega_rad_s, dtype=float)[rows],
            tolerance_m,
        )
        for i, row in zip(rows, fitted, strict=True):
            fits[i] = _fit_of(missiles[i], parameter, row)
    return tuple(fits)


def _fit(
    missiles: Sequence[Missile],
    launch: Site,
    apogee_m: float,
    ends: Sequence[Site],
    starts: Sequence[tuple[float, float, float]],
    parameter: FreeParameter,
    omega_rad_s: FloatArray,
    tolerance_m: float,
) -> FloatArray:
    arrays = _Arrays.of(missiles)
    n = len(missiles)
    bounds = np.array([bounds_of(missile, parameter) for missile in missiles])
    targets = np.array([(end.lat_rad, end.lon_rad) for end in ends])
    first = np.array(starts)
    fitted = np.empty((n, fit.FIT_SIZE))

    def work(start: int, stop: int) -> None:
        fit.fit_arcs(
            arrays.stage, arrays.stages, arrays.vehicle, arrays.drag_table, FREE_PARAMETERS[parameter], bounds,
            launch.lat_rad, launch.lon_rad, apogee_m, targets, first, omega_rad_s, tolerance_m, fitted, start, stop,
        )  # fmt: skip

    run_in_chunks(work, n)
    return fitted


def _first_value(missile: Missile, parameter: FreeParameter) -> float:
    if parameter == "propellant":
        return 1.0
    return missile.payload_kg if parameter == "payload" else 0.95 * missile.burn_time_s


def _fit_of(missile: Missile, parameter: FreeParameter, row: FloatArray) -> Fit | None:
    if row[fit.F_STATUS] != fit.FITTED:
        return None
    value = float(row[fit.F_VALUE])
    aim = Aim(float(row[fit.F_AZ]), float(row[fit.F_ANGLE]), value if parameter == "cut-off" else math.inf)
    return Fit(parameter, value, with_parameter(missile, parameter, value), aim, float(row[fit.F_TIME]))


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
    arrays = _Arrays.of(missiles)
    burn = np.full(n, math.inf) if burn_s is None else np.asarray(burn_s, dtype=float)
    az, omega = np.asarray(az_rad, dtype=float), np.asarray(omega_rad_s, dtype=float)
    tilts = _tilts_to_try(missiles, known_angle_rad)
    summaries = np.empty((n, fk.SUMMARY_SIZE))
    angles = np.empty(n)

    def work(start: int, stop: int) -> None:
        fit.longest_arcs(
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
