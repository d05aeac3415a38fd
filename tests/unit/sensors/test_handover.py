from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pymap3d
import pytest

from equipoise.arrays import FloatArray
from equipoise.catalog import load_catalog
from equipoise.errors import InputError
from equipoise.physics import Missile, Site, Trajectory, aim_at, fly
from equipoise.physics.fan import trajectory_arc
from equipoise.sensors import Accuracy, Beam, Signature, Tracker, signal_along, timeline, track_bound
from equipoise.sensors.handover import (
    ArcTable,
    Cues,
    Found,
    alone,
    cued,
    cued_searches,
    falling_tracks_s,
    first_in_view,
    fresh_track_share,
    signal_at,
    spans_of,
    track_cues,
    warning_cues,
)
from equipoise.sensors.station import Station
from equipoise.study.network_model import SensorPlacement

CATALOG = load_catalog()
LAUNCH, TARGET = Site.of_degrees(39.2, 125.7), Site.of_degrees(35.2, 129.1)
# Large, and the same from every side: one look is enough, and nothing but geometry decides.
BALL = Signature.constant(1.0)
# Interpolated arcs are good to a few metres at hundreds of kilometres.
ARC = 2e-5


def station(site: str = "seongju-tpy-2", radar_range: str = "lewis-postol-870", **changes: object) -> Station:
    record = CATALOG.sensor_site(site)
    position = CATALOG.position_rad(record) or (math.radians(36.0), math.radians(129.0))
    sensor = SensorPlacement(
        id=site,
        site=record,
        radar=CATALOG.radar(record.radar),
        lat_rad=position[0],
        lon_rad=position[1],
        turn_rad=0.0,
        mode=None,
        radar_range=radar_range,
        field_of_view="sector",
    )
    return Station.of(replace(sensor, **changes))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def flight() -> Trajectory:
    missile = Missile.from_record(CATALOG.missile("nodong"))
    return fly(missile, LAUNCH, aim_at(missile, LAUNCH, TARGET, trajectory="cut-off"))


def table_of(flight: Trajectory, *signatures: Signature) -> ArcTable:
    n = len(signatures)
    times_s = np.array([[flight.burnout.time_s, flight.time_of_flight_s]] * n)
    return ArcTable(np.array([trajectory_arc(flight)] * n), times_s, signatures)


def slant_m(flight: Trajectory, site: Site, time_s: float) -> float:
    """From the flight itself and another library's place of the site."""
    x = np.array(pymap3d.geodetic2ecef(site.lat_rad, site.lon_rad, 0.0, deg=False))
    return float(np.linalg.norm(flight.at(time_s)[0] - x))


def cues_at(time_s: float, measured_s: float, position_m: float, velocity_mps: float) -> Cues:
    return Cues(np.array([time_s]), np.array([measured_s]), np.array([position_m]), np.array([velocity_mps]))


NEVER = np.array([math.inf])


# How well a fresh track is known.


@pytest.mark.parametrize(("confirm_s", "looks"), [(5.0, 6), (10.0, 11), (1.0, 2), (0.2, 2), (2.4, 3)])
def test_a_fresh_track_is_a_straight_line_through_its_looks(confirm_s: float, looks: int) -> None:
    times = np.arange(looks) - 0.5 * (looks - 1)
    _, covariance = np.polyfit(times, np.zeros(looks), 1, w=np.ones(looks), cov="unscaled")
    slope_sd, middle_sd = np.sqrt(np.diag(covariance))
    assert fresh_track_share(confirm_s) == pytest.approx((middle_sd, slope_sd), rel=1e-10)  # least squares in doubles


def test_so_do_many_lines_through_noise() -> None:
    lines = 20_000
    noise = np.random.default_rng(3).normal(size=(6, lines))
    slopes, middles = np.polyfit(np.arange(6) - 2.5, noise, 1)
    # A standard deviation from n draws is good to 1 / sqrt(2 n), 0.5 %: four of those.
    assert fresh_track_share(5.0) == pytest.approx((middles.std(), slopes.std()), rel=0.02)


