from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pymap3d
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis.arc_engagement import MOST_LOOKS, ArcEngagements, ArcShooter, _Launches
from equipoise.analysis.arcs import fly_arcs
from equipoise.analysis.engagement_summary import engagement_summary, rows_by_arc
from equipoise.analysis.network import Watchers
from equipoise.catalog import load_catalog
from equipoise.defence.arc_reach_kernels import launches_that_meet
from equipoise.defence.battery import Battery
from equipoise.defence.reach import Limits, Reach, reach_by_flight_alone, reach_table
from equipoise.errors import InputError
from equipoise.physics.geodesy import Site
from equipoise.sensors.station import Station
from equipoise.study import NetworkStudy, load_network_study

# Arcs between their nodes by cubics, and a table of 10 km nodes interpolated: some kilometres at the most, which the
# made interceptor flies at 1 km/s.
BETWEEN_NODES_S = 3.0
# Stands for a launch that never meets the arc, long before any that does.
NEVER_S = -1e6
# The delays of the catalogue's Aegis Ashore and data links are whole seconds, and firm tracks come from the same
# outcome: only rounding is left.
ROUNDING_S = 1e-6
# Altitude that a coasting interceptor gains after its burnout, against the energy integral: the table's nodes are 4 km
# apart and drag takes the last of the air.
APOGEE = 0.02


@pytest.fixture(scope="module")
def study() -> NetworkStudy:
    """The European study with one launch area of two Iranian classes and one Russian base."""
    whole = load_network_study("european-shield")
    groups = tuple(
        replace(group, launch_areas=group.launch_areas[:1], targets=group.targets[:3])
        for group in whole.groups
        if group.missile.id in ("sejjil", "notional-4000", "yars")
    )
    return replace(whole, groups=groups)


@pytest.fixture(scope="module")
def found(study: NetworkStudy) -> tuple[ArcEngagements, ...]:
    arcs = fly_arcs(study)
    stations = [Station.of(sensor) for sensor in study.sensors]
    watchers = {
        bound: Watchers(stations, arcs.table(bound), study.network, bound) for bound in ("low", "value", "high")
    }
    return tuple(ArcShooter(item, arcs).engagements(study.network, watchers) for item in study.engage)  # type: ignore[arg-type]


def test_a_launch_is_the_moment_less_the_flight_at_constant_speed(study: NetworkStudy) -> None:
    # An interceptor that flies straight at 1 km/s wherever it goes: the time is a distance.
    speed_mps, step_m = 1000.0, 10e3
    nodes = np.arange(0.0, 3000e3, step_m)
    table = np.hypot(nodes[:, None], nodes[None, :]) / speed_mps
    item = study.engage[0]
    battery = Battery.from_records(item.battery, item.interceptor)
    limits = Limits(100e3, 1500e3, 2500e3, 2000.0)
    made = replace(battery, reach=Reach("made", table, step_m, limits))
    arcs = fly_arcs(study)
    all_arcs = arcs.table()
    site = Site(item.site.lat_rad, item.site.lon_rad)
    out = np.empty((len(all_arcs), 600))
    launches_that_meet(all_arcs.arcs, all_arcs.times_s, 2.0, made.shooter(site, 0.0), table, out)
    assert np.isfinite(out).any()
    for i, case in enumerate(arcs.cases):
        burnout_s = case.flown.burnout.time_s
        for j in range(0, 600, 37):
            t = burnout_s + 2.0 * j
            if t > case.flown.time_of_flight_s:
                assert out[i, j] == -math.inf
                continue
            lat, lon, alt_m = pymap3d.ecef2geodetic(*case.flown.at(t)[0])
            ground_m = _sphere_m(site.lat_deg, site.lon_deg, float(lat), float(lon))
            # Within the limits, with room for the same kilometres.
            if not (105e3 < alt_m < 1490e3 and ground_m < 2490e3 and math.hypot(ground_m, alt_m) < 1990e3):
                continue
            assert out[i, j] == pytest.approx(t - math.hypot(ground_m, alt_m) / speed_mps, abs=BETWEEN_NODES_S)


