import { Background } from "../background.ts";
import { button, choice, group, slider } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { M, at, equal, error, interpolate, leastSquares, preset, presetOf, type ApproximationError, type Norm } from "../numeric/approximation.ts";
import { bestPlacement, type Placement } from "../numeric/placement.ts";
import { integer, numbers, oneOf } from "../parse.ts";
import { html, show } from "../svg.ts";
import { digits, isPreset, presetTiles } from "./approximation_parts.ts";
import { drawingSurface } from "./drawing_surface.ts";
import { errorPanel } from "./error_panel.ts";
import { count } from "./parameter_sliders.ts";

export type DrawAnyCurveState = {
  /** The target at the nodes k/400. */
  y: number[];
  /** Units, and straight pieces. */
  D: number;
  norm: Norm;
  method: "interpolate" | "best";
  places: "equal" | "best";
};

const MOST = 200;
const TOP = 1.5;
/** More joints than this are ticks below the curve: dots would touch. */
const DOTS = 40;

export const drawAnyCurve: FigureSpec<DrawAnyCurveState> = {
  name: "draw-any-curve",
  title: "Draw any curve",
  version: 1,
  keys: ["y", "D", "norm", "method", "places"],
  parse: (raw) => ({
    y: parseTarget(raw),
    D: integer(raw, "D", 1, MOST),
    norm: oneOf(raw, "norm", ["sup", "l2"]),
    method: oneOf(raw, "method", ["interpolate", "best"]),
    places: oneOf(raw, "places", ["equal", "best"]),
  }),
  compact: (state) => ({ ...state, y: presetOf(state.y) ?? state.y }),
  build,
  python,
  question: {
    ask: "Twice as many units, evenly spaced: by what factor does the largest error shrink?",
    min: 1,
    max: 8,
    step: 1,
    text: (v) => show(v, Number.isInteger(v) ? 0 : 1),
    truth: ({ y, D, method }) => {
      const [now, then] = [D, 2 * D].map((d) => fit(y, equal(d), method).error.sup);
      return now < 1e-12 ? 1 : now / then;
    },
  },
};

function parseTarget(raw: Record<string, unknown>): number[] {
  if (isPreset(raw.y)) return preset(raw.y) as number[];
  const y = numbers(raw, "y", M + 1);
  const far = y.find((v) => Math.abs(v) > TOP);
  if (far !== undefined) throw new Error(`y must lie from −${TOP} to ${TOP}, got ${far}`);
  // another machine's sine may differ in its last digit
  const name = presetOf(y);
  return name ? (preset(name) as number[]) : y;
}

interface Fit {
  places: number[];
  values: number[];
  error: ApproximationError;
}

function fit(y: readonly number[], places: number[], method: DrawAnyCurveState["method"]): Fit {
  const values = method === "best" ? leastSquares(y, places) : interpolate(y, places);
  return { places, values, error: error(y, places, values) };
}

/** What takes too long for every move of a pen: the best joints, and the errors for all D. */
interface Analysis {
  of: DrawAnyCurveState;
  placement: Placement | undefined;
  /** At D − 1: the errors of D units. */
  sup: number[];
  l2: number[];
}

const placesOf = (D: number, placement: Placement | undefined): number[] => (placement ? placement.nodes(D).map((k) => k / M) : equal(D));

function* analyse(of: DrawAnyCurveState): Generator<void, Analysis> {
  const { y, method, norm } = of;
  const placement = of.places === "best" ? yield* bestPlacement(y, MOST, norm) : undefined;
  const [sup, l2]: number[][] = [[], []];
  for (let D = 1; D <= MOST; D++) {
    const found = fit(y, placesOf(D, placement), method).error;
    sup.push(found.sup);
    l2.push(found.l2);
    yield;
  }
  return { of, placement, sup, l2 };
}

const sameWork = (a: DrawAnyCurveState, b: DrawAnyCurveState): boolean =>
  a.y === b.y && a.method === b.method && a.places === b.places && (a.places === "equal" || a.norm === b.norm);

