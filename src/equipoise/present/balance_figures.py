"""How many warheads penetrate, and which share is stopped, against the arsenal's size: one panel for each force."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from equipoise.arrays import FloatArray
from equipoise.present import legends
from equipoise.present.raid_names import CHANCE, KNOWLEDGE
from equipoise.present.style import BLUE, GREEN, GREY, INK, PURPLE, VERMILION, house_style, new_figure

_WIDTH_IN = 9.6
_LEFT_IN, _BETWEEN_IN, _RIGHT_IN = 0.68, 0.72, 0.15
_HEAD_IN, _TITLE_IN, _BODY_IN, _LABEL_IN = 0.4, 0.25, 3.3, 0.5
_COUNT_HEAD_IN = 0.75
_ACROSS = 2
_COLOURS = (VERMILION, BLUE, GREEN, PURPLE, "#7A5C2E", "#1D3E53")
_DASHES: tuple[tuple[float, ...], ...] = ((), (5.0, 2.0), (1.5, 1.5), (6.0, 2.0, 1.5, 2.0), (9.0, 2.0), (3.0, 1.0))
_STYLES = tuple((0.0, dashes) for dashes in _DASHES)
# Below this a number of warheads is drawn on the axis.
_LEAST = 0.1
_ARSENAL = "warheads in the arsenal"
_CHANCE_FILL = "#BFE1F5"


@house_style
def penetrating_figure(summary: Mapping[str, Any]) -> Figure:
    """Draw the expected number of warheads that penetrate against the arsenal's size.

    Parameters
    ----------
    summary : mapping
        From :func:`equipoise.analysis.balance_summary.balance_summary`.

    Returns
    -------
    matplotlib.figure.Figure
        Both scales of equal ratios. A line for each alert rate with every element there, a thin grey one without any.
        At the highest rate the tinted band is chance alone (5 to 95 % at central numbers), the hatched one what is not
        known (5 to 95 % of draws).
    """
    forces = summary["forces"]
    rates = sorted({point["alert_rate"] for force in forces for point in force["curve"]})
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=_COLOURS[i], ls=_STYLES[i], lw=1.5, label=f"{100 * rate:g} % fired, all elements")
        for i, rate in enumerate(rates)
    ]
    handles += [Line2D([], [], color=GREY, lw=0.9, label="the same without any defence"), *_bands("highest rate: ")]
    figure, panels = _panels(forces, handles, "Warheads that penetrate against the size of the arsenal", _TITLE_IN)
    for axes, force in zip(panels, forces, strict=True):
        for i, rate in enumerate(rates):
            points = _at_rate(force, rate)
            sizes = np.array([point["arsenal_size"] for point in points], dtype=float)
            rows = [_scenario(point, "all") for point in points]
            if rate == rates[-1]:
                _fill(axes, sizes, rows, "penetrating_chance_p05", "penetrating_chance_p95", chance=True)
                _fill(axes, sizes, rows, "penetrating_low", "penetrating_high", chance=False)
            nothing = _column([_scenario(point, "none") for point in points], "penetrating")
            axes.plot(sizes, nothing, color=GREY, lw=0.9, zorder=2.6, gid="none")
            axes.plot(
                sizes, _column(rows, "penetrating"), color=_COLOURS[i], ls=_STYLES[i], lw=1.5, zorder=3.0, gid="all"
            )
        axes.set(xscale="log", yscale="log", xlabel=_ARSENAL, ylabel="expected warheads that penetrate")
        axes.set_ylim(_LEAST, 1.3 * float(sizes[-1]))
        _plain_sizes(axes, sizes)
        axes.yaxis.set_major_formatter("{x:,g}")
        axes.set_title(_title(force), fontsize=9)
    return figure


@house_style
def stopped_figure(summary: Mapping[str, Any], yardsticks: Sequence[float]) -> Figure:
    """Draw the share of the arriving warheads that is stopped against the arsenal's size, at the highest alert rate.

    Parameters
    ----------
    summary : mapping
        From :func:`equipoise.analysis.balance_summary.balance_summary`.
    yardsticks : sequence of float
        Shares from which on the study says that the defence matters.

    Returns
    -------
    matplotlib.figure.Figure
        A black line with every element, a coloured one without each of them; bands as in :func:`penetrating_figure`;
        dashed across: the yardsticks; dotted upwards: published counts.
    """
    forces = summary["forces"]
    names = [element["element"] for element in summary["elements"]]
    titles = {element["element"]: element["title"] for element in summary["elements"]}
    handles: list[Line2D | Patch] = [Line2D([], [], color=INK, lw=1.8, label="all elements")]
    if len(names) > 1:
        handles += [
            Line2D([], [], color=_COLOURS[i], ls=_style_without(i), lw=1.4, label=f"without {titles[name]}")
            for i, name in enumerate(names)
        ]
    handles += _bands("all elements: ")
    handles += [
        Line2D([], [], color=INK, ls=(0.0, (6.0, 3.0)), lw=0.7, label="yardstick of the study"),
        Line2D([], [], color=GREY, ls=(0.0, (1.0, 1.6)), lw=1.0, label="published count of warheads"),
    ]
    title = "Share of the arriving warheads that is stopped, at the highest alert rate"
    figure, panels = _panels(forces, handles, title, _COUNT_HEAD_IN)
    for axes, force in zip(panels, forces, strict=True):
        points = _at_rate(force, max(point["alert_rate"] for point in force["curve"]))
        sizes = np.array([point["arsenal_size"] for point in points], dtype=float)
        rows = [_scenario(point, "all") for point in points]
        come = np.array([point["arriving"] for point in points])
        chance = [_stopped_by_chance(row, n) for row, n in zip(rows, come, strict=True)]
        low, high = (100.0 * np.array(end) for end in zip(*chance, strict=True))
        axes.fill_between(sizes, low, high, facecolor=_CHANCE_FILL, edgecolor=CHANCE, lw=0.6, zorder=1.8, gid="chance")
        low, high = (100.0 * _column(rows, f"stopped_share_{end}", 0.0) for end in ("low", "high"))
        axes.fill_between(
            sizes, low, high, facecolor="none", edgecolor=KNOWLEDGE, hatch="////", lw=0.6, zorder=2.0, gid="knowledge"
        )
        for i, name in enumerate(names if len(names) > 1 else []):
            line = 100.0 * _column([_scenario(point, f"without {name}") for point in points], "stopped_share", 0.0)
            axes.plot(sizes, line, color=_COLOURS[i], ls=_style_without(i), lw=1.4, zorder=3.2, gid="without")
        axes.plot(sizes, 100.0 * _column(rows, "stopped_share", 0.0), color=INK, lw=1.8, zorder=3.0, gid="all")
        for share in yardsticks:
            axes.axhline(100.0 * share, color=INK, ls=(0.0, (6.0, 3.0)), lw=0.7, zorder=2.5, gid="yardstick")
        axes.set(xscale="log", ylim=(0.0, 100.0), xlabel=_ARSENAL, ylabel="stopped, % of those that arrive")
        _plain_sizes(axes, sizes)
        key = _mark_counts(axes, force)
        axes.annotate(
            key, (0.0, 1.0), xycoords="axes fraction", xytext=(0, 20), textcoords="offset points", fontsize=6.8,
            va="bottom", gid="counts",
        )  # fmt: skip
        axes.set_title(_title(force), fontsize=9, pad=42)
    return figure


def _panels(
    forces: Sequence[Mapping[str, Any]], handles: Sequence[Line2D | Patch], title: str, head_in: float
) -> tuple[Figure, list[Axes]]:
    across = min(_ACROSS, len(forces))
    down = -(-len(forces) // across)
    foot_in = legends.height_in(handles, _WIDTH_IN) + 0.05
    row_in = head_in + _BODY_IN + _LABEL_IN
    height_in = _HEAD_IN + down * row_in + foot_in
    figure = new_figure(_WIDTH_IN, height_in)
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    wide_in = (_WIDTH_IN - _LEFT_IN - _RIGHT_IN - (across - 1) * _BETWEEN_IN) / across
    panels = []
    for i in range(len(forces)):
        row, column = divmod(i, across)
        left_in = _LEFT_IN + column * (wide_in + _BETWEEN_IN)
        bottom_in = height_in - _HEAD_IN - row * row_in - head_in - _BODY_IN
        box = left_in / _WIDTH_IN, bottom_in / height_in, wide_in / _WIDTH_IN, _BODY_IN / height_in
        axes = figure.add_axes(box)
        axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.5)
        axes.set_axisbelow(True)
        panels.append(axes)
    legends.draw_legend(figure, handles)
    return figure, panels


def _style_without(index: int) -> tuple[float, tuple[float, ...]]:
    return _STYLES[(index + 1) % len(_STYLES)]


def _title(force: Mapping[str, Any]) -> str:
    return "\n".join(textwrap.wrap(str(force["name"]), 48))


def _bands(of: str) -> list[Line2D | Patch]:
    return [
        Patch(fc=_CHANCE_FILL, ec=CHANCE, label=f"{of}chance, 90 of 100 cases"),
        Patch(fc="none", ec=KNOWLEDGE, hatch="////", label=f"{of}what is not known, 90 of 100 draws"),
    ]


def _at_rate(force: Mapping[str, Any], rate: float) -> list[Mapping[str, Any]]:
    return [point for point in force["curve"] if point["alert_rate"] == rate]


def _scenario(point: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(row for row in point["scenarios"] if row["elements"] == name)
    return found


def _column(rows: Sequence[Mapping[str, Any]], name: str, least: float = _LEAST) -> FloatArray:
    return np.maximum([float(row[name]) for row in rows], least)


def _fill(
    axes: Axes, sizes: FloatArray, rows: Sequence[Mapping[str, Any]], low: str, high: str, *, chance: bool
) -> None:
    """Draw a band; knowledge is hatched over chance and hides nothing."""
    axes.fill_between(
        sizes, _column(rows, low), _column(rows, high), facecolor=_CHANCE_FILL if chance else "none",
        edgecolor=CHANCE if chance else KNOWLEDGE, hatch=None if chance else "////", lw=0.6,
        zorder=1.8 if chance else 2.0, gid="chance" if chance else "knowledge",
    )  # fmt: skip


def _stopped_by_chance(row: Mapping[str, Any], come: float) -> tuple[float, float]:
    """Return the least and largest share stopped that chance gives in 90 of 100 cases, of those expected to arrive."""
    most, least = (row[f"penetrating_chance_{end}"] for end in ("p95", "p05"))
    return tuple(float(np.clip(1.0 - left / come, 0.0, 1.0)) for left in (most, least))  # type: ignore[return-value]


def _plain_sizes(axes: Axes, sizes: FloatArray) -> None:
    axes.set_xlim(float(sizes[0]), float(sizes[-1]))
    axes.xaxis.set_major_formatter("{x:,g}")


def _mark_counts(axes: Axes, force: Mapping[str, Any]) -> str:
    """Draw a line at each published count with a letter above it, neighbours at two heights; return what they mean."""
    low, high = axes.get_xlim()
    key = []
    for i, count in enumerate(sorted(force["published"], key=lambda one: float(one["warheads"]))):
        letter = chr(ord("a") + i)
        key.append(f"{letter}\N{NO-BREAK SPACE}{count['count']}")
        if not low <= count["warheads"] <= high:
            continue
        axes.axvline(count["warheads"], color=GREY, ls=(0.0, (1.0, 1.6)), lw=1.0, zorder=2.4, gid="count")
        axes.annotate(
            letter, (count["warheads"], 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2 + 8 * (i % 2)),
            textcoords="offset points", fontsize=7.5, ha="center", va="bottom", gid="count-letter",
        )  # fmt: skip
    return "\n".join(textwrap.wrap("Published counts: " + ", ".join(key), 78, break_on_hyphens=False))
