import { button, choice, group, slider } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { handle } from "../handle.ts";
import { jointOf, joints, relu, unpack } from "../numeric/shallow.ts";
import { crossings, D, factors, gap, levels, loss, nearest, scale, swap } from "../numeric/symmetry.ts";
import { integer, numbers } from "../parse.ts";
import type { Plot } from "../plot.ts";
import { html, plain, show, svg, symbol } from "../svg.ts";
import { SHAPES } from "./parameter_sliders.ts";

export type SymmetryOrbitState = {
  /** The parameters now: θ₁₀ θ₁₁ θ₂₀ θ₂₁ θ₃₀ θ₃₁ φ₀ φ₁ φ₂ φ₃ */
  phi: number[];
  /** The parameters that the orbit starts from. */
  start: number[];
  /** Which unit of the start each unit of φ is: [1, 2, 3] until units are exchanged. */
  order: number[];
  /** The unit whose factors are shown, 1 to 3. */
  unit: number;
  /** Data of the loss. */
  x: number[];
  y: number[];
};

const [LO, HI] = [0, 2];
/** The smallest and largest |α|, and how far the plane of factors reaches. */
const [LEAST, MOST, REACH] = [0.4, 2.5, 2.75];
const units = [0, 1, 2] as const;
const NAMES = ["θ₁₀", "θ₁₁", "θ₂₀", "θ₂₁", "θ₃₀", "θ₃₁", "φ₀", "φ₁", "φ₂", "φ₃"];
const unitOf = (i: number): number | undefined => (i < 6 ? Math.floor(i / 2) : i > 6 ? i - 7 : undefined);

export const symmetryOrbit: FigureSpec<SymmetryOrbitState> = {
  name: "symmetry-orbit",
  title: "Many parameters, one function",
  version: 1,
  keys: ["phi", "start", "order", "unit", "x", "y"],
  parse(raw) {
    const order = numbers(raw, "order", D);
    if (order.slice().sort().join() !== "1,2,3") throw new Error(`order must hold 1, 2 and 3 once each, got ${order.join(", ")}`);
    const x = numbers(raw, "x");
    if (!x.length) throw new Error("x must hold at least one number, got none");
    return {
      phi: numbers(raw, "phi", 10),
      start: numbers(raw, "start", 10),
      order,
      unit: integer(raw, "unit", 1, D),
      x,
      y: numbers(raw, "y", x.length),
    };
  },
  build,
  python: ({ phi, start, x, y }) => `import numpy as np
from udl_core import Shallow, losses

net = Shallow(D_i=1, D=3, D_o=1)
x = np.array([${x.join(", ")}])[:, None]
y = np.array([${y.join(", ")}])[:, None]
start = np.array([${start.join(", ")}])
phi = np.array([${phi.join(", ")}])
print(losses.least_squares(net(x, start), y)[0])
print(losses.least_squares(net(x, phi), y)[0])
print(net(x, phi).ravel())`,
  question: {
    ask: "Turn the signs of θ₂₀, θ₂₁ and φ₂: α = −1, and s t is still 1. What will the loss be?",
    min: 0,
    max: 30,
    step: 0.5,
    text: (v) => show(v, 1),
    truth: ({ start, x, y }) => loss(scale(start, start, [0, 1, 2], 1, -1, -1), x, y),
  },
};

