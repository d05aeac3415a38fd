/** The globe: Cesium's engine with the imagery that comes with it, and nothing from elsewhere. */

import {
  ArcType,
  Cartesian2,
  Cartesian3,
  CesiumWidget,
  Color,
  ColorGeometryInstanceAttribute,
  EllipsoidSurfaceAppearance,
  GeometryInstance,
  ImageryLayer,
  LabelCollection,
  LabelStyle,
  Material,
  Math as CesiumMath,
  PerInstanceColorAppearance,
  PointPrimitiveCollection,
  PolygonGeometry,
  PolygonHierarchy,
  PolylineCollection,
  Primitive,
  PrimitiveCollection,
  Rectangle,
  RectangleGeometry,
  ScreenSpaceEventHandler,
  ScreenSpaceEventType,
  SimplePolylineGeometry,
  TileMapServiceImageryProvider,
  buildModuleUrl,
  type Label,
  type PointPrimitive,
} from "@cesium/engine";
import type { MultiPolygon } from "geojson";
import type { Footprint, Replay } from "./api";
import { coasts } from "./coasts";
import { constraintCanvas } from "./constraint_canvas";
import { COLOURS, positionAt, Room, type Area, type Events, type Held, type MapView } from "./map_view";

/** What is wider is looked at from so far that the whole round Earth shows, not as a rectangle of degrees. */
const WIDE_KM = 5000;

const NAME_FONT = "12px sans-serif";
/** Targets have names from so close on. */
const TARGETS_NAMED_M = 1.2e6;
/** Pixels between a spot and its name. */
const SPOT_PX = 9;

/** Pixels around the battery, or the target, that take hold of it. */
const GRIP = 26;

