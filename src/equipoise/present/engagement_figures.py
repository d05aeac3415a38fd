"""One engagement from the side, to scale on the round Earth, and the same engagement on a time line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import ArrayLike, NDArray

from equipoise.present.maps import HALO
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

if TYPE_CHECKING:
    from equipoise.analysis import Engagement

FloatArray = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0  # mean radius; the drawing is good to its line width
REFRACTION = 4.0 / 3.0  # effective Earth radius of a radar beam in the standard atmosphere


def title(view: Engagement) -> str:
    """Name an engagement: missile, launch area, target."""
    return f"{view.missile} from {_short(view.launch_area)} at {view.target}"


def _short(name: str) -> str:
    """Drop what a name adds in brackets."""
    return name.split(" (", maxsplit=1)[0]


def round_earth_km(distance_m: ArrayLike, altitude_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Place ground distance and altitude on a round Earth seen from the side.

    Parameters
    ----------
    distance_m, altitude_m : array_like, shape (...)
        Distance along the ground from the battery and height above the ground. [m]

    Returns
    -------
    x_km, y_km : ndarray, shape (...)
        Along the battery's horizontal plane and above it. [km]
    """
    angle = np.asarray(distance_m, float) / 1e3 / EARTH_RADIUS_KM
    radius = EARTH_RADIUS_KM + np.asarray(altitude_m, float) / 1e3
    return radius * np.sin(angle), radius * np.cos(angle) - EARTH_RADIUS_KM


