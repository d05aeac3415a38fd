"""The vertical cut: to scale on the round Earth, lines as on the maps, words that meet no others."""

from __future__ import annotations

from itertools import combinations
from typing import Any, cast

import numpy as np
import pytest
import xarray as xr
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.text import Text

from equipoise.analysis import vertical_cut
from equipoise.catalog import load_catalog
from equipoise.physics import Site
from equipoise.present.coverage_figures import coverage_map
from equipoise.present.range_lines import range_lines, thinned
from equipoise.present.scene import Scene
from equipoise.present.style import svg_bytes
from equipoise.present.vertical_cut_figure import vertical_cut_figure

EARTH_KM = 6371.0  # mean radius
ROUNDED_KM = 0.1  # the mean radius of WGS-84 is 6,371.009 km
# Outlines run between the centres of cells of 5 km by 5 km; the slant range of the ellipsoid is 0.3 % off the sphere's.
CELL_KM, ELLIPSOID = 5.0, 0.003

SHAPES: dict[str, dict[str, Any]] = {
    "wide": {"ground_range_m": 9e6, "top_m": 4e6},
    "tall": {"ground_range_m": 1e6, "top_m": 3e6},
    "flat": {"ground_range_m": 2e4, "top_m": 50.0},
    "near": {"ground_range_m": 1.2e6, "top_m": 3e5},
    "nearly half round": {"ground_range_m": 1.9e7, "top_m": 2e7},
    "beside the sector": {"az_rad": np.radians(160.0), "ground_range_m": 1e6, "top_m": 3e5},
    "face": {"field_of_view": "face", "ground_range_m": 3e6, "top_m": 1.5e6},
}


def made(**given: Any) -> xr.Dataset:
    radar = load_catalog().radar("an-tpy-2")
    wanted = {"az_rad": np.radians(340.0), "rows": 120, "columns": 240, **given}
    return vertical_cut(radar, Site.of_degrees(35.92, 128.28), np.radians(340.0), radar.range_names, **wanted)


def line(figure: Figure, gid: str) -> tuple[np.ndarray, np.ndarray]:
    (found,) = (drawn for drawn in figure.axes[0].lines if drawn.get_gid() == gid)
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


