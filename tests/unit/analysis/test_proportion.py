from __future__ import annotations

from dataclasses import replace

import numpy as np
import pymap3d
import pytest

from equipoise.analysis.footprint import fly_fans
from equipoise.analysis.proportion import ProportionResults, _radar_needed_m, proportion
from equipoise.analysis.proportion_summary import proportion_summary
from equipoise.catalog.quantity import Sourced
from equipoise.errors import InputError
from equipoise.physics.fan import arcs_onto
from equipoise.study import Study, load_study

# The slant range between two whole seconds is a straight line here and bends by less than this there. [m]
BETWEEN_SECONDS_M = 50.0
# The arc's nodes are joined by cubics, and pymap3d stands on the same ellipsoid: rounding to a metre. [m]
SLANT_M = 1.0


@pytest.fixture(scope="module")
def study() -> Study:
    whole = load_study("north-korean-classes")
    threats = tuple(
        replace(threat, launch_areas=threat.launch_areas[:1])
        for threat in whole.threats
        if threat.missile.id in ("scud-b", "nodong", "musudan")
    )
    return replace(whole, threats=threats)


@pytest.fixture(scope="module")
def results(study: Study) -> ProportionResults:
    return proportion(study)


def test_the_radar_must_see_a_missile_when_the_last_launch_needs_it() -> None:
    # A missile that comes straight at the radar at 1 km/s from 1,000 km away; every second a launch may be made, the
    # last 400 s after its own. A wait of 30 s puts first sight at 370 s, 630 km away.
    slant_m = np.array([1000e3 - 1e3 * np.arange(900.0)])
    launches_s = np.array([[100.0, 300.0, 400.0, -np.inf]])
    needed_m = _radar_needed_m(launches_s, slant_m, np.array([60.0]), 30.0)
    assert needed_m[0] == pytest.approx(630e3, abs=BETWEEN_SECONDS_M)
    # Thrust until 380 s: a launch at 400 s would need a track at 370 s, 10 s before anybody may commit, but the wait
    # begins at the earliest when thrust ends less the wait itself.
    assert np.isfinite(_radar_needed_m(launches_s, slant_m, np.array([380.0]), 30.0))[0]
    assert np.isinf(_radar_needed_m(launches_s, slant_m, np.array([450.0]), 30.0))[0]
    assert np.isinf(_radar_needed_m(np.full((1, 4), -np.inf), slant_m, np.array([60.0]), 30.0))[0]


def test_a_longer_wait_asks_for_more_range(study: Study, results: ProportionResults) -> None:
    battery = study.defence.battery
    slow = battery.model_copy(update={"commit_delay_s": replace(battery.commit_delay_s, value=60.0)})
    later = proportion(replace(study, defence=replace(study.defence, battery=slow)))
    for before, after in zip(results.classes, later.classes, strict=True):
        assert after.radar_needed_m.most >= before.radar_needed_m.most
        assert after.within_limits <= before.within_limits


def test_slant_ranges_are_those_of_another_geodesy(study: Study, results: ProportionResults) -> None:
    site, places = study.defence.site, study.places
    points = (np.array([place.lat_rad for place in places]), np.array([place.lon_rad for place in places]))
    nodong = next(i for i, threat in enumerate(study.threats) if threat.missile.id == "nodong")
    case = next(case for case in fly_fans(study, points) if case.threat == nodong)
    arcs, times_s = arcs_onto(case.fan)
    reached = np.isfinite(times_s[:, 0])
    first = arcs[reached][:, 0, :3]
    lat, lon, height = np.degrees(site.lat_rad), np.degrees(site.lon_rad), 0.0
    ranges = [pymap3d.ecef2aer(*node, lat, lon, height)[2] for node in first]
    assert results.classes[nodong].from_launch_m.most == pytest.approx(max(ranges), abs=SLANT_M)
    assert results.classes[nodong].arcs == int(reached.sum())


def test_what_flies_high_is_farthest_away_long_after_its_thrust(results: ProportionResults) -> None:
    # A radar on the ground is no nearer to a missile at its apogee than the apogee is high.
    for needs in results.classes:
        assert needs.farthest_coasting_m.most >= needs.apogee_m.most
        assert needs.farthest_coasting_m.most >= needs.radar_needed_m.most


def test_a_slower_interceptor_with_longer_delays_asks_for_more(results: ProportionResults) -> None:
    for needs in results.classes:
        assert needs.radar_needed_low_m.most <= needs.radar_needed_m.most <= needs.radar_needed_high_m.most


def test_ranges_go_with_the_fourth_root_of_the_cross_section(results: ProportionResults) -> None:
    for needs in results.classes:
        rcs_m2: Sourced = needs.threat.rcs_m2
        for one in needs.ranges:
            stated_m, reference_m2 = one.range.range_m.value, one.range.reference_rcs_m2.value
            assert (one.value_m / stated_m) ** 4 == pytest.approx(rcs_m2.value / reference_m2)
            assert one.low_m <= one.value_m <= one.high_m


def test_the_magazine_is_the_published_one(results: ProportionResults) -> None:
    assert results.rounds == 48  # JoongAng Daily, 19 July 2016
    summary = proportion_summary(results)
    assert summary["magazine"] == {"rounds": 48, "shots_at_each": 2, "missiles_at_that_rate": 24}
    inventories = {row["missile"]: row for row in summary["inventories"]}
    # Chosun Ilbo, 20 July 2016: around 200 Nodong.
    assert inventories["nodong"]["missiles"] == 200
    assert inventories["nodong"]["rounds_for_each_missile"] == pytest.approx(48 / 200)
    assert summary["most_demanding"] == "musudan"


def test_a_study_without_places_or_that_nobody_can_meet_is_refused(study: Study) -> None:
    with pytest.raises(InputError, match="places: none; allowed: at least one"):
        proportion(replace(study, places=()))
    scud = tuple(threat for threat in study.threats if threat.missile.id == "scud-b")
    interceptor = study.defence.interceptor
    # It rises to 88 km; an interceptor that works above 140 km alone never meets it.
    high = interceptor.model_copy(update={"min_altitude_m": replace(interceptor.min_altitude_m, value=140e3)})
    with pytest.raises(InputError, match="threats: none can be met within the limits of thaad"):
        proportion(replace(study, threats=scud, defence=replace(study.defence, interceptor=high)))
