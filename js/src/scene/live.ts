import type { Steps } from "../background.ts";
import type { FigureSpec, State } from "../frame/spec.ts";
import { show } from "../words.ts";
import type { Declaration, Names } from "./declaration.ts";
import { build } from "./draw.ts";
import { fit, parse } from "./fields.ts";

export type Coordinates = number | readonly number[];
/** Where a mark is, and what a label says; or, of any other mark, what it lights up with in this state. */
export type Place = readonly [x: Coordinates, y: Coordinates, text?: string];
type Row = readonly (string | number)[];

/** Whether a name stands for one thing or, with #, for a list of them. */
type Each<M extends string, One> = { [K in M]: K extends `${string}#${string}` ? readonly One[] : One };
export type Scene<M extends string = string> = Each<M, Place>;
/** What is said now. Whatever can be moved may say its own value; else its coordinates are read out. */
export type Words<N extends Names> = { summary: string } & Record<N["note"], string> & Record<N["equation"], readonly string[]> & Partial<Each<N["move"], string>>;

/** Where a handle is to go, or which button is pressed. */
export interface To<S> {
  x: number;
  y: number;
  /** Which of several it is, from 0. */
  k: number;
  /** The state when the gesture began. */
  start: S;
}
/** What a gesture sets, and marks to be seen while it lasts. */
export type Change<S, G extends string = string> = Partial<S> | readonly [Partial<S>, Partial<Scene<G>>];

/** A figure's own part: where its marks are, what it says, and what a gesture does to its state. */
export interface Figure<S, N extends Names, C> {
  /** What the others share, computed once for a state. */
  compute(state: S): C;
  scene(state: S, now: C): Scene<N["mark"]>;
  words(state: S, now: C): Words<N>;
  rows(state: S, now: C): readonly Row[];
  truth?(state: S, now: C): number;
  /** What a handle at a place, or a button, sets; the frame rounds it and keeps it within limits. */
  moves: { [V in N["move"]]: (to: To<S>, state: S, now: C) => Change<S, N["ghost"]> };
  /** The marks that take longer, step by step in the background; states with the same `of` share them. */
  later?: { of(state: S): string | number; scene(state: S): Steps<Scene<N["later"]>> };
}

/** A figure as it is drawn: with what it computes. */
export interface Live<S> {
  see(state: S): { scene: Record<string, Place | readonly Place[]>; words: Record<string, unknown> & { summary: string } };
  rows(state: S): readonly Row[];
  move(name: string, to: To<S>, state: S): Change<S>;
  later?: { of(state: S): string | number; scene(state: S): Steps<Record<string, Place | readonly Place[]>> };
}

export interface LiveSpec<S extends State> extends FigureSpec<S> {
  live: Live<S>;
}

/** A figure as the frame takes it: its declaration from Python, and its own part. */
export function live<S extends State, N extends Names, C>(declared: Declaration<S, N>, figure: Figure<S, N, C>): LiveSpec<S> {
  let last: { state: S; now: C; see: ReturnType<Live<S>["see"]> } | undefined;
  const at = (state: S): NonNullable<typeof last> => {
    if (last?.state !== state) {
      const now = figure.compute(state);
      last = { state, now, see: { scene: figure.scene(state, now) as Scene, words: figure.words(state, now) } };
    }
    return last;
  };
  const { question, fields, code } = declared;
  const seen: Live<S> = {
    see: (state) => at(state).see,
    rows: (state) => figure.rows(state, at(state).now),
    move: (name, to, state) => figure.moves[name as N["move"]](to, state, at(state).now),
    later: figure.later as Live<S>["later"],
  };
  return {
    ...declared,
    keys: Object.keys(fields),
    parse: (raw) => parse(fields, raw) as S,
    fit: (before, patch) => fit(fields, before, patch) as S,
    python: (state) => code.replace(/\$(\w+)/g, (_, key: string) => literal(state[key])),
    question: question ? { ...question, text: (v) => show(v, Number.isInteger(v) ? 0 : question.digits), truth: (state) => figure.truth!(state, at(state).now) } : undefined,
    live: seen,
    build: (frame) => build(frame, declared, seen),
  };
}

/** A value of the state as Python writes it. */
const literal = (value: unknown): string => (typeof value === "boolean" ? (value ? "True" : "False") : Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : JSON.stringify(value));
