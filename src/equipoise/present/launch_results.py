"""The table that a file of launches comes to, written row by row, so that an interruption loses none of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from equipoise.errors import OutputError
from equipoise.present.flight_test_summary import TABLE_COLUMNS

_DIGITS = 9


@contextmanager
def table_file(path: Path | None) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Give a function that writes one row of the table and puts it on disk; without a path it does nothing.

    Parameters
    ----------
    path : Path or None
        The CSV file; one that is there is written anew.

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
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"--out: cannot write {path}: {error.strerror}; name a file that you may write") from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.{_DIGITS}g}" if isinstance(value, float) else str(value)
