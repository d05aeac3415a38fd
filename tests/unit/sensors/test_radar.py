from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import InputError
from equipoise.physics import Site, destination
from equipoise.physics.earth_kernels import ecef_of
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import (
    REASON_WORDS,
    Radar,
    coverage_reasons,
    emptied_by,
    horizon_range_m,
    look_at,
    ray_altitude_m,
    required_snr,
)

SITE = Site.of_degrees(35.92, 128.28)
BORESIGHT = math.radians(340.0)


@pytest.fixture(scope="module")
def radar() -> Radar:
    return Radar.from_record(load_catalog().radar("an-tpy-2"), "lewis-postol-870")


def reason(radar: Radar, bearing_deg: float, distance_km: float, altitude_km: float, rcs_m2: float = 0.01) -> str:
    there = destination(SITE, math.radians(bearing_deg), distance_km * 1e3)
    point = np.array([ecef_of(there.lat_rad, there.lon_rad, altitude_km * 1e3)])
    return REASON_WORDS[int(look_at(radar, radar.view(SITE, BORESIGHT, rcs_m2), point).reason[0])]


@pytest.mark.parametrize(
    ("bearing_deg", "distance_km", "altitude_km", "expected"),
    [
        (340.0, 300.0, 100.0, "visible"),
        (340.0, 300.0, 3.0, "horizon"),  # hidden below 5 km
        (340.0, 300.0, 20.0, "elevation floor"),  # 5 degrees are 32 km up there
        (340.0, 1000.0, 300.0, "detection range"),
        (160.0, 300.0, 100.0, "field of view"),
        (41.0, 300.0, 100.0, "field of view"),  # 61 degrees off
        (39.0, 300.0, 100.0, "visible"),  # 59 degrees off, across north
        (279.0, 300.0, 100.0, "field of view"),
        (281.0, 300.0, 100.0, "visible"),
        # The first of several reasons in the order of naming.
        (160.0, 1000.0, 20.0, "horizon"),
        (160.0, 3000.0, 2000.0, "field of view"),
    ],
)
def test_what_hides_a_point(
    radar: Radar, bearing_deg: float, distance_km: float, altitude_km: float, expected: str
) -> None:
    assert reason(radar, bearing_deg, distance_km, altitude_km) == expected


def test_a_ceiling_of_elevation_is_part_of_the_field_of_view(radar: Radar) -> None:
    low = replace(radar, elevation_max_rad=math.radians(60.0))
    assert reason(low, 340.0, 50.0, 100.0) == "field of view"  # 63 degrees up
    assert reason(low, 340.0, 80.0, 100.0) == "visible"  # 51 degrees up


def test_angles_and_range_of_a_point(radar: Radar) -> None:
    # 100 km to the north-east, 100 km up: 45 degrees less the Earth's curve (0.45 degrees each way, by hand).
    there = destination(SITE, math.radians(20.0), 100e3)
    looks = look_at(radar, radar.view(SITE, BORESIGHT, 0.01), np.array([ecef_of(there.lat_rad, there.lon_rad, 100e3)]))
    assert math.degrees(looks.az_rad[0]) == pytest.approx(20.0, abs=0.01)
    assert math.degrees(looks.el_rad[0]) == pytest.approx(45.0, abs=0.7)
    assert looks.slant_m[0] == pytest.approx(100e3 * math.sqrt(2.0), rel=0.01)


def test_signal_falls_with_the_fourth_power_of_range_and_rises_with_cross_section(radar: Radar) -> None:
    points = np.array([ecef_of(p.lat_rad, p.lon_rad, 100e3) for p in (destination(SITE, BORESIGHT, d) for d in (3e5,))])
    small = look_at(radar, radar.view(SITE, BORESIGHT, 0.01), points)
    large = look_at(radar, radar.view(SITE, BORESIGHT, 0.1), points)
    assert large.snr[0] == pytest.approx(10.0 * small.snr[0], rel=1e-9)
    # At the published range the signal is the required one.
    assert small.snr[0] * (small.slant_m[0] / 870e3) ** 4 == pytest.approx(radar.reference_snr, rel=1e-9)


def test_coverage_is_symmetric_about_the_boresight(radar: Radar) -> None:
    # A radar on the equator looking north: west and east are mirror images.
    site = Site.of_degrees(0.0, 50.0)
    view = radar.view(site, 0.0, 0.01)
    lat, lon = np.radians(np.linspace(-5.0, 15.0, 81)), np.radians(50.0 + np.linspace(-12.0, 12.0, 97))
    covered = coverage_reasons(view, lat, lon, 100e3)
    assert np.array_equal(covered, covered[:, ::-1])
    assert {int(code) for code in np.unique(covered)} >= {vk.VISIBLE, vk.ELEVATION_FLOOR, vk.FIELD_OF_VIEW}


