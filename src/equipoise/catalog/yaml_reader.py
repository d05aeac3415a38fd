"""Reading YAML that strangers may have written.

A file is read from the parser's events, so nothing of YAML that can hurt gets as far as an object: no aliases or
anchors (and so no expansion), no tags, no duplicate keys, no second document, a bounded size, depth and number of
nodes, and finite numbers only. Words become ``true``, ``false``, ``null`` (also ``yes`` and ``no``) or numbers by the
short rules below; dates and everything else stay text.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import yaml

from equipoise.catalog.wording import one_line, shown
from equipoise.errors import FileFormatError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 16
MAX_NODES = 100_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9_]*)")
_FLOAT = re.compile(r"[+-]?((0|[1-9][0-9_]*)(\.[0-9_]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?\.?(inf|nan|infinity)", re.IGNORECASE)
_WORDS: dict[str, bool | None] = {"true": True, "yes": True, "false": False, "no": False, "null": None, "~": None}


def read_yaml(path: Path, name: str | None = None) -> dict[str, Any]:
    """Read one YAML file whose top level is a mapping.

    Parameters
    ----------
    path : Path
        The file.
    name : str, optional
        What messages call the file; the path as given by default.

    Raises
    ------
    FileFormatError
        If the file cannot be read, is too large, or holds YAML that is not allowed here.
    """
    return parse_yaml(read_text(path, name), name or one_line(str(path)))


def read_text(path: Path, name: str | None = None) -> str:
    """Return the text of a file of at most 1 MiB of UTF-8.

    Raises
    ------
    FileFormatError
        If it is missing, not a regular file, not readable, too large or not text.
    """
    name = name or one_line(str(path))
    try:
        if path.is_dir():
            raise FileFormatError(f"{name}: is a directory; allowed: a YAML file")
        if not path.exists():
            raise FileFormatError(f"{name}: no such file; allowed: a bundled id or the path of a YAML file")
        if not path.is_file():
            raise FileFormatError(f"{name}: not a regular file; allowed: a YAML file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, FileFormatError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise FileFormatError(f"{shown(name, 200)}: cannot be read ({reason})") from None
    if len(raw) > MAX_BYTES:
        raise FileFormatError(f"{name}: larger than {MAX_BYTES} bytes; allowed: at most 1 MiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(f"{name}: not UTF-8 text (byte {error.start}); allowed: a YAML text file") from None


def parse_yaml(text: str, name: str) -> dict[str, Any]:
    """Read YAML text whose top level is a mapping; see :func:`read_yaml`.

    Parameters
    ----------
    text : str
        The YAML.
    name : str
        What messages call the file.
    """
    try:
        top = _Builder(name).build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        if "nesting depth" in str(error.problem):  # newer parsers have a limit of their own and meet it first
            raise FileFormatError(f"{name}{line}: nested more than {MAX_DEPTH} levels deep; allowed: less") from None
        raise FileFormatError(f"{name}{line}: not valid YAML ({shown(error.problem or error.context or '')})") from None
    except UnicodeEncodeError as error:
        raise FileFormatError(f"{name}: not UTF-8 text (character {error.start}); allowed: a YAML text file") from None
    except yaml.YAMLError as error:
        raise FileFormatError(f"{name}: not valid YAML ({shown(str(error), 120)})") from None
    if not isinstance(top, dict):
        what = "nothing" if top is None else "a list" if isinstance(top, list) else shown(top)
        raise FileFormatError(f"{name}: holds {what}; allowed: a mapping of fields to values")
    return top


class _Builder:
    """Builds dictionaries, lists and scalars from parser events."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes = 0

    def _refuse(self, event: yaml.Event, problem: str) -> FileFormatError:
        line = f", line {event.start_mark.line + 1}" if event.start_mark else ""
        return FileFormatError(f"{self._name}{line}: {problem}")

    def build(self, text: str) -> Any:
        documents: list[Any] = []
        stack: list[tuple[Any, list[str]]] = []  # open collections; for a mapping, the key that waits for its value

        def place(event: yaml.Event, value: Any) -> None:
            if not stack:
                documents.append(value)
                return
            parent, pending = stack[-1]
            if isinstance(parent, list):
                parent.append(value)
            elif pending:
                parent[pending.pop()] = value
            elif isinstance(event, yaml.ScalarEvent):
                if event.value in parent:
                    raise self._refuse(event, f"{shown(event.value)} is given twice; allowed: once")
                pending.append(event.value)
            else:
                raise self._refuse(event, "a key must be a word; allowed: key: value")

        for event in yaml.parse(text, Loader=_LOADER):
            self._check(event, len(stack), bool(documents) and not stack)
            if isinstance(event, yaml.ScalarEvent):
                parent_is_waiting_for_key = bool(stack) and isinstance(stack[-1][0], dict) and not stack[-1][1]
                place(event, event.value if parent_is_waiting_for_key else self._scalar(event))
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                collection: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                place(event, collection)
                stack.append((collection, []))
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                stack.pop()
        return documents[0] if documents else None

    def _check(self, event: yaml.Event, depth: int, finished: bool) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refuse(event, "aliases and anchors (& and *) are not allowed; write the value out")
        if getattr(event, "tag", None):
            raise self._refuse(event, f"tags (!...) are not allowed; got {shown(getattr(event, 'tag', ''))}")
        if isinstance(event, yaml.DocumentStartEvent) and finished:
            raise self._refuse(event, "holds a second document (---); allowed: one")
        if isinstance(event, yaml.NodeEvent):
            self._nodes += 1
            if self._nodes > MAX_NODES:
                raise self._refuse(event, f"holds more than {MAX_NODES} values; allowed: fewer")
            if depth >= MAX_DEPTH:
                raise self._refuse(event, f"nested more than {MAX_DEPTH} levels deep; allowed: less")

    def _scalar(self, event: yaml.ScalarEvent) -> str | int | float | bool | None:
        text: str = event.value
        if event.style in ("'", '"', "|", ">"):
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if not text:
            return None
        if _NOT_FINITE.fullmatch(text):
            raise self._refuse(event, f"{text} is not a finite number; allowed: finite numbers")
        if _INTEGER.fullmatch(text) and len(text) <= 30:
            return int(text.replace("_", ""))
        if _FLOAT.fullmatch(text):
            number = float(text.replace("_", "")) if len(text) <= 400 else math.inf
            if not math.isfinite(number):
                raise self._refuse(event, f"{shown(text)} is not a finite number; allowed: finite numbers")
            return number
        return text
