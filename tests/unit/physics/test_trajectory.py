from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import InputError, NumericalError
from equipoise.physics import Aim, Missile, Site, Trajectory, fly, fly_many
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import ecef_to_geodetic

KOREA = Site.of_degrees(39.0, 125.7)
# What Trajectory.at promises between the nodes of free flight.
BETWEEN_NODES_M = 0.2


@pytest.fixture(scope="module")
def nodong() -> Missile:
    return Missile.from_record(load_catalog().missile("nodong"))


@pytest.fixture(scope="module")
def arc(nodong: Missile) -> Trajectory:
    return fly(nodong, KOREA, Aim(math.radians(150.0), math.radians(45.0)))


def test_at_the_nodes_it_gives_the_nodes(arc: Trajectory) -> None:
    r, v = arc.at(arc.time_s)
    np.testing.assert_allclose(r, arc.r_ecef_m, atol=1e-6)
    np.testing.assert_allclose(v, arc.v_ecef_mps, atol=1e-9)


def test_one_time_gives_one_position(arc: Trajectory) -> None:
    r, v = arc.at(100.0)
    assert r.shape == v.shape == (3,)
    many, _ = arc.at([100.0])
    assert many.shape == (1, 3)


def test_between_nodes_it_is_the_flight_with_more_nodes(nodong: Missile, arc: Trajectory) -> None:
    fine = fly(nodong, KOREA, arc.aim, tolerance_m=1e-9)
    times = fine.time_s[(fine.time_s > arc.burnout.time_s) & (fine.time_s < arc.impact.time_s - 60.0)]
    off = np.linalg.norm(arc.at(times)[0] - fine.at(times)[0], axis=1)
    # The two flights themselves lie up to 1 m apart at impact; compare the part that grows between nodes.
    at_nodes = np.interp(
        times, arc.time_s, np.linalg.norm(fine.at(arc.time_s.clip(max=fine.impact.time_s))[0] - arc.r_ecef_m, axis=1)
    )
    assert np.max(np.abs(off - at_nodes)) < BETWEEN_NODES_M


@pytest.mark.parametrize("beyond", [-1.0, 1e-3, math.nan, 1e9])
def test_times_outside_the_flight_are_refused(arc: Trajectory, beyond: float) -> None:
    time_s = beyond if beyond < 0.0 else arc.time_of_flight_s + beyond
    with pytest.raises(InputError, match=r"time_s must lie in \[0, "):
        arc.at([0.0, time_s])


def test_it_starts_at_the_launch_site_and_ends_on_the_ground(arc: Trajectory) -> None:
    assert arc.time_s[0] == 0.0
    assert arc.impact.altitude_m == pytest.approx(0.0, abs=1e-3)
    assert np.all(np.diff(arc.time_s) > 0.0)
    assert arc.impact.path_angle_rad < 0.0
    assert 0.0 < arc.burnout.time_s < arc.apogee_time_s < arc.time_of_flight_s
    r, _ = arc.at(arc.apogee_time_s)
    heights = [ecef_to_geodetic(*p)[2] for p in arc.at(np.linspace(0.0, arc.time_of_flight_s, 500))[0]]
    assert ecef_to_geodetic(*r)[2] == pytest.approx(arc.apogee_m, abs=1.0)
    assert max(heights) <= arc.apogee_m + 1.0


def test_flying_many_is_flying_each(nodong: Missile) -> None:
    angles = np.radians([30.0, 45.0, 60.0])
    many = fly_many(nodong, KOREA, np.array(2.0), angles, np.array(math.inf))
    for row, angle in zip(many, angles, strict=True):
        one = fly(nodong, KOREA, Aim(2.0, float(angle)))
        assert row[fk.S_IMPACT_T] == one.impact.time_s
        assert np.array_equal(row[fk.S_IMPACT : fk.S_IMPACT + 3], one.impact.r_ecef_m)


def test_a_missile_steered_into_the_ground_says_so(nodong: Missile) -> None:
    turned_over = replace(nodong, pitch_rate_rad_s=math.radians(8.0), vertical_time_s=2.0)
    with pytest.raises(NumericalError, match="nodong: no impact, the flight ended as: fell back under thrust after"):
        fly(turned_over, KOREA, Aim(0.0, math.radians(-80.0)))


def test_straight_up_without_rotation_comes_straight_down(nodong: Missile) -> None:
    arc = fly(nodong, Site.of_degrees(0.0, 10.0), Aim(0.0, math.pi / 2), rotation=False)
    assert arc.range_m < 1.0


def test_the_turning_earth_leaves_what_flies_straight_up_to_the_west(nodong: Missile) -> None:
    arc = fly(nodong, Site.of_degrees(0.0, 10.0), Aim(0.0, math.pi / 2))
    # A body thrown up at v under gravity g falls (4/3) omega v^3 / g^2 to the west, more as gravity thins.
    least_m = 4.0 / 3.0 * 7.292115e-5 * 2000.0**3 / 9.81**2
    assert arc.impact_site.lon_deg < 10.0
    assert arc.range_m > least_m
    assert arc.impact_site.lat_deg == pytest.approx(0.0, abs=1e-6)
