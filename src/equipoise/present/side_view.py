"""One engagement from the side, to scale on the round Earth.

The drawing is the upright plane of the missile's arc. Where the arc passes beside the battery, that plane does too, and
the reach and the beam are cut in it, not in the plane through the battery.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import ArrayLike

from equipoise.arrays import FloatArray
from equipoise.physics.earth_kernels import MEAN_RADIUS_M
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
from equipoise.sensors.radar import ray_altitude_m
from equipoise.sensors.visibility_kernels import EFFECTIVE_EARTH

if TYPE_CHECKING:
    from equipoise.analysis import Engagement


_WORTH_SAYING_M = 5_000.0  # how far beside the battery an arc passes before the drawing speaks of it


def title(view: Engagement) -> str:
    """Name an engagement: missile, launch area, target."""
    return f"{view.missile} from {short_name(view.launch_area)} at {view.target}"


def short_name(name: str) -> str:
    """Drop what a name adds in brackets."""
    return name.split(" (", maxsplit=1)[0]


def round_earth_km(along_m: ArrayLike, altitude_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Place distance along the ground and altitude on a round Earth seen from the side.

    Parameters
    ----------
    along_m, altitude_m : array_like, shape (...)
        Distance along the ground from beside the battery and height above the ground. [m]

    Returns
    -------
    x_km, y_km : ndarray, shape (...)
        Along the horizontal at the battery and above it. [km]
    """
    angle = np.asarray(along_m, float) / MEAN_RADIUS_M
    radius = MEAN_RADIUS_M + np.asarray(altitude_m, float)
    return radius * np.sin(angle) / 1e3, (radius * np.cos(angle) - MEAN_RADIUS_M) / 1e3


def range_altitude_m(range_m: float, ground_m: ArrayLike) -> FloatArray:
    """Return the greatest altitude within a slant range over a ground distance (4/3 Earth).

    Parameters
    ----------
    range_m : float
        Slant range. [m]
    ground_m : array_like, shape (...)
        Distance along the ground. [m]

    Returns
    -------
    ndarray, shape (...)
        Altitude; nan beyond the range. [m]
    """
    radius = EFFECTIVE_EARTH * MEAN_RADIUS_M
    angle = np.asarray(ground_m, float) / radius
    rest = range_m**2 - (radius * np.sin(angle)) ** 2
    return np.where(rest >= 0.0, radius * np.cos(angle) + np.sqrt(np.maximum(rest, 0.0)) - radius, np.nan)