@pytest.mark.parametrize(
    ("range_floor_m", "most"),
    [
        # Ranges too coarse to say anything of the speed across: the bound has the signal of each look, the cue that of
        # the middle for all; in 5 s the range changes by 1 to 2 %, and with its square the error of a look by twice
        # that.
        (100.0, 1.05),
        # Ranges to a metre: how they curve in 5 s says something of the speed across the line of sight, in the plane of
        # the arc, which the cue leaves out.
        (0.0, 1.3),
    ],
)
def test_a_fresh_track_is_as_good_as_the_bound_on_its_looks(
    flight: Trajectory, range_floor_m: float, most: float
) -> None:
    seongju = station()
    signature = Signature.constant(0.01)
    firm_s = flight.burnout.time_s + 60.0
    found = Found(np.array([firm_s]), np.array([firm_s - 5.0]), np.array([0]))
    table = table_of(flight, signature)
    cues = track_cues(seongju, table, found, spans_of(seongju, table))
    assert cues.time_s[0] == firm_s
    assert cues.measured_s[0] == firm_s - 2.5
    watch = seongju.watches[0]
    accuracy = Accuracy.from_record(CATALOG.radar("an-tpy-2"), range_floor_m=range_floor_m)
    tracker = Tracker(watch.radar, seongju.site, watch.boresight_rad, accuracy)
    bound = track_bound(flight, [tracker], 0.01, start_s=firm_s - 5.0, stop_s=firm_s)
    at = int(np.argmin(abs(bound.time_s - firm_s)))
    assert bound.time_s[at] == pytest.approx(firm_s, abs=1e-9)
    assert bound.looks[at] == 6
    site = np.array(pymap3d.geodetic2ecef(seongju.site.lat_rad, seongju.site.lon_rad, 0.0, deg=False))
    sight = flight.at(firm_s)[0] - site
    level = np.cross(sight, site)
    upright = np.cross(sight, level)
    # At the last look the line's error is that of its middle and 2.5 s of its slope's.
    end_m = math.hypot(cues.position_sigma_m[0], 2.5 * cues.velocity_sigma_mps[0])
    for axis in (level / np.linalg.norm(level), upright / np.linalg.norm(upright)):
        position_m = math.sqrt(axis @ bound.covariance_ecef[at, :3, :3] @ axis)
        velocity_mps = math.sqrt(axis @ bound.covariance_ecef[at, 3:, 3:] @ axis)
        assert 0.97 < end_m / position_m < most
        assert 0.97 < cues.velocity_sigma_mps[0] / velocity_mps < most


def test_a_sensor_without_a_track_or_of_unknown_beam_gives_no_cue(flight: Trajectory) -> None:
    table = table_of(flight, BALL, BALL)
    found = Found(np.array([200.0, math.inf]), np.array([195.0, math.inf]), np.array([0, 0]))
    assert track_cues(station(), table, found, spans_of(station(), table)).time_s.tolist() == [200.0, math.inf]
    blunt = replace(station(), beamwidth_rad=None)
    assert track_cues(blunt, table, found, spans_of(blunt, table)).time_s.tolist() == [math.inf, math.inf]


def test_a_weak_signal_counts_as_the_one_that_detection_asks_for(flight: Trajectory) -> None:
    found = Found(np.array([200.0]), np.array([195.0]), np.array([0]))
    tables = [table_of(flight, Signature.constant(rcs_m2)) for rcs_m2 in (1.0, 1e-7, 1e-9)]
    strong, weak, weaker = (track_cues(station(), table, found, spans_of(station(), table)) for table in tables)
    assert strong.position_sigma_m[0] < weak.position_sigma_m[0]
    assert weaker.position_sigma_m[0] == weak.position_sigma_m[0]


