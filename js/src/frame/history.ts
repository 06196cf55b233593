import { same } from "./spec.ts";

/** The states to undo and redo to. A gesture changes the state many times and is one step. */
export class History<S> {
  private readonly past: S[] = [];
  private future: S[] = [];

  /** `committed` is the state at the end of the last gesture. */
  constructor(public committed: S) {}

  /** Ends a gesture: what was before it can be undone to. */
  commit(state: S): void {
    if (same(state, this.committed)) return;
    this.past.push(this.committed);
    this.future = [];
    this.committed = state;
  }

  /** The state to show after undo or redo; undefined if there is none. */
  undo = (): S | undefined => this.step(this.past, this.future);
  redo = (): S | undefined => this.step(this.future, this.past);

  get canUndo(): boolean {
    return this.past.length > 0;
  }
  get canRedo(): boolean {
    return this.future.length > 0;
  }

  private step(from: S[], to: S[]): S | undefined {
    const state = from.pop();
    if (state === undefined) return undefined;
    to.push(this.committed);
    return (this.committed = state);
  }
}
