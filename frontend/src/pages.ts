/** The other pages: flight test, raid, claims, validation, sources. */

import type { FeatureCollection, MultiPolygon } from "geojson";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { Refused, get, post, type RaidPoint, type Study, type StudyEntry } from "./api";
import { choice, h, numberField, say, table } from "./dom";
import { COLOURS, type MapView } from "./map_view";
import { openView } from "./view";

type Leave = () => void;
const nothing: Leave = () => undefined;
const refused = (error: unknown) => say(error instanceof Refused ? error.message : `The server did not answer (${String(error)}).`);
const km = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 0 });

interface FlightTestAnswer {
  consistent: boolean;
  verdict?: string;
  time_miss_s: number | null;
  time_low_s: number;
  time_high_s: number;
  calibrated: { missile: string };
  standard_range: Record<string, number | boolean>;
  kepler: { range_km: number };
  reported: { from_lat_deg: number; from_lon_deg: number };
  candidates: { missile: string; value: number; time_low_s: number; time_high_s: number; standard_range_low_km: number; standard_range_high_km: number }[];
}

interface FlightTestPictures {
  answer: FlightTestAnswer;
  side_view_svg: string;
  ring: FeatureCollection<MultiPolygon>;
}

export function flightTest(main: HTMLElement): Leave {
  const asked = { apogee_km: 2111.5, range_km: 787, time_s: 1800 as number | null, draws: 100 };
  const out = h("div", { "aria-live": "polite" });
  const side = h("img", { alt: "Side view to scale: the flight as reported, and the longest flight of the same missile" });
  const earth = h("div", { class: "earth" });
  const credits = h("div", { class: "credits" });
  const pictures = h(
    "div",
    { class: "pictures", hidden: true },
    h("figure", {}, side, h("figcaption", {}, "From the side, to scale: as reported, and on its longest flight.")),
    h("figure", {}, earth, credits, h("figcaption", {}, "What the same missile reaches on a normal trajectory: the area at the middle of what boosts allow, the thin lines at both ends. Geography alone; it says nothing of intent.")),
  );
  let view: MapView | null = null;
  let left = false;
  const showPictures = async (found: FlightTestAnswer, svg: string, ring: FeatureCollection<MultiPolygon>) => {
    URL.revokeObjectURL(side.src);
    side.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    pictures.hidden = false;
    const opened = view ?? (await openView(earth, credits, { dragged: () => undefined, picked: () => undefined }));
    if (left) return opened.destroy();
    view = opened;
    const area = (boost: string) => ring.features.find((one) => one.properties?.["boost"] === boost)?.geometry ?? null;
    const { from_lat_deg, from_lon_deg } = found.reported;
    view.showBattery(from_lat_deg, from_lon_deg, "launch");
    view.showAreas([
      { area: area("low"), colour: COLOURS.missile, filled: false },
      { area: area("central"), colour: COLOURS.missile, filled: true },
      { area: area("high"), colour: COLOURS.missile, filled: false },
    ]);
    view.lookAt(from_lat_deg, from_lon_deg, 2.4 * Number(found.standard_range["turning_high_km"]));
  };
  const ask = async () => {
    out.replaceChildren(h("p", {}, "Working it out …"));
    try {
      const { answer: found, side_view_svg, ring } = await post<FlightTestPictures>("flight-test", asked);
      const range = found.standard_range;
      const band = (earth: string) => `${km(Number(range[`${earth}_central_km`]))} km (${km(Number(range[`${earth}_low_km`]))} to ${km(Number(range[`${earth}_high_km`]))})`;
      const went =
        found.time_miss_s === null
          ? "No time was given; apogee and range go together for the class below."
          : found.time_miss_s === 0
            ? "Apogee, range and time go together."
            : `The announced time is ${Math.abs(found.time_miss_s).toFixed(0)} s too ${found.time_miss_s > 0 ? "long" : "short"} for any boost tried.`;
      out.replaceChildren(
        h("p", { class: "headline", id: "headline" }, went),
        table(
          "What it comes to",
          ["Quantity", "Value"],
          [
            ["Class fitted", found.calibrated.missile],
            ["Flight times of the boosts tried (s)", `${found.time_low_s.toFixed(0)} to ${found.time_high_s.toFixed(0)}`],
            ["Range on a normal trajectory, turning Earth", band("turning")],
            ["The same on a still Earth", band("still")],
            ["Kepler's arc alone", `${km(found.kepler.range_km)} km`],
          ],
        ),
        table(
          "Classes that may have flown",
          ["Class", "Propellant ×", "Time (s)", "Range on a normal trajectory (km)"],
          found.candidates.map((one) => [
            one.missile,
            one.value.toFixed(2),
            `${km(one.time_low_s)} to ${km(one.time_high_s)}`,
            `${km(one.standard_range_low_km)} to ${km(one.standard_range_high_km)}`,
          ]),
          [1],
        ),
      );
      showPictures(found, side_view_svg, ring);
    } catch (error) {
      out.replaceChildren();
      pictures.hidden = true;
      refused(error);
      out.append(h("p", { class: "headline" }, error instanceof Refused ? error.message : "The server did not answer."));
    }
  };
  main.replaceChildren(
    h(
      "div",
      { class: "page" },
      h("h1", {}, "Flight test"),
      h("p", {}, "An announced apogee, range and time: can they be, and how far would the same missile fly on a normal trajectory?"),
      h(
        "form",
        { class: "row", onsubmit: (event: Event) => (event.preventDefault(), void ask()) },
        numberField("Apogee (km)", asked.apogee_km, { min: 1, max: 20000, step: 0.1 }, (value) => (asked.apogee_km = value ?? asked.apogee_km)),
        numberField("Range (km)", asked.range_km, { min: 1, max: 20000, step: 0.1 }, (value) => (asked.range_km = value ?? asked.range_km)),
        numberField("Time (s)", asked.time_s, { min: 1, max: 20000, step: 1 }, (value) => (asked.time_s = value)),
        h("button", { type: "submit" }, "Ask"),
      ),
      out,
      pictures,
    ),
  );
  void ask();
  return () => {
    left = true;
    view?.destroy();
  };
}

