from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pymap3d
import pytest
import xarray as xr

from equipoise.analysis.arcs import ArcCase, Arcs, fly_arcs
from equipoise.analysis.views import SAMPLE_STEP_S, sensor_views
from equipoise.catalog import load_catalog
from equipoise.physics import Missile, Site, aim_at, fly
from equipoise.sensors import Signature, look_at, signal_along
from equipoise.sensors.radar import REASON_WORDS
from equipoise.sensors.station import Station
from equipoise.study import load_network_study
from equipoise.study.network_model import SensorPlacement

CATALOG = load_catalog()
# Ends of stretches are bisected to 6 ms.
EDGE_S = 0.02


def arc(missile_id: str, area_id: str, target_id: str) -> ArcCase:
    missile, area, target = CATALOG.missile(missile_id), CATALOG.launch_area(area_id), CATALOG.place(target_id)
    launch = Site(area.lat_rad, area.lon_rad)
    flying = Missile.from_record(missile)
    aim = aim_at(flying, launch, Site(target.lat_rad, target.lon_rad), trajectory="cut-off")
    return ArcCase("All", missile, area, target, "cut-off", fly(flying, launch, aim))


@pytest.fixture(scope="module")
def arcs() -> Arcs:
    return Arcs(
        (
            arc("nodong", "sunan", "busan"),
            arc("nodong", "wonsan", "osaka"),
            arc("hwasong-12", "sunan", "hagatna"),
            arc("hwasong-15", "sunan", "los-angeles"),
        ),
        (),
    )


def placed(id: str, site: str, radar_range: str, at_deg: tuple[float, float], looks_deg: float) -> SensorPlacement:
    record = CATALOG.sensor_site(site)
    return SensorPlacement(
        id=id,
        site=record,
        radar=CATALOG.radar(record.radar),
        lat_rad=math.radians(at_deg[0]),
        lon_rad=math.radians(at_deg[1]),
        turn_rad=math.radians(looks_deg) - record.faces[0].boresight_rad.value,
        mode=None,
        radar_range=radar_range,
        field_of_view="sector",
    )


SEONGJU, TAIWAN = (35.9, 128.3), (26.0, 120.0)
PLACES = (
    placed("north", "seongju-tpy-2", "lewis-postol-870", SEONGJU, 340.0),
    placed("long", "seongju-tpy-2", "csis-3000", SEONGJU, 0.0),
    placed("south", "seongju-tpy-2", "csis-3000", SEONGJU, 190.0),
    placed("short", "aegis-ship", "estimate-310", TAIWAN, 0.0),
    placed("chile", "seongju-tpy-2", "press-4600", (-33.0, -71.0), 0.0),
    placed("two-stages", "shemya-cobra-dane", "catalogue-4200", (40.0, 140.0), 280.0),
    placed("narrow", "sbx-1", "encyclopaedia-2000", (37.0, 134.0), 285.0),
)


@pytest.fixture(scope="module")
def stations() -> tuple[Station, ...]:
    return tuple(Station.of(sensor) for sensor in PLACES)


@pytest.fixture(scope="module")
def views(stations: tuple[Station, ...], arcs: Arcs) -> xr.Dataset:
    return sensor_views(stations, arcs)


def test_the_table_says_what_was_flown_and_by_whom_it_is_seen(views: xr.Dataset, arcs: Arcs) -> None:
    assert views.in_view_s.dims == ("arc", "sensor")
    assert views.hidden_s.dims == ("reason", "arc", "sensor")
    assert views.sensor.values.tolist() == [sensor.id for sensor in PLACES]
    assert views.arc.values.tolist() == [
        "nodong/sunan/busan",
        "nodong/wonsan/osaka",
        "hwasong-12/sunan/hagatna",
        "hwasong-15/sunan/los-angeles",
    ]
    for i, case in enumerate(arcs.cases):
        assert views.time_of_flight_s.values[i] == case.flown.time_of_flight_s
        assert views.burnout_s.values[i] == case.flown.burnout.time_s
    assert sorted(views.reason.values.tolist()) == sorted(
        ["horizon", "elevation floor", "field of view", "detection range", "terrain mask"]
    )


def test_seconds_seen_and_hidden_are_those_of_the_flight(views: xr.Dataset) -> None:
    total = views.in_view_s + views.hidden_s.sum("reason")
    for sensor in ("north", "long", "south", "short", "chile", "narrow"):  # one sector each
        assert total.sel(sensor=sensor).values == pytest.approx(views.time_of_flight_s.values, rel=1e-9)


def test_two_watches_see_a_moment_once(views: xr.Dataset, stations: tuple[Station, ...], arcs: Arcs) -> None:
    two = stations[5]
    assert len(two.watches) == 2
    seen = views.in_view_s.sel(sensor="two-stages")
    assert (seen <= views.time_of_flight_s).all()
    each = [
        sensor_views([replace(two, watches=(watch,))], arcs).in_view_s.values[:, 0]  # one watch by itself
        for watch in two.watches
    ]
    assert (seen.values >= np.maximum(*each) - 1e-9).all()
    # Between 2 and 30 degrees and between 30 and 80 degrees: the two share no moment.
    assert seen.values == pytest.approx(each[0] + each[1], abs=4 * EDGE_S)
    assert each[0].max() > 10.0
    # The same watch twice is no more than once.
    twice = sensor_views([replace(two, watches=(two.watches[0], two.watches[0]))], arcs).in_view_s.values[:, 0]
    assert twice.tolist() == each[0].tolist()


