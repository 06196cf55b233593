import { button, choice, group, slider, toggle } from "../controls.ts";
import type { Frame } from "../frame/frame.ts";
import type { State, View } from "../frame/spec.ts";
import { clamp, draggable, handle, type Handle } from "../handle.ts";
import type { Plot } from "../plot.ts";
import { html, show, svg } from "../svg.ts";
import type { ControlsSpec, Declaration, Field, MarkSpec, PanelSpec } from "./declaration.ts";
import type { Place, Sight } from "./live.ts";

type Point = { x: number; y: number };
/** Shows a mark, label or control as it is in this state. */
type Show<S> = (place: Place, state: S, words: Record<string, unknown>) => void;

/** Draws a figure from its declaration; `see` gives scene and words of a state, `move` what a gesture sets in it. */
export function build<S extends State, M extends string, V extends string, N extends string>(
  frame: Frame<S>,
  declared: Declaration<S, M, V, N>,
  see: (state: S) => Sight<M, V, N>,
  move: (name: V, to: Point, state: S) => Partial<S>,
): View<S> {
  const grid = html(frame.body, "div", { class: "udl-grid udl-grid-columns" });
  const marks: [M, Show<S>][] = [];
  const controls: ((state: S, words: Record<string, unknown>) => void)[] = [];
  const finish: (() => void)[] = [];
  const untouched = frame.state;
  for (const item of declared.layout) {
    if (item.kind === "panel") panel(item);
    else controlsOf(item);
  }
  return {
    draw(state) {
      const { scene, words } = see(state);
      for (const [name, show] of marks) show(scene[name], state, words);
      for (const show of controls) show(state, words);
      for (const end of finish) end();
    },
    summary: (state) => see(state).words.summary,
    table: (state) => ({ ...declared.table, rows: see(state).words.rows }),
  };

  function panel(spec: PanelSpec<M>): void {
    const plot = frame.plot(grid, { ...spec, label: spec.label ?? spec.title, margin: { left: 44 } });
    const labels: SVGTextElement[] = [];
    const handles = new Map<string, Point>();
    for (const mark of spec.marks) marks.push([mark.name, draw(plot, mark, labels, handles)]);
    finish.push(() => keepApart(labels));
  }

  function draw(plot: Plot, mark: MarkSpec<M>, labels: SVGTextElement[], handles: Map<string, Point>): Show<S> {
    const { name, link, role, look = "" } = mark;
    const className = `udl-${role}${look.replace(/(^| )(?=\w)/g, " udl-")}`;
    const attributes = { "data-udl-link": link };
    const plain = (shown: { set(x: readonly number[], y: readonly number[]): void }): Show<S> => ([x, y]) => shown.set(list(x), list(y));
    switch (mark.kind) {
      case "curve":
        return plain(plot.curve(name, className, attributes));
      case "dots":
        return plain(plot.dots(name, `udl-dots ${className}`, mark.size));
      case "area": {
        const area = plot.polygon(name, `udl-area ${className}`, attributes);
        if (!mark.grip) return plain(area);
        const grip = svg(plot.top, "path", { ...attributes, class: "udl-area-grip", "data-udl-grip": mark.grip });
        let held: Point = { x: 0, y: 0 };
        draggable(plot, grip, {
          start: () => (held = handles.get(mark.grip!)!),
          move: (x, y, from) => frame.change(move(mark.grip as V, { x: held.x + x - from[0], y: held.y + y - from[1] }, frame.state)),
          commit: frame.commit,
          cancel: frame.cancel,
        });
        return (place) => {
          plain(area)(place, frame.state, {});
          grip.setAttribute("d", area.node.getAttribute("d")!);
        };
      }
      case "invitation":
      case "label": {
        const invites = mark.kind === "invitation";
        const node = svg(plot.top, "text", { ...attributes, class: `${invites ? "udl-invitation" : "udl-mark-label"} ${className}`, "text-anchor": "middle", "aria-hidden": "true" }, mark.text);
        if (!invites) labels.push(node);
        const shown = plot.mark(name, node, ([x], [y]) => {
          if (x === undefined || Number.isNaN(y)) node.textContent = "";
          const half = 3.7 * node.textContent!.length;
          node.setAttribute("x", clamp(plot.sx(x ?? 0), [plot.area.left + half, plot.area.right - half]).toFixed(1));
          node.setAttribute("y", (plot.sy(y ?? 0) + (invites ? 0 : mark.side === "below" ? 19 : -9)).toFixed(1));
        });
        return ([x, y, text], state) => {
          if (text !== undefined) node.textContent = text;
          if (invites) node.setAttribute("visibility", state === untouched ? "visible" : "hidden");
          shown.set(list(x), list(y));
        };
      }
      case "handle": {
        let says: string | undefined;
        const knob: Handle = handle(plot, {
          label: mark.label!,
          name,
          className,
          shape: mark.shape,
          axes: mark.axes,
          step: [mark.step!, mark.step!],
          factor: mark.factor,
          bounds: mark.bounds && { [mark.axes === "y" ? "y" : "x"]: mark.bounds },
          link,
          set: (x, y) => frame.change(move(name as unknown as V, { x, y }, frame.state)),
          text: (x, y) => says ?? { x: `x = ${show(x)}`, y: `y = ${show(y)}`, xy: `x = ${show(x)}, y = ${show(y)}` }[mark.axes!],
          commit: frame.commit,
          cancel: frame.cancel,
        });
        const shown = plot.mark(name, knob.node, ([x], [y]) => knob.place(x ?? 0, y ?? 0, x !== undefined));
        return ([x, y], _, words) => {
          says = words[name] as string | undefined;
          shown.set(list(x), list(y));
          handles.set(name, { x: list(x)[0], y: list(y)[0] });
        };
      }
    }
  }

  function controlsOf({ items }: ControlsSpec<V, N>): void {
    const column = html(grid, "div", { class: "udl-column" });
    let row: HTMLElement | undefined;
    const fieldOf = (key: string): Field => declared.fields[key as keyof S & string];
    const set = (key: string, value: unknown): Partial<S> => ({ [key]: value }) as Partial<S>;
    for (const item of items) {
      if (item.kind === "note") {
        row = undefined;
        const note = html(column, "p", { class: "udl-note", "data-udl-link": item.link });
        controls.push((_, words) => (note.textContent = words[item.name] as string));
        continue;
      }
      row ??= group(column);
      if (item.kind === "button") {
        button(row, item.label, () => frame.set(move(item.name, { x: 0, y: 0 }, frame.state)), item.name);
        continue;
      }
      const { key, label, link } = item;
      if (item.kind === "slider") {
        const { lo, hi, kind } = fieldOf(key);
        const [to, from] = item.log ? [Math.log10, (v: number) => 10 ** v] : [Number, Number];
        const control = slider(row, {
          label, name: key, link, min: to(lo!), max: to(hi as number), step: kind === "whole" ? 1 : item.step,
          role: item.role && `udl-${item.role}`,
          text: (v) => (kind === "whole" ? show(v, 0) : item.log ? String(Number(from(v).toPrecision(3))) : show(v)),
          input: (v) => frame.change(set(key, from(v))),
          commit: frame.commit,
        });
        controls.push((state) => control.show(to(state[key] as number)));
      } else if (item.kind === "toggle") {
        const control = toggle(row, label, (on) => frame.set(set(key, on)), key);
        controls.push((state) => control.show(state[key] as boolean));
      } else {
        const options = fieldOf(key).options!.map((value) => [value, item.texts[value] ?? value] as const);
        const control = choice(row, label, options, (value) => frame.set(set(key, value)), key);
        controls.push((state) => control.show(state[key] as string));
      }
    }
  }
}

const list = (v: number | readonly number[]): readonly number[] => (typeof v === "number" ? [v] : v);

/** Moves labels that would lie on another one upwards, line by line. */
function keepApart(labels: readonly SVGTextElement[]): void {
  const taken: { x: number; y: number; half: number }[] = [];
  for (const node of labels) {
    const half = 3.7 * node.textContent!.length;
    if (!half) continue;
    const x = Number(node.getAttribute("x"));
    let y = Number(node.getAttribute("y"));
    for (let tries = 0; tries < labels.length && taken.some((t) => Math.abs(t.x - x) < t.half + half && Math.abs(t.y - y) < 15); tries++) y -= 15;
    node.setAttribute("y", y.toFixed(1));
    taken.push({ x, y, half });
  }
}
