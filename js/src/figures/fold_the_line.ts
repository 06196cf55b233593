import { choice, group } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { clamp, handle, type Handle } from "../handle.ts";
import { above, at, composed, folds, preimages, type Composition, type Curve } from "../numeric/composition.ts";
import { integer, number, numbers } from "../parse.ts";
import { html, show } from "../svg.ts";
import { copyNames, joinedWeights } from "./fold_the_line_parts.ts";
import { count } from "./parameter_sliders.ts";

export type FoldTheLineState = {
  /** The first network: its two joints inside [−1, 1], and its values at −1, the joints and 1. */
  joints1: number[];
  values1: number[];
  /** The second network, in the same way. */
  joints2: number[];
  values2: number[];
  /** The height between the networks whose inputs are shown. */
  y: number;
  /** The unit of the second network that is followed, 1 to 3, or 0. */
  unit: number;
};

const LAYERS = [1, 2] as const;
type Layer = (typeof LAYERS)[number];
/** Joints keep this far from each other and from the ends, so that every piece can be grasped. */
const GAP = 0.1;
const UNITS = [["0", "show none"], ["1", "unit 1"], ["2", "unit 2"], ["3", "unit 3"]] as const;
const VIEW: [number, number] = [-1.3, 1.3];

export const foldTheLine: FigureSpec<FoldTheLineState> = {
  name: "fold-the-line",
  title: "Fold the line",
  version: 1,
  keys: ["joints1", "values1", "joints2", "values2", "y", "unit"],
  parse: (raw) => ({
    joints1: parseJoints(raw, "joints1"),
    values1: parseValues(raw, "values1"),
    joints2: parseJoints(raw, "joints2"),
    values2: parseValues(raw, "values2"),
    y: number(raw, "y", -1, 1),
    unit: integer(raw, "unit", 0, 3),
  }),
  build,
  python: (state) => {
    const list = (values: readonly number[]): string => `[${values.join(", ")}]`;
    const [one, two] = LAYERS.map((layer) => curve(state, layer));
    return `from udl_core import Shallow, regions
from udl_core.approximation import interpolant
from udl_core.composition import compose, preimages

net = Shallow(D_i=1, D=3, D_o=1)
phi1 = interpolant(${list(one.places)}, ${list(one.values)})
phi2 = interpolant(${list(two.places)}, ${list(two.values)})
deep, phi = compose(net, phi1, net, phi2)
print(deep.unpack(phi)["omega"][1])
print(regions.joints(deep, phi, -1, 1))
x = preimages(net, phi1, ${state.y}, -1, 1)
print(x, deep(x[:, None], phi)[:, 0])`;
  },
  question: {
    ask: "How many straight pieces does the composition have between −1 and 1?",
    min: 1,
    max: 15,
    step: 1,
    text: (v) => show(v, 0),
    truth: (state) => composed(curve(state, 1), curve(state, 2)).pieces.length,
  },
};

export function curve(state: FoldTheLineState, layer: Layer): Curve {
  const [joints, values] = layer === 1 ? [state.joints1, state.values1] : [state.joints2, state.values2];
  return { places: [-1, ...joints, 1], values };
}

function parseJoints(raw: Record<string, unknown>, key: string): number[] {
  const joints = numbers(raw, key, 2);
  const [a, b] = joints;
  if (a + 1 < GAP - 1e-9 || b - a < GAP - 1e-9 || 1 - b < GAP - 1e-9) {
    throw new Error(`${key} must ascend between −1 and 1 with at least ${GAP} between neighbours and to the ends, got ${joints.join(", ")}`);
  }
  return joints;
}

function parseValues(raw: Record<string, unknown>, key: string): number[] {
  const values = numbers(raw, key, 4);
  const far = values.find((v) => Math.abs(v) > 1);
  if (far !== undefined) throw new Error(`${key} must lie from −1 to 1, got ${far}`);
  return values;
}

/** What is dragged is rounded: short links, and no differences too small to see. */
const rounded = (v: number): number => Math.round(v * 1000) / 1000 + 0;

