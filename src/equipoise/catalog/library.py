"""The bundled records, and the reading of a user's own.

Every file is checked when it is read: units, ranges, sources, references between records. Files of places hold many
records in short form; :mod:`equipoise.catalog.gazetteer` expands them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

from equipoise.catalog.gazetteer import expand_positions
from equipoise.catalog.kinds import RECORD_TYPES, AnyRecord
from equipoise.catalog.positions import LaunchAreaRecord, PlaceRecord, SensorSiteRecord
from equipoise.catalog.quantity import USERS_OWN
from equipoise.catalog.radars import RadarRecord, looks_nowhere
from equipoise.catalog.records import (
    BatteryRecord,
    DataLinkRecord,
    DragTable,
    ForceRecord,
    InterceptorRecord,
    LauncherRecord,
    LaunchWarningRecord,
    MissileRecord,
    Record,
    SignatureRecord,
    Source,
)
from equipoise.catalog.validation import validate
from equipoise.catalog.wording import one_line, shown
from equipoise.catalog.yaml_reader import read_yaml
from equipoise.errors import FileFormatError, UnknownIdError

DATA = Path(__file__).parent / "data"
_FOLDERS = (
    "missiles",
    "interceptors",
    "launchers",
    "radars",
    "batteries",
    "sensor_sites",
    "launch_warnings",
    "data_links",
    "forces",
)
_POSITION_FILES = {"places.yaml": "place", "launch_areas.yaml": "launch_area"}

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every record by kind and id, and the references behind their numbers.

    Attributes
    ----------
    records : mapping of str to mapping of str to Record
        ``records["missile"]["nodong"]``.
    sources : mapping of str to Source
        The references.
    """

    records: Mapping[str, Mapping[str, AnyRecord]]
    sources: Mapping[str, Source]

    def missile(self, id: str) -> MissileRecord:
        """Return one missile class; ``UnknownIdError`` suggests the nearest."""
        return self._get(MissileRecord, "missile", id)

    def interceptor(self, id: str) -> InterceptorRecord:
        """Return one interceptor; ``UnknownIdError`` suggests the nearest."""
        return self._get(InterceptorRecord, "interceptor", id)

    def launcher(self, id: str) -> LauncherRecord:
        """Return one launcher; ``UnknownIdError`` suggests the nearest."""
        return self._get(LauncherRecord, "launcher", id)

    def radar(self, id: str) -> RadarRecord:
        """Return one radar; ``UnknownIdError`` suggests the nearest."""
        return self._get(RadarRecord, "radar", id)

    def battery(self, id: str) -> BatteryRecord:
        """Return one battery; ``UnknownIdError`` suggests the nearest."""
        return self._get(BatteryRecord, "battery", id)

    def sensor_site(self, id: str) -> SensorSiteRecord:
        """Return one sensor at its site; ``UnknownIdError`` suggests the nearest."""
        return self._get(SensorSiteRecord, "sensor_site", id)

    def position_rad(self, site: SensorSiteRecord) -> tuple[float, float] | None:
        """Return latitude and longitude [rad] of a sensor site; None where it moves and the study chooses."""
        if site.place is not None:
            place = self.place(site.place)
            return place.lat_rad, place.lon_rad
        if site.latitude is None or site.longitude is None:
            return None
        return site.latitude.value, site.longitude.value

    def launch_warning(self, id: str) -> LaunchWarningRecord:
        """Return one source of launch warning; ``UnknownIdError`` suggests the nearest."""
        return self._get(LaunchWarningRecord, "launch_warning", id)

    def data_link(self, id: str) -> DataLinkRecord:
        """Return one data link; ``UnknownIdError`` suggests the nearest."""
        return self._get(DataLinkRecord, "data_link", id)

    def force(self, id: str) -> ForceRecord:
        """Return one force; ``UnknownIdError`` suggests the nearest."""
        return self._get(ForceRecord, "force", id)

    def place(self, id: str) -> PlaceRecord:
        """Return one place; ``UnknownIdError`` suggests the nearest."""
        return self._get(PlaceRecord, "place", id)

    def launch_area(self, id: str) -> LaunchAreaRecord:
        """Return one launch area; ``UnknownIdError`` suggests the nearest."""
        return self._get(LaunchAreaRecord, "launch_area", id)

    def source(self, id: str) -> Source:
        """Return one reference; ``UnknownIdError`` suggests the nearest."""
        if id not in self.sources:
            raise UnknownIdError.of("source", id, self.sources)
        return self.sources[id]

    def ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids of a kind, in the order of the catalogue.

        Raises
        ------
        UnknownIdError
            If there is no such kind.
        """
        if kind not in self.records:
            raise UnknownIdError.of("kind", kind, self.records)
        return tuple(self.records[kind])

    def record(self, id: str) -> AnyRecord:
        """Return the record with this id, of whatever kind; systems come before places.

        Raises
        ------
        UnknownIdError
            If no kind has it; the message suggests the nearest.
        """
        for of_kind in self.records.values():
            if id in of_kind:
                return of_kind[id]
        raise UnknownIdError.of("catalogue", id, {known for of_kind in self.records.values() for known in of_kind})

    def _get(self, record_type: type[R], kind: str, id: str) -> R:
        of_kind = self.records[kind]
        if id not in of_kind:
            raise UnknownIdError.of(kind, id, of_kind)
        return cast(R, of_kind[id])


def load_catalog(extra: Sequence[Path] = ()) -> Catalog:
    """Return the bundled catalogue, with a user's own records added.

    Parameters
    ----------
    extra : sequence of Path
        YAML files of one record each. A file may bring its own references under ``sources``.

    Raises
    ------
    FileFormatError
        If a file is no record, its id is taken, a reference is unknown, or a sensor site has a mode that its radar has
        not or a face that looks nowhere.
    UnknownIdError
        If a battery names an interceptor, radar or launcher, or a sensor site a radar, that does not exist.
    """
    bundled = _bundled()
    if not extra:
        return bundled
    records = {kind: dict(of_kind) for kind, of_kind in bundled.records.items()}
    sources = dict(bundled.sources)
    sites = {}
    for path in extra:
        record, own_sources = _read_user_file(Path(path))
        name = one_line(str(path))
        if record.id in records[record.kind]:
            raise FileFormatError(f'{name}, id: "{record.id}" is in the catalogue already; allowed: an id of its own')
        records[record.kind][record.id] = record
        if record.kind == "sensor_site":
            sites[record.id] = name
        sources.update(own_sources)
    return _finished(records, sources, sites)


def read_record(path: Path) -> AnyRecord:
    """Read one user file of any kind.

    Parameters
    ----------
    path : Path
        A YAML file with ``kind`` and the fields of that kind. It may bring its own references under ``sources``.

    Raises
    ------
    FileFormatError
        If it cannot be read as a record.
    """
    return _read_user_file(Path(path))[0]


def bundled_files() -> tuple[Path, ...]:
    """Return the YAML files of the bundled systems, in the order of the catalogue."""
    return tuple(path for folder in _FOLDERS for path in sorted((DATA / folder).glob("*.yaml")))


@cache
def _bundled() -> Catalog:
    sources = read_sources(read_yaml(DATA / "sources.yaml", "sources.yaml"), "sources.yaml")
    known = frozenset(sources)
    records: dict[str, dict[str, AnyRecord]] = {kind: {} for kind in RECORD_TYPES}
    for path in bundled_files():
        name = f"{path.parent.name}/{path.name}"
        record = record_from(read_yaml(path, name), name, known)
        _add(records, record, name)
    for name, kind in _POSITION_FILES.items():
        for data in expand_positions(read_yaml(DATA / name, name), kind, name):
            _add(records, record_from(data, f"{name}, {data['id']}", known), name)
    return _finished(records, sources)


def _add(records: dict[str, dict[str, AnyRecord]], record: AnyRecord, name: str) -> None:
    if record.id in records[record.kind]:
        raise FileFormatError(f'{name}, id: "{record.id}" is given twice; allowed: once')
    records[record.kind][record.id] = record


def _finished(
    records: dict[str, dict[str, AnyRecord]],
    sources: dict[str, Source],
    sites: Mapping[str, str] = MappingProxyType({}),
) -> Catalog:
    """Return the catalogue if its records agree with each other; ``sites`` are the files of a user's sensor sites."""
    frozen = {kind: MappingProxyType(of_kind) for kind, of_kind in records.items()}
    catalog = Catalog(MappingProxyType(frozen), MappingProxyType(sources))
    for id in catalog.ids("battery"):
        battery = catalog.battery(id)
        catalog.interceptor(battery.interceptor)
        if battery.radar is not None:
            catalog.radar(battery.radar)
        catalog.launcher(battery.launcher)
    for id in catalog.ids("sensor_site"):
        site = catalog.sensor_site(id)
        catalog.position_rad(site)
        _check_site(site, catalog.radar(site.radar), sites.get(id, f"sensor_sites/{id}.yaml"))
    return catalog


