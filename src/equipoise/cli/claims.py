"""``equipoise claims``: what was said, beside the numbers that bear on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from equipoise.cli.output import emit_json, print_facts, print_table, progress_bar, say

if TYPE_CHECKING:
    from equipoise.debate import Debate, Finding, Weighed


@click.command(short_help="What was said in public, beside the numbers that bear on it.")
@click.argument("id", required=False, metavar="[ID]")
@click.option("--file", "file", type=click.Path(path_type=Path), metavar="FILE",
              help="A YAML file of claims of your own, computed the same way.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def claims(id: str | None, file: Path | None, as_json: bool) -> None:
    """List the ledger's claims with what came out, or show claim ID with every number behind it."""
    from equipoise._jit import announce_compilation
    from equipoise.debate import StudyRuns, load_debate, weigh, weighed_json
    from equipoise.debate.weighing import claim_of

    debate = load_debate(file)
    chosen = debate.claims if id is None else (claim_of(debate, id),)
    if any(claim.tests for claim in chosen):
        announce_compilation()
    with progress_bar("claims") as progress:
        weighed = weigh(debate, StudyRuns(progress), chosen)
    if as_json:
        emit_json(weighed_json(debate, weighed))
    elif id is None:
        _list(debate, weighed)
    else:
        _show(debate, weighed[0])


def _list(debate: Debate, weighed: tuple[Weighed, ...]) -> None:
    from equipoise.debate.findings import LEVEL_WORDS

    say(f"{debate.title}: equipoise claims ID shows one with its numbers")
    titles = {question.id: question.title for question in debate.questions}
    for question, title in titles.items():
        rows = [
            (one.claim.id, f"{one.claim.speaker.name}, {one.claim.date}", one.claim.words, LEVEL_WORDS[one.level])
            for one in weighed
            if one.claim.question == question
        ]
        if rows:
            click.echo()
            print_table(title, ("Claim", "who, when", "words", "result"), rows)


def _show(debate: Debate, one: Weighed) -> None:
    claim = one.claim
    whose = "the speaker's own words" if claim.whose_words == "speaker" else "the outlet's wording"
    facts = [
        ("claim", claim.id),
        ("who", f"{claim.speaker.name}, {claim.speaker.role}"),
        ("when", f"{claim.date}, {claim.outlet}"),
        ("words", f"\N{LEFT DOUBLE QUOTATION MARK}{claim.words}\N{RIGHT DOUBLE QUOTATION MARK} ({whose})"),
        ("read as", claim.reading),
        ("result", one.words),
    ]
    if claim.context:
        facts.append(("context", claim.context))
    facts.append(("cannot say", claim.cannot_say))
    if claim.source is not None and claim.source.url:
        facts.append(("source", claim.source.url))
    print_facts(facts)
    for found in one.findings:
        _table(found)
    others = debate.others_on(claim)
    if others:
        click.echo()
        rows = [(other.id, f"{other.speaker.name}, {other.date}", other.words) for other in others]
        print_table("What others have said on the same question", ("Claim", "who, when", "words"), rows)


def _table(found: Finding) -> None:
    from equipoise.debate.findings import number, row_level, row_words

    unit, threshold = found.measure.unit, found.test.threshold
    click.echo()
    rows = [(row.label, row_words(row, unit), row_level(row, threshold)) for row in found.measure.rows]
    limit = f"holds if {threshold.side} {number(threshold.value, unit)}: {threshold.why}"
    print_table(f"{found.test.reading} {found.words}", ("Published figure", found.test.metric, limit), rows)
    print_facts(
        [
            ("decided by", "; ".join(found.measure.decided_by)),
            ("in brackets", found.measure.note),
            ("computed by", found.measure.command),
        ]
    )
