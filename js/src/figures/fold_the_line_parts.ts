import { between, slopes, type Curve } from "../numeric/composition.ts";
import type { Plot } from "../plot.ts";
import { html, show, svg, symbol } from "../svg.ts";

/** Says above each piece of the first network how the second one appears there: as a copy, in a mirror, or not at all. */
export function copyNames(plot: Plot): (first: Curve) => void {
  const place = svg(plot.top, "g", { class: "udl-fold-names", "aria-hidden": "true" });
  const names = [0, 1, 2].map(() => svg(place, "text", { "text-anchor": "middle" }));
  return (first) => {
    slopes(first).forEach((slope, i) => {
      const [left, right] = [plot.sx(first.places[i]), plot.sx(first.places[i + 1])];
      const covers = Math.abs(first.values[i + 1] - first.values[i]) > 2 - 1e-9;
      const name = slope === 0 ? "one value" : covers ? (slope > 0 ? "copy" : "mirrored") : slope > 0 ? "part" : "part, mirrored";
      names[i].textContent = name;
      names[i].setAttribute("x", ((left + right) / 2).toFixed(1));
      names[i].setAttribute("y", String(plot.area.top + 11));
      names[i].setAttribute("visibility", right - left > 7.5 * name.length ? "visible" : "hidden");
    });
  };
}

/** The matrix between the layers once both networks are one: Ω₁ = θ′ φ, whose rows are multiples of one row. */
export function joinedWeights(parent: Element): (first: Curve, second: Curve) => void {
  const box = html(parent, "details", { class: "udl-sliders" });
  html(box, "summary", {}, "As one network of two layers");
  const text = html(box, "p", { class: "udl-note" });
  text.append("No step but a linear one lies between the units of the two networks, so it can be one matrix and one vector: ");
  for (const [letter, index, rest] of [["Ω", "1", " = θ′φ"], ["β", "1", " = θ′"]] as const) {
    symbol(text, letter, index);
    text.append(rest, letter === "Ω" ? " and " : "");
  }
  const sub = html(text, "sub", {}, "0");
  sub.after(" + θ′φ");
  html(text, "sub", {}, "0");
  text.append(". Here the slope of every line θ′");
  html(text, "sub", {}, "d0");
  text.append(" + θ′");
  html(text, "sub", {}, "d1");
  text.append("y is 1, so the three rows of ");
  symbol(text, "Ω", "1");
  text.append(" are equal: nine weights, but only one direction of them.");
  const table = html(html(box, "div", { class: "udl-joined" }), "table");
  const head = html(html(table, "thead"), "tr");
  for (const name of ["into unit", "from h₁", "from h₂", "from h₃", "offset β₁"]) html(head, "th", { scope: "col" }, name);
  const body = html(table, "tbody");
  const rows = ["h′₁", "h′₂", "h′₃"].map((name) => {
    const row = html(body, "tr");
    html(row, "th", { scope: "row" }, name);
    return [0, 1, 2, 3].map(() => html(row, "td"));
  });
  return (first, second) => {
    const { omega, beta } = between(first, second);
    rows.forEach((cells, d) => [...omega[d], beta[d]].forEach((v, i) => (cells[i].textContent = show(v))));
  };
}
