import { Background } from "../background.ts";
import { button, group, slider } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { clamp, handle } from "../handle.ts";
import { NODES, bump, errors, hill, row, sigmoid, steps, sum, type Bump } from "../numeric/bumps.ts";
import { integer, number } from "../parse.ts";
import type { Interval } from "../plot.ts";
import { html, show, svg } from "../svg.ts";
import { digits } from "./approximation_parts.ts";
import { logPanel } from "./log_panel.ts";
import { count } from "./parameter_sliders.ts";

export type SigmoidBumpsState = {
  /** Bumps side by side in the sum. */
  N: number;
  /** Of all sigmoids, in units of one over a bump's width. */
  steepness: number;
  /** The single bump. */
  centre: number;
  width: number;
  height: number;
};

const MOST = 40;
const STEEP: Interval = [1, 60];
const WIDTHS: Interval = [0.05, 1];
const SIGNED: Interval = [-1, 1];
const UNIT: Interval = [0, 1];
/** Where on the first sigmoid its slope is dragged: two over the slope factor beyond the step. */
const SHOULDER = 2;
const LADDER = Array.from({ length: 49 }, (_, k) => STEEP[1] ** (k / 48));

export const sigmoidBumps: FigureSpec<SigmoidBumpsState> = {
  name: "sigmoid-bumps",
  title: "Bumps from sigmoids",
  version: 1,
  keys: ["N", "steepness", "centre", "width", "height"],
  parse: (raw) => ({
    N: integer(raw, "N", 1, MOST),
    steepness: number(raw, "steepness", ...STEEP),
    centre: number(raw, "centre", ...UNIT),
    width: number(raw, "width", ...WIDTHS),
    height: number(raw, "height", ...SIGNED),
  }),
  build,
  python: ({ N, steepness, centre, width, height }) => `import numpy as np
from udl_core import Shallow
from udl_core.approximation import sigmoid_bumps

bump = sigmoid_bumps([${centre}], [${width}], [${height}], steepness=${steepness} / ${width})
print(Shallow(1, 2, 1, "sigmoid")([[${centre}]], bump))

def hill(x):
    return np.sin(np.pi * x) ** 2 * (0.6 + 0.6 * x)

N, steepness = ${N}, ${steepness}
centres = (np.arange(N) + 0.5) / N
phi = sigmoid_bumps(centres, np.full(N, 1 / N), hill(centres), steepness * N)
x = np.linspace(0, 1, 401)
off = Shallow(1, 2 * N, 1, "sigmoid")(x[:, None], phi)[:, 0] - hill(x)
print(np.abs(off).max(), np.sqrt(np.mean(off**2)))`,
  question: {
    ask: "At which steepness is the sum closest to the curve?",
    min: STEEP[0],
    max: STEEP[1],
    step: 1,
    text: (v) => show(v, Number.isInteger(v) ? 0 : 1),
    truth: ({ N }) => bestSteepness(N),
  },
};

const supAt = (N: number, steepness: number): number => errors(sum(N, steepness)).sup;

const ladders = new Map<number, number[]>();

/** The largest error of N bumps at each steepness of the ladder; worked out once. */
function* ladderErrors(N: number): Generator<void, number[]> {
  const known = ladders.get(N);
  if (known) return known;
  const found: number[] = [];
  for (const steepness of LADDER) {
    found.push(supAt(N, steepness));
    yield;
  }
  ladders.set(N, found);
  return found;
}

/** The steepness with the least largest error, to one digit after the point. */
function bestSteepness(N: number): number {
  const work = ladderErrors(N);
  let step = work.next();
  while (!step.done) step = work.next();
  const k = step.value.indexOf(Math.min(...step.value));
  let [lo, hi] = [LADDER[Math.max(0, k - 1)], LADDER[Math.min(LADDER.length - 1, k + 1)]];
  while (hi - lo > 0.01) {
    const [a, b] = [lo + (hi - lo) / 3, hi - (hi - lo) / 3];
    if (supAt(N, a) < supAt(N, b)) hi = b;
    else lo = a;
  }
  return Math.round(5 * (lo + hi)) / 10;
}

const single = ({ centre, width, height, steepness }: SigmoidBumpsState): Bump => ({ centre, width, height, s: steepness / width });
const hundredth = (v: number): number => Math.round(v * 100) / 100;
const threeDigits = (v: number): number => Number(clamp(v, STEEP).toPrecision(3));
const plainly = (v: number): string => String(Number(v.toPrecision(3)));

