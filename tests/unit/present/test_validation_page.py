from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from test_report import Page

from equipoise.analysis.validation import AUTHORITIES, Comparison, Published, Tolerance
from equipoise.present.validation_figure import validation_figure
from equipoise.present.validation_page import render_validation_markdown
from equipoise.present.validation_report import headlines, render_validation_report, write_validation
from equipoise.present.validation_words import (
    cells,
    counts_text,
    difference_text,
    remarks,
    theirs_text,
    tolerance_text,
    validation_answer,
    verdict_line,
)

FEW = Tolerance(relative=0.05, reason="a few per cent")


def made_up(case: str, theirs: Published, ours: float, tolerance: Tolerance = FEW, **more: str) -> Comparison:
    return Comparison("forden-2007", "forden-2007", case, "range <b>", "km", theirs, ours, tolerance, **more)


ROWS = (
    made_up("a number", Published.number(100.0), 101.0),
    made_up("a band | bar", Published.band(53.0, 54.0), 60.0, note="a note"),
    made_up("a bound", Published.at_least(10_000.0), 12_345.0),
    made_up("tuned <script>", Published.number(300.0), 300.0, tuned="the   propellant\nmass"),
)


def test_published_values_in_words() -> None:
    assert theirs_text(Published.number(2111.5)) == "2,111.5"
    assert theirs_text(Published.band(53.0, 54.0)) == "53 to 54"
    assert theirs_text(Published.at_least(10_000.0)) == "at least 10,000"
    assert theirs_text(Published.at_most(7000.0)) == "at most 7,000"


@pytest.mark.parametrize(
    ("theirs", "ours", "tolerance", "difference", "allowed"),
    [
        (Published.number(100.0), 101.5, FEW, "+1.50 %", "5 %"),
        (Published.number(100.0), 99.999, FEW, "0.00 %", "5 %"),
        (Published.number(100.0), 90.0, FEW, "-10.00 %", "5 %"),
        (Published.number(100.0), 100.0, FEW, "0", "5 %"),
        (Published.at_least(100.0), 200.0, FEW, "0", "5 %"),
        (Published.number(100.0), 100.4, Tolerance(absolute=0.5, reason="r"), "+0.4", "0.5 km"),
        (Published.number(100.0), 101.0, Tolerance(0.005, 0.8, "r"), "+1", "0.5 % + 0.8 km"),
        (Published.number(100.0), 100.0, Tolerance(relative=1e-12, reason="r"), "0", "rounding"),
        (Published.number(3.0), 3.0, Tolerance(absolute=1e-9, reason="r"), "0", "exact"),
        (Published.number(0.0), 0.25, Tolerance(relative=0.1, absolute=0.0, reason="r"), "+0.25", "10 %"),
    ],
)
def test_difference_and_tolerance_in_words(
    theirs: Published, ours: float, tolerance: Tolerance, difference: str, allowed: str
) -> None:
    row = made_up("x", theirs, ours, tolerance)
    assert difference_text(row) == difference
    assert tolerance_text(row) == allowed


def test_counts_in_one_line() -> None:
    assert counts_text(ROWS) == "2 met, 1 missed, 1 tuned"
    assert counts_text(()) == "none"
    assert verdict_line(ROWS) == "4 comparisons: 2 met, 1 missed, 1 tuned (published: 2 met, 1 missed, 1 tuned)"
    assert headlines(ROWS)[0].value == "2 of 3"


def test_reasons_tuning_and_notes_stand_once() -> None:
    assert remarks((*ROWS, *ROWS)) == (
        ("tolerance 5 %", "a few per cent"),
        ("tuned", "the propellant mass"),
        ("a band | bar", "a note"),
    )


def test_json_says_everything_of_a_row() -> None:
    answer = validation_answer(ROWS)
    assert answer["counts"] == {"comparisons": 4, "met": 2, "missed": 1, "tuned": 1}
    band, bound = answer["comparisons"][1:3]
    assert (band["theirs"], band["theirs_low"], band["theirs_high"]) == (53.5, 53.0, 54.0)
    assert band["miss"] == pytest.approx(60.0 - 54.0 * 1.05)
    assert (bound["theirs"], bound["theirs_low"], bound["theirs_high"]) == (None, 10_000.0, None)
    assert set(answer["sources"]) == {"forden-2007"}
    json.dumps(answer, allow_nan=False)


def test_the_markdown_page_has_each_row_and_names_the_misses_first() -> None:
    page = render_validation_markdown(ROWS)
    assert "a band \\| bar" in page
    missed = page.split("## What we miss")[1].split("\n## ")[0]
    assert "a band" in missed
    assert "a bound" not in missed
    for row in ROWS:
        assert row.case.replace("|", "\\|") in page.split("## Forden")[1]
    assert "- *tuned*: the propellant mass." in page
    anchors = re.findall(r"^\((validation-[a-z0-9-]+)\)=$", page, re.MULTILINE)
    assert re.findall(r"\(#(validation-[a-z0-9-]+)\)", page) == anchors


def test_the_report_is_one_sound_page_with_each_row() -> None:
    html = render_validation_report(ROWS)
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    assert "tuned <script>" in page.text
    assert "<script" not in html
    assert not {"script", "link", "iframe", "object", "embed", "base"} & {tag for tag, _ in page.tags}
    assert all(a.get("scope") in {"col", "row"} for tag, a in page.tags if tag == "th")
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.tags:
        href = attributes.get("href")
        if tag == "a" and href is not None and href.startswith("#"):
            assert href[1:] in ids
    for row in ROWS:
        assert all(cell in page.text for cell in cells(row)[:-1])


def test_the_figure_holds_a_mark_for_each_row_even_where_ours_is_far_out() -> None:
    far = (*ROWS, made_up("far", Published.number(1.0), 1e9))
    axes = validation_figure(far).axes[0]
    drawn = [point for marks in axes.collections for point in marks.get_offsets() if math.isfinite(point[0])]
    assert len(drawn) == len(far)
    low, high = axes.get_xlim()
    assert all(low < x < high for x, _ in drawn)


def test_the_directory_is_sealed_and_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert write_validation(ROWS, tmp_path / name) == tmp_path / name / "report.html"
    first, second = (
        {p.relative_to(d): p.read_bytes() for p in d.rglob("*") if p.is_file()} for d in tmp_path.iterdir()
    )
    assert first == second
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text(encoding="utf-8"))
    figures = ("differences", "flight-times", "standard-ranges")
    drawn = {f"figures/{figure}.{suffix}" for figure in figures for suffix in ("svg", "png")}
    assert {"report.html", "validation.json", *drawn} == set(manifest["files"])
    assert "forden_2007" in manifest["authorities"]
    assert "missile/nodong" in manifest["catalogue"]
    assert not {"study", "seed"} & set(manifest)


def test_each_authority_has_a_title_of_its_own_and_says_what_it_compares() -> None:
    assert len({authority.id for authority in AUTHORITIES}) == len({a.title for a in AUTHORITIES}) == len(AUTHORITIES)
    assert all(len(authority.about) > 40 for authority in AUTHORITIES)
