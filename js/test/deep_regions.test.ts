import { describe, expect, it } from "vitest";
import { deepParameters, deepValues, packDeep, unpackDeep, upperBound } from "../src/numeric/deep_net.ts";
import { affineMap, BORDER, countRegions, deepRegions, regionAt, type Box, type Region } from "../src/numeric/deep_regions.ts";
import vectors from "./vectors/deep-regions.json";

interface Case {
  state: { widths: number[]; phi: number[]; box: [number, number][] };
  expected: { bound: number; count: number; x: number[][]; y: number[][]; levels?: Record<string, number[]>[] };
}
const cases = (vectors as unknown as Case[]).map((c, i) => [i, c] as const);
const close = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(b)));
const key = ({ on }: Region): string => on.map(Number).join("");

describe("regions of deep networks", () => {
  it.each(cases)("agree with Python, case %i", (_, { state: { widths, phi, box }, expected }) => {
    const net = unpackDeep(widths, phi);
    expect(packDeep(net)).toEqual(phi);
    expect(deepParameters(widths)).toBe(phi.length);
    expect(upperBound(widths)).toBe(expected.bound);
    expect(countRegions(net, box)).toBe(expected.count);
    expected.x.forEach((x, i) => deepValues(net, x).at(-1)!.forEach((y, o) => close(y, expected.y[i][o])));
    if (!expected.levels) return;
    const levels = deepRegions(net, box);
    expect(levels.length).toBe(expected.levels.length);
    levels.forEach((found, k) => {
      const wanted = expected.levels![k];
      expect(found.map(key).sort()).toEqual(Object.keys(wanted).sort());
      for (const region of found) {
        const [area, corners, ...map] = wanted[key(region)];
        close(region.area, area);
        expect(region.x.length).toBe(corners);
        if (map.length) affineMap(net, region.on).forEach((v, i) => close(v, map[i]));
      }
    });
  });

  it.each(cases.filter(([, { state }]) => state.widths[0] === 2))("tile the box and lie within the regions before, case %i", (_, { state: { widths, phi, box } }) => {
    const net = unpackDeep(widths, phi);
    const levels = deepRegions(net, box);
    const whole = (box[0][1] - box[0][0]) * (box[1][1] - box[1][0]);
    levels.forEach((found, k) => {
      close(found.reduce((sum, r) => sum + r.area, 0), whole);
      const before = levels[k - 1] ?? [];
      const inside = before.map(() => 0);
      for (const r of found) {
        expect(r.area).toBeGreaterThan(0);
        if (!k) continue;
        inside[r.parent] += r.area;
        expect(key(r).startsWith(key(before[r.parent]))).toBe(true);
      }
      before.forEach((r, i) => close(inside[i], r.area));
    });
  });

  it.each(cases.filter(([, { state }]) => state.widths[0] === 2))("have on each edge the unit that switches there, case %i", (_, { state: { widths, phi, box } }) => {
    const net = unpackDeep(widths, phi);
    for (const { x, y, edges, on } of deepRegions(net, box).at(-1)!) {
      edges.forEach((edge, i) => {
        const j = (i + 1) % x.length;
        const middle = [(x[i] + x[j]) / 2, (y[i] + y[j]) / 2];
        if (edge === BORDER) {
          const [fromX, fromY] = box.map(([lo, hi], axis) => Math.min(middle[axis] - lo, hi - middle[axis]) / (hi - lo));
          expect(Math.min(fromX, fromY)).toBeLessThan(1e-12);
          return;
        }
        const unit = edge >> 1;
        expect(on[unit]).toBe(edge % 2 === 1);
        const hidden = deepValues(net, middle).slice(0, -1).flat();
        expect(Math.abs(hidden[unit])).toBeLessThan(1e-9);
      });
    }
  });

  it("are found from a point in them, also on edges and just outside", () => {
    const { widths, phi, box } = cases[16][1].state;
    const found = deepRegions(unpackDeep(widths, phi), box).at(-1)!;
    found.forEach(({ x, y }, r) => expect(regionAt(found, mean(x), mean(y))).toBe(r));
    // a corner belongs to each region around it: whichever is found, no unit that is clearly on or off there differs
    const net = unpackDeep(widths, phi);
    for (const { x, y } of found) {
      const z = deepValues(net, [x[0], y[0]]).slice(0, -1).flat();
      const { on } = found[regionAt(found, x[0], y[0])];
      z.forEach((v, d) => expect(Math.abs(v) < 1e-9 || on[d] === v > 0).toBe(true));
    }
    expect(regionAt(found, 5, 5)).toBeGreaterThanOrEqual(0);
  });

  it("know which box fits which network", () => {
    const net = unpackDeep([2, 1, 1], [0, 1, 1, 0, 1]);
    expect(() => deepRegions(net, [[0, 1]] as Box)).toThrow(/an interval for each/);
    expect(() => countRegions(unpackDeep([3, 1, 1], [0, 1, 1, 1, 0, 1]), [[0, 1], [0, 1], [0, 1]])).toThrow(/one or two inputs/);
  });
});

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