export async function raid(main: HTMLElement, studies: StudyEntry[]): Promise<Leave> {
  const raids = studies.filter((one) => one.kind === "raid");
  let study = await get<Study>(`studies/${raids[0]!.id}`);
  let source: EventSource | null = null;
  let plot: uPlot | null = null;
  let runs = 1000;
  const figure = h("figure", { class: "chart", "aria-label": "Share of missiles that leak against the size of the raid" });
  const out = h("div", { "aria-live": "polite" });
  const head = h("p", { class: "headline", id: "headline" });
  const panel = h("div", { class: "row" });
  let numbers: Record<string, string> = {};
  const slider = (label: string, key: string, sourced: number): HTMLElement => {
    const shown = h("output", {}, `${sourced}, as sourced`);
    const input = h("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.01,
      value: sourced,
      oninput: () => (shown.textContent = input.value),
      onchange: () => {
        numbers[key] = input.value;
        start();
      },
    });
    return h("label", {}, h("span", {}, `${label}: `, shown), input);
  };
  const stop = () => {
    source?.close();
    source = null;
  };
  const start = () => {
    stop();
    const points: RaidPoint[] = [];
    const query = new URLSearchParams({ study: study.id, runs: String(runs) });
    for (const size of study.sizes!) query.append("sizes", String(size));
    for (const [key, value] of Object.entries(numbers)) query.append("numbers", `${key}=${value}`);
    head.textContent = "The first runs are under way …";
    source = new EventSource(`api/raid?${query}`);
    source.addEventListener("point", (event) => {
      points.push(JSON.parse((event as MessageEvent<string>).data) as RaidPoint);
      draw(points);
    });
    source.addEventListener("end", () => {
      stop();
      say("The curve is whole.");
    });
    source.addEventListener("error", () => {
      stop();
      say("The server broke off.");
    });
  };
  const draw = (points: RaidPoint[]) => {
    const at = points[points.length - 1]!;
    head.textContent = `${at.done} of ${at.of} sizes: of ${at.size} missiles ${(100 * at.leaked_share).toFixed(1)} % leak (${(100 * at.leaked_share_low).toFixed(1)} to ${(100 * at.leaked_share_high).toFixed(1)}, from ${at.runs.toLocaleString("en")} runs).`;
    out.replaceChildren(
      table(
        "Leakage against the size of the raid",
        ["Missiles", "Leak (%)", "One raid, 5 to 95 % (%)", "No leaker (%)"],
        points.map((one) => [String(one.size), (100 * one.leaked_share).toFixed(1), `${(100 * one.one_raid_low).toFixed(0)} to ${(100 * one.one_raid_high).toFixed(0)}`, (100 * one.no_leaker_probability).toFixed(1)]),
        [0, 1, 2, 3],
      ),
    );
    const ink = getComputedStyle(figure).color;
    const data = [points.map((one) => one.size), points.map((one) => 100 * one.one_raid_low), points.map((one) => 100 * one.leaked_share), points.map((one) => 100 * one.one_raid_high)] as uPlot.AlignedData;
    plot?.destroy();
    const axis = (label: string): uPlot.Axis => ({ label, stroke: ink, grid: { stroke: "#80808040", width: 1 }, ticks: { stroke: "#80808080", width: 1 }, font: "12px sans-serif", labelFont: "12px sans-serif" });
    plot = new uPlot(
      {
        width: Math.max(figure.clientWidth, 280),
        height: 300,
        scales: { x: { time: false, range: [0, Math.max(...study.sizes!)] }, y: { range: [0, 100] } },
        axes: [axis("missiles"), axis("missiles that leak, %")],
        series: [
          { label: "missiles" },
          { label: "one raid, 5 %", stroke: COLOURS.missile + "88", width: 1, dash: [4, 4] },
          { label: "mean", stroke: COLOURS.missile, width: 2.5 },
          { label: "one raid, 95 %", stroke: COLOURS.missile + "88", width: 1, dash: [4, 4] },
        ],
      },
      data,
      figure,
    );
  };
  const panelOf = () =>
    panel.replaceChildren(
      choice("Study", raids.map((one) => ({ id: one.id, name: one.title })), study.id, (id) => {
        void get<Study>(`studies/${id}`).then((found) => {
          study = found;
          numbers = {};
          panelOf();
          start();
        }, refused);
      }),
      ...study.layers!.map((layer) => slider(`One shot kills: ${layer.name}`, `${layer.id}.interceptor.kill_probability`, layer.kill_probability)),
      numberField("Runs of each size", runs, { min: 100, max: 20000, step: 100 }, (value) => (runs = value ?? runs)),
      h("button", { type: "button", onclick: start }, "Run"),
      h("button", { type: "button", onclick: () => (stop(), say("Stopped.")) }, "Stop"),
    );
  main.replaceChildren(
    h("div", { class: "page" }, h("h1", {}, "Raid"), h("p", {}, "Missiles in salvos against layers with magazines: what leaks, as the raid grows."), panel, head, figure, out),
  );
  panelOf();
  start();
  return () => {
    stop();
    plot?.destroy();
  };
}

