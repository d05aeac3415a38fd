"""Missiles fitted to reported flights, and how far many missiles fly: arrays of missiles under one call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from equipoise._jit import run_in_chunks
from equipoise.arrays import FloatArray
from equipoise.physics import fitting_kernels as fit
from equipoise.physics.flight import TOLERANCE_M, Aim
from equipoise.physics.geodesy import Site, destination
from equipoise.physics.kepler import HALF_ROUND_M, surface_arc
from equipoise.physics.missile import Missile
from equipoise.physics.missile_arrays import MissileArrays

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
    arrays = MissileArrays.of(missiles)
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
