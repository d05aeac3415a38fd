"""How a command answers: one JSON object, or tables; progress and notices go to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

Progress = Callable[[str, float], None]
"""Called with what is being done and the fraction of the whole that is done, 0 to 1."""


def emit_json(answer: Mapping[str, Any]) -> None:
    """Print one JSON object: sorted names, UTF-8, numbers to nine digits, never a NaN.

    Parameters
    ----------
    answer : mapping
        Strings, numbers, booleans, None, and lists and mappings of them; names end in their unit.
    """
    from equipoise.present.plain_values import plain

    text = json.dumps(plain(answer), sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    click.echo(text.encode())


def say(message: str) -> None:
    """Print a notice on standard error."""
    click.echo(message, err=True)


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: Sequence[int] = ()
) -> None:
    """Print a table: drawn by rich on a terminal, aligned plain text otherwise.

    Parameters
    ----------
    title : str
        One line above the table; empty for none.
    columns : sequence of str
        Headings, with the unit where there is one.
    rows : iterable of sequence of str
        The cells.
    numeric : sequence of int
        Columns to align on the right.
    """
    cells = [list(row) for row in rows]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title or None, title_justify="left")
        for i, column in enumerate(columns):
            table.add_column(column, justify="right" if i in numeric else "left")
        for row in cells:
            table.add_row(*map(Text, row))
        Console().print(table)
        return
    lines = [list(columns), *cells]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if title:
        click.echo(title)
    for line in lines:
        padded = [
            cell.rjust(width) if i in numeric else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        click.echo("  ".join(padded).rstrip())


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Print name and value pairs, one a line, aligned."""
    pairs = list(facts)
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        click.echo(f"{name.ljust(width)}  {value}")


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Show a bar on standard error while the block runs; nothing where that is not a terminal.

    Parameters
    ----------
    title : str
        What the whole is called before the first report arrives.
    """
    if not sys.stderr.isatty():
        yield lambda _text, _fraction: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda text, fraction: bar.update(task, description=text, completed=fraction)
