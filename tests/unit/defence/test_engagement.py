from __future__ import annotations

import math
from dataclasses import replace

import brute_force
import numpy as np
import pytest
from engagement_cases import ARCS, NORTH, RADARS, RCS_M2, SITE, arc, engage

from equipoise.analysis.footprint import CONSTRAINTS
from equipoise.catalog import load_catalog
from equipoise.defence import Battery
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.shot_kernels import engage_arc
from equipoise.physics import Missile, Site, aim_at, destination, fly
from equipoise.physics.fan import trajectory_arc
from equipoise.sensors.radar import Radar
from equipoise.study.file import TrajectoryKind

# The engagement is interpolated from 65 nodes of free flight and a golden section; brute force has steps of 0.02 s.
MARGIN_TOLERANCE_S = 0.1
TIME_TOLERANCE_S = 0.5


@pytest.fixture(scope="module")
def radar() -> Radar:
    return Radar.from_record(load_catalog().radar("an-tpy-2"), "lewis-postol-870")


@pytest.fixture(scope="module")
def battery() -> Battery:
    catalog = load_catalog()
    return Battery.from_records(catalog.battery("thaad-battery"), catalog.interceptor("thaad"))


def limited(battery: Battery, **limits: float) -> Battery:
    """Return the battery with other limits; the table is flown far enough for those that shrink."""
    return replace(battery, reach=replace(battery.reach, limits=replace(battery.reach.limits, **limits)))


@pytest.mark.parametrize(
    ("greatest_range", "ground", "tolerance"),
    # The series of short-range shooters leaves out 3 c^5 / 640 of the radius; the others are exact to rounding.
    [(200e3, 200e3, 1e-3), (200e3, 1000e3, 3.0), (400e3, 400e3, 0.03)]
    + [(2500e3, x, 1e-4) for x in (1e3, 700e3, 2500e3, 9e6)]
    + [(5600e3, x, 1e-4) for x in (5600e3, 15e6)],
)
def test_ground_range_is_the_arc_over_the_chord(
    battery: Battery, greatest_range: float, ground: float, tolerance: float
) -> None:
    shooter = limited(battery, max_range_m=greatest_range).shooter(Site(0.0, 0.0), 5.0)
    angle, radius = ground / 6371008.7714, 6378137.0 + 300e3  # mean radius of WGS-84
    state = (radius * math.cos(angle), radius * math.sin(angle), 0.0, 0.0, 0.0, 0.0)
    ground_m, altitude_m = ek.place_of(state, shooter)
    assert ground_m == pytest.approx(ground, abs=tolerance)
    assert altitude_m == pytest.approx(300e3, abs=1e-6)


@pytest.mark.parametrize(("name", "changes"), RADARS, ids=[name for name, _ in RADARS])
@pytest.mark.parametrize("which", ARCS, ids=lambda a: f"{a[0]}-{a[2][0]}-{a[3]}")
def test_margin_and_shots_are_those_of_brute_force(
    radar: Radar,
    battery: Battery,
    which: tuple[str, tuple[float, float], tuple[float, float], TrajectoryKind],
    name: str,
    changes: dict[str, float],
) -> None:
    trajectory = arc(*which)
    changed = replace(radar, **changes)
    ours = engage(trajectory, changed, battery)
    theirs = brute_force.engage(trajectory, changed, battery, SITE, NORTH, RCS_M2)
    assert ours.margin_s == pytest.approx(theirs.margin_s, abs=MARGIN_TOLERANCE_S)
    if abs(theirs.margin_s) > MARGIN_TOLERANCE_S:
        assert (ours.constraint == "defended") == (theirs.margin_s > 0.0)
        assert ours.shots == theirs.shots
    if theirs.shots > 0:
        assert ours.row[ek.E_DETECTION] == pytest.approx(theirs.first_detection_s, abs=TIME_TOLERANCE_S)
        assert ours.row[ek.E_FIRST_INTERCEPT] == pytest.approx(theirs.first_intercept_s, abs=TIME_TOLERANCE_S)
        assert ours.row[ek.E_FIRST_LAUNCH] >= ours.row[ek.E_DETECTION] + changed.confirm_time_s + battery.commit_delay_s


def test_the_edge_is_where_brute_force_has_it(radar: Radar, battery: Battery) -> None:
    # Move the aim point north until the margin is gone, once with each.
    launch = (39.2, 125.7)

    def edge(margin_of: object) -> float:
        low, high = 35.9, 37.9
        for _ in range(12):
            middle = 0.5 * (low + high)
            inside = margin_of(arc("nodong", launch, (middle, 128.0))) > 0.0  # type: ignore[operator]
            low, high = (middle, high) if inside else (low, middle)
        return low

    ours = edge(lambda flown: engage(flown, radar, battery).margin_s)
    theirs = edge(lambda flown: brute_force.engage(flown, radar, battery, SITE, NORTH, RCS_M2).margin_s)
    assert 36.0 < ours < 37.8
    # 0.1 s of margin is 200 m of the target's way, 0.002 degrees.
    assert ours == pytest.approx(theirs, abs=0.003)


def test_far_beyond_the_interceptor_the_range_binds(radar: Radar, battery: Battery) -> None:
    found = engage(arc(target=(37.57, 126.98), launch=(40.0, 125.2)), radar, battery)
    assert found.margin_s < 0.0
    assert found.constraint == "range"
    assert found.shots == 0


def test_an_arc_that_stays_below_the_lowest_altitude(radar: Radar, battery: Battery) -> None:
    flown = arc("scud-c", (38.1, 127.2), (35.9, 128.3))
    assert engage(flown, radar, limited(battery, min_altitude_m=flown.apogee_m + 5e3)).constraint == "min_altitude"


