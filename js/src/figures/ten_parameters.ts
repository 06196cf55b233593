import type { FigureSpec, Frame, View } from "../figure.ts";
import { handle, type Handle } from "../handle.ts";
import { joints, jointOf, pack, pull, relu, slopeRule, unpack, type Shallow1D } from "../numeric/shallow.ts";
import { number, numbers } from "../parse.ts";
import type { Mark, Plot } from "../plot.ts";
import { html, plain, show, svg, symbol } from "../svg.ts";
import { SHAPES, count, parameterSliders, signedSum } from "./parameter_sliders.ts";

export type TenParametersState = {
  /** θ₁₀ θ₁₁ θ₂₀ θ₂₁ θ₃₀ θ₃₁ φ₀ φ₁ φ₂ φ₃ */
  phi: number[];
  /** The input whose numbers the equation shows. */
  x: number;
};

const D = 3;
const LO = 0;
const HI = 2;
const units = [0, 1, 2] as const;

export const tenParameters: FigureSpec<TenParametersState> = {
  name: "ten-parameters",
  title: "Ten parameters, one function",
  version: 1,
  keys: ["phi", "x"],
  parse: (raw) => ({ phi: numbers(raw, "phi", 10), x: number(raw, "x", LO, HI) }),
  build,
  python: ({ phi, x }) => `import numpy as np
from udl_core import Shallow, regions

net = Shallow(D_i=1, D=3, D_o=1)
phi = np.array([${phi.join(", ")}])
print(net(np.array([[${x}]]), phi))
print(regions.joints(net, phi, ${LO}, ${HI}))`,
  question: {
    ask: "How many linear pieces will the output show between 0 and 2?",
    min: 1,
    max: 8,
    step: 1,
    text: (v) => show(v, 0),
    truth: ({ phi }) => joints(unpack(phi, D), LO, HI).joints.length + 1,
  },
};

