import { expect, it } from "vitest";
import { count, short, show, small, sumOf } from "../src/words.ts";

it("says numbers letter for letter as udl_core/widgets/_words.py does", () => {
  expect([show(-3.14159), show(-0.001), show(0.125), show(-Infinity), show(NaN)]).toEqual(["−3.14", "0.00", "0.13", "−∞", "–"]);
  expect([small(0.03294), small(2.96e-6), small(0), small(9.996e-4), small(9.99e-4), small(1e-15)]).toEqual(["0.0329", "3.0 · 10⁻⁶", "0.0000", "0.0010", "1.0 · 10⁻³", "0 (rounding)"]);
  expect([short(60), short(1.25), short(12.25), short(-0.5)]).toEqual(["60", "1.25", "12.3", "−0.5"]);
  expect([sumOf([1, 0, -1], (k) => `slope ${k + 1}`), sumOf([-1, 1], String), sumOf([0], String)]).toEqual(["slope 1 − slope 3", "− 0 + 1", ""]);
  expect([count(1, "unit"), count(2, "unit")]).toEqual(["1 unit", "2 units"]);
});
