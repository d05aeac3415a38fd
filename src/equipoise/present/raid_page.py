"""The page of a raid study and the files beside it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.analysis.raid_sensitivity import raid_sensitivity_summary
from equipoise.present.exports import write
from equipoise.present.figure_files import write_figures
from equipoise.present.network_names import place_name
from equipoise.present.provenance import plain_number, position_table, record_table, source_rows
from equipoise.present.raid_captions import raid_figures
from equipoise.present.raid_exports import (
    MOST_ROWS,
    curve_csv,
    plain_summary,
    raid_geojson,
    runs_parquet,
    shots_csv,
    summary_text,
    targets_csv,
)
from equipoise.present.raid_names import salvo_name
from equipoise.present.raid_tables import (
    cost_table,
    curve_table,
    layers_table,
    needed_table,
    one_more_table,
    refusals_table,
    spent_table,
    targets_table,
    windows_table,
)
from equipoise.present.raid_words import headlines, lede, limits, method, needed_sentence
from equipoise.present.report import (
    NumberRow,
    NumberTable,
    ReportFigure,
    Section,
    StudyPage,
    environment,
)

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults
    from equipoise.catalog import AnyRecord
    from equipoise.catalog.quantity import Sourced
    from equipoise.study import RaidStudy, Rule

FILES = (
    ("figures/", "every figure as SVG and as PNG"),
    ("summary.json", "every number of this page: leakers, targets, layers, windows, curve, answers, cost"),
    ("curve.csv", "leaked share, exhaustion and rounds by the size of the raid"),
    ("targets.csv", "missiles, leakers and their interval by target"),
    (
        "runs.parquet",
        f"a row for each of the first {MOST_ROWS:,} runs: leakers by target, spent, killed, refused, exhausted",
    ),
    ("shots.csv", "every shot of the run that is shown, with who fired at what"),
    ("raid.geojson", "ground tracks with windows, targets with leakers, launch areas, batteries (RFC 7946)"),
    ("study.yaml", "the study as it was run"),
    ("manifest.json", "inputs, versions, the seed and a digest of every file"),
)

SENSITIVITY = ("sensitivity.json", "Sobol indices: which disputed number the outcome hangs on")


@dataclass(frozen=True, slots=True, kw_only=True)
class RaidPage(StudyPage):
    """Everything that the page of a raid study says: its seed, tables by section, and whether any number is enough."""

    seed: int
    sections: tuple[Section, ...]
    enough: str


def raid_records(study: RaidStudy) -> tuple[AnyRecord, ...]:
    """Return every catalogue record that a raid study uses, each once, as the catalogue has it."""
    catalog = study.catalog
    used: list[AnyRecord] = []
    for layer in study.layers:
        # What the study sets in place of a record's own number is in the study's text, not in the record.
        used += [
            catalog.battery(layer.battery.id),
            layer.launcher,
            catalog.interceptor(layer.interceptor.id),
            layer.site,
        ]
        used += [record for record in (layer.radar, layer.link) if record is not None]
    for sensor in study.sensors:
        used += [sensor.site, sensor.radar]
    for salvo in study.salvos:
        used += [salvo.threat.missile, salvo.launch_area, salvo.target]
    return tuple({f"{record.kind}/{record.id}": record for record in used}.values())


def publish_raid(
    results: RaidResults,
    directory: Path,
    tell: Callable[[str], None],
    *,
    command: str,
) -> Path:
    """Write the figures, exports and page of a raid study.

    Parameters
    ----------
    results : RaidResults
        The results.
    directory : Path
        An existing directory.
    tell : callable
        Told what is being written, in words.
    command : str
        What makes the run again.

    Returns
    -------
    Path
        The page. Everything is the same to the byte each time.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    summary = plain_summary(results)
    tell("figures")
    drawn = raid_figures(results, summary, command)
    write_figures(directory, drawn)
    tell("exports")
    write(directory / "summary.json", summary_text(summary))
    write(directory / "curve.csv", curve_csv(summary))
    write(directory / "targets.csv", targets_csv(summary))
    write(directory / "runs.parquet", runs_parquet(results))
    write(directory / "shots.csv", shots_csv(results))
    write(directory / "raid.geojson", raid_geojson(results, summary))
    if results.sensitivity is not None:
        indices = json.dumps(
            raid_sensitivity_summary(results.sensitivity), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False
        )
        write(directory / SENSITIVITY[0], indices + "\n")
    tell("report")
    page = compose_raid_page(results, summary, tuple(words for words, _ in drawn), command)
    cited = {source.id: number for number, source in enumerate(page.sources, start=1)}
    html = environment().get_template("raid.html.j2").render(page=page, cited=cited)
    return write(directory / "report.html", html)


