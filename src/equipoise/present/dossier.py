"""The dossier: question by question, each side's words beside the figures and numbers that bear on them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.catalog.library import load_catalog
from equipoise.debate.findings import LEVEL_WORDS, number, row_level, row_words
from equipoise.debate.weighing import weighed_json
from equipoise.present.dossier_figures import FIGURES, DossierFigure, dossier_figure
from equipoise.present.exports import write
from equipoise.present.figure_files import write_figures
from equipoise.present.provenance import source_row
from equipoise.present.report import SourceRow, WrittenTable, environment

if TYPE_CHECKING:
    from equipoise.catalog.records import Source
    from equipoise.debate import Debate, Finding, Question, StudyRuns, Weighed

STANDING_WORDS = {"holds": "holds", "fails": "does not hold", "open": "undecided"}
FILES = (
    ("claims.json", "every claim with its findings, as equipoise claims --json prints it"),
    ("figures/", "every figure as SVG and as PNG"),
    ("data/", "what each figure draws, as CSV"),
    ("debate.yaml", "the ledger as it was read"),
    ("manifest.json", "inputs, versions and a digest of every file"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One claim as the page shows it: who, when, whose words, how it is read and what came out."""

    id: str
    who: str
    when: str
    words: str
    whose: str
    reading: str
    level: str
    result: tuple[tuple[str, str], ...]
    context: str
    cannot_say: str
    source: str


@dataclass(frozen=True, slots=True)
class SideCards:
    """What one side said on a question."""

    side: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class FindingTable:
    """One test across its figures, with the inputs that decide it and the command that computes it."""

    claims: str
    table: WrittenTable
    decided_by: str
    note: str
    command: str


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """One question of the dossier."""

    id: str
    title: str
    asks: str
    sides: tuple[SideCards, ...]
    figures: tuple[DossierFigure, ...]
    tables: tuple[FindingTable, ...]
    method: str


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A claim in one line: where its findings differ, each after what it reads."""

    question: str
    claim: str
    who: str
    words: str
    findings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DossierPage:
    """Everything that the dossier says."""

    title: str
    summary: str
    command: str
    sha256: str
    overview: tuple[OverviewRow, ...]
    questions: tuple[QuestionPart, ...]
    sources: tuple[SourceRow, ...]
    files: tuple[tuple[str, str], ...]
    studies: tuple[str, ...]


def publish_dossier(
    debate: Debate,
    weighed: tuple[Weighed, ...],
    runs: StudyRuns,
    directory: Path,
    tell: Callable[[str], None],
    *,
    command: str,
    sha256: str,
) -> Path:
    """Write the dossier, its figures and their data.

    Parameters
    ----------
    debate : Debate
        The ledger.
    weighed : tuple of Weighed
        Every claim of it, from :func:`equipoise.debate.weigh`.
    runs : StudyRuns
        Where they were computed; figures take their studies from here.
    directory : Path
        An existing directory.
    tell : callable
        Told what is being written, in words.
    command : str
        What makes the run again.
    sha256 : str
        Of the ledger's text.

    Returns
    -------
    Path
        The page. Everything is the same to the byte each time.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    tell("figures")
    wanted = dict.fromkeys(id for question in debate.questions for id in question.figures if id in FIGURES)
    drawn = {id: dossier_figure(id, runs) for id in wanted}
    write_figures(directory, [(one.words, one.figure) for one in drawn.values()])
    (directory / "data").mkdir(exist_ok=True)
    for one in drawn.values():
        write(directory / one.data_file, one.data)
    tell("claims")
    text = json.dumps(weighed_json(debate, weighed), indent=1, ensure_ascii=False, allow_nan=False)
    write(directory / "claims.json", text + "\n")
    tell("dossier")
    page = compose_dossier(debate, weighed, drawn, command=command, sha256=sha256)
    cited = {source.id: number for number, source in enumerate(page.sources, start=1)}
    html = environment().get_template("dossier.html.j2").render(page=page, cited=cited)
    return write(directory / "report.html", html)


