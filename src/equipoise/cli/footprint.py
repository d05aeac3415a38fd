"""``equipoise footprint``: the defended area of a study, case by case."""

from __future__ import annotations

import click

from equipoise.cli.output import emit_json, print_table, progress_bar


@click.command(short_help="What a study's battery defends.")
@click.argument("study")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def footprint(study: str, as_json: bool) -> None:
    """Say what STUDY's battery defends: area, share of the country, and the listed places."""
    from equipoise import analysis
    from equipoise._jit import announce_compilation
    from equipoise.study import load_study

    loaded = load_study(study)
    announce_compilation()
    with progress_bar("footprint") as progress:
        grid = analysis.footprint(loaded, progress=progress)
    summary = analysis.footprint_summary(grid, loaded)
    if as_json:
        emit_json(summary)
        return
    print_table("", [], [])
