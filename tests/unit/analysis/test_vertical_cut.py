"""The vertical cut: heights of the 4/3 Earth, slant ranges and what empties it, against values from elsewhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pymap3d
import pytest
import xarray as xr
from pymap3d.vincenty import vreckon

from equipoise.analysis import vertical_cut
from equipoise.catalog import RadarRecord, load_catalog
from equipoise.errors import InputError
from equipoise.physics import Site
from equipoise.sensors import visibility_kernels as vk

SITE = Site.of_degrees(35.92, 128.28)
BORESIGHT = math.radians(340.0)
AZIMUTH = math.radians(297.0)
# Ground distance, height hidden below the horizon and below a floor of 5 degrees [km]: the project's table of facts,
# worked out by hand over 4/3 of a mean Earth.
HIDDEN_KM = [
    (300.0, 5.0, 32.0),
    (500.0, 15.0, 59.0),
    (600.0, 21.0, 74.0),
    (870.0, 45.0, 122.0),
    (1000.0, 59.0, 149.0),
    (1500.0, 134.0, 271.0),
    (2000.0, 241.0, 428.0),
    (3000.0, 559.0, 860.0),
]
TABULATED_KM = 1.0  # the table is to 1 km
ELLIPSOID = 0.005  # of the height: cells lie over the ellipsoid, the table's sphere is the mean one
# Vincenty's and Karney's geodesics agree to 0.1 mm; a cell nearer than this to the limit may fall on either side.
AT_THE_LIMIT_M = 1.0
# A cut turned to another azimuth lies over another curvature of the ellipsoid (1/298): at most this share of the cells,
# those at an edge, sees something else.
TURNED_SHARE = 0.01


@pytest.fixture(scope="module")
def record() -> RadarRecord:
    return load_catalog().radar("an-tpy-2")


def cut(record: RadarRecord, **given: Any) -> xr.Dataset:
    wanted: dict[str, Any] = {
        "site": SITE,
        "boresight_rad": BORESIGHT,
        "radar_ranges": ("ministry-600", "press-4600"),
        "az_rad": AZIMUTH,
        "ground_range_m": 3.2e6,
        "top_m": 1.5e6,
    }
    return vertical_cut(record, **{**wanted, **given})


@pytest.fixture(scope="module")
def dataset(record: RadarRecord) -> xr.Dataset:
    return cut(record, radar_ranges=record.range_names)


@pytest.mark.parametrize(("ground_km", "horizon_km", "floor_km"), HIDDEN_KM)
def test_curves_are_the_four_thirds_earth(
    dataset: xr.Dataset, ground_km: float, horizon_km: float, floor_km: float
) -> None:
    for name, expected_km in (("horizon_altitude_m", horizon_km), ("floor_altitude_m", floor_km)):
        found_km = np.interp(ground_km * 1e3, dataset["ground_range_m"], dataset[name]) / 1e3
        assert found_km == pytest.approx(expected_km, abs=TABULATED_KM)


@pytest.mark.parametrize(("ground_km", "horizon_km", "floor_km"), HIDDEN_KM)
def test_cells_are_hidden_up_to_the_tabulated_heights(
    dataset: xr.Dataset, ground_km: float, horizon_km: float, floor_km: float
) -> None:
    altitude_km = dataset["altitude_m"].values / 1e3
    cell_km = altitude_km[1] - altitude_km[0]
    column = int(np.argmin(np.abs(dataset["ground_range_m"].values - ground_km * 1e3)))
    aside_km = abs(float(dataset["ground_range_m"][column]) / 1e3 - ground_km) * 0.4  # the steepest edge rises by 0.4
    reason = dataset["reason"].values[-1, :, column]
    for hidden, expected_km in (
        (reason == vk.HORIZON, horizon_km),
        (np.isin(reason, (vk.HORIZON, vk.ELEVATION_FLOOR)), floor_km),
    ):
        first_km = altitude_km[np.argmin(hidden)]
        assert not hidden[np.argmin(hidden) :].any()
        tolerance_km = TABULATED_KM + cell_km + aside_km + ELLIPSOID * expected_km
        assert first_km == pytest.approx(expected_km, abs=tolerance_km)


def test_coverage_ends_at_the_slant_range(dataset: xr.Dataset) -> None:
    lat_deg, lon_deg = vreckon(SITE.lat_deg, SITE.lon_deg, dataset["ground_range_m"].values, math.degrees(AZIMUTH))
    up_m = dataset["altitude_m"].values[:, None]
    _, _, slant_m = pymap3d.geodetic2aer(lat_deg[None, :], lon_deg[None, :], up_m, SITE.lat_deg, SITE.lon_deg, 0.0)
    for range_m, reason in zip(dataset["range_m"].values, dataset["reason"].values, strict=True):
        open_sky = np.isin(reason, (vk.VISIBLE, vk.DETECTION_RANGE)) & (np.abs(slant_m - range_m) > AT_THE_LIMIT_M)
        assert np.array_equal(reason[open_sky] == vk.VISIBLE, slant_m[open_sky] <= range_m)
    assert np.array_equal(dataset["covered"].values, dataset["reason"].values == vk.VISIBLE)


def test_places_lie_on_the_geodesic(dataset: xr.Dataset) -> None:
    lat_deg, lon_deg = vreckon(SITE.lat_deg, SITE.lon_deg, dataset["ground_range_m"].values, math.degrees(AZIMUTH))
    off_m = np.hypot(dataset["lat_deg"] - lat_deg, dataset["lon_deg"] - (lon_deg + 180.0) % 360.0 + 180.0) * 111e3
    assert float(off_m.max()) < AT_THE_LIMIT_M
    assert dataset.attrs["site_lat_deg"] == pytest.approx(35.92)
    assert dataset.attrs["site_lon_deg"] == pytest.approx(128.28)
    assert dataset.attrs["azimuth_deg"] == pytest.approx(297.0)


@pytest.mark.parametrize("field_of_view", ["sector", "face"])
def test_left_and_right_of_a_boresight_to_the_north_are_mirrored(record: RadarRecord, field_of_view: str) -> None:
    left, right = (
        cut(record, boresight_rad=0.0, az_rad=math.radians(side), field_of_view=field_of_view) for side in (-50.0, 50.0)
    )
    assert np.mean(left["reason"] != right["reason"]) < 1e-4  # rounding may turn a cell at an edge


@pytest.mark.parametrize("turn_deg", [40.0, 110.0, 250.0])
def test_turning_radar_and_cut_together_changes_next_to_nothing(record: RadarRecord, turn_deg: float) -> None:
    plain = cut(record)
    turned = cut(record, boresight_rad=BORESIGHT + math.radians(turn_deg), az_rad=AZIMUTH + math.radians(turn_deg))
    assert np.mean(plain["reason"] != turned["reason"]) < TURNED_SHARE


def test_beside_the_sector_the_field_of_view_empties_it(record: RadarRecord) -> None:
    beside = cut(record, az_rad=math.radians(160.0))
    assert not beside["covered"].any()
    assert beside["emptied_by"].values.tolist() == ["field of view"] * 2
    behind_the_face = cut(record, az_rad=math.radians(160.0), field_of_view="face")
    # The face is tilted up by 35 degrees and sees 60 off its normal: 5 degrees past the zenith.
    assert behind_the_face["emptied_by"].values.tolist() == ["", ""]
    assert behind_the_face.attrs["field_of_view"] == "face"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rcs_m2": 1e-20}, "detection range"),  # 600 km and 1e-18 of the cross-section: 19 m
        ({"top_m": 10.0, "columns": 100}, "horizon"),  # the first cell, 16 km away, is hidden below 15 m
        ({"top_m": 500.0, "columns": 100}, "elevation floor"),  # and below 1.4 km by 5 degrees
    ],
)
def test_what_empties_it_is_the_last_limit_got_as_far_as(
    record: RadarRecord, given: dict[str, float], words: str
) -> None:
    empty = cut(record, radar_ranges=("ministry-600",), **given)
    assert not empty["covered"].any()
    assert empty["emptied_by"].values.tolist() == [words]


def test_a_larger_target_is_seen_farther(record: RadarRecord) -> None:
    larger = cut(record, radar_ranges=("ministry-600",), rcs_m2=0.16)  # 16 times: the fourth root doubles the range
    assert larger["range_m"].values == pytest.approx([1.2e6])


def test_a_radar_without_a_floor_has_no_curve_of_one() -> None:
    bare = load_catalog().radar("sbx")
    assert bare.elevation_floor_rad.value == 0.0
    dataset = cut(bare, radar_ranges=bare.range_names[:1], rows=20, columns=20)
    assert np.isnan(dataset["floor_altitude_m"]).all()
    assert np.isfinite(dataset["horizon_altitude_m"]).all()


def test_curves_end_where_the_ray_leaves_the_earth(record: RadarRecord) -> None:
    # Over 4/3 of the Earth a level ray is above the foot of a point until a quarter round: 13,343 km.
    dataset = cut(record, ground_range_m=2e7, columns=200)
    last_m = float(dataset["ground_range_m"].where(np.isfinite(dataset["horizon_altitude_m"])).max())
    assert last_m == pytest.approx(13_343e3, abs=100e3)  # a cell


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"radar_ranges": ()}, "radar_ranges must name at least one"),
        ({"radar_ranges": ("nobodys",)}, "nobodys"),
        ({"az_rad": math.nan}, "az must be finite"),
        ({"boresight_rad": math.inf}, "boresight must be finite"),
        ({"ground_range_m": 0.0}, "ground_range must be above 0 and at most 20015 km; got 0 km"),
        ({"ground_range_m": 2.1e7}, "ground_range must be above 0 and at most 20015 km; got 21000 km"),
        ({"top_m": math.nan}, "top must be above 0 and at most 100000 km; got nan km"),
        ({"rows": 1}, r"rows must lie in \[2, 5000\]; got 1"),
        ({"columns": 5001}, r"columns must lie in \[2, 5000\]; got 5001"),
        ({"field_of_view": "everywhere"}, "field_of_view"),
        ({"rcs_m2": 0.0}, "rcs must be above 0"),
    ],
)
def test_nonsense_is_refused(record: RadarRecord, given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        cut(record, **given)
