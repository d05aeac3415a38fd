"""A footprint study with something changed: the battery moved or turned, one class alone, a number of its defence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise.analysis.footprint import CONSTRAINTS, CaseFan, fly_fans
from equipoise.analysis.footprint_panel import footprint_panel
from equipoise.analysis.sweep_grid import values_at
from equipoise.analysis.varied import number_at, read_varied
from equipoise.arrays import FloatArray, IntArray
from equipoise.catalog.positions import PlaceRecord
from equipoise.errors import InputError, UnknownIdError
from equipoise.physics.geodesy import Site, geodesic
from equipoise.study.model import ExampleEngagement, Grid, Study, Threat

# A battery is moved on a raster of a hundredth of a degree, a kilometre: no place here is finer than a town.
RASTER_DEG = 0.01
# A draft has about so many engagements in all, and where many wait for theirs the second; its grid is as coarse as that
# asks for.
DRAFT_ENGAGEMENTS, BUSY_ENGAGEMENTS = 5_000, 400
_DRAFT_ROWS = (8, 60)
# No battery is moved farther than this from where its study has it. [m]
FARTHEST_M = 1_500e3


@dataclass(frozen=True)
class WhatIf:
    """What is changed of a study.

    Parameters
    ----------
    missile : str or None
        The one class of the study that is asked about; all of them if left out.
    launch_areas : tuple of str
        Those of the class that are; all of them if empty.
    lat_deg, lon_deg : float or None
        Where the battery stands. [deg]
    target : str or None
        The place that the example is aimed at.
    numbers : tuple of str
        ``key=value``, with the keys of ``equipoise sweep --vary`` and one value each.
    """

    missile: str | None = None
    launch_areas: tuple[str, ...] = ()
    lat_deg: float | None = None
    lon_deg: float | None = None
    target: str | None = None
    numbers: tuple[str, ...] = ()


def changed(study: Study, change: WhatIf) -> Study:
    """Return a study with something changed.

    Parameters
    ----------
    study : Study
        As its file has it.
    change : WhatIf
        What is changed.

    Returns
    -------
    Study
        Ready to run. Its text is the original's.

    Raises
    ------
    InputError
        If something is not in the study, a number is not allowed, or the battery would stand too far off.
    """
    study = _with_threat(study, change.missile, change.launch_areas)
    if change.target is not None:
        places = {place.id: place for place in study.places}
        if change.target not in places:
            raise UnknownIdError.of("target", change.target, places)
        study = replace(study, engagement=replace(study.engagement, target=places[change.target]))
    if change.numbers:
        study = _with_numbers(study, change.numbers)
    if (change.lat_deg is None) != (change.lon_deg is None):
        raise InputError("site: latitude and longitude go together; got one of them")
    if change.lat_deg is not None and change.lon_deg is not None:
        site = _moved(study.defence.site, change.lat_deg, change.lon_deg)
        study = replace(study, defence=replace(study.defence, site=site))
    return study


def _with_threat(study: Study, missile: str | None, launch_areas: Sequence[str]) -> Study:
    if missile is None:
        if launch_areas:
            raise InputError("launch_areas: go with one missile; got none")
        return study
    kept = [threat for threat in study.threats if threat.missile.id == missile]
    if not kept:
        raise UnknownIdError.of("missile", missile, {threat.missile.id for threat in study.threats})
    threats = tuple(_from_areas(threat, launch_areas) for threat in kept)
    example = study.engagement
    areas = threats[0].launch_areas
    area = next((one for one in areas if one.id == example.launch_area.id), areas[0])
    return replace(study, threats=threats, engagement=ExampleEngagement(0, threats[0].missile, area, example.target))


def _from_areas(threat: Threat, wanted: Sequence[str]) -> Threat:
    if not wanted:
        return threat
    areas = {area.id: area for area in threat.launch_areas}
    for one in wanted:
        if one not in areas:
            raise UnknownIdError.of(f"launch_areas of {threat.missile.id}", one, areas)
    return replace(threat, launch_areas=tuple(area for id, area in areas.items() if id in wanted))


def _with_numbers(study: Study, numbers: Sequence[str]) -> Study:
    panel = footprint_panel(study)
    varied = read_varied(panel, numbers)
    for one in varied:
        if len(one.values) != 1:
            raise InputError(f"{one.key}: got {len(one.values)} values; allowed: one")
    setting = panel.at(values_at(varied, 0))
    threats = []
    for threat, rcs_m2 in zip(study.threats, setting.rcs_m2, strict=True):
        nose = threat.rcs_m2
        if rcs_m2 != nose.value:
            missile = threat.missile.model_copy(update={"rcs_nose_m2": number_at(nose, rcs_m2)})
            threat = replace(threat, missile=missile)
        threats.append(threat)
    return replace(
        study,
        threats=tuple(threats),
        defence=replace(
            study.defence,
            radar=setting.radar,
            battery=setting.battery,
            interceptor=setting.interceptor,
            boresight_rad=setting.boresight_rad,
            track_until=setting.track_until,
            radar_range=setting.radar_range,
            field_of_view=setting.field_of_view,
        ),
    )


def point_at(lat_deg: float, lon_deg: float, like: PlaceRecord) -> PlaceRecord:
    """Return a place anywhere, on the raster, with everything else as another has it."""
    here = Site.of_degrees(*(round(round(value / RASTER_DEG) * RASTER_DEG, 6) for value in (lat_deg, lon_deg)))
    north_south = f"{abs(here.lat_deg):.2f}° {'N' if here.lat_deg >= 0 else 'S'}"
    east_west = f"{abs(here.lon_deg):.2f}° {'E' if here.lon_deg >= 0 else 'W'}"
    return like.model_copy(
        update={
            "id": "point",
            "name": f"{north_south}, {east_west}",
            "latitude": number_at(like.latitude, here.lat_rad),
            "longitude": number_at(like.longitude, here.lon_rad),
            "population": None,
        }
    )


def _moved(site: PlaceRecord, lat_deg: float, lon_deg: float) -> PlaceRecord:
    there = point_at(lat_deg, lon_deg, site)
    away_m, _ = geodesic(Site(site.lat_rad, site.lon_rad), Site(there.lat_rad, there.lon_rad))
    if away_m > FARTHEST_M:
        raise InputError(
            f"site: {there.name} is {away_m / 1e3:,.0f} km from {site.name}; allowed: up to {FARTHEST_M / 1e3:,.0f} km"
        )
    return site if away_m == 0.0 else there


def draft_of(study: Study, engagements: int = DRAFT_ENGAGEMENTS) -> Study:
    """Return a study on a coarser grid of about so many engagements, for answers while something is dragged."""
    cases = sum(len(threat.launch_areas) for threat in study.threats)
    side = int(np.clip(math.sqrt(engagements / cases), *_DRAFT_ROWS))
    grid = study.grid
    return replace(study, grid=replace(grid, rows=min(grid.rows, side), columns=min(grid.columns, side)))


def fans_key(study: Study) -> tuple[object, ...]:
    """Return what the flights of a study hang on: its threats, where they start, and the points that they aim at."""
    grid: Grid = study.grid
    flown = tuple(
        (
            threat.missile.model_copy(update={"rcs_nose_m2": None}).model_dump_json(),
            threat.trajectory,
            area.id,
            area.lat_rad,
            area.lon_rad,
        )
        for threat in study.threats
        for area in threat.launch_areas
    )
    return (flown, grid, tuple((place.lat_rad, place.lon_rad) for place in study.places))


class Flights:
    """The fans of the studies asked about lately, so that a moved battery engages arcs that are there.

    Parameters
    ----------
    most : int
        How many studies' fans are kept; one takes some megabytes.
    """

    def __init__(self, most: int = 24) -> None:
        self._most = most
        self._kept: dict[tuple[object, ...], tuple[CaseFan, ...]] = {}

    def of(self, study: Study) -> tuple[CaseFan, ...]:
        """Return the fans of a study, flown now or before, with the cross-sections that it has now."""
        key = fans_key(study)
        fans = self._kept.pop(key, None)
        if fans is None:
            fans = fly_fans(study)
        self._kept[key] = fans  # at the end: used last
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        return tuple(replace(fan, rcs_m2=study.threats[fan.threat].rcs_m2.value) for fan in fans)


def worst_constraint(margin_s: FloatArray, constraint: IntArray) -> IntArray:
    """Return what binds where the margin is least over the cases, (rows, columns) of (case, rows, columns)."""
    unreached = np.isnan(margin_s)
    worst = np.argmin(np.where(unreached, np.inf, margin_s), axis=0)
    codes = np.take_along_axis(constraint, worst[None], axis=0)[0]
    nothing = next(code for code, word in CONSTRAINTS.items() if word == "not_threatened")
    return np.where(unreached.all(axis=0), nothing, codes)
