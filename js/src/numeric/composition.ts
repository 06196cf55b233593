/** A curve of straight pieces on an interval: through (places[i], values[i]), places ascending. */
export interface Curve {
  places: readonly number[];
  values: readonly number[];
}

/** Closer than this to a height counts as being there; as in Python, relative to the largest value. */
const TOLERANCE = 1e-13;

export function at({ places, values }: Curve, x: number): number {
  const after = places.findIndex((place) => place >= x);
  const i = after < 0 ? places.length - 1 : Math.max(1, after);
  if (x === places[i]) return values[i];
  const t = (x - places[i - 1]) / (places[i] - places[i - 1]);
  return (1 - t) * values[i - 1] + t * values[i];
}

export const slopes = ({ places, values }: Curve): number[] =>
  values.slice(1).map((v, i) => (v - values[i]) / (places[i + 1] - places[i]));

/** Where each piece crosses a height strictly between its ends; NaN where it doesn't. */
export function crossings({ places, values }: Curve, y: number): number[] {
  const above = distances(values, y);
  return above.slice(1).map((right, i) => {
    const left = above[i];
    return left * right < 0 ? places[i] + (left / (left - right)) * (places[i + 1] - places[i]) : NaN;
  });
}

/** Every x at which the curve has this height, ascending; of a level piece its two ends. */
export function preimages(curve: Curve, y: number): number[] {
  const above = distances(curve.values, y);
  const inside = crossings(curve, y).filter((x) => !Number.isNaN(x));
  return [...inside, ...curve.places.filter((_, i) => above[i] === 0)].sort((a, b) => a - b);
}

/** The intervals on which the curve is above a height; where it only touches the height they are not parted. */
export function above(curve: Curve, y: number): [number, number][] {
  const over = distances(curve.values, y);
  const cross = crossings(curve, y);
  const found: [number, number][] = [];
  for (let i = 0; i < cross.length; i++) {
    if (over[i] <= 0 && over[i + 1] <= 0) continue;
    const from = over[i] < 0 ? cross[i] : curve.places[i];
    const to = over[i + 1] < 0 ? cross[i] : curve.places[i + 1];
    const last = found.at(-1);
    if (last && last[1] === from) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}

/** Turning points inside: where the slope changes its sign, a level stretch between counted once. */
export function folds(curve: Curve): number {
  const signs = slopes(curve).map(Math.sign).filter((sign) => sign !== 0);
  return signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
}

/** f₂[f₁[x]]: straight between its knots, which are the places of f₁ and all images of the inner places of f₂. */
export interface Composition extends Curve {
  places: number[];
  values: number[];
  /** For each piece: its piece of f₁ and of f₂, and its slope, which is the product of theirs. */
  pieces: { first: number; second: number; slope: number }[];
  /** images[j][i]: where piece i of f₁ crosses the inner place j of f₂; NaN where it doesn't. */
  images: number[][];
}

export function composed(first: Curve, second: Curve): Composition {
  const images = second.places.slice(1, -1).map((place) => crossings(first, place));
  const [one, two] = [slopes(first), slopes(second)];
  const places: number[] = [];
  const values: number[] = [];
  const pieces: Composition["pieces"] = [];
  const last = one.length - 1;
  one.forEach((slope, i) => {
    const [left, right] = [first.places[i], first.places[i + 1]];
    const inside = images.map((row, j) => ({ x: row[i], value: second.values[j + 1] })).filter(({ x }) => x > left && x < right);
    inside.sort((a, b) => a.x - b.x);
    const knots = [{ x: left, value: at(second, first.values[i]) }, ...inside];
    knots.forEach(({ x, value }, k) => {
      places.push(x);
      values.push(value);
      const middle = at(first, (x + (knots[k + 1]?.x ?? right)) / 2);
      const next = second.places.findIndex((place) => place >= middle);
      const piece = Math.min(two.length, next < 0 ? two.length : Math.max(1, next)) - 1;
      pieces.push({ first: i, second: piece, slope: slope * two[piece] });
    });
    if (i === last) {
      places.push(right);
      values.push(at(second, first.values[i + 1]));
    }
  });
  return { places, values, pieces, images };
}

/**
 * What lies between the hidden units of both networks, once they are one: Ω₁ = θ′φ and β₁ = θ′₀ + θ′φ₀. Each network is
 * its curve with all units facing right, their joints where its pieces begin, and every θ_d1 equal to 1.
 */
export function between(first: Curve, second: Curve): { omega: number[][]; beta: number[] } {
  const phi = slopes(first).map((m, i, all) => (i ? m - all[i - 1] : m));
  const joints = second.places.slice(0, -1);
  return { omega: joints.map(() => phi.slice()), beta: joints.map((joint) => first.values[0] - joint) };
}

/** Height of each value above y, and exactly 0 when they differ by rounding only. */
function distances(values: readonly number[], y: number): number[] {
  const slack = TOLERANCE * Math.max(Math.abs(y), ...values.map(Math.abs));
  return values.map((v) => (Math.abs(v - y) <= slack ? 0 : v - y));
}
