from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.errors import InputError
from equipoise.physics import Site, destination, geodesic
from equipoise.physics.geodesy import geodesics_from


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 0.0), (-91.0, 0.0), (0.0, 180.1), (math.nan, 0.0), (0.0, math.inf)])
def test_places_off_the_earth_are_refused(lat: float, lon: float) -> None:
    with pytest.raises(InputError, match="must lie in"):
        Site.of_degrees(lat, lon)


def test_the_meridian_from_equator_to_pole() -> None:
    # The quarter meridian of WGS-84 (NIMA TR8350.2): 10,001,965.729 m.
    length_m, az_rad = geodesic(Site(0.0, 0.0), Site(math.pi / 2, 0.0))
    assert length_m == pytest.approx(10_001_965.729, abs=1e-3)
    assert az_rad == pytest.approx(0.0, abs=1e-12)


def test_azimuths_run_from_north_over_east() -> None:
    start = Site.of_degrees(10.0, 20.0)
    for az_deg in (0.0, 90.0, 200.0, 359.0):
        there = destination(start, math.radians(az_deg), 100e3)
        length_m, az_rad = geodesic(start, there)
        assert length_m == pytest.approx(100e3, abs=1e-3)
        assert math.degrees(az_rad) % 360.0 == pytest.approx(az_deg, abs=1e-6)
    assert destination(start, math.pi / 2, 100e3).lon_deg > 20.5


def test_many_geodesics_are_those_of_each() -> None:
    start = Site.of_degrees(37.0, 127.0)
    lat, lon = np.radians([35.0, -10.0, 60.0]), np.radians([129.0, 179.0, -179.0])
    length_m, az_rad = geodesics_from(start, lat, lon)
    for i in range(3):
        one_m, one_az = geodesic(start, Site(lat[i], lon[i]))
        assert length_m[i] == one_m
        assert math.remainder(az_rad[i] - one_az, 2 * math.pi) == pytest.approx(0.0, abs=1e-12)
