"""Numbers that a study gives in place of the catalogue's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel

from equipoise.catalog.quantity import numbers_of
from equipoise.catalog.radars import RadarRecord
from equipoise.catalog.validation import validate
from equipoise.errors import UnknownIdError
from equipoise.study.model import Defence, Threat

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True)
class OwnNumbers:
    """The ``numbers`` of a study file, by the keys of ``equipoise sweep --vary``.

    Parameters
    ----------
    name : str
        What messages call the file.
    content : mapping of str to object
        A number with its unit (``"15 s"``), or a mapping as in the catalogue; without a source it is the author's own,
        and without a range it has none.
    sources : frozenset of str
        The known source ids.
    """

    name: str
    content: Mapping[str, object]
    sources: frozenset[str]

    def put(self, defence: Defence, threats: tuple[Threat, ...]) -> tuple[Defence, tuple[Threat, ...]]:
        """Return a defence and its threats with these numbers.

        Raises
        ------
        UnknownIdError
            If a key is none of theirs; the message suggests the nearest.
        FileFormatError
            If a number is not allowed, by itself or together with the others.
        """
        known = tuple(_keys(defence, threats))
        for key in self.content:
            if key not in known:
                raise UnknownIdError(f"{self.name}, numbers: {UnknownIdError.of('number', key, known)}")
        defence = replace(
            defence,
            interceptor=self._with(defence.interceptor, "interceptor"),
            battery=self._with(defence.battery, "battery"),
            radar=self._radar(defence.radar, defence.radar_range),
        )
        return defence, tuple(self._threat(threat) for threat in threats)

    def _radar(self, radar: RadarRecord, radar_range: str) -> RadarRecord:
        ranges = tuple(self._with(one, "radar") if one.name == radar_range else one for one in radar.ranges)
        face = None if radar.face is None else self._with(radar.face, "radar.face")
        return self._with(radar.model_copy(update={"ranges": ranges, "face": face}), "radar")

    def _threat(self, threat: Threat) -> Threat:
        number = self.content.get(f"rcs_nose.{threat.missile.id}")
        if number is None:
            return threat
        return replace(threat, missile=self._read(threat.missile, {"rcs_nose": number}, "rcs_nose"))

    def _with(self, record: R, part: str) -> R:
        given = {name: self.content[key] for key, name in _of(record, part) if key in self.content}
        return self._read(record, given, part) if given else record

    def _read(self, record: R, given: Mapping[str, object], part: str) -> R:
        fields = type(record).model_fields.items()
        values = {info.alias or name: getattr(record, name) for name, info in fields} | dict(given)
        return validate(type(record), values, f"{self.name}, numbers of {part}", self.sources, users_own=True)


def _of(record: BaseModel, part: str) -> Iterator[tuple[str, str]]:
    """Yield key and field, as files write them, of each number of a record."""
    for name, field, _ in numbers_of(record):
        written = field.alias or name
        yield f"{part}.{written}", written


def _keys(defence: Defence, threats: tuple[Threat, ...]) -> Iterator[str]:
    parts: list[tuple[str, BaseModel | None]] = [
        ("interceptor", defence.interceptor),
        ("battery", defence.battery),
        ("radar", defence.radar),
        ("radar.face", defence.radar.face),
    ]
    if defence.radar_range in {one.name for one in defence.radar.ranges}:
        parts.append(("radar", defence.radar.range_named(defence.radar_range)))
    for part, record in parts:
        if record is not None:
            yield from (key for key, _ in _of(record, part))
    yield from dict.fromkeys(f"rcs_nose.{threat.missile.id}" for threat in threats)
