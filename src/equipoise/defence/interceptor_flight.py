"""The flight of one interceptor to a point: what the reach table keeps only the time of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from equipoise.arrays import FloatArray
from equipoise.catalog.records import InterceptorRecord
from equipoise.defence.plane_flight import fly_in_plane
from equipoise.defence.reach import interceptor_missile
from equipoise.errors import UnreachableError

# Elevations among which flights through the point are looked for; between two of them the height over it is smooth.
_ELEVATIONS_RAD = np.radians([*np.arange(2.0, 88.0, 1.0), *np.arange(88.0, 90.0, 0.1), 90.0])
_SAMPLES = 800


@dataclass(frozen=True)
class InterceptorFlight:
    """An interceptor from launch to the point that it is shot at, in the vertical plane of both.

    Parameters
    ----------
    time_s, ground_m, altitude_m : ndarray, shape (n,)
        Time since its launch [s], ground range from the launcher and altitude [m].
    elevation_rad : float
        At which it was launched. [rad]
    """

    time_s: FloatArray
    ground_m: FloatArray
    altitude_m: FloatArray
    elevation_rad: float


def fly_interceptor(record: InterceptorRecord, ground_m: float, altitude_m: float) -> InterceptorFlight:
    """Fly an interceptor through a point in the shortest time.

    Parameters
    ----------
    record : InterceptorRecord
        The catalogue record.
    ground_m, altitude_m : float
        The point: ground range from the launcher and altitude. [m]

    Returns
    -------
    InterceptorFlight
        Of all elevations whose flight passes through the point, rising or falling, that of the shortest time: the same
        flights, on a still Earth, that :func:`equipoise.defence.reach.reach_table` keeps the times of.

    Raises
    ------
    UnreachableError
        If no flight of at most twice the record's time of flight passes through the point.
    """
    missile = interceptor_missile(record)
    longest_s = 2.0 * record.max_flight_time_s.value
    times_s = np.linspace(0.0, longest_s, _SAMPLES)
    ground, height = fly_in_plane(missile, _ELEVATIONS_RAD, times_s)
    over = np.array([_over(times_s, g, h, ground_m)[1] for g, h in zip(ground, height, strict=True)]) - altitude_m
    found: list[tuple[float, float]] = []

    def above(elevation_rad: float) -> float:
        (g,), (h,) = fly_in_plane(missile, np.array([elevation_rad]), times_s)
        return _over(times_s, g, h, ground_m)[1] - altitude_m

    for i in np.flatnonzero(np.isfinite(over[:-1]) & np.isfinite(over[1:]) & (over[:-1] * over[1:] <= 0.0)):
        elevation_rad = float(brentq(above, _ELEVATIONS_RAD[i], _ELEVATIONS_RAD[i + 1], xtol=1e-7))
        (g,), (h,) = fly_in_plane(missile, np.array([elevation_rad]), times_s)
        found.append((_over(times_s, g, h, ground_m)[0], elevation_rad))
    if not found:
        raise UnreachableError(
            f"interceptor {record.id}: no flight of at most {longest_s:.0f} s comes through the point "
            f"{ground_m / 1e3:.0f} km away and {altitude_m / 1e3:.0f} km high"
        )
    end_s, elevation_rad = min(found)
    time_s = np.linspace(0.0, end_s, _SAMPLES)
    (g,), (h,) = fly_in_plane(missile, np.array([elevation_rad]), time_s)
    return InterceptorFlight(time_s, g, h, elevation_rad)


def _over(times_s: FloatArray, ground_m: FloatArray, altitude_m: FloatArray, at_m: float) -> tuple[float, float]:
    """Return when a flight is over a ground range [s], and how high [m]; nan where it never is."""
    flying = np.isfinite(ground_m)
    if not flying.any() or ground_m[flying].max() < at_m:
        return np.nan, np.nan
    time_s = float(np.interp(at_m, ground_m[flying], times_s[flying]))
    return time_s, float(np.interp(time_s, times_s[flying], altitude_m[flying]))
