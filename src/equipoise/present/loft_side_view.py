"""The reported flight and the longest flight of the same missile from the side, to scale on the round Earth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from equipoise.analysis.flight_test_results import Band
from equipoise.arrays import FloatArray
from equipoise.physics.earth_kernels import MEAN_RADIUS_M, axes_of, geodetic_of
from equipoise.physics.geodesy import geodesic
from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.present.labels import Written, beside
from equipoise.present.style import BLACK, BLUE, GREY, INK, ORANGE, PURPLE, VERMILION, YELLOW, house_style, new_figure

if TYPE_CHECKING:
    from equipoise.analysis.flight_test_results import FlightTest
    from equipoise.physics.flight import Trajectory

_GROUND = "#DAD4C6"
_WHOLE_GLOBE_M = 11_000e3  # from here on the whole globe is shown
_NEAR_ANTIPODE_M = 1_500e3  # the plane of a flight that ends nearer to it than this is that of its thrust
_SAMPLES = 800


@dataclass(frozen=True)
class SideTrack:
    """A flight in its upright plane.

    Parameters
    ----------
    along_m, altitude_m : ndarray, shape (n,)
        Distance along the ground from the launch point, and height. [m]
    burnt : ndarray, shape (n,)
        Whether the missile is under power still.
    top : int
        Where the apogee is.
    """

    along_m: FloatArray
    altitude_m: FloatArray
    burnt: Any
    top: int

    @classmethod
    def of(cls, flown: Trajectory) -> SideTrack:
        """Project a flight into the plane through launch point, impact and the Earth's centre.

        Over a turning Earth the track on the ground leaves that plane; what it lies aside is left out.
        """
        time_s = np.unique(
            np.concatenate(
                [
                    np.linspace(0.0, flown.time_of_flight_s, _SAMPLES),
                    np.linspace(0.0, flown.burnout.time_s, 60),
                    [flown.apogee_time_s],
                ]
            )
        )
        r_m = flown.at(np.clip(time_s, 0.0, flown.time_of_flight_s))[0]
        axes = np.array(axes_of(flown.launch.lat_rad, flown.launch.lon_rad)).reshape(3, 3)
        up = r_m[0] / np.linalg.norm(r_m[0])
        az_rad = geodesic(flown.launch, flown.impact_site)[1]
        if HALF_ROUND_M - flown.range_m < _NEAR_ANTIPODE_M:
            az_rad = flown.aim.az_rad
        ahead = math.sin(az_rad) * axes[0] + math.cos(az_rad) * axes[1]
        ahead -= (ahead @ up) * up
        angle = np.unwrap(np.arctan2(r_m @ ahead, r_m @ up))
        return cls(
            along_m=MEAN_RADIUS_M * angle,
            altitude_m=_heights(r_m),
            burnt=time_s <= flown.burnout.time_s + 1e-9,
            top=int(np.argmin(np.abs(time_s - flown.apogee_time_s))),
        )


def _heights(r_m: FloatArray) -> FloatArray:
    return np.array([max(0.0, geodetic_of(*row)[2]) for row in r_m.tolist()])


@dataclass(frozen=True)
class _Frame:
    """Turns distance along the ground and height into the plane of the drawing: the middle of the ground is on top."""

    middle_m: float

    def xy_km(self, along_m: Any, altitude_m: Any) -> tuple[FloatArray, FloatArray]:
        angle = (np.asarray(along_m, float) - self.middle_m) / MEAN_RADIUS_M
        radius_km = (MEAN_RADIUS_M + np.asarray(altitude_m, float)) / 1e3
        return radius_km * np.sin(angle), radius_km * np.cos(angle) - MEAN_RADIUS_M / 1e3


@house_style
def loft_side_view(test: FlightTest) -> Figure:
    """Draw the reported and the longest flight of the calibrated missile from one launch point.

    Parameters
    ----------
    test : FlightTest
        The result.

    Returns
    -------
    matplotlib.figure.Figure
        To scale, the Earth round; the thick piece of the ground is the band of the longest range.
    """
    lofted, standard = SideTrack.of(test.calibrated.lofted), SideTrack.of(test.calibrated.standard)
    band = range_band(test)
    end_m = max(band.high, standard.along_m[-1], test.report.range_m)
    end_m = min(end_m, HALF_ROUND_M)
    frame = _Frame(0.5 * end_m)
    figure, axes = _canvas(frame, (lofted, standard), end_m)
    radius_km = MEAN_RADIUS_M / 1e3
    axes.add_patch(Circle((0.0, -radius_km), radius_km, facecolor=_GROUND, edgecolor=INK, linewidth=0.8, zorder=2.0))
    written = Written(axes)
    tops_m = sorted((lofted.altitude_m.max(), standard.altitude_m.max()))
    _draw_heights(axes, frame, float(tops_m[1]), end_m, written)
    _draw_ground(axes, frame, end_m, written)
    x, y = frame.xy_km(np.linspace(band.low, band.high, 200), np.zeros(200))
    axes.plot(x, y, color=ORANGE, linewidth=6.5, solid_capstyle="butt", zorder=2.6, gid="range-band")
    _draw_track(axes, frame, standard, BLUE)
    _draw_track(axes, frame, lofted, BLACK)
    _label(axes, frame, test, lofted, standard, written)
    axes.set_title(f"{test.report.label}: as reported, and on its longest flight (to scale)")
    figure.legend(handles=_handles(test, band), loc="lower left", bbox_to_anchor=(0.01, 0.0), ncols=2)
    return figure


def range_band(test: FlightTest) -> Band:
    """Return the band of the longest flight drawn: in its direction over the turning Earth, or on a still one."""
    if not test.calibrated.turning:
        return test.range_still_m
    flown, ring = test.calibrated.standard, test.ring
    rows = [np.interp(flown.aim.az_rad, ring.az_rad, row, period=math.tau) for row in ring.range_m]
    return Band.of(flown.range_m, [float(length_m) for length_m in rows if math.isfinite(length_m)])


def _canvas(frame: _Frame, tracks: tuple[SideTrack, ...], end_m: float) -> tuple[Figure, Axes]:
    ground_x, ground_y = frame.xy_km(np.linspace(0.0, end_m, 100), np.zeros(100))
    xs, ys = [ground_x], [ground_y]
    for track in tracks:
        x, y = frame.xy_km(track.along_m, track.altitude_m)
        xs.append(x)
        ys.append(y)
    if end_m > _WHOLE_GLOBE_M:
        radius_km = MEAN_RADIUS_M / 1e3
        xs.append(np.array([-radius_km, radius_km]))
        ys.append(np.array([-2.0 * radius_km, 0.0]))
    x, y = np.concatenate(xs), np.concatenate(ys)
    left, right, low, high = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    room = 0.07 * max(right - left, high - low)
    left, right, low, high = left - room, right + room, low - 1.1 * room, high + room
    aspect = (high - low) / (right - left)
    foot, head, widest, tallest = 0.85, 0.4, 9.4, 7.4
    width = min(widest, tallest / aspect)
    if aspect * widest < 2.4:  # a flat arc still gets room for its labels
        grow = 0.5 * (2.4 / widest * (right - left) - (high - low))
        low, high = low - grow, high + grow
        aspect, width = 2.4 / widest, widest
    width_in, height_in = max(width, 7.0) + 0.2, width * aspect + foot + head
    figure = new_figure(width_in, height_in)
    axes = figure.add_axes(
        ((width_in - width) / 2 / width_in, foot / height_in, width / width_in, width * aspect / height_in)
    )
    axes.set(xlim=(left, right), ylim=(low, high))
    axes.set_aspect("equal")
    axes.set_axis_off()
    return figure, axes


def _draw_track(axes: Axes, frame: _Frame, track: SideTrack, colour: str) -> None:
    x, y = frame.xy_km(track.along_m, track.altitude_m)
    axes.plot(x, y, color=colour, linewidth=1.5, zorder=4.0)
    axes.plot(x[track.burnt], y[track.burnt], color=VERMILION, linewidth=3.0, zorder=4.1)


def nice_step(span: float, most: int) -> float:
    """Return the smallest of 1, 2, 5, 10, ... that divides a span into no more than so many steps."""
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(power * k for k in (1.0, 2.0, 5.0, 10.0) if power * k >= rough * (1.0 - 1e-9)))


def _draw_heights(axes: Axes, frame: _Frame, top_m: float, end_m: float, written: Written) -> None:
    """Draw circles of one height, and write their kilometres where they leave the picture on the right."""
    step = nice_step(top_m / 1e3, 5)
    left, right = axes.get_xlim()
    low, high = axes.get_ylim()
    along = np.linspace(-math.pi, math.pi, 2001) * MEAN_RADIUS_M + frame.middle_m
    along = along[::-1]
    for height_km in np.arange(step, 1.05 * top_m / 1e3, step):
        x, y = frame.xy_km(along, np.full(along.shape, 1e3 * height_km))
        axes.plot(x, y, color=GREY, linewidth=0.5, linestyle=(0.0, (2.0, 3.0)), zorder=1.0)
        room_x, room_y = 0.035 * (right - left), 0.03 * (high - low)
        upper = along < frame.middle_m + 0.5 * math.pi * MEAN_RADIUS_M
        seen = (x < right - room_x) & (x > left + room_x) & (y < high - room_y) & (y > low + room_y) & upper
        if seen.any():
            k = int(np.argmax(seen))
            written.write(
                f"{height_km:,.0f} km", (float(x[k]), float(y[k])), [(0.0, 0.0), (0.0, 8.0), (0.0, -8.0)], size=6.5
            )


def _draw_ground(axes: Axes, frame: _Frame, end_m: float, written: Written) -> None:
    """Mark round distances along the ground, and write them into the Earth."""
    step = nice_step(end_m / 1e3, 8)
    inches = axes.get_window_extent().width / axes.get_figure(root=True).dpi  # type: ignore[union-attr]
    km_per_point = (axes.get_xlim()[1] - axes.get_xlim()[0]) / (72.0 * inches)
    for along_km in np.arange(0.0, end_m / 1e3 + 1e-6, step):
        depth = np.array([0.0, -5.0, -15.0]) * km_per_point * 1e3
        x, y = frame.xy_km(np.full(3, along_km * 1e3), depth)
        axes.plot(x[:2], y[:2], color=INK, linewidth=0.8, zorder=2.8)
        text = f"{along_km:,.0f}" + (" km" if along_km == 0.0 else "")
        written.write(text, (float(x[2]), float(y[2])), [(0.0, 0.0)], size=6.8)


def _label(
    axes: Axes, frame: _Frame, test: FlightTest, lofted: SideTrack, standard: SideTrack, written: Written
) -> None:
    """Mark launch, burnouts, apogees and impacts; names stay clear of each other and of both arcs."""
    flights = test.calibrated
    marks: list[tuple[SideTrack, int, str, str, str]] = []
    tops = f"{test.report.apogee_m / 1e3:,g} km", f"{flights.standard.apogee_m / 1e3:,.0f} km"
    for track, flown, colour, top in (
        (lofted, flights.lofted, BLACK, tops[0]),
        (standard, flights.standard, BLUE, tops[1]),
    ):
        burnout = int(np.flatnonzero(track.burnt)[-1])
        marks.append((track, track.top, "^", colour, f"apogee {top}"))
        marks.append((track, len(track.along_m) - 1, "X", colour, f"impact {_impact(flown)}"))
        words = f"burnout {flown.burnout.time_s:.0f} s, {flown.burnout.altitude_m / 1e3:.0f} km"
        marks.append((track, burnout, "o", VERMILION, words))
    x, y = frame.xy_km(0.0, 0.0)
    axes.plot(x, y, marker="*", color=YELLOW, markersize=12, markeredgecolor=INK, zorder=6.0, linestyle="none")
    placed: list[tuple[float, float, str]] = [(float(x), float(y), "launch")]
    for track, at, marker, colour, words in marks:
        x, y = frame.xy_km(track.along_m[at], track.altitude_m[at])
        axes.plot(x, y, marker=marker, color=colour, ms=6.5, mec="white", ls="none", zorder=5.5)
        placed.append((float(x), float(y), words))
    kepler_m = min(test.kepler_range_m, HALF_ROUND_M)
    axes.plot(
        *frame.xy_km(kepler_m, 0.0),
        marker="d",
        color=PURPLE,
        ms=7,
        mec="white",
        ls="none",
        zorder=5.4,
        gid="kepler-range",
    )
    for track in (lofted, standard):
        written.keep_clear_of(*frame.xy_km(track.along_m, track.altitude_m))
    surface = np.linspace(-0.1, 1.1, 1500) * 2.0 * frame.middle_m
    written.keep_clear_of(*frame.xy_km(surface, np.zeros(surface.shape)))
    for east, north, _ in placed:
        written.keep_clear_of_mark(east, north)
    for east, north, words in placed:
        written.write(words, (east, north), beside(), size=7.5)


def _impact(flown: Trajectory) -> str:
    minutes, seconds = divmod(round(flown.time_of_flight_s), 60)
    return f"{flown.range_m / 1e3:,.0f} km, {minutes} min {seconds:02d} s"


def _handles(test: FlightTest, band: Band) -> list[Line2D]:
    apogee, reach = test.report.apogee_m / 1e3, test.report.range_m / 1e3
    where = " in this direction" if test.calibrated.turning else ""
    least, most = f"{band.low / 1e3:,.0f}", f"{band.high / 1e3:,.0f}"
    return [
        Line2D([], [], color=BLACK, lw=1.5, label=f"as reported: {apogee:,g} km over {reach:,g} km"),
        Line2D([], [], color=BLUE, lw=1.5, label="longest flight of the same missile"),
        Line2D([], [], color=VERMILION, lw=3.0, label="under power"),
        Line2D([], [], color=ORANGE, lw=6.5, label=f"longest range over every boost{where}: {least} to {most} km"),
        Line2D(
            [], [], color=PURPLE, marker="d", ms=7, ls="none",
            label=f"longest range from the Kepler arc's speed: {min(test.kepler_range_m, HALF_ROUND_M) / 1e3:,.0f} km",
        ),
        Line2D([], [], color=YELLOW, marker="*", ms=10, mec=INK, ls="none", label="launch point"),
    ]  # fmt: skip