function build(frame: Frame<SymmetryOrbitState>): View<SymmetryOrbitState> {
  const grid = html(frame.body, "div", { class: "udl-grid" });
  const curve = frame.plot(grid, { label: "The curve and the data", title: "The curve", x: [LO, HI], y: [-2, 2], xlabel: "x", ylabel: "y", height: 320 });
  const plane = frame.plot(grid, {
    label: "Factors of the chosen unit: s multiplies its θ, t its weight",
    title: "Factors of one unit; thin: equal loss",
    x: [-REACH, REACH],
    y: [-REACH, REACH],
    xlabel: "s, factor of θ",
    ylabel: "t, factor of φ",
    height: 320,
    margin: { left: 44, right: 12, bottom: 38, top: 26 },
  });
  const side = html(grid, "div");
  const bars = frame.plot(grid, {
    label: "All ten parameters as bars",
    title: "All ten parameters",
    x: [-0.6, 9.6],
    y: [-6.2, 6.2],
    xnames: NAMES.map((name, i) => [i, name] as const),
    height: 210,
    margin: { left: 30, right: 6, bottom: 24 },
  });

  // the curve panel
  const reference = curve.curve("start", "udl-reference udl-wide");
  const parts = units.map((d) => curve.curve(`unit ${d + 1}`, `udl-unit${d + 1} udl-thin`, { "data-udl-link": `unit${d + 1}` }));
  const model = curve.curve("output", "udl-model");
  const data = curve.dots("data", "udl-dots udl-data", 4);

  // the plane: levels of the loss, both branches of s t = 1, and the point
  const contours = svg(plane.layer, "g", { class: "udl-contours", "aria-hidden": "true" });
  const orbit = plane.curve("orbit", "udl-model");
  const broken = plane.curve("negative branch", "udl-ghost");
  const branch = sampled(0.3, 3.4);
  orbit.set(branch, branch.map((a) => 1 / a));
  broken.set(branch.map((a) => -a), branch.map((a) => -1 / a));
  const note = (x: number, y: number, text: string, className: string): void => {
    svg(plane.top, "text", { x: plane.sx(x), y: plane.sy(y), class: `udl-plane-note ${className}`, "text-anchor": "middle" }, text);
  };
  note(1.72, 1.45, "same curve", "udl-model");
  note(-1.72, -1.65, "another curve", "udl-data");

  const place = (s: number, t: number): void => {
    const { phi, start, order, unit } = frame.state;
    frame.change({ phi: scale(phi, start, zeroBased(order), unit - 1, s, t) });
  };
  let dragging = false;
  const done = { commit: () => ((dragging = false), frame.commit()), cancel: () => ((dragging = false), frame.cancel()) };
  // one for each unit, in its colour and shape; the chosen unit's is shown
  const points = units.map((d) => handle(plane, {
    label: `Factors s and t of unit ${d + 1}`,
    name: `factors ${d + 1}`,
    className: `udl-unit${d + 1}`,
    shape: SHAPES[d],
    link: `unit${d + 1}`,
    axes: "xy",
    step: [0.05, 0.05],
    start: () => (dragging = true),
    set(s, t) {
      // a finger can't follow a curve exactly, so the orbit attracts; keys move freely
      const a = nearest(s, t);
      if (dragging && a >= LEAST && a <= MOST && Math.hypot(a - s, 1 / a - t) < 0.16) place(a, 1 / a);
      else place(s, t);
    },
    text: (s, t) => `s = ${show(s)}, t = ${show(t)}, s t = ${show(s * t)}`,
    ...done,
  }));

  // bars: filled now, outlined at the start
  const boxes = svg(bars.layer, "g");
  const barNodes = NAMES.map((_, i) => {
    const d = unitOf(i);
    const role = d === undefined ? "udl-ink" : `udl-unit${d + 1}`;
    const link = d === undefined ? undefined : `unit${d + 1}`;
    return {
      now: svg(boxes, "rect", { width: 15, class: `udl-bar ${role}`, "data-udl-link": link }),
      then: svg(boxes, "line", { class: "udl-bar-start" }),
    };
  });
  const barHeight = (v: number): { y: number; height: number } => {
    const [zero, end] = [bars.sy(0), bars.sy(v)];
    return { y: Math.min(zero, end), height: Math.abs(zero - end) };
  };
  const barMark = bars.mark("parameters", boxes, (x, y) =>
    y.forEach((v, i) => {
      const { y: top, height } = barHeight(v);
      barNodes[i].now.setAttribute("x", String(bars.sx(x[i]) - 7.5));
      barNodes[i].now.setAttribute("y", String(top));
      barNodes[i].now.setAttribute("height", String(height));
    }),
  );
  const startMark = bars.mark("start parameters", boxes, (x, y) =>
    y.forEach((v, i) => {
      const at = bars.sx(x[i]);
      for (const [key, value] of Object.entries({ x1: at - 11, x2: at + 11, y1: bars.sy(v), y2: bars.sy(v) })) {
        barNodes[i].then.setAttribute(key, String(value));
      }
    }),
  );

  // controls
  const top = group(side);
  const unitChoice = choice(top, "Unit", [["1", "1"], ["2", "2"], ["3", "3"]], (v) => frame.set({ unit: Number(v) }), "unit");
  const alphaSlider = slider(side, {
    label: "α",
    draw: (parent) => void symbol(parent, "α"),
    name: "alpha",
    min: -(MOST - LEAST) - 0.05,
    max: MOST - LEAST,
    step: 0.05,
    input: (v) => {
      const alpha = toAlpha(v);
      place(alpha, 1 / alpha);
    },
    commit: frame.commit,
    text: (v) => show(toAlpha(v)),
  });
  const formula = html(side, "p", { class: "udl-equation-line" });
  const swaps = group(side);
  html(swaps, "span", {}, "Swap units");
  for (const [i, j] of [[0, 1], [1, 2], [0, 2]]) {
    button(swaps, `${i + 1} ↔ ${j + 1}`, () => {
      const { phi, order, unit } = frame.state;
      const next = swap(phi, order, i, j);
      // the chosen unit stays chosen under its new number, so its point stays too
      frame.set({ ...next, unit: unit === i + 1 ? j + 1 : unit === j + 1 ? i + 1 : unit });
    }, `swap-${i + 1}${j + 1}`).setAttribute("aria-label", `Swap units ${i + 1} and ${j + 1}`);
  }
  button(top, "Start here", () => frame.set({ start: frame.state.phi.slice(), order: [1, 2, 3] }), "start-here").title =
    "Make these parameters the ones the orbit starts from";
  const verdict = html(frame.body, "p", { class: "udl-note", "aria-live": "off" });

  let contoursOf = "";
  return {
    draw(state) {
      const { phi, start, unit, x, y } = state;
      const d = unit - 1;
      const order = zeroBased(state.order);
      const [now, then] = [unpack(phi, D), unpack(start, D)];
      const form = joints(now, LO, HI);
      const first = joints(then, LO, HI);
      reference.set(first.knots, first.values[0]);
      model.set(form.knots, form.values[0]);
      data.set(x, y);
      units.forEach((u) => {
        const joint = jointOf(now.theta[u]);
        const knots = joint > LO && joint < HI ? [LO, joint, HI] : [LO, HI];
        const [t0, t1] = now.theta[u];
        parts[u].set(knots, knots.map((at) => now.phi[0][u + 1] * (at === joint ? 0 : relu(t0 + t1 * at))));
        parts[u].node.classList.toggle("udl-faint", u !== d);
      });
      const { s, t } = factors(phi, start, order, d);
      points.forEach((point, u) => point.place(s, t, u === d && Number.isFinite(s) && Number.isFinite(t)));
      const key = JSON.stringify([start, order, d, phi.filter((_, i) => unitOf(i) !== d), x, y]);
      if (key !== contoursOf) {
        contoursOf = key;
        drawContours(contours, plane, levels(phi, start, order, d, x, y), loss(start, x, y));
      }
      barMark.set(NAMES.map((_, i) => i), phi);
      startMark.set(NAMES.map((_, i) => i), start);
      barNodes.forEach(({ now: bar }, i) => bar.classList.toggle("udl-faint", i !== 6 && unitOf(i) !== d));
      unitChoice.show(String(unit) as "1");
      alphaSlider.show(fromAlpha(Number.isFinite(s) ? s : 1));
      formula.replaceChildren();
      writeFormula(formula, unit, s, t, s * t);
      verdict.textContent = judge(state, s, t);
    },
    summary({ phi, start, order, unit, x, y }) {
      const { s, t } = factors(phi, start, zeroBased(order), unit - 1);
      const moved = order.join() === "1,2,3" ? "" : ` Units reordered: ${order.join(", ")}.`;
      return `Unit ${unit}: θ times ${show(s)}, ${plain("φ", String(unit))} times ${show(t)}, product ${show(s * t)}. Loss ${show(loss(phi, x, y))}, at the start ${show(loss(start, x, y))}.${moved}`;
    },
    table({ phi, start, order }) {
      const from = (i: number): number => {
        const d = unitOf(i);
        if (d === undefined) return i;
        return i < 6 ? 2 * (order[d] - 1) + (i % 2) : 6 + order[d];
      };
      return {
        caption: "Parameters now, and what each was at the start",
        head: ["parameter", "now", "was at the start", "value there", "factor"],
        rows: NAMES.map((name, i) => [name, phi[i], NAMES[from(i)], start[from(i)], start[from(i)] ? phi[i] / start[from(i)] : "–"]),
      };
    },
  };
}

