"""The comparisons with published results as a run directory: one HTML page, a figure, JSON, and the manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from equipoise.analysis.validation import Comparison, count, grouped
from equipoise.catalog import authority_names, load_catalog
from equipoise.catalog.authorities import AUTHORITIES as AUTHORITY_TABLES
from equipoise.present.exports import write
from equipoise.present.provenance import source_row
from equipoise.present.report import Headline, ReportFigure, environment
from equipoise.present.run import record_digest
from equipoise.present.run_directory import digest, run_directory, seal
from equipoise.present.style import png_bytes, svg_bytes
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
    ("figures/", "the figure as SVG and as PNG"),
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
        drawn = validation_figure(comparisons)
        figure = ReportFigure(
            id="differences",
            title="Every comparison in units of its tolerance",
            caption="One mark a comparison, one row an authority: how far ours lies from theirs. "
            "The shaded band is the tolerance; a mark at an edge lies farther out.",
            alt=f"Marks scattered around zero, row by row. {verdict_line(comparisons)}.",
            command=COMMAND,
            svg=svg_bytes(drawn),
        )
        (directory / "figures").mkdir()
        write(directory / "figures" / "differences.svg", figure.svg)
        write(directory / "figures" / "differences.png", png_bytes(drawn))
        answer = validation_answer(comparisons)
        text = json.dumps(answer, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        write(directory / "validation.json", text + "\n")
        write(directory / "report.html", render_validation_report(comparisons, [figure]))
        seal(
            directory,
            command=COMMAND,
            catalogue={name: record_digest(record) for name, record in sorted(used.items())},
            authorities={name: digest((AUTHORITY_TABLES / f"{name}.csv").read_bytes()) for name in authority_names()},
        )
    return target / "report.html"
