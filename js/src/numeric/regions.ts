/** Exact linear regions of a shallow ReLU network with two inputs and one output, by cutting the box along each unit's line. */
export type Point = [number, number];

export interface Shallow2D {
  /** θ_d0, θ_d1, θ_d2 of each unit. */
  theta: [number, number, number][];
  /** φ₀ … φ_D. */
  phi: number[];
}

export interface Region {
  /** Corners, counter-clockwise. */
  polygon: Point[];
  /** Which unit is on. */
  pattern: boolean[];
  area: number;
  /** y = map[0] + map[1] x₁ + map[2] x₂ in this region. */
  map: [number, number, number];
}

/** Half the width of the square box around 0. */
export const BOX = 1;
/** Differences below this part of the box are rounding, as in udl_core.regions. */
const SAME = 1e-12;

/** φ is θ (D × 3) row by row, then φ (D + 1): 4 D + 1 numbers. */
export function unpack2D(flat: readonly number[]): Shallow2D {
  const D = (flat.length - 1) / 4;
  return {
    theta: Array.from({ length: D }, (_, d): [number, number, number] => [flat[3 * d], flat[3 * d + 1], flat[3 * d + 2]]),
    phi: flat.slice(3 * D),
  };
}

export const pack2D = ({ theta, phi }: Shallow2D): number[] => [...theta.flat(), ...phi];

export function evaluate2D({ theta, phi }: Shallow2D, x1: number, x2: number): number {
  return theta.reduce((y, [t0, t1, t2], d) => y + phi[d + 1] * Math.max(0, t0 + t1 * x1 + t2 * x2), phi[0]);
}

/** A unit's line as offset and unit normal, pointing to its active side; undefined if it has none. */
export function lineOf([t0, t1, t2]: readonly [number, number, number]): { offset: number; normal: Point } | undefined {
  const norm = Math.hypot(t1, t2);
  return norm > 0 ? { offset: t0 / norm, normal: [t1 / norm, t2 / norm] } : undefined;
}

export function linearRegions(net: Shallow2D): Region[] {
  let cells: Point[][] = [
    [
      [-BOX, -BOX],
      [BOX, -BOX],
      [BOX, BOX],
      [-BOX, BOX],
    ],
  ];
  for (const theta of net.theta) {
    const line = lineOf(theta);
    if (line) cells = cells.flatMap((cell) => cut(cell, line.offset, line.normal));
  }
  return cells.map((polygon) => {
    const inside = centroid(polygon);
    const pattern = net.theta.map(([t0, t1, t2]) => t0 + t1 * inside[0] + t2 * inside[1] > 0);
    return { polygon, pattern, area: area(polygon), map: affineMap(net, pattern) };
  });
}

/** The affine map of all regions with this pattern. */
export function affineMap({ theta, phi }: Shallow2D, pattern: readonly boolean[]): [number, number, number] {
  const map: [number, number, number] = [phi[0], 0, 0];
  theta.forEach((t, d) => {
    if (pattern[d]) for (let i = 0; i < 3; i++) map[i] += phi[d + 1] * t[i];
  });
  return map;
}

