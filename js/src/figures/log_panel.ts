import type { Frame, State } from "../figure.ts";
import { handle } from "../handle.ts";
import type { Mark } from "../plot.ts";
import { svg } from "../svg.ts";

interface LogCurve {
  name: string;
  className: string;
  /** Where its name stands, if it needs one: at this x, above or below the curve. */
  label?: { x: number; below?: boolean };
}

export interface LogPanelOptions {
  label: string;
  title: string;
  xlabel: string;
  x: readonly [number, number];
  y: readonly [number, number];
  xnames: readonly number[];
  ynames: readonly (readonly [at: number, name: string])[];
  curves: readonly LogCurve[];
  height: number;
  /** The dot that drags x. */
  dot: {
    label: string;
    name: string;
    link: string;
    set(x: number): void;
    /** The next x after this many presses of a key. */
    step(x: number, presses: number): number;
    text(): string;
  };
}

/** Draws the curves by their points, and the dot on the first of them. */
export type DrawLogPanel = (curves: readonly { x: readonly number[]; y: readonly number[] }[], at: readonly [number, number]) => void;

/** Both axes logarithmic: an error against a size, and a dot that drags the size. Reported are the numbers themselves. */
export function logPanel<S extends State>(frame: Frame<S>, parent: Element, options: LogPanelOptions): DrawLogPanel {
  const [lowest, highest] = options.y;
  const log = (v: number): number => Math.log10(Math.max(lowest, v));
  const plot = frame.plot(parent, {
    label: options.label,
    title: options.title,
    x: [Math.log10(options.x[0]), Math.log10(options.x[1])],
    y: [Math.log10(lowest), Math.log10(highest)],
    xnames: options.xnames.map((x) => [Math.log10(x), String(x)] as const),
    ynames: options.ynames.map(([y, name]) => [Math.log10(y), name] as const),
    xlabel: options.xlabel,
    height: options.height,
    margin: { left: 44 },
  });
  for (const x of options.xnames) {
    const at = plot.sx(Math.log10(x));
    svg(plot.layer, "line", { x1: at, x2: at, y1: plot.area.top, y2: plot.area.bottom, class: "udl-gridline" });
  }
  const curves = options.curves.map(({ name, className }): Mark => {
    const node = svg(plot.layer, "path", { class: `udl-curve udl-steady ${className}`, fill: "none", "data-udl-link": options.dot.link });
    return plot.mark(name, node, (x, y) => {
      // no number, no line: an error that no place can have
      const points = x.flatMap((v, k) => (Number.isNaN(y[k]) ? [] : [`${plot.sx(Math.log10(v)).toFixed(2)} ${plot.sy(log(y[k])).toFixed(2)}`]));
      node.setAttribute("d", points.length ? `M${points.join("L")}` : "");
    });
  });
  const names = options.curves.map(({ name, className }) => svg(plot.top, "text", { class: `udl-mark-label ${className}`, "aria-hidden": "true", "text-anchor": "middle" }, name));

  let now = options.x[0];
  let dragged = false;
  const finish = (end: () => void) => () => {
    dragged = false;
    end();
  };
  // a key's tiny step is a count of presses, since even steps of the size are uneven on this scale
  const KEY = 1e-4;
  const dot = handle(plot, {
    label: options.dot.label,
    name: options.dot.name,
    className: "udl-model",
    axes: "x",
    step: [KEY, 0],
    link: options.dot.link,
    start: () => (dragged = true),
    set: (x) => {
      const presses = dragged ? NaN : Math.round((x - Math.log10(now)) / KEY);
      const next = Math.abs(presses) <= 10 ? options.dot.step(now, presses) : 10 ** x;
      options.dot.set(Math.min(options.x[1], Math.max(options.x[0], next)));
    },
    commit: finish(frame.commit),
    cancel: finish(frame.cancel),
    text: options.dot.text,
  });

  return (points, [x, y]) => {
    now = x;
    points.forEach((curve, i) => {
      curves[i].set(curve.x, curve.y);
      const { label } = options.curves[i];
      const height = label && curve.y[curve.x.findIndex((v) => v >= label.x)];
      names[i].setAttribute("visibility", "hidden");
      if (!label || height === undefined || Number.isNaN(height)) return;
      names[i].setAttribute("visibility", "visible");
      names[i].setAttribute("x", plot.sx(Math.log10(label.x)).toFixed(1));
      names[i].setAttribute("y", (plot.sy(log(height)) + (label.below ? 19 : -9)).toFixed(1));
    });
    dot.place(Math.log10(x), log(y));
  };
}
