"""``equipoise balance`` and the bundled study: what the page, its files and the command say, once worked out."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from whole_commands import Command, run_contents

from equipoise.present import run as run_module
from equipoise.study import load_network_study
from equipoise.study.reading import STUDIES, study_from_text


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a run of the bundled study with fewer draws, by the function that ``equipoise run`` calls."""
    place = tmp_path_factory.mktemp("balance") / "run"
    path = STUDIES / "strategic-balance.yaml"
    text = (
        path.read_text(encoding="utf-8").replace("draws: 300", "draws: 24").replace("sensitivity: 32", "sensitivity: 8")
    )
    study = study_from_text(text, path.name, path)
    run_module.write_run(study, "strategic-balance", place, lambda _words, _share: None)
    return run_contents(place)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled study with two headings of arcs and nothing that takes long."""
    text = (STUDIES / "strategic-balance.yaml").read_text(encoding="utf-8")
    arcs = """arcs:
  - {group: Russian arcs, missile: yars, launch_areas: [kozelsk], targets: [washington, chicago]}
  - {group: Chinese arcs, missile: df-31a, launch_areas: [tonghua], targets: [los-angeles]}
"""
    text = re.sub(r"^arcs:\n(?:  .*\n)+", arcs, text, flags=re.MULTILINE)
    text = text.split("\npublished:")[0] + "\n"
    text = re.sub(r"groups: \[Russian bases[^\]]*\]", "groups: [Russian arcs]", text)
    text = re.sub(r"groups: \[Chinese mobile[^\]]*\]", "groups: [Chinese arcs]", text)
    text = text.replace("sensitivity: 32", "sensitivity: 0").replace("id: strategic-balance", "id: small")
    file = tmp_path_factory.mktemp("small") / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_page_has_the_balance_and_everything_else(made: dict[str, bytes]) -> None:
    page = made["report.html"].decode()
    study = load_network_study("strategic-balance")
    for sensor in study.sensors:
        assert f"{sensor.id}: " in page
    for figure in ("balance-penetrating", "balance-stopped", "balance-sobol"):
        assert f'id="{figure}"' in page
        assert f"figures/{figure}.svg" in made
    assert study.balance is not None
    for force in study.balance.forces:
        for count in force.counts:
            assert count.label in page
    assert "the most generous to the defence" in page
    summary = json.loads(made["summary.json"])
    for way in summary["alternatives"]:
        assert way["arcs_in_view"] + sum(way["never_seen_because"].values()) == way["arcs"]


def test_the_manifest_has_the_forces_and_the_seed(made: dict[str, bytes]) -> None:
    manifest = json.loads(made["manifest.json"])
    assert {"force/russia-strategic", "force/china-strategic", "battery/gmd"} <= set(manifest["catalogue"])
    assert manifest["seed"] == 1


def test_what_is_computed_holds_together(made: dict[str, bytes]) -> None:
    """By hand: no more is stopped than there are rounds times what one kills; Seongju's interceptors reach no arc."""
    balance = json.loads(made["summary.json"])["balance"]
    for force in balance["forces"]:
        reach = {row["battery"]: row for row in force["reach"]}
        assert reach["fort-greely"]["rounds"] + reach["vandenberg"]["rounds"] == 44
        assert all(one["can_fire_share_high"] == 0.0 for one in reach["seongju-thaad"]["limits"])
        at = {row["elements"]: row for row in force["scenarios"]}
        assert at["none"]["penetrating"] == pytest.approx(force["arriving"])
        assert at["only seongju"]["penetrating"] == pytest.approx(force["arriving"])
        most = 44 * 0.368 + 3 * 16 * 0.341
        assert force["arriving"] - at["all"]["penetrating"] < most
        assert at["all"]["penetrating"] <= min(at[f"without {id}"]["penetrating"] for id in ("gmd", "aegis", "seongju"))


def test_the_arriving_number_is_the_product(made: dict[str, bytes]) -> None:
    balance = json.loads(made["summary.json"])["balance"]
    arriving = {force["force"]: force["arriving"] for force in balance["forces"]}
    assert arriving == pytest.approx({"russia": 1561 * 0.9 * 0.85, "china": 60 * 0.9 * 0.85})


def test_files_say_what_the_summary_says(made: dict[str, bytes]) -> None:
    balance = json.loads(made["summary.json"])["balance"]
    rows = list(csv.DictReader(made["balance_curve.csv"].decode().splitlines()))
    assert len(rows) == sum(len(point["scenarios"]) for force in balance["forces"] for point in force["curve"])
    assert float(rows[0]["penetrating"]) == pytest.approx(
        balance["forces"][0]["curve"][0]["scenarios"][0]["penetrating"]
    )
    assert {row["elements"] for row in csv.DictReader(made["balance_matters.csv"].decode().splitlines())} == {
        "all", "without gmd", "without aegis", "without seongju",
    }  # fmt: skip


def test_the_command_answers_alone_and_alike(equipoise: Command, small: Path) -> None:
    asked = ("balance", str(small), "--draws", "20", "--seed", "5", "--json")
    first, again = equipoise(*asked), equipoise(*asked)
    assert first.code == 0
    assert first.out == again.out
    answer = json.loads(first.out)
    assert (answer["draws"], answer["seed"]) == (20, 5)
    assert "sensitivity" not in answer
    assert [force["arcs"] for force in answer["forces"]] == [2, 1]


def test_the_command_writes_tables(equipoise: Command, small: Path) -> None:
    outcome = equipoise("balance", str(small), "--draws", "20")
    assert outcome.code == 0
    for words in ("Russian long-range missiles", "without three Aegis ships", "one in ten is stopped", "generous"):
        assert words in outcome.out


@pytest.mark.parametrize(
    ("study", "message"),
    [
        ("russia-view", "study russia-view, balance: missing; allowed: a network study with a balance section"),
        ("seongju-raid", "study seongju-raid, kind: got raid; allowed: network"),
    ],
)
def test_a_study_without_a_balance_is_refused(equipoise: Command, study: str, message: str) -> None:
    outcome = equipoise("balance", study)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
