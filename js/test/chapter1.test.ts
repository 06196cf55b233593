import { describe, expect, test } from "vitest";
import { baskets, type BasketsState } from "../src/figures/baskets.ts";
import { ceiling, small } from "../src/figures/bars.ts";
import { lineAndLoss, type LineAndLossState } from "../src/figures/line_and_loss.ts";
import { Camera, pairs } from "../src/figures/loss_surface.ts";
import { padded } from "../src/figures/points.ts";
import { bestLines, bothLosses, twoRegressions, type TwoRegressionsState } from "../src/figures/two_regressions.ts";
import { bowl, contour, excessAt, fitPolynomials, gradientAt, lossAt, meanSquaredError, polynomial, rSquared, squaredLoss, step } from "../src/numeric/linear.ts";
import basketCases from "./vectors/baskets.json";
import lineCases from "./vectors/line-and-loss.json";
import regressionCases from "./vectors/two-regressions.json";

/** |a − b| ≤ 1e-12 · max(1, |b|), in lists too; what JSON holds as null is not a number here. */
function agree(a: unknown, b: unknown, where = ""): void {
  if (Array.isArray(b)) {
    expect((a as unknown[]).length, where).toBe(b.length);
    b.forEach((v, i) => agree((a as unknown[])[i], v, `${where}[${i}]`));
  } else if (b === null) expect(a, where).not.toSatisfy(Number.isFinite);
  else expect(Math.abs((a as number) - (b as number)), `${where}: ${String(a)} against ${String(b)}`).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(b as number)));
}

describe("a line and its loss", () => {
  test.each(lineCases.map((c, i) => [i, c] as const))("agrees with Python, case %i", (_, { state, expected }) => {
    const { phi, x, y, alpha, reduction, centred } = lineAndLoss.parse(state) as LineAndLossState;
    const now = bowl(x, y, reduction, centred);
    agree(now.inputs.map((u) => phi[0] + phi[1] * u), expected.predicted, "predicted");
    agree(lossAt(now, phi), expected.loss, "loss");
    agree(gradientAt(now, phi), expected.gradient, "gradient");
    agree(now.lambda[1], expected.lambda_max, "lambda");
    agree(now.limit, expected.limit, "limit");
    agree(step(now, phi, alpha), expected.next, "next");
    agree(now.lowest, expected.lowest, "lowest");
  });

  test.each(lineCases.map((c, i) => [i, c] as const))("every point of a contour has its loss, case %i", (_, { state }) => {
    const { x, y, reduction, centred } = lineAndLoss.parse(state) as LineAndLossState;
    const now = bowl(x, y, reduction, centred);
    const { x: offsets, y: slopes } = contour(now, 2, [now.best[1] - 3, now.best[1] + 3]);
    expect(offsets.length).toBeGreaterThan(3);
    // where the outline is cut it is still on its contour; the excess is compared, not the loss, so that a large floor costs no digits
    offsets.forEach((a, i) => expect(excessAt(now, [a, slopes[i]])).toBeCloseTo(2, 7));
  });

  test("a contour outside the view is empty, and the view holds the point and the lowest loss", () => {
    const now = bowl([0, 1, 2], [0, 1, 2], "sum", false);
    expect(contour(now, 1e-4, [5, 6]).x).toEqual([]);
    const camera = new Camera();
    camera.reset([0, 0], { x: [0, 2], y: [0, 2] });
    expect(camera.at([0, 0], [[0.5, 0.5]])).toEqual([[-1, 1], [-1, 1]]);
    const [x, y] = camera.at([2, -1], [[0, 2]]);
    for (const [v, [lo, hi]] of [[2, x], [0, x], [-1, y], [2, y]] as const) expect(v).toSatisfy((p: number) => lo < p && p < hi);
    camera.held = true;
    expect(camera.at([9, 9], [[9, 9]])).toEqual([x, y]);
  });

  test("descent converges below 2/λ_max and diverges above", () => {
    const now = bowl([0.1, 0.5, 1.2, 1.9], [1, 0.7, 1.5, 2], "sum", false);
    const run = (alpha: number): number => {
      let phi: [number, number] = [1, -1];
      for (let k = 0; k < 4000; k++) phi = step(now, phi, alpha);
      return excessAt(now, phi);
    };
    expect(run(0.98 * now.limit)).toBeLessThan(1e-9);
    expect(run(1.02 * now.limit)).toBeGreaterThan(1e3);
  });

  test("paths are pairs, boxes have room", () => {
    expect(pairs([1, 2, 3, 4])).toEqual([[1, 2], [3, 4]]);
    const [lo, hi] = padded([2, 2], 0.1);
    expect(lo).toBeLessThan(2);
    expect(hi).toBeGreaterThan(2);
  });
});

