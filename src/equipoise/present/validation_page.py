"""The comparisons with published results as a page of the documentation."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.analysis.validation import Comparison, count, grouped
from equipoise.present.validation_words import (
    COLUMNS,
    KIND_WORDS,
    NUMERIC_COLUMNS,
    VERDICT_WORDS,
    cells,
    remarks,
    verdict_line,
)


def render_validation_markdown(comparisons: Sequence[Comparison]) -> str:
    """Return the whole comparison as one Markdown page; sources link to the catalogue's references.

    Parameters
    ----------
    comparisons : sequence of Comparison
        From :func:`equipoise.analysis.validation.validate`.
    """
    lines = [
        "# Validation",
        "",
        "Published results beside ours, as `equipoise validate` computes them. A result that we miss stays here.",
        "",
        "; ".join(f"*{verdict}*: {words}" for verdict, words in VERDICT_WORDS.items()) + ".",
        "",
        "Authorities are of three kinds. "
        + "; ".join(f"*{kind}*: {words}" for kind, words in KIND_WORDS.items())
        + ". The last kind shows that the program does what it says; only the first two say something about the world.",
        "",
        f"**{verdict_line(comparisons)}.**",
        "",
        "| Authority | Kind | Met | Missed | Tuned |",
        "|---|---|--:|--:|--:|",
    ]
    for authority, group in grouped(comparisons):
        numbers = " | ".join(str(number) for number in count(group).values())
        lines.append(f"| [{authority.title}](#validation-{authority.id}) | {authority.kind} | {numbers} |")
    lines += ["", "## What we miss", "", *_table([each for each in comparisons if each.verdict == "missed"])]
    for authority, group in grouped(comparisons):
        lines += ["", f"(validation-{authority.id})=", f"## {authority.title}", "", authority.about, "", *_table(group)]
        lines += ["", *(f"- *{about}*: {words.rstrip('.')}." for about, words in remarks(group))]
    return "\n".join(lines) + "\n"


def _table(comparisons: Sequence[Comparison]) -> list[str]:
    rule = "|".join("--:" if i in NUMERIC_COLUMNS else "---" for i in range(len(COLUMNS)))
    lines = ["| " + " | ".join(COLUMNS) + " |", f"|{rule}|"]
    for each in comparisons:
        row = [cell.replace("|", "\\|") for cell in cells(each)]
        row[-1] = f"[{each.source}](#source-{each.source})"
        lines.append("| " + " | ".join(row) + " |")
    return lines
