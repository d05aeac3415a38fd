"""A run in other programs' formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import xarray as xr

from equipoise.analysis.replay import Replay, replay_of
from equipoise.errors import InputError
from equipoise.present.replay_acmi import replay_acmi
from equipoise.present.replay_czml import replay_czml
from equipoise.present.replay_geojson import replay_geojson
from equipoise.present.replay_kml import replay_kml
from equipoise.present.replay_shapes import Area, areas_of
from equipoise.present.replay_tables import dataset_parquet, replay_netcdf, replay_parquet
from equipoise.present.run import STUDY_COPY, record_digest, records_of
from equipoise.present.run_directory import MANIFEST, is_run
from equipoise.study import AnyStudy, load_any_study

WRITERS: Final[dict[str, Callable[[Replay, Sequence[Area]], str | bytes]]] = {
    "czml": replay_czml,
    "kml": replay_kml,
    "geojson": replay_geojson,
    "acmi": lambda replay, _areas: replay_acmi(replay),
    "netcdf": lambda replay, _areas: replay_netcdf(replay),
    "parquet": lambda replay, _areas: replay_parquet(replay),
}
SUFFIXES: Final = {
    "czml": ".czml",
    "kml": ".kml",
    "geojson": ".geojson",
    "acmi": ".txt.acmi",
    "netcdf": ".nc",
    "parquet": ".parquet",
}


def export_run(run: Path, format: str, table: str | None = None) -> str | bytes:
    """Return a run in another program's format.

    Parameters
    ----------
    run : Path
        A run's directory.
    format : str
        One of ``WRITERS``.
    table : str, optional
        For ``parquet`` alone: the array of the run to write, by the name of its file, in place of the tracks.

    Returns
    -------
    str or bytes
        What a file of that format holds.

    Raises
    ------
    InputError
        If the directory is not a run of a study, its catalogue is not today's, or it has no such array.
    """
    study = study_of(run)
    if table is not None:
        if format != "parquet":
            raise InputError(f"table: goes with the format parquet alone; got the format {format}")
        return dataset_parquet(_array(run, table))
    areas = [area for path in sorted(run.glob("*.geojson")) for area in areas_of(path)]
    return WRITERS[format](replay_of(study), areas)


def study_of(run: Path) -> AnyStudy:
    """Return the study of a run, if the catalogue still says what it was made from.

    Raises
    ------
    InputError
        If the directory is not a run of a study, or a record that it used has changed since.
    """
    if not is_run(run):
        raise InputError(f"run: {run} is not a run; allowed: a directory that equipoise run wrote")
    if not (run / STUDY_COPY).is_file():
        raise InputError(f"run: {run} holds no study; allowed: the run of a footprint, network or raid study")
    study = load_any_study(str(run / STUDY_COPY))
    made_from = json.loads((run / MANIFEST).read_text(encoding="utf-8"))["catalogue"]
    today = {name: record_digest(record) for name, record in records_of(study).items()}
    changed = sorted(name for name in made_from.keys() | today.keys() if made_from.get(name) != today.get(name))
    if changed:
        raise InputError(
            f"run: {run} was made from other catalogue records than today's ({', '.join(changed)}); run the study again"
        )
    return study


def _array(run: Path, table: str) -> xr.Dataset:
    names = sorted(path.stem for path in run.glob("*.nc"))
    if table not in names:
        raise InputError(f"table: {table} is no array of this run; allowed: {', '.join(names) or 'none'}")
    with xr.open_dataset(run / f"{table}.nc", engine="h5netcdf") as dataset:
        return dataset.load()
