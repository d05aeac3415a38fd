"""Maps of the defended footprint and of what binds where it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from equipoise.analysis.summary import cases_of as case_indices
from equipoise.arrays import FloatArray
from equipoise.present.maps import HALO, Label, LocalMap, draw_base, place_labels
from equipoise.present.scene import Scene, Spot
from equipoise.present.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILION,
    YELLOW,
    house_style,
    new_figure,
)

BoolArray = NDArray[np.bool_]

ALL, SOME, NONE, OUT_OF_RANGE = "all", "some", "none", "out of range"
_STATUS_MARKERS: dict[str, dict[str, Any]] = {
    ALL: {"marker": "o", "markerfacecolor": BLUE, "markeredgecolor": "white", "markersize": 6.0},
    SOME: {"marker": "D", "markerfacecolor": SKY_BLUE, "markeredgecolor": INK, "markersize": 4.8},
    NONE: {"marker": "s", "markerfacecolor": "white", "markeredgecolor": VERMILION, "markersize": 5.2},
    OUT_OF_RANGE: {"marker": "x", "markeredgecolor": GREY, "markersize": 4.5},
}
_ALL_FILL, _SOME_FILL, _OUTLINE = "#9CC7E6", "#D6E8F5", BLUE

# Colours of the constraints by the words in the dataset's flag_meanings; others take what is left of the palette.
_CONSTRAINT_STYLE: dict[str, tuple[str, str]] = {
    "defended": ("#D3E5F3", "defended"),
    "not_threatened": ("#FFFFFF", "out of the missile's range"),
    "horizon": (BLACK, "below the radar's horizon"),
    "elevation_floor": (GREY, "below the radar's elevation floor"),
    "field_of_view": (PURPLE, "outside the radar's field of view"),
    "detection_range": (YELLOW, "beyond the radar's detection range"),
    "timeline": (ORANGE, "seen too late to get there in time"),
    "range": (VERMILION, "beyond the interceptor's range limit"),
    "min_altitude": (GREEN, "below the lowest intercept altitude"),
    "max_altitude": (BLUE, "above the highest intercept altitude"),
    "flight_time": ("#5E3C99", "beyond the interceptor's flight time"),
}
_HEADING: dict[str, Any] = {"fontsize": 10.5, "fontweight": "bold"}
_WORTH_A_LEGEND = 0.005  # share of the map that is out of range before the legend speaks of it
_MARGIN_LIMIT_S = 3600.0  # cells without any window may carry an infinite margin; contours need finite ones
_SPARE = (BLUE, "#5E3C99", "#B2ABD2", "#A6611A")


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cell centres of a footprint on a map, in kilometres."""

    window: LocalMap
    x_km: FloatArray
    y_km: FloatArray


def cases_of(dataset: xr.Dataset, missile: str) -> xr.Dataset:
    """Return the cases (launch areas) of one missile."""
    return dataset.isel(case=case_indices(dataset, missile))


def defended(dataset: xr.Dataset) -> BoolArray:
    """Cells (case, lat, lon) that are threatened and have a margin of zero or more."""
    return np.asarray(dataset["threatened"].values & (dataset["margin_s"].values >= 0.0))


def place_status(dataset: xr.Dataset) -> dict[str, str]:
    """Say of every listed place whether it is defended from all, some or none of the launch areas that reach it."""
    threatened = np.asarray(dataset["place_threatened"].values, bool)
    safe = threatened & (dataset["place_margin_s"].values >= 0.0)
    status = {}
    for i, place in enumerate(dataset["place"].values):
        count, of = int(safe[:, i].sum()), int(threatened[:, i].sum())
        status[str(place)] = OUT_OF_RANGE if of == 0 else ALL if count == of else SOME if count else NONE
    return status


def _grid(dataset: xr.Dataset, scene: Scene, launch_areas: Sequence[str]) -> _Grid:
    lon, lat = np.meshgrid(dataset["lon_deg"].values, dataset["lat_deg"].values)
    spots = [scene.site, *(scene.launch_area(area) for area in launch_areas)]
    window = LocalMap.around(
        np.concatenate([lon[[0, -1]].ravel(), [spot.lon_deg for spot in spots]]),
        np.concatenate([lat[[0, -1]].ravel(), [spot.lat_deg for spot in spots]]),
        margin_km=12.0,
    )
    x_km, y_km = window.xy_km(lon, lat)
    return _Grid(window, x_km, y_km)


