"""From a mapping to a model, with every complaint on one line: ``FILE, field.path: problem; allowed: ...``."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from equipoise.catalog.wording import one_line, shown
from equipoise.errors import FileFormatError

M = TypeVar("M", bound=BaseModel)

# pydantic puts the chosen branch of a union into the path; the file has no such keys.
_UNION_TAGS = {"pitch_program", "gravity_turn", "<id>", "<place>", "<word>", "<list>", "<map>", "<number>", "<range>"}


def validate(
    model: type[M],
    data: Mapping[str, Any],
    name: str,
    sources: frozenset[str] | None = None,
    *,
    users_own: bool = False,
) -> M:
    """Read a mapping as a model.

    Parameters
    ----------
    model : type of BaseModel
        What the mapping should hold.
    data : mapping
        The content of a file or of a part of it.
    name : str
        What messages call the file.
    sources : frozenset of str, optional
        The known source ids; without it any source id passes.
    users_own : bool
        A user's own file may give a number without a source, as ``"3699 kg"``.

    Raises
    ------
    FileFormatError
        With the first problem in one line.
    """
    try:
        return model.model_validate(dict(data), context={"sources": sources, "users_own": users_own})
    except ValidationError as error:
        raise FileFormatError(_message(name, error.errors(include_url=False))) from None


def _message(name: str, errors: list[ErrorDetails]) -> str:
    # A key that is unknown explains a key that is missing, so it is named first.
    first = min(errors, key=lambda error: error["type"] != "unknown_key")
    location = first["loc"]
    if first["type"] == "field":
        location += (str(first["ctx"]["field"]),)
    path = field_path(location)
    more = f" ({len(errors) - 1} more in this file)" if len(errors) > 1 else ""
    if first["type"] == "unknown_key":
        key, known = str(first["ctx"]["key"]), list(first["ctx"]["known"])
        path = ".".join(part for part in (path, shown(key, 40).strip('"')) if part)
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
        guess = f'did you mean "{near[0]}"? ' if near else ""
        return f"{name}, {path}: unknown field; {guess}allowed: {', '.join(known)}{more}"
    return f"{name}{', ' if path else ''}{path}: {_problem(first)}{more}"


def field_path(location: tuple[int | str, ...]) -> str:
    """Return ``stages[0].propellant`` for ``("stages", 0, "propellant")``."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part not in _UNION_TAGS:
            path += f".{part}" if path else part
    return one_line(path)


def _problem(error: ErrorDetails) -> str:
    kind, got = error["type"], shown(error.get("input"))
    context = error.get("ctx", {})
    match kind:
        case "missing":
            return "missing; this field is required"
        case "literal_error":
            return f"got {got}; allowed: {context['expected']}"
        case "union_tag_invalid":
            return f"got {shown(context['tag'])} for {context['discriminator']}; allowed: {context['expected_tags']}"
        case "union_tag_not_found":
            return f"{context['discriminator']} is missing; allowed: pitch_program, gravity_turn"
        case "string_pattern_mismatch":
            return f"got {got}; allowed: text that matches {context['pattern']}"
        case "string_type":
            return f"got {got}; allowed: text (in quotes if it looks like a number)"
        case "bool_type" | "bool_parsing":
            return f"got {got}; allowed: yes or no"
        case "int_type" | "int_parsing" | "int_from_float":
            return f"got {got}; allowed: a whole number"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"got {got}; allowed: a mapping of fields to values"
        case "tuple_type" | "list_type":
            return f"got {got}; allowed: a list"
        case "value_error":
            return str(context["error"])
        case "too_short" | "too_long":
            least, most = context.get("min_length"), context.get("max_length")
            bound = f"at least {least}" if kind == "too_short" else f"at most {most}"
            return f"got {context['actual_length']} items; allowed: {bound}"
        case _:
            message = " ".join(error["msg"].split())
            if kind in ("sourced", "field"):
                return message
            allowed = message.removeprefix("Input should be ").removeprefix("String should have ")
            return f"got {got}; allowed: {allowed[:1].lower()}{allowed[1:]}"
