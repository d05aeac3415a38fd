"""The published ranges that the missile classes' propellant masses are set to: here to show that the setting holds."""

from __future__ import annotations

import math
from collections.abc import Iterator

from equipoise.analysis.flight_report import CENTRAL_NORTH_KOREA
from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.analysis.validation.flights import longest_flight
from equipoise.catalog import load_catalog
from equipoise.physics import Missile

ID = "catalogue-ranges"
TOLERANCE = Tolerance(relative=2e-3, reason="the masses in the records are rounded")


def compare() -> Iterator[Comparison]:
    """Fly each ballistic class of the catalogue as far as it goes, southwards from central North Korea."""
    catalog = load_catalog()
    for id in catalog.ids("missile"):
        record = catalog.missile(id)
        if not record.ballistic or record.published_range_m is None:
            continue
        arc = longest_flight(Missile.from_record(record), CENTRAL_NORTH_KOREA, math.pi)
        yield Comparison(
            ID,
            record.published_range_m.source,
            record.name,
            "greatest range",
            "km",
            Published.number(record.published_range_m.value / 1e3),
            arc.range_m / 1e3,
            TOLERANCE,
            tuned=record.tuning,
        )


AUTHORITY = Authority(
    ID,
    "Published ranges that the catalogue is tuned to",
    "published",
    "Masses of these classes are not published; the propellant is set so that each flies its published range. "
    "Agreement is by construction and counts for nothing, and a miss would show that the setting no longer holds.",
    compare,
)
