import { choice, group, toggle } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { draggable, handle, type Handle } from "../handle.ts";
import { fitLine, mean, rSquared, squaredLoss } from "../numeric/linear.ts";
import { flag, numbers } from "../parse.ts";
import type { Mark, Plot, PlotOptions } from "../plot.ts";
import { html, show, svg, symbol } from "../svg.ts";
import { errorBars } from "./bars.ts";
import { POINTS, dataBox, dataPoints, length } from "./points.ts";

export type TwoRegressionsState = {
  x: number[];
  y: number[];
  /** φ₀, φ₁ of y = φ₀ + φ₁ x, then φ₀′, φ₁′ of x = φ₀′ + φ₁′ y. */
  phi: number[];
  /** Whether both lines stay the best for the data. */
  follow: boolean;
};

type Focus = "y" | "x";
const NAMES = ["y from x", "x from y"];
const LINKS = [`y ${POINTS}`, `x ${POINTS}`];

export const twoRegressions: FigureSpec<TwoRegressionsState> = {
  name: "two-regressions",
  title: "Two regressions, one cloud of points",
  version: 1,
  keys: ["x", "y", "phi", "follow"],
  parse(raw) {
    const x = numbers(raw, "x");
    if (!x.length) throw new Error("x must hold at least one number, got none");
    const y = numbers(raw, "y", x.length);
    const phi = numbers(raw, "phi", 4);
    const follow = flag(raw, "follow");
    return { x, y, phi: follow ? bestLines(x, y) : phi, follow };
  },
  // someone who sets the lines means it
  complete: (patch) => ("phi" in patch && !("follow" in patch) ? { ...patch, follow: false } : patch),
  build,
  python: ({ x, y, phi }) => `import numpy as np
from udl_core import Linear, losses

x = np.array([${x.join(", ")}])[:, None]
y = np.array([${y.join(", ")}])[:, None]
phi = np.array([${phi.join(", ")}])

line = Linear(D_i=1, D_o=1)
print(losses.least_squares(line(x, phi[:2]), y)[0])  # vertical residuals
print(losses.least_squares(line(y, phi[2:]), x)[0])  # horizontal residuals
print(phi[1] * phi[3])  # ratio of the slopes`,
  question: {
    ask: "The line that predicts y from x is less steep. What is its slope divided by the other's?",
    min: 0,
    max: 1,
    step: 0.02,
    truth: ({ phi }) => phi[1] * phi[3],
  },
};

/** φ₀, φ₁, φ₀′, φ₁′ with the smallest vertical and the smallest horizontal residuals. */
export const bestLines = (x: number[], y: number[]): number[] => [...fitLine(x, y).phi, ...fitLine(y, x).phi];

/** What both lines are worth by both measures: [vertical of line 1, of line 2, horizontal of line 1, of line 2]. */
export function bothLosses(x: number[], y: number[], [a, b, c, d]: readonly number[]): number[] {
  return [
    squaredLoss(x, y, [a, b]),
    d === 0 ? Infinity : squaredLoss(x, y, [-c / d, 1 / d]),
    b === 0 ? Infinity : squaredLoss(y, x, [-a / b, 1 / b]),
    squaredLoss(y, x, [c, d]),
  ];
}

