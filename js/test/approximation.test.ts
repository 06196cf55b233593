import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Background } from "../src/background.ts";
import { drawAnyCurve, type DrawAnyCurveState } from "../src/figures/draw_any_curve.ts";
import { moveTheJoints, score, type MoveTheJointsState } from "../src/figures/move_the_joints.ts";
import { M, NAMES, PRESETS, bump, equal, error, interpolate, leastSquares, preset, presetOf, stroke, type PieceError } from "../src/numeric/approximation.ts";
import { bestPlacement } from "../src/numeric/placement.ts";
import drawVectors from "./vectors/draw-any-curve.json";
import moveVectors from "./vectors/move-the-joints.json";

interface DrawCase {
  state: DrawAnyCurveState;
  expected: { places: number[]; values: number[]; error: [number, number]; errors: [number, number, number][] };
}
interface MoveCase {
  state: MoveTheJointsState;
  expected: { error: [number, number]; pieces: [number, number][]; best: [number, number]; score: number };
}

const close = (a: number, b: number): void => {
  expect(Math.abs(a - b), `${a} instead of ${b}`).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(b)));
};
const allClose = (a: readonly number[], b: readonly number[]): void => {
  expect(a.length).toBe(b.length);
  a.forEach((v, i) => close(v, b[i]));
};
const numbered = <T>(cases: T[]): [number, T][] => cases.map((c, i) => [i, c]);
const run = <T>(steps: Generator<void, T>): T => {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
};

const drawn = drawVectors as unknown as DrawCase[];
const moved = moveVectors as unknown as MoveCase[];

describe("draw-any-curve", () => {
  it.each(numbered(drawn))("agrees with Python, case %i", (_, { state, expected }) => {
    const { y, method, D, norm } = drawAnyCurve.parse(state as unknown as Record<string, unknown>);
    const fit = (places: number[]): number[] => (method === "best" ? leastSquares(y, places) : interpolate(y, places));
    for (const [d, sup, l2] of expected.errors) {
      const found = error(y, equal(d), fit(equal(d)));
      close(found.sup, sup);
      close(found.l2, l2);
    }
    allClose(fit(expected.places), expected.values);
    const found = error(y, expected.places, expected.values);
    close(found.sup, expected.error[0]);
    close(found.l2, expected.error[1]);
    if (state.places === "best") {
      // other joints may be as good
      const places = run(bestPlacement(y, D, norm)).nodes(D).map((k) => k / M);
      expect(places).toHaveLength(D + 1);
      const least = (at: number[]): number => error(y, at, interpolate(y, at))[norm];
      close(least(places), least(expected.places));
    }
  });

  it("asks by which factor the error shrinks, and knows", () => {
    const state = { D: 8, norm: "sup", method: "interpolate", places: "equal" } as const;
    const truth = (name: string): number => drawAnyCurve.question!.truth(drawAnyCurve.parse({ ...state, y: name }));
    expect(truth("sine")).toBeGreaterThan(3);
    expect(truth("sine")).toBeLessThan(5);
    expect(Math.abs(truth("kink") - 2)).toBeLessThan(0.2);
    expect(Math.abs(truth("step") - 1)).toBeLessThan(0.2);
    expect(drawAnyCurve.question!.truth({ ...state, y: Array.from({ length: M + 1 }, () => 0) })).toBe(1);
  });

  it("shortens a named curve in links and takes it back", () => {
    for (const name of NAMES) {
      const state = drawAnyCurve.parse({ y: [...preset(name)].map((v) => v + 1e-15), D: 3, norm: "l2", method: "best", places: "equal" });
      const short = drawAnyCurve.compact!(state) as unknown as Record<string, unknown>;
      expect(short.y).toBe(name);
      expect(drawAnyCurve.parse(short)).toEqual(state);
    }
    expect(presetOf(bump(preset("sine"), 200, 0.01))).toBeUndefined();
  });

  it.each([
    [{ y: [1, 2] }, /y must be a list of 401/],
    [{ y: "cosine" }, /y must be a list of 401/],
    [{ y: Array.from({ length: M + 1 }, () => 1.6) }, /y must lie from/],
    [{ D: 0 }, /D must be a number from 1 to 200/],
    [{ D: 2.5 }, /D must be a whole number/],
    [{ norm: "l1" }, /norm must be one of/],
    [{ places: "worst" }, /places must be one of/],
  ])("refuses %#", (patch, why) => {
    expect(() => drawAnyCurve.parse({ ...drawn[0].state, ...patch })).toThrow(why);
  });
});

describe("move-the-joints", () => {
  it.each(numbered(moved))("agrees with Python, case %i", (_, { state, expected }) => {
    const { target, joints, norm } = moveTheJoints.parse(state as unknown as Record<string, unknown>);
    const y = preset(target);
    const places = [0, ...joints, M].map((k) => k / M);
    const pieces: PieceError[] = [];
    const mine = error(y, places, interpolate(y, places), (piece) => pieces.push(piece));
    close(mine.sup, expected.error[0]);
    close(mine.l2, expected.error[1]);
    allClose(pieces.map((piece) => Math.abs(piece.largest)), expected.pieces.map(([sup]) => sup));
    allClose(pieces.map((piece) => piece.square), expected.pieces.map(([, square]) => square));
    const best = run(bestPlacement(y, 12, norm)).nodes(joints.length + 1).map((k) => k / M);
    const least = error(y, best, interpolate(y, best))[norm];
    close(least, expected.best[norm === "sup" ? 0 : 1]);
    close(score(mine[norm], least), expected.score);
  });

  it("finds the best joints of the root where the figure's text says they are", () => {
    expect(run(bestPlacement(preset("root"), 6, "sup")).nodes(6)).toEqual([0, 1, 8, 32, 90, 203, 400]);
    const state = moveTheJoints.parse({ target: "root", joints: [67, 133, 200, 267, 333], norm: "sup", shown: false });
    expect(moveTheJoints.question!.truth(state)).toBe(4);
  });

  it.each([
    [{ joints: [] }, /joints must be 1 to 11 nodes, got 0/],
    [{ joints: [5, 5] }, /joints must ascend/],
    [{ joints: [0, 5] }, /whole numbers from 1 to 399/],
    [{ joints: [1.5] }, /whole numbers from 1 to 399/],
    [{ target: "cosine" }, /target must be one of/],
    [{ shown: 1 }, /shown must be true or false/],
  ])("refuses %#", (patch, why) => {
    expect(() => moveTheJoints.parse({ ...moved[0].state, ...patch })).toThrow(why);
  });
});

