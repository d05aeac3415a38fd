/** Claims: what was said, beside what comes out; each finding opens its study on the map. */

import { get } from "./api";
import { h, table } from "./dom";
import { keep, plainly, write, type State } from "./link";
import { refused, shareRow } from "./share";

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

interface Finding {
  reads: string;
  result: string;
  study: string;
  command: string;
  settings: Record<string, unknown>;
  figures: { figure: string; value: number | null; low: number | null; high: number | null; standing: string }[];
  unit: string;
}

interface ClaimAnswer {
  claims: { result: string; reading: string; cannot_say: string; findings: Finding[] }[];
}

export async function claims(main: HTMLElement, state: State): Promise<() => void> {
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
            ? h("button", { type: "button", onclick: (event: Event) => (keep({ ...state, id: one.id }), void weigh(one.id, out, event.target as HTMLButtonElement)) }, "Compute")
            : h("p", { class: "context" }, "No model can test it: recorded as context."),
          ...links.flatMap((link) => [" ", link]),
          out,
        ),
      );
    }
  }
  page.append(shareRow(() => "ledger of claims", []));
  main.replaceChildren(page);
  if (state.id) {
    const asked = document.getElementById(state.id);
    asked?.scrollIntoView();
    asked?.querySelector("button")?.click();
  }
  return () => undefined;
}

async function weigh(id: string, out: HTMLElement, button: HTMLButtonElement): Promise<void> {
  button.disabled = true;
  out.replaceChildren(h("p", {}, "The studies that bear on it are run; this may take a minute …"));
  try {
    const [found] = (await get<ClaimAnswer>(`claims/${id}`)).claims;
    out.replaceChildren(
      h("p", {}, `Read as: ${found!.reading}`),
      h("p", { class: "headline" }, found!.result),
      ...found!.findings.map((finding) => findingOf(finding)),
      h("p", {}, `What the model cannot say: ${found!.cannot_say}`),
    );
  } catch (error) {
    out.replaceChildren();
    refused(error);
  }
  button.disabled = false;
}


function findingOf(found: Finding): HTMLElement {
  const number = (value: number | null) => (value === null ? "" : value.toLocaleString("en", { maximumSignificantDigits: 4 }));
  const missile = typeof found.settings["missile"] === "string" ? found.settings["missile"] : null;
  return h(
    "details",
    { class: "finding" },
    h("summary", {}, found.reads, " ", found.result),
    table(
      `Across the published figures (${found.unit})`,
      ["Figure", "Value", "From", "To", "Holds"],
      found.figures.map((one) => [one.figure, number(one.value), number(one.low), number(one.high), one.standing]),
      [1, 2, 3],
    ),
    h("p", {}, h("a", { href: write({ ...plainly("explore"), study: found.study, missile }) }, `study ${found.study} on the map`), " Remade by: ", h("code", {}, found.command)),
  );
}