@dataclass(frozen=True, slots=True)
class _Plane:
    """The upright plane of an arc, which passes the battery at some distance and some time."""

    aside_m: float
    passing_s: float

    @classmethod
    def of(cls, view: Engagement) -> _Plane:
        """Find where the arc is nearest to the battery."""
        nearest = int(np.argmin(np.abs(view.distance_m)))
        return cls(float(abs(view.distance_m[nearest])), float(view.time_s[nearest]))

    def arc(self, time_s: ArrayLike, distance_m: ArrayLike) -> FloatArray:
        """Turn the missile's distances from the battery into distances along the plane, negative once it has passed."""
        before = np.where(np.asarray(time_s, float) <= self.passing_s, 1.0, -1.0)
        return before * self.along(np.abs(np.asarray(distance_m, float)))

    def along(self, ground_m: ArrayLike) -> FloatArray:
        """Turn ground distances from the battery into distances along the plane; 0 is beside the battery."""
        cosine = np.cos(np.asarray(ground_m, float) / MEAN_RADIUS_M) / math.cos(self.aside_m / MEAN_RADIUS_M)
        return np.asarray(MEAN_RADIUS_M * np.arccos(np.clip(cosine, -1.0, 1.0)))

    def ground(self, along_m: ArrayLike) -> FloatArray:
        """Turn distances along the plane into ground distances from the battery."""
        cosine = np.cos(np.asarray(along_m, float) / MEAN_RADIUS_M) * math.cos(self.aside_m / MEAN_RADIUS_M)
        return MEAN_RADIUS_M * np.arccos(np.clip(cosine, -1.0, 1.0))


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
        Round Earth; the battery at the origin; the launch area to the left, the target to the right.
    """
    plane = _Plane.of(view)
    x, y = round_earth_km(plane.arc(view.time_s, view.distance_m), view.altitude_m)
    reach_km = float(view.reach_distance_m.max()) / 1e3
    left, right = max(reach_km, float(x.max())) + 25.0, min(-reach_km, float(x.min())) - 25.0
    low = min(float(y.min()), 0.0) - 22.0
    high = max(float(y.max()), view.max_altitude_m / 1e3) + 28.0
    width_in, foot, head = 9.6, 1.05, 0.35
    map_width = width_in - 0.75
    map_height = map_width * (high - low) / (left - right)
    height_in = map_height + foot + head
    figure = new_figure(width_in, height_in)
    axes = figure.add_axes((0.6 / width_in, foot / height_in, map_width / width_in, map_height / height_in))
    axes.set(xlim=(left, right), ylim=(low, high))  # the launch area stands on the left, whatever the geography
    axes.set_aspect("equal")
    ground = np.linspace(-3e6, 3e6, 400)
    gx, gy = round_earth_km(ground, np.zeros_like(ground))
    axes.fill_between(gx, gy, low - 400.0, color="#DAD4C6", zorder=2.0, linewidth=0)
    axes.plot(gx, gy, color=INK, linewidth=0.8, zorder=2.1)
    _draw_beam(axes, view, plane, 1e3 * left)
    _draw_reach(axes, view, plane)
    span = (left * 1e3 * 0.96, right * 1e3 * 0.96)
    _draw_level(axes, view.min_altitude_m, f"{view.min_altitude_m / 1e3:g} km: lowest intercept", span)
    _draw_level(axes, view.max_altitude_m, f"{view.max_altitude_m / 1e3:g} km: highest intercept", span)
    _draw_arc(axes, view, x, y)
    for shot, style in ((view.first, "-"), (view.last, "--")):
        if shot is not None:
            met = shot.intercept
            at_x, at_y = round_earth_km(plane.arc(met.time_s, met.distance_m), met.altitude_m)
            axes.plot([0.0, float(at_x)], [0.0, float(at_y)], color=BLUE, linewidth=1.1, linestyle=style, zorder=3.9)
    _label_moments(axes, view, x, y)
    axes.plot(0.0, 0.0, marker="*", color=YELLOW, markersize=13, markeredgecolor=INK, zorder=6.0, linestyle="none")
    aside = plane.aside_m > _WORTH_SAYING_M
    site = f"{view.site}\n({plane.aside_m / 1e3:.0f} km aside)" if aside else view.site
    launch, target = (float(x[0]), float(y[0])), (float(x[-1]), float(y[-1]))
    for text, at in ((short_name(view.launch_area), launch), (site, (0.0, 0.0)), (view.target, target)):
        place = {"xytext": (0, -9), "textcoords": "offset points", "ha": "center", "va": "top"}
        axes.annotate(text, at, fontsize=8, fontweight="bold", zorder=7.0, **cast("Any", place))
    axes.set_xlabel("distance along the ground, km (left: towards the launch area)")
    axes.set_ylabel("height above the horizontal, km")
    ticks = [tick for tick in axes.get_xticks() if right <= tick <= left]
    axes.set_xticks(ticks, [f"{abs(tick):g}" for tick in ticks])
    axes.set_yticks(np.arange(0.0, high, 50.0 if high < 500.0 else 100.0 if high < 1000.0 else 200.0))
    axes.set_title(f"{title(view)} (to scale)")
    figure.legend(handles=_handles(view), loc="lower left", bbox_to_anchor=(0.5 / width_in, 0.0), ncols=3)
    return figure


def _draw_beam(axes: Axes, view: Engagement, plane: _Plane, left_m: float) -> None:
    """Shade what lies above the elevation floor within the radar's range, on the side of the threat."""
    along = np.linspace(0.0, left_m, 200)
    ground = plane.ground(along)
    upper = range_altitude_m(view.detection_range_m, ground)
    upper = np.minimum(upper, ray_altitude_m(view.radar.elevation_max_rad, ground))
    lower = ray_altitude_m(view.radar.elevation_floor_rad, ground)
    inside = np.isfinite(upper) & (upper > lower)
    along, upper, lower = along[inside], upper[inside], lower[inside]
    outline_m = np.concatenate([along, along[::-1]]), np.concatenate([lower, upper[::-1]])
    axes.fill(*round_earth_km(*outline_m), facecolor=YELLOW, alpha=0.18, edgecolor="none", zorder=1.0)
    axes.plot(*round_earth_km(along, lower), color=ORANGE, linewidth=0.9, zorder=1.5)
    axes.plot(*round_earth_km(along, upper), color=ORANGE, linewidth=0.9, dashes=(5, 2), zorder=1.5)
    middle = len(along) // 2
    x, y = round_earth_km(along[middle], lower[middle])
    axes.annotate(
        f"elevation floor {math.degrees(view.radar.elevation_floor_rad):g}°",
        (float(x), float(y)),
        xytext=(0, -9),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=7,
        color="#8A5F00",
        path_effects=HALO,
        zorder=4.5,
    )


