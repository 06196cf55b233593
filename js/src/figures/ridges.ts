import { button, choice, group } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { handle, type Handle } from "../handle.ts";
import { KNOTS, TARGETS, TARGET_NAMES, fitRidges, targetValues, type Ridges, type TargetName } from "../numeric/ridges.ts";
import { integer, numbers, oneOf } from "../parse.ts";
import type { Interval } from "../plot.ts";
import { html, show, svg } from "../svg.ts";
import { ceiling } from "./bars.ts";
import { count, unitClass, unitShape } from "./parameter_sliders.ts";
import { valueMap } from "./ridges_map.ts";

export type RidgesState = {
  /** In degrees, from 0 up to 180. */
  angles: number[];
  target: TargetName;
  /** Which ridge is seen alone; 0: their sum. */
  shown: number;
};

const MOST = 6;
/** Where a direction's handle stands, from the middle. */
const RADIUS = 0.82;
const FORMULAS: Record<TargetName, string> = {
  product: "x[:, 0] * x[:, 1]",
  bowl: "(x[:, 0] ** 2 + x[:, 1] ** 2) / 2",
  bump: "np.exp(-4 * (x[:, 0] ** 2 + x[:, 1] ** 2))",
};

export const ridges: FigureSpec<RidgesState> = {
  name: "ridges",
  title: "Sums of ridges",
  version: 1,
  keys: ["angles", "target", "shown"],
  parse(raw) {
    const angles = numbers(raw, "angles");
    if (angles.length < 1 || angles.length > MOST) throw new Error(`angles must be 1 to ${MOST} numbers, got ${angles.length}`);
    return { angles: angles.map(halfTurn), target: oneOf(raw, "target", TARGET_NAMES), shown: integer(raw, "shown", 0, angles.length) };
  },
  build,
  python: ({ angles, target }) => `import numpy as np
from udl_core.approximation import fit_ridges

axis = -1 + 0.1 * np.arange(21)
x = np.array([(x1, x2) for x1 in axis for x2 in axis])
y = ${FORMULAS[target]}
fit = fit_ridges(x, y, angles=[${angles.join(", ")}])
print(np.sqrt(np.mean((fit(x) - y) ** 2) / y.var()))
print(fit.profiles)`,
  question: {
    ask: "How much of the target’s spread will the best sum of these ridges leave unexplained?",
    min: 0,
    max: 100,
    step: 1,
    text: (v) => `${show(v, 0)} %`,
    truth: ({ target, angles }) => Math.round(100 * fitRidges(target, angles).left),
  },
};

/** Directions half a turn apart are the same. */
function halfTurn(angle: number): number {
  const turned = angle % 180;
  const positive = turned < 0 ? turned + 180 : turned + 0;
  return positive === 180 ? 0 : positive;
}

const percent = (share: number): string => `${show(100 * share, share < 0.0995 && share > 5e-4 ? 1 : 0)} %`;
const towards = (angle: number): [number, number] => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
const link = (k: number): string => `ridge${k + 1}`;