def test_a_sensor_that_follows_its_target_renews_its_cue_until_it_loses_it() -> None:
    # Confirmed at 100 s by looks from 95 s on, followed to 160 s, 10 s by link: what is at hand at 130 s is of 120 s,
    # less half of the five seconds of looks that it rests on; from 170 s on it grows old.
    cues = Cues(
        np.array([100.0]), np.array([97.5]), np.array([1e3]), np.array([100.0]), np.array([157.5]), np.array([2.5])
    ).later(10.0)
    assert cues.time_s.tolist() == [110.0]
    valid = [float(cues.valid_s(np.array([at_s]))[0]) for at_s in (110.0, 130.0, 170.0, 400.0)]
    assert valid == [97.5, 117.5, 157.5, 157.5]
    once = Cues(np.array([100.0]), np.array([97.5]), np.array([1e3]), np.array([100.0])).later(10.0)
    assert once.valid_s(np.array([400.0])).tolist() == [97.5]


def test_a_track_is_followed_to_the_end_of_its_stretch_in_view(flight: Trajectory) -> None:
    table = table_of(flight, BALL)
    ((starts_s, ends_s),) = spans_of(station(), table)
    firm_s = starts_s[:, 0] + 20.0
    found = Found(firm_s, firm_s - 5.0, np.array([0]))
    cues = track_cues(station(), table, found, ((starts_s, ends_s),))
    assert cues.renewed_until_s is not None
    assert cues.renewed_until_s[0] == ends_s[0, 0] - 2.5


# Launch warning.


@pytest.mark.parametrize(
    ("bound", "times_s", "position_m", "velocity_mps"),
    [
        # 60 s (30 to 120) after launch, but not before 20 s (5 to 60) after the end of thrust; 2 km (0.5 to 5) and
        # 50 m/s (20 to 150). Late and coarse is worse.
        ("value", [60.0, 120.0], 2000.0, 50.0),
        ("low", [120.0, 160.0], 5000.0, 150.0),
        ("high", [35.0, 105.0], 500.0, 20.0),
    ],
)
def test_launch_warning_comes_after_the_engine_and_low_is_the_worse_end(
    bound: str, times_s: list[float], position_m: float, velocity_mps: float
) -> None:
    record = CATALOG.launch_warning("overhead-infrared")
    cues = warning_cues(record, np.array([30.0, 100.0]), bound)  # type: ignore[arg-type]
    assert cues.time_s.tolist() == pytest.approx(times_s, rel=1e-12)
    assert cues.measured_s.tolist() == [30.0, 100.0]
    assert cues.position_sigma_m.tolist() == pytest.approx([position_m] * 2, rel=1e-12)
    assert cues.velocity_sigma_mps.tolist() == pytest.approx([velocity_mps] * 2, rel=1e-12)


def test_a_link_delays_a_cue_and_changes_nothing_else() -> None:
    cues = cues_at(100.0, 90.0, 1.0, 2.0)
    later = cues.later(10.0)
    assert later.time_s.tolist() == [110.0]
    for name in ("measured_s", "position_sigma_m", "velocity_sigma_mps"):
        assert getattr(later, name) is getattr(cues, name)


# The search of a cue's volume.


def searched(
    flight: Trajectory, cues: Cues, begin_s: float, beam: Beam | None = None, looker: Station | None = None
) -> tuple[float, float]:
    seongju = station() if looker is None else looker
    chosen = seongju.beam if beam is None else beam
    assert chosen is not None
    rows = cued_searches(seongju, chosen, seongju.watches[0], table_of(flight, BALL), cues, np.array([begin_s]))
    return float(rows[0, 0]), float(rows[0, 1])


