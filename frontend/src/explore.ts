/** Explore: the globe, the panels beside it, the clock below it. */

import { Latest, file, get, post, type Coverage, type Engagement, type Footprint, type PlaceRow, type Replay, type Spread, type Study, type StudyEntry } from "./api";
import { Clock } from "./clock";
import { choice, h, legendRow, numberField, say, table } from "./dom";
import { change, DOCTRINES, keep as keepState, volleysOf, write, type State } from "./link";
import { COLOURS, type Held } from "./map_view";
import { captioned, csv, refused, shareRow } from "./share";
import { SideView } from "./side_view";
import { openView } from "./view";

const ENDINGS = { czml: "czml", kml: "kml", geojson: "geojson", acmi: "txt.acmi", netcdf: "nc", parquet: "parquet" };
/** Numbers that have a field of their own, with their key, unit and limits. */
const NUMBERS = [
  { key: "study.boresight", label: "Radar faces (degrees from north)", unit: "deg", min: 0, max: 360, step: 1 },
  { key: "interceptor.burnout_speed", label: "Interceptor speed (kilometres per second)", unit: "km/s", min: 1, max: 6, step: 0.1 },
  { key: "battery.commit_delay", label: "Track to launch (seconds)", unit: "s", min: 0, max: 300, step: 1 },
] as const;

/** What counts as defended. */
const NEEDED = [
  { id: "1", name: "one shot" },
  { id: "2", name: "two shots, the second after the first's outcome" },
  { id: "3", name: "three shots, each after the last one's outcome" },
];

/** A draft that comes so soon leaves room to ask for more while something is dragged. */
const QUICK_MS = 250;

const percent = (share: number | null | undefined) => (share === null || share === undefined ? "" : `${Math.round(100 * share)} %`);

/** A hundredth of a degree: nothing here is finer than a town. */
const onRaster = (lat: number, lon: number): [number, number] => [Math.round(lat * 100) / 100, Math.round(lon * 100) / 100];
const degrees = (at: [number, number]) => at.map((value) => value.toFixed(2)).join(", ");
const clock = (time_s: number) => `${Math.floor(time_s / 60)}:${String(Math.floor(time_s % 60)).padStart(2, "0")}`;