def test_a_coverage_slice_is_what_the_radar_sees_of_each_point(radar: Radar) -> None:
    view = radar.view(SITE, BORESIGHT, 0.01)
    lat, lon = np.radians(np.linspace(30.0, 45.0, 23)), np.radians(np.linspace(118.0, 138.0, 19))
    covered = coverage_reasons(view, lat, lon, 100e3)
    points = np.array([ecef_of(a, b, 100e3) for a in lat for b in lon])
    assert np.array_equal(covered.ravel(), look_at(radar, view, points).reason)


def test_the_disc_of_coverage_ends_at_the_horizon(radar: Radar) -> None:
    wide = replace(radar, azimuth_half_width_rad=math.pi, elevation_floor_rad=0.0).with_range(1e8)
    for altitude_m in (10e3, 100e3, 500e3):
        edge_km = horizon_range_m(altitude_m) / 1e3
        # 0.4 %: the radar stands on the ellipsoid, the horizon on the mean sphere.
        assert reason(wide, 200.0, 0.996 * edge_km, altitude_m / 1e3) == "visible"
        assert reason(wide, 200.0, 1.004 * edge_km, altitude_m / 1e3) == "horizon"


@pytest.mark.parametrize("rcs_m2", [0.0, -1.0, math.nan, math.inf])
def test_impossible_cross_sections_are_refused(radar: Radar, rcs_m2: float) -> None:
    with pytest.raises(InputError, match="rcs must be above 0 m2 and finite"):
        radar.detection_range_m(rcs_m2)


@pytest.mark.parametrize("altitude_m", [-1.0, math.nan, math.inf, 2e8])
def test_impossible_altitudes_are_refused(radar: Radar, altitude_m: float) -> None:
    with pytest.raises(InputError, match="altitude must lie in"):
        coverage_reasons(radar.view(SITE, BORESIGHT, 0.01), np.zeros(2), np.zeros(2), altitude_m)


def test_the_required_signal_is_the_textbooks() -> None:
    # Pd 0.9, Pfa 1e-6, one pulse: 13.2 dB steady, 21.1 dB Swerling 1 (Skolnik, 3rd ed., 2001, figures 2.6 and 2.22).
    snr = required_snr(load_catalog().radar("an-tpy-2"))
    assert 10.0 * math.log10(snr["steady"]) == pytest.approx(13.2, abs=0.2)
    assert 10.0 * math.log10(snr["swerling_1"]) == pytest.approx(21.1, abs=0.1)


# Heights hidden below the radar's horizon and below a floor of 5 degrees at 4/3 Earth radius, from the project's table
# of published-style values (ground distance km: horizon km, floor km), which is to 1 km.
@pytest.mark.parametrize(
    ("ground_km", "horizon_km", "floor_km"), [(500.0, 15.0, 59.0), (870.0, 45.0, 122.0), (1500.0, 134.0, 271.0)]
)
def test_a_ray_follows_the_four_thirds_earth(ground_km: float, horizon_km: float, floor_km: float) -> None:
    for elevation_deg, expected_km in ((0.0, horizon_km), (5.0, floor_km)):
        altitude_m = ray_altitude_m(np.radians(elevation_deg), ground_km * 1e3)
        assert altitude_m / 1e3 == pytest.approx(expected_km, abs=1.0)


def test_a_ray_straight_up_comes_over_nothing_else() -> None:
    assert ray_altitude_m(np.pi / 2, 1e3) == np.inf


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((vk.HORIZON, vk.VISIBLE), ""),
        ((vk.HORIZON, vk.TERRAIN_MASK, vk.ELEVATION_FLOOR), "terrain mask"),  # its code is the highest, not its turn
        ((vk.TERRAIN_MASK, vk.FIELD_OF_VIEW), "field of view"),
        ((vk.DETECTION_RANGE, vk.FIELD_OF_VIEW), "detection range"),
        ((vk.HORIZON,), "horizon"),
    ],
)
def test_what_empties_a_picture_is_the_last_reason_got_as_far_as(codes: tuple[int, ...], words: str) -> None:
    assert emptied_by(np.array([codes], dtype=np.int8)) == words
