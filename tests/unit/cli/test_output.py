from __future__ import annotations

import json

import numpy as np
import pytest

from equipoise.cli.output import emit_json, print_facts, print_table
from equipoise.errors import NumericalError


def test_json_is_sorted_and_rounded_to_nine_digits(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json(
        {"b_km": np.float64(1.23456789012), "a": [np.int64(3), np.bool_(True), None, "P'yŏngyang"], "c": np.arange(2)}
    )
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"a": [3, True, None, "P'yŏngyang"], "b_km": 1.23456789, "c": [0, 1]}
    assert list(json.loads(printed)) == ["a", "b_km", "c"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.array([1.0, np.nan])])
def test_json_never_holds_a_nan(value: object) -> None:
    with pytest.raises(NumericalError, match=r"^grid\.margin_s(\[1\])?: the result is (nan|inf), not a finite number$"):
        emit_json({"grid": {"margin_s": value}})


def test_a_table_off_a_terminal_is_plain_and_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("Ranges", ["name", "km"], [["a", "1"], ["bcd", "1,000"]], numeric=[1])
    assert capsys.readouterr().out == "Ranges\nname     km\na         1\nbcd   1,000\n"


def test_facts_align_their_values(capsys: pytest.CaptureFixture[str]) -> None:
    print_facts([("range", "1 km"), ("apogee", "2 km")])
    assert capsys.readouterr().out == "range   1 km\napogee  2 km\n"
