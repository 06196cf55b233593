import { group, slider, type Control } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { handle } from "../handle.ts";
import {
  activation,
  bends,
  jumpsOf,
  NAMES,
  settingOf,
  trace,
  traceDerivative,
  type Activation,
  type ActivationName,
  type Settings,
  type Sum,
} from "../numeric/activations.ts";
import { jointOf, pack, unpack, type Shallow1D } from "../numeric/shallow.ts";
import { number, numbers, oneOf } from "../parse.ts";
import type { Plot } from "../plot.ts";
import { html, plain, show, svg, symbol } from "../svg.ts";
import { count, parameterSliders, SHAPES } from "./parameter_sliders.ts";

export type ActivationGalleryState = Settings & {
  /** θ₁₀ θ₁₁ θ₂₀ θ₂₁ θ₃₀ θ₃₁ φ₀ φ₁ φ₂ φ₃ */
  phi: number[];
  activation: ActivationName;
  /** Where a[z] and its derivative are read. */
  z: number;
  /** The input whose pre-activations are marked on a[z]. */
  x: number;
};

const D = 3;
const [LO, HI] = [0, 2];
const Z = 5;
const units = [0, 1, 2] as const;
const LIMITS: Record<keyof Settings, [number, number]> = { slope: [0, 1], alpha: [0, 3], beta: [0, 10] };

export const activationGallery: FigureSpec<ActivationGalleryState> = {
  name: "activation-gallery",
  title: "One network, any activation",
  version: 1,
  keys: ["phi", "activation", "slope", "alpha", "beta", "z", "x"],
  parse: (raw) => ({
    phi: numbers(raw, "phi", 10),
    activation: oneOf(raw, "activation", NAMES),
    slope: number(raw, "slope", ...LIMITS.slope),
    alpha: number(raw, "alpha", ...LIMITS.alpha),
    beta: number(raw, "beta", ...LIMITS.beta),
    z: number(raw, "z", -Z, Z),
    x: number(raw, "x", LO, HI),
  }),
  build,
  python(state) {
    const setting = settingOf(state.activation);
    const argument = setting ? `, ${setting}=${state[setting]}` : "";
    return `import numpy as np
from udl_core import Shallow, activations

a = activations.get("${state.activation}"${argument})
net = Shallow(D_i=1, D=3, D_o=1, activation=a)
phi = np.array([${state.phi.join(", ")}])
print(a.f(${state.z}), a.df(${state.z}))
print(net([[${state.x}]], phi))`;
  },
  question: {
    ask: "Give the network the box, rect[z]. At how many places between x = 0 and 2 will its output jump?",
    min: 0,
    max: 8,
    step: 1,
    text: (v) => show(v, 0),
    truth: (state) => bends(output(unpack(state.phi, D)), activation("rect", state), LO, HI).length,
  },
};

