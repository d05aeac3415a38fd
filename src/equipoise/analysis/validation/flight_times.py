"""Reported flight times, against the named class fitted to the reported apogee and distance."""

from __future__ import annotations

import math
from collections.abc import Iterator

from equipoise.analysis.flight_classes import lowest_ballistic_apogee
from equipoise.analysis.flight_report import REPORT_GOOD_TO_S, ReportError
from equipoise.analysis.validation.announced_flights import announced_flights
from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance

ID = "reported-flight-times"
MINUTE = Tolerance(
    absolute=REPORT_GOOD_TO_S, reason="a minute: most are reported to the minute, and the boost is that of a class"
)
LOWEST = Tolerance(absolute=2.0, reason="the lowest ballistic apogee is found to 2 km")


def compare() -> Iterator[Comparison]:
    """Compare the times; of a flight too low to be ballistic, that it is recognised as one."""
    for flight in announced_flights():
        row, outcome = flight.row, flight.outcome
        source = row["time_source"] or "cns-nti-tests"
        if isinstance(outcome, ReportError):
            if outcome.refusal == "quasi-ballistic":
                lowest_km = _lowest_km(float(row["range_km"]))
                by_name = lowest_km <= float(row["apogee_km"])
                yield Comparison(
                    ID, source, flight.case, "lowest ballistic apogee", "km",
                    Published.at_least(float(row["apogee_km"])), lowest_km, LOWEST,
                    note="a ballistic boost could fly this: refused for what its record says of the class" if by_name
                         else "lower than any ballistic flight of that range, and refused as quasi-ballistic",
                )  # fmt: skip
            continue
        if not row["time_low_s"]:
            continue
        band, fitted = outcome.time_s, outcome.calibrated
        yield Comparison(
            ID, source, flight.case, "time of flight", "s",
            Published.of_cells(row["time_low_s"], row["time_high_s"]), band.central, MINUTE,
            note=f"{fitted.missile_id} with its propellant times {fitted.fit.value:.2f}; over its boosts "
                 f"{band.low:.0f} to {band.high:.0f} s; without a boost {outcome.kepler.time_s:.0f} s",
        )  # fmt: skip


def _lowest_km(range_km: float) -> float:
    lowest = lowest_ballistic_apogee(range_km * 1e3)
    return math.nan if lowest is None else lowest[0] / 1e3


AUTHORITY = Authority(
    ID,
    "Reported flights: times",
    "reported",
    "The named class is fitted to the reported apogee and distance, and its flight time set beside the reported one. "
    "The time is fitted to nothing.",
    compare,
)
