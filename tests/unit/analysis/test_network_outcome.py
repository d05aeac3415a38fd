from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from equipoise.analysis.arcs import Arcs, fly_arcs
from equipoise.analysis.network import ITSELF, NEVER, Outcome, Watchers
from equipoise.analysis.network_run import arc_metrics, combination
from equipoise.catalog import load_catalog
from equipoise.catalog.records import DataLinkRecord
from equipoise.physics import Missile, Site, aim_at, fly
from equipoise.physics.fan import trajectory_arc
from equipoise.sensors import Signature, visible_spans
from equipoise.sensors.handover import ArcTable, Bound, alone, cued, spans_of, warning_cues
from equipoise.sensors.station import Station
from equipoise.study import NetworkStudy, load_network_study
from equipoise.study.network_file import Carries
from equipoise.study.network_model import (
    LaunchWarning,
    LinkSpec,
    NetworkSpec,
    SensorPlacement,
    Variant,
)

CATALOG = load_catalog()
# News that comes at most this much earlier starts nothing anew. [s]
SAME_S = 1e-6
# The least time from a cue to a firm track: one look, a second after it, and the 5 s of every record's confirmation.
SOONEST_S = 6.0


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


@cache
def stations() -> tuple[Station, ...]:
    """Two radars that search, and one that only looks where it is told."""
    return (
        Station.of(placed("north", "seongju-tpy-2", "lewis-postol-870", (35.9, 128.3), 340.0)),
        Station.of(placed("east", "seongju-tpy-2", "nas-1500", (35.8, 135.2), 290.0)),
        Station.of(placed("narrow", "sbx-1", "encyclopaedia-2000", (37.0, 134.0), 285.0)),
    )


@cache
def table() -> ArcTable:
    """Nodong, from three launch areas to Busan and from one to Osaka."""
    missile = Missile.from_record(CATALOG.missile("nodong"))
    flights = []
    for area_id, target_id in (("sunan", "busan"), ("wonsan", "busan"), ("tonghae", "busan"), ("wonsan", "osaka")):
        area, target = CATALOG.launch_area(area_id), CATALOG.place(target_id)
        launch = Site(area.lat_rad, area.lon_rad)
        aim = aim_at(missile, launch, Site(target.lat_rad, target.lon_rad), trajectory="cut-off")
        flights.append(fly(missile, launch, aim))
    return ArcTable(
        np.array([trajectory_arc(flight) for flight in flights]),
        np.array([(flight.burnout.time_s, flight.time_of_flight_s) for flight in flights]),
        (Signature.from_record(CATALOG.missile("nodong")),) * len(flights),
    )


@cache
def record(latency_s: float) -> DataLinkRecord:
    c2bmc = CATALOG.data_link("c2bmc")
    latency = replace(c2bmc.latency_s, value=latency_s, low=latency_s, high=latency_s)
    return c2bmc.model_copy(update={"latency_s": latency})


def link(source: str, sink: str, latency_s: float, *carries: Carries, id: str = "") -> LinkSpec:
    return LinkSpec(id, source, sink, frozenset(carries), record(latency_s))


def spec(*links: LinkSpec) -> NetworkSpec:
    whole = Variant("whole", "all", frozenset(), frozenset())
    warning = LaunchWarning("flash", CATALOG.launch_warning("overhead-infrared"))
    return NetworkSpec(warning, (("hub", "Hub"),), "hub", links, (), (whole,), ())


def outcome(*links: LinkSpec, variant: Variant | None = None) -> Outcome:
    return Watchers(stations(), table(), spec(*links)).outcome(variant)


def later_s(firm_s: np.ndarray, than_s: np.ndarray) -> np.ndarray:
    """How much later, zero where neither ever comes."""
    with np.errstate(invalid="ignore"):
        return np.where(firm_s == than_s, 0.0, firm_s - than_s)


REPORT = tuple(link(id, "hub", 3.0, "track") for id in ("north", "east", "narrow"))
NORTH_TELLS = link("north", "hub", 3.0, "cue")
EAST_TELLS = link("east", "hub", 3.0, "cue")
NORTH_IS_TOLD = link("hub", "north", 2.0, "cue")
EAST_IS_TOLD = link("hub", "east", 2.0, "cue")
FLASH = link("flash", "hub", 1.0, "cue")
NARROW_IS_TOLD = link("hub", "narrow", 2.0, "cue")


