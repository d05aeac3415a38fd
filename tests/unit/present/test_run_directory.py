from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from equipoise.errors import OutputError
from equipoise.present.run_directory import MANIFEST, is_run, run_directory, seal


def write_run(path: Path, text: str = "result") -> None:
    with run_directory(path) as directory:
        (directory / "figures").mkdir()
        (directory / "figures" / "map.svg").write_text(text)
        seal(
            directory, command="equipoise run demo", study={"id": "demo", "sha256": "00"}, catalogue={"x": "11"}, seed=7
        )


def test_a_run_appears_whole_with_the_digest_of_each_file(tmp_path: Path) -> None:
    write_run(tmp_path / "runs" / "demo")
    manifest = json.loads((tmp_path / "runs" / "demo" / MANIFEST).read_text())
    assert manifest["files"] == {
        "figures/map.svg": {"bytes": 6, "sha256": hashlib.sha256(b"result").hexdigest()},
    }
    assert manifest["seed"] == 7
    assert {"equipoise", "python", "numpy", "numba"} <= set(manifest["versions"])
    assert os.listdir(tmp_path / "runs") == ["demo"]


def test_the_manifest_names_no_date_and_no_path_of_the_machine(tmp_path: Path) -> None:
    write_run(tmp_path / "a")
    write_run(tmp_path / "elsewhere" / "b")
    first, second = (tmp_path / "a" / MANIFEST).read_bytes(), (tmp_path / "elsewhere" / "b" / MANIFEST).read_bytes()
    assert first == second
    assert str(tmp_path).encode() not in first


def test_a_failure_leaves_nothing_and_keeps_the_earlier_run(tmp_path: Path) -> None:
    write_run(tmp_path / "demo", "earlier")

    def fail() -> None:
        with run_directory(tmp_path / "demo") as directory:
            (directory / "half.txt").write_text("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert os.listdir(tmp_path) == ["demo"]
    assert (tmp_path / "demo" / "figures" / "map.svg").read_text() == "earlier"


def test_an_earlier_run_is_replaced_and_an_empty_directory_used(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    write_run(tmp_path / "demo", "one")
    (tmp_path / "demo" / "left-over.txt").write_text("x")
    write_run(tmp_path / "demo", "two")
    assert sorted(os.listdir(tmp_path / "demo")) == ["figures", MANIFEST]
    assert (tmp_path / "demo" / "figures" / "map.svg").read_text() == "two"
    assert is_run(tmp_path / "demo")


@pytest.mark.parametrize("kind", ["file", "directory", "link"])
def test_what_is_not_a_run_is_refused_and_left_alone(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "mine"
    if kind == "file":
        target.write_text("x")
    elif kind == "directory":
        target.mkdir()
        (target / "thesis.txt").write_text("x")
    else:
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match=r"^output directory: .*mine .*; name a new"), run_directory(target):
        pytest.fail("the block must not run")
    assert os.path.lexists(target)
    assert os.listdir(tmp_path) == ["mine"]


def test_a_parent_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match=r"cannot write .*demo"), run_directory(tmp_path / "file" / "demo"):
        pytest.fail("the block must not run")
