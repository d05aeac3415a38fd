"""The catalogue as Markdown: every number with its range, source and grade, then the references."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from equipoise.catalog.exposure import radiation_assumptions
from equipoise.catalog.library import Catalog
from equipoise.catalog.positions import LaunchAreaRecord
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.records import BatteryRecord, ForceRecord, Source

_HEADINGS = {
    "missile": "Missile classes",
    "interceptor": "Interceptors",
    "launcher": "Launchers",
    "radar": "Radars",
    "battery": "Batteries",
    "sensor_site": "Sensor sites",
    "launch_warning": "Launch warning",
    "data_link": "Data links",
    "force": "Strategic forces",
    "place": "Places",
    "launch_area": "Launch areas",
}
_IN_ONE_TABLE = ("place", "launch_area")
_NUMBER_HEAD = ("| number | value | grade | source | note |", "|---|---|---|---|---|")


def numbers(record: BaseModel, prefix: str = "") -> Iterator[tuple[str, Sourced]]:
    """Yield every number of a record with its path in the file, for example ``("stages[0].propellant", ...)``.

    Parameters
    ----------
    record : BaseModel
        A record or a part of one.
    prefix : str
        Path of the part in its record.
    """
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        path = f"{prefix}{field.alias or name}"
        if isinstance(value, Sourced):
            yield path, value
        elif isinstance(value, BaseModel):
            yield from numbers(value, f"{path}.")
        elif isinstance(value, tuple):
            for i, item in enumerate(value):
                if isinstance(item, BaseModel):
                    label = getattr(item, "name", i)
                    yield from numbers(item, f"{path}[{label}].")


def number_text(number: Sourced) -> str:
    """Return a number as people read it: value, range and unit, as the file writes them."""
    unit = "" if number.unit == "1" else f" {number.unit}"
    text = f"{_plain(number.written)}{unit}"
    if number.written_low < number.written_high:
        text += f" ({_plain(number.written_low)} to {_plain(number.written_high)})"
    return text


def _plain(value: float) -> str:
    if value != 0 and not 1e-4 <= abs(value) < 1e15:
        return f"{value:g}"
    text = f"{value:,.10f}".rstrip("0").rstrip(".")
    return text.replace(",", "") if abs(value) < 10_000 else text


def render_markdown(catalog: Catalog) -> str:
    """Return the whole catalogue as one Markdown page.

    Parameters
    ----------
    catalog : Catalog
        What to render.

    Returns
    -------
    str
        Headings per kind and record, a table of numbers under each, and the list of references, whose anchors the
        tables link to.
    """
    lines = ["# Catalogue", "", *_introduction()]
    for kind, heading in _HEADINGS.items():
        lines += ["", f"## {heading}"]
        if kind in _IN_ONE_TABLE:
            lines += ["", *_position_table(catalog, kind)]
            continue
        for id in catalog.ids(kind):
            lines += ["", *_record_section(catalog, id)]
    lines += ["", "## Radiation near a radar", "", *_NUMBER_HEAD, *_number_rows(radiation_assumptions())]
    lines += ["", "## Sources", ""]
    for source in catalog.sources.values():
        lines += [f"(source-{source.id})=", f"**{source.id}**: {_reference(source)}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _introduction() -> list[str]:
    return [
        "Every number of the bundled records, with its range in brackets. *official*: a government's own statement;",
        "*reported*: published by others; *derived*: computed from published numbers, the note says how; *assumed*:",
        "Equipoise's own judgement, the note says why. Uncertainty runs draw from the ranges.",
    ]


def _record_section(catalog: Catalog, id: str) -> list[str]:
    record = catalog.record(id)
    lines = [f"### {record.name} (`{record.id}`)", ""]
    for name in ("note", "refusal", "tuning"):
        text = getattr(record, name, None)
        if text:
            lead = {"note": "", "refusal": "Not ballistic: ", "tuning": "Tuning: "}[name]
            lines += [_cell(lead + " ".join(text.split()).rstrip(".") + "."), ""]
    radar, mode = getattr(record, "radar", None), getattr(record, "mode", None)
    if radar is not None and mode is not None:
        place = getattr(record, "place", None)
        where = f" at `{place}`" if place else ", mobile" if getattr(record, "mobile", False) else ""
        lines += [f"Radar `{radar}`{where}, mode {mode}.", ""]
    if isinstance(record, BatteryRecord):
        owned = f"radar `{record.radar}`" if record.radar else "no radar of its own"
        lines += [f"Interceptor `{record.interceptor}`, launcher `{record.launcher}`, {owned}.", ""]
    if isinstance(record, ForceRecord):
        for one in record.published:
            lines += [_cell(f"`{one.name}`: {one.label}; {one.counts}."), ""]
    lines += [*_NUMBER_HEAD, *_number_rows(record)]
    drag = getattr(record, "drag", None)
    if drag is not None:
        points = ", ".join(f"{mach:g}: {cd:g}" for mach, cd in zip(drag.mach, drag.cd, strict=True))
        cells = ("`drag` (Mach: Cd)", points, drag.grade, _link(drag.source), " ".join(drag.note.split()))
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return lines


def _number_rows(record: BaseModel) -> Iterator[str]:
    for path, number in numbers(record):
        where = f", {number.where}" if number.where else ""
        cells = (f"`{path}`", number_text(number), number.grade, f"{_link(number.source)}{where}", number.note)
        yield "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _position_table(catalog: Catalog, kind: str) -> list[str]:
    lines = ["| id | name | country | latitude | longitude | population | source | note |", "|" + "---|" * 8]
    for id in catalog.ids(kind):
        record = catalog.place(id) if kind == "place" else catalog.launch_area(id)
        population = getattr(record, "population", None)
        source = f"{_link(record.latitude.source)} ({record.latitude.grade})"
        if population is not None and population.source != record.latitude.source:
            source += f"; population {_link(population.source)} ({population.grade})"
        note = record.note
        if isinstance(record, LaunchAreaRecord) and record.basis is not None:
            source += f"; missiles {_link(record.basis.source)} ({record.basis.grade})"
            note = f"{record.basis.note}; {note}" if note else record.basis.note
        cells = (
            f"`{id}`",
            record.name,
            record.country,
            f"{record.latitude.written:g}",
            f"{record.longitude.written:g}",
            "" if population is None else f"{population.written:,.0f}",
            source,
            note,
        )
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return lines


def _link(source: str) -> str:
    return f"[{source}](#source-{source})"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _reference(source: Source) -> str:
    parts = [source.author, f"*{source.title}*", source.publisher, source.date]
    text = ", ".join(part for part in parts if part)
    if source.url:
        text += f", <{source.url}>"
    if source.accessed:
        text += f" (accessed {source.accessed})"
    return _cell(f"{text}. {source.note}".rstrip().rstrip(".") + ".")