function build(frame: Frame<TwoRegressionsState>): View<TwoRegressionsState> {
  const grid = html(frame.body, "div", { class: "udl-grid" });
  const panel = { x: [0, 1], y: [0, 1], xlabel: "x", ylabel: "y", width: 320, height: 318 } satisfies Partial<PlotOptions>;
  const plot = frame.plot(grid, { label: "The data and both lines", ...panel });
  const side = html(grid, "div", { class: "udl-column" });
  const box = dataBox({ x: 0.12, y: 0.2 });
  let focus: Focus = "y";

  const move = (x: number[], y: number[]): Partial<TwoRegressionsState> => (frame.state.follow ? { x, y, phi: bestLines(x, y) } : { x, y });
  const setLine = (which: Focus, phi: [number, number]): void => {
    const [a, b, c, d] = frame.state.phi;
    look(which);
    frame.change({ phi: which === "y" ? [...phi, c, d] : [a, b, ...phi], follow: false });
  };
  const residuals: Mark[] = [];
  const under = svg(plot.layer, "g");
  const need = (count: number): void => {
    for (let i = residuals.length; i < count; i++) {
      residuals.push(plot.curve(`residual ${i + 1}`, "udl-data udl-residual", { "data-udl-link": `point${i + 1}` }));
      under.append(residuals[i].node);
    }
  };
  const first = plot.curve("y from x", "udl-model", { "data-udl-link": LINKS[0] });
  const second = plot.curve("x from y", "udl-model udl-dashed", { "data-udl-link": LINKS[1] });
  const lines = { y: first, x: second };
  const centre = plot.mark("mean", svg(plot.layer, "path", { class: "udl-mean" }), ([x], [y]) => {
    centre.node.setAttribute("transform", `translate(${plot.sx(x)} ${plot.sy(y)})`);
  });
  centre.node.setAttribute("d", "M0-7L7 0L0 7L-7 0Z");

  const end = { commit: frame.commit, cancel: frame.cancel };
  const grips = (["y", "x"] as const).map((which) => {
    const node = svg(plot.layer, "path", { class: "udl-grip", "data-udl-handle": `line ${which}`, "data-udl-link": which });
    let start: number[] = [];
    draggable(plot, node, {
      start: () => {
        look(which);
        start = frame.state.phi;
      },
      move: (x, y, from) => {
        if (which === "y") setLine("y", [start[0] + y - from[1], start[1]]);
        else setLine("x", [start[2] + x - from[0], start[3]]);
      },
      ...end,
    });
    return node;
  });
  const at = (which: Focus, k: 0 | 1): number => {
    const [lo, hi] = which === "y" ? plot.x : plot.y;
    return k ? hi - 0.05 * (hi - lo) : lo + 0.05 * (hi - lo);
  };
  const valueAt = (which: Focus, t: number): number => {
    const [a, b, c, d] = frame.state.phi;
    return which === "y" ? a + b * t : c + d * t;
  };
  const makeEnd = (which: Focus, k: 0 | 1): Handle =>
    handle(plot, {
      label:
        which === "y"
          ? `${k ? "Right" : "Left"} end of the line that predicts y from x`
          : `${k ? "Upper" : "Lower"} end of the line that models x from y`,
      name: `${which} from ${which === "y" ? "x" : "y"} ${k}`,
      className: "udl-model",
      shape: which === "y" ? "square" : "triangle",
      axes: which,
      link: which,
      step: [0.02, 0.02],
      set: (x, y) => {
        const [t0, t1] = [at(which, k), at(which, k ? 0 : 1)];
        const v0 = which === "y" ? y : x;
        const slope = (valueAt(which, t1) - v0) / (t1 - t0);
        setLine(which, [v0 - slope * t0, slope]);
      },
      text: (x, y) => (which === "y" ? `y = ${show(y)}` : `x = ${show(x)}`),
      ...end,
    });
  const ends = (["y", "x"] as const).map((which) => ({ which, pair: ([0, 1] as const).map((k) => makeEnd(which, k)) }));
  const placePoints = dataPoints(frame, plot, { move: (_, x, y) => move(x, y) });
  const names = NAMES.map((name, k) => {
    const attributes = { class: "udl-mark-label udl-model", "aria-hidden": "true", "data-udl-link": LINKS[k] };
    return svg(plot.top, "text", attributes, name);
  });

  const terms = drawEquations(html(side, "p", { class: "udl-equation udl-stacked", "aria-live": "off" }));
  const bars = [
    errorBars(frame, side, "vertical", "Sum of squared vertical residuals", NAMES, { links: LINKS }),
    errorBars(frame, side, "horizontal", "Sum of squared horizontal residuals", NAMES, { links: LINKS }),
  ];
  const note = html(frame.body, "p", { class: "udl-note" });
  const controls = group(frame.body);
  const setFollow = (on: boolean): void => frame.set(on ? { follow: true, phi: bestLines(frame.state.x, frame.state.y) } : { follow: false });
  const follow = toggle(controls, "Best lines follow the data", setFollow, "follow");
  const directions = [
    ["y", "vertical, of y from x"],
    ["x", "horizontal, of x from y"],
  ] as const;
  const shown = choice(controls, "Residuals", directions, (value) => look(value), "residuals");

  /** Which line's residuals are drawn: the one last hovered, focused or chosen. */
  function look(which: Focus): void {
    if (which === focus) return;
    focus = which;
    view.draw(frame.state);
  }
  ends.forEach(({ which, pair }, k) => {
    for (const node of [grips[k], ...pair.map((h) => h.node)]) {
      node.addEventListener("focus", () => look(which));
      node.addEventListener("pointerenter", (event) => (event as PointerEvent).buttons || look(which));
    }
  });

  const view: View<TwoRegressionsState> = {
    draw({ x, y, phi, follow: following }) {
      const seen = box(x, y);
      plot.setDomain(seen.x, seen.y);
      first.set(
        plot.x,
        plot.x.map((t) => phi[0] + phi[1] * t),
      );
      second.set(
        plot.y.map((t) => phi[2] + phi[3] * t),
        plot.y,
      );
      grips.forEach((node, k) => node.setAttribute("d", lines[k ? "x" : "y"].node.getAttribute("d")!));
      for (const { which, pair } of ends) {
        pair.forEach((h, k) => {
          const t = at(which, k as 0 | 1);
          h.place(...((which === "y" ? [t, valueAt(which, t)] : [valueAt(which, t), t]) as [number, number]));
        });
      }
      need(x.length);
      residuals.forEach((mark, i) => {
        if (i >= x.length) return mark.set([], []);
        if (focus === "y") mark.set([x[i], x[i]], [y[i], phi[0] + phi[1] * x[i]]);
        else mark.set([x[i], phi[2] + phi[3] * y[i]], [y[i], y[i]]);
      });
      centre.set([mean(x)], [mean(y)]);
      placePoints();
      names.forEach((node, k) => placeName(node, plot, phi, k ? "x" : "y"));
      const losses = bothLosses(x, y, phi);
      const best = bothLosses(x, y, bestLines(x, y));
      bars[0](losses.slice(0, 2), following ? undefined : best[0]);
      bars[1](losses.slice(2), following ? undefined : best[3]);
      terms(phi);
      note.textContent = degenerate(x, y);
      follow.show(following);
      shown.show(focus);
    },
    summary({ x, y, phi, follow: following }) {
      const r2 = rSquared(x, y);
      const steep = phi[3] === 0 ? "vertical" : show(1 / phi[3]);
      const slopes = `Slopes ${show(phi[1])} (y from x) and ${steep} (x from y), ratio ${show(phi[1] * phi[3])}`;
      const [up, , , across] = bothLosses(x, y, phi);
      if (!following) {
        const [bestUp, , , bestAcross] = bothLosses(x, y, bestLines(x, y));
        return `${slopes}. Vertical loss ${show(up)}, best ${show(bestUp)}; horizontal loss ${show(across)}, best ${show(bestAcross)}.`;
      }
      return `${slopes}${Number.isNaN(r2) ? "" : " = r²"}. Both pass through the mean point (${show(mean(x))}, ${show(mean(y))}).`;
    },
    table({ x, y, phi }) {
      return {
        caption: "The data, and what each line makes of them",
        head: ["example", "x", "y", "y from x", "vertical residual", "x from y", "horizontal residual"],
        rows: x.map((v, i) => {
          const [up, across] = [phi[0] + phi[1] * v, phi[2] + phi[3] * y[i]];
          return [String(i + 1), v, y[i], up, up - y[i], across, across - v];
        }),
      };
    },
  };
  return view;
}

