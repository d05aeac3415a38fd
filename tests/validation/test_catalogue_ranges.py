"""The missile classes fly the ranges they are tuned to, and apogees they are not tuned to.

Ranges: the published ones of the records. Apogees: flights at about the maximum range, as the CNS North Korea Missile
Test Database reports them (nagix/nk-missile-tests, commit a0cc65874d36); reported to the kilometre at best, so 15 %.
"""

from __future__ import annotations

import math

import pytest

from equipoise.catalog import load_catalog
from equipoise.physics import Missile, Site, fly, max_range

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


@pytest.mark.parametrize("id", BALLISTIC)
def test_thrust_and_launch_mass_are_those_of_a_missile(id: str) -> None:
    # It lifts off, and no faster than liquid missiles do.
    missile = Missile.from_record(load_catalog().missile(id))
    stage = missile.stages[0]
    thrust_over_weight = stage.propellant_kg / stage.burn_time_s * stage.isp_sea_level_s / missile.launch_mass_kg
    assert 1.2 < thrust_over_weight < 2.5
