"""``equipoise sweep`` as a user runs it: interrupted, gone on with, on a cluster, and what it leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dask_cluster import dask_cluster
from whole_commands import Command, run_contents, study_file

from equipoise.analysis.chunk_files import read_results

VARY = ("--vary", "interceptor.burnout_speed=2.6:3.0:3", "--vary", "battery.commit_delay=5,30")


def test_a_sweep_leaves_its_table_figures_and_seal(
    equipoise: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    study = str(study_file(tmp_path))
    outcome = equipoise("sweep", study, *VARY, "--json")
    assert outcome.code == 0, outcome.err
    answer = json.loads(outcome.out)
    assert len(answer["rows"]) == answer["points"] == 6
    assert [row["battery_commit_delay_s"] for row in answer["rows"]] == [5, 30] * 3
    (place,) = (tmp_path / "sweeps").iterdir()
    assert place.name.startswith("mine-")
    assert f"results: sweeps/{place.name}\n" in outcome.err
    files = run_contents(place)
    assert sorted(files) == ["results.json", "results.parquet", "sweep.json", "sweep.png", "sweep.svg"]
    table = read_results(place / "results.parquet")
    assert table["defended_fraction_nodong"].tolist() == pytest.approx(
        [row["defended_fraction_nodong"] for row in answer["rows"]], rel=1e-8
    )
    again = equipoise("sweep", study, *VARY)
    assert again.code == 0
    assert "every run was there already" in again.err
    assert "interceptor: burnout speed, km/s  battery: commit delay, s  Nodong\n" in again.out
    assert run_contents(place) == files


def test_a_cluster_of_two_gives_the_same_bytes(equipoise: Command, tmp_path: Path) -> None:
    study = str(study_file(tmp_path))
    assert equipoise("sweep", study, *VARY, "--out", str(tmp_path / "threads")).code == 0
    with dask_cluster(tmp_path / "dask", 2) as cluster:
        there = equipoise(
            "sweep", study, *VARY, "--out", str(tmp_path / "cluster"), "--scheduler", cluster.address, "--keep-chunks"
        )
    assert there.code == 0, there.err
    assert [line for line in there.err.splitlines() if "compiling" not in line] == [f"results: {tmp_path / 'cluster'}"]
    files = run_contents(tmp_path / "cluster")
    assert [name for name in files if name.startswith("chunks/")]
    assert {name: data for name, data in files.items() if not name.startswith("chunks/") and name != "sweep.json"} == {
        name: data for name, data in run_contents(tmp_path / "threads").items() if name != "sweep.json"
    }


def test_an_interrupt_says_how_to_go_on_and_the_same_command_does(equipoise: Command, tmp_path: Path) -> None:
    study, out = str(study_file(tmp_path)), tmp_path / "out"
    arguments = ["sweep", study, "--vary", "battery.commit_delay=0:60:150", "--out", str(out)]
    # A suite that runs in the background hands an ignored interrupt down; a terminal does not.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code += "from equipoise.cli import main; main()"
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120.0
    while not (out / "chunks").is_dir() or len(os.listdir(out / "chunks")) < 3:
        assert process.poll() is None, "it ended before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert f"finished chunks are kept in {out}; the same command goes on from there\n" in err
    assert err.endswith("equipoise: interrupted\n")
    assert "Traceback" not in err
    outcome = equipoise(*arguments)
    assert outcome.code == 0, outcome.err
    assert " of 150 runs were there already\n" in outcome.err
    assert len(read_results(out / "results.parquet")["point"]) == 150


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--vary", "boresight=0:1:5", "--out", "thesis"], ["output directory", "not a sweep", "thesis.txt"]),
        (["--vary", "boresight=0:1:5", "--out", "thesis/thesis.txt"], ["output directory", "not a directory"]),
        (["--vary", "boresight=0:1:5", "--scheduler", "here"], ["--scheduler", '"here"', "tcp://host:port"]),
        (["--vary", "bore=0:1:5"], ["--vary", "bore", "study.boresight"]),
        ([], ["--vary"]),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(
    equipoise: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], named: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").write_text("keep me")
    outcome = equipoise("sweep", "lofted-nodong", *arguments)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1), outcome.err
    for word in named:
        assert word in outcome.err
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["thesis.txt"]
