import { expect, test } from "vitest";
import { ticks } from "../src/plot.ts";

test.each([
  [[0, 2], [0, 1, 2]],
  [[-3, 3], [-2, 0, 2]],
  [[0.001, 0.004], [0.001, 0.002, 0.003, 0.004]],
] as [[number, number], number[]][])("%j has round ticks", (range, wanted) => {
  const found = ticks(range);
  expect(found.length).toBe(wanted.length);
  found.forEach((t, i) => expect(t).toBeCloseTo(wanted[i], 12));
});

// the number of ticks must not hang on the numbers: a loop that counts in steps lost to rounding never ends
test.each([
  [1, 1 + 2e-16],
  [1e-20, 2e-20],
  [1e17, 1e17 + 32],
  [-1e17, 0.5],
  [5, 5],
  [0, Infinity],
  [NaN, 1],
  [3, -3],
] as [number, number][])("%j, %j ends with a handful of different ticks or none", (lo, hi) => {
  const found = ticks([lo, hi]);
  expect(found.length).toBeLessThanOrEqual(8);
  expect(new Set(found).size).toBe(found.length);
});
