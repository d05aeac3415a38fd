"""A battery that launches on another sensor's firm track, and a radar whose own comes late by its search."""

from __future__ import annotations

import math
from dataclasses import replace

import brute_force
import numpy as np
import pytest
from engagement_cases import ARCS, NORTH, RCS_M2, SITE, Outcome, arc, engage
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis.footprint import CaseFan, fly_fans
from equipoise.analysis.footprint import engage as engage_fans
from equipoise.catalog import load_catalog
from equipoise.defence import Battery
from equipoise.defence import engagement_kernels as ek
from equipoise.errors import InputError
from equipoise.physics import Site
from equipoise.sensors.radar import Radar
from equipoise.study import load_study
from equipoise.study.file import TrackUntil, TrajectoryKind

# The engagement is interpolated from 65 nodes of free flight and a golden section; brute force has steps of 0.02 s.
MARGIN_TOLERANCE_S = 0.1
TIME_TOLERANCE_S = 0.5
# Golden section and bisection stop at about a millisecond, on either side of the same best moment.
SEARCH_SLACK_S = 0.02
NEVER = math.inf
AS_SEEN = -math.inf

CATALOG = load_catalog()
LONG_SIGHTED = Radar.from_record(CATALOG.radar("an-tpy-2"), "lewis-postol-870")
SHORT_SIGHTED = replace(LONG_SIGHTED, reference_range_m=250e3)
NARROW = replace(LONG_SIGHTED, azimuth_half_width_rad=math.radians(20.0))
RADARS = {"long": LONG_SIGHTED, "short": SHORT_SIGHTED, "narrow": NARROW}
BATTERY = Battery.from_records(CATALOG.battery("thaad-battery"), CATALOG.interceptor("thaad"))
# The radar's own firm track and that of another sensor: late, early, before launch is thought of, never.
TRACKS = [
    (AS_SEEN, 60.0),
    (AS_SEEN, 130.0),
    (AS_SEEN, 0.0),
    (180.0, NEVER),
    (180.0, 90.0),
    (290.0, 90.0),
    (1e4, 90.0),
]

Which = tuple[str, tuple[float, float], tuple[float, float], TrajectoryKind]


def check_order(found: Outcome, radar: Radar, own_firm_s: float, remote_firm_s: float) -> None:
    """No launch before a firm track and the commitment to it, no intercept before the radar's own track."""
    firm_s = max(found.row[ek.E_DETECTION] + radar.confirm_time_s, own_firm_s)
    assert found.row[ek.E_FIRST_LAUNCH] >= min(firm_s, remote_firm_s) + BATTERY.commit_delay_s - 1e-9
    assert found.row[ek.E_FIRST_INTERCEPT] >= firm_s


@pytest.mark.parametrize("until", ["intercept", "launch"])
@pytest.mark.parametrize("tracks", TRACKS, ids=str)
@pytest.mark.parametrize("radar", RADARS.values(), ids=RADARS)
@pytest.mark.parametrize("which", ARCS, ids=lambda a: f"{a[0]}-{a[2][0]}-{a[3]}")
def test_margin_and_shots_are_those_of_brute_force(
    which: Which, radar: Radar, tracks: tuple[float, float], until: TrackUntil
) -> None:
    own_firm_s, remote_firm_s = tracks
    flown = arc(*which)
    ours = engage(flown, radar, BATTERY, own_firm_s=own_firm_s, remote_firm_s=remote_firm_s, track_until=until)
    theirs = brute_force.engage(
        flown, radar, BATTERY, SITE, NORTH, RCS_M2,
        own_firm_s=own_firm_s, remote_firm_s=remote_firm_s, blind=until == "launch",
    )  # fmt: skip
    assert ours.margin_s == pytest.approx(theirs.margin_s, abs=MARGIN_TOLERANCE_S)
    if abs(theirs.margin_s) > MARGIN_TOLERANCE_S:
        assert (ours.constraint == "defended") == (theirs.margin_s > 0.0)
        assert ours.shots == theirs.shots
    if theirs.shots > 0:
        assert ours.row[ek.E_DETECTION] == pytest.approx(theirs.first_detection_s, abs=TIME_TOLERANCE_S)
        assert ours.row[ek.E_FIRST_INTERCEPT] == pytest.approx(theirs.first_intercept_s, abs=TIME_TOLERANCE_S)
        check_order(ours, radar, own_firm_s, remote_firm_s)


