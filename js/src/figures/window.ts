import { group, slider } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { clamp, draggable, handle } from "../handle.ts";
import { evaluate, unpack } from "../numeric/shallow.ts";
import { NODES, REACH, bendsOutside, errors, interpolant, output, parameters, target, type Interpolant } from "../numeric/window.ts";
import { integer, number, numbers } from "../parse.ts";
import type { Interval } from "../plot.ts";
import { html, show, svg } from "../svg.ts";
import { digits } from "./approximation_parts.ts";
import { logPanel } from "./log_panel.ts";
import { count } from "./parameter_sliders.ts";

export type WindowState = {
  /** Its ends. */
  window: number[];
  /** Units, and straight pieces inside. */
  D: number;
  /** How far left of the window the first joint stands. */
  lead: number;
};

const MOST = 40;
const NARROWEST = 0.25;
const FAREST = 2;
/** The errors that the logarithmic axes show. */
const [LEAST, LARGEST] = [1e-4, 50];
const POWERS = [
  [10, "10"],
  [1, "1"],
  [0.1, "0.1"],
  [0.01, "0.01"],
  [0.001, "0.001"],
] as const;

// not called `window`: that is the browser's own
export const windowFigure: FigureSpec<WindowState> = {
  name: "window",
  title: "Inside the window, and outside",
  version: 1,
  keys: ["window", "D", "lead"],
  parse: (raw) => ({ window: parseWindow(raw), D: integer(raw, "D", 1, MOST), lead: number(raw, "lead", 0, FAREST) }),
  build,
  python: ({ window: [lo, hi], D, lead }) => `import numpy as np
from udl_core import Shallow
from udl_core.approximation import equal, interpolant

places = equal(${D}, ${lo}, ${hi})
net, phi = Shallow(D_i=1, D=${D}, D_o=1), interpolant(places, np.sin(np.pi * places), lead=${lead})
x = -2 + np.arange(801) / 200
off = np.abs(net(x[:, None], phi)[:, 0] - np.sin(np.pi * x))
inside = (${lo} <= x) & (x <= ${hi})
print("inside", off[inside].max(), "outside", off[~inside].max(initial=0))`,
  question: {
    ask: "Outside of the window, how many bends does the network’s curve make?",
    min: 0,
    max: 20,
    step: 1,
    text: (v) => show(v, 0),
    truth: (state) => bendsOutside(made(state)).length,
  },
};

function parseWindow(raw: Record<string, unknown>): number[] {
  const [lo, hi] = numbers(raw, "window", 2);
  if (lo < -REACH || hi > REACH || hi - lo < NARROWEST - 1e-9) {
    throw new Error(`window must be two numbers from −${REACH} to ${REACH}, the second at least ${NARROWEST} above the first, got ${lo}, ${hi}`);
  }
  return [lo, hi];
}

const made = ({ window, D, lead }: WindowState): Interpolant => interpolant(window, D, lead);
const hundredth = (v: number): number => Math.round(v * 100) / 100;

