"""A force against batteries that reach what the test says, by hand and by SciPy's distributions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr
from made_balance import CATALOG, balance, battery, exact, force
from scipy import stats

from equipoise.analysis.arc_engagement import BOUNDS, LIMITS, ArcEngagements
from equipoise.analysis.balance import BalanceResults
from equipoise.analysis.balance_setting import EngagedBattery
from equipoise.analysis.balance_summary import balance_summary, scenarios
from equipoise.errors import InputError
from equipoise.study.network_model import EngagePlacement

# Sums and products of a few terms.
ROUNDING = 1e-9

SURE = {"warheads": 1000.0, "raised_alert": 1.0, "reliability": 1.0}
WORKS = {"reliability": 1.0, "track_probability": 1.0, "shots_per_opportunity": 4.0}


@pytest.fixture(scope="module")
def blair() -> BalanceResults:
    """Forty-four interceptors of a chance of a quarter against a thousand warheads."""
    return balance([battery("gmd", "gmd", [1, 1], kill_probability=0.25, **WORKS)], forces=[force(**SURE)])


def test_blairs_eleven(blair: BalanceResults) -> None:
    """ "At most you could destroy 11 warheads, and Russia could throw 1,000 at us" (Blair, in sofrep-gmd)."""
    left = blair.penetrating("russia")
    assert (left.low, left.value, left.high) == pytest.approx((989.0, 989.0, 989.0), abs=ROUNDING)
    assert blair.change("russia", "gmd").value == pytest.approx(0.011)
    # A tenth of 110, one each; half of the eleven at which four are fired.
    assert blair.matters_up_to("russia", 0.1).value == pytest.approx(110.0, rel=1e-5)


def test_without_elements_all_that_arrive_penetrate(blair: BalanceResults) -> None:
    assert blair.penetrating("russia", ()).value == pytest.approx(1000.0)
    assert blair.stopped_share("russia", ()).value == pytest.approx(0.0, abs=ROUNDING)
    assert blair.matters_up_to("russia", 0.1, ()).high == 0.0


def test_the_arsenal_and_its_alert_are_what_is_asked() -> None:
    results = balance([battery("gmd", "gmd", [1], **WORKS)], forces=[force(**(SURE | {"reliability": 0.8}))])
    assert results.arriving("russia", arsenal_size=200, alert_rate=0.5).value == pytest.approx(80.0)
    assert results.penetrating("russia", (), 200, 0.5).value == pytest.approx(80.0)


def test_a_battery_that_may_fail_is_weighed() -> None:
    works = balance([battery("gmd", "gmd", [1], **WORKS)], forces=[force(**SURE)])
    half = balance([battery("gmd", "gmd", [1], **(WORKS | {"reliability": 0.5}))], forces=[force(**SURE)])
    stopped = 1000.0 - works.penetrating("russia").value
    assert 1000.0 - half.penetrating("russia").value == pytest.approx(0.5 * stopped, abs=ROUNDING)


def test_arcs_out_of_reach_keep_their_warheads() -> None:
    results = balance([battery("gmd", "gmd", [1, 0, 0, 0], kill_probability=1.0, **WORKS)], forces=[force(**SURE)])
    assert results.penetrating("russia", arsenal_size=8).value == pytest.approx(6.0)


def test_chance_is_the_binomial_of_missiles_and_shots() -> None:
    sure = SURE | {"reliability": 0.8, "warheads": 100.0}
    results = balance(
        [battery("gmd", "gmd", [1], kill_probability=0.5, **(WORKS | {"shots_per_opportunity": 1.0}))],
        forces=[force(**sure)],
    )
    # 100 fired, 80 arrive, 44 of them get a round each.
    through = 0.8 * (1.0 - 0.5 * 44.0 / 80.0)
    law = stats.binom(100, through)
    chance = results.chance("russia")
    assert (chance.fired, chance.p05, chance.p50, chance.p95) == (100, *law.ppf([0.05, 0.5, 0.95]))
    few = results.chance("russia", arsenal_size=3)
    assert few.none == pytest.approx((1.0 - 0.8 * 0.5) ** 3)
    assert results.penetrating("russia").value == pytest.approx(law.mean())


def test_knowledge_moves_the_band_and_chance_does_not() -> None:
    results = balance([battery("gmd", "gmd", [1])])
    band = results.penetrating("russia")
    assert band.low < band.value < band.high
    fixed = balance([battery("gmd", "gmd", [1], kill_probability=0.4, launchers=44.0, **WORKS)], forces=[force(**SURE)])
    assert fixed.penetrating("russia").low == fixed.penetrating("russia").high


def test_more_launchers_of_the_study_stop_more() -> None:
    made = battery("gmd", "gmd", [1], **WORKS)
    few = balance([made], forces=[force(**SURE)], launchers={"gmd": 4})
    assert 1000.0 - few.penetrating("russia").value == pytest.approx(4.0 * made.interceptor.kill_probability.value)


def test_without_a_sensor_the_battery_fires_as_its_variant_says() -> None:
    looks = np.zeros((2, 2, 3, 2), dtype=int)
    looks[:, 0] = 1
    looks[:, 1, :, 0] = 1
    gmd = battery("gmd", "gmd", looks, variants=("whole", "no-radar"), kill_probability=1.0, **WORKS)
    results = balance([gmd], {"gmd": ["gmd"], "radar": []}, variants={"radar": "no-radar"}, forces=[force(**SURE)])
    assert results.penetrating("russia", arsenal_size=4).value == pytest.approx(0.0, abs=ROUNDING)
    assert results.change("russia", "radar", arsenal_size=4).value == pytest.approx(0.5)
    assert results.penetrating("russia", ["radar"], 4).value == pytest.approx(4.0)


def test_rival_counts_are_drawn() -> None:
    results = balance([battery("gmd", "gmd", [0])], forces=[force(raised_alert=1.0, reliability=1.0)], draws=400)
    drawn = results.drawn.values["russia-strategic", "warheads"]
    counts = force().record.published
    assert drawn.min() < counts[-1].warheads.value < counts[0].warheads.low < drawn.max()
    assert results.arriving("russia").value == counts[0].warheads.value


def test_draws_do_not_depend_on_how_many_there_are() -> None:
    made = [battery("gmd", "gmd", [1])]
    few, many = balance(made, draws=20), balance(made, draws=40)
    for key, values in few.drawn.values.items():
        assert np.array_equal(values, many.drawn.values[key][:20])


def test_the_share_stopped_falls_with_the_arsenal_and_with_an_element_away() -> None:
    results = balance([battery("gmd", "gmd", [1, 1]), battery("ship", "aegis-ship-sm-3-iia", [0, 2])])
    sizes = (5, 20, 80, 320, 1280)
    shares = [results.stopped_share("russia", None, size).value for size in sizes]
    assert all(b <= a + ROUNDING for a, b in itertools.pairwise(shares))
    for size in sizes:
        assert results.penetrating("russia", ["gmd"], size).value >= results.penetrating("russia", None, size).value


def test_the_summary_says_all_and_is_plain() -> None:
    results = balance([battery("gmd", "gmd", [1, 1]), battery("ship", "aegis-ship-sm-3-iia", [0, 2])], sensitivity=8)
    assert [name for name, _ in scenarios(results)] == [
        "all", "without gmd", "without ship", "only gmd", "only ship", "none",
    ]  # fmt: skip
    summary = balance_summary(results)
    (one,) = summary["forces"]
    assert len(one["curve"]) == 6
    assert {row["battery"]: row["limits"][0]["can_fire_share"] for row in one["reach"]} == {"gmd": 1.0, "ship": 0.5}
    moving = {(row["owner"], row["quantity"]) for row in summary["sensitivity"]["factors"]}
    assert {("russia-strategic", "warheads"), ("gbi", "kill_probability"), ("study", "reach limits")} <= moving
    for point in one["curve"]:
        by_name = {row["elements"]: row for row in point["scenarios"]}
        assert by_name["none"]["penetrating"] == pytest.approx(point["arriving"])
        assert by_name["all"]["penetrating"] <= by_name["without gmd"]["penetrating"]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda results: results.penetrating("china"), "force: got china; allowed: russia"),
        (lambda results: results.change("russia", "thaad"), "element: got thaad; allowed: gmd"),
        (lambda results: results.penetrating("russia", ["thaad"]), "element: got thaad; allowed: gmd"),
        (lambda results: results.penetrating("russia", None, -1), "arsenal_size: got -1; allowed: 0 or more"),
        (lambda results: results.penetrating("russia", None, 10, 1.5), "alert_rate: got 1.5; allowed: 0 to 1"),
    ],
)
def test_what_is_not_there_is_refused(blair: BalanceResults, ask: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(blair)  # type: ignore[operator]


def test_a_force_that_is_not_ready_sends_nothing() -> None:
    results = balance([battery("gmd", "gmd", [1])], forces=[force(raised_alert=0.0)])
    assert results.arriving("russia").high == 0.0
    assert results.penetrating("russia").high == 0.0
    assert results.chance("russia").fired == 0
    assert results.chance("russia").none == 1.0
    assert exact(force().record, reliability=0.5).reliability.low == 0.5


def test_looks_are_laid_out_over_all_arcs_of_the_study() -> None:
    """A battery that is asked about the second and the first of three arcs has none at the third."""
    asked = np.arange(1 * 2 * 2 * 3 * 2).reshape(2, 3, 1, 2, 2)  # variant, bound, speed, limits, arc
    table = xr.Dataset(
        {"looks": (("variant", "bound", "speed", "limits", "arc"), asked)},
        coords={
            "variant": ["whole", "away"], "bound": list(BOUNDS), "limits": list(LIMITS), "arc": ["b", "a"],
            "burnout_speed_km_s": ("speed", [7.5]),
        },
    )  # fmt: skip
    gmd = CATALOG.battery("gmd")
    item = EngagePlacement(
        id="gmd", battery=gmd, launcher=CATALOG.launcher(gmd.launcher), interceptor=CATALOG.interceptor("gbi"),
        site=CATALOG.place("seongju"), fires_on=(), burnout_speeds_mps=(7500.0,), groups=(),
    )  # fmt: skip
    found = EngagedBattery.of(ArcEngagements(item, table), ["a", "b", "c"])
    assert found.looks.shape == (1, 2, 2, 3, 3)
    assert list(found.looks_at(0, 1, 2, [])) == [asked[0, 2, 0, 1, 1], asked[0, 2, 0, 1, 0], 0]
    assert list(found.looks_at(0, 0, 1, ["away"])) == [asked[1, 1, 0, 0, 1], asked[1, 1, 0, 0, 0], 0]
