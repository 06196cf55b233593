import type { DeepNet } from "./deep_net.ts";

/**
 * Exact activation regions of a deep ReLU network with two inputs, as udl_core.regions finds them: the box is cut by one
 * layer after the other, since behind the cuts of a layer the next one is affine.
 *
 * Inside, the box is the square of side 1 about 0. Differences below a part 1e-12 of it are rounding and count as none.
 */
export interface Region {
  /** Corners in the box's own coordinates, counter-clockwise. */
  x: number[];
  y: number[];
  /** Of the edge from each corner to the next: BORDER, or twice the unit's number + 1 if the unit is on here. */
  edges: number[];
  /** Which units are on, through all layers so far. */
  on: boolean[];
  /** Above 0. */
  area: number;
  /** The region, among those of the layers before, that this is a part of. */
  parent: number;
}

/** The edge of a region on the box's side, where no unit switches. */
export const BORDER = -1;
const SAME = 1e-12;
const ROUNDING = 4 * Number.EPSILON;

export type Box = readonly (readonly [number, number])[];
export type Map3 = [number, number, number];

/** The regions after each hidden layer: the last list is the whole network's. */
export function deepRegions(net: DeepNet, box: Box): Region[][] {
  return layers(net, box).map((cells, k) => cells.map((cell) => finished(cell, box, k)));
}

/** How many activation regions a network of one or two inputs has in the box, an interval for each input. */
export function countRegions(net: DeepNet, box: Box): number {
  return layers(net, box).at(-1)!.length;
}

/** The affine map of a region of the whole network: output = map[0] + map[1] x₁ + map[2] x₂. */
export function affineMap({ beta, omega }: DeepNet, on: readonly boolean[], output = 0): Map3 {
  let h: Map3[] = [[0, 1, 0], [0, 0, 1]];
  let first = 0;
  const through = (k: number): Map3[] =>
    beta[k].map((offset, j) => {
      const sum: Map3 = [offset, 0, 0];
      omega[k][j].forEach((w, i) => sum.forEach((_, c) => (sum[c] += w * h[i][c])));
      return sum;
    });
  for (let k = 0; k + 1 < beta.length; k++) {
    h = through(k).map((map, j) => (on[first + j] ? map : [0, 0, 0]));
    first += beta[k].length;
  }
  return through(beta.length - 1)[output];
}

/** The region that a point lies in: the one it lies deepest in, so that there always is one. */
export function regionAt(regions: readonly Region[], x1: number, x2: number): number {
  let [best, deepest] = [-1, -Infinity];
  regions.forEach(({ x, y }, r) => {
    let depth = Infinity;
    for (let i = 0; i < x.length && depth > deepest; i++) {
      const j = i + 1 < x.length ? i + 1 : 0;
      const [dx, dy] = [x[j] - x[i], y[j] - y[i]];
      depth = Math.min(depth, (dx * (x2 - y[i]) - dy * (x1 - x[i])) / Math.sqrt(dx * dx + dy * dy));
    }
    if (depth > deepest) [best, deepest] = [r, depth];
  });
  return best;
}

/** A region on its way, and the pre-activations of its last layer: value in the middle and slopes, with their rounding. */
interface Cell {
  x: number[];
  y: number[];
  edges: number[];
  /** Of the last layer's units. */
  on: boolean[];
  parent: Cell | undefined;
  index: number;
  z: Affine;
}

/** D functions of the square: value in the middle, two slopes, and the size of what was summed up, four numbers each. */
type Affine = Float64Array;

