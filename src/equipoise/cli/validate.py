"""``equipoise validate``: every published result that we reproduce, and those that we do not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from equipoise.cli.output import emit_json, print_table, progress_bar, say

if TYPE_CHECKING:
    from equipoise.analysis.validation import Comparison


@click.command(short_help="Published results beside ours, misses included.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Write the comparison as a page, with its figure and JSON, into this directory.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def validate(out: Path | None, as_json: bool) -> None:
    """Set every published result beside ours: theirs, ours, tolerance and why, verdict.

    A miss is a result like any other, and the exit code is 0.
    """
    from equipoise._jit import announce_compilation
    from equipoise.analysis.validation import validate as compare_all
    from equipoise.present.validation_words import validation_answer

    announce_compilation()
    with progress_bar("validation") as progress:
        comparisons = compare_all(progress=progress)
    if out is not None:
        from equipoise.present.validation_report import write_validation

        say(f"report: {write_validation(comparisons, out)}")
    if as_json:
        emit_json(validation_answer(comparisons))
    else:
        _print(comparisons)


def _print(comparisons: Sequence[Comparison]) -> None:
    from equipoise.analysis.validation import grouped
    from equipoise.present.validation_words import COLUMNS, NUMERIC_COLUMNS, cells, remarks, verdict_line

    for authority, group in grouped(comparisons):
        title = f"{authority.title} ({authority.kind})"
        print_table(title, COLUMNS, [cells(each) for each in group], numeric=NUMERIC_COLUMNS)
        for about, words in remarks(group):
            click.echo(f"{about}: {words}")
        click.echo()
    click.echo(verdict_line(comparisons))
