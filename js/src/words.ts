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

export const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;
