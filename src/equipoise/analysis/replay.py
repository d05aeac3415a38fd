"""A study as something that moves: what flies where and when, what stands where, and what each sensor looks over.

One run of time, from the first launch on: the same for the globe, and for every format of other programs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np

from equipoise.analysis import raid_kernels as rk
from equipoise.analysis.arcs import fly_arcs
from equipoise.analysis.engagement import Engagement, Shot, engagement
from equipoise.analysis.raid import RaidField, prepare
from equipoise.analysis.raid_run import SHOWN_RUN
from equipoise.analysis.views import sensor_views
from equipoise.arrays import FloatArray
from equipoise.catalog.positions import LaunchAreaRecord, PlaceRecord
from equipoise.catalog.records import InterceptorRecord
from equipoise.defence.interceptor_flight import fly_interceptor
from equipoise.errors import UnreachableError
from equipoise.physics.earth_kernels import ecef_to_geodetic
from equipoise.physics.flight import Trajectory
from equipoise.physics.geodesy import Site, destinations, geodesics_from
from equipoise.sensors.radar import Radar
from equipoise.sensors.station import Station
from equipoise.study import AnyStudy, ExampleEngagement, NetworkStudy, RaidStudy, Study

R = TypeVar("R", PlaceRecord, LaunchAreaRecord)

Kind = Literal["missile", "interceptor"]
Fate = Literal["comes down", "is killed", "meets its target", "kills its target", "misses its target"]
SpotKind = Literal["battery", "sensor", "launch_area", "target"]

# More missiles than these are no picture, and viewers stutter.
MOST_MISSILES = 600
# Between two samples of a track [s], and how many there are at least and at most.
_STEP_S, _SAMPLES = 4.0, (61, 401)


@dataclass(frozen=True)
class Track:
    """Something that flies.

    Parameters
    ----------
    id, name : str
        Unique within the replay; in words.
    kind : {"missile", "interceptor"}
        Which side of an engagement it is.
    start, end : str
        Ids of the spot that it leaves, and of the spot or the track that it goes to.
    fate : str
        What becomes of it.
    time_s, lat_rad, lon_rad, altitude_m : ndarray, shape (n,)
        Seconds since the replay's first launch, rising [s]; geodetic position [rad]; height above the ellipsoid [m].
    burnout_s : float or None
        End of thrust, where it is known. [s]
    """

    id: str
    name: str
    kind: Kind
    start: str
    end: str
    fate: Fate
    time_s: FloatArray
    lat_rad: FloatArray
    lon_rad: FloatArray
    altitude_m: FloatArray
    burnout_s: float | None = None


@dataclass(frozen=True)
class Spot:
    """Something that stands; position in radians."""

    id: str
    name: str
    kind: SpotKind
    country: str
    lat_rad: float
    lon_rad: float


@dataclass(frozen=True)
class Volume:
    """What a radar's face looks over.

    Parameters
    ----------
    id, spot, name : str
        Unique within the replay; of the spot that it stands on; of the radar.
    boresight_rad, half_width_rad : float
        Azimuths: the middle, and half of the whole. [rad]
    elevation_floor_rad, elevation_max_rad : float
        Elevations. [rad]
    range_m : float
        Detection range against ``rcs_m2``. [m]
    rcs_m2 : float
        The cross-section. [m2]
    """

    id: str
    spot: str
    name: str
    boresight_rad: float
    half_width_rad: float
    elevation_floor_rad: float
    elevation_max_rad: float
    range_m: float
    rcs_m2: float


@dataclass(frozen=True)
class Sight:
    """A stretch of time [s] in which a spot's radar has a track in view, gaps in between left out."""

    spot: str
    track: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Replay:
    """Everything that moves and stands in a study.

    Parameters
    ----------
    study, title : str
        The study's id and title.
    tracks, spots, volumes, sights
        What flies, what stands, what radars look over, and what they see.
    notes : tuple of str
        What a viewer must know: what is one case of several, and what is left out.
    """

    study: str
    title: str
    tracks: tuple[Track, ...]
    spots: tuple[Spot, ...]
    volumes: tuple[Volume, ...]
    sights: tuple[Sight, ...]
    notes: tuple[str, ...]

    @property
    def end_s(self) -> float:
        """When the last track ends [s]."""
        return max(float(track.time_s[-1]) for track in self.tracks)


