"""Standard ranges that analysts published after lofted tests, against the class fitted to the same test."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.flight_test_results import FlightTest
from equipoise.analysis.validation.announced_flights import announced_flights
from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.catalog import read_authority

ID = "standard-ranges"
TENTH = Tolerance(
    relative=0.10,
    reason="published to the 500 or 1,000 km, for a payload and burn time that are not stated",
)


def compare() -> Iterator[Comparison]:
    """Compare the standard range of each published estimate whose test is in the list of flights."""
    tests = {(flight.row["missile"].lower(), flight.row["date"]): flight.outcome for flight in announced_flights()}
    lofted: dict[str, FlightTest] = {}
    for (missile, _), outcome in tests.items():
        if isinstance(outcome, FlightTest):
            lofted.setdefault(missile, outcome)  # an estimate without a date rests on the first test
    for row in read_authority("published_ranges"):
        found = tests.get((row["missile"], row["flight"])) if row["flight"] else lofted.get(row["missile"])
        if not isinstance(found, FlightTest):
            continue
        band, report = found.range_still_m, found.report
        yield Comparison(
            ID,
            row["source"],
            f"{report.label}, {row['wording']}",
            "standard range",
            "km",
            Published.of_cells(row["range_low_km"], row["range_high_km"]),
            band.central / 1e3,
            TENTH,
            note=f"fitted to {report.apogee_m / 1e3:g} km over {report.range_m / 1e3:g} km, Earth held still; over its "
            f"boosts {band.low / 1e3:,.0f} to {band.high / 1e3:,.0f} km; from Kepler energy "
            f"{found.kepler_range_m / 1e3:,.0f} km",
        )


AUTHORITY = Authority(
    ID,
    "Standard ranges after lofted tests",
    "published",
    "What analysts said a missile flies on a normal trajectory, from one lofted test. Ours is fitted to that test's "
    "apogee and distance, and to no range; the class's own record only gives burn times, stages and impulse.",
    compare,
)
