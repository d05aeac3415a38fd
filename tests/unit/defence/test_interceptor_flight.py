"""One interceptor's flight to a point, beside the table of times and beside a throw in a vacuum."""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.defence.interceptor_flight import fly_interceptor
from equipoise.defence.reach import reach_table
from equipoise.errors import UnreachableError

POINTS = {
    "thaad": ((100e3, 100e3), (180e3, 60e3), (20e3, 140e3), (3e3, 80e3)),
    "gbi": ((800e3, 300e3), (3000e3, 1200e3)),
    "pac-3-mse": ((10e3, 15e3), (25e3, 18e3)),
}


@pytest.mark.parametrize(("id", "point"), [(id, point) for id, points in POINTS.items() for point in points])
def test_it_passes_through_the_point_at_the_time_of_the_reach_table(id: str, point: tuple[float, float]) -> None:
    record = load_catalog().interceptor(id)
    flight = fly_interceptor(record, *point)
    # The flight is solved in elevation; the height over the point is interpolated between 800 times.
    assert (flight.ground_m[-1], flight.altitude_m[-1]) == pytest.approx(point, rel=1e-3)
    # The table interpolates between nodes of a kilometre and more.
    assert flight.time_s[-1] == pytest.approx(float(reach_table(record).time_to(*point)), rel=0.01)
    assert np.all(np.diff(flight.time_s) > 0.0)
    assert flight.time_s[0] == flight.ground_m[0] == 0.0


def test_after_burnout_above_the_air_it_is_a_parabola_within_the_curve_of_the_earth() -> None:
    """Energy is kept: v**2 / 2 - mu / r, by differences of the flight itself, on a still Earth without air."""
    record = load_catalog().interceptor("gbi")
    flight = fly_interceptor(record, 3000e3, 1200e3)
    coasting = (flight.time_s > record.burn_time_s.value + 5.0) & (flight.altitude_m > 200e3)
    radius_m = 6_378_137.0 + flight.altitude_m
    angle_rad = flight.ground_m / 6_371_008.8
    x, y = radius_m * np.sin(angle_rad), radius_m * np.cos(angle_rad)
    speed_mps = np.hypot(np.gradient(x, flight.time_s), np.gradient(y, flight.time_s))
    energy = 0.5 * speed_mps**2 - 3.986004418e14 / radius_m
    kept = energy[coasting][2:-2]
    assert len(kept) > 200
    # Central differences over 1 s of a free arc, positions on an ellipsoid's equator.
    assert np.ptp(kept) / abs(kept.mean()) < 2e-3


def test_a_point_beyond_every_flight_is_refused_by_name() -> None:
    record = load_catalog().interceptor("thaad")
    with pytest.raises(UnreachableError, match=r"interceptor thaad: no flight .* 3000 km away and 140 km high"):
        fly_interceptor(record, 3000e3, 140e3)


def test_the_shortest_of_two_flights_is_taken() -> None:
    """A low point far off is met by a flat flight and by a steep one; the flat one is sooner."""
    flight = fly_interceptor(load_catalog().interceptor("thaad"), 100e3, 60e3)
    assert flight.elevation_rad < math.radians(60.0)
