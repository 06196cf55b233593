import type { Frame } from "../figure.ts";
import { draggable } from "../handle.ts";
import { evaluate2D, farToNear, project, type Point, type Region, type Shallow2D } from "../numeric/regions.ts";
import type { Plot } from "../plot.ts";
import { svg } from "../svg.ts";
import { outline, type PolygonsState } from "./polygons_state.ts";

/** Height at which the floor under the surface is drawn. */
const FLOOR = -1.3;

export interface Relief {
  draw(net: Shallow2D, regions: Region[], x: number[], view: number[]): void;
  choose(region: Region | undefined): void;
}

/** The surface, drawn from far to near over the floor of the regions; drag it or use the arrow keys to turn it. */
export function drawSurface(plot: Plot, frame: Frame<PolygonsState>): Relief {
  const floor = svg(plot.layer, "g", { class: "udl-floor" });
  const stick = plot.curve("input stick", "udl-probe");
  const sheet = svg(plot.layer, "g");
  const mark = plot.mark("surface", sheet, () => undefined);
  const dot = plot.dots("input on the surface", "udl-dots udl-ink", 5);
  const letters = ["x₁", "x₂"].map((text) => svg(plot.layer, "text", { class: "udl-letter", "text-anchor": "middle" }, text));
  const stage = svg(plot.top, "rect", {
    x: 0,
    y: plot.area.top,
    width: 320,
    height: plot.area.bottom - plot.area.top,
    class: "udl-turntable",
    tabindex: 0,
    role: "slider",
    "aria-label": "Turn the surface",
    "aria-valuemin": -180,
    "aria-valuemax": 180,
    "data-udl-handle": "turn surface",
  });
  let from: number[] = [];
  const turn = (azimuth: number, elevation: number): boolean =>
    frame.change({ view: [((((azimuth + 180) % 360) + 360) % 360) - 180, Math.max(5, Math.min(85, elevation))] });
  draggable(plot, stage, {
    start: () => (from = frame.state.view),
    move: (x, y, start) => turn(from[0] - (x - start[0]) * 60, from[1] - (y - start[1]) * 40),
    commit: frame.commit,
    cancel: frame.cancel,
  });
  stage.addEventListener("keydown", (event) => {
    const moves: Record<string, Point> = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    turn(frame.state.view[0] + move[0], frame.state.view[1] + move[1]);
    frame.commit();
  });

  let pieces = new Map<string, SVGPathElement>();
  const key = (r: Region): string => r.pattern.map(Number).join("");
  return {
    draw(net, regions, x, view) {
      const at = (p: Point, y: number): Point => project(p[0], p[1], y, view as Point);
      const screen = (p: Point): Point => [plot.sx(p[0]), plot.sy(p[1])];
      const azimuth = (view[0] * Math.PI) / 180;
      const ordered = farToNear(net, regions, [Math.cos(azimuth), Math.sin(azimuth)]);
      while (sheet.childElementCount > ordered.length) sheet.lastElementChild!.remove();
      while (sheet.childElementCount < ordered.length) svg(sheet, "path", { class: "udl-facet" });
      while (floor.childElementCount > regions.length) floor.lastElementChild!.remove();
      while (floor.childElementCount < regions.length) svg(floor, "path");
      pieces = new Map();
      ordered.forEach((r, i) => {
        const node = sheet.children[i] as SVGPathElement;
        node.setAttribute("d", outline(r.polygon.map((p) => screen(at(p, r.map[0] + r.map[1] * p[0] + r.map[2] * p[1])))));
        // lit from the upper left: steeper away from the light is darker
        const norm = Math.hypot(1, r.map[1], r.map[2]);
        const light = (0.75 + 0.45 * r.map[1] - 0.35 * r.map[2]) / norm;
        node.style.setProperty("--tint", `${Math.round(22 + 40 * (1 - Math.max(0, Math.min(1, light))))}%`);
        pieces.set(key(r), node);
      });
      regions.forEach((r, i) => floor.children[i].setAttribute("d", outline(r.polygon.map((p) => screen(at(p, FLOOR))))));
      const corners = regions.flatMap((r) => r.polygon.map((p) => at(p, r.map[0] + r.map[1] * p[0] + r.map[2] * p[1])));
      mark.set(
        corners.map((p) => p[0]),
        corners.map((p) => p[1]),
      );
      const p = x as Point;
      const ends = [at(p, FLOOR), at(p, evaluate2D(net, p[0], p[1]))];
      stick.set(
        ends.map((q) => q[0]),
        ends.map((q) => q[1]),
      );
      dot.set([ends[1][0]], [ends[1][1]]);
      const places: Point[] = [
        [0, Math.sin(azimuth) >= 0 ? 1.15 : -1.15],
        [Math.cos(azimuth) >= 0 ? 1.15 : -1.15, 0],
      ];
      letters.forEach((node, i) => {
        const [sx, sy] = screen(at(places[i], FLOOR));
        node.setAttribute("x", sx.toFixed(1));
        node.setAttribute("y", (sy + 4).toFixed(1));
      });
      stage.setAttribute("aria-valuenow", String(Math.round(view[0])));
      stage.setAttribute("aria-valuetext", `azimuth ${Math.round(view[0])}, elevation ${Math.round(view[1])} degrees`);
    },
    choose(region) {
      for (const node of pieces.values()) node.classList.remove("udl-lit-facet");
      if (region) pieces.get(key(region))?.classList.add("udl-lit-facet");
    },
  };
}
