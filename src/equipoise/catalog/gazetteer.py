"""Files that hold many places in short form, expanded to full records.

::

    defaults:
      coordinate: {unit: deg, precision: 0.05, source: geonames, grade: reported}
      population: {unit: people, source: geonames, grade: reported}
    places:                                   # or launch_areas:
      seoul: {name: Seoul, country: KOR, latitude: 37.57, longitude: 126.98, population: 10349312}

``precision`` is the half-width of the range around each coordinate. An entry may name its own ``source`` and ``grade``
for its coordinates, a ``note`` and, for a launch area, a ``basis: {source, grade, note}``; a coordinate or a population
may also be a full ``{value, unit, source, ...}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from equipoise.catalog.wording import shown
from equipoise.errors import FileFormatError

_FIELDS = {"latitude": "coordinate", "longitude": "coordinate", "population": "population"}
_TABLES = {"place": "places", "launch_area": "launch_areas"}


def expand_positions(data: Mapping[str, Any], kind: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield the full mapping of each record in a file of places.

    Parameters
    ----------
    data : mapping
        The content of the file: ``defaults``, and ``places`` or ``launch_areas``.
    kind : {"place", "launch_area"}
        Kind of the records.
    name : str
        What messages call the file.

    Raises
    ------
    FileFormatError
        If the file has another shape.
    """
    table = _TABLES[kind]
    for key in data:
        if key not in ("defaults", table):
            raise FileFormatError(f"{name}, {shown(key)}: unknown field; allowed: defaults, {table}")
    defaults, entries = _mapping(data, "defaults", name), _mapping(data, table, name)
    for id, entry in entries.items():
        if not isinstance(entry, Mapping):
            raise FileFormatError(f"{name}, {shown(id)}: got {shown(entry)}; allowed: a mapping with name and position")
        own = {key: entry[key] for key in ("source", "grade") if key in entry}
        record = {"kind": kind, "id": id, **{key: entry[key] for key in entry if key not in own}}
        for field, group in _FIELDS.items():
            number = entry.get(field)
            if isinstance(number, int | float) and not isinstance(number, bool):
                default = _mapping(defaults, group, f"{name}, defaults")
                record[field] = _full(number, {**default, **own} if group == "coordinate" else default)
        yield record


def _full(number: float, default: Mapping[str, Any]) -> dict[str, Any]:
    full = {"value": number, **default}
    precision = full.pop("precision", None)
    if isinstance(precision, int | float) and not isinstance(precision, bool):
        full |= {"low": round(number - precision, 9), "high": round(number + precision, 9)}
    return full


def _mapping(data: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    value = data.get(key)
    if not isinstance(value, Mapping):
        got = "is missing" if value is None else f"got {shown(value)}"
        raise FileFormatError(f"{name}, {key}: {got}; allowed: a mapping")
    return value
