from __future__ import annotations

import math

import numpy as np
import pytest
from shapely import Polygon, box

from equipoise.analysis.regions import area_in_country_km2, area_km2, country_area_km2, region_above

# Areas on the ellipsoid from its authalic function; edges of constant latitude are cut into chords of 0.25 degrees.
AREA_TOLERANCE = 1e-4
# South Korea's official land area, 100,449 km2 (Ministry of Land, 2022); the map's coast is generalised.
SOUTH_KOREA_KM2 = 100_449.0
MAP_TOLERANCE = 0.04


def zone_km2(south_deg: float, north_deg: float, width_deg: float) -> float:
    """Return the area between two parallels of WGS-84, by its closed form (J. P. Snyder, USGS PP 1395, eq. 3-12)."""
    a, e2 = 6378.137, 0.00669437999014
    e = math.sqrt(e2)

    def q(lat_deg: float) -> float:
        s = math.sin(math.radians(lat_deg))
        return (1.0 - e2) * (s / (1.0 - e2 * s * s) - math.log((1.0 - e * s) / (1.0 + e * s)) / (2.0 * e))

    return math.radians(width_deg) * a * a / 2.0 * (q(north_deg) - q(south_deg))


def test_the_area_of_a_zone_is_the_closed_forms() -> None:
    lon = np.arange(125.0, 130.0 + 1e-9, 0.25)
    ring = [(x, 34.0) for x in lon] + [(x, 38.0) for x in lon[::-1]]
    assert area_km2(Polygon(ring)) == pytest.approx(zone_km2(34.0, 38.0, 5.0), rel=AREA_TOLERANCE)


def test_a_hole_is_left_out() -> None:
    whole, hole = box(126.0, 35.0, 128.0, 37.0), box(126.5, 35.5, 127.0, 36.0)
    with_hole = Polygon(whole.exterior.coords, [hole.exterior.coords])
    assert area_km2(with_hole) == pytest.approx(area_km2(whole) - area_km2(hole), rel=1e-9)


def test_the_region_of_a_cone_is_a_circle() -> None:
    lat, lon = np.linspace(33.0, 39.0, 121), np.linspace(125.0, 131.0, 121)
    distance = np.hypot(lat[:, None] - 36.0, lon[None, :] - 128.0)
    region = region_above(1.5 - distance, lat, lon)
    # Linear contours of a cone cut off less than 0.1 %.
    assert region.area == pytest.approx(math.pi * 1.5**2, rel=1e-3)
    ring = region_above(0.5 - abs(distance - 1.0), lat, lon)
    assert ring.area == pytest.approx(math.pi * (1.5**2 - 0.5**2), rel=5e-3)


def test_nothing_above_and_nothing_known_give_an_empty_region() -> None:
    lat, lon = np.linspace(33.0, 39.0, 11), np.linspace(125.0, 131.0, 11)
    assert region_above(np.full((11, 11), -1.0), lat, lon).is_empty
    values = np.full((11, 11), np.nan)
    assert region_above(values, lat, lon).is_empty
    values[:6] = 1.0
    assert region_above(values, lat, lon).area == pytest.approx(3.0 * 6.0, rel=1e-9)


def test_the_land_of_south_korea() -> None:
    assert country_area_km2("KOR") == pytest.approx(SOUTH_KOREA_KM2, rel=MAP_TOLERANCE)
    assert area_in_country_km2(box(120.0, 30.0, 135.0, 45.0), "KOR") == pytest.approx(country_area_km2("KOR"), rel=1e-9)
    assert area_in_country_km2(box(0.0, 0.0, 10.0, 10.0), "KOR") == 0.0
