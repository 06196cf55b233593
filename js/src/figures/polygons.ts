import { button, group, slider, type Control } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { draggable, handle, type Handle } from "../handle.ts";
import {
  activeSide,
  affineMap,
  BOX,
  linearRegions,
  lineOf,
  maxRegions2D,
  pack2D,
  regionsInPlane,
  segment,
  unpack2D,
  type Point,
  type Region,
  type Shallow2D,
} from "../numeric/regions.ts";
import { numbers } from "../parse.ts";
import type { Interval, Mark, Plot } from "../plot.ts";
import { html, plain, show, svg } from "../svg.ts";
import { unitClass, unitShape } from "./parameter_sliders.ts";
import { drawDisc } from "./polygons_disc.ts";
import { MOST, outline, type PolygonsState } from "./polygons_state.ts";
import { drawSurface } from "./polygons_surface.ts";


export const polygons: FigureSpec<PolygonsState> = {
  name: "polygons",
  title: "Lines cut the plane into polygons",
  version: 1,
  keys: ["phi", "x", "view"],
  parse(raw) {
    const phi = numbers(raw, "phi");
    const D = (phi.length - 1) / 4;
    if (!Number.isInteger(D) || D < 1 || D > MOST) {
      throw new Error(`phi must have 4 D + 1 numbers for D = 1 to ${MOST} units with two inputs, got ${phi.length}`);
    }
    const x = numbers(raw, "x", 2);
    if (x.some((v) => Math.abs(v) > BOX)) throw new Error(`x must be two numbers from −1 to 1, got ${x.join(", ")}`);
    return { phi, x, view: numbers(raw, "view", 2) };
  },
  build,
  python: ({ phi, x }) => `import numpy as np
from udl_core import Shallow, regions

net = Shallow(D_i=2, D=${(phi.length - 1) / 4}, D_o=1)
phi = np.array([${phi.join(", ")}])
print(net(np.array([[${x.join(", ")}]]), phi))
found = regions.linear_regions(net, phi, box=((-1, 1), (-1, 1)))
print(len(found), "regions in view, at most", regions.max_regions(2, ${(phi.length - 1) / 4}))`,
  question: {
    ask: "How many regions does the whole plane have?",
    min: 1,
    max: maxRegions2D(MOST),
    step: 1,
    text: (v) => show(v, 0),
    truth: ({ phi }) => regionsInPlane(unpack2D(phi)),
  },
};

