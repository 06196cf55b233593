/** What a figure's Python declares: `make bundle` writes it into `js/src/declared/`. See udl_core/widgets/fields.py and layout.py. */
import type { Shape } from "../handle.ts";
import type { Interval } from "../plot.ts";

export interface Field {
  kind: "flag" | "choice" | "real" | "whole" | "vector" | "wholes" | "flags" | "interval";
  /** What it must be, in words. */
  says: string;
  options?: readonly string[];
  lo?: number;
  hi?: number | string;
  /** Digits after the point that a gesture sets. */
  digits?: number | null;
  /** Or, that it rounds to. */
  significant?: number;
  /** Of a vector: how often each letter counts in its length; "" is a number. */
  size?: Record<string, number>;
  letters?: Record<string, Interval>;
  least?: number;
}

/** The names in a declaration. Those of marks with # stand for marks in number. */
export interface Names {
  mark: string;
  /** Marks that are computed in the background. */
  later: string;
  /** Marks that are seen only during a gesture. */
  ghost: string;
  /** What can be moved or pressed. */
  move: string;
  note: string;
  equation: string;
}

interface Linked {
  link?: string;
}

export interface MarkSpec extends Linked {
  kind: "curve" | "dots" | "area" | "label" | "invitation" | "handle";
  name: string;
  role: string;
  look?: string;
  later?: boolean;
  ghost?: boolean;
  size?: number;
  grip?: string;
  side?: "above" | "below" | "left" | "right" | "beyond";
  text?: string;
  label?: string;
  axes?: "x" | "y" | "xy";
  shape?: Shape;
  step?: number;
  factor?: boolean;
  bounds?: Interval;
}

export interface PanelSpec extends Linked {
  kind: "panel";
  title: string;
  label?: string;
  x: Interval;
  y: Interval;
  xlabel?: string;
  ylabel?: string;
  xlog?: boolean;
  ylog?: boolean;
  xticks?: readonly number[];
  yticks?: readonly number[];
  height: number;
  right: number;
  marks: readonly MarkSpec[];
}

export interface Term extends Linked {
  kind: "term";
  text: string;
  role?: string;
}

export type ControlSpec = Linked &
  (
    | { kind: "slider"; key: string; label: string; step: number; role?: string; log?: boolean }
    | { kind: "toggle"; key: string; label: string }
    | { kind: "select"; key: string; label: string; texts: Record<string, string> }
    | { kind: "button"; name: string; label: string }
    | { kind: "note"; name: string }
    | { kind: "equation"; name: string; terms: readonly Term[]; small?: boolean }
    | { kind: "sliders"; key: string; title: string; lo: number; hi: number; step: number; labels: readonly string[]; links?: readonly string[]; roles?: readonly string[]; unfolded?: boolean }
  );

export interface ControlsSpec extends Linked {
  kind: "controls";
  items: readonly ControlSpec[];
  wide?: boolean;
}

type Cell = PanelSpec | ControlsSpec;
export interface ColumnSpec extends Linked {
  kind: "column";
  items: readonly Cell[];
}

/** S is the state, N the names in it. `names` only carries N. */
export interface Declaration<S, N extends Names> {
  names?: N;
  name: string;
  title: string;
  version: number;
  fields: Record<keyof S & string, Field>;
  layout: readonly (Cell | ColumnSpec)[];
  question: { kind: "question"; ask: string; min: number; max: number; step: number; digits: number } | null;
  table: { kind: "table"; caption: string; head: readonly string[] };
  code: string;
}