def test_without_links_each_sensor_has_its_own_track_and_nobody_hears_of_it() -> None:
    lone = outcome()
    assert lone.stations == ("north", "east", "narrow")
    assert lone.givers == ("north", "east", "narrow", "flash")
    expected = np.stack([alone(station, table()).firm_s for station in stations()])
    assert np.array_equal(lone.firm_s, expected)
    assert np.isfinite(lone.firm_s[:2]).all(axis=None)
    assert np.isinf(lone.firm_s[2]).all()  # it does not search
    assert (lone.cued_by == np.where(np.isfinite(expected), ITSELF, NEVER)).all()
    assert np.isinf(lone.reported_s).all()
    assert (lone.reported_by == NEVER).all()
    assert lone.reporting.tolist() == [0, 0, 0]


def test_without_a_network_every_track_counts_at_once() -> None:
    watchers = Watchers(stations(), table(), None)
    found = watchers.outcome()
    assert found.givers == ("north", "east", "narrow")
    assert np.array_equal(found.firm_s, watchers.firm_alone_s())
    assert np.array_equal(found.reported_s, found.falling_s.min(axis=0))
    assert found.reporting.tolist() == [1, 1, 1]


def test_a_report_comes_a_link_after_the_track() -> None:
    found = outcome(*REPORT[:2])
    assert found.reporting.tolist() == [1, 1, 0]
    assert found.reported_s == pytest.approx(found.falling_s.min(axis=0) + 3.0, abs=SAME_S)
    assert np.array_equal(found.reported_by, found.falling_s.argmin(axis=0))
    # A slow link can make the later track the first report: a minute more than the faster one.
    slow = outcome(link("north", "hub", 500.0, "track"), link("east", "hub", 1.0, "track"))
    assert (slow.reported_by == 1).all()
    assert slow.reported_s == pytest.approx(slow.falling_s[1] + 1.0, abs=SAME_S)


def test_no_track_counts_before_the_end_of_thrust() -> None:
    found = outcome(*REPORT, NORTH_TELLS, EAST_TELLS, NORTH_IS_TOLD, EAST_IS_TOLD)
    ended = np.isfinite(found.falling_s)
    assert ended[:2].all()
    assert (found.falling_s >= np.maximum(found.firm_s, table().times_s[:, 0]))[ended].all()


@pytest.mark.parametrize(
    ("giver", "taker"), [("north", "east"), ("east", "north"), ("flash", "north"), ("flash", "east")]
)
def test_a_cue_makes_no_track_later(giver: str, taker: str) -> None:
    lone = outcome()
    ids = [station.id for station in stations()]
    others = [k for k, id in enumerate(ids) if id != taker]
    # Cues that come so late that the search of their volume, some seconds for launch warning, ends about when the radar
    # has the track by itself are among them.
    for delay_s in np.arange(0.0, 60.0, 0.5):
        told = outcome(link(giver, "hub", float(delay_s), "cue"), link("hub", taker, 0.0, "cue"))
        assert (later_s(told.firm_s, lone.firm_s) <= SAME_S).all()
        assert np.array_equal(told.firm_s[others], lone.firm_s[others])


def test_a_cue_makes_some_track_earlier() -> None:
    lone = outcome()
    told = outcome(NORTH_TELLS, EAST_TELLS, NORTH_IS_TOLD, EAST_IS_TOLD)
    gained_s = -later_s(told.firm_s, lone.firm_s)
    # The search alone takes a minute a frame, that of a cue seconds.
    assert gained_s.max() > 20.0
    helped = told.cued_by >= 0
    assert helped.any()
    assert (gained_s[helped] > SAME_S).all()
    assert (gained_s[~helped] == 0.0).all()


def test_a_track_says_who_cued_it() -> None:
    told = outcome(NORTH_TELLS, EAST_TELLS, NORTH_IS_TOLD, EAST_IS_TOLD, FLASH, NARROW_IS_TOLD)
    own = np.stack([alone(station, table()).firm_s for station in stations()])
    warning_s = warning_cues(CATALOG.launch_warning("overhead-infrared"), table().times_s[:, 0]).time_s
    said = {"flash": warning_s + 3.0, "north": told.firm_s[0] + 5.0, "east": told.firm_s[1] + 5.0}
    for k in range(3):
        for i in range(len(table())):
            giver, firm_s = told.cued_by[k, i], told.firm_s[k, i]
            if giver == NEVER:
                assert firm_s == math.inf
            elif giver == ITSELF:
                assert firm_s == own[k, i]
            else:
                assert giver != k
                assert firm_s < own[k, i]
                assert said[told.givers[giver]][i] + SOONEST_S <= firm_s + SAME_S
    assert {told.givers[giver] for giver in told.cued_by.ravel() if giver >= 0} >= {"flash"}


