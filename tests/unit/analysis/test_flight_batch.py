from __future__ import annotations

from dataclasses import replace

import pytest

from equipoise.analysis import flight_batch
from equipoise.analysis.flight_batch import RowResult, class_called, flight_tests
from equipoise.catalog import load_catalog
from equipoise.physics import Site
from equipoise.study.launch_table import LaunchRow

KOREA = Site.of_degrees(39.0, 125.7)
GOOD = LaunchRow(2, "2017-05-14", "hwasong-12", "success", {"apogee": 2111.5e3, "range": 787e3, "time": 1800.0})


def assessed(*rows: LaunchRow, draws: int = 0) -> list[RowResult]:
    return list(flight_tests(rows, default_launch=KOREA, draws=draws))


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"problem": "apogee_km: missing"}, "unreadable", "apogee_km: missing"),
        ({"outcome": "failure"}, "not a flight test", "outcome: failure; allowed: a launch that flew as meant"),
        ({"outcome": "Failed"}, "not a flight test", "outcome: Failed"),
        ({"numbers": {"apogee": -1e3, "range": 5e5}}, "impossible", "apogee: got -1 km"),
        ({"numbers": {"apogee": 4e8, "range": 5e5}}, "impossible", "apogee: got 400000 km"),
        ({"numbers": {"apogee": 1e6, "range": 3e7}}, "impossible", "range: got 30000 km"),
        ({"numbers": {**GOOD.numbers, "time": 60.0}}, "time", "time: got 60 s"),
        ({"numbers": {**GOOD.numbers, "lat": 1.55, "lon": 0.0}}, "impossible", "from: got latitude"),
        (
            {"missile": "", "numbers": {"apogee": 50e3, "range": 600e3}},
            "quasi-ballistic",
            "apogee: got 50 km over 600 km",
        ),
        ({"missile": "KN-23"}, "quasi-ballistic", "missile kn-23"),
        ({"missile": "scud-b"}, "no boost", "makes scud-b fly this"),
    ],
)
def test_a_row_that_is_refused_says_why_and_stops_no_other(
    changes: dict[str, object], refusal: str, words: str
) -> None:
    before, bad, after = assessed(GOOD, replace(GOOD, line=3, **changes), replace(GOOD, line=4))
    assert bad.test is None
    assert bad.refusal == refusal
    assert words in bad.reason
    for good in (before, after):
        assert good.test is not None
        assert good.refusal is None
    assert [one.row.line for one in (before, bad, after)] == [2, 3, 4]


def test_rows_come_one_by_one_and_salvos_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    real = flight_batch.flight_test

    def counted(report, **options):  # type: ignore[no-untyped-def]
        seen.append(report.apogee_m)
        return real(report, **options)

    monkeypatch.setattr(flight_batch, "flight_test", counted)
    other = replace(GOOD, line=5, numbers={"apogee": 2000e3, "range": 800e3})
    results = flight_tests([GOOD, replace(GOOD, line=3, label="again"), other], default_launch=KOREA, draws=0)
    first = next(results)
    assert seen == [2111.5e3]
    second = next(results)
    assert seen == [2111.5e3]
    assert second.test is first.test
    assert second.row.label == "again"
    next(results)
    assert seen == [2111.5e3, 2000e3]


def test_place_and_direction_of_a_row_are_used() -> None:
    placed = replace(GOOD, numbers={**GOOD.numbers, "lat": 0.7, "lon": 2.18, "azimuth": 1.4})
    here, there = assessed(GOOD, placed)
    assert here.test is not None
    assert there.test is not None
    assert here.test.report.launch == KOREA
    assert here.test.report.launch_assumed
    assert there.test.report.launch == Site(0.7, 2.18)
    assert not there.test.report.launch_assumed
    assert there.test.calibrated.turning


@pytest.mark.parametrize("name", ["hwasong-12", "Hwasong 12", "HWASONG12", "KN-17", "kn17"])
def test_a_class_is_known_by_id_name_and_alias(name: str) -> None:
    found = class_called(name, load_catalog())
    assert found is not None
    assert found.id == "hwasong-12"


@pytest.mark.parametrize("name", ["", "-", "unknown", "hwasong-1", "scud"])
def test_what_is_no_class_is_none(name: str) -> None:
    assert class_called(name, load_catalog()) is None
