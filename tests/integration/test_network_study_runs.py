"""``equipoise run`` and ``equipoise network`` on network studies: a small one byte by byte, the bundled ones whole."""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
from itertools import pairwise
from pathlib import Path

import pytest
import xarray as xr
from pyproj import Geod
from whole_commands import Command, network_study_file, run_contents

from equipoise.present import run as run_module
from equipoise.study import load_any_study, load_network_study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a run of the small network study, by the function that the command calls."""
    place = tmp_path_factory.mktemp("made")
    file = network_study_file(place)
    run_module.write_run(load_any_study(str(file)), str(file), place / "run", lambda _words, _share: None)
    return run_contents(place / "run")


def test_the_command_gives_the_same_bytes_elsewhere_and_on_one_thread(
    equipoise: Command, made: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EQUIPOISE_THREADS", "1")
    monkeypatch.chdir(tmp_path)
    outcome = equipoise("run", str(network_study_file(tmp_path)))
    assert (outcome.code, outcome.out) == (0, "")
    assert "report: runs/mine/report.html\n" in outcome.err
    again = run_contents(tmp_path / "runs" / "mine")
    assert sorted(again) == sorted(made)
    assert [name for name in made if made[name] != again[name]] == []


def test_the_manifest_lists_each_file_and_every_record(made: dict[str, bytes]) -> None:
    manifest = json.loads(made["manifest.json"])
    assert manifest["files"] == {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in made.items()
        if name != "manifest.json"
    }
    assert "seed" not in manifest  # nothing is drawn
    assert {
        "missile/nodong", "radar/an-tpy-2", "sensor_site/shariki-tpy-2", "launch_warning/overhead-infrared",
        "data_link/c2bmc", "launch_area/sunan", "place/busan", "battery/thaad-battery", "interceptor/thaad",
    } <= set(manifest["catalogue"])  # fmt: skip


def test_the_page_says_what_hides_an_arc_and_cites_what_it_uses(made: dict[str, bytes]) -> None:
    page = made["report.html"].decode()
    for words in (
        "What each element is worth",
        "What joining them brings",
        "horizon",
        "Shapley",
        "two rays of one lamp",
    ):
        assert words in page
    assert 'id="source-korea-herald-2016-08-11"' in page
    assert "<script" not in page
    # No record or array slipped into a sentence.
    words = re.sub(r"<style>.*?</style>|base64,[^\"]*", "", page, flags=re.DOTALL)
    assert re.findall(r"\b[A-Z]\w+\([a-z_]+=|array\(|\bnan\b|\bNone\b", words) == []


def test_exports_read_back(made: dict[str, bytes]) -> None:
    collection = json.loads(made["arcs.geojson"])
    kinds = {feature["properties"]["kind"] for feature in collection["features"]}
    assert kinds == {"arc", "sensor", "launch_area", "target", "impact_ellipse"}
    for feature in collection["features"]:
        geometry = feature["geometry"]
        lines = {"Point": [[geometry["coordinates"]]], "LineString": [geometry["coordinates"]]}.get(
            geometry["type"], geometry["coordinates"]
        )
        for line in lines:
            assert all(-180.0 <= point[0] <= 180.0 and -90.0 <= point[1] <= 90.0 for point in line)
            # RFC 7946: what crosses 180 degrees is parted there.
            assert all(abs(a[0] - b[0]) < 180.0 for a, b in pairwise(line))
    assert any(feature["geometry"]["type"] == "MultiLineString" for feature in collection["features"])
    with xr.open_dataset(io.BytesIO(made["views.nc"]), engine="h5netcdf") as views:
        assert views["in_view_s"].attrs["units"] == "s"
        assert "horizon" in views["binding"].attrs["flag_meanings"]
    summary = json.loads(made["summary.json"])
    assert summary["study"] == "mine"
    assert {"alternatives", "arcs", "example", "sensors", "variants", "worth"} <= set(summary)


def test_ellipses_on_the_map_have_the_area_of_their_axes(made: dict[str, bytes]) -> None:
    found = [f for f in json.loads(made["arcs.geojson"])["features"] if f["properties"]["kind"] == "impact_ellipse"]
    assert {f["properties"]["sensors"] for f in found} == {"seongju", "joined"}
    large = [f for f in found if f["properties"]["semi_minor_km"] > 0.01]
    assert large
    for each in large:
        lon, lat = zip(*each["geometry"]["coordinates"][0], strict=True)
        area_m2, _ = Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)
        axes = 1e6 * each["properties"]["semi_major_km"] * each["properties"]["semi_minor_km"]
        # 72 sides lack 0.13 % of an ellipse; coordinates are rounded to 0.1 m on axes of 10 m and more: 1 %.
        assert area_m2 == pytest.approx(math.pi * axes, rel=0.012)


@pytest.mark.parametrize(
    "study", ["northeast-asia", "china-view", "russia-view", "european-shield", "north-korea-outbound"]
)
def test_the_bundled_studies_run(equipoise: Command, study: str, tmp_path: Path) -> None:
    outcome = equipoise("run", study, "--out", str(tmp_path / "run"))
    assert (outcome.code, outcome.out) == (0, "")
    files = run_contents(tmp_path / "run")
    loaded = load_network_study(study)
    page = files["report.html"].decode()
    # Nothing is silently empty: each sensor and each way to take the focus has its row, each table its caption.
    for sensor in loaded.sensors:
        assert f"{sensor.id}: " in page
    for one in loaded.alternatives:
        assert one.title in page
    summary = json.loads(files["summary.json"])
    for way in summary["alternatives"]:
        assert way["arcs_in_view"] + sum(way["never_seen_because"].values()) == way["arcs"]
    assert all(finding.claim in page for finding in loaded.published if "'" not in finding.claim)
