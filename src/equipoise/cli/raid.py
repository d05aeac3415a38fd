"""``equipoise raid``: a raid against the layers of a study, many times over."""

from __future__ import annotations

from typing import Any

import click

from equipoise.cli.output import emit_json, print_facts, print_table, progress_bar
from equipoise.cli.parameters import NumberType


@click.command(short_help="How much of a raid a study's layers stop.")
@click.argument("study")
@click.option("--runs", type=click.IntRange(1, 1_000_000_000), help="How many raids; the study's own if left out.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of every draw; the study's own if left out.")
@click.option("--draws", type=click.IntRange(0, 100_000), help="Draws from the catalogue's ranges; 0 for none.")
@click.option("--until-half-width", "half_width", type=NumberType("as a share", 0.0, 0.5, above=True), metavar="H",
              help="Run until the leaked share and the chance of no leaker are known to within H.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def raid(
    study: str, runs: int | None, seed: int | None, draws: int | None, half_width: float | None, as_json: bool
) -> None:
    """Say how much of STUDY's raid leaks, what it costs the magazines, and what would change that."""
    from equipoise import analysis
    from equipoise._jit import announce_compilation
    from equipoise.study import load_raid_study

    if runs is not None and half_width is not None:
        raise click.UsageError("--until-half-width: given beside --runs; allowed: one of the two")
    loaded = load_raid_study(study)
    announce_compilation()
    with progress_bar("raid") as progress:
        results = analysis.run_raid(loaded, runs=runs, seed=seed, draws=draws, half_width=half_width, progress=progress)
    summary = analysis.raid_summary(results)
    if as_json:
        emit_json(summary)
        return
    _print(summary)


def _between(fields: dict[str, Any], name: str, scale: float = 1.0, digits: int = 1) -> str:
    """Write a number with its interval."""
    value, low, high = (scale * fields[key] for key in (name, f"{name}_low", f"{name}_high"))
    return f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _print(summary: dict[str, Any]) -> None:
    one = summary["one_raid"]
    facts = [
        ("study", summary["title"]),
        ("runs", f"{summary['runs']:,}, seed {summary['seed']}; in brackets the 95 % interval that more runs narrow"),
        ("missiles", str(summary["missiles"])),
        ("leakers", f"{_between(summary, 'leakers_mean', digits=2)} on average"),
        ("one raid", f"{one['leakers_p05']} to {one['leakers_p95']} leakers in 90 of 100 raids: chance"),
    ]
    knowledge = summary.get("knowledge")
    if knowledge is not None:
        low, high = (summary["missiles"] * knowledge[f"leaked_share_{end}"] for end in ("p05", "p95"))
        facts.append(("numbers", f"{low:.1f} to {high:.1f} on average in 90 of 100 draws: what is not known"))
    facts.append(("no leaker", f"{_between(summary, 'no_leaker_probability', 100.0, 2)} % of raids"))
    print_facts(facts)
    click.echo()
    rows = [
        (
            target["name"],
            str(target["missiles"]),
            _between(target, "leakers_mean", digits=2),
            _between(target, "hit_probability", 100.0),
        )
        for target in summary["targets"]
    ]
    print_table("Targets", ["target", "missiles", "leakers", "% of raids with one"], rows, numeric=[1, 2, 3])
    click.echo()
    print_table(
        "Layers",
        ["layer", "rounds", "spent", "killed", "% of raids spent all", "why not fired at, per raid"],
        [_layer_row(layer) for layer in summary["layers"]],
        numeric=[1, 2, 3, 4],
    )
    click.echo()
    print_facts([("magazines", _spent_at(summary)), ("one more", _one_more(summary)), ("enough", _needed(summary)),
                 ("cost", _cost(summary))])  # fmt: skip
    if summary["curve"]:
        click.echo()
        rows = [
            (
                str(point["missiles"]),
                _between(point, "leaked_share", 100.0),
                f"{100 * point['one_raid_leaked_share_p05']:.0f} to {100 * point['one_raid_leaked_share_p95']:.0f}",
                f"{100 * point['knowledge_leaked_share_p05']:.0f} to {100 * point['knowledge_leaked_share_p95']:.0f}"
                if "knowledge_leaked_share_p05" in point
                else "",
            )
            for point in summary["curve"]
        ]
        headings = ["missiles", "leaked, %", "one raid, %", "draws, %"]
        print_table("Leakage against the size of the raid", headings, rows, numeric=[0, 1, 2, 3])


def _layer_row(layer: dict[str, Any]) -> tuple[str, ...]:
    reasons = {name.replace("_", " "): number for name, number in layer["refused_mean"].items() if number >= 0.005}
    words = [f"{name} {number:.2f}" for name, number in reasons.items()]
    words += [f"{name.replace('_', ' ')} {number}" for name, number in layer["out_of_reach_missiles"].items()]
    return (
        layer["layer"],
        str(layer["rounds"]),
        _between(layer, "spent_mean"),
        f"{layer['killed_mean']:.2f}",
        _between(layer, "exhausted_probability", 100.0),
        ", ".join(words),
    )


def _spent_at(summary: dict[str, Any]) -> str:
    words = []
    for one in summary["magazine_spent_at"]:
        size = one["missiles_p50"]
        when = f"by {one['up_to_missiles']:,} missiles not" if size is None else f"half the time at {size} missiles"
        words.append(f"{one['layer']}: {one['rounds']} rounds are spent {when}")
    return "; ".join(words)


def _one_more(summary: dict[str, Any]) -> str:
    one = summary["one_more_battery"]
    return f"another battery of {one['layer']} saves {_between(one, 'fewer_leakers_mean', digits=2)} leakers a raid"


def _needed(summary: dict[str, Any]) -> str:
    needed = summary["interceptors_needed"]
    wanted = f"{100 * needed['confidence']:g} % of raids without a leaker"
    if needed["out_of_reach_missiles"]:
        return f"no number gives {wanted}: {needed['out_of_reach_missiles']} missiles come where no layer can meet them"
    if needed["shots_at_each"] is None:
        best = f"{100 * needed['no_leaker_probability']:.0f} %"
        return f"no number of shots up to {needed['best_shots_at_each']} gives {wanted}; at best {best}"
    return (
        f"{wanted} take salvos of {needed['shots_at_each']} and {needed['interceptors_mean']:.0f} interceptors "
        f"({needed['interceptors_p95']} in 95 of 100 raids)"
    )


def _cost(summary: dict[str, Any]) -> str:
    cost = summary["cost_exchange"]
    words = f"interceptors for {cost['interceptors_usd'] / 1e6:,.0f} million US dollars a raid"
    if "ratio" in cost:
        return f"{words}, {cost['ratio']:.1f} times what the missiles cost"
    return f"{words}; no cost is known for {', '.join(cost['missiles_without_cost'])}"
