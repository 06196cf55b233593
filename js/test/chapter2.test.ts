import { describe, expect, it } from "vitest";
import { activationGallery, type ActivationGalleryState } from "../src/figures/activation_gallery.ts";
import { symmetryOrbit, type SymmetryOrbitState } from "../src/figures/symmetry_orbit.ts";
import { activation } from "../src/numeric/activations.ts";
import { evaluate, joints, jointOf, pack, pull, slopeRule, unpack } from "../src/numeric/shallow.ts";
import { crossings, factors, gap, levels, loss, nearest, scale, swap } from "../src/numeric/symmetry.ts";
import galleryVectors from "./vectors/activation-gallery.json";
import orbitVectors from "./vectors/symmetry-orbit.json";
import tenVectors from "./vectors/ten-parameters.json";
import twoVectors from "./vectors/two-outputs.json";

interface ShallowCase {
  state: { phi: number[]; x: number };
  expected: {
    y: number[];
    joints: number[];
    slopes: number[][];
    values: number[][];
    patterns: boolean[][];
    pulls: { knot: number; output: number; y: number; values: number[] }[];
  };
}
interface OrbitCase {
  state: SymmetryOrbitState;
  expected: { loss: number; loss_at_start: number; gap: number; s: number | null; t: number | null; at: { s: number; t: number; loss: number }[] };
}
interface GalleryCase {
  state: ActivationGalleryState;
  expected: { z: number[]; f: number[]; df: number[]; at_z: number[]; y: number; x: number[]; curve: number[]; piecewise_linear: boolean };
}

