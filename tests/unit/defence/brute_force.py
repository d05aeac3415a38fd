"""An engagement worked out anew, moment by moment, in plain NumPy: no kernel, no search, no interpolated sight.

The rules are those of the model's description: the radar sees over the 4/3 Earth above its elevation floor, within its
field of view and detection range; sight must hold from detection to intercept; the interceptor flies the table's time;
range and altitude slacks are distances over the target's own speed. The radar's own firm track may come later than
sight and confirmation; another sensor's firm track lets the interceptor leave before it, to a target met after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from equipoise.defence import Battery
from equipoise.physics import Site, Trajectory
from equipoise.sensors.radar import Radar

A_M, F = 6378137.0, 1.0 / 298.257223563
E2 = F * (2.0 - F)
MEAN_RADIUS_M = A_M * (1.0 - F / 3.0)
STEP_S = 0.02


def position(site: Site) -> np.ndarray:
    s, c = math.sin(site.lat_rad), math.cos(site.lat_rad)
    n = A_M / math.sqrt(1.0 - E2 * s * s)
    return np.array([n * c * math.cos(site.lon_rad), n * c * math.sin(site.lon_rad), n * (1.0 - E2) * s])


def height(r: np.ndarray) -> np.ndarray:
    """Return heights above the ellipsoid (n,), by the fixed point of the latitude."""
    p, z = np.hypot(r[:, 0], r[:, 1]), r[:, 2]
    lat = np.arctan2(z, p * (1.0 - E2))
    for _ in range(6):
        n = A_M / np.sqrt(1.0 - E2 * np.sin(lat) ** 2)
        lat = np.arctan2(z + E2 * n * np.sin(lat), p)
    return p * np.cos(lat) + z * np.sin(lat) - A_M * np.sqrt(1.0 - E2 * np.sin(lat) ** 2)


def central_angle(r: np.ndarray, at: np.ndarray) -> np.ndarray:
    unit = r / np.linalg.norm(r, axis=1)[:, None]
    own = at / np.linalg.norm(at)
    return np.arctan2(np.linalg.norm(np.cross(unit, own), axis=1), unit @ own)


def sees(radar: Radar, site: Site, boresight_rad: float, rcs_m2: float, r: np.ndarray) -> np.ndarray:
    """Return whether the radar sees each position (n, 3)."""
    at = position(site)
    effective = 4.0 / 3.0 * float(np.linalg.norm(at))
    theta = central_angle(r, at) * 0.75
    elevation = np.arctan2(np.cos(theta) - effective / (effective + height(r)), np.sin(theta))
    s, c, sl, cl = (f(a) for a in (site.lat_rad, site.lon_rad) for f in (math.sin, math.cos))
    offset = r - at
    east = offset @ np.array([-sl, cl, 0.0])
    north = offset @ np.array([-s * cl, -s * sl, c])
    turn = np.abs((np.arctan2(east, north) - boresight_rad + math.pi) % (2.0 * math.pi) - math.pi)
    within = np.linalg.norm(offset, axis=1) <= radar.reference_range_m * (rcs_m2 / radar.reference_rcs_m2) ** 0.25
    level = (elevation >= radar.elevation_floor_rad) & (elevation <= radar.elevation_max_rad)
    return level & (turn <= radar.azimuth_half_width_rad) & within


@dataclass(frozen=True)
class Answer:
    margin_s: float
    shots: int
    first_detection_s: float
    first_intercept_s: float
    best_s: float


def engage(
    trajectory: Trajectory,
    radar: Radar,
    battery: Battery,
    site: Site,
    boresight_rad: float,
    rcs_m2: float,
    *,
    own_firm_s: float = -math.inf,
    remote_firm_s: float = math.inf,
    blind: bool = False,
) -> Answer:
    """Return the margin and the shots of one engagement, from every moment of the arc."""
    times = np.arange(0.0, trajectory.time_of_flight_s, STEP_S)
    r, v = trajectory.at(times)
    limits = battery.reach.limits
    ground = MEAN_RADIUS_M * central_angle(r, position(site))
    altitude = height(r)
    speed = np.linalg.norm(v, axis=1) + 1.0
    nodes = [np.arange(n) * battery.reach.step_m for n in battery.reach.table.shape]
    table = RegularGridInterpolator(
        nodes, np.nan_to_num(battery.reach.table, posinf=1e9), bounds_error=False, fill_value=1e9
    )
    # Outside the limits: the time to the nearest range and altitude inside them.
    inside = np.clip(altitude, limits.min_altitude_m, limits.max_altitude_m)
    flight = table(np.column_stack([np.minimum(ground, limits.max_range_m), inside]))
    flight = np.where(flight > 1e5, np.inf, flight)
    limit = np.minimum.reduce(
        [
            (limits.max_range_m - ground) / speed,
            (altitude - limits.min_altitude_m) / speed,
            (limits.max_altitude_m - altitude) / speed,
        ]
    )
    limit = np.where(np.isfinite(flight), np.minimum(limit, limits.max_flight_time_s - flight), np.minimum(limit, -1.0))
    seen = sees(radar, site, boresight_rad, rcs_m2, r)
    starts = np.flatnonzero(seen & ~np.concatenate([[False], seen[:-1]]))
    ends = np.flatnonzero(seen & ~np.concatenate([seen[1:], [False]]))
    best = Answer(-600.0, 0, math.nan, math.nan, math.nan)
    needed = np.where(np.isfinite(flight), times - flight, times) if blind else times
    for a, b in zip(starts, ends, strict=True):
        firm = max(times[a] + radar.confirm_time_s, own_firm_s)
        lost = times[b] if b < len(times) - 1 else trajectory.time_of_flight_s
        if firm == math.inf:
            continue
        remote = remote_firm_s < firm <= lost
        ready = (remote_firm_s if remote else firm) + battery.commit_delay_s
        tracked = np.minimum(times, lost) - firm if remote else np.full(len(times), np.inf)
        tracked = np.where(np.isfinite(flight), tracked, np.inf)
        with np.errstate(invalid="ignore"):
            wait = np.where(np.isfinite(flight), times - flight - ready, np.inf)
        margin = np.minimum.reduce([limit, lost - needed, wait, tracked])
        top = int(np.argmax(margin))
        if margin[top] <= best.margin_s:
            continue
        shots, first, launch = 0, math.nan, ready
        # One window around the best moment; each shot meets the arc as early as it can.
        low = high = top
        inside = (limit > 0.0) & (needed < lost) & (tracked >= 0.0)
        while low > 0 and inside[low - 1]:
            low -= 1
        while high < len(times) - 1 and inside[high + 1]:
            high += 1
        if margin[top] > 0.0:
            while shots < 12:
                able = np.flatnonzero(times[low : high + 1] - flight[low : high + 1] >= launch)
                if len(able) == 0:
                    break
                met = times[low + able[0]]
                shots += 1
                first = met if shots == 1 else first
                launch = met + battery.assessment_delay_s
        best = Answer(float(margin[top]), shots, float(times[a]), float(first), float(times[top]))
    return best
