"""The base map where longitudes end: at the dateline and around a pole."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.path import Path

from equipoise.catalog import borders
from equipoise.present.maps import LocalMap, draw_base
from equipoise.present.style import house_style, new_figure

SHEMYA = LocalMap(52.7, 174.1, -3000.0, -1000.0, 1500.0, 3000.0)
CLEAR = LocalMap(64.3, -149.2, -3500.0, -1500.0, 1500.0, 3500.0)


# At 67 N Chukotka lies on both sides of the dateline; the Gulf of Anadyr (62.5 N, 179 W) is sea.
@pytest.mark.parametrize(
    ("lon_deg", "lat_deg", "on_land"), [(178.5, 67.0, True), (-179.0, 67.0, True), (-179.0, 62.5, False)]
)
def test_land_goes_on_across_the_dateline(lon_deg: float, lat_deg: float, on_land: bool) -> None:
    land: Path = SHEMYA.path(borders.land(SHEMYA.bounds_deg()))
    x_km, y_km = SHEMYA.xy_km(lon_deg, lat_deg)
    assert bool(land.contains_point((float(x_km), float(y_km)))) is on_land


def test_a_window_that_holds_the_pole_goes_up_to_it() -> None:
    assert CLEAR.bounds_deg() == (-180.0, pytest.approx(CLEAR.bounds_deg()[1]), 180.0, 90.0)
    assert SHEMYA.bounds_deg()[3] < 90.0
    assert SHEMYA.bounds_deg()[::2] == (-180.0, 180.0)


@pytest.mark.parametrize("window", [SHEMYA, CLEAR])
def test_degrees_along_an_edge_do_not_crowd(window: LocalMap) -> None:
    @house_style
    def ticks() -> np.ndarray:
        axes = new_figure(4.0, 4.0).add_axes((0.1, 0.1, 0.8, 0.8))
        draw_base(axes, window)
        return np.asarray(axes.get_xticks())

    at_km = ticks()
    assert len(at_km) >= 1
    assert np.all(np.diff(at_km) > 0.07 * (window.east_km - window.west_km))
