from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import InputError
from equipoise.physics import Site, destination
from equipoise.physics.earth_kernels import ecef_of
from equipoise.sensors import FACE, Face, Radar, TerrainMask, coverage_reasons, look_at
from equipoise.sensors.radar import REASON_WORDS

SITE = Site.of_degrees(35.92, 128.28)
NORTH = 0.0
# Angles at the radar against angles on a flat Earth, for points 100 km away: the Earth curves by 0.9 degrees.
FLAT_EARTH_RAD = math.radians(1.0)


@pytest.fixture(scope="module")
def sector() -> Radar:
    return Radar.from_record(load_catalog().radar("an-tpy-2"), "lewis-postol-870")


@pytest.fixture(scope="module")
def face(sector: Radar) -> Radar:
    return replace(sector, face=Face(math.radians(30.0), math.radians(55.0), 3.0))


def point(bearing_deg: float, distance_km: float, altitude_km: float) -> np.ndarray:
    there = destination(SITE, math.radians(bearing_deg), distance_km * 1e3)
    return np.array([ecef_of(there.lat_rad, there.lon_rad, altitude_km * 1e3)])


def reason(radar: Radar, bearing_deg: float, distance_km: float, altitude_km: float) -> str:
    looks = look_at(radar, radar.view(SITE, NORTH, 0.01), point(bearing_deg, distance_km, altitude_km))
    return REASON_WORDS[int(looks.reason[0])]


@pytest.mark.parametrize("bearing_deg", [0.0, 30.0, 60.0, 130.0])
@pytest.mark.parametrize("elevation_deg", [10.0, 45.0, 80.0])
def test_the_angle_off_the_normal_is_that_of_the_two_vectors(
    face: Radar, bearing_deg: float, elevation_deg: float
) -> None:
    rise_km = 100.0 * math.tan(math.radians(elevation_deg))
    looks = look_at(face, face.view(SITE, NORTH, 0.01), point(bearing_deg, 100.0, rise_km))
    az, el, tilt = math.radians(bearing_deg), math.radians(elevation_deg), math.radians(30.0)
    ray = np.array([math.cos(el) * math.sin(az), math.cos(el) * math.cos(az), math.sin(el)])
    normal = np.array([0.0, math.cos(tilt), math.sin(tilt)])
    assert looks.off_rad[0] == pytest.approx(math.acos(ray @ normal), abs=FLAT_EARTH_RAD)


@pytest.mark.parametrize(
    ("bearing_deg", "distance_km", "altitude_km", "sector_says", "face_says"),
    [
        (0.0, 300.0, 100.0, "visible", "visible"),
        (0.0, 10.0, 200.0, "visible", "field of view"),  # 87 degrees up: 57 off the normal
        (0.0, 60.0, 200.0, "visible", "visible"),  # 73 degrees up: 43 off
        (90.0, 60.0, 200.0, "field of view", "field of view"),  # beside: 61 off
        (65.0, 100.0, 119.0, "field of view", "visible"),  # 50 up, beyond the sector: 52 off
        (58.0, 300.0, 60.0, "visible", "field of view"),  # 10 up, inside the sector: 57 off
        (180.0, 300.0, 100.0, "field of view", "field of view"),
        (0.0, 300.0, 20.0, "elevation floor", "elevation floor"),
    ],
)
def test_a_face_and_a_sector_differ_high_up_and_at_the_sides(
    sector: Radar,
    face: Radar,
    bearing_deg: float,
    distance_km: float,
    altitude_km: float,
    sector_says: str,
    face_says: str,
) -> None:
    assert reason(sector, bearing_deg, distance_km, altitude_km) == sector_says
    assert reason(face, bearing_deg, distance_km, altitude_km) == face_says


def test_a_face_tilted_enough_sees_past_the_zenith(sector: Radar) -> None:
    steep = replace(sector, face=Face(math.radians(60.0), math.radians(60.0), 3.0), elevation_max_rad=math.pi / 2)
    assert reason(steep, 180.0, 50.0, 200.0) == "visible"  # 76 degrees up behind it: 44 off
    assert reason(sector, 180.0, 50.0, 200.0) == "field of view"