/** Cuts a convex polygon along a line; one piece if the line misses it or only touches it. */
function cut(polygon: Point[], offset: number, normal: Point): Point[][] {
  const side = polygon.map(([x, y]) => {
    const s = offset + normal[0] * x + normal[1] * y;
    return Math.abs(s) <= SAME * 2 * BOX ? 0 : s;
  });
  if (!side.some((s) => s > 0) || !side.some((s) => s < 0)) return [polygon];
  const pieces: [Point[], Point[]] = [[], []];
  polygon.forEach((p, i) => {
    const j = (i + 1) % polygon.length;
    if (side[i] >= 0) pieces[0].push(p);
    if (side[i] <= 0) pieces[1].push(p);
    if (side[i] * side[j] < 0) {
      const t = side[i] / (side[i] - side[j]);
      const q = polygon[j];
      const crossing: Point = [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
      pieces[0].push(crossing);
      pieces[1].push(crossing);
    }
  });
  return pieces;
}

/** Number of regions in the whole plane: 1 + lines + Σ over crossing points of (lines through it − 1). */
export function regionsInPlane(net: Shallow2D): number {
  const lines: { offset: number; normal: Point }[] = [];
  for (const theta of net.theta) {
    const line = lineOf(theta);
    if (line && !lines.some((other) => coincide(line, other))) lines.push(line);
  }
  const crossings: { at: Point; lines: Set<number> }[] = [];
  lines.forEach((a, i) => {
    for (let j = i + 1; j < lines.length; j++) {
      const b = lines[j];
      const det = a.normal[0] * b.normal[1] - a.normal[1] * b.normal[0];
      if (Math.abs(det) <= 1e-14) continue;
      const at: Point = [
        (a.normal[1] * b.offset - b.normal[1] * a.offset) / det,
        (b.normal[0] * a.offset - a.normal[0] * b.offset) / det,
      ];
      const scale = 1e-10 * Math.max(1, Math.hypot(...at));
      const old = crossings.find((c) => Math.hypot(c.at[0] - at[0], c.at[1] - at[1]) <= scale);
      if (old) old.lines.add(i).add(j);
      else crossings.push({ at, lines: new Set([i, j]) });
    }
  });
  return crossings.reduce((count, c) => count + c.lines.size - 1, 1 + lines.length);
}

type Line = { offset: number; normal: Point };

function coincide(a: Line, b: Line): boolean {
  const turned = a.normal[0] * b.normal[1] - a.normal[1] * b.normal[0];
  const sign = Math.sign(a.normal[0] * b.normal[0] + a.normal[1] * b.normal[1]);
  return Math.abs(turned) <= SAME && Math.abs(a.offset - sign * b.offset) <= SAME * 2 * BOX;
}

/** Zaslavsky's bound for D_i = 2: C(D, 0) + C(D, 1) + C(D, 2). */
export const maxRegions2D = (D: number): number => 1 + D + (D * (D - 1)) / 2;

/** The part of a unit's line inside the box, or undefined. */
export function segment(line: Line): [Point, Point] | undefined {
  const along: Point = [-line.normal[1], line.normal[0]];
  const foot: Point = [-line.offset * line.normal[0], -line.offset * line.normal[1]];
  let [lo, hi] = [-Infinity, Infinity];
  for (const k of [0, 1] as const) {
    if (Math.abs(along[k]) < 1e-15) {
      if (Math.abs(foot[k]) > BOX) return undefined;
      continue;
    }
    const ends = [(-BOX - foot[k]) / along[k], (BOX - foot[k]) / along[k]].sort((a, b) => a - b);
    lo = Math.max(lo, ends[0]);
    hi = Math.min(hi, ends[1]);
  }
  if (!(lo < hi)) return undefined;
  const at = (t: number): Point => [foot[0] + t * along[0], foot[1] + t * along[1]];
  return [at(lo), at(hi)];
}

/** The half of the box where a unit is on; the whole box or nothing for a unit without a line. */
export function activeSide(theta: readonly [number, number, number]): Point[] {
  const box: Point[] = [
    [-BOX, -BOX],
    [BOX, -BOX],
    [BOX, BOX],
    [-BOX, BOX],
  ];
  const line = lineOf(theta);
  if (!line) return theta[0] > 0 ? box : [];
  const on = cut(box, line.offset, line.normal).find((piece) => {
    const [x, y] = centroid(piece);
    return line.offset + line.normal[0] * x + line.normal[1] * y > 0;
  });
  return on ?? [];
}

/** Mean of the corners: inside a convex polygon. */
export const centroid = (polygon: readonly Point[]): Point => [
  polygon.reduce((sum, p) => sum + p[0], 0) / polygon.length,
  polygon.reduce((sum, p) => sum + p[1], 0) / polygon.length,
];

export function area(polygon: readonly Point[]): number {
  let twice = 0;
  polygon.forEach(([x, y], i) => {
    const [u, v] = polygon[(i + 1) % polygon.length];
    twice += x * v - u * y;
  });
  return twice / 2;
}

/** Regions from far to near for a viewer in direction `to` (in the plane): the side of a line the viewer is on is nearer. */
export function farToNear(net: Shallow2D, regions: readonly Region[], to: Point): Region[] {
  const lines = net.theta.map(lineOf);
  const order = (cells: readonly Region[], from: number): Region[] => {
    if (cells.length < 2) return [...cells];
    for (let d = from; d < lines.length; d++) {
      const on = cells.filter((c) => c.pattern[d]);
      if (on.length === 0 || on.length === cells.length) continue;
      const off = cells.filter((c) => !c.pattern[d]);
      const facing = lines[d]!.normal[0] * to[0] + lines[d]!.normal[1] * to[1] >= 0;
      const [far, near] = facing ? [off, on] : [on, off];
      return [...order(far, d + 1), ...order(near, d + 1)];
    }
    return [...cells];
  };
  return order(regions, 0);
}

/** Orthographic view of (x₁, x₂, y) from azimuth and elevation in degrees: to the right, and up. */
export function project(x1: number, x2: number, y: number, [azimuth, elevation]: Point): Point {
  const [a, e] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  const right = -Math.sin(a) * x1 + Math.cos(a) * x2;
  const away = Math.cos(a) * x1 + Math.sin(a) * x2;
  return [right, Math.cos(e) * y - Math.sin(e) * away];
}
