import { clamp, draggable } from "../handle.ts";
import { M, at, bump, stroke } from "../numeric/approximation.ts";
import type { Plot } from "../plot.ts";
import { show, svg } from "../svg.ts";

export interface DrawingSurface {
  /** The curve changed: puts the pen of the keyboard onto it. */
  show(): void;
}

export interface DrawingOptions {
  y(): readonly number[];
  /** How high and low a curve may go. */
  limit: number;
  draw(y: number[]): void;
  commit(): void;
  cancel(): void;
}

/** How far beside the plot a stroke may begin, in pixels: to start right at its edge is hard. */
const RIM = 12;

/** Makes a whole plot a sheet to draw a curve on: with a pointer, or with the arrow keys as a pen that bends the curve. */
export function drawingSurface(plot: Plot, { y, limit, draw, commit, cancel }: DrawingOptions): DrawingSurface {
  const { left, right, top, bottom } = plot.area;
  const sheet = svg(plot.top, "rect", {
    x: left - RIM,
    y: top,
    width: right - left + 2 * RIM,
    height: bottom - top,
    class: "udl-sheet",
    tabindex: 0,
    role: "slider",
    "aria-label": "Target curve: left and right move the pen, up and down bend the curve under it",
    "aria-valuemin": 0,
    "aria-valuemax": 1,
    "data-udl-sheet": "",
  });
  const pen = svg(plot.top, "g", { class: "udl-pen", "aria-hidden": "true" });
  svg(pen, "path", { d: `M0 ${top}V${bottom}`, class: "udl-probe" });
  const tip = svg(pen, "circle", { r: 6, class: "udl-dots-open udl-ink" });
  const invitation = svg(plot.top, "text", { x: right - 6, y: top + 16, class: "udl-invitation", "text-anchor": "end", "aria-hidden": "true" }, "draw here");
  const untouched = y();

  // a link to the curve holds all its values: four digits keep it short
  const rounded = (values: number[]): number[] => values.map((v) => Math.round(clamp(v, [-limit, limit]) * 1e4) / 1e4);
  let last: [number, number] | undefined;
  let pointer = 0;
  const end = (finish: () => void) => () => {
    last = undefined;
    finish();
  };
  // `move` hears one event a frame; the pen's own way has more points
  draggable(plot, sheet, { move: () => undefined, commit: end(commit), cancel: end(cancel) });
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || last) return;
    last = plot.invert(event.clientX, event.clientY);
    pointer = event.pointerId;
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!last || event.pointerId !== pointer) return;
    const values = [...y()];
    const way = event.getCoalescedEvents?.() ?? [];
    for (const { clientX, clientY } of way.length ? way : [event]) {
      const [px, py] = plot.invert(clientX, clientY);
      const next: [number, number] = [clamp(px, [0, 1]), clamp(py, [-limit, limit])];
      if (!Number.isFinite(px + py)) continue;
      stroke(values, [clamp(last[0], [0, 1]), last[1]], next);
      last = next;
    }
    draw(rounded(values));
  });

  let node = M / 2;
  const place = (): void => {
    const x = node / M;
    pen.setAttribute("transform", `translate(${plot.sx(x).toFixed(2)} 0)`);
    tip.setAttribute("cy", plot.sy(at(y(), x)).toFixed(2));
    sheet.setAttribute("aria-valuenow", String(x));
    sheet.setAttribute("aria-valuetext", `x = ${show(x)}, height ${show(at(y(), x))}`);
  };
  sheet.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 5 : 1;
    const ways: Record<string, number> = { ArrowLeft: -20 * far, ArrowRight: 20 * far, Home: -M, End: M };
    const heights: Record<string, number> = { ArrowUp: 0.05 * far, ArrowDown: -0.05 * far, PageUp: 0.5, PageDown: -0.5 };
    if (event.key in ways) {
      node = clamp(node + ways[event.key], [0, M]);
      place();
    } else if (event.key in heights) {
      draw(rounded(bump(y(), node, heights[event.key])));
      commit();
    } else return;
    event.preventDefault();
  });
  return {
    show() {
      invitation.setAttribute("visibility", y() === untouched ? "visible" : "hidden");
      place();
    },
  };
}
