"""A table of launches as a CSV file: each row read by itself, so that one bad row costs no other.

Columns are known by their name: ``apogee_km``, ``range_km`` or ``distance_km``, ``time_s``, ``azimuth_deg`` or
``bearing_deg``, ``lat``, ``lon``, ``missile``, ``outcome``; another unit in the name (``apogee_mi``, ``time_min``) or
in a cell (``490 mi``) is converted, and a time may be written as on a clock (``47:12``). Any further column is kept
as a label.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from equipoise.catalog.quantity import clock_seconds, to_si
from equipoise.catalog.wording import shown
from equipoise.errors import FileFormatError, InputError

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
_MISSING = frozenset({"", "unknown", "na", "n/a", "nan", "none", "-", "?"})
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z].*)?", re.ASCII | re.DOTALL)
_LONGEST_NUMBER = 80
# Quantity -> names it goes by, the SI unit, the unit of a name without one (None: the name must carry it).
_QUANTITIES: Mapping[str, tuple[tuple[str, ...], str, str | None]] = {
    "apogee": (("apogee",), "m", None),
    "range": (("range", "distance"), "m", None),
    "time": (("time", "flight_time"), "s", None),
    "azimuth": (("azimuth", "bearing"), "rad", None),
    "lat": (("lat", "latitude"), "rad", "deg"),
    "lon": (("lon", "longitude"), "rad", "deg"),
}
_REQUIRED = ("apogee", "range")
# "time_utc" is a time of day, not a flight time.
_TIMES_OF_DAY = frozenset({"utc", "gmt", "local", "kst", "jst", "of_day", "of_launch"})
_LIMITS_DEG = {"lat": 90.0, "lon": 180.0, "azimuth": 360.0}
_TEXTS = ("missile", "outcome")


@dataclass(frozen=True)
class LaunchRow:
    """One row of the table.

    Parameters
    ----------
    line : int
        Line of the file on which the row begins; the header is line 1.
    label : str
        Its further columns, joined: date, series, place.
    missile, outcome : str
        As written; empty where missing.
    numbers : mapping of str to float
        ``apogee``, ``range`` [m], ``time`` [s], ``azimuth``, ``lat``, ``lon`` [rad]; only those that are given.
    problem : str
        Why the row cannot be used: names the column, the cell and what is allowed; empty for a good row.
    """

    line: int
    label: str
    missile: str = ""
    outcome: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class _Column:
    index: int
    name: str
    quantity: str
    si_unit: str
    unit: str | None


def read_launches(path: Path) -> tuple[LaunchRow, ...]:
    """Read a table of launches.

    Parameters
    ----------
    path : Path
        A CSV file with a header, in UTF-8 (or UTF-16 with its mark).

    Returns
    -------
    tuple of LaunchRow
        In the order of the file, empty lines left out. A row that cannot be read carries its problem.

    Raises
    ------
    FileFormatError
        If the file cannot be read, is too large, or its header lacks the apogee or the range.
    """
    name = path.name
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise FileFormatError(f"{name}: cannot be read: {error.strerror}") from None
    if size > MOST_BYTES:
        raise FileFormatError(f"{name}: {size / 1e6:.0f} MB; allowed: at most {MOST_BYTES / 1e6:.0f} MB")
    records = _records(_text(data, name))
    _, first, problem = next(records, (1, [], ""))
    if problem:
        raise FileFormatError(f"{name}, header: {problem}")
    header = [cell.strip() for cell in first]
    columns, texts, rest = _columns(header, name)
    rows: list[LaunchRow] = []
    for line, cells, problem in records:
        if len(rows) == MOST_ROWS:
            raise FileFormatError(f"{name}: more than {MOST_ROWS} rows; split the file")
        if problem:
            rows.append(LaunchRow(line, "", problem=problem))
        else:
            rows.append(_row(line, cells, header, columns, texts, rest))
    if not rows:
        raise FileFormatError(f"{name}: no rows under the header")
    return tuple(rows)


def _text(data: bytes, name: str) -> str:
    """Decode a file; bytes that are no UTF-8 stay as lone surrogates, to be refused with their row."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise FileFormatError(f"{name}: starts as UTF-16 but is not; save it as UTF-8") from None
    if b"\0" in data:
        raise FileFormatError(f"{name}: holds zero bytes, so it is no CSV text; save it as CSV in UTF-8")
    return data.decode("utf-8-sig", errors="surrogateescape")


