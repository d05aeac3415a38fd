"""A radar in its place, with all its faces, as a study puts it there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from equipoise.catalog.positions import SensorSiteRecord
from equipoise.catalog.radars import RadarRecord
from equipoise.physics.geodesy import Site
from equipoise.sensors.accuracy import radar_beamwidth_rad
from equipoise.sensors.radar import SECTOR, Radar
from equipoise.sensors.search import Beam
from equipoise.sensors.timeline import Watch
from equipoise.study.network_model import SensorPlacement

# Edges of two sectors nearer than this are one edge. [rad]
_TOUCH_RAD = math.radians(0.01)
_TURN = 2.0 * math.pi


@dataclass(frozen=True)
class Sector:
    """Azimuths that one or several faces cover together, and their elevations [rad]."""

    boresight_rad: float
    half_width_rad: float
    elevation_floor_rad: float
    elevation_max_rad: float


def sectors_of(
    site: SensorSiteRecord,
    radar: RadarRecord,
    turn_rad: float = 0.0,
    elevation_floor_rad: float | None = None,
    *,
    join: bool = True,
) -> tuple[Sector, ...]:
    """Return the sectors that the faces of a radar at its site cover.

    Parameters
    ----------
    site : SensorSiteRecord
        Its faces; what a face leaves out is the radar's.
    radar : RadarRecord
        The radar.
    turn_rad : float
        Added to each boresight: a ship's heading. [rad]
    elevation_floor_rad : float, optional
        In place of the lowest elevation of every face. [rad]
    join : bool
        False: each face stays by itself, as one must whose array is steered about its own normal.

    Returns
    -------
    tuple of Sector
        Faces whose azimuths touch and whose elevations are the same are one sector: a target that crosses from one to
        the next stays in view.
    """
    faces = []
    for face in site.faces:
        half_width_rad, floor_rad, top_rad = face.limits_rad(radar)
        lowest_rad = floor_rad if elevation_floor_rad is None else elevation_floor_rad
        faces.append(Sector((face.boresight_rad.value + turn_rad) % _TURN, half_width_rad, lowest_rad, top_rad))
    if not join:
        return tuple(faces)
    alike: dict[tuple[float, float], list[Sector]] = {}
    for sector in faces:
        alike.setdefault((sector.elevation_floor_rad, sector.elevation_max_rad), []).append(sector)
    return tuple(sector for elevations in sorted(alike) for sector in _joined(alike[elevations]))


def _joined(faces: list[Sector]) -> list[Sector]:
    """Return faces of the same elevations as sectors that do not touch each other, by azimuth of their middles."""
    spans: list[tuple[float, float]] = []
    for face in sorted(faces, key=_start_rad):
        start_rad = _start_rad(face)
        end_rad = start_rad + 2.0 * face.half_width_rad
        if spans and start_rad <= spans[-1][1] + _TOUCH_RAD:
            spans[-1] = spans[-1][0], max(spans[-1][1], end_rad)
        else:
            spans.append((start_rad, end_rad))
    # The circle closes: the last may reach over the first, and over those after it.
    while len(spans) > 1 and spans[0][0] + _TURN <= spans[-1][1] + _TOUCH_RAD:
        spans[-1] = spans[-1][0], max(spans[-1][1], spans[0][1] + _TURN)
        del spans[0]
    sectors = []
    for start_rad, end_rad in spans:
        half_rad = math.pi if end_rad - start_rad >= _TURN - _TOUCH_RAD else 0.5 * (end_rad - start_rad)
        sectors.append(replace(faces[0], boresight_rad=(0.5 * (start_rad + end_rad)) % _TURN, half_width_rad=half_rad))
    return sorted(sectors, key=lambda sector: sector.boresight_rad)


def _start_rad(face: Sector) -> float:
    return (face.boresight_rad - face.half_width_rad) % _TURN


@dataclass(frozen=True)
class Station:
    """A radar in its place.

    Parameters
    ----------
    id, name : str
        What the study calls it, and its site's name.
    site : Site
        Where it stands, on the ellipsoid: the height above the sea is left out.
    watches : tuple of Watch
        One for each sector or face; how often each looks is how the radar searches by itself.
    beam : Beam or None
        How it searches the volume of a cue; None if nothing says how wide its beam is.
    beamwidth_rad : float or None
        Half-power width of that beam. [rad]
    searches_alone : bool
        False: it finds nothing without a cue.
    rcs_ratio : float
        How many times larger than in X-band a separated warhead looks to it.
    """

    id: str
    name: str
    site: Site
    watches: tuple[Watch, ...]
    beam: Beam | None
    beamwidth_rad: float | None
    searches_alone: bool
    rcs_ratio: float

    @classmethod
    def of(cls, sensor: SensorPlacement) -> Station:
        """Build the station that a study places.

        Raises
        ------
        InputError
            If one of its faces looks nowhere, or it is to have a field of view that its record does not give.
        """
        record = sensor.radar
        site = Site(sensor.lat_rad, sensor.lon_rad)
        radar = Radar.from_record(record, sensor.radar_range, field_of_view=sensor.field_of_view)
        frame = None if record.search is None else record.search.frame_s
        sectors = sectors_of(
            sensor.site, record, sensor.turn_rad, sensor.elevation_floor_rad, join=sensor.field_of_view == SECTOR
        )
        watches = tuple(
            Watch(
                radar=replace(
                    radar,
                    azimuth_half_width_rad=sector.half_width_rad,
                    elevation_floor_rad=sector.elevation_floor_rad,
                    elevation_max_rad=sector.elevation_max_rad,
                ),
                site=site,
                boresight_rad=sector.boresight_rad,
                frame_s=1.0 if frame is None else frame.value,
                false_alarm_probability=record.false_alarm_probability.value,
                detection_goal=record.detection_probability.value,
            )
            for sector in sectors
        )
        return cls(
            id=sensor.id,
            name=sensor.name,
            site=site,
            watches=watches,
            beam=Beam.from_record(record),
            beamwidth_rad=radar_beamwidth_rad(record),
            searches_alone=frame is not None,
            rcs_ratio=1.0 if record.rcs_ratio is None else record.rcs_ratio.value,
        )
