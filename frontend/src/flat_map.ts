/** A flat map for where there is no WebGL: the same areas, places and tracks, seen from above. */

import type { MultiPolygon } from "geojson";
import type { Footprint, Replay } from "./api";
import { coasts } from "./coasts";
import { constraintCanvas } from "./constraint_canvas";
import { svgSource } from "./dom";
import { COLOURS, positionAt, Room, type Area, type Events, type Held, type MapView } from "./map_view";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [1000, 700];
/** Pixels by which a click may slip before it moves the map. */
const SLACK = 5;
const [CLOSEST_KM, FARTHEST_KM] = [50, 20_000];

function make(tag: string, attributes: Record<string, string | number>, parent: Element): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  parent.append(element);
  return element;
}

export class FlatMap implements MapView {
  readonly kind = "flat map";
  private readonly svg: SVGElement;
  private readonly groups: Record<"coasts" | "areas" | "tracks" | "spots" | "moving" | Held, SVGElement>;
  private middle: [number, number] = [36, 128];
  private span_km = 1500;
  private replay: Replay | null = null;
  private footprint: Footprint | null = null;
  private layer = "defended";
  private readonly held: Partial<Record<Held, [number, number, string]>> = {};
  private time_s = 0;
  private dragging: Held | null = null;
  /** Where the ground is held, and whether it has been moved since. */
  private pulled: { x: number; y: number; moved: boolean } | null = null;
  private shown: Area[] = [];

