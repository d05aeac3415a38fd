from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from equipoise.analysis.footprint import (
    CONSTRAINTS,
    cell_centres_deg,
    engage,
    fewest_shots,
    fly_fans,
    footprint,
    kill_probability,
)
from equipoise.defence import Battery
from equipoise.defence import engagement_kernels as ek
from equipoise.physics import Site, geodesic
from equipoise.sensors.radar import Radar
from equipoise.study import Study, load_study


@pytest.fixture(scope="module")
def study() -> Study:
    """Return the bundled study on a coarse grid, two threats from two areas each."""
    whole = load_study("seongju")
    threats = tuple(replace(threat, launch_areas=threat.launch_areas[:2]) for threat in whole.threats[:2])
    return replace(whole, threats=threats, grid=replace(whole.grid, rows=24, columns=20))


@pytest.fixture(scope="module")
def dataset(study: Study) -> xr.Dataset:
    return footprint(study)


def test_the_same_footprint_twice(study: Study, dataset: xr.Dataset) -> None:
    assert footprint(study).identical(dataset)


@pytest.mark.parametrize("threads", ["1", "2", "3"])
def test_any_number_of_threads(
    study: Study, dataset: xr.Dataset, threads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EQUIPOISE_THREADS", threads)
    assert footprint(study).identical(dataset)


def test_shapes_coordinates_and_meanings(study: Study, dataset: xr.Dataset) -> None:
    assert dataset.sizes["case"] == 4
    assert (dataset.sizes["lat"], dataset.sizes["lon"]) == (24, 20)
    assert dataset.sizes["place"] == len(study.places)
    lat, lon = cell_centres_deg(study)
    assert np.array_equal(dataset["lat_deg"].values, lat)
    height_deg = math.degrees(study.grid.north_rad - study.grid.south_rad) / 24
    assert lat[0] == pytest.approx(math.degrees(study.grid.south_rad) + height_deg / 2.0)
    assert len(lon) == 20
    codes = set(np.unique(dataset["constraint"].values).tolist())
    assert codes <= set(CONSTRAINTS)
    assert dataset["constraint"].attrs["flag_meanings"].split() == list(CONSTRAINTS.values())


def test_fields_agree_with_each_other(dataset: xr.Dataset) -> None:
    margin, constraint = dataset["margin_s"].values, dataset["constraint"].values
    threatened, shots = dataset["threatened"].values, dataset["shots"].values
    assert np.array_equal(np.isnan(margin), ~threatened)
    assert np.array_equal(constraint == ek.NOT_THREATENED, ~threatened)
    with np.errstate(invalid="ignore"):
        assert np.array_equal(margin > 0.0, constraint == ek.DEFENDED)
    assert np.array_equal(shots > 0, constraint == ek.DEFENDED)
    low, central, high = (dataset[f"kill_probability{end}"].values[threatened] for end in ("_low", "", "_high"))
    assert np.all((low >= 0.0) & (low <= central) & (central <= high) & (high <= 1.0))
    assert np.array_equal(central > 0.0, shots[threatened] > 0)
    for name, field in dataset.items():
        if field.dtype.kind == "f":
            reached = dataset["place_threatened" if "place" in field.dims else "threatened"].values
            assert not np.isnan(field.values[reached]).any(), name


def test_a_place_is_as_its_cell(study: Study, dataset: xr.Dataset) -> None:
    # The margin at a place is that of the grid around it.
    lat, lon = dataset["lat_deg"].values, dataset["lon_deg"].values
    checked = 0
    for i, place in enumerate(study.places):
        row = int(np.searchsorted(lat, math.degrees(place.lat_rad))) - 1
        column = int(np.searchsorted(lon, math.degrees(place.lon_rad))) - 1
        for case in range(dataset.sizes["case"]):
            around = dataset["margin_s"].values[case, row : row + 2, column : column + 2]
            if around.shape == (2, 2) and np.all(around > 0.0):
                assert dataset["place_margin_s"].values[case, i] > 0.0
                checked += 1
    assert checked > 20


def test_moving_only_the_defence_uses_the_fans_again(study: Study, dataset: xr.Dataset) -> None:
    fans = fly_fans(study)
    assert footprint(study, fans=fans).identical(dataset)
    short = footprint(study, "ministry-600", fans=fans)
    assert short.attrs["radar_range"] == "ministry-600"
    with np.errstate(invalid="ignore"):
        assert not np.any(short["margin_s"].values > dataset["margin_s"].values + 1e-6)


def test_out_of_reach_is_not_threatened(study: Study, dataset: xr.Dataset) -> None:
    # The Scud-C flies 500 km; nothing beyond 530 km from its launch area is threatened, all from 25 to 430 km is (the
    # model does not cut thrust for less than 20 km).
    lat, lon = np.meshgrid(dataset["lat_deg"].values, dataset["lon_deg"].values, indexing="ij")
    for i, case in enumerate(fly_fans(study)):
        if case.missile != "scud-c":
            continue
        distance_km = np.array(
            [geodesic(case.fan.launch, Site.of_degrees(a, b))[0] / 1e3 for a, b in zip(lat.flat, lon.flat, strict=True)]
        ).reshape(lat.shape)
        threatened = dataset["threatened"].values[i]
        assert not threatened[distance_km > 530.0].any()
        assert threatened[(distance_km > 25.0) & (distance_km < 430.0)].all()


def test_kill_probability_is_that_of_independent_shots() -> None:
    # Two opportunities of two interceptors at 0.8: 1 - 0.2^4.
    assert kill_probability(np.array([0, 1, 2]), 0.8, 2) == pytest.approx([0.0, 0.96, 0.9984])


def test_a_battery_out_of_the_way_defends_nothing(study: Study) -> None:
    fans = fly_fans(study)
    radar = Radar.from_record(study.defence.radar, study.defence.radar_range)
    battery = Battery.from_records(study.defence.battery, study.defence.interceptor)
    rows = engage(fans, radar, battery, Site.of_degrees(-30.0, -50.0), 0.0)
    assert not np.any(rows[:, :, ek.E_MARGIN] > 0.0)
    assert np.all(np.isfinite(rows[:, :, ek.E_MARGIN]) | (rows[:, :, ek.E_CONSTRAINT] == ek.NOT_THREATENED))


def test_the_fewest_shots_are_counted_over_the_cases_that_reach() -> None:
    nan = float("nan")
    shots = np.array([[2, 1, 0], [1, 5, 3]])
    margin_s = np.array([[1.0, nan, nan], [2.0, 3.0, nan]])
    assert np.array_equal(fewest_shots(shots, margin_s), [1.0, 5.0, nan], equal_nan=True)
