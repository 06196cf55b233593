import type { Model } from "./frame/model.ts";
import type { FigureElement, FigureSpec, State } from "./frame/spec.ts";
import { activationGallery } from "./figures/activation_gallery.ts";
import { baskets } from "./figures/baskets.ts";
import { drawAnyCurve } from "./figures/draw_any_curve.ts";
import { foldTheLine } from "./figures/fold_the_line.ts";
import { foldThePlane } from "./figures/fold_the_plane.ts";
import { lineAndLoss } from "./figures/line_and_loss.ts";
import { moveTheJoints } from "./figures/move_the_joints.ts";
import { polygons } from "./figures/polygons.ts";
import { ridges } from "./figures/ridges.ts";
import { sigmoidBumps } from "./figures/sigmoid_bumps.ts";
import { spendABudget } from "./figures/spend_a_budget.ts";
import { symmetryOrbit } from "./figures/symmetry_orbit.ts";
import { tenParameters } from "./figures/ten_parameters.ts";
import { twoOutputs } from "./figures/two_outputs.ts";
import { twoRegressions } from "./figures/two_regressions.ts";
import { windowFigure } from "./figures/window.ts";
import { bringToLife, mount } from "./host.ts";
import { html } from "./svg.ts";

// each figure knows its own state type; the registry and the frame only pass it through
const all = [
  activationGallery,
  baskets,
  drawAnyCurve,
  foldTheLine,
  foldThePlane,
  lineAndLoss,
  moveTheJoints,
  polygons,
  ridges,
  sigmoidBumps,
  spendABudget,
  symmetryOrbit,
  tenParameters,
  twoOutputs,
  twoRegressions,
  windowFigure,
] as unknown as FigureSpec<State>[];
const registry = new Map(all.map((spec) => [spec.name, spec]));

/** Static pages: every `[data-udl-widget]` comes to life when it scrolls near. */
export const start = (): Promise<void> => bringToLife(registry);

/** Jupyter (anywidget): one figure in the cell's output, its state the widget's traits. */
function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const root: FigureElement = html(el, "div", { class: "udl-figure", "data-udl-widget": String(model.get("_figure")), "data-udl-state": "picture" });
  const frame = mount(registry, root, model, false);
  return () => frame?.destroy();
}

export default { render };
