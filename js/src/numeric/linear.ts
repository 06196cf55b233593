/** Least squares in closed form: lines, the bowl of their loss over (φ₀, φ₁), and polynomials. No DOM. */
export type Pair = [number, number];
export type Reduction = "sum" | "mean";

export interface LineFit {
  /** Offset and slope of y = φ₀ + φ₁ x. */
  phi: Pair;
  /** False when all x are equal: then every slope is as good, and 0 is taken. */
  unique: boolean;
}

/** The line with the smallest Σ(φ₀ + φ₁ x − y)²; it passes through the mean point. */
export function fitLine(x: number[], y: number[]): LineFit {
  const mx = mean(x);
  const my = mean(y);
  const sxx = spread(x);
  if (sxx === 0) return { phi: [my, 0], unique: false };
  const slope = sum(x.map((v, i) => (v - mx) * (y[i] - my))) / sxx;
  return { phi: [my - slope * mx, slope], unique: true };
}

/** Σ(φ₀ + φ₁ x − y)². */
export const squaredLoss = (x: number[], y: number[], [a, b]: readonly number[]): number => sum(x.map((v, i) => (a + b * v - y[i]) ** 2));

/** r², how much of the variance a line explains; NaN when all x or all y are equal. */
export function rSquared(x: number[], y: number[]): number {
  const sxx = spread(x);
  const syy = spread(y);
  const [mx, my] = [mean(x), mean(y)];
  return sxx && syy ? sum(x.map((v, i) => (v - mx) * (y[i] - my))) ** 2 / (sxx * syy) : NaN;
}

/** L[φ] over all lines: a quadratic bowl, L = lowest + scale (I (φ₀ + φ₁ u − ȳ)² + sxx (φ₁ − best₁)²). */
export interface Bowl {
  /** The inputs as the line sees them: x, or x minus its mean. */
  inputs: number[];
  targets: number[];
  /** 1 for the sum over examples, 1/I for their mean. */
  scale: number;
  /** Mean of the inputs, mean of the targets, Σ(x − x̄)². */
  u: number;
  ybar: number;
  sxx: number;
  best: Pair;
  lowest: number;
  unique: boolean;
  /** Smallest and largest eigenvalue of the Hessian: the curvature of the bowl along its axes. */
  lambda: Pair;
  /** Descent converges for learning rates below 2/λ_max. */
  limit: number;
}

export function bowl(x: number[], y: number[], reduction: Reduction, centred: boolean): Bowl {
  const middle = mean(x);
  const inputs = centred ? x.map((v) => v - middle) : x;
  const I = x.length;
  const scale = reduction === "mean" ? 1 / I : 1;
  const u = centred ? 0 : middle;
  const ybar = mean(y);
  const sxx = spread(x);
  const { phi, unique } = fitLine(x, y);
  const best: Pair = [ybar - phi[1] * u, phi[1]];
  const a = I;
  const b = I * u;
  const c = sxx + I * u * u;
  const top = 2 * scale * ((a + c) / 2 + Math.hypot((a - c) / 2, b));
  // the product of the eigenvalues is the determinant; the difference would lose all digits in a narrow valley
  const bottom = (4 * scale * scale * I * sxx) / top;
  const lowest = scale * squaredLoss(inputs, y, best);
  return { inputs, targets: y, scale, u, ybar, sxx, best, lowest, unique, lambda: [bottom, top], limit: 2 / top };
}

export const lossAt = ({ inputs, targets, scale }: Bowl, phi: readonly number[]): number => scale * squaredLoss(inputs, targets, phi);

/** (∂L/∂φ₀, ∂L/∂φ₁). */
export function gradientAt({ inputs, targets, scale }: Bowl, [a, b]: readonly number[]): Pair {
  const residuals = inputs.map((v, i) => a + b * v - targets[i]);
  return [2 * scale * sum(residuals), 2 * scale * sum(residuals.map((r, i) => r * inputs[i]))];
}

/** Loss above the lowest, without the rounding of a difference. */
export function excessAt({ inputs, scale, u, ybar, sxx, best }: Bowl, [a, b]: readonly number[]): number {
  return scale * (inputs.length * (a + b * u - ybar) ** 2 + sxx * (b - best[1]) ** 2);
}

/** One step of gradient descent, φ − α ∂L/∂φ. */
export function step(b: Bowl, phi: readonly number[], alpha: number): Pair {
  const g = gradientAt(b, phi);
  return [phi[0] - alpha * g[0], phi[1] - alpha * g[1]];
}

/**
 * Outline of {φ : loss ≤ lowest + excess}, exact at each of its points and cut to slopes in [lo, hi]: an ellipse, or a
 * straight band when all x are equal. Empty where none of it lies in that range.
 */