def test_launch_warning_alone_points_a_radar_that_never_searches() -> None:
    found = outcome(link("flash", "narrow", 2.0, "cue"))
    cued_here = found.cued_by[2] == found.givers.index("flash")
    assert cued_here.any()
    assert np.isfinite(found.firm_s[2][cued_here]).all()
    warning_s = warning_cues(CATALOG.launch_warning("overhead-infrared"), table().times_s[:, 0]).time_s
    assert (found.firm_s[2] >= warning_s + 2.0 + SOONEST_S - SAME_S).all()
    without = outcome(link("flash", "narrow", 2.0, "cue"), variant=Variant("x", "X", frozenset(), frozenset(["flash"])))
    assert np.isinf(without.firm_s[2]).all()
    assert (without.cued_by[2] == NEVER).all()


def test_a_link_for_tracks_carries_no_cue() -> None:
    found = outcome(link("flash", "hub", 1.0, "cue"), link("hub", "narrow", 1.0, "track"))
    assert np.isinf(found.firm_s[2]).all()


def test_a_sensor_that_is_away_sees_and_says_nothing() -> None:
    links = (*REPORT, NORTH_TELLS, EAST_TELLS, NORTH_IS_TOLD, EAST_IS_TOLD, FLASH, NARROW_IS_TOLD)
    away = outcome(*links, variant=Variant("x", "X", frozenset(), frozenset(["east"])))
    assert np.isinf(away.firm_s[1]).all()
    assert np.isinf(away.falling_s[1]).all()
    assert (away.cued_by[1] == NEVER).all()
    assert not np.any(away.cued_by == 1)
    assert not np.any(away.reported_by == 1)
    assert away.reporting.tolist() == [1, 0, 1]
    # The others fare as in a study that never had it.
    two = (stations()[0], stations()[2])
    left = [one for one in links if "east" not in (one.source, one.sink)]
    never_there = Watchers(two, table(), spec(*left)).outcome()
    assert np.array_equal(away.firm_s[[0, 2]], never_there.firm_s)
    assert np.array_equal(away.reported_s, never_there.reported_s)


def test_a_cut_link_is_as_good_as_none() -> None:
    cut = Variant("x", "X", frozenset(["tells"]), frozenset())
    links = (*REPORT, replace(NORTH_TELLS, id="tells"), EAST_IS_TOLD)
    assert np.array_equal(outcome(*links, variant=cut).firm_s, outcome(*REPORT, EAST_IS_TOLD).firm_s)
    assert not np.array_equal(outcome(*links).firm_s, outcome(*REPORT, EAST_IS_TOLD).firm_s)


def test_what_has_been_worked_out_before_changes_nothing() -> None:
    links = (*REPORT, NORTH_TELLS, EAST_TELLS, NORTH_IS_TOLD, EAST_IS_TOLD, FLASH, NARROW_IS_TOLD)
    watchers = Watchers(stations(), table(), spec(*links))
    first = watchers.outcome()
    watchers.outcome(Variant("x", "X", frozenset(), frozenset(["north"])))
    again = watchers.outcome()
    for name in ("firm_s", "falling_s", "cued_by", "reported_s", "reported_by"):
        assert np.array_equal(getattr(first, name), getattr(again, name))


def test_tracking_counts_what_reporting_sensors_see_after_their_track() -> None:
    links = (REPORT[0], REPORT[1])
    watchers = Watchers(stations(), table(), spec(*links))
    found = watchers.outcome()
    seconds = watchers.tracked_s(found)
    for i in range(len(table())):
        marks = np.arange(0.005, table().times_s[i, 1], 0.01)
        followed = np.zeros(len(marks), dtype=bool)
        for k, station in enumerate(stations()[:2]):
            for watch in station.watches:
                starts, ends = visible_spans(table().arcs, table().times_s, watch, table().signatures)
                for start, end in zip(starts[i], ends[i], strict=True):
                    followed |= (marks > start) & (marks < end) & (marks > found.firm_s[k, i])
        # Counted in hundredths of a second, with an edge of one at each of a few ends.
        assert seconds[i] == pytest.approx(0.01 * followed.sum(), abs=0.1)
    assert seconds.max() > 60.0
    assert watchers.tracked_s(outcome()).tolist() == [0.0] * len(table())


