"""Aiming a missile: the azimuth and the cut-off or angle that reach a place, and the angle that flies farthest.

SciPy's solvers are loaded by the functions that call them: they take longer to load than most flights to compute.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from equipoise.arrays import FloatArray
from equipoise.errors import InputError, NumericalError, UnreachableError
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import MEAN_RADIUS_M
from equipoise.physics.fitting import fit_flights
from equipoise.physics.flight import Aim, fly_many, rotation_rate
from equipoise.physics.geodesy import Site, geodesic
from equipoise.physics.missile import Missile
from equipoise.study.file import TrajectoryKind

# A solution is a hit when it lands this near. [m]
HIT_M = 1.0
# Shallowest and steepest angles searched: thrust elevations, and kicks off the vertical. Straight up has no azimuth.
_ELEVATIONS_DEG = (8.0, 89.8)
_KICKS_DEG = (60.0, 0.05)
_SCAN = 40


def angle_ends_rad(missile: Missile) -> tuple[float, float]:
    """Return the shallowest and the steepest steering angle that a missile is flown at [rad]."""
    shallowest, steepest = _KICKS_DEG if missile.gravity_turn else _ELEVATIONS_DEG
    return math.radians(shallowest), math.radians(steepest)


def _angle_scan(missile: Missile) -> FloatArray:
    """Return the angles to try, shallow to steep: thrust elevations, or kicks off the vertical (large to small)."""
    if missile.gravity_turn:
        return np.radians(np.geomspace(*_KICKS_DEG, _SCAN))
    return np.radians(np.linspace(*_ELEVATIONS_DEG, _SCAN))


def _downrange_rad(launch: Site, az_rad: float, summaries: FloatArray) -> FloatArray:
    """Return the angle flown round the Earth's centre, 0 to 2 pi, negative where the arc never came down.

    The farther side of the antipode shows as more than pi, which the distance to the impact would hide.
    """
    sin_lat, cos_lat = math.sin(launch.lat_rad), math.cos(launch.lat_rad)
    sin_lon, cos_lon = math.sin(launch.lon_rad), math.cos(launch.lon_rad)
    up = np.array([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat])
    east = np.array([-sin_lon, cos_lon, 0.0])
    ahead = math.sin(az_rad) * east + math.cos(az_rad) * np.cross(up, east)
    r = summaries[:, fk.S_IMPACT : fk.S_IMPACT + 3]
    angle = np.arctan2(r @ ahead, r @ up)
    angle = np.where(angle < -0.1, angle + 2.0 * math.pi, angle)
    return np.where(summaries[:, fk.S_STATUS] == fk.IMPACT, angle, np.where(_aloft(summaries), 4 * math.pi, -1.0))


def _aloft(summaries: FloatArray) -> npt.NDArray[np.bool_]:
    return np.asarray(summaries[:, fk.S_STATUS] == fk.ALOFT)


def _near_side_score(downrange_rad: FloatArray) -> FloatArray:
    """Score an arc by its downrange angle; beyond the antipode the score falls again, so no search runs past it."""
    return np.where(downrange_rad <= math.pi, downrange_rad, 2.0 * math.pi - downrange_rad)


def max_range(missile: Missile, launch: Site, az_rad: float, *, rotation: bool = True) -> Aim:
    """Find the angle that flies farthest at full burn, on the near side of the antipode.

    Parameters
    ----------
    missile : Missile
        What flies.
    launch : Site
        Where from.
    az_rad : float
        Azimuth of the thrust. [rad]
    rotation : bool
        False keeps the Earth still.

    Returns
    -------
    Aim
        Full burn at that angle, found to 1e-6 rad; fly it for the range.

    Raises
    ------
    NumericalError
        If no angle brings the missile down again.
    """
    from scipy.optimize import minimize_scalar

    angles = _angle_scan(missile)

    def score(angle_rad: FloatArray) -> FloatArray:
        arcs = fly_many(missile, launch, np.array(az_rad), angle_rad, np.array(math.inf), rotation=rotation)
        return _near_side_score(_downrange_rad(launch, az_rad, arcs))

    scores = score(angles)
    best = int(np.argmax(scores))
    if scores[best] <= 0.0:
        raise NumericalError(f"{missile.name}: no steering angle brings it down to the ground at full burn")
    low, high = angles[max(best - 1, 0)], angles[min(best + 1, len(angles) - 1)]
    found = minimize_scalar(
        lambda angle: -score(np.array([angle]))[0],
        bounds=(min(low, high), max(low, high)),
        method="bounded",
        options={"xatol": 1e-6},
    )
    return Aim(az_rad, float(found.x))


def aim_at(
    missile: Missile,
    launch: Site,
    target: Site,
    *,
    trajectory: TrajectoryKind = "cut-off",
    angle_rad: float | None = None,
    apogee_m: float | None = None,
    rotation: bool = True,
) -> Aim:
    """Find the azimuth, and the cut-off or angle, that land on a target.

    Parameters
    ----------
    missile : Missile
        What flies.
    launch, target : Site
        From and to.
    trajectory : {"cut-off", "lofted", "depressed"}
        ``cut-off`` holds an angle and cuts thrust when the range is right; ``lofted`` and ``depressed`` burn
        everything, on the steep or the shallow side of the angle of longest range.
    angle_rad : float, optional
        The angle for ``cut-off``; by default that of longest range. [rad]
    apogee_m : float, optional
        With ``cut-off``: choose the angle that gives this apogee. [m]
    rotation : bool
        False keeps the Earth still.

    Returns
    -------
    Aim
        Lands within 1 m of the target.

    Raises
    ------
    UnreachableError
        If the target is out of range, too near, or cannot be reached with that apogee; the message says what can.
    """
    distance_m, az_rad = geodesic(launch, target)
    if distance_m < 1e3:
        raise UnreachableError(f"target must lie at least 1 km from the launch point; got {distance_m / 1e3:.3f} km")
    if distance_m > math.pi * MEAN_RADIUS_M * 0.995:
        raise UnreachableError(
            f"target must lie on the near side of the antipode, within {math.pi * MEAN_RADIUS_M * 0.995e-3:.0f} km; "
            f"got {distance_m / 1e3:.0f} km"
        )
    if apogee_m is not None:
        if trajectory != "cut-off" or angle_rad is not None:
            raise InputError("apogee must stand without an angle and with the cut-off trajectory")
        return _aim_with_apogee(missile, launch, target, apogee_m, rotation)
    if trajectory == "cut-off":
        angle = angle_rad if angle_rad is not None else max_range(missile, launch, az_rad, rotation=rotation).angle_rad
        return _aim_with_cut_off(missile, launch, target, angle, rotation)
    return _aim_with_angle(missile, launch, target, trajectory, rotation)


def _one(missile: Missile, launch: Site, az_rad: float, angle_rad: float, burn_s: float, rotation: bool) -> FloatArray:
    aim = (np.array([value]) for value in (az_rad, angle_rad, burn_s))
    return np.asarray(fly_many(missile, launch, *aim, rotation=rotation)[0])


def _landed(launch: Site, arc: FloatArray) -> tuple[float, float]:
    """Return distance [m] and azimuth [rad] of an impact; nothing flown where it fell back."""
    if arc[fk.S_STATUS] != fk.IMPACT:
        return (0.0 if arc[fk.S_STATUS] == fk.FELL_BACK else math.inf), 0.0
    return geodesic(launch, Site(float(arc[fk.S_LAT]), float(arc[fk.S_LON])))


def _steer_onto(
    launch: Site, target: Site, solve_range: Callable[[float], tuple[float, FloatArray]]
) -> tuple[float, float]:
    """Alternate range and azimuth until an arc lands on the target; return azimuth and the range's control.

    ``solve_range(az)`` gives the control that flies the right distance at a thrust azimuth, and its arc. The azimuth
    of impact moves about one for one with that of thrust; on steep arcs, which the turning Earth carries far from
    their plane, it does not, and the rate of the last two tries is used.
    """
    distance_m, wanted_az = geodesic(launch, target)
    az_rad = wanted_az
    rate, before = 1.0, None
    for _ in range(40):
        control, arc = solve_range(az_rad)
        impact = Site(float(arc[fk.S_LAT]), float(arc[fk.S_LON]))
        if geodesic(impact, target)[0] < HIT_M:
            return az_rad, control
        _, flown_az = geodesic(launch, impact)
        error = math.remainder(wanted_az - flown_az, 2.0 * math.pi)
        if before is not None and az_rad != before[0]:
            # Between a quarter and eight times one for one: beyond that the two tries say too little.
            rate = min(8.0, max(0.25, (before[1] - error) / (az_rad - before[0])))
        before = az_rad, error
        az_rad += error / rate
    raise NumericalError(f"no azimuth lands on the target, {distance_m / 1e3:.0f} km away")


def _aim_with_cut_off(missile: Missile, launch: Site, target: Site, angle_rad: float, rotation: bool) -> Aim:
    from scipy.optimize import brentq

    distance_m, _ = geodesic(launch, target)
    full_s = missile.burn_time_s

    def solve(az_rad: float) -> tuple[float, FloatArray]:
        def error(burn_s: float) -> float:
            flown = _landed(launch, _one(missile, launch, az_rad, angle_rad, burn_s, rotation))[0]
            return min(flown, 4e7) - distance_m

        if error(full_s) < 0.0:
            farthest = error(full_s) + distance_m
            raise UnreachableError(
                f"{missile.name}: target must lie within {farthest / 1e3:.0f} km in that direction "
                f"(steering angle {math.degrees(angle_rad):.1f} deg); got {distance_m / 1e3:.0f} km"
            )
        burn_s = float(brentq(error, min(1.0, 0.1 * full_s), full_s, xtol=1e-9, rtol=1e-12))
        return burn_s, _one(missile, launch, az_rad, angle_rad, burn_s, rotation)

    az_rad, burn_s = _steer_onto(launch, target, solve)
    return Aim(az_rad, angle_rad, burn_s)


def _aim_with_angle(missile: Missile, launch: Site, target: Site, trajectory: TrajectoryKind, rotation: bool) -> Aim:
    from scipy.optimize import brentq

    distance_m, _ = geodesic(launch, target)
    scan = _angle_scan(missile)

    def solve(az_rad: float) -> tuple[float, FloatArray]:
        best = max_range(missile, launch, az_rad, rotation=rotation)

        def error(angle_rad: float) -> float:
            flown = _landed(launch, _one(missile, launch, az_rad, angle_rad, math.inf, rotation))[0]
            return flown - distance_m

        farthest_m = error(best.angle_rad) + distance_m
        end = scan[-1] if trajectory == "lofted" else scan[0]
        nearest_m = error(float(end)) + distance_m
        if not nearest_m <= distance_m <= farthest_m:
            raise UnreachableError(
                f"{missile.name}: target must lie between {nearest_m / 1e3:.0f} and {farthest_m / 1e3:.0f} km for a "
                f"{trajectory} flight at full burn; got {distance_m / 1e3:.0f} km"
            )
        angle = float(brentq(error, best.angle_rad, float(end), xtol=1e-12, rtol=1e-14))
        return angle, _one(missile, launch, az_rad, angle, math.inf, rotation)

    az_rad, angle_rad = _steer_onto(launch, target, solve)
    return Aim(az_rad, angle_rad)


def _aim_with_apogee(missile: Missile, launch: Site, target: Site, apogee_m: float, rotation: bool) -> Aim:
    """Choose the cut-off and the steering whose arc onto the target peaks at the wanted height."""
    distance_m, az_rad = geodesic(launch, target)
    omega_rad_s = np.array([rotation_rate(rotation)])
    (found,) = fit_flights(
        [missile], launch, [az_rad], apogee_m, distance_m, parameter="cut-off", omega_rad_s=omega_rad_s
    )
    if found is not None:
        return found.aim
    peaks = _peaks_onto(missile, launch, target, rotation)
    reach = f"between {min(peaks) / 1e3:.0f} and {max(peaks) / 1e3:.0f} km" if peaks else "of no height at all"
    raise UnreachableError(f"{missile.name}: apogee onto this target must lie {reach}; got {apogee_m / 1e3:.0f} km")


def _peaks_onto(missile: Missile, launch: Site, target: Site, rotation: bool) -> list[float]:
    """Return the apogees [m] of arcs onto a target: by cut-off at angles from shallow to steep, and at full burn."""
    peaks: list[float] = []
    tries: list[Callable[[], Aim]] = [
        partial(_aim_with_cut_off, missile, launch, target, float(angle), rotation) for angle in _angle_scan(missile)
    ]
    for kind in ("lofted", "depressed"):
        tries.append(partial(_aim_with_angle, missile, launch, target, kind, rotation))
    for attempt in tries:
        try:
            aim = attempt()
        except (UnreachableError, NumericalError):
            continue
        peaks.append(float(_one(missile, launch, aim.az_rad, aim.angle_rad, aim.burn_s, rotation)[fk.S_APOGEE_M]))
    return peaks