@pytest.mark.parametrize("off_deg", [0.0, 30.0, 49.0])
def test_the_detection_range_shrinks_off_the_normal(face: Radar, off_deg: float) -> None:
    # On the bearing at which a point 45 degrees up stands the wanted angle off a normal tilted by 45 degrees.
    tilted = replace(face, face=Face(math.radians(45.0), math.radians(50.0), 3.0))
    cos_az = (math.cos(math.radians(off_deg)) - 0.5) / 0.5
    bearing_deg = math.degrees(math.acos(cos_az))
    points = np.vstack([point(bearing_deg, ground_km, 1.09 * ground_km) for ground_km in np.linspace(300, 700, 401)])
    looks = look_at(tilted, tilted.view(SITE, NORTH, 0.01), points)
    seen_m = looks.slant_m[looks.reason == 0].max()
    off = looks.off_rad[looks.reason == 0][-1]
    assert seen_m == pytest.approx(870e3 * math.cos(off) ** 0.75, abs=2e3)  # the points lie 1.5 km apart
    # Where it is seen last, the signal is the required one.
    assert looks.snr[looks.reason == 0][-1] == pytest.approx(tilted.reference_snr, rel=0.01)


def test_the_shares_of_signal_and_range() -> None:
    # At 60 degrees half the aperture is seen, twice: a quarter of the signal, and its fourth root of the range.
    only_aperture = Face(0.5, math.radians(60.0), 2.0)
    assert only_aperture.signal_share(math.radians(60.0)) == pytest.approx(0.25, rel=1e-12)
    assert only_aperture.range_share(math.radians(60.0)) == pytest.approx(0.5**0.5, rel=1e-12)
    assert only_aperture.signal_share(math.radians(60.1)) == 0.0


HILLS = TerrainMask(tuple(np.radians(np.arange(0.0, 360.0, 10.0))), tuple(np.radians([12.0] * 18 + [2.0] * 18)))


@pytest.mark.parametrize(
    ("bearing_deg", "elevation_deg", "expected"),
    [
        (20.0, 11.0, "terrain mask"),
        (20.0, 13.5, "visible"),
        (330.0, 8.0, "visible"),
        (330.0, 1.5, "elevation floor"),  # the floor of the search comes first
        (355.0, 6.0, "terrain mask"),  # half way up the slope from 2 to 12 degrees, across north: 7 degrees
        (355.0, 8.5, "visible"),
        (90.0, 11.0, "terrain mask"),  # outside the sector too: the skyline is named first
        (90.0, 20.0, "field of view"),
    ],
)
def test_the_skyline_hides_what_is_below_it(
    sector: Radar, bearing_deg: float, elevation_deg: float, expected: str
) -> None:
    hidden = replace(sector, mask=HILLS)
    rise_km = 100.0 * math.tan(math.radians(elevation_deg)) + 0.8  # the Earth's curve at 100 km
    assert reason(hidden, bearing_deg, 100.0, rise_km) == expected


@pytest.mark.parametrize("masked", [False, True])
def test_a_slice_is_what_the_face_sees_of_each_point(face: Radar, masked: bool) -> None:
    radar = replace(face, mask=HILLS) if masked else face
    view = radar.view(SITE, NORTH, 0.01)
    lat, lon = np.radians(np.linspace(30.0, 45.0, 23)), np.radians(np.linspace(118.0, 138.0, 19))
    covered = coverage_reasons(view, lat, lon, 100e3)
    points = np.array([ecef_of(a, b, 100e3) for a in lat for b in lon])
    assert np.array_equal(covered.ravel(), look_at(radar, view, points).reason)
    assert len(np.unique(covered)) >= 4


