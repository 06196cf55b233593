import { button, choice, group, slider, toggle, trackMark } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { draggable, handle } from "../handle.ts";
import { bowl, gradientAt, lossAt, mean, step, type Bowl, type Reduction } from "../numeric/linear.ts";
import { flag, number, numbers, oneOf } from "../parse.ts";
import type { Mark, Plot } from "../plot.ts";
import { html, show, svg, symbol } from "../svg.ts";
import { Descent } from "./descent.ts";
import { lossSurface } from "./loss_surface.ts";
import { dataBox, dataPoints, length } from "./points.ts";

export type LineAndLossState = {
  /** φ₀, φ₁ */
  phi: number[];
  x: number[];
  y: number[];
  alpha: number;
  reduction: Reduction;
  /** Whether the line sees x − mean(x). */
  centred: boolean;
  /** Points visited by descent, φ₀, φ₁, φ₀, φ₁, …, the present one last. */
  path: number[];
};

const ALPHA: [number, number] = [1e-4, 3];

export const lineAndLoss: FigureSpec<LineAndLossState> = {
  name: "line-and-loss",
  title: "A line, and its loss",
  version: 1,
  keys: ["phi", "x", "y", "alpha", "reduction", "centred", "path"],
  parse(raw) {
    const x = numbers(raw, "x");
    if (!x.length) throw new Error("x must hold at least one number, got none");
    const path = numbers(raw, "path");
    if (path.length % 2) throw new Error(`path must hold an offset and a slope for each point, got ${path.length} numbers`);
    return {
      phi: numbers(raw, "phi", 2),
      x,
      y: numbers(raw, "y", x.length),
      alpha: number(raw, "alpha", ...ALPHA),
      reduction: oneOf(raw, "reduction", ["sum", "mean"]),
      centred: flag(raw, "centred"),
      path,
    };
  },
  build,
  python: ({ phi, x, y, alpha, reduction, centred }) => `import numpy as np
from udl_core import Linear, losses

x = np.array([${x.join(", ")}])[:, None]
y = np.array([${y.join(", ")}])[:, None]
${centred ? "x = x - x.mean()\n" : ""}phi = np.array([${phi.join(", ")}])
alpha = ${alpha}

y_pred, pullback = Linear(D_i=1, D_o=1).vjp(x, phi)
loss, slope = losses.least_squares(y_pred, y, reduction="${reduction}")
gradient = pullback(slope)[1]
X = np.hstack([np.ones_like(x), x])
hessian = 2 * X.T @ X${reduction === "mean" ? " / len(x)" : ""}
print(loss)
print(gradient)
print(2 / np.linalg.eigvalsh(hessian)[-1])
print(phi - alpha * gradient)`,
  question: {
    ask: "What is the largest learning rate that still brings the point to the bottom?",
    min: 0.001,
    max: 0.1,
    step: 0.001,
    text: (v) => show(v, 3),
    truth: (state) => surface(state).limit,
  },
};

const surface = ({ x, y, reduction, centred }: LineAndLossState): Bowl => bowl(x, y, reduction, centred);

