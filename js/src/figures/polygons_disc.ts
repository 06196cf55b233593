import type { Frame } from "../figure.ts";
import { lineOf, type Point, type Shallow2D } from "../numeric/regions.ts";
import { html, svg } from "../svg.ts";
import { unitClass } from "./parameter_sliders.ts";
import { MOST, type PolygonsState } from "./polygons_state.ts";

/** The whole plane squeezed into a disc: (x₁, x₂) ↦ (x₁, x₂) / √(1 + x₁² + x₂²). Every crossing is in it, however far away. */
export function drawDisc(frame: Frame<PolygonsState>): (net: Shallow2D) => void {
  const row = html(frame.body, "div", { class: "udl-inset" });
  const disc = frame.plot(row, {
    label: "The whole plane, squeezed into a disc; the square is the part in view",
    x: [-1.04, 1.04],
    y: [-1.04, 1.04],
    width: 104,
    height: 104,
    bare: true,
    margin: { left: 2, right: 2, top: 2, bottom: 2 },
  });
  html(row, "p", { class: "udl-note" }, "The whole plane, squeezed into a disc. Its rim is infinitely far away; the small square is the view above.");
  const squeeze = ([x, y]: Point): Point => {
    const r = Math.sqrt(1 + x * x + y * y);
    return [x / r, y / r];
  };
  svg(disc.layer, "circle", { cx: disc.sx(0), cy: disc.sy(0), r: disc.sx(1) - disc.sx(0), class: "udl-rim" });
  const view: Point[] = [];
  for (let side = 0; side < 4; side++) {
    for (let k = 0; k < 8; k++) {
      const [u, v] = [1 - k / 4, 1];
      view.push(squeeze([[u, v], [-v, u], [-u, -v], [v, -u]][side] as Point));
    }
  }
  disc.polygon("view", "udl-view").set(
    view.map((p) => p[0]),
    view.map((p) => p[1]),
  );
  const arcs = Array.from({ length: MOST }, (_, d) =>
    disc.curve(`disc line ${d + 1}`, unitClass(d), { "data-udl-link": `unit${d + 1}` }),
  );
  return (net) =>
    arcs.forEach((arc, d) => {
      const line = net.theta[d] && lineOf(net.theta[d]);
      const points: Point[] = [];
      if (line) {
        const [n1, n2] = line.normal;
        for (let k = 0; k <= 32; k++) {
          // angles along the half circle: its ends are the directions of the line
          const t = Math.PI * (k / 32 - 0.5);
          const [c, s] = [Math.cos(t), Math.sin(t)];
          const scale = Math.hypot(1, line.offset);
          points.push([(-line.offset * c * n1) / scale - s * n2, (-line.offset * c * n2) / scale + s * n1]);
        }
      }
      arc.set(
        points.map((p) => p[0]),
        points.map((p) => p[1]),
      );
    });
}
