"""What became of the missiles, layer by layer: who killed how many, and why a layer did not fire at the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from equipoise.analysis.footprint import CONSTRAINTS
from equipoise.analysis.intervals import histogram_mean
from equipoise.analysis.raid_summary import REFUSALS
from equipoise.present import legends
from equipoise.present.raid_names import LEAKED, constraint_words, layer_colour, number
from equipoise.present.style import GREY, INK, house_style, new_figure
from equipoise.present.text_width import width_pt

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults

_WIDTH_IN = 9.6
_HEAD_IN, _FOOT_IN = 0.4, 0.5
_ROW_IN = 0.42
# Grey by what kept a layer from firing: out of reach first, then what ran short.
_TINTS = ("#F4F5F6", "#E3E7E9", "#C8CED2", "#AEB6BB", "#959EA4", "#7C868C")
# More hatches than tints: no two of them come together twice among the reasons that there are.
_HATCHES = ("////", "\\\\\\\\", "....", "xxxx", "----", "||||", "++++", "oo", "**")
REST = "rest"
_REST_WORDS = ("fired at in vain", "fired at in vain, or left to others")


def fates(results: RaidResults, layer: int) -> dict[str, float]:
    """Return what became of the raid's missiles at one layer, on average.

    Parameters
    ----------
    results : RaidResults
        Any.
    layer : int
        Index of the layer.

    Returns
    -------
    dict of str to float
        Missiles that it killed (``"killed"``), that it cannot meet by what binds (``"out of reach: ..."``), that it
        could have met and never fired at by the reason, and the rest: fired at in vain, or left to other layers. They
        sum to the missiles of the raid.
    """
    counts, raid = results.counts, results.raid
    runs = int(counts.runs)
    found = {"killed": float(counts.killed[layer]) / runs}
    for salvo, window in enumerate(raid.windows[layer]):
        if not window.can_fire:
            name = f"out of reach: {constraint_words(CONSTRAINTS[window.constraint])}"
            found[name] = found.get(name, 0.0) + float((raid.missiles.salvo == salvo).sum())
    for code, reason in REFUSALS.items():
        if counts.refused[layer, code]:
            found[constraint_words(reason)] = float(counts.refused[layer, code]) / runs
    found[REST] = max(raid.size - sum(found.values()), 0.0)
    return found


@house_style
def raid_fates_figure(results: RaidResults) -> Figure:
    """Draw what became of the missiles: all of them by who killed them, then layer by layer.

    Parameters
    ----------
    results : RaidResults
        Any.

    Returns
    -------
    matplotlib.figure.Figure
        Means over the runs, chance alone. Top bar: killed by each layer, and leaked. Below, a bar for each layer: what
        it killed, what it could not meet and why, what it never fired at and why.
    """
    study = results.study
    by_layer = [fates(results, row) for row in range(len(study.layers))]
    reasons = list(dict.fromkeys(name for one in by_layer for name in one if name not in ("killed", REST)))
    looks = {
        name: (_TINTS[i % len(_TINTS)], _HATCHES[i % len(_HATCHES)])
        for i, name in enumerate(sorted(reasons, key=lambda name: not name.startswith("out of reach")))
    }
    names = ["all layers", *(layer.id for layer in study.layers)]
    label_in = 0.2 + max(width_pt(name, 8.0) for name in names) / 72.0
    handles = [Patch(fc=layer_colour(row), ec=INK, lw=0.5, label=f"killed by {layer.id}")
               for row, layer in enumerate(study.layers)]  # fmt: skip
    handles.append(Patch(fc=LEAKED, ec=INK, lw=0.5, label="leaked"))
    handles += [Patch(fc=tint, ec=GREY, lw=0.5, hatch=hatch, label=name) for name, (tint, hatch) in looks.items()]
    handles.append(Patch(fc="white", ec=GREY, lw=0.5, label=_REST_WORDS[len(study.layers) > 1]))
    legend_in = legends.height_in(handles, _WIDTH_IN)
    body_in = _ROW_IN * len(names)
    height_in = _HEAD_IN + body_in + _FOOT_IN + legend_in
    figure = new_figure(_WIDTH_IN, height_in)
    title = f"What became of the {results.raid.size:,} missiles, on average over {int(results.counts.runs):,} runs"
    figure.text(0.1 / _WIDTH_IN, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    wide_in = _WIDTH_IN - label_in - 0.2
    axes = figure.add_axes(
        (label_in / _WIDTH_IN, (_FOOT_IN + legend_in) / height_in, wide_in / _WIDTH_IN, body_in / height_in)
    )
    axes.set(xlim=(0.0, 1.002 * results.raid.size), ylim=(len(names) - 0.5, -0.5))
    runs = int(results.counts.runs)
    start = 0.0
    for row, _ in enumerate(study.layers):
        start = _part(
            axes, 0, start, float(results.counts.killed[row]) / runs, layer_colour(row), "", wide_in, "killed"
        )
    _part(axes, 0, start, histogram_mean(results.counts.leakers).value, LEAKED, "", wide_in, "leaked")
    for row, found in enumerate(by_layer):
        start = 0.0
        for name in ("killed", *looks, REST):
            if name == "killed":
                colour, hatch = layer_colour(row), ""
            else:
                colour, hatch = looks.get(name, ("white", ""))
            start = _part(axes, row + 1, start, found.get(name, 0.0), colour, hatch, wide_in, name)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=10))
    axes.set_xlabel("missiles, mean of the runs: chance", labelpad=2.0)
    legends.draw_legend(figure, handles)
    return figure


def _part(axes: Axes, row: int, start: float, size: float, colour: str, hatch: str, wide_in: float, name: str) -> float:
    """Draw one part of a bar with its number where there is room; return where it ends."""
    if size <= 0.0:
        return start
    axes.barh(
        row, size, left=start, height=0.66, facecolor=colour, edgecolor=INK if not hatch else GREY, hatch=hatch or None,
        linewidth=0.4, zorder=2.0, gid=name,
    )  # fmt: skip
    words = number(size, 1)
    if width_pt(words, 7.5) + 5.0 < size / axes.get_xlim()[1] * wide_in * 72.0:
        dark = not hatch and _is_dark(colour)
        box = None if not hatch else {"boxstyle": "square,pad=0.15", "fc": "white", "ec": "none"}
        axes.text(
            start + 0.5 * size, row, words, ha="center", va="center", fontsize=7.5, color="white" if dark else INK,
            bbox=box, zorder=3.0,
        )  # fmt: skip
    return start + size


def _is_dark(colour: str) -> bool:
    if not colour.startswith("#"):
        return False
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140.0
