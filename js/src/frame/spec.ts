import type { Question } from "../question.ts";
import type { Frame } from "./frame.ts";

/** A figure's whole state: plain data, one entry for each trait of the Python widget. */
export type State = Record<string, unknown>;

export interface Table {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

/** What a live figure is: data, checks and a way to draw. Everything around it is the same for all (Frame). */
export interface FigureSpec<S extends State> {
  name: string;
  title: string;
  /** Raised when old links can no longer be understood. */
  version: number;
  keys: readonly (keyof S & string)[];
  /** Checks plain data and returns the state; throws an Error that names what was expected and what came. */
  parse(raw: State): S;
  /** What setting some entries from outside implies for others, before they are merged with the rest and parsed. */
  complete?(patch: State): State;
  /** What a gesture asks for, merged with the state before and brought within limits. */
  fit?(before: S, patch: Partial<S>): S;
  build(frame: Frame<S>): View<S>;
  /** A shorter state that `parse` takes for the same one, for links; the state itself unless told otherwise. */
  compact?(state: S): State;
  /** Lines of Python with udl_core that give the same numbers. */
  python(state: S): string;
  question?: Question<S>;
}

export interface View<S extends State> {
  /** Draws the state; called at once on every change, so it must be fast. */
  draw(state: S): void;
  /** One line on what is seen now; also announced. */
  summary(state: S): string;
  table(state: S): Table;
  /** Finishes what is still being computed in the background, before the figure reports what it draws. */
  settle?(): void;
  /** Ends what runs by itself. */
  stop?(): void;
  destroy?(): void;
}

/** What a page can call on a figure's element. */
export interface FigureHandle {
  get(): State;
  set(state: State): void;
}

export type FigureElement = HTMLElement & { udl?: FigureHandle };

export const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
