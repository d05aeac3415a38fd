"""How sure a footprint is: the defence drawn from the catalogue's ranges, and which of its numbers decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel

from equipoise.analysis.draws import drawn, drawn_number, generator
from equipoise.analysis.footprint import Progress
from equipoise.analysis.land import Land, Setting
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.radars import HARDWARE
from equipoise.study.model import Study

if TYPE_CHECKING:
    import xarray as xr

QUANTILES = (0.05, 0.5, 0.95)

# What of a radar no footprint depends on: it stays in one mode, and sees what comes into its view without a search.
# What of a battery matters to raids alone: how much it can do at once, how long it lasts, and whether it works.
_NOT_OF_A_RADAR = ("mode_switch_s", "search", "rcs_ratio", "bandwidth_hz")
_NOT_OF_A_BATTERY = (
    *("launcher_spacing_s", "track_capacity", "guidance_channels", "reload_time_s", "spare_rounds"),
    *("reliability", "track_probability", "unit_cost_usd"),
)


def footprint_uncertainty(
    study: Study,
    *,
    draws: int | None = None,
    seed: int | None = None,
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
    unused = (*_NOT_OF_A_RADAR, *(() if defence.field_of_view == "face" else ("face",)))
    radar = defence.radar.model_copy(update=dict.fromkeys(unused))
    battery = defence.battery.model_copy(update=dict.fromkeys(_NOT_OF_A_BATTERY))
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
        )
        score = land.score(setting)
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
    candidates = list(_ends(study))
    found = []
    cells = len(land.weights)
    for done, (owner, quantity, unit, (low, high), (below, above)) in enumerate(candidates):
        if progress is not None:
            progress("moving one number at a time", done / len(candidates))
        at_low, at_high = land.score(below), land.score(above)
        flipped = np.argwhere(at_low.met[:, cells:] != at_high.met[:, cells:])
        swing = Swing(
            owner,
            quantity,
            unit,
            low,
            high,
            tuple(float(x) for x in at_low.fraction),
            tuple(float(x) for x in at_high.fraction),
            tuple((study.threats[t].missile.id, study.places[p].id) for t, p in flipped),
        )
        if swing.widest > 0.0 or swing.flips:
            found.append(swing)
    return tuple(sorted(found, key=lambda swing: (-swing.widest, swing.owner, swing.quantity)))


_End = tuple[str, str, str, tuple[float, float], tuple[Setting, Setting]]


def _ends(study: Study) -> Iterator[_End]:
    """Yield every ranged number of the defence with the two settings at its ends."""
    central = Setting.central(study)
    for part in ("interceptor", "battery", "radar"):
        record: BaseModel = getattr(central, part)
        for name, field in type(record).model_fields.items():
            number = getattr(record, name)
            if (
                name not in (*_NOT_OF_A_RADAR, *_NOT_OF_A_BATTERY)
                and isinstance(number, Sourced)
                and number.low < number.high
            ):
                ends = (replace(number, value=end) for end in (number.low, number.high))
                below, above = (central.with_record(part, record.model_copy(update={name: end})) for end in ends)
                written = (number.written_low, number.written_high)
                yield record.id, field.alias or name, number.unit, written, (below, above)  # type: ignore[attr-defined]
    face = central.radar.face
    if study.defence.field_of_view == "face" and face is not None:
        for name, field in type(face).model_fields.items():
            number = getattr(face, name)
            if number.low < number.high:
                below, above = (
                    central.with_record(
                        "radar",
                        central.radar.model_copy(
                            update={"face": face.model_copy(update={name: replace(number, value=end)})}
                        ),
                    )
                    for end in (number.low, number.high)
                )
                written = (number.written_low, number.written_high)
                yield central.radar.id, f"face.{field.alias or name}", number.unit, written, (below, above)
    if study.defence.radar_range != HARDWARE:
        yield from _published_range_ends(study, central)
    for i, threat in enumerate(study.threats):
        number = threat.rcs_m2
        if number.low < number.high:
            below, above = (
                replace(central, rcs_m2=(*central.rcs_m2[:i], end, *central.rcs_m2[i + 1 :]))
                for end in (number.low, number.high)
            )
            written = (number.written_low, number.written_high)
            yield threat.missile.id, "rcs_nose", number.unit, written, (below, above)
    spread = study.defence.boresight_spread_rad
    if spread > 0.0:
        turned = [replace(central, boresight_rad=central.boresight_rad + side * spread) for side in (-1.0, 1.0)]
        degrees = [float(np.degrees(setting.boresight_rad)) for setting in turned]
        yield "study", "boresight", "deg", (degrees[0], degrees[1]), (turned[0], turned[1])


def _published_range_ends(study: Study, central: Setting) -> Iterator[_End]:
    """Yield the chosen published range and its reference cross-section, where they have a range."""
    radar = central.radar
    chosen = radar.range_named(study.defence.radar_range)
    for name in ("range_m", "reference_rcs_m2"):
        number: Sourced = getattr(chosen, name)
        if number.low < number.high:
            below, above = (
                replace(
                    central,
                    radar=radar.model_copy(
                        update={
                            "ranges": tuple(
                                item.model_copy(update={name: replace(number, value=end)}) if item is chosen else item
                                for item in radar.ranges
                            )
                        }
                    ),
                )
                for end in (number.low, number.high)
            )
            field = type(chosen).model_fields[name].alias or name
            written = (number.written_low, number.written_high)
            yield radar.id, f"{field} ({chosen.name})", number.unit, written, (below, above)
