import { group, slider, toggle } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { handle } from "../handle.ts";
import { fitPolynomials, meanSquaredError, polynomial } from "../numeric/linear.ts";
import { flag, flags, integer, numbers } from "../parse.ts";
import type { Plot, PlotOptions } from "../plot.ts";
import { html, plain, show, svg, symbol } from "../svg.ts";
import { errorBars, small } from "./bars.ts";
import { dataBox, dataPoints } from "./points.ts";

export type BasketsState = {
  x: number[];
  y: number[];
  /** True for points in the training basket. */
  train: boolean[];
  degree: number;
  /** Coefficients of 1, x, x², … */
  phi: number[];
  /** Whether φ stays the least squares fit to the training points. */
  follow: boolean;
};

const TOP = 9;
const MOST = 60;
const degrees = Array.from({ length: TOP + 1 }, (_, k) => k);

export const baskets: FigureSpec<BasketsState> = {
  name: "baskets",
  title: "Two baskets: training and test",
  version: 1,
  keys: ["x", "y", "train", "degree", "phi", "follow"],
  parse(raw) {
    const x = numbers(raw, "x");
    if (!x.length || x.length > MOST) throw new Error(`x must hold 1 to ${MOST} numbers, got ${x.length}`);
    const y = numbers(raw, "y", x.length);
    const train = flags(raw, "train", x.length);
    const degree = integer(raw, "degree", 0, TOP);
    const follow = flag(raw, "follow");
    const phi = follow ? fit(x, y, train)[degree] : numbers(raw, "phi", degree + 1);
    return { x, y, train, degree, phi, follow };
  },
  // someone who sets the coefficients means it
  complete: (patch) => ("phi" in patch && !("follow" in patch) ? { ...patch, follow: false } : patch),
  build,
  python: ({ x, y, train, phi }) => `import numpy as np
from udl_core import losses

x = np.array([${x.join(", ")}])[:, None]
y = np.array([${y.join(", ")}])[:, None]
train = np.array([${train.map((t) => (t ? 1 : 0)).join(", ")}], dtype=bool)
phi = np.array([${phi.join(", ")}])  # of 1, x, x², …

y_pred = np.polynomial.polynomial.polyval(x, phi)
for basket in (train, ~train):
    if basket.any():
        print(losses.least_squares(y_pred[basket], y[basket], reduction="mean")[0])`,
  question: {
    ask: "Which degree has the lowest test error?",
    min: 0,
    max: TOP,
    step: 1,
    text: (v) => show(v, 0),
    truth: ({ x, y, train }) => {
      const errors = fit(x, y, train).map((phi) => meanSquaredError(phi, x, y, (i) => !train[i]));
      return errors.reduce((best, error, k) => (error < errors[best] ? k : best), 0);
    },
  },
};

/** The least squares polynomials of degree 0 to 9 on the training points. */
const fit = (x: number[], y: number[], train: boolean[]): number[][] => {
  const take = (values: number[]): number[] => values.filter((_, i) => train[i]);
  return fitPolynomials(take(x), take(y), TOP).phis;
};

