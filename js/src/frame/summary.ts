import { html } from "../svg.ts";

/** The line below a figure, and its voice: a screen reader hears the line once the figure rests, not at every step of a drag. */
export class Summary {
  private readonly line: HTMLElement;
  private readonly announcer: HTMLElement;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parent: Element) {
    this.line = html(parent, "p", { class: "udl-summary" });
    this.announcer = html(parent, "p", { class: "udl-hidden", role: "status" });
  }

  get text(): string {
    return this.line.textContent!;
  }

  show(text: string, announce: boolean): void {
    this.line.textContent = text;
    this.hush();
    if (announce) this.timer = setTimeout(() => (this.announcer.textContent = text), 500);
  }

  hush(): void {
    clearTimeout(this.timer);
  }
}
