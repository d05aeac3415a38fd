"""Maps of what the radar sees at several altitudes, for each published range, with the horizon."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from equipoise.present.maps import HALO, LocalMap, draw_base
from equipoise.present.range_lines import range_lines, thinned
from equipoise.present.scene import Scene
from equipoise.present.style import INK, YELLOW, house_style, new_figure


@house_style
def coverage_map(dataset: xr.Dataset, scene: Scene) -> Figure:
    """Draw, for each altitude, how far the radar sees a target of the published cross-section.

    Parameters
    ----------
    dataset : xarray.Dataset
        ``covered`` on (radar_range, altitude, lat, lon) and ``above_horizon`` on (altitude, lat, lon); coordinates
        ``altitude_m`` [m], ``label`` and ``range_m`` [m] of each published range.
    scene : Scene
        Its ``site``, where the radar stands, and ``home``, the country to set off ("": none); nothing else of it.

    Returns
    -------
    matplotlib.figure.Figure
        One map per altitude, centred on the radar; a line per published range; dotted, and shaded within,
        what no range could exceed.
    """
    dataset = thinned(dataset, "lat", "lon")
    altitudes_km = np.asarray(dataset["altitude_m"].values, float) / 1e3
    lon, lat = np.meshgrid(dataset["lon_deg"].values, dataset["lat_deg"].values)
    seen = dataset["above_horizon"].values.any(axis=0) | dataset["covered"].values.any(axis=(0, 1))
    shown_lon, shown_lat = np.append(lon[seen], scene.site.lon_deg), np.append(lat[seen], scene.site.lat_deg)
    window = LocalMap.centred(scene.site.lat_deg, scene.site.lon_deg, shown_lon, shown_lat, margin_km=150.0)
    x_km, y_km = window.xy_km(lon, lat)
    lines = range_lines(dataset)
    columns = min(len(altitudes_km), 2 if len(altitudes_km) in (2, 4) else 3)
    rows = -(-len(altitudes_km) // columns)
    map_width = 9.0 / columns - 0.2
    map_height = map_width * window.aspect
    legend_rows = -(-(len(lines) + 2) // 2)
    foot = 0.5 + 0.19 * legend_rows
    width_in, height_in = 9.6, foot + rows * (map_height + 0.45) + 0.2
    figure = new_figure(width_in, height_in)
    for i, altitude_km in enumerate(altitudes_km):
        row, column = divmod(i, columns)
        axes = figure.add_axes(
            (
                (0.45 + column * (map_width + 0.2)) / width_in,
                (foot + (rows - 1 - row) * (map_height + 0.45)) / height_in,
                map_width / width_in,
                map_height / height_in,
            )
        )
        draw_base(axes, window, home=scene.home or None, furniture=i == 0)
        for line in lines:
            line.outline(axes, x_km, y_km, dataset["covered"].values[line.index, i].astype(float))
        visible = dataset["above_horizon"].values[i].astype(float)
        if visible.any() and not visible.all():
            axes.contourf(x_km, y_km, visible, levels=[0.5, 1.5], colors=["#EEE4C2"], alpha=0.55, zorder=1.2)
            axes.contour(x_km, y_km, visible, levels=[0.5], colors=[INK], linewidths=1.1, linestyles=":", zorder=4.5)
        axes.plot(0.0, 0.0, marker="*", color=YELLOW, markersize=9, markeredgecolor=INK, zorder=6.0, linestyle="none")
        if i == 0:
            name = axes.annotate(
                scene.site.name,
                (0.0, 0.0),
                xytext=(6, -8),
                textcoords="offset points",
                fontsize=7,
                path_effects=HALO,
                zorder=8,
            )
            frame, words = axes.get_window_extent(), name.get_window_extent()
            below = -8 if words.y0 > frame.y0 else 4  # a radar that looks north stands at the lower edge
            right = words.x1 <= frame.x1
            name.set(ha="left" if right else "right", position=(6 if right else -6, below))
        axes.set_title(f"{altitude_km:g} km above ground", fontsize=9, pad=4)
    handles = [line.handle() for line in lines]
    handles.append(
        Line2D(
            [],
            [],
            color=INK,
            linewidth=1.0,
            linestyle=":",
            label="limit of any range: horizon, elevation floor, field of view",
        )
    )
    handles.append(Line2D([], [], marker="*", mfc=YELLOW, mec=INK, markersize=10, linestyle="none", label="radar"))
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.35 / width_in, 0.0), ncols=2)
    return figure
