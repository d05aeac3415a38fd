"""The table that a file of launches comes to, written row by row, so that an interruption loses none of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from equipoise.errors import EquipoiseError, OutputError
from equipoise.present.flight_test_summary import TABLE_COLUMNS

_DIGITS = 9
# A spreadsheet takes text that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@")


@contextmanager
def table_file(path: Path | None) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Give a function that writes one row of the table and puts it on disk; without a path it does nothing.

    Parameters
    ----------
    path : Path or None
        The CSV file; one that is there is written anew. Text that a spreadsheet would take for a formula is written
        with an apostrophe before it, as the labels of the table that was read may be anyone's.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    if path is None:
        yield lambda _row: None
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, TABLE_COLUMNS, lineterminator="\n")
            writer.writeheader()

            def write(row: Mapping[str, Any]) -> None:
                writer.writerow({name: _cell(value) for name, value in row.items()})
                file.flush()

            yield write
    except OSError as error:
        if isinstance(error, EquipoiseError):
            raise
        raise OutputError(f"--out: cannot write {path}: {error.strerror}; name a file that you may write") from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.{_DIGITS}g}"
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