function build(frame: Frame<ActivationGalleryState>): View<ActivationGalleryState> {
  const tiles = drawTiles(frame);
  const settings = drawSettings(frame, group(frame.body));

  const grid = html(frame.body, "div", { class: "udl-grid udl-grid-columns" });
  const panel = (name: string, x: [number, number], y: [number, number], xlabel: string, ylabel: string, height: number): Plot =>
    frame.plot(grid, { label: name, title: name, x, y, xlabel, ylabel, height });
  const shape = panel("Activation a[z]", [-Z, Z], [-2, 4], "z", "", 230);
  const slopes = panel("Its derivative a′[z]", [-Z, Z], [-1.2, 1.8], "z", "", 170);
  const weighted = panel("Weighted units φ · a[z]", [LO, HI], [-2, 2], "x", "", 230);
  const summed = panel("Output y", [LO, HI], [-2, 2], "x", "", 170);

  const guides = [weighted, summed].map((plot, p) => plot.curve(`bends ${p + 1}`, "udl-guide udl-ink"));
  const inputs = [weighted, summed].map((plot, p) => plot.curve(`probe ${p + 1}`, "udl-probe"));
  const zLines = [shape, slopes].map((plot, p) => plot.curve(`z ${p + 1}`, "udl-probe"));
  const parts = units.map((d) => weighted.curve(`weighted ${d + 1}`, `udl-unit${d + 1}`, { "data-udl-link": `unit${d + 1}` }));
  const model = summed.curve("output", "udl-model");
  const a = shape.curve("activation", "udl-model");
  const tangent = shape.curve("tangent", "udl-tangent");
  const taken = shape.dots("taken", "udl-dots udl-model", 4);
  const missed = shape.dots("missed", "udl-dots-open udl-model", 4);
  const derivative = slopes.curve("derivative", "udl-model");
  const dot = shape.dots("a of z", "udl-dots udl-ink", 4.5);
  const slopeDot = slopes.dots("derivative at z", "udl-dots udl-ink", 4.5);

  const net = (): Shallow1D => unpack(frame.state.phi, D);
  const change = (edit: (net: Shallow1D) => void): void => {
    const next = net();
    edit(next);
    frame.change({ phi: pack(next) });
  };
  const marks = units.map((d) =>
    svg(shape.layer, "path", { d: SMALL[SHAPES[d]], class: `udl-mark udl-unit${d + 1}`, "data-udl-link": `unit${d + 1}` }),
  );
  const zMarks = shape.mark("units on a", svg(shape.layer, "g"), (x, y) =>
    units.forEach((d) => marks[d].setAttribute("transform", `translate(${shape.sx(x[d]).toFixed(2)} ${shape.sy(y[d]).toFixed(2)})`)),
  );
  const done = { commit: frame.commit, cancel: frame.cancel };
  const zHandle = handle(slopes, {
    label: "Pre-activation z",
    name: "z",
    className: "udl-ink",
    axes: "x",
    step: [0.05, 0],
    set: (z) => frame.change({ z: tidy(z) }),
    text: (z) => `z = ${show(z)}`,
    ...done,
  });
  const jointHandles = units.map((d) =>
    handle(weighted, {
      label: `Where unit ${d + 1}'s z is zero`,
      name: `joint ${d + 1}`,
      className: `udl-unit${d + 1}`,
      shape: SHAPES[d],
      axes: "x",
      step: [0.02, 0],
      link: `unit${d + 1}`,
      set: (x) => change(({ theta }) => void (theta[d][0] = 0 - theta[d][1] * x)),
      text: (x) => `x = ${show(x)}`,
      ...done,
    }),
  );
  const input = handle(summed, {
    label: "Input x",
    name: "input",
    className: "udl-ink",
    axes: "x",
    step: [0.02, 0],
    set: (x) => frame.change({ x: tidy(x) }),
    text: (x) => `x = ${show(x)}`,
    ...done,
  });

  const reading = html(frame.body, "p", { class: "udl-equation-line" });
  const about = html(frame.body, "p", { class: "udl-note" });
  html(frame.body, "p", { class: "udl-note" }).textContent =
    "Concatenated ReLU is missing: each unit would return two numbers, ReLU[z] and ReLU[−z], so the network would need thirteen parameters.";
  const sliders = parameterSliders(frame.body, "All ten parameters", D, 1, change, frame.commit, { reach: 6 });

  let drawn = "";
  return {
    draw(state) {
      const now = unpack(state.phi, D);
      const fn = activation(state.activation, state);
      const key = `${fn.name} ${state.slope} ${state.alpha} ${state.beta}`;
      if (key !== drawn) {
        drawn = key;
        drawShape(fn);
        tiles(state.activation);
        settings(state);
        about.textContent = ABOUT[fn.name];
      }
      const { z, x } = state;
      const [value, slope] = [fn.f(z), fn.df(z)];
      zLines.forEach((line, p) => line.set([z, z], [shape, slopes][p].y));
      dot.set([z], [value]);
      slopeDot.set([z], [slope]);
      tangent.set([z - 1.2, z + 1.2], [value - 1.2 * slope, value + 1.2 * slope]);
      zHandle.place(z, slopes.y[0]);

      const places = bends(output(now), fn, LO, HI).map((bend) => bend.x);
      for (const [p, plot] of [weighted, summed].entries()) {
        guides[p].set(places.flatMap((at) => [at, at, at]), places.flatMap(() => [...plot.y, NaN]));
        inputs[p].set([x, x], plot.y);
      }
      units.forEach((d) => {
        const line = trace({ offset: 0, terms: [{ theta: now.theta[d], weight: now.phi[0][d + 1] }] }, fn, LO, HI);
        parts[d].set(line.x, line.y);
        const joint = jointOf(now.theta[d]);
        jointHandles[d].place(joint, 0, joint >= LO && joint <= HI);
      });
      const line = trace(output(now), fn, LO, HI);
      model.set(line.x, line.y);
      input.place(x, summed.y[0]);
      const at = now.theta.map(([t0, t1]) => t0 + t1 * x);
      zMarks.set(at, at.map(fn.f));
      writeReading(reading, fn, z, value, slope);
      sliders(state.phi);
    },
    summary({ phi, activation: name, z, x, ...settings }) {
      const now = unpack(phi, D);
      const fn = activation(name, settings);
      const places = bends(output(now), fn, LO, HI);
      const word = fn.pieces && !jumpsOf(fn).length ? "joint" : fn.pieces ? "jump" : "kink";
      const y = now.theta.reduce((sum, [t0, t1], d) => sum + now.phi[0][d + 1] * fn.f(t0 + t1 * x), now.phi[0][0]);
      return `${title(name)}: a[${show(z)}] = ${show(fn.f(z))}, slope ${show(fn.df(z))}. The output has ${count(places.length, word)} and is ${show(y)} at x = ${show(x)}.`;
    },
    table({ phi, activation: name, x, ...settings }) {
      const now = unpack(phi, D);
      const fn = activation(name, settings);
      return {
        caption: `Units at x = ${show(x)} with ${title(name)}`,
        head: ["unit", "z", "a[z]", "a′[z]", "weight φ", "φ · a[z]"],
        rows: now.theta.map(([t0, t1], d) => {
          const z = t0 + t1 * x;
          const weight = now.phi[0][d + 1];
          return [String(d + 1), z, fn.f(z), fn.df(z), weight, weight * fn.f(z)];
        }),
      };
    },
  };

  function drawShape(fn: Activation): void {
    const line = trace({ offset: 0, terms: [{ theta: [0, 1], weight: 1 }] }, fn, -Z, Z);
    a.set(line.x, line.y);
    const slope = traceDerivative(fn, -Z, Z);
    derivative.set(slope.x, slope.y);
    const jumps = jumpsOf(fn);
    taken.set(jumps.map((j) => j.z), jumps.map((j) => j.taken));
    missed.set(jumps.flatMap((j) => j.missed.map(() => j.z)), jumps.flatMap((j) => j.missed));
  }
}

