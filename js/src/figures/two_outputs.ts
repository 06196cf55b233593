import type { FigureSpec, Frame, View } from "../figure.ts";
import { handle } from "../handle.ts";
import { evaluate, joints, jointOf, pack, pull, relu, slopeRule, unpack, type Shallow1D } from "../numeric/shallow.ts";
import { number, numbers } from "../parse.ts";
import type { Plot } from "../plot.ts";
import { html, plain, show, svg, symbol } from "../svg.ts";
import { count, parameterSliders, signedSum, unitClass, unitLink, unitShape } from "./parameter_sliders.ts";

export type TwoOutputsState = {
  /** θ₁₀ θ₁₁ … θ₄₀ θ₄₁, then φ₁₀ … φ₁₄, then φ₂₀ … φ₂₄ */
  phi: number[];
  /** The input marked in all views. */
  x: number;
};

const D = 4;
const [LO, HI] = [0, 2];
const units = [0, 1, 2, 3] as const;
const outputs = [0, 1] as const;

export const twoOutputs: FigureSpec<TwoOutputsState> = {
  name: "two-outputs",
  title: "Two outputs share their joints",
  version: 1,
  keys: ["phi", "x"],
  parse: (raw) => ({ phi: numbers(raw, "phi", 18), x: number(raw, "x", LO, HI) }),
  build,
  python: ({ phi, x }) => `import numpy as np
from udl_core import Shallow, regions

net = Shallow(D_i=1, D=4, D_o=2)
phi = np.array([${phi.join(", ")}])
print(net(np.array([[${x}]]), phi))
print(regions.joints(net, phi, ${LO}, ${HI}))`,
  question: {
    ask: "The network has 18 parameters. How many of them do both outputs share?",
    min: 0,
    max: 18,
    step: 1,
    text: (v) => show(v, 0),
    truth: () => 2 * D,
  },
};