interface ClaimRow {
  id: string;
  speaker: string;
  role: string;
  date: string;
  outlet: string;
  words: string;
  question: string;
  tested: boolean;
  studies: string[];
}

interface ClaimAnswer {
  claims: { level_words: string; result: string; reading: string; cannot_say: string }[];
}

export async function claims(main: HTMLElement): Promise<Leave> {
  const ledger = await get<ClaimRow[]>("claims");
  const runs = await get<{ name: string; files: string[] }[]>("runs");
  const dossier = runs.find((one) => one.files.includes("debate.yaml"));
  const whole = dossier
    ? h("a", { href: `api/runs/${encodeURIComponent(dossier.name)}/report.html` }, "The whole dossier")
    : "equipoise run debate writes the whole dossier; where the server's runs hold it, it is linked here.";
  const page = h("div", { class: "page" }, h("h1", {}, "Claims"), h("p", {}, whole), h("p", {}, "What was said in public, beside what can be computed. The same sentence for the same numbers, whoever spoke. No verdict on motives, law or policy."));
  for (const question of new Set(ledger.map((one) => one.question))) {
    page.append(h("h2", {}, question));
    for (const one of ledger.filter((claim) => claim.question === question)) {
      const out = h("div", { "aria-live": "polite" });
      const links = one.studies.map((id) => h("a", { href: `#/explore?study=${id}` }, `study ${id} on the map`));
      page.append(
        h(
          "article",
          { class: "claim", id: one.id },
          h("blockquote", {}, `“${one.words}”`),
          h("p", {}, `${one.speaker}, ${one.role}; ${one.date}, ${one.outlet}`),
          one.tested
            ? h("button", { type: "button", onclick: (event: Event) => void weigh(one.id, out, event.target as HTMLButtonElement) }, "Compute")
            : h("p", { class: "context" }, "No model can test it: recorded as context."),
          ...links.flatMap((link) => [" ", link]),
          out,
        ),
      );
    }
  }
  main.replaceChildren(page);
  return nothing;
}

