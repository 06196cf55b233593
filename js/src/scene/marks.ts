import { clamp, draggable, handle, type Shape } from "../handle.ts";
import type { Mark, Plot } from "../plot.ts";
import { show as number, svg } from "../svg.ts";
import type { MarkSpec } from "./declaration.ts";
import type { Place } from "./live.ts";

/** What a handle, an area's grip or a button does. `k` is which of several it is. */
export interface Gesture {
  start(): void;
  /** Where the handle of this name is. */
  at(name: string): readonly [x: number, y: number];
  move(name: string, x: number, y: number, k: number): void;
  commit(): void;
  cancel(): void;
}

/** A mark, or several, on a plot. */
export interface Shown {
  mark: MarkSpec;
  /** Shows it at a place; `says` is the text of a handle. */
  show(place: Place | readonly Place[], says: unknown, untouched: boolean): void;
  labels(): SVGTextElement[];
}

interface One {
  name: string;
  node: SVGElement;
  show(place: Place, says: unknown, untouched: boolean): void;
}

export const NOWHERE: Place = [[], []];
const SHAPES: Record<string, Shape> = { unit1: "square", unit2: "diamond", unit3: "triangle" };

/** Draws a mark, or with # in its name as many as there are places. */
export function marked(plot: Plot, mark: MarkSpec, gesture: Gesture): Shown {
  const labels = (ones: readonly One[]): SVGTextElement[] => (mark.kind === "label" ? ones.map(({ node }) => node as SVGTextElement) : []);
  if (!mark.name.includes("#")) {
    const one = draw(plot, mark, mark.name, 0, gesture);
    return { mark, show: (place, ...rest) => one.show(place as Place, ...rest), labels: () => labels([one]) };
  }
  const made: One[] = [];
  const above = ["label", "invitation", "handle"].includes(mark.kind);
  const end = svg(above ? plot.top : plot.layer, "g"); // they stand before it, so that their order below each other stays
  return {
    mark,
    show(places, says, untouched) {
      const all = places as readonly Place[];
      for (const one of made.splice(all.length)) {
        one.show(NOWHERE, undefined, untouched);
        one.node.remove();
        plot.marks.delete(one.name);
      }
      while (made.length < all.length) {
        const one = draw(plot, numbered(mark, made.length), mark.name, made.length, gesture);
        end.before(one.node);
        made.push(one);
      }
      all.forEach((place, k) => made[k].show(place, (says as readonly string[] | undefined)?.[k], untouched));
    },
    labels: () => labels(made),
  };
}

/** The mark with its number, from 1, in the place of each #; units' roles are three in turn. */
function numbered(mark: MarkSpec, k: number): MarkSpec {
  const put = (text: string | undefined): string | undefined => text?.replaceAll("#", String(k + 1));
  return { ...mark, name: put(mark.name)!, role: mark.role.replace("#", String((k % 3) + 1)), link: put(mark.link), label: put(mark.label), text: put(mark.text) };
}

const list = (v: number | readonly number[]): readonly number[] => (typeof v === "number" ? [v] : v);

/** Draws one mark: the `k`-th of those declared under `of`. */
function draw(plot: Plot, mark: MarkSpec, of: string, k: number, gesture: Gesture): One {
  const { name, link, role, look = "" } = mark;
  const className = `udl-${role}${look.replace(/(^| )(?=\w)/g, " udl-")}`;
  const attributes = { "data-udl-link": link };
  const plain = (shown: Mark): One => ({
    name,
    node: shown.node,
    show([x, y, lights = link]) {
      shown.set(list(x), list(y));
      if (lights) shown.node.setAttribute("data-udl-link", lights);
    },
  });
  switch (mark.kind) {
    case "curve":
      return plain(plot.curve(name, className, attributes));
    case "dots":
      return plain(plot.dots(name, `udl-dots ${className}`, mark.size));
    case "area":
      return area(plot, mark, plain(plot.polygon(name, `udl-area ${className}`, attributes)), gesture);
    case "invitation":
    case "label":
      return label(plot, mark, className);
    case "handle": {
      let says: unknown;
      const { axes = "xy", step = 0.05, bounds } = mark;
      const knob = handle(plot, {
        label: mark.label!,
        name,
        className,
        shape: mark.shape ?? SHAPES[role],
        axes,
        step: [step, step],
        factor: mark.factor,
        bounds: bounds && { [axes === "y" ? "y" : "x"]: bounds },
        link,
        start: gesture.start,
        set: (x, y) => gesture.move(of, x, y, k),
        text: (x, y) => (says as string) ?? { x: `x = ${number(x)}`, y: `y = ${number(y)}`, xy: `x = ${number(x)}, y = ${number(y)}` }[axes],
        commit: gesture.commit,
        cancel: gesture.cancel,
      });
      const shown = plot.mark(name, knob.node, ([x], [y]) => knob.place(x ?? 0, y ?? 0, x !== undefined));
      const one = plain(shown);
      return {
        ...one,
        show(place, ...rest) {
          [says] = rest;
          one.show(place, ...rest);
        },
      };
    }
  }
}

