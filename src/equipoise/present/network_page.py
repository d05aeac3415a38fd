"""The page of a network study and the files beside it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.analysis.near_radar import near_radar
from equipoise.analysis.network_summary import network_summary
from equipoise.physics.geodesy import Site, destination
from equipoise.present.balance_page import (
    balance_figures,
    balance_file_rows,
    balance_headlines,
    balance_lede,
    balance_limits,
    balance_method,
    balance_records,
    balance_section,
    balance_settings,
    write_balance,
)
from equipoise.present.engagement_tables import engagement_section, engagements_csv
from equipoise.present.exports import DECIMALS, feature, ground_track, netcdf_bytes, write
from equipoise.present.figure_files import write_figures
from equipoise.present.network_captions import network_figures
from equipoise.present.network_tables import (
    alternatives_table,
    arcs_table,
    cues_table,
    defended_table,
    example_table,
    out_of_reach_table,
    sensors_table,
    variants_table,
    ways_table,
    worth_tables,
)
from equipoise.present.network_words import compare, headlines, lede, limits, method
from equipoise.present.provenance import plain_number, position_table, record_table, source_rows
from equipoise.present.report import (
    ComparisonRow,
    NumberRow,
    NumberTable,
    ReportFigure,
    Section,
    StudyPage,
    environment,
)

if TYPE_CHECKING:
    from equipoise.analysis.balance import BalanceResults
    from equipoise.analysis.network_results import NetworkResults
    from equipoise.catalog import AnyRecord
    from equipoise.study import NetworkStudy

FILES = (
    ("figures/", "every figure as SVG and as PNG"),
    ("summary.json", "every number of this page: sensors, arcs, variants of the network, shares, the example"),
    ("views.nc", "what each sensor sees of each arc by itself (NetCDF, CF)"),
    ("alternatives.nc", "what each way to take the focus sees of each arc (NetCDF, CF)"),
    ("arcs.geojson", "ground tracks, sensors, launch areas, targets and ellipses of impact (RFC 7946)"),
    ("coverage.nc", "what the focus sees at each altitude, by each published range (NetCDF, CF)"),
    ("cut.nc", "what it sees in a vertical plane (NetCDF, CF)"),
    ("study.yaml", "the study as it was run"),
    ("manifest.json", "inputs, versions and a digest of every file"),
)
ENGAGEMENTS_FILE = ("engagements.csv", "what each battery reaches of each arc, by burnout speed and limits")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPage(StudyPage):
    """Everything that the page of a network study says: tables by section, and the public record beside ours."""

    sections: tuple[Section, ...]
    comparisons: tuple[ComparisonRow, ...]


def network_records(study: NetworkStudy) -> tuple[AnyRecord, ...]:
    """Return every catalogue record that a network study uses, each once."""
    used: list[AnyRecord] = []
    for sensor in study.sensors:
        used += [sensor.site, sensor.radar]
    for group in study.groups:
        used += [group.missile, *group.launch_areas, *group.targets]
    if study.network is not None:
        if study.network.warning is not None:
            used.append(study.network.warning.record)
        used += [link.record for link in study.network.links]
        for shooter in study.network.shooters:
            used += [shooter.battery, shooter.launcher, shooter.interceptor, shooter.site]
            for threat in shooter.threats:
                used += [threat.missile, *threat.launch_areas]
    for item in study.engage:
        used += [item.battery, item.launcher, item.interceptor, item.site]
    if study.balance is not None:
        used += balance_records(study.balance)
    return tuple({f"{record.kind}/{record.id}": record for record in used}.values())


def publish_network(results: NetworkResults, directory: Path, tell: Callable[[str], None], *, command: str) -> Path:
    """Write the figures, exports and page of a network study.

    Parameters
    ----------
    results : NetworkResults
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
    tell("figures")
    summary = network_summary(results)
    drawn = network_figures(results, command)
    if results.balance is not None:
        drawn = balance_figures(results.balance, summary["balance"], command) + drawn
    write_figures(directory, drawn)
    tell("exports")
    write(directory / "summary.json", json.dumps(summary, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    if results.balance is not None:
        write_balance(directory, summary["balance"])
    write(directory / "views.nc", netcdf_bytes(results.views))
    write(directory / "alternatives.nc", netcdf_bytes(results.alternatives))
    write(directory / "coverage.nc", netcdf_bytes(results.coverage))
    write(directory / "cut.nc", netcdf_bytes(results.cut))
    write(directory / "arcs.geojson", arcs_geojson(results))
    if results.engagements:
        write(directory / ENGAGEMENTS_FILE[0], engagements_csv(results))
    tell("report")
    page = compose_page(results, tuple(words for words, _ in drawn), command)
    if results.balance is not None:
        page = with_balance(page, results.balance, summary["balance"])
    cited = {source.id: number for number, source in enumerate(page.sources, start=1)}
    html = environment().get_template("network.html.j2").render(page=page, cited=cited)
    return write(directory / "report.html", html)


def compose_page(results: NetworkResults, figures: tuple[ReportFigure, ...], command: str) -> NetworkPage:
    """Put the page together.

    Parameters
    ----------
    results : NetworkResults
        The results.
    figures : tuple of ReportFigure
        In order.
    command : str
        What makes the run again.
    """
    study = results.study
    tables = number_tables(study)
    near = near_radar(study.sensor(study.focus).radar)
    return NetworkPage(
        title=study.title,
        summary=study.summary,
        command=command,
        study_id=study.id,
        study_sha256=study.sha256,
        lede=lede(results),
        headlines=headlines(results),
        figures=figures,
        sections=sections(results),
        comparisons=tuple(compare(results, claim) for claim in study.published),
        limits=limits(results),
        method=method(results),
        files=(*FILES, ENGAGEMENTS_FILE) if results.engagements else FILES,
        numbers=tables,
        sources=source_rows(study, tables, [one.source for one in near.measured] if near is not None else []),
    )


def with_balance(page: NetworkPage, balance: BalanceResults, summary: Mapping[str, Any]) -> NetworkPage:
    """Return the page with what it says of the balance: sentences, tables, limits, method and files."""
    return replace(
        page,
        lede=(*balance_lede(summary), *page.lede),
        headlines=(*balance_headlines(summary), *page.headlines),
        sections=(balance_section(summary), *page.sections),
        limits=(*page.limits, *balance_limits()),
        method=(*page.method, *balance_method(balance)),
        files=(*page.files, *balance_file_rows(summary)),
    )


def sections(results: NetworkResults) -> tuple[Section, ...]:
    """Return the tables of a network study under their headings."""
    study = results.study
    missing = out_of_reach_table(results)
    focus = study.sensor(study.focus)
    others = (missing,) if missing else ()
    found = [
        Section(
            "ways",
            f"What {focus.name} sees, by each way to take it",
            "By range and mode",
            (alternatives_table(results),),
            (ways_table(results),),
        ),
        Section(
            "sensors",
            "What each sensor sees by itself",
            "By sensor",
            (sensors_table(results), *others),
            (arcs_table(results),),
        ),
    ]
    if study.network is not None:
        defended = defended_table(results)
        joined = (variants_table(results), *((defended,) if defended else ()), cues_table(results))
        found.append(Section("network", "What joining them brings", "The network", joined))
    if results.engagements:
        found.append(engagement_section(results))
    if results.worth:
        found.append(Section("worth", "What each element is worth", "Worth", worth_tables(results)))
    found.append(Section("example", "One arc in full", "One arc", (example_table(results),)))
    return tuple(found)


def number_tables(study: NetworkStudy) -> tuple[NumberTable, ...]:
    """Return the numbers of every record that a network study uses, and those that it sets itself."""
    records = network_records(study)
    placed = ("place", "launch_area")
    systems = [record for record in records if record.kind not in placed]
    return (
        _settings(study),
        *(table for table in map(record_table, systems) if table.rows),
        position_table("Launch areas", [record for record in records if record.kind == "launch_area"]),
        position_table("Targets and sites", [record for record in records if record.kind == "place"]),
    )


def _settings(study: NetworkStudy) -> NumberTable:
    rows = []

    def add(quantity: str, value: str, unit: str, note: str) -> None:
        rows.append(NumberRow(quantity, value, "", unit, "study-file", "", "assumed", note))

    for sensor in study.sensors:
        mode = sensor.mode or "unstated"
        add(f"{sensor.id}: published range taken", sensor.radar_range, "", f"mode: {mode}")
        if sensor.site.mobile:
            where = ", ".join(plain_number(round(math.degrees(angle), 1)) for angle in (sensor.lat_rad, sensor.lon_rad))
            heading = plain_number(round(math.degrees(sensor.turn_rad) % 360.0, 1))
            add(
                f"{sensor.id}: latitude, longitude, heading",
                f"{where}, {heading}",
                "deg",
                "it moves; the study's choice",
            )
    add("altitudes of the coverage maps", ", ".join(plain_number(h / 1e3) for h in study.coverage_altitudes_m), "km",
        "above the ellipsoid")  # fmt: skip
    add("azimuth of the vertical cut", plain_number(round(math.degrees(study.cut.az_rad), 1)), "deg", "from the focus")
    if study.balance is not None:
        rows += balance_settings(study.balance)
    return NumberTable("Settings of the study", tuple(rows))


def arcs_geojson(results: NetworkResults) -> str:
    """Write tracks, sensors, launch areas, targets and impact ellipses as GeoJSON; tracks part at 180 degrees."""
    features = []
    for i, case in enumerate(results.arcs.cases):
        seen = {
            str(sensor): round(float(value), 1)
            for sensor, value in zip(results.views["sensor"].values, results.views["in_view_s"].values[i], strict=True)
        }
        properties = {
            "kind": "arc",
            "group": case.group,
            "missile": case.missile.id,
            "launch_area": case.launch_area.id,
            "target": case.target.id,
            "range_km": round(case.flown.range_m / 1e3, 1),
            "apogee_km": round(case.flown.apogee_m / 1e3, 1),
            "time_of_flight_s": round(case.flown.time_of_flight_s, 1),
            "in_view_s": seen,
        }
        features.append(feature(f"arc/{case.id}", ground_track(case.flown), properties))
    points: dict[str, tuple[str, str, float, float]] = {}
    for sensor in results.study.sensors:
        points[f"sensor/{sensor.id}"] = ("sensor", sensor.name, sensor.lat_rad, sensor.lon_rad)
    for group in results.study.groups:
        for area in group.launch_areas:
            points[f"launch_area/{area.id}"] = ("launch_area", area.name, area.lat_rad, area.lon_rad)
        for target in group.targets:
            points[f"target/{target.id}"] = ("target", target.name, target.lat_rad, target.lon_rad)
    for identifier, (kind, name, lat_rad, lon_rad) in points.items():
        at = [round(math.degrees(lon_rad), DECIMALS), round(math.degrees(lat_rad), DECIMALS)]
        features.append(feature(identifier, {"type": "Point", "coordinates": at}, {"kind": kind, "name": name}))
    features += _ellipses(results)
    document = {"type": "FeatureCollection", "study": results.study.id, "features": features}
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _ellipses(results: NetworkResults) -> list[dict[str, Any]]:
    """Return ellipses of one standard deviation of the example's predicted impact: the focus alone, and all joined.

    As they are 30 and 120 s after the first moment at which the looks determine a track, and at the end.
    """
    example = results.example
    own = next((row.bound for row in example.rows if row.sensor == results.study.focus), None)
    features = []
    for who, bound in ((results.study.focus, own), ("joined", example.joined)):
        if bound is None:
            continue
        first_s, last_s = float(bound.time_s[bound.determined][0]), float(bound.time_s[-1])
        ellipses = bound.impact_ellipses
        for when_s in sorted({min(first_s + 30.0, last_s), min(first_s + 120.0, last_s), last_s}):
            i = int(np.searchsorted(bound.time_s, when_s))
            size = float(ellipses.semi_major_m[i]), float(ellipses.semi_minor_m[i])
            properties = {
                "kind": "impact_ellipse",
                "sensors": who,
                "time_s": round(float(bound.time_s[i]), 1),
                "semi_major_km": round(size[0] / 1e3, 6),
                "semi_minor_km": round(size[1] / 1e3, 6),
                "standard_deviations": 1,
            }
            ring = _ellipse_ring(example.case.flown.impact_site, *size, float(ellipses.az_rad[i]))
            geometry = {"type": "Polygon", "coordinates": [ring]}
            features.append(feature(f"impact_ellipse/{who}/{bound.time_s[i]:.0f}", geometry, properties))
    return features


def _ellipse_ring(middle: Site, semi_major_m: float, semi_minor_m: float, az_rad: float) -> list[list[float]]:
    """Return the closed ring of an ellipse around a place, anticlockwise, to 0.1 m."""
    turn = np.linspace(0.0, 2.0 * math.pi, 73)
    along_m, across_m = semi_major_m * np.cos(turn), semi_minor_m * np.sin(turn)
    # Across is to the left of the long axis, so that the ring runs anticlockwise.
    azimuth = az_rad - np.arctan2(across_m, along_m)
    ends = [
        destination(middle, float(az), float(r)) for az, r in zip(azimuth, np.hypot(along_m, across_m), strict=True)
    ]
    ring = [[round(end.lon_deg, 6), round(end.lat_deg, 6)] for end in ends]
    return [*ring[:-1], ring[0]]
