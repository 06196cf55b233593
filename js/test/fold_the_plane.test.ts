import { describe, expect, it } from "vitest";
import { foldThePlane } from "../src/figures/fold_the_plane.ts";
import { longestEdge, shadeOf } from "../src/figures/fold_the_plane_drawing.ts";
import { firstUnit, layerOfUnits, levelsOf, listOn, SQUARE, type FoldThePlaneState } from "../src/figures/fold_the_plane_state.ts";
import { affineOf, coloursOf, countInside, regionTable } from "../src/figures/fold_the_plane_words.ts";
import { drawnDeep, foldedDeep, seedOf } from "../src/numeric/deep_draws.ts";
import { deepParameters, deepValues, outputOf, packDeep, unpackDeep, upperBound } from "../src/numeric/deep_net.ts";
import { deepRegions, regionAt, type Region } from "../src/numeric/deep_regions.ts";
import vectors from "./vectors/fold-the-plane.json";

interface Case {
  state: FoldThePlaneState;
  expected: {
    count: number;
    bound: number;
    P: number;
    here: string;
    area: number;
    pinned: string[];
    parts: number;
    outputs: Record<string, number>;
    unlike: Record<string, number>;
  };
}
const cases = (vectors as unknown as Case[]).map((c, i) => [i, c] as const);
const [, { state: start }] = cases[0];
const close = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(b)));
const key = ({ on }: Region): string => on.map(Number).join("");
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

describe("the folded plane", () => {
  it.each(cases)("agrees with Python, case %i", (_, { state, expected }) => {
    const parsed = foldThePlane.parse(state as unknown as Record<string, unknown>);
    expect(parsed).toEqual(state);
    const levels = levelsOf(parsed);
    const shown = levels[state.layers - 1];
    const net = unpackDeep(state.widths, state.phi);
    expect(shown.length).toBe(expected.count);
    expect(upperBound([...state.widths.slice(0, state.layers + 1), 1])).toBe(expected.bound);
    expect(deepParameters(state.widths)).toBe(expected.P);
    const here = regionAt(shown, state.x[0], state.x[1]);
    expect(key(shown[here])).toBe(expected.here);
    close(shown[here].area, expected.area);
    expect(countInside(levels, state.layers - 1, here)).toBe(expected.parts);
    expect(state.pinned.map((p) => key(shown[regionAt(shown, p[0], p[1])]))).toEqual(expected.pinned);
    const value = outputOf(net);
    for (const r of shown) {
      close(value(mean(r.x), mean(r.y)), expected.outputs[key(r)]);
      close(deepValues(net, [mean(r.x), mean(r.y)]).at(-1)![0], expected.outputs[key(r)]);
    }
    const distances = coloursOf(shown, { ...state, fill: "distance" });
    const most = Math.max(...Object.values(expected.unlike));
    shown.forEach((r, i) => expect(distances.tints[i]).toEqual(shadeOf(expected.unlike[key(r)] / Math.max(1, most))));
    expect(distances.note).toContain(`to ${most} (light)`);
    const { rows } = regionTable(shown, state);
    expect(rows.length).toBe(Math.min(100, expected.count));
    const areas = rows.map((row) => row[state.layers + 1] as number);
    expect(areas).toEqual([...areas].sort((a, b) => b - a));
  });

  it("answers its question with the regions after layer 2, or all there are", () => {
    const { truth } = foldThePlane.question!;
    expect(truth(start)).toBe(deepRegions(unpackDeep(start.widths, start.phi), SQUARE)[1].length);
    const shallow = cases.find(([, { state }]) => state.widths.length === 3)![1];
    expect(truth(shallow.state)).toBe(shallow.expected.count);
  });

  it("steps in tint from each region to its neighbours across one unit", () => {
    const shown = levelsOf(start)[2];
    const { tints } = coloursOf(shown, { ...start, layers: 3 });
    const byPattern = new Map(shown.map((r, i) => [key(r), tints[i].opacity]));
    let pairs = 0;
    for (const [pattern, opacity] of byPattern) {
      [...pattern].forEach((on, u) => {
        const other = byPattern.get(pattern.slice(0, u) + (on === "1" ? "0" : "1") + pattern.slice(u + 1));
        if (other === undefined) return;
        pairs++;
        expect(Math.abs(other - opacity)).toBeGreaterThan(0.05);
      });
    }
    expect(pairs).toBeGreaterThan(100);
  });

  it("colours outputs from dark to light", () => {
    expect(shadeOf(0).fill).toBe("rgb(0 34 78)");
    expect(shadeOf(1).fill).toBe("rgb(254 232 56)");
    const light = (share: number): number => shadeOf(share).fill.match(/\d+/g)!.reduce((sum, v) => sum + Number(v), 0);
    for (let k = 0; k < 32; k++) expect(light((k + 1) / 32)).toBeGreaterThan(light(k / 32));
  });

  it("says maps and patterns as a reader would", () => {
    const net = unpackDeep([2, 1, 1], [0, 1, -1, 0.5, 2]);
    const [off, on] = [false, true].map((a) => deepRegions(net, SQUARE)[0].find((r) => r.on[0] === a)!);
    expect(affineOf(net, on)).toBe("y = 0.50 + 2.00 x₁ − 2.00 x₂");
    expect(affineOf(net, off)).toBe("y = 0.50 + 0.00 x₁ + 0.00 x₂");
    expect([listOn(on, [2, 1, 1], 0), listOn(off, [2, 1, 1], 0)]).toEqual(["1", "none"]);
    expect(layerOfUnits([2, 3, 1, 2, 1])).toEqual([0, 0, 0, 1, 2, 2]);
    expect([0, 1, 2].map((k) => firstUnit([2, 3, 1, 2, 1], k))).toEqual([0, 3, 4]);
  });

  it("puts a handle onto the longest edge of a unit's line", () => {
    const shown = levelsOf(start)[0];
    for (let u = 0; u < 4; u++) {
      const { at, along } = longestEdge(shown, u)!;
      close(deepValues(unpackDeep(start.widths, start.phi), at)[0][u], 0);
      close(Math.hypot(...along), 1);
    }
    expect(longestEdge(shown, 4)).toBeUndefined();
  });

  it("refuses states it can't draw, naming what is wrong", () => {
    const parse = (patch: Record<string, unknown>): unknown => foldThePlane.parse({ ...start, ...patch });
    expect(() => parse({ widths: [3, 4, 1] })).toThrow(/widths must be 2, then 1 to 3/);
    expect(() => parse({ widths: [2, 9, 1] })).toThrow(/1 to 8 units/);
    expect(() => parse({ widths: [2, 1, 1] })).toThrow(/phi must be a list of 5/);
    expect(() => parse({ phi: start.phi.map(() => 1e7) })).toThrow(/phi must lie from/);
    expect(() => parse({ unit: [4, 1] })).toThrow(/unit must be a hidden layer/);
    expect(() => parse({ unit: [1, 5] })).toThrow(/unit must be a hidden layer/);
    expect(() => parse({ layers: 4 })).toThrow(/layers must be/);
    expect(() => parse({ x: [0, 1.5] })).toThrow(/x must hold numbers from −1 to 1/);
    expect(() => parse({ pinned: [[0, 0], [0, 0], [0, 0]] })).toThrow(/at most 2 points/);
    expect(() => parse({ pinned: [[0, 3]] })).toThrow(/pinned must hold numbers/);
  });

  it("is shown whole when another network is set alone", () => {
    expect(foldThePlane.complete!({ widths: [2, 3, 3, 1], phi: [] })).toMatchObject({ layers: 2, unit: [1, 1] });
    expect(foldThePlane.complete!({ widths: [2, 3, 3, 1], layers: 1 })).toMatchObject({ layers: 1 });
    expect(foldThePlane.complete!({ x: [0, 0] })).toEqual({ x: [0, 0] });
  });
});

