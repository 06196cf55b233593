import { describe, expect, it } from "vitest";
import { activation, bends, erf, jumpsOf, NAMES, settingOf, trace, traceDerivative, type Sum } from "../src/numeric/activations.ts";

const book = { slope: 0.1, alpha: 1, beta: 1 };
const sum: Sum = {
  offset: -0.2,
  terms: [
    { theta: [3, -3], weight: 0.3 },
    { theta: [-2.1, 4.2], weight: 0.37 },
    { theta: [-5.4, 3.6], weight: -0.8 },
  ],
};
const value = (f: (z: number) => number, x: number): number =>
  sum.terms.reduce((y, { theta, weight }) => y + weight * f(theta[0] + theta[1] * x), sum.offset);

describe.each(NAMES)("%s", (name) => {
  const a = activation(name, { ...book, alpha: 0.7 });

  it("is drawn through points of its own", () => {
    const { x, y } = trace(sum, a, 0, 2);
    expect(x[0]).toBe(0);
    expect(x.at(-1)).toBe(2);
    x.forEach((at, i) => {
      if (i) expect(at).toBeGreaterThanOrEqual(x[i - 1]);
      const corner = bends(sum, a, 0, 2).some((bend) => bend.x === at);
      if (!corner && !Number.isNaN(y[i])) expect(y[i]).toBeCloseTo(value(a.f, at), 11);
    });
  });

  it("has no vertical line where it jumps, and no gap where it doesn't", () => {
    const { x, y } = trace(sum, a, 0, 2);
    const gaps = y.filter(Number.isNaN).length;
    expect(gaps).toBe({ heaviside: 3, rect: 6 }[name as string] ?? 0);
    for (let i = 1; i < x.length; i++) if (x[i] === x[i - 1]) expect(Number.isNaN(y[i]) || Number.isNaN(y[i - 1])).toBe(true);
  });

  it("draws straight pieces by their corners alone", () => {
    const points = trace(sum, a, 0, 2).x.length;
    const corners = 2 + bends(sum, a, 0, 2).length;
    if (a.pieces && !jumpsOf(a).length) expect(points).toBe(corners);
    if (!a.pieces) expect(points).toBeGreaterThan(400);
  });

  it("has a derivative that is the slope of what is drawn", () => {
    const { x, y } = traceDerivative(a, -5, 5);
    expect(x.at(-1)).toBe(5);
    const h = 1e-5;
    x.forEach((z, i) => {
      if (Number.isNaN(y[i]) || a.kinks.some((kink) => Math.abs(kink - z) < 2 * h)) return;
      expect(Math.abs(y[i] - (a.f(z + h) - a.f(z - h)) / (2 * h))).toBeLessThan(1e-7);
    });
  });
});

describe("settings", () => {
  it("change what they belong to", () => {
    for (const name of NAMES) {
      const key = settingOf(name);
      for (const other of ["slope", "alpha", "beta"] as const) {
        const changed = activation(name, { ...book, [other]: 0.6 }).f(-1.3) !== activation(name, book).f(-1.3);
        expect(changed).toBe(other === key);
      }
    }
  });

  it("take a corner away where none is left", () => {
    expect(activation("leaky_relu", { ...book, slope: 1 }).kinks).toEqual([]);
    expect(activation("elu", book).kinks).toEqual([]);
    expect(activation("elu", { ...book, alpha: 0.5 }).kinks).toEqual([0]);
  });
});

describe("erf", () => {
  it("is odd, bounded and right at known places", () => {
    expect(erf(0)).toBe(0);
    expect(erf(0.5)).toBeCloseTo(0.5204998778130465, 15);
    expect(erf(1)).toBeCloseTo(0.8427007929497149, 15);
    expect(erf(3)).toBeCloseTo(0.9999779095030014, 15);
    expect(erf(-40)).toBe(-1);
    for (let z = -8; z < 8; z += 0.37) expect(erf(-z)).toBe(-erf(z));
  });
});

describe("jumps", () => {
  it("know the value taken and the limits missed", () => {
    expect(jumpsOf(activation("heaviside", book))).toEqual([{ z: 0, taken: 1, missed: [0] }]);
    expect(jumpsOf(activation("rect", book))).toEqual([
      { z: 0, taken: 1, missed: [0] },
      { z: 1, taken: 1, missed: [0] },
    ]);
    expect(jumpsOf(activation("relu", book))).toEqual([]);
  });

  it("of coincident units are one", () => {
    const twice: Sum = { offset: 0, terms: [{ theta: [-1, 1], weight: 1 }, { theta: [-2, 2], weight: 1 }, { theta: [0, 0], weight: 1 }] };
    expect(bends(twice, activation("relu", book), 0, 2)).toEqual([{ x: 1, units: [0, 1] }]);
    expect(trace(twice, activation("heaviside", book), 0, 2).y).toEqual([1, 1, NaN, 3, 3]);
  });
});
