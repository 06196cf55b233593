import { group, slider, type Control } from "../controls.ts";
import type { Shape } from "../handle.ts";
import type { Shallow1D } from "../numeric/shallow.ts";
import { html, plain, symbol } from "../svg.ts";

/** Shapes of the units' handles; more than three units use them again, with numbers beside them. */
export const SHAPES: Shape[] = ["square", "diamond", "triangle"];
export const unitClass = (d: number): string => `udl-unit${(d % 3) + 1}`;
export const unitLink = (d: number): string => `unit${d + 1}`;
export const unitShape = (d: number): Shape => SHAPES[d % 3];

export const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;

/**
 * A slider for each number of a one-input shallow network, in the flat order, under one heading that folds away.
 * On a wide screen it may begin open; `reach` is how far each slider goes either way.
 */
export function parameterSliders(
  parent: Element,
  title: string,
  D: number,
  outputs: number,
  change: (edit: (net: Shallow1D) => void) => void,
  commit: () => void,
  { open = false, reach = 3 }: { open?: boolean; reach?: number } = {},
): (flat: readonly number[]) => void {
  const box = html(parent, "details", { class: "udl-sliders", open: open && innerWidth > 700 ? "" : undefined });
  html(box, "summary", {}, title);
  const place = group(box, "udl-slider-grid");
  const one = (letter: string, index: string, d: number | undefined, link: string, edit: (net: Shallow1D, v: number) => void): Control<number> =>
    slider(place, {
      label: plain(letter, index),
      draw: (name) => void symbol(name, letter, index),
      name: `${letter === "θ" ? "theta" : "phi"}${index}`,
      min: -reach,
      max: reach,
      step: 0.01,
      link,
      role: d === undefined ? undefined : unitClass(d),
      input: (v) => change((net) => edit(net, v)),
      commit,
    });
  const controls: Control<number>[] = [];
  for (let d = 0; d < D; d++) {
    for (const i of [0, 1]) controls.push(one("θ", `${d + 1}${i}`, d, unitLink(d), ({ theta }, v) => void (theta[d][i] = v)));
  }
  for (let o = 0; o < outputs; o++) {
    for (let d = 0; d <= D; d++) {
      const index = outputs > 1 ? `${o + 1}${d}` : String(d);
      const unit = d ? d - 1 : undefined;
      controls.push(one("φ", index, unit, unit === undefined ? `phi${o}` : unitLink(unit), ({ phi }, v) => void (phi[o][d] = v)));
    }
  }
  let latest: readonly number[] = [];
  const show = (): void => controls.forEach((control, i) => control.show(latest[i]));
  box.addEventListener("toggle", show);
  return (flat) => {
    latest = flat;
    if (box.open) show(); // a folded box is brought up to date when it opens
  };
}
