"""The bound along an arc is that of a batch of looks, by a path that shares nothing but the constants of WGS-84.

The motion is SciPy's DOP853 in an inertial frame, sensitivities are finite differences of whole arcs, and range,
azimuth and elevation come from pymap3d.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pymap3d
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from equipoise.catalog import load_catalog
from equipoise.physics import Aim, Missile, Site, Trajectory, fly
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import gravity_gradient_j2, gravity_j2
from equipoise.sensors import Accuracy, Radar, Tracker, track_bound

# Finite differences of arcs, and a condition of up to 1e5 between range and angles: what is left is theirs.
RELATIVE_TOLERANCE = 1e-4
# In air: Runge-Kutta steps of half a second through the greatest braking.
AIR_TOLERANCE = 1e-3

# World Geodetic System 1984, NIMA TR8350.2 (2000).
A_M = 6378137.0
B_M = A_M * (1.0 - 1.0 / 298.257223563)
GM = 3.986004418e14
OMEGA = 7.292115e-5
J2 = 0.484166774985e-3 * math.sqrt(5.0)
LIGHT_MPS = 299_792_458.0

SITE = Site.of_degrees(35.92, 128.28)
SECOND_SITE = Site.of_degrees(35.77, 135.20)
START_S, STOP_S, INTERCEPT_S = 130.0, 230.0, 600.0
RCS_M2 = 0.01
LOOK = Accuracy(bandwidth_hz=50e6, beamwidth_across_rad=0.009, beamwidth_up_rad=0.012, angle_floor_rad=2e-5)
STEPS = np.array([10.0, 10.0, 10.0, 0.05, 0.05, 0.05])


@pytest.fixture(scope="module")
def arc() -> Trajectory:
    """Return a flight of some 1,300 km without air, past one radar and towards another."""
    missile = replace(Missile.from_record(load_catalog().missile("nodong")), air=False)
    return fly(missile, Site.of_degrees(39.0, 127.0), Aim(math.radians(160.0), math.radians(42.0)))


@pytest.fixture(scope="module")
def radar() -> Radar:
    return Radar.from_record(load_catalog().radar("an-tpy-2"), "lewis-postol-870")


def turned(angle: float) -> np.ndarray:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def inertial_rate(_: float, y: np.ndarray) -> np.ndarray:
    x, r2 = y[:3], y[:3] @ y[:3]
    oblate = 1.5 * J2 * A_M**2 / r2
    return np.concatenate([y[3:], -GM * r2**-1.5 * (1.0 + oblate * (np.array([1, 1, 3]) - 5 * x[2] ** 2 / r2)) * x])


class Fall:
    """Free fall from a state in the Earth's frame, without the turning frame's terms."""

    def __init__(self, state: np.ndarray, seconds: float) -> None:
        spin = np.cross([0.0, 0.0, OMEGA], state[:3])
        start = np.concatenate([state[:3], state[3:] + spin])
        self.solution = solve_ivp(
            inertial_rate, (0.0, seconds), start, method="DOP853", rtol=1e-13, atol=1e-6, dense_output=True
        ).sol

    def at(self, seconds: float) -> np.ndarray:
        """Return the state in the Earth's frame."""
        y = self.solution(seconds)
        turn = turned(OMEGA * seconds)
        r = turn @ y[:3]
        return np.concatenate([r, turn @ y[3:] - np.cross([0.0, 0.0, OMEGA], r)])

    def impact(self, guess: float) -> np.ndarray:
        """Return where it crosses the ellipsoid."""

        def height(t: float) -> float:
            x, y, z = self.at(t)[:3]
            return float((x * x + y * y) / A_M**2 + z * z / B_M**2 - 1.0)

        return self.at(brentq(height, guess - 30.0, guess + 30.0, xtol=1e-10))[:3]


def differences(function: Callable[[np.ndarray], np.ndarray], state: np.ndarray) -> np.ndarray:
    """Return the derivatives of a function of the state (6,) by central differences, as columns."""
    return np.column_stack([(function(state + d) - function(state - d)) / (2.0 * d.sum()) for d in np.diag(STEPS)])


def measured(tracker: Tracker, r: np.ndarray) -> np.ndarray:
    """Return what a radar measures of a point: range, then azimuth and elevation or the cosines along the face."""
    lat, lon = tracker.site.lat_deg, tracker.site.lon_deg
    az, el, slant = (float(value) for value in pymap3d.ecef2aer(*r, lat, lon, 0.0))
    if tracker.tilt_rad is None:
        return np.array([slant, math.radians(az), math.radians(el)])
    e, n, u = (float(value) / slant for value in pymap3d.ecef2enu(*r, lat, lon, 0.0))
    s, c = math.sin(tracker.boresight_rad), math.cos(tracker.boresight_rad)
    tilt = tracker.tilt_rad
    return np.array([slant, c * e - s * n, math.cos(tilt) * u - math.sin(tilt) * (s * e + c * n)])


def deviations(tracker: Tracker, r: np.ndarray) -> np.ndarray:
    """Return the standard deviations of that, from the radar's published range."""
    slant, _, el = measured(replace(tracker, tilt_rad=None), r)
    snr = tracker.radar.reference_snr * (tracker.radar.reference_range_m / slant) ** 4
    root = math.sqrt(2.0 * snr)
    across, up = (
        math.hypot(width / (1.6 * root), LOOK.angle_floor_rad)
        for width in (LOOK.beamwidth_across_rad, LOOK.beamwidth_up_rad)
    )
    if tracker.tilt_rad is None:
        across /= math.cos(el)
    return np.array([LIGHT_MPS / (2.0 * LOOK.bandwidth_hz * root), across, up])


