"""``equipoise validate``, as a user runs it, and the page of the documentation that it makes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from whole_commands import Command

from equipoise.analysis.validation import AUTHORITIES, forden_2007, validate
from equipoise.catalog import load_catalog
from equipoise.physics import Missile, Site, Trajectory

UNITS = {"km", "km/s", "s", "deg", "kg/m3", "Pa", "m/s", "%", "dB", "1"}


def test_json_has_each_comparison_with_source_unit_and_verdict(equipoise: Command) -> None:
    first, second = equipoise("validate", "--json"), equipoise("validate", "--json")
    assert (first.code, first.out) == (0, second.out)
    answer = json.loads(first.out)
    assert [authority["id"] for authority in answer["authorities"]] == [authority.id for authority in AUTHORITIES]
    rows = answer["comparisons"]
    assert len(rows) == answer["counts"]["comparisons"] == len(validate())
    for row in rows:
        assert row["unit"] in UNITS
        assert row["source"] in answer["sources"]
        assert (row["miss"] != 0.0) == (row["verdict"] == "missed")
        assert bool(row["tuned"]) or row["verdict"] != "tuned"
    verdicts = [row["verdict"] for row in rows]
    assert {v: verdicts.count(v) for v in ("met", "missed", "tuned")} == {
        v: answer["counts"][v] for v in ("met", "missed", "tuned")
    }


def test_people_read_tables_and_a_last_line_that_counts(equipoise: Command) -> None:
    outcome = equipoise("validate")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert all(line == line.rstrip() for line in lines)
    for authority in AUTHORITIES:
        assert f"{authority.title} ({authority.kind})" in lines
    count = len(validate())
    assert lines[-1].startswith(f"{count} comparisons: ")
    assert " missed, " in lines[-1]


def test_a_wrong_model_is_missed_and_the_command_still_answers(
    equipoise: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = json.loads(equipoise("validate", "--json").out)["counts"]
    right = forden_2007.longest_flight

    def with_three_payloads(missile: Missile, launch: Site, az_rad: float, *, rotation: bool) -> Trajectory:
        return right(replace(missile, payload_kg=3.0 * missile.payload_kg), launch, az_rad, rotation=rotation)

    monkeypatch.setattr(forden_2007, "longest_flight", with_three_payloads)
    outcome = equipoise("validate", "--json")
    assert outcome.code == 0
    after = json.loads(outcome.out)
    forden = next(each for each in after["authorities"] if each["id"] == "forden-2007")
    assert forden["counts"] == {"met": 0, "missed": 16, "tuned": 0}
    assert after["counts"]["missed"] == before["missed"] + 14


def test_out_writes_the_page_and_refuses_a_directory_of_something_else(equipoise: Command, tmp_path: Path) -> None:
    outcome = equipoise("validate", "--out", str(tmp_path / "page"))
    assert outcome.code == 0
    assert f"report: {tmp_path / 'page' / 'report.html'}\n" in outcome.err
    page = (tmp_path / "page" / "report.html").read_text(encoding="utf-8")
    assert all(authority.title in page for authority in AUTHORITIES)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine", encoding="utf-8")
    refused = equipoise("validate", "--out", str(tmp_path / "other"))
    assert refused.code == 2
    assert "not a run" in refused.err


def test_a_miss_of_each_kind_is_told_from_a_success(equipoise: Command) -> None:
    rows = json.loads(equipoise("validate", "--json").out)["comparisons"]
    radar = {row["case"]: row["verdict"] for row in rows if row["authority"] == "radar-ranges"}
    assert radar["AN/TPY-2, National Academies 2012, figure 5-8: range equation"] == "missed"
    assert radar["AN/TPY-2, Lewis and Postol 2012: range equation"] == "tuned"
    assert {row["verdict"] for row in rows if row["authority"] == "catalogue-ranges"} == {"tuned"}
    assert load_catalog().missile("scud-b").tuning
