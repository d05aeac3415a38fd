"""Writes everything that a reader gets: figures, report, GeoJSON and NetCDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from equipoise.present.exports import footprint_geojson, netcdf_bytes, write
from equipoise.present.findings import compose, figures
from equipoise.present.report import render_report
from equipoise.present.results import StudyResults, threat_findings
from equipoise.present.scene import Scene
from equipoise.present.style import png_bytes

FILES = (
    ("figures/", "every figure as SVG and as PNG"),
    ("footprint.geojson", "footprints, places and launch areas for any mapping program (RFC 7946)"),
    ("footprint.nc", "margin, shots, kill probability and binding constraint on the grid (NetCDF, CF)"),
    ("coverage.nc", "what the radar sees at each altitude (NetCDF, CF)"),
    ("manifest.json", "inputs, versions and a digest of every file"),
)


def publish(results: StudyResults, directory: Path, progress: Callable[[str], None] | None = None) -> Path:
    """Write the figures, exports and report of a study.

    Parameters
    ----------
    results : StudyResults
        The results.
    directory : Path
        An existing directory.
    progress : callable, optional
        Told what is being written, in words.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    tell = progress if progress is not None else lambda _: None
    findings = threat_findings(results)
    tell("figures")
    drawn = figures(results, findings)
    (directory / "figures").mkdir(exist_ok=True)
    for words, figure in drawn:
        write(directory / "figures" / f"{words.id}.svg", words.svg)
        write(directory / "figures" / f"{words.id}.png", png_bytes(figure))
    tell("exports")
    study = results.study
    status = {finding.missile: finding.status for finding in findings}
    about = {"study": study.id, "study_sha256": study.sha256, "radar_range": study.defence.radar_range}
    geojson = footprint_geojson(results.central, results.polygons, Scene.of(study), status=status, about=about)
    write(directory / "footprint.geojson", geojson)
    write(directory / "footprint.nc", netcdf_bytes(results.central))
    write(directory / "coverage.nc", netcdf_bytes(results.coverage))
    tell("report")
    report = render_report(compose(results, [words for words, _ in drawn], findings, FILES))
    return write(directory / "report.html", report)