function build(frame: Frame<TwoOutputsState>): View<TwoOutputsState> {
  const grid = html(frame.body, "div", { class: "udl-grid" });
  const left = html(grid, "div");
  const right = html(grid, "div");
  const hidden = frame.plot(left, { label: "Hidden units", title: "Shared: four units a[z]", x: [LO, HI], y: [-0.5, 2], xlabel: "x", ylabel: "h", height: 180, margin: { right: 26 } });
  const curves = frame.plot(left, { label: "The two outputs", title: "Own: y₁ (solid) and y₂ (dashed)", x: [LO, HI], y: [-1.5, 1.5], xlabel: "x", height: 230, margin: { right: 26 } });
  const plane = frame.plot(right, {
    label: "The path of (y₁, y₂) while x runs from 0 to 2",
    title: "Together: the path from x = 0 to 2",
    x: [-1.5, 1.5],
    y: [-1.5, 1.5],
    xlabel: "y₁",
    ylabel: "y₂",
    height: 320,
  });

  const guides = [hidden, curves].map((plot, p) =>
    units.map((d) => plot.curve(`guide ${p + 1}.${d + 1}`, `udl-guide ${unitClass(d)}`, { "data-udl-link": unitLink(d) })),
  );
  const probes = [hidden, curves].map((plot, p) => plot.curve(`probe ${p + 1}`, "udl-probe"));
  const hinges = units.map((d) => hidden.curve(`unit ${d + 1}`, unitClass(d), { "data-udl-link": unitLink(d) }));
  const ghosts = outputs.map((o) => curves.curve(`wanted ${o + 1}`, "udl-ghost"));
  const lines = outputs.map((o) => curves.curve(`output ${o + 1}`, `udl-model ${o ? "udl-second" : ""}`, { "data-udl-link": `output${o + 1}` }));
  const path = plane.curve("path", "udl-model");
  const ends = svg(plane.top, "g", { "aria-hidden": "true" });
  const here = curves.dots("outputs at x", "udl-dots udl-ink", 4.5);
  const there = plane.dots("point at x", "udl-dots udl-ink", 6);
  const unitNames = units.map((d) => svg(hidden.top, "text", { class: "udl-line-name", "text-anchor": "middle", "data-udl-link": unitLink(d) }, String(d + 1)));
  const outputNames = outputs.map((o) => svg(curves.top, "text", { class: "udl-line-name", "text-anchor": "start", "data-udl-link": `output${o + 1}` }, plain("y", String(o + 1))));
  const endNames = ["x = 0", "x = 2"].map((text) => svg(ends, "text", { class: "udl-line-name udl-end-name" }, text));

  const net = (): Shallow1D => unpack(frame.state.phi, D, 2);
  const change = (edit: (net: Shallow1D) => void): void => {
    const next = net();
    edit(next);
    frame.change({ phi: pack(next) });
  };

  let origin: Shallow1D | undefined;
  let wanted: { knots: number[]; values: (number[] | undefined)[] } | undefined;
  const done = {
    start: () => void (origin = net()),
    commit: () => {
      wanted = origin = undefined;
      frame.commit();
      view.draw(frame.state);
    },
    cancel: () => {
      wanted = origin = undefined;
      frame.cancel();
    },
  };
  /** Puts the vertex at unit d's joint to these values, output by output; undefined leaves an output alone. */
  const pullTo = (d: number, target: (number | undefined)[]): void => {
    const before = origin ?? net();
    const next = net();
    const form = joints(next, LO, HI);
    const at = form.joints.findIndex((j) => j.units.includes(d)) + 1;
    if (at === 0) return;
    const values = target.map((y, o) => {
      if (y === undefined) return undefined;
      const result = pull(next, LO, HI, at, y, o, before);
      next.phi[o] = result.row;
      return result.wanted;
    });
    wanted = { knots: form.knots, values };
    frame.change({ phi: pack(next) });
  };

  const jointHandles = units.map((d) =>
    handle(hidden, {
      label: `Joint of unit ${d + 1}, shared by both outputs`,
      name: `joint ${d + 1}`,
      className: unitClass(d),
      shape: unitShape(d),
      axes: "x",
      step: [0.02, 0],
      link: unitLink(d),
      set: (x) => change(({ theta }) => void (theta[d][0] = 0 - theta[d][1] * x)),
      text: (x) => `x = ${show(x)}`,
      ...done,
    }),
  );
  const vertexHandles = outputs.map((o) =>
    units.map((d) =>
      handle(curves, {
        label: `Vertex of output ${o + 1} at unit ${d + 1}'s joint`,
        name: `vertex ${o + 1}.${d + 1}`,
        className: `udl-model ${o ? "udl-open" : ""}`,
        axes: "y",
        step: [0, 0.05],
        link: `${unitLink(d)} output${o + 1}`,
        set: (_, y) => pullTo(d, o ? [undefined, y] : [y, undefined]),
        text: (_, y) => `${plain("y", String(o + 1))} = ${show(y)}`,
        ...done,
      }),
    ),
  );
  const corners = units.map((d) =>
    handle(plane, {
      label: `Corner of the path at unit ${d + 1}'s joint`,
      name: `corner ${d + 1}`,
      className: unitClass(d),
      shape: unitShape(d),
      step: [0.05, 0.05],
      link: unitLink(d),
      set: (y1, y2) => pullTo(d, [y1, y2]),
      text: (y1, y2) => `y₁ = ${show(y1)}, y₂ = ${show(y2)}`,
      ...done,
    }),
  );
  const cornerNames = units.map((d) => svg(plane.top, "text", { class: "udl-line-name", "text-anchor": "middle", "data-udl-link": unitLink(d) }, String(d + 1)));
  const probe = handle(curves, {
    label: "Input x",
    name: "input",
    className: "udl-ink",
    axes: "x",
    step: [0.02, 0],
    set: (x) => frame.change({ x }),
    commit: frame.commit,
    cancel: frame.cancel,
    text: (x) => `x = ${show(x)}`,
  });

  html(right, "p", { class: "udl-note" }).textContent =
    "Each corner of the path is a joint. Drag one: both outputs follow. Drag a vertex of one output: the other stays.";
  const equations = outputs.map((o) => drawEquation(frame.body, o));
  const rule = html(frame.body, "p", { class: "udl-note" });
  const sliders = parameterSliders(frame.body, "All eighteen parameters", D, 2, change, frame.commit, { reach: 6 });

  const view: View<TwoOutputsState> = {
    draw({ phi, x }) {
      const now = unpack(phi, D, 2);
      const form = joints(now, LO, HI);
      units.forEach((d) => {
        const joint = jointOf(now.theta[d]);
        const seen = joint > LO && joint < HI;
        const knots = seen ? [LO, joint, HI] : [LO, HI];
        const h = knots.map((at) => (at === joint ? 0 : relu(now.theta[d][0] + now.theta[d][1] * at)));
        hinges[d].set(knots, h);
        for (const [p, plot] of [hidden, curves].entries()) guides[p][d].set(seen ? [joint, joint] : [], seen ? plot.y : []);
        jointHandles[d].place(joint, 0, seen);
        const at = form.joints.findIndex((j) => j.units.includes(d));
        const [y1, y2] = outputs.map((o) => (at < 0 ? 0 : form.values[o][at + 1]));
        vertexHandles[0][d].place(joint, y1, at >= 0);
        vertexHandles[1][d].place(joint, y2, at >= 0);
        corners[d].place(y1, y2, at >= 0);
        label(unitNames[d], hidden.sx(joint), hidden.sy(0) + 21, seen);
        label(cornerNames[d], plane.sx(y1), plane.sy(y2) + (y2 > 1.2 ? 23 : -13), at >= 0 && inside(y1) && inside(y2));
      });
      outputs.forEach((o) => {
        lines[o].set(form.knots, form.values[o]);
        const asked = wanted?.values[o];
        ghosts[o].set(asked ? wanted!.knots : [], asked ?? []);
      });
      nameEnds(outputNames, curves, form.values.map((v) => v.at(-1)!));
      path.set(form.values[0], form.values[1]);
      endNames.forEach((node, e) => {
        const [y1, y2] = outputs.map((o) => form.values[o].at(e ? -1 : 0)!);
        const [n1, n2] = outputs.map((o) => form.values[o].at(e ? -2 : 1)!);
        // beyond the end, on the side the path comes from
        const [dx, dy] = [plane.sx(y1) - plane.sx(n1), plane.sy(y2) - plane.sy(n2)];
        const length = Math.hypot(dx, dy) || 1;
        const level = Math.abs(dx) > 0.5 * length;
        node.setAttribute("text-anchor", level ? (dx < 0 ? "end" : "start") : "middle");
        label(node, plane.sx(y1) + (6 * dx) / length, plane.sy(y2) + 4 + (14 * dy) / length, inside(y1) && inside(y2));
      });
      const y = outputs.map((o) => evaluate(now, x, o));
      here.set([x, x], y);
      there.set([y[0]], [y[1]]);
      probes.forEach((line, p) => line.set([x, x], [hidden, curves][p].y));
      probe.place(x, curves.y[0]);
      const h = now.theta.map(([t0, t1]) => relu(t0 + t1 * x));
      equations.forEach((write, o) => write(now.phi[o], h, y[o], x));
      rule.textContent = writeRule(now);
      sliders(phi);
    },
    summary({ phi, x }) {
      const now = unpack(phi, D, 2);
      const form = joints(now, LO, HI);
      const where = form.joints.length ? ` at x = ${form.joints.map((j) => show(j.x)).join(", ")}` : "";
      return `${count(form.joints.length, "shared joint")}${where}. At x = ${show(x)}: y₁ = ${show(evaluate(now, x, 0))}, y₂ = ${show(evaluate(now, x, 1))}.`;
    },
    table({ phi }) {
      const form = joints(unpack(phi, D, 2), LO, HI);
      return {
        caption: "Linear regions between x = 0 and x = 2: the same for both outputs",
        head: ["region", "from x", "to x", "slope of y₁", "slope of y₂", "active units"],
        rows: form.patterns.map((on, i) => [
          String(i + 1),
          form.knots[i],
          form.knots[i + 1],
          form.slopes[0][i],
          form.slopes[1][i],
          on.flatMap((active, d) => (active ? [String(d + 1)] : [])).join(", ") || "none",
        ]),
      };
    },
  };
  return view;
}