def test_the_cone_of_a_cue_is_filled_with_beams(flight: Trajectory) -> None:
    range_m = slant_m(flight, station().site, 200.0)
    # Three standard deviations span 10 degrees: 2 pi (1 - cos 10 deg) = 0.095456 sr, and 0.095456 / 1.2211e-4 = 781.7:
    # 782 beams of 0.1 s.
    cues = cues_at(200.0, 200.0, range_m * math.tan(math.radians(10.0)) / 3.0, 0.0)
    frame_s, ready_s = searched(flight, cues, 200.0)
    assert frame_s == pytest.approx(78.2, abs=1e-6)
    assert ready_s == 200.0


def test_a_cue_grows_with_its_age(flight: Trajectory) -> None:
    # 300 m and 4 m/s for 100 s: 500 m, three times that 1500 m.
    range_m = slant_m(flight, station().site, 220.0)
    frame_s, _ = searched(flight, cues_at(130.0, 120.0, 300.0, 4.0), 220.0, Beam(1e-8, 1e-2))
    cone_sr = math.pi * (1500.0 / range_m) ** 2  # a narrow cone is a disc; 1500 m in 300 km: to 1e-5
    assert frame_s == pytest.approx(cone_sr / 1e-8 * 1e-2, rel=2e-4)  # a thousand beams or more, rounded up


def test_nothing_is_looked_at_more_often_than_once_a_second(flight: Trajectory) -> None:
    assert searched(flight, cues_at(200.0, 200.0, 1.0, 0.0), 200.0)[0] == 1.0
    # Eleven beams of 0.1 s take longer than that: 1.2211e-4 sr x 10.5 = pi tan^2, tan = 0.020202.
    range_m = slant_m(flight, station().site, 200.0)
    assert searched(flight, cues_at(200.0, 200.0, range_m * 0.020202 / 3.0, 0.0), 200.0)[0] == pytest.approx(1.1)


def test_a_volume_that_would_take_hours_is_not_searched(flight: Trajectory) -> None:
    wide = cues_at(200.0, 200.0, 1e9, 0.0)
    # Half the sky: 2 pi / 1.2211e-4 = 51,450 beams, 5,145 s; for a beam of 0.1 degrees 160,000 s.
    frame_s, ready_s = searched(flight, wide, 200.0)
    assert (frame_s, ready_s) == (pytest.approx(5145.0, rel=1e-3), 200.0)
    narrow = station("sbx-1", "encyclopaedia-2000")
    assert searched(flight, wide, 200.0, looker=narrow)[1] == math.inf


@pytest.mark.parametrize(
    ("measured_before_s", "begin_after_s", "pushed_m"),
    [
        (30.0, -20.0, 1500.0),  # 10 s under 30 m/s2: 30 x 10^2 / 2
        (10.0, 20.0, 7500.0),  # 10 s under thrust, then 20 s at 300 m/s: 1500 + 6000
        (0.0, 20.0, 0.0),  # measured at the end of thrust
        (-5.0, 20.0, 0.0),  # or after it
    ],
)
def test_while_the_engine_burns_the_volume_grows_as_fast_as_three_g_push(
    flight: Trajectory, measured_before_s: float, begin_after_s: float, pushed_m: float
) -> None:
    burnout_s = flight.burnout.time_s
    begin_s = burnout_s + begin_after_s
    beam = Beam(1e-9, 1e-3)
    sigma_m = 100.0
    frame_s, _ = searched(flight, cues_at(begin_s, burnout_s - measured_before_s, sigma_m, 0.0), begin_s, beam)
    cone_sr = math.pi * ((3.0 * sigma_m + pushed_m) / slant_m(flight, station().site, begin_s)) ** 2
    # A disc for a narrow cone: 7.8 km in 300 km is 0.03 %; hundreds of beams, rounded up: 0.2 %.
    assert frame_s == pytest.approx(max(1.0, cone_sr / 1e-9 * 1e-3), rel=3e-3)