  constructor(container: HTMLElement, events: Events) {
    this.svg = make("svg", { class: "flat-map", viewBox: `${-WIDTH / 2} ${-HEIGHT / 2} ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, container);
    const group = (name: string) => make("g", { class: name }, this.svg);
    this.groups = {
      areas: group("areas"),
      coasts: group("coasts"),
      tracks: group("tracks"),
      spots: group("spots"),
      moving: group("moving"),
      target: group("held target"),
      battery: group("held battery"),
    };
    void coasts().then(() => this.draw());
    const at = (event: PointerEvent): [number, number] => {
      const box = this.svg.getBoundingClientRect();
      const x = (event.clientX - box.left - box.width / 2) * this.perPixel;
      const y = (event.clientY - box.top - box.height / 2) * this.perPixel;
      return this.ground(x, y);
    };
    this.svg.addEventListener("pointerdown", (event) => {
      const held = (event.target as Element).closest(".held");
      this.dragging = held === null ? null : held.classList.contains("battery") ? "battery" : "target";
      this.pulled = held === null ? { x: event.clientX, y: event.clientY, moved: false } : null;
      this.svg.setPointerCapture(event.pointerId);
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (this.dragging) events.dragged(this.dragging, ...at(event), false);
      if (this.pulled) this.pull(this.pulled, event);
    });
    this.svg.addEventListener("pointerup", (event) => {
      if (this.dragging) events.dragged(this.dragging, ...at(event), true);
      else if (this.pulled && !this.pulled.moved) events.picked(...at(event));
      this.dragging = this.pulled = null;
    });
    this.svg.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.recede(Math.exp(event.deltaY / 500));
      },
      { passive: false },
    );
  }

  /** Units of the drawing to a pixel of the screen. */
  private get perPixel(): number {
    const box = this.svg.getBoundingClientRect();
    return Math.max(WIDTH / box.width, HEIGHT / box.height);
  }

  private pull(from: { x: number; y: number; moved: boolean }, { clientX, clientY }: PointerEvent): void {
    const [x, y] = [clientX - from.x, clientY - from.y];
    if (!from.moved && Math.hypot(x, y) < SLACK) return;
    this.pulled = { x: clientX, y: clientY, moved: true };
    this.move((-x * this.perPixel) / WIDTH, (y * this.perPixel) / HEIGHT);
  }

  private get scale(): number {
    return WIDTH / (this.span_km / 111.2);
  }

  private xy(lon_deg: number, lat_deg: number): [number, number] {
    const east = ((((lon_deg - this.middle[1]) % 360) + 540) % 360) - 180;
    const narrow = Math.cos((this.middle[0] * Math.PI) / 180);
    return [east * narrow * this.scale, -(lat_deg - this.middle[0]) * this.scale];
  }

  private ground(x: number, y: number): [number, number] {
    const narrow = Math.cos((this.middle[0] * Math.PI) / 180);
    return [this.middle[0] - y / this.scale, this.middle[1] + x / this.scale / narrow];
  }

  private path(points: number[][]): string {
    let line = "";
    let before = 0;
    points.forEach(([lon, lat], i) => {
      const [x, y] = this.xy(lon!, lat!);
      line += `${i === 0 || Math.abs(x - before) > 180 * this.scale ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
      before = x;
    });
    return line;
  }

  private area(area: MultiPolygon | null): string {
    return (area?.coordinates ?? []).map((polygon) => polygon.map((ring) => `${this.path(ring)}Z`).join("")).join("");
  }

  private draw(): void {
    for (const group of Object.values(this.groups)) group.replaceChildren();
    void coasts().then(({ coordinates }) => {
      const near = coordinates.filter((line) =>
        line.some(([lon, lat]) => {
          const [x, y] = this.xy(lon!, lat!);
          return Math.abs(x) < 900 && Math.abs(y) < 700;
        }),
      );
      this.groups.coasts.replaceChildren();
      make("path", { d: near.map((line) => this.path(line)).join(""), fill: "none", stroke: "currentColor", "stroke-width": 0.8 }, this.groups.coasts);
    });
    if (this.footprint) this.drawFootprint(this.footprint);
    else this.drawAreas(this.shown);
    if (this.replay) this.drawReplay(this.replay);
    this.drawHeld("target");
    this.drawHeld("battery");
    this.showTime(this.time_s);
  }

  private drawFootprint(found: Footprint): void {
    this.groups.areas.replaceChildren();
    if (this.layer === "constraint") {
      const { codes, legend, west_deg, south_deg, east_deg, north_deg } = found.constraints;
      const [x, y] = this.xy(west_deg, north_deg);
      const [right, bottom] = this.xy(east_deg, south_deg);
      make(
        "image",
        { x, y, width: right - x, height: bottom - y, href: constraintCanvas(codes, legend).toDataURL(), preserveAspectRatio: "none" },
        this.groups.areas,
      );
    }
    this.drawAreas([
      { area: found.threatened, colour: COLOURS.threatened, filled: false },
      { area: found.defended, colour: COLOURS.defended, filled: this.layer !== "constraint" },
    ]);
  }

  private drawAreas(areas: Area[]): void {
    for (const { area, colour, filled, dashed } of areas) {
      make(
        "path",
        { d: this.area(area), fill: colour, "fill-opacity": filled ? 0.3 : 0, "fill-rule": "evenodd", stroke: colour, "stroke-width": filled ? 2.5 : 1.5, "stroke-dasharray": dashed ? "6 4" : "none" },
        this.groups.areas,
      );
    }
  }

  showAreas(areas: Area[]): void {
    this.footprint = null;
    this.shown = areas;
    this.groups.areas.replaceChildren();
    this.drawAreas(areas);
  }

  private drawReplay(found: Replay): void {
    this.groups.tracks.replaceChildren();
    this.groups.spots.replaceChildren();
    for (const track of found.tracks) {
      const points: number[][] = [];
      for (let i = 0; i < track.samples.length; i += 4) points.push([track.samples[i + 1]!, track.samples[i + 2]!]);
      make("path", { d: this.path(points), fill: "none", stroke: COLOURS[track.kind], "stroke-width": 1.5, "stroke-opacity": 0.7 }, this.groups.tracks);
    }
    const room = new Room();
    const names: [string, number, number][] = [];
    const batteries = found.spots.filter((one) => one.kind === "battery").length;
    for (const spot of found.spots) {
      if (spot.kind === "battery" && batteries === 1) continue; // shown as what can be dragged
      const [cx, cy] = this.xy(spot.lon_deg, spot.lat_deg);
      const r = spot.kind === "target" ? 3 : 4.5;
      make("circle", { cx, cy, r, fill: COLOURS[spot.kind] }, this.groups.spots);
      if (spot.kind === "target") continue;
      room.take({ x: cx - r, y: cy - r, width: 2 * r, height: 2 * r });
      names.push([spot.name, cx, cy]);
    }
    for (const [words, cx, cy] of names) this.name(words, cx, cy, room);
  }

  /** Write a name beside a spot where it covers no other name or spot: to the right, else to the left, else not at all. */
  private name(words: string, cx: number, cy: number, room: Room): void {
    const text = make("text", { y: cy + 4, "font-size": 12 }, this.groups.spots) as SVGTextElement;
    text.textContent = words;
    for (const [x, anchor] of [[cx + 7, "start"], [cx - 7, "end"]] as const) {
      text.setAttribute("x", String(x));
      text.setAttribute("text-anchor", anchor);
      if (room.tries(text.getBBox())) return;
    }
    text.remove();
  }

  private drawHeld(held: Held): void {
    const group = this.groups[held];
    group.replaceChildren();
    const at = this.held[held];
    if (!at) return;
    const [lat, lon, name] = at;
    const [cx, cy] = this.xy(lon, lat);
    const r = held === "battery" ? 10 : 7;
    make("circle", { cx, cy, r, fill: COLOURS[held], stroke: "white", "stroke-width": 3 }, group);
    const words = { "font-size": held === "battery" ? 15 : 13, "font-weight": held === "battery" ? "bold" : "normal" };
    make("text", { x: cx + r + 4, y: cy + 5, ...words }, group).textContent = name;
  }

  showHeld(held: Held, lat_deg: number, lon_deg: number, name: string): void {
    this.held[held] = [lat_deg, lon_deg, name];
    this.drawHeld(held);
  }

  showFootprint(found: Footprint, layer: string): void {
    this.footprint = found;
    this.layer = layer;
    this.drawFootprint(found);
  }

  showReplay(found: Replay): void {
    this.replay = found;
    this.drawReplay(found);
  }

  showTime(time_s: number): void {
    this.time_s = time_s;
    this.groups.moving.replaceChildren();
    for (const track of this.replay?.tracks ?? []) {
      const at = positionAt(track.samples, time_s);
      if (!at) continue;
      const [cx, cy] = this.xy(at[0], at[1]);
      make("circle", { cx, cy, r: 5, fill: COLOURS[track.kind], stroke: "white" }, this.groups.moving);
    }
  }

  lookAt(lat_deg: number, lon_deg: number, span_km: number): void {
    this.middle = [lat_deg, lon_deg];
    this.span_km = Math.min(Math.max(span_km, CLOSEST_KM), FARTHEST_KM);
    this.draw();
  }

  move(east: number, north: number): void {
    const [lat, lon] = this.ground(east * WIDTH, -north * HEIGHT);
    this.lookAt(Math.min(Math.max(lat, -80), 80), ((lon + 540) % 360) - 180, this.span_km);
  }

  recede(times: number): void {
    this.lookAt(...this.middle, this.span_km * times);
  }

  async picture(): Promise<HTMLCanvasElement> {
    const { color, backgroundColor } = getComputedStyle(document.body);
    const copy = this.svg.cloneNode(true) as SVGElement;
    const attributes = { xmlns: SVG, width: 2 * WIDTH, height: 2 * HEIGHT, style: `color:${color};font-family:sans-serif` };
    for (const [name, value] of Object.entries(attributes)) copy.setAttribute(name, String(value));
    const halo = { fill: "currentColor", stroke: backgroundColor, "stroke-width": "3", "paint-order": "stroke" };
    copy.querySelectorAll("text").forEach((words) => Object.entries(halo).forEach(([name, value]) => words.setAttribute(name, value)));
    const image = new Image();
    image.src = svgSource(new XMLSerializer().serializeToString(copy));
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * WIDTH, 2 * HEIGHT];
    const pen = canvas.getContext("2d")!;
    pen.fillStyle = backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0);
    return canvas;
  }

  destroy(): void {
    this.svg.remove();
  }
}