def replay_of(study: AnyStudy) -> Replay:
    """Return a study as something that moves.

    Parameters
    ----------
    study : Study, NetworkStudy or RaidStudy
        Of a footprint study every class flies from each launch area to the target of its example, all at once, and
        the battery's earliest and latest shots at each; of a network study all arcs, all at once; of a raid study the
        raid in time with the shots of the run that its report shows.

    Returns
    -------
    Replay
        Positions are those of the flights themselves. An interceptor flies on a still Earth, as in its reach table,
        and its time is stretched to that of the shot: by 1 or 2 % at most.

    Raises
    ------
    UnreachableError
        If nothing reaches its target.
    """
    if isinstance(study, NetworkStudy):
        return _of_network(study)
    if isinstance(study, RaidStudy):
        return _of_raid(study)
    return _of_footprint(study)


def _of_footprint(study: Study) -> Replay:
    defence, target = study.defence, study.engagement.target
    tracks: list[Track] = []
    sights: list[Sight] = []
    missing: list[str] = []
    for i, threat in enumerate(study.threats):
        for area in threat.launch_areas:
            example = ExampleEngagement(threat=i, missile=threat.missile, launch_area=area, target=target)
            try:
                found = engagement(replace(study, engagement=example))
            except UnreachableError:
                missing.append(f"{threat.missile.name} from {area.name}")
                continue
            way = "" if threat.trajectory == "cut-off" else f"/{threat.trajectory}"
            id = f"{threat.missile.id}/{area.id}/{target.id}{way}"
            name = f"{threat.missile.name}, {area.name} to {target.name}"
            tracks.append(_missile(id, name, area.id, target.id, found.trajectory))
            if found.detection is not None:
                end_s = found.trajectory.time_of_flight_s if found.lost is None else found.lost.time_s
                sights.append(Sight(defence.site.id, id, found.detection.time_s, end_s))
            tracks += _shots(found, id, defence.site, defence.interceptor)
    if not tracks:
        raise UnreachableError(f"study {study.id}: no threat reaches {target.name} from any launch area")
    radar = Radar.from_record(defence.radar, defence.radar_range, field_of_view=defence.field_of_view)
    rcs_m2 = study.threats[study.engagement.threat].rcs_m2.value
    volume = _volume(
        defence.site.id,
        defence.site.id,
        defence.radar.name,
        radar,
        defence.boresight_rad,
        radar.detection_range_m(rcs_m2),
        rcs_m2,
    )
    areas = _once(area for threat in study.threats for area in threat.launch_areas)
    places = {place.id: place for place in (*study.places, target)}
    notes = [
        f"Every class flies to {target.name}, the target of the study's example, and all are launched at once.",
        "Of each the earliest and the latest shot that meets it are shown; a shot says nothing of a kill.",
    ]
    if missing:
        notes.append(f"Out of reach of {target.name}, and left out: {', '.join(missing)}.")
    return Replay(
        study=study.id,
        title=study.title,
        tracks=tuple(tracks),
        spots=(
            _spot(defence.site, "battery"),
            *(_spot(area, "launch_area") for area in areas),
            *(_spot(place, "target") for place in places.values() if place.id != defence.site.id),
        ),
        volumes=(volume,),
        sights=tuple(sights),
        notes=tuple(notes),
    )


def _shots(found: Engagement, id: str, site: PlaceRecord, interceptor: InterceptorRecord) -> Iterator[Track]:
    for shot, word in ((found.first, "earliest"), (found.last, "latest")):
        if shot is not None and (word == "earliest" or shot != found.first):
            name = f"{interceptor.name}, {word} shot at the {found.missile} from {found.launch_area}"
            yield _shot_at(f"{id}/{word}-shot", name, site, interceptor, found.trajectory, shot, id)


def _shot_at(
    id: str,
    name: str,
    site: PlaceRecord,
    interceptor: InterceptorRecord,
    target: Trajectory,
    shot: Shot,
    target_id: str,
) -> Track:
    return _interceptor(
        id, name, site, interceptor, target, shot.launch_s, shot.intercept.time_s, target_id, "meets its target"
    )


