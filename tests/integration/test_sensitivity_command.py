"""``equipoise sensitivity`` as a whole, on a small study."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from whole_commands import STUDY, Command, network_study_file

from equipoise.analysis.sensitivity import SAMPLES
from equipoise.present.run_directory import is_run


@pytest.fixture(scope="module")
def study_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "mine.yaml"
    path.write_text(STUDY.format(missile="nodong", launch_area="sunan", rows=12, draws=0), encoding="utf-8")
    return path


def test_the_answer_is_one_object_and_the_same_twice(equipoise: Command, study_file: Path) -> None:
    first = equipoise("sensitivity", str(study_file), "--samples", "8", "--json")
    assert first.code == 0, first.err
    assert equipoise("sensitivity", str(study_file), "--samples", "8", "--json").out == first.out
    answer = json.loads(first.out)
    assert (answer["study"], answer["samples"], answer["seed"], answer["confidence_level"]) == ("mine", 8, 1, 0.95)
    assert answer["evaluations"] == 8 * (len(answer["factors"]) + 2)
    (output,) = answer["outputs"]
    assert output["output"] == "nodong"
    assert output["moves"]
    totals = [each["total"] for each in output["factors"]]
    assert totals == sorted(totals, reverse=True)
    assert len(totals) == len(answer["factors"])
    assert {factor["distribution"] for factor in answer["factors"]} == {"triangle", "alternatives"}


def test_a_directory_holds_indices_figure_study_and_manifest(
    equipoise: Command, study_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "answer"
    outcome = equipoise("sensitivity", str(study_file), "--samples", "8", "--out", str(out))
    assert outcome.code == 0, outcome.err
    assert is_run(out)
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert files == {"sensitivity.json", "figures/sobol.svg", "figures/sobol.png", "study.yaml", "manifest.json"}
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["command"] == "equipoise sensitivity study.yaml --samples 8 --seed 1 --out sensitivity"
    assert "SALib" in manifest["versions"]
    ElementTree.fromstring((out / "figures" / "sobol.svg").read_bytes())
    assert "Nodong: " in outcome.out
    assert "A range is what the sources span" in outcome.out
    before = {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    assert equipoise("sensitivity", str(study_file), "--samples", "8", "--out", str(out)).code == 0
    assert {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()} == before


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ("--samples 100", ["--samples", "power of two", "[8, 16384]", "100"]),
        ("--samples 4", ["--samples", "[8, 16384]", "got 4"]),
        ("--samples 32768", ["--samples", "got 32768"]),
        ("--samples many", ["--samples", "many"]),
        ("--samples 8 --seed -1", ["--seed", "-1"]),
        ("--samples 8 --out thesis", ["output directory", "not a run"]),
    ],
)
def test_bad_options_are_one_line(
    equipoise: Command,
    study_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: str,
    named: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").write_text("keep me")
    outcome = equipoise("sensitivity", str(study_file), *options.split())
    assert (outcome.code, outcome.out) == (2, "")
    (line,) = [line for line in outcome.err.splitlines() if "compiling the kernels" not in line]
    for words in named:
        assert words in line
    assert [path.name for path in tmp_path.rglob("*")] == ["thesis", "thesis.txt"]


def test_a_network_study_is_refused(equipoise: Command, tmp_path: Path) -> None:
    outcome = equipoise("sensitivity", str(network_study_file(tmp_path)))
    assert (outcome.code, outcome.out) == (2, "")
    (line,) = outcome.err.splitlines()
    assert "got network; allowed: footprint" in line


def test_help_names_the_sample_that_is_taken(equipoise: Command) -> None:
    assert f"{SAMPLES} if left out" in " ".join(equipoise("sensitivity", "--help").out.split())