function build(frame: Frame<BasketsState>): View<BasketsState> {
  const grid = html(frame.body, "div", { class: "udl-grid" });
  const panel = { x: [0, 1], y: [0, 1], xlabel: "x", ylabel: "y", width: 320, height: 318 } satisfies Partial<PlotOptions>;
  const plot = frame.plot(grid, { label: "The data and the polynomial", ...panel });
  const side = html(grid, "div", { class: "udl-column" });
  const errorPlot = frame.plot(side, {
    label: "Error against degree",
    title: "Mean squared error",
    x: [-0.4, TOP + 0.4],
    y: [-4, 2],
    xnames: degrees.map((k) => [k, String(k)] as const),
    ynames: [-3, -2, -1, 0, 1, 2].map((k) => [k, k < 0 ? (10 ** k).toFixed(-k) : String(10 ** k)] as const),
    xlabel: "degree",
    height: 214,
    margin: { left: 44, right: 14 },
  });
  const box = dataBox({ x: 0.06, y: 0.25 });

  const refit = (patch: Partial<BasketsState>): Partial<BasketsState> => {
    const { x, y, train, degree, follow } = { ...frame.state, ...patch };
    return follow ? { ...patch, phi: fit(x, y, train)[degree] } : patch;
  };
  const setDegree = (degree: number): void => {
    if (degree === frame.state.degree) return;
    const kept = Array.from({ length: degree + 1 }, (_, k) => frame.state.phi[k] ?? 0);
    frame.change(refit({ degree, phi: kept }));
  };
  const truth = plot.curve("curve", "udl-model");
  const residuals = plot.mark("residuals", svg(plot.layer, "path", { class: "udl-curve udl-data udl-residual" }), (x, y) => {
    let d = "";
    for (let k = 0; k < x.length; k += 2) d += `M${plot.sx(x[k])} ${plot.sy(y[k])}V${Math.max(-1e4, Math.min(1e4, plot.sy(y[k + 1])))}`;
    residuals.node.setAttribute("d", d);
  });
  const placePoints = dataPoints(frame, plot, {
    move: (_, x, y) => refit({ x, y }),
    pick: (i) => frame.set(refit({ train: frame.state.train.map((t, k) => (k === i ? !t : t)) })),
    link: (i) => (frame.state.train[i] ? "training" : "test"),
    kind: (i) => (frame.state.train[i] ? "training basket" : "test basket"),
    open: (i) => !frame.state.train[i],
  });

  const now = errorPlot.curve("degree", "udl-probe");
  const { left, right, top, bottom } = errorPlot.area;
  const chosen = svg(errorPlot.layer, "rect", { class: "udl-pick-area", x: left, y: top, width: right - left, height: bottom - top });
  chosen.addEventListener("click", (event) => {
    setDegree(Math.min(TOP, Math.max(0, Math.round(errorPlot.invert(event.clientX, event.clientY)[0]))));
    frame.commit();
  });
  const series = (["test", "training"] as const).map((name) => ({
    name,
    curve: errorPlot.curve(`${name} error`, `${name === "test" ? "udl-data udl-dashed" : "udl-data"}`, { "data-udl-link": name }),
    dots: errorPlot.dots(`${name} errors`, name === "test" ? "udl-data udl-dots-open" : "udl-data udl-dots", 4),
    label: svg(errorPlot.top, "text", { class: "udl-mark-label udl-data", "aria-hidden": "true" }, name),
  }));
  const knob = handle(errorPlot, {
    label: "Degree",
    name: "degree",
    className: "udl-model",
    axes: "x",
    step: [1, 0],
    bounds: { x: [0, TOP] },
    set: (x) => setDegree(Math.round(x)),
    commit: frame.commit,
    cancel: frame.cancel,
    text: (x) => `degree ${x}`,
  });
  const bars = errorBars(frame, side, "error", "At this degree", ["training", "test"], {
    classNames: ["udl-error-bar udl-data", "udl-error-bar udl-data udl-error-open"],
    links: ["training", "test"],
  });
  const equation = html(frame.body, "p", { class: "udl-equation", "aria-live": "off" });
  const how = "Click a point, or press Enter on it, to move it to the other basket. Drag it to move the data.";
  html(frame.body, "p", { class: "udl-note" }, how);
  const note = html(frame.body, "p", { class: "udl-note" });
  const controls = group(frame.body);
  const degreeSlider = slider(controls, {
    label: "Degree",
    name: "degree",
    min: 0,
    max: TOP,
    step: 1,
    input: setDegree,
    commit: frame.commit,
    text: (v) => show(v, 0),
  });
  const follow = toggle(controls, "Refit at once", (on) => frame.set(refit({ follow: on })), "follow");

  return {
    draw(state) {
      const { x, y, train, degree, phi } = state;
      const seen = box(x, y);
      plot.setDomain(seen.x, seen.y);
      const grid = Array.from({ length: 161 }, (_, k) => plot.x[0] + ((plot.x[1] - plot.x[0]) * k) / 160);
      truth.set(
        grid,
        grid.map((t) => polynomial(phi, t)),
      );
      residuals.set(
        x.flatMap((v) => [v, v]),
        x.flatMap((v, i) => [y[i], polynomial(phi, v)]),
      );
      placePoints();
      const fits = fit(x, y, train);
      for (const { name, curve, dots, label } of series) {
        const errors = fits.map((p) => meanSquaredError(p, x, y, (i) => train[i] === (name === "training")));
        const heights = errors.map((e) => (e > 0 ? Math.log10(e) : e === 0 ? -40 : NaN));
        const shown = heights.some((h) => !Number.isNaN(h));
        curve.set(shown ? degrees : [], shown ? heights : []);
        dots.set(curve.drawn.x, curve.drawn.y);
        label.setAttribute("visibility", shown ? "visible" : "hidden");
        if (shown) placeLabel(label, errorPlot, heights, name === "test" ? -10 : 20);
      }
      now.set([degree, degree], errorPlot.y);
      knob.place(degree, errorPlot.y[0] + 0.45);
      bars(errorsOf(state));
      drawPolynomial(equation, phi);
      note.textContent = word(state, fits);
      degreeSlider.show(degree);
      follow.show(state.follow);
    },
    summary(state) {
      const [training, test] = errorsOf(state);
      const count = state.train.filter(Boolean).length;
      const say = (v: number): string => (Number.isNaN(v) ? "none" : small(v));
      return `Degree ${state.degree}: error ${say(training)} on ${count} training points, ${say(test)} on ${state.train.length - count} test points.`;
    },
    table({ x, y, train }) {
      const fits = fit(x, y, train);
      const cell = (v: number): string => (Number.isNaN(v) ? "none" : small(v));
      return {
        caption: "Mean squared error of the best polynomial of each degree",
        head: ["degree", "training", "test"],
        rows: fits.map((p, k) => [String(k), ...[true, false].map((basket) => cell(meanSquaredError(p, x, y, (i) => train[i] === basket)))]),
      };
    },
  };
}

