"""``equipoise sensitivity``: which disputed number the answer of a study hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from equipoise.cli.output import emit_json, print_facts, print_table, progress_bar, say

if TYPE_CHECKING:
    from equipoise.analysis import RaidSensitivity, Sensitivity


@click.command(short_help="Which disputed number a study's answer hangs on.")
@click.argument("study")
@click.option("--samples", type=int, metavar="N",
              help="Base points of the sample, a power of two; 512 if left out, 128 for a raid. There are N times the "
                   "number of factors and two evaluations.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="S",
              help="Of the sample and the intervals; the study's own if left out.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Write the indices and their figure into this directory.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sensitivity(study: str, samples: int | None, seed: int | None, out: Path | None, as_json: bool) -> None:
    """Say where the spread of STUDY's answer comes from: Sobol indices of what it defends, or of what leaks.

    Every number with a range is drawn from it, and the radar's range from those published, all at once. With the
    default sample this takes two to three minutes on two processors.
    """
    from equipoise import analysis
    from equipoise._jit import announce_compilation
    from equipoise.analysis.sobol import samples_problem
    from equipoise.study import load_any_study

    problem = None if samples is None else samples_problem(samples)
    if problem is not None:
        raise click.UsageError(f"--samples: {problem}")
    loaded = load_any_study(study)
    announce_compilation()
    with progress_bar("sensitivity") as progress:
        if out is None:
            found = analysis.sensitivity_of(loaded, samples=samples, seed=seed, progress=progress)
        else:
            from equipoise.present.sensitivity_report import write_sensitivity

            found = write_sensitivity(loaded, study, out, samples=samples, seed=seed, progress=progress)
    if out is not None:
        say(f"figure: {out / 'figures' / 'sobol.svg'}")
    if as_json:
        emit_json(analysis.summary_of(found))
    else:
        _print(found)


def _print(found: Sensitivity | RaidSensitivity) -> None:
    from equipoise.present.sensitivity_words import METHOD, output_table, sample_words, wording

    words = wording(found)
    print_facts([("study", words.title), ("sample", sample_words(words))])
    for output in found.indices.outputs:
        table = output_table(words, output)
        click.echo()
        if table.rows:
            print_table(table.caption, table.columns, table.rows, numeric=[2, 3, 4, 5])
        else:
            click.echo(table.caption)
    click.echo()
    for line in (*METHOD, *words.caveats):
        click.echo(line)
