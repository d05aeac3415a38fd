"""Every published result that ``equipoise validate`` lists: which are met, which are missed, and which were tuned.

The comparisons, with their sources, tolerances and reasons, are in ``equipoise.analysis.validation``. The misses are
named here, so that a result that starts to agree is seen as well as one that stops.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

import pytest

from equipoise.analysis.validation import (
    AUTHORITIES,
    Comparison,
    count,
    forden_2007,
    grouped,
    radar_ranges,
    standard_atmosphere,
    validate,
)
from equipoise.catalog import load_catalog

MISSED = {
    ("reported-flight-times", "KN-23, 50 km over 270 km, 2019-05-09"),
    ("reported-flight-times", "Hwasong-12 (failed), 189 km over 60 km, 2017-04-05"),
    ("standard-ranges", "Hwasong-15, 13,000 km"),
    ("reported-apogees", "Hwasong-17, 1000 km, 2022-11-18"),
    ("reported-apogees", "Hwasong-18, 1001 km, 2023-07-12"),
    ("reported-apogees", "Hwasong-19, 1001 km, 2024-10-30"),
    ("forden-2007", "No-dong, pitch at 1 deg/s, turning Earth"),
    ("forden-2007", "No-dong, pitch at 1 deg/s, still Earth"),
    ("radar-ranges", "AN/TPY-2, National Academies 2012, figure 5-8: range equation"),
    ("radiation", "Seongju, 2017-08-12, 100 m, six minutes"),
    ("radiation", "Seongju, 2017-08-12, 700 m, six minutes"),
    ("shots-and-layers", "four interceptors of 56 % at one warhead"),
}
TUNED = {
    ("radar-ranges", "AN/TPY-2, Lewis and Postol 2012: range equation"),
    ("radar-ranges", "AN/TPY-2, Lewis and Postol 2012: named range"),
    ("radar-ranges", "AN/TPY-2, National Academies 2012, figure 5-8: named range"),
}
FEWEST = {
    "forden-2007": 16,
    "reported-flight-times": 15,
    "standard-ranges": 4,
    "reported-apogees": 14,
    "catalogue-ranges": 28,
    "radar-ranges": 4,
    "radiation": 5,
    "shots-and-layers": 3,
    "us-standard-atmosphere-1976": 46,
    "least-energy": 30,
    "range-equation": 8,
    "four-thirds-earth": 32,
    "wilkening-1999": 27,
}


@cache
def computed(id: str) -> tuple[Comparison, ...]:
    return tuple(next(authority for authority in AUTHORITIES if authority.id == id).compare())


def cases(comparisons: Iterable[Comparison], verdict: str) -> set[tuple[str, str]]:
    return {(each.authority, each.case) for each in comparisons if each.verdict == verdict}


@pytest.mark.parametrize("id", [authority.id for authority in AUTHORITIES])
def test_the_misses_are_the_known_ones(id: str) -> None:
    found = computed(id)
    for each in found:
        print(f"{each.case}, {each.quantity}: {each.ours:.6g} {each.unit}, {each.difference:+.3g}, {each.verdict}")
    assert cases(found, "missed") == {case for case in MISSED if case[0] == id}


@pytest.mark.parametrize("id", [authority.id for authority in AUTHORITIES])
def test_no_row_is_left_out(id: str) -> None:
    assert len(computed(id)) >= FEWEST.get(id, 1)
    rows = [(each.case, each.quantity) for each in computed(id)]
    assert len(rows) == len(set(rows))


def test_what_was_tuned_says_so() -> None:
    catalog = load_catalog()
    ballistic = {catalog.missile(id) for id in catalog.ids("missile") if catalog.missile(id).ballistic}
    by_the_record = {("catalogue-ranges", record.name) for record in ballistic if record.tuning}
    assert {name for _, name in by_the_record} >= {"Scud-B", "Scud-C", "Scud-ER", "Nodong", "Musudan", "Hwasong-12"}
    everything = [each for authority in AUTHORITIES for each in computed(authority.id)]
    assert cases(everything, "tuned") == TUNED | by_the_record


def test_each_comparison_names_a_source_a_reason_and_a_finite_result() -> None:
    sources = load_catalog().sources
    for authority in AUTHORITIES:
        for each in computed(authority.id):
            assert each.authority == authority.id
            assert each.source in sources
            assert len(each.tolerance.reason) > 10
            assert each.unit
            assert math.isfinite(each.ours)


def test_validate_runs_them_all_in_order_and_reports_progress() -> None:
    told: list[tuple[str, float]] = []
    found = validate(lambda words, share: told.append((words, share)))
    assert [authority for authority, _ in grouped(found)] == list(AUTHORITIES)
    assert [words for words, _ in told] == [authority.title for authority in AUTHORITIES]
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert sum(count(found).values()) == len(found)
    assert count(found)["missed"] == len(MISSED)


# A wrong model is a miss.


def test_air_that_is_one_per_cent_too_thick_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = standard_atmosphere.air
    monkeypatch.setattr(
        standard_atmosphere, "air", lambda altitude_m: (1.01 * right(altitude_m)[0], *right(altitude_m)[1:])
    )
    found = {each.quantity: each.verdict for each in standard_atmosphere.compare()}
    assert found == {"density": "missed", "pressure": "met", "speed of sound": "met"}


def test_a_payload_that_counts_twice_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = forden_2007.missile_of
    monkeypatch.setattr(forden_2007, "PITCH_RATES_DEG_S", (2.0,))
    monkeypatch.setattr(
        forden_2007,
        "missile_of",
        lambda row, rate: right({**row, "launch_mass_kg": str(float(row["launch_mass_kg"]) + 1e3)}, rate),
    )
    assert {each.verdict for each in forden_2007.compare()} == {"missed"}


def test_a_tuned_number_that_no_longer_holds_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = radar_ranges.Radar.from_record
    monkeypatch.setattr(
        radar_ranges.Radar,
        "from_record",
        lambda record, name: right(record, name).with_range(0.9 * right(record, name).reference_range_m),
    )
    assert {each.verdict for each in radar_ranges.compare()} == {"missed"}
