"""Figures of a network study: they show the numbers of the results, whole and legible, the same every time."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from drawn_texts import assert_texts_are_apart, tagged, tagged_words, texts
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from equipoise.analysis.network_results import NetworkResults
from equipoise.analysis.network_run import run_network
from equipoise.present.arcs_map import arcs_map
from equipoise.present.example_timeline_figure import example_timeline_figure
from equipoise.present.network_names import LETTERS, sensor_name, short_name
from equipoise.present.style import png_bytes, svg_bytes
from equipoise.present.text_width import folded, width_pt
from equipoise.present.time_in_view_figure import time_in_view_figure
from equipoise.present.track_accuracy_figure import track_accuracy_figure
from equipoise.present.view_cells import cells_of
from equipoise.present.who_sees_figure import who_sees_figure
from equipoise.present.worth_figure import worth_figure
from equipoise.sensors.radar import REASON_WORDS
from equipoise.study import load_network_study

STUDY = """
kind: network
id: small-network
title: Three radars and a warning
summary: Made for the tests.
focus: seongju
sensors:
  - {id: seongju, site: seongju-tpy-2, radar_range: lewis-postol-870}
  - {id: kyogamisaki, site: kyogamisaki-tpy-2, radar_range: lewis-postol-870}
  - id: aegis-east-sea
    site: aegis-ship
    at: {latitude: 38.5 deg, longitude: 132.5 deg}
    heading: 0 deg
    radar_range: estimate-310
alternatives:
  - {id: near, title: "Terminal mode, 600 km", radar_range: ministry-600, mode: terminal}
  - {id: far, title: "Turned west, forward mode, 2,000 km, as far as the press has it", radar_range: press-2000,
     mode: forward, elevation_floor: 0 deg, boresight: 250 deg}
arcs:
  - group: South Korea
    missile: scud-c
    launch_areas: [hwangju]
    targets: [pyeongtaek, daegu]
  - group: Japan
    missile: nodong
    launch_areas: [tonghae, sohae]
    targets: [osaka, tokyo]
network:
  warning: {id: warning, record: overhead-infrared}
  command:
    - {id: c2bmc, name: Regional command network}
  report_to: c2bmc
  links:
    - {from: warning, to: c2bmc, carries: [cue], by: c2bmc}
    - {from: [seongju, kyogamisaki, aegis-east-sea], to: c2bmc, carries: [cue, track], by: c2bmc}
    - {from: c2bmc, to: [seongju, kyogamisaki, aegis-east-sea], carries: [cue], by: c2bmc}
  variants:
    - {id: no-warning, title: without launch warning, away: [warning]}
  elements: [seongju, kyogamisaki, warning]
