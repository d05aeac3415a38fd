"""Exports of a raid study read back: tables, one row per run, GeoJSON."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from small_raids import small_raid

from equipoise.analysis import RaidResults
from equipoise.present import raid_exports
from equipoise.present.raid_exports import (
    curve_csv,
    plain_summary,
    raid_geojson,
    runs_parquet,
    shots_csv,
    summary_text,
    targets_csv,
)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> RaidResults:
    return small_raid(tmp_path_factory.mktemp("raid"))


@pytest.fixture(scope="module")
def summary(results: RaidResults) -> dict[str, Any]:
    return plain_summary(results)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_summary_has_nine_digits_and_reads_back(summary: dict[str, Any]) -> None:
    again = json.loads(summary_text(summary))
    assert again == summary
    assert summary["leaked_share"] == float(f"{summary['leaked_share']:.9g}")


def test_tables_hold_the_summary(summary: dict[str, Any]) -> None:
    curve = rows_of(curve_csv(summary))
    assert [int(row["missiles"]) for row in curve] == [5, 20, 40, 80]
    for row, point in zip(curve, summary["curve"], strict=True):
        assert float(row["leaked_share"]) == point["leaked_share"]
        assert float(row["knowledge_leaked_share_p95"]) == point["knowledge_leaked_share_p95"]
        assert float(row["north_exhausted_probability"]) == point["layers"][1]["exhausted_probability"]
    targets = rows_of(targets_csv(summary))
    assert [float(row["leakers_mean"]) for row in targets] == [one["leakers_mean"] for one in summary["targets"]]


def test_an_empty_curve_is_a_header(summary: dict[str, Any]) -> None:
    assert curve_csv({**summary, "curve": []}) == "missiles\n"


def test_every_shot_has_its_names(results: RaidResults) -> None:
    shots = rows_of(shots_csv(results))
    assert len(shots) == len(results.shots)
    assert {shot["layer"] for shot in shots} <= {"thaad", "north"}
    for shot in shots:
        assert float(shot["missile_launch_s"]) < float(shot["launch_s"]) < float(shot["intercept_s"])
        salvo = next(one for one in results.study.salvos if one.target.id == shot["target"])
        assert (shot["missile"], shot["launch_area"]) == (salvo.threat.missile.id, salvo.launch_area.id)


def test_a_row_for_each_run_adds_up_to_the_counts(results: RaidResults) -> None:
    data = runs_parquet(results)
    assert data == runs_parquet(results)
    table = pq.read_table(io.BytesIO(data))
    assert table.schema.metadata[b"seed"] == b"7"
    assert table.num_rows == 300
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    counts = results.counts
    assert (np.bincount(columns["leakers"], minlength=len(counts.leakers)) == counts.leakers).all()
    for i, target in enumerate(results.study.targets):
        assert columns[f"leakers/{target.id}"].sum() == counts.target_leakers[i]
    for i, layer in enumerate(results.study.layers):
        assert columns[f"killed/{layer.id}"].sum() == counts.killed[i]
        assert columns[f"spent/{layer.id}"].sum() == counts.spent[i] @ np.arange(counts.spent.shape[1])
        assert np.isfinite(columns[f"exhausted_s/{layer.id}"]).sum() == counts.exhausted[i].sum()


def test_of_many_runs_the_first_have_rows(results: RaidResults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raid_exports, "MOST_ROWS", 40)
    table = pq.read_table(io.BytesIO(runs_parquet(results)))
    assert table["run"].to_pylist() == list(range(40))


def test_the_map_in_geojson_has_windows_and_leakers(results: RaidResults, summary: dict[str, Any]) -> None:
    collection = json.loads(raid_geojson(results, summary))
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for feature in collection["features"]:
        by_kind.setdefault(feature["properties"]["kind"], []).append(feature)
    assert {kind: len(found) for kind, found in by_kind.items()} == {
        "salvo": 4, "target": 4, "launch_area": 4, "layer": 2,
    }  # fmt: skip
    for i, feature in enumerate(by_kind["salvo"]):
        assert feature["geometry"]["type"] == "LineString"
        for layer, window in zip(results.raid.windows, feature["properties"]["windows"], strict=True):
            assert ("first_launch_s" in window) == layer[i].can_fire
    leakers = [feature["properties"]["leakers_mean"] for feature in by_kind["target"]]
    assert leakers == [target["leakers_mean"] for target in summary["targets"]]
