"""Arcs in a vacuum over a still, round Earth, in closed form: what a report comes to before any boost is thought of."""

from __future__ import annotations

import math
from dataclasses import dataclass

from equipoise.errors import InputError
from equipoise.physics.earth_kernels import GM_M3_S2, MEAN_RADIUS_M

HALF_ROUND_M = math.pi * MEAN_RADIUS_M


@dataclass(frozen=True)
class KeplerArc:
    """An arc from the ground to the ground as if thrown: no boost, no air, no rotation.

    Parameters
    ----------
    apogee_m, range_m : float
        Greatest height and distance along the ground. [m]
    speed_mps : float
        At the ground. [m/s]
    path_angle_rad : float
        Above the horizontal, at the ground. [rad]
    time_s : float
        From the ground to the ground. [s]
    """

    apogee_m: float
    range_m: float
    speed_mps: float
    path_angle_rad: float
    time_s: float


def surface_arc(apogee_m: float, range_m: float) -> KeplerArc:
    """Return the Kepler arc over an apogee and a distance.

    Parameters
    ----------
    apogee_m : float
        Above 0. [m]
    range_m : float
        From 0 to half round the Earth. [m]

    Returns
    -------
    KeplerArc

    Raises
    ------
    InputError
        If either lies outside what is allowed.

    Notes
    -----
    The ellipse about the Earth's centre with its far end at the apogee, cut at one radius on either side of it at half
    the distance flown: Bate, Mueller and White, *Fundamentals of Astrodynamics* (1971), chapter 6.

    Examples
    --------
    >>> arc = surface_arc(2_111_500.0, 787_000.0)  # the Hwasong-12 of 14 May 2017
    >>> round(arc.time_s / 60.0, 1)  # minutes; 30 were reported, its boost included
    27.9
    """
    if not 0.0 < apogee_m < math.inf:
        raise InputError(f"apogee must lie above 0 km; got {apogee_m / 1e3:g} km")
    if not 0.0 <= range_m <= HALF_ROUND_M:
        raise InputError(f"range must lie in 0 to {HALF_ROUND_M / 1e3:.0f} km; got {range_m / 1e3:g} km")
    half_rad = 0.5 * range_m / MEAN_RADIUS_M
    top_m = MEAN_RADIUS_M + apogee_m
    # The radius less its projection on the line to the apogee; 1 - e is drop / (apogee + drop), which keeps its digits
    # where the arc is all but vertical.
    drop_m = 2.0 * MEAN_RADIUS_M * math.sin(0.5 * half_rad) ** 2
    eccentricity = apogee_m / (apogee_m + drop_m)
    semi_major_m = top_m / (1.0 + eccentricity)
    speed2 = GM_M3_S2 * (2.0 / MEAN_RADIUS_M - 1.0 / semi_major_m)
    # Angular momentum over radius: the level part of the speed.
    level2 = GM_M3_S2 * (top_m / (apogee_m + drop_m)) * drop_m / MEAN_RADIUS_M**2
    path_angle = math.acos(min(1.0, math.sqrt(level2 / speed2)))
    anomaly = 2.0 * math.atan2(
        math.sqrt(2.0 * MEAN_RADIUS_M / (apogee_m + drop_m)) * math.cos(0.5 * half_rad), math.sqrt(1.0 + eccentricity)
    )
    mean = anomaly - eccentricity * math.sin(anomaly)
    time_s = 2.0 * semi_major_m * math.sqrt(semi_major_m / GM_M3_S2) * (math.pi - mean)
    return KeplerArc(apogee_m, range_m, math.sqrt(speed2), path_angle, time_s)


def longest_range_m(speed_mps: float) -> float:
    """Return the longest distance [m] that a speed at the ground [m/s] carries; half round the Earth at circular speed.

    The minimum-energy relation ``sin(range / 2R) = Q / (2 - Q)`` with ``Q = v^2 R / mu``: Bate, Mueller and White
    (1971), section 6.2.
    """
    q = speed_mps**2 * MEAN_RADIUS_M / GM_M3_S2
    return 2.0 * MEAN_RADIUS_M * math.asin(q / (2.0 - q)) if q < 1.0 else HALF_ROUND_M


def least_energy_apogee_m(range_m: float) -> float:
    """Return the apogee [m] of the arc of least energy over a distance [m].

    Bate, Mueller and White (1971), section 6.2: the path angle is ``(pi - range/R) / 4``, which puts the apogee at
    ``R (sin(a) + cos(a) - 1) / 2`` with ``a`` half the angle flown.
    """
    half_rad = 0.5 * range_m / MEAN_RADIUS_M
    return 0.5 * MEAN_RADIUS_M * (math.sin(half_rad) + math.cos(half_rad) - 1.0)
