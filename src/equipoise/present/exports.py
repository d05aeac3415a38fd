"""Results in other programs' formats: GeoJSON for maps, NetCDF for arrays.

Both are written the same to the byte each time: no dates, fixed order, coordinates rounded to about ten metres.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import xarray as xr
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from equipoise._version import __version__
from equipoise.analysis.regions import area_km2
from equipoise.errors import InputError, OutputError
from equipoise.physics.earth_kernels import ecef_to_geodetic
from equipoise.present.scene import Scene

if TYPE_CHECKING:
    import pyarrow as pa

    from equipoise.physics.flight import Trajectory

DECIMALS = 4  # of a degree: 11 m
_TRACK_POINTS = 121


def footprint_geojson(
    dataset: xr.Dataset,
    polygons: Sequence[BaseGeometry],
    scene: Scene,
    *,
    status: Mapping[str, Mapping[str, str]] | None = None,
    about: Mapping[str, Any] | None = None,
) -> str:
    """Write footprints, site, launch areas and places as GeoJSON (RFC 7946).

    Parameters
    ----------
    dataset : xarray.Dataset
        A footprint; its ``case``, ``missile`` and ``launch_area`` name the features.
    polygons : sequence of shapely geometry
        The zero contour of the margin of each case, in degrees, in the dataset's order.
    scene : Scene
        Site, places and launch areas.
    status : mapping, optional
        Per missile id, how each place stands (``"all"``, ``"some"``, ``"none"``, ``"out of range"``).
    about : mapping, optional
        What else the file says of itself.

    Returns
    -------
    str
        One FeatureCollection. Areas come first (``kind: footprint``), then points.

    Raises
    ------
    InputError
        If there is not one polygon per case.
    """
    cases = [str(case) for case in dataset["case"].values]
    if len(polygons) != len(cases):
        raise InputError(f"polygons must be one per case ({len(cases)}); got {len(polygons)}")
    features = []
    for i, case in enumerate(cases):
        geometry = area_geometry(polygons[i])
        properties = {
            "kind": "footprint",
            "case": case,
            "missile": str(dataset["missile"].values[i]),
            "launch_area": str(dataset["launch_area"].values[i]),
            "margin_contour_s": 0,
            "area_km2": round(area_km2(polygons[i]), 1),
        }
        features.append(feature(f"footprint/{case}", geometry, properties))
    for kind, spots in (
        ("battery", (scene.site,)),
        ("launch_area", scene.launch_areas.values()),
        ("place", scene.places),
    ):
        for spot in spots:
            properties = {"kind": kind, "name": spot.name, "country": spot.country}
            if kind == "place" and status is not None:
                properties["defended_from_launch_areas"] = {
                    m: status[m][spot.id] for m in status if spot.id in status[m]
                }
            point = {"type": "Point", "coordinates": [round(spot.lon_deg, DECIMALS), round(spot.lat_deg, DECIMALS)]}
            features.append(feature(f"{kind}/{spot.id}", point, properties))
    document = {
        "type": "FeatureCollection",
        "generator": f"Equipoise {__version__}",
        **(dict(about) if about else {}),
        "features": features,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def feature(identifier: str, geometry: Mapping[str, Any] | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return one GeoJSON feature."""
    return {"type": "Feature", "id": identifier, "geometry": geometry, "properties": dict(properties)}


def ground_track(trajectory: Trajectory) -> dict[str, Any]:
    """Return the ground track of a flight as GeoJSON: one line, or several where it crosses 180 degrees."""
    times = np.linspace(0.0, trajectory.time_of_flight_s, _TRACK_POINTS)
    r_ecef_m, _ = trajectory.at(times)
    lat_lon = np.degrees([ecef_to_geodetic(*r)[:2] for r in r_ecef_m])
    lines: list[list[list[float]]] = [[]]
    for n, (lat, lon) in enumerate(lat_lon):
        if n and abs(lon - lat_lon[n - 1, 1]) > 180.0:
            # Where the straight step between the two points meets 180 degrees.
            before_lat, before_lon = lat_lon[n - 1]
            edge = 180.0 if before_lon > 0.0 else -180.0
            share = abs(edge - before_lon) / (360.0 - abs(lon - before_lon))
            crossing = round(float(before_lat + share * (lat - before_lat)), DECIMALS)
            lines[-1].append([edge, crossing])
            lines.append([[-edge, crossing]])
        lines[-1].append([round(float(lon), DECIMALS), round(float(lat), DECIMALS)])
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def area_geometry(geometry: BaseGeometry) -> dict[str, Any] | None:
    """Return GeoJSON of an area: anticlockwise shells, clockwise holes, rounded; None where nothing is left."""
    snapped = shapely.set_precision(geometry, 10.0**-DECIMALS)
    parts = [orient(part) for part in shapely.get_parts(snapped) if isinstance(part, Polygon) and not part.is_empty]
    if not parts:
        return None
    ordered = shapely.normalize(MultiPolygon(parts))  # a fixed order of parts and first points, but clockwise shells
    coordinates = [
        [
            [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
            for ring in (part.exterior, *part.interiors)
        ]
        for part in map(orient, ordered.geoms)
    ]
    return {"type": "MultiPolygon", "coordinates": coordinates}


def netcdf_bytes(dataset: xr.Dataset) -> bytes:
    """Return a dataset as a NetCDF-4 file with CF attributes.

    Parameters
    ----------
    dataset : xarray.Dataset
        Any result. Truth values become bytes with CF flags; text coordinates stay text.

    Returns
    -------
    bytes
        The file; the same dataset gives the same bytes.
    """
    tidy = dataset.copy()
    for name in (*tidy.data_vars, *tidy.coords):
        variable = tidy[name]
        if variable.dtype == bool:
            flags = {"flag_values": np.array([0, 1], dtype=np.int8), "flag_meanings": "no yes"}
            tidy[name] = variable.astype(np.int8).assign_attrs({**variable.attrs, **flags})
    tidy.attrs = {"Conventions": "CF-1.11", **tidy.attrs, "source": f"Equipoise {__version__}"}
    encoding: dict[Any, dict[str, Any]] = {
        name: {"zlib": True, "complevel": 4, "shuffle": True}
        for name, variable in tidy.data_vars.items()
        if variable.ndim >= 2 and variable.dtype.kind in "fiu"
    }
    for name, variable in tidy.variables.items():
        if variable.dtype.kind == "f":
            encoding.setdefault(name, {})["_FillValue"] = None if not np.isnan(variable.values).any() else np.nan
    buffer = io.BytesIO()
    tidy.to_netcdf(buffer, engine="h5netcdf", encoding=encoding)
    return buffer.getvalue()


def parquet_bytes(table: pa.Table, about: Mapping[str, str]) -> bytes:
    """Return a table as a Parquet file.

    Parameters
    ----------
    table : pyarrow.Table
        Any.
    about : mapping
        What the file says of itself.

    Returns
    -------
    bytes
        The file; the same table gives the same bytes.
    """
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(dict(about)), buffer, compression="zstd", version="2.6")
    return buffer.getvalue()


def write(path: Path, content: bytes | str) -> Path:
    """Write a file.

    Parameters
    ----------
    path : Path
        Where.
    content : bytes or str
        What; text is written as UTF-8.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If the place cannot be written.
    """
    try:
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        raise OutputError(
            f"output: cannot write {path}: {error.strerror}; name a directory that you may write"
        ) from error
    return path
