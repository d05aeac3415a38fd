"""One raid in time: missiles from launch to their end, the windows against them, and every shot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from equipoise.present import legends
from equipoise.present.network_names import place_name
from equipoise.present.raid_names import layer_colour, salvo_name
from equipoise.present.raid_story import MissileFate, missile_fates
from equipoise.present.style import GREY, INK, house_style, new_figure
from equipoise.present.text_width import folded, width_pt

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults

_WIDTH_IN = 9.6
_HEAD_IN, _FOOT_IN = 0.62, 0.46
_LABEL_IN = 1.95
_BODY_IN = (4.2, 8.6)  # of the rows, at least and at most
_PITCH_IN = (0.072, 0.15)  # of one missile's row
_GAP_ROWS = 0.9  # between salvos
# Raids of more missiles are drawn salvo by salvo, in bins of so many seconds.
MOST_ROWS = 120
_BIN_S = 10.0
# Names of more groups than these would run into each other.
_MOST_GROUPS = 30
_APART = "\N{INFORMATION SEPARATOR ONE}"
_SALVO_IN = 0.62
_FEW = 3  # salvos that get twice the room
_FLIGHT = "#8A9299"
_LANES = (-0.24, 0.24)


@dataclass(frozen=True)
class _Row:
    """A missile's row: its place from the top, and its half height, both in rows."""

    fate: MissileFate
    y: float


@house_style
def raid_timeline_figure(results: RaidResults) -> Figure:
    """Draw one run of the raid shot by shot.

    Parameters
    ----------
    results : RaidResults
        Any.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each missile, salvo by salvo: its flight, faint where a layer can launch at it, a mark at first
        sight; a line for each shot from launch to intercept, filled where it kills and open where not; a cross where
        the missile comes down. Above ``MOST_ROWS`` missiles a row for each salvo: how many fly, and intercepts in bins
        of ten seconds.
    """
    fates = missile_fates(results)
    whole = len(fates) <= MOST_ROWS
    return _by_missile(results, fates) if whole else _by_salvo(results, fates)


def _groups(results: RaidResults, fates: Sequence[MissileFate]) -> dict[str, list[MissileFate]]:
    """Return the missiles by salvo, in order; where that is too many rows, by what is alike, and then by target."""
    salvos = results.study.salvos
    keys = (
        [f"{salvo_name(salvo)}{_APART}{i}" for i, salvo in enumerate(salvos)],
        [salvo_name(salvo) for salvo in salvos],
        [f"to {place_name(salvo.target.name)}" for salvo in salvos],
    )
    names = next((one for one in keys if len(set(one)) <= _MOST_GROUPS), keys[-1])
    groups: dict[str, list[MissileFate]] = {name: [] for name in names}
    for fate in fates:
        groups[names[fate.salvo]].append(fate)
    return groups


def _fate_words(group: Sequence[MissileFate]) -> str:
    return f"{sum(fate.killed_s is None for fate in group):,} of {len(group):,} leak"


