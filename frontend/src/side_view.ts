/** The engagement from the side, to scale: the arc, the part that the radar sees, and what the interceptor reaches. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Engagement } from "./api";
import { COLOURS } from "./map_view";

type Column = (number | null)[];

export class SideView {
  private plot: uPlot | null = null;
  private found: Engagement | null = null;
  private readonly observer: ResizeObserver;

  constructor(private readonly container: HTMLElement) {
    this.observer = new ResizeObserver(() => this.found && this.show(this.found));
    this.observer.observe(container);
  }

  destroy(): void {
    this.observer.disconnect();
    this.plot?.destroy();
  }

  show(found: Engagement): void {
    this.found = found;
    this.plot?.destroy();
    const width = Math.max(this.container.clientWidth, 260);
    const height = Math.round(Math.min(width * 0.62, 300));
    // Distances towards the launch area are to the left, so that the missile flies to the right.
    const arc = found.arc.distance_km.map((distance, i) => ({
      x: -distance,
      all: found.arc.altitude_km[i]!,
      seen: found.arc.seen[i] ? found.arc.altitude_km[i]! : null,
    }));
    const curves: { x: number[]; y: Column }[] = [
      { x: arc.map((one) => one.x), y: arc.map((one) => one.all) },
      { x: arc.map((one) => one.x), y: arc.map((one) => one.seen) },
      { x: found.reach.distance_km.map((d) => -d), y: found.reach.altitude_km },
      { x: found.reach.distance_km, y: found.reach.altitude_km },
      shotLine(found.first_shot),
      shotLine(found.last_shot),
      { x: [0], y: [0] },
    ];
    const xs = curves.flatMap((curve) => curve.x);
    const ys = curves.flatMap((curve) => curve.y).filter((y): y is number => y !== null);
    const left = Math.min(...xs);
    const right = Math.max(...xs);
    const top = Math.max(...ys) * 1.05;
    // One scale for both axes: the longer need decides.
    const inner = [width - 70, height - 60] as const;
    const kmPerPixel = Math.max((right - left) / inner[0], top / inner[1]);
    const middle = (left + right) / 2;
    const range = (kmPerPixel * inner[0]) / 2;
    const ink = getComputedStyle(this.container).color;
    const series = (label: string, stroke: string, width: number, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
      label,
      stroke,
      width,
      points: { show: false },
      spanGaps: false,
      paths: (u, index) => {
        const path = new Path2D();
        const curve = curves[index - 1]!;
        let pen = false;
        curve.x.forEach((x, i) => {
          const y = curve.y[i];
          if (y === null || y === undefined) {
            pen = false;
            return;
          }
          const at = [u.valToPos(x, "x", true), u.valToPos(y, "y", true)] as const;
          if (pen) path.lineTo(...at);
          else path.moveTo(...at);
          pen = true;
        });
        return { stroke: path, fill: null, clip: null, band: null, gaps: null, flags: 0 } as unknown as uPlot.Series.Paths;
      },
      ...more,
    });
    const axis = (label: string): uPlot.Axis => ({
      label,
      stroke: ink,
      labelSize: 20,
      size: 34,
      font: "11px sans-serif",
      labelFont: "11px sans-serif",
      grid: { stroke: "#80808040", width: 1 },
      ticks: { stroke: "#80808080", width: 1 },
      values: (_u: uPlot, ticks: number[]) => ticks.map((tick) => Math.abs(tick).toLocaleString("en")),
    });
    this.plot = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [middle - range, middle + range] },
          y: { range: [0, kmPerPixel * inner[1]] },
        },
        axes: [axis("km from the battery: launch to the left"), axis("km up")],
        series: [
          {},
          series("arc", COLOURS.missile, 1.2, { dash: [4, 4] }),
          series("in view", COLOURS.missile, 3),
          series("reach", COLOURS.defended, 1.2, { dash: [2, 3] }),
          series("reach", COLOURS.defended, 1.2, { dash: [2, 3] }),
          series("earliest shot", COLOURS.interceptor, 2.5),
          series("latest shot", COLOURS.interceptor, 1.5),
          series("battery", COLOURS.battery, 2),
        ],
        hooks: { draw: [(u) => this.marks(u)] },
      },
      // uPlot wants one column of x for all; each series draws its own curve instead.
      [[left, right], ...curves.map(() => [null, null])] as unknown as uPlot.AlignedData,
      this.container,
    );
  }

  private time_s = 0;

  showTime(time_s: number): void {
    this.time_s = time_s;
    this.plot?.redraw(false);
  }

  private marks(u: uPlot): void {
    const { found } = this;
    if (!found) return;
    const spot = (x: number, y: number, colour: string, size: number) => {
      u.ctx.beginPath();
      u.ctx.arc(u.valToPos(x, "x", true), u.valToPos(y, "y", true), size * devicePixelRatio, 0, 2 * Math.PI);
      u.ctx.fillStyle = colour;
      u.ctx.fill();
      u.ctx.lineWidth = devicePixelRatio;
      u.ctx.strokeStyle = "white";
      u.ctx.stroke();
    };
    spot(0, 0, COLOURS.battery, 6);
    for (const shot of [found.first_shot, found.last_shot]) {
      if (shot) spot(-shot.intercept.distance_km, shot.intercept.altitude_km, COLOURS.interceptor, 4);
    }
    const times = found.arc.time_s;
    if (this.time_s > times[times.length - 1]!) return;
    let i = times.findIndex((time) => time > this.time_s);
    if (i < 1) i = 1;
    const share = (this.time_s - times[i - 1]!) / (times[i]! - times[i - 1]!);
    const between = (values: number[]) => values[i - 1]! + share * (values[i]! - values[i - 1]!);
    spot(-between(found.arc.distance_km), between(found.arc.altitude_km), COLOURS.missile, 5);
  }
}

function shotLine(shot: Engagement["first_shot"]): { x: number[]; y: number[] } {
  return shot ? { x: [0, -shot.intercept.distance_km], y: [0, shot.intercept.altitude_km] } : { x: [], y: [] };
}