describe("networks to look at", () => {
  const switching = (regions: readonly Region[]): Set<number> => new Set(regions.flatMap(({ edges }) => edges.filter((e) => e >= 0).map((e) => e >> 1)));

  it("drawn at random show every unit, and the same seed draws the same", () => {
    for (let seed = 1; seed < 20; seed++) {
      const net = drawnDeep([2, 4, 5, 3, 1], seed);
      expect(drawnDeep([2, 4, 5, 3, 1], seed)).toEqual(net);
      expect(switching(deepRegions(net, SQUARE).at(-1)!).size).toBeGreaterThanOrEqual(11);
      packDeep(net).forEach((v) => expect(Math.round(100 * v) / 100).toBe(v));
    }
    expect(drawnDeep([2, 4, 1], 1)).not.toEqual(drawnDeep([2, 4, 1], 2));
  });

  it("keep the units that stay when the shape changes", () => {
    const net = drawnDeep([2, 4, 4, 1], 7);
    const grown = drawnDeep([2, 4, 5, 3, 1], 8, net);
    expect(grown.beta[0]).toEqual(net.beta[0]);
    expect(grown.omega[1].slice(0, 4)).toEqual(net.omega[1]);
    expect(grown.omega[3][0]).toEqual(net.omega[2][0].slice(0, 3));
    const less = drawnDeep([2, 3, 1], 9, net);
    expect(less.omega[0]).toEqual(net.omega[0].slice(0, 3));
    expect(less.omega[1][0]).toEqual(net.omega[2][0].slice(0, 3));
    expect(less.beta[1]).toEqual(net.beta[2]);
  });

  it("fold the square into tiles, each cut by the last layer in its own mirror image", () => {
    const net = foldedDeep([2, 4, 7, 5, 1], 3);
    const levels = deepRegions(net, SQUARE);
    expect(levels.map((level) => level.length).slice(0, 2)).toEqual([4, 36]);
    const tiles = new Map<number, number[]>();
    for (const { parent, area } of levels[2]) tiles.set(parent, [...(tiles.get(parent) ?? []), area]);
    const [first, ...others] = [...tiles.values()].map((areas) => areas.sort((a, b) => a - b));
    expect(first.length).toBeGreaterThan(5);
    for (const areas of others) {
      expect(areas.length).toBe(first.length);
      areas.forEach((area, i) => expect(Math.abs(area - first[i])).toBeLessThan(1e-12));
    }
    expect(switching(levels[2]).has(4 + 6)).toBe(false); // the odd unit of layer 2 stays off
  });

  it("have seeds that depend on every digit", () => {
    expect(seedOf([1, 2, 3])).toBe(seedOf([1, 2, 3]));
    expect(new Set([[1, 2, 3], [1, 2, 3.01], [3, 2, 1], [12, 3]].map(seedOf)).size).toBe(4);
  });
});