function build(frame: Frame<PolygonsState>): View<PolygonsState> {
  const grid = html(frame.body, "div", { class: "udl-grid" });
  const box: Interval = [-BOX, BOX];
  const plane = frame.plot(grid, {
    label: "The input plane, cut by the units' lines",
    title: "The input plane",
    x: box,
    y: box,
    xlabel: "x₁",
    ylabel: "x₂",
    width: 320,
    height: 318,
  });
  const surface = frame.plot(grid, {
    label: "The output as a surface over the input plane",
    title: "The output y above it",
    x: [-1.55, 1.55],
    y: [-1.95, 1.65],
    width: 320,
    height: 318,
    bare: true,
    margin: { left: 4, right: 4, bottom: 6 },
  });

  const halves: Mark[] = [];
  const lines: Mark[] = [];
  for (let d = 0; d < MOST; d++) {
    halves.push(plane.polygon(`active side ${d + 1}`, `udl-half ${unitClass(d)}`));
  }
  const cells = svg(plane.layer, "g");
  const corners = plane.mark("regions", cells, () => undefined);
  const sizes = plane.mark("region sizes and areas", cells, () => undefined);
  const chosen = plane.polygon("chosen region", "udl-chosen");
  for (let d = 0; d < MOST; d++) {
    lines.push(plane.curve(`line ${d + 1}`, unitClass(d), { "data-udl-link": `unit${d + 1}` }));
  }
  const grips = lines.map((_, d) => svg(plane.layer, "path", { class: "udl-grip", "data-udl-link": `unit${d + 1}` }));
  const sides = lines.map((_, d) => svg(plane.top, "path", { class: `udl-side ${unitClass(d)}`, "data-udl-link": `unit${d + 1}` }));
  const names = lines.map((_, d) => svg(plane.top, "text", { class: "udl-line-name", "text-anchor": "middle", "aria-hidden": "true" }, String(d + 1)));
  const disc = drawDisc(frame);
  const relief = drawSurface(surface, frame);

  const net = (): Shallow2D => unpack2D(frame.state.phi);
  const edit = (d: number, change: (theta: [number, number, number]) => void): void => {
    const next = net();
    change(next.theta[d]);
    frame.change({ phi: pack2D(next) });
  };
  const rest = { commit: frame.commit, cancel: frame.cancel };

  /** Moves unit d's line through a point, keeping its direction. */
  const through = (d: number, x: number, y: number): void => edit(d, (t) => void (t[0] = 0 - (t[1] * x + t[2] * y)));
  grips.forEach((grip, d) => draggable(plane, grip, { move: (x, y) => through(d, x, y), ...rest }));
  const movers: Handle[] = lines.map((_, d) =>
    handle(plane, {
      label: `Line of unit ${d + 1}`,
      name: `line ${d + 1}`,
      className: unitClass(d),
      shape: unitShape(d),
      step: [0.02, 0.02],
      link: `unit${d + 1}`,
      set: (x, y) => through(d, x, y),
      text: (x, y) => `through ${show(x)}, ${show(y)}`,
      ...rest,
    }),
  );
  // a second, smaller handle turns the line about the first, which stays where it was when the drag began
  let pivot: Point | undefined;
  const turners: Handle[] = lines.map((_, d) =>
    handle(plane, {
      label: `Direction of unit ${d + 1}'s line`,
      name: `turn ${d + 1}`,
      className: `${unitClass(d)} udl-small`,
      shape: "circle",
      step: [0.02, 0.02],
      link: `unit${d + 1}`,
      start: () => (pivot = anchor(net().theta[d], d)),
      set: (x, y) =>
        edit(d, (t) => {
          const [fx, fy] = pivot ?? anchor(t, d) ?? [0, 0];
          const [dx, dy] = [x - fx, y - fy];
          const length = Math.hypot(dx, dy);
          if (length < 1e-6) return;
          const size = Math.hypot(t[1], t[2]);
          // the active side stays on the same side of the turning direction
          const sign = Math.sign(-dy * t[1] + dx * t[2]) || 1;
          t[1] = (-dy / length) * size * sign;
          t[2] = (dx / length) * size * sign;
          t[0] = 0 - (t[1] * fx + t[2] * fy);
        }),
      text: () => `angle ${show(angle(net().theta[d]), 0)} degrees`,
      commit: () => {
        pivot = undefined;
        frame.commit();
      },
      cancel: () => {
        pivot = undefined;
        frame.cancel();
      },
    }),
  );
  const probe = handle(plane, {
    label: "Input x",
    name: "input",
    className: "udl-ink",
    step: [0.02, 0.02],
    set: (x1, x2) => frame.change({ x: [x1, x2] }),
    text: (x1, x2) => `x₁ = ${show(x1)}, x₂ = ${show(x2)}`,
    ...rest,
  });

  const note = html(frame.body, "p", { class: "udl-equation-line" });
  const controls = group(frame.body);
  const add = button(controls, "Add a unit", () => frame.set({ phi: pack2D(added(net())) }), "add");
  const remove = button(controls, "Remove the last unit", () => frame.set({ phi: pack2D(removed(net())) }), "remove");
  const flip = button(
    controls,
    "Flip a line's active side",
    () => {
      edit(focused, (t) => t.forEach((v, i) => void (t[i] = 0 - v)));
      frame.commit();
    },
    "flip",
  );
  let focused = 0;
  movers.forEach((mover, d) =>
    mover.node.addEventListener("focus", () => {
      focused = d;
      flip.textContent = `Flip line ${d + 1}'s active side`;
    }),
  );
  flip.textContent = "Flip line 1's active side";
  const weights = drawWeights(frame, net);

  let hovered: Region | undefined;
  let found: Region[] = [];
  const choose = (): Region | undefined => hovered ?? regionAt(net(), found, frame.state.x);
  plane.svg.addEventListener("pointermove", (event) => {
    if (event.buttons || event.pointerType === "touch") return;
    const [x, y] = plane.invert(event.clientX, event.clientY);
    hovered = Math.abs(x) <= BOX && Math.abs(y) <= BOX ? regionAt(net(), found, [x, y]) : undefined;
    showChosen();
  });
  plane.svg.addEventListener("pointerleave", () => {
    hovered = undefined;
    showChosen();
  });
  // a tap or click on a region brings the input there
  plane.svg.addEventListener("click", (event) => {
    if ((event.target as Element).closest(".udl-draggable")) return;
    const [x1, x2] = plane.invert(event.clientX, event.clientY);
    if (Math.abs(x1) <= BOX && Math.abs(x2) <= BOX) frame.set({ x: [x1, x2] });
  });
  const showChosen = (): void => {
    const region = choose();
    chosen.set(region ? region.polygon.map((p) => p[0]) : [], region ? region.polygon.map((p) => p[1]) : []);
    relief.choose(region);
    if (region) describe(note, region);
  };

  return {
    draw({ phi, x, view }) {
      const now = unpack2D(phi);
      const D = now.theta.length;
      found = linearRegions(now);
      hovered = undefined;
      for (let d = 0; d < MOST; d++) {
        const theta = now.theta[d];
        const line = theta && lineOf(theta);
        const ends = line && segment(line);
        const side = theta ? activeSide(theta) : [];
        halves[d].set(
          side.map((p) => p[0]),
          side.map((p) => p[1]),
        );
        lines[d].set(ends ? ends.map((p) => p[0]) : [], ends ? ends.map((p) => p[1]) : []);
        grips[d].setAttribute("d", lines[d].node.getAttribute("d") ?? "");
        const at = theta && anchor(theta, d);
        movers[d].place(at?.[0] ?? 0, at?.[1] ?? 0, Boolean(ends && at));
        const arm = at && line && ends ? turningPoint(at, line.normal) : undefined;
        turners[d].place(arm?.[0] ?? 0, arm?.[1] ?? 0, Boolean(arm));
        sides[d].setAttribute("d", at && line && ends ? arrow(plane, at, line.normal) : "");
        names[d].setAttribute("visibility", at && ends ? "visible" : "hidden");
        if (at && line) {
          // across the line from the arrow
          names[d].setAttribute("x", String(plane.sx(at[0]) - 18 * line.normal[0]));
          names[d].setAttribute("y", String(plane.sy(at[1]) + 18 * line.normal[1] + 4.5));
        }
      }
      drawCells(cells, plane, found);
      corners.set(
        found.flatMap((r) => r.polygon.map((p) => p[0])),
        found.flatMap((r) => r.polygon.map((p) => p[1])),
      );
      sizes.set(
        found.map((r) => r.polygon.length),
        found.map((r) => r.area),
      );
      probe.place(x[0], x[1]);
      disc(now);
      relief.draw(now, found, x, view);
      showChosen();
      add.disabled = D >= MOST;
      remove.disabled = D <= 1;
      if (focused >= D) focused = 0;
      weights(now);
    },
    summary({ phi }) {
      const now = unpack2D(phi);
      const D = now.theta.length;
      return `${found.length} regions in view, ${regionsInPlane(now)} in the plane, at most ${maxRegions2D(D)} for D = ${D}.`;
    },
    table: () => ({
      caption: "Regions in view: y = offset + slope₁ x₁ + slope₂ x₂",
      head: ["region", "active units", "area", "offset", "slope₁", "slope₂"],
      rows: found.map((r, i) => [String(i + 1), listOn(r.pattern), r.area, ...r.map]),
    }),
  };
}