def test_a_shot_is_as_early_as_the_launch_allows() -> None:
    flown = arc()
    ours = engage(flown, LONG_SIGHTED, BATTERY, own_firm_s=200.0)
    theirs = brute_force.engage(flown, LONG_SIGHTED, BATTERY, SITE, NORTH, RCS_M2, own_firm_s=200.0)
    assert ours.row[ek.E_FIRST_INTERCEPT] == pytest.approx(theirs.first_intercept_s, abs=TIME_TOLERANCE_S)
    assert ours.shots == theirs.shots


def test_a_track_before_sight_lets_the_launch_come_before_it_and_the_intercept_after() -> None:
    flown = arc()
    alone = engage(flown, SHORT_SIGHTED, BATTERY)
    helped = engage(flown, SHORT_SIGHTED, BATTERY, remote_firm_s=60.0)
    found_s = helped.row[ek.E_DETECTION]
    assert helped.row[ek.E_FIRST_LAUNCH] < found_s
    assert helped.row[ek.E_FIRST_INTERCEPT] >= found_s + SHORT_SIGHTED.confirm_time_s
    assert helped.margin_s > alone.margin_s
    assert helped.shots >= alone.shots


def test_without_sight_a_track_from_elsewhere_is_of_no_use() -> None:
    away = math.radians(160.0)
    blind = engage(arc(), LONG_SIGHTED, BATTERY, away)
    told = engage(arc(), LONG_SIGHTED, BATTERY, away, remote_firm_s=0.0)
    assert told.constraint == "field_of_view"
    np.testing.assert_array_equal(told.row, blind.row)


@pytest.mark.parametrize("until", ["intercept", "launch"])
def test_sight_too_short_for_a_track_of_its_own_meets_nothing(until: TrackUntil) -> None:
    slow = replace(LONG_SIGHTED, confirm_time_s=1e3)
    assert engage(arc(), slow, BATTERY, remote_firm_s=60.0, track_until=until).shots == 0


@pytest.mark.parametrize("which", ARCS, ids=lambda a: f"{a[0]}-{a[2][0]}-{a[3]}")
def test_a_track_from_elsewhere_no_earlier_than_the_own_changes_nothing(which: Which) -> None:
    alone = engage(arc(*which), LONG_SIGHTED, BATTERY)
    firm_s = alone.row[ek.E_DETECTION] + LONG_SIGHTED.confirm_time_s
    for later_s in (0.0, 1.0, 1e3, math.inf, math.nan):
        np.testing.assert_array_equal(
            engage(arc(*which), LONG_SIGHTED, BATTERY, remote_firm_s=firm_s + later_s).row, alone.row
        )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.sampled_from(ARCS),
    st.sampled_from(list(RADARS)),
    st.sampled_from(["intercept", "launch"]),
    st.floats(0.0, 400.0),
    st.floats(0.0, 400.0),
    st.one_of(st.just(AS_SEEN), st.floats(0.0, 400.0)),
)
def test_an_earlier_track_from_elsewhere_never_lowers_the_margin(
    which: Which, radar: str, until: TrackUntil, remote_firm_s: float, earlier_s: float, own_firm_s: float
) -> None:
    def margin_s(moment_s: float) -> float:
        return engage(
            arc(*which), RADARS[radar], BATTERY, own_firm_s=own_firm_s, remote_firm_s=moment_s, track_until=until
        ).margin_s

    late_s = margin_s(remote_firm_s)
    assert margin_s(max(0.0, remote_firm_s - earlier_s)) >= late_s - SEARCH_SLACK_S
    assert late_s >= margin_s(NEVER) - SEARCH_SLACK_S


def test_a_later_track_of_its_own_delays_the_launch() -> None:
    prompt = engage(arc(), LONG_SIGHTED, BATTERY)
    firm_s = prompt.row[ek.E_DETECTION] + LONG_SIGHTED.confirm_time_s
    for same_s in (AS_SEEN, math.nan, 0.0, firm_s):
        np.testing.assert_array_equal(engage(arc(), LONG_SIGHTED, BATTERY, own_firm_s=same_s).row, prompt.row)
    late = engage(arc(), LONG_SIGHTED, BATTERY, own_firm_s=firm_s + 40.0)
    assert late.row[ek.E_DETECTION] == prompt.row[ek.E_DETECTION]
    assert late.row[ek.E_FIRST_LAUNCH] >= firm_s + 40.0 + BATTERY.commit_delay_s - 1e-9
    assert 0.0 < late.margin_s <= prompt.margin_s


