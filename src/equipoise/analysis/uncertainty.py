"""How sure a footprint is: the defence drawn from the catalogue's ranges, and which of its numbers decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from equipoise.analysis.draws import drawn, drawn_number, generator
from equipoise.analysis.footprint import Progress
from equipoise.analysis.inputs import NOT_OF_A_BATTERY, NOT_OF_A_RADAR, footprint_inputs
from equipoise.analysis.land import Land, Setting
from equipoise.study.model import Study

if TYPE_CHECKING:
    import xarray as xr

QUANTILES = (0.05, 0.5, 0.95)


def footprint_uncertainty(
    study: Study,
    *,
    draws: int | None = None,
    seed: int | None = None,
    shots: int = 1,
    land: Land | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Draw the defence from the catalogue's ranges and work out how often each place is defended.

    Parameters
    ----------
    study : Study
        The study, with its central radar range.
    draws, seed : int, optional
        How many and from where; by default the study's own.
    shots : int
        How many must fit one after another for a point to count as defended.
    land : Land, optional
        The study's land, if its fans are flown already.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Returns
    -------
    xarray.Dataset
        ``defended_fraction`` (draw, threat): share of the country's land met from every launch area that reaches it;
        ``probability_defended`` (threat, lat, lon) and ``place_probability_defended`` (threat, place): share of the
        draws in which the point is met from every launch area that reaches it; nan where none does.

    Notes
    -----
    Drawn in each: every ranged number of the interceptor, battery and radar records (its chosen published range
    included) and each missile's nose-on cross-section, from the triangle between low, central and high value, and the
    radar's direction evenly within its spread, all independently of each other. The threats' flight is left at its
    central values. Draws come from a counter-based generator keyed by (seed, draw): their order and number do not
    change them.
    """
    draws = study.uncertainty.draws if draws is None else draws
    seed = study.uncertainty.seed if seed is None else seed
    land = Land.of(study) if land is None else land
    defence = study.defence
    # What no shot depends on is not drawn, or it would shift the draws of what comes after it.
    unused = (*NOT_OF_A_RADAR, *(() if defence.field_of_view == "face" else ("face",)))
    radar = defence.radar.model_copy(update=dict.fromkeys(unused))
    battery = defence.battery.model_copy(update=dict.fromkeys(NOT_OF_A_BATTERY))
    cells = len(land.weights)
    met = np.zeros((len(study.threats), cells + len(study.places)))
    reached = np.zeros(met.shape, dtype=bool)
    fraction = np.empty((draws, len(study.threats)))
    for draw in range(draws):
        if progress is not None and draw % 10 == 0:
            progress("drawing the defence from the catalogue's ranges", draw / draws)
        rng = generator(seed, draw)
        setting = Setting(
            radar=drawn(radar, rng),
            battery=drawn(battery, rng),
            interceptor=drawn(defence.interceptor, rng),
            boresight_rad=defence.boresight_rad + defence.boresight_spread_rad * (2.0 * rng.random() - 1.0),
            track_until=defence.track_until,
            rcs_m2=tuple(drawn_number(threat.rcs_m2, rng).value for threat in study.threats),
            radar_range=defence.radar_range,
            field_of_view=defence.field_of_view,
        )
        score = land.score(setting, shots)
        fraction[draw] = score.fraction
        met += score.met
        reached |= score.reached
    probability = np.where(reached, met / max(draws, 1), np.nan)
    field = np.full((len(study.threats), len(land.lat_deg), len(land.lon_deg)), np.nan)
    field[:, land.rows, land.columns] = probability[:, :cells]
    import xarray as xr  # takes longer to load than a flight test takes to fly

    return xr.Dataset(
        {
            "defended_fraction": (("draw", "threat"), fraction, {"units": "1", "long_name": "defended share of land"}),
            "probability_defended": (("threat", "lat", "lon"), field, {"units": "1"}),
            "place_probability_defended": (("threat", "place"), probability[:, cells:], {"units": "1"}),
        },
        coords={
            "threat": [threat.missile.id for threat in study.threats],
            "lat_deg": ("lat", land.lat_deg, {"units": "degrees_north"}),
            "lon_deg": ("lon", land.lon_deg, {"units": "degrees_east"}),
            "place": [place.id for place in study.places],
        },
        attrs={"study": study.id, "seed": seed, "draws": draws, "radar_range": defence.radar_range},
    )


def fraction_quantiles(uncertainty: xr.Dataset) -> dict[str, dict[str, float]]:
    """Return, by missile, the 5, 50 and 95 per cent points of the defended share of the land."""
    values = uncertainty["defended_fraction"].values
    return {
        str(missile): {
            f"defended_fraction_p{round(100 * q):02d}": round(float(np.quantile(values[:, i], q)), 4) for q in QUANTILES
        }
        for i, missile in enumerate(uncertainty["threat"].values)
    }


@dataclass(frozen=True)
class Swing:
    """What one number does when it goes from its low to its high end, all others at their central values.

    Parameters
    ----------
    owner, quantity : str
        Catalogue id (or ``study``) and field.
    unit : str
        Of ``low`` and ``high``, as the file writes them.
    low, high : float
        Ends of the range.
    fraction_low, fraction_high : tuple of float
        Defended share of the land at either end, by threat.
    flips : tuple of (str, str)
        Missile and place that are defended at one end of the range and not at the other.
    """

    owner: str
    quantity: str
    unit: str
    low: float
    high: float
    fraction_low: tuple[float, ...]
    fraction_high: tuple[float, ...]
    flips: tuple[tuple[str, str], ...]

    @property
    def widest(self) -> float:
        """Largest change of the share over the threats."""
        return max(abs(b - a) for a, b in zip(self.fraction_low, self.fraction_high, strict=True))


def swings(study: Study, *, land: Land | None = None, progress: Progress | None = None) -> tuple[Swing, ...]:
    """Move each ranged number of the defence to either end by itself; return those that change anything.

    Parameters
    ----------
    study : Study
        The study, with its central radar range.
    land : Land, optional
        The study's land, if its fans are flown already.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Returns
    -------
    tuple of Swing
        Widest first. Numbers that move neither a share nor a place are left out. One at a time, so numbers that
        matter only together do not show; that is what Sobol indices are for.
    """
    land = Land.of(study) if land is None else land
    central = Setting.central(study)
    candidates = footprint_inputs(study)
    found = []
    cells = len(land.weights)
    for done, moved in enumerate(candidates):
        if progress is not None:
            progress("moving one number at a time", done / len(candidates))
        at_low, at_high = (land.score(moved.put(central, end)) for end in (moved.low, moved.high))
        flipped = np.argwhere(at_low.met[:, cells:] != at_high.met[:, cells:])
        swing = Swing(
            moved.owner,
            moved.quantity,
            moved.unit,
            moved.written[0],
            moved.written[2],
            tuple(float(x) for x in at_low.fraction),
            tuple(float(x) for x in at_high.fraction),
            tuple((study.threats[t].missile.id, study.places[p].id) for t, p in flipped),
        )
        if swing.widest > 0.0 or swing.flips:
            found.append(swing)
    return tuple(sorted(found, key=lambda swing: (-swing.widest, swing.owner, swing.quantity)))
