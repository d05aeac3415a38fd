"""Writes everything that a reader gets: figures, report, GeoJSON and NetCDF."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.analysis.summary import defended_region
from equipoise.present.captions import figures
from equipoise.present.exports import footprint_geojson, netcdf_bytes, write
from equipoise.present.figure_files import write_figures
from equipoise.present.findings import compose
from equipoise.present.report import render_report
from equipoise.present.results import threat_findings
from equipoise.present.scene import Scene

if TYPE_CHECKING:
    from equipoise.analysis import StudyResults

FILES = (
    ("figures/", "every figure as SVG and as PNG"),
    ("summary.json", "shares, places and what binds for each radar range, and what each input moves"),
    ("footprint.geojson", "footprints, places and launch areas for any mapping program (RFC 7946)"),
    ("footprint.nc", "margin, shots, kill probability and binding constraint on the grid (NetCDF, CF)"),
    ("coverage.nc", "what the radar sees at each altitude (NetCDF, CF)"),
    ("study.yaml", "the study as it was run"),
    ("manifest.json", "inputs, versions and a digest of every file"),
)
_DRAWS = ("uncertainty.nc", "how often each point is defended over the draws (NetCDF, CF)")


def summary_json(results: StudyResults) -> str:
    """Return what every footprint of a study comes to, and what each input moves, as JSON; names end in their unit."""
    content = {
        "study": results.study.id,
        "central_radar_range": results.study.defence.radar_range,
        "radar_ranges": dict(results.summaries),
        "swings": [asdict(swing) for swing in results.swings],
    }
    return json.dumps(content, indent=1, sort_keys=True, allow_nan=False) + "\n"


def publish(
    results: StudyResults, directory: Path, tell: Callable[[str], None] | None = None, *, command: str | None = None
) -> Path:
    """Write the figures, exports and report of a study.

    Parameters
    ----------
    results : StudyResults
        The results.
    directory : Path
        An existing directory.
    tell : callable, optional
        Told what is being written, in words.
    command : str, optional
        What makes the run again; by default ``equipoise run`` with the study's id.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    say = tell if tell is not None else lambda _: None
    study, central = results.study, results.central
    command = command if command is not None else f"equipoise run {study.id}"
    findings = threat_findings(results)
    say("figures")
    drawn = figures(results, findings, command)
    write_figures(directory, drawn)
    say("exports")
    geojson = footprint_geojson(
        central,
        [defended_region(central, [case]) for case in range(central.sizes["case"])],
        Scene.of(study),
        status={finding.missile: finding.status for finding in findings},
        about={"study": study.id, "study_sha256": study.sha256, "radar_range": study.defence.radar_range},
    )
    write(directory / "footprint.geojson", geojson)
    write(directory / "summary.json", summary_json(results))
    write(directory / "footprint.nc", netcdf_bytes(central))
    write(directory / "coverage.nc", netcdf_bytes(results.coverage))
    files = list(FILES)
    if results.uncertainty is not None:
        write(directory / "uncertainty.nc", netcdf_bytes(results.uncertainty))
        files.insert(4, _DRAWS)
    say("report")
    report = render_report(compose(results, [words for words, _ in drawn], findings, command=command, files=files))
    return write(directory / "report.html", report)