export async function explore(main: HTMLElement, state: State, studies: StudyEntry[]): Promise<() => void> {
  const study = await get<Study>(`studies/${state.study}`);
  const isFootprint = study.kind === "footprint";
  if (isFootprint && !state.missile) state.missile = study.example?.missile ?? study.threats?.[0]?.missile ?? null;

  const earth = h("div", { class: "earth", id: "earth" });
  const credits = h("div", { class: "credits" });
  const sentence = h("p", { class: "sentence", id: "sentence", "aria-live": "polite" });
  const side = h("figure", { class: "side", "aria-label": "Side view of one engagement, to scale" });
  const results = h("div", { id: "results" });
  const legend = h("ul", { class: "legend", id: "legend" });
  const panel = h("section", { class: "panel", "aria-label": "What is asked" });
  const notes = h("p", { class: "notes" });
  const times = clockBar();
  main.replaceChildren(
    h(
      "div",
      { class: "explore" },
      panel,
      h("section", { class: "picture", "aria-label": "Map" }, earth, times.bar, credits),
      h("section", { class: "answers", "aria-label": "What comes out" }, sentence, side, legend, results, notes),
    ),
  );

  const events = {
    dragged(held: Held, lat: number, lon: number, done: boolean): void {
      if (!isFootprint) return;
      if (held === "battery") moveTo(onRaster(lat, lon), done);
      else aimAt(onRaster(lat, lon), done);
    },
    picked(lat: number, lon: number): void {
      if (isFootprint) aimAt(onRaster(lat, lon), true);
    },
  };
  const view = await openView(earth, credits, events);
  const sideView = new SideView(side);
  let last: Footprint | null = null;
  let spread: Spread | null = null;
  let waited_ms = 0;
  let looked = isFootprint;

  const drafts = new Latest<Footprint>(showFootprint, refused);
  const replays = new Latest<Replay>(showReplay, refused);
  const points = new Latest<Engagement>(showPoint, refused);
  const coverages = new Latest<Coverage>(showCoverage, refused);

  function keep(): void {
    keepState(state);
  }

  function question(): { study: string; change: ReturnType<typeof change> } {
    return { study: state.study, change: change(state) };
  }

  function moveTo(at: [number, number], done: boolean): void {
    state.at = at;
    view.showHeld("battery", ...at, degrees(at));
    drafts.ask(async () => {
      const asked_ms = performance.now();
      const found = await post<Footprint>("footprint", { ...question(), detail: "draft", shots: state.shots });
      waited_ms = performance.now() - asked_ms;
      return found;
    });
    // Where the server is busy with others, sentence and side view wait until the battery is let go.
    if (waited_ms < QUICK_MS) {
      askWhy();
      askCoverage();
    }
    if (done) {
      keep();
      askAll();
      drawPanel();
    }
  }

  /** The target goes anywhere: sentence, side view and map follow. */
  function aimAt(at: [number, number], done: boolean): void {
    state.point = at;
    view.showHeld("target", ...at, degrees(at));
    askWhy();
    if (done) keep();
  }

  function showTarget(): void {
    const place = study.places!.find((one) => one.id === (state.target ?? study.example!.target));
    if (state.point) view.showHeld("target", ...state.point, degrees(state.point));
    else if (place) view.showHeld("target", place.lat_deg, place.lon_deg, place.name);
  }

  function askCoverage(): void {
    if (state.layer === "radar") coverages.ask(() => post("coverage", { ...question(), altitude_km: state.altitude_km }));
  }

  function askAll(): void {
    if (isFootprint) {
      drafts.ask(() => post("footprint", { ...question(), detail: "full", shots: state.shots }));
      showTarget();
      askWhy();
      askCoverage();
      replays.ask(() => post("replay", question()));
    } else replays.ask(() => post("replay", unmoved()));
  }

  /** The question about a study whose battery stays where it is; a raid's layers may fire otherwise. */
  function unmoved() {
    return { study: state.study, ...(study.kind === "raid" ? { volleys: volleysOf(state) } : {}) };
  }

  function askWhy(): void {
    points.ask(() => post("engagement", pointed()));
  }

  /** The question with the one engagement that the side view shows. */
  function pointed() {
    const at = state.point ? { at_lat_deg: state.point[0], at_lon_deg: state.point[1] } : {};
    const area = state.areas.length === 1 ? { launch_area: state.areas[0] } : {};
    return { ...question(), ...at, ...area };
  }

  function showFootprint(found: Footprint): void {
    last = found;
    spread = null;
    document.documentElement.dataset["footprint"] = found.detail;
    if (state.layer !== "radar") view.showFootprint(found, state.layer);
    if (!(state.at && found.detail === "draft")) view.showHeld("battery", found.site.lat_deg, found.site.lon_deg, found.site.name);
    drawResults(found);
  }

  /** The range that is asked about filled, its rivals as dashed lines. */
  function showCoverage(found: Coverage): void {
    if (state.layer !== "radar") return;
    const chosen = state.numbers["study.radar_range"] ?? study.radar_range!;
    const own = found.areas.filter((one) => one.radar_range === chosen);
    const rivals = found.areas.filter((one) => one.radar_range !== chosen);
    view.showAreas([
      ...rivals.map((one) => ({ area: one.geometry, colour: COLOURS.target, filled: false, dashed: true })),
      ...own.map((one) => ({ area: one.geometry, colour: COLOURS.sensor, filled: true })),
    ]);
    legend.replaceChildren(
      legendRow(COLOURS.sensor, `the radar sees the missile at ${found.altitude_km} km altitude: ${radarTitle(chosen)}`),
      ...(rivals.length > 0 ? [legendRow(COLOURS.target, `the same by other published figures (dashed): ${rivals.map((one) => radarTitle(one.radar_range)).join("; ")}`)] : []),
    );
    document.documentElement.dataset["coverage"] = String(found.areas.length);
  }

  function showReplay(found: Replay): void {
    view.showReplay(found);
    times.setEnd(found.end_s);
    notes.textContent = found.notes.join(" ");
    document.documentElement.dataset["tracks"] = String(found.tracks.length);
    if (!isFootprint) {
      if (!looked) view.lookAt(...around(found.spots));
      looked = true;
      sentence.textContent = `${found.tracks.length} tracks; press Play to watch them.`;
      results.replaceChildren(
        table("What flies", ["Track", "What becomes of it", "Ends after (seconds)"], found.tracks.map((one) => [one.name, one.fate, one.samples[one.samples.length - 4]!.toFixed(0)]), [2]),
      );
    }
  }

  function showPoint(found: Engagement): void {
    sentence.textContent = found.sentence;
    sideView.show(found);
  }

  times.clock.follow((time_s) => {
    view.showTime(time_s);
    sideView.showTime(time_s);
  });

  function drawResults(found: Footprint): void {
    const share = found.defended_fraction;
    const threat = study.threats?.find((one) => one.missile === state.missile);
    const is = found.shots === 1 ? "is defended" : `has time for ${found.shots} shots one after another`;
    const words =
      share === undefined
        ? "Working out the land that is defended …"
        : `${(100 * share).toFixed(1)} % of the land (${found.defended_area_km2!.toLocaleString("en", { maximumFractionDigits: 0 })} km² with the sea) ${is} against the ${threat?.name ?? state.missile} from ${state.areas.length || threat?.launch_areas.length} launch areas, with the radar range “${radarTitle(found.radar_range)}”.`;
    const drawn = spread?.threats[0];
    const rows = found.places.map((row) => [
      row.name,
      row.fewest_shots === null ? "not reached" : row.fewest_shots >= found.shots ? "in" : "out",
      ...(drawn ? [percent(drawn.places.find((one) => one.place === row.place)?.probability_defended)] : []),
      row.fewest_shots === null ? "" : String(row.fewest_shots),
      row.margin_s === null ? "" : row.margin_s.toFixed(0),
      binds(row, found),
    ]);
    results.replaceChildren(
      h("p", { class: "headline", id: "headline" }, words),
      ...sureness(drawn, share !== undefined, found),
      h("p", { class: "notes" }, `In means: there is time for ${found.shots === 1 ? "at least one shot" : `at least ${found.shots} shots, each after the last one's outcome`}, whichever of these areas it comes from. Margin and what binds are those of the first shot. Whether a shot kills is another question.`),
      table("Places", ["Place", "In or out", ...(drawn ? ["In, of the draws"] : []), "Shots", "Margin (seconds)", "What binds"], rows, drawn ? [2, 3, 4] : [2, 3]),
    );
    if (state.layer === "radar") return;
    legend.replaceChildren();
    if (state.layer !== "constraint") return;
    const present = new Set(found.constraints.codes.flat().map(String));
    for (const [code, one] of Object.entries(found.constraints.legend)) {
      if (!present.has(code) || one.word === "not_threatened") continue;
      legend.append(legendRow(one.colour, one.label));
    }
  }

  /** The band of the share once it is drawn; before, where the whole footprint is there, a button that asks for it. */
  function sureness(drawn: Spread["threats"][number] | undefined, whole: boolean, found: Footprint): HTMLElement[] {
    if (drawn) {
      const band = `${percent(drawn.defended_fraction_p05)} to ${percent(drawn.defended_fraction_p95)}`;
      return [h("p", { id: "spread" }, `With the defence's numbers drawn from their ranges ${spread!.draws} times: ${band} of the land in nine draws of ten. The radar range stays as chosen.`)];
    }
    return whole ? [h("button", { type: "button", id: "sure", onclick: () => void howSure(found) }, "How sure is that?")] : [];
  }

  /** Draw the defence some hundred times; an answer that comes when something else is shown is left alone. */
  async function howSure(about: Footprint): Promise<void> {
    const button = results.querySelector<HTMLButtonElement>("#sure");
    if (button) button.disabled = true;
    say("Drawing the defence from its ranges …");
    try {
      const found = await post<Spread>("uncertainty", { ...question(), shots: state.shots });
      say("");
      if (last !== about) return;
      spread = found;
      drawResults(about);
    } catch (error) {
      refused(error);
      if (button) button.disabled = false;
    }
  }

  function binds(row: PlaceRow, { shots, constraints }: Footprint): string {
    if (row.fewest_shots === null || row.fewest_shots >= shots) return "";
    if (row.fewest_shots > 0) return `only ${row.fewest_shots} ${row.fewest_shots === 1 ? "fits" : "fit"}`;
    return Object.values(constraints.legend).find((one) => one.word === row.binding_constraint)?.label ?? "";
  }

  function radarTitle(id: string): string {
    return study.radar_ranges?.find((one) => one.id === id)?.title ?? id;
  }

  function setNumber(key: string, value: string | null): void {
    if (value === null) delete state.numbers[key];
    else state.numbers[key] = value;
    changed();
  }

  function changed(): void {
    keep();
    askAll();
    drawPanel();
  }

  function drawPanel(): void {
    const focused = document.activeElement?.getAttribute("data-key");
    panel.replaceChildren(
      h("h2", {}, "What is asked"),
      choice(
        "Study",
        studies.map((one) => ({ id: one.id, name: `${one.title} (${one.kind})` })),
        state.study,
        (id) => {
          location.hash = write({ ...state, study: id, missile: null, areas: [], at: null, target: null, point: null, numbers: {}, volleys: "", shots: 1 });
        },
      ),
      h("p", { class: "summary" }, study.summary),
      ...(isFootprint ? footprintPanel() : []),
      ...(study.kind === "raid"
        ? [
            choice("Doctrine: at each missile every layer fires", DOCTRINES, state.volleys, (id) => {
              state.volleys = id;
              changed();
            }),
          ]
        : []),
      tools(),
    );
    if (focused) panel.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
  }

  function footprintPanel(): HTMLElement[] {
    const threat = study.threats!.find((one) => one.missile === state.missile) ?? study.threats![0]!;
    const at = state.at ?? [study.site!.lat_deg, study.site!.lon_deg];
    return [
      choice(
        "Missile",
        study.threats!.map((one) => ({ id: one.missile, name: one.trajectory === "cut-off" ? one.name : `${one.name}, ${one.trajectory}` })),
        threat.missile,
        (id) => {
          state.missile = id;
          state.areas = [];
          changed();
        },
      ),
      choice(
        "Launched from",
        [{ id: "", name: "every launch area" }, ...threat.launch_areas.map(({ id, name }) => ({ id, name }))],
        state.areas.length === 1 ? state.areas[0]! : "",
        (id) => {
          state.areas = id ? [id] : [];
          changed();
        },
      ),
      choice(
        "Radar range",
        study.radar_ranges!.map((one) => ({ id: one.id, name: one.title })),
        state.numbers["study.radar_range"] ?? study.radar_range!,
        (id) => setNumber("study.radar_range", id === study.radar_range ? null : id),
      ),
      choice("Doctrine: there must be time for", NEEDED, String(state.shots), (id) => {
        state.shots = Number(id);
        changed();
      }),
      choice(
        "The radar must see the missile",
        [
          { id: "intercept", name: "until it is met" },
          { id: "launch", name: "until the interceptor leaves" },
        ],
        state.numbers["study.track_until"] ?? study.track_until!,
        (id) => setNumber("study.track_until", id === study.track_until ? null : id),
      ),
      ...NUMBERS.map(({ key, label, unit, min, max, step }) => {
        const written = state.numbers[key]?.split(" ")[0];
        return numberField(label, written === undefined ? null : Number(written), { min, max, step }, (value) =>
          setNumber(key, value === null ? null : `${value} ${unit}`),
        );
      }),
      h(
        "fieldset",
        {},
        h("legend", {}, "Battery"),
        h("p", {}, "Drag it on the map, or write where it stands."),
        numberField("Latitude (degrees north)", Number(at[0].toFixed(2)), { min: -90, max: 90, step: 0.01 }, (value) => moveTo([value ?? at[0], at[1]], true)),
        numberField("Longitude (degrees east)", Number(at[1].toFixed(2)), { min: -180, max: 180, step: 0.01 }, (value) => moveTo([at[0], value ?? at[1]], true)),
        h("button", { type: "button", disabled: !state.at, onclick: () => ((state.at = null), changed()) }, "Back to its place"),
      ),
      choice(
        "Why here or not",
        [{ id: "", name: "the study's example" }, ...study.places!.map(({ id, name }) => ({ id, name }))],
        state.target ?? "",
        (id) => {
          state.target = id || null;
          state.point = null;
          changed();
        },
      ),
      choice(
        "Map shows",
        [
          { id: "defended", name: "what is defended" },
          { id: "constraint", name: "what binds where" },
          { id: "radar", name: "what the radar sees at an altitude" },
        ],
        state.layer,
        (id) => {
          state.layer = id;
          keep();
          if (last) showFootprint(last);
          askCoverage();
          drawPanel();
        },
      ),
      ...(state.layer === "radar"
        ? [
            numberField("Altitude (kilometres)", state.altitude_km, { min: 1, max: 2000, step: 1 }, (value) => {
              state.altitude_km = value ?? state.altitude_km;
              keep();
              askCoverage();
            }),
          ]
        : []),
    ];
  }

  function tools(): HTMLElement {
    const places = () => (last ? csv(["place", "name", "threatened", "defended", "margin_s", "binding_constraint"], last.places) : null);
    return shareRow(() => `study “${study.id}” (SHA-256 ${study.sha256.slice(0, 12)})`, [
      ...Object.entries(ENDINGS).map(([format, ending]) => ({
        label: format,
        name: `${study.id}.${ending}`,
        content: () => file("export", { ...(isFootprint ? { ...question(), shots: state.shots } : unmoved()), format }),
      })),
      { label: "study YAML", name: `${study.id}.yaml`, content: () => file("study-file", isFootprint ? pointed() : unmoved()) },
      ...(isFootprint ? [{ label: "places CSV", name: `${study.id}-places.csv`, content: places }] : []),
      { label: "picture PNG", name: `${study.id}.png`, content: picture },
    ]);
  }

  async function picture(): Promise<Blob | null> {
    const found = await view.picture();
    const colours = [...legend.children].map((row) => ({ colour: row.querySelector<HTMLElement>(".swatch")!.style.background, words: row.textContent ?? "" }));
    const words = results.querySelector("#headline")?.textContent ?? "";
    const source = `Equipoise, study “${study.id}”, ${location.hash || "#/"}; coasts and imagery: Natural Earth`;
    const whole = captioned(found, [words, ...colours, source]);
    return new Promise((resolve) => whole.toBlob(resolve));
  }

  drawPanel();
  if (isFootprint) {
    const at = state.at ?? [study.site!.lat_deg, study.site!.lon_deg];
    view.showHeld("battery", ...(at as [number, number]), study.site!.name);
    view.lookAt(at[0]! + 1, at[1]!, 1500);
  }
  askAll();
  return () => {
    times.clock.play(false);
    sideView.destroy();
    view.destroy();
  };
}

/** The middle of some places and the width of what holds them: latitude, longitude, kilometres. */
function around(places: { lat_deg: number; lon_deg: number }[]): [number, number, number] {
  const radians = Math.PI / 180;
  const there = places.map(({ lat_deg, lon_deg }) => {
    const [lat, lon] = [lat_deg * radians, lon_deg * radians];
    return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)] as [number, number, number];
  });
  // Bădoiu and Clarkson: step towards the farthest, less each time.
  let middle = there[0]!;
  let reach = 0;
  for (let step = 1; step <= 200; step++) {
    const cosines = there.map((one) => one[0] * middle[0] + one[1] * middle[1] + one[2] * middle[2]);
    const least = Math.min(...cosines);
    const far = there[cosines.indexOf(least)]!;
    reach = Math.acos(Math.max(-1, Math.min(1, least)));
    const moved = middle.map((value, i) => value + (far[i]! - value) / (step + 1)) as typeof middle;
    const length = Math.max(Math.hypot(...moved), 1e-9);
    middle = moved.map((value) => value / length) as typeof middle;
  }
  const [x, y, z] = middle;
  return [Math.asin(z) / radians, Math.atan2(y, x) / radians, Math.min(Math.max(2.6 * reach * 6371, 800), 14_000)];
}