async function weigh(id: string, out: HTMLElement, button: HTMLButtonElement): Promise<void> {
  button.disabled = true;
  out.replaceChildren(h("p", {}, "The studies that bear on it are run; this may take a minute …"));
  try {
    const [found] = (await get<ClaimAnswer>(`claims/${id}`)).claims;
    out.replaceChildren(h("p", {}, `Read as: ${found!.reading}`), h("p", { class: "headline" }, found!.result), h("p", {}, `What the model cannot say: ${found!.cannot_say}`));
  } catch (error) {
    out.replaceChildren();
    refused(error);
  }
  button.disabled = false;
}

interface Comparison {
  authority: string;
  case: string;
  quantity: string;
  unit: string;
  theirs: number | null;
  ours: number;
  tolerance: number | string;
  verdict: string;
}

export async function validation(main: HTMLElement): Promise<Leave> {
  main.replaceChildren(h("div", { class: "page" }, h("h1", {}, "Validation"), h("p", {}, "Working every comparison out anew …")));
  const found = await get<{ comparisons: Comparison[]; counts: Record<string, unknown> }>("validation");
  const met = found.comparisons.filter((one) => one.verdict === "met").length;
  const missed = found.comparisons.filter((one) => one.verdict === "missed").length;
  const number = (value: number | null) => (value === null ? "" : Number(value.toPrecision(5)).toLocaleString("en", { maximumFractionDigits: 4 }));
  main.replaceChildren(
    h(
      "div",
      { class: "page" },
      h("h1", {}, "Validation"),
      h("p", { class: "headline", id: "headline" }, `${found.comparisons.length} published results beside ours: ${met} met, ${missed} missed, ${found.comparisons.length - met - missed} tuned to. Misses stay.`),
      table(
        "Every comparison",
        ["Authority", "Case", "Quantity", "Unit", "Theirs", "Ours", "Verdict"],
        found.comparisons.map((one) => [one.authority, one.case, one.quantity, one.unit, number(one.theirs), number(one.ours), one.verdict]),
        [4, 5],
      ),
    ),
  );
  return nothing;
}

interface RecordAnswer {
  name: string;
  note: string | null;
  numbers: { name: string; value: number; low: number; high: number; unit: string; grade: string; source: string; note: string | null }[];
  sources: Record<string, { author?: string; title: string; publisher?: string; date?: string; url?: string }>;
}

export async function sources(main: HTMLElement): Promise<Leave> {
  const records = await get<{ kind: string; id: string; name: string }[]>("catalogue");
  const out = h("div", { "aria-live": "polite" });
  const show = async (id: string) => {
    try {
      const found = await get<RecordAnswer>(`catalogue/${id}`);
      const cited = Object.entries(found.sources).map(([key, one]) => {
        const words = [one.author, one.title, one.publisher, one.date].filter(Boolean).join(", ");
        return h("li", { id: `source-${key}` }, h("strong", {}, key), " ", one.url ? h("a", { href: one.url, rel: "noreferrer" }, words) : words);
      });
      out.replaceChildren(
        h("h2", {}, found.name),
        found.note ? h("p", {}, found.note) : "",
        table(
          "Numbers",
          ["Number", "Value", "Range", "Unit", "Grade", "Source", "Note"],
          found.numbers.map((one) => [one.name, one.value.toLocaleString("en"), one.low === one.high ? "" : `${one.low.toLocaleString("en")} to ${one.high.toLocaleString("en")}`, one.unit === "1" ? "" : one.unit, one.grade, one.source, one.note ?? ""]),
          [1],
        ),
        h("h3", {}, "Sources"),
        h("ul", {}, ...cited),
      );
    } catch (error) {
      refused(error);
    }
  };
  main.replaceChildren(
    h(
      "div",
      { class: "page" },
      h("h1", {}, "Sources"),
      h("p", {}, "Every number has a unit, a range, a grade and a source."),
      choice("Record", records.map((one) => ({ id: one.id, name: `${one.name} (${one.kind.replaceAll("_", " ")})` })), "thaad", (id) => void show(id)),
      out,
    ),
  );
  await show("thaad");
  return nothing;
}
