import { html } from "../svg.ts";
import { message, type FigureElement } from "./spec.ts";

/** A state from outside that can't be drawn turns the figure back into its picture, with the reason and a way out. */
export class Failure {
  constructor(
    private readonly root: FigureElement,
    private readonly panel: HTMLElement,
    private readonly back: () => void,
  ) {}

  /** Runs an update from outside; what goes wrong is shown, and thrown for whoever asked. */
  guard(update: () => void): void {
    try {
      update();
      this.revive();
    } catch (error) {
      this.show(message(error));
      throw error;
    }
  }

  private show(why: string): void {
    this.revive();
    this.root.dataset.udlState = "failed";
    this.panel.hidden = true;
    const note = html(this.root, "p", { class: "udl-failure", role: "alert" }, `This figure was given a state it can't draw: ${why}. `);
    const button = html(note, "button", { type: "button", class: "udl-button" }, "Back to the last good state");
    button.addEventListener("click", () => {
      this.back();
      this.revive();
    });
  }

  private revive(): void {
    this.root.querySelector(":scope > .udl-failure")?.remove();
    this.panel.hidden = false;
    this.root.dataset.udlState = "live";
  }
}
