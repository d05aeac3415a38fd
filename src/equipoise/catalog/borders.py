"""Countries, coasts and borders of the world at 1:50 million, from Natural Earth (public domain).

The data file is a topology: lines ("arcs") that neighbouring countries share. A country is stitched from its arcs; an
arc that one country uses is coast, one that two use is border. Coordinates are degrees, longitude first, as Natural
Earth has them (WGS-84), quantised to 0.0036 degrees of longitude and 0.0017 degrees of latitude, about 300 m.

How good it is: South Korea's land from this file, measured on the WGS-84 ellipsoid, is 97,190 km2; the official figure
is about 100,000 km2, so the file is 2.8 % short (GeoNames lists 98,480 km2: 1.3 % short). Coasts are generalised and
small islands are left out; Jeju is there with 1,790 km2. Shares of the land area are therefore taken of the file's own
area, not of the official one. Borders are drawn as the source has them and say nothing on anybody's claims.
"""

from __future__ import annotations

import difflib
import functools
import gzip
import json
from dataclasses import dataclass
from importlib import resources

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from equipoise.arrays import FloatArray
from equipoise.errors import InputError, UnknownIdError

Bounds = tuple[float, float, float, float]

_WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)
_EDGE_TOLERANCE_DEG = 0.002  # one step of the file's quantisation
_SOUTH_EDGE_DEG = -89.99  # the file draws the South Pole as a line here


@dataclass(frozen=True, slots=True)
class _Country:
    iso3: str
    name: str
    polygons: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class _Atlas:
    origin: str
    arcs_deg: tuple[FloatArray, ...]
    countries: dict[str, _Country]
    uses: tuple[int, ...]


@functools.cache
def _atlas() -> _Atlas:
    """Read and decode the topology once per process."""
    packed = resources.files("equipoise.catalog").joinpath("data", "natural_earth_50m.json.gz").read_bytes()
    document = json.loads(gzip.decompress(packed))
    scale = np.asarray(document["scale_deg"], dtype=np.float64)
    translate = np.asarray(document["translate_deg"], dtype=np.float64)
    arcs = []
    for steps in document["arcs"]:
        points = np.cumsum(np.asarray(steps, dtype=np.int64).reshape(-1, 2), axis=0) * scale + translate
        points.setflags(write=False)
        arcs.append(points)
    countries = {}
    uses = [0] * len(arcs)
    for entry in document["countries"]:
        polygons = tuple(tuple(tuple(ring) for ring in polygon) for polygon in entry["polygons"])
        countries[entry["iso3"]] = _Country(entry["iso3"], entry["name"], polygons)
        for arc in {i if i >= 0 else ~i for polygon in polygons for ring in polygon for i in ring}:
            uses[arc] += 1
    return _Atlas(document["origin"], tuple(arcs), countries, tuple(uses))


def _ring(references: tuple[int, ...], arcs_deg: tuple[FloatArray, ...]) -> FloatArray:
    """Join the arcs of one ring; each starts where the one before ended, so its first point is dropped."""
    parts = [arcs_deg[i] if i >= 0 else arcs_deg[~i][::-1] for i in references]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def country_names() -> dict[str, str]:
    """Return every country code with its name.

    Returns
    -------
    dict
        Three-letter code (ISO 3166-1; Natural Earth's own for five territories without one) to English name,
        sorted by code.
    """
    return {code: country.name for code, country in _atlas().countries.items()}


@functools.cache
def country_polygon(iso3: str) -> MultiPolygon:
    """Return a country's land.

    Parameters
    ----------
    iso3 : str
        Three-letter country code, for example ``"KOR"``.

    Returns
    -------
    shapely.geometry.MultiPolygon
        Longitude and latitude in degrees; exteriors run anticlockwise, holes clockwise. A country that crosses
        180 degrees is cut there.

    Raises
    ------
    UnknownIdError
        If no country has this code; the message suggests the nearest codes.

    Notes
    -----
    Natural Earth 1:50m: islands smaller than a few square kilometres are missing and coasts are off by a kilometre or
    two.

    Examples
    --------
    >>> west, south, east, north = country_polygon("KOR").bounds
    >>> round(south, 1), round(north, 1)  # Jeju's south coast, the border on the east coast
    (33.2, 38.6)
    """
    atlas = _atlas()
    if iso3 not in atlas.countries:
        raise _unknown_country(iso3)
    pieces: list[BaseGeometry] = []
    for rings in atlas.countries[iso3].polygons:
        outlines = [_ring(ring, atlas.arcs_deg) for ring in rings]
        shell, *holes = [ring for ring in outlines if ring[:, 1].max() > _SOUTH_EDGE_DEG]
        pieces += _cut_at_180(shell, holes)
    return _as_multipolygon(shapely.make_valid(shapely.union_all(pieces)))


