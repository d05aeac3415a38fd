"""What a radar sees at several altitudes, for each of its published ranges side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.arrays import FloatArray
from equipoise.catalog.radars import HARDWARE, RadarRecord
from equipoise.errors import InputError
from equipoise.physics.earth_kernels import MEAN_RADIUS_M
from equipoise.physics.geodesy import Site
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import REASON_WORDS, SECTOR, Radar, coverage_reasons, emptied_by, horizon_range_m
from equipoise.study.model import Study

if TYPE_CHECKING:
    import xarray as xr

CELLS = 400
MAX_ALTITUDE_M = 1e8
_EDGE_LAT_RAD = 1.5  # a grid that does not hold the pole ends here


@dataclass(frozen=True)
class RangeViews:
    """A radar at its site with each of several ranges.

    Parameters
    ----------
    radar, radar_name : str
        Catalogue id and name.
    site : Site
        Where it stands.
    boresight_rad : float
        Azimuth of its face. [rad]
    field_of_view : {"sector", "face"}
        How it looks.
    names, labels : tuple of str
        Ids of the ranges, and who gives them.
    radars : tuple of Radar
        The radar with each range.
    views : tuple of View
        The same, turned to the boresight, as the kernels take it.
    """

    radar: str
    radar_name: str
    site: Site
    boresight_rad: float
    field_of_view: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    radars: tuple[Radar, ...]
    views: tuple[vk.View, ...]

    @classmethod
    def of(
        cls,
        record: RadarRecord,
        site: Site,
        boresight_rad: float,
        radar_ranges: Sequence[str],
        *,
        field_of_view: str = SECTOR,
        rcs_m2: float | None = None,
    ) -> RangeViews:
        """Build the radar of a record with each of the ranges named.

        Raises
        ------
        InputError
            If no range is named or the boresight is not finite, and what :meth:`Radar.from_record` refuses.
        """
        if not radar_ranges:
            raise InputError(f"radar_ranges must name at least one; got none; allowed: {', '.join(record.range_names)}")
        if not math.isfinite(boresight_rad):
            raise InputError(f"boresight must be finite; got {boresight_rad} rad")
        radars = tuple(Radar.from_record(record, name, field_of_view=field_of_view) for name in radar_ranges)
        return cls.of_radars(record, site, boresight_rad, radars, field_of_view=field_of_view, rcs_m2=rcs_m2)

    @classmethod
    def of_radars(
        cls,
        record: RadarRecord,
        site: Site,
        boresight_rad: float,
        radars: Sequence[Radar],
        *,
        field_of_view: str = SECTOR,
        rcs_m2: float | None = None,
    ) -> RangeViews:
        """Put radars of one record, which differ in their ranges, at a site."""
        return cls(
            radar=record.id,
            radar_name=record.name,
            site=site,
            boresight_rad=boresight_rad,
            field_of_view=field_of_view,
            names=tuple(radar.range_name for radar in radars),
            labels=tuple(
                "range equation" if radar.range_name == HARDWARE else record.range_named(radar.range_name).label
                for radar in radars
            ),
            radars=tuple(radars),
            views=tuple(
                radar.view(site, boresight_rad, radar.reference_rcs_m2 if rcs_m2 is None else rcs_m2)
                for radar in radars
            ),
        )

    def coords(self) -> dict[str, Any]:
        """Return the coordinates along ``radar_range`` of a dataset."""
        ranges_m = np.array([view.detection_range_m for view in self.views])
        return {
            "radar_range": list(self.names),
            "label": ("radar_range", list(self.labels)),
            "range_m": ("radar_range", ranges_m, {"units": "m"}),
        }


def reason_flags() -> dict[str, Any]:
    """Return the attributes that tell what the codes of ``reason`` mean."""
    return {
        "flag_values": np.array(list(REASON_WORDS), dtype=np.int8),
        "flag_meanings": " ".join(words.replace(" ", "_") for words in REASON_WORDS.values()),
    }


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
        ``covered``, ``above_horizon`` and ``reason`` of :func:`radar_coverage`.
    """
    defence = study.defence
    dataset = radar_coverage(
        defence.radar,
        Site(defence.site.lat_rad, defence.site.lon_rad),
        defence.boresight_rad,
        study.radar_ranges if radar_ranges is None else radar_ranges,
        study.coverage_altitudes_m,
        field_of_view=defence.field_of_view,
        cells=cells,
        rcs_m2=rcs_m2,
    )
    dataset = dataset.drop_vars("emptied_by")
    dataset.attrs = {"study": study.id, "radar": defence.radar.id, "site": defence.site.id}
    return dataset


