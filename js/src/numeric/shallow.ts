/**
 * Shallow network with one input, in the book's symbols. φ is one flat vector, as in Python:
 * θ (D × 2) row by row, then φ (D_o × (D + 1)); column 0 is the offset.
 */
export interface Shallow1D {
  /** θ_d0, θ_d1 of each unit. */
  theta: [number, number][];
  /** One row of D + 1 numbers for each output. */
  phi: number[][];
}

export function unpack(flat: readonly number[], D: number, outputs = 1): Shallow1D {
  const theta = Array.from({ length: D }, (_, d): [number, number] => [flat[2 * d], flat[2 * d + 1]]);
  const phi = Array.from({ length: outputs }, (_, o) => flat.slice(2 * D + o * (D + 1), 2 * D + (o + 1) * (D + 1)));
  return { theta, phi };
}

export const pack = ({ theta, phi }: Shallow1D): number[] => [...theta.flat(), ...phi.flat()];

export const relu = (z: number): number => (z > 0 ? z : 0);

/** Output `o` at x. */
export function evaluate({ theta, phi }: Shallow1D, x: number, o = 0, a: (z: number) => number = relu): number {
  let y = phi[o][0];
  for (let d = 0; d < theta.length; d++) y += phi[o][d + 1] * a(theta[d][0] + theta[d][1] * x);
  return y;
}

/** D + 1 equally spaced places from lo to hi: the ends of D pieces. */
export const equal = (D: number, lo: number, hi: number): number[] => Array.from({ length: D + 1 }, (_, k) => (k === D ? hi : lo + (hi - lo) * (k / D)));

export const slopesOf = (places: readonly number[], values: readonly number[]): number[] => places.slice(1).map((x, k) => (values[k + 1] - values[k]) / (x - places[k]));

/**
 * The network that is straight between the points (places, values), as `udl_core.approximation.interpolant` makes it: all units
 * face right, the first `lead` left of the first place, and each weight is a slope change.
 */
export function interpolant(places: readonly number[], values: readonly number[], lead = 0): Shallow1D {
  const slopes = slopesOf(places, values);
  const theta = slopes.map((_, d): [number, number] => [0 - places[d] + (d ? 0 : lead), 1]);
  return { theta, phi: [[values[0] - slopes[0] * lead, ...slopes.map((slope, d) => slope - (d ? slopes[d - 1] : 0))]] };
}

/** Where unit d's pre-activation is zero; NaN if it never is or always is. */
export const jointOf = ([offset, slope]: readonly [number, number]): number => (slope === 0 ? NaN : 0 - offset / slope);

export interface Joint {
  x: number;
  /** Units that switch here, counted from 0. */
  units: number[];
}

/** The exact form of a one-input ReLU network between lo and hi. */
export interface PiecewiseLinear {
  joints: Joint[];
  /** J + 1 slopes for each output. */
  slopes: number[][];
  /** lo, the joints, hi. */
  knots: number[];
  /** J + 2 values for each output, at the knots. */
  values: number[][];
  /** J + 1 patterns: which unit is on. */
  patterns: boolean[][];
}

export function joints(net: Shallow1D, lo: number, hi: number): PiecewiseLinear {
  const { theta, phi } = net;
  const found: Joint[] = [];
  const where = theta.map((t, d) => ({ x: jointOf(t), d })).filter(({ x }) => x > lo && x < hi);
  where.sort((a, b) => a.x - b.x || a.d - b.d);
  for (const { x, d } of where) {
    const last = found.at(-1);
    if (last && x - last.x <= 1e-13 * (hi - lo)) last.units.push(d);
    else found.push({ x, units: [d] });
  }
  const knots = [lo, ...found.map((j) => j.x), hi];
  const patterns = knots.slice(1).map((right, i) => {
    const middle = (knots[i] + right) / 2;
    return theta.map(([offset, slope]) => offset + slope * middle > 0);
  });
  return {
    joints: found,
    knots,
    patterns,
    slopes: phi.map((row) => patterns.map((on) => on.reduce((m, active, d) => (active ? m + row[d + 1] * theta[d][1] : m), 0))),
    values: phi.map((_, o) => knots.map((x) => evaluate(net, x, o))),
  };
}

export interface Pull {
  /** φ₀ … φ_D after the pull. */
  row: number[];
  /** Values at the knots that the reader asked for, before the slopes were made to fit. */
  wanted: number[];
  /** How far each knot had to give way. */
  given: number[];
}

