"""A whole table of reported flights, row by row: what each comes to, or why it was refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from equipoise.analysis.flight_report import FlightReport, Refusal, ReportError
from equipoise.analysis.flight_test import SEED, flight_test
from equipoise.analysis.flight_test_results import FlightTest
from equipoise.catalog.library import Catalog, load_catalog
from equipoise.catalog.records import MissileRecord
from equipoise.errors import EquipoiseError, InputError
from equipoise.physics.geodesy import Site
from equipoise.study.launch_table import LaunchRow

# Draws for a row: the band settles to some per cent, and a table of hundreds takes a minute.
DRAWS_PER_ROW = 16
_FAILED = ("fail",)


@dataclass(frozen=True)
class RowResult:
    """What one row came to: a test, or a refusal and its reason.

    Parameters
    ----------
    row : LaunchRow
        The row.
    test : FlightTest or None
        None if it was refused.
    refusal : str
        Of which kind; empty if it was not.
    reason : str
        One line: the field, the value and what is allowed.
    class_known : bool
        Whether the named missile is in the catalogue; otherwise every class is tried.
    """

    row: LaunchRow
    test: FlightTest | None
    refusal: Refusal | None = None
    reason: str = ""
    class_known: bool = False


def class_called(name: str, catalog: Catalog) -> MissileRecord | None:
    """Return the missile class of an id, a name or an alias, by letters and digits alone; None if there is none."""
    wanted = _plain(name)
    for id in catalog.ids("missile"):
        record = catalog.missile(id)
        if wanted and wanted in {_plain(known) for known in (record.id, record.name, *record.aliases)}:
            return record
    return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def flight_tests(
    rows: Sequence[LaunchRow],
    *,
    default_launch: Site,
    draws: int = DRAWS_PER_ROW,
    seed: int = SEED,
) -> Iterator[RowResult]:
    """Assess the rows of a table, one after the other.

    Parameters
    ----------
    rows : sequence of LaunchRow
        The table.
    default_launch : Site
        Where a row without a place was launched.
    draws, seed : int
        Of the boosts; see :func:`equipoise.analysis.flight_test.flight_test`.

    Yields
    ------
    RowResult
        In the order of the rows. A row that fails stops no other.
    """
    catalog = load_catalog()
    known: dict[object, RowResult] = {}
    for row in rows:
        # Salvos repeat one line many times: what is the same in every number comes to the same.
        key = (row.missile, row.outcome, row.problem, *sorted(row.numbers.items()))
        if key not in known:
            known[key] = _assess(row, catalog, default_launch, draws, seed)
        yield replace(known[key], row=row)


def _assess(row: LaunchRow, catalog: Catalog, default_launch: Site, draws: int, seed: int) -> RowResult:
    if row.problem:
        return RowResult(row, None, "unreadable", row.problem)
    record = class_called(row.missile, catalog)
    if row.outcome.lower().startswith(_FAILED):
        reason = f"outcome: {row.outcome}; allowed: a launch that flew as meant, since a failed one is not the missile"
        return RowResult(row, None, "not a flight test", reason, record is not None)
    numbers = row.numbers
    placed = "lat" in numbers
    try:
        report = FlightReport(
            apogee_m=numbers["apogee"],
            range_m=numbers["range"],
            launch=Site(numbers["lat"], numbers["lon"]) if placed else default_launch,
            time_s=numbers.get("time"),
            az_rad=numbers.get("azimuth"),
            missile=record,
            label=row.missile or "reported flight",
            launch_assumed=not placed,
        )
        return RowResult(row, flight_test(report, draws=draws, seed=seed), None, "", record is not None)
    except ReportError as error:
        return RowResult(row, None, error.refusal, str(error), record is not None)
    except InputError as error:
        return RowResult(row, None, "impossible", str(error), record is not None)
    except EquipoiseError as error:
        return RowResult(row, None, "no boost", str(error), record is not None)