const zeroBased = (order: readonly number[]): number[] => order.map((d) => d - 1);

/** The slider leaves out the values around zero, where 1/α is too large to draw: −0.4 follows 0.4. */
const toAlpha = (v: number): number => Number((v < -1e-9 ? v + 0.05 - LEAST : v + LEAST).toFixed(6));
const fromAlpha = (alpha: number): number => (alpha < 0 ? Math.min(alpha + LEAST, 0) - 0.05 : Math.max(alpha - LEAST, 0));

/** Places from a to b with even steps along log a, so that a hyperbola is smooth at both ends. */
function sampled(a: number, b: number, n = 80): number[] {
  return Array.from({ length: n + 1 }, (_, i) => a * (b / a) ** (i / n));
}

/** Levels of the loss as thin hyperbolas: exact, since the loss depends on |s| t only. */
function drawContours(parent: SVGGElement, plot: Plot, { right, left }: ReturnType<typeof levels>, base: number): void {
  parent.replaceChildren();
  // even steps of the root mean square error on the side of the orbit; the other side may go on far beyond
  const top = Math.max(valueAt(right, -4), valueAt(right, 4), base);
  for (const k of [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 20, 25, 32, 40, 50, 64, 80]) {
    const level = base + (top - base) * (k / 8) ** 2;
    let d = "";
    for (const [sign, side] of [[1, right], [-1, left]] as const) {
      for (const q of crossings(side, level)) {
        const points = sampled(Math.max(Math.abs(q) / (1.2 * REACH), 1e-3), 1.05 * REACH, 48).map(
          (a) => `${plot.sx(sign * a).toFixed(1)} ${plot.sy(q / a).toFixed(1)}`,
        );
        d += `M${points.join("L")}`;
      }
    }
    svg(parent, "path", { d, class: "udl-contour" });
  }
}

