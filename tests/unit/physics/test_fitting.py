"""Fits against ``fly``: a known flight is flown first, and only its apogee, distance and direction are handed over."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import InputError
from equipoise.physics import Aim, Missile, Site, Stage, destination, fly, geodesic, max_range
from equipoise.physics.earth_kernels import OMEGA_RAD_S
from equipoise.physics.fitting import (
    Fit,
    FreeParameter,
    bounds_of,
    fit_flights,
    with_parameter,
)
from equipoise.physics.longest import Longest, longest_flights

KOREA = Site.of_degrees(39.0, 125.7)
# The promise of a fit is half a metre at impact and some more at the apogee; the integrator adds up to a metre.
HIT_M = 1.5
APOGEE_M = 4.0
# The apogee and impact move by kilometres per thousandth of propellant, so a metre's error is this little of it.
SAME_FACTOR = 2e-4
SAME_SECONDS = 0.05
# Two searches for one flat maximum end within this.
FLAT_TOP_M = 15.0
DRAG = ((0.0, 0.2), (0.85, 0.2), (1.0, 0.27), (1.2, 0.27), (2.0, 0.2))


@cache
def missile(name: str) -> Missile:
    if name == "three stages":
        stages = (
            Stage(30000, 3000, 240, 270, 60, 1.8, 1.0),
            Stage(9000, 900, 250, 290, 60, 1.5, 2.0),
            Stage(3200, 320, 255, 295, 60, 1.2),
        )
        return Missile(name, stages, 900.0, DRAG, ballistic_coefficient_kg_m2=10000.0)
    if name == "turning":
        held = missile("hwasong-12")
        return replace(held, gravity_turn=True, vertical_time_s=12.0)
    return Missile.from_record(load_catalog().missile(name))


def fitted(
    body: Missile, az_rad: float, apogee_m: float, range_m: float, parameter: FreeParameter, rotation: bool
) -> Fit | None:
    omega = np.array([OMEGA_RAD_S if rotation else 0.0])
    return fit_flights([body], KOREA, [az_rad], apogee_m, range_m, parameter=parameter, omega_rad_s=omega)[0]


def altered(body: Missile, parameter: FreeParameter) -> Missile:
    """Start the fit from a missile whose free parameter is another one."""
    return with_parameter(
        body, parameter, {"propellant": 0.9, "payload": 0.8 * body.payload_kg, "cut-off": 0.0}[parameter]
    )


@pytest.mark.parametrize("rotation", [True, False], ids=["turning Earth", "still Earth"])
@pytest.mark.parametrize("parameter", ["propellant", "payload", "cut-off"])
@pytest.mark.parametrize(
    ("name", "az_deg", "angle_deg"),
    [
        ("scud-b", 90.0, 65.0),
        ("nodong", 200.0, 45.0),
        ("nodong", 60.0, 82.0),
        ("hwasong-12", 90.0, 87.0),
        ("hwasong-12", 120.0, 40.0),
        ("musudan", 315.0, 75.0),
        ("turning", 90.0, 0.4),
        ("turning", 250.0, 4.0),
        ("three stages", 30.0, 80.0),
    ],
)
def test_the_free_parameter_of_a_known_flight_comes_back(
    name: str, az_deg: float, angle_deg: float, parameter: FreeParameter, rotation: bool
) -> None:
    body = missile(name)
    burn_s = 0.93 * body.burn_time_s if parameter == "cut-off" else math.inf
    known = fly(body, KOREA, Aim(math.radians(az_deg), math.radians(angle_deg), burn_s), rotation=rotation)
    distance_m, az_rad = geodesic(KOREA, known.impact_site)
    found = fitted(altered(body, parameter), az_rad, known.apogee_m, distance_m, parameter, rotation)
    assert found is not None
    again = fly(found.missile, KOREA, found.aim, rotation=rotation)
    assert geodesic(again.impact_site, known.impact_site)[0] < HIT_M
    assert again.apogee_m == pytest.approx(known.apogee_m, abs=APOGEE_M)
    assert found.time_of_flight_s == pytest.approx(again.time_of_flight_s, abs=SAME_SECONDS)
    if name == "turning":  # a gravity turn may fly one apogee and impact with two kicks
        return
    truth = {"propellant": 1.0 / 0.9, "payload": body.payload_kg, "cut-off": burn_s}[parameter]
    assert found.value == pytest.approx(truth, rel=SAME_FACTOR)
    assert again.time_of_flight_s == pytest.approx(known.time_of_flight_s, abs=SAME_SECONDS)


def test_more_propellant_is_needed_for_a_higher_apogee() -> None:
    factors = [
        fitted(missile("hwasong-12"), 1.5, height * 1e3, 787e3, "propellant", True) for height in range(600, 4000, 400)
    ]
    values = [one.value for one in factors if one is not None]
    assert len(values) == len(factors)
    assert np.all(np.diff(values) > 0.0)


def test_less_payload_and_a_later_cut_off_go_higher() -> None:
    payloads = [
        fitted(missile("hwasong-12"), 1.5, height, 787e3, "payload", False) for height in (1500e3, 1900e3, 2050e3)
    ]
    cut_offs = [
        fitted(missile("hwasong-12"), 1.5, height, 787e3, "cut-off", False) for height in (1000e3, 1500e3, 2000e3)
    ]
    assert np.all(np.diff([one.value for one in payloads if one]) < 0.0)
    assert np.all(np.diff([one.value for one in cut_offs if one]) > 0.0)
    assert None not in payloads + cut_offs


def test_the_value_set_is_within_its_bounds_or_nothing_is() -> None:
    body = missile("scud-b")
    for parameter in ("propellant", "payload", "cut-off"):
        low, high = bounds_of(body, parameter)
        for height in (20e3, 80e3, 150e3, 250e3, 1000e3, 10_000e3):
            found = fitted(body, 1.0, height, 200e3, parameter, True)
            assert found is None or low <= found.value <= high
        assert fitted(body, 1.0, 10_000e3, 200e3, parameter, True) is None
        assert fitted(body, 1.0, 20e3, 5_000e3, parameter, True) is None


def test_eastward_takes_less_propellant_than_westward() -> None:
    """The turning Earth lends speed to the east: 464 m/s at the equator, and takes it to the west."""
    launch = Site.of_degrees(0.0, 0.0)
    east, west = fit_flights(
        [missile("hwasong-12")] * 2, launch, [math.pi / 2, -math.pi / 2], 800e3, 3500e3,
        parameter="propellant", omega_rad_s=np.full(2, OMEGA_RAD_S),
    )  # fmt: skip
    assert east is not None
    assert west is not None
    assert east.value < 0.97 * west.value


@pytest.mark.parametrize("az_deg", [0.0, 90.0, 200.0])
@pytest.mark.parametrize("name", ["scud-b", "nodong", "hwasong-12", "turning", "three stages"])
def test_the_longest_flight_is_that_of_the_other_search(name: str, az_deg: float) -> None:
    body, az_rad = missile(name), math.radians(az_deg)
    found = longest_flights([body], KOREA, [az_rad], omega_rad_s=np.array([OMEGA_RAD_S]))[0]
    assert found is not None
    other = fly(body, KOREA, max_range(body, KOREA, az_rad))
    again = fly(body, KOREA, found.aim)
    assert again.range_m == pytest.approx(found.range_m, abs=HIT_M)
    assert again.apogee_m == pytest.approx(found.apogee_m, abs=APOGEE_M)
    assert found.range_m >= other.range_m - FLAT_TOP_M
    if name != "turning":  # its range has two tops, and the shallower search may miss the farther
        assert found.range_m == pytest.approx(other.range_m, abs=FLAT_TOP_M)


@pytest.mark.parametrize("known_deg", [6.5, 55.0])
def test_an_angle_known_to_fly_never_shortens_the_longest(known_deg: float) -> None:
    body, omega = missile("nodong"), np.zeros(1)
    plain = longest_flights([body], KOREA, [1.0], omega_rad_s=omega)[0]
    with_known = longest_flights([body], KOREA, [1.0], omega_rad_s=omega, known_angle_rad=[math.radians(known_deg)])[0]
    assert isinstance(plain, Longest)
    assert isinstance(with_known, Longest)
    assert with_known.range_m == pytest.approx(plain.range_m, abs=FLAT_TOP_M)


@pytest.mark.parametrize("payload_kg", [400.0, 500.0, 700.0])
def test_a_missile_that_can_go_round_ends_at_the_antipode(payload_kg: float) -> None:
    strong = with_parameter(missile("three stages"), "payload", payload_kg)
    found = longest_flights([strong], KOREA, [0.5], omega_rad_s=np.zeros(1))[0]
    assert found is not None
    assert found.antipode
    opposite = Site(-KOREA.lat_rad, KOREA.lon_rad - math.pi)
    flattening_m = 40e3  # the plane of the arc passes the point opposite by this much
    assert geodesic(found.impact, opposite)[0] < flattening_m


@pytest.mark.parametrize("payload_kg", [150.0, 300.0])
def test_a_missile_that_leaves_the_earth_or_stays_up_for_hours_has_no_longest_flight(payload_kg: float) -> None:
    strong = with_parameter(missile("three stages"), "payload", payload_kg)
    assert longest_flights([strong], KOREA, [0.5], omega_rad_s=np.zeros(1)) == (None,)


def test_no_missiles_come_to_nothing() -> None:
    assert fit_flights([], KOREA, [], 1e6, 1e6, parameter="propellant", omega_rad_s=np.empty(0)) == ()
    assert longest_flights([], KOREA, [], omega_rad_s=np.empty(0)) == ()


def test_a_flight_of_each_is_as_if_it_were_alone() -> None:
    bodies = [missile(name) for name in ("scud-b", "three stages", "nodong", "turning")]
    omega = np.full(4, OMEGA_RAD_S)
    together = fit_flights(bodies, KOREA, [1.0] * 4, 300e3, 600e3, parameter="propellant", omega_rad_s=omega)
    alone = [fitted(body, 1.0, 300e3, 600e3, "propellant", True) for body in bodies]
    assert [one and (one.value, one.aim) for one in together] == [one and (one.value, one.aim) for one in alone]


@pytest.mark.parametrize("threads", ["1", "2"])
def test_bits_do_not_depend_on_threads(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EQUIPOISE_THREADS", threads)
    az = np.linspace(0.0, 6.0, 7).tolist()
    omega = np.full(7, OMEGA_RAD_S)
    found = fit_flights([missile("nodong")] * 7, KOREA, az, 300e3, 800e3, parameter="propellant", omega_rad_s=omega)
    longest = longest_flights([missile("nodong")] * 7, KOREA, az, omega_rad_s=omega)
    bits = (
        [one and (one.value, one.aim.az_rad, one.aim.angle_rad) for one in found],
        [one and one.range_m for one in longest],
    )
    assert bits == _bits_alone()


@cache
def _bits_alone() -> tuple[list[object], list[object]]:
    values: list[object] = []
    ranges: list[object] = []
    for az in np.linspace(0.0, 6.0, 7).tolist():
        one = fitted(missile("nodong"), az, 300e3, 800e3, "propellant", True)
        values.append(one and (one.value, one.aim.az_rad, one.aim.angle_rad))
        far = longest_flights([missile("nodong")], KOREA, [az], omega_rad_s=np.array([OMEGA_RAD_S]))[0]
        ranges.append(far and far.range_m)
    return values, ranges


def test_across_the_dateline_and_near_a_pole() -> None:
    for launch in (Site.of_degrees(52.0, 179.5), Site.of_degrees(-80.0, -179.0), Site.of_degrees(0.0, 180.0)):
        for az_deg in (0.0, 90.0, 180.0, 270.0):
            found = fit_flights(
                [missile("nodong")], launch, [math.radians(az_deg)], 300e3, 900e3,
                parameter="propellant", omega_rad_s=np.array([OMEGA_RAD_S]),
            )[0]  # fmt: skip
            assert found is not None
            landed = fly(found.missile, launch, found.aim).impact_site
            assert geodesic(landed, destination(launch, math.radians(az_deg), 900e3))[0] < HIT_M


def test_what_is_no_arc_and_too_many_stages_are_refused() -> None:
    with pytest.raises(InputError, match="range must lie in 0 to"):
        fitted(missile("scud-b"), 0.0, 1e5, -1.0, "propellant", True)
    with pytest.raises(InputError, match="apogee must lie above 0 km"):
        fitted(missile("scud-b"), 0.0, 0.0, 1e5, "propellant", True)
    five = replace(
        missile("three stages"), stages=(*missile("three stages").stages, *missile("three stages").stages[1:])
    )
    with pytest.raises(InputError, match="three stages: stages: got 5; allowed: 1 to 4"):
        longest_flights([five], KOREA, [0.0], omega_rad_s=np.zeros(1))


def test_the_parameter_set() -> None:
    body = missile("hwasong-12")
    assert with_parameter(body, "cut-off", 3.0) == body
    assert with_parameter(body, "payload", 700.0).payload_kg == 700.0
    more = with_parameter(body, "propellant", 1.2)
    assert more.stages[0].propellant_kg == pytest.approx(1.2 * body.stages[0].propellant_kg)
    assert more.burn_time_s == body.burn_time_s
    assert more.stages[0].inert_kg == body.stages[0].inert_kg
    # thrust over weight at the greatest payload is what bounds_of promises, by the definition of thrust and weight
    heavy = with_parameter(body, "payload", bounds_of(body, "payload")[1])
    thrust = heavy.stages[0].propellant_kg / heavy.stages[0].burn_time_s * 9.80665 * heavy.stages[0].isp_sea_level_s
    assert thrust / (9.80665 * heavy.launch_mass_kg) == pytest.approx(1.1, rel=1e-12)
