import type { Frame, State } from "../figure.ts";
import { show, svg } from "../svg.ts";

export interface BarOptions {
  classNames?: readonly string[];
  links?: readonly string[];
}

/**
 * Horizontal bars that start at zero, one below the other, each with its value. The function returned draws them, and a
 * thin mark at `best` if there is one. A bar without end (∞) fills the panel; NaN leaves its place empty.
 */
export function errorBars<S extends State>(
  frame: Frame<S>,
  parent: Element,
  name: string,
  title: string,
  labels: readonly string[],
  { classNames = ["udl-error-bar udl-model", "udl-error-bar udl-model udl-error-open"], links = [] }: BarOptions,
): (values: number[], best?: number) => void {
  const plot = frame.plot(parent, {
    label: title,
    title,
    x: [0, 1],
    y: [labels.length - 0.5, -0.5],
    ynames: labels.map((label, k) => [k, label] as const),
    width: 320,
    height: 32 + 30 * labels.length + 20,
    margin: { left: 66, right: 60, bottom: 24 },
  });
  const bars = labels.map((label, k) => plot.polygon(`${name} ${label}`, classNames[k], { "data-udl-link": links[k] }));
  const texts = labels.map(() => svg(plot.top, "text", { class: "udl-error-value" }));
  const mark = plot.curve(`${name} best`, "udl-error-best");
  return (values, best) => {
    const finite = values.filter(Number.isFinite);
    plot.setDomain([0, ceiling(Math.max(1e-3, ...finite, best ?? 0))], plot.y);
    values.forEach((value, k) => {
      const end = Number.isNaN(value) ? [] : Math.min(value, plot.x[1]);
      const ends = typeof end === "number" ? [0, end, end, 0] : end;
      bars[k].set(ends, ends.length ? [k - 0.32, k - 0.32, k + 0.32, k + 0.32] : []);
      texts[k].textContent = Number.isNaN(value) ? "none" : small(value);
      texts[k].setAttribute("x", String(plot.sx(typeof end === "number" ? end : 0) + 6));
      texts[k].setAttribute("y", String(plot.sy(k) + 4.5));
    });
    mark.set(best === undefined ? [] : [best, best], best === undefined ? [] : [-0.5, labels.length - 0.5]);
  };
}

/** Three digits, or the power of ten of what rounds to nothing. */
export function small(value: number): string {
  if (!Number.isFinite(value) || value === 0 || Math.abs(value) >= 5e-4) return show(value, Math.abs(value) < 10 ? 3 : 1);
  if (Math.abs(value) < 1e-20) return "0 (rounding)";
  const [digit, power] = value.toExponential(0).split("e-");
  return `${digit} · 10⁻${[...power].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("")}`;
}

/** The next of 1, 1.5, 2, 3, 5, 7 times a power of ten, so that a bar's panel doesn't breathe with every move. */
export function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 5, 7, 10].find((m) => m * power >= value) ?? 10) * power;
}