def _check_site(site: SensorSiteRecord, radar: RadarRecord, name: str) -> None:
    """Refuse a site whose radar has no such mode, or one of whose faces looks nowhere."""
    modes = ("unstated", *(mode.name for mode in radar.modes))
    if site.mode not in modes:
        raise FileFormatError(f"{name}, mode: got {shown(site.mode)}; allowed: {', '.join(modes)}")
    for face in site.faces:
        empty = looks_nowhere(*face.limits_rad(radar))
        if empty is not None:
            field, problem = empty
            # The end that the site gives is the one to look at; the other is the radar's.
            given = "elevation_max" if face.elevation_floor_rad is None else field
            problem = problem if given == field else f"{radar.id} has elevation_floor, which {problem}"
            raise FileFormatError(f"{name}, faces[{face.name}].{given}: {problem}")


def read_sources(data: Mapping[str, Any], name: str) -> dict[str, Source]:
    """Read ``{id: {title, author, date, publisher, url, accessed, note}}``.

    Raises
    ------
    FileFormatError
        If an entry is not a reference.
    """
    sources = {}
    for id, entry in data.items():
        if not isinstance(entry, Mapping):
            raise FileFormatError(f"{name}, {shown(id)}: got {shown(entry)}; allowed: a mapping with a title")
        sources[id] = validate(Source, {"id": id, **entry}, f"{name}, {shown(id)}")
    return sources


