/** The address holds the page, the study and every change, so that a link shows the same anywhere. */

import type { Change } from "./api";

export interface Flight {
  apogee_km: number;
  range_km: number;
  time_s: number | null;
  missile: string | null;
}

export interface State {
  page: string;
  study: string;
  missile: string | null;
  areas: string[];
  at: [number, number] | null;
  target: string | null;
  point: [number, number] | null;
  layer: string;
  altitude_km: number;
  numbers: Record<string, string>;
  runs: number;
  /** Shots of each volley of every layer of a raid; empty for the study's own. */
  volleys: string;
  /** Shots one after another that must fit for a place to count as defended. */
  shots: number;
  flight: Flight | null;
  /** The claim, or the catalogue's record, that is open. */
  id: string | null;
}

export const PAGES = ["explore", "flight-test", "raid", "claims", "validation", "sources", "runs"] as const;
export const LAYERS = ["defended", "constraint", "radar"];
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
const KEY = /^[a-z0-9_.-]{1,64}$/;
const VALUE = /^[A-Za-z0-9_.+/ -]{1,64}$/;
const VOLLEYS = /^[1-8](,[1-8]){0,3}$/;
const ALTITUDE_KM = 100;
const RUNS = 1000;

/** Read an address; whatever is not understood is left out. */
export function read(hash: string): State {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const parameters = new URLSearchParams(query);
  const id = (name: string) => {
    const value = parameters.get(name);
    return value !== null && ID.test(value) ? value : null;
  };
  const number = (name: string, low: number, high: number) => {
    const text = parameters.get(name);
    const value = text === null || text.trim() === "" ? NaN : Number(text);
    return value >= low && value <= high ? value : null;
  };
  const numbers: Record<string, string> = {};
  for (const one of parameters.getAll("set").slice(0, 8)) {
    const [key = "", value = ""] = one.split("=", 2);
    if (KEY.test(key) && VALUE.test(value)) numbers[key] = value;
  }
  const layer = parameters.get("layer");
  const apogee_km = number("apogee", 1, 20_000);
  const range_km = number("range", 1, 20_000);
  return {
    page: (PAGES as readonly string[]).includes(path) ? path : "explore",
    study: id("study") ?? "seongju",
    missile: id("missile"),
    areas: (parameters.get("areas") ?? "").split(",").filter((one) => ID.test(one)).slice(0, 20),
    at: pair(parameters.get("at")),
    target: id("target"),
    point: pair(parameters.get("point")),
    layer: layer !== null && LAYERS.includes(layer) ? layer : "defended",
    altitude_km: number("altitude", 1, 2000) ?? ALTITUDE_KM,
    numbers,
    runs: Math.round(number("runs", 100, 20_000) ?? RUNS),
    shots: Math.round(number("shots", 1, 3) ?? 1),
    volleys: VOLLEYS.test(parameters.get("volleys") ?? "") ? parameters.get("volleys")! : "",
    flight: path !== "flight-test" || apogee_km === null || range_km === null ? null : { apogee_km, range_km, time_s: number("time", 1, 20_000), missile: id("missile") },
    id: id("id"),
  };
}

function pair(text: string | null): [number, number] | null {
  const [lat, lon, ...more] = (text ?? "").split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (lat === undefined || lon === undefined || more.length > 0) return null;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lat, lon] : null;
}

/** Write an address. */
export function write(state: State): string {
  const parts: string[] = [];
  const put = (name: string, value: string | null) => {
    if (value) parts.push(`${name}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3D", "=")}`);
  };
  put("study", state.study === "seongju" ? null : state.study);
  put("missile", state.flight ? state.flight.missile : state.missile);
  put("areas", state.areas.join(","));
  put("at", state.at && state.at.map((value) => value.toFixed(2)).join(","));
  put("target", state.target);
  put("point", state.point && state.point.map((value) => value.toFixed(2)).join(","));
  put("layer", state.layer === "defended" ? null : state.layer);
  put("altitude", state.altitude_km === ALTITUDE_KM ? null : String(state.altitude_km));
  for (const [key, value] of Object.entries(state.numbers)) put("set", `${key}=${value}`);
  put("runs", state.runs === RUNS ? null : String(state.runs));
  put("volleys", state.volleys);
  put("shots", state.shots === 1 ? null : String(state.shots));
  if (state.flight) {
    put("apogee", String(state.flight.apogee_km));
    put("range", String(state.flight.range_km));
    put("time", state.flight.time_s === null ? null : String(state.flight.time_s));
  }
  put("id", state.id);
  return `#/${state.page}${parts.length ? `?${parts.join("&")}` : ""}`;
}

/** What every layer of a raid fires at each missile. */
export const DOCTRINES = [
  { id: "", name: "as the study has it" },
  { id: "1", name: "one shot" },
  { id: "2", name: "two shots together" },
  { id: "1,1", name: "one, and after its miss one more" },
  { id: "2,2", name: "two, and after their miss two more" },
];

/** The shots of each volley, as the server takes them. */
export function volleysOf(state: State): number[] {
  return state.volleys.split(",").filter(Boolean).map(Number);
}

/** A page as it is without any change. */
export function plainly(page: string): State {
  return read(`#/${page}`);
}

/** Put a state into the address without leaving the page. */
export function keep(state: State): void {
  history.replaceState(null, "", write(state));
}

/** The numbers that are changed, as the server takes them. */
export function written(numbers: State["numbers"]): string[] {
  return Object.entries(numbers).map(([key, value]) => `${key}=${value}`);
}

/** What the state changes of its study, as the server takes it. */
export function change(state: State): Change {
  return {
    ...(state.missile ? { missile: state.missile } : {}),
    ...(state.missile && state.areas.length ? { launch_areas: state.areas } : {}),
    ...(state.at ? { lat_deg: state.at[0], lon_deg: state.at[1] } : {}),
    ...(state.target ? { target: state.target } : {}),
    numbers: written(state.numbers),
  };
}
