"""Which sensor has which arc in view, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from equipoise.present.network_names import arc_name, sensor_name
from equipoise.present.style import GREY, house_style, new_figure
from equipoise.present.text_width import width_pt
from equipoise.present.view_cells import (
    CELL_IN,
    CELL_SIZE,
    KEY_IN,
    cell_axes,
    cells_of,
    draw_cell,
    draw_key,
    draw_wide_header,
    scale_of,
)

if TYPE_CHECKING:
    from equipoise.analysis.network_results import NetworkResults

_WIDTH_IN = 9.6
_NARROWEST_IN = 6.6  # what the key needs
_EDGE_IN = 0.1
_HEAD_IN = 0.34
_ROW_SIZE = 6.5
_WIDE_CELL_IN, _WIDEST_CELL_IN = 0.8, 1.3


@house_style
def who_sees_figure(results: NetworkResults) -> Figure:
    """Draw the seconds for which each sensor, by itself, has each arc in view.

    Parameters
    ----------
    results : NetworkResults
        Any.

    Returns
    -------
    matplotlib.figure.Figure
        Arcs down, under their headings, sensors across, the focus in bold. A cell holds whole seconds, or a letter for
        what keeps the arc out of sight all along. The last row is the share of arcs that a sensor ever sees.
    """
    study, cases = results.study, results.arcs.cases
    cells = cells_of(results.views)
    every = [cell for row in cells for cell in row]
    scale = scale_of(every)
    names = [sensor_name(sensor) for sensor in study.sensors]
    rows = [arc_name(case) for case in cases]
    groups = list(dict.fromkeys(case.group for case in cases))
    total_words = "share of arcs ever in view"
    label_in = 0.12 + max(width_pt(name, _ROW_SIZE) for name in rows) / 72.0
    full_in = 2.0 * _EDGE_IN + label_in
    cell_in = min(_WIDEST_CELL_IN, max(_WIDE_CELL_IN, (_NARROWEST_IN - full_in) / len(names)))
    cell_in = min(cell_in, (_WIDTH_IN - full_in) / len(names))
    width_in = max(_NARROWEST_IN, full_in + cell_in * len(names))
    widest_in = max(width_pt(name, 7.0, bold=True) for name in names) / 72.0
    upright = widest_in + 0.06 > cell_in
    header_in = 0.14 + (widest_in if upright else 0.12)
    body_in = header_in + CELL_IN * (len(cases) + len(groups) + 1) + 0.12
    height_in = _HEAD_IN + body_in + KEY_IN
    figure = new_figure(width_in, height_in)
    title = "Time in view of each arc, by sensor"
    figure.text(_EDGE_IN / width_in, 1.0 - 0.08 / height_in, title, fontsize=10, fontweight="bold", va="top")
    axes = cell_axes(figure, _EDGE_IN + label_in, _HEAD_IN, len(names), cell_in, body_in)
    focus = [sensor.id == study.focus for sensor in study.sensors]
    draw_wide_header(axes, names, header_in, focus, upright=upright)
    label_columns, beside = label_in / cell_in, -0.06 / cell_in
    down_in = header_in
    for group in groups:
        middle_in = down_in + 0.5 * CELL_IN
        axes.text(-label_columns, middle_in, group, fontsize=CELL_SIZE + 0.3, style="italic", va="center", gid="group")
        axes.plot([0.0, len(names)], [down_in + 0.85 * CELL_IN] * 2, color=GREY, lw=0.4, zorder=1.0)
        down_in += CELL_IN
        for index, case in enumerate(cases):
            if case.group != group:
                continue
            at = beside, down_in + 0.52 * CELL_IN
            axes.text(*at, rows[index], fontsize=_ROW_SIZE, ha="right", va="center", gid="row")
            for column, cell in enumerate(cells[index]):
                draw_cell(axes, column, down_in, cell, scale)
            down_in += CELL_IN
    down_in += 0.05
    axes.plot([-label_columns, len(names)], [down_in] * 2, color=GREY, lw=0.7, zorder=1.0)
    at_in = down_in + 0.55 * CELL_IN
    axes.text(beside, at_in, total_words, fontsize=_ROW_SIZE, fontweight="bold", ha="right", va="center")
    for column in range(len(names)):
        share = sum(row[column].seconds > 0.0 for row in cells) / len(cells)
        words = f"{100.0 * share:.0f} %"
        axes.text(
            column + 0.5, at_in, words, fontsize=_ROW_SIZE, fontweight="bold", ha="center", va="center", gid="share"
        )
    for artist in [*axes.texts, *axes.lines]:
        artist.set_clip_on(False)
    draw_key(figure, _EDGE_IN + 0.1, scale, every, out_of_reach=False)
    return figure
