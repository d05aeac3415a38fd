"""The page of a flight test and the files beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.catalog.library import load_catalog
from equipoise.catalog.quantity import USERS_OWN
from equipoise.present.calibrated_record import calibrated_record_yaml, fitted_record, record_id_of
from equipoise.present.exports import write
from equipoise.present.figure_files import write_figures
from equipoise.present.flight_test_charts import widest_first
from equipoise.present.flight_test_figures import flight_test_figures
from equipoise.present.flight_test_summary import flight_test_summary
from equipoise.present.flight_test_words import (
    ends_words,
    kepler_headline,
    lede,
    limits,
    method,
    minutes,
    range_headline,
    reported_words,
    span,
    verdict_headline,
)
from equipoise.present.provenance import record_table, source_row
from equipoise.present.range_ring_geojson import range_ring_geojson
from equipoise.present.report import Headline, NumberTable, ReportFigure, SourceRow, WrittenTable, environment
from equipoise.present.run import record_digest
from equipoise.present.run_directory import run_directory, seal

if TYPE_CHECKING:
    from equipoise.analysis.flight_test_results import FlightTest
    from equipoise.catalog.records import MissileRecord

PAGE = "flight-test.html"


@dataclass(frozen=True)
class FlightTestPage:
    """Everything that the page says."""

    title: str
    summary: str
    command: str
    headlines: tuple[Headline, ...]
    lede: tuple[str, ...]
    figures: tuple[ReportFigure, ...]
    candidates: WrittenTable
    moves: WrittenTable
    limits: tuple[str, ...]
    method: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    numbers: NumberTable
    sources: tuple[SourceRow, ...]


def publish_flight_test(
    test: FlightTest,
    directory: Path,
    *,
    command: str,
    summary: Mapping[str, Any],
    record: MissileRecord | None = None,
    source: str = USERS_OWN,
) -> Path:
    """Write figures, their data, the ring, the calibrated record, the summary and the page.

    Parameters
    ----------
    test : FlightTest
        The result.
    directory : Path
        An existing directory.
    command : str
        What makes all this again.
    summary : mapping
        Goes into ``summary.json`` as it is.
    record : MissileRecord, optional
        The class that was fitted; by default the report's, or the catalogue's of that id.
    source : str
        Id of the reference behind the report, for the calibrated record.

    Returns
    -------
    Path
        The page. Everything is the same to the byte each time.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    record = record or fitted_record(test)
    drawn = flight_test_figures(test, command)
    write_figures(directory, [(words, figure) for words, figure, _ in drawn])
    (directory / "data").mkdir(exist_ok=True)
    for words, _, data in drawn:
        write(directory / "data" / f"{words.id}.csv", data)
    write(directory / "range-ring.geojson", range_ring_geojson(test, about={"command": command}))
    write(directory / "summary.json", json.dumps(summary, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    record_file = f"{record_id_of(record)}.yaml"
    write(directory / record_file, calibrated_record_yaml(record, test, source=source))
    page = compose_page(test, tuple(words for words, _, _ in drawn), record, record_file, command)
    return write(directory / PAGE, render_page(page))


def write_flight_test(test: FlightTest, target: Path, *, command: str, seed: int) -> Path:
    """Publish a flight test into a directory of its own, sealed with a manifest.

    Parameters
    ----------
    test : FlightTest
        The result.
    target : Path
        Where it belongs; see :func:`equipoise.present.run_directory.run_directory`.
    command : str
        What makes all this again.
    seed : int
        Of the draws.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    OutputError
        If the directory cannot be written.
    """
    catalog = load_catalog()
    named = test.report.missile
    used = [named] if named is not None else [catalog.missile(one.missile_id) for one in test.candidates]
    with run_directory(target) as directory:
        page = publish_flight_test(test, directory, command=command, summary=flight_test_summary(test))
        seal(
            directory,
            command=command,
            catalogue={f"missile/{record.id}": record_digest(record) for record in used},
            seed=seed,
        )
    return target / page.name


def compose_page(
    test: FlightTest, figures: tuple[ReportFigure, ...], record: MissileRecord, record_file: str, command: str
) -> FlightTestPage:
    """Put the page together.

    Parameters
    ----------
    test : FlightTest
        The result.
    figures : tuple of ReportFigure
        In order.
    record : MissileRecord
        The class that was fitted.
    record_file : str
        Name of the calibrated record's file.
    command : str
        What makes the page again.
    """
    numbers = record_table(record)
    known = load_catalog().sources
    cited = dict.fromkeys(row.source for row in numbers.rows if row.source in known)
    return FlightTestPage(
        title=f"Flight test: {test.report.label}",
        summary=reported_words(test),
        command=command,
        headlines=(verdict_headline(test), range_headline(test), kepler_headline(test)),
        lede=lede(test, record_file),
        figures=figures,
        candidates=_candidates(test),
        moves=_moves(test),
        limits=limits(test),
        method=method(test),
        files=(
            ("figures/", "every figure as SVG and as PNG"),
            ("data/", "what each figure shows, as CSV"),
            ("range-ring.geojson", "what lies in range, low, central and high, for any mapping program (RFC 7946)"),
            (record_file, f"the calibrated missile; fly it again with: equipoise fly {record_file} --from LAT,LON ..."),
            ("summary.json", "every number of this page"),
        ),
        numbers=numbers,
        sources=tuple(source_row(known[id]) for id in cited),
    )


def render_page(page: FlightTestPage) -> str:
    """Lay the page out as one HTML file without scripts, style sheets or pictures from elsewhere.

    Parameters
    ----------
    page : FlightTestPage
        What to say. Every text is escaped.
    """
    cited = {source.id: number for number, source in enumerate(page.sources, start=1)}
    template = environment().get_template("flight_test.html.j2")
    return template.render(page=page, cited=cited, sources=page.sources, command=page.command)


def _candidates(test: FlightTest) -> WrittenTable:
    fit = test.calibrated.fit.parameter
    head = {"propellant": "Propellant, times the record's", "payload": "Payload, kg", "cut-off": "Thrust, s"}[fit]
    form = {"propellant": "{:.3f}", "payload": "{:,.0f}", "cut-off": "{:.1f}"}[fit]
    rows = tuple(
        (
            candidate.missile_id,
            form.format(candidate.value),
            f"{minutes(candidate.time_s.low)} to {minutes(candidate.time_s.high)}",
            span(candidate.range_still_m),
        )
        for candidate in test.candidates
    )
    named = "The class was named." if test.report.missile is not None else "Nearest first."
    caption = f"{named} Each is fitted to the report by itself, over its own uncertainties."
    return WrittenTable(caption, ("Class", head, "Flight time", "Longest range, still Earth"), rows)


def _moves(test: FlightTest) -> WrittenTable:
    def cell(value: float | None, scale: float) -> str:
        return "no fit" if value is None else f"{value * scale:,.0f}"

    rows = tuple(
        (
            f"{move.quantity}: {ends_words(move)}",
            cell(move.range_low_m, 1e-3),
            cell(move.range_high_m, 1e-3),
            cell(move.time_low_s, 1.0),
            cell(move.time_high_s, 1.0),
        )
        for move in widest_first(test.moves)
    )
    caption = (
        f"One assumption at a time for {test.calibrated.missile_id}, fitted anew at either end; widest first. Ranges "
        f"on a still Earth; all central: {test.candidates[0].range_still_m.central / 1e3:,.0f} km, "
        f"{test.candidates[0].time_s.central:,.0f} s."
    )
    columns = ("Assumption", "Range at the first, km", "at the second, km", "Time at the first, s", "at the second, s")
    return WrittenTable(caption, columns, rows)