def test_a_slice_without_face_is_what_one_with_a_low_skyline_gives(sector: Radar) -> None:
    # The quick slice of a plain sector against the whole one, which a skyline below the horizon calls for.
    sunk = replace(sector, mask=TerrainMask(HILLS.az_rad, (math.radians(-5.0),) * 36))
    lat, lon = np.radians(np.linspace(30.0, 45.0, 61)), np.radians(np.linspace(118.0, 138.0, 57))
    slices = [coverage_reasons(radar.view(SITE, NORTH, 0.01), lat, lon, 100e3) for radar in (sector, sunk)]
    assert np.array_equal(*slices)


CIRCLE = [0.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0, 210.0, 240.0, 270.0, 300.0, 330.0]


@pytest.mark.parametrize(
    ("azimuth_deg", "elevation_deg", "message"),
    [
        (CIRCLE[:-1], [1.0] * 11, "azimuth: a hole from 300 to 0 deg; allowed: steps of at most 30 deg"),
        (CIRCLE[:3] + CIRCLE[4:], [1.0] * 11, "azimuth: a hole from 60 to 120 deg"),
        ([0.0, 30.0, 20.0, *CIRCLE[2:]], [1.0] * 13, "azimuth: got 20 deg after 30 deg; allowed: increasing"),
        ([0.0, *CIRCLE], [1.0] * 13, "azimuth: got 0 deg after 0 deg"),
        ([*CIRCLE, 360.0], [1.0] * 13, "azimuth: got 360 deg"),
        (CIRCLE, [1.0] * 11, "lists of one length"),
        ([0.0], [1.0], "lists of one length"),
        (CIRCLE, [math.nan] + [1.0] * 11, "elevation: got nan deg; allowed: finite"),
        (CIRCLE, [89.0] + [1.0] * 11, "elevation: got 89 deg"),
        ([math.inf, *CIRCLE[1:]], [1.0] * 12, "azimuth: got inf deg"),
    ],
)
def test_a_skyline_with_holes_is_refused(azimuth_deg: list[float], elevation_deg: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        TerrainMask(tuple(np.radians(azimuth_deg)), tuple(np.radians(elevation_deg)))
    assert "terrain_mask" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"azimuth_half_width_rad": 0.0}, "azimuth_half_width: got 0 deg, so it looks nowhere"),
        ({"azimuth_half_width_rad": math.nan}, "azimuth_half_width: got nan deg"),
        ({"elevation_floor_rad": 1.0, "elevation_max_rad": 0.5}, "elevation_floor: must lie below elevation_max"),
        ({"face": Face(0.5, 0.0, 3.0)}, "face.half_width: got 0 deg, so it looks nowhere"),
        ({"face": Face(0.0, 0.05, 3.0)}, "face.tilt: got 0 deg, so it looks nowhere"),
        ({"face": Face(1.5, 0.2, 3.0), "elevation_max_rad": 0.5}, "face.tilt: got 85.9437 deg, so it looks nowhere"),
    ],
)
def test_a_radar_that_looks_nowhere_is_refused(sector: Radar, changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        replace(sector, **changes)  # type: ignore[arg-type]
    assert str(caught.value).startswith("an-tpy-2, ")


@pytest.mark.parametrize("exponent", [-1.0, math.nan, math.inf])
def test_impossible_scan_loss_is_refused(exponent: float) -> None:
    with pytest.raises(InputError, match=r"face\.scan_exponent must be at least 0"):
        Face(0.5, 1.0, exponent)


def test_the_record_gives_a_face_when_asked() -> None:
    record = load_catalog().radar("an-tpy-2")
    assert Radar.from_record(record).face is None
    asked = Radar.from_record(record, field_of_view=FACE)
    assert asked.face is not None
    assert math.degrees(asked.face.half_width_rad) == pytest.approx(60.0, rel=1e-12)
    with pytest.raises(InputError, match='field_of_view: got "round"; allowed: sector, face'):
        Radar.from_record(record, field_of_view="round")
    with pytest.raises(InputError, match="the record has none"):
        Radar.from_record(record.model_copy(update={"face": None}), field_of_view=FACE)
