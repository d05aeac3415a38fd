"""Figures as files: each as SVG, as it stands in its page, and as PNG."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.present.exports import write
from equipoise.present.report import ReportFigure
from equipoise.present.style import png_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write_figures(directory: Path, drawn: Iterable[tuple[ReportFigure, Figure]]) -> None:
    """Write figures into ``figures/`` of a directory, each under its id.

    Parameters
    ----------
    directory : Path
        An existing directory.
    drawn : iterable of (ReportFigure, Figure)
        The figures with their words.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    place = directory / "figures"
    place.mkdir(exist_ok=True)
    for words, figure in drawn:
        write(place / f"{words.id}.svg", words.svg)
        write(place / f"{words.id}.png", png_bytes(figure))
