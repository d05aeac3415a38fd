/** The address holds the study and every change, so that a link shows the same anywhere. */

import type { Change } from "./api";

export interface State {
  page: string;
  study: string;
  missile: string | null;
  areas: string[];
  at: [number, number] | null;
  target: string | null;
  point: [number, number] | null;
  layer: string;
  numbers: Record<string, string>;
}

export const PAGES = ["explore", "flight-test", "raid", "claims", "validation", "sources"] as const;
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
const KEY = /^[a-z0-9_.-]{1,64}$/;
const VALUE = /^[A-Za-z0-9_.+/ -]{1,64}$/;
const LAYERS = ["defended", "constraint"];

/** Read an address; whatever is not understood is left out. */
export function read(hash: string): State {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const parameters = new URLSearchParams(query);
  const id = (name: string) => {
    const value = parameters.get(name);
    return value !== null && ID.test(value) ? value : null;
  };
  const numbers: Record<string, string> = {};
  for (const one of parameters.getAll("set").slice(0, 8)) {
    const [key = "", value = ""] = one.split("=", 2);
    if (KEY.test(key) && VALUE.test(value)) numbers[key] = value;
  }
  const layer = parameters.get("layer");
  return {
    page: (PAGES as readonly string[]).includes(path) ? path : "explore",
    study: id("study") ?? "seongju",
    missile: id("missile"),
    areas: (parameters.get("areas") ?? "").split(",").filter((one) => ID.test(one)).slice(0, 20),
    at: pair(parameters.get("at")),
    target: id("target"),
    point: pair(parameters.get("point")),
    layer: layer !== null && LAYERS.includes(layer) ? layer : "defended",
    numbers,
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
  put("missile", state.missile);
  put("areas", state.areas.join(","));
  put("at", state.at && state.at.map((value) => value.toFixed(2)).join(","));
  put("target", state.target);
  put("point", state.point && state.point.map((value) => value.toFixed(2)).join(","));
  put("layer", state.layer === "defended" ? null : state.layer);
  for (const [key, value] of Object.entries(state.numbers)) put("set", `${key}=${value}`);
  return `#/${state.page}${parts.length ? `?${parts.join("&")}` : ""}`;
}

/** What the state changes of its study, as the server takes it. */
export function change(state: State): Change {
  return {
    ...(state.missile ? { missile: state.missile } : {}),
    ...(state.missile && state.areas.length ? { launch_areas: state.areas } : {}),
    ...(state.at ? { lat_deg: state.at[0], lon_deg: state.at[1] } : {}),
    ...(state.target ? { target: state.target } : {}),
    numbers: Object.entries(state.numbers).map(([key, value]) => `${key}=${value}`),
  };
}