def _of_network(study: NetworkStudy) -> Replay:
    stations = tuple(Station.of(sensor) for sensor in study.sensors)
    arcs = fly_arcs(study)
    views = sensor_views(stations, arcs)
    tracks = tuple(
        _missile(
            case.id,
            f"{case.missile.name}, {case.launch_area.name} to {case.target.name}",
            case.launch_area.id,
            case.target.id,
            case.flown,
        )
        for case in arcs.cases
    )
    first_s, lost_s = views["first_view_s"].values, views["lost_s"].values
    sights = tuple(
        Sight(station.id, case.id, float(first_s[i, k]), float(lost_s[i, k]))
        for i, case in enumerate(arcs.cases)
        for k, station in enumerate(stations)
        if math.isfinite(first_s[i, k]) and math.isfinite(lost_s[i, k])
    )
    volumes = []
    spots = []
    for placed, station in zip(study.sensors, stations, strict=True):
        spots.append(
            Spot(placed.id, placed.name, "sensor", placed.site.country, station.site.lat_rad, station.site.lon_rad)
        )
        for k, watch in enumerate(station.watches):
            radar = watch.radar
            id = placed.id if len(station.watches) == 1 else f"{placed.id}/{k + 1}"
            volumes.append(
                _volume(
                    id,
                    placed.id,
                    placed.radar.name,
                    radar,
                    watch.boresight_rad,
                    radar.reference_range_m,
                    radar.reference_rcs_m2,
                )
            )
    shooters = () if study.network is None else study.network.shooters
    batteries = _once([*(one.site for one in shooters), *(one.site for one in study.engage)])
    spots += [_spot(site, "battery") for site in batteries if site.id not in {spot.id for spot in spots}]
    return Replay(
        study=study.id,
        title=study.title,
        tracks=tracks,
        spots=(
            *spots,
            *(_spot(area, "launch_area") for area in _once(case.launch_area for case in arcs.cases)),
            *(_spot(place, "target") for place in _once(case.target for case in arcs.cases)),
        ),
        volumes=tuple(volumes),
        sights=sights,
        notes=(
            "All arcs are launched at once.",
            "A radar's volume is drawn at the range of its record, for the cross-section that it holds for.",
            "Interceptors are left out: what a battery reaches of an arc is a stretch of it, not one shot.",
        ),
    )


def _of_raid(study: RaidStudy) -> Replay:
    field = RaidField.of(study)
    raid = prepare(field)
    missiles = raid.missiles
    shots = raid.log(SHOWN_RUN, study.chance.seed)
    shown = min(len(missiles.launch_s), MOST_MISSILES)
    killed_s: dict[int, float] = {}
    for row in shots[shots[:, rk.LOG_KILLED] > 0.0]:
        number = int(row[rk.LOG_MISSILE])
        killed_s[number] = min(float(row[rk.LOG_INTERCEPT]), killed_s.get(number, math.inf))
    tracks = []
    for i in range(shown):
        salvo = study.salvos[int(missiles.salvo[i])]
        flown = field.trajectories[int(missiles.salvo[i])]
        name = f"{salvo.threat.missile.name} {i + 1}, {salvo.launch_area.name} to {salvo.target.name}"
        tracks.append(
            _missile(
                f"missile/{i + 1}",
                name,
                salvo.launch_area.id,
                salvo.target.id,
                flown,
                launch_s=float(missiles.launch_s[i]),
                killed_s=killed_s.get(i),
            )
        )
    for number, row in enumerate(shots):
        i, layer = int(row[rk.LOG_MISSILE]), study.layers[int(row[rk.LOG_LAYER])]
        if i >= shown:
            continue
        start_s = float(missiles.launch_s[i])
        tracks.append(
            _interceptor(
                f"shot/{number + 1}",
                f"{layer.interceptor.name} of {layer.site.name}, shot {number + 1} at missile {i + 1}",
                layer.site,
                layer.interceptor,
                field.trajectories[int(missiles.salvo[i])],
                float(row[rk.LOG_LAUNCH]) - start_s,
                float(row[rk.LOG_INTERCEPT]) - start_s,
                f"missile/{i + 1}",
                "kills its target" if row[rk.LOG_KILLED] > 0.0 else "misses its target",
                later_s=start_s,
            )
        )
    volumes = []
    rcs_m2 = study.salvos[0].threat.rcs_m2.value
    for layer in study.layers:
        if layer.radar is None or layer.radar_range is None:
            continue
        radar = Radar.from_record(layer.radar, layer.radar_range, field_of_view=layer.field_of_view)
        range_m = radar.detection_range_m(rcs_m2)
        volumes.append(_volume(layer.id, layer.site.id, layer.radar.name, radar, layer.boresight_rad, range_m, rcs_m2))
    notes = [
        "One run of many: whether a shot kills is drawn, and another run has another outcome.",
        f"Volumes are drawn for the cross-section of the {study.salvos[0].threat.missile.name}.",
    ]
    if shown < len(missiles.launch_s):
        notes.append(f"The first {shown} of {len(missiles.launch_s)} missiles are shown, and the shots at them.")
    return Replay(
        study=study.id,
        title=study.title,
        tracks=tuple(tracks),
        spots=(
            *(_spot(site, "battery") for site in _once(layer.site for layer in study.layers)),
            *(_spot(area, "launch_area") for area in _once(salvo.launch_area for salvo in study.salvos)),
            *(_spot(place, "target") for place in study.targets),
        ),
        volumes=tuple(volumes),
        sights=(),
        notes=tuple(notes),
    )


