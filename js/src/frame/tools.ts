import { html } from "../svg.ts";

export type Tool = "undo" | "redo" | "reset" | "table" | "link" | "python";

const LABELS: Record<Tool, string> = {
  undo: "Undo",
  redo: "Redo",
  reset: "Reset the figure",
  table: "Show the numbers as a table",
  link: "Copy a link to this state",
  python: "Copy as Python",
};

/** The title at the left, the tools at the right. The function returned enables or disables a tool. */
export function header(parent: Element, title: string, actions: Partial<Record<Tool, (button: HTMLButtonElement) => void>>): (tool: Tool, enabled: boolean) => void {
  const head = html(parent, "div", { class: "udl-head" });
  html(head, "span", { class: "udl-title" }, title);
  const bar = html(head, "span", { class: "udl-tools", role: "toolbar", "aria-label": "Figure tools" });
  const buttons = new Map<string, HTMLButtonElement>();
  for (const [tool, act] of Object.entries(actions)) {
    const label = LABELS[tool as Tool];
    const button = html(bar, "button", { type: "button", class: `udl-tool udl-tool-${tool}`, "data-udl-tool": tool, title: label, "aria-label": label });
    if (tool === "table") button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => act(button));
    buttons.set(tool, button);
  }
  // aria-disabled keeps the button in the tab order, so that focus isn't lost on the last undo
  return (tool, enabled) => buttons.get(tool)!.setAttribute("aria-disabled", String(!enabled));
}

/** Ctrl+Z and its kin, anywhere in the figure. */
export function undoKeys(node: HTMLElement, undo: () => void, redo: () => void): void {
  node.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) redo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
