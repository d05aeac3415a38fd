"""``equipoise run``: the whole study, into one directory."""

from __future__ import annotations

from pathlib import Path

import click

from equipoise.cli.output import progress_bar, say


@click.command(short_help="The whole study, with its report, in one directory.")
@click.argument("study")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Where the run goes; runs/<study id> if left out. An earlier run there is replaced.")  # fmt: skip
def run(study: str, out: Path | None) -> None:
    """Run STUDY: results, figures, report.html, exports and a manifest, in one directory."""
    from equipoise._jit import announce_compilation
    from equipoise.debate.reading import is_debate, load_debate
    from equipoise.present.run import write_dossier, write_run
    from equipoise.study import load_any_study

    if is_debate(study):
        debate = load_debate(None if study == "debate" else study)
        announce_compilation()
        with progress_bar(debate.title) as progress:
            report = write_dossier(study, out if out is not None else Path("runs") / debate.id, progress)
        say(f"dossier: {report}")
        return
    loaded = load_any_study(study)
    target = out if out is not None else Path("runs") / loaded.id
    announce_compilation()
    with progress_bar(loaded.title) as progress:
        report = write_run(loaded, study, target, progress)
    say(f"report: {report}")
