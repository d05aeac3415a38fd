"""A whole network study: what it comes to, and that it hangs together."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from equipoise.analysis import NetworkResults, network_summary, run_network
from equipoise.analysis.network_results import Band
from equipoise.analysis.network_run import combination
from equipoise.errors import UnreachableError
from equipoise.study import load_network_study


@pytest.fixture(scope="module")
def china() -> NetworkResults:
    return run_network(load_network_study("china-view"))


@pytest.fixture(scope="module")
def russia() -> NetworkResults:
    return run_network(load_network_study("russia-view"))


def test_a_band_holds_its_middle_and_both_ends() -> None:
    assert Band.of([3.0, 2.0, 5.0]) == Band(2.0, 2.0, 5.0)
    assert Band.of([1.0, 2.0, 0.0]) == Band(0.0, 2.0, 2.0)


def test_further_ranges_see_no_less_of_chinas_arcs(china: NetworkResults) -> None:
    # The same radar, mode, direction and floor; only the published range grows.
    ways = ["forward-870", "forward-1500", "forward-2000", "forward-3000"]
    in_view_s = china.alternatives["in_view_s"].sel(alternative=ways).values
    assert np.all(np.diff(in_view_s, axis=1) >= -0.05)  # ends of stretches are good to 10 ms


def test_an_alternative_as_the_sensor_stands_sees_what_the_sensor_sees(china: NetworkResults) -> None:
    # "terminal-870" is the study's own placement.
    own = china.views.sel(sensor="seongju")
    way = china.alternatives.sel(alternative="terminal-870")
    np.testing.assert_array_equal(own["in_view_s"].values, way["in_view_s"].values)
    np.testing.assert_array_equal(own["binding"].values, way["binding"].values)


def test_a_track_that_no_look_determines_is_none(russia: NetworkResults) -> None:
    # None of the radars whose accuracy is known ever has the example in view.
    assert russia.example.joined is None
    assert all(row.bound is None for row in russia.example.rows)


def test_looks_of_the_bound_are_while_the_sensor_has_the_arc_in_view(china: NetworkResults) -> None:
    row = next(row for row in china.example.rows if row.sensor == "seongju")
    assert row.bound is not None
    own = china.views.sel(sensor="seongju", arc=china.example.case.id)
    looked_s = row.bound.time_s[np.flatnonzero(np.diff(row.bound.looks, prepend=0))]
    # One look a second; the ends of the view are good to 10 ms.
    assert float(own["first_view_s"]) - 0.02 <= looked_s[0] <= float(own["first_view_s"]) + 1.02
    assert float(own["lost_s"]) - 1.02 <= looked_s[-1] <= float(own["lost_s"]) + 0.02


def test_without_a_network_every_track_counts_at_once(china: NetworkResults) -> None:
    assert [one.variant.id for one in china.variants] == ["whole"]
    assert china.worth == ()
    assert set(china.outcome.cued_by.ravel()) <= {-1, -2}


def test_shares_sum_to_the_whole_less_nothing(russia: NetworkResults) -> None:
    for one in russia.worth:
        total = sum(share.shapley.value for share in one.shares)
        assert total == pytest.approx(one.whole.value - one.none.value, abs=1e-9)  # rounding of sums of 256 terms
        for share in one.shares:
            assert share.lost.value == pytest.approx(one.whole.value - share.without.value, abs=1e-9)


def test_the_seongju_radar_is_worth_nothing_where_it_sees_nothing(russia: NetworkResults) -> None:
    for one in russia.worth:
        own = next(share for share in one.shares if share.element == "seongju")
        assert own.shapley == own.lost == Band(0.0, 0.0, 0.0)


def test_a_combination_takes_away_what_is_not_chosen() -> None:
    spec = load_network_study("northeast-asia").network
    assert spec is not None
    made = combination(spec, frozenset(spec.elements) - {"seongju", "warning"})
    assert (made.cut, made.away) == (frozenset(), {"seongju", "warning"})


def test_the_summary_is_plain_json_with_units(russia: NetworkResults) -> None:
    summary = network_summary(russia)
    text = json.dumps(summary, allow_nan=False)
    assert json.loads(text) == summary
    assert summary["alternatives"][0]["never_seen_because"] == {"horizon": 42}
    whole = summary["variants"][0]["groups"][0]
    assert {"warning_s", "warning_low_s", "warning_high_s", "tracked_s", "arcs_seen"} <= set(whole)
    assert whole["warning_low_s"] <= whole["warning_s"] <= whole["warning_high_s"]
    arc = summary["arcs"][0]
    assert arc["range_km"] > 7000.0
    assert {sensor["sensor"] for sensor in arc["sensors"]} == {sensor.id for sensor in russia.study.sensors}
    never = next(sensor for sensor in arc["sensors"] if sensor["sensor"] == "seongju")
    assert never["binding_constraint"] == "horizon"
    assert never["firm_track_s"] is None


def test_the_intercept_is_predicted_for_100_km_on_the_way_down(russia: NetworkResults) -> None:
    flown = russia.example.case.flown
    when_s = russia.example.intercept_time_s
    r_ecef_m, v_ecef_mps = flown.at(when_s)
    assert when_s > flown.apogee_time_s
    # 100 km above an ellipsoid whose radius lies between 6,357 and 6,378 km.
    assert 6_357e3 + 100e3 - 100.0 < math.hypot(*r_ecef_m) < 6_378.2e3 + 100e3 + 100.0
    assert float(r_ecef_m @ v_ecef_mps) < 0.0


def test_an_example_out_of_reach_is_refused() -> None:
    from dataclasses import replace

    study = load_network_study("china-view")
    catalog = study.catalog
    far = replace(study.example, target=catalog.place("washington"), launch_area=catalog.launch_area("delingha"))
    with pytest.raises(UnreachableError, match=r"^example: df-31a does not reach washington from delingha"):
        run_network(replace(study, example=far))