function layers({ widths, beta, omega }: DeepNet, box: Box): Cell[][] {
  const D_i = widths[0];
  if ((D_i !== 1 && D_i !== 2) || box.length !== D_i) throw new Error(`net must have one or two inputs, and box an interval for each, got ${D_i} and ${box.length}`);
  const inputs = new Float64Array(4 * D_i);
  box.forEach(([lo, hi], i) => {
    inputs[4 * i] = lo / 2 + hi / 2;
    inputs[4 * i + 1 + i] = hi - lo; // a network of one input is one of two that ignores the second
    inputs[4 * i + 3] = Math.abs(inputs[4 * i]);
  });
  const root: Cell = {
    x: [-0.5, 0.5, 0.5, -0.5],
    y: [-0.5, -0.5, 0.5, 0.5],
    edges: [BORDER, BORDER, BORDER, BORDER],
    on: box.map(() => true),
    parent: undefined,
    index: 0,
    z: inputs,
  };
  const levels: Cell[][] = [];
  let cells = [root];
  let first = 0;
  for (let k = 0; k + 1 < beta.length; k++) {
    const next: Cell[] = [];
    for (const cell of cells) {
      for (const part of cutBy(cell, settled(through(cell, beta[k], omega[k])), first)) {
        part.index = next.length;
        next.push(part);
      }
    }
    first += beta[k].length;
    levels.push((cells = next));
  }
  return levels;
}

/** β + Ω a[z] on a region. Rounding errors are taken as independent: squares add up. */
function through({ z, on }: Cell, beta: readonly number[], omega: readonly (readonly number[])[]): Affine {
  const next = new Float64Array(4 * beta.length);
  for (let j = 0; j < beta.length; j++) {
    const weights = omega[j];
    let [value, a, b, squares] = [0, 0, 0, beta[j] * beta[j]];
    for (let i = 0; i < on.length; i++) {
      if (!on[i]) continue;
      const [w, v, s, t, noise] = [weights[i], z[4 * i], z[4 * i + 1], z[4 * i + 2], z[4 * i + 3]];
      value += w * v;
      a += w * s;
      b += w * t;
      squares += w * w * (noise * noise + v * v + s * s + t * t);
    }
    next[4 * j] = value + beta[j];
    next[4 * j + 1] = a;
    next[4 * j + 2] = b;
    next[4 * j + 3] = Math.sqrt(squares);
  }
  return next;
}

/** The same without what is only rounding: such a unit is constant, and exactly 0 if it is near it. */
function settled(z: Affine): Affine {
  for (let j = 0; j < z.length; j += 4) {
    const noise = ROUNDING * z[j + 3];
    if (Math.sqrt(z[j + 1] * z[j + 1] + z[j + 2] * z[j + 2]) > noise) continue;
    z[j + 1] = z[j + 2] = 0;
    if (Math.abs(z[j]) <= 2 * noise) z[j] = 0;
  }
  return z;
}

/** The parts into which the units of the next layer, with these pre-activations, cut a region. */
function cutBy(cell: Cell, z: Affine, first: number): Cell[] {
  const D = z.length / 4;
  const whole: Cell = { ...cell, on: new Array<boolean>(D), parent: cell, z };
  const [px, py] = [mean(cell.x), mean(cell.y)];
  let reach = 0;
  for (let i = 0; i < cell.x.length; i++) reach = Math.max(reach, Math.hypot(cell.x[i] - px, cell.y[i] - py));
  let parts = [whole];
  const undecided: number[] = [];
  for (let d = 0; d < D; d++) {
    const [value, a, b] = [z[4 * d], z[4 * d + 1], z[4 * d + 2]];
    const length = Math.sqrt(a * a + b * b);
    if (Math.abs(value + a * px + b * py) >= length * reach) {
      const on = value + a * px + b * py > 0;
      for (const part of parts) part.on[d] = on;
      continue;
    }
    const tolerance = Math.max(SAME, (ROUNDING * z[4 * d + 3]) / length);
    const next: Cell[] = [];
    for (const part of parts) cut(part, value / length, a / length, b / length, tolerance, first + d, d, next);
    parts = next;
    undecided.push(d);
  }
  // where a unit's line misses a part, the middle of the finished part tells on which side it lies
  for (const part of parts) {
    let [mx, my] = [NaN, NaN];
    for (const d of undecided) {
      if (part.on[d] !== undefined) continue;
      if (Number.isNaN(mx)) [mx, my] = [mean(part.x), mean(part.y)];
      part.on[d] = z[4 * d] + z[4 * d + 1] * mx + z[4 * d + 2] * my > 0;
    }
  }
  return parts;
}

