"""When a battery can fire: the window is that of the footprint's engagement, and each launch in it meets the arc."""

from __future__ import annotations

import math
from dataclasses import replace

import brute_force
import numpy as np
import pytest
from engagement_cases import ARCS, NORTH, RADARS, RCS_M2, SITE, arc, engage
from scipy.interpolate import RegularGridInterpolator

from equipoise.catalog import load_catalog
from equipoise.defence import Battery
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.firing import STEPS, FiringWindow, Guide, firing_window
from equipoise.physics import Site, Trajectory
from equipoise.physics.fan import trajectory_arc
from equipoise.sensors.radar import Radar
from equipoise.study.file import TrackUntil

CATALOG = load_catalog()
AS_IT_IS = Radar.from_record(CATALOG.radar("an-tpy-2"), "lewis-postol-870")
SHORT_SIGHTED = replace(AS_IT_IS, reference_range_m=250e3)
BATTERY = Battery.from_records(CATALOG.battery("thaad-battery"), CATALOG.interceptor("thaad"))
ELSEWHERE = Site.of_degrees(37.3, 127.8)
# A radar on the south coast that looks out to sea.
BLIND_SITE, SOUTH = Site.of_degrees(34.6, 127.7), math.radians(180.0)
# The engagement is interpolated from 65 nodes of free flight, the window from 257 moments; brute force has its moments
# every 0.02 s, on the trajectory itself.
TIME_TOLERANCE_S = 0.1
# Moments between brute force's, and rounding.
CLOSE_S = 1e-6
cases = pytest.mark.parametrize("which", ARCS, ids=lambda a: f"{a[0]}-{a[2][0]}-{a[3]}")


def guide(radar: Radar = AS_IT_IS, site: Site = SITE, boresight_rad: float = NORTH, latency_s: float = 0.0) -> Guide:
    return Guide.of(radar, site, boresight_rad, RCS_M2, latency_s=latency_s)


def ends(flown: Trajectory) -> tuple[float, float]:
    return flown.burnout.time_s, flown.time_of_flight_s


def window(flown: Trajectory, own: Guide | None, *others: Guide, track_until: TrackUntil = "intercept") -> FiringWindow:
    return firing_window(trajectory_arc(flown), *ends(flown), BATTERY, SITE, own, others, track_until)


def firm_s(flown: Trajectory, by: Guide) -> float:
    return by.firm_s(trajectory_arc(flown), *ends(flown))


def latest_launches_s(flown: Trajectory, times_s: np.ndarray) -> np.ndarray:
    """Return the launch that meets the trajectory at each moment: worked out from the reach table alone."""
    position, _ = flown.at(times_s)
    ground_m = brute_force.MEAN_RADIUS_M * brute_force.central_angle(position, brute_force.position(SITE))
    reach = BATTERY.reach
    table = RegularGridInterpolator(
        [np.arange(n) * reach.step_m for n in reach.table.shape], np.nan_to_num(reach.table, posinf=1e9)
    )
    return np.asarray(times_s - table(np.column_stack([ground_m, brute_force.height(position)])))


@pytest.mark.parametrize("until", ["intercept", "launch"])
@pytest.mark.parametrize(("name", "change"), RADARS)
@cases
def test_the_window_is_that_of_the_footprints_engagement(
    which: tuple, name: str, change: dict, until: TrackUntil
) -> None:
    radar = replace(AS_IT_IS, **change)
    flown = arc(*which)
    found = window(flown, guide(radar), track_until=until)
    row = engage(flown, radar, BATTERY, track_until=until).row
    assert found.margin_s == row[ek.E_MARGIN]
    assert found.constraint == row[ek.E_CONSTRAINT]
    np.testing.assert_equal(found.detection_s, row[ek.E_DETECTION])
    assert found.can_fire == (row[ek.E_SHOTS] > 0.0)
    assert found.intercept_s.shape == (STEPS,)
    if not found.can_fire:
        assert math.isnan(found.first_launch_s)
        assert math.isnan(found.last_launch_s)
        assert np.isnan(found.intercept_s).all()
        return
    assert found.first_launch_s == row[ek.E_FIRST_LAUNCH]
    assert found.intercept_s[0] == pytest.approx(row[ek.E_FIRST_INTERCEPT], abs=CLOSE_S)
    # The last launch is the latest that any moment of the window allows; the row has that of the window's end.
    assert found.last_launch_s >= row[ek.E_LAST_LAUNCH] - CLOSE_S
    assert found.intercept_s[-1] <= row[ek.E_LAST_INTERCEPT] + CLOSE_S
    # From a firm track and the commitment to it on.
    assert found.first_launch_s >= found.detection_s + radar.confirm_time_s + BATTERY.commit_delay_s - CLOSE_S


