"""Cells interpolated from a fan against arcs that are aimed at the same cells and flown."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from equipoise.analysis.footprint import CaseFan, aim_points, engage, fly_fans
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.battery import Battery
from equipoise.defence.shot_kernels import engage_arc
from equipoise.errors import UnreachableError
from equipoise.physics import Missile, Site, Trajectory, aim_at, fly, geodesic
from equipoise.physics import fan_kernels as fnk
from equipoise.physics.earth_kernels import ecef_of
from equipoise.physics.fan import NEAREST_M, trajectory_arc
from equipoise.physics.geodesy import geodesics_from
from equipoise.sensors.radar import Radar
from equipoise.study import Study, load_study

# Largest distance between interpolated and flown arc at the same time; 41 m measured, in the boost.
POSITION_TOLERANCE_M = 200.0
# Where on the ground the interpolated arc ends; 1 m measured, and a cell of the study is 5 km wide.
IMPACT_TOLERANCE_M = 10.0
# Largest difference of margins; 0.004 s measured. A margin of 0.2 s is 300 to 600 m of a missile's way.
MARGIN_TOLERANCE_S = 0.2
# Times of an engagement; a first shot is where the window opens, found on the nodes and by bisection.
EVENT_TOLERANCE_S = 0.5
CELLS_EACH = 5
TIMES = 60
# Nearer than this a missile at full burn flies so nearly straight up that azimuth hardly says where it comes down.
NEARLY_VERTICAL_M = 300e3


@pytest.fixture(scope="module", params=["seongju", "lofted-nodong"])
def study(request: pytest.FixtureRequest) -> Study:
    return load_study(request.param)


@pytest.fixture(scope="module")
def fans(study: Study) -> tuple[CaseFan, ...]:
    return fly_fans(study)


def sample(study: Study, fans: tuple[CaseFan, ...]) -> list[tuple[int, int, Trajectory]]:
    """Return case, cell and flown arc for random cells that are in reach, the same ones each time."""
    rng = np.random.default_rng(2016)
    lat, lon = aim_points(study)
    picked = []
    for number, case in enumerate(fans):
        threat = study.threats[case.threat]
        missile = Missile.from_record(threat.missile)
        reached = ~np.isnan(case.fan.index[:, 0])
        if threat.trajectory == "lofted" and case.missile == "musudan":
            reached &= geodesics_from(case.fan.launch, lat, lon)[0] > NEARLY_VERTICAL_M
        cells = rng.permutation(np.flatnonzero(reached))[:CELLS_EACH]
        for cell in cells:
            target = Site(float(lat[cell]), float(lon[cell]))
            angle = case.fan.angle_rad if threat.trajectory == "cut-off" else None
            aim = aim_at(missile, case.fan.launch, target, trajectory=threat.trajectory, angle_rad=angle)
            picked.append((number, int(cell), fly(missile, case.fan.launch, aim)))
    return picked


@pytest.fixture(scope="module")
def flown(study: Study, fans: tuple[CaseFan, ...]) -> list[tuple[int, int, Trajectory]]:
    return sample(study, fans)


def test_interpolated_arcs_are_the_flown_ones(
    fans: tuple[CaseFan, ...], flown: list[tuple[int, int, Trajectory]]
) -> None:
    arc = np.empty((fnk.N_NODE, 6))
    worst_m, worst_end_m = 0.0, 0.0
    for number, cell, trajectory in flown:
        fan = fans[number].fan
        burnout_s, end_s = fnk.interpolate_arc(fan.arcs, fan.times_s, *fan.index[cell], arc)
        assert end_s == pytest.approx(trajectory.time_of_flight_s, abs=0.05)
        for t in np.linspace(0.0, min(end_s, trajectory.time_of_flight_s), TIMES):
            ours = np.array(fnk.arc_at(arc, t, burnout_s, end_s)[:3])
            worst_m = max(worst_m, float(np.linalg.norm(ours - trajectory.at(t)[0])))
        worst_end_m = max(worst_end_m, float(np.linalg.norm(arc[-1, :3] - trajectory.impact.r_ecef_m)))
    print(f"largest distance {worst_m:.1f} m on the way, {worst_end_m:.2f} m at impact, over {len(flown)} cells")
    assert worst_m < POSITION_TOLERANCE_M
    assert worst_end_m < IMPACT_TOLERANCE_M


@pytest.mark.parametrize("radar_range", ["ministry-600", "lewis-postol-870", "press-2000"])
def test_margins_are_those_of_the_flown_arcs(
    study: Study, fans: tuple[CaseFan, ...], flown: list[tuple[int, int, Trajectory]], radar_range: str
) -> None:
    defence = study.defence
    radar = Radar.from_record(defence.radar, radar_range)
    battery = Battery.from_records(defence.battery, defence.interceptor)
    site = Site(defence.site.lat_rad, defence.site.lon_rad)
    rows = engage(fans, radar, battery, site, defence.boresight_rad)
    shooter = battery.shooter(site, radar.confirm_time_s)
    worst_s = 0.0
    out = np.empty(ek.E_SIZE)
    agreed = 0
    for number, cell, trajectory in flown:
        view = radar.view(site, defence.boresight_rad, fans[number].rcs_m2)
        engage_arc(
            trajectory_arc(trajectory),
            trajectory.burnout.time_s,
            trajectory.time_of_flight_s,
            *ek.SIGHT_ALONE,
            view,
            shooter,
            battery.reach.table,
            out,
        )
        row = rows[number, cell]
        if out[ek.E_MARGIN] <= ek.FLOOR_S:
            assert row[ek.E_MARGIN] <= ek.FLOOR_S
            continue
        worst_s = max(worst_s, abs(row[ek.E_MARGIN] - out[ek.E_MARGIN]))
        if abs(out[ek.E_MARGIN]) > MARGIN_TOLERANCE_S:
            agreed += row[ek.E_CONSTRAINT] == out[ek.E_CONSTRAINT] and row[ek.E_SHOTS] == out[ek.E_SHOTS]
        else:
            agreed += 1
        for event in (ek.E_DETECTION, ek.E_FIRST_INTERCEPT, ek.E_LAST_INTERCEPT):
            if not math.isnan(out[event]) and min(row[ek.E_MARGIN], out[ek.E_MARGIN]) > 1.0:
                assert row[event] == pytest.approx(out[event], abs=EVENT_TOLERANCE_S)
    met = [row for row in (rows[n, c] for n, c, _ in flown) if row[ek.E_MARGIN] > ek.FLOOR_S]
    print(f"{radar_range}: largest difference of margins {worst_s:.3f} s; same reason and shots {agreed} of {len(met)}")
    assert worst_s < MARGIN_TOLERANCE_S
    # A cell may lie on the border between two reasons or two numbers of shots.
    assert agreed >= 0.93 * len(met)


def test_nearly_vertical_arcs_end_where_they_are_aimed() -> None:
    study = load_study("seongju")
    lat, lon = aim_points(study)
    arc = np.empty((fnk.N_NODE, 6))
    worst_m, cells = 0.0, 0
    for case in fly_fans(study):
        if study.threats[case.threat].trajectory != "lofted":
            continue
        distance_m, _ = geodesics_from(case.fan.launch, lat, lon)
        for cell in np.flatnonzero(~np.isnan(case.fan.index[:, 0]) & (distance_m < NEARLY_VERTICAL_M))[::7]:
            fnk.interpolate_arc(case.fan.arcs, case.fan.times_s, *case.fan.index[cell], arc)
            end = ecef_of(float(lat[cell]), float(lon[cell]), 0.0)
            worst_m, cells = max(worst_m, float(np.linalg.norm(arc[-1, :3] - end))), cells + 1
    print(f"nearly vertical: {worst_m:.2f} m off at impact, over {cells} cells")
    assert cells > 100
    assert worst_m < IMPACT_TOLERANCE_M


def test_every_cell_in_reach_is_in_the_fan(study: Study, fans: tuple[CaseFan, ...]) -> None:
    lat, lon = aim_points(study)
    rng = np.random.default_rng(7)
    missed = []
    for case in fans:
        threat = study.threats[case.threat]
        missile = Missile.from_record(threat.missile)
        for cell in rng.permutation(np.flatnonzero(np.isnan(case.fan.index[:, 0])))[:12]:
            target = Site(float(lat[cell]), float(lon[cell]))
            if geodesic(case.fan.launch, target)[0] < 1.03 * NEAREST_M:  # azimuths differ a little in range
                continue
            try:
                aim_at(missile, case.fan.launch, target, trajectory=threat.trajectory)
            except UnreachableError:
                continue
            missed.append(f"{case.name}: {geodesic(case.fan.launch, target)[0] / 1e3:.0f} km")
    assert not missed


def test_points_of_other_places_do_not_move_a_cell() -> None:
    # A fan over a few cells has other azimuths and controls; the arcs onto a cell stay.
    study = load_study("seongju")
    case = study.threats[0]
    one = replace(study, threats=(replace(case, launch_areas=case.launch_areas[:1]),))
    lat, lon = aim_points(one)
    wide = fly_fans(one)[0].fan
    some = np.flatnonzero(~np.isnan(wide.index[:, 0]))[::997]
    narrow = fly_fans(one, (lat[some], lon[some]))[0].fan
    arc, other = np.empty((fnk.N_NODE, 6)), np.empty((fnk.N_NODE, 6))
    for i, cell in enumerate(some):
        fnk.interpolate_arc(wide.arcs, wide.times_s, *wide.index[cell], arc)
        fnk.interpolate_arc(narrow.arcs, narrow.times_s, *narrow.index[i], other)
        assert np.linalg.norm(arc[-1, :3] - other[-1, :3]) < 2 * IMPACT_TOLERANCE_M