def radar_coverage(
    record: RadarRecord,
    site: Site,
    boresight_rad: float,
    radar_ranges: Sequence[str],
    altitudes_m: Sequence[float],
    *,
    field_of_view: str = SECTOR,
    cells: int = CELLS,
    rcs_m2: float | None = None,
) -> xr.Dataset:
    """Work out what a radar at a site sees on slices of constant altitude.

    Parameters
    ----------
    record : RadarRecord
        The radar.
    site : Site
        Where it stands.
    boresight_rad : float
        Azimuth of its face. [rad]
    radar_ranges : sequence of str
        Which published ranges, or ``hardware`` for the range equation; at least one.
    altitudes_m : sequence of float
        Heights above the ellipsoid, 0 to 100,000 km; at least one above 0. [m]
    field_of_view : {"sector", "face"}, optional
        Sector of azimuth, or the record's tilted face.
    cells : int, optional
        Cells a side, at least 2. The grid ends at the horizon of the highest slice.
    rcs_m2 : float, optional
        Cross-section of the target; by default that which each published range was given for. [m2]

    Returns
    -------
    xarray.Dataset
        ``covered`` on (radar_range, altitude, lat, lon); ``above_horizon`` on (altitude, lat, lon), the limit of any
        radar in this field of view; ``reason`` on (radar_range, altitude, lat, lon), what hides a cell; ``emptied_by``
        on (radar_range, altitude), what hides all of a slice of which nothing is covered, else empty.

    Raises
    ------
    InputError
        If there is no range or no altitude, or one outside what is allowed.

    Notes
    -----
    The grid is regular in latitude and longitude; around a pole it holds every longitude. Longitudes run on past 180
    degrees where the grid crosses the dateline.
    """
    ranges = RangeViews.of(record, site, boresight_rad, radar_ranges, field_of_view=field_of_view, rcs_m2=rcs_m2)
    return slices(ranges, altitudes_m, cells=cells)


def slices(ranges: RangeViews, altitudes_m: Sequence[float], *, cells: int = CELLS) -> xr.Dataset:
    """Work out what a radar sees with each of its ranges on slices of constant altitude: see :func:`radar_coverage`."""
    heights_m = np.asarray(altitudes_m, dtype=float).reshape(-1)
    if heights_m.size == 0:
        raise InputError("altitudes must hold at least one; got none; allowed: 0 to 100000 km")
    if not (np.all((heights_m >= 0.0) & (heights_m <= MAX_ALTITUDE_M)) and heights_m.max() > 0.0):
        given = ", ".join(f"{height / 1e3:g}" for height in heights_m)
        raise InputError(f"altitudes must lie in [0, {MAX_ALTITUDE_M / 1e3:g}] km, one above 0; got {given} km")
    if cells < 2:
        raise InputError(f"cells must be at least 2; got {cells}")
    lat_rad, lon_rad = _grid(ranges.site, float(heights_m.max()), cells)
    reason = np.empty((len(ranges.names), len(heights_m), cells, cells), dtype=np.int8)
    for i, view in enumerate(ranges.views):
        for j, altitude_m in enumerate(heights_m):
            reason[i, j] = coverage_reasons(view, lat_rad, lon_rad, float(altitude_m))
    hidden = (reason != vk.VISIBLE) & (reason != vk.DETECTION_RANGE)
    import xarray as xr  # takes longer to load than a flight test takes to fly

    return xr.Dataset(
        {
            "covered": (("radar_range", "altitude", "lat", "lon"), reason == vk.VISIBLE),
            "above_horizon": (("altitude", "lat", "lon"), ~hidden[0]),
            "reason": (("radar_range", "altitude", "lat", "lon"), reason, reason_flags()),
            "emptied_by": (("radar_range", "altitude"), [[emptied_by(cut) for cut in row] for row in reason]),
        },
        coords={
            **ranges.coords(),
            "altitude_m": ("altitude", heights_m, {"units": "m"}),
            "lat_deg": ("lat", np.degrees(lat_rad), {"units": "degrees_north"}),
            "lon_deg": ("lon", np.degrees(lon_rad), {"units": "degrees_east"}),
        },
        attrs={"radar": ranges.radar},
    )


def _grid(site: Site, top_m: float, cells: int) -> tuple[FloatArray, FloatArray]:
    """Return latitudes and longitudes [rad], shapes (cells,), of a grid to the horizon of a height [m]."""
    reach_rad = 1.05 * horizon_range_m(top_m) / MEAN_RADIUS_M
    steps = (np.arange(cells) + 0.5) / cells
    if abs(site.lat_rad) + reach_rad > math.pi / 2:
        south, north = max(site.lat_rad - reach_rad, -math.pi / 2), min(site.lat_rad + reach_rad, math.pi / 2)
        half_lon = math.pi
    else:
        south, north = max(site.lat_rad - reach_rad, -_EDGE_LAT_RAD), min(site.lat_rad + reach_rad, _EDGE_LAT_RAD)
        widest = math.cos(max(abs(south), abs(north)))
        half_lon = min(math.pi, math.asin(min(1.0, math.sin(reach_rad) / max(widest, 1e-3))))
    return south + steps * (north - south), site.lon_rad - half_lon + steps * 2.0 * half_lon
