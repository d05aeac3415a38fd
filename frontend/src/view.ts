/** The globe, or the flat map where there is no WebGL. */

import { say } from "./dom";
import { FlatMap } from "./flat_map";
import type { Events, MapView } from "./map_view";

export async function openView(container: HTMLElement, credits: HTMLElement, events: Events): Promise<MapView> {
  const { Globe, hasWebGl } = await import("./globe");
  const flat = !hasWebGl() || new URLSearchParams(location.search).has("flat");
  if (flat) say("This browser has no WebGL: a flat map is shown. Tables and numbers are the same.");
  const view = flat ? new FlatMap(container, events) : new Globe(container, credits, events);
  document.documentElement.dataset["view"] = view.kind;
  return view;
}
