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

/** A picture with lines of words below it, each after a swatch of its colour if it has one; long ones are broken. */
export function captioned(picture: HTMLCanvasElement, lines: (string | { colour: string; words: string })[]): HTMLCanvasElement {
  const size = Math.max(13, Math.round(picture.width / 75));
  const font = `${size}px sans-serif`;
  const measure = document.createElement("canvas").getContext("2d")!;
  measure.font = font;
  const rows: { colour: string | null; words: string; indent: number }[] = [];
  for (const line of lines) {
    const { colour, words } = typeof line === "string" ? { colour: null, words: line } : line;
    const indent = colour === null ? size : 2.5 * size;
    let row = "";
    let first = true;
    const put = () => {
      if (row) rows.push({ colour: first ? colour : null, words: row, indent });
      first = false;
    };
    for (const word of words.split(" ")) {
      if (row && measure.measureText(`${row} ${word}`).width > picture.width - indent - size) {
        put();
        row = word;
      } else row = row ? `${row} ${word}` : word;
    }
    put();
  }
  const step = 1.5 * size;
  const whole = document.createElement("canvas");
  whole.width = picture.width;
  whole.height = picture.height + Math.ceil(step * (rows.length + 0.5));
  const pen = whole.getContext("2d")!;
  pen.fillStyle = "white";
  pen.fillRect(0, 0, whole.width, whole.height);
  pen.drawImage(picture, 0, 0);
  pen.font = font;
  rows.forEach(({ colour, words, indent }, i) => {
    const baseline = picture.height + step * (i + 1);
    if (colour !== null) {
      pen.fillStyle = colour;
      pen.fillRect(size, baseline - 0.85 * size, size, size);
      pen.strokeRect(size, baseline - 0.85 * size, size, size);
    }
    pen.fillStyle = "#1d2429";
    pen.fillText(words, indent, baseline);
  });
  return whole;
}
