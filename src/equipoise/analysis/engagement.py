"""One engagement in full: the arc, what the radar sees of it, and when the battery can shoot."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.analysis.footprint import CONSTRAINTS, kill_probability
from equipoise.arrays import FloatArray
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.battery import Battery
from equipoise.defence.shot_kernels import engage_arc
from equipoise.errors import UnreachableError
from equipoise.physics.aiming import aim_at
from equipoise.physics.earth_kernels import ecef_to_geodetic
from equipoise.physics.fan import trajectory_arc
from equipoise.physics.flight import Trajectory, fly
from equipoise.physics.geodesy import Site, geodesics_from
from equipoise.physics.missile import Missile
from equipoise.sensors.radar import Looks, Radar, look_at
from equipoise.study.model import Study

SAMPLES = 400


@dataclass(frozen=True)
class Moment:
    """A moment on the arc: time since launch [s], ground distance from the battery [m], altitude [m].

    The distance is positive towards the launch area and negative beyond the battery.
    """

    time_s: float
    distance_m: float
    altitude_m: float


@dataclass(frozen=True)
class Shot:
    """An interceptor's flight: when it leaves [s] and where it meets the arc."""

    launch_s: float
    intercept: Moment


@dataclass(frozen=True)
class Engagement:
    """An engagement of a study, with everything that its pictures show.

    Parameters
    ----------
    missile, launch_area, target, site : str
        Names.
    trajectory : Trajectory
        The arc that was flown.
    time_s, distance_m, altitude_m : ndarray, shape (n,)
        The arc sampled: time [s], signed ground distance from the battery and altitude [m].
    looks : Looks
        What the radar sees at those times.
    radar : Radar
        With its chosen range.
    detection_range_m : float
        Against this missile's cross-section. [m]
    reach_distance_m, reach_altitude_m : ndarray
        Outline of what the interceptor can reach. [m]
    burnout, apogee : Moment
        Of the arc.
    detection, firm_track, lost : Moment or None
        First detection, firm track, end of sight; None if it is never seen, or is seen to the end.
    first, last : Shot or None
        Earliest and latest that meet the arc.
    margin_s, shots, constraint
        As in the footprint.
    kill_probability : tuple of float
        Of all shots together: low, central, high.
    min_altitude_m, max_altitude_m : float
        Altitude limits of an intercept. [m]
    """

    missile: str
    launch_area: str
    target: str
    site: str
    trajectory: Trajectory
    time_s: FloatArray
    distance_m: FloatArray
    altitude_m: FloatArray
    looks: Looks
    radar: Radar
    detection_range_m: float
    reach_distance_m: FloatArray
    reach_altitude_m: FloatArray
    burnout: Moment
    apogee: Moment
    detection: Moment | None
    firm_track: Moment | None
    lost: Moment | None
    first: Shot | None
    last: Shot | None
    margin_s: float
    shots: int
    constraint: str
    kill_probability: tuple[float, float, float]
    min_altitude_m: float
    max_altitude_m: float


def reach_outline(battery: Battery) -> tuple[FloatArray, FloatArray]:
    """Return the outline of what a battery's interceptor reaches: ground distance and altitude [m], anticlockwise."""
    reach = battery.reach
    altitudes_m = np.linspace(reach.limits.min_altitude_m, reach.limits.max_altitude_m, 111)
    ground_m = np.arange(0.0, reach.limits.max_range_m + 1.0, max(250.0, reach.step_m / 4.0))
    times = reach.time_to(ground_m[None, :], altitudes_m[:, None])
    reached = np.isfinite(times)
    farthest_m = np.array([ground_m[row].max() if row.any() else np.nan for row in reached])
    kept = np.isfinite(farthest_m)
    edge = np.concatenate([[0.0], farthest_m[kept], [0.0]])
    heights = altitudes_m[kept]
    return edge, np.concatenate([[heights[0]], heights, [heights[-1]]])