function build(frame: Frame<LineAndLossState>): View<LineAndLossState> {
  const grid = html(frame.body, "div", { class: "udl-grid" });
  const panel = (label: string, title: string, xlabel: string, ylabel: string): Plot =>
    frame.plot(grid, { label, title, x: [0, 1], y: [0, 1], xlabel, ylabel, width: 320, height: 330 });
  const data = panel("The data and the line", "The line on the data", "x", "y");
  const plane = panel("The loss surface", "The loss of every line", "offset φ₀", "slope φ₁");
  const box = dataBox({ x: 0.08, y: 0.3 });
  let seen: unknown;

  const middle = (x: number[]): number => (frame.state.centred ? mean(x) : 0);
  const height = (x: number, { phi } = frame.state): number => phi[0] + phi[1] * (x - middle(frame.state.x));
  /** The line through two points of the picture. */
  const through = (x0: number, y0: number, x1: number, y1: number): void => {
    const slope = (y1 - y0) / (x1 - x0);
    frame.change({ phi: [y0 + slope * (middle(frame.state.x) - x0), slope], path: [] });
  };

  const squares: { area: Mark; side: Mark }[] = [];
  const layer = svg(data.layer, "g");
  const need = (count: number): void => {
    for (let i = squares.length; i < count; i++) {
      const link = { "data-udl-link": `point${i + 1}` };
      const area = data.polygon(`square ${i + 1}`, "udl-square", link);
      const side = data.curve(`residual ${i + 1}`, "udl-data udl-residual", link);
      squares.push({ area, side });
      layer.append(area.node, side.node);
    }
  };
  const line = data.curve("line", "udl-model");
  const grip = svg(data.layer, "path", { class: "udl-grip", "data-udl-handle": "line" });
  let phiAtStart: number[] = [];
  draggable(data, grip, {
    start: () => (phiAtStart = frame.state.phi),
    move: (_, y, from) => frame.change({ phi: [phiAtStart[0] + y - from[1], phiAtStart[1]], path: [] }),
    commit: frame.commit,
    cancel: frame.cancel,
  });
  const endAt = (side: 0 | 1): number => data.x[side] + (side ? -1 : 1) * 0.05 * length(data.x);
  const ends = ([0, 1] as const).map((side) =>
    handle(data, {
      label: side ? "Right end of the line" : "Left end of the line",
      name: side ? "line right" : "line left",
      className: "udl-model",
      shape: "square",
      axes: "y",
      step: [0, 0.02],
      set: (_, y) => {
        const other = endAt(side ? 0 : 1);
        through(endAt(side), y, other, height(other));
      },
      commit: frame.commit,
      cancel: frame.cancel,
      text: (_, y) => `y = ${show(y)}`,
    }),
  );
  const placePoints = dataPoints(frame, data, {
    // with centred inputs the same φ is another line once the mean moves: keep the line of the picture
    move: (_, x, y) => ({ x, y, phi: [height(middle(x)), frame.state.phi[1]], path: [] }),
  });
  const { draw: drawSurface, look } = lossSurface<LineAndLossState>(plane, {
    set: (phi) => frame.change({ phi, path: [] }),
    commit: () => {
      frame.commit();
      view.draw(frame.state);
    },
    cancel: frame.cancel,
  });

  const terms = drawEquation(html(frame.body, "p", { class: "udl-equation", "aria-live": "off" }));
  const note = html(frame.body, "p", { class: "udl-note" });
  const rate = slider(html(frame.body, "div", { class: "udl-controls udl-rate" }), {
    label: "Learning rate α",
    name: "alpha",
    draw: (parent) => {
      parent.append("Learning rate ");
      symbol(parent, "α");
    },
    min: Math.log10(ALPHA[0]),
    max: Math.log10(ALPHA[1]),
    step: 0.01,
    input: (v) => frame.change({ alpha: Math.min(ALPHA[1], Math.max(ALPHA[0], Number((10 ** v).toPrecision(3)))) }),
    commit: frame.commit,
    text: () => String(Number(frame.state.alpha.toPrecision(3))),
  });
  const limitMark = trackMark(rate);
  const controls = group(frame.body);
  const one = button(controls, "Step", () => descent.step(), "step");
  const run = button(controls, "Run", () => descent.toggle(), "run");
  const descent = new Descent(frame, surface, one, run);
  button(controls, "Clear path", () => frame.set({ path: [] }), "clear");
  const reductions = [
    ["sum", "sum over examples"],
    ["mean", "mean over examples"],
  ] as const;
  const reduction = choice(controls, "Loss", reductions, (value) => frame.set({ reduction: value, path: [] }), "reduction");
  const centred = toggle(
    controls,
    "Centre x",
    (on) => {
      const { phi, x } = frame.state;
      frame.set({ centred: on, phi: [phi[0] + (on ? 1 : -1) * phi[1] * mean(x), phi[1]], path: [] });
    },
    "centred",
  );

  const view: View<LineAndLossState> = {
    draw(state) {
      const { x, y, alpha } = state;
      const now = surface(state);
      const shown = box(x, y);
      data.setDomain(shown.x, shown.y);
      const framing = `${shown.x} ${shown.y} ${state.centred}`;
      if (framing !== seen) look.reset(now.best, shown);
      seen = framing;
      line.set(
        data.x,
        data.x.map((v) => height(v)),
      );
      grip.setAttribute("d", line.node.getAttribute("d")!);
      ends.forEach((end, side) => end.place(endAt(side as 0 | 1), height(endAt(side as 0 | 1))));
      need(x.length);
      squares.forEach(({ area, side }, i) => {
        const seenPoint = i < x.length;
        const predicted = seenPoint ? height(x[i]) : 0;
        area.set(...(seenPoint ? squareOn(x[i], y[i], predicted, data) : ([[], []] as [number[], number[]])));
        side.set(seenPoint ? [x[i], x[i]] : [], seenPoint ? [y[i], predicted] : []);
      });
      placePoints();
      drawSurface(state, now);
      rate.show(Math.log10(alpha));
      limitMark(Math.log10(now.limit), `limit 2/λₘₐₓ = ${digits(now.limit)}`);
      reduction.show(state.reduction);
      centred.show(state.centred);
      terms(state, now);
      descent.show();
      const equal = Math.abs(length(plane.x) / length(plane.y) - 1) < 0.02;
      note.textContent = equal
        ? "Both axes of the loss surface have the same scale, so every step leaves its contour at a right angle."
        : "The axes of the loss surface have different scales, so steps look oblique to the contours.";
    },
    summary(state) {
      const now = surface(state);
      const { alpha, phi } = state;
      const side = alpha < now.limit ? "below" : "above";
      const start = `Loss ${show(lossAt(now, phi))}, lowest possible ${show(now.lowest)}.`;
      const flat = now.unique ? "" : " All x are equal, so a whole line of points is lowest.";
      return `${start}${flat} α = ${digits(alpha)} is ${side} the limit ${digits(now.limit)}. ${descent.verdict(state)}`.trim();
    },
    table({ x, y }) {
      return {
        caption: "The loss, example by example",
        head: ["example", "x", "y", "prediction", "residual", "its square"],
        rows: x.map((v, i) => [String(i + 1), v, y[i], height(v), height(v) - y[i], (height(v) - y[i]) ** 2]),
      };
    },
    destroy: () => descent.stop(),
  };
  return view;
}

