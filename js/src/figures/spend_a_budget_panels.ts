import type { Frame } from "../figure.ts";
import { construction } from "../numeric/budget.ts";
import { deepParameters, upperBound } from "../numeric/deep_net.ts";
import type { Mark, Plot } from "../plot.ts";
import { svg } from "../svg.ts";
import type { SpendABudgetState } from "./spend_a_budget.ts";

export const DEPTHS: readonly number[] = [1, 2, 3, 4, 5, 6];
export const [LEAST, MOST] = [50, 1000];

/** One depth at the budget. */
export interface Row {
  depth: number;
  widths: number[];
  size: number;
  bound: number;
  /** By a known construction; NaN where it does not fold. */
  reached: number;
  /** Regions of the random networks counted so far. */
  counts: readonly number[];
}

export interface BudgetPanels {
  left: Plot;
  right: Plot;
  draw(rows: readonly Row[], state: SpendABudgetState): void;
}

/** Highest power of ten of the axis, and the powers written beside it, for one and two inputs. */
const SCALES = [
  { top: 7.4, powers: [0, 2, 4, 6] },
  { top: 13.4, powers: [0, 3, 6, 9, 12] },
] as const;

/** Regions against parameters at one depth, and against depth at one budget: the same logarithmic height in both. */
export function budgetPanels(frame: Frame<SpendABudgetState>, parent: Element): BudgetPanels {
  const ynames: [number, string][] = [];
  const common = { y: [0, 1] as [number, number], ynames, height: 270, margin: { left: 40, right: 16 } };
  const left = frame.plot(parent, { ...common, label: "Regions against parameters", title: "Regions for any budget, at this depth", x: [0, 1040], xlabel: "parameters" });
  const right = frame.plot(parent, { ...common, label: "Regions against depth", title: "Regions at any depth, for this budget", x: [0.5, 6.5], xnames: DEPTHS.map((K) => [K, String(K)] as const), xlabel: "hidden layers K" });

  const column = right.polygon("chosen depth", "udl-budget-column", { "data-udl-link": "depth" });
  const guide = left.curve("budget", "udl-probe", { "data-udl-link": "budget" });
  const shallow = logCurve(left, "one layer", "udl-reference");
  const curves = {
    reached: [logCurve(left, "construction", "udl-model"), logCurve(right, "construction by depth", "udl-model")],
    bound: [logCurve(left, "at most", "udl-ink udl-dashed"), logCurve(right, "at most by depth", "udl-ink udl-dashed")],
  };
  const clouds = [cloud(left, "random networks", 44), cloud(right, "random networks by depth", 0.62)];
  const label = (plot: Plot, role: string, text: string): SVGTextElement => svg(plot.top, "text", { class: `udl-mark-label ${role}`, "aria-hidden": "true" }, text);
  const names = { bound: label(right, "udl-ink", ""), reached: label(right, "udl-model", "a construction"), random: label(right, "udl-data", "random"), shallow: label(left, "udl-ink", "one layer") };

  return {
    left,
    right,
    draw(rows, { budget, depth, input }) {
      const { top, powers } = SCALES[input - 1];
      ynames.splice(0, ynames.length, ...powers.map((p): [number, string] => [p, p ? `10${superscript(p)}` : "1"]));
      // room for the handles below the curves
      for (const plot of [left, right]) plot.setDomain(plot.x, [-0.07 * top, top]);
      const any = sweep(depth, input);
      const single = sweep(1, input);
      curves.bound[0].set(any.sizes, any.bounds);
      curves.reached[0].set(any.sizes, any.reached);
      shallow.set(single.sizes, single.bounds);
      curves.bound[1].set(DEPTHS, rows.map(({ bound }) => bound));
      curves.reached[1].set(DEPTHS, rows.map(({ reached }) => reached));
      column.set([depth - 0.5, depth + 0.5, depth + 0.5, depth - 0.5], [left.y[0], left.y[0], top, top]);
      guide.set([budget, budget], left.y);
      const chosen = rows[depth - 1];
      clouds[0].set(chosen.counts.map(() => chosen.size), chosen.counts);
      clouds[1].set(rows.flatMap(({ depth: K, counts }) => counts.map(() => K)), rows.flatMap(({ counts }) => [...counts]));
      place(rows, depth, single.bounds.at(-1)!);
    },
  };

  function place(rows: readonly Row[], depth: number, most: number): void {
    const put = (node: SVGTextElement, plot: Plot, x: number, y: number, up: number, anchor = "end"): void => {
      node.setAttribute("visibility", Number.isFinite(y) ? "visible" : "hidden");
      node.setAttribute("text-anchor", anchor);
      if (!Number.isFinite(y)) return;
      node.setAttribute("x", plot.sx(x).toFixed(1));
      node.setAttribute("y", (plot.sy(y) - up).toFixed(1));
    };
    const [fifth, last] = [rows[4], rows[5]];
    const one = rows.every(({ bound, reached }) => bound === reached);
    names.bound.textContent = one ? "at most, and reached" : "at most";
    put(names.bound, right, 5, Math.log10(fifth.bound), 9);
    put(names.reached, right, 6.45, one ? NaN : Math.log10(fifth.reached), -24);
    const drawn = last.counts.length ? Math.log10(Math.max(...last.counts)) : NaN;
    put(names.random, right, 6.45, drawn, 8);
    put(names.shallow, left, MOST, depth > 1 ? Math.log10(most) : NaN, 8);
  }
}

interface Sweep {
  sizes: number[];
  bounds: number[];
  reached: number[];
}

const sweeps = new Map<string, Sweep>();

/** All networks of K layers of one width up to the largest budget. */
function sweep(K: number, D_i: number): Sweep {
  const key = `${K} ${D_i}`;
  const known = sweeps.get(key);
  if (known) return known;
  const found: Sweep = { sizes: [], bounds: [], reached: [] };
  sweeps.set(key, found);
  for (let D = 1; ; D++) {
    const widths = [D_i, ...Array.from({ length: K }, () => D), 1];
    const size = deepParameters(widths);
    if (size > MOST * 1.005) return found;
    found.sizes.push(size);
    found.bounds.push(upperBound(widths));
    found.reached.push(construction(widths));
  }
}

/** A curve whose heights are logarithms of the numbers it reports; interrupted where there are none. */
function logCurve(plot: Plot, name: string, className: string): Mark {
  const node = svg(plot.layer, "path", { class: `udl-curve ${className}`, fill: "none", "data-udl-link": "depth" });
  return plot.mark(name, node, (x, y) => {
    let d = "";
    y.forEach((v, i) => {
      if (!Number.isNaN(v)) d += `${i && !Number.isNaN(y[i - 1]) ? "L" : "M"}${plot.sx(x[i]).toFixed(2)} ${plot.sy(Math.log10(v)).toFixed(2)}`;
    });
    node.setAttribute("d", d);
  });
}

/** A dot for each number, spread sideways so that equal ones are seen; the number itself is reported. */
function cloud(plot: Plot, name: string, spread: number): Mark {
  const node = svg(plot.layer, "path", { class: "udl-budget-cloud udl-data" });
  return plot.mark(name, node, (x, y) => {
    node.setAttribute(
      "d",
      y.map((v, i) => {
        const aside = spread * (((i * 0.618034) % 1) - 0.5);
        return `M${(plot.sx(x[i] + aside) - 3).toFixed(1)} ${plot.sy(Math.log10(v)).toFixed(1)}a3 3 0 1 0 6 0a3 3 0 1 0-6 0`;
      }).join(""),
    );
  });
}

const superscript = (n: number): string => [...String(n)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("");
