from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.catalog import load_catalog
from equipoise.catalog.positions import SensorSiteRecord
from equipoise.catalog.quantity import Sourced
from equipoise.physics import Site
from equipoise.sensors import Signature
from equipoise.sensors.handover import ArcTable
from equipoise.sensors.station import Sector, Station, sectors_of
from equipoise.study import load_network_study
from equipoise.study.network_model import SensorPlacement

CATALOG = load_catalog()
# Edges nearer than this are joined, and a direction this near to an edge is on neither side. [deg]
TOUCH_DEG = 0.02


def placed(site: str, radar_range: str, *, turn_deg: float = 0.0, floor_deg: float | None = None) -> SensorPlacement:
    record = CATALOG.sensor_site(site)
    return SensorPlacement(
        id="it",
        site=record,
        radar=CATALOG.radar(record.radar),
        lat_rad=math.radians(40.0),
        lon_rad=math.radians(140.0),
        turn_rad=math.radians(turn_deg),
        mode=None,
        radar_range=radar_range,
        field_of_view="sector",
        elevation_floor_rad=None if floor_deg is None else math.radians(floor_deg),
    )


def in_degrees(sectors: tuple[Sector, ...]) -> list[tuple[float, ...]]:
    """Boresight, half-width, floor and top."""
    return [
        tuple(
            round(math.degrees(angle), 6)
            for angle in (s.boresight_rad, s.half_width_rad, s.elevation_floor_rad, s.elevation_max_rad)
        )
        for s in sectors
    ]


def sectors(site: str, **changes: float) -> list[tuple[float, ...]]:
    record = CATALOG.sensor_site(site)
    return in_degrees(sectors_of(record, CATALOG.radar(record.radar), **changes))


def test_three_faces_of_120_degrees_are_the_whole_circle() -> None:
    assert [sector[1:] for sector in sectors("fylingdales-uewr")] == [(180.0, 3.0, 85.0)]


def test_four_faces_of_90_degrees_are_the_whole_circle_however_the_ship_heads() -> None:
    for heading_deg in (0.0, 17.0, 200.0):
        assert [sector[1] for sector in sectors("aegis-ship", turn_rad=math.radians(heading_deg))] == [180.0]


def test_two_faces_side_by_side_are_one_sector() -> None:
    # 186 and 306 degrees, each 60 to either side: 126 to 6 degrees, 240 wide about 246.
    assert sectors("beale-uewr") == [(246.0, 120.0, 3.0, 85.0)]


def test_one_array_with_two_stages_of_elevation_stays_two() -> None:
    assert sectors("shemya-cobra-dane") == [(319.0, 60.0, 2.0, 30.0), (319.0, 68.0, 30.0, 80.0)]


def test_a_lone_face_stays_as_it_is() -> None:
    assert sectors("seongju-tpy-2") == [(340.0, 60.0, 5.0, 90.0)]
    assert sectors("seongju-tpy-2", turn_rad=math.radians(50.0)) == [(30.0, 60.0, 5.0, 90.0)]
    assert sectors("shariki-tpy-2") == [(290.0, 60.0, 0.0, 90.0)]  # its site lowers the radar's 5 degrees to 0


def test_an_elevation_floor_replaces_that_of_every_face() -> None:
    assert sectors("seongju-tpy-2", elevation_floor_rad=0.0) == [(340.0, 60.0, 0.0, 90.0)]
    floors = [sector[2] for sector in sectors("shemya-cobra-dane", elevation_floor_rad=math.radians(10.0))]
    assert floors == [10.0, 10.0]
    station = Station.of(placed("seongju-tpy-2", "lewis-postol-870", floor_deg=2.0))
    assert [math.degrees(watch.radar.elevation_floor_rad) for watch in station.watches] == pytest.approx([2.0])


def number(value: float) -> Sourced:
    any_angle = CATALOG.sensor_site("seongju-tpy-2").faces[0].boresight_rad
    return replace(any_angle, value=value, low=value, high=value)


def site_of(faces_deg: list[tuple[float, float, float, float]]) -> SensorSiteRecord:
    """A site with faces of boresight, half-width, floor and top."""
    record = CATALOG.sensor_site("seongju-tpy-2")
    faces = tuple(
        record.faces[0].model_copy(
            update={
                "name": f"face-{i}",
                "boresight_rad": number(math.radians(boresight)),
                "half_width_rad": number(math.radians(half)),
                "elevation_floor_rad": number(math.radians(floor)),
                "elevation_max_rad": number(math.radians(top)),
            }
        )
        for i, (boresight, half, floor, top) in enumerate(faces_deg)
    )
    return record.model_copy(update={"faces": faces})


