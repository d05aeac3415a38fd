"""What a run hands to the presentation, and the counts that tables and sentences are made of.

Nothing here computes physics: shares are sums of cell areas, verdicts are comparisons with what was published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
import xarray as xr
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from equipoise.catalog.borders import country_polygon
from equipoise.present.engagement_figures import EngagementView
from equipoise.present.footprint_figures import OUT_OF_RANGE, cases_of, constraint_categories, defended, place_status

if TYPE_CHECKING:
    from equipoise.study.model import Study

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StudyResults:
    """Everything that a report is made from.

    Parameters
    ----------
    study : Study
        The study.
    footprints : mapping of str to xarray.Dataset
        A footprint per radar range, by the range's name; it holds the study's central range.
    polygons : sequence of shapely geometry
        Zero contour of the margin of each case of the central footprint, in degrees.
    coverage : xarray.Dataset
        What the radar sees at several altitudes.
    engagement : EngagementView
        The example engagement.
    """

    study: Study
    footprints: Mapping[str, xr.Dataset]
    polygons: Sequence[BaseGeometry]
    coverage: xr.Dataset
    engagement: EngagementView

    @property
    def central(self) -> xr.Dataset:
        """The footprint with the study's central radar range."""
        return self.footprints[self.study.defence.radar_range]


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
        Share of the land in range that is defended from every launch area that reaches it.
    single : tuple of float
        The same for each launch area by itself.
    by_range : mapping of str to float
        ``fraction`` for each radar range that was run.
    single_by_range : mapping of str to tuple of float
        ``single`` for each radar range that was run.
    land_km2 : float
        Defended land behind ``fraction``.
    binding : tuple of (str, float)
        What binds on undefended land in range and its share of that land, over all launch areas, largest first.
    status : mapping of str to str
        How each place stands.
    """

    missile: str
    name: str
    launch_areas: tuple[str, ...]
    fraction: float
    single: tuple[float, ...]
    by_range: Mapping[str, float]
    single_by_range: Mapping[str, tuple[float, ...]]
    land_km2: float
    binding: tuple[tuple[str, float], ...]
    status: Mapping[str, str]


def _share(safe: NDArray[np.bool_], weight: FloatArray) -> float:
    total = float(weight.sum())
    return float(weight[safe].sum()) / total if total > 0.0 else 0.0


def _single_shares(cases: xr.Dataset, weight: FloatArray) -> tuple[float, ...]:
    """Share of the land in range that is defended from each launch area by itself."""
    threatened = np.asarray(cases["threatened"].values, bool)
    safe = defended(cases)
    return tuple(_share(safe[i][threatened[i]], weight[threatened[i]]) for i in range(len(safe)))


def _from_every_area(cases: xr.Dataset) -> NDArray[np.bool_]:
    """Cells that some launch area reaches and that are defended from each one that does."""
    threatened = np.asarray(cases["threatened"].values, bool)
    return np.asarray((defended(cases) | ~threatened).all(axis=0) & threatened.any(axis=0))


def threat_findings(results: StudyResults) -> tuple[ThreatFinding, ...]:
    """Count, for each missile of the study, what is defended and what binds elsewhere.

    Parameters
    ----------
    results : StudyResults
        The results.
    """
    study, central = results.study, results.central
    weight = land_km2(central, study.country)
    words = constraint_categories(central)
    findings = []
    for threat in study.threats:
        missile = threat.missile.id
        cases = cases_of(central, missile)
        threatened = np.asarray(cases["threatened"].values, bool)
        safe = defended(cases)
        every = _from_every_area(cases)
        reached = threatened.any(axis=0)
        open_cells = threatened & ~safe
        open_km2 = {
            word: float((((cases["constraint"].values == value) & open_cells) * weight).sum())
            for value, word in words.items()
        }
        total_km2 = sum(open_km2.values())
        findings.append(
            ThreatFinding(
                missile=missile,
                name=threat.missile.name,
                launch_areas=tuple(str(area) for area in cases["launch_area"].values),
                fraction=_share(every[reached], weight[reached]),
                single=_single_shares(cases, weight),
                by_range={
                    name: _share(_from_every_area(cases_of(dataset, missile))[reached], weight[reached])
                    for name, dataset in results.footprints.items()
                },
                single_by_range={
                    name: _single_shares(cases_of(dataset, missile), weight)
                    for name, dataset in results.footprints.items()
                },
                land_km2=float(weight[every].sum()),
                binding=tuple(
                    (word, area / total_km2)
                    for word, area in sorted(open_km2.items(), key=lambda item: -item[1])
                    if area > 0.0
                ),
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