def _spot_xy(window: LocalMap, spot: Spot) -> tuple[float, float]:
    x, y = window.xy_km(spot.lon_deg, spot.lat_deg)
    return float(x), float(y)


def _draw_region(
    axes: Axes,
    grid: _Grid,
    margin_s: FloatArray,
    threatened: BoolArray,
    fill: str,
    *,
    dashed: bool = False,
    zorder: float,
) -> None:
    """Fill where the margin is zero or more and draw its zero contour; the edge of the missile's range gets no line."""
    inside = np.where(threatened, margin_s, -np.inf) >= 0.0
    if not inside.any():
        return
    field = np.ma.masked_where(~threatened, np.clip(margin_s, -_MARGIN_LIMIT_S, _MARGIN_LIMIT_S))
    axes.contourf(grid.x_km, grid.y_km, field, levels=[0.0, 2 * _MARGIN_LIMIT_S], colors=[fill], zorder=zorder)
    if inside[threatened].all():
        return
    style = "--" if dashed else "-"
    axes.contour(
        grid.x_km,
        grid.y_km,
        field,
        levels=[0.0],
        colors=[_OUTLINE],
        linewidths=0.9 if dashed else 1.3,
        linestyles=style,
        zorder=zorder + 2.5,
    )


def _draw_out_of_range(axes: Axes, grid: _Grid, threatened: BoolArray) -> None:
    if threatened.all():
        return
    axes.contourf(
        grid.x_km,
        grid.y_km,
        threatened.astype(float),
        levels=[-0.5, 0.5],
        colors=["none"],
        hatches=["////"],
        zorder=1.6,
    )


def _draw_spots(
    axes: Axes, window: LocalMap, scene: Scene, launch_areas: Sequence[str], status: Mapping[str, str], *, names: bool
) -> None:
    """Draw site, launch areas and places; write names where they fit."""
    labels = []
    size = 1.0 if names else 0.62
    for area in launch_areas:
        spot = scene.launch_area(area)
        x, y = _spot_xy(window, spot)
        axes.plot(
            x, y, marker="^", color=BLACK, markersize=7.0 * size, markeredgecolor="white", zorder=6.0, linestyle="none"
        )
        labels.append(Label(spot.name, x, y, importance=1e9))
    x, y = _spot_xy(window, scene.site)
    axes.plot(x, y, marker="*", color=YELLOW, markersize=13.0 * size, markeredgecolor=INK, zorder=6.5, linestyle="none")
    labels.append(Label(scene.site.name, x, y, importance=2e9, bold=True))
    for place in scene.places:
        if place.id == scene.site.id or place.id not in status:
            continue
        x, y = _spot_xy(window, place)
        if not (window.west_km < x < window.east_km and window.south_km < y < window.north_km):
            continue
        style = _STATUS_MARKERS[status[place.id]]
        axes.plot(x, y, linestyle="none", zorder=6.0, **{**style, "markersize": style["markersize"] * size})
        labels.append(Label(place.name, x, y, importance=place.population))
    if names:
        place_labels(axes, labels)


def _legend_handles(statuses: set[str], several: bool, out_of_range: bool) -> list[Line2D | Patch]:
    every = "from every launch area" if several else ""
    words = {
        ALL: f"place defended {every}".strip(),
        SOME: "place defended from some launch areas only",
        NONE: "place not defended",
        OUT_OF_RANGE: "place out of the missile's range",
    }
    handles: list[Line2D | Patch] = [Patch(fc=_ALL_FILL, ec=_OUTLINE, label=f"defended {every}".strip())]
    if several:
        handles.append(Patch(fc=_SOME_FILL, ec=_OUTLINE, ls="--", label="defended from at least one launch area"))
    if out_of_range:
        handles.append(Patch(fc="white", ec=GREY, hatch="////", label="out of the missile's range"))
    for key in (ALL, SOME, NONE, OUT_OF_RANGE):
        if key in statuses:
            handles.append(Line2D([], [], linestyle="none", label=words[key], **_STATUS_MARKERS[key]))
    handles.append(
        Line2D([], [], linestyle="none", marker="^", color=BLACK, markersize=7, label="launch area (reported tests)")
    )
    handles.append(
        Line2D([], [], linestyle="none", marker="*", mfc=YELLOW, mec=INK, markersize=11, label="battery and radar")
    )
    return handles