def compose_dossier(
    debate: Debate, weighed: tuple[Weighed, ...], drawn: dict[str, DossierFigure], *, command: str, sha256: str
) -> DossierPage:
    """Put the page together.

    Parameters
    ----------
    debate : Debate
        The ledger.
    weighed : tuple of Weighed
        Every claim of it.
    drawn : mapping of DossierFigure
        By id.
    command, sha256 : str
        What makes the run again; of the ledger's text.
    """
    titles = {question.id: question.title for question in debate.questions}
    return DossierPage(
        title=debate.title,
        summary=debate.summary,
        command=command,
        sha256=sha256,
        overview=tuple(
            OverviewRow(
                titles[one.claim.question],
                one.claim.id,
                _who(one),
                one.claim.words,
                _in_short(one),
            )
            for question in debate.questions
            for one in weighed
            if one.claim.question == question.id
        ),
        questions=tuple(_part(question, weighed, drawn) for question in debate.questions),
        sources=_sources(weighed),
        files=FILES,
        studies=tuple(sorted({test.study for one in weighed for test in one.claim.tests})),
    )


def _who(one: Weighed) -> str:
    """Return who spoke, and whose side that is where the name does not say it."""
    name, side = one.claim.speaker.name, one.claim.speaker.side
    return name if side in name else f"{name} ({side})"


def _in_short(one: Weighed) -> tuple[tuple[str, str], ...]:
    """Return the level of a claim; where its tests come out differently, that of each after what it reads."""
    if one.level != "mixed":
        return (("", LEVEL_WORDS[one.level]),)
    return tuple((found.test.reading.rstrip("."), LEVEL_WORDS[found.level]) for found in one.findings)


def _part(question: Question, weighed: tuple[Weighed, ...], drawn: dict[str, DossierFigure]) -> QuestionPart:
    own = [one for one in weighed if one.claim.question == question.id]
    sides = dict.fromkeys(one.claim.speaker.side for one in own)
    return QuestionPart(
        id=question.id,
        title=question.title,
        asks=question.asks,
        sides=tuple(
            SideCards(side, tuple(_card(one) for one in own if one.claim.speaker.side == side)) for side in sides
        ),
        figures=tuple(drawn[id] for id in question.figures if id in drawn),
        tables=_tables(own),
        method=question.method,
    )


def _card(one: Weighed) -> Card:
    claim = one.claim
    return Card(
        id=claim.id,
        who=f"{claim.speaker.name}, {claim.speaker.role}",
        when=f"{claim.date}, {claim.outlet}",
        words=claim.words,
        whose="in the speaker's own words" if claim.whose_words == "speaker" else "in the outlet's wording",
        reading=claim.reading,
        level="" if one.level == "mixed" else LEVEL_WORDS[one.level],
        result=tuple((found.test.reading, found.words) for found in one.findings),
        context=claim.context,
        cannot_say=claim.cannot_say,
        source="" if claim.source is None else claim.source.id,
    )


def _tables(own: list[Weighed]) -> tuple[FindingTable, ...]:
    """Return a table for each different test of a question, with the claims that it bears on."""
    by_test: dict[str, tuple[Finding, list[str]]] = {}
    for one in own:
        for found in one.findings:
            test = found.test
            asked = json.dumps([test.study, test.metric, dict(test.settings), str(test.threshold)], default=list)
            by_test.setdefault(asked, (found, []))[1].append(one.claim.id)
    return tuple(_table(found, claims) for found, claims in by_test.values())


def _table(found: Finding, claims: list[str]) -> FindingTable:
    measure, threshold = found.measure, found.test.threshold
    rows = tuple(
        (row.label, row_words(row, measure.unit), STANDING_WORDS[row_level(row, threshold)]) for row in measure.rows
    )
    limit = f"{threshold.side} {number(threshold.value, measure.unit)}"
    head = "Published figure" if measure.rivals == "published figure" else "Case"
    caption = f"{found.test.reading} The reading holds if the number is {limit}: {threshold.why}."
    return FindingTable(
        claims=", ".join(dict.fromkeys(claims)),
        table=WrittenTable(caption, (head, found.test.metric.replace("-", " "), f"holds if {limit}"), rows),
        decided_by="; ".join(measure.decided_by),
        note=measure.note,
        command=measure.command,
    )


def _sources(weighed: tuple[Weighed, ...]) -> tuple[SourceRow, ...]:
    """Return the references of the words, then those of the rival published figures of the radar."""
    sources: dict[str, Source] = {}
    for one in weighed:
        if one.claim.source is not None:
            sources.setdefault(one.claim.source.id, one.claim.source)
    catalog = load_catalog()
    for published in catalog.radar("an-tpy-2").ranges:
        sources.setdefault(published.range_m.source, catalog.source(published.range_m.source))
    return tuple(source_row(source) for source in sources.values())
