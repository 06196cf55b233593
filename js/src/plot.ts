import { svg } from "./svg.ts";

export type Interval = [number, number];

export interface PlotOptions {
  /** Accessible name of the drawing. */
  label: string;
  x: Interval;
  y: Interval;
  xlabel?: string;
  ylabel?: string;
  /** View box in CSS pixels at scale 1. Panels are about 320 wide so that text stays readable on a phone. */
  width?: number;
  height?: number;
  title?: string;
  /** No axes and no grid, for views that have none (a surface, a disc). */
  bare?: boolean;
  margin?: Partial<{ top: number; right: number; bottom: number; left: number }>;
  /** Names to write below the x-axis in place of round numbers. */
  xnames?: readonly (readonly [at: number, name: string])[];
  /** The same for the y-axis, for example powers of ten beside their logarithms. */
  ynames?: readonly (readonly [at: number, name: string])[];
  /** Logarithmic scales: whatever lies below the range is drawn at its lower end. */
  xlog?: boolean;
  ylog?: boolean;
  /** Numbers to write, with lines across, in place of round ones. */
  xticks?: readonly number[];
  yticks?: readonly number[];
}

/** A curve, set of points or polygon with the exact coordinates it was drawn from. */
export interface Mark {
  node: SVGElement;
  /** Draws these coordinates and remembers them: `drawn` is what tests compare with Python. */
  set(x: ArrayLike<number>, y: ArrayLike<number>): void;
  drawn: { x: number[]; y: number[] };
}

let plots = 0;
// Jupyter loads this module once for every figure, so a counter alone would give two plots the same id
const own = Math.random().toString(36).slice(2, 8);

/** One panel: axes in the book's symbols, scales both ways, and layers to draw in. */
export class Plot {
  readonly svg: SVGSVGElement;
  readonly area: { left: number; right: number; top: number; bottom: number };
  /** Clipped to the drawing area. */
  readonly layer: SVGGElement;
  /** Above the layer, not clipped: handles and labels. */
  readonly top: SVGGElement;
  readonly marks = new Map<string, Mark>();
  private readonly axes: SVGGElement;
  private xDomain: Interval;
  private yDomain: Interval;

  constructor(parent: Element, private readonly options: PlotOptions) {
    const { width = 320, height = 220, margin = {} } = options;
    this.svg = svg(parent, "svg", { viewBox: `0 0 ${width} ${height}`, class: "udl-plot", role: "group", "aria-label": options.label });
    this.area = {
      left: margin.left ?? 40,
      right: width - (margin.right ?? 14),
      top: margin.top ?? (options.title ? 26 : 14),
      bottom: height - (margin.bottom ?? 38),
    };
    this.xDomain = options.x;
    this.yDomain = options.y;
    const { left, right, top, bottom } = this.area;
    const clip = `udl-clip-${own}-${plots++}`;
    const rectangle = { x: left, y: top, width: right - left, height: bottom - top };
    svg(svg(this.svg, "clipPath", { id: clip }), "rect", rectangle);
    svg(this.svg, "rect", { ...rectangle, class: "udl-ground" });
    this.axes = svg(this.svg, "g", { class: "udl-axes", "aria-hidden": "true" });
    if (options.title) svg(this.svg, "text", { x: left, y: 15, class: "udl-panel-title" }, options.title);
    this.layer = svg(this.svg, "g", { "clip-path": `url(#${clip})` });
    this.top = svg(this.svg, "g");
    this.drawAxes();
  }

  get x(): Interval {
    return this.xDomain;
  }
  get y(): Interval {
    return this.yDomain;
  }

  /** Of the view box. */
  get width(): number {
    return this.options.width ?? 320;
  }
  /** Whether a height lies above or below the panel; on a logarithmic scale nothing lies below. */
  outside(y: number): boolean {
    return y > this.yDomain[1] || (!this.options.ylog && y < this.yDomain[0]);
  }