/** Where on its visible part each line has its handle: spread out, so that lines through the middle don't stack theirs. */
const PLACES = [0.3, 0.72, 0.75, 0.62, 0.22, 0.8, 0.42, 0.55];

function anchor(theta: readonly [number, number, number], d: number): Point | undefined {
  const line = lineOf(theta);
  const ends = line && segment(line);
  if (!ends) return undefined;
  const [[x1, y1], [x2, y2]] = ends;
  return [x1 + PLACES[d] * (x2 - x1), y1 + PLACES[d] * (y2 - y1)];
}

/** Along the line from its anchor, to the side that stays in the box. */
function turningPoint([x, y]: Point, [n1, n2]: Point): Point | undefined {
  for (const reach of [0.4, -0.4, 0.2, -0.2]) {
    const p: Point = [x - reach * n2, y + reach * n1];
    if (Math.abs(p[0]) < 0.97 && Math.abs(p[1]) < 0.97) return p;
  }
  return undefined;
}

const angle = (theta: readonly [number, number, number]): number => (Math.atan2(theta[2], theta[1]) * 180) / Math.PI;

const listOn = (pattern: readonly boolean[]): string =>
  pattern.flatMap((on, d) => (on ? [String(d + 1)] : [])).join(", ") || "none";

/** A short arrow from the line into its active side. */
function arrow(plot: Plot, [x, y]: Point, [n1, n2]: Point): string {
  const [px, py] = [plot.sx(x), plot.sy(y)];
  const tip = [px + 26 * n1, py - 26 * n2];
  const barb = (turn: number): string => {
    const a = Math.atan2(-n2, n1) + Math.PI + turn;
    return `M${tip[0]} ${tip[1]}l${7 * Math.cos(a)} ${7 * Math.sin(a)}`;
  };
  return `M${px} ${py}L${tip[0]} ${tip[1]}${barb(0.5)}${barb(-0.5)}`;
}

