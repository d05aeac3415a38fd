from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pymap3d
import pytest

from equipoise.analysis.network_results import Band, NetworkResults
from equipoise.analysis.network_run import combination, run_network
from equipoise.catalog import load_catalog
from equipoise.errors import UnreachableError
from equipoise.study import NetworkStudy, load_network_study
from equipoise.study.network_model import NetworkSpec

# The command network's delay of 10 s, from the catalogue.
LATENCY_S = 10.0


@pytest.fixture(scope="module")
def study() -> NetworkStudy:
    """Northeast Asia with four arcs of one missile, one battery on a coarse grid and three elements."""
    whole = load_network_study("northeast-asia")
    assert whole.network is not None
    korea, japan = (group for group in whole.groups if group.missile.id == "nodong")
    groups = (
        replace(korea, launch_areas=korea.launch_areas[:1], targets=korea.targets[:2]),
        replace(japan, launch_areas=(whole.example.launch_area,), targets=japan.targets[:2]),
    )
    battery = whole.network.shooters[0]
    nodong = next(threat for threat in battery.threats if threat.missile.id == "nodong")
    coarse = replace(
        battery,
        threats=(replace(nodong, launch_areas=nodong.launch_areas[:1]),),
        grid=replace(battery.grid, rows=5, columns=5),
    )
    network = replace(
        whole.network,
        shooters=(coarse,),
        elements=("seongju", "seongju-is-told", "warning"),
        links=tuple(link for link in whole.network.links if link.sink != "guam-battery"),
    )
    return replace(whole, groups=groups, network=network)


def spec(study: NetworkStudy) -> NetworkSpec:
    assert study.network is not None
    return study.network


@pytest.fixture(scope="module")
def results(study: NetworkStudy) -> NetworkResults:
    return run_network(study)


def test_a_band_runs_from_the_least_to_the_most() -> None:
    assert Band.of([3.0, 1.0, 2.0]) == Band(1.0, 1.0, 3.0)
    assert Band.of([1.0, 2.0, 3.0]) == Band(1.0, 2.0, 3.0)


def test_a_combination_leaves_out_the_other_elements(study: NetworkStudy) -> None:
    network = spec(study)
    assert combination(network, frozenset(network.elements)).away == frozenset()
    none = combination(network, frozenset())
    assert (none.cut, none.away) == ({"seongju-is-told"}, {"seongju", "warning"})
    some = combination(network, frozenset(["warning"]))
    assert (some.cut, some.away) == ({"seongju-is-told"}, {"seongju"})


def test_each_variant_has_metrics_by_heading_and_its_defended_land(results: NetworkResults) -> None:
    assert [one.variant.id for one in results.variants] == ["whole", "no-link", "no-seongju", "no-warning"]
    for one in results.variants:
        assert list(one.metrics) == ["", "South Korea", "Japan"]
        for metrics in one.metrics.values():
            assert 0.0 <= metrics["arcs_seen"].low <= metrics["arcs_seen"].high <= 1.0
            for band in metrics.values():
                assert 0.0 <= band.low <= band.value <= band.high
        (defended,) = one.defended
        assert (defended.shooter, defended.missile) == ("seongju-battery", "nodong")
        assert defended.defended_area_km2.high <= defended.land_km2
    assert results.variants[0].defended[0].defended_area_km2.value > 0.0
    assert results.variants[2].defended[0].defended_area_km2 == Band(0.0, 0.0, 0.0)  # without its own radar


def test_warning_ends_with_the_impact(results: NetworkResults) -> None:
    longest_s = max(case.flown.time_of_flight_s - case.flown.burnout.time_s for case in results.arcs.cases)
    for one in results.variants:
        assert one.metrics[""]["warning_s"].high <= longest_s - LATENCY_S


def test_shares_of_worth_add_up(results: NetworkResults) -> None:
    assert [(one.metric, one.shooter) for one in results.worth] == [
        ("warning_s", ""),
        ("tracked_s", ""),
        ("arcs_seen", ""),
        ("defended_area_km2", "seongju-battery"),
    ]
    whole = results.variants[0]
    for one in results.worth:
        assert [share.element for share in one.shares] == ["seongju", "seongju-is-told", "warning"]
        total = sum(share.shapley.value for share in one.shares)
        assert total == pytest.approx(one.whole.value - one.none.value, abs=1e-8)  # sums of areas in km2
        for share in one.shares:
            assert share.lost.value == pytest.approx(one.whole.value - share.without.value, abs=1e-9)
        expected = (
            whole.defended[0].defended_area_km2 if one.metric == "defended_area_km2" else whole.metrics[""][one.metric]
        )
        assert one.whole == expected
    # The elements that are no part of a variant are away there too: "no-seongju" is the whole without the radar.
    lost = next(one for one in results.worth if one.metric == "tracked_s").shares[0]
    assert lost.without == results.variants[2].metrics[""]["tracked_s"]
    area = results.worth[-1]
    assert area.shares[0].without == Band(0.0, 0.0, 0.0)