def test_an_arc_over_the_ceiling_is_named_by_the_limit_that_it_reaches_too_late(radar: Radar, battery: Battery) -> None:
    # Both Nodongs are above 150 km over the battery. The first climbs through 150 km some 207 km away, just before it
    # is in range; the second comes down to 150 km some 220 km beyond the battery, after it has left the range.
    seeing = replace(radar, azimuth_half_width_rad=math.pi)
    climbing = engage(arc("nodong", (39.2, 127.5), (31.5, 128.6)), seeing, battery)
    falling = engage(arc("nodong", (40.8, 127.5), (32.0, 128.6)), seeing, battery)
    assert (climbing.constraint, falling.constraint) == ("range", "max_altitude")
    assert climbing.margin_s < 0.0
    assert falling.margin_s < 0.0


def test_a_target_behind_the_face_is_out_of_the_field_of_view(radar: Radar, battery: Battery) -> None:
    assert engage(arc(), radar, battery, boresight_rad=math.radians(160.0)).constraint == "field_of_view"


def test_a_short_sighted_radar_binds(radar: Radar, battery: Battery) -> None:
    found = engage(arc(target=(36.6, 128.0)), replace(radar, reference_range_m=70e3), battery)
    assert found.constraint == "detection_range"
    assert found.margin_s < 0.0


def test_a_high_elevation_floor_binds(radar: Radar, battery: Battery) -> None:
    # Nothing below 60 degrees is seen: the Nodong comes overhead too late.
    found = engage(arc(), replace(radar, elevation_floor_rad=math.radians(75.0)), battery)
    assert found.constraint == "elevation_floor"


def test_a_radar_far_away_has_its_horizon_in_between(radar: Radar, battery: Battery) -> None:
    # 1,500 km away, all below 134 km is hidden (read_authority("horizon_four_thirds_earth")); the Scud-C is below.
    flown = arc("scud-c", (38.1, 127.2), (35.9, 128.3))
    assert flown.apogee_m < 130e3
    far = destination(SITE, math.radians(160.0), 1500e3)
    keen = replace(radar, elevation_floor_rad=0.0).with_range(1e7)
    row = np.empty(ek.E_SIZE)
    ends = flown.burnout.time_s, flown.time_of_flight_s
    shooter = battery.shooter(SITE, keen.confirm_time_s)
    engage_arc(
        trajectory_arc(flown), *ends, *ek.SIGHT_ALONE, keen.view(far, NORTH, RCS_M2), shooter, battery.reach.table, row
    )
    assert CONSTRAINTS[int(row[ek.E_CONSTRAINT])] == "horizon"


def test_slow_decisions_bind_as_timeline(radar: Radar, battery: Battery) -> None:
    assert engage(arc(), radar, replace(battery, commit_delay_s=1000.0)).constraint == "timeline"


def test_a_short_flight_time_binds(radar: Radar, battery: Battery) -> None:
    assert engage(arc(), radar, limited(battery, max_flight_time_s=5.0)).constraint == "flight_time"


def test_a_missile_that_only_rises_past_the_battery_can_be_met_on_its_way_up(radar: Radar, battery: Battery) -> None:
    # Launched 170 km north-west of the battery over it to the far south-east: descent is far out of reach.
    launch = destination(SITE, math.radians(330.0), 170e3)
    target = destination(SITE, math.radians(150.0), 1100e3)
    flown = arc("nodong", (launch.lat_deg, launch.lon_deg), (target.lat_deg, target.lon_deg))
    quick = replace(battery, commit_delay_s=0.0)
    found = engage(flown, replace(radar, confirm_time_s=0.0), quick)
    assert found.constraint == "defended"
    assert found.row[ek.E_FIRST_INTERCEPT] < flown.apogee_time_s
    theirs = brute_force.engage(flown, replace(radar, confirm_time_s=0.0), quick, SITE, NORTH, RCS_M2)
    assert found.margin_s == pytest.approx(theirs.margin_s, abs=MARGIN_TOLERANCE_S)


def test_the_range_limit_is_to_the_intercept_point(radar: Radar, battery: Battery) -> None:
    # Against a missile from the north the footprint is shifted down-range, away from the launch area: further to the
    # south of the battery than to its north, and to the south beyond the 200 km of the interceptor.
    missile = Missile.from_record(load_catalog().missile("nodong"))
    launch = Site.of_degrees(41.0, 128.28)
    all_round = replace(radar, azimuth_half_width_rad=math.pi)
    met = {}
    for bearing_deg in (0.0, 180.0):
        distances_km = np.arange(20.0, 340.0, 10.0)
        margins = []
        for km in distances_km:
            target = destination(SITE, math.radians(bearing_deg), km * 1e3)
            flown = fly(missile, launch, aim_at(missile, launch, target))
            margins.append(engage(flown, all_round, battery, boresight_rad=0.0).margin_s)
        met[bearing_deg] = float(distances_km[np.array(margins) > 0.0].max())
    assert met[180.0] > battery.reach.limits.max_range_m / 1e3
    assert met[0.0] < battery.reach.limits.max_range_m / 1e3
    assert met[180.0] - met[0.0] > 40.0


def test_more_time_between_shots_means_fewer(radar: Radar, battery: Battery) -> None:
    flown = arc()
    shots = [engage(flown, radar, replace(battery, assessment_delay_s=delay)).shots for delay in (0.5, 10.0, 60.0, 1e4)]
    assert shots == sorted(shots, reverse=True)
    assert shots[0] > shots[-1] == 1