TPY_2 = CATALOG.radar("an-tpy-2")


@pytest.mark.parametrize(
    ("second_deg", "expected"),
    [
        (121.0, [(0.0, 60.0), (121.0, 60.0)]),  # a degree between them
        (120.0, [(60.0, 120.0)]),
        (239.0, [(0.0, 60.0), (239.0, 60.0)]),  # a degree between them across north
        (240.0, [(300.0, 120.0)]),
    ],
)
def test_a_gap_of_a_degree_keeps_two_sectors(second_deg: float, expected: list[tuple[float, float]]) -> None:
    found = in_degrees(sectors_of(site_of([(0.0, 60.0, 3.0, 85.0), (second_deg, 60.0, 3.0, 85.0)]), TPY_2))
    assert [sector[:2] for sector in found] == expected


def test_a_wide_face_swallows_narrow_ones_wherever_they_look() -> None:
    faces = [(0.0, 10.0, 3.0, 85.0), (20.0, 60.0, 3.0, 85.0), (70.0, 5.0, 3.0, 85.0)]
    assert in_degrees(sectors_of(site_of(faces), TPY_2)) == [(20.0, 60.0, 3.0, 85.0)]


def test_each_stage_of_elevation_closes_its_own_circle() -> None:
    faces = [(350.0, 20.0, 3.0, 30.0), (20.0, 20.0, 3.0, 30.0), (350.0, 20.0, 30.0, 80.0), (20.0, 20.0, 30.0, 80.0)]
    assert in_degrees(sectors_of(site_of(faces), TPY_2)) == [(5.0, 35.0, 3.0, 30.0), (5.0, 35.0, 30.0, 80.0)]


def test_arrays_that_are_steered_about_their_normals_stay_apart() -> None:
    two = site_of([(100.0, 60.0, 5.0, 90.0), (220.0, 60.0, 5.0, 90.0)])
    sensor = replace(placed("seongju-tpy-2", "lewis-postol-870"), site=two)
    joined, faces = Station.of(sensor), Station.of(replace(sensor, field_of_view="face"))
    assert [math.degrees(watch.boresight_rad) for watch in joined.watches] == pytest.approx([160.0])
    assert [math.degrees(watch.boresight_rad) for watch in faces.watches] == pytest.approx([100.0, 220.0])
    assert all(watch.radar.face is not None for watch in faces.watches)


def off_deg(azimuth_deg: float, boresight_deg: float) -> float:
    return abs((azimuth_deg - boresight_deg + 180.0) % 360.0 - 180.0)


faces_of_a_site = st.lists(
    st.tuples(
        st.floats(-360.0, 720.0),
        st.floats(0.1, 180.0),
        st.sampled_from([0.0, 3.0]),
        st.sampled_from([30.0, 80.0]),
    ),
    min_size=1,
    max_size=8,
)


@given(faces_of_a_site, st.floats(-360.0, 360.0))
def test_a_direction_is_in_a_sector_if_and_only_if_a_face_looks_there(
    faces: list[tuple[float, float, float, float]], turn_deg: float
) -> None:
    joined = in_degrees(sectors_of(site_of(faces), TPY_2, math.radians(turn_deg)))
    edges = [(boresight + turn_deg + side * half) % 360.0 for boresight, half, _, _ in faces for side in (-1, 1)]
    # A degree apart, and just beside every edge.
    for azimuth in [*np.arange(0.5, 360.0, 1.0), *(edge + side * 0.05 for edge in edges for side in (-1, 1))]:
        if any(off_deg(azimuth, edge) < TOUCH_DEG for edge in edges):
            continue
        for elevation in (1.0, 10.0, 50.0):
            by_face = any(
                floor < elevation < top and off_deg(azimuth, boresight + turn_deg) < half
                for boresight, half, floor, top in faces
            )
            by_sector = any(
                floor < elevation < top and off_deg(azimuth, boresight) < half for boresight, half, floor, top in joined
            )
            assert by_face == by_sector, azimuth
    for i, (boresight, half, *elevations) in enumerate(joined):
        assert 0.0 < half <= 180.0
        for other, other_half, *others in joined[i + 1 :]:
            if elevations == others:  # apart: what could be joined has been
                assert off_deg(boresight, other) > half + other_half


