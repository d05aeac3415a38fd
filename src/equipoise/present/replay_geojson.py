"""A replay as GeoJSON: tracks with their heights, spots, the edges of radar volumes, footprints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from equipoise._version import __version__
from equipoise.analysis.replay import Replay
from equipoise.arrays import FloatArray
from equipoise.present.exports import area_geometry, feature
from equipoise.present.replay_shapes import DEGREE_DIGITS, Area, degrees_metres, parted, spot_degrees, volume_edges


def replay_geojson(replay: Replay, areas: Sequence[Area]) -> str:
    """Write a replay as GeoJSON (RFC 7946).

    Parameters
    ----------
    replay : Replay
        What moves and stands.
    areas : sequence of Area
        Footprints.

    Returns
    -------
    str
        One FeatureCollection. A track is a line with heights, parted where it crosses 180 degrees; ``times_s`` holds
        the time of each of its points, in the same nesting.
    """
    features = [feature(area.id, area_geometry(area.polygons), {"kind": "area", **area.properties}) for area in areas]
    for volume in replay.volumes:
        properties = {
            "kind": "volume",
            "spot": volume.spot,
            "name": volume.name,
            "range_km": round(volume.range_m / 1e3, 1),
            "rcs_m2": volume.rcs_m2,
        }
        edges = [piece for edge in volume_edges(replay, volume) for piece in parted(edge)]
        features.append(feature(f"volume/{volume.id}", _lines(edges), properties))
    for spot in replay.spots:
        point = {"type": "Point", "coordinates": list(spot_degrees(spot))}
        features.append(
            feature(f"{spot.kind}/{spot.id}", point, {"kind": spot.kind, "name": spot.name, "country": spot.country})
        )
    for track in replay.tracks:
        pieces = parted(np.column_stack([degrees_metres(track), np.round(track.time_s, 3)]))
        times = [piece[:, 3].tolist() for piece in pieces]
        properties = {
            "kind": track.kind,
            "name": track.name,
            "from": track.start,
            "to": track.end,
            "fate": track.fate,
            "times_s": times[0] if len(times) == 1 else times,
        }
        features.append(feature(f"{track.kind}/{track.id}", _lines([piece[:, :3] for piece in pieces]), properties))
    document = {
        "type": "FeatureCollection",
        "generator": f"Equipoise {__version__}",
        "study": replay.study,
        "title": replay.title,
        "notes": list(replay.notes),
        "features": features,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _lines(pieces: Sequence[FloatArray]) -> dict[str, Any]:
    """Return one line, or several."""
    rounded = [
        [[round(lon, DEGREE_DIGITS), round(lat, DEGREE_DIGITS), round(height)] for lon, lat, height in piece.tolist()]
        for piece in pieces
    ]
    if len(rounded) == 1:
        return {"type": "LineString", "coordinates": rounded[0]}
    return {"type": "MultiLineString", "coordinates": rounded}