/** A square on the residual, towards the middle of the panel so that none is cut off. Square on screen whatever the scales. */
function squareOn(x: number, y: number, predicted: number, plot: Plot): [number[], number[]] {
  const pixels = Math.abs(plot.sy(predicted) - plot.sy(y));
  const width = pixels / (plot.sx(1) - plot.sx(0));
  const other = x + (x < (plot.x[0] + plot.x[1]) / 2 ? width : -width);
  return [
    [x, other, other, x],
    [y, y, predicted, predicted],
  ];
}

/** Up to three significant digits, as learning rates are read. */
const digits = (v: number): string => String(Number(v.toPrecision(3)));

/** The loss and the two updates, each with its numbers below. */
function drawEquation(parent: HTMLElement): (state: LineAndLossState, now: Bowl) => void {
  const term = (link?: string): { top: HTMLElement; bottom: HTMLElement } => {
    const box = html(parent, "span", { class: "udl-term udl-model udl-steady", "data-udl-link": link });
    return { top: html(box, "span"), bottom: html(box, "span", { class: "udl-term-value" }) };
  };
  const loss = term();
  const updates = [0, 1].map((j) => {
    const t = term(`phi${j}`);
    symbol(t.top, "φ", String(j));
    t.top.append(" ← ");
    symbol(t.top, "φ", String(j));
    t.top.append(" − ");
    symbol(t.top, "α");
    t.top.append(" ∂");
    symbol(t.top, "L");
    t.top.append("/∂");
    symbol(t.top, "φ", String(j));
    return t;
  });
  return (state, now) => {
    const { phi, alpha, reduction, centred } = state;
    loss.top.replaceChildren();
    symbol(loss.top, "L");
    loss.top.append(reduction === "mean" ? " = 1/I Σ (" : " = Σ (");
    symbol(loss.top, "φ", "0");
    loss.top.append(" + ");
    symbol(loss.top, "φ", "1");
    if (centred) {
      loss.top.append(" (");
      symbol(loss.top, "x", "i");
      loss.top.append(" − ");
      symbol(loss.top, "x̄");
      loss.top.append(")");
    } else symbol(loss.top, " x", "i");
    loss.top.append(" − ");
    symbol(loss.top, "y", "i");
    loss.top.append(")²");
    loss.bottom.textContent = show(lossAt(now, phi), 3);
    const gradient = gradientAt(now, phi);
    const to = step(now, phi, alpha);
    const bracket = (v: number): string => (v < 0 ? `(${show(v)})` : show(v));
    updates.forEach((t, j) => {
      t.bottom.textContent = `${show(phi[j], 3)} − ${digits(alpha)} · ${bracket(gradient[j])} = ${show(to[j], 3)}`;
    });
  };
}