/** A line's name beside it: y from x below its right end, x from y left of its upper end; hidden where those are not seen. */
function placeName(node: SVGTextElement, plot: Plot, [a, b, c, d]: number[], which: Focus): void {
  const t = which === "y" ? plot.x[1] - 0.04 * length(plot.x) : plot.y[1] - 0.12 * length(plot.y);
  const [px, py] = which === "y" ? [plot.sx(t), plot.sy(a + b * t)] : [plot.sx(c + d * t), plot.sy(t)];
  const { left, right, top, bottom } = plot.area;
  const seen = px > left && px < right && py > top && py < bottom;
  node.setAttribute("visibility", seen ? "visible" : "hidden");
  const near = px < left + 80;
  node.setAttribute("text-anchor", which === "y" || !near ? "end" : "start");
  node.setAttribute("x", String(which === "y" ? px : px + (near ? 12 : -12)));
  node.setAttribute("y", String(which === "y" ? py + (b > 0 ? 30 + 30 * Math.min(1, b) : py < bottom - 60 ? 24 : -14) : py + 4));
}

/** What to say where the data leave a slope open. */
function degenerate(x: number[], y: number[]): string {
  const [flatX, flatY] = [!fitLine(x, y).unique, !fitLine(y, x).unique];
  if (flatX && flatY) return "All points are in one place: any line through it fits, so both are drawn with slope 0.";
  if (flatX) return "All x are equal: every line through the mean point predicts y equally well, so the level one is drawn. r² has no value.";
  if (flatY) return "All y are equal: x can't be told from y, so that line stands upright. r² has no value.";
  return "";
}

