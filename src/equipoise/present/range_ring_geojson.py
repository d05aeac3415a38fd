"""The ring of longest ranges as GeoJSON (RFC 7946), for any mapping program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise._version import __version__
from equipoise.present.exports import DECIMALS, area_geometry, feature
from equipoise.present.range_ring import CENTRAL, HIGH, LOW, band, reached, whole_earth

if TYPE_CHECKING:
    from equipoise.analysis.flight_test_results import FlightTest

_ROWS = (("low", LOW), ("central", CENTRAL), ("high", HIGH))


def range_ring_geojson(test: FlightTest, *, about: Mapping[str, Any] | None = None) -> str:
    """Write what the calibrated missile reaches over the turning Earth.

    Parameters
    ----------
    test : FlightTest
        The result.
    about : mapping, optional
        What else the file says of itself.

    Returns
    -------
    str
        One FeatureCollection: what lies within the low, the central and the high ring (``kind: within_range``), what
        lies between low and high (``kind: band``), and the launch point. Areas are cut at 180 degrees; one that holds a
        pole runs along the edge of the map there.
    """
    launch = test.report.launch
    areas = {name: reached(test, row) for name, row in _ROWS}
    features = []
    for name, row in _ROWS:
        range_m = test.ring.range_m[row]
        properties = {
            "kind": "within_range",
            "boost": name,
            "missile": test.calibrated.missile_id,
            "whole_earth": whole_earth(test.ring, launch, row),
            "shortest_range_km": round(float(np.nanmin(range_m)) / 1e3, 1),
            "longest_range_km": round(float(np.nanmax(range_m)) / 1e3, 1),
        }
        features.append(feature(f"within_range/{name}", area_geometry(areas[name]), properties))
    between = band(areas["low"], areas["central"], areas["high"])
    features.append(feature("band", area_geometry(between), {"kind": "band", "missile": test.calibrated.missile_id}))
    point = {"type": "Point", "coordinates": [round(launch.lon_deg, DECIMALS), round(launch.lat_deg, DECIMALS)]}
    features.append(feature("launch", point, {"kind": "launch", "assumed": test.report.launch_assumed}))
    document = {
        "type": "FeatureCollection",
        "generator": f"Equipoise {__version__}",
        "report": test.report.label,
        **(dict(about) if about else {}),
        "features": features,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