const close = (a: number, b: number, tolerance = 1e-12): void => {
  expect(Math.abs(a - b), `${a} instead of ${b}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b)));
};
const allClose = (a: readonly number[], b: readonly number[], tolerance = 1e-12): void => {
  expect(a.length).toBe(b.length);
  a.forEach((v, i) => close(v, b[i], tolerance));
};
const numbered = <T>(cases: T[]): [number, T][] => cases.map((c, i) => [i, c]);

const shallow = [
  ["ten-parameters", 3, 1, tenVectors as unknown as ShallowCase[]],
  ["two-outputs", 4, 2, twoVectors as unknown as ShallowCase[]],
] as const;

describe.each(shallow)("%s", (_, D, outputs, cases) => {
  it.each(numbered(cases))("agrees with Python, case %i", (_i, { state, expected }) => {
    const net = unpack(state.phi, D, outputs);
    const form = joints(net, 0, 2);
    allClose(
      net.phi.map((_row, o) => evaluate(net, state.x, o)),
      expected.y,
    );
    allClose(
      form.joints.map((j) => j.x),
      expected.joints,
    );
    form.slopes.forEach((row, o) => allClose(row, expected.slopes[o]));
    form.values.forEach((row, o) => allClose(row, expected.values[o]));
    expect(form.patterns).toEqual(expected.patterns);
    expect(pack(net)).toEqual(state.phi);
  });

  it.each(numbered(cases))("pulls a vertex as Python does, case %i", (_i, { state, expected }) => {
    for (const { knot, output, y, values } of expected.pulls) {
      const net = unpack(state.phi, D, outputs);
      const before = joints(net, 0, 2);
      const { row } = pull(net, 0, 2, knot, y, output);
      net.phi[output] = row;
      const after = joints(net, 0, 2);
      // the joints and the other outputs stay, the vertex is where it was asked to be, the rest gives way least
      expect(after.knots).toEqual(before.knots);
      after.values.forEach((v, o) => o !== output && expect(v).toEqual(before.values[o]));
      const size = Math.max(1, ...row.map(Math.abs));
      close(after.values[output][knot], y, 1e-12 * size);
      allClose(after.values[output], values, 1e-10 * size);
    }
  });

  it.each(numbered(cases))("keeps the slopes' relation, case %i", (_i, { state }) => {
    const net = unpack(state.phi, D, outputs);
    const rule = slopeRule(net, 0, 2);
    const form = joints(net, 0, 2);
    expect(rule !== undefined).toBe(form.joints.length === D);
    rule?.sums.forEach((sum) => close(sum, 0, 1e-9));
  });
});

describe("pull", () => {
  it("leaves a network alone when the vertex is where it is asked to be", () => {
    const net = unpack([1, -1, -0.7, 1.4, -1.8, 1.2, -0.2, 0.9, 1.1, -2.4], 3);
    const form = joints(net, 0, 2);
    const { row, given } = pull(net, 0, 2, 2, form.values[0][2]);
    allClose(row, net.phi[0]);
    allClose(given, [0, 0, 0, 0, 0]);
  });

  it("holds the other knots at the values before the drag", () => {
    const before = unpack([1, -1, -0.7, 1.4, -1.8, 1.2, -0.2, 0.9, 1.1, -2.4], 3);
    const far = structuredClone(before);
    far.phi[0] = pull(before, 0, 2, 1, 1.5).row;
    // there and back again is no move at all
    const back = pull(far, 0, 2, 1, joints(before, 0, 2).values[0][1], 0, before);
    allClose(back.row, before.phi[0], 1e-11);
  });
});

describe("symmetry-orbit", () => {
  const cases = orbitVectors as unknown as OrbitCase[];

  it.each(numbered(cases))("agrees with Python, case %i", (_, { state, expected }) => {
    const { phi, start, x, y, unit } = symmetryOrbit.parse(state);
    const order = state.order.map((d) => d - 1);
    close(loss(phi, x, y), expected.loss);
    close(loss(start, x, y), expected.loss_at_start);
    close(gap(phi, start, 0, 2), expected.gap);
    const { s, t } = factors(phi, start, order, unit - 1);
    if (expected.s === null) expect(s).toBeNaN();
    else close(s, expected.s);
    if (expected.t === null) expect(t).toBeNaN();
    else close(t, expected.t);
    const { right, left } = levels(phi, start, order, unit - 1, x, y);
    for (const at of expected.at) {
      close(loss(scale(phi, start, order, unit - 1, at.s, at.t), x, y), at.loss);
      const [c0, c1, c2] = at.s >= 0 ? right : left;
      const q = Math.abs(at.s) * at.t;
      close(c0 + c1 * q + c2 * q * q, at.loss, 1e-11);
    }
  });

  it.each(numbered(cases))("keeps curve and loss on the orbit and under swaps, case %i", (_, { state }) => {
    const { start, x, y } = state;
    for (const unit of [0, 1, 2]) {
      const moved = scale(start, start, [0, 1, 2], unit, 2.3, 1 / 2.3);
      close(gap(moved, start, 0, 2), 0, 1e-12 * Math.max(1, ...start.map(Math.abs)));
      close(loss(moved, x, y), loss(start, x, y), 1e-11);
      const turned = swap(moved, [0, 1, 2], unit, (unit + 1) % 3);
      close(loss(turned.phi, x, y), loss(start, x, y), 1e-11);
      const back = factors(turned.phi, start, turned.order, (unit + 1) % 3);
      if (Number.isFinite(back.s)) close(back.s, 2.3);
      expect(swap(turned.phi, turned.order, unit, (unit + 1) % 3)).toEqual({ phi: moved, order: [0, 1, 2] });
    }
  });

  it("breaks for a negative factor", () => {
    const { start } = cases[0].state;
    expect(gap(scale(start, start, [0, 1, 2], 1, -1, -1), start, 0, 2)).toBeGreaterThan(0.5);
  });

  it("finds the levels of a quadratic and the nearest point of the orbit", () => {
    for (const level of [0.5, 1, 7]) for (const q of crossings([0.25, -1, 1], level)) close(0.25 - q + q * q, level);
    expect(crossings([1, 0, 1], 0.5)).toEqual([]);
    expect(crossings([1, 0, 0], 2)).toEqual([]);
    for (const a of [0.4, 0.9, 1, 2.5]) close(nearest(a, 1 / a), a, 1e-9);
    for (const [s, t] of [[1.2, 1.3], [2, 0.2], [0.1, 2], [0.3, 0.3]]) {
      const a = nearest(s, t);
      const distance = (b: number): number => Math.hypot(b - s, 1 / b - t);
      for (let b = 0.05; b < 20; b *= 1.02) expect(distance(a)).toBeLessThanOrEqual(distance(b) + 1e-9);
    }
  });

  it("refuses what is no permutation", () => {
    const raw = { ...cases[0].state, order: [1, 1, 3] };
    expect(() => symmetryOrbit.parse(raw)).toThrow("order must hold 1, 2 and 3 once each, got 1, 1, 3");
    expect(() => symmetryOrbit.parse({ ...raw, order: [1, 2, 3], y: [0] })).toThrow("y must be a list of 18");
  });
});

describe("activation-gallery", () => {
  const cases = galleryVectors as unknown as GalleryCase[];

  it.each(numbered(cases))("agrees with Python, case %i", (_, { state, expected }) => {
    const a = activation(state.activation, activationGallery.parse(state));
    allClose(expected.z.map(a.f), expected.f);
    allClose(expected.z.map(a.df), expected.df);
    allClose([a.f(state.z), a.df(state.z)], expected.at_z);
    const net = unpack(state.phi, 3);
    close(evaluate(net, state.x, 0, a.f), expected.y);
    allClose(
      expected.x.map((x) => evaluate(net, x, 0, a.f)),
      expected.curve,
    );
    expect(a.pieces !== undefined).toBe(expected.piecewise_linear);
  });
});

describe("states from outside", () => {
  it("are refused with what was expected and what came", () => {
    expect(() => activationGallery.parse({ ...galleryVectors[0].state, activation: "crelu" })).toThrow("activation must be one of relu,");
    expect(() => activationGallery.parse({ ...galleryVectors[0].state, slope: 2 })).toThrow("slope must be a number from 0 to 1, got 2");
  });

});

it("finds no joint where a unit's line is level", () => {
  expect(jointOf([1, 0])).toBeNaN();
});
