/** Coasts and borders of Natural Earth (public domain), as lines in degrees. */

import type { MultiLineString } from "geojson";
import { mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlasUrl from "world-atlas/countries-50m.json?url";

let found: Promise<MultiLineString> | null = null;

export function coasts(): Promise<MultiLineString> {
  found ??= fetch(atlasUrl)
    .then((answer) => answer.json() as Promise<Topology<{ countries: GeometryCollection }>>)
    .then((atlas) => mesh(atlas, atlas.objects.countries));
  return found;
}
