"""Free flight at least energy is that of the closed-form relations on a sphere.

A body leaves a spherical Earth of radius ``r`` with speed ``v`` at the elevation that needs the least speed for a range
angle ``phi``, and comes down on the same sphere (R. R. Bate, D. D. Mueller, J. E. White, Fundamentals of Astrodynamics,
Dover 1971, section 6.2):

    sin(phi/2) = Q / (2 - Q),  Q = v^2 r / GM,   elevation = (pi - phi) / 4
    apogee radius = a (1 + e),  a = r / (2 - Q),  e^2 = 1 + Q (Q - 2) cos^2(elevation)

The model's Earth is an ellipsoid with J2, so the sphere is laid where it fits. Along the equator the ground is a circle
of radius ``a`` and the pull is radial, ``GM/r^2 [1 + 3/2 J2 (a/r)^2]``: a sphere with GM larger by 0.16 %. What is left
is how J2's part falls with height, ``(a/r)^4`` against ``(a/r)^2``: of the 0.16 % it takes ``2 h/a``, thus under
0.1 % of the total as long as the apogee stays below 1,300 km, which every least-energy arc does.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import ecef_to_geodetic

A_M = 6378137.0
J2 = 1.0826298e-3
GM_EQUATOR = 3.986004418e14 * (1.0 + 1.5 * J2)
# The promise; see above for what J2 leaves.
RELATION_TOLERANCE = 1e-3
TOLERANCE_M = 1e-4


def least_energy(phi: float) -> tuple[float, float, float, float]:
    """Return speed [m/s], elevation [rad], apogee [m] and time of flight [s] for a range angle [rad]."""
    q = 2.0 * math.sin(phi / 2.0) / (1.0 + math.sin(phi / 2.0))
    speed = math.sqrt(q * GM_EQUATOR / A_M)
    elevation = (math.pi - phi) / 4.0
    a = A_M / (2.0 - q)
    e = math.sqrt(1.0 + q * (q - 2.0) * math.cos(elevation) ** 2)
    # Kepler's equation from the ground (true anomaly pi - phi/2) to apogee, twice.
    anomaly = math.acos((e - math.cos(phi / 2.0)) / (1.0 - e * math.cos(phi / 2.0)))
    time = 2.0 * math.sqrt(a**3 / GM_EQUATOR) * (math.pi - anomaly + e * math.sin(anomaly))
    return speed, elevation, a * (1.0 + e) - A_M, time


def fly_free(speed: float, elevation: float) -> np.ndarray:
    """Fly from the equator eastwards through vacuum over a still Earth."""
    state = np.array([A_M, 0.0, 0.0, speed * math.sin(elevation), speed * math.cos(elevation), 0.0])
    summary = np.empty(fk.SUMMARY_SIZE)
    fk.coast_arc(state, 0.0, 0.0, TOLERANCE_M, np.empty((0, 10)), summary)
    assert summary[fk.S_STATUS] == fk.IMPACT
    return summary


RANGES_KM = [300.0, 1000.0, 3000.0, 6000.0, 9000.0, 12000.0]


@pytest.mark.parametrize("range_km", RANGES_KM)
def test_speed_and_elevation_of_least_energy_fly_the_range(range_km: float) -> None:
    phi = range_km * 1e3 / A_M
    speed, elevation, apogee, time = least_energy(phi)
    arc = fly_free(speed, elevation)
    _, lon_rad, _ = ecef_to_geodetic(*arc[fk.S_IMPACT : fk.S_IMPACT + 3])
    # Range moves 2 and more times faster than speed: the relation is met in speed.
    faster = fly_free(speed * 1.001, elevation)
    slower = fly_free(speed * 0.999, elevation)
    assert slower[fk.S_LON] < phi < faster[fk.S_LON]
    assert lon_rad == pytest.approx(phi, rel=3 * RELATION_TOLERANCE)
    assert arc[fk.S_APOGEE_M] == pytest.approx(apogee, rel=2 * RELATION_TOLERANCE)
    assert arc[fk.S_IMPACT_T] == pytest.approx(time, rel=2 * RELATION_TOLERANCE)


@pytest.mark.parametrize("range_km", RANGES_KM)
def test_the_least_speed_is_the_closed_forms(range_km: float) -> None:
    # Searched over elevations in the model itself: no elevation flies the range with less.
    phi = range_km * 1e3 / A_M
    speed, elevation, apogee, time = least_energy(phi)

    def needed(angle: float) -> float:
        low, high = 0.95 * speed, 1.05 * speed
        for _ in range(40):
            mid = 0.5 * (low + high)
            low, high = (mid, high) if fly_free(mid, angle)[fk.S_LON] < phi else (low, mid)
        return high

    angles = elevation + np.radians(np.linspace(-4.0, 4.0, 9))
    speeds = [needed(float(angle)) for angle in angles]
    a, b, c = np.polyfit(angles - elevation, speeds, 2)
    best = -b / (2.0 * a)
    assert c - b * b / (4.0 * a) == pytest.approx(speed, rel=RELATION_TOLERANCE)
    # The speed is flat at its least, so the angle is told less well: within half a degree.
    assert best == pytest.approx(0.0, abs=math.radians(0.5))
    arc = fly_free(needed(elevation), elevation)
    assert arc[fk.S_APOGEE_M] == pytest.approx(apogee, rel=RELATION_TOLERANCE)
    assert arc[fk.S_IMPACT_T] == pytest.approx(time, rel=RELATION_TOLERANCE)
