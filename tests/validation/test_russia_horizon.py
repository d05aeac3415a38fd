"""That no Russian arc of the bundled study rises over Seongju's horizon, from geodesics of PROJ alone.

The elevation over an Earth of 4/3 the radius follows from the ground range of the geodesic and the height, as the
radar's page has it. Visibility itself is not asked.
"""

from __future__ import annotations

import numpy as np
import pymap3d
import pytest
from pyproj import Geod

from equipoise.analysis.arcs import ArcCase, Arcs, fly_arcs
from equipoise.analysis.views import sensor_views
from equipoise.sensors.station import Station
from equipoise.study import load_network_study

# The sphere stands for the ellipsoid, 0.2 % in radius: 0.05 degrees at the 3,300 km of the nearest arc.
TOLERANCE_DEG = 0.1
EARTH_M = 6_371_000.0
SEONGJU_DEG = (35.92, 128.28)


@pytest.fixture(scope="module")
def arcs() -> Arcs:
    return fly_arcs(load_network_study("russia-view"))


def highest_deg(case: ArcCase) -> float:
    """Return the largest apparent elevation of an arc from Seongju over 4/3 of the Earth."""
    times = np.linspace(0.0, case.flown.time_of_flight_s, 1000)
    r_ecef_m, _ = case.flown.at(times)
    lat_deg, lon_deg, height_m = pymap3d.ecef2geodetic(*r_ecef_m.T)
    start = [np.full(len(times), angle) for angle in SEONGJU_DEG]
    _, _, ground_m = Geod(ellps="WGS84").inv(start[1], start[0], lon_deg, lat_deg)
    effective_m = 4.0 / 3.0 * EARTH_M
    angle = ground_m / effective_m
    tangent = (np.cos(angle) - effective_m / (effective_m + height_m)) / np.sin(angle)
    return float(np.degrees(np.arctan(tangent)).max())


def test_every_russian_arc_stays_under_seongjus_horizon(arcs: Arcs) -> None:
    highest = {case.id: highest_deg(case) for case in arcs.cases}
    # Irkutsk to Los Angeles comes nearest, 2.3 degrees below.
    assert max(highest, key=lambda arc: highest[arc]) == "yars/irkutsk/los-angeles"
    assert max(highest.values()) < -TOLERANCE_DEG


def test_the_study_says_the_same_of_every_way_to_take_the_radar(arcs: Arcs) -> None:
    study = load_network_study("russia-view")
    ways = sensor_views([Station.of(one.sensor) for one in study.alternatives], arcs, "alternative")
    assert float(ways["in_view_high_s"].max()) == 0.0
    highest = [highest_deg(case) for case in arcs.cases]
    assert ways["highest_elevation_deg"].values[:, 0] == pytest.approx(highest, abs=TOLERANCE_DEG)
    assert set(ways["binding"].values.ravel()) == {1}  # horizon
