"""A reported flight assessed: whether it can be, what flew it, and how far that flies on a normal trajectory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from equipoise.analysis.boosts import draws_of, one_at_a_time
from equipoise.analysis.flight_report import FlightReport, ReportError
from equipoise.analysis.flight_test_results import (
    Band,
    Calibrated,
    Candidate,
    FlightTest,
    Move,
    RangeRing,
)
from equipoise.analysis.footprint import Progress
from equipoise.arrays import FloatArray
from equipoise.catalog.library import load_catalog
from equipoise.catalog.records import MissileRecord
from equipoise.physics.earth_kernels import OMEGA_RAD_S
from equipoise.physics.fitting import (
    Fit,
    FreeParameter,
    Longest,
    bounds_of,
    fit_flights,
    longest_flights,
    with_parameter,
)
from equipoise.physics.flight import TOLERANCE_10_M, TOLERANCE_M, fly
from equipoise.physics.geodesy import Site
from equipoise.physics.kepler import least_energy_apogee_m, longest_range_m, surface_arc
from equipoise.physics.missile import Missile

# Draws for a class that was named, and for each of several that may have flown.
DRAWS_NAMED = 96
DRAWS_EACH = 16
SEED = 1
# A class is a candidate if a factor on its propellant within this, either way, makes the flight.
CANDIDATE_FACTOR = 1.5
# Where none is that near, the nearest stands in, changed by no more than this: beyond, it is another missile.
LARGEST_FACTOR = 2.0
MOST_CANDIDATES = 8
# A class is tried on a flight if its published range is within this factor of the flight's, either way.
RANGE_FACTOR = 3.0
RING_DIRECTIONS = 36
# The turning Earth adds up to a tenth to a range, so the longest on a still one is no less than this share of it.
LEAST_SHARE_OF_REPORT = 0.85
_PAYLOADS = 7
_LOWEST_APOGEE_STEP_M = 2e3
# Of the apogee of least energy: where the lowest that a boost can reach is looked for.
_LOWEST_APOGEE_SHARES = tuple(np.geomspace(0.2, 1.0, 13).tolist())


@dataclass(frozen=True)
class _Boost:
    """One missile to be fitted, and in which direction it went over which Earth."""

    missile: Missile
    az_rad: float
    omega_rad_s: float


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
        raise _refusal(report, records, parameter)
    report.check_time()
    draws = draws if draws is not None else (DRAWS_NAMED if named else DRAWS_EACH)
    spreads: list[_Spread] = []
    for k, (candidate, found) in enumerate(fitted):
        say(f"drawing boosts of {candidate.id}", (k + 0.5) / (len(fitted) + 1))
        spread = _spread(report, candidate, found, parameter, draws, seed)
        if spread is not None:
            spreads.append(spread)
    if not spreads:
        raise ReportError(
            "no boost",
            f"{_called(records)}: no steering angle brings the boost that fits this flight down on the near side of "
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


def _called(records: Sequence[MissileRecord]) -> str:
    return records[0].id if len(records) == 1 else "any class of the catalogue"


def _flyable(report: FlightReport, classes: Sequence[MissileRecord] | None) -> list[MissileRecord]:
    if report.missile is not None:
        if not report.missile.ballistic:
            raise _refusal_of_class(report, report.missile)
        return [report.missile]
    known = [record for record in (classes if classes is not None else ballistic_classes()) if record.ballistic]
    return _of_range(known, longest_range_m(report.kepler.speed_mps))


def _of_range(records: Sequence[MissileRecord], range_m: float) -> list[MissileRecord]:
    """Return the classes whose published range is of the size of a range [m]; those without one stay."""
    return [
        record
        for record in records
        if record.published_range_m is None
        or abs(math.log(record.published_range_m.value / range_m)) <= math.log(RANGE_FACTOR)
    ]


@lru_cache(maxsize=1)
def ballistic_classes() -> tuple[MissileRecord, ...]:
    """Return every class of the catalogue whose flight is ballistic."""
    catalog = load_catalog()
    records = [catalog.missile(id) for id in catalog.ids("missile")]
    return tuple(record for record in records if record.ballistic)


def _earth(report: FlightReport) -> tuple[float, float]:
    """Return the azimuth and the rotation under which the central missile is fitted."""
    return (report.az_rad, OMEGA_RAD_S) if report.az_rad is not None else (0.0, 0.0)


def _fit_all(
    report: FlightReport, boosts: Sequence[_Boost], parameter: FreeParameter, tolerance_m: float
) -> list[Fit | None]:
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


def _nearest(
    report: FlightReport, records: Sequence[MissileRecord], parameter: FreeParameter
) -> list[tuple[MissileRecord, Fit]]:
    """Return the classes that make the flight with the least change, and their fits; the reported time decides ties.

    Without a class that is near, the nearest stands alone.
    """
    if not records:
        return []
    boosts = [_Boost(Missile.from_record(record), *_earth(report)) for record in records]
    fits = _fit_all(report, boosts, parameter, TOLERANCE_M)
    found = [(record, one) for record, one in zip(records, fits, strict=True) if one is not None]
    if report.missile is not None or not found:
        return found
    found = [pair for pair in found if _within(pair[1], LARGEST_FACTOR)]
    found.sort(key=lambda pair: abs(math.log(pair[1].value)))
    near = [pair for pair in found if _within(pair[1], CANDIDATE_FACTOR)][:MOST_CANDIDATES]
    near = near or found[:1]
    if report.time_s is not None:
        near.sort(key=lambda pair: abs(pair[1].time_of_flight_s - (report.time_s or 0.0)))
    return near


def _within(found: Fit, factor: float) -> bool:
    """Tell whether a fit changes the propellant by no more than a factor, either way."""
    return abs(math.log(found.value)) <= math.log(factor)


def _calibrated(report: FlightReport, record: MissileRecord, found: Fit) -> Calibrated:
    """Fly the central missile as reported, and as far as it goes in the same direction on the same Earth."""
    az_rad, omega_rad_s = _earth(report)
    turning = omega_rad_s > 0.0
    longest = _longest([found], report.launch, az_rad, omega_rad_s, TOLERANCE_M)[0]
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


def _longest(
    fits: Sequence[Fit], launch: Site, az_rad: float, omega_rad_s: float, tolerance_m: float
) -> tuple[Longest | None, ...]:
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
class _Spread:
    """What the uncertainties of one class come to."""

    record: MissileRecord
    central: Fit
    candidate: Candidate
    flown: list[tuple[Fit, Longest]]
    moves: tuple[Move, ...]
    tried: int


def _spread(
    report: FlightReport, record: MissileRecord, central: Fit, parameter: FreeParameter, draws: int, seed: int
) -> _Spread | None:
    """Fit a class with its numbers moved one at a time and drawn all at once, and fly each fit as far as it goes.

    None where the central boost cannot fly normally.
    """
    az_rad, omega_rad_s = _earth(report)
    ends = [end for end in one_at_a_time(record) if not (parameter == "payload" and end.quantity == "payload")]
    moved = [_Boost(missile, az_rad, omega_rad_s) for end in ends for missile in (end.low, end.high) if missile]
    drawn = [_Boost(missile, *_direction(report, k)) for k, missile in enumerate(draws_of(record, draws, seed))]
    turned = []
    if report.az_rad is None:
        missile = Missile.from_record(record)
        turned = [_Boost(missile, az, OMEGA_RAD_S) for az in np.linspace(0.0, 2.0 * math.pi, 8, endpoint=False)]
    boosts = [*moved, *drawn, *turned]
    fits = _fit_all(report, boosts, parameter, TOLERANCE_10_M)
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
    return _Spread(record, central, candidate, flown, tuple(moves), 1 + len(boosts))


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
    longest = _longest(fits, report.launch, az_rad, 0.0, TOLERANCE_10_M)
    least_m = LEAST_SHARE_OF_REPORT * report.range_m
    return [(one, far) for one, far in zip(fits, longest, strict=True) if far is not None and far.range_m > least_m]


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
    longest = _longest(loaded, report.launch, _earth(report)[0], 0.0, TOLERANCE_10_M)
    return tuple((float(value), one.range_m) for value, one in zip(values, longest, strict=True) if one is not None)


def _refusal_of_class(report: FlightReport, record: MissileRecord) -> ReportError:
    lowest = lowest_ballistic_apogee(report.range_m)
    if lowest is None or report.apogee_m >= lowest[0]:
        return ReportError("quasi-ballistic", f"missile {record.id}: {record.refusal}")
    return _too_low(report, lowest, f"; missile {record.id}: {record.refusal}")


def _refusal(report: FlightReport, records: Sequence[MissileRecord], parameter: FreeParameter) -> ReportError:
    """Say why nothing fits: too low to be ballistic, or no boost at all."""
    if report.apogee_m < least_energy_apogee_m(report.range_m):
        lowest = lowest_ballistic_apogee(report.range_m)
        if lowest is not None and report.apogee_m < lowest[0]:
            return _too_low(report, lowest, "")
    allowed = ""
    if records:
        low, high = bounds_of(Missile.from_record(records[0]), parameter)
        unit = {"propellant": "times the class's own", "payload": "kg", "cut-off": "s"}[parameter]
        allowed = f" of {low:.3g} to {high:.4g} {unit}"
    return ReportError(
        "no boost",
        f"apogee {report.apogee_m / 1e3:g} km over range {report.range_m / 1e3:g} km: no {parameter}{allowed} makes "
        f"{_called(records)} fly this",
    )


def _too_low(report: FlightReport, lowest: tuple[float, str], more: str) -> ReportError:
    return ReportError(
        "quasi-ballistic",
        f"apogee: got {report.apogee_m / 1e3:g} km over {report.range_m / 1e3:g} km; allowed: at least "
        f"{lowest[0] / 1e3:.0f} km, the lowest that a ballistic boost reaches at that range ({lowest[1]}): a flight "
        f"this low is carried by the air (quasi-ballistic), which this model does not fly{more}",
    )


@lru_cache(maxsize=512)
def lowest_ballistic_apogee(range_m: float) -> tuple[float, str] | None:
    """Return the lowest apogee [m] at which a ballistic class lands at a distance, found to 2 km, and which.

    On a still Earth, with a propellant changed by no more than ``LARGEST_FACTOR``, among the classes that a report of
    that flight is tried on; None if nothing lands there on the path of least energy or below it.
    """
    site, top = Site.of_degrees(0.0, 0.0), least_energy_apogee_m(range_m)

    def fitting(apogee_m: float) -> list[MissileRecord]:
        among = _of_range(ballistic_classes(), longest_range_m(surface_arc(apogee_m, range_m).speed_mps))
        boosts = [Missile.from_record(record) for record in among]
        fits = fit_flights(
            boosts, site, [0.0] * len(boosts), apogee_m, range_m,
            parameter="propellant", omega_rad_s=np.zeros(len(boosts)), tolerance_m=TOLERANCE_10_M,
        )  # fmt: skip
        pairs = zip(among, fits, strict=True)
        return [record for record, one in pairs if one is not None and _within(one, LARGEST_FACTOR)]

    # Upwards, since a class that flies low with little propellant may need less than the fit allows to fly high.
    low, high = 0.0, _LOWEST_APOGEE_SHARES[0] * top
    for share in _LOWEST_APOGEE_SHARES:
        low, high = high, share * top
        able = fitting(high)
        if able:
            break
    else:
        return None
    lowest = able[0]
    while high - low > _LOWEST_APOGEE_STEP_M:
        middle = 0.5 * (low + high)
        still_able = fitting(middle)
        if still_able:
            high, lowest = middle, still_able[0]
        else:
            low = middle
    return high, lowest.name