/** Training error and test error of the present φ. */
const errorsOf = ({ x, y, train, phi }: BasketsState): number[] =>
  [true, false].map((basket) => meanSquaredError(phi, x, y, (i) => train[i] === basket));

/** Where the training points don't say enough. */
function word({ x, train, degree, follow }: BasketsState, fits: number[][]): string {
  const count = train.filter(Boolean).length;
  if (!follow) return "The bars belong to the curve as drawn, the dots to the best polynomial of each degree.";
  if (!count) return "The training basket is empty: there is nothing to fit, so all coefficients are 0.";
  const places = new Set(x.filter((_, i) => train[i])).size;
  if (places < degree + 1) {
    const spot = places === 1 ? "place" : "places";
    const few = `The training points lie at ${places} ${spot}, too few for ${fits[degree].length} coefficients`;
    return `${few}: many curves fit them equally well. This one has the lowest degree.`;
  }
  return count === train.length ? "The test basket is empty: nothing says how the curve does on new data." : "";
}

/** The name of a curve of errors, at its second dot. */
function placeLabel(node: SVGTextElement, plot: Plot, heights: number[], shift: number): void {
  const k = 1;
  node.setAttribute("x", String(plot.sx(k)));
  node.setAttribute("y", String(plot.sy(Math.min(plot.y[1] - 0.4, Math.max(plot.y[0] + 0.5, heights[k]))) + shift));
  node.setAttribute("text-anchor", "middle");
}

/** y = φ₀ + φ₁ x + … with numbers. */
function drawPolynomial(parent: HTMLElement, phi: number[]): void {
  parent.replaceChildren();
  const left = html(html(parent, "span", { class: "udl-term" }), "span");
  symbol(left, "y");
  left.append(" =");
  phi.forEach((value, k) => {
    const box = html(parent, "span", { class: "udl-term udl-model" });
    const top = html(box, "span");
    if (k) top.append("+ ");
    symbol(top, "φ", String(k));
    if (k) symbol(top, " x");
    if (k > 1) html(top, "sup", {}, String(k));
    html(box, "span", { class: "udl-term-value udl-narrow", title: plain("φ", String(k)) }, show(value));
  });
}
