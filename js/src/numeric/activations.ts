/** The activation gallery of udl_core.activations: the same names in the same order, the same values and derivatives. */
export const NAMES = [
  "relu",
  "leaky_relu",
  "parametric_relu",
  "softplus",
  "gelu",
  "silu",
  "swish",
  "elu",
  "selu",
  "hard_swish",
  "tanh",
  "sigmoid",
  "heaviside",
  "rect",
  "sine",
  "identity",
] as const;

export type ActivationName = (typeof NAMES)[number];

/** Settings of the activations that have one: leaky and parametric ReLU, ELU, swish. */
export type Settings = {
  slope: number;
  alpha: number;
  beta: number;
};

/** Piecewise linear: slopes[k] z + offsets[k] between breaks[k − 1] and breaks[k]. */
export interface Pieces {
  breaks: number[];
  slopes: number[];
  offsets: number[];
}

export interface Activation {
  name: ActivationName;
  f(z: number): number;
  /** At a kink or jump the derivative of the piece to its left, as in Python. */
  df(z: number): number;
  /** Its exact form if it is piecewise linear. */
  pieces?: Pieces;
  /** Where f or f′ jumps. */
  kinks: number[];
}

/** The setting that an activation has, if it has one. */
export const settingOf = (name: ActivationName): keyof Settings | undefined =>
  ({ leaky_relu: "slope", parametric_relu: "slope", elu: "alpha", swish: "beta" } as const)[name as "elu"];

export function activation(name: ActivationName, { slope, alpha, beta }: Settings): Activation {
  const smooth = (f: Activation["f"], df: Activation["df"], kinks: number[] = []): Activation => ({ name, f, df, kinks });
  const linear = (f: Activation["f"], df: Activation["df"], pieces: Pieces): Activation => ({ name, f, df, pieces, kinks: pieces.breaks });
  const hinge = (left: number): Activation =>
    linear(
      (z) => (z > 0 ? z : left * z + 0),
      (z) => (z > 0 ? 1 : left),
      { breaks: left === 1 ? [] : [0], slopes: left === 1 ? [1] : [left, 1], offsets: left === 1 ? [0] : [0, 0] },
    );
  switch (name) {
    case "relu":
      return hinge(0);
    case "leaky_relu":
    case "parametric_relu":
      return hinge(slope);
    case "softplus":
      return smooth(softplus, sigmoid);
    case "gelu":
      return smooth(
        (z) => z * normal(z),
        (z) => normal(z) + (z * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI),
      );
    case "silu":
      return smooth((z) => swish(z, 1), (z) => dSwish(z, 1));
    case "swish":
      return smooth((z) => swish(z, beta), (z) => dSwish(z, beta));
    case "elu":
      return smooth((z) => elu(z, alpha), (z) => dElu(z, alpha), alpha === 1 ? [] : [0]);
    case "selu":
      return smooth((z) => SELU_SCALE * elu(z, SELU_ALPHA), (z) => SELU_SCALE * dElu(z, SELU_ALPHA), [0]);
    case "hard_swish":
      return smooth(
        (z) => z * Math.min(1, Math.max(0, (z + 3) / 6)),
        (z) => (z <= -3 ? 0 : z <= 3 ? z / 3 + 0.5 : 1),
        [-3, 3],
      );
    case "tanh":
      return smooth(Math.tanh, (z) => 1 - Math.tanh(z) ** 2);
    case "sigmoid":
      return smooth(sigmoid, dSigmoid);
    case "heaviside":
      return linear((z) => (z >= 0 ? 1 : 0), () => 0, { breaks: [0], slopes: [0, 0], offsets: [0, 1] });
    case "rect":
      return linear((z) => (z >= 0 && z <= 1 ? 1 : 0), () => 0, { breaks: [0, 1], slopes: [0, 0, 0], offsets: [0, 1, 0] });
    case "sine":
      return smooth(Math.sin, Math.cos);
    case "identity":
      return linear((z) => z, () => 1, { breaks: [], slopes: [1], offsets: [0] });
  }
}

/** The error function: 2/√π exp[−z²] Σ 2ⁿ z²ⁿ⁺¹ / (1 · 3 ⋯ (2n + 1)), whose terms all have one sign, so nothing cancels. */
export function erf(z: number): number {
  const size = Math.min(Math.abs(z), 6); // erf(6) is 1 to the last bit
  let term = size;
  let sum = size;
  for (let n = 1; term > sum * 1e-17 && n < 400; n++) {
    term *= (2 * size * size) / (2 * n + 1);
    sum += term;
  }
  return Math.sign(z) * Math.min(1, (2 / Math.sqrt(Math.PI)) * Math.exp(-size * size) * sum);
}

const normal = (z: number): number => 0.5 * (1 + erf(z / Math.SQRT2));
const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z)); // of the negative side only, which can't overflow
  return (z > 0 ? 1 : e) / (1 + e);
}
function dSigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return e / (1 + e) ** 2;
}
const swish = (z: number, beta: number): number => z * sigmoid(beta * z);
const dSwish = (z: number, beta: number): number => sigmoid(beta * z) + beta * z * dSigmoid(beta * z);
const elu = (z: number, alpha: number): number => (z > 0 ? z : alpha * Math.expm1(z));
const dElu = (z: number, alpha: number): number => (z > 0 ? 1 : alpha * Math.exp(z));
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