def height_km(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(np.hypot(x, y + EARTH_KM) - EARTH_KM)


def along_km(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(np.arctan2(x, y + EARTH_KM) * EARTH_KM)


def test_the_earth_is_round_and_everything_to_scale(cut: xr.Dataset) -> None:
    figure = vertical_cut_figure(cut)
    axes = figure.axes[0]
    assert axes.get_aspect() == 1.0
    (earth,) = (patch for patch in axes.patches if isinstance(patch, Circle))
    assert earth.radius == pytest.approx(EARTH_KM, abs=ROUNDED_KM)
    assert earth.center == pytest.approx((0.0, -EARTH_KM), abs=ROUNDED_KM)
    edge = line(figure, "edge")
    assert height_km(*edge).max() == pytest.approx(1500.0, abs=ROUNDED_KM)
    assert along_km(*edge).max() == pytest.approx(3000.0, abs=ROUNDED_KM)
    heights = [
        height_km(np.asarray(arc.get_xdata()), np.asarray(arc.get_ydata()))
        for arc in axes.lines
        if arc.get_gid() == "height"
    ]
    assert [float(np.median(arc)) for arc in heights] == pytest.approx([500.0, 1000.0, 1500.0], abs=ROUNDED_KM)
    assert all(np.ptp(arc) < ROUNDED_KM for arc in heights)
    marks = [tick for tick in axes.lines if tick.get_gid() == "distance"]
    at = [float(along_km(np.asarray(tick.get_xdata())[:1], np.asarray(tick.get_ydata())[:1])[0]) for tick in marks]
    assert at == pytest.approx(np.arange(0.0, 3001.0, 500.0), abs=ROUNDED_KM)


# The project's table of facts over 4/3 of the Earth: ground km, horizon km, floor of 5 degrees km; to 1 km.
@pytest.mark.parametrize(("ground_km", "horizon_km", "floor_km"), [(870.0, 45.0, 122.0), (2000.0, 241.0, 428.0)])
def test_horizon_and_floor_stand_at_their_heights(
    cut: xr.Dataset, ground_km: float, horizon_km: float, floor_km: float
) -> None:
    figure = vertical_cut_figure(cut)
    for name, expected_km in (("horizon", horizon_km), ("floor", floor_km)):
        drawn = line(figure, name)
        assert np.interp(ground_km, along_km(*drawn), height_km(*drawn)) == pytest.approx(expected_km, abs=1.0)


def test_an_outline_stands_at_its_slant_range_from_the_radar(cut: xr.Dataset) -> None:
    figure = vertical_cut_figure(cut)
    outlines = [drawn for drawn in figure.axes[0].collections if isinstance(drawn, ContourSet) and not drawn.filled]
    lines = {drawn.colour: float(cut["range_m"][drawn.index]) / 1e3 for drawn in range_lines(cut)}
    assert len(outlines) == len(lines) == 8
    for range_km in sorted(lines.values())[:3]:
        drawn = next(o for o in outlines if lines[to_hex(o)] == range_km)
        x, y = np.concatenate([path.vertices for path in drawn.get_paths()]).T
        free = (x > 0.0) & (np.degrees(np.arctan2(y, x)) > 15.0)  # well above the floor; there only the range ends it
        assert free.sum() > 50
        assert np.hypot(x, y)[free] == pytest.approx(range_km, abs=CELL_KM + ELLIPSOID * range_km)


def to_hex(drawn: ContourSet) -> str:
    from matplotlib.colors import to_hex as hexed

    return hexed(cast("Any", drawn.get_edgecolor())[0])


def test_lines_are_those_of_the_map(coverage: xr.Dataset, scene: Scene) -> None:
    figure = coverage_map(coverage, scene)
    handles = [h for h in figure.legends[0].legend_handles if isinstance(h, Line2D)]
    drawn = {str(h.get_label()): h.get_color() for h in handles}
    for one in range_lines(coverage):
        assert drawn[one.label] == one.colour
    ranges = [one.label for one in range_lines(coverage)]
    assert ranges[0] == "600 km: ministry"
    assert len({(one.colour, one.dashes) for one in range_lines(coverage)}) == 5


def test_a_finer_grid_is_thinned(cut: xr.Dataset) -> None:
    fine = made(ground_range_m=3e6, top_m=1.5e6, rows=1200, columns=800)
    thin = thinned(fine, "altitude", "ground_range")
    assert dict(thin.sizes) == {"radar_range": 8, "altitude": 400, "ground_range": 400}


def test_a_map_without_a_home_country_colours_none(coverage: xr.Dataset, scene: Scene) -> None:
    alone = svg_bytes(coverage_map(coverage, Scene(home="", site=scene.site)))
    at_home = svg_bytes(coverage_map(coverage, scene))
    assert len(alone) < len(at_home)


def test_what_sees_nothing_says_why(scene: Scene) -> None:
    figure = vertical_cut_figure(made(**SHAPES["beside the sector"]))
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "870 km: Lewis and Postol 2012 (nothing: field of view)" in words
    assert not [drawn for drawn in figure.axes[0].collections if isinstance(drawn, ContourSet)]


@pytest.mark.parametrize("shape", SHAPES)
def test_words_fit_whatever_the_shape(shape: str) -> None:
    figure = vertical_cut_figure(made(**SHAPES[shape]))
    figure.canvas.draw()
    page = figure.bbox
    drawn = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text().strip() and text.axes]
    words = [text.get_text() for text in drawn if text.get_visible()]
    assert {"altitude", "ground range", "radar"} <= set(words)
    boxes = {text: Text.get_window_extent(text) for text in [*figure.axes[0].texts, *figure.legends[0].get_texts()]}
    for text, box in boxes.items():
        inside = min(box.x0 - page.x0, page.x1 - box.x1, box.y0 - page.y0, page.y1 - box.y1) >= 0.0
        assert inside, text.get_text()
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        overlap = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert overlap[0] <= 1.0 or overlap[1] <= 3.0, (one.get_text(), other.get_text())
