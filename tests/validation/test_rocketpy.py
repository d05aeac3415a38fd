"""Boosts through the air go where RocketPy, a flight program of others, takes them.

RocketPy (Ceotto et al., J. Aerosp. Eng. 34(6), 2021) flies rockets over a flat Earth, here as a point mass whose axis
follows its velocity. It gets the masses, the thrust, the drag curve and the gravity of the launch point; air, equations
of motion and integration are its own. So the flights stay short: below the 80 km at which its air ends.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from scipy.integrate import trapezoid

from equipoise.physics import Aim, Missile, Site, Stage, Trajectory, fly
from equipoise.physics.earth_kernels import GM_M3_S2, J2, SEMI_MAJOR_M

with warnings.catch_warnings():
    # What its imports warn of is not ours to mend.
    warnings.simplefilter("ignore")
    from rocketpy import Environment, Flight, PointMassMotor, PointMassRocket

# RocketPy reads its air from tables: between their knots the sound is up to 0.24 % slow and the density 0.05 % thin.
BURNOUT_TOLERANCE_M = 1.0
# That difference of drag, carried on to 80 km: a hundredth of a per cent.
APOGEE_TOLERANCE_M = 8.0
# And down again: the round Earth lies 30 to 200 m below the flat one, so a falling body meets air that much later.
DESCENT_TOLERANCE_M = 20.0
# RocketPy turns the axis after the velocity at this rate times the angle between them, ours at once. [1/s]
TURNING = 5000.0

DRAG = ((0.0, 0.2), (0.85, 0.2), (1.0, 0.27), (1.2, 0.27), (2.0, 0.2), (4.5, 0.2))
RISE_S = 4.0
PROPELLANT_KG, INERT_KG, PAYLOAD_KG, BURN_S, DIAMETER_M = 900.0, 250.0, 700.0, 25.0, 0.6
# launch on the equator towards the east: gravity has no component across the plane of flight
EQUATOR = Site(0.0, 0.0)
G0 = 9.80665


def rocket_of(isp_sea_s: float, isp_vacuum_s: float) -> Missile:
    stage = Stage(PROPELLANT_KG, INERT_KG, isp_sea_s, isp_vacuum_s, BURN_S, DIAMETER_M)
    return Missile("sounding rocket", (stage,), PAYLOAD_KG, DRAG, gravity_turn=True, vertical_time_s=RISE_S)


def gravity(height_m: float) -> float:
    """Return the gravity of the model on the equator, without the Earth's turning. [m/s2]"""
    r = SEMI_MAJOR_M + height_m
    return GM_M3_S2 / r**2 * (1.0 + 1.5 * J2 * (SEMI_MAJOR_M / r) ** 2)


def theirs(isp_sea_s: float, isp_vacuum_s: float, kick_rad: float, end_s: float) -> Flight:
    """Fly RocketPy: straight up, turned once, then along the velocity."""
    environment = Environment(latitude=0.0, longitude=0.0, elevation=0.0, gravity=gravity, max_expected_height=80e3)
    environment.set_atmospheric_model(type="standard_atmosphere")
    flow = PROPELLANT_KG / BURN_S
    motor = PointMassMotor(
        thrust_source=flow * G0 * isp_vacuum_s,
        dry_mass=INERT_KG,
        propellant_initial_mass=PROPELLANT_KG,
        burn_time=BURN_S,
    )
    # Thrust was given for a vacuum; the air pushes back on a nozzle of this area.
    motor.reference_pressure = 0.0
    motor.nozzle_area = flow * G0 * (isp_vacuum_s - isp_sea_s) / 101325.0
    machs, coefficients = zip(*DRAG, strict=True)

    def drag(mach: float) -> float:
        return float(np.interp(mach, machs, coefficients))

    rocket = PointMassRocket(
        radius=DIAMETER_M / 2.0, mass=PAYLOAD_KG, center_of_mass_without_motor=0.0,
        power_off_drag=drag, power_on_drag=drag, weathercock_coeff=TURNING,
    )  # fmt: skip
    rocket.add_motor(motor, position=0.0)

    def run(start: list[float], until_s: float) -> Flight:
        return Flight(
            rocket=rocket, environment=environment, rail_length=0.1, inclination=90.0, heading=90.0,
            initial_solution=start, max_time=until_s, rtol=1e-8, simulation_mode="3 DOF",
        )  # fmt: skip

    risen = run([0.0] * 7 + [1.0] + [0.0] * 6, RISE_S)
    speed = float(risen.vz(RISE_S))
    half = 0.5 * kick_rad
    return run(
        [
            RISE_S, 0.0, 0.0, float(risen.z(RISE_S)), speed * math.sin(kick_rad), 0.0, speed * math.cos(kick_rad),
            math.cos(half), 0.0, math.sin(half), 0.0, 0.0, 0.0, 0.0,
        ],
        end_s,
    )  # fmt: skip


def tilt_m(flown: Trajectory, until_s: float) -> float:
    """Return how far gravity, which on a round Earth turns with the place, has drawn a flight back by some time. [m]"""
    time_s = np.linspace(0.0, until_s, 2001)
    x, y, _ = flown.at(time_s)[0].T
    r = np.hypot(x, y)
    pull = np.array([gravity(height) for height in r - SEMI_MAJOR_M]) * y / r
    return float(trapezoid(pull * (until_s - time_s), time_s))


@pytest.mark.parametrize("kick_deg", [3.0, 8.0])
@pytest.mark.parametrize(("isp_sea_s", "isp_vacuum_s"), [(230.0, 250.0), (215.0, 250.0)])
def test_a_boost_and_its_fall_are_those_of_rocketpy(isp_sea_s: float, isp_vacuum_s: float, kick_deg: float) -> None:
    flown = fly(rocket_of(isp_sea_s, isp_vacuum_s), EQUATOR, Aim(math.pi / 2, math.radians(kick_deg)), rotation=False)
    assert 60e3 < flown.apogee_m < 80e3, "within RocketPy's air"
    down_s = flown.time_of_flight_s - 30.0
    other = theirs(isp_sea_s, isp_vacuum_s, math.radians(kick_deg), down_s)
    moments = [
        ("burnout", BURN_S, BURNOUT_TOLERANCE_M),
        ("apogee", flown.apogee_time_s, APOGEE_TOLERANCE_M),
        ("descent", down_s, DESCENT_TOLERANCE_M),
    ]
    for moment, time_s, tolerance_m in moments:
        r, _ = flown.at(time_s)
        up_m = float(r[0]) - SEMI_MAJOR_M - float(other.z(time_s))
        along_m = float(r[1]) + tilt_m(flown, time_s) - float(other.x(time_s))
        print(
            f"isp {isp_sea_s:g}/{isp_vacuum_s:g} kick {kick_deg:g}, {moment}: altitude {r[0] - SEMI_MAJOR_M:.0f} m "
            f"off {up_m:.2f} m, downrange {r[1]:.0f} m off {along_m:.2f} m"
        )
        assert abs(up_m) < tolerance_m
        assert abs(along_m) < tolerance_m
