"""What the threats of a footprint study ask of its battery, beside what the battery has.

The radar must see a missile early enough for a launch that still meets it; the interceptor must come to a point of its
path between the battery's lowest and highest altitude. Both are worked out for every arc onto the study's places, class
by class, and set beside the published ranges; the magazine is set beside the published inventories.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from equipoise.analysis.arc_engagement import STEP_S, launches_onto
from equipoise.analysis.footprint import CaseFan, Progress, fly_fans
from equipoise.arrays import FloatArray
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.radars import PublishedRange
from equipoise.defence.arc_reach_kernels import places_of
from equipoise.defence.battery import Battery
from equipoise.errors import InputError
from equipoise.physics.earth_kernels import geodetic_to_ecef
from equipoise.physics.fan import arcs_onto
from equipoise.physics.geodesy import Site
from equipoise.sensors.handover import ArcTable
from equipoise.sensors.signature import Signature
from equipoise.study.model import Study, Threat


@dataclass(frozen=True)
class Spread:
    """The least, the middle and the most of a number over arcs; all nan where there are none."""

    least: float
    middle: float
    most: float

    @classmethod
    def of(cls, values: FloatArray) -> Spread:
        """Build it from the numbers of some arcs."""
        if not len(values):
            return cls(np.nan, np.nan, np.nan)
        return cls(float(values.min()), float(np.median(values)), float(values.max()))


@dataclass(frozen=True)
class RangeAgainst:
    """A published radar range, as it is against one class's cross-section: low, central, high [m]."""

    range: PublishedRange
    low_m: float
    value_m: float
    high_m: float


@dataclass(frozen=True)
class ClassNeeds:
    """What one missile class asks for.

    Parameters
    ----------
    threat : Threat
        The class, its launch areas and how it is flown.
    arcs : int
        From its launch areas onto places that it reaches.
    within_limits : int
        Of them, those that an interceptor can meet anywhere within its published limits.
    apogee_m : Spread
        Of the arcs.
    ground_needed_m : Spread
        Least ground range from the battery at which an arc lies between the interceptor's lowest and highest altitude,
        over arcs that do so at all.
    arcs_too_low : int
        Arcs that never rise to the interceptor's lowest altitude.
    radar_needed_m : Spread
        Least slant range at which the radar must first see an arc so that the last interceptor that meets it can be
        launched, over the arcs within limits.
    radar_needed_low_m, radar_needed_high_m : Spread
        The same at the ends of the battery's own numbers: the fastest interceptor with the shortest delays asks for
        the least, the slowest with the longest for the most. Which arcs can be met changes with them.
    farthest_coasting_m, from_launch_m : Spread
        Farthest slant range from the radar after the end of thrust, and slant range at the launch. Sight beyond the
        greater of the two adds nothing against this class.
    ranges : tuple of RangeAgainst
        The published ranges, turned to this class's cross-section.
    """

    threat: Threat
    arcs: int
    within_limits: int
    apogee_m: Spread
    ground_needed_m: Spread
    arcs_too_low: int
    radar_needed_m: Spread
    radar_needed_low_m: Spread
    radar_needed_high_m: Spread
    farthest_coasting_m: Spread
    from_launch_m: Spread
    ranges: tuple[RangeAgainst, ...]


@dataclass(frozen=True)
class ProportionResults:
    """What a study's threats ask for beside what its battery has.

    Parameters
    ----------
    study : Study
        The study.
    classes : tuple of ClassNeeds
        By threat.
    rounds : int
        Interceptors of the battery.
    shots_at_each : int
        Interceptors fired at one missile.
    """

    study: Study
    classes: tuple[ClassNeeds, ...]
    rounds: int
    shots_at_each: int

    @property
    def most_demanding(self) -> ClassNeeds:
        """The class that asks for the longest radar range."""
        asking = [one for one in self.classes if one.within_limits]
        return max(asking, key=lambda one: one.radar_needed_m.most)

    def inventories(self) -> tuple[tuple[Threat, Sourced], ...]:
        """Return the published inventories of the classes that have one."""
        numbers = [(one.threat, one.threat.missile.inventory) for one in self.classes]
        return tuple((threat, number) for threat, number in numbers if number is not None)


def proportion(study: Study, progress: Progress | None = None) -> ProportionResults:
    """Work out what a study's threats ask for, beside what its battery has.

    Parameters
    ----------
    study : Study
        A footprint study; its places are what is defended.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Raises
    ------
    InputError
        If no class can be met within the interceptor's published limits.

    Notes
    -----
    The radar stands with the battery and looks all around; horizon, elevation floor and field of view are left out,
    since the question is how far it must see, not whether it looks there. An intercept at ``t`` needs a launch at ``t``
    less the shortest flight, a firm track a commit delay earlier and first sight a confirmation time before that; of
    all intercepts the one counts that lets the radar see the missile last. A published range holds for its stated
    cross-section and goes with the fourth root of the class's own, as the range equation has it.
    """
    defence = study.defence
    places = np.array([(place.lat_rad, place.lon_rad) for place in study.places]).reshape(-1, 2)
    if not len(places):
        raise InputError(f"study {study.id}, places: none; allowed: at least one place to defend")
    fans = fly_fans(study, (places[:, 0], places[:, 1]), progress=progress)
    ends = tuple(_timing_at(study, end) for end in ("low", "value", "high"))
    battery = ends[1].battery
    rounds = round(defence.battery.launchers.value) * round(defence.launcher.rounds.value)
    classes = tuple(
        _needs(study, threat, [case for case in fans if case.threat == i], ends)
        for i, threat in enumerate(study.threats)
    )
    if not any(one.within_limits for one in classes):
        raise InputError(f"study {study.id}, threats: none can be met within the limits of {defence.interceptor.id}")
    return ProportionResults(study, classes, rounds, battery.shots_per_opportunity)


