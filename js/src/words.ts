/** Numbers and counts in words, letter for letter as udl_core/widgets/_words.py writes them. */
export { show } from "./svg.ts";
import { show } from "./svg.ts";

/** Four digits after the point, or two and a power of ten for what is smaller. */
export function small(value: number): string {
  if (value === 0 || value >= 9.995e-4) return show(value, 4);
  if (value < 1e-14) return "0 (rounding)";
  const [digit, power] = value.toExponential(1).split("e-");
  return `${digit} · 10⁻${[...power].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("")}`;
}

/** Three significant digits, as few as there are. */
export const short = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");

/** A sum with signs, its zero terms left out: sumOf([1, 0, -1], (k) => `slope ${k + 1}`) is "slope 1 − slope 3". */
export const sumOf = (weights: readonly number[], term: (k: number) => string): string =>
  weights.flatMap((w, k) => (w ? [`${w > 0 ? "+" : "−"} ${term(k)}`] : [])).join(" ").replace(/^\+ /, "");

export const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;