const output = ({ theta, phi }: Shallow1D): Sum => ({
  offset: phi[0][0],
  terms: theta.map((t, d) => ({ theta: t, weight: phi[0][d + 1] })),
});

/** Marks of the units on a[z], a little smaller than handles. */
const SMALL = { circle: "", square: "M-5-5H5V5H-5Z", diamond: "M0-6.5L6.5 0L0 6.5L-6.5 0Z", triangle: "M0-6.5L6 4.5H-6Z" };

const TITLES: Record<ActivationName, string> = {
  relu: "ReLU",
  leaky_relu: "leaky ReLU",
  parametric_relu: "parametric ReLU",
  softplus: "softplus",
  gelu: "GELU",
  silu: "SiLU",
  swish: "swish",
  elu: "ELU",
  selu: "SELU",
  hard_swish: "hard swish",
  tanh: "tanh",
  sigmoid: "sigmoid",
  heaviside: "Heaviside",
  rect: "rect",
  sine: "sine",
  identity: "identity",
};
/** Steps of a key add up to round numbers, so that a kink at 0 can be hit. */
const tidy = (v: number): number => Number(v.toFixed(4));

const title = (name: ActivationName): string => TITLES[name];

const ABOUT: Record<ActivationName, string> = {
  relu: "Below zero the derivative is exactly 0. A unit whose z is negative at every example gets no gradient and never changes: a dying ReLU.",
  leaky_relu: "A small slope below zero keeps the gradient alive. The book takes 0.1, libraries often 0.01. The joints stay where they are.",
  parametric_relu: "A leaky ReLU whose slope is one more parameter that training changes; it usually starts at 0.25.",
  softplus: "A ReLU with its corner rounded off: no joints any more. Its derivative is the sigmoid, which is never quite 0.",
  gelu: "z times the chance that a standard normal number is below z. It dips below zero before it rises.",
  silu: "z times sigmoid[z]: swish with β = 1.",
  swish: "z times sigmoid[β z]. Turn β up and it becomes a ReLU; at β = 0 it is the line z/2.",
  elu: "Follows α (exp[z] − 1) below zero. With α = 1 it has no corner at zero.",
  selu: "An ELU with two constants: with suitably drawn weights, layers keep mean 0 and variance 1. Its slope jumps at zero.",
  hard_swish: "Three pieces, the middle one a parabola: swish without an exponential. Its slope jumps at z = −3 and 3.",
  tanh: "From −1 to 1. Far from zero it is flat, so the gradient vanishes on both sides.",
  sigmoid: "From 0 to 1. Its slope is never more than 0.25.",
  heaviside: "A step. Its derivative is 0 everywhere but at the jump, so descent learns nothing about θ.",
  rect: "A box from 0 to 1: two jumps for each unit. Its derivative is 0 wherever it exists.",
  sine: "It never settles: the slope changes its sign again and again, far from zero too.",
  identity: "No bend at all: whatever the ten numbers are, the output is one straight line.",
};