/**
 * Pulls the value at knot k to y by changing φ only. The slopes m obey one equation,
 * m₀ + Σ (slope changes at units that face left) = (slope of the units without a joint here),
 * so the other knots give way as little as they can (least squares). They are held at the values of `before`:
 * during a drag, the network as it was when the drag began. Units of both kinds at one joint lift the equation.
 */
export function pull(net: Shallow1D, lo: number, hi: number, k: number, y: number, o = 0, before: Shallow1D = net): Pull {
  const { theta, phi } = net;
  const form = joints(net, lo, hi);
  const { knots } = form;
  const wanted = knots.map((x) => evaluate(before, x, o));
  wanted[k] = y;
  const facesLeft = (d: number): boolean => theta[d][1] < 0;
  const sides = form.joints.map(({ units }) => ({ left: units.filter(facesLeft), right: units.filter((d) => !facesLeft(d)) }));
  const mixed = sides.filter(({ left, right }) => left.length && right.length).length;
  // slopes are differences of values; collect the equation's coefficients a · values = b
  const a: number[] = new Array(knots.length).fill(0);
  const addSlope = (region: number, weight: number): void => {
    const width = knots[region + 1] - knots[region];
    a[region + 1] += weight / width;
    a[region] -= weight / width;
  };
  if (!mixed) {
    addSlope(0, 1);
    sides.forEach(({ left }, j) => {
      if (!left.length) return;
      addSlope(j + 1, 1);
      addSlope(j, -1);
    });
  }
  const inside = new Set(form.joints.flatMap((j) => j.units));
  let b = 0;
  theta.forEach(([offset, slope], d) => {
    if (!inside.has(d) && offset + slope * ((lo + hi) / 2) > 0) b += phi[o][d + 1] * slope;
  });
  const excess = a.reduce((sum, ai, i) => sum + ai * wanted[i], -b);
  const weight = a.reduce((sum, ai, i) => (i === k ? sum : sum + ai * ai), 0);
  const lambda = weight > 0 ? excess / weight : 0;
  const values = wanted.map((v, i) => (i === k ? v : v - lambda * a[i]));
  // back to φ: the slope changes by φ_d |θ_d1| at unit d's joint
  const row = phi[o].slice();
  const slopes = values.slice(1).map((v, i) => (v - values[i]) / (knots[i + 1] - knots[i]));
  const change = (units: number[]): number => units.reduce((sum, d) => sum + phi[o][d + 1] * Math.abs(theta[d][1]), 0);
  const parts = sides.map(({ left, right }, j) => {
    const now = slopes[j + 1] - slopes[j];
    return !left.length ? 0 : !right.length ? now : change(left) + (now - change(left) - change(right)) / 2;
  });
  const missing = mixed ? (b - slopes[0] - parts.reduce((sum, part) => sum + part, 0)) / mixed : 0;
  sides.forEach(({ left, right }, j) => {
    const leftPart = left.length && right.length ? parts[j] + missing : parts[j];
    for (const [units, total] of [[left, leftPart], [right, slopes[j + 1] - slopes[j] - leftPart]] as const) {
      // units that share a joint and a side share what is added, too
      const added = (total - change(units)) / units.length;
      for (const d of units) row[d + 1] = phi[o][d + 1] + added / Math.abs(theta[d][1]);
    }
  });
  row[0] = 0;
  row[0] = values[k] - evaluate({ theta, phi: [row] }, knots[k]);
  return { row, wanted, given: values.map((v, i) => v - wanted[i]) };
}

/**
 * The combination Σ weights · slopes that is zero whatever φ is: leftmost slope plus the slope changes at units that
 * face left. Undefined unless every unit has a joint of its own between lo and hi.
 */
export function slopeRule(net: Shallow1D, lo: number, hi: number): { weights: number[]; sums: number[] } | undefined {
  const { joints: found, slopes } = joints(net, lo, hi);
  if (found.length < net.theta.length || found.some((j) => j.units.length > 1)) return undefined;
  const left = found.map((j) => Number(net.theta[j.units[0]][1] < 0));
  const weights = slopes[0].map((_, i) => Number(i === 0) + (left[i - 1] ?? 0) - (left[i] ?? 0));
  return { weights, sums: slopes.map((m) => m.reduce((sum, slope, i) => sum + weights[i] * slope, 0)) };
}
