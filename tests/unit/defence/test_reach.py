from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.records import InterceptorRecord
from equipoise.defence import Reach, reach_kernels, reach_table
from equipoise.defence.reach import REFERENCE_ELEVATION_RAD, interceptor_missile, table_step_m
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


def test_one_stage_and_one_kilometre_are_flown_as_they_always_were(record: InterceptorRecord, reach: Reach) -> None:
    # The numbers of the first version, written out: elevations, time step and nodes of THAAD's table, to the last bit.
    missile = interceptor_missile(record)
    angles = np.radians(np.concatenate([np.arange(4.0, 60.0, 1.0), np.arange(60.0, 94.1, 0.5)]))
    times = np.arange(0.0, 2.0 * 150.0 + 0.5, 0.5)
    ground, altitude = np.empty((2, len(angles), len(times)))
    arrays = (missile.stage_array, missile.vehicle_array, missile.drag_array)
    reach_kernels.fly_plane(*arrays, angles, 0.1, times, ground, altitude)
    table = np.empty((203, 153))
    reach_kernels.shortest_times(times, ground, altitude, 1000.0, table)
    assert np.array_equal(reach.table, table)
    assert reach.step_m == 1000.0
    assert len(missile.stages) == 1
    assert missile.stages[0].inert_kg == 0.0


def made_up(value: float, unit: str = "1") -> Sourced:
    return Sourced(value, value, value, unit, value, value, value, "team", "", "assumed", "made up for a test")


def staged(record: InterceptorRecord, count: int, share: float = 0.1, **values: float) -> InterceptorRecord:
    stages = {"stages": made_up(count), "structure_share": made_up(share)}
    return changed(record, **values).model_copy(update=stages)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_stages_share_propellant_and_drop_structure(record: InterceptorRecord, count: int) -> None:
    missile = interceptor_missile(staged(record, count, 0.15, burnout_speed_mps=4000.0, burn_time_s=60.0))
    stack = record.launch_mass_kg.value
    share = missile.stages[0].propellant_kg / stack
    for stage in missile.stages:
        assert stage.propellant_kg / stack == pytest.approx(share, rel=1e-12)
        assert stage.inert_kg / (stage.inert_kg + stage.propellant_kg) == pytest.approx(0.15, rel=1e-12)
        assert stage.burn_time_s == 60.0 / count
        stack -= stage.propellant_kg + stage.inert_kg
    assert missile.payload_kg == pytest.approx(stack, rel=1e-12)
    assert missile.launch_mass_kg == pytest.approx(record.launch_mass_kg.value, rel=1e-12)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_stages_in_a_vacuum_obey_the_rocket_equation(record: InterceptorRecord, count: int) -> None:
    # Burnt in 0.3 s: gravity then takes 0.3 s x 9.8 m/s2 = 3 m/s at most off what Tsiolkovsky's equation gives.
    missile = interceptor_missile(staged(record, count, burn_time_s=0.3)).in_vacuum()
    mass, speed = missile.launch_mass_kg, 0.0
    for stage in missile.stages:
        speed += record.isp_vacuum_s.value * 9.80665 * math.log(mass / (mass - stage.propellant_kg))
        mass -= stage.propellant_kg + stage.inert_kg
    arc = fly(missile, Site(0.0, 0.0), Aim(math.pi / 2, REFERENCE_ELEVATION_RAD), rotation=False)
    assert 0.0 < speed - arc.burnout_speed_mps < 3.0


def test_several_stages_burn_out_at_the_records_speed(record: InterceptorRecord) -> None:
    missile = interceptor_missile(staged(record, 3, burnout_speed_mps=4500.0, burn_time_s=90.0))
    arc = fly(missile, Site(0.0, 0.0), Aim(math.pi / 2, REFERENCE_ELEVATION_RAD), rotation=False)
    assert arc.burnout_speed_mps == pytest.approx(4500.0, abs=0.01)
    assert arc.burnout.time_s == pytest.approx(90.0)


def test_a_rise_comes_before_the_elevation(record: InterceptorRecord) -> None:
    risen = record.model_copy(update={"rise_time_s": made_up(3.0, "s"), "pitch_rate_rad_s": made_up(0.2, "rad/s")})
    arc = fly(interceptor_missile(risen), Site(0.0, 0.0), Aim(math.pi / 2, math.radians(30.0)), rotation=False)
    r, _ = arc.at(np.array([2.9, 12.0]))
    ground = np.arctan2(r[:, 1], r[:, 0]) * 6371008.8
    assert ground[0] == pytest.approx(0.0, abs=0.01)
    assert ground[1] > 1000.0


@pytest.mark.parametrize(
    ("greatest_range", "greatest_altitude", "step"),
    [(40e3, 40e3, 250.0), (99e3, 60e3, 250.0), (100e3, 60e3, 1e3), (200e3, 150e3, 1e3), (700e3, 400e3, 2e3)],
)
def test_tables_step_by_reach(reach: Reach, greatest_range: float, greatest_altitude: float, step: float) -> None:
    limits = replace(reach.limits, max_range_m=greatest_range, max_altitude_m=greatest_altitude)
    assert table_step_m(limits) == step


def test_no_table_grows_out_of_hand(reach: Reach) -> None:
    for greatest_range in (300e3, 900e3, 3e6, 7e6, 2e7):
        limits = replace(reach.limits, max_range_m=greatest_range, max_altitude_m=greatest_range / 3.0)
        step = table_step_m(limits)
        assert 40_000 < greatest_range / step * limits.max_altitude_m / step <= 160_000 or step == 1e3


def test_several_stages_that_cannot_say_what_is_possible(record: InterceptorRecord) -> None:
    with pytest.raises(InputError, match=r"interceptor thaad: burnout_speed must lie between .* got 1.00 km/s"):
        interceptor_missile(staged(record, 3, burnout_speed_mps=1000.0, burn_time_s=200.0))
    with pytest.raises(InputError, match=r"interceptor thaad: burn_time must be shorter for it to rise; got 2000 s"):
        interceptor_missile(staged(record, 3, burn_time_s=2000.0))


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
