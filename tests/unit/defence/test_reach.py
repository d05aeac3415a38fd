from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.catalog.records import InterceptorRecord
from equipoise.defence import Reach, reach_table
from equipoise.defence.reach import REFERENCE_ELEVATION_RAD, interceptor_missile
from equipoise.errors import InputError
from equipoise.physics import Aim, Site, fly

# Bilinear interpolation between nodes 1 km apart.
TABLE_TOLERANCE_S = 0.15


@pytest.fixture(scope="module")
def record() -> InterceptorRecord:
    return load_catalog().interceptor("thaad")


@pytest.fixture(scope="module")
def reach(record: InterceptorRecord) -> Reach:
    return reach_table(record, cached=False)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EQUIPOISE_CACHE_DIR", str(tmp_path))
    return tmp_path / "reach"


def changed(record: InterceptorRecord, **values: float) -> InterceptorRecord:
    return record.model_copy(update={name: replace(getattr(record, name), value=v) for name, v in values.items()})


def test_the_table_is_what_one_interceptor_flies(record: InterceptorRecord, reach: Reach) -> None:
    # No interceptor comes sooner than the table says, and one at each point comes about then: fly a fan of our own.
    missile = interceptor_missile(record)
    for degrees in (20.0, 35.0, 52.3, 71.7, 85.0):
        arc = fly(missile, Site(0.0, 0.0), Aim(math.pi / 2, math.radians(degrees)), rotation=False)
        end = min(arc.apogee_time_s, 140.0)
        times = np.linspace(10.0, end, 40)
        r, _ = arc.at(times)
        ground = np.arctan2(r[:, 1], r[:, 0]) * 6371008.8
        height = np.linalg.norm(r, axis=1) - 6378137.0  # on the equator
        inside = (height > 40e3) & (height < 150e3) & (ground < 200e3)
        if not inside.any():
            continue
        table = reach.time_to(ground[inside], height[inside])
        assert np.all(table <= times[inside] + TABLE_TOLERANCE_S)
        # Rising arcs are the quickest way to where they go, if another elevation is not a little quicker.
        assert np.all(table >= 0.9 * times[inside])


def test_the_burnout_speed_is_the_records(record: InterceptorRecord) -> None:
    arc = fly(interceptor_missile(record), Site(0.0, 0.0), Aim(math.pi / 2, REFERENCE_ELEVATION_RAD), rotation=False)
    assert arc.burnout_speed_mps == pytest.approx(record.burnout_speed_mps.value, abs=0.01)
    assert arc.burnout.time_s == record.burn_time_s.value


def test_limits_are_exact(reach: Reach) -> None:
    limits = reach.limits
    assert np.isfinite(reach.time_to(100e3, limits.min_altitude_m))
    assert np.isinf(reach.time_to(100e3, limits.min_altitude_m - 0.01))
    assert np.isfinite(reach.time_to(100e3, limits.max_altitude_m))
    assert np.isinf(reach.time_to(100e3, limits.max_altitude_m + 0.01))
    assert np.isfinite(reach.time_to(limits.max_range_m, 80e3))
    assert np.isinf(reach.time_to(limits.max_range_m + 0.01, 80e3))


def test_the_limit_of_flight_time_cuts_exactly(reach: Reach) -> None:
    ground, altitude = np.meshgrid(np.linspace(0.0, 200e3, 81), np.linspace(40e3, 150e3, 45))
    times = reach.time_to(ground, altitude)
    shorter = replace(reach, limits=replace(reach.limits, max_flight_time_s=60.0)).time_to(ground, altitude)
    assert np.array_equal(shorter, np.where(times <= 60.0, times, np.inf))


def test_overhead_is_in_reach_at_every_altitude(reach: Reach) -> None:
    heights = np.arange(40e3, 150e3, 500.0)
    times = reach.time_to(0.0, heights)
    assert np.all(np.isfinite(times))
    assert np.all(np.diff(times) > 0.0)


def test_farther_takes_longer_at_one_altitude(reach: Reach) -> None:
    for altitude in (40e3, 80e3, 120e3, 149e3):
        times = reach.time_to(np.arange(0.0, 200e3, 2e3), altitude)
        finite = times[np.isfinite(times)]
        assert len(finite) > 50
        # Flat at first: the column overhead is as quick as 1 km beside it, within the table's rounding.
        assert np.all(np.diff(finite) > -0.01)


def test_a_vacuum_is_quicker_than_air_and_a_heavier_kill_vehicle_than_a_light_one(record: InterceptorRecord) -> None:
    points = (np.array([60e3, 120e3, 180e3]), np.array([60e3, 60e3, 60e3]))
    light, normal, heavy = (
        reach_table(changed(record, ballistic_coefficient_kg_m2=beta), cached=False).time_to(*points)
        for beta in (3300.0, 6600.0, 1e9)
    )
    assert np.all(heavy < normal)
    assert np.all(normal < light)
    # Ignored drag after burnout is worth tens of per cent far out.
    assert light[2] > 1.1 * heavy[2]


def test_a_faster_interceptor_is_never_later(record: InterceptorRecord, reach: Reach) -> None:
    slower = reach_table(changed(record, burnout_speed_mps=2400.0), cached=False)
    ground, altitude = np.meshgrid(np.linspace(0.0, 200e3, 41), np.linspace(40e3, 150e3, 23))
    fast, slow = reach.time_to(ground, altitude), slower.time_to(ground, altitude)
    assert np.all(fast <= slow)


def test_an_impossible_speed_says_what_is_possible(record: InterceptorRecord) -> None:
    with pytest.raises(InputError, match=r"interceptor thaad: burnout_speed must lie between .* got 20.00 km/s"):
        reach_table(changed(record, burnout_speed_mps=20e3), cached=False)


def test_the_table_is_cached_and_read_again(record: InterceptorRecord, own_cache: Path) -> None:
    first = reach_table(record)
    files = list(own_cache.glob("*.npy"))
    assert len(files) == 1
    # Marked, so that reading it is told from flying it.
    marked = np.load(files[0])
    marked[0, 0] = 123.0
    np.save(files[0], marked)
    assert reach_table(record).table[0, 0] == 123.0
    assert first.table[0, 0] != 123.0
    # Another interceptor has another file; another lowest altitude has not: limits are not cut into the table.
    reach_table(changed(record, burn_time_s=15.0))
    assert len(list(own_cache.glob("*.npy"))) == 2
    assert reach_table(changed(record, min_altitude_m=50e3)).table[0, 0] == 123.0


@pytest.mark.parametrize("content", [b"", b"not numpy at all", b"\x93NUMPY\x01\x00garbage"])
def test_a_spoilt_cache_file_is_flown_anew(
    record: InterceptorRecord, reach: Reach, own_cache: Path, content: bytes
) -> None:
    reach_table(record)
    (path,) = own_cache.glob("*.npy")
    path.write_bytes(content)
    assert np.array_equal(reach_table(record).table, reach.table)
    assert np.array_equal(np.load(path), reach.table)


def test_a_cache_file_of_the_wrong_shape_is_flown_anew(
    record: InterceptorRecord, reach: Reach, own_cache: Path
) -> None:
    reach_table(record)
    (path,) = own_cache.glob("*.npy")
    np.save(path, reach.table[:20, :20])
    assert reach_table(record).table.shape == reach.table.shape


def test_a_cache_that_cannot_be_written_is_only_slower(
    record: InterceptorRecord, reach: Reach, own_cache: Path
) -> None:
    own_cache.parent.mkdir(exist_ok=True)
    own_cache.write_text("a file where the directory should be")
    assert np.array_equal(reach_table(record).table, reach.table)
