"""What every format of a replay shares: its clock, colours by role, plain lines and areas."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from equipoise.analysis.replay import Replay, Spot, Track, Volume
from equipoise.arrays import FloatArray
from equipoise.errors import InputError
from equipoise.physics.earth_kernels import axes_of, ecef_to_geodetic, geodetic_to_ecef
from equipoise.present.style import BLUE, GREEN, INK, PURPLE, VERMILION

# A study has no date. Formats that need one count seconds from here.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# By role; the same for every country.
COLOURS = {
    "missile": VERMILION,
    "interceptor": BLUE,
    "battery": BLUE,
    "sensor": GREEN,
    "launch_area": VERMILION,
    "target": INK,
    "volume": GREEN,
    "area": PURPLE,
}
KIND_WORDS = {
    "missile": "missile",
    "interceptor": "interceptor",
    "battery": "battery",
    "sensor": "sensor",
    "launch_area": "launch area",
    "target": "place",
}
# Degrees, and metres: about 0.1 m and 1 m.
DEGREE_DIGITS, METRE_DIGITS = 6, 0
_EDGE_POINTS = 48


@dataclass(frozen=True)
class Area:
    """An area of a run: id, name, what else is known of it, and its rings in degrees."""

    id: str
    name: str
    properties: dict[str, Any]
    polygons: MultiPolygon


def areas_of(path: Path) -> tuple[Area, ...]:
    """Read the areas of a run's GeoJSON file.

    Raises
    ------
    InputError
        If the file is no GeoJSON.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found = [
            (str(feature["id"]), dict(feature["properties"]), shape(feature["geometry"]))
            for feature in features
            if feature["geometry"] is not None and feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"run, {path.name}: is no GeoJSON that a run holds ({error}); run the study again") from error
    return tuple(Area(id, id.replace("/", " "), properties, multi_polygon(area)) for id, properties, area in found)


def multi_polygon(area: BaseGeometry) -> MultiPolygon:
    """Return the polygons of any geometry."""
    return MultiPolygon([part for part in shapely.get_parts(area) if isinstance(part, Polygon)])


def moment(time_s: float) -> datetime:
    """Return the date that stands for a time since the first launch [s], to the millisecond."""
    return EPOCH + timedelta(milliseconds=round(time_s * 1e3))


def iso(time_s: float) -> str:
    """Write the date that stands for a time since the first launch [s], to the millisecond."""
    return moment(time_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def degrees_metres(track: Track) -> FloatArray:
    """Return longitude, latitude [deg] and height [m] of a track, (n, 3), rounded as every format has them."""
    return _rounded(np.degrees(track.lon_rad), np.degrees(track.lat_rad), track.altitude_m)


def spot_degrees(spot: Spot) -> tuple[float, float]:
    """Return longitude and latitude of a spot [deg], rounded to 100 m: no place here is known better than a town."""
    return round(math.degrees(spot.lon_rad), 3), round(math.degrees(spot.lat_rad), 3)


def volume_edges(replay: Replay, volume: Volume) -> list[FloatArray]:
    """Return the edges of what a radar's face looks over.

    Parameters
    ----------
    replay : Replay
        Holds the spot that it stands on.
    volume : Volume
        The volume.

    Returns
    -------
    list of ndarray, shape (n, 3)
        Longitude, latitude [deg] and height [m]: the arcs at the lowest and the highest elevation, and the sides, from
        the radar out and over. Rays are straight; the horizon is left out.
    """
    spot = next(one for one in replay.spots if one.id == volume.spot)
    whole = volume.half_width_rad >= math.pi - 1e-6
    az = volume.boresight_rad + np.linspace(-volume.half_width_rad, volume.half_width_rad, _EDGE_POINTS)
    low, high = volume.elevation_floor_rad, volume.elevation_max_rad
    up = np.linspace(low, high, 12)
    level = [low] if high > 0.5 * math.pi - 1e-6 else [low, high]  # straight up, all azimuths are one point
    edges = [_points(spot, az, np.full(len(az), el), volume.range_m) for el in level]
    for side in az[:1] if whole else az[[0, -1]]:
        rim = _points(spot, np.full(len(up), side), up, volume.range_m)
        base = np.array([[math.degrees(spot.lon_rad), math.degrees(spot.lat_rad), 0.0]])
        edges.append(np.vstack([base, rim, base]))
    return edges


def _points(spot: Spot, az_rad: FloatArray, el_rad: FloatArray, range_m: float) -> FloatArray:
    """Return points at a slant range in directions from a spot, (n, 3), in degrees and metres."""
    axes = np.array(axes_of(spot.lat_rad, spot.lon_rad)).reshape(3, 3)
    local = np.column_stack([np.sin(az_rad) * np.cos(el_rad), np.cos(az_rad) * np.cos(el_rad), np.sin(el_rad)])
    r_ecef_m = np.array(geodetic_to_ecef(spot.lat_rad, spot.lon_rad, 0.0)) + range_m * local @ axes
    geodetic = np.array([ecef_to_geodetic(*r) for r in r_ecef_m])
    return _rounded(np.degrees(geodetic[:, 1]), np.degrees(geodetic[:, 0]), geodetic[:, 2])


def _rounded(lon_deg: FloatArray, lat_deg: FloatArray, altitude_m: FloatArray) -> FloatArray:
    return np.column_stack(
        [np.round(lon_deg, DEGREE_DIGITS), np.round(lat_deg, DEGREE_DIGITS), np.round(altitude_m, METRE_DIGITS)]
    )


def parted(points: FloatArray) -> list[FloatArray]:
    """Part a line where it crosses 180 degrees, as RFC 7946 asks (section 3.1.9).

    Parameters
    ----------
    points : ndarray, shape (n, k)
        Longitude and latitude [deg], and whatever else goes along; successive longitudes less than 180 degrees apart
        the short way round.

    Returns
    -------
    list of ndarray
        Pieces that end and begin at 180 degrees, everything else interpolated there.
    """
    pieces: list[list[FloatArray]] = [[points[0]]]
    for before, after in pairwise(points):
        if abs(after[0] - before[0]) > 180.0:
            edge = math.copysign(180.0, before[0])
            share = abs(edge - before[0]) / (360.0 - abs(after[0] - before[0]))
            crossing = before + share * (after - before)
            crossing[0] = edge
            pieces[-1].append(crossing)
            pieces.append([np.array([-edge, *crossing[1:]])])
        pieces[-1].append(after)
    return [np.array(piece) for piece in pieces]


def story_of(replay: Replay, track: Track) -> Sequence[str]:
    """Say in lines of words what a track is."""
    names = {spot.id: spot.name for spot in replay.spots} | {one.id: one.name for one in replay.tracks}
    lines = [
        f"{track.name}: {track.fate}",
        f"from {names[track.start]} {track.time_s[0]:.0f} s after the first launch, "
        f"to {names.get(track.end, track.end)} at {track.time_s[-1]:.0f} s",
        f"highest at {track.altitude_m.max() / 1e3:.0f} km",
    ]
    for sight in replay.sights:
        if sight.track == track.id:
            lines.append(f"{names[sight.spot]} has it in view from {sight.start_s:.0f} to {sight.end_s:.0f} s")
    return lines