function build(frame: Frame<FoldTheLineState>): View<FoldTheLineState> {
  const grid = html(frame.body, "div", { class: "udl-grid udl-grid-fold" });
  const panel = (label: string, title: string, xlabel: string, ylabel: string, height = 250) =>
    frame.plot(grid, { label, title, x: VIEW, y: VIEW, xlabel, ylabel, height });
  const plots = {
    1: panel("The first network, y over x", "First network: y = f₁[x]", "x", "y"),
    2: panel("The second network, y′ over y", "Second network: y′ = f₂[y]", "y", "y′"),
  };
  const whole = panel("The composition, y′ over x", "One after the other: y′ = f₂[f₁[x]]", "x", "y′");
  const folded = panel("The line of x as the first network folds it onto y", "The line of x, folded onto y", "y", "x");

  // the level y in all panels, and what stands above and below it
  const bands = { first: whole.curve("unit on over x", "udl-fold-on"), second: plots[2].curve("unit on over y", "udl-fold-on") };
  const guides = [0, 1].map((j) => [plots[1], whole].map((plot, p) => plot.curve(`fold guide ${p + 1}.${j + 1}`, "udl-guide udl-ink", { "data-udl-link": `fold${j + 1}` })));
  const level = {
    first: plots[1].curve("level in f1", "udl-fold-level", { "data-udl-link": "level" }),
    second: plots[2].curve("level in f2", "udl-fold-level", { "data-udl-link": "level" }),
    folded: folded.curve("level in the fold", "udl-fold-level", { "data-udl-link": "level" }),
    whole: whole.curve("level in the composition", "udl-fold-level", { "data-udl-link": "level" }),
  };
  const ribbon = folded.curve("folded line", "udl-model");
  const lines = { 1: plots[1].curve("first", "udl-model"), 2: plots[2].curve("second", "udl-model") };
  const composition = whole.curve("composition", "udl-model");
  const lit = {
    first: plots[1].dots("inputs on f1", "udl-dots udl-data", 5.5),
    second: plots[2].dots("output of y", "udl-dots udl-data", 5.5),
    whole: whole.dots("inputs on the composition", "udl-dots udl-data", 5.5),
    folded: folded.dots("inputs on the fold", "udl-dots udl-data", 5.5),
  };
  for (const mark of Object.values(lit)) mark.node.setAttribute("data-udl-link", "level");
  const corners = folded.dots("folds", "udl-dots-open udl-model", 4);
  const copies = copyNames(whole);

  const gesture = { commit: frame.commit, cancel: frame.cancel };
  /** Moves inner joint j (0 or 1) of a network as far as its neighbours let it, and sets the value there. */
  const setVertex = (layer: Layer, j: number, x: number, y: number): void => {
    const { places, values } = curve(frame.state, layer);
    const joints = places.slice(1, -1);
    joints[j] = rounded(clamp(x, [places[j] + GAP, places[j + 2] - GAP]));
    frame.change(patch(layer, joints, values.map((v, i) => (i === j + 1 ? rounded(clamp(y, [-1, 1])) : v))));
  };
  const patch = (layer: Layer, joints: number[], values: number[]): Partial<FoldTheLineState> =>
    layer === 1 ? { joints1: joints, values1: values } : { joints2: joints, values2: values };
  const link = (layer: Layer, j: number): string => (layer === 1 ? `fold${j + 1}` : `unit${j + 2}`);

  const inner = LAYERS.map((layer) =>
    [0, 1].map((j) =>
      handle(plots[layer], {
        label: layer === 1 ? `Joint ${j + 1} of the first network` : `Joint of unit ${j + 2} of the second network`,
        name: `vertex ${layer}.${j + 1}`,
        className: layer === 1 ? "udl-ink" : `udl-unit${j + 2}`,
        shape: layer === 1 ? "circle" : j ? "triangle" : "diamond",
        step: [0.02, 0.05],
        bounds: { x: [-1 + GAP, 1 - GAP], y: [-1, 1] },
        link: link(layer, j),
        set: (x, y) => setVertex(layer, j, x, y),
        text: (x, y) => `${layer === 1 ? "x" : "y"} = ${show(x)}, ${layer === 1 ? "y" : "y′"} = ${show(y)}`,
        ...gesture,
      }),
    ),
  );
  const ends = LAYERS.map((layer) =>
    [0, 3].map((i) =>
      handle(plots[layer], {
        label: `${i ? "Right" : "Left"} end of the ${layer === 1 ? "first" : "second"} network`,
        name: `end ${layer}.${i ? 2 : 1}`,
        className: layer === 1 ? "udl-ink" : "udl-model",
        axes: "y",
        step: [0, 0.05],
        bounds: { y: [-1, 1] },
        set: (_, y) => {
          const { places, values } = curve(frame.state, layer);
          frame.change(patch(layer, places.slice(1, -1), values.map((v, k) => (k === i ? rounded(y) : v))));
        },
        text: (_, y) => `${layer === 1 ? "y" : "y′"} = ${show(y)}`,
        ...gesture,
      }),
    ),
  );
  // the tied copies: an image stays on its strip of the first network, and takes the joint of the second with it
  const images: Handle[][] = [0, 1].map((j) =>
    [0, 1, 2].map((i) =>
      handle(whole, {
        label: `Image of the joint of unit ${j + 2}, on piece ${i + 1} of the first network`,
        name: `image ${j + 2}.${i + 1}`,
        className: `udl-unit${j + 2} udl-small`,
        shape: j ? "triangle" : "diamond",
        step: [0.02, 0.05],
        bounds: { y: [-1, 1] },
        link: link(2, j),
        set: (x, y) => {
          const first = curve(frame.state, 1);
          setVertex(2, j, at(first, clamp(x, [first.places[i], first.places[i + 1]])), y);
        },
        text: (x, y) => `x = ${show(x)}, y′ = ${show(y)}`,
        ...gesture,
      }),
    ),
  );
  const levelHandle = (plot: typeof whole, axes: "x" | "y"): Handle =>
    handle(plot, {
      label: "Level y between the networks",
      name: `level ${axes}`,
      className: "udl-data",
      shape: "square",
      axes,
      step: [0.02, 0.02],
      bounds: { x: [-1, 1], y: [-1, 1] },
      link: "level",
      set: (x, y) => frame.change({ y: rounded(axes === "x" ? x : y) }),
      text: () => `y = ${show(frame.state.y)}`,
      ...gesture,
    });
  const levels = { first: levelHandle(plots[1], "y"), second: levelHandle(plots[2], "x") };

  const row = group(frame.body);
  const follow = choice(row, "Where is a unit of the second network on?", UNITS, (value) => frame.set({ unit: Number(value) }), "unit");
  const joined = joinedWeights(frame.body);

  return {
    draw(state) {
      const [first, second] = [curve(state, 1), curve(state, 2)];
      const form = composed(first, second);
      const reach = preimages(first, state.y);
      const out = at(second, state.y);
      lines[1].set(first.places, first.values);
      lines[2].set(second.places, second.values);
      composition.set(form.places, form.values);
      ribbon.set(first.values, first.places);
      corners.set(first.values.slice(1, -1), first.places.slice(1, -1));
      guides.forEach((pair, j) => pair.forEach((guide) => guide.set([first.places[j + 1], first.places[j + 1]], VIEW)));
      level.first.set([VIEW[0], 1], [state.y, state.y]);
      level.second.set([state.y, state.y, VIEW[0]], [VIEW[0], out, out]);
      level.folded.set([state.y, state.y], VIEW);
      level.whole.set([VIEW[0], 1], [out, out]);
      lit.first.set(reach, reach.map(() => state.y));
      lit.whole.set(reach, reach.map(() => out));
      lit.folded.set(reach.map(() => state.y), reach);
      lit.second.set([state.y], [out]);
      levels.first.place(VIEW[0], state.y);
      levels.second.place(state.y, VIEW[0]);
      for (const layer of LAYERS) {
        const { places, values } = curve(state, layer);
        inner[layer - 1].forEach((one, j) => one.place(places[j + 1], values[j + 1]));
        ends[layer - 1].forEach((one, e) => one.place(e ? 1 : -1, values[e ? 3 : 0]));
      }
      images.forEach((row, j) => row.forEach((one, i) => one.place(form.images[j][i], second.values[j + 1], !Number.isNaN(form.images[j][i]))));
      drawBands(state, first);
      copies(first);
      follow.show(UNITS[state.unit][0]);
      joined(first, second);
    },
    summary(state) {
      const [first, second] = [curve(state, 1), curve(state, 2)];
      const n = folds(first);
      const reach = preimages(first, state.y).map((x) => show(x));
      const turned = n ? `f₁ folds the line ${n === 1 ? "once" : "twice"}` : "f₁ does not fold the line";
      const inputs = `Inputs that reach y = ${show(state.y)}: ${reach.length || "none"}`;
      const reached = reach.length ? `, x = ${reach.join(", ")}, with y′ = ${show(at(second, state.y))}` : "";
      return `${turned}; the composition has ${count(composed(first, second).pieces.length, "piece")}, f₂ has 3. ${inputs}${reached}.${followed(state, first)}`;
    },
    table: (state) => table(composed(curve(state, 1), curve(state, 2)), curve(state, 1), curve(state, 2)),
  };

  /** Where the followed unit is on: on one side of its joint in y, on as many intervals of x as the fold makes of it. */
  function drawBands(state: FoldTheLineState, first: Curve): void {
    const { unit } = state;
    const joint = [-1, ...state.joints2][unit - 1];
    for (const mark of Object.values(bands)) mark.node.setAttribute("class", `udl-curve udl-fold-on udl-unit${unit}`);
    const wide = (parts: [number, number][]): [number[], number[]] => [parts.flatMap(([a, b]) => [a, b, NaN]), parts.flatMap(() => [BAND, BAND, NaN])];
    bands.second.set(...wide(unit ? [[joint, 1]] : []));
    bands.first.set(...wide(unit ? above(first, joint) : []));
  }
}

/** Height at which the intervals are drawn where a unit is on. */
const BAND = -1.18;

function followed(state: FoldTheLineState, first: Curve): string {
  if (!state.unit) return "";
  const parts = above(first, [-1, ...state.joints2][state.unit - 1]);
  return ` Unit ${state.unit} of the second network is on in ${count(parts.length, "interval")} of x.`;
}

function table(form: Composition, first: Curve, second: Curve) {
  const slope = (c: Curve, i: number): number => (c.values[i + 1] - c.values[i]) / (c.places[i + 1] - c.places[i]);
  return {
    caption: "Pieces of the composition between x = −1 and 1: slopes multiply",
    head: ["piece", "from x", "to x", "piece of f₁", "its slope", "piece of f₂", "its slope", "product"],
    rows: form.pieces.map((piece, k) => [
      String(k + 1),
      form.places[k],
      form.places[k + 1],
      String(piece.first + 1),
      slope(first, piece.first),
      String(piece.second + 1),
      slope(second, piece.second),
      piece.slope,
    ]),
  };
}