def test_seconds_in_view_are_those_that_the_radar_has_at_each_moment(views: xr.Dataset, arcs: Arcs) -> None:
    # Geometry from another library's frames, signal by hand from the range equation's fourth power.
    case = arcs.cases[0]
    times = np.arange(0.05, case.flown.time_of_flight_s, 0.1)
    position, velocity = case.flown.at(times)
    site = np.radians(SEONGJU)
    az, el, slant = pymap3d.ecef2aer(*position.T, *site, 0.0, deg=False)
    off_north = np.degrees((az - math.radians(340.0) + math.pi) % (2.0 * math.pi) - math.pi)
    toward = np.array(pymap3d.geodetic2ecef(*site, 0.0, deg=False)) - position
    cosine = np.sum(toward * velocity, axis=1) / np.linalg.norm(toward, axis=1) / np.linalg.norm(velocity, axis=1)
    signature = Signature.from_record(case.missile)
    burning = times < case.flown.burnout.time_s
    aspect = np.arccos(np.clip(cosine, -1.0, 1.0))
    rcs_m2 = np.where(burning, signature.boost.at(aspect), signature.after_burnout.at(aspect))
    reach_m = 870e3 * (rcs_m2 / 0.01) ** 0.25
    # A ray through air bends with a quarter of the Earth's curvature: over a length s by s / (8 R) from its chord.
    el += slant / (8.0 * 6371e3)
    seen = (np.degrees(el) > 5.0) & (np.abs(off_north) < 60.0) & (slant < reach_m)
    # Counted in tenths of a second, with an edge of half of one at each end of a stretch or two.
    assert views.in_view_s.values[0, 0] == pytest.approx(0.1 * seen.sum(), abs=0.3)
    assert views.first_view_s.values[0, 0] == pytest.approx(times[seen][0], abs=0.15)
    assert views.lost_s.values[0, 0] == pytest.approx(times[seen][-1], abs=0.15)
    assert views.in_view_boost_s.values[0, 0] == pytest.approx(0.1 * (seen & burning).sum(), abs=0.3)


def binding(views: xr.Dataset, arc: int, sensor: str) -> str:
    return REASON_WORDS[int(views.binding.sel(sensor=sensor).values[arc])]


def test_what_hides_an_arc_that_is_never_seen(views: xr.Dataset) -> None:
    unseen = views.in_view_s == 0.0
    # Chile lies 16,000 km away: under the horizon of arcs within 1,000 km of North Korea and at most 400 km high.
    assert unseen.sel(sensor="chile").values[:2].all()
    assert [binding(views, i, "chile") for i in (0, 1)] == ["horizon", "horizon"]
    # To Osaka from Wonsan the missile keeps north and east of a radar that looks south from Seongju.
    assert unseen.sel(sensor="south").values[1]
    assert binding(views, 1, "south") == "field of view"
    # A range of 310 km for 0.02 m2, and a ship off Taiwan that looks all round: the arc rises, 1,400 km away and more.
    assert unseen.sel(sensor="short").values[1]
    assert binding(views, 1, "short") == "detection range"


def test_the_hand_analysis_of_what_hides_them_holds(arcs: Arcs) -> None:
    case = arcs.cases[1]
    position, _ = case.flown.at(np.linspace(0.0, case.flown.time_of_flight_s, 400))
    azimuth, elevation, _ = pymap3d.ecef2aer(*position.T, *SEONGJU, 0.0)
    off_south = np.abs((azimuth - 190.0 + 180.0) % 360.0 - 180.0)
    assert (off_south > 60.0)[elevation > 5.0].all()
    assert (elevation > 5.0).any()
    _, elevation, slant = pymap3d.ecef2aer(*position.T, *TAIWAN, 0.0)
    assert (elevation > 0.0).any()
    signature = Signature.from_record(case.missile)
    parts = (signature.boost, signature.after_burnout)
    largest_m2 = max(max(part.nose_m2, part.side_m2, part.rear_m2) for part in parts)
    assert slant.min() > 1400e3 > 310e3 * (largest_m2 / 0.02) ** 0.25
    _, elevation, _ = pymap3d.ecef2aer(*position.T, -33.0, -71.0, 0.0)
    assert (elevation < 0.0).all()


def test_what_hides_a_seen_arc_longest_binds_it(views: xr.Dataset) -> None:
    for i in range(views.sizes["arc"]):
        for sensor in ("north", "long", "narrow"):
            if views.in_view_s.sel(sensor=sensor).values[i] > 0.0:
                hidden = views.hidden_s.sel(sensor=sensor).isel(arc=i)
                assert binding(views, i, sensor) == str(hidden.reason.values[int(np.argmax(hidden.values))])


