import type { State } from "../figure.ts";
import { handle } from "../handle.ts";
import { contour, excessAt, lossAt, step, type Bowl, type Pair } from "../numeric/linear.ts";
import type { Interval, Plot } from "../plot.ts";
import { plain, show, svg } from "../svg.ts";
import { length, type Box } from "./points.ts";

const RINGS = 7;

export interface SurfaceState extends State {
  phi: number[];
  path: number[];
  alpha: number;
}

/** The loss over (φ₀, φ₁): exact contours, the path of descent, the next step with its two parts, and the point itself. */
export function lossSurface<S extends SurfaceState>(
  plot: Plot,
  options: { set(phi: Pair): void; commit(): void; cancel(): void },
): { draw(state: S, bowl: Bowl): void; look: Camera } {
  const look = new Camera();
  const rings = Array.from({ length: RINGS }, (_, k) => plot.polygon(`contour ${RINGS - k}`, "udl-ring"));
  const lowest = plot.mark("lowest", svg(plot.layer, "path", { class: "udl-lowest" }), ([x], [y]) => {
    const [px, py] = [plot.sx(x), plot.sy(y)];
    lowest.node.setAttribute("d", `M${px - 6} ${py}h12M${px} ${py - 6}v12`);
  });
  const trail = plot.curve("path", "udl-model udl-trail");
  const visited = plot.dots("visited", "udl-model udl-dots", 3);
  const parts = [0, 1].map((j) => plot.curve(`step part ${j}`, "udl-step-part udl-steady", { "data-udl-link": `phi${j}` }));
  const arrow = plot.curve("next step", "udl-model udl-step");
  const next = plot.dots("next", "udl-model udl-dots-open", 4);
  const value = svg(plot.top, "text", { class: "udl-mark-label udl-model", "aria-hidden": "true" });
  const release = (then: () => void) => (): void => {
    look.held = false;
    then();
  };
  const point = handle(plot, {
    label: "The line as a point on the loss surface",
    name: "phi",
    className: "udl-model",
    shape: "square",
    step: [0.02, 0.02],
    start: () => (look.held = true),
    set: (a, b) => options.set([a, b]),
    commit: release(options.commit),
    cancel: release(options.cancel),
    text: (a, b) => `${plain("φ", "0")} = ${show(a)}, ${plain("φ", "1")} = ${show(b)}`,
  });

  const draw = ({ phi, path, alpha }: S, bowl: Bowl): void => {
    const [x, y] = look.at(bowl.best, [phi as Pair, ...pairs(path)]);
    plot.setDomain(x, y);
    const corners = x.flatMap((a) => y.map((b) => excessAt(bowl, [a, b])));
    const farthest = Math.sqrt(Math.max(...corners));
    const room = 0.1 * length(y);
    rings.forEach((ring, i) => {
      const outline = contour(bowl, (farthest * ((RINGS - i) / (RINGS + 1))) ** 2, [y[0] - room, y[1] + room]);
      ring.set(outline.x, outline.y);
    });
    lowest.set([bowl.best[0]], [bowl.best[1]]);
    const track = pairs(path);
    trail.set(
      track.map((p) => p[0]),
      track.map((p) => p[1]),
    );
    visited.set(trail.drawn.x, trail.drawn.y);
    const to = step(bowl, phi, alpha);
    parts[0].set([phi[0], to[0]], [phi[1], phi[1]]);
    parts[1].set([to[0], to[0]], [phi[1], to[1]]);
    arrow.set([phi[0], to[0]], [phi[1], to[1]]);
    next.set([to[0]], [to[1]]);
    point.place(phi[0], phi[1]);
    const inside = phi[0] >= x[0] && phi[0] <= x[1] && phi[1] >= y[0] && phi[1] <= y[1];
    value.textContent = inside ? `L = ${show(lossAt(bowl, phi))}` : "";
    // beside the point, away from the next step and from the rim
    const left = plot.sx(phi[0]) > plot.area.right - 75 || (to[0] > phi[0] && plot.sx(phi[0]) > plot.area.left + 75);
    value.setAttribute("text-anchor", left ? "end" : "start");
    value.setAttribute("x", String(plot.sx(phi[0]) + (left ? -12 : 12)));
    value.setAttribute("y", String(Math.min(plot.area.bottom - 4, plot.sy(phi[1]) + (to[1] > phi[1] ? 14 : -6))));
  };
  return { draw, look };
}

/** Which part of the (φ₀, φ₁) plane is shown: it stays where it is as long as the lowest point and the line are in it. */
export class Camera {
  /** While the point is dragged the view must not move under the finger. */
  held = false;
  private home: Pair = [0, 0];
  private half: Pair = [1, 1];
  private last: [Interval, Interval] | undefined;

  /** Start anew for data in this box, with the lowest point in the middle. */
  reset(best: Pair, box: Box): void {
    const height = length(box.y);
    this.half = [height / 2, height / length(box.x)];
    if (this.half[1] < 3 * this.half[0] && this.half[0] < 3 * this.half[1]) this.half[0] = this.half[1] = Math.max(...this.half);
    this.home = [...best];
  }

  at(best: Pair, points: Pair[]): [Interval, Interval] {
    if (this.held && this.last) return this.last;
    const centre = this.home.map((h, j) => {
      const slack = 0.6 * this.half[j];
      return Math.min(best[j] + slack, Math.max(best[j] - slack, h));
    });
    const far = points.map((p) => Math.max(...p.map((v, j) => Math.abs(v - centre[j]) / this.half[j])));
    // a diverging run soon leaves any picture: widen it up to three times, then let the run go
    const zoom = Math.min(3, Math.max(1, 1.06 * Math.max(...far)));
    this.last = [0, 1].map((j) => [centre[j] - zoom * this.half[j], centre[j] + zoom * this.half[j]]) as [Interval, Interval];
    return this.last;
  }
}

/** A flat path φ₀, φ₁, φ₀, φ₁, … as points. */
export const pairs = (path: number[]): Pair[] => Array.from({ length: path.length / 2 }, (_, k) => [path[2 * k], path[2 * k + 1]]);
