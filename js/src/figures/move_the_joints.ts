import { Background } from "../background.ts";
import { button, choice, group, toggle } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { handle, type Handle } from "../handle.ts";
import { M, NAMES, PRESETS, error, preset, type ApproximationError, type Norm, type PieceError, type PresetName } from "../numeric/approximation.ts";
import { bestPlacement, type Placement } from "../numeric/placement.ts";
import { flag, numbers, oneOf } from "../parse.ts";
import { html, show, svg } from "../svg.ts";
import { digits } from "./approximation_parts.ts";
import { ceiling, errorBars } from "./bars.ts";
import { pieceBars } from "./piece_bars.ts";

export type MoveTheJointsState = {
  target: PresetName;
  /** The nodes k/400 of the joints inside, D − 1 of them, ascending. */
  joints: number[];
  norm: Norm;
  /** Whether the best joints are drawn too. */
  shown: boolean;
};

const [FEWEST, MOST] = [2, 12];
/** Below this an error is rounding. */
const NOTHING = 1e-12;

export const moveTheJoints: FigureSpec<MoveTheJointsState> = {
  name: "move-the-joints",
  title: "Move the joints",
  version: 1,
  keys: ["target", "joints", "norm", "shown"],
  parse: (raw) => ({
    target: oneOf(raw, "target", NAMES),
    joints: parseJoints(raw),
    norm: oneOf(raw, "norm", ["sup", "l2"]),
    shown: flag(raw, "shown"),
  }),
  build,
  python,
  question: {
    ask: "The best joints for this curve and this many units: how many of them stand in its left quarter?",
    min: 0,
    max: MOST - 1,
    step: 1,
    text: (v) => show(v, 0),
    truth: ({ target, norm, joints }) => inside(optimum(target, norm), joints.length + 1).filter((k) => k <= M / 4).length,
  },
};

function parseJoints(raw: Record<string, unknown>): number[] {
  const joints = numbers(raw, "joints");
  if (joints.length < FEWEST - 1 || joints.length > MOST - 1) throw new Error(`joints must be ${FEWEST - 1} to ${MOST - 1} nodes, got ${joints.length}`);
  joints.forEach((k, i) => {
    if (!Number.isInteger(k) || k < 1 || k > M - 1) throw new Error(`joints must be whole numbers from 1 to ${M - 1}, got ${k}`);
    if (i && k <= joints[i - 1]) throw new Error(`joints must ascend, got ${k} after ${joints[i - 1]}`);
  });
  return joints;
}

const equalJoints = (D: number): number[] => Array.from({ length: D - 1 }, (_, k) => Math.round(((k + 1) * M) / D));
const inside = (placement: Placement, D: number): number[] => placement.nodes(D).slice(1, -1);

interface Fit {
  nodes: number[];
  places: number[];
  values: number[];
  pieces: PieceError[];
  error: ApproximationError;
}

function fit(target: PresetName, joints: readonly number[]): Fit {
  const nodes = [0, ...joints, M];
  const places = nodes.map((k) => k / M);
  const values = nodes.map((k) => preset(target)[k]);
  const pieces: PieceError[] = [];
  return { nodes, places, values, pieces, error: error(preset(target), places, values, (piece) => pieces.push(piece)) };
}

const optima = new Map<string, Placement>();

/** The best joints, found now if they aren't known yet. */
function optimum(target: PresetName, norm: Norm): Placement {
  const key = `${target} ${norm}`;
  let found = optima.get(key);
  if (!found) {
    const steps = bestPlacement(preset(target), MOST, norm);
    let step = steps.next();
    while (!step.done) step = steps.next();
    optima.set(key, (found = step.value));
  }
  return found;
}

/** 100 when no other joints on this grid do better; an error of nothing but rounding counts as 0. */
export const score = (mine: number, best: number): number => (mine < NOTHING ? 100 : best < NOTHING ? 0 : Math.min(100, (100 * best) / mine));

