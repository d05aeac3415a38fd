"""What a footprint comes to: shares of the land, places in or out, and what binds, with JSON names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from equipoise.analysis.footprint import CONSTRAINTS, fewest_shots
from equipoise.analysis.regions import area_in_country_km2, area_km2, country_area_km2, region_above
from equipoise.arrays import FloatArray
from equipoise.study.model import Study

if TYPE_CHECKING:
    import xarray as xr


def worst_margin(dataset: xr.Dataset, cases: Sequence[int]) -> FloatArray:
    """Return the smallest margin [s] over those cases that threaten a cell, nan where none does; shape (lat, lon)."""
    margins = dataset["margin_s"].values[list(cases)]
    worst = np.min(np.where(np.isnan(margins), np.inf, margins), axis=0)
    return np.asarray(np.where(np.isinf(worst), np.nan, worst))


def defended_region(dataset: xr.Dataset, cases: Sequence[int], shots: int = 1) -> BaseGeometry:
    """Return where every case that threatens a point is met, as polygons in degrees (lon, lat).

    For one shot they are those of the zero margin; for more, of the cells where so many fit one after another.
    """
    lat_deg, lon_deg = dataset["lat_deg"].values, dataset["lon_deg"].values
    if shots == 1:
        return region_above(worst_margin(dataset, cases), lat_deg, lon_deg)
    own = list(cases)
    fewest = fewest_shots(dataset["shots"].values[own], dataset["margin_s"].values[own])
    return region_above(fewest, lat_deg, lon_deg, shots - 0.5)


def threatened_region(dataset: xr.Dataset, cases: Sequence[int]) -> BaseGeometry:
    """Return what at least one of the cases reaches, as polygons in degrees (lon, lat)."""
    reached = dataset["threatened"].values[list(cases)].any(axis=0).astype(float)
    return region_above(reached, dataset["lat_deg"].values, dataset["lon_deg"].values, 0.5)


def cases_of(dataset: xr.Dataset, missile: str | None = None) -> list[int]:
    """Return the indices of the cases of one missile, or of all."""
    return [i for i, name in enumerate(dataset["missile"].values) if missile is None or name == missile]


def shares(dataset: xr.Dataset, cases: Sequence[int], country: str, shots: int = 1) -> dict[str, float]:
    """Return defended and threatened areas [km2] and their shares of a country's land."""
    defended = defended_region(dataset, cases, shots)
    land_km2 = country_area_km2(country)
    defended_land_km2 = area_in_country_km2(defended, country)
    threatened_land_km2 = area_in_country_km2(threatened_region(dataset, cases), country)
    return {
        "defended_area_km2": round(area_km2(defended), 1),
        "defended_land_area_km2": round(defended_land_km2, 1),
        "defended_fraction": round(defended_land_km2 / land_km2, 4),
        "threatened_fraction": round(min(1.0, threatened_land_km2 / land_km2), 4),
    }


def _number(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(float(value), digits)


def place_rows(dataset: xr.Dataset, cases: Sequence[int], study: Study) -> list[dict[str, Any]]:
    """Return, for each place, its worst case among those that reach it: defended or not, by how much, what binds."""
    rows = []
    launch_areas, missiles = dataset["launch_area"].values, dataset["missile"].values
    # Plain arrays: asked one by one, a dataset's values take a millisecond a place.
    of_place = {
        name: dataset[f"place_{name}"].values
        for name in (
            "margin_s",
            "shots",
            "constraint",
            "kill_probability",
            "kill_probability_low",
            "kill_probability_high",
        )
    }
    margins_s = of_place["margin_s"][list(cases)]
    fewest = fewest_shots(of_place["shots"][list(cases)], margins_s)
    threatening, defended = np.sum(~np.isnan(margins_s), axis=0), np.sum(margins_s >= 0.0, axis=0)
    worst_case = np.argmin(np.where(np.isnan(margins_s), np.inf, margins_s), axis=0)
    for index, place in enumerate(study.places):
        row: dict[str, Any] = {
            "place": place.id,
            "name": place.name,
            "population": None if place.population is None else round(place.population.value),
        }
        if threatening[index] == 0:
            row |= {"threatened": False, "defended": None, "margin_s": None}
            row |= {"shot_opportunities": None, "fewest_shots": None}
            row |= {"kill_probability": None, "kill_probability_low": None, "kill_probability_high": None}
            row |= {"binding_constraint": "not_threatened", "worst_missile": None, "worst_launch_area": None}
            row |= {"launch_areas_defended": 0, "launch_areas_threatening": 0}
            rows.append(row)
            continue
        case = cases[int(worst_case[index])]
        worst = {name: values[case, index] for name, values in of_place.items()}
        row |= {
            "threatened": True,
            "defended": bool(worst["margin_s"] >= 0.0),
            "margin_s": _number(float(worst["margin_s"]), 2),
            "shot_opportunities": int(worst["shots"]),
            "fewest_shots": int(fewest[index]),
            "kill_probability": _number(float(worst["kill_probability"]), 4),
            "kill_probability_low": _number(float(worst["kill_probability_low"]), 4),
            "kill_probability_high": _number(float(worst["kill_probability_high"]), 4),
            "binding_constraint": CONSTRAINTS[int(worst["constraint"])],
            "worst_missile": str(missiles[case]),
            "worst_launch_area": str(launch_areas[case]),
            "launch_areas_defended": int(defended[index]),
            "launch_areas_threatening": int(threatening[index]),
        }
        rows.append(row)
    return rows


def footprint_summary(dataset: xr.Dataset, study: Study) -> dict[str, Any]:
    """Return what a footprint comes to, as one object of plain values for JSON.

    Parameters
    ----------
    dataset : xarray.Dataset
        From :func:`equipoise.analysis.footprint.footprint`.
    study : Study
        The study it belongs to.

    Returns
    -------
    dict
        Names end in their unit. At the top, and for each threat, "defended" means from every launch area that reaches
        a point; under ``launch_areas`` from that one alone.
    """
    threats = []
    for threat in study.threats:
        cases = cases_of(dataset, threat.missile.id)
        single = [
            {"launch_area": str(dataset["launch_area"].values[case]), **shares(dataset, [case], study.country)}
            for case in cases
        ]
        threats.append(
            {
                "missile": threat.missile.id,
                "name": threat.missile.name,
                "trajectory": threat.trajectory,
                **shares(dataset, cases, study.country),
                "launch_areas": single,
                "places": place_rows(dataset, cases, study),
            }
        )
    everything = cases_of(dataset)
    return {
        "study": study.id,
        "study_sha256": study.sha256,
        "country": study.country,
        "country_area_km2": round(country_area_km2(study.country), 1),
        "site": study.defence.site.id,
        "radar": study.defence.radar.id,
        "radar_range": str(dataset.attrs["radar_range"]),
        **shares(dataset, everything, study.country),
        "places": place_rows(dataset, everything, study),
        "threats": threats,
    }