def test_a_cued_track_is_firm_a_frame_and_the_confirmation_after_the_cue(flight: Trajectory) -> None:
    seongju = station()
    table = table_of(flight, BALL)
    spans = spans_of(seongju, table)
    range_m = slant_m(flight, seongju.site, 200.0)
    cues = cues_at(200.0, 200.0, range_m * math.tan(math.radians(3.0)) / 3.0, 0.0)
    # 2 pi (1 - cos 3 deg) = 8.6109e-3 sr; over 1.2211e-4: 70.5, so 71 beams and 7.1 s; then 5 s to confirm.
    found = cued(seongju, table, cues, spans, NEVER)
    assert found.detection_s[0] == pytest.approx(207.1, abs=1e-6)
    assert found.firm_s[0] == pytest.approx(212.1, abs=1e-6)


def test_a_search_waits_for_the_target_to_come_into_view(flight: Trajectory) -> None:
    seongju = station()
    table = table_of(flight, BALL)
    spans = spans_of(seongju, table)
    opens_s = float(spans[0][0][0, 0])
    assert opens_s > 10.0
    found = cued(seongju, table, cues_at(5.0, 5.0, 1.0, 0.0), spans, NEVER)
    # Beams of 0.1 s at the line of sight, but the engine burns: half of 30 m/s2 over opens_s - 5 s.
    pushed_m = 15.0 * (opens_s - 5.0) ** 2
    half = math.atan((3.0 + pushed_m) / slant_m(flight, seongju.site, opens_s))
    beams = math.ceil(2.0 * math.pi * (1.0 - math.cos(half)) / 1.22113e-4)
    assert found.firm_s[0] == pytest.approx(opens_s + max(1.0, 0.1 * beams) + 5.0, abs=0.11)  # one beam more or less
    after_impact = cues_at(flight.time_of_flight_s + 1.0, 5.0, 1.0, 0.0)
    assert cued(seongju, table, after_impact, spans, NEVER).firm_s[0] == math.inf


def test_a_cue_helps_neither_a_radar_without_a_beam_nor_one_with_an_earlier_track(flight: Trajectory) -> None:
    seongju = station()
    table = table_of(flight, BALL)
    spans = spans_of(seongju, table)
    cues = cues_at(200.0, 200.0, 1.0, 0.0)
    assert cued(seongju, table, cues, spans, NEVER).firm_s[0] == pytest.approx(206.0, abs=1e-6)
    assert cued(replace(seongju, beam=None), table, cues, spans, NEVER).firm_s[0] == math.inf
    assert cued(seongju, table, cues, spans, np.array([206.1])).firm_s[0] == pytest.approx(206.0, abs=1e-6)
    assert cued(seongju, table, cues, spans, np.array([206.0])).firm_s[0] == math.inf


def test_no_cue_no_search(flight: Trajectory) -> None:
    seongju = station()
    table = table_of(flight, BALL)
    never = Cues(NEVER, np.array([math.nan]), np.array([math.nan]), np.array([math.nan]))
    assert cued(seongju, table, never, spans_of(seongju, table), NEVER).firm_s[0] == math.inf


# Alone, in view, falling.


def test_alone_a_radar_finds_what_its_timeline_says(flight: Trajectory) -> None:
    signature = Signature.from_record(CATALOG.missile("nodong"))
    table = table_of(flight, signature)
    seongju = station()
    seen = timeline(flight, seongju.watches[0], signature)
    found = alone(seongju, table)
    assert found.firm_s[0] == seen.firm_track_s
    assert found.detection_s[0] == seen.detection_s
    assert alone(replace(seongju, searches_alone=False), table).firm_s[0] == math.inf


def test_of_several_faces_the_first_to_have_a_track_counts(flight: Trajectory) -> None:
    table = table_of(flight, BALL)
    seongju = station()
    away = replace(seongju.watches[0], boresight_rad=seongju.watches[0].boresight_rad + math.pi)
    slow = replace(seongju.watches[0], frame_s=90.0)
    found = alone(replace(seongju, watches=(away, slow, *seongju.watches)), table)
    assert found.watch[0] == 2
    assert found.firm_s[0] == alone(seongju, table).firm_s[0]