function build(frame: Frame<MoveTheJointsState>): View<MoveTheJointsState> {
  const top = group(frame.body);
  const targets = choice(top, "Curve", NAMES.map((name) => [name, `${name}: ${PRESETS[name].formula}`] as const), (target) => frame.set({ target }), "target");
  const norms = choice(top, "Error", [["sup", "largest"], ["l2", "L2"]], (norm) => frame.set({ norm }), "norm");

  const grid = html(frame.body, "div", { class: "udl-grid udl-grid-columns" });
  const above = frame.plot(grid, { label: "Target and network", title: "Target and network", x: [0, 1], y: [0, 1], xlabel: "x", height: 220, margin: { left: 48 } });
  const below = frame.plot(grid, { label: "Target minus network", title: "Target − network", x: [0, 1], y: [-0.1, 0.1], xlabel: "x", height: 170, margin: { left: 48 } });
  const bars = pieceBars(frame, grid);
  const compare = html(grid, "div", { class: "udl-column" });
  const errors = errorBars(frame, compare, "error", "The error", ["yours", "optimum"], {});
  const scoreLine = html(compare, "p", { class: "udl-note udl-boxed udl-model" });

  const target = above.curve("target", "udl-target");
  const optimal = above.curve("best network", "udl-ink udl-thin udl-dashed");
  const network = above.curve("network", "udl-model");
  const hollow = above.dots("best joints", "udl-dots-open udl-ink", 4);
  above.top.append(hollow.node); // not clipped: the best joint may stand at the very edge
  const guides = [above, below].map((plot, p) => plot.curve(`guides ${p + 1}`, "udl-guide udl-model"));
  const band = below.polygon("band", "udl-error-band");
  const fills = svg(below.layer, "g");
  const difference = below.curve("error", "udl-data");
  const peaks = below.dots("largest", "udl-dots udl-data", 3.5);

  const setJoint = (i: number, x: number): void => {
    const joints = [...frame.state.joints];
    const [lo, hi] = [(joints[i - 1] ?? 0) + 1, (joints[i + 1] ?? M) - 1];
    joints[i] = Math.min(hi, Math.max(lo, Math.round(x * M)));
    if (joints[i] !== frame.state.joints[i]) frame.change({ joints });
  };
  const handles: Handle[] = Array.from({ length: MOST - 1 }, (_, i) =>
    handle(above, {
      label: `Joint ${i + 1}`,
      name: `joint ${i + 1}`,
      className: "udl-model",
      axes: "x",
      step: [1 / M, 0],
      link: `piece${i + 1} piece${i + 2}`,
      set: (x) => setJoint(i, x),
      text: (x) => `x = ${show(x, 4)}`,
      commit: frame.commit,
      cancel: frame.cancel,
    }),
  );

  const work = new Background();
  const find = ({ target, norm }: MoveTheJointsState): Placement | undefined => optima.get(`${target} ${norm}`);
  let inDraw = false;

  const buttons = group(frame.body);
  const fewer = button(buttons, "D − 1", () => frame.set({ joints: merge(frame.state) }), "fewer");
  const more = button(buttons, "D + 1", () => frame.set({ joints: split(frame.state) }), "more");
  button(buttons, "Space evenly", () => frame.set({ joints: equalJoints(frame.state.joints.length + 1) }), "equal");
  const shown = toggle(buttons, "Show the best joints", (on) => frame.set({ shown: on }), "shown");
  button(buttons, "Take them", () => frame.set({ joints: inside(optimum(frame.state.target, frame.state.norm), frame.state.joints.length + 1) }), "take");

  const measure = (state: MoveTheJointsState): { mine: Fit; best: Fit | undefined; score: number | undefined } => {
    const mine = fit(state.target, state.joints);
    const placement = find(state);
    const best = placement && fit(state.target, inside(placement, state.joints.length + 1));
    return { mine, best, score: best && score(mine.error[state.norm], best.error[state.norm]) };
  };

  return {
    draw(state) {
      inDraw = true;
      if (!find(state)) {
        const key = `${state.target} ${state.norm}`;
        work.start(bestPlacement(preset(state.target), MOST, state.norm), (placement) => {
          optima.set(key, placement);
          if (!inDraw) frame.change({});
        });
      }
      const y = preset(state.target);
      const { norm } = state;
      const D = state.joints.length + 1;
      const { mine, best, score: points } = measure(state);
      const x = Array.from(y, (_, k) => k / M);
      const [low, high] = [Math.min(...y), Math.max(...y)];
      const [lowest, highest] = [low - 0.15 * (high - low), high + 0.15 * (high - low)];
      above.setDomain([0, 1], [lowest, highest]);
      target.set(x, y);
      network.set(mine.places, mine.values);
      optimal.set(state.shown && best ? best.places : [], state.shown && best ? best.values : []);
      const bestJoints = state.shown && best ? best.places.slice(1, -1) : [];
      hollow.set(bestJoints, bestJoints.map(() => lowest + 0.04 * (highest - lowest)));
      handles.forEach((joint, i) => joint.place(mine.places[i + 1] ?? 0, mine.values[i + 1] ?? 0, i < D - 1));
      const inner = mine.places.slice(1, -1);
      [above, below].forEach((plot, p) => {
        guides[p].set(inner.flatMap((at) => [at, at, at]), inner.flatMap((_, i) => [plot.y[0], p ? plot.y[1] : mine.values[i + 1], NaN]));
      });

      const e = differences(y, mine);
      const { sup } = mine.error;
      const reach = ceiling(Math.max(1e-4, sup) * 1.04);
      below.setDomain([0, 1], [-reach, reach]);
      guides[1].set(inner.flatMap((at) => [at, at, at]), inner.flatMap(() => [-reach, reach, NaN]));
      difference.set(x, e);
      band.set(norm === "sup" ? [0, 1, 1, 0] : [], norm === "sup" ? [-sup, -sup, sup, sup] : []);
      peaks.set(mine.pieces.map((piece) => piece.at), mine.pieces.map((piece) => piece.largest));
      fillPieces(fills, mine, (k) => `${below.sx(k / M).toFixed(1)} ${below.sy(e[k]).toFixed(1)}`, below.sy(0));

      bars(mine.pieces, norm, mine.error, best?.error);
      errors([mine.error[norm], best ? best.error[norm] : NaN]);
      scoreLine.textContent = points === undefined ? "Looking for the best joints…" : `Score ${show(points, 0)} of 100: ${verdict(points)}`;
      targets.show(state.target);
      norms.show(norm);
      shown.show(state.shown);
      more.disabled = D === MOST;
      fewer.disabled = D === FEWEST;
      inDraw = false;
    },
    settle: () => work.finish(),
    summary(state) {
      const { mine, best, score: points } = measure(state);
      const name = state.norm === "sup" ? "Largest error" : "L2 error";
      const line = `${name} ${digits(mine.error[state.norm])}`;
      return best ? `${line}, optimum ${digits(best.error[state.norm])}, score ${show(points!, 0)}.` : `${line}.`;
    },
    table(state) {
      const { mine, best } = measure(state);
      const total = mine.error.l2 ** 2;
      return {
        caption: "The pieces from left to right, and where the best joints would end them",
        head: ["piece", "from x", "to x", "largest error", "share of the squared error", "best: to x"],
        rows: mine.pieces.map((piece, i) => [
          String(i + 1),
          mine.places[i],
          mine.places[i + 1],
          digits(Math.abs(piece.largest)),
          total > NOTHING ** 2 ? `${show((100 * piece.square) / total, 1)} %` : "–",
          best ? best.places[i + 1] : "…",
        ]),
      };
    },
    destroy: () => work.stop(),
  };
}