/**
 * Cuts a convex region along the line offset + a u + b v = 0 into `found`; whole if the line misses it or only touches.
 * A corner within the tolerance lies on the line, and the cut goes through the corner itself.
 */
function cut(cell: Cell, offset: number, a: number, b: number, tolerance: number, unit: number, d: number, found: Cell[]): void {
  const { x, y, edges } = cell;
  const n = x.length;
  const sides = new Array<number>(n);
  let [above, below] = [false, false];
  for (let i = 0; i < n; i++) {
    const s = offset + a * x[i] + b * y[i];
    sides[i] = Math.abs(s) > tolerance ? s : 0;
    if (sides[i] > 0) above = true;
    else if (sides[i] < 0) below = true;
  }
  if (!above || !below) {
    found.push(cell);
    return;
  }
  const positive = part(cell, d, true);
  const negative = part(cell, d, false);
  let [downs, dx, dy, ux, uy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const j = i + 1 < n ? i + 1 : 0;
    const [s, t] = [sides[i], sides[j]];
    // going round, the line is crossed once downwards and once upwards, on an edge or at a corner
    const down = s >= 0 && t < 0;
    if (s >= 0) add(positive, x[i], y[i], down && s === 0 ? 2 * unit + 1 : edges[i]);
    if (s < 0 || (down && s === 0)) add(negative, x[i], y[i], edges[i]);
    let [cx, cy] = s === 0 ? [x[i], y[i]] : [x[j], y[j]];
    if ((s > 0 && t < 0) || (s < 0 && t > 0)) {
      const share = s / (s - t);
      [cx, cy] = [x[i] + share * (x[j] - x[i]), y[i] + share * (y[j] - y[i])];
      add(positive, cx, cy, down ? 2 * unit + 1 : edges[i]);
    }
    if (s > 0 && t < 0) add(negative, cx, cy, edges[i]);
    if (s < 0 && t >= 0) {
      add(negative, cx, cy, 2 * unit);
      [ux, uy] = [cx, cy];
    }
    if (down) {
      [dx, dy] = [cx, cy];
      downs++;
    }
  }
  if (downs === 1 && Math.hypot(dx - ux, dy - uy) > tolerance) found.push(positive, negative);
  else found.push(cell);
}

function part({ on, parent, z }: Cell, d: number, side: boolean): Cell {
  const copy = on.slice();
  copy[d] = side;
  return { x: [], y: [], edges: [], on: copy, parent, index: 0, z };
}

function add(cell: Cell, x: number, y: number, edge: number): void {
  cell.x.push(x);
  cell.y.push(y);
  cell.edges.push(edge);
}

function finished(cell: Cell, [[x_lo, x_hi], [y_lo, y_hi]]: Box, k: number): Region {
  const layersOn: boolean[][] = [];
  let at: Cell = cell;
  for (let level = k; level >= 0; level--, at = at.parent!) layersOn.push(at.on);
  const on: boolean[] = [];
  for (let level = k; level >= 0; level--) for (const unit of layersOn[level]) on.push(unit);
  const [n, cx, cy] = [cell.x.length, cell.x, cell.y];
  const [x, y] = [new Array<number>(n), new Array<number>(n)];
  let twice = 0;
  for (let i = 0; i < n; i++) {
    x[i] = (0.5 - cx[i]) * x_lo + (0.5 + cx[i]) * x_hi;
    y[i] = (0.5 - cy[i]) * y_lo + (0.5 + cy[i]) * y_hi;
    // summed about the first corner, so that a sliver keeps its digits
    if (i > 1) twice += (cx[i - 1] - cx[0]) * (cy[i] - cy[0]) - (cx[i] - cx[0]) * (cy[i - 1] - cy[0]);
  }
  const area = (twice / 2) * (x_hi - x_lo) * (y_hi - y_lo);
  return { x, y, edges: cell.edges, on, area, parent: cell.parent!.index };
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}
