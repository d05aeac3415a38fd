"""``equipoise flight-test`` as a user runs it: one launch, a table, and what goes wrong."""

from __future__ import annotations

import csv
import json
import shlex
from pathlib import Path

import pytest
from whole_commands import Command

from equipoise.analysis import flight_batch
from equipoise.cli import main

MAY_2017 = "flight-test --apogee 2111.5 --range 787 --missile hwasong-12 --draws 8"
TABLE = """\
date,missile,apogee_km,range_km,time,lat,lon,outcome
2017-05-14,hwasong-12,2111.5,787,30:00,40.0,125.2,success
2017-03-06,scud-er,260,1000,,39.7,124.7,success
2017-04-05,hwasong-12,189,60,,40.0,128.2,failure
2019-07-25,kn-23,50,600,,39.4,127.5,success
2014-03-26,nodong,150,787 s,,,,success
=2+3,nodong,150,650,,,,success
"""


def table(path: Path, text: str = TABLE) -> Path:
    file = path / "tests.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_one_launch(equipoise: Command) -> None:
    outcome = equipoise(*shlex.split(f"{MAY_2017} --time 30:00"))
    assert outcome.code == 0
    assert outcome.err == ""
    for words in ("apogee 2,111.5 km, range 787.0 km, 1,800 s", "without a boost 1,676 s", "consistent:", "short:"):
        assert words in outcome.out


def test_json_is_one_object_and_the_same_each_time(equipoise: Command) -> None:
    command = shlex.split(f"{MAY_2017} --time 1800 --from 40.0,125.2 --azimuth 77 --json")
    first, second = equipoise(*command), equipoise(*command)
    assert first.out == second.out
    answer = json.loads(first.out)
    assert answer["consistent"] is True
    assert answer["calibrated"]["rotation"] is True
    assert answer["reported"]["from_assumed"] is False
    assert answer["standard_range"]["still_low_km"] < 4500 < answer["standard_range"]["still_high_km"]


def test_seconds_and_a_clock_are_one_time(equipoise: Command) -> None:
    one, other = (equipoise(*shlex.split(f"{MAY_2017} --time {time} --json")).out for time in ("1800", "30:00"))
    assert one == other


@pytest.mark.parametrize("fit", ["payload --missile hwasong-12", "cut-off --missile hwasong-12"])
def test_other_parameters(equipoise: Command, fit: str) -> None:
    outcome = equipoise(*shlex.split(f"flight-test --apogee 1800 --range 787 --draws 2 --fit {fit}"))
    assert outcome.code == 0, outcome.err
    assert ("payload " if "payload" in fit else "thrust cut off at ") in outcome.out


BAD = [
    ("", ["give --apogee KM and --range KM, or --csv FILE"]),
    ("--apogee 2000", ["--range: missing; --apogee says nothing without it"]),
    ("--range 2000", ["--apogee: missing"]),
    ("--apogee -5 --range 800", ["--apogee", "(0, 1e+06] km", "-5"]),
    ("--apogee 0 --range 800", ["--apogee", "'0'"]),
    ("--apogee nan --range 800", ["--apogee", "nan"]),
    ("--apogee 2000 --range inf", ["--range", "inf"]),
    ("--apogee 2_000 --range 800", ["--apogee", "2_000"]),
    ("--apogee 400000 --range 800", ["--apogee: got 400000 km", "11.10 km/s", "11.18 km/s"]),
    ("--apogee 2000 --range 21000", ["--range: got 21000 km", "20,015 km"]),
    ("--apogee 2000 --range 800 --time 20:00", ["--time: got 1200 s", "without a boost"]),
    ("--apogee 2000 --range 800 --time 50:00", ["--time: got 3000 s", "no boost lasts more than 360 s"]),
    ("--apogee 2000 --range 800 --time 47:72", ["--time", "minutes:seconds such as 47:12"]),
    ("--apogee 2000 --range 800 --time -1", ["--time"]),
    ("--apogee 2000 --range 800 --azimuth 400", ["--azimuth", "[-360, 360]"]),
    ("--apogee 2000 --range 800 --from 91,0", ["--from", "[-90, 90]"]),
    ("--apogee 2000 --range 800 --from 90,0", ["--from: got latitude 90 deg", "-85 to 85"]),
    ("--apogee 2000 --range 800 --missile hwasong12", ["--missile: unknown id", "hwasong-12"]),
    ("--apogee 2000 --range 800 --missile none.yaml", ["none.yaml"]),
    ("--apogee 2000 --range 800 --fit payload", ["--fit: payload needs --missile"]),
    ("--apogee 2000 --range 800 --fit thrust", ["--fit", "cut-off"]),
    ("--apogee 2000 --range 800 --draws -1", ["--draws", "0<=x<=10000"]),
    ("--apogee 50 --range 600", ["--apogee: got 50 km over 600 km; allowed: at least", "quasi-ballistic"]),
    ("--apogee 50 --range 600 --missile kn-23", ["--apogee: got 50 km", "missile kn-23"]),
    ("--apogee 3000 --range 800 --missile scud-b", ["no propellant of 0.333 to 3 times the class's own"]),
    ("--csv none.csv", ["none.csv: no such file"]),
    ("--csv .", ["not a file"]),
    ("--csv none.csv --apogee 3", ["--csv stands without --apogee"]),
    ("--csv none.csv --fit payload", ["--fit: got payload"]),
]