function writeReading(parent: HTMLElement, fn: Activation, z: number, value: number, slope: number): void {
  parent.replaceChildren();
  const jumps = jumpsOf(fn).some((jump) => jump.z === z);
  const exactly = slope === 0 && !jumps ? " exactly: no gradient passes" : "";
  parent.append(`a[${show(z)}] = ${show(value, 3)},  a′[${show(z)}] = ${show(slope, 3)}${exactly}.`);
  if (jumps) parent.append(" Here a jumps, so it has no slope; the library gives 0.");
  else if (fn.kinks.includes(z)) parent.append(" Here the slope jumps; the library gives the one on the left.");
}

/** One small picture for each activation; native radio buttons, so that arrow keys walk through them. */
function drawTiles(frame: Frame<ActivationGalleryState>): (chosen: ActivationName) => void {
  const box = html(frame.body, "fieldset", { class: "udl-tiles" });
  html(box, "legend", { class: "udl-hidden" }, "Choose an activation");
  const group = `udl-activation-${++galleries}`;
  const defaults: Settings = { slope: 0.1, alpha: 1, beta: 1 };
  const inputs = NAMES.map((name) => {
    const label = html(box, "label", { class: "udl-tile", title: title(name) });
    const input = html(label, "input", { type: "radio", name: group, value: name, "data-udl-tile": name });
    const picture = svg(label, "svg", { viewBox: "0 0 60 40", "aria-hidden": "true" });
    svg(picture, "path", { d: "M0 28H60M30 0V40", class: "udl-gridline" });
    const { x, y } = trace({ offset: 0, terms: [{ theta: [0, 1], weight: 1 }] }, activation(name, defaults), -Z, Z, 61);
    let d = "";
    x.forEach((at, i) => {
      if (Number.isNaN(y[i])) return;
      d += `${i && !Number.isNaN(y[i - 1]) ? "L" : "M"}${(30 + at * 7.5).toFixed(1)} ${(28 - y[i] * 9).toFixed(1)}`;
    });
    svg(picture, "path", { d, class: "udl-curve udl-model", fill: "none" });
    html(label, "span", {}, title(name));
    input.addEventListener("change", () => frame.set({ activation: name }));
    return input;
  });
  return (chosen) => inputs.forEach((input) => (input.checked = input.value === chosen));
}
let galleries = 0;

/** A slider for the setting of the chosen activation; the others are put away. */
function drawSettings(frame: Frame<ActivationGalleryState>, parent: HTMLElement): (state: ActivationGalleryState) => void {
  const make = (key: keyof Settings, label: string, letter: string, min: number, max: number, step: number): Control<number> => {
    const control = slider(parent, {
      label,
      name: key,
      ...(letter ? { draw: (place: HTMLElement) => void symbol(place, letter) } : {}),
      min,
      max,
      step,
      input: (v) => frame.change({ [key]: v }),
      commit: frame.commit,
    });
    return control;
  };
  const all: Record<keyof Settings, Control<number>> = {
    slope: make("slope", "Slope below zero", "", 0, 1, 0.01),
    alpha: make("alpha", "α", plain("α"), 0, 3, 0.05),
    beta: make("beta", "β", plain("β"), 0, 10, 0.1),
  };
  return (state) => {
    const used = settingOf(state.activation);
    for (const key of ["slope", "alpha", "beta"] as const) {
      all[key].node.hidden = key !== used;
      all[key].show(state[key]);
    }
  };
}