export function contour(b: Bowl, excess: number, [lo, hi]: Pair, points = 48): { x: number[]; y: number[] } {
  const room = excess / b.scale;
  const width = Math.sqrt(room / b.inputs.length);
  const reach = b.sxx > 0 ? Math.sqrt(room / b.sxx) : Infinity;
  const slopes: number[] = [];
  const halves: number[] = [];
  if (reach === Infinity) {
    slopes.push(lo, hi);
    halves.push(width, width);
  } else {
    const angle = (slope: number): number => Math.asin(Math.min(1, Math.max(-1, (slope - b.best[1]) / reach)));
    const [from, to] = [angle(lo), angle(hi)];
    if (from === to) return { x: [], y: [] };
    for (let k = 0; k <= points; k++) {
      const t = from + ((to - from) * k) / points;
      slopes.push(b.best[1] + reach * Math.sin(t));
      halves.push(width * Math.cos(t));
    }
  }
  const middle = slopes.map((slope) => b.ybar - slope * b.u);
  return {
    x: [...middle.map((m, k) => m - halves[k]), ...middle.map((m, k) => m + halves[k]).reverse()],
    y: [...slopes, ...[...slopes].reverse()],
  };
}

export interface PolynomialFits {
  /** Entry k: coefficients of 1, x, …, x^k of the least squares polynomial of degree k. */
  phis: number[][];
  /** How many coefficients the training points determine; beyond it the higher ones are 0. */
  rank: number;
}

/**
 * Least squares polynomials of every degree up to `top`. The powers of x are made orthogonal on the data one by one
 * (twice, for full accuracy), so high degrees stay accurate. Where the points don't determine a polynomial of the degree asked
 * for, the one of lowest degree through them is taken.
 */
export function fitPolynomials(x: number[], y: number[], top: number): PolynomialFits {
  const basis: { values: number[]; powers: number[] }[] = [];
  const phis: number[][] = [];
  let phi: number[] = [];
  let residual = y;
  for (let k = 0; k <= top; k++) {
    phi = [...phi, 0];
    const next = basis.length === k ? orthogonal(x, basis) : undefined;
    if (next) {
      basis.push(next);
      const amount = dot(next.values, residual);
      residual = residual.map((r, i) => r - amount * next.values[i]);
      phi = phi.map((c, j) => c + amount * next.powers[j]);
    }
    phis.push(phi);
  }
  return { phis, rank: basis.length };
}

/** The next polynomial, of length 1 on the data and orthogonal to those before it; undefined if there is none. */
function orthogonal(x: number[], basis: { values: number[]; powers: number[] }[]): { values: number[]; powers: number[] } | undefined {
  if (basis.length >= x.length) return undefined;
  const last = basis.at(-1);
  let values = last ? last.values.map((q, i) => q * x[i]) : x.map(() => 1);
  let powers = last ? [0, ...last.powers] : [1];
  const before = Math.sqrt(dot(values, values));
  for (let pass = 0; pass < 2; pass++) {
    for (const q of basis) {
      const h = dot(q.values, values);
      values = values.map((v, i) => v - h * q.values[i]);
      powers = powers.map((c, j) => c - h * (q.powers[j] ?? 0));
    }
  }
  const norm = Math.sqrt(dot(values, values));
  if (!(norm > 1e-10 * before)) return undefined;
  return { values: values.map((v) => v / norm), powers: powers.map((c) => c / norm) };
}

/** φ₀ + φ₁ x + φ₂ x² + … */
export const polynomial = (phi: readonly number[], x: number): number => phi.reduceRight((value, c) => value * x + c, 0);

/** Mean of (f[x, φ] − y)² over the points where `take` holds; NaN when there are none. */
export function meanSquaredError(phi: readonly number[], x: number[], y: number[], take: (i: number) => boolean): number {
  const squares = x.flatMap((v, i) => (take(i) ? [(polynomial(phi, v) - y[i]) ** 2] : []));
  return squares.length ? sum(squares) / squares.length : NaN;
}

export const sum = (values: number[]): number => values.reduce((total, v) => total + v, 0);
export const mean = (values: number[]): number => sum(values) / values.length;

/** Σ(x − x̄)², and exactly 0 when the x differ by rounding only. */
export function spread(x: number[]): number {
  const middle = mean(x);
  const total = sum(x.map((v) => (v - middle) ** 2));
  const rounding = x.length * (1e-12 * Math.max(...x.map(Math.abs))) ** 2;
  return total <= rounding ? 0 : total;
}

const dot = (a: number[], b: number[]): number => a.reduce((total, v, i) => total + v * b[i], 0);
