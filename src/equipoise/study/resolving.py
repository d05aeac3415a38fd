"""From the content of a study file to a :class:`Study`: ids become records, and every complaint names its field."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

from equipoise.catalog.library import Catalog
from equipoise.catalog.positions import PlaceRecord
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.radars import HARDWARE, RadarRecord
from equipoise.catalog.records import MissileRecord
from equipoise.errors import FileFormatError, UnknownIdError
from equipoise.study.file import (
    CustomPlace,
    DefenceFile,
    EngagementFile,
    GridFile,
    PublishedFile,
    StudyFile,
    ThreatFile,
)
from equipoise.study.model import (
    Defence,
    ExampleEngagement,
    Grid,
    PublishedFinding,
    Study,
    Threat,
    Uncertainty,
)
from equipoise.study.own_numbers import OwnNumbers

T = TypeVar("T")

DEFAULT_MARGIN_RAD = math.radians(0.25)


class Resolver:
    """Turns the ids of one study file into records."""

    def __init__(self, name: str, catalog: Catalog) -> None:
        self._name = name
        self._catalog = catalog

    def _refuse(self, field: str, problem: str) -> NoReturn:
        raise FileFormatError(f"{self._name}, {field}: {problem}")

    def _found(self, field: str, find: Callable[[str], T], id: str) -> T:
        try:
            return find(id)
        except UnknownIdError as error:
            raise UnknownIdError(f"{self._name}, {field}: {error}") from None

    def study(self, content: StudyFile, path: Path, text: str) -> Study:
        """Return the study with its records."""
        own = OwnNumbers(self._name, content.numbers, frozenset(self._catalog.sources))
        defence, threats = own.put(self._defence(content.defence), self._threats(content.threats))
        return Study(
            id=content.id,
            title=content.title,
            summary=" ".join(content.summary.split()),
            country=content.country,
            defence=defence,
            threats=threats,
            radar_ranges=self._radar_ranges(content, defence.radar),
            grid=self._grid(content.grid or GridFile(area=content.country)),
            places=self._places(content),
            coverage_altitudes_m=content.coverage_altitudes,
            engagement=self._engagement(content.engagement, threats),
            published=tuple(self._published(i, finding) for i, finding in enumerate(content.published)),
            uncertainty=Uncertainty(content.uncertainty.draws, content.uncertainty.seed),
            catalog=self._catalog,
            path=path,
            text=text,
        )

    def _defence(self, content: DefenceFile) -> Defence:
        catalog = self._catalog
        battery = self._found("defence.battery", catalog.battery, content.battery)
        radar_id = content.radar or battery.radar
        if radar_id is None:
            allowed = ", ".join(catalog.ids("radar"))
            self._refuse("defence.radar", f'missing, and "{battery.id}" has no radar of its own; allowed: {allowed}')
        radar = self._found("defence.radar", catalog.radar, radar_id)
        interceptor_id = content.interceptor or battery.interceptor
        self._check_range("defence.radar_range", content.radar_range, radar)
        if content.field_of_view == "face" and radar.face is None:
            self._refuse("defence.field_of_view", f'got "face", and {radar.id} has no face; allowed: sector')
        return Defence(
            battery=battery,
            launcher=self._found("defence.battery", catalog.launcher, battery.launcher),
            interceptor=self._found("defence.interceptor", catalog.interceptor, interceptor_id),
            radar=radar,
            site=self._place("defence.site", content.site),
            boresight_rad=content.boresight % (2 * math.pi),
            boresight_spread_rad=content.boresight_spread,
            track_until=content.track_until,
            radar_range=content.radar_range,
            field_of_view=content.field_of_view,
        )

    def _check_range(self, field: str, wanted: str, radar: RadarRecord) -> None:
        names = radar.range_names
        if wanted == HARDWARE and wanted not in names:
            allowed = ", ".join(names)
            self._refuse(field, f'"{wanted}": no hardware of "{radar.id}" is published; allowed: {allowed}')
        if wanted not in names:
            raise UnknownIdError(f"{self._name}, {field}: {UnknownIdError.of('radar range', wanted, names)}")

    def _radar_ranges(self, content: StudyFile, radar: RadarRecord) -> tuple[str, ...]:
        if content.radar_ranges == "all":
            return tuple(alternative.name for alternative in radar.ranges)
        for i, wanted in enumerate(content.radar_ranges):
            self._check_range(f"radar_ranges[{i}]", wanted, radar)
        self._refuse_repeats("radar_ranges", content.radar_ranges)
        return tuple(content.radar_ranges)

    def _missile(self, field: str, id: str) -> MissileRecord:
        missile = self._found(field, self._catalog.missile, id)
        if not missile.ballistic:
            flying = [known for known in self._catalog.ids("missile") if self._catalog.missile(known).ballistic]
            self._refuse(field, f'"{id}" is not ballistic: {missile.refusal}; allowed: {", ".join(flying)}')
        if missile.rcs_nose_m2 is None:
            self._refuse(field, f'"{id}" has no rcs_nose; allowed: a missile whose record says how large radar sees it')
        return missile

    def _threats(self, content: tuple[ThreatFile, ...], field: str = "threats") -> tuple[Threat, ...]:
        threats = []
        for i, threat in enumerate(content):
            missile = self._missile(f"{field}[{i}].missile", threat.missile)
            areas = tuple(
                self._found(f"{field}[{i}].launch_areas[{j}]", self._catalog.launch_area, id)
                for j, id in enumerate(threat.launch_areas)
            )
            threats.append(Threat(missile, areas, threat.trajectory))
        cases = [f"{threat.missile.id}/{area.id}" for threat in threats for area in threat.launch_areas]
        self._refuse_repeats(field, cases)
        return tuple(threats)

    def _refuse_repeats(self, field: str, names: Sequence[str]) -> None:
        for name in names:
            if names.count(name) > 1:
                self._refuse(field, f'"{name}" is given {names.count(name)} times; allowed: once')

    def _place(self, field: str, content: str | CustomPlace) -> PlaceRecord:
        if isinstance(content, str):
            return self._found(field, self._catalog.place, content)
        slug = re.sub(r"[^a-z0-9]+", "-", content.name.lower()).strip("-")[:64].strip("-")
        return PlaceRecord.model_validate(
            {
                "kind": "place",
                "id": slug or "own-place",
                "name": content.name,
                "country": content.country or "XXX",
                "latitude": _rounded(content.latitude),
                "longitude": _rounded(content.longitude),
            }
        )

    def _places(self, content: StudyFile) -> tuple[PlaceRecord, ...]:
        if content.places == "country":
            every = (self._catalog.place(id) for id in self._catalog.ids("place"))
            return tuple(place for place in every if place.country == content.country)
        places = tuple(self._place(f"places[{i}]", place) for i, place in enumerate(content.places))
        self._refuse_repeats("places", [place.id for place in places])
        return places

    def _engagement(self, content: EngagementFile, threats: tuple[Threat, ...]) -> ExampleEngagement:
        missile = self._missile("engagement.missile", content.missile)
        area = self._found("engagement.launch_area", self._catalog.launch_area, content.launch_area)
        target = self._place("engagement.target", content.target)
        matching = [i for i, t in enumerate(threats) if t.missile.id == missile.id and area in t.launch_areas]
        if not matching:
            cases = ", ".join(f"{t.missile.id} from {one.id}" for t in threats for one in t.launch_areas)
            self._refuse("engagement", f"{missile.id} from {area.id} is not among the threats; allowed: {cases}")
        return ExampleEngagement(matching[0], threats[matching[0]].missile, area, target)

    def _published(self, index: int, content: PublishedFile) -> PublishedFinding:
        field = f"published[{index}]"
        return PublishedFinding(
            claim=" ".join(content.claim.split()),
            by=content.by,
            date=content.date,
            source=self._found(f"{field}.source", self._catalog.source, content.source),
            metric=content.metric,
            low=content.low,
            high=content.high,
            unit=content.unit,
            place=None if content.place is None else self._place(f"{field}.place", content.place),
            defended=content.defended,
        )

    def _grid(self, content: GridFile, field: str = "grid") -> Grid:
        if content.area is None:
            edges = (content.south, content.north, content.west, content.east)
            if any(edge is None for edge in edges):
                self._refuse(field, "has no area; allowed: area, or all of south, north, west, east")
            south, north, west, east = (float(edge) for edge in edges if edge is not None)
        else:
            south, north, west, east = self._country_bounds(f"{field}.area", content.area, content.margin)
        return Grid(south, north, west, east, content.rows, content.columns)

    def _country_bounds(self, field: str, country: str, margin_rad: float | None) -> tuple[float, float, float, float]:
        from equipoise.catalog.borders import country_polygon  # shapely is slow to import and only needed here

        polygon = self._found(field, country_polygon, country)
        west, south, east, north = (math.radians(edge) for edge in polygon.bounds)
        margin = DEFAULT_MARGIN_RAD if margin_rad is None else margin_rad
        return (
            max(south - margin, -math.pi / 2),
            min(north + margin, math.pi / 2),
            max(west - margin, -math.pi),
            min(east + margin, math.pi),
        )


def _rounded(angle_rad: float) -> Sourced:
    """Return a coordinate of the author's own, rounded to 0.01 degrees: sites no finer than a town."""
    written = round(math.degrees(angle_rad), 2) + 0.0
    value = math.radians(written)
    note = "given in the study file, rounded to 0.01 degrees"
    return Sourced(value, value, value, "deg", written, written, written, "study-file", "", "assumed", note)
