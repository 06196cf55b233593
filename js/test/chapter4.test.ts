import { describe, expect, it } from "vitest";
import { curve, foldTheLine, type FoldTheLineState } from "../src/figures/fold_the_line.ts";
import { above, at, between, composed, crossings, folds, preimages, slopes, type Curve } from "../src/numeric/composition.ts";
import foldVectors from "./vectors/fold-the-line.json";

interface FoldCase {
  state: FoldTheLineState;
  expected: {
    joints: number[];
    values: number[];
    slopes: number[];
    inputs: number[];
    level: number;
    above: [number, number][];
    x: number[];
    y1: number[];
    y2: number[];
    omega: number[][];
    beta: number[];
  };
}

const close = (a: number, b: number, tolerance = 1e-12): void => {
  expect(Math.abs(a - b), `${a} instead of ${b}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b)));
};
const allClose = (a: readonly number[], b: readonly number[], tolerance = 1e-12): void => {
  expect(a.length, `${a.join(", ")} instead of ${b.join(", ")}`).toBe(b.length);
  a.forEach((v, i) => close(v, b[i], tolerance));
};
const numbered = <T>(cases: T[]): [number, T][] => cases.map((c, i) => [i, c]);

describe("fold-the-line", () => {
  const cases = foldVectors as unknown as FoldCase[];

  it.each(numbered(cases))("agrees with the network of two layers, case %i", (_, { state: raw, expected }) => {
    const state = foldTheLine.parse(raw);
    const [first, second] = [curve(state, 1), curve(state, 2)];
    const form = composed(first, second);
    allClose(form.places, [-1, ...expected.joints, 1]);
    allClose(form.values, expected.values);
    allClose(form.pieces.map((piece) => piece.slope), expected.slopes);
    allClose(preimages(first, state.y), expected.inputs);
    allClose(above(first, expected.level).flat(), expected.above.flat());
    expected.x.forEach((x, i) => {
      close(at(first, x), expected.y1[i]);
      close(at(second, at(first, x)), expected.y2[i]);
      close(at(form, x), expected.y2[i]);
    });
    const { omega, beta } = between(first, second);
    omega.forEach((row, d) => allClose(row, expected.omega[d]));
    allClose(beta, expected.beta);
    expect(foldTheLine.question!.truth(state)).toBe(expected.slopes.length);
  });

  it("lets copies vanish with the fold", () => {
    const zigzag: Curve = { places: [-1, -1 / 3, 1 / 3, 1], values: [-1, 1, -1, 1] };
    const flat: Curve = { ...zigzag, values: [-1, -1, -1, 1] };
    expect([folds(zigzag), composed(zigzag, zigzag).pieces.length]).toEqual([2, 9]);
    expect([folds(flat), composed(flat, zigzag).pieces.length]).toEqual([0, 5]);
    expect(composed(flat, zigzag).images.flat().filter((x) => !Number.isNaN(x)).length).toBe(2);
  });

  it("counts a fold with a level tip once", () => {
    const places = [-1, 0, 0.5, 1];
    expect(folds({ places, values: [0, 1, 1, 0] })).toBe(1);
    expect(folds({ places, values: [0, 1, 1, 2] })).toBe(0);
    expect(slopes({ places, values: [0, 1, 1, 2] })).toEqual([1, 0, 2]);
  });

  it("touches without crossing", () => {
    const tent: Curve = { places: [-1, 0, 1], values: [0, 1, 0] };
    expect(preimages(tent, 1)).toEqual([0]);
    expect(crossings(tent, 1)).toEqual([NaN, NaN]);
    expect(above(tent, 1)).toEqual([]);
    expect(above({ ...tent, values: [1, 0, 1] }, 0)).toEqual([[-1, 1]]);
  });

  it("refuses states that it can't draw", () => {
    const good = cases[0].state;
    expect(() => foldTheLine.parse({ ...good, joints1: [0.3, 0.3] })).toThrow("joints1 must ascend between −1 and 1 with at least 0.1 between");
    expect(() => foldTheLine.parse({ ...good, values2: [0, 0, 0, 1.5] })).toThrow("values2 must lie from −1 to 1, got 1.5");
    expect(() => foldTheLine.parse({ ...good, unit: 4 })).toThrow("unit must be a number from 0 to 3, got 4");
  });
});