def engagement(study: Study, radar_range: str | None = None) -> Engagement:
    """Work out the example engagement of a study.

    Parameters
    ----------
    study : Study
        With its example: missile, launch area, target.
    radar_range : str, optional
        By default the study's central one.

    Returns
    -------
    Engagement
        Solved onto the target itself, not interpolated from a fan.

    Raises
    ------
    UnreachableError
        If the missile cannot reach the target from there.
    """
    example, defence = study.engagement, study.defence
    threat = study.threats[example.threat]
    missile = Missile.from_record(threat.missile)
    launch = Site(example.launch_area.lat_rad, example.launch_area.lon_rad)
    target = Site(example.target.lat_rad, example.target.lon_rad)
    try:
        aim = aim_at(missile, launch, target, trajectory=threat.trajectory)
    except UnreachableError as error:
        raise UnreachableError(f"study {study.id}, engagement, target {example.target.id}: {error}") from error
    trajectory = fly(missile, launch, aim)
    radar = Radar.from_record(defence.radar, radar_range or defence.radar_range, field_of_view=defence.field_of_view)
    battery = Battery.from_records(defence.battery, defence.interceptor)
    site = Site(defence.site.lat_rad, defence.site.lon_rad)
    view = radar.view(site, defence.boresight_rad, threat.rcs_m2.value)
    row = np.empty(ek.E_SIZE)
    end_s = trajectory.time_of_flight_s
    engage_arc(
        trajectory_arc(trajectory),
        trajectory.burnout.time_s,
        end_s,
        *ek.SIGHT_ALONE,
        view,
        battery.shooter(site, radar.confirm_time_s, track_until=defence.track_until),
        battery.reach.table,
        row,
    )
    time_s = np.linspace(0.0, end_s, SAMPLES)
    distance_m, altitude_m = _plane(trajectory, site, launch, time_s)

    def moment(time: float) -> Moment | None:
        if math.isnan(time) or time > end_s:
            return None
        at, height = _plane(trajectory, site, launch, np.array([time]))
        return Moment(time, float(at[0]), float(height[0]))

    def sure(time: float) -> Moment:
        found = moment(time)
        assert found is not None
        return found

    def shot(launched_s: float, intercept_s: float) -> Shot | None:
        met = moment(intercept_s)
        return None if met is None else Shot(launched_s, met)

    reach_distance_m, reach_altitude_m = reach_outline(battery)
    shots = int(row[ek.E_SHOTS])
    low, central, high = (
        float(kill_probability(np.array(shots), one, battery.shots_per_opportunity)) for one in battery.kill_probability
    )
    return Engagement(
        missile=threat.missile.name,
        launch_area=example.launch_area.name,
        target=example.target.name,
        site=defence.site.name,
        trajectory=trajectory,
        time_s=time_s,
        distance_m=distance_m,
        altitude_m=altitude_m,
        looks=look_at(radar, view, trajectory.at(time_s)[0]),
        radar=radar,
        detection_range_m=view.detection_range_m,
        reach_distance_m=reach_distance_m,
        reach_altitude_m=reach_altitude_m,
        burnout=sure(trajectory.burnout.time_s),
        apogee=sure(trajectory.apogee_time_s),
        detection=moment(float(row[ek.E_DETECTION])),
        firm_track=moment(float(row[ek.E_DETECTION]) + radar.confirm_time_s),
        lost=moment(float(row[ek.E_LOST])) if row[ek.E_LOST] < end_s else None,
        first=shot(float(row[ek.E_FIRST_LAUNCH]), float(row[ek.E_FIRST_INTERCEPT])),
        last=shot(float(row[ek.E_LAST_LAUNCH]), float(row[ek.E_LAST_INTERCEPT])),
        margin_s=float(row[ek.E_MARGIN]),
        shots=shots,
        constraint=CONSTRAINTS[int(row[ek.E_CONSTRAINT])],
        kill_probability=(low, central, high),
        min_altitude_m=battery.reach.limits.min_altitude_m,
        max_altitude_m=battery.reach.limits.max_altitude_m,
    )


def _plane(trajectory: Trajectory, site: Site, launch: Site, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return signed ground distance from a site [m] and altitude [m] at times; positive on the launch's side."""
    r_ecef_m, _ = trajectory.at(time_s)
    geodetic = np.array([ecef_to_geodetic(*r) for r in r_ecef_m])
    length_m, az_rad = geodesics_from(site, geodetic[:, 0], geodetic[:, 1])
    _, launch_az = geodesics_from(site, np.array([launch.lat_rad]), np.array([launch.lon_rad]))
    return np.where(np.cos(az_rad - launch_az[0]) >= 0.0, length_m, -length_m), geodetic[:, 2]
