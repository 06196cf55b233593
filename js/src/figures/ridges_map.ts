import { POINTS, atOrAbove, ridgeAtOrAbove } from "../numeric/ridges.ts";
import type { Plot } from "../plot.ts";
import { svg } from "../svg.ts";

/** Each level adds a tint and a line; what is nearer to zero than the first stays white. */
const LEVELS = [0.1, 0.3, 0.5, 0.7, 0.9];
const PLACES = POINTS.map((_, i) => i);

/** Draws values on the grid. Those of a single ridge need its profile and angle, since stripes are finer than the grid. */
export type DrawMap = (z: readonly number[], ridge?: { profile: readonly number[]; angle: number }) => void;

/** A map of levels: one colour above zero, another below, where the lines are dashed. Reported are the values in their order. */
export function valueMap(plot: Plot, name: string): DrawMap {
  const group = svg(plot.layer, "g");
  const sides = ["positive", "negative"].map((side) => ({
    tints: LEVELS.map(() => svg(group, "path", { class: `udl-tint udl-${side}` })),
    line: svg(plot.layer, "path", { class: `udl-curve udl-level udl-level-${side}`, fill: "none" }),
  }));
  const nothing = svg(plot.layer, "text", { x: plot.sx(0), y: plot.sy(0.5), class: "udl-invitation", "text-anchor": "middle", "aria-hidden": "true" }, "zero everywhere");
  const at = ([x1, x2]: readonly [number, number]): string => `${plot.sx(x1).toFixed(1)} ${plot.sy(x2).toFixed(1)}`;
  const report = plot.mark(name, group, () => undefined);
  return (z, ridge) => {
    report.set(PLACES, z);
    nothing.setAttribute("visibility", Math.max(...z.map(Math.abs)) < 1e-6 ? "visible" : "hidden");
    sides.forEach(({ tints, line }, side) => {
      const signed = (values: readonly number[]): readonly number[] => (side ? values.map((v) => -v) : values);
      const values = signed(ridge ? ridge.profile : z);
      const found = LEVELS.map((level) => (ridge ? ridgeAtOrAbove(values, ridge.angle, level) : atOrAbove(values, level)));
      found.forEach(({ area }, i) => tints[i].setAttribute("d", area.map((polygon) => `M${polygon.map(at).join("L")}Z`).join("")));
      line.setAttribute("d", found.flatMap((level) => level.line.map((p, i) => `${i % 2 ? "L" : "M"}${at(p)}`)).join(""));
    });
  };
}
