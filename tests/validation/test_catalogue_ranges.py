"""The missile classes fly the ranges they are tuned to, and apogees they are not tuned to.

Ranges: the published ones of the records. Apogees: flights at about the maximum range, as the CNS North Korea Missile
Test Database reports them (nagix/nk-missile-tests, commit a0cc65874d36); reported to the kilometre at best, so
15 %, and more where a report is a round figure.
"""

from __future__ import annotations

import math

import pytest

from equipoise.catalog import load_catalog
from equipoise.physics import Missile, Site, aim_at, destination, fly, max_range
from equipoise.study.file import TrajectoryKind

CENTRAL_NORTH_KOREA = Site.of_degrees(39.0, 125.7)
BALLISTIC = [id for id in load_catalog().ids("missile") if load_catalog().missile(id).ballistic]


@pytest.mark.parametrize("id", BALLISTIC)
def test_the_maximum_range_is_the_published_one(id: str) -> None:
    record = load_catalog().missile(id)
    missile = Missile.from_record(record)
    arc = fly(missile, CENTRAL_NORTH_KOREA, max_range(missile, CENTRAL_NORTH_KOREA, math.pi))
    assert arc.range_m == pytest.approx(record.published_range_m.value, rel=2e-3)


@pytest.mark.parametrize(
    ("id", "apogee_m"),
    [
        ("scud-c", 134e3),  # 490 km on 1 March 2015
        ("scud-er", 260e3),  # 1,000 km on 6 March 2017
    ],
)
def test_the_apogee_at_maximum_range_is_the_reported_one(id: str, apogee_m: float) -> None:
    missile = Missile.from_record(load_catalog().missile(id))
    arc = fly(missile, CENTRAL_NORTH_KOREA, max_range(missile, CENTRAL_NORTH_KOREA, math.pi))
    assert arc.apogee_m == pytest.approx(apogee_m, rel=0.15)


@pytest.mark.parametrize(
    ("id", "launch_deg", "azimuth_deg", "range_m", "trajectory", "apogee_m", "tolerance"),
    [
        ("nodong", (40.85, 129.67), 83, 500e3, "cut-off", 150e3, 0.15),  # 29 May 1993
        ("nodong", (39.41, 125.89), 79, 650e3, "cut-off", 150e3, 0.25),  # 26 March 2014; the report looks rounded
        ("musudan", (39.17, 127.48), 73, 400e3, "lofted", 1400e3, 0.15),  # 22 June 2016
        ("hwasong-12", (40.07, 125.21), 71, 787e3, "lofted", 2111.5e3, 0.15),  # 14 May 2017
    ],
)
def test_shorter_and_steeper_flights_rise_as_reported(
    id: str,
    launch_deg: tuple[float, float],
    azimuth_deg: float,
    range_m: float,
    trajectory: TrajectoryKind,
    apogee_m: float,
    tolerance: float,
) -> None:
    missile = Missile.from_record(load_catalog().missile(id))
    launch = Site.of_degrees(*launch_deg)
    target = destination(launch, math.radians(azimuth_deg), range_m)
    arc = fly(missile, launch, aim_at(missile, launch, target, trajectory=trajectory))
    assert arc.range_m == pytest.approx(range_m, rel=1e-3)
    assert arc.apogee_m == pytest.approx(apogee_m, rel=tolerance)


@pytest.mark.parametrize("id", BALLISTIC)
def test_thrust_and_launch_mass_are_those_of_a_missile(id: str) -> None:
    # It lifts off, and no faster than liquid missiles do.
    missile = Missile.from_record(load_catalog().missile(id))
    stage = missile.stages[0]
    thrust_over_weight = stage.propellant_kg / stage.burn_time_s * stage.isp_sea_level_s / missile.launch_mass_kg
    assert 1.2 < thrust_over_weight < 2.5
