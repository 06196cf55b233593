import type { Region } from "../numeric/deep_regions.ts";
import type { Plot } from "../plot.ts";
import { svg } from "../svg.ts";
import { unitClass } from "./parameter_sliders.ts";

/** matplotlib's cividis at equal steps, from low to high; between them colours are mixed. */
const CIVIDIS = ["#00224e", "#1a386f", "#434e6c", "#61646f", "#7d7c78", "#9b9476", "#bcae6c", "#dfc95a", "#fee838"];

/** One look that many regions share, so that they can be drawn as one path. */
export interface Tint {
  fill: string;
  opacity: number;
}

/** A strength from 0 to 1 as one of 32 tints of the model's colour, alternating between neighbours if `odd` does. */
export const tintOf = (strength: number, odd = false): Tint => ({
  fill: "var(--udl-model)",
  opacity: 0.06 + (0.34 * Math.round(15 * strength)) / 15 + (odd ? 0.1 : 0),
});

/** A value's share of its range, from 0 to 1, as one of 33 colours from dark to light. */
export function shadeOf(share: number): Tint {
  const at = (Math.round(32 * share) / 32) * (CIVIDIS.length - 1);
  const low = Math.min(CIVIDIS.length - 2, Math.floor(at));
  const channel = (k: number): number => {
    const [a, b] = [low, low + 1].map((i) => parseInt(CIVIDIS[i].slice(1 + 2 * k, 3 + 2 * k), 16));
    return Math.round(a + (at - low) * (b - a));
  };
  return { fill: `rgb(${channel(0)} ${channel(1)} ${channel(2)})`, opacity: 1 };
}

/** Fills the regions, all of one tint as one path: thousands of paths would take longer than finding the regions. */
export function drawFills(parent: SVGGElement, plot: Plot, regions: readonly Region[], tints: readonly Tint[]): void {
  const outlines = new Map<string, { tint: Tint; d: string }>();
  regions.forEach(({ x, y }, r) => {
    let d = "";
    for (let i = 0; i < x.length; i++) d += (i ? "L" : "M") + fine(plot.sx(x[i])) + " " + fine(plot.sy(y[i]));
    const key = tints[r].fill + tints[r].opacity;
    const same = outlines.get(key);
    if (same) same.d += `${d}Z`;
    else outlines.set(key, { tint: tints[r], d: `${d}Z` });
  });
  while (parent.childElementCount > outlines.size) parent.lastElementChild!.remove();
  while (parent.childElementCount < outlines.size) svg(parent, "path");
  let k = 0;
  for (const { tint, d } of outlines.values()) {
    const node = parent.children[k++] as SVGPathElement;
    node.style.fill = tint.fill;
    node.style.fillOpacity = String(tint.opacity);
    node.setAttribute("d", d);
  }
}

/** The bent lines of all units, one path each; layer 1 is drawn last, on top. */
export class BentLines {
  /** Of each unit, x and y of both ends of its edges, one after the other. */
  readonly edges: Float64Array[] = [];
  readonly paths: SVGPathElement[] = [];
  private readonly all: SVGGElement;
  private readonly groups: SVGGElement[];
  private readonly plot: Plot;

  constructor(plot: Plot, parent: SVGGElement, depth: number) {
    this.plot = plot;
    this.all = svg(parent, "g", { class: "udl-bends", transform: FINE });
    this.groups = Array.from({ length: depth }, (_, k) => svg(this.all, "g", { class: `udl-bends-${depth - k} ${unitClass(depth - k - 1)}` })).reverse();
  }

  /** `layers` tells the layer of each unit; units that make no edge get an empty path. */
  draw(regions: readonly Region[], layers: readonly number[]): void {
    this.all.style.setProperty("--thin", String(Math.max(0.3, Math.min(1, 14 / Math.sqrt(regions.length)))));
    const ends: number[][] = layers.map(() => []);
    for (const { x, y, edges } of regions) {
      for (let i = 0; i < x.length; i++) {
        // both neighbours know an edge; the one whose unit is on draws it
        if (edges[i] < 0 || edges[i] % 2 === 0) continue;
        const j = i + 1 < x.length ? i + 1 : 0;
        ends[edges[i] >> 1].push(x[i], y[i], x[j], y[j]);
      }
    }
    const names = layers.map((k, unit) => `${k + 1}.${unit - layers.indexOf(k) + 1}`);
    if (this.paths.length !== layers.length || this.paths.some((path, u) => path.dataset.udlLink !== names[u])) {
      this.paths.splice(0).forEach((path) => path.remove());
      layers.forEach((k, u) => this.paths.push(svg(this.groups[k], "path", { "data-udl-link": names[u] })));
    }
    const { sx, sy } = this.plot;
    ends.forEach((flat, u) => {
      this.edges[u] = Float64Array.from(flat);
      let d = "";
      for (let e = 0; e < flat.length; e += 4) {
        d += "M" + fine(sx(flat[e])) + " " + fine(sy(flat[e + 1])) + "L" + fine(sx(flat[e + 2])) + " " + fine(sy(flat[e + 3]));
      }
      this.paths[u].setAttribute("d", d);
    });
    this.edges.length = layers.length;
  }

  /** The unit whose line passes nearest to a point, no farther than `reach`. */
  near(x: number, y: number, reach: number): number | undefined {
    let [best, least]: [number | undefined, number] = [undefined, reach];
    this.edges.forEach((flat, u) => {
      for (let e = 0; e < flat.length; e += 4) {
        const [ax, ay, bx, by] = [flat[e], flat[e + 1], flat[e + 2], flat[e + 3]];
        const [dx, dy] = [bx - ax, by - ay];
        const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
        const far = Math.hypot(x - ax - t * dx, y - ay - t * dy);
        if (far < least) [best, least] = [u, far];
      }
    });
    return best;
  }
}

/** The middle of the longest edge that a unit makes, with the edge's direction. */
export function longestEdge(regions: readonly Region[], unit: number): { at: [number, number]; along: [number, number] } | undefined {
  let longest = 0;
  let found: { at: [number, number]; along: [number, number] } | undefined;
  for (const { x, y, edges } of regions) {
    for (let i = 0; i < x.length; i++) {
      if (edges[i] !== 2 * unit + 1) continue;
      const j = (i + 1) % x.length;
      const length = Math.hypot(x[j] - x[i], y[j] - y[i]);
      if (length <= longest) continue;
      longest = length;
      found = { at: [(x[i] + x[j]) / 2, (y[i] + y[j]) / 2], along: [(x[j] - x[i]) / length, (y[j] - y[i]) / length] };
    }
  }
  return found;
}

/** Whole tenths of a pixel, drawn in a group that is scaled down: decimals take several times as long to write and read. */
export const FINE = "scale(0.1)";
const fine = (v: number): number => Math.round(v * 10);
