"""Every number that a study uses, as rows of a table, and the references behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

from equipoise.catalog.quantity import Sourced
from equipoise.present.report import NumberRow, NumberTable, SourceRow

if TYPE_CHECKING:
    from equipoise.catalog.records import DragTable, Record, Source
    from equipoise.study import Study


def plain_number(value: float) -> str:
    """Write a number as people do: thousands with commas, no trailing zeros, powers of ten only where they help.

    Examples
    --------
    >>> plain_number(20900.0), plain_number(0.010), plain_number(1e-6), plain_number(10349312)
    ('20,900', '0.01', '1e-06', '10,349,312')
    """
    if value != 0.0 and (abs(value) < 1e-4 or abs(value) >= 1e12):
        return f"{value:.4g}"
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text or "0"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _row(quantity: str, number: Sourced) -> NumberRow:
    spread = number.written_low != number.written_high
    return NumberRow(
        quantity=quantity,
        value=plain_number(number.written),
        range=f"{plain_number(number.written_low)} to {plain_number(number.written_high)}" if spread else "",
        unit="" if number.unit == "1" else number.unit,
        source=number.source,
        where=number.where,
        grade=number.grade,
        note=number.note,
    )


def _drag_row(quantity: str, drag: DragTable) -> NumberRow:
    points = "; ".join(f"{mach:g}: {cd:g}" for mach, cd in zip(drag.mach, drag.cd, strict=True))
    return NumberRow(f"{quantity}, Mach: coefficient", points, "", "", drag.source, drag.where, drag.grade, drag.note)


def _rows(model: BaseModel, prefix: str = "") -> Iterator[NumberRow]:
    """Walk a record and its parts in the order of its fields."""
    from equipoise.catalog.records import DragTable

    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        words = prefix + _words(info.alias or name)
        if isinstance(value, Sourced):
            yield _row(words, value)
        elif isinstance(value, DragTable):
            yield _drag_row(words, value)
        elif isinstance(value, BaseModel):
            yield from _rows(value, f"{words}: ")
        elif isinstance(value, tuple):
            for i, part in enumerate(value, start=1):
                if isinstance(part, BaseModel):
                    label = getattr(part, "label", None) or f"{words.removesuffix('s')} {i}"
                    yield from _rows(part, f"{label}: ")


def record_table(record: Record) -> NumberTable:
    """Return the numbers of one catalogue record.

    Parameters
    ----------
    record : Record
        Any record of the catalogue.
    """
    return NumberTable(record.name, tuple(_rows(record)))


def position_table(title: str, records: Sequence[Record]) -> NumberTable:
    """Return latitude, longitude and population of several places, named place by place."""
    rows = [row for record in records for row in _rows(record, f"{record.name}: ")]
    return NumberTable(title, tuple(rows))


def number_tables(study: Study) -> tuple[NumberTable, ...]:
    """Return the numbers of every record that a study uses: battery, its parts, threats, then places.

    Parameters
    ----------
    study : Study
        The study.
    """
    defence = study.defence
    systems: list[Record] = [defence.battery, defence.launcher, defence.interceptor, defence.radar]
    systems += [threat.missile for threat in study.threats]
    areas = {area.id: area for threat in study.threats for area in threat.launch_areas}
    unique = {record.id: record for record in systems}
    return (
        *(record_table(record) for record in unique.values()),
        position_table("Launch areas", list(areas.values())),
        position_table("Site and places", [defence.site, *(p for p in study.places if p.id != defence.site.id)]),
    )


def source_rows(study: Study, tables: Sequence[NumberTable]) -> tuple[SourceRow, ...]:
    """Return the references behind numbers and published findings, in order of first use.

    Parameters
    ----------
    study : Study
        The study.
    tables : sequence of NumberTable
        The numbers it uses.
    """
    sources: dict[str, Source] = {finding.source.id: finding.source for finding in study.published}
    for table in tables:
        for row in table.rows:
            if row.source in study.catalog.sources:
                sources.setdefault(row.source, study.catalog.sources[row.source])
    return tuple(_source_row(source) for source in sources.values())


def _source_row(source: Source) -> SourceRow:
    parts = [part for part in (source.author, f"“{source.title}”", source.publisher, source.date) if part]
    text = ", ".join(parts) + "."
    if source.accessed:
        text += f" Seen {source.accessed}."
    return SourceRow(source.id, text, source.url, source.note)
