"""Maps of how often a point is defended over the draws from the catalogue's ranges."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from equipoise.catalog.borders import country_polygon
from equipoise.present.maps import HALO, LocalMap, draw_base
from equipoise.present.scene import Scene
from equipoise.present.style import INK, YELLOW, house_style, new_figure


@house_style
def probability_map(uncertainty: xr.Dataset, scene: Scene) -> Figure:
    """Draw the share of draws in which each point of the land is defended, one map per threat.

    Parameters
    ----------
    uncertainty : xarray.Dataset
        ``probability_defended`` on (threat, lat, lon), nan off the land and where no launch area reaches.
    scene : Scene
        Site, home country and names of the threats.

    Returns
    -------
    matplotlib.figure.Figure
        One colour scale for all maps; the line is one half.
    """
    lon, lat = np.meshgrid(uncertainty["lon_deg"].values, uncertainty["lat_deg"].values)
    known = np.isfinite(uncertainty["probability_defended"].values).any(axis=0)
    window = LocalMap.around(lon[known], lat[known], margin_km=20.0) if known.any() else LocalMap.around(lon, lat)
    x_km, y_km = window.xy_km(lon, lat)
    threats = [str(threat) for threat in uncertainty["threat"].values]
    columns = min(len(threats), 3)
    rows = -(-len(threats) // columns)
    map_width = 2.9
    map_height = map_width * window.aspect
    foot, width_in = 0.95, max(0.55 + columns * (map_width + 0.25), 4.6)
    height_in = foot + rows * (map_height + 0.45)
    figure = new_figure(width_in, height_in)
    mesh = None
    for i, threat in enumerate(threats):
        row, column = divmod(i, columns)
        left = (0.45 + column * (map_width + 0.25)) / width_in
        bottom = (foot + (rows - 1 - row) * (map_height + 0.45)) / height_in
        axes = figure.add_axes((left, bottom, map_width / width_in, map_height / height_in))
        draw_base(axes, window, home=scene.home, furniture=i == 0)
        share = np.ma.masked_invalid(uncertainty["probability_defended"].values[i])
        mesh = axes.pcolormesh(
            x_km,
            y_km,
            share,
            cmap=colormaps["cividis"],
            vmin=0.0,
            vmax=1.0,
            shading="nearest",
            rasterized=True,
            zorder=1.3,
        )
        outline = PathPatch(window.path(country_polygon(scene.home)), facecolor="none", edgecolor="none")
        axes.add_artist(outline)
        mesh.set_clip_path(outline)
        if share.count() and share.min() < 0.5 < share.max():
            axes.contour(x_km, y_km, share, levels=[0.5], colors=["white"], linewidths=1.6, zorder=3.5)
            axes.contour(x_km, y_km, share, levels=[0.5], colors=[INK], linewidths=0.8, zorder=3.6)
        site_x, site_y = window.xy_km(scene.site.lon_deg, scene.site.lat_deg)
        at = float(site_x), float(site_y)
        axes.plot(*at, marker="*", color=YELLOW, markersize=9, markeredgecolor=INK, zorder=6.0, linestyle="none")
        if i == 0:
            axes.annotate(
                scene.site.name, at, xytext=(6, -8), textcoords="offset points", fontsize=7, path_effects=HALO, zorder=8
            )
        axes.set_title(scene.missiles.get(threat, threat), fontsize=9)
    if mesh is not None:
        bar = figure.add_axes((0.45 / width_in, 0.42 / height_in, 3.2 / width_in, 0.13 / height_in))
        colours = figure.colorbar(mesh, cax=bar, orientation="horizontal", ticks=[0.0, 0.25, 0.5, 0.75, 1.0])
        colours.ax.set_xticklabels(["0", "25", "50", "75", "100 %"])
        colours.set_label("share of draws in which a point is defended", fontsize=8)
    return figure
