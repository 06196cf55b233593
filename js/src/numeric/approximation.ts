/** Curves of D straight pieces on [0, 1] beside a target drawn through equally spaced nodes: the numbers of chapter 3. */

/** Cells between nodes: a target holds M + 1 values, at k/M, and is straight between them. */
export const M = 400;

export type Norm = "sup" | "l2";

interface Preset {
  f(x: number): number;
  /** The error falls as D to this power with equally spaced joints: in the sup norm, in the L2 norm. */
  exponents: Record<Norm, number>;
  formula: string;
}

export const PRESETS = {
  sine: { f: (x) => Math.sin(2 * Math.PI * x), exponents: { sup: -2, l2: -2 }, formula: "sin 2πx" },
  chirp: { f: (x) => Math.sin(16 * Math.PI * x ** 2), exponents: { sup: -2, l2: -2 }, formula: "sin 16πx²" },
  root: { f: Math.sqrt, exponents: { sup: -0.5, l2: -1 }, formula: "√x" },
  kink: { f: (x) => Math.abs(x - 1 / 3), exponents: { sup: -1, l2: -1.5 }, formula: "|x − ⅓|" },
  step: { f: (x) => (x >= 1 / 3 ? 1 : 0), exponents: { sup: 0, l2: -0.5 }, formula: "0, from ⅓ on 1" },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;
export const NAMES = Object.keys(PRESETS) as PresetName[];

const values = new Map<PresetName, readonly number[]>();

/** A named curve at the nodes: always the same list. */
export function preset(name: PresetName): readonly number[] {
  let y = values.get(name);
  if (!y) values.set(name, (y = Array.from({ length: M + 1 }, (_, k) => PRESETS[name].f(k / M))));
  return y;
}

/** Which named curve these values are, up to rounding. */
export const presetOf = (y: readonly number[]): PresetName | undefined =>
  NAMES.find((name) => preset(name).every((v, k) => Math.abs(v - y[k]) <= 1e-12));

/** D + 1 equally spaced places from 0 to 1. */
export const equal = (D: number): number[] => Array.from({ length: D + 1 }, (_, k) => k / D);

/** The target at a place. */
export function at(y: readonly number[], x: number): number {
  const k = Math.min(M - 1, Math.floor(x * M));
  const t = x * M - k;
  return t === 0 ? y[k] : y[k] + t * (y[k + 1] - y[k]);
}

/** The values of the curve that meets the target at its places. */
export const interpolate = (y: readonly number[], places: readonly number[]): number[] => places.map((x) => at(y, x));

/** The values at given places whose curve has the least L2 error: the normal equations of the hat functions. */
export function leastSquares(y: readonly number[], places: readonly number[]): number[] {
  const n = places.length;
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n); // between k and k + 1
  const moments = new Float64Array(n);
  for (let k = 0; k + 1 < n; k++) {
    const [a, b] = [places[k], places[k + 1]];
    const run = b - a;
    diagonal[k] += run / 3;
    diagonal[k + 1] += run / 3;
    beside[k] = run / 6;
    cells(y, a, b, (left, right, f, g) => {
      const [p, q] = [(left - a) / run, (right - a) / run]; // the right end's hat; the left one's is 1 minus it
      const sixth = (right - left) / 6;
      const rising = sixth * (2 * f * p + f * q + g * p + 2 * g * q);
      moments[k + 1] += rising;
      moments[k] += 3 * sixth * (f + g) - rising;
    });
  }
  // elimination down, substitution up: the matrix is tridiagonal and its diagonal dominates
  for (let k = 1; k < n; k++) {
    const factor = beside[k - 1] / diagonal[k - 1];
    diagonal[k] -= factor * beside[k - 1];
    moments[k] -= factor * moments[k - 1];
  }
  const solution = Array.from<number>({ length: n });
  for (let k = n - 1; k >= 0; k--) solution[k] = (moments[k] - (k + 1 < n ? beside[k] * solution[k + 1] : 0)) / diagonal[k];
  return solution;
}

export interface ApproximationError {
  sup: number;
  l2: number;
  /** Where the target is farthest from the curve: the first such place. */
  at: number;
}

/** The error on one piece: the largest with its sign and place, and the integral of the square. */
export interface PieceError {
  largest: number;
  at: number;
  square: number;
}

/** Exact up to rounding. `each` hears of every piece in turn. */
export function error(
  y: readonly number[],
  places: readonly number[],
  heights: readonly number[],
  each?: (piece: PieceError) => void,
): ApproximationError {
  const worst = { sup: -1, l2: 0, at: 0 };
  let total = 0;
  for (let k = 0; k + 1 < places.length; k++) {
    const [a, b, v] = [places[k], places[k + 1], heights[k]];
    const slope = (heights[k + 1] - v) / (b - a);
    let largest = at(y, a) - v;
    let where = a;
    let square = 0;
    let before = largest;
    cells(y, a, b, (left, right, _f, g) => {
      const e = g - (right === b ? heights[k + 1] : v + slope * (right - a));
      square += ((right - left) / 3) * (before * before + before * e + e * e);
      if (Math.abs(e) > Math.abs(largest)) {
        largest = e;
        where = right;
      }
      before = e;
    });
    total += square;
    if (Math.abs(largest) > worst.sup) {
      worst.sup = Math.abs(largest);
      worst.at = where;
    }
    each?.({ largest, at: where, square });
  }
  worst.l2 = Math.sqrt(Math.max(0, total));
  return worst;
}

/** Walks the cells between a and b on which the target is straight, with its values at both ends. */
function cells(y: readonly number[], a: number, b: number, visit: (left: number, right: number, f: number, g: number) => void): void {
  let left = a;
  let f = at(y, a);
  for (let j = Math.floor(a * M) + 1; j / M < b; j++) {
    visit(left, j / M, f, y[j]);
    left = j / M;
    f = y[j];
  }
  visit(left, b, f, at(y, b));
}

/** Raises the target by `height` around node `middle`: a cos² bump, so that bumps half a width apart add up to a level. */
export function bump(y: readonly number[], middle: number, height: number, width = 0.1): number[] {
  const half = (width * M) / 2;
  return y.map((v, k) => (Math.abs(k - middle) < half ? v + height * Math.cos(((k - middle) / half) * (Math.PI / 2)) ** 2 : v));
}

/** A pen's way from one point to the next, written over the target: straight in between. */
export function stroke(y: number[], [x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): void {
  const [lo, hi] = x0 <= x1 ? [x0, x1] : [x1, x0];
  for (let k = Math.ceil(lo * M); k <= Math.floor(hi * M); k++) {
    const t = x1 === x0 ? 1 : (k / M - x0) / (x1 - x0);
    y[k] = y0 + t * (y1 - y0);
  }
}
