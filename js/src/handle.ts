import { svg } from "./svg.ts";
import type { Interval, Plot } from "./plot.ts";

export type Shape = "circle" | "square" | "diamond" | "triangle";

/** 12 px across, in the order of the roles: model, unit 1, unit 2, unit 3. */
const SHAPES: Record<Shape, string> = {
  circle: "M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0Z",
  square: "M-6-6H6V6H-6Z",
  diamond: "M0-8L8 0L0 8L-8 0Z",
  triangle: "M0-8L7.5 5.5H-7.5Z",
};

/** 40 px across even when a panel is shown at 0.87 of its size on a 320 px screen. */
const HIT = 23;

export interface Gesture {
  /** Data coordinates now and where the gesture began. */
  move(x: number, y: number, from: [number, number]): void;
  start?(): void;
  /** The gesture is over: one step for undo. */
  commit(): void;
  /** Escape: put back what was there at the start. */
  cancel(): void;
}

/** Makes any element draggable by mouse, pen and finger. */
export function draggable(plot: Plot, node: SVGElement, gesture: Gesture): void {
  let from: [number, number] | undefined;
  let pointer: number | undefined;
  node.classList.add("udl-draggable");
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || from) return;
    event.preventDefault();
    pointer = event.pointerId;
    try {
      node.setPointerCapture(pointer);
    } catch {
      // a pointer made by a script can't be captured, and needn't be: its events come straight here
    }
    (node as SVGElement & HTMLOrSVGElement).focus({ preventScroll: true });
    from = plot.invert(event.clientX, event.clientY);
    gesture.start?.();
  });
  node.addEventListener("pointermove", (event) => {
    if (!from || event.pointerId !== pointer) return;
    const [x, y] = plot.invert(event.clientX, event.clientY);
    if (Number.isFinite(x) && Number.isFinite(y)) gesture.move(x, y, from);
  });
  const end = (finish: () => void) => (event: PointerEvent) => {
    if (!from || event.pointerId !== pointer) return;
    from = undefined;
    finish();
  };
  node.addEventListener("pointerup", end(() => gesture.commit()));
  node.addEventListener("pointercancel", end(() => gesture.cancel()));
  node.addEventListener("lostpointercapture", end(() => gesture.commit()));
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && from) {
      event.stopPropagation();
      from = undefined;
      gesture.cancel();
    }
  });
}

export interface HandleOptions {
  /** What it is, for the reader of a screen reader: "joint of unit 1". */
  label: string;
  /** CSS class of its role: udl-model, udl-data, udl-unit1 … */
  className: string;
  shape?: Shape;
  /** Which coordinates it changes. */
  axes?: "x" | "y" | "xy";
  /** Arrow key step in data units; Shift or PageUp/PageDown makes it ten times as large. */
  step?: [number, number];
  /** An arrow key multiplies by the step instead of adding it. */
  factor?: boolean;
  /** Limits of what it may be set to; the visible range unless told otherwise. */
  bounds?: { x?: Interval; y?: Interval };
  /** A drag begins (keys don't call it). */
  start?(): void;
  /** Called with the wanted position while dragging and for keys. */
  set(x: number, y: number): void;
  commit(): void;
  /** Restores the state at the start of the gesture. */
  cancel(): void;
  /** What is announced, e.g. "x = 0.25". */
  text(x: number, y: number): string;
  /** Lights up together with all elements of the same link. */
  link?: string;
  name?: string;
}

export interface Handle {
  node: SVGGElement;
  /** Where it is shown; `visible = false` also takes it out of the tab order. */
  place(x: number, y: number, visible?: boolean): void;
}

