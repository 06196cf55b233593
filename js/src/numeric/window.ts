/** A sine, and the network made for a window of it: what it does inside, and outside. */

/** The sine is looked at from −REACH to REACH, at NODES. */
export const REACH = 2;
export const NODES = Array.from({ length: 801 }, (_, k) => -REACH + k / 200);
export const target = (x: number): number => Math.sin(Math.PI * x);
const heights = NODES.map(target);

/** A curve of straight pieces that meets the sine at equally spaced places of the window. */
export interface Interpolant {
  /** D + 1 places, the ends of the window among them, and the values there. */
  places: number[];
  values: number[];
  /** D slopes. */
  slopes: number[];
  /** Where unit 1 has its joint; units 2 to D have theirs at the places inside. All face right. */
  first: number;
}

export function interpolant([lo, hi]: readonly number[], D: number, lead: number): Interpolant {
  const places = Array.from({ length: D + 1 }, (_, k) => (k === D ? hi : lo + (hi - lo) * (k / D)));
  const values = places.map(target);
  const slopes = Array.from({ length: D }, (_, k) => (values[k + 1] - values[k]) / (places[k + 1] - places[k]));
  return { places, values, slopes, first: lo - lead };
}

/** The network's output anywhere: level before its first joint, straight after its last. */
export function output({ places, values, slopes, first }: Interpolant, x: number): number {
  const D = slopes.length;
  const [lo, hi] = [places[0], places[D]];
  if (x <= lo) return values[0] + slopes[0] * (Math.max(x, first) - lo);
  let k = Math.min(D - 1, Math.floor(((x - lo) / (hi - lo)) * D));
  // rounding may name the neighbour of a piece
  if (k > 0 && x < places[k]) k--;
  return values[k] + slopes[k] * (x - places[k]);
}

/** φ of Shallow(1, D, 1), flat as in Python: its joints and slope changes. */
export function parameters({ places, values, slopes, first }: Interpolant): number[] {
  const theta = slopes.flatMap((_, d) => [0 - (d ? places[d] : first), 1]);
  return [...theta, values[0] - slopes[0] * (places[0] - first), ...slopes.map((slope, d) => slope - (d ? slopes[d - 1] : 0))];
}

export interface Errors {
  /** The largest error at the nodes of the window, and where. */
  inside: number;
  insideAt: number;
  /** The same outside; NaN if no node is outside. */
  outside: number;
  outsideAt: number;
}

export function errors(net: Interpolant): Errors {
  const [lo, hi] = [net.places[0], net.places.at(-1)!];
  const found: Errors = { inside: 0, insideAt: lo, outside: NaN, outsideAt: NaN };
  NODES.forEach((x, k) => {
    const e = Math.abs(output(net, x) - heights[k]);
    if (x >= lo && x <= hi) {
      if (e > found.inside) [found.inside, found.insideAt] = [e, x];
    } else if (!(e <= found.outside)) [found.outside, found.outsideAt] = [e, x];
  });
  return found;
}

/** Where the network bends outside of the window, in view. */
export const bendsOutside = ({ first, places }: Interpolant): number[] => (first > -REACH && first < places[0] ? [first] : []);
