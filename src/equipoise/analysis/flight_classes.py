"""Which classes a report is tried on, and why one is refused: too low to be ballistic, or no boost at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from equipoise.analysis.flight_report import FlightReport, ReportError
from equipoise.catalog.library import load_catalog
from equipoise.catalog.records import MissileRecord
from equipoise.physics.fitting import Fit, FreeParameter, bounds_of, fit_flights
from equipoise.physics.flight import TOLERANCE_10_M
from equipoise.physics.geodesy import Site
from equipoise.physics.kepler import least_energy_apogee_m, longest_range_m, surface_arc
from equipoise.physics.missile import Missile

# A class is a candidate if a factor on its propellant within this, either way, makes the flight.
CANDIDATE_FACTOR = 1.5
# Where none is that near, the nearest stands in, changed by no more than this: beyond, it is another missile.
LARGEST_FACTOR = 2.0
MOST_CANDIDATES = 8
# A class is tried on a flight if its published range is within this factor of the flight's, either way.
RANGE_FACTOR = 3.0
_LOWEST_APOGEE_STEP_M = 2e3
# Of the apogee of least energy: where the lowest that a boost can reach is looked for.
_LOWEST_APOGEE_SHARES = tuple(np.geomspace(0.2, 1.0, 13).tolist())


@lru_cache(maxsize=1)
def ballistic_classes() -> tuple[MissileRecord, ...]:
    """Return every class of the catalogue that has been shown and whose flight is ballistic."""
    catalog = load_catalog()
    records = [catalog.missile(id) for id in catalog.ids("missile")]
    return tuple(record for record in records if record.ballistic and not record.notional)


def of_range(records: Sequence[MissileRecord], range_m: float) -> list[MissileRecord]:
    """Return the classes whose published range is of the size of a range [m]; those without one stay."""
    return [
        record
        for record in records
        if record.published_range_m is None
        or abs(math.log(record.published_range_m.value / range_m)) <= math.log(RANGE_FACTOR)
    ]


def within(found: Fit, factor: float) -> bool:
    """Tell whether a fit changes the propellant by no more than a factor, either way."""
    return abs(math.log(found.value)) <= math.log(factor)


def called(records: Sequence[MissileRecord]) -> str:
    """Name the one class that was tried, or any."""
    return records[0].id if len(records) == 1 else "any class of the catalogue"


def refusal_of_class(report: FlightReport, record: MissileRecord) -> ReportError:
    """Refuse a report of a class that is not ballistic, with the number that shows it where the report does."""
    lowest = lowest_ballistic_apogee(report.range_m)
    if lowest is None or report.apogee_m >= lowest[0]:
        return ReportError("quasi-ballistic", f"missile {record.id}: {record.refusal}")
    return _too_low(report, lowest, f"; missile {record.id}: {record.refusal}")


def refusal_of(report: FlightReport, records: Sequence[MissileRecord], parameter: FreeParameter) -> ReportError:
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
        f"{called(records)} fly this",
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
        among = of_range(ballistic_classes(), longest_range_m(surface_arc(apogee_m, range_m).speed_mps))
        boosts = [Missile.from_record(record) for record in among]
        fits = fit_flights(
            boosts, site, [0.0] * len(boosts), apogee_m, range_m,
            parameter="propellant", omega_rad_s=np.zeros(len(boosts)), tolerance_m=TOLERANCE_10_M,
        )  # fmt: skip
        pairs = zip(among, fits, strict=True)
        return [record for record, one in pairs if one is not None and within(one, LARGEST_FACTOR)]

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