def compose_raid_page(
    results: RaidResults, summary: Mapping[str, Any], figures: tuple[ReportFigure, ...], command: str
) -> RaidPage:
    """Put the page together.

    Parameters
    ----------
    results : RaidResults
        The results.
    summary : mapping
        From :func:`equipoise.present.raid_exports.plain_summary`.
    figures : tuple of ReportFigure
        In order.
    command : str
        What makes the run again.
    """
    study = results.study
    tables = number_tables(study)
    return RaidPage(
        title=study.title,
        summary=study.summary,
        command=command,
        study_id=study.id,
        study_sha256=study.sha256,
        seed=results.seed,
        lede=lede(study, summary),
        headlines=headlines(study, summary),
        figures=figures,
        sections=sections(results, summary),
        enough=needed_sentence(study, summary),
        limits=limits(study, summary),
        method=method(study, summary),
        files=FILES if results.sensitivity is None else (*FILES[:-2], SENSITIVITY, *FILES[-2:]),
        numbers=tables,
        sources=source_rows(study, tables),
    )


def sections(results: RaidResults, summary: Mapping[str, Any]) -> tuple[Section, ...]:
    """Return the tables of a raid study under their headings."""
    study = results.study
    found = [
        Section("by-target", "What becomes of each target's missiles", "Targets", (targets_table(study, summary),)),
        Section(
            "layers",
            "What each layer spends and kills, and why it does not fire",
            "Layers",
            (layers_table(summary), refusals_table(summary)),
            (windows_table(results),),
        ),
    ]
    if summary["curve"]:
        found.append(Section("sizes", "Raids of other sizes", "Sizes", (curve_table(summary),)))
    answers = (spent_table(summary), needed_table(summary), one_more_table(summary), cost_table(study, summary))
    found.append(Section("questions", "What spends it, what would be enough, what it costs", "Questions", answers))
    return tuple(found)


def number_tables(study: RaidStudy) -> tuple[NumberTable, ...]:
    """Return the numbers of every record that a raid study uses, and those that it sets itself."""
    records = raid_records(study)
    systems = [record for record in records if record.kind not in ("place", "launch_area")]
    return (
        _settings(study),
        *(table for table in map(record_table, systems) if table.rows),
        position_table("Launch areas", [record for record in records if record.kind == "launch_area"]),
        position_table("Targets and sites", [record for record in records if record.kind == "place"]),
    )


def _settings(study: RaidStudy) -> NumberTable:
    rows: list[NumberRow] = []

    def add(quantity: str, value: str, unit: str = "", note: str = "", spread: str = "") -> None:
        rows.append(NumberRow(quantity, value, spread, unit, "study-file", "", "assumed", note))

    def chance(quantity: str, one: Sourced) -> None:
        spread = "" if one.low == one.high else f"{plain_number(one.low)} to {plain_number(one.high)}"
        add(quantity, plain_number(one.value), "", one.note, spread)

    for layer in study.layers:
        add(f"{layer.id}: batteries at {place_name(layer.site.name)}", str(layer.batteries), "", layer.battery.name)
        if layer.battery.launchers.source == "study-file":
            add(f"{layer.id}: launchers of each battery", plain_number(layer.battery.launchers.value))
        if layer.interceptor.kill_probability.source == "study-file":
            chance(f"{layer.id}: kill probability of one shot", layer.interceptor.kill_probability)
        if layer.radar is not None:
            spread_deg = math.degrees(layer.boresight_spread_rad)
            add(
                f"{layer.id}: direction of the radar's face",
                plain_number(round(math.degrees(layer.boresight_rad), 6)),
                "deg",
                "clockwise from north; set by the study",
                f"± {plain_number(round(spread_deg, 6))}" if spread_deg else "",
            )
            add(f"{layer.id}: published range taken", layer.radar_range or "")
        if layer.fires_on:
            add(f"{layer.id}: fires on the tracks of", ", ".join(layer.fires_on))
        add(f"{layer.id}: doctrine", "; ".join(rule_words(rule) for rule in layer.doctrine), "", "the first that holds")
    for sensor in study.sensors:
        add(f"{sensor.id}: published range taken", sensor.radar_range)
    for number, salvo in enumerate(study.salvos, start=1):
        add(
            f"salvo {number}: {salvo_name(salvo)}",
            f"{salvo.count:,}",
            "",
            f"from {plain_number(salvo.start_s)} s on, {plain_number(salvo.spacing_s)} s between missiles; the study's "
            "choice",
        )
    for name, number_of in (
        ("common mode: the whole defence works", study.common_mode.reliability),
        ("common mode: a missile is tracked rightly", study.common_mode.track_probability),
    ):
        if number_of is not None:
            chance(name, number_of)
    return NumberTable("Settings of the study", tuple(rows))


def rule_words(rule: Rule) -> str:
    """Write a rule of a doctrine: ``1, then 1, where all fit``."""
    words = ", then ".join(str(volley) for volley in rule.volleys)
    if rule.all_fit:
        return f"{words}, where all fit"
    if rule.time_left_s is not None:
        return f"{words}, with {plain_number(rule.time_left_s)} s left"
    return words
