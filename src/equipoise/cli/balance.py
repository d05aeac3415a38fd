"""``equipoise balance``: how many warheads of published forces get past a study's defence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from equipoise.cli.output import emit_json, print_facts, print_table, progress_bar


@click.command(short_help="How many warheads of published forces penetrate, with and without each element.")
@click.argument("study")
@click.option("--draws", type=click.IntRange(10, 20_000), help="Draws from the ranges; the study's own if left out.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of the draws; the study's own if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def balance(study: str, draws: int | None, seed: int | None, as_json: bool) -> None:
    """Say how many warheads of STUDY's forces penetrate, and up to which number the defence matters."""
    from equipoise import analysis
    from equipoise._jit import announce_compilation
    from equipoise.study import load_network_study

    loaded = load_network_study(study)
    announce_compilation()
    with progress_bar("balance") as progress:
        results = analysis.run_balance(loaded, draws=draws, seed=seed, progress=progress)
    summary = analysis.balance_summary(results)
    if as_json:
        emit_json(summary)
    else:
        _print(loaded.title, summary)


def _print(title: str, summary: Mapping[str, Any]) -> None:
    from equipoise.present import balance_tables as tables

    print_facts([("study", title), ("draws", f"{summary['draws']:,}, seed {summary['seed']}")])
    for force in summary["forces"]:
        answers = (tables.scenario_table(summary, force), tables.counts_table(force), tables.curve_table(force))
        for table in (*answers, tables.reach_table(force)):
            click.echo()
            print_table(table.caption, table.columns, table.rows)
    click.echo()
    table = tables.matters_table(summary)
    print_table(table.caption, table.columns, table.rows)
    click.echo()
    for sentence in summary["assumptions"]:
        click.echo(sentence)