@pytest.mark.parametrize("until", ["intercept", "launch"])
@pytest.mark.parametrize("radar", [AS_IT_IS, SHORT_SIGHTED], ids=["as it is", "short range"])
@cases
def test_each_launch_of_the_window_meets_the_arc_at_its_intercept(
    which: tuple, radar: Radar, until: TrackUntil
) -> None:
    flown = arc(*which)
    found = window(flown, guide(radar), track_until=until)
    if not found.can_fire:
        return
    launches_s = np.linspace(found.first_launch_s, found.last_launch_s, STEPS)
    assert np.all(np.diff(found.intercept_s) >= 0.0)
    assert np.all(found.intercept_s > launches_s)
    # Brute force: of all moments from the first intercept on, the first that the launch is in time for.
    moments_s = np.arange(found.intercept_s[0], found.intercept_s[-1] + 2.0, brute_force.STEP_S)
    latest_s = latest_launches_s(flown, moments_s)
    first = np.array([np.argmax(latest_s >= launch_s - CLOSE_S) for launch_s in launches_s])
    able = np.array([(latest_s >= launch_s - CLOSE_S).any() for launch_s in launches_s])
    assert able[:-1].all()
    # Where the latest launch hardly rises, a shift in launch is many times that in the intercept: told in the launch.
    in_time_s = latest_launches_s(flown, found.intercept_s) - launches_s
    late_s = np.where(able, np.abs(found.intercept_s - moments_s[first]), 0.0)
    assert np.all(np.minimum(late_s, np.abs(in_time_s)) < TIME_TOLERANCE_S)
    # Nothing is launched that comes too late for its intercept.
    assert in_time_s.min() > -TIME_TOLERANCE_S


def test_the_track_of_another_opens_the_window_earlier_and_never_before_that_track() -> None:
    opened = 0
    for which in ARCS:
        flown = arc(*which)
        alone = window(flown, guide(SHORT_SIGHTED))
        other = guide(AS_IT_IS, ELSEWHERE)
        helped = window(flown, guide(SHORT_SIGHTED), other)
        if not helped.can_fire:
            assert not alone.can_fire
            continue
        assert helped.first_launch_s >= min(
            firm_s(flown, other) + BATTERY.commit_delay_s, alone.first_launch_s if alone.can_fire else math.inf
        ) - CLOSE_S  # fmt: skip
        # The target is met on the battery's own track.
        assert helped.intercept_s[0] >= helped.detection_s + SHORT_SIGHTED.confirm_time_s - CLOSE_S
        if alone.can_fire:
            assert helped.first_launch_s <= alone.first_launch_s + CLOSE_S
            assert helped.last_launch_s >= alone.last_launch_s - TIME_TOLERANCE_S
            opened += helped.first_launch_s < alone.first_launch_s - 5.0
        assert helped.intercept_s.min() == helped.intercept_s[0]
    assert opened >= 3


