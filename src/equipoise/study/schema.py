"""JSON Schema of study and catalogue files, for editors."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from equipoise.catalog.kinds import RECORD_TYPES
from equipoise.catalog.quantity import GRADES
from equipoise.catalog.records import FileModel, Source
from equipoise.errors import UnknownIdError
from equipoise.study.claims_file import DebateFile
from equipoise.study.file import StudyFile
from equipoise.study.network_file import NetworkStudyFile
from equipoise.study.raid_file import RaidStudyFile

_STUDIES: dict[str, type[FileModel]] = {
    "study": StudyFile,
    "network": NetworkStudyFile,
    "raid": RaidStudyFile,
    "debate": DebateFile,
}
FILE_KINDS: tuple[str, ...] = (*_STUDIES, *RECORD_TYPES, "sources", "places", "launch_areas")

_DIALECT = GenerateJsonSchema.schema_dialect  # JSON Schema 2020-12


def json_schema(kind: str | None = None) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, or of any of them.

    Parameters
    ----------
    kind : str, optional
        ``"study"`` (a footprint study), ``"network"`` (a network study), ``"raid"`` (a raid study), ``"debate"``
        (a file of claims), a kind of record
        (``"missile"``, ``"radar"`` ...), or ``"sources"``, ``"places"``, ``"launch_areas"``. Without it, the schema
        accepts a file of any of these.

    Returns
    -------
    dict
        JSON Schema 2020-12. It checks shape and words; units, ranges and ids are checked when a file is read.

    Raises
    ------
    UnknownIdError
        If there is no such kind of file.
    """
    if kind is not None and kind not in FILE_KINDS:
        raise UnknownIdError.of("schema", kind, FILE_KINDS)
    definitions = copy.deepcopy(_definitions())
    head = {"$schema": _DIALECT, "title": f"Equipoise {kind or 'study or catalogue'} file"}
    reference = (
        {"$ref": f"#/$defs/{kind}-file"} if kind else {"anyOf": [{"$ref": f"#/$defs/{k}-file"} for k in FILE_KINDS]}
    )
    return head | reference | {"$defs": definitions if kind is None else _reachable(definitions, f"{kind}-file")}


@cache
def _definitions() -> dict[str, Any]:
    models: list[type[FileModel]] = [*_STUDIES.values(), *RECORD_TYPES.values(), Source]
    mapping, top = models_json_schema([(model, "validation") for model in models], by_alias=True)
    definitions: dict[str, Any] = dict(top["$defs"])
    for kind, model in _STUDIES.items():
        definitions[f"{kind}-file"] = mapping[model, "validation"]
    for kind, model in RECORD_TYPES.items():
        definition = definitions[model.__name__]
        # A user's record may bring its own references.
        properties = definition["properties"] | {"sources": {"$ref": "#/$defs/sources-file"}}
        # The default table of drag stands in where a record gives none.
        required = [name for name in definition["required"] if name != "drag"]
        definitions[f"{kind}-file"] = definition | {"properties": properties, "required": required}
    source = definitions["Source"]
    entry = source | {
        "properties": {name: rule for name, rule in source["properties"].items() if name != "id"},
        "required": ["title"],
    }
    definitions["sources-file"] = {"type": "object", "additionalProperties": entry}
    definitions["places-file"] = _position_table("places", "PlaceRecord")
    definitions["launch_areas-file"] = _position_table("launch_areas", "LaunchAreaRecord")
    return definitions


def _position_table(table: str, record: str) -> dict[str, Any]:
    grade, text = {"enum": list(GRADES)}, {"type": "string", "minLength": 1}
    default = {
        "type": "object",
        "additionalProperties": False,
        "required": ["unit", "source", "grade"],
        "properties": {
            "unit": text,
            "precision": {"type": "number", "exclusiveMinimum": 0},
            "source": text,
            "grade": grade,
            "note": text,
        },
    }
    number = {"type": ["number", "object"]}
    entry = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "country", "latitude", "longitude"],
        "properties": {
            "name": text,
            "country": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "latitude": number,
            "longitude": number,
            "source": text,
            "grade": grade,
            "note": text,
        }
        | ({"population": number} if record == "PlaceRecord" else {"basis": {"$ref": "#/$defs/Basis"}}),
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["defaults", table],
        "properties": {
            "defaults": {"type": "object", "additionalProperties": default, "required": ["coordinate"]},
            table: {"type": "object", "additionalProperties": entry},
        },
    }


def _reachable(definitions: dict[str, Any], start: str) -> dict[str, Any]:
    """Return the definitions that `start` refers to, itself included."""
    found: dict[str, Any] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = definitions[name]
            waiting.extend(_references(definitions[name]))
    return {name: definitions[name] for name in definitions if name in found}


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for item in node for name in _references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"].removeprefix("#/$defs/")] if isinstance(node.get("$ref"), str) else []
    return own + [name for value in node.values() for name in _references(value)]
