"""Names in a drawing that is not a map: each at the first place where it meets no other name, mark or line."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox

from equipoise.arrays import FloatArray
from equipoise.present.maps import HALO
from equipoise.present.style import GREY, INK

_MARK_PT = 4.0
_LEADER_FROM_PT = 20.0
_TURNS_DEG = (0.0, 180.0, 90.0, 45.0, 135.0, -45.0, 225.0, 20.0, 160.0, -20.0, 200.0, 70.0, 110.0, -90.0)


def beside() -> list[tuple[float, float]]:
    """Return places to try beside a mark [pt], near ones first."""
    return [
        (radius * math.cos(math.radians(turn)), radius * math.sin(math.radians(turn)))
        for radius in (9.0, 15.0, 24.0, 36.0, 50.0, 68.0)
        for turn in _TURNS_DEG
    ]


class Written:
    """The names written so far in axes whose limits and position are final, and what they must keep clear of."""

    def __init__(self, axes: Axes) -> None:
        figure = axes.get_figure(root=True)
        assert figure is not None
        assert isinstance(figure.canvas, FigureCanvasAgg)
        axes.apply_aspect()
        self._axes = axes
        self._renderer = figure.canvas.get_renderer()  # type: ignore[no-untyped-call]
        self._pixels_per_point = figure.dpi / 72.0
        self._frame = axes.get_window_extent(self._renderer)
        self._taken: list[Bbox] = []
        self._lines: list[FloatArray] = []
        self.names: list[str] = []

    @property
    def boxes(self) -> tuple[Bbox, ...]:
        """What the names cover, in pixels."""
        return tuple(box for box in self._taken if not isinstance(box, _Mark))

    def keep_clear_of(self, x: FloatArray, y: FloatArray) -> None:
        """Keep names off a line given by many points."""
        self._lines.append(np.asarray(self._axes.transData.transform(np.column_stack([x, y]))))

    def keep_clear_of_mark(self, x: float, y: float) -> None:
        """Keep names off a mark."""
        px, py = self._axes.transData.transform((x, y))
        half = _MARK_PT * self._pixels_per_point
        self._taken.append(_Mark([[px - half, py - half], [px + half, py + half]]))

    def write(
        self, words: str, at: tuple[float, float], offsets: Sequence[tuple[float, float]], *, size: float
    ) -> bool:
        """Write a name at the first offset [pt] from a point where there is room; a far one gets a thin leader.

        Returns
        -------
        bool
            Whether there was room.
        """
        for dx, dy in offsets:
            centred = (dx, dy) == (0.0, 0.0)
            text = self._axes.annotate(
                words,
                at,
                xytext=(dx, dy),
                textcoords="offset points",
                ha="center" if centred or abs(dx) < 0.3 * abs(dy) else "left" if dx > 0 else "right",
                va="center" if centred or abs(dy) < 0.5 * abs(dx) else "bottom" if dy > 0 else "top",
                fontsize=size,
                path_effects=HALO,
                color=INK,
                annotation_clip=False,
                zorder=7.0,
            )
            box = text.get_window_extent(self._renderer)
            if self._is_free(box):
                self._taken.append(box)
                self.names.append(words)
                if math.hypot(dx, dy) > _LEADER_FROM_PT:
                    self._lead(at, (dx, dy))
                return True
            text.remove()
        return False

    def _is_free(self, box: Bbox) -> bool:
        frame = self._frame
        inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
        return inside and not any(box.overlaps(other) for other in self._taken) and not self._meets_line(box)

    def _meets_line(self, box: Bbox) -> bool:
        room = 1.5 * self._pixels_per_point
        for x, y in (line.T for line in self._lines):
            within = (x > box.x0 - room) & (x < box.x1 + room) & (y > box.y0 - room) & (y < box.y1 + room)
            if within.any():
                return True
        return False

    def _lead(self, at: tuple[float, float], offset: tuple[float, float]) -> None:
        style = {"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 3}
        self._axes.annotate("", at, xytext=offset, textcoords="offset points", arrowprops=style, zorder=6.8)


class _Mark(Bbox):
    """What a mark covers."""
