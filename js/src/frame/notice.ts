import { html } from "../svg.ts";

/** Short messages at the top of the figure that can be closed, and copying, which ends in one. */
export class Notice {
  private readonly node: HTMLElement;

  constructor(parent: Element) {
    this.node = html(parent, "p", { class: "udl-notice", hidden: "" });
  }

  say(text: string): void {
    this.node.textContent = text;
    this.node.hidden = false;
    const close = html(this.node, "button", { type: "button", class: "udl-button", "aria-label": "Close this message" }, "×");
    close.addEventListener("click", () => (this.node.hidden = true));
  }

  async copy(text: string, done: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.say(done);
    } catch {
      // no permission or no secure context: show it ready to be copied
      this.say("Copy this: ");
      const area = html(this.node, "textarea", { readonly: "", rows: 4, "aria-label": "Text to copy" });
      area.value = text;
      area.select();
    }
  }
}
