/** Elements without a framework. */

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/** Make an element; attributes that start with "on" are listeners, false and null leave one out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** A table with a caption; cells of the columns named as numbers stand to the right. */
export function table(caption: string, headings: string[], rows: (string | Node)[][], numeric: number[] = []): HTMLElement {
  const cell = (tag: "td" | "th", content: string | Node, i: number, scope?: string) =>
    h(tag, { class: numeric.includes(i) ? "number" : null, scope }, content);
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, ...headings.map((heading, i) => cell("th", heading, i, "col")))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((content, i) => cell("td", content, i))))),
    ),
  );
}

/** Say something to whoever listens or looks. */
export function say(words: string): void {
  const status = document.getElementById("status");
  if (status) status.textContent = words;
}

/** A colour with what it stands for, for a legend. */
export function legendRow(colour: string, words: string): HTMLElement {
  const swatch = h("span", { class: "swatch" });
  swatch.style.background = colour;
  return h("li", {}, swatch, words);
}

/** A labelled choice; its label is its key, so that whoever draws it anew can find it. */
export function choice(
  label: string,
  options: { id: string; name: string }[],
  chosen: string,
  picked: (id: string) => void,
): HTMLElement {
  const select = h(
    "select",
    { "data-key": label, onchange: () => picked(select.value) },
    ...options.map((one) => h("option", { value: one.id, selected: one.id === chosen }, one.name)),
  );
  return h("label", {}, h("span", {}, label), select);
}

/** A labelled number with its unit; empty stands for the study's own. */
export function numberField(
  label: string,
  value: number | null,
  limits: { min: number; max: number; step: number },
  changed: (value: number | null) => void,
): HTMLElement {
  const input = h("input", {
    type: "number",
    "data-key": label,
    ...limits,
    value,
    placeholder: "as sourced",
    onchange: () => {
      if (input.value === "") changed(null);
      else if (input.checkValidity()) changed(input.valueAsNumber);
      else say(`${label}: from ${limits.min} to ${limits.max}`);
    },
  });
  return h("label", {}, h("span", {}, label), input);
}

/** Hand somebody a file. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Kilometres, or any whole number, as people read them. */
export function kilometres(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 0 });
}

/** A drawing as the source of an image. */
export function svgSource(drawing: string): string {
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}
