/** The globe, or the flat map where there is no WebGL. */

import { h, say } from "./dom";
import { FlatMap } from "./flat_map";
import type { Events, MapView } from "./map_view";

export async function openView(container: HTMLElement, credits: HTMLElement, events: Events): Promise<MapView> {
  const { Globe, hasWebGl } = await import("./globe");
  const missing = !hasWebGl();
  const flat = missing || new URLSearchParams(location.search).has("flat");
  if (missing) say("This browser has no WebGL: a flat map is shown. Tables and numbers are the same.");
  const view = flat ? new FlatMap(container, events) : new Globe(container, credits, events);
  document.documentElement.dataset["view"] = view.kind;
  steer(container, view);
  return view;
}

/** A fifth of what is seen, at a press of a key. */
const STEP = 0.2;
const CLOSER = 0.7;

/** Move and zoom without a mouse. */
function steer(container: HTMLElement, view: MapView): void {
  const keys: Record<string, () => void> = {
    ArrowLeft: () => view.move(-STEP, 0),
    ArrowRight: () => view.move(STEP, 0),
    ArrowUp: () => view.move(0, STEP),
    ArrowDown: () => view.move(0, -STEP),
    "+": () => view.recede(CLOSER),
    "=": () => view.recede(CLOSER),
    "-": () => view.recede(1 / CLOSER),
  };
  container.tabIndex = 0;
  container.setAttribute("role", "application");
  container.setAttribute("aria-label", "Map: arrow keys move it, plus and minus come closer and go farther");
  container.addEventListener("keydown", (event) => {
    const turn = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys[event.key];
    if (!turn) return;
    event.preventDefault();
    turn();
  });
  container.append(
    h(
      "div",
      { class: "zoom" },
      h("button", { type: "button", "aria-label": "Closer", onclick: keys["+"]! }, "+"),
      h("button", { type: "button", "aria-label": "Farther", onclick: keys["-"]! }, "−"),
    ),
  );
}
