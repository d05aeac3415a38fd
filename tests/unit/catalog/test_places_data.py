"""The files of places and launch areas: town level, inside their country, sourced. Read here without the loader."""

from __future__ import annotations

from importlib import resources
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
import yaml
from shapely.ops import nearest_points

from equipoise.catalog.borders import country_polygon

GEOD = pyproj.Geod(ellps="WGS84")


def read(name: str) -> dict[str, Any]:
    text = resources.files("equipoise.catalog").joinpath("data", name).read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


PLACES = read("places.yaml")["places"]
LAUNCH_AREAS = read("launch_areas.yaml")["launch_areas"]


def distance_to_country_m(entry: dict[str, Any]) -> float:
    """Zero inside; else the geodesic to the nearest point of the country."""
    here = shapely.Point(entry["longitude"], entry["latitude"])
    country = country_polygon(entry["country"])
    if country.contains(here):
        return 0.0
    stretch = np.cos(np.radians(entry["latitude"]))  # nearest in a locally true plane, then measured on the ellipsoid
    plane = shapely.transform(country, lambda xy: xy * [stretch, 1.0])
    nearest = nearest_points(plane, shapely.Point(here.x * stretch, here.y))[0]
    return float(GEOD.inv(here.x, here.y, nearest.x / stretch, nearest.y)[2])


@pytest.mark.parametrize("place", PLACES)
def test_place_lies_in_its_country_or_within_5_km_of_its_generalised_coast(place: str) -> None:
    assert distance_to_country_m(PLACES[place]) < 5e3


@pytest.mark.parametrize("area", LAUNCH_AREAS)
def test_launch_area_lies_in_its_country_within_its_rounding(area: str) -> None:
    assert LAUNCH_AREAS[area]["country"] == "PRK"
    assert distance_to_country_m(LAUNCH_AREAS[area]) < 10e3


@pytest.mark.parametrize("area", LAUNCH_AREAS)
def test_launch_area_is_no_finer_than_a_tenth_of_a_degree(area: str) -> None:
    for key in ("latitude", "longitude"):
        assert round(LAUNCH_AREAS[area][key], 1) == LAUNCH_AREAS[area][key]


@pytest.mark.parametrize("place", PLACES)
def test_place_is_no_finer_than_a_hundredth_of_a_degree(place: str) -> None:
    for key in ("latitude", "longitude"):
        assert round(PLACES[place][key], 2) == PLACES[place][key]


def test_every_number_has_unit_source_and_grade() -> None:
    for document, kinds in (
        (read("places.yaml"), ("coordinate", "population")),
        (read("launch_areas.yaml"), ("coordinate",)),
    ):
        for kind in kinds:
            default = document["defaults"][kind]
            assert default["unit"] in {"deg", "people"}
            assert default["source"]
            assert default["grade"] in {"official", "reported", "derived", "assumed"}


def test_the_argument_of_2016_can_be_told() -> None:
    assert {"seoul", "busan", "pyeongtaek", "daegu", "seongju", "tokyo", "yigo"} <= set(PLACES)
    assert {"hwangju", "sunan", "wonsan", "kittaeryong", "tonghae", "sohae"} <= set(LAUNCH_AREAS)
    assert 40 <= len(PLACES) <= 60


# Distances stated by officials in July 2016 (Yonhap, 14 July; Shephard Media, 21 July): Seoul is 219 km and
# Pyeongtaek about 160 km from Seongju. Town coordinates and a moved site leave a few kilometres.
@pytest.mark.parametrize(("place", "distance_km"), [("seoul", 219.0), ("pyeongtaek", 160.0)])
def test_distances_from_seongju_agree_with_those_stated_in_2016(place: str, distance_km: float) -> None:
    a, b = PLACES["seongju"], PLACES[place]
    metres = GEOD.inv(a["longitude"], a["latitude"], b["longitude"], b["latitude"])[2]
    assert metres / 1e3 == pytest.approx(distance_km, abs=5.0)
