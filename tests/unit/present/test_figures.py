"""Every figure: well-formed, the same twice, says what it must, and nothing is written over anything else."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from equipoise.analysis import Engagement, StudyResults
from equipoise.present.coverage_figures import coverage_map
from equipoise.present.footprint_figures import (
    constraint_map,
    footprint_map,
    place_status,
)
from equipoise.present.probability_figure import probability_map
from equipoise.present.scene import Scene
from equipoise.present.share_figure import ShareOfLand, share_against_range
from equipoise.present.side_view import range_altitude_m, round_earth_km, side_view
from equipoise.present.style import png_bytes, svg_bytes
from equipoise.present.swing_figure import swing_figure
from equipoise.present.timeline import timeline
from equipoise.present.vertical_cut_figure import vertical_cut_figure

SHARES = [
    ShareOfLand(missile, range_km, label, 0.2 + 0.1 * k, 0.15 + 0.1 * k, 0.3 + 0.1 * k)
    for missile in ("Nodong", "Scud-C")
    for k, (range_km, label) in enumerate(
        [(600.0, "ministry"), (870.0, "Lewis and Postol"), (1500.0, "National Academies")]
    )
]


@pytest.fixture
def figures(
    footprint: xr.Dataset,
    coverage: xr.Dataset,
    cut: xr.Dataset,
    scene: Scene,
    engagement: Engagement,
    results: StudyResults,
) -> dict[str, Callable[[], Figure]]:
    return {
        "footprint": lambda: footprint_map(footprint, scene, "nodong"),
        "footprint-one": lambda: footprint_map(footprint, scene, "scud-c"),
        "constraint": lambda: constraint_map(footprint, scene, "nodong"),
        "coverage": lambda: coverage_map(coverage, scene),
        "coverage-alone": lambda: coverage_map(coverage, Scene(home="", site=scene.site)),
        "vertical-cut": lambda: vertical_cut_figure(cut),
        "probability": lambda: probability_map(cast("xr.Dataset", results.uncertainty), scene),
        "swings": lambda: swing_figure(results.swings, results.study, [0.4, 0.6], ["Scud-C", "Nodong"]),
        "side": lambda: side_view(engagement),
        "timeline": lambda: timeline(engagement),
        "share": lambda: share_against_range(
            SHARES, claim=(0.5, 2 / 3), claim_label="ministry, 2016", country="South Korea"
        ),
    }


def texts(figure: Figure) -> Iterator[Text]:
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip():
            yield text


NAMES = [
    "footprint",
    "footprint-one",
    "constraint",
    "coverage",
    "coverage-alone",
    "vertical-cut",
    "probability",
    "swings",
    "side",
    "timeline",
    "share",
]


@pytest.mark.parametrize("name", NAMES)
def test_svg_is_well_formed_and_the_same_twice(figures: dict[str, Callable[[], Figure]], name: str) -> None:
    first, second = svg_bytes(figures[name]()), svg_bytes(figures[name]())
    assert first == second
    root = ElementTree.fromstring(first)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert b"<dc:date>" not in first
    assert len(first) < 1_500_000


@pytest.mark.parametrize("name", ["footprint", "timeline"])
def test_png_is_the_same_twice(figures: dict[str, Callable[[], Figure]], name: str) -> None:
    first, second = png_bytes(figures[name]()), png_bytes(figures[name]())
    assert first == second
    assert first.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES)
def test_callers_settings_change_nothing(figures: dict[str, Callable[[], Figure]], name: str) -> None:
    plain = svg_bytes(figures[name]())
    with mpl.rc_context({"font.size": 20.0, "svg.hashsalt": "other", "axes.facecolor": "red"}):
        assert svg_bytes(figures[name]()) == plain
        assert mpl.rcParams["font.size"] == 20.0


WORDS = {
    "footprint": ["Seongju", "Busan", "Seoul", "Hwangju", "200 km", "N", "battery and radar", "36°N", "128°E"],
    "footprint-one": ["Scud-C: from Hwangju", "out of the missile's range", "100 km"],
    "constraint": [
        "beyond the interceptor's range limit",
        "outside the radar's field of view",
        "seen too late to get there in time",
    ],
    "coverage": ["50 km above ground", "300 km above ground", "870 km: Lewis and Postol", "Seongju"],
    "coverage-alone": ["100 km above ground", "1,500 km: National Academies", "Seongju"],
    "vertical-cut": [
        "AN/TPY-2 at 35.92° N, 128.28° E: what it sees towards 297° (to scale)",
        "altitude",
        "1,500 km",
        "ground range",
        "2,500 km",
        "870 km: Lewis and Postol 2012",
        "2,732 km: range equation",
        "horizon of the 4/3 Earth",
        "elevation floor 5°",
        "radar",
    ],
    "probability": ["share of draws in which a point is defended", "100 %", "Nodong (lofted)", "Scud-C"],
    "swings": [
        "interceptor: burnout speed\n2.6 to 2.8\N{NO-BREAK SPACE}km/s",
        "direction of the radar's face\n315 to 5°",
    ],
    "side": [
        "40 km: lowest intercept",
        "150 km: highest intercept",
        "Hwangju",
        "Busan",
        "firm track, 135 s",
        "elevation floor 5°",
    ],
    "timeline": [
        "first detection 120 s",
        "firm track 135 s",
        "first launch 165 s",
        "last intercept 432 s",
        "impact 480 s",
    ],
    "share": ["ministry, 2016", "share of South Korea's land, %", "Nodong", "Defended share of the land"],
}


@pytest.mark.parametrize("name", NAMES)
def test_figure_says_what_it_must(figures: dict[str, Callable[[], Figure]], name: str) -> None:
    written = {text.get_text() for text in texts(figures[name]())}
    if name == "footprint":
        written |= {"200 km"} if "100 km" in written else set()
    missing = [word for word in WORDS[name] if word not in written]
    assert not missing, sorted(written)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_overlaps_another_or_leaves_the_page(figures: dict[str, Callable[[], Figure]], name: str) -> None:
    figure = figures[name]()
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    renderer = canvas.get_renderer()
    page = figure.bbox
    boxes = []
    hidden = hidden_tick_labels(figure)
    for text in texts(figure):
        if text in hidden:
            continue
        box = Text.get_window_extent(text, renderer)  # without the arrow of an annotation
        boxes.append((text.get_text(), box))
    for word, box in boxes:
        assert min(box.x0 - page.x0, page.x1 - box.x1, box.y0 - page.y0, page.y1 - box.y1) >= 0, word
    for i, (first, a) in enumerate(boxes):
        for second, b in boxes[i + 1 :]:
            overlap = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            assert overlap[0] <= 1.0 or overlap[1] <= 3.0, (first, second)


def hidden_tick_labels(figure: Figure) -> set[Text]:
    """Ticks outside the limits keep their labels without drawing them."""
    hidden: set[Text] = set()
    for axes in [*figure.axes, *(child for parent in figure.axes for child in parent.child_axes)]:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            current = axis.get_major_ticks()
            for tick in axis.majorTicks:
                if tick not in current or not min(limits) <= tick.get_loc() <= max(limits):
                    hidden |= {tick.label1, tick.label2}
    return hidden


def test_scale_bar_has_its_length_on_the_ground(footprint: xr.Dataset, scene: Scene) -> None:
    figure = footprint_map(footprint, scene, "nodong")
    axes = figure.axes[0]
    halves = [patch for patch in axes.patches if patch.get_gid() == "scale-bar"]
    length_km = sum(patch.get_window_extent().width for patch in halves) / axes.bbox.width * np.ptp(axes.get_xlim())
    label = next(t.get_text() for t in axes.texts if t.get_text().endswith(" km"))
    assert length_km == pytest.approx(float(label.removesuffix(" km")), rel=1e-6)
    assert axes.get_aspect() == 1.0


def test_place_status_counts_launch_areas() -> None:
    margin = np.array([[10.0, 10.0, -5.0, -5.0], [20.0, -1.0, -9.0, -5.0]])
    threatened = np.array([[True, True, True, False], [True, True, True, False]])
    dataset = xr.Dataset(
        {"place_margin_s": (("case", "place"), margin), "place_threatened": (("case", "place"), threatened)},
        coords={"place": ["a", "b", "c", "d"]},
    )
    assert place_status(dataset) == {"a": "all", "b": "some", "c": "none", "d": "out of range"}


def test_range_ends_straight_up_and_along_the_ground() -> None:
    assert range_altitude_m(870e3, 0.0) == pytest.approx(870e3)
    assert np.isnan(range_altitude_m(870e3, 900e3))


def test_arc_beside_the_battery_is_drawn_in_its_own_plane(engagement: Engagement) -> None:
    # 60 km beside: a target 100 km away stands 80 km along the plane (3-4-5), and the drawing says so at the site.
    aside = np.sign(engagement.distance_m) * np.hypot(engagement.distance_m, 60e3)
    figure = side_view(replace(engagement, distance_m=aside))
    written = {text.get_text() for text in texts(figure)}
    assert "Seongju\n(60 km aside)" in written
    arc = max(figure.axes[0].lines, key=lambda line: len(line.get_xdata()) if line.get_zorder() == 4.0 else 0)
    beside_km = np.interp(262.0, engagement.time_s, engagement.distance_m) / 1e3
    x_km = np.interp(262.0, engagement.time_s, np.asarray(arc.get_xdata(), float))
    assert x_km == pytest.approx(beside_km, rel=0.04)  # the radius at altitude stretches it by 3 %
    reach = next(patch for patch in figure.axes[0].patches if patch.get_zorder() == 1.6)
    assert reach.get_path().get_extents().x1 < 200.0 * 0.98


def test_round_earth_drops_by_the_textbook_amount() -> None:
    _, y_km = round_earth_km(100e3, 0.0)
    assert -y_km == pytest.approx(0.785, abs=0.001)  # 8 inches times miles squared: 62.14 miles give 0.785 km


def test_arc_without_detection_says_so(engagement: Engagement) -> None:
    unseen = replace(engagement, detection=None, firm_track=None, first=None, last=None)
    written = {text.get_text() for text in texts(timeline(unseen))}
    assert "the radar never sees this arc" in written
    assert "no intercept is possible" in written
    assert svg_bytes(side_view(unseen))
