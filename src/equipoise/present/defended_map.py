"""Where the batteries of a network study defend land, by missile, over the band of the inputs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from equipoise.present.maps import HALO, LocalMap, draw_base
from equipoise.present.network_names import short_name
from equipoise.present.style import BLUE, INK, SKY_BLUE, house_style, new_figure
from equipoise.present.text_width import folded

if TYPE_CHECKING:
    import xarray as xr

    from equipoise.analysis.network_results import NetworkResults

_COLOURS = ("#D9D4C7", "#F3E3B3", SKY_BLUE, BLUE)
_WORDS = (
    "in the missile's reach, not defended",
    "defended at the favourable end of the band only",
    "defended at the middle of the inputs",
    "defended at both ends and the middle",
)
_MAP_IN, _GAP_IN, _EDGE_IN = 2.2, 0.14, 0.42
_HEAD_IN, _TITLE_IN, _FOOT_IN = 0.34, 0.42, 0.75


def standing(margin_s: xr.DataArray) -> np.ma.MaskedArray:
    """Return how each cell stands, 0 to 3 as in the legend, masked where no launch area reaches it.

    Parameters
    ----------
    margin_s : xarray.DataArray
        On (bound, lat, lon), one missile: above zero where the cell is defended, nan where nothing comes.
    """
    met = margin_s.values > 0.0
    low, middle, high = met
    every, some = low & middle & high, low | middle | high
    code = np.where(every, 3, np.where(middle, 2, np.where(some, 1, 0)))
    return np.ma.masked_where(np.isnan(margin_s.values).all(axis=0), code)


@house_style
def defended_map(results: NetworkResults) -> Figure:
    """Draw the land that each battery defends against each missile, with the whole network.

    Parameters
    ----------
    results : NetworkResults
        With at least one battery that defends land.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each battery, a map for each missile. Only cells that hold land are drawn.
    """
    columns = max(land.margin_s.sizes["threat"] for land in results.lands)
    windows = [_window(land.margin_s) for land in results.lands]
    heights = [_MAP_IN * window.aspect for window in windows]
    width_in = 2 * _EDGE_IN + columns * _MAP_IN + (columns - 1) * _GAP_IN
    height_in = _HEAD_IN + sum(heights) + len(heights) * _TITLE_IN + _FOOT_IN
    figure = new_figure(max(width_in, 6.6), height_in)
    width_in = max(width_in, 6.6)
    figure.text(0.1 / width_in, 1.0 - 0.06 / height_in, "Land defended", fontsize=10, fontweight="bold", va="top")
    top_in = _HEAD_IN
    shooters = {} if results.study.network is None else {one.id: one for one in results.study.network.shooters}
    for land, window, map_in in zip(results.lands, windows, heights, strict=True):
        site = shooters[land.shooter].site
        for column, missile in enumerate(land.margin_s["threat"].values):
            left_in = _EDGE_IN + column * (_MAP_IN + _GAP_IN)
            bottom_in = height_in - top_in - _TITLE_IN - map_in
            axes = figure.add_axes((left_in / width_in, bottom_in / height_in, _MAP_IN / width_in, map_in / height_in))
            draw_base(axes, window, furniture=False)
            # Sixteen maps of a continent's coasts as lines would be ten times as large as a picture of them.
            axes.set_rasterization_zorder(5.0)
            own = land.margin_s.isel(threat=column)
            lon, lat = np.meshgrid(own["lon_deg"].values, own["lat_deg"].values)
            x_km, y_km = window.xy_km(lon, lat)
            axes.pcolormesh(
                x_km, y_km, standing(own), cmap=ListedColormap(_COLOURS), vmin=-0.5, vmax=3.5, shading="nearest",
                rasterized=True, zorder=1.3, alpha=0.9,
            )  # fmt: skip
            at_x, at_y = window.xy_km(math.degrees(site.lon_rad), math.degrees(site.lat_rad))
            axes.plot(at_x, at_y, "^", color="white", mec=INK, ms=6.0, zorder=6.0, path_effects=HALO)
            axes.set(xticks=[], yticks=[])
            name = results.study.catalog.missile(str(missile)).name
            title = folded(f"{short_name(land.shooter)}: {name}", 7.5, 72.0 * _MAP_IN)
            axes.set_title(title, fontsize=7.5, loc="left", pad=3.0)
        top_in += _TITLE_IN + map_in
    handles = [Patch(fc=colour, ec=INK, lw=0.5, label=words) for colour, words in zip(_COLOURS, _WORDS, strict=True)]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / width_in, 0.05 / height_in), ncols=2)
    return figure


def _window(margin_s: xr.DataArray) -> LocalMap:
    lon, lat = np.meshgrid(margin_s["lon_deg"].values, margin_s["lat_deg"].values)
    known = ~np.isnan(margin_s.values).all(axis=(0, 1))
    return LocalMap.around(lon[known], lat[known], margin_km=60.0) if known.any() else LocalMap.around(lon, lat)