function verdict(points: number): string {
  if (points > 99.5) return "no other joints on this grid do better.";
  return points < 1 ? "other joints do far better." : `the best joints would make the error ${show(100 / points, 1)} times smaller.`;
}

/** Target minus network at the nodes. */
function differences(y: readonly number[], { nodes, values }: Fit): number[] {
  const e = Array.from({ length: M + 1 }, () => 0);
  for (let p = 0; p + 1 < nodes.length; p++) {
    const [a, b] = [nodes[p], nodes[p + 1]];
    for (let k = a + 1; k < b; k++) e[k] = y[k] - (values[p] + ((values[p + 1] - values[p]) * (k - a)) / (b - a));
  }
  return e;
}

function fillPieces(parent: SVGGElement, { nodes }: Fit, point: (node: number) => string, zero: number): void {
  while (parent.childElementCount > nodes.length - 1) parent.lastElementChild!.remove();
  while (parent.childElementCount < nodes.length - 1) {
    svg(parent, "path", { class: "udl-error-fill udl-data", "data-udl-link": `piece${parent.childElementCount + 1}` });
  }
  for (let p = 0; p + 1 < nodes.length; p++) {
    const way = Array.from({ length: nodes[p + 1] - nodes[p] + 1 }, (_, i) => point(nodes[p] + i));
    const [left, right] = [way[0].split(" ")[0], way.at(-1)!.split(" ")[0]];
    parent.children[p].setAttribute("d", `M${left} ${zero}L${way.join("L")}L${right} ${zero}Z`);
  }
}

/** One joint more: in the middle of the piece with the largest error that has room for one. */
function split({ target, joints, norm }: MoveTheJointsState): number[] {
  if (joints.length + 1 >= MOST) return joints;
  const { nodes, pieces } = fit(target, joints);
  const size = (i: number): number => (nodes[i + 1] - nodes[i] < 2 ? -1 : norm === "sup" ? Math.abs(pieces[i].largest) : pieces[i].square);
  const worst = pieces.reduce((best, _, i) => (size(i) > size(best) ? i : best), 0);
  return [...joints, Math.round((nodes[worst] + nodes[worst + 1]) / 2)].sort((a, b) => a - b);
}

/** One joint less: the one without which the two pieces beside it, made one, err least. */
function merge({ target, joints, norm }: MoveTheJointsState): number[] {
  if (joints.length + 1 <= FEWEST) return joints;
  const without = (i: number): number[] => joints.filter((_, k) => k !== i);
  const before = fit(target, joints).pieces;
  const cost = joints.map((_, i) => {
    const joined = fit(target, without(i)).pieces[i];
    return norm === "sup" ? Math.abs(joined.largest) : joined.square - before[i].square - before[i + 1].square;
  });
  return without(cost.indexOf(Math.min(...cost)));
}

function python({ target, joints, norm }: MoveTheJointsState): string {
  return `import numpy as np
from udl_core.approximation import best_places, error, sampled, target

curve = sampled(target("${target}")(np.linspace(0, 1, ${M + 1})))
places = np.array([0, ${joints.join(", ")}, ${M}]) / ${M}
yours = error(curve, places, curve(places))
best = best_places(curve, ${joints.length + 1}, "${norm}")[-1]
optimum = error(curve, best, curve(best))
print(yours, optimum)
print(best)
print(100 * optimum.${norm} / yours.${norm} if yours.${norm} > ${NOTHING} else 100)`;
}
