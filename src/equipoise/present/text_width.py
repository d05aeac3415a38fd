"""How much room words take, and how they break into lines."""

from __future__ import annotations

import functools
import textwrap

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path


@functools.lru_cache(maxsize=1024)
def width_pt(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide one line of letters is [pt]."""
    if not words.strip():
        return 0.0
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(words, font, ismath=False)[0])


def folded(words: str, size: float, room_pt: float, *, bold: bool = False) -> str:
    """Break words into as few lines as fit a width [pt]; a single longer word stays whole."""
    for letters in range(len(words), 3, -1):
        lines = textwrap.wrap(words, letters, break_long_words=False, break_on_hyphens=False)
        if all(width_pt(line, size, bold=bold) <= room_pt for line in lines):
            return "\n".join(lines)
    return words.replace(" ", "\n")
