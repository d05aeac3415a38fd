"""The figures, tables and files of a balance: what they draw is what the summary says."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
import pytest
from made_balance import balance, battery, force
from matplotlib.figure import Figure

from equipoise.analysis.balance import BalanceResults
from equipoise.analysis.balance_summary import balance_summary
from equipoise.present.balance_figures import penetrating_figure, stopped_figure
from equipoise.present.balance_page import balance_figures, balance_lede, balance_section
from equipoise.present.balance_tables import balance_files, rare, shares, warheads
from equipoise.present.style import svg_bytes


@pytest.fixture(scope="module")
def results() -> BalanceResults:
    return balance(
        [battery("gmd", "gmd", [1, 1, 0]), battery("ship", "aegis-ship-sm-3-iia", [0, 2, 0])],
        forces=[force(), force("china", "china-strategic")],
        sensitivity=8,
    )


@pytest.fixture(scope="module")
def summary(results: BalanceResults) -> dict[str, Any]:
    return balance_summary(results)


def lines(figure: Figure, panel: int, gid: str) -> list[Any]:
    return [line for line in figure.axes[panel].get_lines() if line.get_gid() == gid]


def test_lines_are_those_of_the_summary(summary: dict[str, Any]) -> None:
    figure = penetrating_figure(summary)
    assert len(figure.axes) == 2
    for panel, one in enumerate(summary["forces"]):
        for line, rate in zip(lines(figure, panel, "all"), (0.5, 1.0), strict=True):
            expected = [point["scenarios"][0]["penetrating"] for point in one["curve"] if point["alert_rate"] == rate]
            assert list(line.get_ydata()) == pytest.approx(expected)
            assert list(line.get_xdata()) == [10, 100, 1000]


def test_bands_are_apart_and_knowledge_is_hatched(summary: dict[str, Any]) -> None:
    for figure in (penetrating_figure(summary), stopped_figure(summary, [0.1, 0.5])):
        for axes in figure.axes:
            bands = {one.get_gid(): one for one in axes.collections}
            assert set(bands) == {"chance", "knowledge"}
            assert bands["knowledge"].get_hatch()
            assert not bands["chance"].get_hatch()


def test_stopped_shares_fall_and_yardsticks_are_drawn(summary: dict[str, Any]) -> None:
    figure = stopped_figure(summary, [0.1, 0.5])
    for panel in range(2):
        (whole,) = lines(figure, panel, "all")
        assert np.all(np.diff(whole.get_ydata()) <= 1e-9)
        without = lines(figure, panel, "without")
        assert len(without) == 2
        assert all(np.all(line.get_ydata() <= whole.get_ydata() + 1e-9) for line in without)
        assert [line.get_ydata()[0] for line in lines(figure, panel, "yardstick")] == [10.0, 50.0]


def test_every_published_count_on_the_axis_has_its_letter(summary: dict[str, Any]) -> None:
    figure = stopped_figure(summary, [0.1])
    for axes, one in zip(figure.axes, summary["forces"], strict=True):
        inside = [count for count in one["published"] if 10 <= count["warheads"] <= 1000]
        letters = [text.get_text() for text in axes.texts if text.get_gid() == "count-letter"]
        assert len(letters) == len(inside)
        (key,) = (text.get_text() for text in axes.texts if text.get_gid() == "counts")
        assert all(count["count"] in key for count in one["published"])


def test_figures_come_with_words_and_the_same_bytes(results: BalanceResults, summary: dict[str, Any]) -> None:
    drawn = balance_figures(results, summary, "equipoise run made")
    assert [words.id for words, _ in drawn] == ["balance-penetrating", "balance-stopped", "balance-sobol"]
    for words, _ in drawn:
        assert words.alt
        assert words.command == "equipoise run made"
    assert svg_bytes(penetrating_figure(summary)) == drawn[0][0].svg


def test_tables_and_sentences_have_the_numbers(summary: dict[str, Any]) -> None:
    section = balance_section(summary)
    assert len(section.tables) == 7
    first = summary["forces"][0]
    assert section.tables[0].rows[0][1] == warheads(first["scenarios"][0], "penetrating")
    assert section.tables[0].rows[-1][0] == "no defence"
    said = balance_lede(summary)
    assert warheads(first, "arriving") in said[0]
    assert sum("or more" in sentence for sentence in said) == 4


def test_files_hold_every_row(summary: dict[str, Any]) -> None:
    files = balance_files(summary)
    assert set(files) == {f"balance_{name}.csv" for name in ("curve", "scenarios", "matters", "sensitivity")}
    rows = list(csv.DictReader(files["balance_curve.csv"].splitlines()))
    # Two forces, three sizes, two rates; all, without each of two, none.
    assert len(rows) == 2 * 3 * 2 * 4
    assert float(rows[0]["penetrating"]) <= float(rows[0]["arriving"])


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"x": 1234.4, "x_low": 900.2, "x_high": 1500.0}, "1,234 (900 to 1,500)"),
        ({"x": 3.25, "x_low": 0.0, "x_high": 12.0}, "3.2 (0 to 12)"),
        ({"x": 0.0, "x_low": 0.0, "x_high": 0.0}, "0"),
    ],
)
def test_warheads_as_written(row: dict[str, float], text: str) -> None:
    assert warheads(row, "x") == text


def test_shares_as_written() -> None:
    assert shares({"x": 0.325, "x_low": 0.1, "x_high": 0.5}, "x") == "32\N{NO-BREAK SPACE}% (10 to 50)"
    assert shares({"x": 0.004, "x_low": 0.0, "x_high": 0.008}, "x") == "0.40\N{NO-BREAK SPACE}% (0.00 to 0.80)"
    assert shares({"x": 0.0, "x_low": 0.0, "x_high": 0.0}, "x") == "0\N{NO-BREAK SPACE}%"
    assert rare(1e-9) == "below 0.01\N{NO-BREAK SPACE}%"
    assert rare(0.123) == "12\N{NO-BREAK SPACE}%"
