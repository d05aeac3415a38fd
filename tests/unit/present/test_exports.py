from __future__ import annotations

import io
import json
import time
from pathlib import Path

import numpy as np
import pytest
import shapely
import xarray as xr
from shapely.geometry import MultiPolygon, Point, Polygon

from equipoise.analysis.regions import area_km2
from equipoise.errors import InputError, OutputError
from equipoise.present.exports import footprint_geojson, netcdf_bytes, write
from equipoise.present.scene import Scene


@pytest.fixture
def polygons() -> list[MultiPolygon]:
    """Discs in degrees; the first has a hole and a clockwise shell, the last is empty."""
    disc = Point(128.4, 35.6).buffer(1.5)
    holed = Polygon(list(disc.exterior.coords)[::-1], [list(Point(128.4, 35.6).buffer(0.3).exterior.coords)])
    return [
        MultiPolygon([holed]),
        MultiPolygon([disc, Point(131.5, 34.0).buffer(0.2)]),
        MultiPolygon([disc]),
        MultiPolygon(),
    ]


def signed_area(ring: list[list[float]]) -> float:
    x, y = np.array(ring).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def test_geojson_follows_rfc_7946(footprint: xr.Dataset, scene: Scene, polygons: list[MultiPolygon]) -> None:
    document = json.loads(footprint_geojson(footprint, polygons, scene))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document  # section 4: WGS-84 and nothing else
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        assert {"geometry", "properties"} <= set(feature)
        if feature["geometry"] is None:
            continue
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.is_valid
        west, south, east, north = shape.bounds
        assert 120 < west <= east < 135  # longitude first
        assert 30 < south <= north < 45
        if feature["geometry"]["type"] == "MultiPolygon":
            for shell, *holes in feature["geometry"]["coordinates"]:
                assert shell[0] == shell[-1]
                assert signed_area(shell) > 0  # section 3.1.6: shells anticlockwise, holes clockwise
                assert all(signed_area(hole) < 0 for hole in holes)


def test_geojson_features_carry_area_and_contour(
    footprint: xr.Dataset, scene: Scene, polygons: list[MultiPolygon]
) -> None:
    document = json.loads(footprint_geojson(footprint, polygons, scene, about={"study": "seongju"}))
    assert document["study"] == "seongju"
    first = document["features"][0]["properties"]
    assert first["case"] == "nodong/hwangju"
    assert first["margin_contour_s"] == 0
    # a disc of 1.5 degrees less one of 0.3, in km of 111.0 by 90.6 at this latitude
    assert first["area_km2"] == pytest.approx(np.pi * (1.5**2 - 0.3**2) * 111.0 * 90.6, rel=0.01)
    assert document["features"][3]["geometry"] is None
    assert {feature["properties"]["kind"] for feature in document["features"]} == {
        "footprint", "battery", "launch_area", "place",
    }  # fmt: skip


def test_geojson_is_the_same_whatever_the_order_of_vertices(
    footprint: xr.Dataset, scene: Scene, polygons: list[MultiPolygon]
) -> None:
    turned = [shapely.reverse(polygon) for polygon in polygons]
    assert footprint_geojson(footprint, polygons, scene) == footprint_geojson(footprint, turned, scene)


def test_polygons_must_match_cases(footprint: xr.Dataset, scene: Scene) -> None:
    with pytest.raises(InputError, match="one per case"):
        footprint_geojson(footprint, [MultiPolygon()], scene)


def test_area_of_a_degree_cell_at_the_equator() -> None:
    # One degree square at the equator on WGS-84: 12,308.8 km2 (Snyder 1987, p. 17 relations).
    assert area_km2(shapely.box(0.0, 0.0, 1.0, 1.0)) == pytest.approx(12_308.8, rel=1e-4)


def test_netcdf_reads_back_and_is_the_same_later(footprint: xr.Dataset) -> None:
    first = netcdf_bytes(footprint)
    time.sleep(1.1)  # time stamps in HDF5 have a second's resolution
    assert netcdf_bytes(footprint) == first
    with xr.open_dataset(io.BytesIO(first), engine="h5netcdf") as back:
        assert back.attrs["Conventions"].startswith("CF-")
        np.testing.assert_array_equal(back["margin_s"].values, footprint["margin_s"].values)
        assert back["margin_s"].attrs["units"] == "s"
        assert list(back["case"].values) == list(footprint["case"].values)
        np.testing.assert_array_equal(back["threatened"].values.astype(bool), footprint["threatened"].values)
        assert back["threatened"].attrs["flag_meanings"] == "no yes"


def test_unwritable_place_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        write(tmp_path / "missing" / "x.json", "{}")