def _frame(
    results: RaidResults, body_in: float, handles: Sequence[Any], groups: Mapping[str, Sequence[MissileFate]]
) -> Axes:
    """Return axes of a height with the figure's title, time axis and legend."""
    legend_in = legends.height_in(handles, _WIDTH_IN)
    height_in = _HEAD_IN + body_in + _FOOT_IN + legend_in
    figure = new_figure(_WIDTH_IN, height_in)
    fates = [fate for group in groups.values() for fate in group]
    leaked = sum(fate.killed_s is None for fate in fates)
    title = f"One run of the raid: {leaked:,} of {len(fates):,} missiles leak, {len(results.shots):,} rounds are spent"
    fate_in = 0.16 + max(width_pt(_fate_words(group), 7.5) for group in groups.values()) / 72.0
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    axes = figure.add_axes(
        (
            _LABEL_IN / _WIDTH_IN,
            (_FOOT_IN + legend_in) / height_in,
            (_WIDTH_IN - _LABEL_IN - fate_in) / _WIDTH_IN,
            body_in / height_in,
        )
    )
    end_s = max(max(fate.impact_s for fate in fates), max((shot[1] for shot in results.shots), default=0.0))
    axes.set(xlim=(-0.01 * end_s, 1.015 * end_s), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("seconds since the raid began", labelpad=2.0)
    top = axes.secondary_xaxis("top", functions=(_to_minutes, _to_seconds))  # type: ignore[arg-type]
    top.set_xlabel("minutes", fontsize=8, labelpad=2.0)
    axes.grid(axis="x", color=GREY, linewidth=0.3, alpha=0.5)
    axes.set_axisbelow(True)
    legends.draw_legend(figure, handles)
    return axes


def _to_minutes(seconds: float) -> float:
    return seconds / 60.0


def _to_seconds(minutes: float) -> float:
    return minutes * 60.0


def _by_missile(results: RaidResults, fates: Sequence[MissileFate]) -> Figure:
    study = results.study
    groups = _groups(results, fates)
    rows: list[_Row] = []
    spans: list[tuple[float, float]] = []
    y = 0.0
    for group in groups.values():
        first = y
        for fate in group:
            rows.append(_Row(fate, y + 0.5))
            y += 1.0
        # A group of one missile still has room for its name.
        y = max(y, first + 2.4)
        spans.append((first, y))
        y += _GAP_ROWS
    total = y - _GAP_ROWS
    pitch_in = min(max(_BODY_IN[0] / total, _PITCH_IN[0]), _PITCH_IN[1])
    if pitch_in * total > _BODY_IN[1]:
        pitch_in = _BODY_IN[1] / total
    axes = _frame(results, pitch_in * total, _handles(results), groups)
    axes.set_ylim(total + 0.3, -0.3)
    marks = min(4.2, 0.36 * 72.0 * pitch_in + 0.6)
    _draw_windows(axes, results, rows)
    flights = [[(row.fate.launch_s, row.y), (row.fate.end_s, row.y)] for row in rows]
    axes.add_collection(
        LineCollection(flights, colors=_FLIGHT, linewidths=0.9, zorder=2.5, gid="flight"), autolim=False
    )
    gone = [[(row.fate.end_s, row.y), (row.fate.impact_s, row.y)] for row in rows if row.fate.killed_s is not None]
    axes.add_collection(
        LineCollection(
            gone, colors=_FLIGHT, linewidths=0.5, linestyles=[(0.0, (1.0, 2.0))], zorder=2.4, gid="not-flown"
        ),
        autolim=False,
    )
    leaked = [(row.fate.impact_s, row.y) for row in rows if row.fate.killed_s is None]
    if leaked:
        axes.plot(*zip(*leaked, strict=True), ls="none", marker="x", ms=marks + 0.4, mew=1.2, color=INK, zorder=5.0,
                  gid="leaked")  # fmt: skip
    for layer in range(len(study.layers)):
        colour = layer_colour(layer)
        fired = [
            (shot, row.y + _lane(i)) for row in rows for i, shot in enumerate(row.fate.shots) if shot.layer == layer
        ]
        segments = [[(shot.launch_s, at), (shot.intercept_s, at)] for shot, at in fired]
        axes.add_collection(
            LineCollection(segments, colors=colour, linewidths=min(1.2, 9.0 * pitch_in), zorder=3.0, gid="shots"),
            autolim=False,
        )
        for hit, face in ((True, colour), (False, "white")):
            points = [(shot.intercept_s, at) for shot, at in fired if shot.hit == hit]
            if points:
                axes.plot(
                    *zip(*points, strict=True), ls="none", marker="o", ms=marks, mfc=face, mec=colour, mew=0.8,
                    zorder=4.0, gid="hits" if hit else "misses",
                )  # fmt: skip
    _draw_names(axes, groups, spans, pitch_in)
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def _lane(index: int) -> float:
    return _LANES[index % 2]


def _draw_windows(axes: Axes, results: RaidResults, rows: Sequence[_Row]) -> None:
    """Draw, in a slice of each row for every layer, from when to when it can launch, and when it first sees."""
    layers = len(results.study.layers)
    for layer in range(layers):
        colour = layer_colour(layer)
        boxes, sights = [], []
        for row in rows:
            window = results.raid.windows[layer][row.fate.salvo]
            top = row.y - 0.46 + 0.92 * layer / layers
            if window.can_fire:
                start = row.fate.launch_s + window.first_launch_s
                boxes.append(Rectangle((start, top), window.last_launch_s - window.first_launch_s, 0.92 / layers))
            if np.isfinite(window.detection_s):
                at = row.fate.launch_s + window.detection_s
                sights.append([(at, top), (at, top + 0.92 / layers)])
        drawn = PatchCollection(boxes, facecolor=colour, edgecolor="none", alpha=0.22, zorder=1.5)
        drawn.set_gid("windows")
        axes.add_collection(drawn, autolim=False)
        axes.add_collection(
            LineCollection(sights, colors=colour, linewidths=1.0, zorder=2.0, gid="first-sight"), autolim=False
        )


def _draw_names(
    axes: Axes,
    groups: Mapping[str, Sequence[MissileFate]],
    spans: Sequence[tuple[float, float]],
    pitch_in: float,
) -> None:
    """Name each group on the left and say on the right what became of it."""
    for (key, own), (first, last) in zip(groups.items(), spans, strict=True):
        name = key.split(_APART)[0]
        room = (last - first) * pitch_in * 72.0
        words = folded(name, 7.5, 72.0 * (_LABEL_IN - 0.2))
        size = 7.5 if room >= 10.5 * (words.count("\n") + 1) else 6.5
        words = folded(name, size, 72.0 * (_LABEL_IN - 0.2))
        middle = 0.5 * (first + last)
        axes.annotate(
            words, (0.0, middle), xycoords=axes.get_yaxis_transform(), xytext=(-8, 0), textcoords="offset points",
            ha="right", va="center", fontsize=size, linespacing=1.1, gid="salvo",
        )  # fmt: skip
        axes.plot([0.0, 0.0], [first, last], transform=axes.get_yaxis_transform(), color=GREY, lw=1.0, clip_on=False)
        axes.annotate(
            _fate_words(own), (1.0, middle), xycoords=axes.get_yaxis_transform(), xytext=(4, 0),
            textcoords="offset points", va="center", fontsize=7.5, gid="fate",
        )  # fmt: skip


def _handles(results: RaidResults) -> list[Any]:
    many = len(results.study.layers) > 1
    handles: list[Any] = [
        Line2D([], [], color=layer_colour(row), lw=1.3, marker="o", ms=4.2, label=f"shot by {layer.id}")
        for row, layer in enumerate(results.study.layers)
    ]
    own = layer_colour(0)
    which = "layer's colour" if many else ""
    handles += [
        Line2D([], [], marker="o", ms=4.2, mfc=own, mec=own, ls="none", label="intercept that kills"),
        Line2D([], [], marker="o", ms=4.2, mfc="white", mec=own, ls="none", label="intercept that does not"),
        Patch(fc=own, alpha=0.22, label=f"launches possible{f' ({which})' if which else ''}"),
        Line2D([], [], color=own, marker="|", ms=7, mew=1.0, ls="none", label="first sight by the guiding radar"),
        Line2D([], [], color=_FLIGHT, lw=0.9, label="missile in flight"),
        Line2D([], [], color=INK, marker="x", ms=4.6, mew=1.2, ls="none", label="missile leaks"),
    ]
    return handles


def _by_salvo(results: RaidResults, fates: Sequence[MissileFate]) -> Figure:
    """Draw a raid of many missiles: how many of each salvo fly, and intercepts in bins of ten seconds."""
    study = results.study
    groups = _groups(results, fates)
    own = list(groups.values())
    salvos = len(own)
    pitch_in = max(0.3, min(_SALVO_IN if salvos > _FEW else 2.0 * _SALVO_IN, _BODY_IN[1] / salvos))
    handles: list[Any] = [
        Patch(fc=layer_colour(row), ec=INK, lw=0.4, label=f"killed by {layer.id}")
        for row, layer in enumerate(study.layers)
    ]
    handles += [
        Patch(fc="white", ec=INK, hatch="//////", lw=0.4, label="other intercepts"),
        Patch(fc="#DDE2E5", ec=_FLIGHT, lw=0.6, label="missiles of the salvo in flight"),
        Patch(fc=INK, label="missiles that leak"),
    ]
    axes = _frame(results, pitch_in * salvos, handles, groups)
    axes.set_ylim(salvos, 0.0)
    end_s = axes.get_xlim()[1]
    edges = np.arange(0.0, end_s + _BIN_S, _BIN_S)
    flying = [_flying(group, edges) for group in own]
    shots = [[shot.intercept_s for fate in group for shot in fate.shots] for group in own]
    in_bins = [np.histogram([*one, *_downs(group)], edges)[0].max() for one, group in zip(shots, own, strict=True)]
    tallest = max(1.0, float(max(in_bins)))
    for i in range(salvos):
        most = max(float(flying[i].max()), 1.0)
        axes.stairs(
            i + 0.94 - 0.86 * flying[i] / most, edges, baseline=i + 0.94, fill=True, color="#DDE2E5", zorder=1.5
        )
        axes.stairs(i + 0.94 - 0.86 * flying[i] / most, edges, baseline=None, color=_FLIGHT, lw=0.6, zorder=1.6)
        _stack_bins(axes, i, edges, own[i], tallest)
        axes.axhline(i + 0.94, color=GREY, lw=0.4, zorder=1.4)
    _draw_names(axes, groups, [(i + 0.05, i + 0.95) for i in range(salvos)], pitch_in)
    axes.set_xlabel(f"seconds since the raid began (tallest bar: {tallest:,.0f} in {_BIN_S:.0f} s)", labelpad=2.0)
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def _downs(group: Sequence[MissileFate]) -> list[float]:
    return [fate.impact_s for fate in group if fate.killed_s is None]


def _flying(group: Sequence[MissileFate], edges: Any) -> Any:
    """Return how many missiles of a salvo are in the air in the middle of each bin."""
    middle = 0.5 * (edges[1:] + edges[:-1])
    return np.array([sum(fate.launch_s <= at < fate.end_s for fate in group) for at in middle], dtype=float)


def _stack_bins(
    axes: Axes,
    row: int,
    edges: Any,
    group: Sequence[MissileFate],
    tallest: float,
) -> None:
    """Draw, bin by bin and one upon the other: missiles killed by each layer, misses, and missiles that come down."""
    layers = max((shot.layer for fate in group for shot in fate.shots), default=-1) + 1
    kills = [(layer_colour(k), "", [f.end_s for f in group if f.killed_by == k]) for k in range(layers)]
    misses = [shot.intercept_s for fate in group for shot in fate.shots if shot.intercept_s != fate.killed_s]
    parts = [*kills, ("white", "//////", misses), (INK, "", _downs(group))]
    foot = np.zeros(len(edges) - 1)
    for colour, hatch, times in parts:
        counts = np.histogram(times, edges)[0]
        shown = counts > 0
        axes.bar(
            edges[:-1][shown] + 0.5 * _BIN_S,
            -0.8 * counts[shown] / tallest,
            bottom=row + 0.94 - 0.8 * foot[shown] / tallest,
            width=0.86 * _BIN_S,
            facecolor=colour,
            edgecolor=INK,
            linewidth=0.3,
            hatch=hatch or None,
            zorder=3.0,
        )
        foot += counts
