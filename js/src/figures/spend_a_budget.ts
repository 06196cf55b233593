import { Background } from "../background.ts";
import { button, choice, group, slider } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { handle } from "../handle.ts";
import { architecture, construction, median, randomNet, regionsOf } from "../numeric/budget.ts";
import { deepParameters, upperBound } from "../numeric/deep_net.ts";
import { integer } from "../parse.ts";
import { html, show } from "../svg.ts";
import { budgetPanels, DEPTHS, LEAST, MOST, type Row } from "./spend_a_budget_panels.ts";
import { count } from "./parameter_sliders.ts";

export type SpendABudgetState = {
  /** Parameters to spend. */
  budget: number;
  /** The number of hidden layers that is looked at. */
  depth: number;
  /** Inputs of the network, 1 or 2. */
  input: number;
  /** Of the random draws. */
  seed: number;
};

/** Random networks of each architecture. */
export const DRAWS = 16;
const SEEDS = 1000;

export const spendABudget: FigureSpec<SpendABudgetState> = {
  name: "spend-a-budget",
  title: "Spend a budget",
  version: 1,
  keys: ["budget", "depth", "input", "seed"],
  parse: (raw) => ({
    budget: integer(raw, "budget", LEAST, MOST),
    depth: integer(raw, "depth", 1, DEPTHS.length),
    input: integer(raw, "input", 1, 2),
    seed: integer(raw, "seed", 0, SEEDS - 1),
  }),
  build,
  python: ({ budget, depth, input, seed }) => `from udl_core import budget, regions
from udl_core.widgets import SpendABudget

w = SpendABudget(budget=${budget}, depth=${depth}, input=${input}, seed=${seed})
net = w.network()
print(net.widths, net.n_params)
print(regions.upper_bound(net.widths), budget.best_known(net.widths))
print([budget.count_regions(net, w.phi(draw), reach=1) for draw in range(${DRAWS})])`,
  question: {
    ask: "At random parameters, six layers have how many times the regions of one layer, for the same budget?",
    min: -8,
    max: 8,
    step: 1,
    text: (v) => (v === 0 ? "as many" : v < 0 ? `1/${digits(2 ** -v)}` : `${digits(2 ** v)} times`),
    truth,
  },
};

const digits = (v: number): string => (Number.isInteger(v) ? String(v) : v.toPrecision(2));

const widthsOf = ({ budget, input }: SpendABudgetState, depth: number): number[] => architecture(budget, depth, input);

/** Regions of the random networks counted so far: a budget that is passed again is known. */
const known = new Map<string, number[]>();

function countsOf(state: SpendABudgetState, depth: number): number[] {
  const key = `${widthsOf(state, depth).join()} ${state.seed}`;
  if (!known.has(key)) known.set(key, []);
  return known.get(key)!;
}

const countOne = (state: SpendABudgetState, depth: number): void => {
  const counts = countsOf(state, depth);
  counts.push(regionsOf(randomNet(widthsOf(state, depth), state.seed, counts.length)));
};

let answer: number | undefined;

/** Powers of two between one layer and six. A drag may outrun the counting: then the last answer stays until it is done. */
function truth(state: SpendABudgetState): number {
  const ends = [1, DEPTHS.length];
  if (answer !== undefined && ends.some((depth) => countsOf(state, depth).length < DRAWS)) return answer;
  for (const depth of ends) while (countsOf(state, depth).length < DRAWS) countOne(state, depth);
  const [shallow, deep] = ends.map((depth) => median(countsOf(state, depth)));
  return (answer = Math.log2(deep / shallow));
}

