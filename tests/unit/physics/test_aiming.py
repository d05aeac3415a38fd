from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import InputError, UnreachableError
from equipoise.physics import Aim, Missile, Site, Stage, aim_at, destination, fly, geodesic, max_range
from equipoise.study.file import TrajectoryKind

KOREA = Site.of_degrees(39.0, 125.7)
BUSAN = Site.of_degrees(35.1, 129.0)
# The promise of aim_at.
HIT_M = 1.0
# Near the antipode the angle of longest range is found to 1e-6 rad, which moves the impact by 20 km.
SEARCH_RAD = 0.005
DRAG = ((0.0, 0.2), (0.85, 0.2), (1.0, 0.27), (1.2, 0.27), (2.0, 0.2))


@pytest.fixture(scope="module")
def nodong() -> Missile:
    return Missile.from_record(load_catalog().missile("nodong"))


@pytest.fixture(scope="module")
def icbm() -> Missile:
    stages = (
        Stage(30000, 3000, 240, 270, 60, 1.8, 1.0),
        Stage(9000, 900, 250, 290, 60, 1.5, 2.0),
        Stage(3200, 320, 255, 295, 60, 1.2),
    )
    return Missile("three stages", stages, 500.0, DRAG, ballistic_coefficient_kg_m2=10000.0)


@pytest.mark.parametrize("rotation", [True, False])
@pytest.mark.parametrize("trajectory", ["cut-off", "lofted", "depressed"])
def test_it_lands_within_a_metre(nodong: Missile, trajectory: TrajectoryKind, rotation: bool) -> None:
    target = BUSAN if trajectory != "depressed" else destination(KOREA, 2.0, 1280e3)
    aim = aim_at(nodong, KOREA, target, trajectory=trajectory, rotation=rotation)
    arc = fly(nodong, KOREA, aim, rotation=rotation)
    assert geodesic(arc.impact_site, target)[0] < HIT_M
    assert (aim.burn_s < nodong.burn_time_s) == (trajectory == "cut-off")


def test_lofted_is_steeper_and_depressed_is_shallower_than_the_longest(nodong: Missile) -> None:
    target = destination(KOREA, 2.0, 1280e3)
    apogees = [
        fly(nodong, KOREA, aim_at(nodong, KOREA, target, trajectory=kind)).apogee_m
        for kind in ("depressed", "cut-off", "lofted")
    ]
    assert apogees[0] < apogees[1] < apogees[2]


def test_a_wanted_apogee_is_flown(nodong: Missile) -> None:
    aim = aim_at(nodong, KOREA, BUSAN, apogee_m=250e3)
    arc = fly(nodong, KOREA, aim)
    assert geodesic(arc.impact_site, BUSAN)[0] < HIT_M
    assert arc.apogee_m == pytest.approx(250e3, abs=10.0)


@pytest.mark.parametrize("range_km", [150, 200, 300])
def test_a_very_steep_arc_onto_a_near_place(range_km: int) -> None:
    # The Earth turns by as much as the range while it is up: azimuth of thrust and of impact go apart.
    missile = Missile.from_record(load_catalog().missile("musudan"))
    launch = Site.of_degrees(39.17, 127.48)
    target = destination(launch, math.radians(170.0), range_km * 1e3)
    arc = fly(missile, launch, aim_at(missile, launch, target, trajectory="lofted"))
    assert geodesic(arc.impact_site, target)[0] < HIT_M


def test_across_the_antimeridian(nodong: Missile) -> None:
    launch, target = Site.of_degrees(52.0, 178.0), Site.of_degrees(53.0, -176.0)
    arc = fly(nodong, launch, aim_at(nodong, launch, target))
    assert geodesic(arc.impact_site, target)[0] < HIT_M


@pytest.mark.parametrize(
    ("range_m", "trajectory", "words"),
    [
        (3000e3, "cut-off", r"nodong: target must lie within 1\d\d\d km in that direction .*; got 3000 km"),
        (3000e3, "lofted", r"nodong: target must lie between \d+ and 1\d\d\d km for a lofted flight at full burn"),
        (500.0, "cut-off", r"target must lie at least 1 km from the launch point; got 0.500 km"),
        (19_990e3, "cut-off", r"target must lie on the near side of the antipode"),
    ],
)
def test_what_cannot_be_reached_is_refused_with_what_can(
    nodong: Missile, range_m: float, trajectory: TrajectoryKind, words: str
) -> None:
    with pytest.raises(UnreachableError, match=words):
        aim_at(nodong, KOREA, destination(KOREA, 2.0, range_m), trajectory=trajectory)


def test_a_steep_apogee_below_that_of_full_burn_is_flown() -> None:
    hwasong_14 = Missile.from_record(load_catalog().missile("hwasong-14"))
    target = destination(KOREA, math.radians(73.0), 998e3)
    full = fly(hwasong_14, KOREA, aim_at(hwasong_14, KOREA, target, trajectory="lofted"))
    aim = aim_at(hwasong_14, KOREA, target, apogee_m=0.98 * full.apogee_m)
    arc = fly(hwasong_14, KOREA, aim)
    assert arc.apogee_m == pytest.approx(0.98 * full.apogee_m, abs=10.0)
    assert geodesic(arc.impact_site, target)[0] < 1.0


def test_an_apogee_out_of_reach_says_which_are_in_reach(nodong: Missile) -> None:
    with pytest.raises(UnreachableError, match=r"apogee onto this target must lie between \d+ and \d+ km; got 5000 km"):
        aim_at(nodong, KOREA, BUSAN, apogee_m=5000e3)
    with pytest.raises(InputError, match="apogee must stand without an angle and with the cut-off trajectory"):
        aim_at(nodong, KOREA, BUSAN, apogee_m=200e3, trajectory="lofted")


def test_the_longest_range_is_the_longest_of_a_dense_search(nodong: Missile) -> None:
    best = max_range(nodong, KOREA, 2.0)
    longest_m = fly(nodong, KOREA, best).range_m
    for angle in np.radians(np.arange(25.0, 65.0, 0.5)):
        assert fly(nodong, KOREA, Aim(2.0, float(angle))).range_m < longest_m + 1.0
    assert math.isinf(best.burn_s)


def test_a_missile_that_flies_round_the_world_stays_on_the_near_side(icbm: Missile) -> None:
    # At full burn it reaches past the antipode; the longest range must not.
    beyond = fly(icbm, KOREA, Aim(0.3, math.radians(30.0)), rotation=False)
    aim = max_range(icbm, KOREA, 0.3, rotation=False)
    arc = fly(icbm, KOREA, aim, rotation=False)
    r, up = arc.impact.r_ecef_m, np.array(arc.r_ecef_m[0])
    ahead = arc.at(arc.burnout.time_s)[0]
    normal = np.cross(up, ahead)
    # Angle flown about the plane of the arc, 0 to 2 pi.
    flown = math.atan2(float(np.dot(np.cross(up, r), normal / np.linalg.norm(normal))), float(np.dot(up, r))) % math.tau
    assert 0.0 < flown < math.pi + SEARCH_RAD
    assert arc.range_m >= beyond.range_m
