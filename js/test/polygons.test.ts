import { describe, expect, it } from "vitest";
import { polygons } from "../src/figures/polygons.ts";
import {
  activeSide,
  area,
  evaluate2D,
  farToNear,
  linearRegions,
  lineOf,
  maxRegions2D,
  pack2D,
  project,
  regionsInPlane,
  unpack2D,
  type Point,
} from "../src/numeric/regions.ts";
import vectors from "./vectors/polygons.json";

interface Case {
  state: { phi: number[]; x: Point; view: Point };
  expected: {
    y: number;
    in_plane: number;
    at_most: number;
    areas: Record<string, number>;
    maps: Record<string, number[]>;
    corners: Record<string, number>;
  };
}
const cases = vectors as unknown as Case[];
const close = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(b)));

describe("polygons", () => {
  it.each(cases.map((c, i) => [i, c] as const))("agrees with Python, case %i", (_, { state, expected }) => {
    const net = unpack2D(state.phi);
    const found = linearRegions(net);
    const key = (r: { pattern: boolean[] }): string => r.pattern.map(Number).join("");
    expect(found.map(key).sort()).toEqual(Object.keys(expected.areas).sort());
    for (const region of found) {
      close(region.area, expected.areas[key(region)]);
      expect(region.polygon.length).toBe(expected.corners[key(region)]);
      region.map.forEach((v, i) => close(v, expected.maps[key(region)][i]));
    }
    close(evaluate2D(net, ...state.x), expected.y);
    expect(regionsInPlane(net)).toBe(expected.in_plane);
    expect(maxRegions2D(net.theta.length)).toBe(expected.at_most);
  });

  it.each(cases.map((c, i) => [i, c] as const))("covers the box with counter-clockwise pieces, case %i", (_, { state }) => {
    const net = unpack2D(state.phi);
    const found = linearRegions(net);
    for (const { polygon } of found) expect(area(polygon)).toBeGreaterThan(0);
    close(
      found.reduce((sum, r) => sum + r.area, 0),
      4,
    );
    expect(pack2D(net)).toEqual(state.phi);
    net.theta.forEach((theta, d) => {
      const on = found.filter((r) => r.pattern[d]).reduce((sum, r) => sum + r.area, 0);
      const side = activeSide(theta);
      expect(Math.abs(on - (side.length ? area(side) : 0))).toBeLessThan(1e-9);
    });
  });

  it("draws nearer regions later", () => {
    for (const { state } of cases) {
      const net = unpack2D(state.phi);
      const to: Point = [Math.cos(0.7), Math.sin(0.7)];
      const ordered = farToNear(net, linearRegions(net), to);
      // of two neighbours across one line, the one on the viewer's side comes later
      ordered.forEach((a, i) =>
        ordered.slice(i + 1).forEach((b) => {
          const switched = a.pattern.flatMap((on, d) => (on === b.pattern[d] ? [] : [d]));
          if (switched.length !== 1) return;
          const { normal } = lineOf(net.theta[switched[0]])!;
          const facing = normal[0] * to[0] + normal[1] * to[1] >= 0;
          expect(b.pattern[switched[0]]).toBe(facing);
        }),
      );
      expect(ordered.length).toBe(linearRegions(net).length);
    }
  });

  it("keeps lengths seen straight from above, and turns with the azimuth", () => {
    expect(project(1, 0, 5, [0, 90])[0]).toBeCloseTo(0);
    expect(project(0, 1, 5, [0, 90])[0]).toBeCloseTo(1);
    expect(project(0.3, 0.4, 2, [25, 0])[1]).toBeCloseTo(2);
  });

  it("refuses states it can't draw, naming what is wrong", () => {
    expect(() => polygons.parse({ phi: [1, 2, 3], x: [0, 0], view: [0, 0] })).toThrow(/4 D \+ 1 numbers.*got 3/);
    expect(() => polygons.parse({ phi: [1, 2, 3, 4, NaN], x: [0, 0], view: [0, 0] })).toThrow(/finite/);
    expect(() => polygons.parse({ phi: [1, 2, 3, 4, 5], x: [2, 0], view: [0, 0] })).toThrow(/from −1 to 1/);
  });
});
