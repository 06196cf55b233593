import { NAMES, PRESETS, preset, type PresetName } from "../numeric/approximation.ts";
import { html, show, svg } from "../svg.ts";

export const isPreset = (name: unknown): name is PresetName => (NAMES as unknown[]).includes(name);

/** Four digits after the point, or two and a power of ten for what is smaller. */
export function digits(value: number): string {
  if (value === 0 || value >= 9.995e-4) return show(value, 4);
  if (value < 1e-14) return "0 (rounding)";
  const [digit, power] = value.toExponential(1).split("e-");
  return `${digit} · 10⁻${[...power].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("")}`;
}

/** One small picture for each named curve, as native radio buttons, and a button that empties the sheet. */
export function presetTiles(parent: Element, choose: (name: PresetName) => void, empty: () => void): (chosen: PresetName | undefined) => void {
  const box = html(parent, "fieldset", { class: "udl-tiles udl-tiles-few" });
  html(box, "legend", { class: "udl-hidden" }, "Choose a curve");
  const name = `udl-curve-${++sets}`;
  const inputs = NAMES.map((curve) => {
    const label = html(box, "label", { class: "udl-tile", title: PRESETS[curve].formula });
    const input = html(label, "input", { type: "radio", name, value: curve, "data-udl-tile": curve });
    const y = preset(curve);
    const [lo, hi] = [Math.min(...y), Math.max(...y)];
    thumbnail(label, y.map((v, k) => `${(3 + 0.135 * k).toFixed(1)} ${(26 - (22 * (v - lo)) / (hi - lo)).toFixed(1)}`));
    html(label, "span", {}, curve);
    input.addEventListener("change", () => choose(curve));
    return input;
  });
  const flat = html(box, "button", { type: "button", class: "udl-tile", "data-udl-button": "flat" });
  thumbnail(flat, ["3 15", "57 15"]);
  html(flat, "span", {}, "flat");
  flat.addEventListener("click", empty);
  return (chosen) => inputs.forEach((input) => (input.checked = input.value === chosen));
}
let sets = 0;

function thumbnail(parent: Element, points: readonly string[]): void {
  const picture = svg(parent, "svg", { viewBox: "0 0 60 30", "aria-hidden": "true" });
  svg(picture, "path", { d: `M${points.join("L")}`, class: "udl-curve udl-target", fill: "none" });
}
