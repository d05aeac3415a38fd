"""Apogees of flights as reported, against the same classes flown over the reported distance.

The classes are tuned to their published range and to no apogee.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from equipoise.analysis.flight_report import CENTRAL_NORTH_KOREA
from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.analysis.validation.flights import longest_flight
from equipoise.catalog import load_catalog, read_authority
from equipoise.physics import Missile, Site, Trajectory, aim_at, destination, fly
from equipoise.study.file import TrajectoryKind

ID = "reported-apogees"
REPORTED = Tolerance(relative=0.15, reason="reported to the kilometre at best, often to the ten; loft and payload vary")
ROUNDED = Tolerance(relative=0.25, reason="the same apogee is reported for 500 and 650 km: it looks rounded")
LOWER_BOUND = "the class is set to 15,000 km, published as more than 15,000 km, so it rises less than what was flown"

HOW: dict[TrajectoryKind | None, str] = {
    None: "flown at the greatest range of the class, which the flight was about",
    "cut-off": "thrust cut off at the reported distance",
    "lofted": "full burn, lofted to the reported distance",
}


@dataclass(frozen=True, slots=True)
class Flight:
    """One reported flight and how it is flown here; without a kind, at the greatest range of the class.

    ``date`` and ``series`` find its row in the table of launches.
    """

    missile: str
    date: str
    series: str
    kind: TrajectoryKind | None
    tolerance: Tolerance = REPORTED
    remark: str = ""

    def reported(self) -> Mapping[str, str]:
        """Return the row of the launch."""
        rows = read_authority("cns_nti_flight_tests")
        return next(row for row in rows if (row["date"], row["series"]) == (self.date, self.series))


FLIGHTS = (
    Flight("scud-c", "2015-03-01", "1", None),
    Flight("scud-er", "2017-03-05", "1", None),
    Flight("nodong", "1993-05-29", "", "cut-off"),
    Flight("nodong", "2014-03-26", "1", "cut-off", ROUNDED),
    Flight("musudan", "2016-06-21", "2", "lofted"),
    Flight("hwasong-12", "2017-05-14", "", "lofted"),
    Flight("hwasong-14", "2017-07-28", "", "lofted"),
    Flight("hwasong-15", "2017-11-28", "", "lofted"),
    Flight("hwasong-17", "2022-11-18", "", "lofted", remark=LOWER_BOUND),
    Flight("hwasong-18", "2023-07-12", "", "lofted", remark=LOWER_BOUND),
    Flight("hwasong-19", "2024-10-30", "", "lofted", remark=LOWER_BOUND),
    Flight("pukguksong-2", "2017-02-11", "", "lofted"),
    Flight("pukguksong-2", "2017-05-21", "", "lofted"),
    Flight("pukguksong-3", "2019-10-01", "", "lofted"),
)


def flown(flight: Flight) -> Trajectory:
    """Fly the class over the reported distance and bearing; at its greatest range where the flight was about that."""
    missile = Missile.from_record(load_catalog().missile(flight.missile))
    if flight.kind is None:
        return longest_flight(missile, CENTRAL_NORTH_KOREA, math.pi)
    row = flight.reported()
    launch = Site.of_degrees(float(row["lat"]), float(row["lon"]))
    target = destination(launch, math.radians(float(row["bearing_deg"])), float(row["distance_km"]) * 1e3)
    return fly(missile, launch, aim_at(missile, launch, target, trajectory=flight.kind))


def compare() -> Iterator[Comparison]:
    """Fly each flight and compare its apogee."""
    for flight in FLIGHTS:
        row = flight.reported()
        yield Comparison(
            ID,
            "cns-nti-tests",
            f"{load_catalog().missile(flight.missile).name}, {row['distance_km']} km, {flight.date}",
            "apogee",
            "km",
            Published.number(float(row["apogee_km"])),
            flown(flight).apogee_m / 1e3,
            flight.tolerance,
            note="; ".join(filter(None, (HOW[flight.kind], flight.remark))),
        )


AUTHORITY = Authority(
    ID,
    "Reported flights: apogees",
    "reported",
    "Flights as the CNS North Korea Missile Test Database reports them, dates in UTC. The classes are tuned to their "
    "published range only; the apogee over the reported distance is what the model says by itself.",
    compare,
)
