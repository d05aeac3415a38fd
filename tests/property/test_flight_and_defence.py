"""What must hold whatever the numbers are."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis.engagement import trajectory_arc
from equipoise.catalog import load_catalog
from equipoise.defence import Battery
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.shot_kernels import engage_arc
from equipoise.physics import Missile, Site, Stage, Trajectory, aim_at, fly, max_range
from equipoise.physics.earth_kernels import ecef_of, geodetic_of
from equipoise.sensors.radar import Radar

FEW = settings(max_examples=25, deadline=None, derandomize=True)
# The search for the best angle and the impact are each good to a metre.
RANGE_SLACK_M = 3.0
# Golden section and bisection stop at about a millisecond.
MARGIN_SLACK_S = 0.02
SITE = Site.of_degrees(35.92, 128.28)
NORTH = math.radians(340.0)
DRAG = ((0.0, 0.2), (1.0, 0.3), (2.0, 0.2))


@FEW
@given(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0), st.floats(-5e3, 4e7))
def test_geodetic_there_and_back(lat_deg: float, lon_deg: float, altitude_m: float) -> None:
    lat, lon, height_m = geodetic_of(*ecef_of(math.radians(lat_deg), math.radians(lon_deg), altitude_m))
    assert lat == pytest.approx(math.radians(lat_deg), abs=1e-11)
    assert height_m == pytest.approx(altitude_m, abs=1e-4)
    if abs(lat_deg) < 89.999:
        assert math.remainder(lon - math.radians(lon_deg), 2.0 * math.pi) == pytest.approx(0.0, abs=1e-9)


@FEW
@given(st.floats(1000.0, 6000.0), st.floats(1.001, 1.5), st.floats(0.0, 6.28))
def test_more_propellant_never_shortens_the_longest_range(propellant: float, more: float, az_rad: float) -> None:
    def longest_m(kg: float) -> float:
        # More of it at the same thrust and mass flow: it burns longer.
        stage = Stage(kg, 900.0, 240.0, 240.0, kg / 80.0, 0.9)
        missile = Missile("made up", (stage,), 600.0, DRAG, air=False, pitch_rate_rad_s=math.radians(5.0))
        launch = Site.of_degrees(39.0, 125.7)
        return fly(missile, launch, max_range(missile, launch, az_rad, rotation=False), rotation=False).range_m

    assert longest_m(propellant * more) > longest_m(propellant) - RANGE_SLACK_M


@cache
def defence() -> tuple[Radar, Battery]:
    catalog = load_catalog()
    radar = Radar.from_record(catalog.radar("an-tpy-2"), "lewis-postol-870")
    return radar, Battery.from_records(catalog.battery("thaad-battery"), catalog.interceptor("thaad"))


TARGETS = [(35.9, 128.4), (35.1, 129.0), (36.9, 127.1), (37.57, 126.98), (34.8, 126.4), (36.0, 129.4)]


@cache
def arcs() -> tuple[Trajectory, ...]:
    missile, launch = Missile.from_record(load_catalog().missile("nodong")), Site.of_degrees(39.2, 125.7)
    return tuple(fly(missile, launch, aim_at(missile, launch, Site.of_degrees(*target))) for target in TARGETS)


def margins(radar: Radar, battery: Battery) -> np.ndarray:
    rows = np.empty((len(TARGETS), ek.E_SIZE))
    view, shooter = radar.view(SITE, NORTH, 0.01), battery.shooter(SITE, radar.confirm_time_s)
    for row, flown in zip(rows, arcs(), strict=True):
        ends = flown.burnout.time_s, flown.time_of_flight_s
        engage_arc(trajectory_arc(flown), *ends, *ek.SIGHT_ALONE, view, shooter, battery.reach.table, row)
    return rows[:, ek.E_MARGIN]


@FEW
@given(st.floats(100e3, 2000e3), st.floats(1.0, 4.0))
def test_a_longer_radar_range_never_shrinks_a_margin(range_m: float, more: float) -> None:
    radar, battery = defence()
    short, long = margins(radar.with_range(range_m), battery), margins(radar.with_range(range_m * more), battery)
    assert np.all(long >= short - MARGIN_SLACK_S)


@FEW
@given(st.floats(0.001, 10.0), st.floats(1.0, 100.0))
def test_more_cross_section_is_detected_farther(rcs_m2: float, more: float) -> None:
    radar, _ = defence()
    assert radar.detection_range_m(rcs_m2 * more) >= radar.detection_range_m(rcs_m2)


@FEW
@given(st.floats(0.0, 120.0), st.floats(0.0, 120.0), st.floats(0.0, 60.0), st.floats(0.0, 60.0))
def test_longer_delays_never_grow_a_margin(confirm: float, commit: float, extra: float, later: float) -> None:
    radar, battery = defence()
    quick = margins(replace(radar, confirm_time_s=confirm), replace(battery, commit_delay_s=commit))
    slow = margins(replace(radar, confirm_time_s=confirm + extra), replace(battery, commit_delay_s=commit + later))
    assert np.all(slow <= quick + MARGIN_SLACK_S)


@FEW
@given(st.floats(50e3, 200e3), st.floats(50e3, 200e3))
def test_a_longer_interceptor_range_never_shrinks_the_footprint(one_m: float, other_m: float) -> None:
    radar, battery = defence()

    def met(range_m: float) -> np.ndarray:
        limits = replace(battery.reach.limits, max_range_m=range_m)
        return margins(radar, replace(battery, reach=replace(battery.reach, limits=limits))) > 0.0

    short, long = met(min(one_m, other_m)), met(max(one_m, other_m))
    assert np.all(long | ~short)