function drawCells(parent: SVGGElement, plot: Plot, regions: readonly Region[]): void {
  while (parent.childElementCount > regions.length) parent.lastElementChild!.remove();
  while (parent.childElementCount < regions.length) svg(parent, "path", { class: "udl-cell" });
  regions.forEach((r, i) => parent.children[i].setAttribute("d", outline(r.polygon.map(([x, y]) => [plot.sx(x), plot.sy(y)]))));
}

function regionAt(net: Shallow2D, regions: readonly Region[], x: readonly number[]): Region | undefined {
  const pattern = net.theta.map(([t0, t1, t2]) => t0 + t1 * x[0] + t2 * x[1] > 0);
  const exact = regions.find((r) => r.pattern.every((on, d) => on === pattern[d]));
  return exact ?? (regions.length ? { ...regions[0], pattern, map: affineMap(net, pattern), polygon: [] } : undefined);
}

function describe(parent: HTMLElement, { pattern, map }: Region): void {
  const sign = (v: number): string => `${v < 0 ? "−" : "+"} ${show(Math.abs(v))}`;
  parent.textContent = `Active units here: ${listOn(pattern)}.  y = ${show(map[0])} ${sign(map[1])} x₁ ${sign(map[2])} x₂`;
}

/** A new unit whose line crosses the others: every added line at a fresh angle. */
function added({ theta, phi }: Shallow2D): Shallow2D {
  const d = theta.length;
  const a = 2.4 * d + 0.5; // the golden angle spreads directions evenly
  return {
    theta: [...theta, [0.15 * Math.cos(3 * d), 1.2 * Math.cos(a), 1.2 * Math.sin(a)]],
    phi: [...phi, d % 2 ? -0.6 : 0.6],
  };
}

const removed = ({ theta, phi }: Shallow2D): Shallow2D => ({ theta: theta.slice(0, -1), phi: phi.slice(0, -1) });

function drawWeights(frame: Frame<PolygonsState>, net: () => Shallow2D): (now: Shallow2D) => void {
  const box = html(frame.body, "details", { class: "udl-sliders" });
  html(box, "summary", {}, "Output weights φ");
  const place = group(box, "udl-slider-grid");
  let sliders: Control<number>[] = [];
  return ({ phi }) => {
    if (sliders.length !== phi.length) {
      place.replaceChildren();
      sliders = phi.map((_, i) =>
        slider(place, {
          label: plain("φ", String(i)),
          name: `phi${i}`,
          min: -2,
          max: 2,
          step: 0.01,
          link: i ? `unit${i}` : undefined,
          role: i ? unitClass(i - 1) : undefined,
          input: (v) => {
            const next = net();
            next.phi[i] = v;
            frame.change({ phi: pack2D(next) });
          },
          commit: frame.commit,
        }),
      );
    }
    sliders.forEach((control, i) => control.show(phi[i]));
  };
}
