"""Coordinates and geodesics are those of pymap3d, an independent program."""

from __future__ import annotations

import math

import numpy as np
import pymap3d
import pytest
from pymap3d import vincenty

from equipoise.physics import Site, destination, geodesic
from equipoise.physics.earth_kernels import altitude_fast, ecef_to_geodetic, enu_axes, geodetic_to_ecef, up_fast

# The promise: 1 mm.
POSITION_TOLERANCE_M = 1e-3
# 1 mm on the ground.
ANGLE_TOLERANCE_RAD = 1e-3 / 6378137.0
# pymap3d's Vincenty iteration stops at 1e-12 rad, of which a few add up.
GEODESIC_TOLERANCE_M = 1e-3
# Vincenty's iteration does not converge near the antipode.
LONGEST_M = 19_000e3
# What the fast formulas of the inner loop promise, where there is air.
FAST_ALTITUDE_TOLERANCE_M = 0.02
FAST_UP_TOLERANCE_RAD = 1e-8

LATITUDES_DEG = [-90.0, -89.9999, -60.0, -37.5, -1e-6, 0.0, 12.3, 45.0, 63.7, 89.999999, 90.0]
LONGITUDES_DEG = [-180.0, -179.999999, -90.0, -0.001, 0.0, 33.3, 127.9, 179.999999]
ALTITUDES_M = [0.0, 12.5, 10e3, 100e3, 1000e3, 12_000e3, 36_000e3]


@pytest.mark.parametrize("altitude_m", ALTITUDES_M)
def test_positions_in_the_earth_fixed_frame(altitude_m: float) -> None:
    for lat in LATITUDES_DEG:
        for lon in LONGITUDES_DEG:
            ours = geodetic_to_ecef(math.radians(lat), math.radians(lon), altitude_m)
            theirs = pymap3d.geodetic2ecef(lat, lon, altitude_m)
            assert np.array(ours) == pytest.approx(np.array(theirs, dtype=float), abs=POSITION_TOLERANCE_M)


@pytest.mark.parametrize("altitude_m", ALTITUDES_M)
def test_latitude_longitude_and_height_of_positions(altitude_m: float) -> None:
    for lat in LATITUDES_DEG:
        for lon in LONGITUDES_DEG:
            position = [float(c) for c in pymap3d.geodetic2ecef(lat, lon, altitude_m)]
            lat_rad, lon_rad, height_m = ecef_to_geodetic(*position)
            assert lat_rad == pytest.approx(math.radians(lat), abs=ANGLE_TOLERANCE_RAD)
            assert height_m == pytest.approx(altitude_m, abs=POSITION_TOLERANCE_M)
            if abs(lat) < 89.9:
                turn = math.remainder(lon_rad - math.radians(lon), 2.0 * math.pi)
                assert turn == pytest.approx(0.0, abs=ANGLE_TOLERANCE_RAD)


def test_local_axes_are_those_of_enu() -> None:
    for lat in (-72.0, 0.0, 35.9):
        for lon in (-179.0, 10.0, 128.3):
            axes = np.array(enu_axes(math.radians(lat), math.radians(lon))).reshape(3, 3)
            for i, direction in enumerate([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]):
                theirs = pymap3d.enu2uvw(*direction, lat, lon)
                assert axes[i] == pytest.approx(np.array(theirs, dtype=float), abs=1e-15)


def test_the_fast_height_and_vertical_hold_where_there_is_air() -> None:
    for lat in np.linspace(-90.0, 90.0, 37):
        for altitude_m in (0.0, 20e3, 86e3, 100e3):
            x, y, z = (float(c) for c in pymap3d.geodetic2ecef(lat, 77.0, altitude_m))
            r = math.sqrt(x * x + y * y + z * z)
            height_m = altitude_fast(z, r, 1.0 / r)
            assert height_m == pytest.approx(altitude_m, abs=FAST_ALTITUDE_TOLERANCE_M)
            theirs = pymap3d.enu2uvw(0.0, 0.0, 1.0, lat, 77.0)
            assert np.array(up_fast(x, y, z, height_m)) == pytest.approx(
                np.array(theirs, dtype=float), abs=FAST_UP_TOLERANCE_RAD
            )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((39.0, 125.7), (35.1, 129.0)),
        ((39.0, 125.7), (38.9, -77.0)),
        ((-33.9, 151.2), (51.5, -0.1)),
        ((10.0, 179.5), (12.0, -179.5)),
        ((89.5, 0.0), (88.0, 170.0)),
        ((0.0, 0.0), (0.0, 90.0)),
        ((-60.0, 20.0), (75.0, 150.0)),
        ((35.92, 128.28), (35.93, 128.29)),
    ],
)
def test_geodesics(start: tuple[float, float], end: tuple[float, float]) -> None:
    length_m, az_rad = geodesic(Site.of_degrees(*start), Site.of_degrees(*end))
    theirs_m, theirs_az = vincenty.vdist(*start, *end)
    assert theirs_m < LONGEST_M
    assert length_m == pytest.approx(float(theirs_m), abs=GEODESIC_TOLERANCE_M)
    assert math.remainder(az_rad - math.radians(float(theirs_az)), 2 * math.pi) * length_m == pytest.approx(
        0.0, abs=GEODESIC_TOLERANCE_M * 10
    )
    there = destination(Site.of_degrees(*start), az_rad, length_m)
    back_lat, back_lon = vincenty.vreckon(*start, length_m, math.degrees(az_rad))
    assert there.lat_deg == pytest.approx(float(back_lat), abs=1e-8)
    assert math.remainder(there.lon_deg - float(back_lon), 360.0) == pytest.approx(0.0, abs=1e-8)
