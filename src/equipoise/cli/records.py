"""From what was typed to a record: a catalogue id, or a path to a YAML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.errors import InputError

if TYPE_CHECKING:
    from equipoise.catalog import MissileRecord, RadarRecord


def is_path(text: str) -> bool:
    """Tell a path to a YAML file from an id: it has a separator or the suffix of one."""
    return "/" in text or "\\" in text or text.lower().endswith((".yaml", ".yml"))


def missile_record(text: str) -> MissileRecord:
    """Return the missile of an id or a file; a record of another kind is refused."""
    from equipoise.catalog import MissileRecord, load_catalog, read_record

    if not is_path(text):
        return load_catalog().missile(text)
    record = read_record(Path(text))
    if not isinstance(record, MissileRecord):
        raise InputError(f"{text}, kind: must be missile; got {record.kind}")
    return record


def radar_record(text: str) -> RadarRecord:
    """Return the radar of an id or a file; a record of another kind is refused."""
    from equipoise.catalog import RadarRecord, load_catalog, read_record

    if not is_path(text):
        return load_catalog().radar(text)
    record = read_record(Path(text))
    if not isinstance(record, RadarRecord):
        raise InputError(f"{text}, kind: must be radar; got {record.kind}")
    return record
