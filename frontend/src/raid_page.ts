/** Raid: sliders, the leakage curve as its runs arrive, and which disputed number it hangs on. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { file, get, post, type RaidPoint, type Study, type StudyEntry } from "./api";
import { choice, h, numberField, say, svgSource, table } from "./dom";
import { DOCTRINES, keep, volleysOf, written, type State } from "./link";
import { COLOURS } from "./map_view";
import { csv, refused, shareRow } from "./share";

interface Indices {
  output: string;
  factors: { owner: string; quantity: string; first_order: number; total: number; total_half_width: number }[];
}

interface SensitivityAnswer {
  answer: { outputs: Indices[] };
  chart_svg: string;
  caption: string;
  alt: string;
  command: string;
}

export async function raid(main: HTMLElement, studies: StudyEntry[], state: State): Promise<() => void> {
  const raids = studies.filter((one) => one.kind === "raid");
  let study = await get<Study>(`studies/${(raids.find((one) => one.id === state.study) ?? raids[0]!).id}`);
  let source: EventSource | null = null;
  let plot: uPlot | null = null;
  let last: RaidPoint[] = [];
  const figure = h("figure", { class: "chart", "aria-label": "Share of missiles that leak against the size of the raid" });
  const out = h("div", { "aria-live": "polite" });
  const head = h("p", { class: "headline", id: "headline" });
  const panel = h("div", { class: "row" });
  const indices = h("div", { "aria-live": "polite" });
  const put = () => keep({ ...state, study: study.id });
  const slider = (label: string, key: string, sourced: number): HTMLElement => {
    const chosen = state.numbers[key];
    const shown = h("strong", {}, chosen ?? `${sourced}, as sourced`);
    const input = h("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.01,
      value: chosen ?? sourced,
      oninput: () => (shown.textContent = input.value),
      onchange: () => {
        state.numbers[key] = input.value;
        put();
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
    last = points;
    const query = new URLSearchParams({ study: study.id, runs: String(state.runs) });
    for (const size of study.sizes!) query.append("sizes", String(size));
    for (const shots of volleysOf(state)) query.append("volleys", String(shots));
    for (const one of written(state.numbers)) query.append("numbers", one);
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
          state.numbers = {};
          put();
          panelOf();
          indices.replaceChildren();
          start();
        }, refused);
      }),
      h(
        "div",
        { class: "sliders" },
        ...study.layers!.map((layer) => slider(`One shot kills: ${layer.name}`, `${layer.id}.interceptor.kill_probability`, layer.kill_probability)),
      ),
      choice("At each missile every layer fires", DOCTRINES, state.volleys, (id) => {
        state.volleys = id;
        put();
        start();
      }),
      numberField("Runs of each size", state.runs, { min: 100, max: 20000, step: 100 }, (value) => {
        state.runs = value ?? state.runs;
        put();
      }),
      h("button", { type: "button", onclick: start }, "Run"),
      h("button", { type: "button", onclick: () => (stop(), say("Stopped.")) }, "Stop"),
    );
  const hangs = h("button", { type: "button", onclick: () => void weigh() }, "Work it out");
  const weigh = async () => {
    const asked = study.id;
    hangs.disabled = true;
    indices.replaceChildren(h("p", {}, "Working it out …"));
    try {
      const found = await post<SensitivityAnswer>("sensitivity", { study: asked });
      if (asked !== study.id) return indices.replaceChildren();
      const picture = h("img", { alt: found.alt, src: svgSource(found.chart_svg) });
      indices.replaceChildren(
        h("figure", { class: "paper", id: "sobol" }, picture, h("figcaption", {}, found.caption, " Remade by: ", h("code", {}, found.command))),
        table(
          "Total and first-order indices of the share that leaks",
          ["Number", "Total", "±", "First order"],
          found.answer.outputs[0]!.factors.slice(0, 12).map((one) => [`${one.owner}: ${one.quantity.replaceAll("_", " ")}`, ...[one.total, one.total_half_width, one.first_order].map((value) => value.toFixed(2))]),
          [1, 2, 3],
        ),
      );
    } catch (error) {
      indices.replaceChildren();
      refused(error);
    } finally {
      hangs.disabled = false;
    }
  };
  const shared = shareRow(() => `study “${study.id}” (SHA-256 ${study.sha256.slice(0, 12)})`, [
    {
      label: "curve CSV",
      name: "raid-curve.csv",
      content: () => (last.length === 0 ? null : csv(["missiles", "runs", "leaked_share", "leaked_share_low", "leaked_share_high", "one_raid_low", "one_raid_high", "no_leaker_probability"], last.map((one) => ({ ...one, missiles: one.size })))),
    },
    {
      label: "study YAML",
      name: `${study.id}.yaml`,
      content: () => file("study-file", { study: study.id, change: { numbers: written(state.numbers) }, volleys: volleysOf(state) }),
    },
  ]);
  main.replaceChildren(
    h("div", { class: "page" }, h("h1", {}, "Raid"), h("p", {}, "Missiles in salvos against layers with magazines: what leaks, as the raid grows."), panel, shared, head, figure, out, h("h2", {}, "Which disputed number it hangs on"), h("p", {}, "Every number with a range is drawn from it at once, with the study as sourced; Sobol indices say where the spread comes from. This takes some ten seconds."), hangs, indices),
  );
  panelOf();
  start();
  return () => {
    stop();
    plot?.destroy();
  };
}

