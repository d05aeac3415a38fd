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
    here = shapely.Point(degrees(entry["longitude"]), degrees(entry["latitude"]))
    country = country_polygon(entry["country"])
    if country.contains(here):
        return 0.0
    stretch = np.cos(np.radians(here.y))  # nearest in a locally true plane, then measured on the ellipsoid
    plane = shapely.transform(country, lambda xy: xy * [stretch, 1.0])
    nearest = nearest_points(plane, shapely.Point(here.x * stretch, here.y))[0]
    return float(GEOD.inv(here.x, here.y, nearest.x / stretch, nearest.y)[2])


@pytest.mark.parametrize("place", PLACES)
def test_place_lies_in_its_country_or_within_5_km_of_its_generalised_coast(place: str) -> None:
    assert distance_to_country_m(PLACES[place]) < 5e3


SEA_AREAS = ("barents-sea", "sea-of-okhotsk")


def degrees(number: float | dict[str, Any]) -> float:
    return float(number["value"] if isinstance(number, dict) else number)


@pytest.mark.parametrize("area", [area for area in LAUNCH_AREAS if area not in SEA_AREAS])
def test_launch_area_lies_in_its_country_within_its_rounding(area: str) -> None:
    assert LAUNCH_AREAS[area]["country"] in {"PRK", "CHN", "RUS", "IRN"}
    assert distance_to_country_m(LAUNCH_AREAS[area]) < 10e3


@pytest.mark.parametrize("area", SEA_AREAS)
def test_a_stretch_of_sea_lies_far_from_every_coast(area: str) -> None:
    for country in ("RUS", "JPN", "NOR"):
        assert distance_to_country_m(LAUNCH_AREAS[area] | {"country": country}) > 150e3


@pytest.mark.parametrize("area", [area for area, entry in LAUNCH_AREAS.items() if entry["country"] != "PRK"])
def test_an_area_outside_north_korea_says_who_reports_missiles_there(area: str) -> None:
    basis = LAUNCH_AREAS[area]["basis"]
    assert set(basis) == {"source", "grade", "note"}
    assert (basis["source"] == "team") == (basis["grade"] == "assumed")


@pytest.mark.parametrize("area", LAUNCH_AREAS)
def test_launch_area_is_no_finer_than_a_tenth_of_a_degree(area: str) -> None:
    for key in ("latitude", "longitude"):
        assert round(degrees(LAUNCH_AREAS[area][key]), 1) == degrees(LAUNCH_AREAS[area][key])


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
    assert 40 <= len(PLACES) <= 120


def test_the_arguments_of_china_and_russia_can_be_told() -> None:
    assert {"tonghua", "dalian", "qingdao", "luoyang", "nanyang", "datong", "jilantai"} <= set(LAUNCH_AREAS)
    assert {"xining", "delingha", "tianshui", "haiyan", "taiyuan", "jiuquan"} <= set(LAUNCH_AREAS)
    assert {"kozelsk", "tatishchevo", "teykovo", "yoshkar-ola", "nizhny-tagil", "novosibirsk"} <= set(LAUNCH_AREAS)
    assert {"barnaul", "irkutsk", "uzhur", "dombarovsky", "plesetsk", *SEA_AREAS} <= set(LAUNCH_AREAS)
    assert {"washington", "los-angeles", "anchorage", "honolulu", "sapporo", "london", "warsaw", "haifa"} <= set(PLACES)


# Computed once on WGS-84 from towns of a gazetteer, with azimuths from Seongju, and kept in our notes before this file
# was written; rounding to 0.1 degrees moves a place by up to 7 km.
@pytest.mark.parametrize(
    ("area", "distance_km", "azimuth_deg"),
    [
        ("tonghua", 677, 343), ("dalian", 676, 301), ("qingdao", 711, 274), ("luoyang", 1443, 269),
        ("nanyang", 1478, 262), ("datong", 1390, 294), ("xining", 2370, 280), ("delingha", 2750, 283),
    ],
)  # fmt: skip
def test_distances_of_chinese_areas_from_seongju(area: str, distance_km: float, azimuth_deg: float) -> None:
    a, b = PLACES["seongju"], LAUNCH_AREAS[area]
    azimuth, _, metres = GEOD.inv(a["longitude"], a["latitude"], degrees(b["longitude"]), degrees(b["latitude"]))
    assert metres / 1e3 == pytest.approx(distance_km, abs=8.0)
    assert azimuth % 360.0 == pytest.approx(azimuth_deg, abs=1.0)


# Distances stated by officials in July 2016 (Yonhap, 14 July; Shephard Media, 21 July): Seoul is 219 km and
# Pyeongtaek about 160 km from Seongju. Town coordinates and a moved site leave a few kilometres.
@pytest.mark.parametrize(("place", "distance_km"), [("seoul", 219.0), ("pyeongtaek", 160.0)])
def test_distances_from_seongju_agree_with_those_stated_in_2016(place: str, distance_km: float) -> None:
    a, b = PLACES["seongju"], PLACES[place]
    metres = GEOD.inv(a["longitude"], a["latitude"], b["longitude"], b["latitude"])[2]
    assert metres / 1e3 == pytest.approx(distance_km, abs=5.0)
