"""``equipoise run`` on raid studies: a small one byte by byte, the bundled ones whole."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from whole_commands import Command, raid_study_file, run_contents

from equipoise.present import run as run_module
from equipoise.study import RaidStudy, load_any_study, load_raid_study, study_ids
from equipoise.study.reading import STUDIES

BUNDLED = [name for name in study_ids() if isinstance(load_any_study(name), RaidStudy)]
FILES = {
    "report.html", "summary.json", "curve.csv", "targets.csv", "runs.parquet", "shots.csv", "raid.geojson",
    "study.yaml", "manifest.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a run of the small raid study, by the function that the command calls."""
    place = tmp_path_factory.mktemp("made")
    file = raid_study_file(place)
    run_module.write_run(load_any_study(str(file)), str(file), place / "run", lambda _words, _share: None)
    return run_contents(place / "run")


def words_of(page: bytes) -> str:
    """Return what a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page.decode(), flags=re.DOTALL)).split())


def test_the_command_gives_the_same_bytes_elsewhere_and_on_one_thread(
    equipoise: Command, made: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EQUIPOISE_THREADS", "1")
    monkeypatch.chdir(tmp_path)
    outcome = equipoise("run", str(raid_study_file(tmp_path)))
    assert (outcome.code, outcome.out) == (0, "")
    assert "report: runs/mine/report.html\n" in outcome.err
    again = run_contents(tmp_path / "runs" / "mine")
    assert sorted(again) == sorted(made)
    assert [name for name in made if made[name] != again[name]] == []


def test_the_run_holds_every_file_that_its_page_lists(made: dict[str, bytes]) -> None:
    figures = {name for name in made if name.startswith("figures/")}
    assert set(made) - figures == FILES
    assert {name[:-4] for name in figures if name.endswith(".svg")} == {
        f"figures/{name}" for name in ("leakage", "exhaustion", "fates", "targets", "timeline", "map")
    }
    assert len(figures) == 12
    page = words_of(made["report.html"])
    for name in FILES - {"report.html"}:
        assert f"{name} :" in page, name


def test_the_manifest_lists_each_file_and_every_record_with_the_seed(made: dict[str, bytes]) -> None:
    manifest = json.loads(made["manifest.json"])
    assert manifest["files"] == {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in made.items()
        if name != "manifest.json"
    }
    assert manifest["seed"] == 11
    assert manifest["command"] == "equipoise run study.yaml"
    assert {
        "battery/thaad-battery", "launcher/thaad-launcher", "interceptor/thaad", "radar/an-tpy-2", "missile/nodong",
        "launch_area/hwangju", "place/busan", "place/daegu",
    } <= set(manifest["catalogue"])  # fmt: skip


def test_the_page_has_the_numbers_of_the_summary_and_nothing_undefined(made: dict[str, bytes]) -> None:
    page, summary = words_of(made["report.html"]), json.loads(made["summary.json"])
    assert "<script" not in made["report.html"].decode()
    assert "Ten missiles & two layers" in page
    assert f"{summary['leakers_mean']:.1f} of 10" in page
    for target in summary["targets"]:
        low, value, high = (100 * target[f"hit_probability{end}"] for end in ("_low", "", "_high"))
        assert f"{value:.1f} ({low:.1f} to {high:.1f})" in page
    for point in summary["curve"]:
        low, value, high = (100 * point[f"leaked_share{end}"] for end in ("_low", "", "_high"))
        assert f"{value:.1f} ({low:.1f} to {high:.1f})" in page
    assert 'id="source-study-file"' in made["report.html"].decode()
    assert re.findall(r"\b[A-Z]\w+\([a-z_]+=|array\(|\bnan\b|\bNone\b", page) == []


def test_exports_agree_with_each_other(made: dict[str, bytes]) -> None:
    summary = json.loads(made["summary.json"])
    runs = pq.read_table(io.BytesIO(made["runs.parquet"]))
    assert runs.num_rows == summary["runs"] == 200
    assert sum(runs["leakers"].to_pylist()) / 200 == pytest.approx(summary["leakers_mean"])
    shots = list(csv.DictReader(io.StringIO(made["shots.csv"].decode())))
    spent = [runs[f"spent/{layer['layer']}"][0].as_py() for layer in summary["layers"]]
    assert len(shots) == sum(spent)
    collection = json.loads(made["raid.geojson"])
    assert {feature["properties"]["kind"] for feature in collection["features"]} == {
        "salvo", "target", "launch_area", "layer",
    }  # fmt: skip


def test_what_the_command_prints_is_what_the_page_says(
    equipoise: Command, made: dict[str, bytes], tmp_path: Path
) -> None:
    outcome = equipoise("raid", str(raid_study_file(tmp_path)), "--json")
    assert outcome.code == 0
    assert json.loads(outcome.out) == json.loads(made["summary.json"])


def test_there_are_bundled_raid_studies() -> None:
    assert BUNDLED == ["layered-korea", "seongju-raid"]


@pytest.mark.parametrize("study", BUNDLED)
def test_the_bundled_studies_run(equipoise: Command, study: str, tmp_path: Path) -> None:
    # The whole of the bundled study with fewer dice; the indices of the larger take a minute.
    samples = 8 if study == "seongju-raid" else 0
    text = (STUDIES / f"{study}.yaml").read_text(encoding="utf-8")
    for name, fewer in (("runs", 500), ("draws", 4), ("runs_per_draw", 50), ("sensitivity", samples)):
        text, found = re.subn(rf"^  {name}: \d+", f"  {name}: {fewer}", text, flags=re.MULTILINE)
        assert found == 1
    (tmp_path / "fewer.yaml").write_text(text, encoding="utf-8")
    outcome = equipoise("run", str(tmp_path / "fewer.yaml"), "--out", str(tmp_path / "run"))
    assert (outcome.code, outcome.out) == (0, "")
    files = run_contents(tmp_path / "run")
    indices = {"sensitivity.json", "figures/sobol.svg"}
    assert set(files) >= FILES | (indices if samples else set())
    loaded, page = load_raid_study(study), words_of(files["report.html"])
    # Nothing is silently empty: each layer, target and salvo has its row.
    for layer in loaded.layers:
        assert f"{layer.id}: batteries at" in page
    for target in loaded.targets:
        assert target.name in page
    summary = json.loads(files["summary.json"])
    assert len(summary["targets"]) == len(loaded.targets)
    for layer in summary["layers"]:
        assert len(layer["windows"]) == len(loaded.salvos)
    assert json.loads(files["manifest.json"])["seed"] == loaded.chance.seed
