import { evaluate, joints, relu, unpack } from "./shallow.ts";

/** Symmetries of the ten-parameter network Shallow(1, 3, 1): scaling a unit, and exchanging two. */
export const D = 3;

/** Σ (f[x_i, φ] − y_i)². */
export function loss(flat: readonly number[], x: readonly number[], y: readonly number[]): number {
  const net = unpack(flat, D);
  return x.reduce((sum, at, i) => sum + (evaluate(net, at) - y[i]) ** 2, 0);
}

/** The largest |f[x, φ] − f[x, φ′]| for x in [lo, hi]; exact, since both are straight between their joints. */
export function gap(first: readonly number[], second: readonly number[], lo: number, hi: number): number {
  const nets = [unpack(first, D), unpack(second, D)];
  const at = nets.flatMap((net) => joints(net, lo, hi).knots);
  return Math.max(...at.map((x) => Math.abs(evaluate(nets[0], x) - evaluate(nets[1], x))));
}

/**
 * Factors of one unit against the unit it was at the start: θ_d = s · start θ_d (the nearest s, where θ_d has turned)
 * and φ_d = t · start φ_d. NaN where the start is zero, so that no factor exists.
 */
export function factors(flat: readonly number[], start: readonly number[], order: readonly number[], unit: number): { s: number; t: number } {
  const now = unpack(flat, D);
  const then = unpack(start, D);
  const source = order[unit];
  const [a0, a1] = then.theta[source];
  const [b0, b1] = now.theta[unit];
  const size = a0 * a0 + a1 * a1;
  return {
    s: size > 0 ? (a0 * b0 + a1 * b1) / size : NaN,
    t: then.phi[0][source + 1] !== 0 ? now.phi[0][unit + 1] / then.phi[0][source + 1] : NaN,
  };
}

/** φ with unit's θ at s times, and its weight at t times what they were at the start. */
export function scale(
  flat: readonly number[],
  start: readonly number[],
  order: readonly number[],
  unit: number,
  s: number,
  t: number,
): number[] {
  const next = flat.slice();
  const source = order[unit];
  next[2 * unit] = s * start[2 * source] + 0;
  next[2 * unit + 1] = s * start[2 * source + 1] + 0;
  next[2 * D + 1 + unit] = t * start[2 * D + 1 + source] + 0;
  return next;
}

/** φ and the order with units i and j exchanged. */
export function swap(flat: readonly number[], order: readonly number[], i: number, j: number): { phi: number[]; order: number[] } {
  const phi = flat.slice();
  const next = order.slice();
  for (const [a, b] of [[2 * i, 2 * j], [2 * i + 1, 2 * j + 1], [2 * D + 1 + i, 2 * D + 1 + j]]) [phi[a], phi[b]] = [phi[b], phi[a]];
  [next[i], next[j]] = [next[j], next[i]];
  return { phi, order: next };
}

/**
 * The loss over the factors (s, t) of one unit depends on the product q = |s| t only, once for s > 0 and once for
 * s < 0: c₀ + c₁ q + c₂ q². So every level of the loss is a hyperbola.
 */
export function levels(
  flat: readonly number[],
  start: readonly number[],
  order: readonly number[],
  unit: number,
  x: readonly number[],
  y: readonly number[],
): { right: [number, number, number]; left: [number, number, number] } {
  const rest = unpack(flat, D);
  rest.phi[0][unit + 1] = 0;
  const source = order[unit];
  const theta = unpack(start, D).theta[source];
  const weight = start[2 * D + 1 + source];
  const side = (sign: number): [number, number, number] => {
    const c: [number, number, number] = [0, 0, 0];
    x.forEach((at, i) => {
      const residual = evaluate(rest, at) - y[i];
      const h = weight * relu(sign * (theta[0] + theta[1] * at));
      c[0] += residual * residual;
      c[1] += 2 * residual * h;
      c[2] += h * h;
    });
    return c;
  };
  return { right: side(1), left: side(-1) };
}

/** The products q at which c₀ + c₁ q + c₂ q² equals a level. */
export function crossings([c0, c1, c2]: readonly [number, number, number], level: number): number[] {
  if (c2 <= 1e-300) return [];
  const root = c1 * c1 - 4 * c2 * (c0 - level);
  if (root <= 0) return [];
  return [(-c1 - Math.sqrt(root)) / (2 * c2), (-c1 + Math.sqrt(root)) / (2 * c2)];
}

/** The point of the branch s t = 1, s > 0 nearest to (s, t): its s. */
export function nearest(s: number, t: number): number {
  // minimise (a − s)² + (1/a − t)² over log a: first coarsely, then by Newton's steps on the derivative
  let a = 1;
  let best = Infinity;
  for (let k = -24; k <= 24; k++) {
    const b = Math.exp(k / 8);
    const distance = (b - s) ** 2 + (1 / b - t) ** 2;
    if (distance < best) [a, best] = [b, distance];
  }
  for (let k = 0; k < 6; k++) {
    const slope = a - s - (1 / a - t) / (a * a);
    const curvature = 1 + (3 / a - 2 * t) / (a * a * a);
    if (curvature <= 0) break;
    const next = a - slope / curvature;
    if (!(next > 0)) break;
    a = next;
  }
  return a;
}
