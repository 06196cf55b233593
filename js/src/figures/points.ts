import type { Frame, State } from "../figure.ts";
import { handle, type Handle } from "../handle.ts";
import type { Interval, Plot } from "../plot.ts";
import { show } from "../svg.ts";

export interface DataState extends State {
  x: number[];
  y: number[];
}

export interface PointOptions<S extends DataState> {
  /** The new state when data point i is at (x, y). */
  move(i: number, x: number[], y: number[]): Partial<S>;
  /** A click, a tap, Enter or the space bar on a point. */
  pick?(i: number): void;
  /** What else lights up with the point; itself unless told otherwise. */
  link?(i: number): string;
  /** What the point is, beside its number. */
  kind?(i: number): string;
  /** Drawn as an open circle. */
  open?(i: number): boolean;
}

/** A link to any of the first hundred points: for what must not step back while one of them is held. */
export const POINTS = Array.from({ length: 100 }, (_, i) => `point${i + 1}`).join(" ");

/** The data as handles: drag a point or move it with the arrow keys. Returns the function that places them. */
export function dataPoints<S extends DataState>(frame: Frame<S>, plot: Plot, options: PointOptions<S>): () => void {
  const handles: Handle[] = [];
  const dots = plot.dots("data", "udl-data");
  dots.node.setAttribute("visibility", "hidden"); // the handles are what is seen; the mark reports where they are
  // a hundredth of a panel is a fine step for the eye; rounded, so that keys land on round numbers
  const step = ([lo, hi]: Interval): number => Number(((hi - lo) / 100).toPrecision(1));

  const add = (i: number): void => {
    // a tap that slips by a few pixels is still a tap
    let pressed = false;
    let slipped = false;
    const started = { x: 0, y: 0 };
    const made = handle(plot, {
      label: "",
      name: `point ${i + 1}`,
      className: "udl-data",
      link: `point${i + 1}`,
      step: [step(plot.x), step(plot.y)],
      start: () => {
        pressed = true;
        slipped = false;
        [started.x, started.y] = [frame.state.x[i], frame.state.y[i]];
      },
      set: (x, y) => {
        if (pressed && !slipped) {
          if (options.pick && Math.hypot(plot.sx(x) - plot.sx(started.x), plot.sy(y) - plot.sy(started.y)) < 4) return;
          slipped = true;
        }
        const put = (values: number[], v: number): number[] => values.map((old, k) => (k === i ? v : old));
        frame.change(options.move(i, put(frame.state.x, x), put(frame.state.y, y)));
      },
      commit: () => {
        if (pressed && !slipped) options.pick?.(i);
        pressed = false;
        frame.commit();
      },
      cancel: () => {
        pressed = false;
        frame.cancel();
      },
      text: (x, y) => `x = ${show(x)}, y = ${show(y)}`,
    });
    if (options.pick) {
      made.node.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        options.pick!(i);
      });
    }
    handles.push(made);
  };

  return () => {
    const { x, y } = frame.state;
    while (handles.length < x.length) add(handles.length);
    handles.forEach((h, i) => {
      h.place(x[i] ?? 0, y[i] ?? 0, i < x.length);
      if (i >= x.length) return;
      const kind = options.kind?.(i);
      h.node.setAttribute("aria-label", `Data point ${i + 1}${kind ? `, ${kind}` : ""}`);
      if (options.link) h.node.setAttribute("data-udl-link", options.link(i));
      h.node.classList.toggle("udl-out", options.open?.(i) ?? false);
    });
    dots.set(x, y);
  };
}

export interface Box {
  x: Interval;
  y: Interval;
}

/**
 * The box a panel shows: kept while the data stay in it, made anew when they leave it or fill hardly any of it. Ranges of
 * like size get the same length, so that a square panel has the same scale on both axes.
 */
export function dataBox(margin: { x: number; y: number }): (x: number[], y: number[]) => Box {
  let box: Box | undefined;
  const inside = (values: number[], [lo, hi]: Interval): boolean => values.every((v) => v >= lo && v <= hi);
  return (x, y) => {
    const wanted = { x: padded(x, margin.x), y: padded(y, margin.y) };
    const tiny = box && length(wanted.x) < 0.1 * length(box.x) && length(wanted.y) < 0.1 * length(box.y);
    if (!box || !inside(x, box.x) || !inside(y, box.y) || tiny) box = alike(wanted);
    return box;
  };
}

/** An interval with room around the values, its ends rounded outwards. */
export function padded(values: number[], margin: number): Interval {
  const [lo, hi] = [Math.min(...values), Math.max(...values)];
  const room = margin * (hi - lo || Math.max(1, Math.abs(hi)));
  const grain = 10 ** Math.floor(Math.log10((hi - lo + 2 * room) / 4));
  return [Math.floor((lo - room) / grain) * grain, Math.ceil((hi + room) / grain) * grain];
}

function alike({ x, y }: Box): Box {
  const ratio = length(x) / length(y);
  if (ratio < 1 / 3 || ratio > 3) return { x, y };
  const half = Math.max(length(x), length(y)) / 2;
  const about = ([lo, hi]: Interval): Interval => [(lo + hi) / 2 - half, (lo + hi) / 2 + half];
  return { x: about(x), y: about(y) };
}

export const length = ([lo, hi]: Interval): number => hi - lo;
