/** What the server is asked, and what it answers. */

import type { MultiPolygon } from "geojson";

export interface Change {
  missile?: string;
  launch_areas?: string[];
  lat_deg?: number;
  lon_deg?: number;
  target?: string;
  numbers?: string[];
}

export interface Position {
  id: string;
  name: string;
  country: string;
  lat_deg: number;
  lon_deg: number;
}

export interface StudyEntry {
  id: string;
  kind: "footprint" | "network" | "raid";
  title: string;
  summary: string;
}

export interface Study extends StudyEntry {
  text: string;
  sha256: string;
  site?: Position;
  boresight_deg?: number;
  track_until?: string;
  radar?: string;
  radar_range?: string;
  radar_ranges?: { id: string; title: string }[];
  example?: { missile: string; launch_area: string; target: string };
  threats?: { missile: string; name: string; trajectory: string; launch_areas: Position[] }[];
  places?: Position[];
  sizes?: number[];
  layers?: { id: string; name: string; rounds: number; kill_probability: number }[];
}

export interface PlaceRow {
  place: string;
  name: string;
  threatened: boolean;
  defended: boolean | null;
  fewest_shots: number | null;
  margin_s: number | null;
  binding_constraint: string;
  worst_missile: string | null;
  worst_launch_area: string | null;
}

export interface Footprint {
  study: string;
  detail: "draft" | "full";
  site: { id: string; name: string; lat_deg: number; lon_deg: number };
  radar_range: string;
  /** Shots one after another that a point needs to count as defended. */
  shots: number;
  defended: MultiPolygon | null;
  threatened: MultiPolygon | null;
  places: PlaceRow[];
  constraints: {
    codes: number[][];
    legend: Record<string, { word: string; colour: string; label: string }>;
    south_deg: number;
    north_deg: number;
    west_deg: number;
    east_deg: number;
  };
  defended_fraction?: number;
  defended_area_km2?: number;
  threatened_fraction?: number;
}

export interface Spread {
  draws: number;
  threats: {
    missile: string;
    defended_fraction_p05: number;
    defended_fraction_p95: number;
    places: { place: string; probability_defended: number | null }[];
  }[];
}

export interface Coverage {
  altitude_km: number;
  areas: { radar_range: string; geometry: MultiPolygon | null }[];
}

export interface Moment {
  time_s: number;
  distance_km: number;
  altitude_km: number;
}

export interface Engagement {
  missile: string;
  launch_area: string;
  target: string;
  site: string;
  sentence: string;
  defended: boolean;
  margin_s: number | null;
  shots: number;
  kill_probability: number | null;
  kill_probability_low: number | null;
  kill_probability_high: number | null;
  moments: Record<"burnout" | "apogee" | "detection" | "firm_track" | "lost", Moment | null>;
  first_shot: { launch_s: number; intercept: Moment } | null;
  last_shot: { launch_s: number; intercept: Moment } | null;
  arc: { time_s: number[]; distance_km: number[]; altitude_km: number[]; seen: boolean[] };
  reach: { distance_km: number[]; altitude_km: number[] };
}

export interface Track {
  id: string;
  name: string;
  kind: "missile" | "interceptor";
  fate: string;
  /** Seconds, longitude, latitude, height; one after another. */
  samples: number[];
}

export interface Replay {
  study: string;
  title: string;
  end_s: number;
  notes: string[];
  spots: (Position & { kind: "battery" | "sensor" | "launch_area" | "target" })[];
  volumes: { id: string; name: string; range_km: number; rcs_m2: number; edges: number[][] }[];
  tracks: Track[];
}

export interface RaidPoint {
  size: number;
  runs: number;
  leaked_share: number;
  leaked_share_low: number;
  leaked_share_high: number;
  one_raid_low: number;
  one_raid_high: number;
  no_leaker_probability: number;
  done: number;
  of: number;
}

/** The server refused, and said why in one line. */
export class Refused extends Error {}

async function answer(response: Response): Promise<Response> {
  if (response.ok) return response;
  let why = `the server answered ${response.status}`;
  try {
    why = ((await response.json()) as { error: string }).error;
  } catch {
    // not ours; the status says it
  }
  throw new Refused(why);
}

export async function get<T>(path: string): Promise<T> {
  return (await answer(await fetch(`api/${path}`))).json() as Promise<T>;
}

export async function post<T>(path: string, question: unknown, signal?: AbortSignal): Promise<T> {
  return (await send(path, question, signal)).json() as Promise<T>;
}

export async function file(path: string, question: unknown): Promise<Blob> {
  return (await send(path, question)).blob();
}

async function send(path: string, question: unknown, signal?: AbortSignal): Promise<Response> {
  return answer(
    await fetch(`api/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
      ...(signal ? { signal } : {}),
    }),
  );
}

/** One question under way at a time; of those that come meanwhile only the latest is asked. */
export class Latest<T> {
  private busy = false;
  private waiting: (() => Promise<T>) | null = null;

  constructor(
    private readonly arrived: (found: T) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  ask(question: () => Promise<T>): void {
    this.waiting = question;
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.waiting) {
      const question = this.waiting;
      this.waiting = null;
      try {
        this.arrived(await question());
      } catch (error) {
        this.failed(error);
      }
    }
    this.busy = false;
  }
}