@dataclass(frozen=True)
class _Timing:
    """A battery, and how long after first sight it can launch [s]."""

    battery: Battery
    wait_s: float


def _timing_at(study: Study, end: Literal["low", "value", "high"]) -> _Timing:
    """Return the battery where its own numbers ask the radar for the least, for what they say, or for the most."""
    defence = study.defence
    speed = defence.interceptor.burnout_speed_mps
    fastest = {"low": speed.high, "value": speed.value, "high": speed.low}[end]
    interceptor = defence.interceptor.model_copy(update={"burnout_speed_mps": replace(speed, value=fastest)})
    battery = Battery.from_records(defence.battery, defence.interceptor if end == "value" else interceptor)
    wait_s = getattr(defence.battery.commit_delay_s, end) + getattr(defence.radar.confirm_time_s, end)
    return _Timing(battery, float(wait_s))


def _needs(study: Study, threat: Threat, cases: list[CaseFan], ends: tuple[_Timing, ...]) -> ClassNeeds:
    battery = ends[1].battery
    site = Site(study.defence.site.lat_rad, study.defence.site.lon_rad)
    arcs, times_s = (np.concatenate(part) for part in zip(*(arcs_onto(case.fan) for case in cases), strict=True))
    reached = np.isfinite(times_s[:, 0])
    table = ArcTable(arcs[reached], times_s[reached], (Signature.from_record(threat.missile),) * int(reached.sum()))
    slant_m, ground_m, altitude_m = _places(site, battery, table)
    limits = battery.reach.limits
    inside = (altitude_m >= limits.min_altitude_m) & (altitude_m <= limits.max_altitude_m)
    ground_needed_m = np.where(inside, ground_m, np.inf).min(axis=1)
    low_m, needed_m, high_m = (
        _radar_needed_m(launches_onto(end.battery, study.defence.site, table), slant_m, table.times_s[:, 0], end.wait_s)
        for end in ends
    )
    coasts = STEP_S * np.arange(slant_m.shape[1]) >= table.times_s[:, :1]
    highest_m = np.nan_to_num(altitude_m, nan=-np.inf).max(axis=1)
    return ClassNeeds(
        threat=threat,
        arcs=len(table),
        within_limits=int(np.isfinite(needed_m).sum()),
        apogee_m=Spread.of(highest_m),
        ground_needed_m=Spread.of(ground_needed_m[np.isfinite(ground_needed_m)]),
        arcs_too_low=int((highest_m < limits.min_altitude_m).sum()),
        radar_needed_m=Spread.of(needed_m[np.isfinite(needed_m)]),
        radar_needed_low_m=Spread.of(low_m[np.isfinite(low_m)]),
        radar_needed_high_m=Spread.of(high_m[np.isfinite(high_m)]),
        farthest_coasting_m=Spread.of(np.nanmax(np.where(coasts, slant_m, np.nan), axis=1)),
        from_launch_m=Spread.of(slant_m[:, 0]),
        ranges=tuple(_against(one, threat) for one in study.defence.radar.ranges),
    )


def _places(site: Site, battery: Battery, table: ArcTable) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return slant range, ground range and altitude of arcs from the launch on, (n_arc, n_step) [m].

    Nan after the impact.
    """
    steps = int(np.ceil(table.times_s[:, 1].max() / STEP_S)) + 1
    out = np.full((3, len(table), steps), np.nan)
    radar_ecef_m = np.array(geodetic_to_ecef(site.lat_rad, site.lon_rad, 0.0))
    places_of(table.arcs, table.times_s, STEP_S, radar_ecef_m, battery.shooter(site, 0.0), out)
    return out[0], out[1], out[2]


def _radar_needed_m(meets_s: FloatArray, slant_m: FloatArray, burnout_s: FloatArray, wait_s: float) -> FloatArray:
    """Return the slant range at which each arc must be seen at the latest, (n_arc,) [m]; infinite where none is met.

    Nobody commits while the engine burns, so a launch that needs an earlier track is not possible.
    """
    needed_m = np.full(len(meets_s), np.inf)
    for i, launches_s in enumerate(meets_s):
        seen_s = launches_s[np.isfinite(launches_s)] - wait_s
        seen_s = seen_s[seen_s >= burnout_s[i] - wait_s]
        if len(seen_s) and (last := seen_s.max()) >= 0.0:
            needed_m[i] = np.interp(last, STEP_S * np.arange(slant_m.shape[1]), slant_m[i])
    return needed_m


def _against(published: PublishedRange, threat: Threat) -> RangeAgainst:
    rcs_m2 = threat.rcs_m2
    low_m, value_m, high_m = (
        published.range_m.value * (one / published.reference_rcs_m2.value) ** 0.25
        for one in (rcs_m2.low, rcs_m2.value, rcs_m2.high)
    )
    return RangeAgainst(published, low_m, value_m, high_m)
