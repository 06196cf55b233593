import { describe, expect, it } from "vitest";
import { curve, foldTheLine, type FoldTheLineState } from "../src/figures/fold_the_line.ts";
import { above, at, between, composed, crossings, folds, preimages, slopes, type Curve } from "../src/numeric/composition.ts";
import { DRAWS, spendABudget, whole, type SpendABudgetState } from "../src/figures/spend_a_budget.ts";
import { architecture, construction, maxRegions, median, randomNet, regionsOf } from "../src/numeric/budget.ts";
import { deepParameters, packDeep, upperBound } from "../src/numeric/deep_net.ts";
import { countRegions } from "../src/numeric/deep_regions.ts";
import foldVectors from "./vectors/fold-the-line.json";
import budgetVectors from "./vectors/spend-a-budget.json";

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

interface BudgetCase {
  state: SpendABudgetState;
  expected: {
    widths: number[][];
    sizes: number[];
    bounds: number[];
    constructions: (number | null)[];
    shallow: number;
    first_numbers: number[];
    counts: number[];
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

describe("spend-a-budget", () => {
  const cases = budgetVectors as unknown as BudgetCase[];

  it.each(numbered(cases))("buys, bounds and counts what Python does, case %i", (_, { state, expected }) => {
    const { budget, depth, input, seed } = spendABudget.parse(state);
    const widths = [1, 2, 3, 4, 5, 6].map((K) => architecture(budget, K, input));
    expect(widths).toEqual(expected.widths);
    expect(widths.map(deepParameters)).toEqual(expected.sizes);
    expect(widths.map(upperBound)).toEqual(expected.bounds);
    expect(widths.map(construction).map((n) => (Number.isNaN(n) ? null : n))).toEqual(expected.constructions);
    expect(maxRegions(input, widths[0][1])).toBe(expected.shallow);
    const chosen = widths[depth - 1];
    // the same numbers to the last bit, or some region more or less would be found
    expect(packDeep(randomNet(chosen, seed, 3)).slice(0, 12)).toEqual(expected.first_numbers);
    const counts = Array.from({ length: DRAWS }, (_, draw) => regionsOf(randomNet(chosen, seed, draw)));
    expect(counts).toEqual(expected.counts);
    expect(Math.max(...counts)).toBeLessThanOrEqual(upperBound(chosen));
  });

  it.each([[1, 30, 1], [1, 6, 5, 1], [2, 25, 1]])("counts as by cutting the plane: %i, %i, %i", (...widths) => {
    for (let draw = 0; draw < 10; draw++) {
      const net = randomNet(widths, 17, draw);
      // a network of one input, over a strip
      const flat = widths[0] === 2 ? net : { ...net, widths: [2, ...widths.slice(1)], omega: [net.omega[0].map(([w]) => [w, 0]), ...net.omega.slice(1)] };
      expect(regionsOf(net)).toBe(countRegions(flat, [[-1, 1], [-1, 1]]));
    }
  });

  it("draws other networks for another seed or draw, spread as said", () => {
    const widths = [1, 30, 30, 1];
    const draws = [randomNet(widths, 1, 0), randomNet(widths, 1, 1), randomNet(widths, 2, 0)].map(packDeep);
    expect(new Set(draws.map((phi) => phi[5])).size).toBe(3);
    const second = Array.from({ length: 40 }, (_, draw) => randomNet(widths, 9, draw).omega[1].flat()).flat();
    const variance = second.reduce((sum, w) => sum + w * w, 0) / second.length;
    expect(variance / (2 / 30)).toBeCloseTo(1, 1);
  });

  it("asks for the factor between one layer and six", () => {
    const state = cases[0].state;
    const middle = (K: number): number => median(Array.from({ length: DRAWS }, (_, draw) => regionsOf(randomNet(architecture(state.budget, K, state.input), state.seed, draw))));
    close(spendABudget.question!.truth(state), Math.log2(middle(6) / middle(1)));
    expect([-2, 0, 3, -1.47].map(spendABudget.question!.text!)).toEqual(["1/4", "as many", "8 times", "1/2.8"]);
  });

  it("writes large numbers so that they can be read", () => {
    expect([7, 1728, 530361692, 6.59e9, 2.4e12, NaN].map(whole)).toEqual(["7", "1,728", "530,361,692", "6.6 · 10⁹", "2.4 · 10¹²", "–"]);
  });

  it("refuses states that it can't draw", () => {
    const good = cases[0].state;
    expect(() => spendABudget.parse({ ...good, budget: 49 })).toThrow("budget must be a number from 50 to 1000, got 49");
    expect(() => spendABudget.parse({ ...good, depth: 2.5 })).toThrow("depth must be a whole number, got 2.5");
    expect(() => spendABudget.parse({ ...good, input: 3 })).toThrow("input must be a number from 1 to 2, got 3");
  });
});
