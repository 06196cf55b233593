/** Sums of ridges fitted to a function of two inputs: the numbers of udl_core.approximation.fit_ridges. */

export const TARGETS = {
  product: { f: (x1: number, x2: number) => x1 * x2, formula: "x₁ x₂" },
  bowl: { f: (x1: number, x2: number) => (x1 ** 2 + x2 ** 2) / 2, formula: "(x₁² + x₂²) / 2" },
  bump: { f: (x1: number, x2: number) => Math.exp(-4 * (x1 ** 2 + x2 ** 2)), formula: "exp(−4 (x₁² + x₂²))" },
} as const;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];

/** The grid: SIDE × SIDE points of [−1, 1]², x₁ changing slowest. */
export const SIDE = 21;
export const AXIS = Array.from({ length: SIDE }, (_, i) => -1 + 0.1 * i);
export const POINTS = AXIS.flatMap((x1) => AXIS.map((x2) => [x1, x2] as const));

const J = 9;
const FAR = Math.SQRT2;
export const KNOTS = Array.from({ length: J }, (_, j) => -FAR + (j * (2 * FAR)) / (J - 1));
const GAP = KNOTS[1] - KNOTS[0];
/** Singles out one of many sums that are nearly the same: a constant may move from one ridge to another. */
const DAMPING = 1e-6;

const values = new Map<TargetName, readonly number[]>();

/** A target at the grid's points: always the same list. */
export function targetValues(name: TargetName): readonly number[] {
  let y = values.get(name);
  if (!y) values.set(name, (y = POINTS.map(([x1, x2]) => TARGETS[name].f(x1, x2))));
  return y;
}

export interface Ridges {
  /** One row of 9 numbers for each direction: its profile at the knots, straight in between. */
  profiles: number[][];
  /** The sum at the grid's points. */
  sum: number[];
  /** Each ridge alone at the grid's points. */
  singles: number[][];
  /** The share of the spread that stays unexplained: the root of the mean square of what is left, over that of the target. */
  left: number;
}

/** The profiles along these directions, in degrees, whose sum is closest to the target by least squares. */
export function fitRidges(name: TargetName, angles: readonly number[]): Ridges {
  const y = targetValues(name);
  const size = angles.length * J;
  // a point lies between two knots of each direction: the right one's share is t, the left one's 1 − t
  const left = angles.map(() => new Int32Array(y.length));
  const share = angles.map(() => new Float64Array(y.length));
  angles.forEach((angle, k) => {
    const radians = angle * (Math.PI / 180);
    const [c, s] = [Math.cos(radians), Math.sin(radians)];
    POINTS.forEach(([x1, x2], i) => {
      const at = (x1 * c + x2 * s - KNOTS[0]) / GAP;
      const j = Math.min(J - 2, Math.max(0, Math.floor(at)));
      left[k][i] = k * J + j;
      share[k][i] = at - j;
    });
  });
  const matrix = new Float64Array(size * size);
  const moments = new Float64Array(size);
  for (let i = 0; i < y.length; i++) {
    for (let k = 0; k < angles.length; k++) {
      const [a, t] = [left[k][i], share[k][i]];
      moments[a] += (1 - t) * y[i];
      moments[a + 1] += t * y[i];
      for (let l = 0; l <= k; l++) {
        const [b, u] = [left[l][i], share[l][i]];
        matrix[a * size + b] += (1 - t) * (1 - u);
        matrix[a * size + b + 1] += (1 - t) * u;
        matrix[(a + 1) * size + b] += t * (1 - u);
        matrix[(a + 1) * size + b + 1] += t * u;
      }
    }
  }
  for (let a = 0; a < size; a++) matrix[a * size + a] += DAMPING * y.length;
  const v = solve(matrix, moments);
  const profiles = angles.map((_, k) => [...v.slice(k * J, (k + 1) * J)]);
  const singles = angles.map((_, k) => Array.from(y, (_y, i) => (1 - share[k][i]) * v[left[k][i]] + share[k][i] * v[left[k][i] + 1]));
  const sum = Array.from(y, (_, i) => singles.reduce((total, ridge) => total + ridge[i], 0));
  const mean = y.reduce((total, w) => total + w, 0) / y.length;
  const [rest, spread] = [sum.reduce((total, w, i) => total + (w - y[i]) ** 2, 0), y.reduce((total, w) => total + (w - mean) ** 2, 0)];
  return { profiles, sum, singles, left: Math.sqrt(rest / spread) };
}