def test_of_several_others_the_first_track_counts_whatever_their_order() -> None:
    flown, own = arc(), guide(SHORT_SIGHTED)
    slow, fast = guide(AS_IT_IS, ELSEWHERE, latency_s=60.0), guide(AS_IT_IS, ELSEWHERE, latency_s=1.0)
    assert firm_s(flown, slow) - firm_s(flown, fast) == pytest.approx(59.0, abs=CLOSE_S)
    expected = window(flown, own, fast)
    for others in ((slow, fast), (fast, slow)):
        found = window(flown, own, *others)
        assert found.first_launch_s == expected.first_launch_s
        np.testing.assert_array_equal(found.intercept_s, expected.intercept_s)
    assert window(flown, own, slow).first_launch_s >= expected.first_launch_s


def test_a_track_of_another_that_comes_late_or_never_changes_nothing() -> None:
    flown, own = arc(), guide()
    alone = window(flown, own)
    blind = guide(AS_IT_IS, BLIND_SITE, SOUTH)
    assert firm_s(flown, blind) == math.inf
    for other in (blind, guide(AS_IT_IS, SITE, latency_s=30.0)):
        found = window(flown, own, other)
        assert found.first_launch_s == alone.first_launch_s
        assert found.last_launch_s == alone.last_launch_s


def test_a_track_counts_from_the_end_of_thrust() -> None:
    flown = arc()
    burnout_s, _ = ends(flown)
    near = guide(replace(AS_IT_IS, reference_range_m=5e6), Site.of_degrees(39.0, 125.8), math.radians(160.0))
    assert firm_s(flown, near) == pytest.approx(burnout_s + AS_IT_IS.confirm_time_s, abs=CLOSE_S)


def test_sight_that_breaks_off_before_the_confirmation_gives_no_track() -> None:
    flown = arc()
    # Brute force: for how long the radar sees the arc, in one stretch.
    narrow = replace(AS_IT_IS, azimuth_half_width_rad=math.radians(8.0))
    beside = guide(narrow, ELSEWHERE, math.radians(300.0))
    times_s = np.arange(0.0, flown.time_of_flight_s, brute_force.STEP_S)
    position, _ = flown.at(times_s)
    seen_s = times_s[brute_force.sees(narrow, ELSEWHERE, math.radians(300.0), RCS_M2, position)]
    assert len(seen_s) > 0
    assert np.all(np.diff(seen_s) < 2 * brute_force.STEP_S)
    lasts_s = seen_s[-1] - seen_s[0]
    for confirm_s, firm in ((lasts_s - 1.0, True), (lasts_s + 1.0, False)):
        found_s = firm_s(flown, replace(beside, confirm_s=confirm_s))
        if firm:
            assert found_s == pytest.approx(seen_s[0] + confirm_s, abs=TIME_TOLERANCE_S)
        else:
            assert found_s == math.inf


def test_a_battery_without_a_radar_fires_on_the_track_that_leaves_it_the_most_time() -> None:
    flown = arc()
    far, near = guide(AS_IT_IS, ELSEWHERE, latency_s=2.0), guide(SHORT_SIGHTED, SITE, latency_s=2.0)
    each = [window(flown, None, one) for one in (far, near)]
    best = max(each, key=lambda one: one.margin_s)
    for others in ((far, near), (near, far)):
        found = window(flown, None, *others)
        assert found.margin_s == best.margin_s
        np.testing.assert_array_equal(found.intercept_s, best.intercept_s)
    for by, found in zip((far, near), each, strict=True):
        assert found.can_fire
        assert found.first_launch_s >= firm_s(flown, by) + BATTERY.commit_delay_s - CLOSE_S
    # Its own eyes at the same place, without the link, are that much faster: their track is what the launch waits for.
    own = window(flown, guide(SHORT_SIGHTED))
    assert each[1].first_launch_s - own.first_launch_s == pytest.approx(2.0, abs=TIME_TOLERANCE_S)


def test_a_battery_without_a_radar_whose_others_see_nothing_cannot_fire() -> None:
    found = window(arc(), None, guide(AS_IT_IS, BLIND_SITE, SOUTH))
    assert not found.can_fire
    assert np.isnan(found.intercept_s).all()