describe("two regressions", () => {
  test.each(regressionCases.map((c, i) => [i, c] as const))("agrees with Python, case %i", (_, { state, expected }) => {
    const { x, y, phi } = twoRegressions.parse(state) as TwoRegressionsState;
    agree(phi, state.phi, "phi");
    agree(bestLines(x, y), expected.best, "best");
    agree([squaredLoss(x, y, phi.slice(0, 2)), squaredLoss(y, x, phi.slice(2))], expected.losses, "losses");
    agree(rSquared(x, y), expected.r2, "r2");
  });

  test("the slopes' ratio is r², and each line is best by its own measure", () => {
    const x = [0, 0.4, 1.1, 1.9, 0.7];
    const y = [0.3, 0.1, 1.2, 1.4, 1.3];
    const phi = bestLines(x, y);
    expect(phi[1] * phi[3]).toBeCloseTo(rSquared(x, y), 13);
    const [up, upOther, acrossOther, across] = bothLosses(x, y, phi);
    expect(up).toBeLessThan(upOther);
    expect(across).toBeLessThan(acrossOther);
    expect(bothLosses(x, y, [1, 0, 1, 0])).toEqual([expect.any(Number), Infinity, Infinity, expect.any(Number)]);
  });

  test("setting the lines stops them following the data", () => {
    expect(twoRegressions.complete!({ phi: [1, 2, 3, 4] })).toEqual({ phi: [1, 2, 3, 4], follow: false });
    expect(twoRegressions.complete!({ x: [1] })).toEqual({ x: [1] });
  });
});

describe("baskets", () => {
  test.each(basketCases.map((c, i) => [i, c] as const))("agrees with Python, case %i", (_, { state, expected }) => {
    const { x, y, train, phi } = baskets.parse(state) as BasketsState;
    agree(phi, expected.phi, "phi");
    agree(expected.grid.map((t) => polynomial(phi, t)), expected.curve, "curve");
    agree([true, false].map((basket) => meanSquaredError(phi, x, y, (i) => train[i] === basket)), expected.errors, "errors");
  });

  test("too few points: the polynomial of lowest degree through them", () => {
    const { phis, rank } = fitPolynomials([0, 1, 2], [0, 1, 4], 5);
    expect(rank).toBe(3);
    phis[5].forEach((c, k) => expect(c).toBeCloseTo(k === 2 ? 1 : 0, 12));
    expect(fitPolynomials([], [], 2)).toEqual({ phis: [[0], [0, 0], [0, 0, 0]], rank: 0 });
  });

  test("bars end on round numbers and small errors are readable", () => {
    expect([0.9, 1, 1.1, 42, 0.0023].map(ceiling)).toEqual([1, 1, 1.5, 50, 0.003]);
    expect([0.0334, 12.34, 3e-7, 1e-30, Infinity].map(small)).toEqual(["0.033", "12.3", "3 · 10⁻⁷", "0 (rounding)", "∞"]);
  });
});

describe("broken state is refused with a reason", () => {
  test.each([
    [lineAndLoss, { phi: [1] }, /phi must be a list of 2 finite numbers, got 1/],
    [lineAndLoss, { path: [1] }, /path must hold an offset and a slope/],
    [lineAndLoss, { alpha: 0 }, /alpha must be a number from/],
    [lineAndLoss, { y: [1, 2] }, /y must be a list of 12/],
    [lineAndLoss, { x: [], y: [] }, /x must hold at least one number/],
  ] as const)("%#", (figure, patch, why) => expect(() => figure.parse({ ...lineCases[0].state, ...patch })).toThrow(why));
  test.each([
    [{ degree: 10 }, /degree must be a number from 0 to 9/],
    [{ follow: false, phi: [1, 2] }, /phi must be a list of 1/],
    [{ train: [true] }, /train must be a list of 20/],
  ] as const)("baskets %#", (patch, why) => expect(() => baskets.parse({ ...basketCases[0].state, ...patch })).toThrow(why));
});

describe("copy as Python", () => {
  const figures = [
    [lineAndLoss, lineCases],
    [twoRegressions, regressionCases],
    [baskets, basketCases],
  ] as const;
  // the files are run by pytest, which compares what each snippet prints with the vectors
  test.each(figures)("$name", async (figure, cases) => {
    const snippets = cases.map((c) => (figure.python as (state: unknown) => string)(figure.parse(c.state)));
    await expect(`${snippets.join("\n\n# next case\n\n")}\n`).toMatchFileSnapshot(`snippets/${figure.name}.txt`);
  });
});
