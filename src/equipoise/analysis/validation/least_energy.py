"""Free flight at least energy against the closed-form relations on a sphere.

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
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.arrays import FloatArray
from equipoise.errors import NumericalError
from equipoise.physics import flight_kernels as fk

ID = "least-energy"
# WGS-84, written out here so that the closed form shares nothing with the kernels that it is held against.
A_M = 6378137.0
J2 = 1.0826298e-3
GM_EQUATOR = 3.986004418e14 * (1.0 + 1.5 * J2)
RANGES_KM = (300.0, 1000.0, 3000.0, 6000.0, 9000.0, 12000.0)
_STEP_TOLERANCE_M = 1e-4

RELATION = Tolerance(relative=1e-3, reason="how J2 falls with height leaves up to 0.1 %")
RANGE = Tolerance(relative=3e-3, reason="0.1 % in speed, and range moves up to three times faster than speed")
ELEVATION = Tolerance(absolute=0.5, reason="the speed is flat at its least, so the angle is told less well")


class LeastEnergy(NamedTuple):
    """Speed [m/s], elevation [rad], apogee [m] and time of flight [s] of the least-energy arc."""

    speed_mps: float
    elevation_rad: float
    apogee_m: float
    time_s: float


def least_energy(range_angle_rad: float) -> LeastEnergy:
    """Return the closed form for a range angle [rad] along the equator."""
    half = range_angle_rad / 2.0
    q = 2.0 * math.sin(half) / (1.0 + math.sin(half))
    elevation = (math.pi - range_angle_rad) / 4.0
    a = A_M / (2.0 - q)
    e = math.sqrt(1.0 + q * (q - 2.0) * math.cos(elevation) ** 2)
    # Kepler's equation from the ground (true anomaly pi - phi/2) to apogee, twice.
    anomaly = math.acos((e - math.cos(half)) / (1.0 - e * math.cos(half)))
    time = 2.0 * math.sqrt(a**3 / GM_EQUATOR) * (math.pi - anomaly + e * math.sin(anomaly))
    return LeastEnergy(math.sqrt(q * GM_EQUATOR / A_M), elevation, a * (1.0 + e) - A_M, time)


def fly_free(speed_mps: float, elevation_rad: float) -> FloatArray:
    """Fly from the equator eastwards through vacuum over a still Earth; the flight kernel's summary."""
    up, east = speed_mps * math.sin(elevation_rad), speed_mps * math.cos(elevation_rad)
    summary = np.empty(fk.SUMMARY_SIZE)
    fk.coast_arc(np.array([A_M, 0.0, 0.0, up, east, 0.0]), 0.0, 0.0, _STEP_TOLERANCE_M, np.empty((0, 10)), summary)
    if summary[fk.S_STATUS] != fk.IMPACT:
        raise NumericalError(
            f"an arc of {speed_mps:.1f} m/s at {math.degrees(elevation_rad):.1f} deg does not come down"
        )
    return summary


def needed_speed_mps(range_angle_rad: float, elevation_rad: float) -> float:
    """Return the speed with which the model flies a range angle at an elevation, by bisection."""
    speed = least_energy(range_angle_rad).speed_mps
    low, high = 0.95 * speed, 1.05 * speed
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if fly_free(middle, elevation_rad)[fk.S_LON] < range_angle_rad else (low, middle)
    return high


def least_in_the_model(range_angle_rad: float) -> tuple[float, float]:
    """Return the least speed [m/s] over elevations, searched in the model, and the elevation [rad] that needs it."""
    elevation = least_energy(range_angle_rad).elevation_rad
    offsets = np.radians(np.linspace(-4.0, 4.0, 9))
    speeds = [needed_speed_mps(range_angle_rad, elevation + float(offset)) for offset in offsets]
    a, b, c = np.polyfit(offsets, speeds, 2)
    return float(c - b * b / (4.0 * a)), elevation - float(b / (2.0 * a))


def compare() -> Iterator[Comparison]:
    """Compare range, least speed, its elevation, apogee and time for each range."""
    for range_km in RANGES_KM:
        phi = range_km * 1e3 / A_M
        theirs = least_energy(phi)
        speed_mps, elevation_rad = least_in_the_model(phi)
        at_closed_form = fly_free(theirs.speed_mps, theirs.elevation_rad)
        arc = fly_free(needed_speed_mps(phi, theirs.elevation_rad), theirs.elevation_rad)
        for quantity, unit, closed, ours, tolerance in (
            ("range at the closed form's speed", "km", range_km, at_closed_form[fk.S_LON] * A_M / 1e3, RANGE),
            ("least speed", "km/s", theirs.speed_mps / 1e3, speed_mps / 1e3, RELATION),
            ("its elevation", "deg", math.degrees(theirs.elevation_rad), math.degrees(elevation_rad), ELEVATION),
            ("apogee", "km", theirs.apogee_m / 1e3, arc[fk.S_APOGEE_M] / 1e3, RELATION),
            ("time of flight", "s", theirs.time_s, arc[fk.S_IMPACT_T], RELATION),
        ):
            yield Comparison(
                ID, "bate-1971", f"{range_km:,.0f} km", quantity, unit, Published.number(closed), float(ours), tolerance
            )


AUTHORITY = Authority(
    ID,
    "Least-energy arcs in closed form",
    "theory",
    "Free flight through vacuum over a still Earth, along the equator, where the ellipsoid with its J2 is nearly a "
    "sphere. The least speed is searched over elevations in the model itself.",
    compare,
)