coverage_altitudes: [300 km]
cut: {azimuth: 340 deg, range: 1000 km, top: 500 km}
example: {missile: nodong, launch_area: tonghae, target: osaka}
"""

FIGURES: dict[str, Callable[[NetworkResults], Figure]] = {
    "arcs": arcs_map,
    "time-in-view": time_in_view_figure,
    "who-sees": who_sees_figure,
    "worth": worth_figure,
    "example": example_timeline_figure,
    "accuracy": track_accuracy_figure,
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> NetworkResults:
    path = Path(tmp_path_factory.mktemp("network")) / "small-network.yaml"
    path.write_text(STUDY)
    return run_network(load_network_study(path))


@pytest.fixture(scope="module")
def drawn(results: NetworkResults) -> dict[str, Figure]:
    return {name: draw(results) for name, draw in FIGURES.items()}


@pytest.mark.parametrize("name", FIGURES)
def test_texts_keep_within_the_page_and_clear_of_each_other(drawn: dict[str, Figure], name: str) -> None:
    assert_texts_are_apart(drawn[name])


@pytest.mark.parametrize("name", FIGURES)
def test_letters_are_large_enough(drawn: dict[str, Figure], name: str) -> None:
    assert min(text.get_fontsize() for text in texts(drawn[name])) >= 6.5
    assert drawn[name].get_size_inches()[0] <= 9.6


@pytest.mark.parametrize("name", FIGURES)
def test_same_bytes_twice_whatever_the_callers_settings(results: NetworkResults, name: str) -> None:
    first = svg_bytes(FIGURES[name](results))
    with mpl.rc_context({"font.size": 20.0, "svg.hashsalt": "other", "axes.facecolor": "red"}):
        assert svg_bytes(FIGURES[name](results)) == first
    assert ElementTree.fromstring(first).tag == "{http://www.w3.org/2000/svg}svg"
    assert len(first) < 1_500_000


@pytest.mark.parametrize("name", FIGURES)
def test_png_is_the_same_twice(results: NetworkResults, name: str) -> None:
    assert png_bytes(FIGURES[name](results)) == png_bytes(FIGURES[name](results))


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_infinite_or_undefined_is_written_or_drawn(drawn: dict[str, Figure], name: str) -> None:
    for text in texts(drawn[name]):
        assert "nan" not in text.get_text().lower().split()
        assert "inf" not in text.get_text().lower().split()
    for line in drawn[name].findobj(Line2D):
        assert isinstance(line, Line2D)
        assert not np.isinf(np.asarray(line.get_xydata(), float)).any()


def test_one_panel_for_each_way_to_take_the_focus(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    figure = drawn["time-in-view"]
    assert len(tagged(figure, "panel")) == len(results.study.alternatives) == 2
    titles = [words.replace("\n", " ") for words in tagged_words(figure, "title")]
    assert titles == [alternative.title for alternative in results.study.alternatives]
    assert tagged_words(figure, "row") == ["Scud-C Hwangju", "Nodong Tonghae", "Nodong Sohae"]
    assert tagged_words(figure, "group") == ["South Korea", "Japan"]
    assert tagged_words(figure, "column") == ["Pyeongtaek", "Daegu", "Osaka", "Tokyo"] * 2


def test_cells_hold_the_numbers_of_the_views(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    for name, views in (("time-in-view", results.alternatives), ("who-sees", results.views)):
        seconds, binding = views["in_view_s"].values, views["binding"].values
        expected = [
            f"{s:.0f}" if s >= 0.5 else "<1" if s > 0.0 else LETTERS[int(code)]
            for s, code in zip(seconds.ravel(), binding.ravel(), strict=True)
        ]
        assert sorted(tagged_words(drawn[name], "cell")) == sorted(expected)
        assert len(tagged(drawn[name], "seen")) == int((seconds > 0.0).sum())
        assert len(tagged(drawn[name], "never")) == int((seconds <= 0.0).sum())
    assert (results.alternatives["in_view_s"].values <= 0.0).any()


def test_cells_stand_in_their_row_and_column(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    views, cells = results.views, {}
    (axes,) = (axes for axes in drawn["who-sees"].axes if axes.texts)
    columns = {t.get_position()[0]: t.get_text() for t in axes.texts if t.get_gid() == "column"}
    rows = {t.get_position()[1]: t.get_text() for t in axes.texts if t.get_gid() == "row"}
    for text in axes.texts:
        if text.get_gid() == "cell":
            x, y = text.get_position()
            cells[rows[y], columns[x]] = text.get_text()
    for i, case in enumerate(results.arcs.cases):
        name = f"{case.missile.name}, {case.launch_area.name.split(' (')[0]} to {case.target.name}"
        for k, sensor in enumerate(results.study.sensors):
            assert cells[name, sensor_name(sensor)] == f"{views['in_view_s'].values[i, k]:.0f}"
    panels = [axes for axes in drawn["time-in-view"].axes if axes.get_gid() == "panel"]
    rows = {t.get_position()[1]: t.get_text() for t in panels[0].texts if t.get_gid() == "row"}
    seconds = results.alternatives["in_view_s"].values
    for k, axes in enumerate(panels):
        columns = {t.get_position()[0]: t.get_text() for t in axes.texts if t.get_gid() == "column"}
        found = {
            (rows[t.get_position()[1]], columns[t.get_position()[0]]): t.get_text()
            for t in axes.texts
            if t.get_gid() == "cell"
        }
        assert len(found) == len(results.arcs.cases)
        for i, case in enumerate(results.arcs.cases):
            name = f"{case.missile.name} {case.launch_area.name.split(' (')[0]}"
            words = found[name, case.target.name]
            assert words == f"{seconds[i, k]:.0f}" if seconds[i, k] > 0.0 else words in LETTERS.values()


def test_key_explains_the_letters_that_occur(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    cells = [cell for row in cells_of(results.alternatives) for cell in row if cell.seconds <= 0.0]
    (key,) = tagged_words(drawn["time-in-view"], "letters")
    for code, letter in LETTERS.items():
        assert (f"{letter}  {REASON_WORDS[code]}" in key) == any(cell.hidden_by == code for cell in cells)


def test_pairs_out_of_reach_are_hatched(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    hatched = tagged(drawn["time-in-view"], "out-of-reach")
    assert len(results.arcs.out_of_reach) == 1
    assert len(hatched) == 2 + 1  # one in each panel, one in the key
    assert all(isinstance(patch, Rectangle) and patch.get_hatch() for patch in hatched)


def test_nothing_in_view_draws_no_scale(results: NetworkResults) -> None:
    blind = results.alternatives.copy(deep=True)
    blind["in_view_s"][:] = 0.0
    figure = time_in_view_figure(replace(results, alternatives=blind))
    words = {text.get_text() for text in texts(figure)}
    assert "no arc is ever in view" in words
    assert "time in view, s" not in words


def test_who_sees_has_a_row_for_each_arc_and_the_share_of_each_sensor(
    results: NetworkResults, drawn: dict[str, Figure]
) -> None:
    figure = drawn["who-sees"]
    assert len(tagged_words(figure, "row")) == len(results.arcs.cases) == 5
    assert "Nodong, Tonghae to Osaka" in tagged_words(figure, "row")
    assert tagged_words(figure, "column") == ["Seongju", "Kyogamisaki", "Aegis East Sea"]
    shares = 100.0 * (results.views["in_view_s"].values > 0.0).mean(axis=0)
    assert tagged_words(figure, "share") == [f"{share:.0f} %" for share in shares]


def test_worth_draws_shares_bands_and_losses(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    figure = drawn["worth"]
    shares = [share for worth in results.worth for share in worth.shares]
    factors = [100.0 if worth.metric == "arcs_seen" else 1.0 for worth in results.worth for _ in worth.shares]
    assert len(figure.axes) == len(results.worth) == 3
    bars = [patch for axes in figure.axes for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [bar.get_width() for bar in bars] == pytest.approx(
        [factor * share.shapley.value for factor, share in zip(factors, shares, strict=True)]
    )
    lost = [line for line in tagged(figure, "lost") if isinstance(line, Line2D)]
    assert [float(np.asarray(line.get_xdata())[0]) for line in lost] == pytest.approx(
        [factor * share.lost.value for factor, share in zip(factors, shares, strict=True)]
    )
    bands = [line for line in tagged(figure, "band") if isinstance(line, Line2D)]
    for line, factor, share in zip(bands, factors, shares, strict=True):
        ends = factor * share.shapley.low, factor * share.shapley.high
        assert np.asarray(line.get_xdata(), float) == pytest.approx(np.array(ends))
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == [
        "Seongju",
        "Kyogamisaki",
        "launch warning",
    ]
    assert len(tagged_words(figure, "share")) == len(shares)
    assert all(words.startswith("whole: ") for words in tagged_words(figure, "whole"))


def test_example_shows_every_stretch_and_firm_track(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    figure, example = drawn["example"], results.example
    for reason in REASON_WORDS.values():
        spans = [span for row in example.rows for seen in row.seen for span in seen.spans if span.reason == reason]
        drawn_spans = [patch for patch in tagged(figure, reason) if isinstance(patch, Rectangle)]
        shown = np.array(sorted((patch.get_x(), patch.get_width()) for patch in drawn_spans))
        assert shown == pytest.approx(np.array(sorted((span.start_s, span.length_s) for span in spans)))
    for gid, times_s in (
        ("alone", [row.firm_alone_s for row in example.rows if row.firm_alone_s is not None]),
        ("network", [row.firm_s for row in example.rows if row.firm_s is not None]),
    ):
        marks = [line for line in tagged(figure, gid) if isinstance(line, Line2D)]
        assert [float(np.asarray(mark.get_xdata())[0]) for mark in marks] == times_s
    words = " ".join(tagged_words(figure, "moment"))
    assert f"launch warning {example.warning_s:.0f} s" in words
    assert f"impact {example.case.flown.time_of_flight_s:.0f} s" in words
    cues = tagged_words(figure, "cue")
    assert len(cues) == len([row for row in example.rows if row.firm_s is not None])
    assert any("own search" in cue for cue in cues)
    (profile,) = (line for line in tagged(figure, "altitude") if isinstance(line, Line2D))
    highest_km = float(np.asarray(profile.get_ydata(), float).max())
    assert highest_km == pytest.approx(example.case.flown.apogee_m / 1e3, rel=1e-3)


def test_example_without_network_names_no_warning(results: NetworkResults) -> None:
    alone = replace(results.example, warning_s=None)
    figure = example_timeline_figure(replace(results, example=alone))
    assert not any("warning" in words for words in tagged_words(figure, "moment"))


def test_errors_are_drawn_where_they_are_bounded(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    figure, example = drawn["accuracy"], results.example
    bounds = [row.bound for row in example.rows if row.bound is not None and row.bound.determined.any()]
    assert example.joined is not None
    curves = [line for line in tagged(figure, "error") if isinstance(line, Line2D)]
    assert len(curves) == 3 * (len(bounds) + 1)
    joined = np.asarray(curves[len(bounds)].get_ydata(), float)
    assert np.isfinite(joined).sum() == example.joined.determined.sum() < len(joined)
    finite = np.isfinite(joined)
    assert joined[finite] == pytest.approx(example.joined.position_sd_m[finite])


def test_ellipses_are_to_scale_or_say_by_how_much_not(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    figure, joined = drawn["accuracy"], results.example.joined
    assert joined is not None
    panels = [axes for axes in figure.axes if axes.get_title(loc="left").startswith("impact predicted")]
    assert len(panels) == 3
    for axes in panels:
        factors = [text.get_text() for text in axes.texts if text.get_gid() == "factor"]
        unit_m = 1e3 if "km" in axes.get_ylabel() else 1.0
        black = [line for line in axes.lines if line.get_gid() == "ellipse" and line.get_color() == "#000000"]
        east, north = (np.asarray(part, float) * unit_m for part in black[0].get_data())
        major_m = float(np.hypot(east, north).max())
        when_s = float(axes.get_title(loc="left").split()[-2].replace(",", ""))
        i = int(np.argmin(np.abs(joined.time_s - when_s)))
        factor = float(factors[0].split("×")[1].replace(",", "")) if factors else 1.0
        assert major_m == pytest.approx(factor * float(joined.impact_ellipses.semi_major_m[i]), rel=0.1)
        assert axes.get_aspect() == 1.0


def test_map_parts_the_tracks_by_what_the_focus_sees(results: NetworkResults, drawn: dict[str, Figure]) -> None:
    figure = drawn["arcs"]
    focus = int(np.flatnonzero(results.views["sensor"].values == results.study.focus)[0])
    seen_arcs = int((results.views["in_view_s"].values[:, focus] > 0.0).sum())
    seen = [lines for lines in tagged(figure, "seen") if isinstance(lines, LineCollection)]
    unseen = [lines for lines in tagged(figure, "unseen") if isinstance(lines, LineCollection)]
    assert len(seen[0].get_segments()) >= seen_arcs > 0
    assert len(unseen[0].get_segments()) > 0
    assert seen[0].get_linewidths()[0] > unseen[0].get_linewidths()[0]
    words = {text.get_text() for text in texts(figure)}
    assert {"Seongju", "Kyogamisaki", "Aegis East Sea", "Osaka", "Tonghae", "in view of Seongju"} <= words
    assert len(tagged(figure, "sector")) == 2  # the ship looks all round


def test_names(results: NetworkResults) -> None:
    assert short_name("cobra-dane") == "Cobra Dane"
    assert short_name("sbx") == "SBX"
    sensor = results.study.sensors[0]
    site = sensor.site.model_copy(update={"name": "AN/TPY-2 at Kürecik"})
    assert sensor_name(replace(sensor, id="kurecik", site=site)) == "Kürecik"


def test_folded_words_fit() -> None:
    lines = folded("1,500 km: National Academies 2012, figure 5-8", 7.5, 137.0, bold=True).split("\n")
    assert len(lines) == 2
    assert all(width_pt(line, 7.5, bold=True) <= 137.0 for line in lines)
    assert folded("Unbreakable", 7.5, 1.0) == "Unbreakable"
    assert math.isclose(width_pt("  ", 7.5), 0.0)
