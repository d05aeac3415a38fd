/** What is taken along from a page: its link, its files, how to cite it. */

import { Refused } from "./api";
import { download, h, say } from "./dom";

export interface Taken {
  label: string;
  name: string;
  /** What the file holds; null where there is nothing yet. */
  content: () => Promise<Blob | null> | Blob | null;
}

/** Say why something did not come. */
export function refused(error: unknown): void {
  say(why(error));
}

export function why(error: unknown): string {
  return error instanceof Refused ? error.message : `The server did not answer (${String(error)}).`;
}

export async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    say("Link copied.");
  } catch {
    say(location.href);
  }
}

/** Copy link, Download, Cite; `cited` names what the numbers come from. */
export function shareRow(cited: () => string, files: Taken[]): HTMLElement {
  const chosen = h("select", { "aria-label": "Format" }, ...files.map((one) => h("option", { value: one.label }, one.label)));
  const save = async () => {
    const one = files.find(({ label }) => label === chosen.value)!;
    try {
      const content = await one.content();
      if (content) download(one.name, content);
      else say("There is nothing to download yet.");
    } catch (error) {
      refused(error);
    }
  };
  return h(
    "div",
    { class: "row" },
    h("button", { type: "button", onclick: () => void copyLink() }, "Copy link"),
    files.length > 0 && h("span", { class: "row" }, chosen, h("button", { type: "button", onclick: () => void save() }, "Download")),
    h("button", { type: "button", onclick: () => say(`Equipoise, ${cited()}, ${location.href}, read ${new Date().toISOString().slice(0, 10)}.`) }, "Cite"),
  );
}

/** Fields of rows as comma-separated values, with their names on top. */
export function csv<Name extends string>(names: readonly Name[], rows: Record<Name, string | number | boolean | null>[]): Blob {
  const quoted = (value: string | number | boolean | null) => (typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : String(value ?? ""));
  return new Blob([names.join(","), "\n", ...rows.map((row) => `${names.map((name) => quoted(row[name])).join(",")}\n`)], { type: "text/csv" });
}

export function svg(drawing: string): Blob {
  return new Blob([drawing], { type: "image/svg+xml" });
}

export function json(value: unknown): Blob {
  return new Blob([JSON.stringify(value, null, 1)], { type: "application/json" });
}
