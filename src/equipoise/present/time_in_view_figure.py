"""For how long the focus has each launch-to-target pair in view, for every way to take it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from equipoise.present.network_names import element_name, missile_name, place_name
from equipoise.present.style import GREY, INK, house_style, new_figure
from equipoise.present.text_width import folded, width_pt
from equipoise.present.view_cells import (
    CELL_IN,
    CELL_SIZE,
    KEY_IN,
    Cell,
    cell_axes,
    cells_of,
    draw_cell,
    draw_header,
    draw_key,
    draw_out_of_reach,
    header_in,
    header_lines,
    scale_of,
)

if TYPE_CHECKING:
    from equipoise.analysis.arcs import ArcCase, OutOfReach
    from equipoise.analysis.network_results import NetworkResults
    from equipoise.study.file import TrajectoryKind

_WIDTH_IN = 9.6
_EDGE_IN = 0.1
_HEAD_IN = 0.34
_TITLE_SIZE = 7.5
_TITLE_LINE_IN = 0.135
_MOST_COLUMNS = 6  # targets side by side
_ROW_SIZE = 6.5
_WIDEST_CELL_IN = 0.9


@dataclass
class _Row:
    """A missile from one launch area: its arcs, and what is out of its reach, by column."""

    name: str
    arcs: dict[int, int] = field(default_factory=dict)
    out_of_reach: list[int] = field(default_factory=list)


@dataclass
class _Block:
    """Headings of arcs that share their columns: targets by id, and rows by heading and key."""

    targets: dict[str, str] = field(default_factory=dict)
    groups: dict[str, dict[tuple[str, str, str], _Row]] = field(default_factory=dict)

    def height_in(self, lines: int) -> float:
        return header_in(lines) + CELL_IN * sum(1 + len(rows) for rows in self.groups.values())


@house_style
def time_in_view_figure(results: NetworkResults) -> Figure:
    """Draw one panel for each way to take the focus: seconds in view by missile, launch area and target.

    Parameters
    ----------
    results : NetworkResults
        With at least one alternative.

    Returns
    -------
    matplotlib.figure.Figure
        One scale of colours for all panels. A cell holds whole seconds, or a letter for what keeps the arc out of sight
        all along; hatched is out of the missile's reach, blank is not flown.
    """
    study = results.study
    blocks = _blocks(results)
    titles = [alternative.title for alternative in study.alternatives]
    cells = cells_of(results.alternatives)
    scale = scale_of(cell for row in cells for cell in row)
    label_in = 0.1 + max(width_pt(row.name, _ROW_SIZE) for block in blocks for row in _rows(block)) / 72.0
    across = _across(len(titles))
    columns = max(len(block.targets) for block in blocks)
    gap_in = 0.34
    room_in = (_WIDTH_IN - 2.0 * _EDGE_IN - label_in - (across - 1) * gap_in - 0.12) / across
    cell_in = min(_WIDEST_CELL_IN, room_in / columns)
    lines = max(header_lines(list(block.targets.values()), cell_in) for block in blocks)
    titles = [folded(title, _TITLE_SIZE, 72.0 * room_in, bold=True) for title in titles]
    title_in = 0.06 + _TITLE_LINE_IN * max(title.count("\n") + 1 for title in titles)
    panel_in = title_in + sum(block.height_in(lines) + 0.05 for block in blocks) + 0.08
    down = -(-len(titles) // across)
    height_in = _HEAD_IN + down * panel_in + KEY_IN
    figure = new_figure(_WIDTH_IN, height_in)
    words = f"{element_name(study, study.focus)}: time in view, by range and mode"
    figure.text(_EDGE_IN / _WIDTH_IN, 1.0 - 0.08 / height_in, words, fontsize=10, fontweight="bold", va="top")
    for number, title in enumerate(titles):
        row, column = divmod(number, across)
        left_in = _EDGE_IN + label_in + column * (room_in + gap_in)
        axes = cell_axes(figure, left_in, _HEAD_IN + row * panel_in, columns, cell_in, panel_in)
        axes.set_gid("panel")
        axes.text(0.0, 0.03, title, fontsize=_TITLE_SIZE, fontweight="bold", va="top", linespacing=1.1, gid="title")
        own = [arc[number] for arc in cells]
        _draw_blocks(axes, blocks, own, scale, title_in, lines, label=column == 0, label_columns=label_in / cell_in)
    hatched = any(row.out_of_reach for block in blocks for row in _rows(block))
    draw_key(figure, _EDGE_IN + 0.1, scale, [cell for row in cells for cell in row], out_of_reach=hatched)
    return figure


def _across(panels: int) -> int:
    """Return how many panels stand side by side: as few rows as four give, evenly filled."""
    return math.ceil(panels / math.ceil(panels / 4)) if panels > 3 else panels


def _rows(block: _Block) -> list[_Row]:
    return [row for rows in block.groups.values() for row in rows.values()]


def _blocks(results: NetworkResults) -> list[_Block]:
    """Lay out the headings in blocks: one joins that before it as long as all their targets stand side by side."""
    blocks: list[_Block] = []
    targets_of: dict[str, dict[str, str]] = {}
    for group in results.study.groups:
        own = targets_of.setdefault(group.name, {})
        own.update({target.id: place_name(target.name) for target in group.targets})
    of: dict[str, _Block] = {}
    for name, own in targets_of.items():
        if not blocks or len(blocks[-1].targets | own) > _MOST_COLUMNS:
            blocks.append(_Block())
        blocks[-1].targets |= own
        blocks[-1].groups[name] = {}
        of[name] = blocks[-1]
    ways = {(group.name, group.missile.id): group.trajectory for group in results.study.groups}

    def row_of(pair: ArcCase | OutOfReach, trajectory: TrajectoryKind) -> tuple[_Row, int]:
        """Return the row of a pair, and its column."""
        block = of[pair.group]
        key = pair.missile.id, pair.launch_area.id, trajectory
        name = f"{missile_name(pair.missile, trajectory)} {place_name(pair.launch_area.name)}"
        return block.groups[pair.group].setdefault(key, _Row(name)), list(block.targets).index(pair.target.id)

    for index, case in enumerate(results.arcs.cases):
        row, column = row_of(case, case.trajectory)
        row.arcs[column] = index
    for pair in results.arcs.out_of_reach:
        row, column = row_of(pair, ways[pair.group, pair.missile.id])
        row.out_of_reach.append(column)
    return blocks


def _draw_blocks(
    axes: Axes,
    blocks: list[_Block],
    cells: list[Cell],
    scale: Normalize,
    down_in: float,
    lines: int,
    *,
    label: bool,
    label_columns: float,
) -> None:
    for block in blocks:
        names = list(block.targets.values())
        for number, (name, rows) in enumerate(block.groups.items()):
            if label:
                middle_in = down_in + 0.5 * CELL_IN
                axes.text(-label_columns, middle_in, name, fontsize=CELL_SIZE, style="italic", va="center", gid="group")
            line_in = down_in + (0.1 if number == 0 else 0.85) * CELL_IN
            axes.plot([0.0, len(names)], [line_in] * 2, color=GREY, lw=0.4, zorder=1.0)
            down_in += CELL_IN
            if number == 0:
                draw_header(axes, names, down_in, lines)
                down_in += header_in(lines)
            for row in rows.values():
                if label:
                    at = -0.05 / _cell_in(axes), down_in + 0.52 * CELL_IN
                    axes.text(*at, row.name, fontsize=_ROW_SIZE, ha="right", va="center", color=INK, gid="row")
                for column, index in row.arcs.items():
                    draw_cell(axes, column, down_in, cells[index], scale)
                for column in row.out_of_reach:
                    draw_out_of_reach(axes, column, down_in)
                down_in += CELL_IN
        down_in += 0.05


def _cell_in(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return float(axes.get_position().width * figure.get_size_inches()[0] / axes.get_xlim()[1])