def _cut_at_180(shell: FloatArray, holes: list[FloatArray]) -> list[BaseGeometry]:
    """Turn rings on the sphere, which step from 180 to -180 degrees, into pieces in the plane."""
    if np.abs(np.diff(shell[:, 0])).max() < 180.0:
        return [shapely.make_valid(Polygon(shell, holes))]
    unrolled = np.column_stack([np.unwrap(shell[:, 0], period=360.0), shell[:, 1]])
    if abs(unrolled[-1, 0] - unrolled[0, 0]) > 180.0:  # once round the South Pole: close it along the map's edge
        unrolled = np.vstack([unrolled, [unrolled[-1, 0], -90.0], [unrolled[0, 0], -90.0]])
    whole = shapely.make_valid(Polygon(unrolled))
    pieces: list[BaseGeometry] = []
    for turn in (-360.0, 0.0, 360.0):
        piece = shapely.clip_by_rect(whole, turn - 180.0, -90.0, turn + 180.0, 90.0)
        pieces.append(translate(piece, xoff=-turn).difference(MultiPolygon([Polygon(hole) for hole in holes])))
    return [piece for piece in pieces if not piece.is_empty]


def _as_multipolygon(geometry: BaseGeometry) -> MultiPolygon:
    """Keep the areas of a geometry, shells anticlockwise."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return MultiPolygon([orient(part) for part in parts if isinstance(part, Polygon) and not part.is_empty])


def _unknown_country(iso3: str) -> UnknownIdError:
    """Suggest by name when somebody wrote a name, else the codes that differ in the fewest letters."""
    names = country_names()
    near = [code for code, name in names.items() if name.casefold() == iso3.casefold() or code == iso3.upper()]
    near = near or [code for code in names if sum(a != b for a, b in zip(code, iso3.upper(), strict=False)) == 1]
    near = near or difflib.get_close_matches(iso3.upper(), names, n=3, cutoff=0.6)
    hint = f"did you mean {', '.join(f'{code} ({names[code]})' for code in near[:4])}?" if near else ""
    return UnknownIdError(
        f'country: unknown code "{iso3}"; {hint or "allowed are three-letter ISO 3166 codes such as JPN, KOR, PRK"}'
    )


def coastlines(bounds: Bounds = _WORLD) -> list[FloatArray]:
    """Return the coasts within bounds.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north. [deg]

    Returns
    -------
    list of ndarray, each shape (n, 2)
        Lines of longitude and latitude [deg], clipped to the bounds.

    Raises
    ------
    InputError
        If the bounds are empty or leave the globe.

    Notes
    -----
    Shores of the Caspian Sea count as coast; other lakes are not in the file. The map's own edges (180 degrees, the
    South Pole) are left out.
    """
    return _lines(bounds, coast=True)


def borders(bounds: Bounds = _WORLD) -> list[FloatArray]:
    """Return the land borders between countries within bounds.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north. [deg]

    Returns
    -------
    list of ndarray, each shape (n, 2)
        Lines of longitude and latitude [deg], clipped to the bounds.

    Raises
    ------
    InputError
        If the bounds are empty or leave the globe.
    """
    return _lines(bounds, coast=False)


def land(bounds: Bounds = _WORLD) -> MultiPolygon:
    """Return all land within bounds, country by country.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north. [deg]

    Returns
    -------
    shapely.geometry.MultiPolygon
        Longitude and latitude in degrees, clipped to the bounds.

    Raises
    ------
    InputError
        If the bounds are empty or leave the globe.
    """
    window = shapely.box(*_checked(bounds))
    clipped = [shapely.intersection(country_polygon(code), window) for code in _atlas().countries]
    return _as_multipolygon(shapely.GeometryCollection([part for part in clipped if not part.is_empty]))


def _checked(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    if not (-180.0 <= west < east <= 180.0 and -90.0 <= south < north <= 90.0):
        raise InputError(
            f"bounds must be west < east in [-180, 180] and south < north in [-90, 90] degrees; got {bounds}"
        )
    return bounds


def _lines(bounds: Bounds, *, coast: bool) -> list[FloatArray]:
    """Clip the arcs of one sort to the bounds."""
    west, south, east, north = _checked(bounds)
    atlas = _atlas()
    lines: list[FloatArray] = []
    for arc, uses in zip(atlas.arcs_deg, atlas.uses, strict=True):
        low, high = arc.min(axis=0), arc.max(axis=0)
        outside = high[0] < west or low[0] > east or high[1] < south or low[1] > north
        if outside or (uses == 1) is not coast:
            continue
        for piece in _without_map_edge(arc):
            clipped = shapely.clip_by_rect(shapely.LineString(piece), west, south, east, north)
            lines += [shapely.get_coordinates(part) for part in shapely.get_parts(clipped) if not part.is_empty]
    return lines


def _without_map_edge(arc: FloatArray) -> list[FloatArray]:
    """Split a line where it runs along the map's edge (180 degrees, the South Pole) or steps across it."""
    on_meridian = np.abs(np.abs(arc[:, 0]) - 180.0) < _EDGE_TOLERANCE_DEG
    on_pole = arc[:, 1] < _SOUTH_EDGE_DEG
    along = (on_meridian[:-1] & on_meridian[1:]) | (on_pole[:-1] & on_pole[1:])
    along |= np.abs(np.diff(arc[:, 0])) > 180.0
    if not along.any():
        return [arc]
    cuts = np.flatnonzero(along)
    starts = np.concatenate([[0], cuts + 1])
    ends = np.concatenate([cuts + 1, [len(arc)]])
    return [arc[start:end] for start, end in zip(starts, ends, strict=True) if end - start > 1]