/** A handle on a plot: drag it, or focus it and use the arrow keys, Page Up/Down, Home and End. */
export function handle(plot: Plot, options: HandleOptions): Handle {
  const { axes = "xy", step = [0.05, 0.05], shape = "circle" } = options;
  const node = svg(plot.top, "g", {
    class: `udl-handle ${options.className}`,
    tabindex: 0,
    role: "slider",
    "aria-label": options.label,
    "data-udl-link": options.link,
    "data-udl-handle": options.name,
  });
  svg(node, "circle", { r: HIT, class: "udl-hit" });
  svg(node, "path", { d: SHAPES[shape], class: "udl-shape" });
  if (axes === "x") node.classList.add("udl-ew");
  if (axes === "y") node.classList.add("udl-ns");

  const places = neighbours(plot);
  let at: [number, number] = [0, 0];
  let grip: [number, number] = [0, 0];
  const limits = (): [Interval, Interval] => [options.bounds?.x ?? plot.x, options.bounds?.y ?? plot.y];
  const to = (x: number, y: number): void => {
    const [bx, by] = limits();
    options.set(axes === "y" ? at[0] : clamp(x, bx), axes === "x" ? at[1] : clamp(y, by));
  };
  draggable(plot, node, {
    start: () => {
      grip = at;
      options.start?.();
    },
    // keep the distance between finger and handle, so that it doesn't jump when grabbed at its rim
    move: (x, y, from) => to(...plot.along(grip, from, [x, y])),
    commit: options.commit,
    cancel: options.cancel,
  });
  node.addEventListener("keydown", (event) => {
    const [bx, by] = limits();
    const far = event.shiftKey ? 10 : 1;
    const main = axes === "y" ? 1 : 0;
    const [lo, hi] = [bx, by][main];
    const presses: Record<string, [axis: 0 | 1, times: number]> = {
      ArrowRight: [0, far],
      ArrowLeft: [0, -far],
      ArrowUp: [1, far],
      ArrowDown: [1, -far],
      PageUp: [main, 10],
      PageDown: [main, -10],
      Home: [main, -Infinity],
      End: [main, Infinity],
    };
    if (!(event.key in presses) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [pressed, times] = presses[event.key];
    // on a one-way handle all four arrows work
    const axis = axes === "xy" ? pressed : main;
    const next: [number, number] = [...at];
    if (Number.isFinite(times)) next[axis] = options.factor ? at[axis] * step[axis] ** times : at[axis] + times * step[axis];
    else next[axis] = times > 0 ? hi : lo;
    to(...next);
    options.commit();
  });

  return {
    node,
    place(x, y, visible = true) {
      at = [x, y];
      if (!visible) {
        places.delete(node);
        node.setAttribute("visibility", "hidden");
        node.setAttribute("tabindex", "-1");
        return;
      }
      // a handle far outside stays in reach at the rim
      const { left, right, top, bottom } = plot.area;
      const [px, py] = [clamp(plot.sx(x), [left, right]), clamp(plot.sy(y), [top, bottom])];
      places.set(node, [px, py]);
      node.setAttribute("transform", `translate(${px.toFixed(2)} ${py.toFixed(2)})`);
      node.removeAttribute("visibility");
      node.setAttribute("tabindex", "0");
      const [bx, by] = limits();
      const [value, [lo, hi]] = axes === "y" ? [y, by] : [x, bx];
      node.setAttribute("aria-valuemin", String(Number(lo.toPrecision(6))));
      node.setAttribute("aria-valuemax", String(Number(hi.toPrecision(6))));
      node.setAttribute("aria-valuenow", String(Number(clamp(value, [lo, hi]).toPrecision(6))));
      node.setAttribute("aria-valuetext", options.text(x, y));
    },
  };
}

const byPlot = new WeakMap<Plot, Map<SVGGElement, [number, number]>>();

/**
 * Where a plot's handles are, in view-box pixels. Hit areas are wide for fingers, so those of close handles overlap: a press
 * goes to the handle whose middle is nearest, not to the one that happens to lie on top.
 */
function neighbours(plot: Plot): Map<SVGGElement, [number, number]> {
  const known = byPlot.get(plot);
  if (known) return known;
  const places = new Map<SVGGElement, [number, number]>();
  byPlot.set(plot, places);
  const redirect = (event: PointerEvent): void => {
    const target = (event.target as Element).closest<SVGGElement>(".udl-handle");
    if (!event.isTrusted || !target || !places.has(target)) return;
    const [x, y] = plot.invert(event.clientX, event.clientY);
    const far = ([px, py]: [number, number]): number => Math.hypot(px - plot.sx(x), py - plot.sy(y));
    let nearest = target;
    for (const [node, place] of places) if (far(place) < far(places.get(nearest)!)) nearest = node;
    if (nearest === target) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    nearest.dispatchEvent(new PointerEvent(event.type, event));
  };
  plot.top.addEventListener("pointerdown", redirect, true);
  return places;
}

export const clamp = (v: number, [lo, hi]: Interval): number => Math.min(hi, Math.max(lo, v));
