import { button, choice, group, slider, toggle, type Control } from "../controls.ts";
import type { Frame } from "../frame/frame.ts";
import type { State } from "../frame/spec.ts";
import { html, plain, symbol } from "../svg.ts";
import { short, show } from "../words.ts";
import type { ControlSpec, ControlsSpec, Field, Term } from "./declaration.ts";

type Kind<K extends ControlSpec["kind"]> = Extract<ControlSpec, { kind: K }>;

/** Sliders, boxes, buttons, equations and notes below each other. The function returned shows a state in them. */
export function controls<S extends State>(
  parent: Element,
  { items, wide }: ControlsSpec,
  frame: Frame<S>,
  fields: Record<string, Field>,
  press: (name: string) => void,
): (state: S, words: Record<string, unknown>) => void {
  const column = html(parent, "div", { class: wide ? undefined : "udl-column" });
  const shows: ((state: S, words: Record<string, unknown>) => void)[] = [];
  const patch = (key: string, value: unknown): Partial<S> => ({ [key]: value }) as Partial<S>;
  let row: HTMLElement | undefined;
  for (const item of items) {
    if (item.kind === "note" || item.kind === "equation" || item.kind === "sliders") row = undefined;
    else row ??= group(column);
    switch (item.kind) {
      case "note": {
        const note = html(column, "p", { class: "udl-note", "data-udl-link": item.link });
        shows.push((_, words) => (note.textContent = words[item.name] as string));
        break;
      }
      case "equation": {
        const write = equation(column, item.terms, item.small);
        shows.push((_, words) => write(words[item.name] as readonly string[]));
        break;
      }
      case "sliders":
        shows.push(vectorSliders(column, item, frame));
        break;
      case "button":
        button(row!, item.label, () => press(item.name), item.name);
        break;
      case "slider":
        shows.push(fieldSlider(row!, item, fields[item.key], frame));
        break;
      case "toggle": {
        const box = toggle(row!, item.label, (on) => frame.set(patch(item.key, on)), item.key);
        shows.push((state) => box.show(state[item.key] as boolean));
        break;
      }
      case "select": {
        const options = fields[item.key].options!.map((value) => [value, item.texts[value] ?? value] as const);
        const box = choice(row!, item.label, options, (value) => frame.set(patch(item.key, value)), item.key);
        shows.push((state) => box.show(state[item.key] as string));
      }
    }
  }
  return (state, words) => shows.forEach((show) => show(state, words));
}

function fieldSlider<S extends State>(row: Element, { key, label, link, step, role, log }: Kind<"slider">, { lo, hi, kind }: Field, frame: Frame<S>): (state: S) => void {
  const [to, from] = log ? [Math.log10, (v: number) => 10 ** v] : [Number, Number];
  const text = (v: number): string => (kind === "whole" ? show(v, 0) : log ? short(v) : show(v));
  let value = lo!;
  const control = slider(row, {
    label, name: key, link, min: to(lo!), max: to(hi as number), step: kind === "whole" ? 1 : step,
    role: role && `udl-${role}`,
    text: () => text(value),
    input: (v) => frame.change({ [key]: from(v) } as Partial<S>),
    commit: frame.commit,
  });
  return (state) => {
    value = state[key] as number;
    control.show(to(value));
  };
}

/** One slider for each entry of a vector, brought up to date only while they are seen. */
function vectorSliders<S extends State>(parent: Element, item: Kind<"sliders">, frame: Frame<S>): (state: S) => void {
  const { key, labels, links, roles, lo, hi, step } = item;
  const box = html(parent, "details", { class: "udl-sliders", open: item.unfolded && innerWidth > 700 ? "" : undefined });
  html(box, "summary", {}, item.title);
  const place = group(box, "udl-slider-grid");
  const entries = (): number[] => frame.state[key] as number[];
  const made = labels.map((label, k): Control<number> => {
    const [letter, index] = label.split("_");
    return slider(place, {
      label: plain(letter, index),
      draw: (name) => void symbol(name, letter, index),
      name: `${NAMES[letter] ?? letter}${index}`,
      min: lo, max: hi, step, link: links?.[k],
      role: roles?.[k] && `udl-${roles[k]}`,
      input: (v) => frame.change({ [key]: entries().map((was, i) => (i === k ? v : was)) } as Partial<S>),
      commit: frame.commit,
    });
  });
  const show = (): void => {
    if (box.open) made.forEach((control, k) => control.show(entries()[k]));
  };
  box.addEventListener("toggle", show);
  return show;
}

const NAMES: Record<string, string> = { θ: "theta", φ: "phi", β: "beta", ω: "omega" };

/** Terms in a row; symbols stand in braces. The function returned writes a number below each. */
function equation(parent: Element, terms: readonly Term[], small = false): (texts: readonly string[]) => void {
  const line = html(parent, "p", { class: small ? "udl-equation udl-equation-small" : "udl-equation", "aria-live": "off" });
  const values = terms.map(({ text, role, link }) => {
    const box = html(line, "span", { class: role ? `udl-term udl-${role}` : "udl-term", "data-udl-link": link });
    const top = html(box, "span");
    text.split(/\{(.*?)\}/).forEach((part, k) => (k % 2 ? symbol(top, ...(part.split("_") as [string, string?])) : top.append(part)));
    return html(box, "span", { class: "udl-term-value" });
  });
  return (texts) => values.forEach((value, k) => (value.textContent = texts[k]));
}