# A bundled study.


@pytest.fixture(scope="module")
def asia() -> NetworkStudy:
    return load_network_study("northeast-asia")


@pytest.fixture(scope="module")
def arcs(asia: NetworkStudy) -> Arcs:
    return fly_arcs(asia)


@pytest.fixture(scope="module")
def placed_in_asia(asia: NetworkStudy) -> tuple[Station, ...]:
    return tuple(Station.of(sensor) for sensor in asia.sensors)


# With more elements somebody may have a track earlier, when the missile is further away, and give a coarser cue: the
# volume is larger and the first look at it later (by 17 s on one arc here). But a sensor looks by itself as well:
# within a frame, 60 s at most among these, after the missile comes into view.
FRAME_S = 60.0


def test_more_elements_never_cost_more_than_a_frame(
    asia: NetworkStudy, arcs: Arcs, placed_in_asia: tuple[Station, ...]
) -> None:
    assert max(watch.frame_s for station in placed_in_asia for watch in station.watches) == FRAME_S
    assert asia.network is not None
    watchers = Watchers(placed_in_asia, arcs.table(), asia.network)
    groups = [case.group for case in arcs.cases]
    elements = asia.network.elements
    sets = [frozenset(chosen) for size in range(len(elements) + 1) for chosen in combinations(elements, size)]
    variants = {chosen: combination(asia.network, chosen) for chosen in sets}
    found = {chosen: watchers.outcome(variant) for chosen, variant in variants.items()}
    metrics = {chosen: arc_metrics(watchers, variant, groups)[""] for chosen, variant in variants.items()}
    for chosen in sets:
        for element in set(elements) - chosen:
            more = chosen | {element}
            assert later_s(found[more].firm_s, found[chosen].firm_s).max() <= FRAME_S
            assert later_s(found[more].reported_s, found[chosen].reported_s).max() <= FRAME_S
            # An arc that is reported stays reported.
            assert metrics[more]["arcs_seen"] >= metrics[chosen]["arcs_seen"]
            for name in ("warning_s", "tracked_s"):
                assert metrics[more][name] >= metrics[chosen][name] - FRAME_S
    whole, none = metrics[frozenset(elements)], metrics[frozenset()]
    assert none == {"warning_s": 0.0, "tracked_s": 0.0, "arcs_seen": 0.0}
    assert whole["warning_s"] > 0.0
    assert 0.0 < whole["arcs_seen"] <= 1.0


def test_metrics_by_heading_average_to_those_of_all(
    asia: NetworkStudy, arcs: Arcs, placed_in_asia: tuple[Station, ...]
) -> None:
    groups = [case.group for case in arcs.cases]
    found = arc_metrics(Watchers(placed_in_asia, arcs.table(), asia.network), None, groups)
    assert list(found) == ["", "South Korea", "Japan", "Guam", "North America"]
    for name, value in found[""].items():
        weighted = sum(groups.count(group) * found[group][name] for group in found if group)
        assert value == pytest.approx(weighted / len(groups), rel=1e-12, abs=1e-12)  # sums of doubles


@pytest.mark.parametrize("bound", ["low", "value", "high"])
def test_a_search_that_is_not_worked_out_could_not_have_been_earlier(
    asia: NetworkStudy, arcs: Arcs, placed_in_asia: tuple[Station, ...], bound: Bound
) -> None:
    assert asia.network is not None
    assert asia.network.warning is not None
    flown = arcs.table(bound)
    cues = warning_cues(asia.network.warning.record, flown.times_s[:, 0], bound).later(10.0)
    never = np.full(len(flown), math.inf)
    helped = 0
    for station in placed_in_asia:
        views = spans_of(station, flown)
        own_s = alone(station, flown).firm_s
        all_of_them = np.minimum(own_s, cued(station, flown, cues, views, never).firm_s)
        hopeful_ones = np.minimum(own_s, cued(station, flown, cues, views, own_s).firm_s)
        assert np.array_equal(all_of_them, hopeful_ones)
        helped += int((all_of_them < own_s).sum())
    assert helped > 20