def beam_ray(elevation_rad: float, slant_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Follow a radar ray through the standard atmosphere (4/3 Earth).

    Parameters
    ----------
    elevation_rad : float
        Elevation at the radar. [rad]
    slant_m : array_like, shape (...)
        Length along the ray. [m]

    Returns
    -------
    distance_m, altitude_m : ndarray, shape (...)
        Ground distance and altitude. [m]
    """
    slant_km = np.asarray(slant_m, float) / 1e3
    radius = REFRACTION * EARTH_RADIUS_KM
    altitude = np.sqrt(slant_km**2 + radius**2 + 2.0 * slant_km * radius * np.sin(elevation_rad)) - radius
    distance = radius * np.arcsin(slant_km * np.cos(elevation_rad) / (radius + altitude))
    return 1e3 * distance, 1e3 * altitude


def _draw_beam(axes: Axes, view: Engagement) -> None:
    """Shade what lies between the elevation floor and ceiling within the radar's range, on the side of the threat."""
    slant = np.linspace(0.0, view.detection_range_m, 80)
    lower = np.array(beam_ray(view.radar.elevation_floor_rad, slant))
    sweep = np.linspace(view.radar.elevation_floor_rad, view.radar.elevation_max_rad, 80)
    rim = np.array([beam_ray(float(e), view.detection_range_m) for e in sweep]).T
    upper = np.array(beam_ray(view.radar.elevation_max_rad, slant[::-1]))
    x, y = round_earth_km(*np.concatenate([lower, rim, upper], axis=1))
    axes.fill(x, y, facecolor=YELLOW, alpha=0.18, edgecolor="none", zorder=1.0)
    axes.plot(*round_earth_km(*lower), color=ORANGE, linewidth=0.9, zorder=1.5)
    axes.plot(*round_earth_km(*rim), color=ORANGE, linewidth=0.9, dashes=(5, 2), zorder=1.5)
    at = np.array(beam_ray(view.radar.elevation_floor_rad, min(view.detection_range_m, 240e3)))
    x_at, y_at = round_earth_km(*at)
    axes.annotate(
        f"elevation floor {math.degrees(view.radar.elevation_floor_rad):g}°",
        (float(x_at), float(y_at)),
        xytext=(0, -9),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=7,
        color="#8A5F00",
        path_effects=HALO,
        zorder=4.5,
    )


def _draw_reach(axes: Axes, view: Engagement) -> None:
    """Outline the interceptor's reach on both sides of the battery."""
    distance = np.concatenate([view.reach_distance_m, -view.reach_distance_m[::-1]])
    altitude = np.concatenate([view.reach_altitude_m, view.reach_altitude_m[::-1]])
    x, y = round_earth_km(distance, altitude)
    axes.fill(x, y, facecolor=SKY_BLUE, alpha=0.22, edgecolor=BLUE, linewidth=1.0, zorder=1.6)


def _draw_level(axes: Axes, altitude_m: float, text: str, span_m: tuple[float, float]) -> None:
    distance = np.linspace(*span_m, 60)
    axes.plot(*round_earth_km(distance, np.full(60, altitude_m)), color=GREY, linewidth=0.7, dashes=(2, 2), zorder=1.4)
    x, y = round_earth_km(span_m[1], altitude_m)
    axes.annotate(
        text,
        (float(x), float(y)),
        xytext=(-1, 3),
        textcoords="offset points",
        ha="right",
        fontsize=7,
        color="#55595d",
        path_effects=HALO,
        zorder=4.5,
    )


def _at(view: Engagement, time_s: float) -> tuple[float, float]:
    distance = float(np.interp(time_s, view.time_s, view.distance_m))
    altitude = float(np.interp(time_s, view.time_s, view.altitude_m))
    x, y = round_earth_km(distance, altitude)
    return float(x), float(y)


def _moments(view: Engagement) -> list[tuple[str, float, str, str]]:
    """Moments on the arc: words, time, marker, colour."""
    moments = [("burnout", view.burnout.time_s, "o", BLACK)]
    if view.detection is not None:
        moments.append(("first detection", view.detection.time_s, "D", ORANGE))
    if view.firm_track is not None:
        moments.append(("firm track", view.firm_track.time_s, "s", PURPLE))
    if view.lost is not None:
        moments.append(("out of view", view.lost.time_s, "D", GREY))
    if view.first is not None:
        moments.append(("first launch", view.first.launch_s, "^", GREEN))
        moments.append(("first intercept", view.first.intercept.time_s, "X", VERMILION))
    if view.last is not None:
        moments.append(("last launch", view.last.launch_s, "^", GREEN))
        moments.append(("last intercept", view.last.intercept.time_s, "X", VERMILION))
    return moments


@house_style
def side_view(view: Engagement) -> Figure:
    """Draw the engagement from the side, to scale.

    Parameters
    ----------
    view : Engagement
        What to draw.

    Returns
    -------
    matplotlib.figure.Figure
        Round Earth; battery at the origin; the launch area to the left, the target to the right.
    """
    x, y = round_earth_km(view.distance_m, view.altitude_m)
    x_reach, y_reach = round_earth_km(view.reach_distance_m, view.reach_altitude_m)
    reach_km = float(np.max(x_reach))
    left, right = max(reach_km, float(x.max())) + 25.0, min(-reach_km, float(x.min())) - 25.0
    low = min(float(y.min()), 0.0) - 22.0
    high = max(float(y.max()), float(y_reach.max()), view.max_altitude_m / 1e3) + 28.0
    width_in = 9.6
    map_width = width_in - 0.75
    map_height = map_width * (high - low) / (left - right)
    foot, head = 1.05, 0.35
    height_in = map_height + foot + head
    figure = new_figure(width_in, height_in)
    axes = figure.add_axes((0.6 / width_in, foot / height_in, map_width / width_in, map_height / height_in))
    axes.set(xlim=(left, right), ylim=(low, high))  # the launch area stands on the left, whatever the geography
    axes.set_aspect("equal")
    ground = np.linspace(-3e6, 3e6, 400)
    gx, gy = round_earth_km(ground, np.zeros_like(ground))
    axes.fill_between(gx, gy, low - 400.0, color="#DAD4C6", zorder=2.0, linewidth=0)
    axes.plot(gx, gy, color=INK, linewidth=0.8, zorder=2.1)
    _draw_beam(axes, view)
    _draw_reach(axes, view)
    span = (left * 1e3 * 0.96, right * 1e3 * 0.96)
    _draw_level(axes, view.min_altitude_m, f"{view.min_altitude_m / 1e3:g} km: lowest intercept", span)
    _draw_level(axes, view.max_altitude_m, f"{view.max_altitude_m / 1e3:g} km: highest intercept", span)
    burnt = view.time_s <= view.burnout.time_s
    axes.plot(x, y, color=INK, linewidth=1.3, zorder=4.0)
    axes.plot(x[burnt], y[burnt], color=VERMILION, linewidth=2.6, zorder=4.1)
    for shot, style in ((view.first, "-"), (view.last, "--")):
        if shot is not None:
            at_x, at_y = round_earth_km(shot.intercept.distance_m, shot.intercept.altitude_m)
            axes.plot([0.0, float(at_x)], [0.0, float(at_y)], color=BLUE, linewidth=1.1, linestyle=style, zorder=3.9)
    _label_moments(axes, view)
    axes.plot(0.0, 0.0, marker="*", color=YELLOW, markersize=13, markeredgecolor=INK, zorder=6.0, linestyle="none")
    for text, at in (
        (_short(view.launch_area), (float(x[0]), float(y[0]))),
        (view.site, (0.0, 0.0)),
        (view.target, (float(x[-1]), float(y[-1]))),
    ):
        axes.annotate(
            text,
            at,
            xytext=(0, -9),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=8,
            fontweight="bold",
            zorder=7.0,
        )
    axes.set_xlabel("distance from the battery, km (left: towards the launch area)")
    axes.set_ylabel("height above the battery's horizontal, km")
    ticks = [t for t in axes.get_xticks() if right <= t <= left]
    axes.set_xticks(ticks, [f"{abs(t):g}" for t in ticks])
    axes.set_title(f"{title(view)} (to scale)")
    handles = [
        Line2D([], [], color=VERMILION, linewidth=2.6, label="missile under power"),
        Line2D([], [], color=INK, linewidth=1.3, label="missile after burnout"),
        Patch(fc=YELLOW, alpha=0.35, ec=ORANGE, label=f"radar beam to {view.detection_range_m / 1e3:,.0f} km"),
        Patch(fc=SKY_BLUE, alpha=0.35, ec=BLUE, label="interceptor's reach"),
        Line2D([], [], color=BLUE, linewidth=1.1, label="to first intercept (straight line, not the path)"),
        Line2D([], [], color=BLUE, linewidth=1.1, linestyle="--", label="to last intercept"),
    ]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.5 / width_in, 0.0), ncols=3)
    return figure


