/** Validation, sources and runs: pages that are tables. */

import { get } from "./api";
import { choice, h, table } from "./dom";
import { keep, type State } from "./link";
import { csv, json, refused, shareRow } from "./share";

type Leave = () => void;
const nothing: Leave = () => undefined;

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
      shareRow(() => "validation", [
        {
          label: "comparisons CSV",
          name: "validation.csv",
          content: () => csv(["authority", "case", "quantity", "unit", "theirs", "ours", "verdict"], found.comparisons),
        },
      ]),
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
  id: string;
  name: string;
  note: string | null;
  numbers: { name: string; value: number; low: number; high: number; unit: string; grade: string; source: string; note: string | null }[];
  sources: Record<string, { author?: string; title: string; publisher?: string; date?: string; url?: string }>;
}

export async function sources(main: HTMLElement, state: State): Promise<Leave> {
  const records = await get<{ kind: string; id: string; name: string }[]>("catalogue");
  const first = state.id ?? "thaad";
  const out = h("div", { "aria-live": "polite" });
  let last: RecordAnswer | null = null;
  const show = async (id: string) => {
    try {
      const found = await get<RecordAnswer>(`catalogue/${id}`);
      last = found;
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
      choice("Record", records.map((one) => ({ id: one.id, name: `${one.name} (${one.kind.replaceAll("_", " ")})` })), first, (id) => (keep({ ...state, id }), void show(id))),
      shareRow(() => `catalogue record “${last?.id}”`, [{ label: "record JSON", name: "record.json", content: () => last && json(last) }]),
      out,
    ),
  );
  await show(first);
  return nothing;
}

export async function runs(main: HTMLElement): Promise<Leave> {
  const found = await get<{ name: string; files: string[] }[]>("runs");
  const link = (run: string, file: string) => h("a", { href: `api/runs/${encodeURIComponent(run)}/${file.split("/").map(encodeURIComponent).join("/")}` }, file);
  const reports = (files: string[]) => files.filter((file) => file.endsWith(".html"));
  main.replaceChildren(
    h(
      "div",
      { class: "page" },
      h("h1", {}, "Runs"),
      h("p", { class: "headline", id: "headline" }, found.length > 0 ? `${found.length} ${found.length === 1 ? "run" : "runs"} in the server's directory.` : "The server's directory holds no run yet."),
      h("p", {}, "A run holds a report with the data of each figure; ", h("code", {}, "equipoise run STUDY"), " makes one, ", h("code", {}, "equipoise serve --runs DIR"), " says where they are."),
      found.length > 0 &&
        table(
          "Reports",
          ["Run", "Report", "Files"],
          found.map((run) => [
            run.name,
            h("span", {}, ...reports(run.files).flatMap((file) => [link(run.name, file), " "])),
            h("details", {}, h("summary", {}, `${run.files.length} files`), h("ul", {}, ...run.files.map((file) => h("li", {}, link(run.name, file))))),
          ]),
        ),
    ),
  );
  return nothing;
}
