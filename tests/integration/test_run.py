"""``equipoise run``: the directory that it leaves, and leaves the same each time."""

from __future__ import annotations

import hashlib
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
import xarray as xr
from whole_commands import Command, run_contents, study_file

from equipoise.catalog import load_catalog
from equipoise.present import run as run_module
from equipoise.study import load_study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a run of the small study, by the function that the command calls."""
    place = tmp_path_factory.mktemp("made")
    file = study_file(place, draws=3)
    report = run_module.write_run(load_study(str(file)), str(file), place / "run", lambda _words, _share: None)
    assert report == place / "run" / "report.html"
    return run_contents(place / "run")


def test_the_command_gives_the_same_bytes_elsewhere_and_on_one_thread(
    equipoise: Command, made: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EQUIPOISE_THREADS", "1")
    monkeypatch.chdir(tmp_path)
    outcome = equipoise("run", str(study_file(tmp_path, draws=3)))
    assert (outcome.code, outcome.out) == (0, "")
    assert "report: runs/mine/report.html\n" in outcome.err
    again = run_contents(tmp_path / "runs" / "mine")
    assert sorted(again) == sorted(made)
    assert [name for name in made if made[name] != again[name]] == []


def test_the_run_holds_report_figures_exports_and_the_study(made: dict[str, bytes]) -> None:
    assert {"report.html", "footprint.geojson", "footprint.nc", "coverage.nc", "manifest.json", "study.yaml"} <= set(
        made
    )
    figures = [name for name in made if name.startswith("figures/")]
    assert len(figures) >= 8
    assert sorted(name[:-4] for name in figures if name.endswith(".svg")) == sorted(
        name[:-4] for name in figures if name.endswith(".png")
    )


def test_the_manifest_lists_each_file_and_what_made_it(made: dict[str, bytes]) -> None:
    manifest = json.loads(made["manifest.json"])
    assert manifest["files"] == {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in made.items()
        if name != "manifest.json"
    }
    assert manifest["study"] == {"id": "mine", "sha256": hashlib.sha256(made["study.yaml"]).hexdigest()}
    assert manifest["command"] == "equipoise run study.yaml"
    assert manifest["seed"] == 1
    assert {"missile/nodong", "radar/an-tpy-2", "interceptor/thaad", "launch_area/sunan"} <= set(manifest["catalogue"])


def test_a_record_that_changes_changes_its_digest() -> None:
    nodong = load_catalog().missile("nodong")
    assert run_module.record_digest(nodong) == run_module.record_digest(nodong.model_copy())
    assert run_module.record_digest(nodong) != run_module.record_digest(nodong.model_copy(update={"note": "other"}))


class Outside(HTMLParser):
    """Collects what a page would fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            fetches = name in {"src", "srcset", "poster", "data"} or (name == "href" and tag != "a")
            if fetches and value and not value.startswith(("data:", "#")):
                self.fetched.append(f"<{tag} {name}={value[:60]}>")


def test_the_report_needs_no_other_file_and_no_network(made: dict[str, bytes]) -> None:
    page = made["report.html"].decode()
    outside = Outside()
    outside.feed(page)
    assert outside.fetched == []
    assert "@import" not in page
    assert "url(http" not in page
    assert "<script src" not in page


def test_no_file_names_the_machine(made: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    base = str(tmp_path_factory.getbasetemp()).encode()
    home = str(Path.home()).encode()
    assert [name for name, data in made.items() if base in data or home + b"/" in data] == []


def test_exports_read_back(made: dict[str, bytes]) -> None:
    collection = json.loads(made["footprint.geojson"])
    assert collection["type"] == "FeatureCollection"
    with xr.open_dataset(io.BytesIO(made["footprint.nc"]), engine="h5netcdf") as grid:
        assert dict(grid["margin_s"].sizes) == {"case": 1, "lat": 12, "lon": 12}
        assert grid["margin_s"].attrs["units"] == "s"


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("no more ink")

    monkeypatch.setattr(run_module, "publish", fail)
    file = study_file(tmp_path)
    with pytest.raises(RuntimeError, match="no more ink"):
        run_module.write_run(load_study(str(file)), str(file), tmp_path / "run", lambda _words, _share: None)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]