NAN = math.nan


@pytest.mark.parametrize(
    ("after_s", "starts_s", "ends_s", "expected"),
    [
        (5.0, [10.0, 30.0], [20.0, 40.0], 10.0),
        (15.0, [10.0, 30.0], [20.0, 40.0], 15.0),
        (25.0, [10.0, 30.0], [20.0, 40.0], 30.0),
        (20.0, [10.0, 30.0], [20.0, 40.0], 30.0),  # the stretch is over at that moment
        (45.0, [10.0, 30.0], [20.0, 40.0], math.inf),
        (math.inf, [10.0, 30.0], [20.0, 40.0], math.inf),
        (15.0, [10.0, NAN], [20.0, NAN], 15.0),
        (15.0, [NAN, NAN], [NAN, NAN], math.inf),
        (15.0, [], [], math.inf),
    ],
)
def test_the_first_moment_in_view(after_s: float, starts_s: list[float], ends_s: list[float], expected: float) -> None:
    found = first_in_view(np.array([after_s]), np.array([starts_s]), np.array([ends_s]))
    assert found.tolist() == [expected]


def spans(*each: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
    return np.array([[start for start, _ in each]]), np.array([[end for _, end in each]])


@pytest.mark.parametrize(
    ("firm_after_s", "views", "expected_after_s"),
    [
        (10.0, [spans((-20.0, 50.0))], 10.0),  # firm after the end of thrust
        (-10.0, [spans((-20.0, 50.0))], 0.0),  # firm under thrust, still in view at its end
        (-10.0, [spans((-20.0, -5.0), (30.0, 50.0))], 30.0),  # lost before, back later
        (-10.0, [spans((-20.0, -5.0)), spans((40.0, 50.0))], 40.0),  # back in another face
        (-10.0, [spans((-20.0, -5.0))], math.inf),  # never back
        (math.inf, [spans((-20.0, 50.0))], math.inf),
    ],
)
def test_a_track_counts_once_the_missile_falls(
    flight: Trajectory, firm_after_s: float, views: list[tuple[FloatArray, FloatArray]], expected_after_s: float
) -> None:
    burnout_s = flight.burnout.time_s
    shifted = [(starts + burnout_s, ends + burnout_s) for starts, ends in views]
    found = falling_tracks_s(table_of(flight, BALL), np.array([burnout_s + firm_after_s]), shifted)
    assert found[0] == pytest.approx(burnout_s + expected_after_s, rel=1e-12)


def test_the_signal_at_a_moment_is_that_along_the_flight(flight: Trajectory) -> None:
    signature = Signature.from_record(CATALOG.missile("nodong"))
    watch = station().watches[0]
    times = np.linspace(1.0, flight.time_of_flight_s - 1.0, 60)
    table = table_of(flight, *[signature] * len(times))
    range_m, snr = signal_at(watch, table.arcs, table.times_s, table.signatures, times)
    along = signal_along(flight, watch, signature, times)
    assert snr == pytest.approx(along.snr, rel=1e-6, abs=1e-12)
    assert np.count_nonzero(snr) > 20
    expected = [slant_m(flight, watch.site, float(t)) for t in times]
    assert range_m == pytest.approx(expected, rel=ARC)
    none = signal_at(watch, table.arcs[:1], table.times_s[:1], [signature], NEVER)
    assert np.isnan(none).all()


def test_arcs_times_and_signatures_go_together(flight: Trajectory) -> None:
    table = table_of(flight, BALL, BALL)
    with pytest.raises(InputError, match="must be equally many; got 2, 2, 1"):
        ArcTable(table.arcs, table.times_s, (BALL,))
    with pytest.raises(InputError, match="must be equally many; got 2, 1, 2"):
        ArcTable(table.arcs, table.times_s[:1], (BALL, BALL))
    assert len(table.part(np.array([1]))) == 1