export function hasWebGl(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

/** Whether pictures are drawn by the processor: then everything that can be left out is. */
function isSlow(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  const about = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = gl && about ? String(gl.getParameter(about.UNMASKED_RENDERER_WEBGL)) : "";
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}

export class Globe implements MapView {
  readonly kind = "globe";
  private readonly widget: CesiumWidget;
  private readonly paths = new PolylineCollection();
  private readonly volumes = new PolylineCollection();
  private readonly outline = new PolylineCollection();
  private readonly spots = new PointPrimitiveCollection();
  private readonly moving = new PointPrimitiveCollection();
  private readonly labels = new LabelCollection();
  private readonly areas = new PrimitiveCollection();
  private readonly heldPoints = new PointPrimitiveCollection();
  private readonly heldLabels = new LabelCollection();
  private readonly held: Record<Held, { point: PointPrimitive; label: Label }>;
  private tracks: { samples: number[]; point: PointPrimitive }[] = [];
  private named: { label: Label; width: number; far_m: number }[] = [];
  private dragging: Held | null = null;

  constructor(container: HTMLElement, credits: HTMLElement, events: Events) {
    const wish = new URLSearchParams(location.search).get("light");
    const light = wish === null ? isSlow() : wish !== "no";
    this.widget = new CesiumWidget(container, {
      baseLayer: ImageryLayer.fromProviderAsync(
        TileMapServiceImageryProvider.fromUrl(buildModuleUrl("Assets/Textures/NaturalEarthII")),
      ),
      skyBox: false,
      skyAtmosphere: false,
      scene3DOnly: true,
      requestRenderMode: true,
      maximumRenderTimeChange: Infinity,
      msaaSamples: light ? 1 : 4,
      creditContainer: credits,
      showRenderLoopErrors: false,
    });
    const { scene } = this.widget;
    if (light) this.widget.resolutionScale = 0.6;
    scene.fog.enabled = false;
    scene.globe.showGroundAtmosphere = false;
    scene.globe.baseColor = Color.fromCssColorString("#dfe8ee");
    scene.backgroundColor = Color.fromCssColorString("#10161c");
    if (scene.moon) scene.moon.show = false;
    if (scene.sun) scene.sun.show = false;
    scene.renderError.addEventListener((_scene: unknown, error: unknown) => {
      document.documentElement.dataset["renderError"] = String(error);
    });
    for (const one of [this.areas, this.paths, this.volumes, this.outline, this.spots, this.moving, this.labels, this.heldPoints, this.heldLabels]) {
      scene.primitives.add(one);
    }
    const hold = (size: number, colour: string, up: number, font: string) => ({
      point: this.heldPoints.add({
        position: Cartesian3.ZERO,
        show: false,
        pixelSize: size,
        color: Color.fromCssColorString(colour),
        outlineColor: Color.WHITE,
        outlineWidth: 3,
      }),
      label: this.heldLabels.add(label("", Cartesian3.ZERO, up, font)),
    });
    this.held = {
      target: hold(10, COLOURS.target, -28, "13px sans-serif"),
      battery: hold(16, COLOURS.battery, 20, "bold 15px sans-serif"),
    };
    this.listen(events);
    scene.camera.moveEnd.addEventListener(() => this.placeNames());
    void this.drawCoasts();
    scene.postRender.addEventListener(() => {
      // For whoever drives the page from outside: that there is a picture, and where on it what can be dragged is.
      document.documentElement.dataset["drawn"] = "yes";
      for (const [name, { point }] of Object.entries(this.held)) {
        const on = point.show && scene.cartesianToCanvasCoordinates(point.position);
        document.documentElement.dataset[name] = on ? `${Math.round(on.x)},${Math.round(on.y)}` : "";
      }
    });
  }

  private async drawCoasts(): Promise<void> {
    const { coordinates } = await coasts();
    const colour = ColorGeometryInstanceAttribute.fromColor(Color.fromCssColorString("#22303a").withAlpha(0.85));
    const instances = coordinates
      .filter((line) => line.length > 1)
      .map(
        (line) =>
          new GeometryInstance({
            geometry: new SimplePolylineGeometry({
              positions: line.map(([lon, lat]) => Cartesian3.fromDegrees(lon!, lat!, 300)),
              arcType: ArcType.NONE,
            }),
            attributes: { color: colour },
          }),
      );
    if (this.widget.isDestroyed()) return;
    this.widget.scene.primitives.add(
      new Primitive({
        geometryInstances: instances,
        appearance: new PerInstanceColorAppearance({ flat: true, translucent: false }),
        asynchronous: false,
      }),
      0,
    );
    this.widget.scene.requestRender();
  }

  private listen(events: Events): void {
    const { scene } = this.widget;
    const handler = new ScreenSpaceEventHandler(scene.canvas);
    const ground = (at: Cartesian2): [number, number] | null => {
      const point = scene.camera.pickEllipsoid(at, scene.globe.ellipsoid);
      if (!point) return null;
      const found = scene.globe.ellipsoid.cartesianToCartographic(point);
      return [CesiumMath.toDegrees(found.latitude), CesiumMath.toDegrees(found.longitude)];
    };
    const heldAt = (at: Cartesian2): Held | null => {
      for (const name of ["battery", "target"] as const) {
        const { point } = this.held[name];
        const on = point.show ? scene.cartesianToCanvasCoordinates(point.position) : undefined;
        if (on && Cartesian2.distance(on, at) < GRIP) return name;
      }
      return null;
    };
    handler.setInputAction(({ position }: { position: Cartesian2 }) => {
      this.dragging = heldAt(position);
      if (!this.dragging) return;
      scene.screenSpaceCameraController.enableInputs = false;
    }, ScreenSpaceEventType.LEFT_DOWN);
    handler.setInputAction(({ endPosition }: { endPosition: Cartesian2 }) => {
      scene.canvas.style.cursor = this.dragging ? "grabbing" : heldAt(endPosition) ? "grab" : "";
      const found = this.dragging && ground(endPosition);
      if (found) events.dragged(this.dragging!, ...found, false);
    }, ScreenSpaceEventType.MOUSE_MOVE);
    handler.setInputAction(({ position }: { position: Cartesian2 }) => {
      const held = this.dragging;
      if (!held) return;
      this.dragging = null;
      scene.screenSpaceCameraController.enableInputs = true;
      const found = ground(position);
      if (found) events.dragged(held, ...found, true);
    }, ScreenSpaceEventType.LEFT_UP);
    handler.setInputAction(({ position }: { position: Cartesian2 }) => {
      const found = heldAt(position) ? null : ground(position);
      if (found) events.picked(...found);
    }, ScreenSpaceEventType.LEFT_CLICK);
  }

  showHeld(held: Held, lat_deg: number, lon_deg: number, name: string): void {
    const position = Cartesian3.fromDegrees(lon_deg, lat_deg);
    const { point, label: words } = this.held[held];
    point.show = true;
    point.position = position;
    words.position = position;
    words.text = name;
    this.widget.scene.requestRender();
    if (!this.dragging) this.placeNames();
  }

  showFootprint(found: Footprint, layer: string): void {
    this.showAreas([
      { area: found.threatened, colour: COLOURS.threatened, filled: false },
      { area: found.defended, colour: COLOURS.defended, filled: layer !== "constraint" },
    ]);
    if (layer === "constraint") this.areas.add(constraintPicture(found));
  }

  showAreas(areas: Area[]): void {
    this.areas.removeAll();
    this.outline.removeAll();
    for (const { area, colour, filled, dashed } of areas) {
      if (filled) fill(this.areas, area, Color.fromCssColorString(colour).withAlpha(0.35));
      rings(this.outline, area, colour, filled ? 3 : 1.5, dashed);
    }
    this.widget.scene.requestRender();
  }

  showReplay(found: Replay): void {
    this.paths.removeAll();
    this.volumes.removeAll();
    this.moving.removeAll();
    this.spots.removeAll();
    this.labels.removeAll();
    this.named = [];
    for (const spot of found.spots) {
      if (spot.kind === "battery" && found.spots.filter((one) => one.kind === "battery").length === 1) continue;
      const position = Cartesian3.fromDegrees(spot.lon_deg, spot.lat_deg);
      this.spots.add({
        position,
        pixelSize: spot.kind === "target" ? 5 : 8,
        color: Color.fromCssColorString(COLOURS[spot.kind]),
        outlineColor: Color.WHITE,
        outlineWidth: 1,
      });
      const one = this.labels.add(label(spot.name, position, 0, NAME_FONT));
      this.named.push({ label: one, width: textWidth(spot.name), far_m: spot.kind === "target" ? TARGETS_NAMED_M : Infinity });
    }
    for (const volume of found.volumes) {
      for (const edge of volume.edges) {
        this.volumes.add({
          positions: positions(edge, 3, 0),
          width: 1.5,
          material: Material.fromType("Color", { color: Color.fromCssColorString(COLOURS.volume).withAlpha(0.7) }),
        });
      }
    }
    this.tracks = found.tracks.map((track) => {
      const colour = Color.fromCssColorString(COLOURS[track.kind]);
      this.paths.add({
        positions: positions(track.samples, 4, 1),
        width: track.kind === "missile" ? 2 : 2.5,
        material: Material.fromType("Color", { color: colour.withAlpha(0.75) }),
      });
      const point = this.moving.add({ position: Cartesian3.ZERO, pixelSize: 9, color: colour, show: false });
      point.outlineColor = Color.WHITE;
      point.outlineWidth = 2;
      return { samples: track.samples, point };
    });
    this.widget.scene.requestRender();
    this.placeNames();
  }

  /** Put each name to the right of its spot, or to the left, or above, where it covers no other; else leave it out. */
  private placeNames(): void {
    const { scene } = this.widget;
    const room = new Room();
    const eye = scene.camera.positionWC;
    // What lies on this side of the Earth: the eye is above its horizon.
    const at = (position: Cartesian3) =>
      Cartesian3.dot(position, eye) > Cartesian3.magnitudeSquared(position) ? scene.cartesianToCanvasCoordinates(position) : undefined;
    const spot = ({ x, y }: Cartesian2, size: number) => room.take({ x: x - size / 2, y: y - size / 2, width: size, height: size });
    for (const { point, label: words } of Object.values(this.held)) {
      const on = point.show ? at(point.position) : undefined;
      if (!on) continue;
      spot(on, point.pixelSize);
      room.take({ x: on.x, y: on.y + words.pixelOffset.y - 14, width: 1.3 * textWidth(words.text), height: 18 });
    }
    const places = this.named.map((one) => ({ ...one, on: at(one.label.position) }));
    for (const { on } of places) if (on) spot(on, 8);
    const shown = new Set<string>();
    for (const { label: words, width, far_m, on } of places) {
      words.show = false;
      if (!on || shown.has(words.text) || Cartesian3.distance(eye, words.position) > far_m) continue;
      const offsets = [[SPOT_PX, 5], [-SPOT_PX - width, 5], [-width / 2, -SPOT_PX]] as const;
      const found = offsets.find(([x, y]) => room.tries({ x: on.x + x, y: on.y + y - 12, width, height: 15 }));
      if (!found) continue;
      shown.add(words.text);
      words.pixelOffset = new Cartesian2(...found);
      words.show = true;
    }
    scene.requestRender();
  }

  showTime(time_s: number): void {
    for (const { samples, point } of this.tracks) {
      const at = positionAt(samples, time_s);
      point.show = at !== null;
      if (at) point.position = Cartesian3.fromDegrees(...at);
    }
    this.widget.scene.requestRender();
  }

  lookAt(lat_deg: number, lon_deg: number, span_km: number): void {
    if (span_km > WIDE_KM) {
      this.widget.camera.setView({ destination: Cartesian3.fromDegrees(lon_deg, lat_deg, 0.85e3 * span_km) });
      this.widget.scene.requestRender();
      return;
    }
    const half = span_km / 2 / 111;
    const wide = half / Math.max(Math.cos((lat_deg * Math.PI) / 180), 0.1);
    this.widget.camera.setView({
      destination: Rectangle.fromDegrees(
        Math.max(lon_deg - wide, -180),
        Math.max(lat_deg - half, -89),
        Math.min(lon_deg + wide, 180),
        Math.min(lat_deg + half, 89),
      ),
    });
    this.widget.scene.requestRender();
  }

  move(east: number, north: number): void {
    const { camera } = this.widget;
    const seen_rad = Math.min((0.8 * camera.positionCartographic.height) / 6.4e6, 1);
    camera.rotateRight(east * seen_rad);
    camera.rotateUp(-north * seen_rad);
    this.widget.scene.requestRender();
  }

  recede(times: number): void {
    const { camera } = this.widget;
    const height_m = Math.min(Math.max(camera.positionCartographic.height * times, 3e4), 5e7);
    camera.zoomOut(height_m - camera.positionCartographic.height);
    this.widget.scene.requestRender();
  }

  picture(): Promise<HTMLCanvasElement> {
    return new Promise((resolve) => {
      const stop = this.widget.scene.postRender.addEventListener(() => {
        stop();
        const { canvas } = this.widget.scene;
        const copy = document.createElement("canvas");
        copy.width = canvas.width;
        copy.height = canvas.height;
        copy.getContext("2d")!.drawImage(canvas, 0, 0);
        resolve(copy);
      });
      this.widget.scene.requestRender();
    });
  }

  destroy(): void {
    this.widget.destroy();
  }
}

const pen = document.createElement("canvas").getContext("2d")!;

function textWidth(text: string): number {
  pen.font = NAME_FONT;
  return pen.measureText(text).width;
}

function label(text: string, position: Cartesian3, up: number, font: string) {
  return {
    text,
    position,
    font,
    style: LabelStyle.FILL_AND_OUTLINE,
    fillColor: Color.WHITE,
    outlineColor: Color.fromCssColorString("#10161c"),
    outlineWidth: 4,
    pixelOffset: new Cartesian2(0, -up),
  };
}

/** Flat numbers, `stride` a point, longitude first at `start`, as positions. */
function positions(flat: number[], stride: number, start: number): Cartesian3[] {
  const found: Cartesian3[] = [];
  for (let i = start; i + 2 < flat.length + 1; i += stride) {
    if (flat[i + 2] !== undefined) found.push(Cartesian3.fromDegrees(flat[i]!, flat[i + 1]!, flat[i + 2]!));
  }
  return found;
}

function ring(points: number[][], height_m: number): Cartesian3[] {
  return points.map(([lon, lat]) => Cartesian3.fromDegrees(lon!, lat!, height_m));
}

function fill(into: PrimitiveCollection, area: MultiPolygon | null, color: Color): void {
  const instances = (area?.coordinates ?? []).map(
    ([shell, ...holes]) =>
      new GeometryInstance({
        geometry: new PolygonGeometry({
          polygonHierarchy: new PolygonHierarchy(
            ring(shell!, 0).slice(0, -1),
            holes.map((hole) => new PolygonHierarchy(ring(hole, 0).slice(0, -1))),
          ),
          vertexFormat: PerInstanceColorAppearance.FLAT_VERTEX_FORMAT,
        }),
        attributes: { color: ColorGeometryInstanceAttribute.fromColor(color) },
      }),
  );
  if (instances.length === 0) return;
  into.add(
    new Primitive({
      geometryInstances: instances,
      appearance: new PerInstanceColorAppearance({ flat: true, translucent: true }),
      asynchronous: false,
    }),
  );
}

function rings(into: PolylineCollection, area: MultiPolygon | null, colour: string, width: number, dashed = false): void {
  for (const polygon of area?.coordinates ?? []) {
    for (const line of polygon.flatMap(withoutCuts)) {
      into.add({
        positions: ring(line, 500),
        width,
        material: Material.fromType(dashed ? "PolylineDash" : "Color", { color: Color.fromCssColorString(colour) }),
      });
    }
  }
}

/** A ring in pieces, without what GeoJSON makes of it at 180 degrees and at the poles: those are no edges on a globe. */
function withoutCuts(points: number[][]): number[][][] {
  const pieces: number[][][] = [[]];
  points.forEach((point, i) => {
    const before = points[i - 1];
    const cut = before && ((Math.abs(before[0]!) === 180 && Math.abs(point[0]!) === 180) || (Math.abs(before[1]!) === 90 && Math.abs(point[1]!) === 90));
    if (cut) pieces.push([]);
    pieces[pieces.length - 1]!.push(point);
  });
  return pieces.filter((piece) => piece.length > 1);
}

function constraintPicture(found: Footprint): Primitive {
  const { codes, legend, west_deg, south_deg, east_deg, north_deg } = found.constraints;
  const canvas = constraintCanvas(codes, legend);
  return new Primitive({
    geometryInstances: new GeometryInstance({
      geometry: new RectangleGeometry({
        rectangle: Rectangle.fromDegrees(west_deg, south_deg, east_deg, north_deg),
        vertexFormat: EllipsoidSurfaceAppearance.VERTEX_FORMAT,
      }),
    }),
    appearance: new EllipsoidSurfaceAppearance({
      flat: true,
      material: Material.fromType("Image", { image: canvas.toDataURL() }),
    }),
    asynchronous: false,
  });
}