@house_style
def footprint_map(dataset: xr.Dataset, scene: Scene, missile: str) -> Figure:
    """Draw the footprint against one missile: all launch areas together, and each by itself.

    Parameters
    ----------
    dataset : xarray.Dataset
        A footprint with ``margin_s`` and ``threatened`` on (case, lat, lon).
    scene : Scene
        Site, places and launch areas.
    missile : str
        Id of the threat.

    Returns
    -------
    matplotlib.figure.Figure
        To scale, north up. Left: defended from every launch area that reaches a point (dark) or from at least one
        (light). Right: one small map per launch area.
    """
    cases = cases_of(dataset, missile)
    areas = [str(area) for area in cases["launch_area"].values]
    grid = _grid(cases, scene, areas)
    several = len(areas) > 1
    columns = 0 if not several else 1 if len(areas) < 3 else 2
    map_height = 5.1
    main_width = map_height / grid.window.aspect
    rows = -(-len(areas) // columns) if columns else 1
    small_height = min((map_height - 0.26 * (rows - 1)) / rows, 2.4)
    small_width = small_height / grid.window.aspect
    status = place_status(cases)
    threatened = np.asarray(cases["threatened"].values, bool)
    beyond = 1.0 - threatened.mean(axis=(1, 2)).min()
    handles = _legend_handles(set(status.values()), several, bool(beyond > _WORTH_A_LEGEND))
    if several:
        width_in = max(0.5 + main_width + columns * (small_width + 0.2) + 0.15, 7.0)
        legend_columns = 2 if width_in < 8.6 else 3
        foot = 0.45 + 0.19 * -(-len(handles) // legend_columns)
    else:
        width_in, legend_columns, foot = 0.5 + main_width + 2.6, 1, 0.35
    height_in = foot + map_height + (0.68 if several else 0.4)
    figure = new_figure(width_in, height_in)

    def inches(left: float, bottom: float, width: float, height: float) -> tuple[float, float, float, float]:
        return left / width_in, bottom / height_in, width / width_in, height / height_in

    main = figure.add_axes(inches(0.45, foot, main_width, map_height))
    draw_base(main, grid.window, home=scene.home)
    margin = np.asarray(cases["margin_s"].values, float)
    any_threat = np.asarray(threatened.any(axis=0))
    if several:
        best = np.where(threatened, margin, -np.inf).max(axis=0)
        _draw_region(main, grid, best, any_threat, _SOME_FILL, dashed=True, zorder=1.2)
    worst = np.where(threatened, margin, np.inf).min(axis=0)
    _draw_region(main, grid, worst, any_threat, _ALL_FILL, zorder=1.3)
    _draw_out_of_range(main, grid, any_threat)
    _draw_spots(main, grid.window, scene, areas, status, names=True)
    name = scene.missiles.get(missile, missile)
    if several:
        figure.text(0.45 / width_in, 1.0 - 0.12 / height_in, f"{name}: what is defended", va="top", **_HEADING)
        main.set_title("from all launch areas together", fontsize=8, fontweight="normal", pad=3)
    else:
        main.set_title(f"{name}: from {scene.launch_area(areas[0]).name}")

    for i, area in enumerate(areas if several else ()):
        row, column = divmod(i, columns)
        left = 0.45 + main_width + 0.2 + column * (small_width + 0.2)
        bottom = foot + map_height - (row + 1) * small_height - row * 0.26
        axes = figure.add_axes(inches(left, bottom, small_width, small_height))
        draw_base(axes, grid.window, home=scene.home, furniture=False)
        _draw_region(axes, grid, margin[i], threatened[i], _ALL_FILL, zorder=1.3)
        _draw_out_of_range(axes, grid, threatened[i])
        _draw_spots(axes, grid.window, scene, [area], place_status(cases.isel(case=[i])), names=False)
        axes.set_title(f"from {_short(scene.launch_area(area).name)}", fontsize=7.5, fontweight="normal", pad=3)
    if several:
        place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0.35 / width_in, 0.0)}
    else:
        place = {
            "loc": "upper left",
            "bbox_to_anchor": ((0.6 + main_width) / width_in, (foot + map_height) / height_in),
        }
    figure.legend(
        handles=handles, ncols=legend_columns, columnspacing=1.4, handletextpad=0.5, labelspacing=0.45, **place
    )
    return figure


def _short(name: str) -> str:
    """Drop what a launch area's name adds in brackets."""
    return name.split(" (", maxsplit=1)[0]


def constraint_categories(dataset: xr.Dataset) -> dict[int, str]:
    """Read the binding constraints from the dataset's CF flags: value to word."""
    attributes = dataset["constraint"].attrs
    values = [int(value) for value in np.atleast_1d(attributes["flag_values"])]
    return dict(zip(values, str(attributes["flag_meanings"]).split(), strict=True))