/** Play, pause, speed and time. */
function clockBar(): { bar: HTMLElement; clock: Clock; setEnd: (end_s: number) => void } {
  const time = new Clock();
  const slider = h("input", {
    type: "range",
    min: 0,
    max: 1000,
    value: 0,
    "aria-label": "Time since the first launch",
    oninput: () => time.set((slider.valueAsNumber / 1000) * time.end_s),
  });
  const button = h("button", { type: "button", id: "play", onclick: () => time.play(!time.playing) }, "Play");
  const shown = h("output", {}, "0:00");
  const speed = h(
    "select",
    { "aria-label": "Speed", onchange: () => (time.speed = Number(speed.value)) },
    ...[1, 5, 20, 60, 200].map((one) => h("option", { value: one, selected: one === time.speed }, `${one}×`)),
  );
  time.follow((time_s) => {
    slider.value = String((1000 * time_s) / time.end_s);
    slider.setAttribute("aria-valuetext", `${clock(time_s)} of ${clock(time.end_s)}`);
    shown.textContent = `${clock(time_s)} / ${clock(time.end_s)}`;
    button.textContent = time.playing ? "Pause" : "Play";
    document.documentElement.dataset["time"] = time_s.toFixed(1);
  });
  return {
    bar: h("div", { class: "clock row" }, button, slider, shown, speed),
    clock: time,
    setEnd: (end_s) => {
      time.end_s = Math.max(end_s, 1);
      time.set(Math.min(time.time_s, end_s));
    },
  };
}
