"""The round map: distances and directions from the launch point are true, land keeps its shape."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyproj
import pytest
import shapely
from made_flight_tests import circle_ring, made
from matplotlib.patches import Circle, Patch
from matplotlib.path import Path

from equipoise.catalog import borders
from equipoise.physics.geodesy import Site
from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.present.disc_map import Disc, _land
from equipoise.present.range_ring import polar_frame
from equipoise.present.range_ring_map import range_ring_map
from equipoise.present.style import svg_bytes

GEOD = pyproj.Geod(ellps="WGS84")
# Middles whose far side is sea (Korea), land (Argentina's antipode in China; the South Pole's) and the dateline.
MIDDLES = {"korea": (39.4, 127.5), "china": (35.0, 113.0), "north pole": (90.0, 0.0), "dateline": (0.0, 180.0)}
# Points nearer to a coast than this are left out: coasts are simplified to the width of a line. [km]
COAST_KM = 60.0


def shades(patch: Patch, x_km: float, y_km: float) -> bool:
    """Tell whether a patch with holes covers a point: an odd number of its rings go round it."""
    rings = patch.get_path().to_polygons()
    return sum(Path(ring).contains_point((x_km, y_km)) for ring in rings) % 2 == 1


@pytest.mark.parametrize("where", MIDDLES)
def test_land_is_land_on_the_whole_round_map(where: str) -> None:
    """Points of known countries and seas all over the Earth fall on land and sea of the map, far side included."""
    middle = Site.of_degrees(*MIDDLES[where])
    disc = Disc(middle, HALF_ROUND_M)
    drawn = shapely.union_all(shapely.get_parts(disc.area(_land(disc))))
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(-180, 180, 1500), np.degrees(np.arcsin(rng.uniform(-1, 1, 1500)))
    world = shapely.union_all([borders.country_polygon(code) for code in borders.country_names()])
    shapely.prepare(world)
    is_land = shapely.contains_xy(world, lon, lat)
    degrees = COAST_KM / 111.0 / np.maximum(np.cos(np.radians(lat)), 0.05)
    clear = shapely.distance(world.boundary, shapely.points(lon, lat)) > degrees
    x, y = disc.xy_km(np.radians(lat), np.radians(lon))
    # Beside the rim a kilometre of coast is drawn hundreds long, and is simplified as drawn.
    clear &= np.hypot(x, y) < 0.93 * HALF_ROUND_M / 1e3
    assert clear.sum() > 700
    assert (shapely.contains_xy(drawn, x, y) == is_land)[clear].all()


def test_distances_and_directions_from_the_middle_are_true() -> None:
    middle = Site.of_degrees(-35.0, 150.0)
    disc = Disc(middle, HALF_ROUND_M)
    lon, lat, _ = GEOD.fwd([150.0] * 4, [-35.0] * 4, [0.0, 90.0, 200.0, 300.0], [1e6, 5e6, 1.2e7, 1.9e7])
    x, y = disc.xy_km(np.radians(lat), np.radians(lon))
    assert np.hypot(x, y) == pytest.approx([1e3, 5e3, 12e3, 19e3], abs=0.01)
    assert np.degrees(np.arctan2(x, y)) % 360.0 == pytest.approx([0.0, 90.0, 200.0, 300.0], abs=1e-6)


def test_the_ring_is_drawn_where_the_flights_come_down_and_the_still_earth_beside_it() -> None:
    test = replace(made(), ring=circle_ring(made().report.launch, (3.0e6, 4.0e6, 5.0e6)))
    axes = range_ring_map(test).axes[0]
    (ring,) = (line for line in axes.lines if line.get_gid() == "ring")
    radii = np.hypot(np.asarray(ring.get_xdata(), float), np.asarray(ring.get_ydata(), float))
    assert radii == pytest.approx(4.0e3, rel=1e-4)  # a spline between directions 10 degrees apart
    (still,) = (patch for patch in axes.patches if patch.get_gid() == "still-earth")
    assert isinstance(still, Circle)
    assert still.radius == pytest.approx(test.range_still_m.central / 1e3)
    (band,) = (patch for patch in axes.patches if patch.get_gid() == "band")
    for radius, inside in ((2.9e3, False), (3.1e3, True), (4.9e3, True), (5.1e3, False)):
        for turn in np.radians(np.arange(5.0, 360.0, 30.0)):
            assert shades(band, radius * math.sin(turn), radius * math.cos(turn)) is inside


def test_a_missile_that_goes_half_round_fills_the_disc() -> None:
    test = replace(made(), ring=circle_ring(made().report.launch, (12.0e6, 19.995e6, 19.998e6)))
    figure = range_ring_map(test)
    axes = figure.axes[0]
    assert not [line for line in axes.lines if line.get_gid() == "ring"]
    (band,) = (patch for patch in axes.patches if patch.get_gid() == "band")
    assert shades(band, 0.0, 0.99 * HALF_ROUND_M / 1e3)
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "within the longest range: the whole Earth" in words


def test_directions_that_go_half_round_open_the_ring_to_the_rim() -> None:
    """Eastward flights of one boost go half round, all others 13,000 km: the rim is in reach to the east only."""
    launch = made().report.launch
    low, far = circle_ring(launch, (9e6, 9e6, 13e6)), circle_ring(launch, (9e6, 9e6, 19.998e6))
    east = (low.az_rad > math.radians(35)) & (low.az_rad < math.radians(145))
    changes = {
        name: np.where(east, getattr(far, name), getattr(low, name)) for name in ("lat_rad", "lon_rad", "range_m")
    }
    test = replace(made(), ring=replace(low, **changes))
    (band,) = (patch for patch in range_ring_map(test).axes[0].patches if patch.get_gid() == "band")
    assert shades(band, 17.0e3, 0.0)
    assert not shades(band, -17.0e3, 0.0)
    assert not shades(band, 0.0, 17.0e3)
    assert shades(band, 0.0, 12.0e3)


def test_the_launch_point_is_the_pole_of_the_frame() -> None:
    launch = Site.of_degrees(12.0, -170.0)
    _, latitude_deg = polar_frame(launch, np.radians([12.0]), np.radians([-170.0]))
    assert latitude_deg[0] == pytest.approx(90.0)


def test_the_drawing_is_the_same_each_time() -> None:
    assert svg_bytes(range_ring_map(made())) == svg_bytes(range_ring_map(made()))
