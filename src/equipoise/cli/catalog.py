"""``equipoise catalog``: the systems, or one system's numbers with their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from equipoise.cli.output import emit_json, print_facts, print_table

if TYPE_CHECKING:
    from equipoise.catalog import AnyRecord, Catalog, Sourced


@click.command(short_help="The systems, or one system's numbers with their sources.")
@click.argument("record_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def catalog(record_id: str | None, as_json: bool) -> None:
    """List the systems of the catalogue, or show ID's numbers with their sources and grades."""
    from equipoise.catalog import load_catalog

    library = load_catalog()
    if record_id is None:
        _list(library, as_json)
    else:
        _show(library, library.record(record_id), as_json)


def _list(library: Catalog, as_json: bool) -> None:
    from equipoise.present.record_answer import record_list

    found = record_list(library)
    if as_json:
        emit_json({"records": found})
    else:
        print_table("", ["kind", "id", "name"], [(one["kind"], one["id"], one["name"]) for one in found])


def _show(library: Catalog, record: AnyRecord, as_json: bool) -> None:
    from equipoise.catalog import numbers as numbers_of
    from equipoise.present.record_answer import record_answer, record_sources, record_words

    if as_json:
        emit_json(record_answer(library, record))
        return
    said = record_words(record)
    words = [(key, "yes" if value is True else str(value)) for key, value in said.items() if value]
    facts = [("id", record.id), ("kind", record.kind), ("name", record.name)]
    print_facts([*facts, *((key, value) for key, value in words if key not in ("basis", "counted"))])
    for name, counts in said.get("counted", {}).items():
        click.echo(f"{name}: {counts}")
    basis = said.get("basis")
    if basis:
        click.echo(f"\n{basis['note']} ({basis['source']}, {basis['grade']})")
    if record.note:
        click.echo(f"\n{record.note}")
    click.echo()
    rows = [(name, *_cells(number)) for name, number in numbers_of(record)]
    print_table("", ["number", "value", "range", "unit", "grade", "source"], rows, numeric=[1])
    click.echo()
    for id, source in record_sources(library, record).items():
        parts = (source.author, source.title, source.publisher, source.date, source.url)
        click.echo(f"{id}: {', '.join(part for part in parts if part)}")


def _cells(number: Sourced) -> tuple[str, str, str, str, str]:
    low, high = _shown(number.written_low), _shown(number.written_high)
    interval = "" if number.low == number.high else f"{low} to {high}"
    unit = "" if number.unit == "1" else number.unit
    return _shown(number.written), interval, unit, number.grade, number.source


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:g}"