function build(frame: Frame<DrawAnyCurveState>): View<DrawAnyCurveState> {
  const tiles = presetTiles(
    frame.body,
    (name) => frame.set({ y: preset(name) as number[] }),
    () => frame.set({ y: Array.from({ length: M + 1 }, () => 0) }),
  );
  const grid = html(frame.body, "div", { class: "udl-grid udl-grid-drawing" });
  const plot = frame.plot(grid, {
    label: "The target and the network",
    title: "The curve",
    x: [0, 1],
    y: [-1.6, 1.6],
    xlabel: "x",
    ylabel: "y",
    width: 330,
    height: 290,
  });
  const target = plot.curve("target", "udl-target");
  const gap = plot.curve("largest error", "udl-gap");
  const network = plot.curve("network", "udl-model", { "data-udl-link": "network" });
  const joints = plot.dots("joints", "udl-dots udl-model udl-joints", 4);
  const ticks = plot.curve("joint ticks", "udl-model udl-thin");
  const surface = drawingSurface(plot, {
    y: () => frame.state.y,
    limit: TOP,
    draw: (y) => frame.change({ y }),
    commit: () => frame.commit(),
    cancel: frame.cancel,
  });
  const errors = errorPanel(frame, grid, MOST, (D) => frame.change({ D }));

  const ladder = rungs();
  const row = group(frame.body);
  const size = slider(row, {
    label: "Units D",
    min: 0,
    max: ladder.length - 1,
    step: 1,
    input: (rung) => frame.change({ D: ladder[rung] }),
    commit: frame.commit,
    text: (rung) => String(Math.abs(rung - nearest(ladder, frame.state.D)) < 1e-9 ? frame.state.D : ladder[rung]),
    link: "network",
    name: "D",
  });
  button(row, "Halve D", () => frame.set({ D: Math.max(1, Math.floor(frame.state.D / 2)) }), "halve");
  button(row, "Double D", () => frame.set({ D: Math.min(MOST, 2 * frame.state.D) }), "double");
  const choices = group(frame.body);
  const method = choice(choices, "Heights", [["interpolate", "on the curve"], ["best", "least squares"]], (value) => frame.set({ method: value }), "method");
  const places = choice(choices, "Joints", [["equal", "evenly spaced"], ["best", "best places"]], (value) => frame.set({ places: value }), "places");
  const norm = choice(choices, "Error", [["sup", "largest"], ["l2", "L2"]], (value) => frame.set({ norm: value }), "norm");

  const work = new Background();
  let known: Analysis | undefined;
  let inDraw = false;
  const best = (state: DrawAnyCurveState, D: number): Fit =>
    // while the best joints for a new curve are sought, the last ones serve
    fit(state.y, placesOf(D, state.places === "best" ? known?.placement : undefined), state.method);

  const paint = (state: DrawAnyCurveState): void => {
    const { y, D, norm } = state;
    const now = best(state, D);
    const few = D <= DOTS;
    network.set(now.places, now.values);
    joints.set(few ? now.places.slice(0, -1) : [], few ? now.values.slice(0, -1) : []);
    const marks = few ? [] : now.places.slice(0, -1);
    ticks.set(marks.flatMap((x) => [x, x, x]), marks.flatMap(() => [-1.6, -1.52, NaN]));
    const { at: where } = now.error;
    const k = Math.max(1, now.places.findIndex((x) => x >= where));
    const t = (where - now.places[k - 1]) / (now.places[k] - now.places[k - 1]);
    const height = now.values[k - 1] + t * (now.values[k] - now.values[k - 1]);
    gap.set([where, where], [at(y, where), height]);
    const name = presetOf(y);
    errors.draw(known ?? { sup: [], l2: [] }, D, now.error, norm, state.places === "equal" ? name : undefined);
  };

  return {
    draw(state) {
      inDraw = true;
      target.set(Array.from(state.y, (_, k) => k / M), state.y);
      if (!known || !sameWork(known.of, state)) {
        work.start(analyse(state), (found) => {
          known = found;
          if (!inDraw) frame.change({});
        });
      }
      paint(state);
      inDraw = false;
      tiles(presetOf(state.y));
      size.show(nearest(ladder, state.D));
      method.show(state.method);
      places.show(state.places);
      norm.show(state.norm);
      surface.show();
    },
    settle: () => work.finish(),
    summary(state) {
      const { D, norm } = state;
      const now = best(state, D).error;
      const line = `${count(D, "unit")}, largest error ${digits(now.sup)}, L2 error ${digits(now.l2)}`;
      if (2 * D > MOST) return `${line}.`;
      const name = norm === "sup" ? "largest" : "L2";
      return `${line}; twice the units: ${name} error ${digits(best(state, 2 * D).error[norm])}.`;
    },
    table(state) {
      const sizes = [1, 2, 4, 8, 16, 32, 64, 100, 128, 200];
      const rows = [...new Set([...sizes, state.D])].sort((a, b) => a - b);
      return {
        caption: "Errors of D units",
        head: ["D", "largest error", "L2 error"],
        rows: rows.map((D) => {
          const found = best(state, D).error;
          return [D === state.D ? `${D} (shown)` : String(D), digits(found.sup), digits(found.l2)];
        }),
      };
    },
    destroy: () => work.stop(),
  };
}

/** All sizes up to 20, then steps of 6 %: a slider on which each doubling takes about the same way. */
function rungs(): number[] {
  const ladder = [1];
  while (ladder.at(-1)! < MOST) ladder.push(Math.min(MOST, Math.max(ladder.at(-1)! + 1, Math.round(ladder.at(-1)! * 1.06))));
  return ladder;
}

function nearest(ladder: readonly number[], D: number): number {
  const above = ladder.findIndex((rung) => rung >= D);
  return above > 0 && D - ladder[above - 1] < ladder[above] - D ? above - 1 : above;
}

function python({ y, D, norm, method, places }: DrawAnyCurveState): string {
  const name = presetOf(y);
  const target = name ? `target("${name}")(np.linspace(0, 1, ${M + 1}))` : `np.array([${y.join(", ")}])`;
  const placing = places === "equal" ? `equal(${D})` : `best_places(curve, ${D}, "${norm}")[-1]`;
  const functions = [
    ...(places === "best" ? ["best_places"] : []),
    ...(method === "best" ? ["best_values"] : []),
    ...(places === "equal" ? ["equal"] : []),
    "error",
    "interpolant",
    "sampled",
    ...(name ? ["target"] : []),
  ];
  return `import numpy as np
from udl_core import Shallow
from udl_core.approximation import ${functions.join(", ")}

curve = sampled(${target})
places = ${placing}
values = ${method === "best" ? `best_values(curve, places, "l2")` : "curve(places)"}
print(error(curve, places, values))

net, phi = Shallow(D_i=1, D=${D}, D_o=1), interpolant(places, values)
print(net(places[:, None], phi)[:, 0])`;
}
