"""The layers beside THAAD: what their records say, held against what they are derived from."""

from __future__ import annotations

import pytest
from scipy.stats import beta

from equipoise.catalog import load_catalog
from equipoise.catalog.records import InterceptorRecord

CATALOG = load_catalog()
# Hits and tests that the notes count: of the value, and of the Laplace estimate at the high end.
TESTS = {
    "pac-3-mse": ((14, 20), (3, 3)),
    "l-sam": ((2, 2), (2, 2)),
    "sm-3-ib": ((7, 8), (7, 8)),
    "sm-3-iia": ((5, 7), (5, 7)),
    "gbi": ((11, 19), (11, 19)),
    "thaad": ((16, 16), (16, 16)),
}


def test_every_interceptor_counts_its_tests() -> None:
    assert set(TESTS) == set(CATALOG.ids("interceptor"))


@pytest.mark.parametrize("id", TESTS)
def test_kill_probabilities_are_those_of_the_tests_that_are_counted(id: str) -> None:
    (hits, tests), (last_hits, last_tests) = TESTS[id]
    band = CATALOG.interceptor(id).kill_probability
    # One-sided 95 % lower bound after Clopper and Pearson, as SciPy's beta distribution has it; to the digits given.
    assert band.value == pytest.approx(beta.ppf(0.05, hits, tests - hits + 1), abs=0.0006)
    assert band.high == pytest.approx((last_hits + 1) / (last_tests + 2), abs=0.0006)
    assert 0.0 < band.low < band.value < band.high < 1.0
    assert band.grade == "derived"


@pytest.mark.parametrize(
    ("id", "rounds", "source"),
    [
        ("thaad-battery", 48, "JoongAng Ilbo 2016"),
        ("gmd", 44, "CSIS 2017"),
        ("aegis-ashore-sm-3-ib", 24, "Altair on Deveselu"),
        ("aegis-ashore-sm-3-iia", 24, "Altair on Redzikowo"),
    ],
)
def test_rounds_are_the_published_ones(id: str, rounds: int, source: str) -> None:
    battery = CATALOG.battery(id)
    assert battery.launchers.value * CATALOG.launcher(battery.launcher).rounds.value == rounds, source


def test_only_ground_based_midcourse_defence_has_no_radar_of_its_own() -> None:
    assert [id for id in CATALOG.ids("battery") if CATALOG.battery(id).radar is None] == ["gmd"]


@pytest.mark.parametrize("id", CATALOG.ids("battery"))
def test_every_battery_says_what_binds_it_in_a_raid(id: str) -> None:
    battery = CATALOG.battery(id)
    for name in ("launcher_spacing_s", "track_capacity", "guidance_channels", "reliability", "track_probability"):
        assert getattr(battery, name) is not None or (id, name) == ("gmd", "launcher_spacing_s"), name
    # A silo holds one round, so nothing is between two of them; ships and silos do not reload in a raid.
    assert (battery.reload_time_s is None) == (id == "gmd" or id.startswith("aegis-ship"))


def test_costs_order_as_reach_does() -> None:
    def reach_m(record: InterceptorRecord) -> float:
        return record.max_range_m.value

    order = [one.id for one in sorted(map(CATALOG.interceptor, ("pac-3-mse", "thaad", "sm-3-ib", "gbi")), key=reach_m)]
    costs = [CATALOG.interceptor(id).unit_cost_usd.value for id in order]
    assert order == ["pac-3-mse", "thaad", "sm-3-ib", "gbi"]
    assert costs == sorted(costs)


def test_stocks_are_those_of_the_press() -> None:
    stocks = {id: CATALOG.missile(id).inventory for id in CATALOG.ids("missile")}
    given = {id: stock.value for id, stock in stocks.items() if stock is not None}
    # Chosun Ilbo, 20 July 2016: some 600 Scuds of all types and 200 Nodongs.
    assert given == {"scud-c": 600.0, "nodong": 200.0}