  /** Changes the visible ranges; call before drawing marks. */
  setDomain(x: Interval, y: Interval): void {
    [x, y] = [wide(x), wide(y)];
    if (same(x, this.xDomain) && same(y, this.yDomain)) return;
    this.xDomain = x;
    this.yDomain = y;
    this.drawAxes();
  }

  /** Data to view-box coordinates. */
  sx = (x: number): number => this.area.left + share(x, this.xDomain, this.options.xlog) * (this.area.right - this.area.left);
  sy = (y: number): number => this.area.bottom - share(y, this.yDomain, this.options.ylog) * (this.area.bottom - this.area.top);

  /** Screen (client) coordinates to data. */
  invert(clientX: number, clientY: number): [number, number] {
    const matrix = this.svg.getScreenCTM();
    if (!matrix) return [NaN, NaN];
    const p = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
    const { left, right, top, bottom } = this.area;
    return [
      valueAt((p.x - left) / (right - left), this.xDomain, this.options.xlog),
      valueAt((bottom - p.y) / (bottom - top), this.yDomain, this.options.ylog),
    ];
  }

  /** Where `at` comes to lie when it goes along with a pointer, as far on the screen: by a difference, or by a factor on a logarithmic scale. */
  along(at: [number, number], from: [number, number], to: [number, number]): [number, number] {
    const { xlog, ylog } = this.options;
    return [xlog ? (at[0] * to[0]) / from[0] : at[0] + to[0] - from[0], ylog ? (at[1] * to[1]) / from[1] : at[1] + to[1] - from[1]];
  }

  /** A polyline through its points, interrupted where y is NaN. `name` makes it part of what the figure reports as drawn. */
  curve(name: string, className: string, attributes: Record<string, string | number | undefined> = {}): Mark {
    const node = svg(this.layer, "path", { class: `udl-curve ${className}`, fill: "none", ...attributes });
    return this.mark(name, node, (x, y) => {
      let d = "";
      let move = true;
      for (let i = 0; i < x.length; i++) {
        const gap = Number.isNaN(y[i]);
        if (!gap) d += `${move ? "M" : "L"}${px(this.sx(x[i]))} ${px(this.sy(y[i]))}`;
        move = gap;
      }
      node.setAttribute("d", d);
    });
  }

  /** A filled polygon. */
  polygon(name: string, className: string, attributes: Record<string, string | number | undefined> = {}): Mark {
    const node = svg(this.layer, "path", { class: className, ...attributes });
    return this.mark(name, node, (x, y) => {
      let d = "";
      for (let i = 0; i < x.length; i++) d += `${i ? "L" : "M"}${px(this.sx(x[i]))} ${px(this.sy(y[i]))}`;
      node.setAttribute("d", d && `${d}Z`);
    });
  }

  /** Dots (no interaction: see handles for those). `shape` is one of the handle shapes. */
  dots(name: string, className: string, radius = 5): Mark {
    const node = svg(this.layer, "g", { class: className });
    return this.mark(name, node, (x, y) => {
      while (node.childElementCount > x.length) node.lastElementChild!.remove();
      while (node.childElementCount < x.length) svg(node, "circle", { r: radius });
      for (let i = 0; i < x.length; i++) {
        node.children[i].setAttribute("cx", px(this.sx(x[i])));
        node.children[i].setAttribute("cy", px(this.sy(y[i])));
      }
    });
  }

  /** Registers any drawing of your own under a name, so that its coordinates are reported too. */
  mark(name: string, node: SVGElement, draw: (x: number[], y: number[]) => void): Mark {
    if (this.marks.has(name)) throw new Error(`two marks are called ${name}`);
    const mark: Mark = {
      node,
      drawn: { x: [], y: [] },
      set: (x, y) => {
        mark.drawn = { x: Array.from(x), y: Array.from(y) };
        draw(mark.drawn.x, mark.drawn.y);
      },
    };
    this.marks.set(name, mark);
    return mark;
  }

