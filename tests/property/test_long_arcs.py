"""What must hold on every long arc of a staged missile, whatever its stages, its aim and the place it starts from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise.errors import NumericalError
from equipoise.physics import Aim, Missile, Site, Stage, Trajectory, fly
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import OMEGA_RAD_S, geodetic_of
from equipoise.physics.flight import TOLERANCE_M

SOME = settings(max_examples=40, deadline=None, derandomize=True)
# World Geodetic System 1984, NIMA TR8350.2 (2000).
GM = 3.986004418e14
A_M = 6378137.0
J2 = 0.484166774985e-3 * math.sqrt(5.0)
# Of the energy to the centre: a step may err by 0.3 mm in 6,400 km, 5e-11, and an arc takes some thirty of them.
CONSERVED_REL = 2e-9
# The step to the ground is repeated until it ends there.
GROUND_TOLERANCE_M = 1e-5
# Between the ends of steps of several minutes the quintic is off; the apogee itself is stepped to.
INTERPOLATION_M = 5.0
# Mirrored arcs take the same steps but for rounding, which an hour of flight makes larger.
MIRROR_TOLERANCE_M = 1e-2
# An arc taken up again is another sequence of steps; both are within the promised metre of the true one.
RESTART_TOLERANCE_M = 1.0
# Where the arcs are free of air, and so of what is not conservative.
NO_AIR_M = 300e3
DRAG = ((0.0, 0.2), (0.85, 0.2), (1.0, 0.27), (1.2, 0.27), (2.0, 0.2), (4.5, 0.2))


@st.composite
def missiles(draw: st.DrawFn) -> Missile:
    """Draw two or three stages of the size of an ICBM, with coasts between them."""
    stages = [(36e3, 3.6e3, 245.0, 275.0, 90.0, 1.8), (9e3, 900.0, 250.0, 290.0, 80.0, 1.5)]
    if draw(st.booleans()):
        stages.append((2500.0, 260.0, 255.0, 295.0, 60.0, 1.2))
    size, payload = draw(st.floats(0.8, 1.1)), draw(st.floats(600.0, 1500.0))
    coasts = [draw(st.floats(0.0, 15.0)) for _ in stages[1:]] + [0.0]
    rows = tuple(Stage(s[0] * size, s[1] * size, *s[2:], coast) for s, coast in zip(stages, coasts, strict=True))
    beta = draw(st.none() | st.floats(3000.0, 15_000.0))
    return Missile("drawn", rows, payload, DRAG, ballistic_coefficient_kg_m2=beta)


angles_rad = st.floats(math.radians(30.0), math.radians(85.0))
azimuths_rad = st.floats(0.0, 2.0 * math.pi)
latitudes_deg = st.floats(-80.0, 80.0)


def flown(missile: Missile, site: Site, aim: Aim, *, rotation: bool) -> Trajectory:
    """Fly, or draw anew where the draw is so strong that it escapes or does not come down in four hours."""
    try:
        return fly(missile, site, aim, rotation=rotation)
    except NumericalError as error:
        assume("still aloft" not in str(error))
        raise


@SOME
@given(missiles(), latitudes_deg, azimuths_rad, angles_rad, st.booleans())
def test_jacobis_integral_is_kept_above_the_air(
    missile: Missile, lat_deg: float, az: float, angle: float, rotation: bool
) -> None:
    arc = flown(missile, Site.of_degrees(lat_deg, 20.0), Aim(az, angle), rotation=rotation)
    heights = np.array([geodetic_of(*r)[2] for r in arc.r_ecef_m.tolist()])
    free = (arc.time_s >= arc.burnout.time_s) & (heights > NO_AIR_M)
    assume(free.sum() >= 5)
    r, v = arc.r_ecef_m[free], arc.v_ecef_mps[free]
    length = np.linalg.norm(r, axis=1)
    potential = -GM / length * (1.0 - J2 * (A_M / length) ** 2 * (1.5 * (r[:, 2] / length) ** 2 - 0.5))
    omega = OMEGA_RAD_S if rotation else 0.0
    integral = 0.5 * np.sum(v * v, axis=1) + potential - 0.5 * omega**2 * (r[:, 0] ** 2 + r[:, 1] ** 2)
    assert np.ptp(integral) < CONSERVED_REL * GM / A_M


@SOME
@given(missiles(), latitudes_deg, azimuths_rad, angles_rad)
def test_apogee_and_impact_are_events_of_the_arc(missile: Missile, lat_deg: float, az: float, angle: float) -> None:
    arc = flown(missile, Site.of_degrees(lat_deg, -150.0), Aim(az, angle), rotation=True)
    assert arc.impact.altitude_m == pytest.approx(0.0, abs=GROUND_TOLERANCE_M)
    assert arc.burnout.time_s < arc.apogee_time_s < arc.impact.time_s
    nodes_m = np.array([geodetic_of(*r)[2] for r in arc.r_ecef_m.tolist()])
    assert nodes_m.max() <= arc.apogee_m + GROUND_TOLERANCE_M
    assert np.all(np.diff(arc.time_s) > 0.0)
    moments, _ = arc.at(arc.apogee_time_s + np.array([-30.0, 0.0, 30.0]))
    before, top, after = (geodetic_of(*r)[2] for r in moments.tolist())
    assert top == pytest.approx(arc.apogee_m, abs=INTERPOLATION_M)
    assert max(before, after) < top


@SOME
@given(missiles(), latitudes_deg, azimuths_rad, angles_rad)
def test_on_a_still_earth_east_and_west_are_mirror_images(
    missile: Missile, lat_deg: float, az: float, angle: float
) -> None:
    site = Site.of_degrees(lat_deg, 0.0)
    east, west = (flown(missile, site, Aim(a, angle), rotation=False) for a in (az, -az))
    np.testing.assert_allclose(
        east.impact.r_ecef_m, west.impact.r_ecef_m * [1.0, -1.0, 1.0], rtol=0.0, atol=MIRROR_TOLERANCE_M
    )
    assert east.apogee_m == pytest.approx(west.apogee_m, abs=MIRROR_TOLERANCE_M)


@SOME
@given(missiles(), azimuths_rad, angles_rad)
def test_from_the_equator_of_a_still_earth_north_and_south_are_mirror_images(
    missile: Missile, az: float, angle: float
) -> None:
    site = Site.of_degrees(0.0, 0.0)
    north, south = (flown(missile, site, Aim(a, angle), rotation=False) for a in (az, math.pi - az))
    np.testing.assert_allclose(
        north.impact.r_ecef_m, south.impact.r_ecef_m * [1.0, 1.0, -1.0], rtol=0.0, atol=MIRROR_TOLERANCE_M
    )


@SOME
@given(missiles(), latitudes_deg, azimuths_rad, angles_rad, st.floats(0.0, 1.0))
def test_an_arc_taken_up_again_comes_down_where_it_would_have(
    missile: Missile, lat_deg: float, az: float, angle: float, share: float
) -> None:
    missile = missile.in_vacuum()
    arc = flown(missile, Site.of_degrees(lat_deg, 100.0), Aim(az, angle), rotation=True)
    free = np.flatnonzero(arc.time_s >= arc.burnout.time_s)
    i = int(free[int(share * (len(free) - 2))])
    again = np.empty(fk.SUMMARY_SIZE)
    fk.coast_arc(arc.nodes[i, 1:7].copy(), 0.0, OMEGA_RAD_S, TOLERANCE_M, np.empty((0, fk.NODE_SIZE)), again)
    miss_m = float(np.linalg.norm(again[fk.S_IMPACT : fk.S_IMPACT + 3] - arc.impact.r_ecef_m))
    assert miss_m < RESTART_TOLERANCE_M
