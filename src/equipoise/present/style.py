"""How every figure looks: one typeface, a palette that colour-blind readers can tell apart, the same bytes every time.

Figures are built on `matplotlib.figure.Figure` without pyplot, so nothing here needs a screen or leaves state behind.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

P = ParamSpec("P")
T = TypeVar("T")

# Okabe & Ito, "Color Universal Design" (2008), https://jfly.uni-koeln.de/color/
BLACK = "#000000"
ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
GREY = "#8A8F94"

INK = "#222629"
SEA = "#E9F1F6"
LAND = "#FAF8F3"
HOME_LAND = "#FFFFFF"
COAST = "#66727A"

PNG_DPI = 160

_PATH_DATA = re.compile(rb' d="[^"]*"')
_LONG_NUMBER = re.compile(rb"-?\d+\.\d{3,}")

_RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.0,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "legend.borderaxespad": 0.2,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.5,
    "hatch.color": GREY,
    "lines.solid_capstyle": "round",
    "svg.hashsalt": "equipoise",
    "svg.fonttype": "path",
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}


def house_style(draw: Callable[P, T]) -> Callable[P, T]:
    """Run a drawing function under the house style, whatever the caller's matplotlib settings are."""

    @functools.wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> T:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(cast("Any", _RC))
            return draw(*args, **kwargs)

    return styled


def new_figure(width_in: float, height_in: float) -> Figure:
    """Return an empty figure on a canvas that needs no screen."""
    figure = Figure(figsize=(width_in, height_in), layout=None)
    FigureCanvasAgg(figure)
    return figure


@house_style
def svg_bytes(figure: Figure) -> bytes:
    """Render a figure as SVG, letters as outlines; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.

    Returns
    -------
    bytes
        An SVG document without date or random ids.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", dpi=PNG_DPI, metadata={"Date": None, "Creator": "Equipoise"})
    return _PATH_DATA.sub(_shorten, buffer.getvalue())


def _shorten(path: re.Match[bytes]) -> bytes:
    """Round the coordinates of one path to a hundredth of a point."""
    return _LONG_NUMBER.sub(lambda number: b"%.2f" % float(number[0]), path[0])


@house_style
def png_bytes(figure: Figure) -> bytes:
    """Render a figure as PNG at 160 dots per inch; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.

    Returns
    -------
    bytes
        A PNG image without time or program in its metadata.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return buffer.getvalue()