@pytest.mark.parametrize(("command", "words"), BAD, ids=[command or "nothing" for command, _ in BAD])
def test_bad_input_is_one_line_and_exit_code_2(equipoise: Command, command: str, words: list[str]) -> None:
    outcome = equipoise("flight-test", *shlex.split(command))
    assert outcome.code == 2
    assert outcome.out == ""
    lines = [line for line in outcome.err.splitlines() if "compiling" not in line]
    assert len(lines) == 1
    assert lines[0].startswith("equipoise: ")
    for word in words:
        assert word in lines[0]


def test_a_table_with_refused_rows_is_done(equipoise: Command, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    outcome = equipoise("flight-test", "--csv", str(table(tmp_path)), "--out", str(out), "--draws", "0", "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.err == f"table: {out}\n"
    answer = json.loads(outcome.out)
    assert answer["launches"] == 6
    assert answer["counts"] == {
        "consistent": 1,
        "no time reported": 2,
        "refused, not a flight test": 1,
        "refused, quasi-ballistic": 1,
        "refused, unreadable": 1,
    }
    by_line = {row["line"]: row for row in answer["rows"]}
    assert by_line[6]["reason"].startswith('range_km: unit "s" does not measure this')
    with out.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [int(row["line"]) for row in written] == [2, 3, 4, 5, 6, 7]
    assert written[-1]["label"] == "'=2+3"
    assert float(written[0]["standard_range_low_km"]) == by_line[2]["standard_range_low_km"]


def test_people_read_a_table_too(equipoise: Command, tmp_path: Path) -> None:
    outcome = equipoise("flight-test", "--csv", str(table(tmp_path)), "--draws", "0")
    assert outcome.code == 0
    assert "no time reported            2" in outcome.out
    assert "outcome: failure; allowed: a launch that flew as meant" in outcome.out


def test_the_table_is_not_written_over_its_source(equipoise: Command, tmp_path: Path) -> None:
    source = table(tmp_path)
    outcome = equipoise("flight-test", "--csv", str(source), "--out", str(source))
    assert outcome.code == 2
    assert "is the table that --csv reads" in outcome.err
    assert source.read_text(encoding="utf-8") == TABLE


def test_a_table_that_cannot_be_written_is_bad_input(equipoise: Command, tmp_path: Path) -> None:
    outcome = equipoise("flight-test", "--csv", str(table(tmp_path)), "--out", str(tmp_path))
    assert outcome.code == 2
    assert outcome.err.startswith("equipoise: --out: cannot write")


def test_an_interrupted_table_keeps_its_finished_rows(
    equipoise: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = flight_batch.flight_test, []

    def stopped(*args, **options):  # type: ignore[no-untyped-def]
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **options)

    monkeypatch.setattr(flight_batch, "flight_test", stopped)
    out = tmp_path / "out.csv"
    outcome = equipoise("flight-test", "--csv", str(table(tmp_path)), "--out", str(out), "--draws", "0")
    assert outcome.code == 130
    assert outcome.err.strip() == "equipoise: interrupted"
    with out.open(encoding="utf-8", newline="") as file:
        assert [row["line"] for row in csv.DictReader(file)] == ["2"]


def test_help_names_units_and_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["flight-test", "--help"])
    assert stop.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    for words in (
        "--apogee KM",
        "--range KM",
        "minutes:seconds such as 47:12",
        "equipoise flight-test --apogee 2111.5",
    ):
        assert words in shown
