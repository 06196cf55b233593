import type { State } from "./spec.ts";

/** The part of an anywidget model that a figure needs. */
export interface Model {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** The traffic with the model: what the figure changes goes there, and what others change there is heard. */
export class Traffic {
  private own = false;

  constructor(
    private readonly model: Model,
    private readonly keys: readonly string[],
    private readonly changed: () => void,
  ) {}

  read(): State {
    return Object.fromEntries(this.keys.map((key) => [key, this.model.get(key)]));
  }

  push(state: State, keys: readonly string[]): void {
    this.own = true;
    for (const key of keys) this.model.set(key, state[key]);
    this.own = false;
    this.model.save_changes();
  }

  listen(): void {
    for (const key of this.keys) this.model.on(`change:${key}`, this.hear);
  }

  end(): void {
    for (const key of this.keys) this.model.off(`change:${key}`, this.hear);
  }

  private readonly hear = (): void => {
    if (!this.own) this.changed();
  };
}
