"""``equipoise proportion``: what the threats of a footprint study ask for, beside what its battery has."""

from __future__ import annotations

import click

from equipoise.cli.output import emit_json, print_facts, print_table, progress_bar


@click.command(short_help="What threats ask of radar, interceptor and magazine, beside what the battery has.")
@click.argument("study")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def proportion(study: str, as_json: bool) -> None:
    """Say what the threats of STUDY ask for, beside what is published of its battery."""
    from equipoise import analysis
    from equipoise._jit import announce_compilation
    from equipoise.present import proportion_tables as tables
    from equipoise.study import load_study

    loaded = load_study(study)
    announce_compilation()
    with progress_bar("proportion") as progress:
        results = analysis.proportion(loaded, progress)
    if as_json:
        emit_json(analysis.proportion_summary(results))
        return
    interceptor = loaded.defence.interceptor
    reach, low, high = (
        number.value / 1e3
        for number in (interceptor.max_range_m, interceptor.min_altitude_m, interceptor.max_altitude_m)
    )
    print_facts(
        [
            ("study", loaded.title),
            ("interceptor", f"{interceptor.name}: up to {reach:,.0f} km away, {low:,.0f} to {high:,.0f} km high"),
            ("asks for most", results.most_demanding.threat.missile.name),
        ]
    )  # fmt: skip
    for title, table in (
        ("What each class asks for", tables.needs_table(results)),
        ("Published radar ranges over what is asked for", tables.ranges_table(results)),
        ("The magazine beside inventories", tables.magazine_table(results)),
    ):
        click.echo()
        print_table(title, table.columns, table.rows)
