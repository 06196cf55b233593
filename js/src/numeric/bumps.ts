/** Bumps of two sigmoids, and sums of them: the numbers of udl_core.approximation.sigmoid_bumps. */
import { activation } from "./activations.ts";

export const sigmoid = activation("sigmoid", { slope: 0, alpha: 0, beta: 0 }).f;

/** Where the sum and its target are compared. */
export const NODES = Array.from({ length: 401 }, (_, k) => k / 400);

/** A hill on [0, 1], zero at both ends. */
export const hill = (x: number): number => Math.sin(Math.PI * x) ** 2 * (0.6 + 0.6 * x);
const heights = NODES.map(hill);

export interface Bump {
  centre: number;
  width: number;
  height: number;
  /** The slope factor s of both sigmoids. */
  s: number;
}

/** The two sigmoids of a bump at x, both as high as it: the bump is the first minus the second. */
export function steps({ centre, width, height, s }: Bump, x: number): [number, number] {
  const at = (edge: number): number => height * sigmoid(0 - s * edge + s * x);
  return [at(centre - width / 2), at(centre + width / 2)];
}

export function bump(of: Bump, x: number): number {
  const [up, down] = steps(of, x);
  return up - down;
}

/** N bumps side by side, each as high as the hill at its centre. Steepness counts in units of one over a bump's width. */
export function row(N: number, steepness: number): Bump[] {
  return Array.from({ length: N }, (_, k) => {
    const centre = (k + 0.5) / N;
    return { centre, width: 1 / N, height: hill(centre), s: steepness * N };
  });
}

/** Farther than this from its step a sigmoid is 0 or 1 to the last digit. */
const FLAT = 40;

/** Their sum at the nodes. Neighbours share an edge, so N + 1 steps are enough, and each is worked out only where it rises. */
export function sum(N: number, steepness: number): number[] {
  const s = steepness * N;
  const y = NODES.map(() => 0);
  const after = new Float64Array(NODES.length + 1); // steps that are over, added up below
  let before = 0;
  for (let k = 0; k <= N; k++) {
    const next = k < N ? hill((k + 0.5) / N) : 0;
    const step = next - before;
    before = next;
    const edge = k / N;
    const from = Math.max(0, Math.ceil((edge - FLAT / s) * 400));
    const to = Math.min(400, Math.floor((edge + FLAT / s) * 400));
    for (let i = from; i <= to; i++) y[i] += step * sigmoid(s * (NODES[i] - edge));
    after[to + 1] += step;
  }
  let over = 0;
  for (let i = 0; i < y.length; i++) y[i] += over += after[i];
  return y;
}

/** The largest error of a sum at the nodes with its place, and the root of the mean square. */
export function errors(y: readonly number[]): { sup: number; at: number; rms: number } {
  let [sup, at, squares] = [0, 0, 0];
  y.forEach((v, k) => {
    const e = v - heights[k];
    if (Math.abs(e) > sup) [sup, at] = [Math.abs(e), NODES[k]];
    squares += e * e;
  });
  return { sup, at, rms: Math.sqrt(squares / y.length) };
}