def _once(records: Iterable[R]) -> tuple[R, ...]:
    """Return each record once, in the order of the first."""
    return tuple({record.id: record for record in records}.values())


def _spot(record: PlaceRecord | LaunchAreaRecord, kind: SpotKind) -> Spot:
    return Spot(record.id, record.name, kind, record.country, record.lat_rad, record.lon_rad)


def _volume(id: str, spot: str, name: str, radar: Radar, boresight_rad: float, range_m: float, rcs_m2: float) -> Volume:
    return Volume(
        id=id,
        spot=spot,
        name=name,
        boresight_rad=boresight_rad,
        half_width_rad=radar.azimuth_half_width_rad,
        elevation_floor_rad=radar.elevation_floor_rad,
        elevation_max_rad=radar.elevation_max_rad,
        range_m=range_m,
        rcs_m2=rcs_m2,
    )


def _missile(
    id: str,
    name: str,
    start: str,
    end: str,
    flown: Trajectory,
    *,
    launch_s: float = 0.0,
    killed_s: float | None = None,
) -> Track:
    """Return a missile's track, up to where it is killed if it is; times of the kill since the first launch."""
    end_s = flown.time_of_flight_s if killed_s is None else min(killed_s - launch_s, flown.time_of_flight_s)
    time_s = np.linspace(0.0, end_s, int(np.clip(math.ceil(end_s / _STEP_S) + 1, *_SAMPLES)))
    geodetic = np.array([ecef_to_geodetic(*r) for r in flown.at(time_s)[0]])
    burnout_s = flown.burnout.time_s
    return Track(
        id=id,
        name=name,
        kind="missile",
        start=start,
        end=end,
        fate="comes down" if killed_s is None else "is killed",
        time_s=launch_s + time_s,
        lat_rad=geodetic[:, 0],
        lon_rad=geodetic[:, 1],
        altitude_m=np.maximum(geodetic[:, 2], 0.0),
        burnout_s=launch_s + burnout_s if burnout_s <= end_s else None,
    )


def _interceptor(
    id: str,
    name: str,
    site: PlaceRecord,
    record: InterceptorRecord,
    target: Trajectory,
    launch_s: float,
    intercept_s: float,
    target_id: str,
    fate: Fate,
    *,
    later_s: float = 0.0,
) -> Track:
    """Return an interceptor's track to its target; times since the target's launch, which is ``later_s``."""
    r_ecef_m, _ = target.at(min(intercept_s, target.time_of_flight_s))
    lat_rad, lon_rad, altitude_m = ecef_to_geodetic(*r_ecef_m)
    launcher = Site(site.lat_rad, site.lon_rad)
    (ground_m,), (az_rad,) = geodesics_from(launcher, np.array([lat_rad]), np.array([lon_rad]))
    lasts_s = intercept_s - launch_s
    flight = fly_interceptor(record, float(ground_m), float(altitude_m))
    kept = np.linspace(0, len(flight.time_s) - 1, _SAMPLES[0]).round().astype(int)
    lat, lon = destinations(launcher, float(az_rad), np.maximum(flight.ground_m[kept], 0.0))
    time_s = flight.time_s[kept] * (lasts_s / flight.time_s[-1])
    return Track(
        id=id,
        name=name,
        kind="interceptor",
        start=site.id,
        end=target_id,
        fate=fate,
        time_s=later_s + launch_s + time_s,
        lat_rad=lat,
        lon_rad=lon,
        altitude_m=np.maximum(flight.altitude_m[kept], 0.0),
    )