def test_without_a_network_tracks_count_at_once(study: NetworkStudy, results: NetworkResults) -> None:
    loose = run_network(replace(study, network=None))
    (only,) = loose.variants
    assert only.defended == ()
    assert loose.worth == ()
    assert loose.example.warning_s is None
    # The first track is there at the end of thrust, joined or not: it lacks the delay to the command network alone.
    gained_s = only.metrics[""]["warning_s"].value - results.variants[0].metrics[""]["warning_s"].value
    assert gained_s == pytest.approx(LATENCY_S, abs=1e-6)
    assert {row.cued_by for row in loose.example.rows} == {None}


def test_the_example_is_the_same_as_in_the_outcome(study: NetworkStudy, results: NetworkResults) -> None:
    example = results.example
    index = results.arcs.index_of(study.example)
    assert example.case is results.arcs.cases[index]
    assert example.case.id == "nodong/tonghae/osaka"
    assert [row.sensor for row in example.rows] == [sensor.id for sensor in study.sensors]
    for k, row in enumerate(example.rows):
        firm_s = results.outcome.firm_s[k, index]
        assert row.firm_s == (firm_s if math.isfinite(firm_s) else None)
        if row.cued_by is not None:
            assert row.firm_s is not None
            assert row.firm_alone_s is None or row.firm_s < row.firm_alone_s
        else:
            assert row.firm_s == row.firm_alone_s
        in_view_s = float(results.views.in_view_s.values[index, k])
        assert sum(one.in_view_s for one in row.seen) == pytest.approx(in_view_s, abs=1e-6)  # single sectors
    assert any(row.cued_by is not None for row in example.rows)
    # A minute after launch in the catalogue.
    assert example.warning_s == 60.0


def test_the_predicted_point_is_where_the_missile_comes_back_into_the_air(results: NetworkResults) -> None:
    example = results.example
    flown = example.case.flown
    *_, height_m = pymap3d.ecef2geodetic(*flown.at(example.intercept_time_s)[0])
    assert height_m == pytest.approx(100e3, abs=1.0)
    assert example.intercept_time_s > flown.apogee_time_s


def test_joined_looks_know_the_predicted_point_no_worse_than_each(results: NetworkResults) -> None:
    example = results.example
    assert example.joined is not None
    assert example.joined.intercept_sd_m is not None
    bounds = [row.bound for row in example.rows if row.bound is not None]
    assert len(bounds) >= 2
    for bound in bounds:
        assert bound.intercept_sd_m is not None
        # A bound with more looks is no larger; up to its own arithmetic.
        assert example.joined.intercept_sd_m[-1] <= bound.intercept_sd_m[-1] * (1.0 + 1e-6)
    # Only radars whose hardware is known say how well they measure.
    assert {row.sensor for row in example.rows if row.bound is not None} <= {
        "seongju",
        "shariki",
        "kyogamisaki",
        "guam",
    }


def test_the_focus_is_shown_with_each_of_its_ranges(study: NetworkStudy, results: NetworkResults) -> None:
    published = [one.name for one in study.sensor("seongju").radar.ranges]
    assert results.alternatives.alternative.values.tolist() == published
    more = results.alternatives.in_view_s.values
    # The record lists them from the shortest to the longest, all for one cross-section: none sees for less time.
    assert (np.diff(more, axis=1) >= -0.02).all()
    for dataset in (results.coverage, results.cut):
        assert set(published) <= {str(name) for name in dataset["radar_range"].values}


def test_progress_is_told_in_shares(study: NetworkStudy) -> None:
    said: list[tuple[str, float]] = []
    few = replace(study, network=replace(spec(study), shooters=(), elements=()))
    run_network(few, lambda words, share: said.append((words, share)))
    assert {words.split()[0] for words, _ in said} >= {"flying", "looking", "joining", "covering"}
    assert all(0.0 <= share <= 1.0 for _, share in said)


def test_arcs_out_of_reach_are_named(study: NetworkStudy) -> None:
    scud = load_catalog().missile("scud-b")
    near = replace(study.groups[0], missile=scud, targets=(load_catalog().place("osaka"),))
    with pytest.raises(UnreachableError, match=r"study northeast-asia, arcs\[1\]: no target is in reach; ") as caught:
        run_network(replace(study, groups=(study.groups[1], near)))
    assert "\n" not in str(caught.value)
    # Osaka is out of a Scud-B's reach, but some of its targets are in reach: the example is refused.
    both = replace(near, targets=(load_catalog().place("seoul"), load_catalog().place("osaka")))
    example = replace(study.example, missile=scud, launch_area=both.launch_areas[0])
    with pytest.raises(UnreachableError, match="example: scud-b does not reach osaka from sunan; allowed: an arc in"):
        run_network(replace(study, groups=(*study.groups, both), example=example))
