"""``equipoise export``: a run in other programs' formats."""

from __future__ import annotations

from pathlib import Path

import click

from equipoise.cli.output import say

FORMATS = ("czml", "kml", "geojson", "acmi", "netcdf", "parquet")


@click.command(short_help="A run as CZML, KML, GeoJSON, Tacview, NetCDF or Parquet.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--format", "format", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Where; the study's id with the format's ending, here, if left out.")  # fmt: skip
@click.option("--table", metavar="NAME",
              help="With parquet: an array of the run, by its file's name without .nc; else the tracks.")  # fmt: skip
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
def export(run: Path, format: str, out: Path | None, table: str | None, replace: bool) -> None:
    """Write what flies, stands and looks in RUN, with its footprints, for another program.

    RUN is the directory of a run. All formats hold the same tracks, in seconds since the first launch; NetCDF and
    Parquet hold them alone.
    """
    from equipoise._jit import announce_compilation
    from equipoise.errors import OutputError
    from equipoise.present.export import SUFFIXES, export_run, study_of
    from equipoise.present.exports import write

    target = out
    if target is None:
        stem = study_of(run).id + ("" if table is None else f"-{table}")
        target = Path(f"{stem}{SUFFIXES[format]}")
    if target.exists() and not replace:
        raise OutputError(f"--out: {target} exists; name another file, or write over it with --replace")
    announce_compilation()
    say(f"{format}: {write(target, export_run(run, format, table))}")
