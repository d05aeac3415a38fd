from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from equipoise.errors import OutputError
from equipoise.present.flight_test_summary import TABLE_COLUMNS
from equipoise.present.launch_results import table_file


def row(**cells: Any) -> dict[str, Any]:
    return {**dict.fromkeys(TABLE_COLUMNS), **cells}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_is_on_disk_as_soon_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with table_file(path) as write:
        assert read(path) == []
        for line in (2, 3):
            write(row(line=line, apogee_km=2111.5, label='a "b", c\n성'))
            assert [cells["line"] for cells in read(path)] == [str(n) for n in range(2, line + 1)]
    assert tuple(read(path)[0]) == TABLE_COLUMNS
    assert read(path)[0]["label"] == 'a "b", c\n성'
    assert read(path)[0]["time_s"] == ""


def test_an_interruption_keeps_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    def interrupted() -> None:
        with table_file(path) as write:
            write(row(line=2))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [cells["line"] for cells in read(path)] == ["2"]


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-2+3", "@cmd"])
def test_text_that_a_spreadsheet_would_run_is_defused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "out.csv"
    with table_file(path) as write:
        write(row(line=2, label=text, missile=text, lon_deg=-125.7, time_miss_s=-3.25))
    (cells,) = read(path)
    assert (cells["label"], cells["missile"]) == (f"'{text}", f"'{text}")
    assert (cells["lon_deg"], cells["time_miss_s"]) == ("-125.7", "-3.25")


def test_numbers_keep_nine_digits(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with table_file(path) as write:
        write(row(apogee_km=1234.56789012345, range_km=1e-7))
    assert (read(path)[0]["apogee_km"], read(path)[0]["range_km"]) == ("1234.56789", "1e-07")


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    with table_file(None) as write:
        write(row(line=2))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "missing/out.csv"])
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    with (
        pytest.raises(OutputError, match=r"--out: cannot write .*; name a file that you may write"),
        table_file(tmp_path / name),
    ):
        pass