function build(frame: Frame<SigmoidBumpsState>): View<SigmoidBumpsState> {
  const grid = html(frame.body, "div", { class: "udl-grid udl-grid-columns" });
  const one = frame.plot(grid, { label: "Two sigmoids and the bump between them", title: "One bump: sigmoid 1 − sigmoid 2", x: UNIT, y: [-1.2, 1.2], xlabel: "x", height: 250, margin: { left: 44 } });
  const controls = html(grid, "div", { class: "udl-column" });
  const all = frame.plot(grid, { label: "The target and the sum of bumps", title: "Side by side: target and sum", x: UNIT, y: [-0.1, 1.15], xlabel: "x", height: 250, margin: { left: 44 } });
  const drawErrors = logPanel(frame, grid, {
    label: "The largest error of the sum for every steepness",
    title: "The sum’s largest error",
    xlabel: "steepness, in units of 1 / width",
    x: STEEP,
    y: [1e-3, 1.2],
    xnames: [1, 2, 5, 10, 20, 50],
    ynames: [
      [1, "1"],
      [0.1, "0.1"],
      [0.01, "0.01"],
      [0.001, "0.001"],
    ],
    height: 190,
    curves: [{ name: "largest error", className: "udl-model" }],
    dot: {
      label: "Steepness",
      name: "steepness",
      link: "steepness",
      set: (steepness) => frame.change({ steepness: threeDigits(steepness) }),
      step: (steepness, presses) => steepness * 1.05 ** presses,
      text: () => `steepness ${plainly(frame.state.steepness)}, largest error ${digits(measured(frame.state).sup)}`,
    },
  });

  const difference = one.curve("bump", "udl-model udl-steady", { "data-udl-link": "bump" });
  const sigmoids = [0, 1].map((d) => one.curve(`sigmoid ${d + 1}`, `udl-unit${d + 1}`, { "data-udl-link": `unit${d + 1}` }));
  const names = [0, 1].map((d) => svg(one.top, "text", { class: `udl-mark-label udl-unit-name`, "text-anchor": d ? "start" : "end", "aria-hidden": "true", "data-udl-link": `unit${d + 1}` }, String(d + 1)));
  const target = all.curve("target", "udl-target");
  const singles = all.curve("bumps", "udl-model udl-part");
  const total = all.curve("sum", "udl-model udl-steady", { "data-udl-link": "sum" });
  const gap = all.curve("largest error at", "udl-gap");
  target.set(NODES, NODES.map(hill));

  const rest = { commit: frame.commit, cancel: frame.cancel };
  /** How high the bump's top is for height 1: soft sigmoids never get all the way. */
  const top = (steepness: number): number => 2 * sigmoid(steepness / 2) - 1;
  const crown = handle(one, {
    label: "Top of the bump",
    name: "top",
    className: "udl-model",
    step: [0.02, 0.02],
    bounds: { x: UNIT, y: SIGNED },
    link: "bump",
    set: (x, y) => frame.change({ centre: clamp(hundredth(x), UNIT), height: clamp(hundredth(y / top(frame.state.steepness)), SIGNED) }),
    text: () => `centre ${show(frame.state.centre)}, height ${show(frame.state.height)}`,
    ...rest,
  });
  const edge = handle(one, {
    label: "Edge of the bump, where sigmoid 2 is halfway",
    name: "edge",
    className: "udl-unit2",
    shape: "diamond",
    axes: "x",
    step: [0.01, 0],
    bounds: { x: [-1, 2] },
    link: "unit2",
    set: (x) => frame.change({ width: clamp(hundredth(2 * (x - frame.state.centre)), WIDTHS) }),
    text: () => `width ${show(frame.state.width)}`,
    ...rest,
  });
  const shoulder = handle(one, {
    label: "Slope of sigmoid 1: further left is steeper",
    name: "slope",
    className: "udl-unit1",
    shape: "square",
    axes: "x",
    step: [0.002, 0],
    bounds: { x: [-1, 3] },
    link: "unit1",
    set: (x) => {
      const { centre, width } = frame.state;
      const away = Math.max(1e-6, x - (centre - width / 2));
      frame.change({ steepness: threeDigits((SHOULDER * width) / away) });
    },
    text: () => `steepness ${plainly(frame.state.steepness)}`,
    ...rest,
  });

  const forAll = group(controls);
  const size = slider(forAll, { label: "Bumps N", name: "N", min: 1, max: MOST, step: 1, link: "sum", text: (v) => show(v, 0), input: (N) => frame.change({ N }), commit: frame.commit });
  const steep = slider(forAll, {
    label: "Steepness",
    name: "steepness",
    min: 0,
    max: Math.log10(STEEP[1]),
    step: 0.01,
    link: "steepness",
    text: (v) => plainly(Math.abs(v - Math.log10(frame.state.steepness)) < 1e-9 ? frame.state.steepness : 10 ** v),
    input: (v) => frame.change({ steepness: threeDigits(10 ** v) }),
    commit: frame.commit,
  });
  const buttons = group(controls);
  button(buttons, "Halve N", () => frame.set({ N: Math.max(1, Math.floor(frame.state.N / 2)) }), "halve");
  button(buttons, "Double N", () => frame.set({ N: Math.min(MOST, 2 * frame.state.N) }), "double");
  const note = html(controls, "p", { class: "udl-note" });

  let last: { of: SigmoidBumpsState; y: number[]; found: ReturnType<typeof errors> } | undefined;
  const fitted = (state: SigmoidBumpsState): NonNullable<typeof last> => {
    if (!last || last.of.N !== state.N || last.of.steepness !== state.steepness) {
      const y = sum(state.N, state.steepness);
      last = { of: state, y, found: errors(y) };
    }
    return last;
  };
  const measured = (state: SigmoidBumpsState): ReturnType<typeof errors> => fitted(state).found;
  const work = new Background();
  let inDraw = false;
  let curve: { N: number; y: number[] } | undefined;

  return {
    draw(state) {
      inDraw = true;
      const { N, steepness } = state;
      const own = single(state);
      const both = NODES.map((x) => steps(own, x));
      sigmoids.forEach((mark, d) => mark.set(NODES, both.map((pair) => pair[d])));
      difference.set(NODES, both.map(([up, down]) => up - down));
      const [left, right] = [own.centre - own.width / 2, own.centre + own.width / 2];
      crown.place(own.centre, bump(own, own.centre));
      edge.place(right, own.height / 2);
      const far = left + SHOULDER / own.s;
      shoulder.place(far, own.height * sigmoid(SHOULDER));
      [left, right].forEach((at, d) => {
        const side = d ? 10 : -10;
        names[d].setAttribute("x", (clamp(one.sx(at), [one.area.left + 14, one.area.right - 14]) + side).toFixed(1));
        names[d].setAttribute("y", (one.sy(own.height * 0.22) + 4).toFixed(1));
      });

      const { y, found } = fitted(state);
      total.set(NODES, y);
      const parts = row(N, steepness).map((part) => outline(part));
      singles.set(parts.flatMap((p) => p.x), parts.flatMap((p) => p.y));
      gap.set([found.at, found.at], [hill(found.at), y[Math.round(found.at * 400)]]);
      if (curve?.N !== N) {
        work.start(ladderErrors(N), (errors) => {
          curve = { N, y: errors };
          if (!inDraw) frame.change({});
        });
      }
      drawErrors([curve?.N === N ? { x: LADDER, y: curve.y } : { x: [], y: [] }], [steepness, found.sup]);
      size.show(N);
      steep.show(Math.log10(steepness));
      note.textContent = describe(N, steepness);
      inDraw = false;
    },
    settle: () => work.finish(),
    summary(state) {
      const found = measured(state);
      return `${count(state.N, "bump")} (${2 * state.N} sigmoids), steepness ${plainly(state.steepness)}: largest error ${digits(found.sup)}, root mean square ${digits(found.rms)}.`;
    },
    table({ N, steepness }) {
      const rows = [...new Set([1, 2, 3, 4, 5, 6, 8, 10, 20, 40, 60, steepness])].sort((a, b) => a - b);
      return {
        caption: `Errors of ${count(N, "bump")} by steepness`,
        head: ["steepness", "largest error", "root mean square"],
        rows: rows.map((s) => {
          const found = errors(sum(N, s));
          return [s === steepness ? `${plainly(s)} (shown)` : plainly(s), digits(found.sup), digits(found.rms)];
        }),
      };
    },
    destroy: () => work.stop(),
  };
}

/** A bump in few points, where it is more than nothing, and a gap at the end. */
function outline(part: Bump): { x: number[]; y: number[] } {
  const reach = part.width / 2 + 7 / part.s;
  const [from, to] = [Math.max(0, part.centre - reach), Math.min(1, part.centre + reach)];
  const x = Array.from({ length: 49 }, (_, k) => from + ((to - from) * k) / 48);
  return { x: [...x, to], y: [...x.map((v) => bump(part, v)), NaN] };
}

function describe(N: number, steepness: number): string {
  if (N === 1) return "One bump has no neighbour to work with.";
  if (steepness < 2.5) return "The sigmoids are so soft that neighbouring bumps melt into each other, and the sum loses its height.";
  return steepness > 12 ? "The sigmoids are so steep that the sum is a staircase: between two steps it is level." : "Neighbouring bumps overlap and share the work: where one goes down, the next goes up.";
}
