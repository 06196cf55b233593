import type { Frame, State } from "../figure.ts";
import { excessAt, step, type Bowl } from "../numeric/linear.ts";

interface DescentState extends State {
  phi: number[];
  path: number[];
  alpha: number;
}

type Ending = "converged" | "diverged" | "paused" | "long";

const MOST = 300;
const SLOW = 300;
const FAST = 60;

/** Steps of gradient descent, one at a time or as a run that ends by itself. */
export class Descent<S extends DescentState> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private start = 0;
  private steps = 0;
  private expected: number[] | undefined;
  private ended: { phi: number[]; how: Ending; steps: number } | undefined;

  constructor(
    private readonly frame: Frame<S>,
    private readonly surface: (state: S) => Bowl,
    private readonly one: HTMLButtonElement,
    private readonly run: HTMLButtonElement,
  ) {}

  get running(): boolean {
    return this.timer !== undefined;
  }

  step(): void {
    this.stop();
    this.frame.root.classList.toggle("udl-moving", true);
    this.advance();
    this.frame.commit();
    setTimeout(() => this.running || this.frame.root.classList.remove("udl-moving"), SLOW);
  }

  toggle(): void {
    if (this.running) return this.finish("paused");
    this.steps = 0;
    this.ended = undefined;
    this.start = excessAt(this.surface(this.frame.state), this.frame.state.phi);
    this.expected = this.frame.state.phi;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      let how: Ending | undefined;
      while (!(how = this.ending())) this.advance();
      this.finish(how);
    } else this.tick();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.frame.root.classList.remove("udl-moving");
  }

  /** Keeps the buttons' words in step. */
  show(): void {
    this.run.textContent = this.running ? "Stop" : "Run";
    this.one.disabled = this.running;
  }

  /** How the last run ended, as long as nothing has changed since. */
  verdict({ phi, alpha }: S): string {
    if (!this.ended || this.ended.phi !== phi) return "";
    const steps = `${this.ended.steps} step${this.ended.steps === 1 ? "" : "s"}`;
    return {
      converged: this.ended.steps ? `Converged after ${steps}.` : "The point is already at the bottom.",
      diverged: `Diverged: after ${steps} the loss is far above where it began. α = ${Number(alpha.toPrecision(3))} is too large for these data.`,
      paused: `Stopped after ${steps}.`,
      long: `Not at the bottom after ${steps}: run again to go on.`,
    }[this.ended.how];
  }

  private tick(): void {
    // someone else moved the point: the run is over
    if (this.frame.state.phi !== this.expected) {
      this.stop();
      return this.show();
    }
    const how = this.ending();
    if (how) return this.finish(how);
    const slow = this.steps < 8;
    this.frame.root.classList.toggle("udl-moving", slow);
    this.timer = setTimeout(() => this.tick(), slow ? SLOW : FAST);
    this.advance();
  }

  private ending(): Ending | undefined {
    const { phi } = this.frame.state;
    const now = this.surface(this.frame.state);
    const excess = excessAt(now, phi);
    const variation = now.scale * now.targets.reduce((total, v) => total + (v - now.ybar) ** 2, 0);
    if (excess <= 1e-6 * variation + 1e-15) return "converged";
    if (!(excess <= 1e4 * (this.start + variation) + 1)) return "diverged";
    return this.steps >= MOST ? "long" : undefined;
  }

  private advance(): void {
    const { phi, path, alpha } = this.frame.state;
    const next = step(this.surface(this.frame.state), phi, alpha);
    const joined = path.at(-2) === phi[0] && path.at(-1) === phi[1];
    this.steps++;
    this.expected = next;
    this.ended = undefined;
    this.frame.change({ phi: next, path: [...(joined ? path : phi), ...next] } as unknown as Partial<S>);
  }

  private finish(how: Ending): void {
    this.stop();
    this.ended = { phi: this.frame.state.phi, how, steps: this.steps };
    this.frame.change({}); // redraws the buttons and says how it ended
    this.frame.commit();
  }
}
