"""``equipoise sweep``: a study over a grid of its disputed numbers, on this machine or on many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from equipoise.cli.output import emit_json, print_facts, print_table, progress_bar, say

if TYPE_CHECKING:
    from equipoise.analysis.ensemble import Ensemble
    from equipoise.analysis.subject import Columns
    from equipoise.analysis.sweep_grid import Sweep

_ROWS_IN_JSON = 10_000
_ROWS_ON_TERMINAL = 60


@click.command(short_help="A study over a grid of its disputed numbers.")
@click.argument("study")
@click.option("--vary", multiple=True, metavar="KEY=LOW:HIGH:N",
              help="What to vary, N values from LOW to HIGH, or KEY=a,b,c; several make a grid.")  # fmt: skip
@click.option(
    "--runs", type=click.IntRange(1, 10**12), help="Raids at each point of a raid study; its own if left out."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of a raid study's draws; its own if left out.")
@click.option("--scheduler", metavar="ADDRESS",
              help="Work on the Dask cluster of this scheduler, tcp://host:port; else in this process.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Where chunks and results go; sweeps/<study id>-<digest> if left out. An unfinished sweep there is "
                   "gone on with.")  # fmt: skip
@click.option("--keep-chunks", is_flag=True, help="Keep the finished chunks beside the results.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sweep(
    study: str,
    vary: tuple[str, ...],
    runs: int | None,
    seed: int | None,
    scheduler: str | None,
    out: Path | None,
    keep_chunks: bool,
    as_json: bool,
) -> None:
    """Work STUDY out over every combination of the varied numbers.

    For example: equipoise sweep seongju --vary interceptor.burnout_speed=2.4:3.0:7, or
    equipoise sweep seongju-raid --vary missiles=10:100:10 --runs 100000. A raid study may be run without --vary.

    Finished chunks are on the disk at once: the same command goes on with a sweep that was interrupted, and gives the
    same bytes on any number of workers.
    """
    from equipoise._jit import announce_compilation
    from equipoise.analysis.chunk_files import read_results
    from equipoise.analysis.ensemble import ensemble_key, run_ensemble
    from equipoise.analysis.sweep import sweep_of
    from equipoise.study import load_any_study

    loaded = load_any_study(study)
    announce_compilation()
    wanted = sweep_of(loaded, vary, runs=runs, seed=seed)
    target = out if out is not None else Path("sweeps") / f"{loaded.id}-{ensemble_key(wanted)[:8]}"
    try:
        with progress_bar("sweep") as progress:
            result = run_ensemble(wanted, target, scheduler=scheduler, keep_chunks=keep_chunks, progress=progress)
    except KeyboardInterrupt:
        say(f"equipoise: finished chunks are kept in {target}; the same command goes on from there")
        raise
    _say_what_happened(result)
    table = read_results(result.table)
    _draw(wanted, table, result.directory)
    if as_json:
        emit_json(_answer(wanted, result, table))
    else:
        _print(wanted, table)
    say(f"results: {target}")


def _say_what_happened(result: Ensemble) -> None:
    if result.damaged:
        say(f"{result.damaged} damaged chunk(s) were worked out again")
    if result.found == result.runs:
        say("every run was there already")
    elif result.found:
        say(f"{result.found:,} of {result.runs:,} runs were there already")


def _draw(wanted: Sweep, table: Columns, directory: Path) -> None:
    from equipoise.present.exports import write
    from equipoise.present.style import png_bytes, svg_bytes
    from equipoise.present.sweep_figure import sweep_figure

    figure = sweep_figure(wanted, table)
    if figure is not None:
        write(directory / "sweep.svg", svg_bytes(figure))
        write(directory / "sweep.png", png_bytes(figure))


def _answer(wanted: Sweep, result: Ensemble, table: Columns) -> dict[str, Any]:
    count = len(table["point"])
    answer: dict[str, Any] = {**wanted.about, "points": wanted.points, "runs": wanted.runs}
    answer["results_sha256"] = result.seal["results_sha256"]
    answer["rows"] = None
    if count <= _ROWS_IN_JSON:
        columns = {name: values.tolist() for name, values in table.items() if name != "point"}
        answer["rows"] = [{name: values[i] for name, values in columns.items()} for i in range(count)]
    return answer


def _print(wanted: Sweep, table: Columns) -> None:
    from equipoise.present.sweep_figure import value_text, varied_name

    print_facts([("study", wanted.title), ("points", f"{wanted.points:,}")])
    click.echo()
    headings = [varied_name(one) for one in wanted.varied] + [curve.label for curve in wanted.curves]
    shown = range(min(len(table["point"]), _ROWS_ON_TERMINAL))
    rows = [
        [
            *(value_text(table[one.column][i].item()) for one in wanted.varied),
            *(f"{curve.factor * table[curve.column][i]:.1f}" for curve in wanted.curves),
        ]
        for i in shown
    ]
    print_table(wanted.curves[0].axis.capitalize(), headings, rows, numeric=range(len(headings)))
    if len(shown) < len(table["point"]):
        click.echo(f"... and {len(table['point']) - len(shown):,} more in results.parquet")
