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
  /** Of a vector: how often each letter counts in its length; "" is a number. */
  size?: Record<string, number>;
  letters?: Record<string, Interval>;
  least?: number;
}

interface Linked {
  link?: string;
}

export interface MarkSpec<M extends string = string> extends Linked {
  kind: "curve" | "dots" | "area" | "label" | "invitation" | "handle";
  name: M;
  role: string;
  look?: string;
  size?: number;
  grip?: string;
  side?: "above" | "below";
  text?: string;
  label?: string;
  axes?: "x" | "y" | "xy";
  shape?: Shape;
  step?: number;
  factor?: boolean;
  bounds?: Interval;
}

export interface PanelSpec<M extends string = string> extends Linked {
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
  marks: readonly MarkSpec<M>[];
}

export type ControlSpec<V extends string, N extends string> = Linked &
  (
    | { kind: "slider"; key: string; label: string; step: number; role?: string; log?: boolean }
    | { kind: "toggle"; key: string; label: string }
    | { kind: "select"; key: string; label: string; texts: Record<string, string> }
    | { kind: "button"; name: V; label: string }
    | { kind: "note"; name: N }
  );

export interface ControlsSpec<V extends string, N extends string> extends Linked {
  kind: "controls";
  items: readonly ControlSpec<V, N>[];
}

/** S is the state; M, V and N are the names of marks, of what can be moved or pressed, and of notes. */
export interface Declaration<S, M extends string, V extends string, N extends string> {
  name: string;
  title: string;
  version: number;
  fields: Record<keyof S & string, Field>;
  layout: readonly (PanelSpec<M> | ControlsSpec<V, N>)[];
  question: { kind: "question"; ask: string; min: number; max: number; step: number; digits: number } | null;
  table: { kind: "table"; caption: string; head: readonly string[] };
  code: string;
}
