"""Boosts of one class fitted to a report: its record's numbers moved one at a time and drawn all at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.analysis.boosts import draws_of, one_at_a_time
from equipoise.analysis.flight_report import FlightReport
from equipoise.analysis.flight_test_results import Band, Candidate, Move
from equipoise.catalog.records import MissileRecord
from equipoise.physics.earth_kernels import OMEGA_RAD_S
from equipoise.physics.fitting import Fit, FreeParameter, fit_flights
from equipoise.physics.flight import TOLERANCE_10_M
from equipoise.physics.geodesy import Site
from equipoise.physics.longest import Longest, longest_flights
from equipoise.physics.missile import Missile

# The turning Earth adds up to a tenth to a range, so the longest on a still one is no less than this share of it.
LEAST_SHARE_OF_REPORT = 0.85


@dataclass(frozen=True)
class Boost:
    """One missile to be fitted, and in which direction it went over which Earth."""

    missile: Missile
    az_rad: float
    omega_rad_s: float


def earth_of(report: FlightReport) -> tuple[float, float]:
    """Return the azimuth and the rotation under which the central missile is fitted."""
    return (report.az_rad, OMEGA_RAD_S) if report.az_rad is not None else (0.0, 0.0)


def fit_all(
    report: FlightReport, boosts: Sequence[Boost], parameter: FreeParameter, tolerance_m: float
) -> list[Fit | None]:
    """Fit each boost to the report; None where it cannot be."""
    return list(
        fit_flights(
            [boost.missile for boost in boosts],
            report.launch,
            [boost.az_rad for boost in boosts],
            report.apogee_m,
            report.range_m,
            parameter=parameter,
            omega_rad_s=np.array([boost.omega_rad_s for boost in boosts]),
            tolerance_m=tolerance_m,
        )
    )


def longest_of(
    fits: Sequence[Fit], launch: Site, az_rad: float, omega_rad_s: float, tolerance_m: float
) -> tuple[Longest | None, ...]:
    """Fly each fit as far as it goes along one azimuth."""
    n = len(fits)
    return longest_flights(
        [one.missile for one in fits],
        launch,
        [az_rad] * n,
        omega_rad_s=np.full(n, omega_rad_s),
        burn_s=np.array([one.aim.burn_s for one in fits]),
        known_angle_rad=[one.aim.angle_rad for one in fits],
        tolerance_m=tolerance_m,
    )


@dataclass(frozen=True)
class Spread:
    """What the uncertainties of one class come to."""

    record: MissileRecord
    central: Fit
    candidate: Candidate
    flown: list[tuple[Fit, Longest]]
    moves: tuple[Move, ...]
    tried: int


def spread_of(
    report: FlightReport, record: MissileRecord, central: Fit, parameter: FreeParameter, draws: int, seed: int
) -> Spread | None:
    """Fit a class with its numbers moved one at a time and drawn all at once, and fly each fit as far as it goes.

    None where the central boost cannot fly normally.
    """
    az_rad, omega_rad_s = earth_of(report)
    ends = [end for end in one_at_a_time(record) if not (parameter == "payload" and end.quantity == "payload")]
    moved = [Boost(missile, az_rad, omega_rad_s) for end in ends for missile in (end.low, end.high) if missile]
    drawn = [Boost(missile, *_direction(report, k)) for k, missile in enumerate(draws_of(record, draws, seed))]
    turned = []
    if report.az_rad is None:
        missile = Missile.from_record(record)
        turned = [Boost(missile, az, OMEGA_RAD_S) for az in np.linspace(0.0, 2.0 * math.pi, 8, endpoint=False)]
    boosts = [*moved, *drawn, *turned]
    fits = fit_all(report, boosts, parameter, TOLERANCE_10_M)
    flown = _flown(report, az_rad, [central, *(one for one in fits if one is not None)])
    ranges_m = {id(one): longest.range_m for one, longest in flown}
    if id(central) not in ranges_m:
        return None

    def outcome(found: Fit | None) -> tuple[float | None, float | None]:
        return (ranges_m.get(id(found)), found.time_of_flight_s) if found is not None else (None, None)

    moves: list[Move] = []
    left = iter(fits)
    for end in ends:
        low, high = (outcome(next(left)) if missile else (None, None) for missile in (end.low, end.high))
        moves.append(Move(end.quantity, end.low_label, end.high_label, low[0], high[0], low[1], high[1]))
    if turned:
        around = [one for one in fits[len(moved) + len(drawn) :] if one is not None and id(one) in ranges_m]
        lengths_m, times_s = [ranges_m[id(one)] for one in around], [one.time_of_flight_s for one in around]
        if around:
            moves.append(
                Move("direction flown", "any", "any", min(lengths_m), max(lengths_m), min(times_s), max(times_s))
            )
    range_m = ranges_m[id(central)]
    candidate = Candidate(
        missile_id=record.id,
        value=central.value,
        time_s=Band.of(central.time_of_flight_s, [one.time_of_flight_s for one, _ in flown]),
        range_still_m=Band.of(range_m, list(ranges_m.values())),
    )
    return Spread(record, central, candidate, flown, tuple(moves), 1 + len(boosts))


def _direction(report: FlightReport, k: int) -> tuple[float, float]:
    """Return the direction of the k-th draw: as reported, or one that golden-ratio steps spread evenly round."""
    if report.az_rad is not None:
        return report.az_rad, OMEGA_RAD_S
    return math.tau * ((k * 0.6180339887498949) % 1.0), OMEGA_RAD_S


def _flown(report: FlightReport, az_rad: float, fits: Sequence[Fit]) -> list[tuple[Fit, Longest]]:
    """Return the fits with their longest flight on a still Earth.

    A boost that cannot go there what it went over the turning Earth is one that its steering law cannot fly normally,
    and is left out.
    """
    longest = longest_of(fits, report.launch, az_rad, 0.0, TOLERANCE_10_M)
    least_m = LEAST_SHARE_OF_REPORT * report.range_m
    return [(one, far) for one, far in zip(fits, longest, strict=True) if far is not None and far.range_m > least_m]
