import { deepParameters, type DeepNet } from "./deep_net.ts";
import { countRegions } from "./deep_regions.ts";

/** The widths of K hidden layers of D units each, one output, whose number of parameters is closest to n: as udl_core.budget. */
export function architecture(n: number, K: number, D_i: number): number[] {
  const widths = (D: number): number[] => [D_i, ...Array.from({ length: K }, () => D), 1];
  let D = 1;
  while (deepParameters(widths(D + 1)) < n) D++;
  const [narrow, wide] = [D, D + 1].map((width) => Math.abs(deepParameters(widths(width)) - n));
  return widths(wide < narrow ? D + 1 : D);
}

/** Σ_{j ≤ D_i} C(D, j), at most as many regions as D lines or joints make (Zaslavsky, 1975). */
export function maxRegions(D_i: number, D: number): number {
  let [sum, choose] = [0, 1];
  for (let j = 0; j <= Math.min(D_i, D); j++) {
    sum += choose;
    choose = (choose * (D - j)) / (j + 1);
  }
  return sum;
}

/**
 * The regions of the best known construction: for one layer Zaslavsky's number, else the larger one of Montúfar et al.
 * (2014) and, where D_k ≥ 3 D_i, Serra et al. (2018). NaN for layers of fewer than 2 D_i units, which it can't fold with.
 */
export function construction(widths: readonly number[]): number {
  const [D_i, hidden] = [widths[0], widths.slice(1, -1)];
  const last = maxRegions(D_i, hidden.at(-1)!);
  const least = Math.min(...hidden);
  if (hidden.length === 1) return last;
  if (least < 2 * D_i) return NaN;
  const more = least >= 3 * D_i ? 1 : 0;
  return hidden.slice(0, -1).reduce((product, D) => product * (Math.floor(D / D_i) + more) ** D_i, last);
}

/**
 * Random parameters: uniform, weights and offsets of a hidden layer with He's variance 2 / D of its D inputs, and the
 * output's offset 0. Python draws the same numbers, bit by bit. `draw` counts the networks of one seed.
 */
export function randomNet(widths: readonly number[], seed: number, draw: number): DeepNet {
  let state = (Math.imul(seed + 1, 0x9e3779b1) + Math.imul(draw + 1, 0x85ebca77)) >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const net: DeepNet = { widths, beta: [], omega: [] };
  for (let k = 0; k + 1 < widths.length; k++) {
    const half = Math.sqrt(6 / widths[k]);
    const values = (n: number): number[] => Array.from({ length: n }, () => (2 * uniform() - 1) * half);
    const beta = values(widths[k + 1]);
    net.beta.push(k + 2 < widths.length ? beta : beta.map(() => 0));
    net.omega.push(Array.from({ length: widths[k + 1] }, () => values(widths[k])));
  }
  return net;
}

/** Activation regions with every input from −1 to 1, exactly. */
export function regionsOf(net: DeepNet): number {
  if (net.widths[0] === 1) return countPieces(net);
  if (net.widths.length === 3) return countCells(net);
  return countRegions(net, [[-1, 1], [-1, 1]]);
}

/** Pieces of the line from −1 to 1: between two knots all units so far are straight, so their heights at the knots say all. */
function countPieces({ beta, omega }: DeepNet): number {
  let heights: number[][] = [[-1], [1]];
  for (let k = 0; k + 1 < beta.length; k++) {
    const z = heights.map((h) => beta[k].map((offset, j) => omega[k][j].reduce((sum, w, i) => sum + w * h[i], offset)));
    const next: number[][] = [];
    for (let knot = 0; knot < z.length; knot++) {
      next.push(z[knot].map(relu));
      if (knot + 1 === z.length) break;
      const [left, right] = [z[knot], z[knot + 1]];
      const found: { t: number; unit: number }[] = [];
      for (let j = 0; j < left.length; j++) {
        if (left[j] * right[j] < 0) found.push({ t: left[j] / (left[j] - right[j]), unit: j });
      }
      found.sort((a, b) => a.t - b.t);
      for (const { t, unit } of found) next.push(left.map((v, j) => (j === unit ? 0 : relu((1 - t) * v + t * right[j]))));
    }
    heights = next;
  }
  return heights.length - 1;
}

/** Cells that lines cut the square into: one more for each line that meets it, and for each crossing of two inside. */
function countCells({ beta, omega }: DeepNet): number {
  const [b, lines] = [beta[0], omega[0]];
  let cells = 1;
  lines.forEach(([a1, a2], j) => {
    if (Math.abs(b[j]) < Math.abs(a1) + Math.abs(a2)) cells++;
    for (let i = 0; i < j; i++) {
      const [c1, c2] = lines[i];
      const det = a1 * c2 - a2 * c1;
      const [x1, x2] = [(a2 * b[i] - c2 * b[j]) / det, (c1 * b[j] - a1 * b[i]) / det];
      if (Math.abs(x1) < 1 && Math.abs(x2) < 1) cells++;
    }
  });
  return cells;
}

const relu = (z: number): number => (z > 0 ? z : 0);

export function median(values: readonly number[]): number {
  const sorted = values.slice().sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