/** A filled area; with a grip it is dragged itself, and takes a handle along. */
function area(plot: Plot, { grip, link }: MarkSpec, one: One, gesture: Gesture): One {
  if (!grip) return one;
  const node = svg(plot.top, "path", { class: "udl-area-grip", "data-udl-grip": grip, "data-udl-link": link });
  let held: readonly [number, number] = [0, 0];
  draggable(plot, node, {
    start() {
      held = gesture.at(grip);
      gesture.start();
    },
    move: (x, y, from) => gesture.move(grip, held[0] + x - from[0], held[1] + y - from[1], 0),
    commit: gesture.commit,
    cancel: gesture.cancel,
  });
  return {
    ...one,
    show(...now) {
      one.show(...now);
      node.setAttribute("d", one.node.getAttribute("d")!);
    },
  };
}

/** How wide a letter is, about. */
const LETTER = 7.4;
const ANCHORS = { above: "middle", below: "middle", left: "end", right: "start", beyond: "middle" };

/** A text at a point, kept inside of the panel; one whose point is above or below it is not shown. */
function label(plot: Plot, mark: MarkSpec, className: string): One {
  const invites = mark.kind === "invitation";
  const side = mark.side ?? "above";
  const attributes = { class: `${invites ? "udl-invitation" : "udl-mark-label"} ${className}`, "text-anchor": ANCHORS[side], "aria-hidden": "true", "data-udl-link": mark.link };
  const node = svg(plot.top, "text", attributes, mark.text);
  const { left, right } = plot.area;
  const shown = plot.mark(mark.name, node, ([x, x2], [y, y2]) => {
    if (x === undefined || Number.isNaN(y) || plot.outside(y)) return void (node.textContent = "");
    const wide = LETTER * node.textContent!.length;
    const [px, py] = [plot.sx(x), plot.sy(y)];
    const middle = (at: number): number => clamp(at, [left + wide / 2, right - wide / 2]);
    let at: [number, number];
    if (invites) at = [middle(px), py];
    else if (side === "left") at = [Math.max(px - 8, left + wide), py + 4];
    else if (side === "right") at = [Math.min(px + 8, plot.width - wide), py + 4];
    else if (side === "beyond") {
      const [dx, dy] = [px - plot.sx(x2), py - plot.sy(y2)];
      const length = Math.hypot(dx, dy) || 1;
      at = [middle(px + ((wide / 2 + 6) * dx) / length), py + 4 + (14 * dy) / length];
    } else at = [middle(px), py + (side === "below" ? 19 : -9)];
    node.setAttribute("x", at[0].toFixed(1));
    node.setAttribute("y", at[1].toFixed(1));
  });
  return {
    name: mark.name,
    node,
    show([x, y, text], _, untouched) {
      node.textContent = text ?? mark.text ?? "";
      if (invites) node.setAttribute("visibility", untouched ? "visible" : "hidden");
      shown.set(list(x), list(y));
    },
  };
}

/** Moves labels that would lie on another one upwards, line by line. */
export function keepApart(labels: readonly SVGTextElement[]): void {
  const taken: { left: number; right: number; y: number }[] = [];
  for (const node of labels) {
    const wide = LETTER * node.textContent!.length;
    if (!wide) continue;
    const left = Number(node.getAttribute("x")) - { start: 0, middle: wide / 2, end: wide }[node.getAttribute("text-anchor") as "start"];
    const right = left + wide;
    let y = Number(node.getAttribute("y"));
    for (let tries = 0; tries < labels.length && taken.some((t) => left < t.right && right > t.left && Math.abs(t.y - y) < 15); tries++) y -= 15;
    node.setAttribute("y", y.toFixed(1));
    taken.push({ left, right, y });
  }
}
