import { html, show } from "./svg.ts";

export interface Control<T> {
  node: HTMLElement;
  /** Shows this value; never calls back. */
  show(value: T): void;
}

export interface SliderOptions {
  label: string;
  /** Richer label, e.g. a symbol with subscript; `label` stays the accessible name. */
  draw?(parent: HTMLElement): void;
  min: number;
  max: number;
  step: number;
  input(value: number): void;
  commit(): void;
  text?(value: number): string;
  link?: string;
  /** CSS class of the role whose colour marks the label, e.g. udl-unit1. */
  role?: string;
  name?: string;
}

/** A labelled native range input with its value beside it. */
export function slider(parent: Element, options: SliderOptions): Control<number> {
  const text = options.text ?? ((v: number) => show(v));
  const row = html(parent, "label", { class: `udl-slider ${options.role ?? ""}`.trim(), "data-udl-link": options.link });
  const name = html(row, "span", { class: "udl-slider-name" });
  if (options.draw) options.draw(name);
  else name.textContent = options.label;
  const input = html(row, "input", {
    type: "range",
    min: options.min,
    max: options.max,
    step: options.step,
    "aria-label": options.label,
    "data-udl-slider": options.name ?? options.label,
  });
  const output = html(row, "span", { class: "udl-slider-value", "aria-hidden": "true" });
  input.addEventListener("input", () => options.input(Number(input.value)));
  input.addEventListener("change", () => options.commit());
  return {
    node: row,
    show(value) {
      input.value = String(value);
      input.setAttribute("aria-valuetext", text(value));
      output.textContent = text(value);
    },
  };
}

/** Puts a mark on a slider's track; the function returned moves it to a value, with a short text below the track. */
export function trackMark(control: Control<number>): (at: number, text: string) => void {
  const input = control.node.querySelector("input")!;
  const track = html(control.node, "span", { class: "udl-track" });
  input.replaceWith(track);
  const mark = html(track, "span", { class: "udl-track-mark", "aria-hidden": "true" });
  const label = html(mark, "span");
  track.append(input);
  return (at, text) => {
    const share = (at - Number(input.min)) / (Number(input.max) - Number(input.min));
    mark.style.setProperty("--share", String(Math.min(1, Math.max(0, share))));
    label.textContent = text;
  };
}

/** A checkbox. */
export function toggle(parent: Element, label: string, change: (on: boolean) => void, name = label): Control<boolean> {
  const row = html(parent, "label", { class: "udl-toggle" });
  const input = html(row, "input", { type: "checkbox", "data-udl-toggle": name });
  html(row, "span", {}, label);
  input.addEventListener("change", () => change(input.checked));
  return { node: row, show: (on) => void (input.checked = on) };
}

/** A native select box. */
export function choice<T extends string>(
  parent: Element,
  label: string,
  options: readonly (readonly [value: T, text: string])[],
  change: (value: T) => void,
  name = label,
): Control<T> {
  const row = html(parent, "label", { class: "udl-choice" });
  html(row, "span", {}, label);
  const input = html(row, "select", { "data-udl-choice": name });
  for (const [value, text] of options) html(input, "option", { value }, text);
  input.addEventListener("change", () => change(input.value as T));
  return { node: row, show: (value) => void (input.value = value) };
}

/** A button; `name` is what tests and style sheets find it by. */
export function button(parent: Element, label: string, click: () => void, name = label): HTMLButtonElement {
  const node = html(parent, "button", { type: "button", class: "udl-button", "data-udl-button": name }, label);
  node.addEventListener("click", click);
  return node;
}

/** A group of controls in one row that wraps. */
export function group(parent: Element, className = ""): HTMLElement {
  return html(parent, "div", { class: `udl-controls ${className}`.trim() });
}
