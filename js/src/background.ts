/** Work in steps: a generator that yields wherever it may be interrupted. */
export type Steps<T> = Generator<void, T>;

/**
 * Does long work without holding up the page: a few milliseconds at once and then, frame by frame, a few more. What is short
 * enough is thus done when `start` returns. Work that comes while other work runs waits; of several, only the newest.
 */
export class Background {
  private running: (() => boolean) | undefined;
  private waiting: (() => void) | undefined;
  private frame = 0;
  private readonly budget: number;

  /** `budget`: milliseconds at a time. */
  constructor(budget = 4) {
    this.budget = budget;
  }

  start<T>(steps: Steps<T>, done: (result: T) => void): void {
    if (this.running) {
      this.waiting = () => this.start(steps, done);
      return;
    }
    this.waiting = undefined;
    this.running = () => {
      const step = steps.next();
      if (!step.done) return false;
      this.running = undefined;
      done(step.value);
      return true;
    };
    this.slice();
  }

  /** Does all that is left to do now. */
  finish(): void {
    cancelAnimationFrame(this.frame);
    while (this.running) {
      while (!this.running());
      this.next();
    }
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.running = this.waiting = undefined;
  }

  private slice(): void {
    const end = performance.now() + this.budget;
    while (this.running) {
      if (this.running()) return this.next();
      if (performance.now() >= end) {
        this.frame = requestAnimationFrame(() => this.slice());
        return;
      }
    }
  }

  private next(): void {
    const start = this.waiting;
    this.waiting = undefined;
    start?.();
  }
}
