"""Figures of a raid study: they show the numbers of the results, whole and legible, the same every time."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from drawn_texts import assert_texts_are_apart, tagged, tagged_words, texts
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from small_raids import small_raid

from equipoise.analysis import RaidResults
from equipoise.present.exhaustion_figure import exhaustion_figure
from equipoise.present.leakage_figure import leakage_figure
from equipoise.present.raid_fates_figure import REST, fates, raid_fates_figure
from equipoise.present.raid_map import raid_map
from equipoise.present.raid_story import leakers_of, missile_fates, shots_fired
from equipoise.present.raid_targets_figure import raid_targets_figure
from equipoise.present.raid_timeline_figure import MOST_ROWS, raid_timeline_figure
from equipoise.present.style import png_bytes, svg_bytes

FIGURES: dict[str, Callable[[RaidResults], Figure]] = {
    "leakage": leakage_figure,
    "exhaustion": exhaustion_figure,
    "fates": raid_fates_figure,
    "targets": raid_targets_figure,
    "timeline": raid_timeline_figure,
    "map": raid_map,
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> RaidResults:
    return small_raid(tmp_path_factory.mktemp("raid"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> RaidResults:
    """A raid of too many missiles for a row each."""
    return small_raid(tmp_path_factory.mktemp("large"), count=MOST_ROWS // 4 + 1, draws=0)


@pytest.fixture(scope="module")
def drawn(results: RaidResults) -> dict[str, Figure]:
    return {name: draw(results) for name, draw in FIGURES.items()}


def ends(figure: Figure, gid: str) -> list[tuple[float, float]]:
    """Return the first and last value along x of the lines with a tag."""
    lines = [line for line in tagged(figure, gid) if isinstance(line, Line2D)]
    return [tuple(np.asarray(line.get_xdata(), float)[[0, -1]]) for line in lines]


@pytest.mark.parametrize("name", FIGURES)
def test_texts_keep_within_the_page_and_clear_of_each_other(drawn: dict[str, Figure], name: str) -> None:
    assert_texts_are_apart(drawn[name])


@pytest.mark.parametrize("name", FIGURES)
def test_so_they_do_in_a_raid_of_many(large: RaidResults, name: str) -> None:
    assert_texts_are_apart(FIGURES[name](large))


@pytest.mark.parametrize("name", FIGURES)
def test_letters_are_large_enough(drawn: dict[str, Figure], name: str) -> None:
    assert min(text.get_fontsize() for text in texts(drawn[name])) >= 6.5
    assert drawn[name].get_size_inches()[0] <= 9.6


@pytest.mark.parametrize("name", FIGURES)
def test_same_bytes_twice_whatever_the_callers_settings(results: RaidResults, name: str) -> None:
    first = svg_bytes(FIGURES[name](results))
    with mpl.rc_context({"font.size": 20.0, "svg.hashsalt": "other", "axes.facecolor": "red"}):
        assert svg_bytes(FIGURES[name](results)) == first
    assert ElementTree.fromstring(first).tag == "{http://www.w3.org/2000/svg}svg"
    assert len(first) < 1_500_000
    assert png_bytes(FIGURES[name](results)) == png_bytes(FIGURES[name](results))


@pytest.mark.parametrize("name", ["leakage", "exhaustion", "fates", "targets", "map"])
def test_a_figure_says_chance_and_knowledge_where_it_shows_them(drawn: dict[str, Figure], name: str) -> None:
    words = " ".join(text.get_text() for text in texts(drawn[name]))
    assert "chance" in words
    assert ("knowledge" in words) == (name in ("leakage", "exhaustion"))


def test_without_draws_nothing_is_said_of_knowledge(large: RaidResults) -> None:
    for draw in (leakage_figure, exhaustion_figure):
        figure = draw(large)
        assert not any("knowledge" in text.get_text() for text in texts(figure))
        assert tagged(figure, "knowledge") == tagged(figure, "spent-knowledge") == []


def test_the_curve_is_that_of_the_results(results: RaidResults, drawn: dict[str, Figure]) -> None:
    figure = drawn["leakage"]
    (mean,) = (line for line in tagged(figure, "mean") if isinstance(line, Line2D))
    assert np.asarray(mean.get_xdata(), float) == pytest.approx([5, 20, 40, 80])
    assert np.asarray(mean.get_ydata(), float) == pytest.approx([100.0 * one.leaked.value for one in results.curve])
    (intervals,) = (lines for lines in tagged(figure, "mean-interval") if isinstance(lines, LineCollection))
    spans = [(segment[0, 1], segment[1, 1]) for segment in intervals.get_segments()]
    wanted = [(100.0 * one.leaked.low, 100.0 * one.leaked.high) for one in results.curve]
    assert np.array(spans) == pytest.approx(np.array(wanted))
    for name, low, high in (
        ("chance", [one.one_raid[0] for one in results.curve], [one.one_raid[2] for one in results.curve]),
        ("knowledge", *np.quantile(results.knowledge.leaked_by_size, (0.05, 0.95), axis=0)),
    ):
        (band,) = tagged(figure, name)
        corners = band.get_paths()[0].vertices[:, 1]
        assert corners.min() == pytest.approx(100.0 * np.min(low))
        assert corners.max() == pytest.approx(100.0 * np.max(high))
    assert {end for pair in ends(figure, "own-size") for end in pair} == {float(results.study.missiles)}


def test_spent_half_the_time_is_marked(results: RaidResults, drawn: dict[str, Figure]) -> None:
    marks = [first for first, _ in ends(drawn["leakage"], "spent-half")]
    assert marks == [one.sizes[1] for one in results.spent_at if one.sizes[1] is not None]
    words = " ".join(tagged_words(drawn["leakage"], "spent-words"))
    for one in results.spent_at:
        assert f"{one.layer}, {one.rounds} rounds" in words


def test_exhaustion_counts_every_run(results: RaidResults, drawn: dict[str, Figure]) -> None:
    figure = drawn["exhaustion"]
    lines = [line for line in tagged(figure, "probability") if isinstance(line, Line2D)]
    assert len(lines) == len(results.study.layers)
    for layer, line in enumerate(lines):
        wanted = [100.0 * one.exhausted[layer].value for one in results.curve]
        assert np.asarray(line.get_ydata(), float) == pytest.approx(wanted)
    drawn_bands = np.quantile(results.knowledge.spent, (0.05, 0.95), axis=0).T
    assert np.array(ends(figure, "spent-knowledge")) == pytest.approx(drawn_bands)


def test_fates_of_each_layer_sum_to_the_raid(results: RaidResults, drawn: dict[str, Figure]) -> None:
    for layer in range(len(results.study.layers)):
        found = fates(results, layer)
        assert sum(found.values()) == pytest.approx(results.raid.size)
        assert found["killed"] == pytest.approx(results.counts.killed[layer] / 300)
        assert found[REST] >= 0.0
    leaked = [bar.get_width() for bar in tagged(drawn["fates"], "leaked") if isinstance(bar, Rectangle)]
    killed = [bar.get_width() for bar in tagged(drawn["fates"], "killed") if isinstance(bar, Rectangle)]
    assert leaked == pytest.approx([results.counts.target_leakers.sum() / 300])
    assert sum(leaked) + 0.5 * sum(killed) == pytest.approx(results.raid.size)


def test_targets_show_leaked_and_killed(results: RaidResults, drawn: dict[str, Figure]) -> None:
    figure = drawn["targets"]
    leaked = [bar.get_width() for bar in tagged(figure, "leaked") if isinstance(bar, Rectangle)]
    killed = [bar.get_width() for bar in tagged(figure, "killed") if isinstance(bar, Rectangle)]
    assert leaked == pytest.approx(list(results.counts.target_leakers / 300))
    assert [a + b for a, b in zip(leaked, killed, strict=True)] == pytest.approx([5.0] * 4)
    dots = [first for first, _ in ends(figure, "hit")]
    assert dots == pytest.approx(list(results.counts.target_hit / 3))


def test_the_story_is_that_of_the_first_run(results: RaidResults) -> None:
    story = missile_fates(results)
    tally = results.raid.rows(1, results.seed)
    assert leakers_of(story, len(results.study.targets)) == tuple(tally.leakers[0])
    shots = shots_fired(results)
    assert len(shots) == int(tally.spent[0].sum())
    assert sum(len(fate.shots) for fate in story) == len(shots)
    assert [shot.launch_s for shot in shots] == sorted(shot.launch_s for shot in shots)
    for fate in story:
        assert fate.launch_s < fate.end_s <= fate.impact_s
        assert (fate.killed_by is None) == (fate.killed_s is None)


def test_the_timeline_has_every_missile_and_every_shot(results: RaidResults, drawn: dict[str, Figure]) -> None:
    figure = drawn["timeline"]
    (flights,) = (lines for lines in tagged(figure, "flight") if isinstance(lines, LineCollection))
    assert len(flights.get_segments()) == results.raid.size == 20
    fired = [lines for lines in tagged(figure, "shots") if isinstance(lines, LineCollection)]
    assert sum(len(lines.get_segments()) for lines in fired) == len(results.shots)
    launches = sorted(float(segment[0, 0]) for lines in fired for segment in lines.get_segments())
    assert launches == pytest.approx(sorted(results.shots[:, 0]))
    assert all(isinstance(windows, PatchCollection) for windows in tagged(figure, "windows"))
    assert len(tagged_words(figure, "salvo")) == len(results.study.salvos)
    leak = [int(words.split()[0]) for words in tagged_words(figure, "fate")]
    assert sum(leak) == int(results.raid.rows(1, results.seed).leakers.sum())


def test_a_raid_of_many_is_drawn_by_salvo(large: RaidResults) -> None:
    figure = raid_timeline_figure(large)
    assert tagged(figure, "flight") == []
    assert len(tagged_words(figure, "salvo")) == 4
    leak = [int(words.split()[0]) for words in tagged_words(figure, "fate")]
    assert sum(leak) == int(large.raid.rows(1, large.seed).leakers.sum())


def test_the_map_has_everybody(results: RaidResults, drawn: dict[str, Figure]) -> None:
    figure = drawn["map"]
    assert len(tagged(figure, "target")) == 4
    assert len(tagged(figure, "layer")) == 2
    words = " ".join(text.get_text() for text in texts(figure))
    for target, leakers in zip(results.study.targets, results.counts.target_leakers, strict=True):
        assert f"{target.name.split(' (')[0]}: {leakers / 300:.1f} of 5" in words
    # The layer at Pyeongtaek, itself a target, stands aside of the disc.
    (north,) = (line for line in tagged(figure, "layer")[1:] if isinstance(line, Line2D))
    disc = tagged(figure, "target")[1].get_offsets()[0]
    assert math.dist((float(north.get_xdata()[0]), float(north.get_ydata()[0])), tuple(disc)) > 5.0
