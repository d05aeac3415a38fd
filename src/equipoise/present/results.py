"""The counts that tables and sentences are made of.

Nothing here computes physics: shares are sums of cell areas, verdicts are comparisons with what was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import xarray as xr

from equipoise.arrays import FloatArray
from equipoise.catalog.borders import country_polygon
from equipoise.present.footprint_figures import OUT_OF_RANGE, cases_of, constraint_categories, defended, place_status
from equipoise.present.scene import threat_name

if TYPE_CHECKING:
    from equipoise.analysis import StudyResults


def land_km2(dataset: xr.Dataset, home: str) -> FloatArray:
    """Return how much of a country's land each cell stands for.

    Parameters
    ----------
    dataset : xarray.Dataset
        A footprint; ``lat_deg`` and ``lon_deg`` are cell centres.
    home : str
        Three-letter country code.

    Returns
    -------
    ndarray, shape (lat, lon)
        Area of the cell if its centre is land of the country, else 0. [km2]
    """
    lat, lon = np.asarray(dataset["lat_deg"].values, float), np.asarray(dataset["lon_deg"].values, float)
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    inside = shapely.contains_xy(country_polygon(home), grid_lon, grid_lat)
    step = np.ptp(lat) / max(len(lat) - 1, 1) * np.ptp(lon) / max(len(lon) - 1, 1)
    return np.where(inside, step * 111.195**2 * np.cos(np.radians(grid_lat)), 0.0)


@dataclass(frozen=True, slots=True)
class ThreatFinding:
    """What the footprint says of one missile.

    Parameters
    ----------
    missile, name : str
        Id and name.
    launch_areas : tuple of str
        Ids of the launch areas.
    fraction : float
        Share of the country's land that is defended from every launch area that reaches it.
    threatened : float
        Share of the country's land that the missile reaches from at least one launch area.
    single : tuple of float
        ``fraction`` for each launch area by itself.
    by_range : mapping of str to float
        ``fraction`` for each radar range that was run.
    single_by_range : mapping of str to tuple of float
        ``single`` for each radar range that was run.
    drawn : tuple of float or None
        5 and 95 per cent points of ``fraction`` over the draws from the catalogue's ranges, if there were draws.
    land_km2 : float
        Defended land behind ``fraction``.
    binding : tuple of (str, float)
        What binds on open land (in range, not defended) and its share of it, summed over launch areas, largest first.
    status : mapping of str to str
        How each place stands.
    """

    missile: str
    name: str
    launch_areas: tuple[str, ...]
    fraction: float
    threatened: float
    single: tuple[float, ...]
    by_range: Mapping[str, float]
    single_by_range: Mapping[str, tuple[float, ...]]
    drawn: tuple[float, float] | None
    land_km2: float
    binding: tuple[tuple[str, float], ...]
    status: Mapping[str, str]


def _of_missile(summary: Mapping[str, Any], missile: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(threat for threat in summary["threats"] if threat["missile"] == missile)
    return found


def _single(summary: Mapping[str, Any], missile: str) -> tuple[float, ...]:
    return tuple(area["defended_fraction"] for area in _of_missile(summary, missile)["launch_areas"])


def _drawn(threat: Mapping[str, Any]) -> tuple[float, float] | None:
    if "defended_fraction_p05" not in threat:
        return None
    return threat["defended_fraction_p05"], threat["defended_fraction_p95"]


def _binding(cases: xr.Dataset, weight: FloatArray) -> tuple[tuple[str, float], ...]:
    """Return what binds on open land, as shares of it over all launch areas, largest first."""
    open_cells = np.asarray(cases["threatened"].values, bool) & ~defended(cases)
    codes = cases["constraint"].values
    open_km2 = {
        word: float((((codes == value) & open_cells) * weight).sum())
        for value, word in constraint_categories(cases).items()
    }
    total_km2 = sum(open_km2.values())
    ordered = sorted(open_km2.items(), key=lambda item: -item[1])
    return tuple((word, area / total_km2) for word, area in ordered if area > 0.0)


def threat_findings(results: StudyResults) -> tuple[ThreatFinding, ...]:
    """Collect, for each missile of the study, what is defended and what binds elsewhere.

    Parameters
    ----------
    results : StudyResults
        The results.
    """
    study, central = results.study, results.central
    weight = land_km2(central, study.country)
    findings = []
    for threat in study.threats:
        missile = threat.missile.id
        cases = cases_of(central, missile)
        own = _of_missile(results.summaries[study.defence.radar_range], missile)
        findings.append(
            ThreatFinding(
                missile=missile,
                name=threat_name(threat),
                launch_areas=tuple(str(area) for area in cases["launch_area"].values),
                fraction=own["defended_fraction"],
                threatened=own["threatened_fraction"],
                single=_single(results.summaries[study.defence.radar_range], missile),
                by_range={
                    name: _of_missile(summary, missile)["defended_fraction"]
                    for name, summary in results.summaries.items()
                },
                single_by_range={name: _single(summary, missile) for name, summary in results.summaries.items()},
                drawn=_drawn(own),
                land_km2=own["defended_land_area_km2"],
                binding=_binding(cases, weight),
                status=place_status(cases),
            )
        )
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class PlaceReason:
    """Why a place stands as it does against one missile."""

    status: str
    margin_s: float
    worst_area: str
    constraint: str
    open_areas: tuple[str, ...]


def place_reasons(dataset: xr.Dataset, missile: str) -> dict[str, PlaceReason]:
    """Return, for each listed place, its status, worst margin, and what binds there.

    Parameters
    ----------
    dataset : xarray.Dataset
        A footprint with variables on (case, place).
    missile : str
        Id of the threat.
    """
    cases = cases_of(dataset, missile)
    words = constraint_categories(dataset)
    status = place_status(cases)
    areas = [str(area) for area in cases["launch_area"].values]
    reasons = {}
    for i, place in enumerate(str(place) for place in cases["place"].values):
        reached = np.flatnonzero(cases["place_threatened"].values[:, i])
        if len(reached) == 0:
            reasons[place] = PlaceReason(OUT_OF_RANGE, 0.0, "", "", ())
            continue
        margins = cases["place_margin_s"].values[reached, i]
        worst = int(reached[int(np.argmin(margins))])
        reasons[place] = PlaceReason(
            status=status[place],
            margin_s=float(margins.min()),
            worst_area=areas[worst],
            constraint=words[int(cases["place_constraint"].values[worst, i])],
            open_areas=tuple(areas[int(k)] for k, margin in zip(reached, margins, strict=True) if margin < 0.0),
        )
    return reasons