def _label_moments(axes: Axes, view: Engagement) -> None:
    """Mark the moments on the arc; names stand off the arc, left of it while it climbs, right of it while it falls."""
    moments = _moments(view)
    placed: list[tuple[float, float]] = []
    figure = axes.get_figure(root=True)
    assert figure is not None
    to_pixels = axes.transData.transform
    step = 10.0 * figure.dpi / 72.0
    for words, time_s, marker, colour in sorted(moments, key=lambda moment: moment[1]):
        at = _at(view, time_s)
        axes.plot(
            *at, marker=marker, color=colour, markersize=6.5, markeredgecolor="white", zorder=5.5, linestyle="none"
        )
        px, py = to_pixels(at)
        rising = time_s < 0.5 * float(view.time_s[-1])
        for k in range(12):
            offset_y = (0.4 + k) * step * (1.0 if k % 2 == 0 else -0.6)
            candidate = (px + (-1 if rising else 1) * 8.0, py + offset_y)
            if all(
                abs(candidate[1] - other_y) > step or abs(candidate[0] - other_x) > 15 * step
                for other_x, other_y in placed
            ):
                break
        placed.append(candidate)
        scale = 72.0 / figure.dpi
        axes.annotate(
            f"{words}, {time_s:.0f} s",
            at,
            xytext=((candidate[0] - px) * scale, (candidate[1] - py) * scale),
            textcoords="offset points",
            ha="right" if rising else "left",
            va="center",
            fontsize=7.5,
            path_effects=HALO,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2},
            zorder=7.0,
        )


def _to_minutes(seconds: FloatArray) -> FloatArray:
    return seconds / 60.0


def _to_seconds(minutes: FloatArray) -> FloatArray:
    return minutes * 60.0


