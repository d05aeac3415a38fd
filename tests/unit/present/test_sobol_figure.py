"""The figure of Sobol indices and the words beside it, from made-up indices."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from equipoise.analysis import Factor, Sensitivity, SobolIndices, StudyResults
from equipoise.analysis.sensitivity import MEAN
from equipoise.analysis.sobol import FactorIndices, OutputIndices
from equipoise.present.captions import figures as report_figures
from equipoise.present.results import threat_findings
from equipoise.present.sensitivity_words import leading_words, output_table, sensitivity_figure, wording
from equipoise.present.sobol_figure import shown_factors, shown_outputs, sobol_figure
from equipoise.present.style import png_bytes, svg_bytes
from equipoise.study import load_study

RANGES = ("ministry-600", "lewis-postol-870", "nas-1500", "press-2000", "csis-3000")
FACTORS = (
    Factor("an-tpy-2", "radar_range", alternatives=RANGES),
    Factor("thaad", "max_range", "km", 150.0, 200.0, 200.0),
    Factor("study", "boresight", "deg", 315.0, None, 365.0),
    Factor("an-tpy-2", "reference_rcs (ministry-600)", "m2", 0.001, 0.01, 1.0),
    Factor("nodong", "rcs_nose", "m2", 0.002, 0.01, 0.1),
    Factor("an-tpy-2", "average_power", "kW", 60.0, 81.0, 100.0),
    *(Factor("thaad", f"number_{i}", low=0.0, high=1.0) for i in range(9)),
)
# First order, half-width, total, half-width: one estimate below zero, one interval beyond one.
NUMBERS = [
    (0.42, 0.11, 0.66, 0.4),
    (0.2, 0.08, 0.25, 0.06),
    (0.1, 0.05, 0.12, 0.03),
    (-0.03, 0.06, 0.09, 0.05),
    (0.02, 0.04, 0.05, 0.02),
    (0.0, 0.0, 0.0, 0.0),
    *((0.01, 0.01, 0.02, 0.01),) * 9,
]


def output(name: str, spread: float = 0.1, factor: float = 1.0) -> OutputIndices:
    found = tuple(
        FactorIndices(each, s1 * factor, s1_half, st * factor, st_half)
        for each, (s1, s1_half, st, st_half) in zip(FACTORS, NUMBERS, strict=True)
    )
    return OutputIndices(name, 0.5, spread, (0.31, 0.5, 0.64), found)


def made(outputs: tuple[OutputIndices, ...]) -> Sensitivity:
    indices = SobolIndices(FACTORS, outputs, samples=64, evaluations=64 * 17, seed=1)
    return Sensitivity(load_study("seongju"), indices, RANGES, 20, 171)


@pytest.fixture(scope="module")
def found() -> Sensitivity:
    return made((output("scud-c", factor=0.2), output("nodong"), output("musudan", factor=0.7), output(MEAN)))


def texts(figure: Figure) -> Iterator[Text]:
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip():
            yield text


def drawn(found: Sensitivity) -> Figure:
    return sensitivity_figure(found, "equipoise sensitivity seongju")[1]


def test_it_is_well_formed_and_the_same_twice(found: Sensitivity) -> None:
    first = drawn(found), drawn(found)
    assert svg_bytes(first[0]) == svg_bytes(first[1])
    assert png_bytes(first[0]) == png_bytes(first[1])
    assert ElementTree.fromstring(svg_bytes(first[0])).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("outputs", [1, 2, 4])
def test_nothing_is_written_over_anything_else_or_off_the_page(found: Sensitivity, outputs: int) -> None:
    figure = drawn(made(found.indices.outputs[:outputs]))
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts(figure)]
    page = figure.bbox
    for words, box in boxes:
        assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1, words  # noqa: PT018
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.overlaps(b), (one, other)


def test_every_panel_has_a_title_its_spread_and_the_same_factors(found: Sensitivity) -> None:
    figure = drawn(found)
    written = [text.get_text() for text in texts(figure)]
    for words in ("Scud-C", "Nodong", "Musudan", "Mean over the threats", "share of the variance"):
        assert words in written
    assert written.count("9 draws in 10: 31 to 64\N{NO-BREAK SPACE}% of land") == 4
    assert "interceptor: greatest range\n150 to 200\N{NO-BREAK SPACE}km" in written
    assert "radar: which published range\n600, 870, 1,500, 2,000, 3,000\N{NO-BREAK SPACE}km" in written
    assert not any("average power" in words for words in written)


def test_a_dozen_factors_and_the_four_outputs_that_spread_most_are_shown(found: Sensitivity) -> None:
    many = made(tuple(output(f"threat-{i}", spread=0.1 * i) for i in range(6)))
    assert shown_outputs(many.indices) == (2, 3, 4, 5)
    assert len(drawn(many).axes) == 4
    assert len(shown_factors(many.indices)) == 12
    assert shown_factors(many.indices)[:5] == (0, 1, 2, 3, 4)
    assert 5 not in shown_factors(found.indices)


def test_marks_stay_inside_and_intervals_are_cut_by_the_frame(found: Sensitivity) -> None:
    axes = drawn(found).axes[1]
    low, high = axes.get_xlim()
    assert low < -0.03
    assert high >= 1.0
    marks = [line for line in axes.lines if line.get_marker() in ("o", "s")]
    assert len(marks) == 24
    assert all(low < float(line.get_xdata()[0]) < high for line in marks)  # type: ignore[arg-type,index]


def test_what_does_not_move_says_so(found: Sensitivity) -> None:
    still = replace(output("scud-c"), standard_deviation=0.0, quantiles=(0.5, 0.5, 0.5), factors=())
    sensitivity = made((still, output("nodong")))
    written = [text.get_text() for text in texts(drawn(sensitivity))]
    assert "does not move" in written
    assert "always 50\N{NO-BREAK SPACE}% of land" in written
    table = output_table(wording(sensitivity), still)
    assert (table.rows, table.caption) == ((), "Scud-C: always 50\N{NO-BREAK SPACE}% of land; does not move")
    nothing = made((still,))
    assert "does not move" in [text.get_text() for text in texts(drawn(nothing))]
    assert leading_words(wording(nothing), still) == "Scud-C: does not move"


def test_the_engine_alone_draws_without_a_study(found: Sensitivity) -> None:
    figure = sobol_figure(found.indices, lambda factor: factor.quantity, ["a", "b", "c", "d"], [""] * 4)
    assert "radar_range" in [text.get_text() for text in texts(figure)]


def test_factors_are_named_with_the_range_they_belong_to(found: Sensitivity) -> None:
    words = wording(found)
    assert words.factor_name(FACTORS[3]) == ("radar: reference radar cross-section (600\N{NO-BREAK SPACE}km)")
    assert words.factor_name(FACTORS[4]) == "Nodong: radar cross-section, nose"
    assert words.factor_range(FACTORS[2]) == "315 to 5°"
    with_hardware = replace(FACTORS[0], alternatives=("ministry-600", "hardware"))
    assert words.factor_range(with_hardware) == "600\N{NO-BREAK SPACE}km or by hardware"


def test_a_missile_flown_in_two_ways_keeps_the_way_in_its_title(found: Sensitivity) -> None:
    assert wording(found).output_title(output("nodong (lofted)")) == "Nodong (lofted)"


def test_the_table_lists_what_counts_and_counts_the_rest(found: Sensitivity) -> None:
    table = output_table(wording(found), found.indices.outputs[1])
    assert table.rows[0][0] == "radar: which published range"
    assert table.rows[0][2:] == ("0.660", "0.400", "0.420", "0.110")
    assert len(table.rows) == 12
    assert "3 other numbers move it less, 1 of them not at all" in table.caption


def test_the_caption_says_what_indices_cannot_tell(found: Sensitivity) -> None:
    words, _ = sensitivity_figure(found, "equipoise sensitivity seongju")
    assert "not a measured distribution" in words.caption
    assert "independent" in words.caption
    assert "Nodong: radar: which published range 0.66 ± 0.40" in words.alt
    assert words.command == "equipoise sensitivity seongju"


def test_a_report_shows_it_only_where_it_was_worked_out(results: StudyResults, found: Sensitivity) -> None:
    findings = threat_findings(results)
    without = [words.id for words, _ in report_figures(results, findings, "equipoise run seongju")]
    assert "sobol" not in without
    given = replace(results, sensitivity=found)
    drawn = [words.id for words, _ in report_figures(given, findings, "equipoise run seongju")]
    assert [name for name in drawn if name != "sobol"] == without
    assert drawn.index("sobol") == drawn.index("swings") + 1
