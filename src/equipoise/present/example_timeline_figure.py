"""The example arc on a time line: who has it in view when, why not, and when each has a firm track."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from equipoise.physics.earth_kernels import geodetic_of
from equipoise.present.maps import HALO
from equipoise.present.network_names import LETTERS, arc_name, element_name
from equipoise.present.style import BLUE, GREY, INK, VERMILION, house_style, new_figure
from equipoise.present.text_width import width_pt
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import REASON_ORDER, REASON_WORDS

if TYPE_CHECKING:
    from equipoise.analysis.network_results import NetworkExample, NetworkResults

_WIDTH_IN = 9.6
_HEAD_IN = 0.78  # title, and the names of moments over the profile
_PROFILE_IN = 1.35
_ROW_IN = 0.42
_AXIS_IN = 0.42
_SIZE = 6.8
_BAR = (-0.06, 0.40)  # top and bottom of the bars within a row
_MARK_AT = -0.24  # where the marks of firm tracks stand
# Face and hatch; in view is the darkest, so that it stands out in grey.
_LOOKS: dict[int, tuple[str, str]] = {
    vk.VISIBLE: ("#2F7F6B", ""),
    vk.HORIZON: ("#F1F1EE", ""),
    vk.ELEVATION_FLOOR: ("#D5E7F3", "////"),
    vk.TERRAIN_MASK: ("#E3D5C3", "...."),
    vk.FIELD_OF_VIEW: ("#F5DDA9", "\\\\\\\\"),
    vk.DETECTION_RANGE: ("#EBD3E1", "xxxx"),
}
_CODES = {words: code for code, words in REASON_WORDS.items()}


@house_style
def example_timeline_figure(results: NetworkResults) -> Figure:
    """Draw the example arc's height over time, and below it each sensor's stretches and firm tracks.

    Parameters
    ----------
    results : NetworkResults
        Any.

    Returns
    -------
    matplotlib.figure.Figure
        Seconds after launch along the bottom. A ring is the firm track that a sensor has by its own search, a dot the
        one that it has in the whole network, with whoever cued it; a sensor of several sectors has a bar for each.
    """
    example = results.example
    end_s = example.case.flown.time_of_flight_s
    names = [element_name(results.study, row.sensor) for row in example.rows]
    label_in = 0.15 + max(width_pt(name, 7.5, bold=True) for name in [*names, "altitude, km"]) / 72.0
    rows_in = _ROW_IN * len(names)
    handles = _handles(example)
    foot_in = 0.1 + 0.19 * -(-len(handles) // 4)
    height_in = _HEAD_IN + _PROFILE_IN + 0.08 + rows_in + _AXIS_IN + foot_in
    figure = new_figure(_WIDTH_IN, height_in)
    wide_in = _WIDTH_IN - label_in - 0.25

    def panel(top_in: float, tall_in: float) -> Axes:
        low_in = height_in - top_in - tall_in
        box = (label_in / _WIDTH_IN, low_in / height_in, wide_in / _WIDTH_IN, tall_in / height_in)
        return figure.add_axes(box)

    title = f"Example: {arc_name(example.case)}"
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    profile = panel(_HEAD_IN, _PROFILE_IN)
    _draw_profile(profile, example)
    axes = panel(_HEAD_IN + _PROFILE_IN + 0.08, rows_in)
    for one in (profile, axes):
        one.set_xlim(0.0, 1.005 * end_s)
        _draw_moments(one, example)
    _name_moments(profile, example, wide_in)
    for number in range(len(names)):
        _draw_row(axes, results, number, wide_in)
        if number:
            axes.axhline(number - 0.5, color=GREY, lw=0.3, zorder=0.5)
    axes.set(ylim=(len(names) - 0.5, -0.5))
    axes.set_yticks(np.arange(len(names)) + 0.5 * (_BAR[0] + _BAR[1]), names, fontsize=7.5)
    axes.xaxis.set_major_formatter("{x:,g}")
    for tick, row in zip(axes.get_yticklabels(), example.rows, strict=True):
        tick.set_fontweight("bold" if row.sensor == results.study.focus else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("time after launch, s", labelpad=2.0)
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.1 / _WIDTH_IN, 0.0), ncols=4, columnspacing=1.4)
    return figure


def _draw_profile(axes: Axes, example: NetworkExample) -> None:
    flown = example.case.flown
    times_s = np.linspace(0.0, flown.time_of_flight_s, 400)
    position_m, _ = flown.at(times_s)
    altitude_km = np.array([geodetic_of(*point)[2] for point in position_m.tolist()]) / 1e3
    axes.fill_between(times_s, 0.0, altitude_km, color=BLUE, alpha=0.10, lw=0.0, zorder=1.0)
    axes.plot(times_s, altitude_km, color=BLUE, lw=1.6, zorder=3.0, gid="altitude")
    axes.set_ylim(0.0, 1.08 * float(altitude_km.max()))
    axes.set_ylabel("altitude, km", fontsize=7.5, labelpad=2.0)
    axes.tick_params(axis="y", labelsize=7.0, length=2.5)
    axes.tick_params(axis="x", labelbottom=False, length=2.5)
    axes.locator_params(axis="y", nbins=4)
    axes.yaxis.set_major_formatter("{x:,g}")


def _moments(example: NetworkExample) -> list[tuple[float, str, object, str]]:
    """Return when, what, dashes and colour of the vertical lines, in order."""
    flown = example.case.flown
    found: list[tuple[float, str, object, str]] = [
        (flown.burnout.time_s, "burnout", (0.0, (1.5, 1.5)), INK),
        (flown.time_of_flight_s, "impact", "solid", INK),
    ]
    if example.warning_s is not None:
        found.append((example.warning_s, "launch warning", (0.0, (5.0, 2.0)), VERMILION))
    return sorted(found, key=lambda moment: moment[0])


def _draw_moments(axes: Axes, example: NetworkExample) -> None:
    for when_s, words, dashes, colour in _moments(example):
        line = axes.axvline(when_s, color=colour, lw=1.0, zorder=4.0, gid=words)
        line.set_linestyle(dashes)  # type: ignore[arg-type]


def _name_moments(axes: Axes, example: NetworkExample, wide_in: float) -> None:
    """Write the names of the moments over the profile, each a line higher than the one that it would run into."""
    end_s = float(axes.get_xlim()[1])
    taken: list[tuple[float, float, int]] = []
    for when_s, name, _, colour in reversed(_moments(example)):
        words = f"{name} {when_s:,.0f} s"
        long_s = (width_pt(words, _SIZE) + 5.0) / 72.0 / wide_in * end_s
        leans_left = when_s + long_s > end_s
        start_s, stop_s = (when_s - long_s, when_s) if leans_left else (when_s, when_s + long_s)
        level = 0
        while any(line == level and start_s < b and a < stop_s for a, b, line in taken):
            level += 1
        taken.append((start_s, stop_s, level))
        up_in = 0.04 + 0.13 * level
        text = axes.annotate(
            words,
            (when_s, 1.0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0.0, 72.0 * up_in),
            textcoords="offset points",
            fontsize=_SIZE,
            color=colour,
            ha="right" if leans_left else "left",
            va="bottom",
            annotation_clip=False,
        )
        text.set_gid("moment")


def _draw_row(axes: Axes, results: NetworkResults, number: int, wide_in: float) -> None:
    row = results.example.rows[number]
    end_s = float(axes.get_xlim()[1])
    tall = (_BAR[1] - _BAR[0]) / len(row.seen)
    for sector, seen in enumerate(row.seen):
        top = number + _BAR[0] + sector * tall
        for span in seen.spans:
            code = _CODES[span.reason]
            face, hatch = _LOOKS[code]
            corner = span.start_s, top
            axes.add_patch(
                Rectangle(corner, span.length_s, tall, fc=face, ec="none", hatch=hatch or None, lw=0.0, zorder=1.5)
            )
            axes.add_patch(
                Rectangle(corner, span.length_s, tall, fc="none", ec=INK, lw=0.35, zorder=1.6, gid=span.reason)
            )
            letter = LETTERS.get(code, "")
            if letter and len(row.seen) == 1 and span.length_s / end_s * wide_in > 0.16:
                at = span.start_s + 0.5 * span.length_s, top + 0.53 * tall
                axes.text(
                    *at, letter, fontsize=_SIZE, ha="center", va="center", color=INK, path_effects=HALO, zorder=4.5
                )
    at_y = number + _MARK_AT
    if row.firm_alone_s is not None:
        axes.plot(row.firm_alone_s, at_y, marker="o", ms=7.0, mfc="white", mec=INK, mew=1.0, zorder=5.0, gid="alone")
    if row.firm_s is None:
        return
    axes.plot(row.firm_s, at_y, marker="o", ms=4.4, mfc=INK, mec=INK, zorder=5.1, gid="network")
    by = "own search" if row.cued_by is None else f"by {element_name(results.study, row.cued_by)}"
    words = f"{row.firm_s:,.0f} s, {by}"
    long_s = (width_pt(words, _SIZE) + 10.0) / 72.0 / wide_in * end_s
    # Beside the dot: on its right if the ring leaves room there, else on its left, else beyond the ring.
    ring_s = end_s if row.firm_alone_s is None else row.firm_alone_s
    beside_s = row.firm_s
    if ring_s - row.firm_s < 8.0 / 72.0 / wide_in * end_s:
        beside_s = ring_s  # ring and dot stand on each other
    right = beside_s + long_s < (end_s if ring_s <= beside_s else ring_s)
    if not right and row.firm_s < long_s:
        right, beside_s, words = True, max(ring_s, row.firm_s), f"dot: {words}"
    axes.annotate(
        words,
        (beside_s if right else row.firm_s, at_y),
        xytext=(6.0 if right else -6.0, 0.0),
        textcoords="offset points",
        fontsize=_SIZE,
        ha="left" if right else "right",
        va="center",
        path_effects=HALO,
        zorder=5.5,
        gid="cue",
    )


def _handles(example: NetworkExample) -> list[Patch | Line2D]:
    found = {_CODES[span.reason] for row in example.rows for seen in row.seen for span in seen.spans}
    handles: list[Patch | Line2D] = []
    for code in (vk.VISIBLE, *REASON_ORDER):
        if code not in found:
            continue
        face, hatch = _LOOKS[code]
        words = "in view" if code == vk.VISIBLE else f"{LETTERS[code]}  hidden: {REASON_WORDS[code]}"
        handles.append(Patch(fc=face, ec=INK, lw=0.35, hatch=hatch or None, label=words))
    if any(row.firm_alone_s is not None for row in example.rows):
        words = "firm track by its own search"
        handles.append(Line2D([], [], marker="o", ms=7.0, mfc="white", mec=INK, ls="none", label=words))
    if any(row.firm_s is not None for row in example.rows):
        words = "firm track in the network, and by whose cue"
        handles.append(Line2D([], [], marker="o", ms=4.4, mfc=INK, mec=INK, ls="none", label=words))
    return handles
