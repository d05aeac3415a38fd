"""What a radar sees at several altitudes, for each of its published ranges side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from equipoise.catalog.radars import HARDWARE
from equipoise.physics.earth_kernels import MEAN_RADIUS_M
from equipoise.physics.geodesy import Site
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import REASON_WORDS, Radar, coverage_reasons, horizon_range_m
from equipoise.study.model import Study

if TYPE_CHECKING:
    import xarray as xr

CELLS = 400


def coverage(
    study: Study, *, radar_ranges: Sequence[str] | None = None, cells: int = CELLS, rcs_m2: float | None = None
) -> xr.Dataset:
    """Work out the coverage of a study's radar on slices of constant altitude.

    Parameters
    ----------
    study : Study
        Radar, site, boresight and altitudes.
    radar_ranges : sequence of str, optional
        Which published ranges; by default the study's.
    cells : int
        Cells a side. The grid ends at the horizon of the highest slice.
    rcs_m2 : float, optional
        Cross-section of the target; by default that which each published range was given for. [m2]

    Returns
    -------
    xarray.Dataset
        ``covered`` on (radar_range, altitude, lat, lon); ``above_horizon`` on (altitude, lat, lon), the limit of any
        radar in this field of view; ``reason`` on (radar_range, altitude, lat, lon), what hides a cell.
    """
    defence = study.defence
    site = Site(defence.site.lat_rad, defence.site.lon_rad)
    names = tuple(study.radar_ranges if radar_ranges is None else radar_ranges)
    altitudes_m = np.array(study.coverage_altitudes_m)
    reach_rad = 1.05 * horizon_range_m(float(altitudes_m.max())) / MEAN_RADIUS_M
    south, north = max(site.lat_rad - reach_rad, -1.5), min(site.lat_rad + reach_rad, 1.5)
    widest = math.cos(max(abs(south), abs(north)))
    half_lon = min(math.pi, math.asin(min(1.0, math.sin(reach_rad) / max(widest, 1e-3))))
    steps = (np.arange(cells) + 0.5) / cells
    lat_rad = south + steps * (north - south)
    lon_rad = site.lon_rad - half_lon + steps * 2.0 * half_lon
    reason = np.empty((len(names), len(altitudes_m), cells, cells), dtype=np.int8)
    labels, ranges_m = [], []
    for i, name in enumerate(names):
        radar = Radar.from_record(defence.radar, name, field_of_view=defence.field_of_view)
        view = radar.view(site, defence.boresight_rad, radar.reference_rcs_m2 if rcs_m2 is None else rcs_m2)
        labels.append("range equation" if name == HARDWARE else defence.radar.range_named(name).label)
        ranges_m.append(view.detection_range_m)
        for j, altitude_m in enumerate(altitudes_m):
            reason[i, j] = coverage_reasons(view, lat_rad, lon_rad, float(altitude_m))
    hidden = (reason != vk.VISIBLE) & (reason != vk.DETECTION_RANGE)
    import xarray as xr  # takes longer to load than a flight test takes to fly

    return xr.Dataset(
        {
            "covered": (("radar_range", "altitude", "lat", "lon"), reason == vk.VISIBLE),
            "above_horizon": (("altitude", "lat", "lon"), ~hidden[0]),
            "reason": (
                ("radar_range", "altitude", "lat", "lon"),
                reason,
                {
                    "flag_values": np.array(list(REASON_WORDS), dtype=np.int8),
                    "flag_meanings": " ".join(words.replace(" ", "_") for words in REASON_WORDS.values()),
                },
            ),
        },
        coords={
            "radar_range": list(names),
            "label": ("radar_range", labels),
            "range_m": ("radar_range", np.array(ranges_m), {"units": "m"}),
            "altitude_m": ("altitude", altitudes_m, {"units": "m"}),
            "lat_deg": ("lat", np.degrees(lat_rad), {"units": "degrees_north"}),
            "lon_deg": ("lon", np.degrees(lon_rad), {"units": "degrees_east"}),
        },
        attrs={"study": study.id, "radar": defence.radar.id, "site": defence.site.id},
    )
