"""``equipoise network``: what the sensors of a network study see, and what joining them brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from equipoise.cli.output import emit_json, print_facts, print_table, progress_bar

if TYPE_CHECKING:
    from equipoise.analysis import NetworkResults
    from equipoise.present.report import WrittenTable


@click.command(short_help="What a network study's sensors see, and what joining them brings.")
@click.argument("study")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def network(study: str, as_json: bool) -> None:
    """Say what the sensors of STUDY see of its arcs, what joining them brings, and what each element is worth."""
    from equipoise import analysis
    from equipoise._jit import announce_compilation
    from equipoise.study import load_network_study

    loaded = load_network_study(study)
    announce_compilation()
    with progress_bar("network") as progress:
        results = analysis.run_network(loaded, progress)
    if as_json:
        emit_json(analysis.network_summary(results))
    else:
        _print(results)


def _print(results: NetworkResults) -> None:
    from equipoise.present import network_tables as tables
    from equipoise.present.engagement_tables import engagement_section

    study = results.study
    print_facts(
        [("study", study.title), ("focus", study.sensor(study.focus).name), ("arcs", str(len(results.arcs.cases)))]
    )
    _table("What the focus sees, by each way to take it", tables.alternatives_table(results))
    _table("What each sensor sees by itself", tables.sensors_table(results))
    if study.network is not None:
        _table("What joining them brings", tables.variants_table(results))
        defended = tables.defended_table(results)
        if defended is not None:
            _table("What each battery defends", defended)
    for table in engagement_section(results).tables if results.engagements else ():
        _table(table.caption, table)
    for table in tables.worth_tables(results):
        _table(table.caption, table)
    missing = tables.out_of_reach_table(results)
    if missing is not None:
        _table("Out of reach, and so not flown", missing)


def _table(title: str, table: WrittenTable) -> None:
    click.echo()
    print_table(title, table.columns, table.rows)
