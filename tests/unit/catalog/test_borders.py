"""Areas are checked against official figures, positions against GeoNames towns."""

from __future__ import annotations

import gzip
import json
from importlib import resources

import numpy as np
import pyproj
import pytest
import shapely

from equipoise.catalog.borders import borders, coastlines, country_names, country_polygon, land
from equipoise.errors import InputError, UnknownIdError

GEOD = pyproj.Geod(ellps="WGS84")
DATA = resources.files("equipoise.catalog").joinpath("data", "natural_earth_50m.json.gz")


# Land area in km2. KOR: official figure, rounded; JPN: Geospatial Information Authority of Japan (with inland water);
# GUM: GeoNames. The 1:50m coast loses islands and lakes: 3 %, a small island 15 %.
@pytest.mark.parametrize(
    ("iso3", "area_km2", "tolerance"), [("KOR", 100_000.0, 0.03), ("JPN", 377_975.0, 0.03), ("GUM", 549.0, 0.15)]
)
def test_land_area_is_close_to_official_figure(iso3: str, area_km2: float, tolerance: float) -> None:
    area_m2, _ = GEOD.geometry_area_perimeter(country_polygon(iso3))
    assert area_m2 / 1e6 == pytest.approx(area_km2, rel=tolerance)


def test_documented_area_of_south_korea_is_what_the_file_gives() -> None:
    area_m2, _ = GEOD.geometry_area_perimeter(country_polygon("KOR"))
    assert area_m2 / 1e6 == pytest.approx(97_190.0, abs=5.0)


def test_cities_lie_in_their_country() -> None:
    assert country_polygon("KOR").contains(shapely.Point(126.978, 37.566))  # Seoul
    assert country_polygon("PRK").contains(shapely.Point(125.755, 39.034))  # Pyongyang
    assert country_polygon("JPN").contains(shapely.Point(135.754, 35.021))  # Kyoto
    assert not country_polygon("KOR").contains(shapely.Point(125.755, 39.034))


def test_every_country_is_a_valid_polygon_with_anticlockwise_shells() -> None:
    names = country_names()
    assert len(names) == 241
    assert all(len(code) == 3 and code.isupper() for code in names)
    for code in names:
        polygon = country_polygon(code)
        assert polygon.is_valid, code
        assert not polygon.is_empty, code
        assert all(part.exterior.is_ccw for part in polygon.geoms), code


def test_neighbours_share_their_border_exactly() -> None:
    shared = country_polygon("KOR").intersection(country_polygon("PRK"))
    assert shared.area == 0.0
    length_m = GEOD.geometry_length(shared)
    assert 0.8 * 238e3 < length_m < 238e3  # the demarcation line is 238 km long; the generalised one cuts its bends


def test_border_within_korea_is_one_line_from_coast_to_coast() -> None:
    lines = borders((124.0, 36.0, 131.0, 39.0))
    assert len(lines) == 1
    assert lines[0].shape[1] == 2
    assert lines[0][:, 1].min() > 37.5
    assert lines[0][:, 1].max() < 38.7


def test_coastlines_stay_within_bounds_and_off_the_border() -> None:
    west, south, east, north = bounds = (124.0, 33.0, 132.0, 40.0)
    lines = coastlines(bounds)
    points = np.concatenate(lines)
    assert points[:, 0].min() >= west
    assert points[:, 0].max() <= east
    assert points[:, 1].min() >= south
    assert points[:, 1].max() <= north
    inland_border = shapely.Point(127.1, 38.2)
    assert min(shapely.LineString(line).distance(inland_border) for line in lines) > 0.3


def test_world_coastlines_leave_out_the_edges_of_the_map() -> None:
    for line in coastlines():
        steps = np.abs(np.diff(line, axis=0))
        along_pole = (line[:-1, 1] < -89.9) & (steps[:, 0] > 1.0)
        assert not along_pole.any()


def test_land_covers_both_koreas() -> None:
    area_m2, _ = GEOD.geometry_area_perimeter(land((124.0, 33.0, 131.0, 43.2)))
    assert area_m2 / 1e6 > 97_000 + 122_000


@pytest.mark.parametrize(("wanted", "suggested"), [("KRO", "did you mean"), ("South Korea", "KOR"), ("kor", "KOR")])
def test_unknown_country_suggests_the_nearest(wanted: str, suggested: str) -> None:
    with pytest.raises(UnknownIdError, match=suggested):
        country_polygon(wanted)


@pytest.mark.parametrize("bounds", [(130.0, 33.0, 124.0, 40.0), (124.0, 33.0, 190.0, 40.0), (0.0, 0.0, 0.0, 0.0)])
def test_impossible_bounds_are_refused(bounds: tuple[float, float, float, float]) -> None:
    with pytest.raises(InputError, match="bounds"):
        coastlines(bounds)


def test_file_is_small_and_carries_no_time_stamp() -> None:
    packed = DATA.read_bytes()
    assert len(packed) < 500_000
    assert packed[4:8] == b"\0\0\0\0"  # gzip's modification time (RFC 1952)
    document = json.loads(gzip.decompress(packed))
    assert "public domain" in document["origin"]


# Land areas in km2 of countries that cross 180 degrees: GeoNames' country table.
@pytest.mark.parametrize(
    ("iso3", "area_km2", "tolerance"),
    [("RUS", 17_100_000.0, 0.03), ("FJI", 18_270.0, 0.1)],
)
def test_countries_at_the_edge_of_the_map_keep_their_area(iso3: str, area_km2: float, tolerance: float) -> None:
    polygon = country_polygon(iso3)
    west, _, east, _ = polygon.bounds
    assert west >= -180.0
    assert east <= 180.0
    area_m2 = sum(GEOD.geometry_area_perimeter(part)[0] for part in polygon.geoms)
    assert area_m2 / 1e6 == pytest.approx(area_km2, rel=tolerance)


def test_antarctica_reaches_the_pole_on_every_side() -> None:
    antarctica = country_polygon("ATA")
    assert all(antarctica.contains(shapely.Point(longitude, -89.0)) for longitude in range(-179, 180, 10))
    assert not antarctica.contains(shapely.Point(0.0, -60.0))