def record_from(data: Mapping[str, Any], name: str, sources: frozenset[str], *, users_own: bool = False) -> AnyRecord:
    """Read the content of a record file; ``kind`` says which record it is.

    Raises
    ------
    FileFormatError
        In one line, what is wrong.
    """
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in RECORD_TYPES:
        got = "is missing" if kind is None else f"got {shown(kind)}"
        raise FileFormatError(f"{name}, kind: {got}; allowed: {', '.join(RECORD_TYPES)}")
    flies = kind == "interceptor" or (kind == "missile" and data.get("ballistic", True) is True)
    if flies and "drag" not in data:
        data = {**data, "drag": _default_drag()}
    return cast(AnyRecord, validate(RECORD_TYPES[kind], data, name, sources, users_own=users_own))


@cache
def _default_drag() -> DragTable:
    name = "default_drag.yaml"
    return validate(DragTable, read_yaml(DATA / name, name), name)


@cache
def default_signature() -> SignatureRecord:
    """Return the cross-sections of a missile whose record gives none."""
    name = "default_signature.yaml"
    return validate(SignatureRecord, read_yaml(DATA / name, name), name)


def _read_user_file(path: Path) -> tuple[AnyRecord, dict[str, Source]]:
    name = one_line(str(path))
    data = dict(read_yaml(path, name))
    own = data.pop("sources", {})
    if not isinstance(own, Mapping):
        raise FileFormatError(f"{name}, sources: got {shown(own)}; allowed: a mapping of ids to references")
    bundled = _bundled().sources
    taken = sorted(set(own) & set(bundled))
    if taken:
        raise FileFormatError(f'{name}, sources: "{taken[0]}" is a bundled reference; allowed: an id of its own')
    sources = read_sources(own, f"{name}, sources")
    return record_from(
        _with_users_defaults(data, path), name, frozenset(bundled) | frozenset(sources), users_own=True
    ), sources


def _with_users_defaults(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """Complete a user's own file: a missile if it has stages, named after the file, its drag table unsourced."""
    completed = dict(data)
    if "kind" not in completed and "stages" in completed:
        completed["kind"] = "missile"
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:64]
    completed.setdefault("id", stem or "users-own")
    completed.setdefault("name", completed["id"])
    drag = completed.get("drag")
    if isinstance(drag, Mapping) and "source" not in drag and "grade" not in drag:
        completed["drag"] = {"source": USERS_OWN, "grade": "assumed", "note": "the user's own table", **drag}
    return completed
