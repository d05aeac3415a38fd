"""The defended share of the land against the published range of the radar."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from equipoise.present.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, house_style, new_figure


@dataclass(frozen=True, slots=True)
class ShareOfLand:
    """How much of the home country's land a battery defends against one missile with one published radar range.

    Parameters
    ----------
    missile : str
        Name of the threat.
    range_km : float
        Published detection range. [km]
    range_label : str
        Who published it.
    fraction : float
        Share of the land that is defended from every launch area that reaches it.
    low, high : float
        Smallest and largest share over the single launch areas.
    """

    missile: str
    range_km: float
    range_label: str
    fraction: float
    low: float
    high: float


@house_style
def share_against_range(
    shares: Sequence[ShareOfLand], *, claim: tuple[float, float] | None, claim_label: str, country: str
) -> Figure:
    """Draw the defended share of the land against the radar's published range, one line per threat.

    Parameters
    ----------
    shares : sequence of ShareOfLand
        The results.
    claim : tuple of float or None
        Smallest and largest share that somebody has claimed in public.
    claim_label : str
        Who claimed it and when.
    country : str
        Name of the country, for the axis.

    Returns
    -------
    matplotlib.figure.Figure
        Markers: against every launch area; bars: from the worst to the best single launch area; band: the claim.
    """
    figure = new_figure(7.6, 4.3)
    axes = figure.add_axes((0.09, 0.23, 0.62, 0.69))
    missiles = list(dict.fromkeys(share.missile for share in shares))
    ranges = sorted({share.range_km for share in shares})
    labels = {share.range_km: share.range_label for share in shares}
    position = {range_km: i for i, range_km in enumerate(ranges)}
    if claim is not None:
        axes.axhspan(100 * claim[0], 100 * claim[1], facecolor="#EFE6CF", edgecolor="none", zorder=0.5)
        axes.annotate(
            _wrapped(claim_label, 24),
            (1.0, 50.0 * (claim[0] + claim[1])),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color="#6B5410",
        )
    colours = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, BLACK)
    markers = ("o", "s", "D", "^", "v", "P")
    for k, missile in enumerate(missiles):
        own = sorted((share for share in shares if share.missile == missile), key=lambda share: share.range_km)
        shift = 0.09 * (k - (len(missiles) - 1) / 2)
        x = np.array([position[share.range_km] + shift for share in own])
        y = np.array([100 * share.fraction for share in own])
        colour = colours[k % len(colours)]
        axes.vlines(
            x, [100 * s.low for s in own], [100 * s.high for s in own], color=colour, linewidth=1.4, alpha=0.6, zorder=2
        )
        axes.plot(
            x, y, marker=markers[k % len(markers)], color=colour, linewidth=1.0, markersize=6, label=missile, zorder=3
        )
    axes.set(ylim=(0, 100), xlim=(-0.4, len(ranges) - 0.6), ylabel=f"share of {country}'s land, %")
    axes.set_xticks(range(len(ranges)), [f"{r:,.0f} km\n{_wrapped(labels[r], 12)}" for r in ranges], fontsize=6.8)
    axes.set_xlabel("published detection range of the radar")
    axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.6)
    axes.set_title("Defended share of the land")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    return figure


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width))