export interface Sum {
  offset: number;
  /** weight · a[θ₀ + θ₁ x] for each. */
  terms: { theta: readonly [number, number]; weight: number }[];
}

export interface Drawn {
  x: number[];
  y: number[];
}

/**
 * The points to draw offset + Σ weight · a[θ₀ + θ₁ x] through: exact corners where a is piecewise linear, `n` samples
 * and the kinks otherwise. At a jump the line is broken by NaN, so no vertical line is drawn that isn't there.
 */
export function trace({ offset, terms }: Sum, a: Activation, lo: number, hi: number, n = 401): Drawn {
  const breaks = terms.flatMap(({ theta: [t0, t1], weight }) =>
    t1 === 0 || weight === 0 ? [] : a.kinks.map((kink) => (kink - t0) / t1).filter((x) => x > lo && x < hi),
  );
  const knots = [lo, ...[...new Set(breaks)].sort((p, q) => p - q), hi];
  const x: number[] = [];
  const y: number[] = [];
  for (let k = 0; k + 1 < knots.length; k++) {
    const [left, right] = [knots[k], knots[k + 1]];
    const value = a.pieces ? affine(offset, terms, a.pieces, a.f, (left + right) / 2) : (at: number) => evaluate(offset, terms, a.f, at);
    const start = value(left);
    if (!x.length) {
      x.push(left);
      y.push(start);
    } else if (Math.abs(start - y[y.length - 1]) > 1e-9 * Math.max(1, Math.abs(start))) {
      x.push(left, left);
      y.push(NaN, start);
    }
    if (!a.pieces) {
      const step = (hi - lo) / (n - 1);
      for (let i = Math.floor((left - lo) / step) + 1; lo + i * step < right; i++) {
        const at = lo + i * step;
        if (at <= left) continue;
        x.push(at);
        y.push(value(at));
      }
    }
    x.push(right);
    y.push(value(right));
  }
  return { x, y };
}

/** The points to draw a′[z] through; broken by NaN where it jumps. */
export function traceDerivative(a: Activation, lo: number, hi: number, n = 401): Drawn {
  const knots = [lo, ...a.kinks.filter((z) => z > lo && z < hi), hi];
  const x: number[] = [];
  const y: number[] = [];
  for (let k = 0; k + 1 < knots.length; k++) {
    const [left, right] = [knots[k], knots[k + 1]];
    // df takes the piece to the left of a kink, so the right-hand limit is read a hair further on
    const hair = k ? 1e-12 * (hi - lo) : 0;
    const start = a.df(left + hair);
    const jumps = k > 0 && Math.abs(start - y[y.length - 1]) > 1e-6;
    if (jumps) {
      x.push(left);
      y.push(NaN);
    }
    if (!k || jumps) {
      x.push(left);
      y.push(start);
    }
    const count = a.pieces ? 0 : Math.max(1, Math.round((n * (right - left)) / (hi - lo)));
    for (let i = 1; i < count; i++) {
      const at = left + ((right - left) * i) / count;
      x.push(at);
      y.push(a.df(at));
    }
    x.push(right);
    y.push(a.df(right));
  }
  return { x, y };
}

/** The jumps of a[z] itself: the value it takes there and the limits it doesn't take. */
export function jumpsOf(a: Activation): { z: number; taken: number; missed: number[] }[] {
  const { pieces } = a;
  if (!pieces) return [];
  return pieces.breaks.flatMap((z, k) => {
    const sides = [k, k + 1].map((p) => pieces.slopes[p] * z + pieces.offsets[p]);
    const taken = a.f(z);
    return sides[0] === sides[1] ? [] : [{ z, taken, missed: sides.filter((v) => v !== taken) }];
  });
}

/** Places in (lo, hi) where the sum bends or jumps. */
export function bends(sum: Sum, a: Activation, lo: number, hi: number): { x: number; units: number[] }[] {
  const found: { x: number; units: number[] }[] = [];
  const all = sum.terms.flatMap(({ theta: [t0, t1], weight }, unit) =>
    t1 === 0 || weight === 0 ? [] : a.kinks.map((kink) => ({ x: (kink - t0) / t1, unit })),
  );
  all.sort((p, q) => p.x - q.x);
  for (const { x, unit } of all) {
    if (x <= lo || x >= hi) continue;
    const last = found.at(-1);
    if (last && x - last.x <= 1e-13 * (hi - lo)) last.units.push(unit);
    else found.push({ x, units: [unit] });
  }
  return found;
}

function evaluate(offset: number, terms: Sum["terms"], f: Activation["f"], x: number): number {
  let y = offset;
  for (const { theta, weight } of terms) y += weight * f(theta[0] + theta[1] * x);
  return y;
}

/** The affine function that the sum is around x. */
function affine(offset: number, terms: Sum["terms"], pieces: Pieces, f: Activation["f"], x: number): (at: number) => number {
  let [b, m] = [offset, 0];
  for (const { theta, weight } of terms) {
    const z = theta[0] + theta[1] * x;
    if (theta[1] === 0) {
      b += weight * f(z); // constant, also exactly on a kink
      continue;
    }
    const k = pieces.breaks.filter((at) => z > at).length;
    b += weight * (pieces.slopes[k] * theta[0] + pieces.offsets[k]);
    m += weight * pieces.slopes[k] * theta[1];
  }
  return (at) => b + m * at;
}
