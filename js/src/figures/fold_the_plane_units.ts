import { slider, type Control } from "../controls.ts";
import type { Region } from "../numeric/deep_regions.ts";
import { unpackDeep, type DeepNet } from "../numeric/deep_net.ts";
import { html, plain, symbol } from "../svg.ts";
import { firstUnit, type FoldThePlaneState } from "./fold_the_plane_state.ts";
import { unitClass } from "./parameter_sliders.ts";

let panels = 0;

export interface UnitDots {
  draw(state: FoldThePlaneState): void;
  /** Fills the dots of the units that are on in a region, and leaves those of layers that have not cut yet undecided. */
  show(region: Region | undefined, state: FoldThePlaneState): void;
}

/** The hidden units as dots, layer by layer: filled where a unit is on; choosing one makes its line movable. */
export function unitDots(parent: Element, choose: (layer: number, unit: number) => void): UnitDots {
  const name = `udl-units-${panels++}-${Math.random().toString(36).slice(2, 8)}`;
  const box = html(parent, "fieldset", { class: "udl-units" });
  html(box, "legend", { class: "udl-hidden" }, "Hidden units: choose the one to move");
  let dots: HTMLLabelElement[] = [];
  let built = "";
  return {
    draw({ widths, unit: [layer, unit], layers }) {
      if (built !== widths.join()) {
        built = widths.join();
        box.querySelectorAll(".udl-units-row").forEach((row) => row.remove());
        dots = [];
        widths.slice(1, -1).forEach((D, k) => {
          const row = html(box, "div", { class: `udl-units-row ${unitClass(k)}` });
          html(row, "span", { class: "udl-units-name" }, `Layer ${k + 1}`);
          for (let d = 0; d < D; d++) {
            const dot = html(row, "label", { class: "udl-unit", "data-udl-link": `${k + 1}.${d + 1}` });
            const input = html(dot, "input", { type: "radio", name });
            input.addEventListener("change", () => choose(k + 1, d + 1));
            html(dot, "span", { "aria-hidden": "true" }, String(d + 1));
            dots.push(dot);
          }
        });
      }
      dots.forEach((dot, u) => (dot.querySelector("input")!.checked = u === firstUnit(widths, layer - 1) + unit - 1));
      box.querySelectorAll(".udl-units-row").forEach((row, k) => row.classList.toggle("udl-later", k >= layers));
    },
    show(region, { widths, layers }) {
      let u = 0;
      widths.slice(1, -1).forEach((D, k) => {
        for (let d = 0; d < D; d++, u++) {
          const on = k < layers && region?.on[u];
          dots[u].classList.toggle("udl-active", Boolean(on));
          const state = k < layers ? (on ? "on" : "off") : "not shown yet";
          dots[u].querySelector("input")!.setAttribute("aria-label", `Unit ${d + 1} of layer ${k + 1}, ${state}`);
        }
      });
    },
  };
}

/** Sliders for the offset and the weights of the chosen unit. */
export function unitSliders(
  parent: Element,
  edit: (change: (net: DeepNet) => void) => void,
  commit: () => void,
): (state: FoldThePlaneState) => void {
  const offset = html(parent, "div", { class: "udl-controls" });
  const box = html(parent, "details", { class: "udl-sliders" });
  const heading = html(box, "summary");
  const place = html(box, "div", { class: "udl-controls udl-slider-grid" });
  let [built, controls]: [string, Control<number>[]] = ["", []];
  let latest: FoldThePlaneState | undefined;
  const fill = (): void => {
    if (!latest) return;
    const { widths, phi, unit: [layer, unit] } = latest;
    const { beta, omega } = unpackDeep(widths, phi);
    controls[0].show(beta[layer - 1][unit - 1]);
    if (box.open) omega[layer - 1][unit - 1].forEach((w, i) => controls[i + 1].show(w));
  };
  box.addEventListener("toggle", fill);
  return (state) => {
    latest = state;
    const { widths, unit: [layer, unit] } = state;
    const key = `${widths.join()} ${layer}.${unit}`;
    if (built !== key) {
      built = key;
      offset.replaceChildren();
      place.replaceChildren();
      const k = layer - 1;
      heading.textContent = `Weights of unit ${unit} in layer ${layer}`;
      const one = (to: Element, letter: string, index: string, label: string, reach: number, set: (net: DeepNet, v: number) => void): Control<number> =>
        slider(to, {
          label,
          draw: (span) => {
            if (letter === "ω") return span.append(k ? `from unit ${index}` : `from ${plain("x", index)}`);
            symbol(span, letter, index);
            span.append(` of unit ${unit}`);
          },
          name: `${letter}${index}`,
          min: -reach,
          max: reach,
          step: 0.01,
          role: unitClass(k),
          link: `${layer}.${unit}`,
          input: (v) => edit((net) => set(net, v)),
          commit,
        });
      controls = [
        one(offset, "β", String(k), `Offset ${plain("β", String(k))} of unit ${unit} in layer ${layer}`, 4, ({ beta }, v) => void (beta[k][unit - 1] = v)),
        ...Array.from({ length: widths[k] }, (_, i) =>
          one(place, "ω", String(i + 1), `Weight from ${k ? `unit ${i + 1} of layer ${k}` : plain("x", String(i + 1))}`, 4, ({ omega }, v) => void (omega[k][unit - 1][i] = v)),
        ),
      ];
    }
    fill();
  };
}