function build(frame: Frame<WindowState>): View<WindowState> {
  const grid = html(frame.body, "div", { class: "udl-grid udl-grid-columns" });
  const everywhere: Interval = [-REACH, REACH];
  const curves = frame.plot(grid, { label: "The sine and the network", title: "The sine and the network", x: everywhere, y: [-3, 3], xlabel: "x", ylabel: "y", height: 260, margin: { left: 44 } });
  const below = frame.plot(grid, {
    label: "Their distance, on a logarithmic scale",
    title: "How far apart they are",
    x: everywhere,
    y: [Math.log10(LEAST), Math.log10(LARGEST)],
    ynames: POWERS.map(([v, name]) => [Math.log10(v), name] as const),
    xlabel: "x",
    height: 190,
    margin: { left: 44 },
  });
  const log = (e: number): number => Math.log10(Math.max(LEAST, e));

  const bands = [curves, below].map((plot, p) => plot.polygon(`window ${p + 1}`, "udl-window udl-steady", { "data-udl-link": "window" }));
  const reference = curves.curve("target", "udl-target");
  const network = curves.curve("network", "udl-model udl-steady", { "data-udl-link": "network" });
  const joints = curves.dots("joints", "udl-dots udl-model udl-joints", 3.5);
  const path = svg(below.layer, "path", { class: "udl-curve udl-data", fill: "none" });
  const distance = below.mark("error", path, (x, y) => path.setAttribute("d", `M${x.map((v, k) => `${below.sx(v).toFixed(1)} ${below.sy(log(y[k])).toFixed(1)}`).join("L")}`));
  const peaks = svg(below.layer, "g", { class: "udl-dots udl-data" });
  const largest = below.mark("largest", peaks, (x, y) => {
    peaks.replaceChildren();
    x.forEach((v, k) => svg(peaks, "circle", { cx: below.sx(v).toFixed(2), cy: below.sy(log(y[k])).toFixed(2), r: 4.5 }));
  });
  const peakNames = [0, 1].map(() => svg(below.top, "text", { class: "udl-mark-label udl-data", "aria-hidden": "true" }));
  reference.set(NODES, NODES.map(target));

  const drawErrors = logPanel(frame, grid, {
    label: "The largest error for every number of units",
    title: "The largest error, for every D",
    xlabel: "units D",
    x: [1, MOST],
    y: [LEAST, LARGEST],
    xnames: [1, 2, 5, 10, 20, 40],
    ynames: POWERS,
    height: 260,
    curves: [
      { name: "inside", className: "udl-model", label: { x: 5, below: true } },
      { name: "outside", className: "udl-data udl-dashed", label: { x: 3 } },
    ],
    dot: {
      label: "Units D",
      name: "D",
      link: "network",
      set: (D) => frame.change({ D: Math.round(D) }),
      step: (D, presses) => D + presses,
      text: () => `${count(frame.state.D, "unit")}, largest error inside ${digits(errors(made(frame.state)).inside)}`,
    },
  });

  const move = (lo: number, hi: number): void => frame.change({ window: [hundredth(lo), hundredth(hi)] });
  /** Both ends by the same way, as far as there is room. */
  const slide = ([lo, hi]: readonly number[], way: number): void => {
    const far = clamp(hundredth(way), [-REACH - lo, REACH - hi]);
    move(lo + far, hi + far);
  };
  const rest = { commit: frame.commit, cancel: frame.cancel };
  const body = svg(curves.top, "rect", { y: curves.area.top, height: curves.area.bottom - curves.area.top, class: "udl-window-grip", "data-udl-link": "window" });
  let before: number[] = [];
  draggable(curves, body, { start: () => (before = frame.state.window), move: (x, _y, from) => slide(before, x - from[0]), ...rest });
  const edges = ["Left", "Right"].map((side, end) =>
    handle(curves, {
      label: `${side} end of the window`,
      name: side.toLowerCase(),
      className: "udl-ink",
      axes: "x",
      step: [0.05, 0],
      link: "window",
      set: (x) => {
        const [lo, hi] = frame.state.window;
        if (end) move(lo, clamp(x, [lo + NARROWEST, REACH]));
        else move(clamp(x, [-REACH, hi - NARROWEST]), hi);
      },
      text: (x) => `x = ${show(x)}`,
      ...rest,
    }),
  );
  const middle = handle(curves, {
    label: "The whole window",
    name: "window",
    className: "udl-ink udl-open",
    shape: "diamond",
    axes: "x",
    step: [0.05, 0],
    link: "window",
    set: (x) => slide(frame.state.window, x - (frame.state.window[0] + frame.state.window[1]) / 2),
    text: () => `from ${show(frame.state.window[0])} to ${show(frame.state.window[1])}`,
    ...rest,
  });
  const first = handle(curves, {
    label: "Joint of unit 1",
    name: "first joint",
    className: "udl-unit1",
    shape: "square",
    axes: "x",
    step: [0.05, 0],
    bounds: { x: [-REACH - FAREST, REACH] },
    link: "lead",
    set: (x) => frame.change({ lead: clamp(hundredth(frame.state.window[0] - x), [0, FAREST]) }),
    text: (x) => `x = ${show(x)}`,
    ...rest,
  });
  const untouched = frame.state;
  const invitation = svg(curves.top, "text", { class: "udl-invitation", "text-anchor": "middle", "aria-hidden": "true" }, "drag the window ↔");

  const column = html(grid, "div", { class: "udl-column" });
  const sliders = group(column);
  const size = slider(sliders, { label: "Units D", name: "D", min: 1, max: MOST, step: 1, link: "network", text: (v) => show(v, 0), input: (D) => frame.change({ D }), commit: frame.commit });
  const lead = slider(sliders, {
    label: "First joint left by",
    name: "lead",
    min: 0,
    max: FAREST,
    step: 0.05,
    link: "lead",
    role: "udl-unit1",
    input: (v) => frame.change({ lead: v }),
    commit: frame.commit,
  });
  const tails = html(column, "p", { class: "udl-note" });

  return {
    draw(state) {
      const now = made(state);
      const [lo, hi] = state.window;
      const found = errors(now);
      [curves, below].forEach(({ y: [bottom, top] }, p) => bands[p].set([lo, hi, hi, lo], [bottom, bottom, top, top]));
      const net = unpack(parameters(now), state.D);
      const places = [-REACH, ...bendsOutside(now), ...now.places.filter((x) => x > -REACH && x < REACH), REACH];
      network.set(places, places.map((x) => evaluate(net, x)));
      joints.set(now.places.slice(1, -1), now.values.slice(1, -1));
      distance.set(NODES, NODES.map((x) => Math.abs(output(now, x) - target(x))));
      const outside = !Number.isNaN(found.outside);
      largest.set(outside ? [found.insideAt, found.outsideAt] : [found.insideAt], outside ? [found.inside, found.outside] : [found.inside]);
      name(peakNames[0], `inside ${digits(found.inside)}`, (lo + hi) / 2, log(found.inside));
      if (outside) name(peakNames[1], `outside ${show(found.outside)}`, found.outsideAt, log(found.outside));
      else peakNames[1].textContent = "";

      const sizes = Array.from({ length: MOST }, (_, k) => k + 1);
      const all = sizes.map((D) => (D === state.D ? found : errors(made({ ...state, D }))));
      drawErrors([{ x: sizes, y: all.map((e) => e.inside) }, { x: sizes, y: all.map((e) => e.outside) }], [state.D, found.inside]);

      body.setAttribute("x", curves.sx(lo).toFixed(2));
      body.setAttribute("width", (curves.sx(hi) - curves.sx(lo)).toFixed(2));
      edges[0].place(lo, curves.y[0]);
      edges[1].place(hi, curves.y[0]);
      middle.place((lo + hi) / 2, curves.y[1]);
      first.place(now.first, output(now, now.first));
      invitation.setAttribute("x", curves.sx((lo + hi) / 2).toFixed(1));
      invitation.setAttribute("y", String(curves.area.top + 26));
      invitation.setAttribute("visibility", state === untouched ? "visible" : "hidden");
      size.show(state.D);
      lead.show(state.lead);
      tails.textContent = describe(now);
    },
    summary: (state) => {
      const { inside, outside } = errors(made(state));
      return `${count(state.D, "unit")}: error inside ${digits(inside)}, outside ${Number.isNaN(outside) ? "nothing to see" : `up to ${show(outside)}`}.`;
    },
    table(state) {
      const sizes = [...new Set([1, 2, 4, 8, 16, 32, 40, state.D])].sort((a, b) => a - b);
      return {
        caption: "The largest error inside and outside of the window",
        head: ["D", "inside", "outside"],
        rows: sizes.map((D) => {
          const { inside, outside } = errors(made({ ...state, D }));
          return [D === state.D ? `${D} (shown)` : String(D), digits(inside), Number.isNaN(outside) ? "–" : show(outside, 4)];
        }),
      };
    },
  };

  function name(node: SVGTextElement, text: string, x: number, y: number): void {
    const at = below.sx(x);
    const anchor = at > below.area.right - 60 ? "end" : at < below.area.left + 60 ? "start" : "middle";
    node.textContent = text;
    node.setAttribute("text-anchor", anchor);
    node.setAttribute("x", (anchor === "end" ? below.area.right - 8 : anchor === "start" ? below.area.left + 8 : at).toFixed(1));
    node.setAttribute("y", (below.sy(y) - 9).toFixed(1));
  }
}

/** What the two tails do, and why. */
function describe({ slopes, first, places }: Interpolant): string {
  const [lo, hi] = [places[0], places.at(-1)!];
  const left =
    lo === -REACH ? "" : first === lo ? "Left of the window all units are off: the curve is level. " : `Left of the window the first slope, ${show(slopes[0])}, goes on to unit 1’s joint at x = ${show(first)}; beyond it the curve is level. `;
  const right = hi === REACH ? "" : `Right of it all units are on: the last slope, ${show(slopes.at(-1)!)}, goes on for ever.`;
  return left + right;
}