const inside = (y: number): boolean => y >= -1.5 && y <= 1.5;

function label(node: SVGTextElement, x: number, y: number, visible: boolean): void {
  node.setAttribute("visibility", visible ? "visible" : "hidden");
  if (!visible) return;
  node.setAttribute("x", x.toFixed(1));
  node.setAttribute("y", y.toFixed(1));
}

/** Names at the right ends of the two outputs, pushed apart where they would meet. */
function nameEnds(names: SVGTextElement[], plot: Plot, last: number[]): void {
  const at = last.map((y) => plot.sy(y) + 4);
  const middle = (at[0] + at[1]) / 2;
  if (Math.abs(at[0] - at[1]) < 15) {
    const up = last[0] >= last[1] ? -7.5 : 7.5;
    at[0] = middle + up;
    at[1] = middle - up;
  }
  names.forEach((node, o) => label(node, plot.area.right + 4, at[o], inside(last[o])));
}

/** y_o = φ_o0 + φ_o1 h₁ + …, each term over its number at x. */
function drawEquation(parent: Element, o: number): (row: readonly number[], h: readonly number[], y: number, x: number) => void {
  const line = html(parent, "p", { class: "udl-equation udl-equation-small", "aria-live": "off" });
  const term = (link: string | undefined, className = ""): { top: HTMLElement; bottom: HTMLElement } => {
    const box = html(line, "span", { class: `udl-term ${className}`, "data-udl-link": link });
    return { top: html(box, "span"), bottom: html(box, "span", { class: "udl-term-value" }) };
  };
  const left = term(`output${o + 1}`);
  symbol(left.top, "y", String(o + 1));
  left.top.append(" =");
  const offset = term(`phi${o}`);
  symbol(offset.top, "φ", `${o + 1}0`);
  const rest = units.map((d) => {
    const t = term(unitLink(d), unitClass(d));
    t.top.append("+ ");
    symbol(t.top, "φ", `${o + 1}${d + 1}`);
    t.top.append(" ");
    symbol(t.top, "h", String(d + 1));
    return t;
  });
  return (row, h, y) => {
    left.bottom.textContent = show(y);
    offset.bottom.textContent = show(row[0]);
    rest.forEach((t, d) => {
      t.bottom.textContent = h[d] > 0 ? `${show(row[d + 1])} · ${show(h[d])}` : "off: 0";
    });
  };
}

/** The combination of slopes that neither output can choose. */
function writeRule(net: Shallow1D): string {
  const rule = slopeRule(net, LO, HI);
  if (!rule) return "";
  const names = signedSum(rule.weights, (i) => `slope ${i + 1}`);
  return `Not free, for either output: ${names} = 0. All other slopes each output chooses for itself.`;
}
