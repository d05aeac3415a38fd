"""``equipoise footprint``: the defended area of a study, case by case."""

from __future__ import annotations

from typing import Any

import click

from equipoise.cli.output import emit_json, print_facts, print_table, progress_bar


@click.command(short_help="What a study's battery defends.")
@click.argument("study")
@click.option("--draws", type=click.IntRange(0, 100_000), help="Draws from the catalogue's ranges; 0 for none.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def footprint(study: str, draws: int | None, as_json: bool) -> None:
    """Say what STUDY's battery defends: area, share of the country, and the listed places."""
    from equipoise import analysis
    from equipoise._jit import announce_compilation
    from equipoise.study import load_study

    loaded = load_study(study)
    announce_compilation()
    with progress_bar("footprint") as progress:
        grid = analysis.footprint(loaded, progress=progress)
        draws = loaded.uncertainty.draws if draws is None else draws
        drawn = analysis.footprint_uncertainty(loaded, draws=draws, progress=progress) if draws else None
    summary = analysis.summarise(loaded, grid, drawn)
    if as_json:
        emit_json(summary)
        return
    _print(loaded.title, summary)


def _print(title: str, summary: dict[str, Any]) -> None:
    print_facts(
        [
            ("study", title),
            ("site", summary["site"]),
            ("radar range", f"{summary['radar_range']} ({summary['radar']})"),
            ("country", f"{summary['country']}, {summary['country_area_km2']:,.0f} km2 of land"),
        ]
    )
    click.echo()
    rows = []
    for threat in summary["threats"]:
        for where, area in (("each that reaches it", threat), *((a["launch_area"], a) for a in threat["launch_areas"])):
            share = f"{100.0 * area['defended_fraction']:.1f}"
            rows.append((threat["missile"], where, f"{area['defended_area_km2']:,.0f}", share, _spread(area)))
    headings = ["missile", "launched from", "defended km2", "% of the land", "5 to 95 % of the draws"]
    print_table("What is defended", headings, rows, numeric=[2, 3])
    click.echo()
    by_threat = [{place["place"]: place for place in threat["places"]} for threat in summary["threats"]]
    places = [
        (place["name"], *(_standing(threat[place["place"]]) for threat in by_threat)) for place in summary["places"]
    ]
    headings = ["place", *(threat["missile"] for threat in summary["threats"])]
    print_table("Listed places: margin in seconds from the worst launch area, or what binds", headings, places)


def _spread(area: dict[str, Any]) -> str:
    if "defended_fraction_p05" not in area:
        return ""
    return f"{100.0 * area['defended_fraction_p05']:.0f} to {100.0 * area['defended_fraction_p95']:.0f}"


def _standing(place: dict[str, Any]) -> str:
    if not place["threatened"]:
        return "not reached"
    if place["defended"]:
        return f"in, {place['margin_s']:+.1f} s"
    return f"out, {place['margin_s']:+.1f} s, {place['binding_constraint'].replace('_', ' ')}"
