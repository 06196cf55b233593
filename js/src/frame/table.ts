import { html, show } from "../svg.ts";
import type { Table } from "./spec.ts";

/** The numbers of a figure as a table, drawn only while it is open. */
export class NumbersTable {
  private readonly place: HTMLElement;

  constructor(
    parent: Element,
    private readonly numbers: () => Table,
  ) {
    // focusable, because a wide table scrolls sideways on a phone
    this.place = html(parent, "div", { class: "udl-table", hidden: "", tabindex: 0, role: "group", "aria-label": "Numbers of the figure" });
  }

  toggle = (button: HTMLButtonElement): void => {
    this.place.hidden = !this.place.hidden;
    button.setAttribute("aria-expanded", String(!this.place.hidden));
    this.update();
  };

  update(): void {
    if (this.place.hidden) return;
    const { caption, head, rows } = this.numbers();
    this.place.replaceChildren();
    const table = html(this.place, "table");
    html(table, "caption", {}, caption);
    const top = html(html(table, "thead"), "tr");
    for (const cell of head) html(top, "th", { scope: "col" }, cell);
    const body = html(table, "tbody");
    for (const row of rows) {
      const line = html(body, "tr");
      row.forEach((cell, i) => html(line, i ? "td" : "th", i ? {} : { scope: "row" }, typeof cell === "number" ? show(cell, 4) : cell));
    }
  }
}
