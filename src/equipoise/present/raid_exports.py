"""A raid study's results for other programs: JSON, CSV, Parquet and GeoJSON, the same to the byte each time."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.analysis.raid_run import SHOWN_RUN
from equipoise.analysis.raid_summary import REFUSALS, raid_summary
from equipoise.present import plain_values
from equipoise.present.exports import DECIMALS, feature, ground_track, parquet_bytes
from equipoise.present.raid_story import shots_fired

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults

# Of so many runs at most there is a row for each.
MOST_ROWS = 100_000


def plain_summary(results: RaidResults) -> dict[str, Any]:
    """Return the summary with numbers to nine significant digits: what every word and table of the page is made of."""
    plain: dict[str, Any] = plain_values.plain(raid_summary(results))
    return plain


def summary_text(summary: Mapping[str, Any]) -> str:
    """Write a summary as JSON."""
    return json.dumps(summary, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def curve_csv(summary: Mapping[str, Any]) -> str:
    """Write the leakage curve: a row for each size, with columns for each layer's rounds and exhaustion."""
    rows = []
    for point in summary["curve"]:
        row = {name: value for name, value in point.items() if name != "layers"}
        for layer in point["layers"]:
            row |= {f"{layer['layer']}_{name}": value for name, value in layer.items() if name != "layer"}
        rows.append(row)
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["missiles"]
    return _csv(rows, columns)


def targets_csv(summary: Mapping[str, Any]) -> str:
    """Write what becomes of each target: a row for each."""
    rows = summary["targets"]
    return _csv(rows, list(rows[0]))


def shots_csv(results: RaidResults) -> str:
    """Write every shot of the run that is shown, with the names of who fired at what."""
    study, missiles = results.study, results.raid.missiles
    rows = []
    for number, shot in enumerate(shots_fired(results), start=1):
        layer = study.layers[shot.layer]
        salvo = study.salvos[int(missiles.salvo[shot.missile])]
        rows.append(
            {
                "run": SHOWN_RUN,
                "shot": number,
                "launch_s": round(shot.launch_s, 3),
                "intercept_s": round(shot.intercept_s, 3),
                "layer": layer.id,
                "battery": layer.battery.id,
                "interceptor": layer.interceptor.id,
                "site": layer.site.id,
                "volley": shot.volley + 1,
                "missile_number": shot.missile + 1,
                "missile": salvo.threat.missile.id,
                "launch_area": salvo.launch_area.id,
                "target": salvo.target.id,
                "missile_launch_s": round(float(missiles.launch_s[shot.missile]), 3),
                "kills": int(shot.hit),
            }
        )
    columns = (
        "run", "shot", "launch_s", "intercept_s", "layer", "battery", "interceptor", "site", "volley",
        "missile_number", "missile", "launch_area", "target", "missile_launch_s", "kills",
    )  # fmt: skip
    return _csv(rows, columns)


def runs_parquet(results: RaidResults) -> bytes:
    """Return the first runs, a row for each, as a Parquet file.

    Parameters
    ----------
    results : RaidResults
        The results; of at most ``MOST_ROWS`` runs there are rows.

    Returns
    -------
    bytes
        Columns ``run``, ``leakers``, ``leakers/<target>``, ``spent/<layer>``, ``killed/<layer>``,
        ``refused/<layer>/<reason>`` (missiles that it could have met and never fired at) and ``exhausted_s/<layer>``
        (missing where the last round never left). The metadata say the study, its hash and the seed.
    """
    import pyarrow as pa

    study = results.study
    runs = min(int(results.counts.runs), MOST_ROWS)
    tally = results.raid.rows(runs, results.seed)
    columns: dict[str, Any] = {
        "run": pa.array(np.arange(runs, dtype=np.int32)),
        "leakers": pa.array(tally.leakers.sum(axis=1, dtype=np.int32)),
    }
    for i, target in enumerate(study.targets):
        columns[f"leakers/{target.id}"] = pa.array(np.ascontiguousarray(tally.leakers[:, i]))
    for name, values in (("spent", tally.spent), ("killed", tally.killed)):
        for i, layer in enumerate(study.layers):
            columns[f"{name}/{layer.id}"] = pa.array(np.ascontiguousarray(values[:, i]))
    for i, layer in enumerate(study.layers):
        for code, reason in REFUSALS.items():
            columns[f"refused/{layer.id}/{reason}"] = pa.array(np.ascontiguousarray(tally.refused[:, i, code]))
    for i, layer in enumerate(study.layers):
        columns[f"exhausted_s/{layer.id}"] = pa.array(np.ascontiguousarray(tally.exhausted_s[:, i]), from_pandas=True)
    about = {"study": study.id, "study_sha256": study.sha256, "seed": str(results.seed)}
    return parquet_bytes(pa.table(columns), about)


def raid_geojson(results: RaidResults, summary: Mapping[str, Any]) -> str:
    """Write tracks with their windows, targets with what leaks, launch areas, batteries and other radars as GeoJSON.

    Parameters
    ----------
    results : RaidResults
        The results.
    summary : mapping
        From :func:`plain_summary`.
    """
    study = results.study
    features = []
    for i, (salvo, trajectory) in enumerate(zip(study.salvos, results.field.trajectories, strict=True)):
        windows = [
            {"layer": layer["layer"], **{k: v for k, v in layer["windows"][i].items() if k not in _OF_THE_SALVO}}
            for layer in summary["layers"]
        ]
        properties = {
            "kind": "salvo",
            "missile": salvo.threat.missile.id,
            "launch_area": salvo.launch_area.id,
            "target": salvo.target.id,
            "missiles": salvo.count,
            "start_s": salvo.start_s,
            "spacing_s": salvo.spacing_s,
            "range_km": round(trajectory.range_m / 1e3, 1),
            "apogee_km": round(trajectory.apogee_m / 1e3, 1),
            "time_of_flight_s": round(trajectory.time_of_flight_s, 1),
            "windows": windows,
        }
        features.append(feature(f"salvo/{i + 1}", ground_track(trajectory), properties))
    for target, row in zip(study.targets, summary["targets"], strict=True):
        properties = {"kind": "target", **{k: v for k, v in row.items() if k != "target"}}
        features.append(feature(f"target/{target.id}", _point(target.lat_rad, target.lon_rad), properties))
    for area in {salvo.launch_area.id: salvo.launch_area for salvo in study.salvos}.values():
        properties = {"kind": "launch_area", "name": area.name}
        features.append(feature(f"launch_area/{area.id}", _point(area.lat_rad, area.lon_rad), properties))
    for layer, row in zip(study.layers, summary["layers"], strict=True):
        kept = ("battery", "batteries", "rounds", "spent_mean", "killed_mean", "exhausted_probability")
        properties = {"kind": "layer", "name": layer.battery.name, "site": layer.site.id, **{k: row[k] for k in kept}}
        features.append(feature(f"layer/{layer.id}", _point(layer.site.lat_rad, layer.site.lon_rad), properties))
    for sensor in study.sensors:
        properties = {"kind": "sensor", "name": sensor.name}
        features.append(feature(f"sensor/{sensor.id}", _point(sensor.lat_rad, sensor.lon_rad), properties))
    document = {
        "type": "FeatureCollection",
        "study": study.id,
        "runs": summary["runs"],
        "seed": results.seed,
        "features": features,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


_OF_THE_SALVO = ("missile", "launch_area", "target")


def _point(lat_rad: float, lon_rad: float) -> dict[str, Any]:
    at = [round(math.degrees(lon_rad), DECIMALS), round(math.degrees(lat_rad), DECIMALS)]
    return {"type": "Point", "coordinates": at}