def test_a_beam_follows_from_the_antenna_where_the_record_has_it() -> None:
    station = Station.of(placed("seongju-tpy-2", "lewis-postol-870"))
    assert station.beam is not None
    # 10 GHz: 29.979 mm; 9.2 m2 at 0.8: 7.36 m2; 0.029979^2 / 7.36 = 1.2211e-4 sr.
    assert station.beam.solid_angle_sr == pytest.approx(1.2211e-4, rel=1e-4)  # as many digits as are written here
    assert station.beam.dwell_s == pytest.approx(0.1, rel=1e-12)
    # sqrt(7.36) = 2.7129 m: 0.8859 x 0.029979 / 2.7129 = 9.790 mrad, 0.561 degrees.
    assert station.beamwidth_rad == pytest.approx(9.790e-3, rel=1e-3)
    assert station.searches_alone
    assert station.watches[0].frame_s == 60.0


@pytest.mark.parametrize(
    ("site", "radar_range", "width_deg", "dwell_s", "frame_s"),
    [
        ("aegis-ship", "estimate-310", 1.7, 0.01, 18.0),
        ("fylingdales-uewr", "catalogue-5556", 2.2, 0.054, 2.5),
        ("shemya-cobra-dane", "catalogue-4200", 0.6, 0.03, 18.0),
        ("sbx-1", "encyclopaedia-2000", 0.1, 0.1, None),
    ],
)
def test_without_an_antenna_the_record_says_how_wide_the_beam_is(
    site: str, radar_range: str, width_deg: float, dwell_s: float, frame_s: float | None
) -> None:
    station = Station.of(placed(site, radar_range))
    assert station.beam is not None
    assert station.beamwidth_rad == pytest.approx(math.radians(width_deg), rel=1e-12)
    # sin(x)^2 = x^2 / 2 at x = 1.3916: the width to half power is 0.8859 lambda / D, and the beam (lambda / D)^2.
    assert station.beam.solid_angle_sr == pytest.approx((math.radians(width_deg) * math.pi / 2.78311) ** 2, rel=1e-5)
    assert station.beam.dwell_s == pytest.approx(dwell_s, rel=1e-12)
    assert station.searches_alone == (frame_s is not None)
    if frame_s is not None:
        assert {watch.frame_s for watch in station.watches} == {frame_s}


def test_only_a_radar_without_a_frame_finds_nothing_by_itself() -> None:
    stations = [Station.of(sensor) for sensor in load_network_study("russia-view").sensors]
    assert [station.id for station in stations if not station.searches_alone] == ["sbx"]


def test_a_station_stands_and_looks_where_the_study_says() -> None:
    station = Station.of(placed("shemya-cobra-dane", "catalogue-4200", turn_deg=10.0))
    assert station.site == Site(math.radians(40.0), math.radians(140.0))
    assert [math.degrees(watch.boresight_rad) for watch in station.watches] == pytest.approx([329.0, 329.0], abs=1e-9)
    assert [math.degrees(watch.radar.elevation_max_rad) for watch in station.watches] == pytest.approx([30.0, 80.0])
    assert {watch.radar.reference_range_m for watch in station.watches} == {4200e3}


@pytest.mark.parametrize(
    ("site", "radar_range", "ratio"),
    [("seongju-tpy-2", "lewis-postol-870", 1.0), ("beale-uewr", "catalogue-5556", 30.0)],
)
def test_a_longer_wave_enlarges_the_separated_body_and_nothing_else(site: str, radar_range: str, ratio: float) -> None:
    station = Station.of(placed(site, radar_range))
    assert station.rcs_ratio == ratio
    separates = Signature.from_record(CATALOG.missile("df-31a"))
    whole = Signature.from_record(CATALOG.missile("scud-b"))
    assert (separates.separates, whole.separates) == (True, False)
    table = ArcTable(np.zeros((3, 1, 6)), np.zeros((3, 2)), (separates, whole, separates))
    seen = table.seen_by(station)
    assert seen[0] is seen[2]
    assert (seen[0].boost, seen[0].booster) == (separates.boost, separates.booster)
    for aspect_rad in (0.0, 1.0, math.pi):
        before, after = float(separates.body.at(aspect_rad)), float(seen[0].body.at(aspect_rad))
        assert after == pytest.approx(ratio * before, rel=1e-12)  # a product, up to rounding
    # What does not separate flies on with its booster, as large as before.
    assert seen[1].after_burnout == whole.after_burnout