def test_larger_missiles_are_never_seen_for_less_time(views: xr.Dataset) -> None:
    assert (views.in_view_low_s <= views.in_view_s + EDGE_S).all()
    assert (views.in_view_s <= views.in_view_high_s + EDGE_S).all()
    assert (views.in_view_low_s < views.in_view_high_s - 1.0).any()


def test_of_the_time_in_view_thrust_and_rear_are_parts(views: xr.Dataset, arcs: Arcs) -> None:
    assert (views.in_view_boost_s <= views.burnout_s + 1e-9).all()
    assert (views.in_view_boost_s <= views.in_view_s + 1e-9).all()
    assert (views.in_view_rear_s <= views.in_view_s).all()
    assert views.in_view_boost_s.max() > 10.0
    # A missile on its way to Los Angeles leaves Seongju behind; one to Busan flies towards it until it has passed.
    assert views.in_view_rear_s.sel(sensor="long").values[3] > 0.9 * views.in_view_s.sel(sensor="long").values[3]
    assert views.in_view_rear_s.sel(sensor="north").values[0] < 0.1 * views.in_view_s.sel(sensor="north").values[0]


def test_from_behind_and_from_ahead_make_up_the_time_in_view(
    views: xr.Dataset, stations: tuple[Station, ...], arcs: Arcs
) -> None:
    for i, case in enumerate(arcs.cases):
        signature = Signature.from_record(case.missile)
        times = np.arange(0.0, case.flown.time_of_flight_s, 0.25)
        signal = signal_along(case.flown, stations[1].watches[0], signature, times)
        ahead = sum(
            0.25
            for reason, aspect in zip(signal.reason, signal.aspect_rad, strict=True)
            if reason == "visible" and aspect <= math.pi / 2
        )
        total = views.in_view_rear_s.sel(sensor="long").values[i] + ahead
        # Sampled every 2 s: half a step too much or too little at each end of at most four stretches.
        assert total == pytest.approx(views.in_view_s.sel(sensor="long").values[i], abs=2.0 * SAMPLE_STEP_S)


def test_moments_come_in_order_and_never_without_a_view(views: xr.Dataset) -> None:
    seen = views.in_view_s > 0.0
    assert (views.rise_s.where(seen) <= views.first_view_s.where(seen)).where(seen, True).all()
    assert (views.first_view_s < views.lost_s).where(seen, True).all()
    for name in ("first_view_s", "lost_s"):
        assert np.isnan(views[name].where(~seen)).all()
        assert np.isfinite(views[name].values[seen.values]).all()
    assert np.isnan(views.firm_track_s.sel(sensor="narrow")).all()  # it does not search by itself
    assert np.isfinite(views.firm_track_s.sel(sensor="north").values[0])


def test_the_best_signal_is_twenty_at_the_stated_range(views: xr.Dataset) -> None:
    # Required: a ratio of 20, 13.01 dB. What is in view has at least that.
    seen = views.in_view_s > 0.0
    assert (views.best_snr_db.where(seen) >= 13.0103 - 1e-4).where(seen, True).all()


def test_a_second_name_for_the_sensors_names_alternatives(stations: tuple[Station, ...], arcs: Arcs) -> None:
    ways = sensor_views(stations[:1], arcs, "alternative")
    assert ways.in_view_s.dims == ("arc", "alternative")


def test_looks_from_the_same_station_agree(views: xr.Dataset, stations: tuple[Station, ...], arcs: Arcs) -> None:
    # Where the horizon hides the arc, through the footprint's kernel and not the timeline's.
    watch, case = stations[4].watches[0], arcs.cases[3]
    times = np.arange(0.5, case.flown.time_of_flight_s, 1.0)
    reasons = look_at(watch.radar, watch.radar.view(watch.site, watch.boresight_rad, 1.0), case.flown.at(times)[0])
    hidden_s = float(np.sum(reasons.reason == 1))
    assert views.hidden_s.sel(reason="horizon", sensor="chile").values[3] == pytest.approx(hidden_s, abs=2.0)


def test_arcs_are_flown_in_order_and_those_out_of_reach_listed() -> None:
    study = load_network_study("northeast-asia")
    few = replace(study, groups=tuple(group for group in study.groups if group.missile.id in ("scud-c", "nodong")))
    found = fly_arcs(few)
    wanted = [
        (group.missile.id, area.id, target.id)
        for group in few.groups
        for area in group.launch_areas
        for target in group.targets
    ]
    flown = [(case.missile.id, case.launch_area.id, case.target.id) for case in found.cases]
    missing = [(gone.missile.id, gone.launch_area.id, gone.target.id) for gone in found.out_of_reach]
    assert sorted(flown + missing) == sorted(wanted)
    assert [one for one in wanted if one in flown] == flown
    for case in found.cases:
        lat, lon, _ = pymap3d.ecef2geodetic(*case.flown.at(case.flown.time_of_flight_s)[0])
        # It comes down where it was aimed at, to 20 m.
        assert lat == pytest.approx(math.degrees(case.target.lat_rad), abs=2e-4)
        assert lon == pytest.approx(math.degrees(case.target.lon_rad), abs=2e-4)
    assert found.cases[found.index_of(study.example)].id == "nodong/tonghae/osaka"
