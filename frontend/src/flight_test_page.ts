/** Flight test: an announced apogee, range and time, and what the same missile reaches. */

import type { FeatureCollection, MultiPolygon } from "geojson";
import { get, post } from "./api";
import { choice, h, kilometres, numberField, svgSource, table } from "./dom";
import { keep, type Flight, type State } from "./link";
import { COLOURS, type MapView } from "./map_view";
import { json, shareRow, svg, why } from "./share";
import { openView } from "./view";

/** The flight of Hwasong-12 of 14 May 2017, as announced. */
const FIRST: Flight = { apogee_km: 2111.5, range_km: 787, time_s: 1800, missile: null };

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

export async function flightTest(main: HTMLElement, state: State): Promise<() => void> {
  const missiles = (await get<{ kind: string; id: string; name: string }[]>("catalogue")).filter((one) => one.kind === "missile");
  const asked: Flight = state.flight ?? { ...FIRST };
  let last: FlightTestPictures | null = null;
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
  const showPictures = async (found: FlightTestAnswer, drawing: string, ring: FeatureCollection<MultiPolygon>) => {
    side.src = svgSource(drawing);
    pictures.hidden = false;
    const opened = view ?? (await openView(earth, credits, { dragged: () => undefined, picked: () => undefined }));
    if (left) return opened.destroy();
    view = opened;
    const area = (boost: string) => ring.features.find((one) => one.properties?.["boost"] === boost)?.geometry ?? null;
    const { from_lat_deg, from_lon_deg } = found.reported;
    view.showHeld("battery", from_lat_deg, from_lon_deg, "launch");
    view.showAreas([
      { area: area("low"), colour: COLOURS.missile, filled: false },
      { area: area("central"), colour: COLOURS.missile, filled: true },
      { area: area("high"), colour: COLOURS.missile, filled: false },
    ]);
    view.lookAt(from_lat_deg, from_lon_deg, 2.4 * Number(found.standard_range["turning_high_km"]));
  };
  const named = (id: string) => missiles.find((one) => one.id === id)?.name ?? id;
  const ask = async () => {
    out.replaceChildren(h("p", {}, "Working it out …"));
    last = null;
    try {
      last = await post<FlightTestPictures>("flight-test", asked);
      const { answer: found, side_view_svg, ring } = last;
      const range = found.standard_range;
      const band = (earth: string) => `${kilometres(Number(range[`${earth}_central_km`]))} km (${kilometres(Number(range[`${earth}_low_km`]))} to ${kilometres(Number(range[`${earth}_high_km`]))})`;
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
            ["Class fitted", named(found.calibrated.missile)],
            ["Flight times of the boosts tried (seconds)", `${found.time_low_s.toFixed(0)} to ${found.time_high_s.toFixed(0)}`],
            ["Range on a normal trajectory, turning Earth", band("turning")],
            ["The same on a still Earth", band("still")],
            ["Kepler's arc alone", `${kilometres(found.kepler.range_km)} km`],
          ],
        ),
        table(
          "Classes that may have flown",
          ["Class", "Propellant, times its record's", "Time (seconds)", "Range on a normal trajectory (kilometres)"],
          found.candidates.map((one) => [
            named(one.missile),
            one.value.toFixed(2),
            `${kilometres(one.time_low_s)} to ${kilometres(one.time_high_s)}`,
            `${kilometres(one.standard_range_low_km)} to ${kilometres(one.standard_range_high_km)}`,
          ]),
          [1],
        ),
      );
      await showPictures(found, side_view_svg, ring);
    } catch (error) {
      pictures.hidden = true;
      out.replaceChildren(h("p", { class: "headline", id: "headline" }, why(error)));
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    keep({ ...state, flight: asked });
    void ask();
  };
  const from = (part: (found: FlightTestPictures) => Blob) => () => last && part(last);
  main.replaceChildren(
    h(
      "div",
      { class: "page" },
      h("h1", {}, "Flight test"),
      h("p", {}, "An announced apogee, range and time: can they be, and how far would the same missile fly on a normal trajectory?"),
      h(
        "form",
        { class: "row", onsubmit: submit },
        choice(
          "Class",
          [{ id: "", name: "every class that may have flown" }, ...missiles],
          asked.missile ?? "",
          (id) => (asked.missile = id || null),
        ),
        numberField("Apogee (kilometres)", asked.apogee_km, { min: 1, max: 20000, step: 0.1 }, (value) => (asked.apogee_km = value ?? asked.apogee_km)),
        numberField("Range (kilometres)", asked.range_km, { min: 1, max: 20000, step: 0.1 }, (value) => (asked.range_km = value ?? asked.range_km)),
        numberField("Time (seconds)", asked.time_s, { min: 1, max: 20000, step: 1 }, (value) => (asked.time_s = value)),
        h("button", { type: "submit" }, "Ask"),
      ),
      shareRow(() => `flight test of ${asked.apogee_km} km apogee and ${asked.range_km} km range`, [
        { label: "answer JSON", name: "flight-test.json", content: from((found) => json(found.answer)) },
        { label: "ring GeoJSON", name: "flight-test-ring.geojson", content: from((found) => json(found.ring)) },
        { label: "side view SVG", name: "flight-test-side-view.svg", content: from((found) => svg(found.side_view_svg)) },
      ]),
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

