"""The announced flights of the public list, each assessed once for the authorities that ask for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from equipoise.analysis.flight_batch import class_called
from equipoise.analysis.flight_report import CENTRAL_NORTH_KOREA, FlightReport, ReportError
from equipoise.analysis.flight_test import flight_test
from equipoise.analysis.flight_test_results import FlightTest, TimeResidual
from equipoise.catalog import load_catalog, read_authority
from equipoise.physics import Site

# Enough for the note on the band; what is compared is the central boost.
DRAWS = 16


@dataclass(frozen=True, slots=True)
class Announced:
    """One announced flight and what it came to.

    Parameters
    ----------
    row : mapping of str to str
        Of ``north_korean_flight_tests``.
    outcome : FlightTest or ReportError
        The assessment, or the refusal.
    """

    row: Mapping[str, str]
    outcome: FlightTest | ReportError

    @property
    def case(self) -> str:
        """Missile, apogee, distance and date in words."""
        row = self.row
        return f"{row['missile']}, {row['apogee_km']} km over {row['range_km']} km, {row['date']}"


@lru_cache(maxsize=1)
def announced_flights() -> tuple[Announced, ...]:
    """Assess every announced flight with an apogee and a distance."""
    rows = read_authority("north_korean_flight_tests")
    return tuple(Announced(row, _assessed(row)) for row in rows if row["apogee_km"] and row["range_km"])


def _assessed(row: Mapping[str, str]) -> FlightTest | ReportError:
    launch, az_rad = _place_of(row)
    try:
        report = FlightReport(
            apogee_m=float(row["apogee_km"]) * 1e3,
            range_m=float(row["range_km"]) * 1e3,
            launch=launch,
            az_rad=az_rad,
            missile=class_called(row["missile"], load_catalog()),
            label=row["missile"],
        )
        return flight_test(report, draws=DRAWS)
    except ReportError as refused:
        return refused


def _place_of(row: Mapping[str, str]) -> tuple[Site, float | None]:
    """Return the launch point and bearing of the launch on that day in the table of launches, if there is one.

    The table's dates are in UTC, the list's in Korean time, so a day apart is the same.
    """
    wanted, day = class_called(row["missile"], load_catalog()), date.fromisoformat(row["date"])
    for launch in read_authority("cns_nti_flight_tests"):
        if len(launch["date"]) < 10 or abs((date.fromisoformat(launch["date"]) - day).days) > 1:
            continue
        flown = class_called(launch["missile"], load_catalog())
        if flown == wanted and _near(launch["distance_km"], row["range_km"]):
            bearing_rad = math.radians(float(launch["bearing_deg"])) if launch["bearing_deg"] else None
            return Site.of_degrees(float(launch["lat"]), float(launch["lon"])), bearing_rad
    return CENTRAL_NORTH_KOREA, None


def _near(cell: str, range_km: str) -> bool:
    try:
        return math.isclose(float(cell), float(range_km), rel_tol=0.05)
    except ValueError:
        return False


def announced_residuals() -> tuple[TimeResidual, ...]:
    """Return every announced flight that a boost makes, with the range that was published of its missile after it."""
    published = {(row["missile"], row["flight"]): row for row in read_authority("published_ranges")}
    found = []
    for flight in announced_flights():
        if isinstance(flight.outcome, ReportError):
            continue
        row = flight.row
        time_s = (float(row["time_low_s"]), float(row["time_high_s"])) if row["time_low_s"] else None
        theirs = published.get((row["missile"].lower(), row["date"]))
        ends = [float(theirs[end] or theirs[other]) * 1e3 for end, other in _ENDS] if theirs else None
        found.append(
            TimeResidual.of(
                f"{row['missile']}, {row['date']}",
                flight.outcome,
                reported_s=time_s,
                published_m=(ends[0], ends[1]) if ends else None,
            )
        )
    return tuple(found)


# A bound to one side is drawn as the number that it names.
_ENDS = (("range_low_km", "range_high_km"), ("range_high_km", "range_low_km"))
