"""Slices of constant altitude of a radar that belongs to no study."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import pytest
import xarray as xr

from equipoise.analysis import coverage, radar_coverage
from equipoise.catalog import RadarRecord, load_catalog
from equipoise.errors import InputError
from equipoise.physics import Site
from equipoise.present.exports import netcdf_bytes
from equipoise.study import load_study

SITE = Site.of_degrees(35.92, 128.28)


@pytest.fixture(scope="module")
def record() -> RadarRecord:
    return load_catalog().radar("an-tpy-2")


def slices(record: RadarRecord, **given: Any) -> xr.Dataset:
    wanted: dict[str, Any] = {
        "site": SITE,
        "boresight_rad": math.radians(340.0),
        "radar_ranges": ("ministry-600", "press-2000"),
        "altitudes_m": (50e3, 100e3),
        "cells": 60,
    }
    return radar_coverage(record, **{**wanted, **given})


def test_a_study_is_its_radar_at_its_site() -> None:
    study = load_study("seongju")
    of_study = coverage(study, cells=60)
    alone = radar_coverage(
        study.defence.radar,
        Site(study.defence.site.lat_rad, study.defence.site.lon_rad),
        study.defence.boresight_rad,
        study.radar_ranges,
        study.coverage_altitudes_m,
        cells=60,
    )
    assert alone.attrs == {"radar": "an-tpy-2"}
    assert of_study.attrs == {"study": "seongju", "radar": "an-tpy-2", "site": "seongju"}
    xr.testing.assert_equal(alone.drop_vars("emptied_by"), of_study)


def test_each_slice_says_what_empties_it(record: RadarRecord) -> None:
    # 600 km of slant range do not go 700 km up; 100 m up the horizon is 41 km away, the nearest cell's centre farther.
    dataset = slices(record, altitudes_m=(700e3, 100e3, 100.0))
    assert dataset["emptied_by"].values.tolist() == [
        ["detection range", "", "horizon"],
        ["", "", "horizon"],
    ]
    back = xr.open_dataset(io.BytesIO(netcdf_bytes(dataset)), engine="h5netcdf")
    assert back["emptied_by"].values.tolist() == dataset["emptied_by"].values.tolist()


def test_a_radar_beside_the_pole_sees_past_it(record: RadarRecord) -> None:
    # 80 N, looking north, 200 km up: the pole is 1,117 km away, and the floor of 5 degrees cuts at 1,227 km,
    # 89.02 N on the other side.
    dataset = slices(record, site=Site.of_degrees(80.0, 20.0), boresight_rad=0.0, altitudes_m=(200e3,), cells=400)
    covered = dataset["covered"].sel(radar_range="press-2000").values[0]
    beyond = np.abs(dataset["lon_deg"].values - 20.0) > 170.0
    rows = covered[:, beyond].any(axis=1)
    assert dataset["lat_deg"].values[rows].min() == pytest.approx(
        89.05, abs=0.15
    )  # a cell of 0.06 and 0.5 % of 1,223 km
    assert np.ptp(dataset["lon_deg"].values) == pytest.approx(360.0, abs=1.0)  # a cell


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"altitudes_m": ()}, "altitudes must hold at least one"),
        ({"altitudes_m": (0.0,)}, "one above 0; got 0 km"),
        ({"altitudes_m": (1e5, math.nan)}, "altitudes must lie in .* got 100, nan km"),
        ({"altitudes_m": (-1.0, 1e5)}, "altitudes must lie in"),
        ({"radar_ranges": ()}, "radar_ranges must name at least one; got none; allowed: hardware, ministry-600"),
        ({"boresight_rad": math.nan}, "boresight must be finite"),
        ({"cells": 1}, "cells must be at least 2; got 1"),
        ({"field_of_view": "everywhere"}, "field_of_view"),
    ],
)
def test_nonsense_is_refused(record: RadarRecord, given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        slices(record, **given)