describe("best joints", () => {
  it("are not worse than others, and more are not worse than fewer", () => {
    const y = Array.from({ length: M + 1 }, (_, k) => Math.sin(k / 30) + 0.3 * Math.cos(k * k));
    for (const norm of ["sup", "l2"] as const) {
      const placement = run(bestPlacement(y, 160, norm));
      let before = Infinity;
      for (const d of [1, 2, 3, 5, 10, 20, 40, 80, 120, 160]) {
        const least = (places: number[]): number => error(y, places, interpolate(y, places))[norm];
        const best = placement.nodes(d).map((k) => k / M);
        expect(best).toHaveLength(d + 1);
        expect(least(best)).toBeLessThanOrEqual(before + 1e-12);
        expect(least(best)).toBeLessThanOrEqual(least(Array.from({ length: d + 1 }, (_, k) => Math.round((k * M) / d) / M)) + 1e-12);
        // nor does any one joint stand better a node to its left or right
        for (let i = 1; i < d; i++) {
          for (const step of [-1 / M, 1 / M]) {
            const other = best.map((x, k) => (k === i ? x + step : x));
            if (other[i] - other[i - 1] > 0.5 / M && other[i + 1] - other[i] > 0.5 / M) expect(least(best)).toBeLessThanOrEqual(least(other) + 1e-12);
          }
        }
        before = least(best);
      }
    }
  });
});

describe("the laws that the figure draws", () => {
  it.each(NAMES.filter((name) => name !== "chirp"))("%s", (name) => {
    // powers of two: the kink and the step then lie at one or two thirds of their piece
    for (const norm of ["sup", "l2"] as const) {
      const [a, b] = [8, 32].map((D) => error(preset(name), equal(D), interpolate(preset(name), equal(D)))[norm]);
      expect(Math.abs(Math.log(b / a) / Math.log(4) - PRESETS[name].exponents[norm])).toBeLessThan(0.2);
    }
  });
});

describe("drawing", () => {
  it("writes a straight way over the nodes between two points, in both directions", () => {
    for (const [from, to] of [[[0.1, -1], [0.2, 1]], [[0.2, 1], [0.1, -1]]] as const) {
      const y = [...preset("sine")];
      stroke(y, from, to);
      y.forEach((v, k) => close(v, k < 40 || k > 80 ? preset("sine")[k] : -1 + (k - 40) / 20));
    }
  });

  it("bends the curve so that neighbouring bends add up to a level", () => {
    let y: number[] = Array.from({ length: M + 1 }, () => 0);
    for (let k = 0; k <= M; k += 20) y = bump(y, k, 0.5);
    allClose(y, Array.from({ length: M + 1 }, () => 0.5));
    expect(bump(y, 100, 0.1).filter((v, k) => v !== y[k]).length).toBeLessThan(40);
  });
});

describe("work in the background", () => {
  const frames: (() => void)[] = [];
  beforeEach(() => {
    frames.length = 0;
    vi.stubGlobal("requestAnimationFrame", (callback: () => void) => frames.push(callback));
    vi.stubGlobal("cancelAnimationFrame", () => undefined);
  });
  afterEach(() => vi.unstubAllGlobals());
  function* counting(steps: number, name: string): Generator<void, string> {
    for (let k = 0; k < steps; k++) yield;
    return name;
  }

  it("is done at once when it is short", () => {
    const done: string[] = [];
    new Background(1000).start(counting(5, "short"), (name) => done.push(name));
    expect(done).toEqual(["short"]);
  });

  it("goes on frame by frame, and of what waits only the newest is done", () => {
    const done: string[] = [];
    const work = new Background(-1); // every step is a frame
    for (const name of ["first", "second", "third"]) work.start(counting(3, name), (result) => done.push(result));
    expect(done).toEqual([]);
    while (frames.length) frames.shift()!();
    expect(done).toEqual(["first", "third"]);
  });

  it("can be finished, and stopped", () => {
    const done: string[] = [];
    const work = new Background(-1);
    work.start(counting(3, "first"), (name) => done.push(name));
    work.start(counting(3, "second"), (name) => done.push(name));
    work.finish();
    expect(done).toEqual(["first", "second"]);
    work.start(counting(3, "third"), (name) => done.push(name));
    work.stop();
    work.finish();
    while (frames.length) frames.shift()!();
    expect(done).toEqual(["first", "second"]);
  });

  it("does no older work after what its own end started", () => {
    const done: string[] = [];
    const work = new Background(-1);
    work.start(counting(3, "first"), (name) => {
      done.push(name);
      work.start(counting(3, "newest"), (result) => done.push(result));
    });
    work.start(counting(3, "waiting"), (name) => done.push(name));
    work.finish();
    expect(done).toEqual(["first", "newest"]);
  });
});

