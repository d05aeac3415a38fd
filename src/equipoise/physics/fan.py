"""A fan of arcs from one launch point, flown once and interpolated for any place that it covers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from equipoise._jit import run_in_chunks
from equipoise.arrays import FloatArray
from equipoise.errors import UnreachableError
from equipoise.physics import fan_kernels as fnk
from equipoise.physics import flight_kernels as fk
from equipoise.physics.aiming import angle_ends_rad, max_range
from equipoise.physics.earth_kernels import geodetic_of
from equipoise.physics.flight import Trajectory, fly_many, rotation_rate
from equipoise.physics.geodesy import Site, geodesic, geodesics_from
from equipoise.physics.missile import Missile
from equipoise.study.file import TrajectoryKind

# Spacing of azimuths and number of range controls: the interpolated arc stays within metres of a flown one
# (tests/validation/test_fan.py).
_AZ_STEP_RAD = math.radians(2.5)
_CONTROLS = 32
# Local error of a step: arcs of a fan land within some 10 m of converged ones, far below what interpolation costs.
_TOLERANCE_M = 0.03
# Aim points nearer than this count as out of reach: below it a cut-off arc hardly leaves its launch area.
NEAREST_M = 20e3
_EIGHT_WINDS_RAD = np.radians(np.arange(0.0, 360.0, 45.0))


@dataclass(frozen=True)
class Fan:
    """Arcs over azimuth and range control, and where the cells of a grid lie among them.

    Parameters
    ----------
    launch : Site
        Where the arcs start.
    angle_rad : float
        Steering angle of longest range towards the middle of the points; held by every arc of a cut-off fan. [rad]
    arcs : ndarray, shape (n_az, n_control, n_node, 6)
        See ``fan_kernels``.
    times_s : ndarray, shape (n_az, n_control, 2)
        Burnout and impact. [s]
    index : ndarray, shape (n_points, 2)
        Fractional indices of the arc onto each point; nan where the missile does not reach.
    """

    launch: Site
    angle_rad: float
    arcs: FloatArray
    times_s: FloatArray
    index: FloatArray


def fly_fan(
    missile: Missile,
    launch: Site,
    lat_rad: FloatArray,
    lon_rad: FloatArray,
    *,
    trajectory: TrajectoryKind = "cut-off",
    rotation: bool = True,
) -> Fan:
    """Fly a fan that covers an array of aim points, as far as the missile reaches.

    Parameters
    ----------
    missile : Missile
        What flies.
    launch : Site
        Where from.
    lat_rad, lon_rad : ndarray, shape (n,)
        Aim points; those within 20 km of the launch point count as out of reach. [rad]
    trajectory : {"cut-off", "lofted", "depressed"}
        See :func:`equipoise.physics.aim_at`.
    rotation : bool
        False keeps the Earth still.

    Returns
    -------
    Fan
        With ``index`` for each aim point.

    Raises
    ------
    UnreachableError
        If not one aim point is in reach; the message names the distances.
    """
    away_m, _ = geodesics_from(launch, lat_rad, lon_rad)
    middle = Site(float(np.mean(lat_rad)), float(np.mean(lon_rad)))
    best = max_range(missile, launch, geodesic(launch, middle)[1], rotation=rotation)

    def flown(az_rad: FloatArray, control: float) -> FloatArray:
        angle, burn = _controls(trajectory, best.angle_rad, np.array([control]), missile)
        return fly_many(missile, launch, az_rad, angle, burn, rotation=rotation)

    centre = launch if trajectory == "cut-off" else _middle_of(flown(_EIGHT_WINDS_RAD, 0.0), launch)
    wanted_m, wanted_az = geodesics_from(centre, lat_rad, lon_rad)
    _, middle_az = geodesic(centre, middle)
    offset = np.remainder(wanted_az - middle_az + math.pi, 2.0 * math.pi) - math.pi

    def range_of(control: float, start: Site = centre) -> float:
        arc = flown(np.array([middle_az]), control)
        if arc[0, fk.S_STATUS] != fk.IMPACT:
            return 0.0
        return float(geodesics_from(start, arc[:, fk.S_LAT], arc[:, fk.S_LON])[0][0])

    # Controls run from 0 (nearest) to 1 (farthest); 4 % beyond the points, as ranges differ between azimuths.
    nearest_m, farthest_m = max(NEAREST_M, 0.96 * float(wanted_m.min())), 1.04 * float(wanted_m.max())
    longest_m = range_of(1.0)
    shortest_m = range_of(0.0)
    if longest_m < float(wanted_m.min()) or shortest_m > float(wanted_m.max()):
        raise UnreachableError(
            f"{missile.name}: no aim point lies within its {trajectory} ranges of {range_of(0.0, launch) / 1e3:.0f} to "
            f"{range_of(1.0, launch) / 1e3:.0f} km; the points lie {away_m.min() / 1e3:.0f} to "
            f"{away_m.max() / 1e3:.0f} km away"
        )
    low, high = (_control_of(range_of, length, 0.0, 1.0, shortest_m, longest_m) for length in (nearest_m, farthest_m))
    if high - low < 1e-3:
        low, high = max(0.0, low - 1e-3), min(1.0, high + 1e-3)
    angle_rad, burn_s = _controls(trajectory, best.angle_rad, np.linspace(low, high, _CONTROLS), missile)
    # A node beyond either end for the interpolation, and for the drift of azimuth in flight.
    first = float(offset.min()) - 2.0 * _AZ_STEP_RAD
    count = max(4, math.ceil((float(offset.max()) - first) / _AZ_STEP_RAD) + 3)
    az_offset = first + _AZ_STEP_RAD * np.arange(count, dtype=np.float64)
    arcs = np.empty((count, _CONTROLS, fnk.N_NODE, 6))
    times_s = np.empty((count, _CONTROLS, 2))
    impact_rad = np.empty((count, _CONTROLS, 2))
    status = np.empty((count, _CONTROLS), dtype=np.int64)

    def work(start: int, stop: int) -> None:
        fnk.fly_fan(
            missile.stage_array,
            missile.vehicle_array,
            missile.drag_array,
            launch.lat_rad,
            launch.lon_rad,
            middle_az + az_offset,
            angle_rad,
            burn_s,
            rotation_rate(rotation),
            _TOLERANCE_M,
            arcs,
            times_s,
            impact_rad,
            status,
            start,
            stop,
        )

    run_in_chunks(work, count * _CONTROLS)
    length_m, az_rad = geodesics_from(centre, impact_rad[:, :, 0], impact_rad[:, :, 1])
    landed_offset = np.remainder(az_rad - middle_az - az_offset[:, None] + math.pi, 2.0 * math.pi) - math.pi
    length_m = np.where(status == fk.IMPACT, length_m, 0.0)
    index = np.empty((len(wanted_m), 2))
    landed = np.ascontiguousarray(az_offset[:, None] + landed_offset)

    def find(start: int, stop: int) -> None:
        fnk.locate(length_m, landed, first, _AZ_STEP_RAD, wanted_m, offset, index, start, stop)

    run_in_chunks(find, len(wanted_m))
    return Fan(launch, best.angle_rad, arcs, times_s, index)


def _middle_of(arcs: FloatArray, launch: Site) -> Site:
    """Return the middle of the impacts of the steepest arcs: where a shot straight up comes down, west of its launch.

    Distance and azimuth of impacts are smooth around that point, not around the launch point: the Earth turns by many
    kilometres below a missile that stays up for 20 minutes.
    """
    landed = arcs[arcs[:, fk.S_STATUS] == fk.IMPACT]
    if len(landed) < len(arcs):
        return launch
    x, y, z = landed[:, fk.S_IMPACT : fk.S_IMPACT + 3].mean(axis=0)
    lat_rad, lon_rad, _ = geodetic_of(x, y, z)
    return Site(lat_rad, lon_rad)


def _controls(
    trajectory: TrajectoryKind, best_angle_rad: float, control: FloatArray, missile: Missile
) -> tuple[FloatArray, FloatArray]:
    """Return steering angles and burn times of controls between 0 (nearest) and 1 (farthest)."""
    if trajectory == "cut-off":
        return np.full(len(control), best_angle_rad), missile.burn_time_s * (0.05 + 0.95 * control)
    shallow, steep = angle_ends_rad(missile)
    end = steep if trajectory == "lofted" else shallow
    return end + (best_angle_rad - end) * control, np.full(len(control), math.inf)


def _control_of(
    range_of: Callable[[float], float], length_m: float, low: float, high: float, least_m: float, most_m: float
) -> float:
    """Return the control that flies a length on the middle azimuth; its end where the length lies beyond."""
    from scipy.optimize import brentq

    if length_m <= least_m:
        return low
    if length_m >= most_m:
        return high
    return float(brentq(lambda control: range_of(control) - length_m, low, high, xtol=1e-4))


def arcs_onto(fan: Fan) -> tuple[FloatArray, FloatArray]:
    """Return the arcs onto the points of a fan, for others to look at; in threads.

    Parameters
    ----------
    fan : Fan
        From :func:`fly_fan`.

    Returns
    -------
    arcs : ndarray, shape (n_points, n_node, 6)
        Position [m] and velocity [m/s] in ecef at the nodes of each arc; nan where the missile does not reach.
    times_s : ndarray, shape (n_points, 2)
        Burnout and impact; nan where the missile does not reach. [s]
    """
    count = len(fan.index)
    arcs = np.empty((count, fnk.N_NODE, 6))
    times_s = np.empty((count, 2))
    run_in_chunks(partial(fnk.arcs_onto, fan.arcs, fan.times_s, fan.index, arcs, times_s), count)
    return arcs, times_s


def trajectory_arc(trajectory: Trajectory) -> FloatArray:
    """Return a trajectory at the nodes of a fan's arc, shape (n_node, 6)."""
    burnout_s, end_s = trajectory.burnout.time_s, trajectory.time_of_flight_s
    times = np.array([fnk.node_time(n, burnout_s, end_s) for n in range(fnk.N_NODE)])
    r_ecef_m, v_ecef_mps = trajectory.at(np.minimum(times, end_s))
    return np.ascontiguousarray(np.hstack([r_ecef_m, v_ecef_mps]))
