/** Explore: the globe, the panels beside it, the clock below it. */

import { Latest, Refused, file, get, post, type Engagement, type Footprint, type Replay, type Study, type StudyEntry } from "./api";
import { Clock } from "./clock";
import { choice, download, h, numberField, say, table } from "./dom";
import { change, write, type State } from "./link";
import { SideView } from "./side_view";
import { openView } from "./view";

const FORMATS = ["czml", "kml", "geojson", "acmi", "netcdf", "parquet"] as const;
const ENDINGS = { czml: "czml", kml: "kml", geojson: "geojson", acmi: "txt.acmi", netcdf: "nc", parquet: "parquet" };
/** Numbers that have a field of their own, with their key, unit and limits. */
const NUMBERS = [
  { key: "study.boresight", label: "Radar faces (° from north)", unit: "deg", min: 0, max: 360, step: 1 },
  { key: "interceptor.burnout_speed", label: "Interceptor speed (km/s)", unit: "km/s", min: 1, max: 6, step: 0.1 },
  { key: "battery.commit_delay", label: "Track to launch (s)", unit: "s", min: 0, max: 300, step: 1 },
] as const;

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
    dragged(lat: number, lon: number, done: boolean): void {
      if (!isFootprint) return;
      moveTo([Math.round(lat * 100) / 100, Math.round(lon * 100) / 100], done);
    },
    picked(lat: number, lon: number): void {
      if (!isFootprint) return;
      state.point = [Math.round(lat * 100) / 100, Math.round(lon * 100) / 100];
      keep();
      askWhy();
    },
  };
  const view = await openView(earth, credits, events);
  const sideView = new SideView(side);
  let last: Footprint | null = null;

  function refused(error: unknown): void {
    say(error instanceof Refused ? error.message : `The server did not answer (${String(error)}).`);
  }
  const drafts = new Latest<Footprint>(showFootprint, refused);
  const replays = new Latest<Replay>(showReplay, refused);
  const points = new Latest<Engagement>(showPoint, refused);

  function keep(): void {
    history.replaceState(null, "", write(state));
  }

  function question(): { study: string; change: ReturnType<typeof change> } {
    return { study: state.study, change: change(state) };
  }

  function moveTo(at: [number, number], done: boolean): void {
    state.at = at;
    view.showBattery(...at, `${at[0].toFixed(2)}, ${at[1].toFixed(2)}`);
    drafts.ask(() => post("footprint", { ...question(), detail: "draft" }));
    if (done) {
      keep();
      askAll();
      drawPanel();
    }
  }

  function askAll(): void {
    if (isFootprint) {
      drafts.ask(() => post("footprint", { ...question(), detail: "full" }));
      askWhy();
      replays.ask(() => post("replay", question()));
    } else replays.ask(() => post("replay", { study: state.study }));
  }

  function askWhy(): void {
    const at = state.point ? { at_lat_deg: state.point[0], at_lon_deg: state.point[1] } : {};
    const area = state.areas.length === 1 ? { launch_area: state.areas[0] } : {};
    points.ask(() => post("engagement", { ...question(), ...at, ...area }));
  }

  function showFootprint(found: Footprint): void {
    last = found;
    document.documentElement.dataset["footprint"] = found.detail;
    view.showFootprint(found, state.layer);
    if (!(state.at && found.detail === "draft")) view.showBattery(found.site.lat_deg, found.site.lon_deg, found.site.name);
    drawResults(found);
  }

  function showReplay(found: Replay): void {
    view.showReplay(found);
    times.setEnd(found.end_s);
    notes.textContent = found.notes.join(" ");
    document.documentElement.dataset["tracks"] = String(found.tracks.length);
    if (!isFootprint) {
      sentence.textContent = `${found.tracks.length} tracks; press Play to watch them.`;
      results.replaceChildren(
        table("What flies", ["Track", "What becomes of it", "Ends after (s)"], found.tracks.map((one) => [one.name, one.fate, one.samples[one.samples.length - 4]!.toFixed(0)]), [2]),
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
    const words =
      share === undefined
        ? "Working out the land that is defended …"
        : `${(100 * share).toFixed(1)} % of the land (${found.defended_area_km2!.toLocaleString("en", { maximumFractionDigits: 0 })} km² with the sea) is defended against the ${threat?.name ?? state.missile} from ${state.areas.length || threat?.launch_areas.length} launch areas, with the radar range “${radarTitle(found.radar_range)}”.`;
    const rows = found.places.map((row) => [
      row.name,
      row.defended === null ? "not reached" : row.defended ? "in" : "out",
      row.margin_s === null ? "" : row.margin_s.toFixed(0),
      row.defended === false ? (Object.values(found.constraints.legend).find((one) => one.word === row.binding_constraint)?.label ?? "") : "",
    ]);
    results.replaceChildren(
      h("p", { class: "headline", id: "headline" }, words),
      h("p", { class: "notes" }, "Defended means: at least one shot is possible, whichever of these areas it comes from. Whether a shot kills is another question."),
      table("Places", ["Place", "Defended", "Margin (s)", "What binds"], rows, [2]),
    );
    legend.replaceChildren();
    if (state.layer !== "constraint") return;
    const present = new Set(found.constraints.codes.flat().map(String));
    for (const [code, one] of Object.entries(found.constraints.legend)) {
      if (!present.has(code) || one.word === "not_threatened") continue;
      const swatch = h("span", { class: "swatch" });
      swatch.style.background = one.colour;
      legend.append(h("li", {}, swatch, one.label));
    }
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
          location.hash = write({ ...state, study: id, missile: null, areas: [], at: null, target: null, point: null, numbers: {} });
        },
      ),
      h("p", { class: "summary" }, study.summary),
      ...(isFootprint ? footprintPanel() : []),
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
        numberField("Latitude", Number(at[0].toFixed(2)), { min: -90, max: 90, step: 0.01 }, (value) => moveTo([value ?? at[0], at[1]], true)),
        numberField("Longitude", Number(at[1].toFixed(2)), { min: -180, max: 180, step: 0.01 }, (value) => moveTo([at[0], value ?? at[1]], true)),
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
        ],
        state.layer,
        (id) => {
          state.layer = id;
          keep();
          if (last) showFootprint(last);
        },
      ),
    ];
  }

  function tools(): HTMLElement {
    const format = h("select", { "aria-label": "Format" }, ...FORMATS.map((one) => h("option", { value: one }, one)), h("option", { value: "yaml" }, "study YAML"), h("option", { value: "csv" }, "places CSV"), h("option", { value: "png" }, "picture PNG"));
    return h(
      "div",
      { class: "row" },
      h("button", { type: "button", onclick: () => void copyLink() }, "Copy link"),
      h("span", { class: "row" }, format, h("button", { type: "button", onclick: () => void save(format.value) }, "Download")),
      h("button", { type: "button", onclick: cite }, "Cite"),
    );
  }

  async function copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(location.href);
      say("Link copied.");
    } catch {
      say(location.href);
    }
  }

  function cite(): void {
    say(`Equipoise, study “${study.id}” (SHA-256 ${study.sha256.slice(0, 12)}), ${location.href}, read ${new Date().toISOString().slice(0, 10)}.`);
  }

  async function save(format: string): Promise<void> {
    try {
      if (format === "yaml") download(`${study.id}.yaml`, new Blob([study.text]));
      else if (format === "csv") {
        const quoted = (text: string | number | null) => `"${String(text ?? "").replaceAll('"', '""')}"`;
        const lines = (last?.places ?? []).map((row) => [row.place, row.name, row.threatened, row.defended, row.margin_s, row.binding_constraint].map((one) => quoted(one as string)).join(","));
        download(`${study.id}-places.csv`, new Blob(["place,name,threatened,defended,margin_s,binding_constraint\n", lines.join("\n"), "\n"]));
      } else if (format === "png") await savePicture();
      else download(`${study.id}.${ENDINGS[format as keyof typeof ENDINGS]}`, await file("export", { ...(isFootprint ? question() : { study: state.study }), format }));
    } catch (error) {
      refused(error);
    }
  }

  async function savePicture(): Promise<void> {
    const found = await view.picture();
    if (!found) return say("A picture needs the globe.");
    const pen = found.getContext("2d")!;
    pen.font = "14px sans-serif";
    pen.fillStyle = "rgba(0,0,0,0.7)";
    pen.fillRect(0, found.height - 24, found.width, 24);
    pen.fillStyle = "white";
    pen.fillText(`Equipoise, study ${study.id}; coasts and imagery: Natural Earth`, 8, found.height - 7);
    found.toBlob((blob) => blob && download(`${study.id}.png`, blob));
  }

  drawPanel();
  if (isFootprint) {
    const at = state.at ?? [study.site!.lat_deg, study.site!.lon_deg];
    view.showBattery(...(at as [number, number]), study.site!.name);
    view.lookAt(at[0]! + 1, at[1]!, 1500);
  } else view.lookAt(50, 150, 14000);
  askAll();
  return () => {
    times.clock.play(false);
    sideView.destroy();
    view.destroy();
  };
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
