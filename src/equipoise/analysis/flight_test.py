"""A reported flight assessed: whether it can be, what flew it, and how far that flies on a normal trajectory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from equipoise.analysis.boost_spread import Boost, Spread, earth_of, fit_all, longest_of, spread_of
from equipoise.analysis.flight_classes import (
    CANDIDATE_FACTOR,
    LARGEST_FACTOR,
    MOST_CANDIDATES,
    ballistic_classes,
    called,
    of_range,
    refusal_of,
    refusal_of_class,
    within,
)
from equipoise.analysis.flight_report import FlightReport, ReportError
from equipoise.analysis.flight_test_results import (
    Band,
    Calibrated,
    FlightTest,
    RangeRing,
)
from equipoise.analysis.footprint import Progress
from equipoise.arrays import FloatArray
from equipoise.catalog.records import MissileRecord
from equipoise.physics.earth_kernels import OMEGA_RAD_S
from equipoise.physics.fitting import Fit, FreeParameter, with_parameter
from equipoise.physics.flight import TOLERANCE_10_M, TOLERANCE_M, fly
from equipoise.physics.kepler import longest_range_m
from equipoise.physics.longest import longest_flights
from equipoise.physics.missile import Missile

# Draws for a class that was named, and for each of several that may have flown.
DRAWS_NAMED = 96
DRAWS_EACH = 8
SEED = 1
RING_DIRECTIONS = 36
_PAYLOADS = 7


def flight_test(
    report: FlightReport,
    *,
    parameter: FreeParameter = "propellant",
    classes: Sequence[MissileRecord] | None = None,
    draws: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
) -> FlightTest:
    """Assess a reported flight.

    Parameters
    ----------
    report : FlightReport
        What was announced.
    parameter : {"propellant", "payload", "cut-off"}
        What is fitted; anything but the propellant needs the class to be named.
    classes : sequence of MissileRecord, optional
        What may have flown if the report names no class; by default every ballistic class of the catalogue.
    draws : int, optional
        How many boosts are drawn from the ranges of each class.
    seed : int
        Of the draws.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Returns
    -------
    FlightTest

    Raises
    ------
    ReportError
        If no ballistic boost makes the flight: ``quasi-ballistic`` if the apogee is too low for the distance, else
        ``no boost``.

    Notes
    -----
    Every boost is fitted to apogee and impact anew (:func:`equipoise.physics.fitting.fit_flights`) and then flown on
    its own longest range, so a band holds what the report leaves open about the boost, and nothing about the report's
    own error. The bands span the record's numbers one at a time, and drawn all at once.
    """
    say = progress if progress is not None else lambda _text, _share: None
    if report.missile is None and parameter != "propellant":
        raise ReportError("impossible", f"fit: {parameter} needs the missile to be named; allowed without: propellant")
    say("fitting the classes that may have flown", 0.0)
    named = report.missile is not None
    records = _flyable(report, classes)
    fitted = _nearest(report, records, parameter)
    if not fitted:
        raise refusal_of(report, records, parameter)
    report.check_time()
    draws = draws if draws is not None else (DRAWS_NAMED if named else DRAWS_EACH)
    spreads: list[Spread] = []
    for k, (candidate, found) in enumerate(fitted):
        say(f"drawing boosts of {candidate.id}", (k + 0.5) / (len(fitted) + 1))
        spread = spread_of(report, candidate, found, parameter, draws, seed)
        if spread is not None:
            spreads.append(spread)
    if not spreads:
        raise ReportError(
            "no boost",
            f"{called(records)}: no steering angle brings the boost that fits this flight down on the near side of "
            "the Earth within four hours",
        )
    nearest = spreads[0]
    record, central_fit = nearest.record, nearest.central
    calibrated = _calibrated(report, record, central_fit)
    every = [pair for spread in spreads for pair in spread.flown]
    say("flying in every direction", len(fitted) / (len(fitted) + 1))
    by_range = sorted(every, key=lambda pair: pair[1].range_m)
    ring = _ring(report, [by_range[0][0], central_fit, by_range[-1][0]])
    still_m = nearest.candidate.range_still_m.central
    around_m = ring.range_m[np.isfinite(ring.range_m)].tolist()
    turning_m = calibrated.standard.range_m if calibrated.turning else _median(ring.range_m[1], still_m)
    payloads = _payloads(report, record, central_fit)
    return FlightTest(
        report=report,
        kepler=report.kepler,
        kepler_range_m=longest_range_m(report.kepler.speed_mps),
        calibrated=calibrated,
        candidates=tuple(spread.candidate for spread in spreads),
        time_s=Band.of(central_fit.time_of_flight_s, [one.time_of_flight_s for one, _ in every]),
        range_still_m=Band.of(still_m, [longest.range_m for _, longest in every]),
        range_turning_m=Band.of(turning_m, around_m),
        reaches_antipode=any(longest.antipode for _, longest in every),
        moves=nearest.moves,
        payloads=payloads,
        ring=ring,
        boosts_tried=sum(spread.tried for spread in spreads),
        boosts_fitted=len(every),
    )


def _median(values: FloatArray, otherwise: float) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else otherwise


def _flyable(report: FlightReport, classes: Sequence[MissileRecord] | None) -> list[MissileRecord]:
    if report.missile is not None:
        if not report.missile.ballistic:
            raise refusal_of_class(report, report.missile)
        return [report.missile]
    known = [record for record in (classes if classes is not None else ballistic_classes()) if record.ballistic]
    return of_range(known, longest_range_m(report.kepler.speed_mps))


def _nearest(
    report: FlightReport, records: Sequence[MissileRecord], parameter: FreeParameter
) -> list[tuple[MissileRecord, Fit]]:
    """Return the classes that make the flight with the least change, and their fits; the reported time decides ties.

    Without a class that is near, the nearest stands alone.
    """
    if not records:
        return []
    boosts = [Boost(Missile.from_record(record), *earth_of(report)) for record in records]
    fits = fit_all(report, boosts, parameter, TOLERANCE_M)
    found = [(record, one) for record, one in zip(records, fits, strict=True) if one is not None]
    if report.missile is not None or not found:
        return found
    found = [pair for pair in found if within(pair[1], LARGEST_FACTOR)]
    found.sort(key=lambda pair: abs(math.log(pair[1].value)))
    near = [pair for pair in found if within(pair[1], CANDIDATE_FACTOR)][:MOST_CANDIDATES]
    near = near or found[:1]
    if report.time_s is not None:
        near.sort(key=lambda pair: abs(pair[1].time_of_flight_s - (report.time_s or 0.0)))
    return near


def _calibrated(report: FlightReport, record: MissileRecord, found: Fit) -> Calibrated:
    """Fly the central missile as reported, and as far as it goes in the same direction on the same Earth."""
    az_rad, omega_rad_s = earth_of(report)
    turning = omega_rad_s > 0.0
    longest = longest_of([found], report.launch, az_rad, omega_rad_s, TOLERANCE_M)[0]
    if longest is None:
        raise ReportError(
            "no boost", f"{record.id}: no steering angle brings the fitted missile down on the near side of the Earth"
        )
    return Calibrated(
        missile_id=record.id,
        fit=found,
        turning=turning,
        lofted=fly(found.missile, report.launch, found.aim, rotation=turning),
        standard=fly(found.missile, report.launch, longest.aim, rotation=turning),
    )


def _ring(report: FlightReport, fits: Sequence[Fit]) -> RangeRing:
    """Fly three fits as far as they go in every direction over the turning Earth."""
    n = RING_DIRECTIONS
    az = np.linspace(0.0, math.tau, n, endpoint=False)
    found = longest_flights(
        [one.missile for one in fits for _ in range(n)],
        report.launch,
        np.tile(az, len(fits)).tolist(),
        omega_rad_s=np.full(n * len(fits), OMEGA_RAD_S),
        burn_s=np.repeat([one.aim.burn_s for one in fits], n),
        known_angle_rad=np.repeat([one.aim.angle_rad for one in fits], n).tolist(),
        tolerance_m=TOLERANCE_10_M,
    )
    values = np.array(
        [(one.range_m, one.impact.lat_rad, one.impact.lon_rad) if one else (np.nan,) * 3 for one in found]
    ).reshape(len(fits), n, 3)
    return RangeRing(az, values[:, :, 0], values[:, :, 1], values[:, :, 2])


def _payloads(report: FlightReport, record: MissileRecord, found: Fit) -> tuple[tuple[float, float], ...]:
    """Return how far the calibrated missile flies with other payloads: the record's range and what it flew with."""
    payload = record.payload_kg
    if payload is None:
        return ()
    low, high = min(payload.low, found.missile.payload_kg), max(payload.high, found.missile.payload_kg)
    high = min(high, found.missile.greatest_payload_kg(1.05))
    values = np.linspace(low, max(low, high), _PAYLOADS)
    loaded = [replace(found, missile=with_parameter(found.missile, "payload", float(value))) for value in values]
    longest = longest_of(loaded, report.launch, earth_of(report)[0], 0.0, TOLERANCE_10_M)
    return tuple((float(value), one.range_m) for value, one in zip(values, longest, strict=True) if one is not None)