function build(frame: Frame<TenParametersState>): View<TenParametersState> {
  const grid = html(frame.body, "div", { class: "udl-grid udl-grid-columns" });
  const panel = (title: string, y: [number, number], ylabel: string, height: number): Plot =>
    frame.plot(grid, { label: title, title, x: [LO, HI], y, xlabel: "x", ylabel, height });
  const lines = panel("1  Three lines", [-2, 2], "", 190);
  const clipped = panel("2  Clipped at zero: h = a[line]", [-2, 2], "", 190);
  const weighted = panel("3  Weighted: φ · h", [-2, 2], "", 190);
  const output = panel("4  Summed, plus φ₀: output", [-2, 2], "y", 190);
  const stages = [lines, clipped, weighted];
  const stageNames = ["line", "clipped", "weighted"];

  // region bands and the guides through the joints, shared by all panels
  const guides = [...stages, output].map((plot, p) =>
    units.map((d) => plot.curve(`guide ${p + 1}.${d + 1}`, `udl-guide udl-unit${d + 1}`, { "data-udl-link": `unit${d + 1}` })),
  );
  const probes = [...stages, output].map((plot, p) => plot.curve(`probe ${p + 1}`, "udl-probe"));
  const curves: Mark[][] = stages.map((plot, s) =>
    units.map((d) => plot.curve(`${stageNames[s]} ${d + 1}`, `udl-unit${d + 1}`, { "data-udl-link": `unit${d + 1}` })),
  );
  // pointing at a region lights up the units that are on there
  const bands = svg(output.layer, "g");
  const resisting = output.curve("wanted", "udl-ghost");
  const model = output.curve("output", "udl-model");
  const pattern = svg(output.top, "g", { class: "udl-pattern", "aria-hidden": "true" });

  const names = units.map((d) => svg(lines.top, "text", { class: "udl-line-name", "text-anchor": "middle", "aria-hidden": "true", "data-udl-link": `unit${d + 1}` }, String(d + 1)));
  // an invitation that leaves with the first move
  const invite = (plot: Plot, side: "left" | "right", text: string): SVGElement => {
    const at = { x: side === "left" ? plot.area.left + 6 : plot.area.right - 6, y: plot.area.bottom - 7 };
    return svg(plot.top, "text", { ...at, class: "udl-invitation", "text-anchor": side === "left" ? "start" : "end", "aria-hidden": "true" }, text);
  };
  const invitations = [invite(lines, "right", "drag a shape ↔"), invite(weighted, "left", "drag a shape ↕"), invite(output, "right", "drag a bend")];
  let untouched: number[] | undefined;

  const net = (): Shallow1D => unpack(frame.state.phi, D);
  const change = (edit: (net: Shallow1D) => void): void => {
    const next = net();
    edit(next);
    frame.change({ phi: pack(next) });
  };
  const moveJoint = (d: number, x: number): void =>
    change(({ theta }) => {
      theta[d][0] = 0 - theta[d][1] * x;
    });

  const gesture = {
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
  let origin: Shallow1D | undefined;
  let wanted: { knots: number[]; values: number[] } | undefined;

  const jointHandles: Handle[] = units.map((d) =>
    handle(lines, {
      label: `Joint of unit ${d + 1}`,
      name: `joint ${d + 1}`,
      className: `udl-unit${d + 1}`,
      shape: SHAPES[d],
      axes: "x",
      step: [0.02, 0],
      link: `unit${d + 1}`,
      set: (x) => moveJoint(d, x),
      text: (x) => `x = ${show(x)}`,
      ...gesture,
    }),
  );
  const weightHandles: Handle[] = units.map((d) =>
    handle(weighted, {
      label: `Weight of unit ${d + 1}`,
      name: `weight ${d + 1}`,
      className: `udl-unit${d + 1}`,
      shape: SHAPES[d],
      axes: "y",
      step: [0, 0.05],
      link: `unit${d + 1}`,
      set: (_, y) =>
        change(({ theta, phi }) => {
          const h = relu(theta[d][0] + theta[d][1] * farEnd(theta[d]));
          if (h > 1e-9) phi[0][d + 1] = y / h;
        }),
      text: () => `${plain("φ", String(d + 1))} = ${show(net().phi[0][d + 1])}`,
      ...gesture,
    }),
  );
  const vertexHandles: Handle[] = units.map((d) =>
    handle(output, {
      label: `Vertex of the output at unit ${d + 1}'s joint`,
      name: `vertex ${d + 1}`,
      className: "udl-model",
      axes: "xy",
      step: [0.02, 0.05],
      link: `unit${d + 1}`,
      start: () => (origin = net()),
      set: (x, y) => {
        const next = net();
        next.theta[d][0] = 0 - next.theta[d][1] * x;
        const form = joints(next, LO, HI);
        const at = form.joints.findIndex((j) => j.units.includes(d)) + 1;
        if (at === 0) return frame.change({ phi: pack(next) });
        const result = pull(next, LO, HI, at, y, 0, origin ?? net());
        next.phi[0] = result.row;
        wanted = { knots: form.knots, values: result.wanted };
        frame.change({ phi: pack(next) });
      },
      text: (x, y) => `x = ${show(x)}, y = ${show(y)}`,
      ...gesture,
    }),
  );
  const probe = handle(output, {
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

  const equation = html(frame.body, "p", { class: "udl-equation", "aria-live": "off" });
  const terms = drawEquation(equation);
  const slopeLine = html(frame.body, "p", { class: "udl-note" });
  const sliders = parameterSliders(frame.body, "All ten parameters", D, 1, change, frame.commit, { open: true });

  const view: View<TenParametersState> = {
    draw({ phi, x }) {
      const now = unpack(phi, D);
      const form = joints(now, LO, HI);
      untouched ??= phi;
      for (const invitation of invitations) invitation.setAttribute("visibility", phi === untouched ? "visible" : "hidden");
      units.forEach((d) => {
        const t = now.theta[d];
        const joint = jointOf(t);
        const seen = joint > LO && joint < HI;
        const knots = seen ? [LO, joint, HI] : [LO, HI];
        const z = knots.map((at) => (at === joint ? 0 : t[0] + t[1] * at));
        curves[0][d].set([LO, HI], [t[0] + t[1] * LO, t[0] + t[1] * HI]);
        curves[1][d].set(knots, z.map(relu));
        curves[2][d].set(
          knots,
          z.map((v) => now.phi[0][d + 1] * relu(v)),
        );
        for (const [p, plot] of [...stages, output].entries()) guides[p][d].set(seen ? [joint, joint] : [], seen ? plot.y : []);
        jointHandles[d].place(joint, 0, seen);
        names[d].setAttribute("x", lines.sx(seen ? joint : 0).toFixed(1));
        names[d].setAttribute("y", (lines.sy(0) + (t[1] < 0 ? -12 : 22)).toFixed(1));
        names[d].setAttribute("visibility", seen ? "visible" : "hidden");
        const far = farEnd(t);
        const h = relu(t[0] + t[1] * far);
        weightHandles[d].place(far, now.phi[0][d + 1] * h, h > 1e-9);
        const at = form.joints.findIndex((j) => j.units.includes(d));
        vertexHandles[d].place(joint, at < 0 ? 0 : form.values[0][at + 1], at >= 0);
      });
      model.set(form.knots, form.values[0]);
      resisting.set(wanted ? wanted.knots : [], wanted ? wanted.values : []);
      for (const [p, plot] of [...stages, output].entries()) probes[p].set([x, x], plot.y);
      probe.place(x, output.y[0]);
      drawPattern(pattern, output, form.knots, form.patterns);
      drawBands(bands, output, form.knots, form.patterns);
      const here = form.knots.slice(1).findIndex((right) => x <= right);
      probe.node.setAttribute("data-udl-link", activeUnits(form.patterns[Math.max(0, here)]));
      const h = now.theta.map(([offset, slope]) => relu(offset + slope * x));
      terms(now, h, x);
      slopeLine.textContent = writeRule(now, form.slopes[0]);
      sliders(phi);
    },
    summary({ phi }) {
      const { joints: found, slopes } = joints(unpack(phi, D), LO, HI);
      const places = found.length ? ` at x = ${found.map((j) => show(j.x)).join(", ")}` : "";
      return `${count(found.length, "joint")}${places}; ${count(slopes[0].length, "linear region")} with slopes ${slopes[0].map((m) => show(m)).join(", ")}.`;
    },
    table({ phi }) {
      const form = joints(unpack(phi, D), LO, HI);
      return {
        caption: "Linear regions between x = 0 and x = 2",
        head: ["region", "from x", "to x", "slope", "y at its left end", "active units"],
        rows: form.patterns.map((on, i) => [
          String(i + 1),
          form.knots[i],
          form.knots[i + 1],
          form.slopes[0][i],
          form.values[0][i],
          on.flatMap((active, d) => (active ? [String(d + 1)] : [])).join(", ") || "none",
        ]),
      };
    },
  };
  return view;
}

/** The end of the interval where the unit is larger: there its weight has the best lever. */
const farEnd = ([, slope]: readonly [number, number]): number => (slope < 0 ? LO : HI);

/** The links of the units that are on. */
const activeUnits = (on: readonly boolean[]): string => on.flatMap((active, d) => (active ? [`unit${d + 1}`] : [])).join(" ") || "no-unit";

function drawBands(parent: SVGGElement, plot: Plot, knots: number[], patterns: boolean[][]): void {
  while (parent.childElementCount > patterns.length) parent.lastElementChild!.remove();
  while (parent.childElementCount < patterns.length) svg(parent, "rect", { class: "udl-band" });
  patterns.forEach((on, i) => {
    const band = parent.children[i];
    const [left, right] = [plot.sx(knots[i]), plot.sx(knots[i + 1])];
    const box = { x: left, y: plot.area.top, width: right - left, height: plot.area.bottom - plot.area.top };
    for (const [name, value] of Object.entries(box)) band.setAttribute(name, value.toFixed(2));
    band.setAttribute("data-udl-link", activeUnits(on));
  });
}

/** A row of unit marks above each region: filled when the unit is active there. */
function drawPattern(parent: SVGGElement, plot: Plot, knots: number[], patterns: boolean[][]): void {
  parent.replaceChildren();
  patterns.forEach((on, i) => {
    const [left, right] = [plot.sx(knots[i]), plot.sx(knots[i + 1])];
    if (right - left < 34) return;
    on.forEach((active, d) => {
      svg(parent, "circle", {
        cx: (left + right) / 2 + (d - 1) * 11,
        cy: plot.area.top + 9,
        r: 4,
        class: `udl-unit${d + 1} ${active ? "udl-on" : "udl-off"}`,
        "data-udl-link": `unit${d + 1}`,
      });
    });
  });
}

/** y = φ₀ + φ₁ a[θ₁₀ + θ₁₁ x] + …, each term linked to its unit, with its number at the chosen x below. */
function drawEquation(parent: HTMLElement): (net: Shallow1D, h: number[], x: number) => void {
  const term = (link?: string): { top: HTMLElement; bottom: HTMLElement } => {
    const box = html(parent, "span", { class: `udl-term ${link ? `udl-${link}` : ""}`, "data-udl-link": link });
    return { top: html(box, "span"), bottom: html(box, "span", { class: "udl-term-value" }) };
  };
  const y = term();
  symbol(y.top, "y");
  y.top.append(" =");
  const offset = term("phi0");
  symbol(offset.top, "φ", "0");
  const rest = units.map((d) => {
    const t = term(`unit${d + 1}`);
    t.top.append("+ ");
    symbol(t.top, "φ", String(d + 1));
    t.top.append(" a[");
    symbol(t.top, "θ", `${d + 1}0`);
    t.top.append(" + ");
    symbol(t.top, "θ", `${d + 1}1`);
    symbol(t.top, " x");
    t.top.append("]");
    return t;
  });
  return ({ phi }, h, x) => {
    const total = h.reduce((sum, v, d) => sum + phi[0][d + 1] * v, phi[0][0]);
    y.bottom.textContent = `${show(total)} at x = ${show(x)}`;
    offset.bottom.textContent = show(phi[0][0]);
    rest.forEach((t, d) => {
      t.bottom.textContent = h[d] > 0 ? `${show(phi[0][d + 1])} · ${show(h[d])}` : "off: 0";
    });
  };
}

/** Says which combination of slopes can't be chosen, and that it holds now. */
function writeRule(net: Shallow1D, slopes: readonly number[]): string {
  const rule = slopeRule(net, LO, HI);
  if (!rule) return "";
  const names = signedSum(rule.weights, (i) => `slope ${i + 1}`);
  const values = signedSum(rule.weights, (i) => `(${show(slopes[i])})`);
  return `Not free: ${names} = ${values} = 0, whatever you drag.`;
}
