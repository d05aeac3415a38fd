"""Every number that a study uses, as rows of a table, and the references behind them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

from equipoise.catalog.quantity import Sourced
from equipoise.present.report import NumberRow, NumberTable, SourceRow
from equipoise.study.raid_model import RaidStudy

if TYPE_CHECKING:
    from equipoise.catalog.positions import LaunchAreaRecord, PlaceRecord
    from equipoise.catalog.records import DragTable, Record, Source
    from equipoise.study import AnyStudy, Study


def plain_number(value: float) -> str:
    """Write a number as people do: thousands with commas, no trailing zeros, powers of ten only where they help.

    Examples
    --------
    >>> plain_number(20900.0), plain_number(0.010), plain_number(1e-6), plain_number(10349312)
    ('20,900', '0.01', '10⁻⁶', '10,349,312')
    """
    if value != 0.0 and (abs(value) < 1e-4 or abs(value) >= 1e12):
        mantissa, exponent = f"{value:.3e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        power = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
        return power if mantissa == "1" else f"{mantissa}·{power}"
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text or "0"


_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SPELT_OUT = {
    "isp": "specific impulse,",
    "rcs": "radar cross-section,",
    "snr": "signal-to-noise ratio",
    "max": "greatest",
    "min": "least",
}


def field_words(name: str) -> str:
    """Turn a field's name into words: ``isp_sea_level`` into ``specific impulse, sea level``."""
    if name == "elevation_max":
        return "greatest elevation"
    return " ".join(_SPELT_OUT.get(word, word) for word in name.split("_")).rstrip(",")


def plain_unit(unit: str) -> str:
    """Write a unit as people do: nothing for ratios, a raised two for squares."""
    return "" if unit == "1" else unit.replace("m2", "m²")


def _row(quantity: str, number: Sourced) -> NumberRow:
    spread = number.written_low != number.written_high
    return NumberRow(
        quantity=quantity,
        value=plain_number(number.written),
        range=f"{plain_number(number.written_low)} to {plain_number(number.written_high)}" if spread else "",
        unit=plain_unit(number.unit),
        source=number.source,
        where=number.where,
        grade=number.grade,
        note=number.note,
    )


def _drag_row(quantity: str, drag: DragTable) -> NumberRow:
    points = "; ".join(f"{mach:g}: {cd:g}" for mach, cd in zip(drag.mach, drag.cd, strict=True))
    note = f"Mach number: coefficient {points}. {drag.note}".rstrip()
    return NumberRow(quantity, "table", "", "", drag.source, drag.where, drag.grade, note)


def _rows(model: BaseModel, prefix: str = "") -> Iterator[NumberRow]:
    """Walk a record and its parts in the order of its fields."""
    from equipoise.catalog.records import DragTable

    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        words = prefix + field_words(info.alias or name)
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


def position_table(title: str, records: Sequence[LaunchAreaRecord | PlaceRecord]) -> NumberTable:
    """Return latitude, longitude and population of several places, named place by place.

    Parameters
    ----------
    title : str
        Of the table.
    records : sequence of LaunchAreaRecord or PlaceRecord
        The places.
    """
    rows = []
    for record in records:
        lat, lon = record.latitude, record.longitude
        half = (lat.written_high - lat.written_low) / 2.0
        rows.append(
            NumberRow(
                quantity=f"{record.name}: latitude, longitude",
                value=f"{plain_number(lat.written)}, {plain_number(lon.written)}",
                range=f"± {plain_number(round(half, 6))}" if half else "",
                unit=plain_unit(lat.unit),
                source=lat.source,
                where=lat.where,
                grade=lat.grade,
                note=lat.note or record.note,
            )
        )
        population = getattr(record, "population", None)
        if isinstance(population, Sourced):
            rows.append(_row(f"{record.name}: population", population))
    return NumberTable(title, tuple(rows))


def study_table(study: Study) -> NumberTable:
    """Return the numbers that the study itself sets.

    Parameters
    ----------
    study : Study
        The study.
    """
    grid = study.grid
    edges = [math.degrees(edge) for edge in (grid.south_rad, grid.north_rad, grid.west_rad, grid.east_rad)]
    altitudes = ", ".join(plain_number(altitude / 1e3) for altitude in study.coverage_altitudes_m)
    settings = (
        ("rows and columns of the grid", f"{grid.rows} by {grid.columns}", "", "aim points, evenly spaced in degrees"),
        (
            "edges of the grid: south, north, west, east",
            ", ".join(f"{edge:.2f}" for edge in edges),
            "deg",
            "the outer edges of the cells",
        ),
        ("altitudes of the coverage maps", altitudes, "km", "above the ellipsoid"),
        ("draws from the inputs' ranges", str(study.uncertainty.draws), "", f"seed {study.uncertainty.seed}"),
    )
    spread_deg = math.degrees(study.defence.boresight_spread_rad)
    face = NumberRow(
        quantity="direction of the radar's face",
        value=plain_number(round(math.degrees(study.defence.boresight_rad), 6)),
        range=f"± {plain_number(round(spread_deg, 6))}" if spread_deg else "",
        unit="deg",
        source="study-file",
        where="",
        grade="assumed",
        note="clockwise from north; not published, set by the study",
    )
    rows = [NumberRow(what, value, "", unit, "study-file", "", "assumed", note) for what, value, unit, note in settings]
    return NumberTable("Settings of the study", (face, *rows))


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
    areas: dict[str, LaunchAreaRecord] = {area.id: area for threat in study.threats for area in threat.launch_areas}
    unique = {record.id: record for record in systems}
    return (
        study_table(study),
        *(record_table(record) for record in unique.values()),
        position_table("Launch areas", list(areas.values())),
        position_table("Site and places", [defence.site, *(p for p in study.places if p.id != defence.site.id)]),
    )


def source_rows(study: AnyStudy, tables: Sequence[NumberTable], others: Sequence[str] = ()) -> tuple[SourceRow, ...]:
    """Return the references behind numbers and published findings, in order of first use.

    Parameters
    ----------
    study : Study, NetworkStudy or RaidStudy
        The study; a raid study has no published findings.
    tables : sequence of NumberTable
        The numbers it uses.
    others : sequence of str
        Ids of further references, after those of the published findings.
    """
    sources: dict[str, Source] = {}
    if not isinstance(study, RaidStudy):
        sources |= {finding.source.id: finding.source for finding in study.published}
    sources.update({id: study.catalog.source(id) for id in others})
    for table in tables:
        for row in table.rows:
            if row.source in study.catalog.sources:
                sources.setdefault(row.source, study.catalog.sources[row.source])
    return tuple(source_row(source) for source in sources.values())


def source_row(source: Source) -> SourceRow:
    """Return a reference as a row of the list of sources."""
    parts = [part for part in (source.author, f"“{source.title}”", source.publisher, source.date) if part]
    text = ", ".join(parts) + "."
    if source.accessed:
        text += f" Seen {source.accessed}."
    return SourceRow(source.id, text, source.url, source.note)
