"""The ring as areas: checked by the distance of sample points, on all sides of dateline, poles and antipode."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pyproj
import pytest
import shapely
from made_flight_tests import circle_ring, made

from equipoise.analysis.flight_test_results import FlightTest
from equipoise.physics.geodesy import Site
from equipoise.present.range_ring import polar_frame, reached, reached_around, whole_earth
from equipoise.present.range_ring_geojson import range_ring_geojson

GEOD = pyproj.Geod(ellps="WGS84")
# Of the boundary: corners are rounded to 11 m, straight lines on the map leave the great circle by more near a pole.
EDGE_M = 12e3

SITES = {
    "korea": Site.of_degrees(39.4, 127.5),
    "near the pole": Site.of_degrees(85.0, 30.0),
    "dateline": Site.of_degrees(0.0, 179.5),
    "west of the dateline": Site.of_degrees(0.0, -179.9),
    "south": Site.of_degrees(-50.0, -70.0),
    "near the south pole": Site.of_degrees(-85.0, 10.0),
}
RANGES_M = (300e3, 2_000e3, 5_700e3, 9_900e3, 14_000e3, 18_500e3)


def samples(launch: Site, range_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Points all over the Earth, and pairs of points just inside and just outside the ring, poles and dateline too."""
    rng = np.random.default_rng(7)
    lon = np.concatenate([rng.uniform(-180, 180, 400), [0, 0, 179.999, -179.999, 179.999, -179.999]])
    lat = np.concatenate([np.degrees(np.arcsin(rng.uniform(-1, 1, 400))), [89.99, -89.99, 10, 10, -60, 75]])
    az = np.linspace(-179.0, 179.0, 90)
    full = np.ones(90)
    for share in (range_m - 30e3, range_m + 30e3):
        near_lon, near_lat, _ = GEOD.fwd(full * launch.lon_deg, full * launch.lat_deg, az, full * share)
        lon, lat = np.concatenate([lon, near_lon]), np.concatenate([lat, near_lat])
    return lon, lat


def ringed(launch: Site, range_m: float) -> FlightTest:
    test = made()
    ring = circle_ring(launch, (0.9 * range_m, range_m, 1.05 * range_m), directions=72)
    return replace(test, report=replace(test.report, launch=launch), ring=ring)


@pytest.mark.parametrize("range_m", RANGES_M)
@pytest.mark.parametrize("where", SITES)
def test_a_point_is_in_the_geojson_area_if_it_is_in_range(where: str, range_m: float) -> None:
    launch = SITES[where]
    document = json.loads(range_ring_geojson(ringed(launch, range_m)))
    areas = {f["id"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in document["features"]}
    lon, lat = samples(launch, range_m)
    _, _, away_m = GEOD.inv(np.full(len(lon), launch.lon_deg), np.full(len(lon), launch.lat_deg), lon, lat)
    for name, limit_m in (("low", 0.9 * range_m), ("central", range_m), ("high", 1.05 * range_m)):
        clear = np.abs(away_m - limit_m) > EDGE_M
        inside = shapely.contains_xy(areas[f"within_range/{name}"], lon, lat)
        assert (inside == (away_m < limit_m))[clear].all()
    clear = (np.abs(away_m - 0.9 * range_m) > EDGE_M) & (np.abs(away_m - 1.05 * range_m) > EDGE_M)
    between = (away_m > 0.9 * range_m) & (away_m < 1.05 * range_m)
    assert (shapely.contains_xy(areas["band"], lon, lat) == between)[clear].all()


@pytest.mark.parametrize("where", SITES)
def test_geojson_keeps_the_rules_of_rfc_7946(where: str) -> None:
    document = json.loads(range_ring_geojson(ringed(SITES[where], 9_900e3)))
    for feature in document["features"]:
        if feature["geometry"]["type"] == "Point":
            continue
        area = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert area.is_valid
        west, south, east, north = area.bounds
        assert (west >= -180.0, south >= -90.0, east <= 180.0, north <= 90.0) == (True,) * 4
        for part in feature["geometry"]["coordinates"]:
            shell, *holes = (np.array(ring) for ring in part)
            assert shapely.LinearRing(shell).is_ccw
            assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)


@pytest.mark.parametrize("where", ["korea", "dateline", "near the pole"])
def test_the_area_about_the_launch_point_is_the_same_area(where: str) -> None:
    launch = SITES[where]
    for range_m in RANGES_M:
        test = ringed(launch, range_m)
        lon, lat = samples(launch, range_m)
        _, _, away_m = GEOD.inv(np.full(len(lon), launch.lon_deg), np.full(len(lon), launch.lat_deg), lon, lat)
        az_deg, latitude_deg = polar_frame(launch, np.radians(lat), np.radians(lon))
        inside = shapely.contains_xy(reached_around(test, 1), az_deg, latitude_deg)
        clear = (np.abs(away_m - range_m) > EDGE_M) & (np.abs(az_deg) < 179.999)  # off the seam
        assert (inside == (away_m < range_m))[clear].all()


def test_a_ring_beside_the_antipode_leaves_a_hole_there() -> None:
    """A ring that the Earth has turned off the antipode bounds what is not reached."""
    launch = SITES["korea"]
    lon, lat, _ = GEOD.fwd(launch.lon_deg - 195.0, -launch.lat_deg, 0.0, 0.0)
    full = np.ones(36)
    az = np.linspace(0.0, 360.0, 36, endpoint=False)
    ring_lon, ring_lat, _ = GEOD.fwd(full * lon, full * lat, az, full * 900e3)
    test = made()
    ring = replace(
        circle_ring(launch, (1e6, 1e6, 1e6)), lat_rad=np.radians([ring_lat] * 3), lon_rad=np.radians([ring_lon] * 3)
    )
    test = replace(test, report=replace(test.report, launch=launch), ring=ring)
    sample_lon, sample_lat = samples(launch, 5_000e3)
    n = len(sample_lon)
    _, _, away_m = GEOD.inv(np.full(n, lon), np.full(n, lat), sample_lon, sample_lat)
    clear = np.abs(away_m - 900e3) > EDGE_M
    assert (shapely.contains_xy(reached(test, 1), sample_lon, sample_lat) == (away_m > 900e3))[clear].all()
    around = polar_frame(launch, np.radians(sample_lat), np.radians(sample_lon))
    assert (shapely.contains_xy(reached_around(test, 1), *around) == (away_m > 900e3))[clear].all()


def test_a_missile_that_goes_half_round_reaches_everything() -> None:
    launch = SITES["korea"]
    test = ringed(launch, 19_990e3)
    assert whole_earth(test.ring, launch, 1)
    assert not whole_earth(test.ring, launch, 0)
    assert reached(test, 1).area == pytest.approx(360.0 * 180.0)
    assert reached_around(test, 1).area == pytest.approx(360.0 * 180.0)


def test_a_direction_without_a_flight_is_bridged() -> None:
    launch = SITES["korea"]
    test = ringed(launch, 5_000e3)
    gone = test.ring.lat_rad.copy()
    gone[:, 3] = math.nan
    bridged = replace(test, ring=replace(test.ring, lat_rad=gone))
    assert reached(bridged, 1).symmetric_difference(reached(test, 1)).area < 1e-3 * reached(test, 1).area


def test_the_file_is_the_same_each_time() -> None:
    test = ringed(SITES["dateline"], 5_700e3)
    assert range_ring_geojson(test) == range_ring_geojson(test)