@house_style
def timeline(view: Engagement) -> Figure:
    """Draw the engagement on a time line: what the missile, the radar and the battery do when.

    Parameters
    ----------
    view : Engagement
        What to draw.

    Returns
    -------
    matplotlib.figure.Figure
        Seconds since the missile's launch along the bottom, minutes along the top.
    """
    figure = new_figure(9.6, 3.6)
    axes = figure.add_axes((0.135, 0.15, 0.84, 0.62))
    end = float(view.time_s[-1])
    rows = ["interceptor", "battery", "radar", "missile"]
    axes.set(xlim=(-0.01 * end, 1.01 * end), ylim=(-0.75, 3.75), yticks=range(4), yticklabels=rows)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    _bar(axes, 3, 0.0, view.burnout.time_s, VERMILION, "under power")
    _bar(axes, 3, view.burnout.time_s, end, "#C9CDD0", "unpowered flight")
    _tick(axes, 3, [("launch", 0.0), ("burnout", view.burnout.time_s), ("impact", end)])
    if view.detection is not None:
        firm = view.firm_track.time_s if view.firm_track is not None else end
        lost = view.lost.time_s if view.lost is not None else end
        _bar(axes, 2, view.detection.time_s, min(firm, lost), "#F7DFA3", "")
        _bar(axes, 2, firm, lost, YELLOW, "tracks")
        marks = [("first detection", view.detection.time_s)]
        if view.firm_track is not None:
            marks.append(("firm track", firm))
        if view.lost is not None:
            marks.append(("out of view", lost))
        _tick(axes, 2, marks)
    else:
        axes.text(0.5 * end, 2, "the radar never sees this arc", ha="center", va="center", fontsize=8, style="italic")
    if view.first is not None and view.last is not None:
        _bar(axes, 1, view.first.launch_s, view.last.launch_s, "#8CCFB9", "launch window")
        _tick(axes, 1, [("first launch", view.first.launch_s), ("last launch", view.last.launch_s)])
        _bar(axes, 0, view.first.intercept.time_s, view.last.intercept.time_s, "#9CC7E6", "intercept window")
        _tick(
            axes,
            0,
            [("first intercept", view.first.intercept.time_s), ("last intercept", view.last.intercept.time_s)],
            below=True,
        )
        for shot in (view.first, view.last):
            axes.plot([shot.launch_s, shot.intercept.time_s], [0.8, 0.2], color=BLUE, linewidth=1.0, zorder=3)
    else:
        axes.text(0.5 * end, 0.5, "no intercept is possible", ha="center", va="center", fontsize=8, style="italic")
    axes.set_xlabel("seconds since the missile's launch")
    top = axes.secondary_xaxis("top", functions=cast("Any", (_to_minutes, _to_seconds)))
    top.set_xlabel("minutes", fontsize=8)
    axes.grid(axis="x", color=GREY, linewidth=0.3, alpha=0.5)
    axes.set_axisbelow(True)
    figure.suptitle(title(view), x=0.135, y=0.975, ha="left", va="top", fontsize=10, fontweight="bold")
    return figure


def _bar(axes: Axes, row: float, start: float, end: float, colour: str, text: str) -> None:
    axes.barh(row, max(end - start, 0.0), left=start, height=0.36, color=colour, edgecolor=INK, linewidth=0.4, zorder=2)
    if text and end - start > 0.011 * len(text) * axes.get_xlim()[1]:
        axes.text((start + end) / 2, row, text, ha="center", va="center", fontsize=7.5, zorder=4)


def _tick(axes: Axes, row: float, marks: Sequence[tuple[str, float]], *, below: bool = False) -> None:
    """Write moments above (or below) a bar; where two stand close, the later goes to the other side."""
    width = axes.get_xlim()[1]
    previous_end = -np.inf
    for words, time_s in marks:
        text = f"{words} {time_s:.0f} s"
        length = 0.0098 * len(text) * width
        align = "left" if time_s < 0.08 * width else "right" if time_s > 0.9 * width else "center"
        start = time_s - {"left": 0.0, "center": length / 2, "right": length}[align]
        clear = bool(start > previous_end)
        above = clear is not below
        axes.text(
            time_s,
            row + (0.24 if above else -0.26),
            text,
            ha=align,
            va="bottom" if above else "top",
            fontsize=7.5,
            zorder=5,
        )
        axes.plot([time_s, time_s], [row - 0.18, row + 0.22], color=INK, linewidth=1.1, zorder=4)
        if clear:
            previous_end = start + length
