"""A catalogue record as plain values: every number with its range, unit, grade and source."""

from __future__ import annotations

from typing import Any

from equipoise.catalog import AnyRecord, Catalog, Sourced
from equipoise.catalog import numbers as numbers_of


def record_list(library: Catalog) -> list[dict[str, str]]:
    """Return kind, id and name of every record."""
    return [
        {"kind": kind, "id": id, "name": library.records[kind][id].name}
        for kind in library.records
        for id in library.ids(kind)
    ]


def record_sources(library: Catalog, record: AnyRecord) -> dict[str, Any]:
    """Return the sources that a record cites, by id, in order."""
    basis = record_words(record).get("basis")
    ids = {number.source for _, number in numbers_of(record)} | ({basis["source"]} if basis else set())
    return {id: library.source(id) for id in sorted(ids)}


def record_answer(library: Catalog, record: AnyRecord) -> dict[str, Any]:
    """Return a record with its numbers and sources, for JSON.

    Parameters
    ----------
    library : Catalog
        Holds the sources.
    record : AnyRecord
        Any.

    Returns
    -------
    dict
        ``kind``, ``id``, ``name``, ``note``, what it says in words, ``numbers`` and ``sources``.
    """
    return {
        "kind": record.kind,
        "id": record.id,
        "name": record.name,
        "note": record.note,
        **record_words(record),
        "numbers": [{"name": name, **_written(number)} for name, number in numbers_of(record)],
        "sources": {id: source.model_dump(exclude={"id"}) for id, source in record_sources(library, record).items()},
    }


def record_words(record: AnyRecord) -> dict[str, Any]:
    """Return what a record says besides numbers: a site's radar and mode, a battery's parts, who reports an area."""
    found: dict[str, Any] = {}
    if record.kind == "battery":
        return {"interceptor": record.interceptor, "launcher": record.launcher, "radar": record.radar}
    if record.kind == "sensor_site":
        found = {"radar": record.radar, "mode": record.mode, "mobile": record.mobile, "place": record.place}
    elif record.kind == "force":
        counted = {one.name: f"{one.label}; {one.counts}" for one in record.published}
        found = {"country": record.country, "counted": counted}
    elif record.kind == "launch_area" and record.basis is not None:
        found = {"basis": record.basis.model_dump()}
    return found


def _written(number: Sourced) -> dict[str, Any]:
    """Return a number as its file writes it, with its unit."""
    return {
        "value": number.written,
        "low": number.written_low,
        "high": number.written_high,
        "unit": number.unit,
        "grade": number.grade,
        "source": number.source,
        "where": number.where,
        "note": number.note,
    }
