"""The report of a study: one HTML file that needs nothing else, for a reader who has never seen the program.

This module knows what a report holds and how it is laid out; :mod:`equipoise.present.findings` fills it from results.
"""

from __future__ import annotations

import base64
import functools
from dataclasses import dataclass

import jinja2

from equipoise._version import __version__


@dataclass(frozen=True, slots=True)
class Headline:
    """One number at the head of the report, with what it says and how sure it is."""

    value: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """A figure with the words that go with it.

    Parameters
    ----------
    id : str
        File name without suffix, and anchor in the report.
    title, caption, alt : str
        Heading; what one sees; the same for a reader who cannot see it.
    command : str
        What remakes it.
    svg : bytes
        The drawing.
    """

    id: str
    title: str
    caption: str
    alt: str
    command: str
    svg: bytes

    @property
    def data_uri(self) -> str:
        """The drawing as a data address, so that the report needs no other file."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg).decode("ascii")


@dataclass(frozen=True, slots=True)
class PlaceCell:
    """How one place stands against one threat: a key for the mark, and the reason in words."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place, its population as written, and one cell per threat."""

    name: str
    population: str
    cells: tuple[PlaceCell, ...]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """What somebody published, what this study finds, and which inputs decide a difference."""

    claim: str
    by: str
    date: str
    source: str
    ours: str
    verdict: str
    inputs: str


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number used: what it is, how it is written, and where it comes from."""

    quantity: str
    value: str
    range: str
    unit: str
    source: str
    where: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True)
class NumberTable:
    """The numbers of one catalogue record."""

    title: str
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table as written: the first column names the row, the others are numbers or words."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Tables under one heading.

    ``short`` is what the list of contents calls it, ``folded`` the long tables, ``folded_title`` what opens them.
    """

    id: str
    title: str
    short: str
    tables: tuple[WrittenTable, ...]
    folded: tuple[WrittenTable, ...] = ()
    folded_title: str = "Arc by arc"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A reference."""

    id: str
    text: str
    url: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPage:
    """What the page of every kind of study says.

    Parameters
    ----------
    title, summary : str
        Of the study.
    command : str
        What remakes the run.
    study_id, study_sha256 : str
        Which study, and the hash of its text.
    lede : tuple of str
        The findings in a few sentences.
    headlines : tuple of Headline
        Numbers at the head.
    figures : tuple of ReportFigure
        In reading order.
    numbers : tuple of NumberTable
        Every number used.
    sources : tuple of SourceRow
        Every reference used.
    limits, method : tuple of str
        What this cannot tell; how it was done.
    files : tuple of (str, str)
        Other files of the run and what they hold.
    """

    title: str
    summary: str
    command: str
    study_id: str
    study_sha256: str
    lede: tuple[str, ...]
    headlines: tuple[Headline, ...]
    figures: tuple[ReportFigure, ...]
    numbers: tuple[NumberTable, ...]
    sources: tuple[SourceRow, ...]
    limits: tuple[str, ...]
    method: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent(StudyPage):
    """Everything a report of a footprint study says.

    Parameters
    ----------
    seed : int
        Of every random draw.
    threats : tuple of str
        Column heads of the places table.
    places : tuple of PlaceRow
        Places in or out, and why.
    comparisons : tuple of ComparisonRow
        The public record beside ours.
    """

    seed: int
    threats: tuple[str, ...]
    places: tuple[PlaceRow, ...]
    comparisons: tuple[ComparisonRow, ...]


STATUS_MARKS = {"all": "●", "some": "◐", "none": "○", "out of range": "–"}
STATUS_WORDS = {
    "all": "defended",
    "some": "defended from some launch areas",
    "none": "not defended",
    "out of range": "out of range",
}


@functools.cache
def environment() -> jinja2.Environment:
    """Return the templates of every page: texts escaped, a missing name an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("equipoise.present"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(version=__version__, marks=STATUS_MARKS, words=STATUS_WORDS)
    return made


def render_report(content: ReportContent) -> str:
    """Lay a report out as one HTML page without scripts, style sheets or pictures from elsewhere.

    Parameters
    ----------
    content : ReportContent
        What to say.

    Returns
    -------
    str
        The page. Every text is escaped; the only addresses are those of cited sources.
    """
    cited = {source.id: number for number, source in enumerate(content.sources, start=1)}
    return environment().get_template("report.html.j2").render(report=content, cited=cited)