def test_a_search_too_slow_binds_as_timeline() -> None:
    prompt = engage(arc(), SHORT_SIGHTED, BATTERY)
    assert prompt.constraint == "defended"
    assert prompt.row[ek.E_DETECTION] > 0.0  # hidden before: without a late search, that would be what binds
    slow = engage(arc(), SHORT_SIGHTED, BATTERY, own_firm_s=prompt.row[ek.E_LOST] - 1.0)
    assert slow.constraint == "timeline"
    assert slow.margin_s < 0.0


def test_a_radar_that_never_has_a_track_engages_nothing() -> None:
    prompt = engage(arc(), LONG_SIGHTED, BATTERY)
    never = engage(arc(), LONG_SIGHTED, BATTERY, own_firm_s=NEVER, remote_firm_s=0.0)
    assert (never.constraint, never.shots, never.margin_s) == ("timeline", 0, ek.FLOOR_S)
    assert never.row[ek.E_DETECTION] == prompt.row[ek.E_DETECTION]
    assert np.isnan(never.row[[ek.E_FIRST_LAUNCH, ek.E_FIRST_INTERCEPT]]).all()
    unseen = engage(arc(), LONG_SIGHTED, BATTERY, math.radians(160.0), own_firm_s=NEVER)
    assert unseen.constraint == "field_of_view"


@pytest.fixture(scope="module")
def fans() -> tuple[CaseFan, ...]:
    study = load_study("seongju")
    nodong = next(threat for threat in study.threats if threat.missile.id == "nodong")
    return fly_fans(replace(study, threats=(nodong,), grid=replace(study.grid, rows=40, columns=40)))


def engage_grid(fans: tuple[CaseFan, ...], tracks_s: np.ndarray | None) -> np.ndarray:
    return engage_fans(fans, SHORT_SIGHTED, BATTERY, Site.of_degrees(35.92, 128.28), NORTH, tracks_s=tracks_s)


def test_on_a_grid_no_track_from_elsewhere_is_as_without_it(fans: tuple[CaseFan, ...]) -> None:
    points = (len(fans), len(fans[0].fan.index))
    alone = engage_grid(fans, None)
    for nothing in ((AS_SEEN, NEVER), (0.0, 1e5), (math.nan, math.nan)):
        np.testing.assert_array_equal(engage_grid(fans, np.broadcast_to(nothing, (*points, 2))), alone)
    assert (alone[:, :, ek.E_SHOTS] > 0.0).any()
    assert (alone[:, :, ek.E_CONSTRAINT] == ek.NOT_THREATENED).any()


def test_on_a_grid_each_point_has_its_own_tracks(fans: tuple[CaseFan, ...]) -> None:
    points = (len(fans), len(fans[0].fan.index))
    tracks_s = np.empty((*points, 2))
    tracks_s[:] = AS_SEEN, NEVER
    helped = np.zeros(points, dtype=bool)
    helped[:, ::2] = True
    tracks_s[helped, 1] = 60.0
    alone, mixed = engage_grid(fans, None), engage_grid(fans, tracks_s)
    np.testing.assert_array_equal(mixed[~helped], alone[~helped])
    threatened = helped & ~np.isnan(alone[:, :, ek.E_MARGIN])
    gain_s = (mixed - alone)[threatened][:, ek.E_MARGIN]
    assert np.all(gain_s >= -SEARCH_SLACK_S)
    assert (gain_s > 1.0).any()


def test_impossible_tracks_are_refused(fans: tuple[CaseFan, ...]) -> None:
    points = (len(fans), len(fans[0].fan.index))
    with pytest.raises(InputError, match="tracks_s must have shape"):
        engage_grid(fans, np.zeros(points))
    with pytest.raises(InputError, match=r"tracks_s must hold remote tracks of at least 0 s; got -1\.0"):
        engage_grid(fans, np.full((*points, 2), -1.0))