  private drawAxes(): void {
    const { left, right, top, bottom } = this.area;
    this.axes.replaceChildren();
    if (this.options.bare) return;
    const { xnames } = this.options;
    for (const [t, name] of xnames ?? []) {
      svg(this.axes, "text", { x: this.sx(t), y: bottom + 15, "text-anchor": "middle", class: /\d/.test(name) ? undefined : "udl-axis-label" }, name);
    }
    for (const t of xnames ? [] : (this.options.xticks ?? ticks(this.xDomain))) {
      const at = this.sx(t);
      svg(this.axes, "line", { x1: at, x2: at, y1: top, y2: bottom, class: t === 0 ? "udl-zero" : "udl-gridline" });
      svg(this.axes, "text", { x: at, y: bottom + 15, "text-anchor": "middle" }, label(t));
    }
    const names = this.options.ynames ?? (this.options.yticks ?? ticks(this.yDomain)).map((t) => [t, label(t)] as const);
    for (const [t, name] of names) {
      const at = this.sy(t);
      const kind = t === 0 && !this.options.ynames ? "udl-zero" : "udl-gridline";
      svg(this.axes, "line", { x1: left, x2: right, y1: at, y2: at, class: kind });
      svg(this.axes, "text", { x: left - 6, y: at + 4.5, "text-anchor": "end" }, name);
    }
    const { xlabel, ylabel } = this.options;
    if (xlabel) svg(this.axes, "text", { x: (left + right) / 2, y: bottom + 31, class: "udl-axis-label", "text-anchor": "middle" }, xlabel);
    if (ylabel) {
      const x = 11;
      const y = (top + bottom) / 2;
      // a single symbol stands upright, a word or formula runs up the axis
      const turn = ylabel.length > 2 ? `rotate(-90 ${x} ${y})` : undefined;
      svg(this.axes, "text", { x, y: y + 4, transform: turn, class: "udl-axis-label", "text-anchor": "middle" }, ylabel);
    }
  }
}

/** The range, or one around its middle where rounding leaves it no width. */
function wide([lo, hi]: Interval): Interval {
  const size = Math.max(Math.abs(lo), Math.abs(hi));
  if (hi - lo > 1e-12 * size && Number.isFinite(hi - lo)) return [lo, hi];
  const middle = Number.isFinite(lo + hi) ? (lo + hi) / 2 : 0;
  const half = Math.abs(middle) / 2 || 1;
  return [middle - half, middle + half];
}

/** How far along the range a value lies, 0 to 1 and beyond. */
function share(v: number, [lo, hi]: Interval, log = false): number {
  return log ? Math.log(Math.max(v, lo) / lo) / Math.log(hi / lo) : (v - lo) / (hi - lo);
}

const valueAt = (t: number, [lo, hi]: Interval, log = false): number => (log ? lo * (hi / lo) ** t : lo + t * (hi - lo));

/** Two to five round numbers inside the interval; fewer where its ends are so close or so large that rounding leaves none. */
export function ticks([lo, hi]: Interval): number[] {
  const rough = (hi - lo) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const [first, last] = [Math.ceil(lo / step - 1e-9), Math.floor(hi / step + 1e-9)];
  // how many there are must not hang on numbers that came from anywhere
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return [];
  return Array.from({ length: Math.min(8, Math.max(0, last - first + 1)) }, (_, i) => (first + i === 0 ? 0 : (first + i) * step));
}

const label = (t: number): string => String(Number(t.toPrecision(6))).replace("-", "−");
const same = (a: Interval, b: Interval): boolean => a[0] === b[0] && a[1] === b[1];
/** Two digits are a hundredth of a pixel: enough to see, short to write. Coordinates far outside stay finite. */
const px = (v: number): string => String(Math.round(Math.max(-1e6, Math.min(1e6, v)) * 100) / 100);