/** A x = b for a positive definite A, of which the lower triangle is read, by Cholesky's method. */
function solve(matrix: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const L = matrix.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = L[i * n + j];
      for (let k = 0; k < j; k++) rest -= L[i * n + k] * L[j * n + k];
      L[i * n + j] = i === j ? Math.sqrt(rest) : rest / L[j * n + j];
    }
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= L[i * n + k] * x[k];
    x[i] /= L[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= L[k * n + i] * x[k];
    x[i] /= L[i * n + i];
  }
  return x;
}

/** Where a function on the grid is at or above a level: its outline is straight inside each square between four points. */
export interface Level {
  /** Polygons that cover the area without overlap. */
  area: [x1: number, x2: number][][];
  /** The line between above and below, as pairs of points. */
  line: [x1: number, x2: number][];
}

export function atOrAbove(z: readonly number[], level: number): Level {
  const found: Level = { area: [], line: [] };
  const cross = (a: number, b: number): [number, number] => {
    const t = (level - z[a]) / (z[b] - z[a]);
    return [POINTS[a][0] + t * (POINTS[b][0] - POINTS[a][0]), POINTS[a][1] + t * (POINTS[b][1] - POINTS[a][1])];
  };
  for (let i = 0; i + 1 < SIDE; i++) {
    let full = 0; // squares in a row that are above all over: one rectangle
    const close = (j: number): void => {
      if (full) found.area.push([[AXIS[i], AXIS[j - full]], [AXIS[i + 1], AXIS[j - full]], [AXIS[i + 1], AXIS[j]], [AXIS[i], AXIS[j]]]);
      full = 0;
    };
    for (let j = 0; j + 1 < SIDE; j++) {
      const corner = i * SIDE + j;
      const square = [corner, corner + SIDE, corner + SIDE + 1, corner + 1];
      const above = square.map((k) => z[k] >= level);
      if (above.every(Boolean)) {
        full++;
        continue;
      }
      close(j);
      if (!above.some(Boolean)) continue;
      const cuts: [number, number][] = [];
      const polygon = square.flatMap((a, side): [number, number][] => {
        const next = (side + 1) % 4;
        const cut = above[side] === above[next] ? [] : [cross(a, square[next])];
        cuts.push(...cut);
        return above[side] ? [[...POINTS[a]], ...cut] : cut;
      });
      found.area.push(polygon);
      // walking round, each way out of the area is followed by the way back in
      const first = above[0] ? 0 : 1;
      for (let c = 0; c < cuts.length; c += 2) found.line.push(cuts[(c + first) % cuts.length], cuts[(c + first + 1) % cuts.length]);
    }
    close(SIDE - 1);
  }
  return found;
}

/** The same for one ridge, exactly: strips across its direction, long enough for the square. */
export function ridgeAtOrAbove(profile: readonly number[], angle: number, level: number): Level {
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const end = (u: number, side: number): [number, number] => [u * c - side * 2 * s, u * s + side * 2 * c];
  const found: Level = { area: [], line: [] };
  let from = profile[0] >= level ? KNOTS[0] : NaN;
  const close = (to: number): void => void found.area.push([end(from, -1), end(to, -1), end(to, 1), end(from, 1)]);
  for (let j = 0; j + 1 < J; j++) {
    const [a, b] = [profile[j], profile[j + 1]];
    if (a >= level === b >= level) continue;
    const u = KNOTS[j] + (GAP * (level - a)) / (b - a);
    found.line.push(end(u, -1), end(u, 1));
    if (a >= level) close(u);
    from = a >= level ? NaN : u;
  }
  if (!Number.isNaN(from)) close(KNOTS[J - 1]);
  return found;
}
