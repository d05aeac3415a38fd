"""What mechanics keeps, free flight keeps: energy and angular momentum without rotation, Jacobi's integral with it.

The potential is written out here: ``-GM/r [1 - J2 (a/r)^2 (3 sin^2(lat) - 1)/2]``, with WGS-84 constants.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.physics import Aim, Missile, Site, Stage, Trajectory, fly

GM_M3_S2 = 3.986004418e14
A_M = 6378137.0
J2 = 0.484166774985e-3 * math.sqrt(5.0)  # NIMA TR8350.2, table 3.3
OMEGA_RAD_S = 7.292115e-5
# Of the largest term. A step may err by 0.3 mm in 6,400 km, 5e-11, and a flight takes ten to thirty of them.
CONSERVED_REL = 1e-9
# With a smaller step error what is left shrinks as well: nothing but the steps breaks the law.
TIGHT_M = 1e-6
TIGHT_REL = 2e-12
DRAG = ((0.0, 0.2), (1.0, 0.3))


def missile(air: bool = False) -> Missile:
    stages = (Stage(30000, 3000, 240, 270, 90, 1.8), Stage(8000, 800, 250, 290, 80, 1.4))
    return Missile("two stages", stages, 800.0, DRAG, air=air)


def potential(r: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(r, axis=1)
    sine = r[:, 2] / length
    return -GM_M3_S2 / length * (1.0 - J2 * (A_M / length) ** 2 * (3.0 * sine**2 - 1.0) / 2.0)


def free_flight(arc: Trajectory) -> tuple[np.ndarray, np.ndarray]:
    free = arc.time_s >= arc.burnout.time_s
    assert free.sum() >= 10
    return arc.r_ecef_m[free], arc.v_ecef_mps[free]


def spread(values: np.ndarray, scale: float) -> float:
    return float((values.max() - values.min()) / scale)


@pytest.mark.parametrize(("az_deg", "angle_deg"), [(20.0, 35.0), (95.0, 50.0), (180.0, 70.0), (285.0, 30.0)])
@pytest.mark.parametrize(("tolerance_m", "kept_rel"), [(None, CONSERVED_REL), (TIGHT_M, TIGHT_REL)])
def test_energy_and_angular_momentum_about_the_axis_without_rotation(
    az_deg: float, angle_deg: float, tolerance_m: float | None, kept_rel: float
) -> None:
    rest = {} if tolerance_m is None else {"tolerance_m": tolerance_m}
    aim = Aim(math.radians(az_deg), math.radians(angle_deg))
    r, v = free_flight(fly(missile(), Site.of_degrees(40.0, 20.0), aim, rotation=False, **rest))
    energy = 0.5 * np.sum(v * v, axis=1) + potential(r)
    momentum = r[:, 0] * v[:, 1] - r[:, 1] * v[:, 0]
    assert spread(energy, abs(potential(r)).max()) < kept_rel
    largest = float((np.linalg.norm(r, axis=1) * np.linalg.norm(v, axis=1)).max())
    assert spread(momentum, largest) < kept_rel


@pytest.mark.parametrize(("az_deg", "angle_deg"), [(20.0, 35.0), (95.0, 50.0), (285.0, 30.0)])
def test_jacobis_integral_with_rotation(az_deg: float, angle_deg: float) -> None:
    aim = Aim(math.radians(az_deg), math.radians(angle_deg))
    r, v = free_flight(fly(missile(), Site.of_degrees(40.0, 20.0), aim, tolerance_m=TIGHT_M))
    centrifugal = -0.5 * OMEGA_RAD_S**2 * (r[:, 0] ** 2 + r[:, 1] ** 2)
    jacobi = 0.5 * np.sum(v * v, axis=1) + potential(r) + centrifugal
    assert spread(jacobi, abs(potential(r)).max()) < TIGHT_REL


def test_air_only_takes_energy_away() -> None:
    arc = fly(missile(air=True), Site.of_degrees(40.0, 20.0), Aim(1.0, math.radians(40.0)), rotation=False)
    r, v = free_flight(arc)
    energy = 0.5 * np.sum(v * v, axis=1) + potential(r)
    assert np.all(np.diff(energy) < 1e-9 * abs(energy[0]))
    assert energy[-1] < energy[0]


def test_the_rocket_equation_in_vacuum_with_a_short_burn() -> None:
    # Burnt in a tenth of a second, straight up: the speed is g0 Isp ln(m0/m1) less gravity for that time.
    flown = Missile("puff", (Stage(500.0, 300.0, 250, 250, 0.1, 0.5),), 200.0, DRAG, air=False, vertical_time_s=1.0)
    arc = fly(flown, Site.of_degrees(50.0, 0.0), Aim(0.0, math.pi / 2), rotation=False)
    ideal_mps = 9.80665 * 250 * math.log(1000.0 / 500.0) - 9.81 * 0.1
    assert arc.burnout_speed_mps == pytest.approx(ideal_mps, abs=0.01)  # gravity differs by 0.02 m/s2 from 9.81