/** 1234567 as 1,234,567, and from 10⁹ on as 1.2 · 10⁹; – where there is none. */
export function whole(n: number): string {
  if (!Number.isFinite(n)) return "–";
  if (n < 1e9) return Math.round(n).toLocaleString("en-GB");
  const power = Math.floor(Math.log10(n));
  const superscript = [...String(power)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("");
  return `${show(n / 10 ** power, 1)} · 10${superscript}`;
}

/** The median of whole numbers may lie half way between two. */
const middle = (counts: readonly number[]): string => `${whole(Math.floor(median(counts)))}${median(counts) % 1 ? ".5" : ""}`;

function build(frame: Frame<SpendABudgetState>): View<SpendABudgetState> {
  const grid = html(frame.body, "div", { class: "udl-grid" });
  const panels = budgetPanels(frame, grid);
  const gesture = { commit: frame.commit, cancel: frame.cancel };
  const tens = (v: number): number => Math.min(MOST, Math.max(LEAST, 10 * Math.round(v / 10)));
  const layers = (depth: number): string => count(depth, "layer");

  const budgetHandle = handle(panels.left, {
    label: "Budget of parameters",
    name: "budget",
    className: "udl-ink",
    shape: "square",
    axes: "x",
    step: [10, 0],
    bounds: { x: [LEAST, MOST] },
    link: "budget",
    set: (x) => frame.change({ budget: tens(x) }),
    text: (x) => `${show(x, 0)} parameters`,
    ...gesture,
  });
  const depthHandle = handle(panels.right, {
    label: "Number of hidden layers",
    name: "depth",
    className: "udl-model",
    axes: "x",
    step: [1, 0],
    bounds: { x: [1, DEPTHS.length] },
    link: "depth",
    set: (x) => frame.change({ depth: Math.round(x) }),
    text: (x) => layers(x),
    ...gesture,
  });

  const sliders = group(frame.body);
  const budgetSlider = slider(sliders, { label: "Budget", min: LEAST, max: MOST, step: 10, input: (v) => frame.change({ budget: v }), commit: frame.commit, text: (v) => show(v, 0), link: "budget", name: "budget" });
  const depthSlider = slider(sliders, { label: "Layers", min: 1, max: DEPTHS.length, step: 1, input: (v) => frame.change({ depth: v }), commit: frame.commit, text: (v) => show(v, 0), link: "depth", name: "depth" });
  const row = group(frame.body);
  const inputs = choice(row, "Inputs", [["1", "one: pieces of a line"], ["2", "two: polygons of a square"]], (value) => frame.set({ input: Number(value) }), "input");
  button(row, "Draw again", () => frame.set({ seed: (frame.state.seed + 1) % SEEDS }), "draw");
  const progress = html(frame.body, "p", { class: "udl-note", "aria-live": "off" });

  const work = new Background(3);
  let repaint = 0;
  let inDraw = false;

  /** Counts what is missing for the state as it is by then: the depth looked at first. */
  function* counting(): Generator<void, void> {
    for (;;) {
      const { state } = frame;
      const depth = [state.depth, ...DEPTHS].find((K) => countsOf(state, K).length < DRAWS);
      if (depth === undefined) return;
      countOne(state, depth);
      repaint ||= requestAnimationFrame(() => {
        repaint = 0;
        paint(frame.state);
      });
      yield;
    }
  }

  const rows = (state: SpendABudgetState): Row[] =>
    DEPTHS.map((depth) => {
      const widths = widthsOf(state, depth);
      return { depth, widths, size: deepParameters(widths), bound: upperBound(widths), reached: construction(widths), counts: countsOf(state, depth) };
    });

  const paint = (state: SpendABudgetState): void => {
    const all = rows(state);
    panels.draw(all, state);
    const done = all.reduce((sum, { counts }) => sum + counts.length, 0);
    const { widths, size } = all[state.depth - 1];
    const first = `${count(state.depth, "layer")} of ${widths[1]} units: ${whole(size)} parameters`;
    progress.textContent = done < DRAWS * DEPTHS.length ? `${first}. Regions counted in ${done} of ${DRAWS * DEPTHS.length} random networks …` : `${first}, as close to the budget as layers of one width come.`;
  };

  return {
    draw(state) {
      if (known.size > 1000) known.clear();
      inDraw = true;
      work.start(counting(), () => {
        if (!inDraw) frame.change({}); // the summary is complete now
      });
      paint(state);
      inDraw = false;
      budgetHandle.place(state.budget, panels.left.y[0] / 2);
      depthHandle.place(state.depth, panels.right.y[0] / 2);
      budgetSlider.show(state.budget);
      depthSlider.show(state.depth);
      inputs.show(state.input === 1 ? "1" : "2");
    },
    settle: () => work.finish(),
    summary(state) {
      const { widths, size, bound, reached, counts } = rows(state)[state.depth - 1];
      const made = Number.isNaN(reached) ? "" : reached === bound ? ", and a construction reaches that" : `, a construction reaches ${whole(reached)}`;
      const drawn = counts.length < DRAWS ? "random networks are being counted" : `${DRAWS} random networks: ${whole(Math.min(...counts))} to ${whole(Math.max(...counts))}, median ${middle(counts)}`;
      return `${state.input === 1 ? "One input" : "Two inputs"}, ${layers(state.depth)} of ${widths[1]} units, ${whole(size)} parameters: at most ${whole(bound)} regions${made}; ${drawn}.`;
    },
    table: (state) => ({
      caption: `Regions for about ${state.budget} parameters; random networks counted on [−1, 1]${state.input === 2 ? "²" : ""}`,
      head: ["layers", "units each", "parameters", "at most", "construction", "random: least", "median", "most"],
      rows: rows(state).map(({ depth, widths, size, bound, reached, counts }) => [
        depth === state.depth ? `${depth} (shown)` : String(depth),
        String(widths[1]),
        String(size),
        whole(bound),
        whole(reached),
        ...(counts.length < DRAWS ? ["…", "…", "…"] : [whole(Math.min(...counts)), middle(counts), whole(Math.max(...counts))]),
      ]),
    }),
    destroy: () => {
      work.stop();
      cancelAnimationFrame(repaint);
    },
  };
}
