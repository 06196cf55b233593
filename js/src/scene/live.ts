import type { FigureSpec, State } from "../frame/spec.ts";
import { show } from "../words.ts";
import type { Declaration } from "./declaration.ts";
import { build } from "./draw.ts";
import { fit, parse } from "./fields.ts";

export type Coordinates = number | readonly number[];
/** Where a mark is, and what a label says. */
export type Place = readonly [x: Coordinates, y: Coordinates, text?: string];
export type Row = readonly (string | number)[];
/** What is said now. Whatever can be moved may say its own value; else its coordinates are read out. */
export type Words<V extends string, N extends string> = { summary: string; rows: readonly Row[]; truth?: number } & Record<N, string> & Partial<Record<V, string>>;

/** A figure's own part: where its marks are, what it says, and what a gesture does to its state. */
export interface Figure<S, M extends string, V extends string, N extends string, C> {
  /** What the others share, computed once for a state. */
  compute(state: S): C;
  scene(state: S, now: C): Record<M, Place>;
  words(state: S, now: C): Words<V, N>;
  /** What a handle at a place, or a button, sets; the frame rounds it and keeps it within limits. */
  moves: Record<V, (to: { x: number; y: number }, state: S, now: C) => Partial<S>>;
}

/** All that is seen and said in a state. */
export interface Sight<M extends string, V extends string, N extends string> {
  scene: Record<M, Place>;
  words: Words<V, N>;
}

export interface LiveSpec<S extends State> extends FigureSpec<S> {
  /** For the tests, which compare it with Python's. */
  sight(state: S): Sight<string, string, string>;
}

/** A figure as the frame takes it: its declaration from Python, and its own part. */
export function live<S extends State, M extends string, V extends string, N extends string, C>(declared: Declaration<S, M, V, N>, figure: Figure<S, M, V, N, C>): LiveSpec<S> {
  let last: { state: S; now: C; sight: Sight<M, V, N> } | undefined;
  const at = (state: S): NonNullable<typeof last> => {
    if (last?.state !== state) {
      const now = figure.compute(state);
      last = { state, now, sight: { scene: figure.scene(state, now), words: figure.words(state, now) } };
    }
    return last;
  };
  const { question, fields, code } = declared;
  return {
    ...declared,
    keys: Object.keys(fields),
    parse: (raw) => parse(fields, raw) as S,
    fit: (before, patch) => fit(fields, before, patch) as S,
    python: (state) => code.replace(/\$(\w+)/g, (_, key: string) => literal(state[key])),
    question: question ? { ...question, text: (v) => show(v, question.digits), truth: (state) => at(state).sight.words.truth! } : undefined,
    sight: (state) => at(state).sight,
    build: (frame) => build(frame, declared, (state) => at(state).sight, (name, to, state) => figure.moves[name](to, state, at(state).now)),
  };
}

/** A value of the state as Python writes it. */
const literal = (value: unknown): string => (typeof value === "boolean" ? (value ? "True" : "False") : Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : JSON.stringify(value));
