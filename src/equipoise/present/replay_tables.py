"""A replay's tracks as arrays: NetCDF with CF trajectories, and Parquet; and any array of a run as Parquet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import xarray as xr

from equipoise._version import __version__
from equipoise.analysis.replay import Replay
from equipoise.present.exports import netcdf_bytes, parquet_bytes
from equipoise.present.replay_shapes import EPOCH


def replay_dataset(replay: Replay) -> xr.Dataset:
    """Return a replay's tracks as CF trajectories in a contiguous ragged array.

    Parameters
    ----------
    replay : Replay
        What moves.

    Returns
    -------
    xarray.Dataset
        On ``obs``: ``time``, ``lat``, ``lon``, ``alt``, one track after another; on ``trajectory``: its id, how many
        of the points are its own (``row_size``), name, kind, where it leaves and goes to, and what becomes of it. CF
        1.11, section H.4.3.
    """
    tracks = replay.tracks
    words = {"name": "name", "kind": "kind", "start": "from", "end": "to", "fate": "fate"}
    return xr.Dataset(
        {
            "row_size": (
                "trajectory",
                np.array([len(track.time_s) for track in tracks], dtype=np.int32),
                {"long_name": "number of points of the trajectory", "sample_dimension": "obs"},
            ),
            **{
                column: ("trajectory", [getattr(track, field) for track in tracks], {"long_name": column})
                for field, column in words.items()
            },
        },
        coords={
            "trajectory": (
                "trajectory",
                [track.id for track in tracks],
                {"cf_role": "trajectory_id", "long_name": "id of the track"},
            ),
            "time": (
                "obs",
                np.concatenate([track.time_s for track in tracks]),
                {
                    "standard_name": "time",
                    "units": f"seconds since {EPOCH:%Y-%m-%d %H:%M:%S}",
                    "calendar": "standard",
                    "axis": "T",
                    "comment": "since the first launch; a study has no date, and the one here only stands for it",
                },
            ),
            "lat": (
                "obs",
                np.degrees(np.concatenate([track.lat_rad for track in tracks])),
                {"standard_name": "latitude", "units": "degrees_north", "axis": "Y"},
            ),
            "lon": (
                "obs",
                np.degrees(np.concatenate([track.lon_rad for track in tracks])),
                {"standard_name": "longitude", "units": "degrees_east", "axis": "X"},
            ),
            "alt": (
                "obs",
                np.concatenate([track.altitude_m for track in tracks]),
                {
                    "standard_name": "height_above_reference_ellipsoid",
                    "units": "m",
                    "positive": "up",
                    "axis": "Z",
                },
            ),
        },
        attrs={
            "featureType": "trajectory",
            "title": replay.title,
            "study": replay.study,
            "comment": " ".join(replay.notes),
        },
    )


def replay_netcdf(replay: Replay) -> bytes:
    """Return a replay's tracks as a NetCDF-4 file with CF attributes."""
    return netcdf_bytes(replay_dataset(replay))


def replay_parquet(replay: Replay) -> bytes:
    """Return a replay's tracks as a Parquet file: a row for each point of each track."""
    counts = [len(track.time_s) for track in replay.tracks]
    words = {
        column: pa.array([getattr(track, field) for track in replay.tracks]).dictionary_encode()
        for column, field in (
            ("track", "id"),
            ("name", "name"),
            ("kind", "kind"),
            ("from", "start"),
            ("to", "end"),
            ("fate", "fate"),
        )
    }
    which = pa.array(np.repeat(np.arange(len(counts)), counts))
    columns: dict[str, Any] = {column: array.take(which) for column, array in words.items()}
    for column, parts in (
        ("time_s", [track.time_s for track in replay.tracks]),
        ("lat_deg", [np.degrees(track.lat_rad) for track in replay.tracks]),
        ("lon_deg", [np.degrees(track.lon_rad) for track in replay.tracks]),
        ("altitude_m", [track.altitude_m for track in replay.tracks]),
    ):
        columns[column] = pa.array(np.concatenate(parts))
    return parquet_bytes(
        pa.table(columns), _about(title=replay.title, study=replay.study, notes=" ".join(replay.notes))
    )


def dataset_parquet(dataset: xr.Dataset) -> bytes:
    """Return a dataset as a Parquet file.

    Parameters
    ----------
    dataset : xarray.Dataset
        Any array of a run.

    Returns
    -------
    bytes
        A row for each point of its largest variable, with everything else that lies on no other dimension; units in
        the metadata of the columns.
    """
    largest = max(dataset.data_vars.values(), key=lambda variable: (variable.ndim, variable.size))
    dataset = dataset.drop_dims(set(dataset.dims) - set(largest.dims))
    frame = dataset.to_dataframe().reset_index()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [
        field.with_metadata({"units": str(dataset[field.name].attrs["units"])})
        if field.name in dataset.variables and "units" in dataset[field.name].attrs
        else field
        for field in table.schema
    ]
    return parquet_bytes(
        table.cast(pa.schema(fields)), _about(**{key: str(value) for key, value in dataset.attrs.items()})
    )


def _about(**facts: str) -> dict[str, str]:
    return {**facts, "generator": f"Equipoise {__version__}"}
