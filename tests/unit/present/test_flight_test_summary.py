from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from equipoise.analysis import FlightReport, FlightTest, flight_test
from equipoise.analysis.flight_batch import RowResult
from equipoise.analysis.flight_test_results import Band
from equipoise.catalog import load_catalog
from equipoise.physics import Site
from equipoise.present.flight_test_summary import TABLE_COLUMNS, flight_test_summary, table_row, verdict
from equipoise.study.launch_table import LaunchRow


@cache
def result() -> FlightTest:
    record = load_catalog().missile("hwasong-12")
    report = FlightReport(2111.5e3, 787e3, Site.of_degrees(39.0, 125.7), 1800.0, -math.pi / 2, record, "Hwasong-12")
    return flight_test(report, draws=0)


def plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(plain, value))
    return value is None or isinstance(value, str | bool | int | float)


def test_it_is_json_in_peoples_units() -> None:
    answer = flight_test_summary(result())
    assert plain(answer)
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    reported = answer["reported"]
    assert (reported["apogee_km"], reported["range_km"], reported["time_s"]) == (2111.5, 787.0, 1800.0)
    assert reported["azimuth_deg"] == pytest.approx(270.0)
    assert (reported["from_lat_deg"], reported["from_lon_deg"]) == pytest.approx((39.0, 125.7))
    assert answer["kepler"]["time_s"] / 60.0 == pytest.approx(27.9, abs=0.051)
    assert len(answer["directions"]) == 36
    assert answer["calibrated"]["rotation"] is True
    assert [move["quantity"] for move in answer["moves"]][:1] == ["burn time"]
    assert answer["standard_range"]["still_central_km"] == pytest.approx(result().range_still_m.central / 1e3)


def test_names_of_numbers_end_in_their_unit() -> None:
    units = ("_km", "_s", "_deg", "_km_s", "_kg", "_factor")
    dimensionless = {"value"}

    def without(node: Any, name: str = "") -> list[str]:
        if isinstance(node, dict):
            return [bad for key, item in node.items() for bad in without(item, key)]
        if isinstance(node, list):
            return [bad for item in node for bad in without(item, name)]
        return [name] if isinstance(node, float) and not name.endswith(units) and name not in dimensionless else []

    assert without(flight_test_summary(result())) == []


@pytest.mark.parametrize(
    ("time_s", "words"),
    [
        (1.0, "too short"),
        (1e4, "too long"),
        (None, "no time reported"),
        (1790.0, "consistent"),
        (1835.0, "consistent"),
        (1895.0, "too long"),
    ],
)
def test_the_verdict_agrees_with_the_miss(time_s: float | None, words: str) -> None:
    # the report's own check is not at stake here
    report = replace(result().report, time_s=None)
    object.__setattr__(report, "time_s", time_s)
    test = replace(result(), report=report, time_s=Band(1750.0, 1790.0, 1820.0))
    assert verdict(test) == words
    answer = flight_test_summary(test)
    assert answer["verdict"] == words
    assert answer["consistent"] is (None if time_s is None else words == "consistent")
    expected = {1.0: -1749.0, 1e4: 8180.0, None: None, 1790.0: 0.0, 1835.0: 15.0, 1895.0: 75.0}[time_s]
    assert answer["time_miss_s"] == expected


@pytest.mark.parametrize(("kepler_m", "short"), [(4000e3, True), (9000e3, False)])
def test_why_kepler_is_short_is_said_only_where_it_is(kepler_m: float, short: bool) -> None:
    answer = flight_test_summary(replace(result(), kepler_range_m=kepler_m))
    assert (answer["kepler"]["why_short"] is not None) is short


@pytest.mark.parametrize("parameter", ["payload", "cut-off"])
def test_the_fitted_value_is_named_by_what_it_is(parameter: Any) -> None:
    test = result()
    fit = replace(test.calibrated.fit, parameter=parameter, value=123.0)
    calibrated = flight_test_summary(replace(test, calibrated=replace(test.calibrated, fit=fit)))["calibrated"]
    assert calibrated[{"payload": "payload_kg", "cut-off": "cut_off_s"}[parameter]] == 123.0
    assert "propellant_factor" not in calibrated


ROW = LaunchRow(
    7, "2017", "hwasong-12", "success", {"apogee": 2e6, "range": 8e5, "lat": 0.7, "lon": -2.0, "azimuth": np.pi}
)


def test_a_row_of_the_table() -> None:
    cells = table_row(RowResult(ROW, result(), None, "", True))
    assert tuple(cells) == TABLE_COLUMNS
    assert (cells["line"], cells["label"], cells["apogee_km"], cells["range_km"]) == (7, "2017", 2000.0, 800.0)
    assert (cells["azimuth_deg"], cells["lon_deg"]) == pytest.approx((180.0, math.degrees(-2.0)))
    assert cells["verdict"] == "consistent"
    assert cells["standard_range_low_km"] <= cells["standard_range_central_km"] <= cells["standard_range_high_km"]
    assert cells["refusal"] is None


def test_a_refused_row_keeps_what_was_written_and_says_why() -> None:
    cells = table_row(RowResult(replace(ROW, numbers={"apogee": 5e4}), None, "unreadable", "range_km: missing"))
    assert tuple(cells) == TABLE_COLUMNS
    assert (cells["verdict"], cells["refusal"], cells["reason"]) == ("refused", "unreadable", "range_km: missing")
    assert (cells["apogee_km"], cells["range_km"], cells["time_low_s"]) == (50.0, None, None)