def _draw_reach(axes: Axes, view: Engagement, plane: _Plane) -> None:
    """Outline the interceptor's reach where the plane cuts it, on both sides of the battery."""
    cut = view.reach_distance_m >= plane.aside_m
    edge_m, altitude_m = plane.along(view.reach_distance_m[cut]), view.reach_altitude_m[cut]
    if len(edge_m) == 0:
        return
    x, y = round_earth_km(np.concatenate([edge_m, -edge_m[::-1]]), np.concatenate([altitude_m, altitude_m[::-1]]))
    axes.fill(x, y, facecolor=SKY_BLUE, alpha=0.22, edgecolor=BLUE, linewidth=1.0, zorder=1.6)


def _draw_level(axes: Axes, altitude_m: float, text: str, span_m: tuple[float, float]) -> None:
    along = np.linspace(*span_m, 60)
    axes.plot(*round_earth_km(along, np.full(60, altitude_m)), color=GREY, linewidth=0.7, dashes=(2, 2), zorder=1.4)
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


def _draw_arc(axes: Axes, view: Engagement, x: FloatArray, y: FloatArray) -> None:
    """Draw the arc, thick under power, and underlaid while the radar sees it."""
    if view.detection is not None:
        lost_s = view.lost.time_s if view.lost is not None else float(view.time_s[-1])
        seen = (view.time_s >= view.detection.time_s) & (view.time_s <= lost_s)
        axes.plot(x[seen], y[seen], color=YELLOW, linewidth=5.0, solid_capstyle="butt", zorder=3.8)
    axes.plot(x, y, color=INK, linewidth=1.3, zorder=4.0)
    burnt = view.time_s <= view.burnout.time_s
    axes.plot(x[burnt], y[burnt], color=VERMILION, linewidth=2.6, zorder=4.1)


def _handles(view: Engagement) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=VERMILION, linewidth=2.6, label="missile under power"),
        Line2D([], [], color=INK, linewidth=1.3, label="missile after burnout"),
        Line2D([], [], color=YELLOW, linewidth=5.0, label="seen by the radar"),
        Patch(fc=YELLOW, alpha=0.35, ec=ORANGE, label=f"radar beam to {view.detection_range_m / 1e3:,.0f} km"),
        Patch(fc=SKY_BLUE, alpha=0.35, ec=BLUE, label="interceptor's reach"),
    ]
    if view.first is not None:
        handles.append(
            Line2D([], [], color=BLUE, linewidth=1.1, label="to first (dashed: last) intercept, not the path")
        )
    return handles


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


def _label_moments(axes: Axes, view: Engagement, x_km: FloatArray, y_km: FloatArray) -> None:
    """Mark the moments on the arc; names stand to its right, below it while it climbs, above it while it falls."""
    placed: list[tuple[float, float]] = []
    figure = axes.get_figure(root=True)
    assert figure is not None
    to_pixels = axes.transData.transform
    step, scale = 10.0 * figure.dpi / 72.0, 72.0 / figure.dpi
    for words, time_s, marker, colour in sorted(_moments(view), key=lambda moment: moment[1]):
        at = float(np.interp(time_s, view.time_s, x_km)), float(np.interp(time_s, view.time_s, y_km))
        layer = 5.7 if marker == "X" else 5.5
        axes.plot(*at, marker=marker, color=colour, ms=6.5, mec="white", zorder=layer, linestyle="none")
        px, py = to_pixels(at)
        direction = -0.8 if time_s < 0.5 * view.time_s[-1] else 0.8
        candidate = px + 0.9 * step, py
        for k in range(14):
            candidate = px + 0.9 * step, py + (0.4 + k) * step * direction
            if all(abs(candidate[1] - y) > step or abs(candidate[0] - x) > 14 * step for x, y in placed):
                break
        placed.append(candidate)
        axes.annotate(
            f"{words}, {time_s:.0f} s",
            at,
            xytext=((candidate[0] - px) * scale, (candidate[1] - py) * scale),
            textcoords="offset points",
            ha="left",
            va="center",
            fontsize=7.5,
            path_effects=HALO,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2},
            zorder=7.0,
        )
