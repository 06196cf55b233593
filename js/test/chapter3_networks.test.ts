import { describe, expect, it } from "vitest";
import { ridges, type RidgesState } from "../src/figures/ridges.ts";
import { KNOTS, POINTS, TARGET_NAMES, atOrAbove, fitRidges, ridgeAtOrAbove, targetValues, type Level } from "../src/numeric/ridges.ts";
import ridgeVectors from "./vectors/ridges.json";

const sums = ridgeVectors as unknown as { state: RidgesState; expected: { sum: number[]; left: number } }[];

const close = (a: number, b: number, tolerance = 1e-12): void => {
  expect(Math.abs(a - b), `${a} instead of ${b}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b)));
};
const allClose = (a: readonly number[], b: readonly number[], tolerance = 1e-12): void => {
  expect(a.length).toBe(b.length);
  a.forEach((v, i) => close(v, b[i], tolerance));
};
const numbered = <T>(cases: T[]): [number, T][] => cases.map((c, i) => [i, c]);
const every = <T>(list: readonly T[], n: number): T[] => list.filter((_, i) => i % n === 0);

const area = (polygon: readonly (readonly number[])[]): number =>
  polygon.reduce((total, [x, y], i) => {
    const [u, v] = polygon[(i + 1) % polygon.length];
    return total + (x * v - u * y) / 2;
  }, 0);
const areaOf = (level: Level): number => level.area.reduce((total, polygon) => total + area(polygon), 0);

describe("ridges", () => {
  it.each(numbered(sums))("agrees with Python, case %i", (_, { state, expected }) => {
    const { angles, target } = ridges.parse(state);
    const fit = fitRidges(target, angles);
    allClose(every(fit.sum, 11), expected.sum);
    close(fit.left, expected.left);
  });

  it.each(numbered(sums))("leaves what no damped change of a profile would better, case %i", (_, { state }) => {
    const { angles, target } = ridges.parse(state);
    const { profiles, sum, singles } = fitRidges(target, angles);
    const y = targetValues(target);
    allClose(sum, y.map((_v, i) => singles.reduce((total, ridge) => total + ridge[i], 0)));
    // the derivative of the damped sum of squares by every knot value is zero
    const gap = KNOTS[1] - KNOTS[0];
    angles.forEach((angle, k) => {
      const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      KNOTS.forEach((knot, j) => {
        const pull = POINTS.reduce((total, [x1, x2], i) => total + Math.max(0, 1 - Math.abs(x1 * c + x2 * s - knot) / gap) * (sum[i] - y[i]), 0);
        expect(Math.abs(pull + 1e-6 * y.length * profiles[k][j])).toBeLessThan(1e-11);
      });
    });
  });

  it("explains nothing of the product along the axes, nearly all along the diagonals", () => {
    const left = (angles: number[]): number => ridges.question!.truth({ angles, target: "product", shown: 0 });
    expect([left([0, 90]), left([20, 70]), left([45, 135])]).toEqual([100, 67, 2]);
  });

  it("covers what is at or above a level, and what is below, once", () => {
    for (const name of TARGET_NAMES) {
      const z = targetValues(name);
      for (const level of [-0.31, 0.1, 0.33]) {
        const [up, down] = [atOrAbove(z, level), atOrAbove(z.map((v) => -v), -level)];
        [...up.area, ...down.area].forEach((polygon) => expect(area(polygon)).toBeGreaterThan(-1e-12));
        close(areaOf(up) + areaOf(down), 4, 1e-9);
        expect(up.line.length).toBe(down.line.length);
      }
    }
    expect(areaOf(atOrAbove(targetValues("bowl"), -1))).toBeCloseTo(4);
    expect(atOrAbove(targetValues("bowl"), 2)).toEqual({ area: [], line: [] });
  });

  it("keeps areas and lines apart at a saddle too", () => {
    // a chessboard: every square has two opposite corners above
    const z = POINTS.map((_, i) => (i % 2 ? 1 : -1)); // a row has an odd number of points
    const up = atOrAbove(z, 0.5);
    const sides = new Set(up.area.flatMap((polygon) => polygon.map((p, i) => JSON.stringify([p, polygon[(i + 1) % polygon.length]]))));
    expect(up.line.length).toBe(4 * 20 * 20);
    for (let i = 0; i < up.line.length; i += 2) expect(sides.has(JSON.stringify([up.line[i], up.line[i + 1]])) || sides.has(JSON.stringify([up.line[i + 1], up.line[i]]))).toBe(true);
  });

  it("draws one ridge as strips between the places where its profile has the level", () => {
    const profile = [1, 0, 0, -1, 0, 0, 0, 1, 1];
    const gap = KNOTS[1] - KNOTS[0];
    const found = ridgeAtOrAbove(profile, 30, 0.5);
    expect(found.area.length).toBe(2);
    expect(found.line.length).toBe(4);
    close(areaOf(found), 4 * gap * (0.5 + 1.5), 1e-9);
    found.line.forEach(([x1, x2], i) => close(x1 * Math.cos(Math.PI / 6) + x2 * Math.sin(Math.PI / 6), i < 2 ? KNOTS[0] + gap / 2 : KNOTS[6] + gap / 2, 1e-9));
    expect(ridgeAtOrAbove(profile.map(() => 1), 30, 0.5).area.length).toBe(1);
    expect(ridgeAtOrAbove(profile, 30, 2)).toEqual({ area: [], line: [] });
  });

  it("takes angles half a turn apart for the same, and refuses what it can't draw", () => {
    expect(ridges.parse({ angles: [180, -45, 405.5], target: "bump", shown: 3 }).angles).toEqual([0, 135, 45.5]);
    const parse = (patch: object) => () => ridges.parse({ angles: [0, 90], target: "product", shown: 0, ...patch });
    expect(parse({ angles: [] })).toThrow(/angles must be 1 to 6 numbers, got 0/);
    expect(parse({ angles: [1, 2, 3, 4, 5, 6, 7] })).toThrow(/got 7/);
    expect(parse({ target: "saddle" })).toThrow(/target must be one of product, bowl, bump/);
    expect(parse({ shown: 3 })).toThrow(/shown must be a number from 0 to 2, got 3/);
  });
});