def constraint_label(word: str) -> str:
    """Say a constraint in plain words."""
    return _CONSTRAINT_STYLE[word][1] if word in _CONSTRAINT_STYLE else word.replace("_", " ")


def constraint_legend(words: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the colour, as maps have it, and the plain words of each constraint."""
    return {word: (colour, constraint_label(word)) for word, colour in _constraint_colours(words).items()}


def _paler(colour: str) -> str:
    red, green, blue = (0.8 * part + 0.2 for part in to_rgb(colour))
    return to_hex((red, green, blue))


def _constraint_colours(words: Sequence[str]) -> dict[str, str]:
    spare = iter(_SPARE * 3)
    full = {word: _CONSTRAINT_STYLE[word][0] if word in _CONSTRAINT_STYLE else next(spare) for word in words}
    return {word: _paler(colour) for word, colour in full.items()}


@house_style
def constraint_map(dataset: xr.Dataset, scene: Scene, missile: str) -> Figure:
    """Draw what binds in every cell: why a place is not defended, launch area by launch area.

    Parameters
    ----------
    dataset : xarray.Dataset
        A footprint with ``constraint`` and its CF flags on (case, lat, lon).
    scene : Scene
        Site, places and launch areas.
    missile : str
        Id of the threat.

    Returns
    -------
    matplotlib.figure.Figure
        One map per launch area, one colour per constraint.
    """
    cases = cases_of(dataset, missile)
    areas = [str(area) for area in cases["launch_area"].values]
    grid = _grid(cases, scene, areas)
    words = constraint_categories(cases)
    colours = _constraint_colours(list(words.values()))
    present = [value for value in sorted(words) if (cases["constraint"].values == value).any()]
    columns = 2 if len(areas) in (2, 4) else min(len(areas), 3)
    rows = -(-len(areas) // columns)
    map_width = 2.9 if columns > 1 else 4.4
    map_height = map_width * grid.window.aspect
    legend_columns = 3 if columns == 3 else 2 if columns == 2 else 1
    legend_rows = -(-len(present) // legend_columns)
    foot = 0.45 + 0.19 * legend_rows if columns > 1 else 0.35
    width_in = 0.55 + columns * (map_width + 0.25) if columns > 1 else 0.55 + map_width + 2.9
    height_in = foot + rows * (map_height + 0.45) + 0.25
    figure = new_figure(width_in, height_in)
    for i, area in enumerate(areas):
        row, column = divmod(i, columns)
        axes = figure.add_axes(
            (
                (0.45 + column * (map_width + 0.25)) / width_in,
                (foot + (rows - 1 - row) * (map_height + 0.45)) / height_in,
                map_width / width_in,
                map_height / height_in,
            )
        )
        draw_base(axes, grid.window, home=scene.home, furniture=i == 0)
        values = cases["constraint"].values[i]
        index = np.searchsorted(present, values)
        axes.pcolormesh(
            grid.x_km,
            grid.y_km,
            index,
            cmap=ListedColormap([colours[words[value]] for value in present]),
            vmin=-0.5,
            vmax=len(present) - 0.5,
            shading="nearest",
            rasterized=True,
            zorder=1.3,
        )
        _draw_spots(axes, grid.window, scene, [area], place_status(cases.isel(case=[i])), names=False)
        x, y = _spot_xy(grid.window, scene.site)
        axes.annotate(
            scene.site.name, (x, y), xytext=(6, -8), textcoords="offset points", fontsize=7, path_effects=HALO, zorder=8
        )
        axes.set_title(f"from {_short(scene.launch_area(area).name)}", fontsize=8.5, fontweight="normal", pad=3)
    name = scene.missiles.get(missile, missile)
    figure.suptitle(
        f"{name}: what binds",
        x=0.45 / width_in,
        y=1 - 0.1 / height_in,
        ha="left",
        va="top",
        fontsize=10.5,
        fontweight="bold",
    )
    handles = [Patch(fc=colours[words[v]], ec=INK, lw=0.4, label=constraint_label(words[v])) for v in present]
    if columns > 1:
        figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.35 / width_in, 0.0), ncols=legend_columns)
    else:
        corner = ((0.6 + map_width) / width_in, (foot + map_height) / height_in)
        figure.legend(handles=handles, loc="upper left", bbox_to_anchor=corner)
    return figure
