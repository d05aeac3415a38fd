"""How sure a footprint is: the defence drawn from the catalogue's ranges, again and again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely
import xarray as xr

from equipoise.analysis.draws import drawn, drawn_number, generator
from equipoise.analysis.footprint import Progress, engage, fly_fans
from equipoise.analysis.regions import area_km2
from equipoise.catalog.borders import country_polygon
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.battery import Battery
from equipoise.physics.geodesy import Site
from equipoise.sensors.radar import Radar
from equipoise.study.model import Study

FloatArray = npt.NDArray[np.float64]

# Cells a side: coarser than the footprint's own grid, as the spread over the draws is far wider than a cell.
CELLS = 40
QUANTILES = (0.05, 0.5, 0.95)


def land_cells(study: Study, cells: int = CELLS) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return centres (rows,), (columns,) [deg] of a coarse grid and the land area (rows, columns) in each cell [km2]."""
    grid = study.grid
    south, north, west, east = np.degrees([grid.south_rad, grid.north_rad, grid.west_rad, grid.east_rad])
    lat_edges, lon_edges = np.linspace(south, north, cells + 1), np.linspace(west, east, cells + 1)
    left, bottom = np.meshgrid(lon_edges[:-1], lat_edges[:-1])
    right, top = np.meshgrid(lon_edges[1:], lat_edges[1:])
    country = country_polygon(study.country)
    shapely.prepare(country)
    boxes = shapely.box(left, bottom, right, top)
    touched = shapely.intersects(country, boxes)
    land = np.zeros(boxes.shape)
    land[touched] = [area_km2(part) for part in shapely.intersection(country, boxes[touched])]
    return (lat_edges[:-1] + lat_edges[1:]) / 2.0, (lon_edges[:-1] + lon_edges[1:]) / 2.0, land


def footprint_uncertainty(
    study: Study,
    *,
    draws: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Draw the defence from the catalogue's ranges and work out how often each place is defended.

    Parameters
    ----------
    study : Study
        The study, with its central radar range.
    draws, seed : int, optional
        How many and from where; by default the study's own.
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
    included) and each missile's nose-on cross-section, from the triangle between low, central and high value,
    independently of each other. The threats' flight is left at its central values. Draws come from a counter-based
    generator keyed by (seed, draw): their order and number do not change them.
    """
    draws = study.uncertainty.draws if draws is None else draws
    seed = study.uncertainty.seed if seed is None else seed
    lat_deg, lon_deg, land_km2 = land_cells(study)
    rows, columns = np.nonzero(land_km2)
    weights = land_km2[rows, columns] / land_km2.sum()
    places = study.places
    points = (
        np.radians(np.concatenate([lat_deg[rows], np.degrees([place.lat_rad for place in places])])),
        np.radians(np.concatenate([lon_deg[columns], np.degrees([place.lon_rad for place in places])])),
    )
    fans = fly_fans(study, points)
    threats = len(study.threats)
    met = np.zeros((threats, len(points[0])))
    reached = np.zeros((threats, len(points[0])), dtype=bool)
    fraction = np.empty((draws, threats))
    defence = study.defence
    site = Site(defence.site.lat_rad, defence.site.lon_rad)
    for draw in range(draws):
        if progress is not None and draw % 10 == 0:
            progress("drawing the defence from the catalogue's ranges", draw / draws)
        rng = generator(seed, draw)
        radar = Radar.from_record(drawn(defence.radar, rng), defence.radar_range)
        battery = Battery.from_records(drawn(defence.battery, rng), drawn(defence.interceptor, rng), cached=False)
        rcs_m2 = [drawn_number(threat.rcs_m2, rng).value for threat in study.threats]
        cases = [replace(case, rcs_m2=rcs_m2[case.threat]) for case in fans]
        out = engage(cases, radar, battery, site, defence.boresight_rad)
        for threat in range(threats):
            own = [i for i, case in enumerate(cases) if case.threat == threat]
            threatened = out[own, :, ek.E_CONSTRAINT] != ek.NOT_THREATENED
            held = np.all(~threatened | (out[own, :, ek.E_MARGIN] > 0.0), axis=0) & threatened.any(axis=0)
            reached[threat] = threatened.any(axis=0)
            met[threat] += held
            fraction[draw, threat] = float(weights @ held[: len(weights)])
    probability = np.where(reached, met / max(draws, 1), np.nan)
    field = np.full((threats, *land_km2.shape), np.nan)
    field[:, rows, columns] = probability[:, : len(weights)]
    return xr.Dataset(
        {
            "defended_fraction": (("draw", "threat"), fraction, {"units": "1", "long_name": "defended share of land"}),
            "probability_defended": (("threat", "lat", "lon"), field, {"units": "1"}),
            "place_probability_defended": (("threat", "place"), probability[:, len(weights) :], {"units": "1"}),
        },
        coords={
            "threat": [threat.missile.id for threat in study.threats],
            "lat_deg": ("lat", lat_deg, {"units": "degrees_north"}),
            "lon_deg": ("lon", lon_deg, {"units": "degrees_east"}),
            "place": [place.id for place in places],
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
