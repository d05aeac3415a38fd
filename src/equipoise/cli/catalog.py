"""``equipoise catalog``: the systems, or one system's numbers with their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    found = [(kind, id, library.records[kind][id].name) for kind in library.records for id in library.ids(kind)]
    if as_json:
        emit_json({"records": [{"kind": kind, "id": id, "name": name} for kind, id, name in found]})
    else:
        print_table("", ["kind", "id", "name"], found)


def _show(library: Catalog, record: AnyRecord, as_json: bool) -> None:
    from equipoise.catalog import numbers as numbers_of

    numbers = list(numbers_of(record))
    basis = _words(record).get("basis")
    ids = {number.source for _, number in numbers} | ({basis["source"]} if basis else set())
    cited = {id: library.source(id) for id in sorted(ids)}
    if as_json:
        emit_json(
            {
                "kind": record.kind,
                "id": record.id,
                "name": record.name,
                "note": record.note,
                **_words(record),
                "numbers": [{"name": name, **_written(number)} for name, number in numbers],
                "sources": {id: source.model_dump(exclude={"id"}) for id, source in cited.items()},
            }
        )
        return
    words = [(key, "yes" if value is True else str(value)) for key, value in _words(record).items() if value]
    facts = [("id", record.id), ("kind", record.kind), ("name", record.name)]
    print_facts([*facts, *((key, value) for key, value in words if key not in ("basis", "counted"))])
    for name, counts in _words(record).get("counted", {}).items():
        click.echo(f"{name}: {counts}")
    if basis:
        click.echo(f"\n{basis['note']} ({basis['source']}, {basis['grade']})")
    if record.note:
        click.echo(f"\n{record.note}")
    click.echo()
    rows = [(name, *_cells(number)) for name, number in numbers]
    print_table("", ["number", "value", "range", "unit", "grade", "source"], rows, numeric=[1])
    click.echo()
    for id, source in cited.items():
        parts = (source.author, source.title, source.publisher, source.date, source.url)
        click.echo(f"{id}: {', '.join(part for part in parts if part)}")


def _words(record: AnyRecord) -> dict[str, Any]:
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


def _cells(number: Sourced) -> tuple[str, str, str, str, str]:
    low, high = _shown(number.written_low), _shown(number.written_high)
    interval = "" if number.low == number.high else f"{low} to {high}"
    unit = "" if number.unit == "1" else number.unit
    return _shown(number.written), interval, unit, number.grade, number.source


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:g}"