const valueAt = ([a, b, c]: readonly [number, number, number], q: number): number => a + b * q + c * q * q;

/** t φ₂ · a[s (θ₂₀ + θ₂₁ x)] with the numbers, and their product. */
function writeFormula(parent: HTMLElement, unit: number, s: number, t: number, product: number): void {
  const u = String(unit);
  html(parent, "b", {}, show(t));
  parent.append(" ");
  symbol(parent, "φ", u);
  parent.append(" · a[");
  html(parent, "b", {}, show(s));
  parent.append(" (");
  symbol(parent, "θ", `${u}0`);
  parent.append(" + ");
  symbol(parent, "θ", `${u}1`);
  symbol(parent, " x");
  parent.append(")],  ");
  html(parent, "span", { class: "udl-whole" }, `s t = ${show(product)}`);
  parent.className = `udl-equation-line udl-boxed udl-unit${unit}`;
}

/** Says in words whether the curve is the one of the start, and why. */
function judge({ phi, start, unit, x, y }: SymmetryOrbitState, s: number, t: number): string {
  const [now, then] = [loss(phi, x, y), loss(start, x, y)];
  const off = gap(phi, start, LO, HI);
  const losses = `L[φ] = ${show(now, 3)}, at the start ${show(then, 3)}.`;
  if (off < 1e-9) {
    const moved = phi.filter((v, i) => v !== start[i]).length;
    return moved
      ? `${moved} of the ten parameters have moved; the curve and the loss have not. ${losses}`
      : `These are the parameters of the start. ${losses}`;
  }
  const why = !(Number.isFinite(s) && Number.isFinite(t))
    ? "The start leaves this unit without a factor."
    : s < 0
      ? `α < 0 turns unit ${unit} around: it is now on where it was off, so ReLU lets another half of its line through.`
      : Math.abs(s * t - 1) > 1e-9
        ? `s t = ${show(s * t)} is not 1, so unit ${unit} counts ${s * t < 1 ? "less" : "more"} than before.`
        : "Another unit has left its orbit.";
  return `The curve has moved by up to ${show(off)}. ${why} ${losses}`;
}
