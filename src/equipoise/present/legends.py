"""A legend below a figure: as many columns as its words leave room for, and how high it is."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from equipoise.present.text_width import width_pt

_SIZE_PT = 8.0
_ROW_IN = 0.19
_MARK_PT = 46.0  # mark, gaps and the space between columns
_EDGE_IN = 0.1


def columns_of(handles: Sequence[Artist], width_in: float) -> int:
    """Return how many columns of equal width the entries find room in, 1 to 4."""
    widest = max(width_pt(str(handle.get_label()), _SIZE_PT) for handle in handles) + _MARK_PT
    return max(1, min(4, len(handles), int(72.0 * (width_in - 2.0 * _EDGE_IN) / widest)))


def height_in(handles: Sequence[Artist], width_in: float) -> float:
    """Return how high the legend is, in inches."""
    return _ROW_IN * -(-len(handles) // columns_of(handles, width_in)) + _EDGE_IN


def draw_legend(figure: Figure, handles: Sequence[Artist]) -> None:
    """Draw the legend along the lower edge of a figure."""
    width_in = float(figure.get_size_inches()[0])
    figure.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(_EDGE_IN / width_in, 0.0),
        ncols=columns_of(handles, width_in),
    )
