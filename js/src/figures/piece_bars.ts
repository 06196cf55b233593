import type { Frame, State } from "../figure.ts";
import type { ApproximationError, Norm, PieceError } from "../numeric/approximation.ts";
import { svg } from "../svg.ts";
import { ceiling } from "./bars.ts";

/** Draws the pieces' errors with the level that the best joints reach. */
type Draw = (pieces: readonly PieceError[], norm: Norm, mine: ApproximationError, best: ApproximationError | undefined) => void;

/** One upright bar a piece: its largest error, or its share of the integral of the squared error. */
export function pieceBars<S extends State>(frame: Frame<S>, parent: Element): Draw {
  const plot = frame.plot(parent, {
    label: "The error of each piece",
    x: [0.4, 6.6],
    y: [0, 1],
    xnames: [],
    xlabel: "piece, from left to right",
    height: 220,
    margin: { left: 48, top: 26 },
  });
  const title = svg(plot.top, "text", { x: plot.area.left, y: 15, class: "udl-panel-title", "aria-hidden": "true" });
  const group = svg(plot.layer, "g");
  const numbers = svg(plot.top, "g", { class: "udl-piece-numbers", "aria-hidden": "true" });
  const bars = plot.mark("pieces", group, (x, y) => {
    while (group.childElementCount > x.length) group.lastElementChild!.remove();
    while (group.childElementCount < x.length) {
      svg(group, "rect", { class: "udl-bar udl-data", "data-udl-link": `piece${group.childElementCount + 1}` });
    }
    numbers.replaceChildren();
    x.forEach((piece, i) => {
      const bar = group.children[i];
      const [left, right, top, zero] = [plot.sx(piece - 0.34), plot.sx(piece + 0.34), plot.sy(y[i]), plot.sy(0)];
      const box = { x: left, y: top, width: right - left, height: Math.max(0, zero - top) };
      for (const [name, value] of Object.entries(box)) bar.setAttribute(name, value.toFixed(2));
      svg(numbers, "text", { x: plot.sx(piece), y: plot.area.bottom + 15, "text-anchor": "middle" }, String(piece));
    });
  });
  const level = plot.curve("level of the best", "udl-ink udl-dashed udl-thin");
  const name = svg(plot.top, "text", { class: "udl-mark-label udl-ink", "text-anchor": "end", "aria-hidden": "true" });

  return (pieces, norm, mine, best) => {
    const sup = norm === "sup";
    const total = mine.l2 ** 2;
    const sizes = pieces.map((piece) => (sup ? Math.abs(piece.largest) : total > 0 ? piece.square / total : 0));
    const at = sup ? best?.sup : 1 / pieces.length;
    title.textContent = sup ? "Largest error on each piece" : "Each piece’s share of the squared error";
    plot.setDomain([0.4, pieces.length + 0.6], [0, ceiling(Math.max(1e-4, ...sizes, at ?? 0) * 1.04)]);
    bars.set(sizes.map((_, i) => i + 1), sizes);
    level.set(at === undefined ? [] : plot.x, at === undefined ? [] : [at, at]);
    name.textContent = at === undefined ? "" : sup ? "largest with the best joints" : "equal shares";
    name.setAttribute("x", String(plot.area.right - 2));
    name.setAttribute("y", (plot.sy(at ?? 0) - 6).toFixed(1));
  };
}