def trackers_of(radar: Radar, kind: str) -> list[Tracker]:
    first = Tracker(radar, SITE, math.radians(340.0), LOOK, rate_hz=0.5)
    if kind == "azimuth and elevation":
        return [first]
    if kind == "face":
        return [replace(first, tilt_rad=math.radians(35.0))]
    far = radar.with_range(2.5e6)
    return [first, Tracker(far, SECOND_SITE, math.radians(270.0), LOOK, rate_hz=0.2)]


@pytest.mark.parametrize("kind", ["azimuth and elevation", "face", "two radars"])
def test_the_bound_is_that_of_the_batch_of_looks(arc: Trajectory, radar: Radar, kind: str) -> None:
    trackers = trackers_of(radar, kind)
    bound = track_bound(arc, trackers, RCS_M2, start_s=START_S, stop_s=STOP_S, intercept_time_s=INTERCEPT_S)
    end = int(np.searchsorted(bound.time_s, STOP_S))

    start = np.concatenate(arc.at(START_S))
    flight_s = arc.time_of_flight_s - START_S
    times = [START_S + np.arange(0.0, STOP_S - START_S + 1e-9, 1.0 / tracker.rate_hz) for tracker in trackers]
    assert bound.looks[end] == sum(len(t) for t in times)  # each look of the schedule is seen

    def everything(state: np.ndarray) -> np.ndarray:
        fall = Fall(state, flight_s + 60.0)
        looks = [measured(tr, fall.at(t - START_S)[:3]) for tr, ts in zip(trackers, times, strict=True) for t in ts]
        points = [fall.at(STOP_S - START_S), fall.at(INTERCEPT_S - START_S)[:3], fall.impact(flight_s)]
        return np.concatenate([*looks, *points])

    derivative = differences(everything, start)
    nominal = Fall(start, flight_s)
    noise = np.concatenate(
        [deviations(tr, nominal.at(t - START_S)[:3]) for tr, ts in zip(trackers, times, strict=True) for t in ts]
    )
    n = len(noise)
    triangle = np.linalg.qr(derivative[:n] / noise[:, None], mode="r")

    def covariance(rows: np.ndarray) -> np.ndarray:
        spread = np.linalg.solve(triangle.T, rows.T).T
        return spread @ spread.T

    state_bound = covariance(derivative[n : n + 6])
    scale = np.sqrt(np.diag(state_bound))
    difference = (bound.covariance_ecef[end] - state_bound) / np.outer(scale, scale)
    assert np.abs(difference).max() < RELATIVE_TOLERANCE

    intercept = covariance(derivative[n + 6 : n + 9])
    assert bound.intercept_covariance_ecef_m2 is not None
    assert bound.intercept_covariance_ecef_m2[end] == pytest.approx(
        intercept, rel=RELATIVE_TOLERANCE, abs=RELATIVE_TOLERANCE * np.trace(intercept)
    )
    lat, lon, _ = arc.impact.geodetic
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    north = np.array([-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)])
    impact = covariance(np.array([east, north]) @ derivative[n + 9 :])
    assert bound.impact_covariance_en_m2[end] == pytest.approx(
        impact, rel=RELATIVE_TOLERANCE, abs=RELATIVE_TOLERANCE * np.trace(impact)
    )


@pytest.mark.parametrize("beta_kg_m2", [500.0, 2500.0, 10_000.0])
def test_the_ellipse_at_impact_holds_through_the_air(radar: Radar, beta_kg_m2: float) -> None:
    missile = replace(Missile.from_record(load_catalog().missile("nodong")), ballistic_coefficient_kg_m2=beta_kg_m2)
    arc = fly(missile, Site.of_degrees(39.0, 127.0), Aim(math.radians(160.0), math.radians(42.0)))
    trackers = trackers_of(radar, "azimuth and elevation")
    bound = track_bound(arc, trackers, RCS_M2, start_s=START_S, stop_s=STOP_S)
    end = int(np.searchsorted(bound.time_s, STOP_S))
    lat, lon, _ = arc.impact.geodetic

    def impact(start: np.ndarray) -> np.ndarray:
        summary = np.empty(fk.SUMMARY_SIZE)
        fk.coast_arc(start, 1.0 / beta_kg_m2, OMEGA, 1e-6, np.empty((0, fk.NODE_SIZE)), summary)
        return summary[fk.S_IMPACT : fk.S_IMPACT + 3].copy()

    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    north = np.array([-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)])
    rows = np.array([east, north]) @ differences(impact, bound.state_ecef[end])
    flown = rows @ bound.covariance_ecef[end] @ rows.T
    axes = np.sqrt(np.linalg.eigvalsh(bound.impact_covariance_en_m2[end]))
    assert axes == pytest.approx(np.sqrt(np.linalg.eigvalsh(flown)), rel=AIR_TOLERANCE)


def test_the_gradient_of_gravity_is_its_difference_and_obeys_laplace() -> None:
    rng = np.random.default_rng(3)
    for r in rng.uniform(-1.0, 1.0, (20, 3)):
        point = r / np.linalg.norm(r) * rng.uniform(6.4e6, 1.2e7)
        xx, xy, xz, yy, yz, zz = gravity_gradient_j2(*point, 1.0 / np.linalg.norm(point))
        ours = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])

        def pull(p: np.ndarray) -> np.ndarray:
            return np.array(gravity_j2(*p, 1.0 / np.linalg.norm(p)))

        theirs = np.column_stack([(pull(point + d) - pull(point - d)) / 200.0 for d in 100.0 * np.eye(3)])
        assert np.abs(ours - theirs).max() < 1e-7 * np.abs(ours).max()  # third order in 100 m over 6,400 km
        assert abs(xx + yy + zz) < 1e-13 * np.abs(ours).max()  # rounding