def _records(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield the line on which each record begins, its cells, and why they cannot be told apart if they cannot.

    A stray quotation mark costs the line that it stands on; reading goes on with the next one.
    """
    lines = list(io.StringIO(text, newline=""))
    start = 0
    while start < len(lines):
        reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), strict=True)
        done = 0
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield start + done + 1, cells, ""
                done = reader.line_num
            return
        except csv.Error as error:
            yield start + done + 1, [], f"the row is not CSV ({error}); allowed: quotation marks in pairs, or none"
            start += done + 1


def _columns(header: Sequence[str], name: str) -> tuple[list[_Column], dict[str, int], list[int]]:
    columns: list[_Column] = []
    texts: dict[str, int] = {}
    rest: list[int] = []
    for index, title in enumerate(header):
        column = _column(index, title, name)
        if column is not None:
            twin = next((known for known in columns if known.quantity == column.quantity), None)
            if twin is not None:
                raise FileFormatError(f"{name}, header: {twin.name} and {column.name} both give the {column.quantity}")
            columns.append(column)
        elif title.lower() in _TEXTS:
            if title.lower() in texts:
                raise FileFormatError(f"{name}, header: two columns are called {title.lower()}; name one otherwise")
            texts[title.lower()] = index
        else:
            rest.append(index)
    for quantity in _REQUIRED:
        if all(column.quantity != quantity for column in columns):
            allowed = " or ".join(f"{known}_km" for known in _QUANTITIES[quantity][0])
            raise FileFormatError(
                f"{name}, header: no column for the {quantity}; allowed: {allowed}; got {shown(', '.join(header))}"
            )
    return columns, texts, rest


def _column(index: int, title: str, name: str) -> _Column | None:
    word = title.lower()
    for quantity, (names, si_unit, default) in _QUANTITIES.items():
        for known in names:
            if word == known:
                return _Column(index, title, quantity, si_unit, default)
            if word.startswith(known + "_"):
                unit = word[len(known) + 1 :]
                if quantity == "time" and unit in _TIMES_OF_DAY:
                    return None
                try:
                    to_si(1.0, unit, si_unit)
                except ValueError as problem:
                    raise FileFormatError(f"{name}, header: {title}: {problem}") from None
                return _Column(index, title, quantity, si_unit, unit)
    return None


def _row(
    line: int,
    cells: Sequence[str],
    header: Sequence[str],
    columns: Sequence[_Column],
    texts: Mapping[str, int],
    rest: Sequence[int],
) -> LaunchRow:
    def cell(index: int) -> str:
        text = cells[index].strip() if index < len(cells) else ""
        return "" if text.lower() in _MISSING else text

    clean = [_printable(cell(index)) for index in rest]
    label = " ".join(text for text in clean if text)[:120]
    missile, outcome = (_printable(cell(texts[key])) if key in texts else "" for key in _TEXTS)
    bad = LaunchRow(line, label, missile, outcome)
    if any("\udc80" <= letter <= "\udcff" for text in cells for letter in text):
        return _with(bad, "the row is not UTF-8; save the file in that encoding")
    if len(cells) != len(header):
        return _with(bad, f"the row has {len(cells)} cells; allowed: {len(header)}, as the header has")
    numbers: dict[str, float] = {}
    for column in columns:
        text = cell(column.index)
        if not text:
            if column.quantity in _REQUIRED:
                return _with(bad, f"{column.name}: missing; allowed: a number")
            continue
        try:
            value = _value(text, column)
        except ValueError as problem:
            return _with(bad, f"{column.name}: {problem}")
        limit_deg = _LIMITS_DEG.get(column.quantity, math.inf)
        if abs(value) > math.radians(limit_deg):
            return _with(bad, f"{column.name}: got {text}; allowed: -{limit_deg:g} to {limit_deg:g} deg")
        numbers[column.quantity] = value
    if ("lat" in numbers) != ("lon" in numbers):
        return _with(bad, "lat and lon: one is missing; allowed: both or neither")
    return LaunchRow(line, label, missile, outcome, numbers)


def _with(row: LaunchRow, problem: str) -> LaunchRow:
    return LaunchRow(row.line, row.label, row.missile, row.outcome, {}, problem)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _value(text: str, column: _Column) -> float:
    """Return a cell in SI: a bare number in the column's unit, a number with its own, or a time as on a clock."""
    if column.quantity == "time" and (seconds := clock_seconds(text)) is not None:
        return seconds
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    if match is None:
        raise ValueError(f"{shown(text)} is not a number, alone (787) or with its unit (490 mi)")
    number, unit = match[1], match[2] or column.unit
    if unit is None:
        example = {"m": "km", "rad": "deg"}.get(column.si_unit, column.si_unit)
        raise ValueError(f"{shown(text)} has no unit, nor has the column; write for example {column.name}_{example}")
    return to_si(float(number), unit, column.si_unit)


def launches_in(path: Path) -> tuple[LaunchRow, ...]:
    """Read a table of launches, or say that it is no file at all; see :func:`read_launches`."""
    if not path.is_file():
        what = "not a file" if path.exists() else "no such file"
        raise InputError(f"{path}: {what}; allowed: a CSV file with apogee_km and range_km")
    return read_launches(path)
