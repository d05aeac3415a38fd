"""Arcs over the battery at Seongju, radars that see them differently, and one engagement as the kernel works it out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.analysis.footprint import CONSTRAINTS
from equipoise.catalog import load_catalog
from equipoise.defence import Battery
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.shot_kernels import engage_arc
from equipoise.physics import Missile, Site, Trajectory, aim_at, fly
from equipoise.physics.fan import trajectory_arc
from equipoise.sensors.radar import Radar
from equipoise.study.file import TrackUntil, TrajectoryKind

SITE = Site.of_degrees(35.92, 128.28)
NORTH = math.radians(340.0)
RCS_M2 = 0.01
ARCS = [
    ("nodong", (39.2, 125.7), (35.9, 128.4), "cut-off"),
    ("nodong", (39.2, 125.7), (35.1, 129.0), "cut-off"),
    ("nodong", (40.85, 129.67), (35.1, 129.0), "lofted"),
    ("nodong", (39.2, 127.5), (37.0, 127.1), "cut-off"),
    ("nodong", (39.2, 127.5), (34.8, 126.4), "cut-off"),
    ("scud-c", (38.4, 126.4), (36.35, 127.4), "cut-off"),
    ("scud-c", (38.4, 126.4), (35.9, 128.6), "cut-off"),
    ("musudan", (40.9, 126.6), (35.2, 126.9), "lofted"),
]
RADARS = [
    ("as it is", {}),
    ("short range", {"reference_range_m": 250e3}),
    ("narrow face", {"azimuth_half_width_rad": math.radians(20.0)}),
    ("low ceiling", {"elevation_max_rad": math.radians(50.0)}),
    ("slow", {"confirm_time_s": 60.0}),
]


@dataclass(frozen=True)
class Outcome:
    margin_s: float
    constraint: str
    shots: int
    row: np.ndarray


_flown: dict[tuple[object, ...], Trajectory] = {}


def arc(
    id: str = "nodong",
    launch: tuple[float, float] = (39.2, 125.7),
    target: tuple[float, float] = (35.9, 128.4),
    kind: TrajectoryKind = "cut-off",
) -> Trajectory:
    key = (id, launch, target, kind)
    if key not in _flown:
        missile = Missile.from_record(load_catalog().missile(id))
        start, end = Site.of_degrees(*launch), Site.of_degrees(*target)
        _flown[key] = fly(missile, start, aim_at(missile, start, end, trajectory=kind))
    return _flown[key]


def engage(
    trajectory: Trajectory,
    radar: Radar,
    battery: Battery,
    boresight_rad: float = NORTH,
    *,
    own_firm_s: float = -math.inf,
    remote_firm_s: float = math.inf,
    track_until: TrackUntil = "intercept",
) -> Outcome:
    row = np.empty(ek.E_SIZE)
    view = radar.view(SITE, boresight_rad, RCS_M2)
    shooter = battery.shooter(SITE, radar.confirm_time_s, track_until=track_until)
    ends = trajectory.burnout.time_s, trajectory.time_of_flight_s
    engage_arc(trajectory_arc(trajectory), *ends, own_firm_s, remote_firm_s, view, shooter, battery.reach.table, row)
    return Outcome(float(row[ek.E_MARGIN]), CONSTRAINTS[int(row[ek.E_CONSTRAINT])], int(row[ek.E_SHOTS]), row)
