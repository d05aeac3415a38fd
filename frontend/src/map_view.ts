/** What both pictures of the Earth can do: the globe, and the flat map where there is no WebGL. */

import type { MultiPolygon } from "geojson";
import type { Footprint, Replay } from "./api";

/** What can be taken hold of. */
export type Held = "battery" | "target";

export interface Events {
  dragged(held: Held, lat_deg: number, lon_deg: number, done: boolean): void;
  picked(lat_deg: number, lon_deg: number): void;
}

/** An area with its colour; filled, or its edge alone. */
export interface Area {
  area: MultiPolygon | null;
  colour: string;
  filled: boolean;
  dashed?: boolean;
}

export interface MapView {
  readonly kind: "globe" | "flat map";
  showFootprint(found: Footprint, layer: string): void;
  showReplay(found: Replay): void;
  showAreas(areas: Area[]): void;
  showHeld(held: Held, lat_deg: number, lon_deg: number, name: string): void;
  showTime(time_s: number): void;
  lookAt(lat_deg: number, lon_deg: number, span_km: number): void;
  /** Move what is looked at, in shares of what is seen. */
  move(east: number, north: number): void;
  /** Look from a distance of so many times the one now. */
  recede(times: number): void;
  picture(): Promise<HTMLCanvasElement>;
  destroy(): void;
}

/** By role, the same for every country; Okabe and Ito's palette. */
export const COLOURS = {
  missile: "#d55e00",
  interceptor: "#0072b2",
  battery: "#0072b2",
  sensor: "#009e73",
  launch_area: "#d55e00",
  target: "#222629",
  volume: "#009e73",
  defended: "#0072b2",
  threatened: "#8a8f94",
} as const;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What of a picture is taken, so that no name covers another or a spot. */
export class Room {
  private readonly taken: Box[] = [];

  take(box: Box): void {
    this.taken.push(box);
  }

  /** Take a box if it is free. */
  tries(box: Box): boolean {
    const covers = (other: Box) =>
      box.x < other.x + other.width && other.x < box.x + box.width && box.y < other.y + other.height && other.y < box.y + box.height;
    if (this.taken.some(covers)) return false;
    this.take(box);
    return true;
  }
}

/** Where a track is at a time: longitude, latitude, height; null before and after. */
export function positionAt(samples: number[], time_s: number): [number, number, number] | null {
  const last = samples.length / 4 - 1;
  if (time_s < samples[0]! || time_s > samples[4 * last]!) return null;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (samples[4 * middle]! <= time_s) low = middle;
    else high = middle;
  }
  const a = 4 * low;
  const b = 4 * high;
  const span = samples[b]! - samples[a]!;
  const share = span > 0 ? (time_s - samples[a]!) / span : 0;
  let turn = samples[b + 1]! - samples[a + 1]!;
  if (Math.abs(turn) > 180) turn -= Math.sign(turn) * 360;
  return [
    ((samples[a + 1]! + share * turn + 540) % 360) - 180,
    samples[a + 2]! + share * (samples[b + 2]! - samples[a + 2]!),
    samples[a + 3]! + share * (samples[b + 3]! - samples[a + 3]!),
  ];
}
