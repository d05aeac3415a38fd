from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.physics import Missile, Site, aim_at, fly
from equipoise.physics.fan import Fan, arcs_onto, fly_fan
from equipoise.physics.fan_kernels import N_BOOST, N_FREE, N_NODE

# What interpolation between the arcs of a fan costs, as in tests/validation/test_fan.py: 41 m measured there on the
# way, in the boost, and 1 m at impact; 0.05 s is what an impact time may differ by.
POSITION_TOLERANCE_M = 200.0
IMPACT_TOLERANCE_M = 10.0
TIME_TOLERANCE_S = 0.05

LAUNCH = Site.of_degrees(39.2, 125.7)
NEAR = [(35.9, 128.4), (35.1, 129.0), (37.0, 127.1), (34.8, 126.4)]
BEYOND = (20.0, 140.0)


@pytest.fixture(scope="module")
def missile() -> Missile:
    return Missile.from_record(load_catalog().missile("nodong"))


@pytest.fixture(scope="module")
def fan(missile: Missile) -> Fan:
    points = np.radians([NEAR[0], BEYOND, *NEAR[1:]])
    return fly_fan(missile, LAUNCH, points[:, 0].copy(), points[:, 1].copy())


def test_arcs_onto_points_are_the_flown_ones(missile: Missile, fan: Fan) -> None:
    arcs, times_s = arcs_onto(fan)
    assert arcs.shape == (5, N_NODE, 6)
    assert times_s.shape == (5, 2)
    for i, point in zip((0, 2, 3, 4), NEAR, strict=True):
        aim = aim_at(missile, LAUNCH, Site.of_degrees(*point), angle_rad=fan.angle_rad)
        flown = fly(missile, LAUNCH, aim)
        burnout_s, end_s = times_s[i]
        assert burnout_s == pytest.approx(flown.burnout.time_s, abs=TIME_TOLERANCE_S)
        assert end_s == pytest.approx(flown.time_of_flight_s, abs=TIME_TOLERANCE_S)
        nodes_s = np.concatenate(
            [np.linspace(0.0, burnout_s, N_BOOST)[:-1], np.linspace(burnout_s, end_s, N_FREE)]
        ).clip(max=flown.time_of_flight_s)
        r_ecef_m, _ = flown.at(nodes_s)
        assert np.linalg.norm(arcs[i, :, :3] - r_ecef_m, axis=1).max() < POSITION_TOLERANCE_M
        assert math.dist(arcs[i, -1, :3], flown.impact.r_ecef_m) < IMPACT_TOLERANCE_M


def test_out_of_reach_there_is_no_arc(fan: Fan) -> None:
    arcs, times_s = arcs_onto(fan)
    assert np.isnan(arcs[1]).all()
    assert np.isnan(times_s[1]).all()
    assert np.isfinite(arcs[[0, 2, 3, 4]]).all()