def _sphere_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great circle by haversines of geocentric latitudes, on the mean sphere."""
    flat = 1.0 - 1.0 / 298.257223563
    a, b = (math.atan(flat**2 * math.tan(math.radians(lat))) for lat in (lat_a, lat_b))
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * 6371008.8 * math.asin(math.sqrt(half))


def test_a_faster_interceptor_reaches_no_less_and_later_tracks_never_help(found: tuple[ArcEngagements, ...]) -> None:
    for one in found:
        slack_s = np.nan_to_num(one.table["slack_s"].values, nan=NEVER_S)
        assert (np.diff(slack_s, axis=0) >= 0.0).all()
        window_s = one.table["firing_window_s"]
        whole, without = (window_s.sel(variant=name).values for name in ("whole", "no-kurecik"))
        assert (whole >= without).all()
        # By flight alone nothing is lost that published limits leave.
        published, alone = (slack_s[:, i] for i in range(2))
        assert (alone >= published - 2.0).all()  # the wider table has wider cells: its times are a second or two off


def test_in_reach_and_can_fire_are_what_slack_and_first_launch_say(found: tuple[ArcEngagements, ...]) -> None:
    for one in found:
        table = one.table
        assert (table["in_reach"] == (table["slack_s"] >= 0.0)).all()
        assert (table["can_fire"] == (table["first_launch_s"] <= table["slack_s"])).all()
        assert (table["can_fire"] <= table["in_reach"]).all()
        assert table["looks"].max() <= MOST_LOOKS


def test_the_first_launch_waits_for_track_link_and_people(
    study: NetworkStudy, found: tuple[ArcEngagements, ...]
) -> None:
    # Without Kürecik: the earlier of Deveselu's own track over its cable and Fylingdales' over the command node.
    assert study.network is not None
    item, table = study.engage[0], found[0].table
    stations = [Station.of(sensor) for sensor in study.sensors]
    outcome = Watchers(stations, fly_arcs(study).table(), study.network).outcome(study.network.variants[1])

    def latency_s(source: str, sink: str) -> float:
        assert study.network is not None
        links = (link for link in study.network.links if (link.source, link.sink) == (source, sink))
        return next(links).record.latency_s.value

    own_s = outcome.falling_s[outcome.stations.index("deveselu")] + latency_s("deveselu", item.id)
    far_s = outcome.falling_s[outcome.stations.index("fylingdales")] + latency_s("fylingdales", "c2bmc")
    earlier_s = np.minimum(own_s, far_s + latency_s("c2bmc", item.id)) + item.battery.commit_delay_s.value
    got_s = table["first_launch_s"].sel(variant="no-kurecik", bound="value").values
    np.testing.assert_allclose(got_s, np.where(np.isfinite(earlier_s), earlier_s, np.nan), atol=ROUNDING_S)


@settings(max_examples=60, deadline=None)
@given(
    meets=st.lists(st.one_of(st.none(), st.floats(-200.0, 400.0)), min_size=1, max_size=60),
    start_s=st.floats(-50.0, 300.0),
    assess_s=st.floats(0.0, 40.0),
)
def test_looks_and_window_are_those_of_a_plain_search(
    meets: list[float | None], start_s: float, assess_s: float
) -> None:
    # Launches that leave before the intercept: the flight takes some time.
    times = [100.0 + j for j in range(len(meets))]
    launch = [-math.inf if m is None else min(m, t - 1.0) for m, t in zip(meets, times, strict=True)]
    series = _Launches.of(np.array([launch]), np.array([100.0]))
    shots, ready = 0, start_s
    while shots < MOST_LOOKS:
        hits = [t for t, left in zip(times, launch, strict=True) if left >= ready]
        if not hits:
            break
        shots, ready = shots + 1, hits[0] + assess_s
    assert series.looks(np.array([start_s]), assess_s)[0] == shots
    possible = [left for left in launch if left >= start_s]
    first = max(start_s, min((left for left in launch if left > -math.inf), default=math.inf))
    expected = max(possible) - first if possible else 0.0
    assert series.window_s(np.array([start_s]))[0] == pytest.approx(expected)


def test_flight_alone_goes_on_where_published_limits_end() -> None:
    record = load_catalog().interceptor("sm-3-ib")
    published, alone = reach_table(record), reach_by_flight_alone(record)
    assert alone.limits.max_altitude_m > published.limits.max_altitude_m
    assert alone.limits.min_altitude_m == published.limits.min_altitude_m
    # Straight up: the energy integral from the burnout speed at sea level bounds what is reached, and drag and gravity
    # under thrust cost a launch from 45 degrees nothing that a vertical one does not lose as well.
    mu, radius_m = 3.986004418e14, 6371e3
    b = record.burnout_speed_mps.value**2 * radius_m / mu
    heights = np.arange(100e3, alone.limits.max_altitude_m, 5e3)
    reached = heights[np.isfinite(alone.time_to(np.zeros_like(heights), heights))].max()
    assert 0.75 * radius_m * b / (2.0 - b) < reached < (1.0 + APOGEE) * radius_m * b / (2.0 - b) + 200e3


def test_a_speed_that_no_interceptor_can_have_is_named(study: NetworkStudy) -> None:
    item = replace(study.engage[0], interceptor=load_catalog().interceptor("thaad"), burnout_speeds_mps=(12e3,))
    with pytest.raises(InputError, match=r"engage\[0\]\.burnout_speeds: 12 km/s: "):
        ArcShooter(item, fly_arcs(study), "engage[0]")


def test_the_summary_counts_the_table(found: tuple[ArcEngagements, ...]) -> None:
    summary = engagement_summary(found[1])
    case = next(c for c in summary["cases"] if c["group"] == "all arcs" and c["limits"] == "published")
    rows = [r for r in rows_by_arc(found[1]) if r["limits"] == "published"]
    slowest = [r for r in rows if r["burnout_speed_km_s"] == case["burnout_speed_km_s"]]
    assert case["arcs"] == len(slowest)
    assert case["arcs_in_reach"] == sum(r["in_reach"] for r in slowest)
    assert case["variants"][0]["arcs_can_fire"] == sum(r["can_fire"] for r in slowest)