function build(frame: Frame<RidgesState>): View<RidgesState> {
  const grid = html(frame.body, "div", { class: "udl-grid" });
  const square: Interval = [-1, 1];
  const map = (label: string, title: string) => frame.plot(grid, { label, title, x: square, y: square, xlabel: "x₁", ylabel: "x₂", width: 320, height: 330, margin: { left: 40, right: 14, top: 26, bottom: 38 } });
  const directions = map("The target, and the directions of the ridges", "The target, and your directions");
  const result = map("The best sum of ridges along these directions", "");
  const title = svg(result.top, "text", { x: result.area.left, y: 15, class: "udl-panel-title", "aria-hidden": "true" });
  const profiles = frame.plot(grid, { label: "The profile of each ridge", title: "The profile of each ridge", x: [KNOTS[0], KNOTS[8]], y: [-1, 1], xlabel: "x₁ cos α + x₂ sin α", height: 210, margin: { left: 44 } });

  const goal = valueMap(directions, "target");
  const seenMap = valueMap(result, "result");
  // they come and go with the focus, so they are no part of what the state draws
  const stripes = svg(result.layer, "path", { class: "udl-curve udl-stripes", fill: "none" });
  const each = Array.from({ length: MOST }, (_, k) => k);
  const halos = each.map(() => svg(directions.layer, "path", { class: "udl-curve udl-halo" }));
  const lines = each.map((k) => directions.curve(`direction ${k + 1}`, unitClass(k), { "data-udl-link": link(k) }));
  const curves = each.map((k) => profiles.curve(`profile ${k + 1}`, unitClass(k), { "data-udl-link": link(k) }));
  const numbersAt = (parent: SVGGElement): SVGTextElement[] =>
    each.map((k) => svg(parent, "text", { class: "udl-line-name", "text-anchor": "middle", "aria-hidden": "true", "data-udl-link": link(k) }, String(k + 1)));
  const names = numbersAt(directions.top);
  const profileNames = numbersAt(profiles.top);

  // a direction has two ends; its handle stays at the one under the finger, and starts at the first
  const ends = each.map(() => 1);
  let turned: readonly number[] | undefined;
  const turn = (k: number, angle: number): void => {
    const angles = [...frame.state.angles];
    angles[k] = halfTurn(angle);
    turned = angles;
    frame.change({ angles });
  };
  let focused: number | undefined;
  const handles: Handle[] = each.map((k) => {
    const made = handle(directions, {
      label: `Direction of ridge ${k + 1}`,
      name: `direction ${k + 1}`,
      className: unitClass(k),
      shape: unitShape(k),
      link: link(k),
      set(x1, x2) {
        if (Math.hypot(x1, x2) < 0.05) return;
        const angle = Math.round((Math.atan2(x2, x1) * 180) / Math.PI);
        ends[k] = angle >= 0 && angle < 180 ? 1 : -1;
        turn(k, angle);
      },
      text: () => `${show(frame.state.angles[k] ?? 0, 0)} degrees, ${percent(fitted(frame.state).left)} of the spread unexplained`,
      commit: frame.commit,
      cancel: frame.cancel,
    });
    // before the handle's own keys, which move it straight ahead
    made.node.addEventListener("keydown", (event) => {
      const far = event.shiftKey ? 15 : 1;
      const ways: Record<string, number> = { ArrowLeft: far, ArrowUp: far, ArrowRight: -far, ArrowDown: -far, PageUp: 15, PageDown: -15, Home: -frame.state.angles[k], End: 90 - frame.state.angles[k] };
      const way = ways[event.key];
      if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const next = frame.state.angles[k] + way;
      if (next < 0 || next >= 180) ends[k] = -ends[k];
      turn(k, next);
      frame.commit();
    }, { capture: true });
    made.node.addEventListener("focus", () => {
      focused = k;
      drawStripes(frame.state);
    });
    made.node.addEventListener("blur", () => {
      focused = undefined;
      drawStripes(frame.state);
    });
    return made;
  });

  const column = html(grid, "div", { class: "udl-column" });
  const left = html(column, "p", { class: "udl-note udl-boxed udl-model" });
  const choices = group(column);
  const target = choice(choices, "Target", TARGET_NAMES.map((name) => [name, `${name}, ${TARGETS[name].formula}`] as const), (name) => frame.set({ target: name }), "target");
  const seen = choice<string>(choices, "Show", [["0", "the sum"]], (value) => frame.set({ shown: Number(value) }), "shown");
  const options = seen.node.querySelector("select")!;
  const buttons = group(column);
  const add = button(buttons, "Add a direction", () => frame.set({ angles: [...frame.state.angles, widestGap(frame.state.angles)] }), "add");
  const remove = button(
    buttons,
    "Remove the last",
    () => {
      const angles = frame.state.angles.slice(0, -1);
      frame.set({ angles, shown: Math.min(frame.state.shown, angles.length) });
    },
    "remove",
  );
  html(column, "p", { class: "udl-note" }, "In the maps blue is above zero and red below, with dashed lines. A ridge never changes along its stripes.");

  let last: { of: RidgesState; fit: Ridges } | undefined;
  const fitted = (state: RidgesState): Ridges => {
    if (!last || last.of.target !== state.target || last.of.angles !== state.angles) last = { of: state, fit: fitRidges(state.target, state.angles) };
    return last.fit;
  };
  const drawStripes = ({ angles }: RidgesState): void => {
    const k = focused !== undefined && focused < angles.length ? focused : undefined;
    const [c, s] = towards(k === undefined ? 0 : angles[k]);
    const end = (u: number, side: number): string => `${result.sx(u * c - side * s).toFixed(2)} ${result.sy(u * s + side * c).toFixed(2)}`;
    stripes.setAttribute("class", `udl-curve udl-stripes ${unitClass(k ?? 0)}`);
    stripes.setAttribute("d", k === undefined ? "" : KNOTS.map((u) => `M${end(u, -2)}L${end(u, 2)}`).join(""));
  };
  let drawn: TargetName | undefined;

  return {
    draw(state) {
      const { angles, shown } = state;
      const fit = fitted(state);
      if (angles !== turned) ends.fill(1);
      if (drawn !== state.target) goal(targetValues((drawn = state.target)));
      if (shown) seenMap(fit.singles[shown - 1], { profile: fit.profiles[shown - 1], angle: angles[shown - 1] });
      else seenMap(fit.sum);
      title.textContent = shown ? `Ridge ${shown} alone` : `Their best sum: ${percent(fit.left)} unexplained`;
      const reach = ceiling(Math.max(0.1, ...fit.profiles.flat().map(Math.abs)) * 1.2);
      profiles.setDomain([KNOTS[0], KNOTS[8]], [-reach, reach]);
      each.forEach((k) => {
        const there = k < angles.length;
        const [c, s] = towards(angles[k] ?? 0);
        const [x, y] = [RADIUS * c, RADIUS * s];
        lines[k].set(there ? [-x, x] : [], there ? [-y, y] : []);
        halos[k].setAttribute("d", lines[k].node.getAttribute("d") ?? "");
        handles[k].place(ends[k] * x, ends[k] * y, there);
        if (there) describeAngle(handles[k], angles[k]);
        curves[k].set(there ? KNOTS : [], there ? fit.profiles[k] : []);
        place(names[k], there, directions.sx(0.62 * ends[k] * c - 0.09 * s), directions.sy(0.62 * ends[k] * s + 0.09 * c) + 4.5);
        const at = 1 + (k % 3) * 3;
        place(profileNames[k], there, profiles.sx(KNOTS[at]), profiles.sy(fit.profiles[k]?.[at] ?? 0) - (k < 3 ? 7 : -16));
      });
      drawStripes(state);
      left.textContent = `${percent(fit.left)} of the spread stays unexplained.`;
      target.show(state.target);
      while (options.childElementCount > angles.length + 1) options.lastElementChild!.remove();
      while (options.childElementCount <= angles.length) html(options, "option", { value: options.childElementCount }, `ridge ${options.childElementCount} alone`);
      seen.show(String(shown));
      add.disabled = angles.length >= MOST;
      remove.disabled = angles.length <= 1;
    },
    summary(state) {
      return `${count(state.angles.length, "direction")}, at ${state.angles.map((a) => `${String(Number(a.toFixed(1)))}°`).join(", ")}: ${percent(fitted(state).left)} of the spread unexplained.`;
    },
    table(state) {
      const { profiles } = fitted(state);
      return {
        caption: "Each ridge’s profile: its values at the knots along its direction",
        head: ["direction", ...KNOTS.map((u) => show(u))],
        rows: state.angles.map((angle, k) => [`${k + 1}: ${String(Number(angle.toFixed(1)))}°`, ...profiles[k]]),
      };
    },
  };
}

/** The handle goes round: what is heard is its angle, not its place. */
function describeAngle({ node }: Handle, angle: number): void {
  node.setAttribute("aria-valuemin", "0");
  node.setAttribute("aria-valuemax", "180");
  node.setAttribute("aria-valuenow", String(angle));
}

function place(node: SVGTextElement, visible: boolean, x: number, y: number): void {
  node.setAttribute("visibility", visible ? "visible" : "hidden");
  node.setAttribute("x", x.toFixed(1));
  node.setAttribute("y", y.toFixed(1));
}

/** A new direction in the middle of the widest gap between the others. */
function widestGap(angles: readonly number[]): number {
  const sorted = [...angles].sort((a, b) => a - b);
  const gaps = sorted.map((a, i) => (sorted[i + 1] ?? sorted[0] + 180) - a);
  const widest = gaps.indexOf(Math.max(...gaps));
  return halfTurn(Math.round(sorted[widest] + gaps[widest] / 2));
}
