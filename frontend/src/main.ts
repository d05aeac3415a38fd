/** Pages, the address, and the first visit. */

import { Refused, get, type StudyEntry } from "./api";
import { h, say } from "./dom";
import { PAGES, read, write, type State } from "./link";
import "./style.css";

const TITLES: Record<(typeof PAGES)[number], string> = {
  explore: "Explore",
  "flight-test": "Flight test",
  raid: "Raid",
  claims: "Claims",
  validation: "Validation",
  sources: "Sources",
  runs: "Runs",
};
const STEPS = [
  ["The picture", "The blue dot is the battery. Orange lines are missiles, blue lines its interceptors; the blue area is what it defends."],
  ["Move it", "Drag the battery, or write its place on the left. The area follows while you drag."],
  ["Ask why", "Click any place: one sentence says why it is or is not defended, and the side view shows it to scale."],
  ["Doubt it", "Choose another published radar range, another missile, another number. Every number has a source: see Sources."],
  ["Take it with you", "The address holds all you changed. Copy the link, or download data and pictures."],
];

const main = document.getElementById("main")!;
const nav = document.getElementById("nav")!;
let leave: () => void = () => undefined;
let turn = 0;

async function open(state: State, studies: StudyEntry[]): Promise<() => void> {
  switch (state.page) {
    case "flight-test":
      return (await import("./flight_test_page")).flightTest(main, state);
    case "raid":
      return (await import("./raid_page")).raid(main, studies, state);
    case "claims":
      return (await import("./claims_page")).claims(main, state);
    case "validation":
      return (await import("./tables_page")).validation(main);
    case "sources":
      return (await import("./tables_page")).sources(main, state);
    case "runs":
      return (await import("./tables_page")).runs(main);
    default:
      return (await import("./explore")).explore(main, state, studies);
  }
}

async function show(): Promise<void> {
  const mine = ++turn;
  leave();
  leave = () => undefined;
  const state = read(location.hash);
  nav.replaceChildren(
    ...PAGES.map((page) => h("a", { href: page === "explore" && state.page === "explore" ? write(state) : `#/${page}`, "aria-current": page === state.page ? "page" : null }, TITLES[page])),
  );
  document.title = `${TITLES[state.page as (typeof PAGES)[number]]} · Equipoise`;
  main.replaceChildren(h("p", { class: "page" }, "Loading …"));
  say("");
  try {
    const studies = await get<StudyEntry[]>("studies");
    const opened = await open(state, studies);
    if (mine === turn) leave = opened;
    else opened();
    document.documentElement.dataset["page"] = state.page;
  } catch (error) {
    const why = error instanceof Refused ? error.message : String(error);
    main.replaceChildren(h("div", { class: "page" }, h("h1", {}, "This cannot be shown"), h("p", {}, why), h("p", {}, h("a", { href: "#/explore" }, "Back to the start"))));
  }
}

function guide(): void {
  const dialog = h(
    "dialog",
    { "aria-label": "Five steps" },
    h("h2", {}, "Five steps"),
    h("ol", {}, ...STEPS.map(([name, words]) => h("li", {}, h("strong", {}, `${name}. `), words!))),
    h("form", { method: "dialog" }, h("button", { autofocus: true }, "Start")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.getElementById("tools")!.append(h("button", { type: "button", onclick: guide }, "Guide"));
addEventListener("hashchange", () => void show());
void show();
try {
  if (!localStorage.getItem("equipoise-seen")) {
    localStorage.setItem("equipoise-seen", "yes");
    guide();
  }
} catch {
  // no storage: no guide unasked
}
