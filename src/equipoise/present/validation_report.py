"""The comparisons with published results as a run directory: one HTML page, a figure, JSON, and the manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.analysis.validation import Comparison, count, grouped
from equipoise.analysis.validation.announced_flights import announced_residuals
from equipoise.catalog import authority_names, load_catalog
from equipoise.catalog.authorities import AUTHORITIES as AUTHORITY_TABLES
from equipoise.present.exports import write
from equipoise.present.figure_files import write_figures
from equipoise.present.provenance import source_row
from equipoise.present.report import Headline, ReportFigure, environment
from equipoise.present.residual_figures import range_residuals, time_residuals
from equipoise.present.run import record_digest
from equipoise.present.run_directory import digest, run_directory, seal
from equipoise.present.style import svg_bytes
from equipoise.present.validation_figure import validation_figure
from equipoise.present.validation_words import (
    COLUMNS,
    KIND_WORDS,
    NUMERIC_COLUMNS,
    VERDICT_WORDS,
    by_kind,
    cells,
    counts_text,
    remarks,
    validation_answer,
    verdict_line,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COMMAND = "equipoise validate --out validation"
LIMITS = (
    "Agreement with one result says little about another: each row holds for its case alone.",
    "Most inputs behind a published result are not published with it; a difference of a few per cent does not "
    "say which of the two is right.",
    "Closed forms and standards test the program, not the theory.",
    "Nothing here says how a missile defence would do in war: there is no published result to hold the model against.",
)
FILES = (
    ("validation.json", "every comparison with its source, tolerance and reason"),
    ("figures/", "every figure as SVG and as PNG"),
    ("manifest.json", "versions, digests of the records and tables behind the page, and a digest of every file"),
)


def render_validation_report(comparisons: Sequence[Comparison], figures: Sequence[ReportFigure] = ()) -> str:
    """Lay the comparisons out as one HTML page in the look of a study's report, without anything from elsewhere.

    Parameters
    ----------
    comparisons : sequence of Comparison
        From :func:`equipoise.analysis.validation.validate`.
    figures : sequence of ReportFigure
        What to show above the tables.
    """
    catalog = load_catalog()
    cited = list(dict.fromkeys(each.source for each in comparisons))
    return (
        environment()
        .get_template("validation.html.j2")
        .render(
            command=COMMAND,
            columns=COLUMNS,
            numeric=NUMERIC_COLUMNS,
            verdict_words=VERDICT_WORDS,
            kind_words=KIND_WORDS,
            line=verdict_line(comparisons),
            headlines=headlines(comparisons),
            figures=figures,
            missed=[cells(each) for each in comparisons if each.verdict == "missed"],
            groups=[
                {
                    "authority": authority,
                    "count": counts_text(group),
                    "rows": [cells(each) for each in group],
                    "remarks": remarks(group),
                }
                for authority, group in grouped(comparisons)
            ],
            limits=LIMITS,
            files=FILES,
            sources=[source_row(catalog.source(id)) for id in cited],
            cited={id: number for number, id in enumerate(cited, start=1)},
        )
    )


def headlines(comparisons: Sequence[Comparison]) -> tuple[Headline, ...]:
    """Return the numbers at the head of the page: one for each kind of authority that there is."""
    found = []
    for kind, group in by_kind(comparisons).items():
        if group:
            met = count(group)["met"]
            able = len(group) - count(group)["tuned"]
            found.append(Headline(f"{met} of {able}", f"met: {KIND_WORDS[kind]}", counts_text(group)))
    return tuple(found)


def write_validation(comparisons: Sequence[Comparison], target: Path) -> Path:
    """Write the page and what belongs to it into a directory of its own.

    Parameters
    ----------
    comparisons : sequence of Comparison
        From :func:`equipoise.analysis.validation.validate`.
    target : Path
        Where it belongs; see :func:`equipoise.present.run_directory.run_directory`.

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
    used = {f"{kind}/{id}": catalog.records[kind][id] for kind in ("missile", "radar") for id in catalog.ids(kind)}
    with run_directory(target) as directory:
        drawn = _figures(comparisons)
        write_figures(directory, drawn)
        answer = validation_answer(comparisons)
        text = json.dumps(answer, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        write(directory / "validation.json", text + "\n")
        write(directory / "report.html", render_validation_report(comparisons, [words for words, _ in drawn]))
        seal(
            directory,
            command=COMMAND,
            catalogue={name: record_digest(record) for name, record in sorted(used.items())},
            authorities={name: digest((AUTHORITY_TABLES / f"{name}.csv").read_bytes()) for name in authority_names()},
        )
    return target / "report.html"


def _figures(comparisons: Sequence[Comparison]) -> list[tuple[ReportFigure, Figure]]:
    """Draw every comparison in units of its tolerance, and the announced flights in minutes and kilometres."""
    flights = announced_residuals()
    timed = [each for each in flights if each.reported_low_s is not None]
    inside = sum(bool(each.time_consistent) for each in timed)
    figures = (
        (
            "differences",
            "Every comparison in units of its tolerance",
            "One mark a comparison, one row an authority: how far ours lies from theirs. "
            "The shaded band is the tolerance; a mark at an edge lies farther out.",
            f"Marks scattered around zero, row by row. {verdict_line(comparisons)}.",
            validation_figure(comparisons),
        ),
        (
            "flight-times",
            "Reported flight times",
            "Each announced flight with the class that flew it fitted to apogee and distance: how much longer than an "
            "arc without a boost it lasted, as reported and over every boost tried.",
            f"{len(flights)} flights, {len(timed)} with a reported time, {inside} of these within the boosts tried.",
            time_residuals(flights),
        ),
        (
            "standard-ranges",
            "Longest ranges after the same flights",
            "How far the fitted missile flies on a normal trajectory over a still Earth, over every boost tried, "
            "beside the range from Kepler energy and what was published.",
            f"{len(flights)} flights with the band of their longest range, from hundreds of kilometres to half round "
            "the Earth.",
            range_residuals(flights),
        ),
    )
    return [
        (ReportFigure(id=id, title=title, caption=caption, alt=alt, command=COMMAND, svg=svg_bytes(figure)), figure)
        for id, title, caption, alt, figure in figures
    ]
