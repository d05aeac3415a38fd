"""Free arcs through a vacuum come down where heyoka's Taylor series bring them down.

The reference is written in an inertial frame, and heyoka differentiates the potential of the oblate Earth itself; its
series run at machine precision and find the ellipsoid as an event. Only the constants of WGS-84 are shared, typed anew.
"""

from __future__ import annotations

import math

import heyoka as hy
import numpy as np
import pytest

from equipoise.physics import flight_kernels as fk
from equipoise.physics.flight import TOLERANCE_M

# Both are converged: what is left is rounding over an hour of flight, and the series for the height (below 1e-6 m).
IMPACT_TOLERANCE_M = 0.01
APOGEE_TOLERANCE_M = 0.01
TIME_TOLERANCE_S = 1e-5

# World Geodetic System 1984, NIMA TR8350.2 (2000).
A_M = 6378137.0
B_M = A_M * (1.0 - 1.0 / 298.257223563)
GM = 3.986004418e14
OMEGA = 7.292115e-5
J2 = 0.484166774985e-3 * math.sqrt(5.0)


@pytest.fixture(scope="module")
def series() -> hy.taylor_adaptive:
    """Return the integrator of a point over the oblate Earth, which stops on the ellipsoid."""
    x, y, z, vx, vy, vz = hy.make_vars("x", "y", "z", "vx", "vy", "vz")
    r = hy.sqrt(x**2 + y**2 + z**2)
    potential = -GM / r * (1.0 - J2 * (A_M / r) ** 2 * (1.5 * (z / r) ** 2 - 0.5))
    equations = [(x, vx), (y, vy), (z, vz)]
    equations += [(v, -hy.diff(potential, q)) for v, q in ((vx, x), (vy, y), (vz, z))]
    ground = hy.t_event((x**2 + y**2) / A_M**2 + z**2 / B_M**2 - 1.0, direction=hy.event_direction.negative)
    return hy.taylor_adaptive(equations, np.zeros(6), t_events=[ground])


def start(lat: float, lon: float, height_m: float, azimuth: float, elevation: float, speed: float) -> np.ndarray:
    """Return a state in ecef over a point of geocentric latitude, angles in degrees, speed against the Earth."""
    phi, lam, az, el = np.radians([lat, lon, azimuth, elevation])
    up = np.array([math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)])
    east = np.array([-math.sin(lam), math.cos(lam), 0.0])
    ahead = math.sin(az) * east + math.cos(az) * np.cross(up, east)
    r = (A_M + height_m) * up
    return np.concatenate([r, speed * (math.cos(el) * ahead + math.sin(el) * up)])


# what it is like, then latitude, longitude, height at burnout, azimuth, elevation, speed
ARCS = [
    ("short", 39.0, 125.7, 40e3, 170.0, 42.0, 1500.0),
    ("medium", 35.0, 51.0, 80e3, 270.0, 40.0, 3000.0),
    ("intermediate", 40.0, 127.0, 150e3, 100.0, 38.0, 4800.0),
    ("intermediate, lofted", 40.0, 125.0, 200e3, 80.0, 78.0, 5600.0),
    ("ICBM over the pole", 62.0, 40.0, 250e3, 350.0, 24.0, 6900.0),
    ("ICBM eastwards", 40.0, 125.0, 250e3, 45.0, 26.0, 6800.0),
    ("ICBM westwards", 39.0, 126.0, 300e3, 300.0, 30.0, 7000.0),
    ("ICBM southwards, depressed", 40.0, 97.0, 150e3, 170.0, 12.0, 6600.0),
    ("ICBM, lofted to 5,000 km", 39.0, 126.0, 250e3, 60.0, 83.0, 7200.0),
    ("ICBM, lofted to 8,000 km", 39.0, 126.0, 300e3, 45.0, 85.0, 8050.0),
]


@pytest.mark.parametrize("rotation", [True, False], ids=["turning", "still"])
@pytest.mark.parametrize("arc", ARCS, ids=lambda arc: arc[0])
def test_free_arcs_are_those_of_heyoka(arc: tuple[str, ...], rotation: bool, series: hy.taylor_adaptive) -> None:
    state = start(*arc[1:])  # type: ignore[arg-type]
    omega = OMEGA if rotation else 0.0
    ours = np.empty(fk.SUMMARY_SIZE)
    fk.coast_arc(state, 0.0, omega, TOLERANCE_M, np.empty((0, fk.NODE_SIZE)), ours)
    assert ours[fk.S_STATUS] == fk.IMPACT

    series.time = 0.0
    series.state[:] = state + omega * np.array([0.0, 0.0, 0.0, -state[1], state[0], 0.0])
    series.reset_cooldowns()
    apogee_s = float(ours[fk.S_APOGEE_T])
    series.propagate_until(apogee_s)
    x, y, z = series.state[:3]
    top_m = height_m(math.hypot(x, y), z)
    series.propagate_until(4.0 * 3600.0)
    turn = omega * series.time
    x, y, z = series.state[:3]
    landed = [x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn), z]
    miss_m = float(np.linalg.norm(ours[fk.S_IMPACT : fk.S_IMPACT + 3] - landed))
    print(
        f"{arc[0]}, {'turning' if rotation else 'still'}: apogee {top_m / 1e3:.0f} km off "
        f"{ours[fk.S_APOGEE_M] - top_m:.5f} m, impact off {miss_m:.5f} m after {series.time:.0f} s, "
        f"time off {ours[fk.S_IMPACT_T] - series.time:.2e} s"
    )
    assert miss_m < IMPACT_TOLERANCE_M
    assert ours[fk.S_APOGEE_M] == pytest.approx(top_m, abs=APOGEE_TOLERANCE_M)
    assert ours[fk.S_IMPACT_T] == pytest.approx(series.time, abs=TIME_TOLERANCE_S)


def height_m(p: float, z: float) -> float:
    """Return the height above the ellipsoid, by the fixed point of the latitude. [m]"""
    e2 = 1.0 - (B_M / A_M) ** 2
    lat = math.atan2(z, p * (1.0 - e2))
    for _ in range(20):
        s = math.sin(lat)
        lat = math.atan2(z + e2 * A_M / math.sqrt(1.0 - e2 * s * s) * s, p)
    s, c = math.sin(lat), math.cos(lat)
    return p * c + z * s - A_M * math.sqrt(1.0 - e2 * s * s)


def test_the_arcs_span_short_to_lofted_icbm() -> None:
    tops = []
    for arc in ARCS:
        ours = np.empty(fk.SUMMARY_SIZE)
        fk.coast_arc(start(*arc[1:]), 0.0, OMEGA, TOLERANCE_M, np.empty((0, fk.NODE_SIZE)), ours)  # type: ignore[arg-type]
        tops.append(ours[fk.S_APOGEE_M])
    assert min(tops) < 150e3
    assert max(tops) > 6000e3
