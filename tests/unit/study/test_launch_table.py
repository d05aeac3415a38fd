"""A table of launches: every good row is read, every bad one says what is wrong with it."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from equipoise.errors import FileFormatError, InputError
from equipoise.study import launch_table
from equipoise.study.launch_table import LaunchRow, launches_in, read_launches

HEADER = "date,missile,apogee_km,range_km,time_s,azimuth_deg,lat,lon,outcome\n"
GOOD = "2017-05-14,hwasong-12,2111.5,787,1800,77,40.0,125.2,success\n"


def rows_of(path: Path, text: str | bytes, *, header: str = HEADER) -> tuple[LaunchRow, ...]:
    file = path / "tests.csv"
    file.write_bytes(text if isinstance(text, bytes) else (header + text).encode())
    return read_launches(file)


def test_a_row_in_si(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, GOOD)
    assert (row.line, row.label, row.missile, row.outcome, row.problem) == (
        2,
        "2017-05-14",
        "hwasong-12",
        "success",
        "",
    )
    assert row.numbers == pytest.approx(
        {"apogee": 2111.5e3, "range": 787e3, "time": 1800.0, "azimuth": math.radians(77), "lat": math.radians(40),
         "lon": math.radians(125.2)}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("header", "cell", "key", "expected"),
    [
        ("apogee_km,range_km", "2000,490 mi", "range", 490 * 1609.344),
        ("apogee_mi,range_km", "1312,787", "apogee", 1312 * 1609.344),
        ("apogee_km,distance_nmi", "2000,425", "range", 425 * 1852.0),
        ("apogee_km,distance_km,time_min", "2000,800,30", "time", 1800.0),
        ("apogee_km,distance_km,flight_time_s", "2000,800,30 min", "time", 1800.0),
        ("apogee_km,distance_km,time_s", "2000,800,47:12", "time", 47 * 60 + 12),
        ("apogee_km,distance_km,time", "2000,800,1:08:55", "time", 4135.0),
        ("apogee,range", "2000 km,800 km", "apogee", 2000e3),
        ("Apogee_km, RANGE_km", " 2000 , 800 ", "apogee", 2000e3),
        ("apogee_km,distance_km,bearing_deg", "2000,800,90", "azimuth", math.pi / 2),
        ("apogee_km,range_km,latitude,longitude", "2000,800,-90,180", "lat", -math.pi / 2),
        ("apogee_km,range_km", "2e3,800", "apogee", 2000e3),
    ],
)
def test_units_of_header_and_cell(tmp_path: Path, header: str, cell: str, key: str, expected: float) -> None:
    (row,) = rows_of(tmp_path, cell, header=header + "\n")
    assert row.problem == ""
    assert row.numbers[key] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (",nodong,,787,,,,,success", "apogee_km: missing; allowed: a number"),
        (",nodong,unknown,787,,,,,success", "apogee_km: missing"),
        (",nodong,200,na,,,,,success", "range_km: missing"),
        (",nodong,200,NaN,,,,,success", "range_km: missing"),
        (",nodong,200,787", "the row has 4 cells; allowed: 9"),
        (",nodong,200,787,,,,,success,more", "the row has 10 cells; allowed: 9"),
        (",nodong,200,787 s,,,,,", 'range_km: unit "s" does not measure this; allowed: .*km'),
        (",nodong,200,787 parsec,,,,,", 'range_km: unit "parsec" unknown'),
        (",nodong,inf,787,,,,,", 'apogee_km: "inf" is not a number, alone'),
        (",nodong,1e999,787,,,,,", "apogee_km: inf km is not a finite number"),
        (",nodong,1_000,787,,,,,", 'apogee_km: "1_000" is not a number'),
        (",nodong,about 200,787,,,,,", 'apogee_km: "about 200" is not a number'),
        (',nodong,"2,000",787,,,,,', 'apogee_km: "2,000" is not a number'),
        (",nodong,=1+1,787,,,,,", 'apogee_km: "=1\\+1" is not a number'),
        (",nodong,200,787,47:72,,,,", 'time_s: "47:72" is not a number'),
        (",nodong,200,787,,400,,,", "azimuth_deg: got 400; allowed: -360 to 360 deg"),
        (",nodong,200,787,,,91,0,", "lat: got 91; allowed: -90 to 90 deg"),
        (",nodong,200,787,,,40,181,", "lon: got 181; allowed: -180 to 180 deg"),
        (",nodong,200,787,,,40,,", "lat and lon: one is missing; allowed: both or neither"),
        ('"nodong,200,787,,,,,', "the row is not CSV .*; allowed: quotation marks in pairs, or none"),
    ],
)
def test_a_bad_row_is_named_and_costs_no_other(tmp_path: Path, bad: str, words: str) -> None:
    rows = rows_of(tmp_path, f"{GOOD}{bad}\n{GOOD}")
    assert [row.problem == "" for row in rows] == [True, False, True]
    assert [row.line for row in rows] == [2, 3, 4]
    assert rows[1].numbers == {}
    assert re.search(words, rows[1].problem), rows[1].problem
    assert "\n" not in rows[1].problem


def test_a_row_that_is_not_utf_8_is_refused_alone(tmp_path: Path) -> None:
    latin = HEADER.encode() + GOOD.encode() + GOOD.replace("success", "succès").encode("latin-1") + GOOD.encode()
    rows = rows_of(tmp_path, latin)
    assert [row.problem for row in rows] == ["", "the row is not UTF-8; save the file in that encoding", ""]
    assert rows[1].outcome == "succ?s"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    text = (HEADER + GOOD.replace("success", "성공")).replace("\n", end)
    (row,) = rows_of(tmp_path, text.encode(encoding))
    assert (row.outcome, row.problem, row.line) == ("성공", "", 2)
    assert row.numbers["apogee"] == 2111.5e3


def test_a_quoted_cell_may_hold_line_ends_and_empty_lines_are_left_out(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, f'"14 May\n2017",hwasong-12,2111.5,787,1800,77,40,125,\n\n ,,,\n{GOOD}')
    assert [(row.line, row.problem) for row in rows] == [(2, ""), (6, "")]
    assert rows[0].label == "14 May?2017"


def test_time_of_day_is_no_flight_time_but_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, "2000,800,20:17", header="apogee_km,range_km,time_utc\n")
    assert "time" not in row.numbers
    assert row.label == "20:17"
    with pytest.raises(FileFormatError, match=r'tests\.csv, header: time_jiffy: unit "jiffy" unknown'):
        rows_of(tmp_path, "2000,800,20", header="apogee_km,range_km,time_jiffy\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "header: no column for the apogee; allowed: apogee_km"),
        ("hwasong-12,2111.5,787\n", "header: no column for the apogee"),
        ("apogee_km,time_s\n1,2\n", "header: no column for the range; allowed: range_km or distance_km"),
        ("apogee_km,range_km\n", "no rows under the header"),
        ("apogee_km,range_km\n\n\n", "no rows under the header"),
        ("apogee_km,apogee_mi,range_km\n1,2,3\n", "header: apogee_km and apogee_mi both give the apogee"),
        ("apogee_km,range_km,distance_km\n1,2,3\n", "both give the range"),
        ("apogee_km,range_km,missile,Missile\n1,2,a,b\n", "header: two columns are called missile"),
        ("apogee_s,range_km\n1,2\n", 'header: apogee_s: unit "s" does not measure this'),
        ("apogee_km,range_km\n1,2\0\n", "holds zero bytes"),
        ('"apogee_km,range_km\n1,2\n', "header: the row is not CSV"),
        (b"\xff\xfea", "starts as UTF-16 but is not"),
        ("apogee_km,range_km\n" + '"' + "x" * 200_000 + '",1\n1,2\n', None),
    ],
    ids=["empty", "no header", "no range", "no rows", "blank rows", "apogee twice", "range twice", "missile twice",
         "wrong unit", "zero bytes", "open quote", "not UTF-16", "huge cell"],
)  # fmt: skip
def test_files_that_cannot_be_a_table(tmp_path: Path, text: str | bytes, words: str | None) -> None:
    if words is None:  # a cell beyond what the reader takes costs its row alone
        rows = rows_of(tmp_path, text, header="")
        assert [row.problem == "" for row in rows] == [False, True]
        return
    with pytest.raises(FileFormatError, match=words) as refused:
        rows_of(tmp_path, text, header="")
    assert str(refused.value).startswith("tests.csv")
    assert "\n" not in str(refused.value)


def test_a_cell_without_unit_in_a_column_without_one(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, "2000,800 km", header="apogee,range\n")
    assert row.problem == 'apogee: "2000" has no unit, nor has the column; write for example apogee_km'


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch_table, "MOST_ROWS", 3)
    assert len(rows_of(tmp_path, GOOD * 3)) == 3
    with pytest.raises(FileFormatError, match="more than 3 rows; split the file"):
        rows_of(tmp_path, GOOD * 4)
    monkeypatch.setattr(launch_table, "MOST_BYTES", 100)
    with pytest.raises(FileFormatError, match=r"tests\.csv: 0 MB; allowed: at most 0 MB"):
        rows_of(tmp_path, GOOD * 3)


def test_many_stray_quotation_marks_are_read_in_one_pass_each(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'a,"b"c,1,2,,,,,\n' * 20_000 + GOOD)
    assert len(rows) == 20_001
    assert [row.problem == "" for row in rows[-2:]] == [False, True]


def test_no_file_and_a_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.csv: no such file; allowed: a CSV file with apogee_km and range_km"):
        launches_in(tmp_path / "none.csv")
    with pytest.raises(InputError, match="not a file; allowed: a CSV file"):
        launches_in(tmp_path)
    with pytest.raises(FileFormatError, match=r"none\.csv: cannot be read: No such file"):
        read_launches(tmp_path / "none.csv")
