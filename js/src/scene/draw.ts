import { Background } from "../background.ts";
import type { Frame } from "../frame/frame.ts";
import type { State, View } from "../frame/spec.ts";
import { html } from "../svg.ts";
import { controls } from "./controls.ts";
import type { ColumnSpec, Declaration, Names, PanelSpec } from "./declaration.ts";
import type { Live, Place } from "./live.ts";
import { keepApart, marked, NOWHERE, type Gesture, type Shown } from "./marks.ts";

type Places = Record<string, Place | readonly Place[]>;

/** Draws a figure from its declaration, by what `live` computes. */
export function build<S extends State, N extends Names>(frame: Frame<S>, declared: Declaration<S, N>, live: Live<S>): View<S> {
  const inColumns = declared.layout.some((item) => item.kind === "column");
  const grid = html(frame.body, "div", { class: inColumns ? "udl-grid" : "udl-grid udl-grid-columns" });
  const untouched = frame.state;
  const marks: Shown[] = [];
  const shows: ((state: S, words: Record<string, unknown>) => void)[] = [];
  const panels: (() => void)[] = [];
  const results = new Map<string | number, Places>();
  const work = new Background();
  let pending: string | number | undefined;
  let start: S | undefined;
  let ghosts: Places = {};

  /** What a drag or a key does to the state, from its first move to its end. */
  const gesture: Gesture = {
    start: () => void (start = frame.state),
    at: (name) => (live.see(frame.state).scene[name] as Place) as readonly [number, number],
    move(name, x, y, k) {
      const change = live.move(name, { x, y, k, start: start ?? frame.state }, frame.state);
      const [patch, seen] = Array.isArray(change) ? (change as [Partial<S>, Places]) : [change as Partial<S>, {}];
      ghosts = seen;
      frame.change(patch);
    },
    commit() {
      const seen = Object.keys(ghosts).length > 0;
      end();
      frame.commit();
      if (seen) draw(frame.state);
    },
    cancel() {
      end();
      frame.cancel();
    },
  };
  const end = (): void => {
    start = undefined;
    ghosts = {};
  };

  const draw = (state: S): void => {
    const { scene, words } = live.see(state);
    const later = live.later && laterMarks(state);
    for (const { mark, show } of marks) {
      const place = mark.ghost ? ghosts[mark.name] : mark.later ? later![mark.name] : scene[mark.name];
      show(place ?? (mark.name.includes("#") ? [] : NOWHERE), words[mark.name], state === untouched);
    }
    for (const show of shows) show(state, words);
    for (const finish of panels) finish();
  };

  /** What takes longer, if it is there; else it is on its way. */
  const laterMarks = (state: S): Places => {
    const key = live.later!.of(state);
    const known = results.get(key);
    if (known || pending === key) return known ?? {};
    pending = key;
    let late = false;
    work.start(live.later!.scene(state), (places) => {
      if (results.size > 100) results.clear(); // they are quick to compute again, and must not fill the memory
      results.set(key, places);
      if (pending === key) pending = undefined;
      if (late) draw(frame.state);
    });
    late = true;
    return results.get(key) ?? {};
  };

  const panel = (parent: Element, spec: PanelSpec): void => {
    const plot = frame.plot(parent, { ...spec, label: spec.label ?? spec.title, margin: { left: 44, right: spec.right } });
    const made = spec.marks.map((mark) => marked(plot, mark, gesture));
    marks.push(...made);
    panels.push(() => keepApart(made.flatMap(({ labels }) => labels())));
  };
  const add = (parent: Element, item: ColumnSpec["items"][number]): void => {
    if (item.kind === "panel") panel(parent, item);
    else shows.push(controls(item.wide ? frame.body : parent, item, frame, declared.fields, (name) => frame.set(live.move(name, { x: 0, y: 0, k: 0, start: frame.state }, frame.state) as Partial<S>)));
  };
  for (const item of declared.layout) {
    if (item.kind !== "column") {
      add(grid, item);
      continue;
    }
    const column = html(grid, "div");
    for (const cell of item.items) add(column, cell);
  }
  return {
    draw,
    summary: (state) => live.see(state).words.summary,
    table: (state) => ({ ...declared.table, rows: live.rows(state) }),
    settle: () => work.finish(),
    stop: end,
    destroy: () => work.stop(),
  };
}
