"""What a radar sees in one vertical plane, for each of its published ranges side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from equipoise.analysis.coverage import MAX_ALTITUDE_M, RangeViews, reason_flags
from equipoise.arrays import FloatArray
from equipoise.catalog.radars import RadarRecord
from equipoise.errors import InputError
from equipoise.physics.earth_kernels import axes_of, ecef_of
from equipoise.physics.geodesy import Site, wgs84
from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import SECTOR, emptied_by, look_at, ray_altitude_m

if TYPE_CHECKING:
    import xarray as xr

ROWS, COLUMNS = 300, 600
_CELLS_MOST = 5_000


def vertical_cut(
    record: RadarRecord,
    site: Site,
    boresight_rad: float,
    radar_ranges: Sequence[str],
    az_rad: float,
    *,
    ground_range_m: float,
    top_m: float,
    field_of_view: str = SECTOR,
    rows: int = ROWS,
    columns: int = COLUMNS,
    rcs_m2: float | None = None,
) -> xr.Dataset:
    """Work out what a radar sees above the geodesic that leaves its site in one direction.

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
    az_rad : float
        Azimuth of the geodesic at the site. [rad]
    ground_range_m : float
        Length of the geodesic, at most half round the Earth. [m]
    top_m : float
        Height of the cut above the ellipsoid, at most 100,000 km. [m]
    field_of_view : {"sector", "face"}, optional
        Sector of azimuth, or the record's tilted face.
    rows, columns : int, optional
        Cells in height and along the ground, 2 to 5,000 each.
    rcs_m2 : float, optional
        Cross-section of the target; by default that which each published range was given for. [m2]

    Returns
    -------
    xarray.Dataset
        On (radar_range, altitude, ground_range): ``reason``, what hides a cell, and ``covered``. On (ground_range,):
        ``horizon_altitude_m``, the lowest height above the horizon, and ``floor_altitude_m``, the height of the
        elevation floor [m]; nan where the ray never comes over that distance, and where the radar has no floor above
        the horizon. On (radar_range,): ``emptied_by``, what hides all of the cut if nothing of it is covered, else
        empty. A cell stands for its centre. The attributes hold site, directions and elevation floor in degrees.

    Raises
    ------
    InputError
        If there is no range, or a length, an angle or a number of cells lies outside what is allowed.

    Notes
    -----
    ``reason`` is what the radar's view on the ellipsoid says of each cell. The two curves are the closed form on the
    mean sphere of 4/3 the Earth's radius; the ellipsoid is 0.2 % off that sphere in radius, the edges of ``reason`` up
    to 0.5 % off the curves in height. Seen from the radar, a point above the geodesic stands up to 0.03 degrees beside
    its azimuth (measured from Seongju to 3,000 km and 1,500 km up).
    """
    ranges = RangeViews.of(record, site, boresight_rad, radar_ranges, field_of_view=field_of_view, rcs_m2=rcs_m2)
    return cut_through(ranges, az_rad, ground_range_m=ground_range_m, top_m=top_m, rows=rows, columns=columns)


def cut_through(
    ranges: RangeViews,
    az_rad: float,
    *,
    ground_range_m: float,
    top_m: float,
    rows: int = ROWS,
    columns: int = COLUMNS,
) -> xr.Dataset:
    """Work out what a radar sees with each of its ranges in a vertical plane: see :func:`vertical_cut`."""
    if not math.isfinite(az_rad):
        raise InputError(f"az must be finite; got {az_rad} rad")
    for name, length_m, most_m in (("ground_range", ground_range_m, HALF_ROUND_M), ("top", top_m, MAX_ALTITUDE_M)):
        if not 0.0 < length_m <= most_m:
            raise InputError(f"{name} must be above 0 and at most {most_m / 1e3:.0f} km; got {length_m / 1e3:g} km")
    for name, count in (("rows", rows), ("columns", columns)):
        if not 2 <= count <= _CELLS_MOST:
            raise InputError(f"{name} must lie in [2, {_CELLS_MOST}]; got {count}")
    along_m = (np.arange(columns) + 0.5) / columns * ground_range_m
    altitude_m = (np.arange(rows) + 0.5) / rows * top_m
    lat_rad, lon_rad = _geodesic(ranges.site, az_rad, along_m)
    points_m = _points(lat_rad, lon_rad, altitude_m).reshape(-1, 3)
    reason = np.stack(
        [
            look_at(radar, view, points_m).reason.reshape(rows, columns)
            for radar, view in zip(ranges.radars, ranges.views, strict=True)
        ]
    )
    floor_rad = ranges.radars[0].elevation_floor_rad
    import xarray as xr  # takes longer to load than a flight test takes to fly

    return xr.Dataset(
        {
            "covered": (("radar_range", "altitude", "ground_range"), reason == vk.VISIBLE),
            "reason": (("radar_range", "altitude", "ground_range"), reason, reason_flags()),
            "horizon_altitude_m": ("ground_range", _ray(0.0, along_m), {"units": "m"}),
            "floor_altitude_m": (
                "ground_range",
                _ray(floor_rad, along_m) if floor_rad > 0.0 else np.full(columns, np.nan),
                {"units": "m"},
            ),
            "emptied_by": ("radar_range", [emptied_by(cut) for cut in reason]),
        },
        coords={
            **ranges.coords(),
            "altitude_m": ("altitude", altitude_m, {"units": "m"}),
            "ground_range_m": ("ground_range", along_m, {"units": "m"}),
            "lat_deg": ("ground_range", np.degrees(lat_rad), {"units": "degrees_north"}),
            "lon_deg": ("ground_range", np.degrees(lon_rad), {"units": "degrees_east"}),
        },
        attrs={
            "radar": ranges.radar,
            "radar_name": ranges.radar_name,
            "site_lat_deg": ranges.site.lat_deg,
            "site_lon_deg": ranges.site.lon_deg,
            "azimuth_deg": math.degrees(az_rad) % 360.0,
            "boresight_deg": math.degrees(ranges.boresight_rad) % 360.0,
            "elevation_floor_deg": math.degrees(floor_rad),
            "field_of_view": ranges.field_of_view,
        },
    )


def _ray(elevation_rad: float, along_m: FloatArray) -> FloatArray:
    """Return the height [m] of a ray over ground ranges (n,) [m], nan where it never comes."""
    altitude_m = ray_altitude_m(elevation_rad, along_m)
    return np.where(np.isfinite(altitude_m), altitude_m, np.nan)


def _geodesic(site: Site, az_rad: float, along_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return latitudes and longitudes [rad] along a geodesic at distances (n,) [m] from a site."""
    count = len(along_m)
    lon_deg, lat_deg, _ = wgs84().fwd(
        np.full(count, site.lon_deg), np.full(count, site.lat_deg), np.full(count, math.degrees(az_rad)), along_m
    )
    return np.radians(lat_deg), np.radians(lon_deg)


def _points(lat_rad: FloatArray, lon_rad: FloatArray, altitude_m: FloatArray) -> FloatArray:
    """Return points in ecef [m], shape (rows, columns, 3), above feet (columns,) at heights (rows,)."""
    feet = np.array([ecef_of(lat, lon, 0.0) for lat, lon in zip(lat_rad, lon_rad, strict=True)])
    up = np.array([axes_of(lat, lon)[6:] for lat, lon in zip(lat_rad, lon_rad, strict=True)])
    return np.asarray(feet[None, :, :] + altitude_m[:, None, None] * up[None, :, :])
