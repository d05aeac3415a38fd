"""Horizons over the 4/3 Earth, with and without an elevation floor, as worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from authority import read_authority
from scipy.optimize import brentq

from equipoise.physics import Site, destination
from equipoise.physics.earth_kernels import geodetic_to_ecef
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import Radar, horizon_range_m, look_at

ROWS = read_authority("horizon_four_thirds_earth")
# The table is rounded to 1 km.
HEIGHT_TOLERANCE_KM = 0.55
# The kernel's radar stands on the ellipsoid, 0.2 % off the sphere of the table in radius and as much in height.
KERNEL_TOLERANCE = 0.005
FLOOR_RAD = math.radians(5.0)
COLUMNS = [("hidden_below_refracted_km", 0.0), ("hidden_below_floor_km", FLOOR_RAD)]


def radar(floor_rad: float) -> Radar:
    return Radar(
        name="everywhere",
        range_name="all",
        reference_range_m=1e8,
        reference_rcs_m2=1.0,
        reference_snr=20.0,
        azimuth_half_width_rad=math.pi,
        elevation_floor_rad=floor_rad,
        elevation_max_rad=math.pi / 2,
        confirm_time_s=0.0,
    )


@pytest.mark.parametrize(("column", "elevation_rad"), COLUMNS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["ground_distance_km"])
def test_the_height_hidden_at_a_distance(row: dict[str, str], column: str, elevation_rad: float) -> None:
    distance_m = float(row["ground_distance_km"]) * 1e3
    hidden_m = brentq(lambda h: horizon_range_m(h, elevation_rad) - distance_m, 1.0, 3e6)
    assert hidden_m / 1e3 == pytest.approx(float(row[column]), abs=HEIGHT_TOLERANCE_KM)


@pytest.mark.parametrize(("column", "elevation_rad"), COLUMNS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["ground_distance_km"])
def test_what_the_radar_sees_begins_at_that_height(row: dict[str, str], column: str, elevation_rad: float) -> None:
    distance_m = float(row["ground_distance_km"]) * 1e3
    site = Site.of_degrees(35.92, 128.28)
    looking = radar(elevation_rad)
    view = looking.view(site, 0.0, 1.0)
    there = destination(site, math.radians(300.0), distance_m)
    heights_m = np.arange(1e3, 1000e3, 250.0)
    points = np.array([geodetic_to_ecef(there.lat_rad, there.lon_rad, h) for h in heights_m])
    seen = look_at(looking, view, points).reason == vk.VISIBLE
    lowest_m = heights_m[np.argmax(seen)]
    assert np.all(np.diff(seen.astype(int)) >= 0)
    tolerance_km = HEIGHT_TOLERANCE_KM + 0.25 + KERNEL_TOLERANCE * float(row[column])
    assert lowest_m / 1e3 == pytest.approx(float(row[column]), abs=tolerance_km)


def test_refraction_hides_less_than_straight_rays() -> None:
    for row in ROWS:
        assert float(row["hidden_below_refracted_km"]) < float(row["hidden_below_straight_km"])
