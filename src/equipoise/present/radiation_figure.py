"""Power density against distance from a radar, with what was measured and the limit for the public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from equipoise.present.style import BLUE, GREY, INK, ORANGE, VERMILION, house_style, new_figure

if TYPE_CHECKING:
    from equipoise.analysis.near_radar import NearRadar

_MARKS = {"average": ("o", "average of minutes"), "peak": ("^", "moment")}


@house_style
def radiation_figure(near: NearRadar) -> Figure:
    """Draw the power density near a radar.

    Parameters
    ----------
    near : NearRadar
        From :func:`equipoise.analysis.near_radar.near_radar`, at many distances.

    Returns
    -------
    matplotlib.figure.Figure
        Both axes logarithmic: metres, and watts per square metre.
    """
    figure = new_figure(8.2, 5.2)
    axes = figure.add_axes((0.10, 0.33, 0.86, 0.62))
    axes.set(xscale="log", yscale="log", xlabel="distance along the ground, m", ylabel="power density, W/m²")
    band: dict[str, Any] = {"color": BLUE, "alpha": 0.2, "lw": 0, "label": "on the ground below the beam"}
    axes.fill_between(near.distance_m, near.low_w_m2, near.high_w_m2, **band)
    axes.plot(near.distance_m, near.central_w_m2, color=BLUE, lw=1.8, label="the same, central assumptions")
    still: dict[str, Any] = {"color": GREY, "lw": 1.4, "ls": (0, (5, 2)), "label": "in the main beam, standing still"}
    axes.plot(near.distance_m, near.beam_w_m2, **still)
    axes.axhline(near.public_limit_w_m2, color=VERMILION, lw=1.4, ls=(0, (1, 1)))
    axes.annotate(
        f"limit for the public, {near.public_limit_w_m2:g} W/m²",
        (float(near.distance_m[0]), near.public_limit_w_m2),
        xytext=(4, 4),
        textcoords="offset points",
        fontsize=8,
        color=INK,
    )
    for site, colour in zip(sorted({one.site for one in near.measured}), (ORANGE, INK, GREY), strict=False):
        for statistic, (mark, words) in _MARKS.items():
            points = [one for one in near.measured if one.site == site and one.statistic == statistic]
            if points:
                axes.plot(
                    [one.distance_m for one in points],
                    [one.density_w_m2 for one in points],
                    marker=mark,
                    color=colour,
                    markeredgecolor=INK,
                    ms=6.5,
                    ls="none",
                    zorder=5,
                    label=f"measured, {site}, {words}",
                )
    axes.set_xlim(float(near.distance_m[0]), float(near.distance_m[-1]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(visible=True, which="major", color="#DDE1E4", lw=0.6)
    figure.legend(loc="lower left", bbox_to_anchor=(0.06, 0.01), ncols=2)
    return figure
