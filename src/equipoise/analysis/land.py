"""The land of a study's country as weighted aim points, and how a changed defence scores on it.

Uncertainty runs ask the same question hundreds of times: what share of the land is met? They ask it on a coarser grid
than the footprint's own, over land alone, with fans that are flown once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pydantic import BaseModel

from equipoise.analysis.footprint import CaseFan, engage, fewest_shots, fly_fans, least_margin_s
from equipoise.analysis.regions import area_km2
from equipoise.arrays import FloatArray, IntArray
from equipoise.catalog.borders import country_polygon
from equipoise.catalog.radars import RadarRecord
from equipoise.catalog.records import BatteryRecord, InterceptorRecord
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.battery import Battery
from equipoise.physics.geodesy import Site
from equipoise.sensors.radar import Radar
from equipoise.study.file import FieldOfView, TrackUntil
from equipoise.study.model import Grid, Study

# Cells a side: the spread over the draws is far wider than what a finer grid would add.
CELLS = 40


@dataclass(frozen=True)
class Setting:
    """One version of the defence.

    Records, direction [rad], how long the radar must see, cross-sections [m2], the radar's range and its field of view.
    """

    radar: RadarRecord
    battery: BatteryRecord
    interceptor: InterceptorRecord
    boresight_rad: float
    track_until: TrackUntil
    rcs_m2: tuple[float, ...]
    radar_range: str
    field_of_view: FieldOfView

    @classmethod
    def central(cls, study: Study) -> Setting:
        """Return the defence with every number at its central value."""
        defence = study.defence
        return cls(
            radar=defence.radar,
            battery=defence.battery,
            interceptor=defence.interceptor,
            boresight_rad=defence.boresight_rad,
            track_until=defence.track_until,
            rcs_m2=tuple(threat.rcs_m2.value for threat in study.threats),
            radar_range=defence.radar_range,
            field_of_view=defence.field_of_view,
        )

    def with_record(self, part: str, record: BaseModel) -> Setting:
        """Return this setting with another ``radar``, ``battery`` or ``interceptor`` record."""
        changed: dict[str, Any] = {part: record}
        return replace(self, **changed)


@dataclass(frozen=True)
class Score:
    """How a setting does, by threat: from every launch area that reaches a point.

    Parameters
    ----------
    fraction : ndarray, shape (n_threat,)
        Share of the country's land that is met.
    met, reached : ndarray of bool, shape (n_threat, n_point)
        Whether a point is met, and whether the threat reaches it at all; places follow the land cells.
    margin_s : ndarray, shape (n_threat, n_point)
        Smallest margin over the launch areas; nan where none reaches. [s]
    """

    fraction: FloatArray
    met: npt.NDArray[np.bool_]
    reached: npt.NDArray[np.bool_]
    margin_s: FloatArray


@dataclass(frozen=True)
class Land:
    """Land cells and places of a study as aim points, with the fans onto them.

    Parameters
    ----------
    study : Study
        The study.
    lat_deg, lon_deg : ndarray, shapes (rows,) and (columns,)
        Cell centres of the coarse grid. [deg]
    rows, columns : ndarray of int, shape (n_cell,)
        Which cells hold land.
    weights : ndarray, shape (n_cell,)
        Their shares of the country's land.
    fans : tuple of CaseFan
        Onto the land cells, then the places.
    """

    study: Study
    lat_deg: FloatArray
    lon_deg: FloatArray
    rows: IntArray
    columns: IntArray
    weights: FloatArray
    fans: tuple[CaseFan, ...]

    @classmethod
    def of(cls, study: Study, cells: int = CELLS) -> Land:
        """Lay a coarse grid over a study's country and fly the fans onto it."""
        lat_deg, lon_deg, land_km2 = land_cells(replace(study.grid, rows=cells, columns=cells), study.country)
        rows, columns = np.nonzero(land_km2)
        place_lat = np.array([place.lat_rad for place in study.places])
        place_lon = np.array([place.lon_rad for place in study.places])
        points = (
            np.concatenate([np.radians(lat_deg[rows]), place_lat]),
            np.concatenate([np.radians(lon_deg[columns]), place_lon]),
        )
        weights = land_km2[rows, columns] / land_km2.sum()
        return cls(study, lat_deg, lon_deg, rows, columns, weights, fly_fans(study, points))

    def score(self, setting: Setting, shots: int = 1) -> Score:
        """Engage every point with one version of the defence; it is met where so many shots fit one after another."""
        defence = self.study.defence
        out = engage(
            [replace(case, rcs_m2=setting.rcs_m2[case.threat]) for case in self.fans],
            Radar.from_record(setting.radar, setting.radar_range, field_of_view=setting.field_of_view),
            Battery.from_records(setting.battery, setting.interceptor, cached=False),
            Site(defence.site.lat_rad, defence.site.lon_rad),
            setting.boresight_rad,
            setting.track_until,
        )
        margin_s = least_margin_s(self.fans, out, len(self.study.threats))
        met, reached = margin_s > 0.0, ~np.isnan(margin_s)
        if shots > 1:
            for threat in range(len(self.study.threats)):
                own = [i for i, case in enumerate(self.fans) if case.threat == threat]
                met[threat] = fewest_shots(out[own, :, ek.E_SHOTS], out[own, :, ek.E_MARGIN]) >= shots
        return Score(met[:, : len(self.weights)] @ self.weights, met, reached, margin_s)


def land_cells(grid: Grid, *countries: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return centres (rows,), (columns,) [deg] of a grid, and countries' land (rows, columns) in each cell [km2]."""
    south, north, west, east = np.degrees([grid.south_rad, grid.north_rad, grid.west_rad, grid.east_rad])
    lat_edges, lon_edges = np.linspace(south, north, grid.rows + 1), np.linspace(west, east, grid.columns + 1)
    left, bottom = np.meshgrid(lon_edges[:-1], lat_edges[:-1])
    right, top = np.meshgrid(lon_edges[1:], lat_edges[1:])
    # A union of one would lay its rings out anew.
    lands = [country_polygon(country) for country in countries]
    area = lands[0] if len(lands) == 1 else shapely.union_all(lands)
    shapely.prepare(area)
    boxes = shapely.box(left, bottom, right, top)
    touched = shapely.intersects(area, boxes)
    land = np.zeros(boxes.shape)
    land[touched] = [area_km2(part) for part in shapely.intersection(area, boxes[touched])]
    return (lat_edges[:-1] + lat_edges[1:]) / 2.0, (lon_edges[:-1] + lon_edges[1:]) / 2.0, land