/** y = φ₀ + φ₁ x, x = φ₀′ + φ₁′ y, and what their slopes come to in one plane. */
function drawEquations(parent: HTMLElement): (phi: number[]) => void {
  const term = (link: string): { top: HTMLElement; bottom: HTMLElement } => {
    const dashed = link === LINKS[1] ? "udl-term-dashed" : "";
    const box = html(parent, "span", { class: `udl-term udl-model ${dashed}`, "data-udl-link": link });
    return { top: html(box, "span"), bottom: html(box, "span", { class: "udl-term-value" }) };
  };
  const write = (target: HTMLElement, pieces: (string | [string, string])[]): void => {
    for (const piece of pieces) {
      if (typeof piece === "string") target.append(piece);
      else symbol(target, ...piece);
    }
  };
  const [first, second, ratio] = [...LINKS, `y x ${POINTS}`].map(term);
  write(first.top, [["y", ""], " = ", ["φ", "0"], " + ", ["φ", "1"], ["x", ""]]);
  write(second.top, [["x", ""], " = ", ["φ", "0"], "′ + ", ["φ", "1"], "′", ["y", ""]]);
  write(ratio.top, ["Ratio of slopes = ", ["φ", "1"], " · ", ["φ", "1"], "′"]);
  return ([a, b, c, d]) => {
    const bracket = (v: number): string => (v < 0 ? `(${show(v)})` : show(v));
    const signed = (v: number): string => `${v < 0 ? "− " : "+ "}${show(Math.abs(v))}`;
    first.bottom.textContent = `y = ${show(a)} ${signed(b)} x: slope ${show(b)}`;
    const slope = d === 0 ? "none (upright)" : `1 / ${bracket(d)} = ${show(1 / d)}`;
    second.bottom.textContent = `x = ${show(c)} ${signed(d)} y: slope ${slope}`;
    ratio.bottom.textContent = `${show(b)} · ${bracket(d)} = ${show(b * d)}`;
  };
}
