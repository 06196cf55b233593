import { html, show } from "./svg.ts";

/** A question asked before the reader looks: a number to commit to, compared with the truth afterwards. */
export interface Question<S> {
  ask: string;
  min: number;
  max: number;
  step: number;
  text?(value: number): string;
  truth(state: S): number;
}

/** Shows the question above a figure. The function returned compares a committed guess with the truth as it is now. */
export function askFirst<S>(parent: Element, { ask, min, max, step, text = (v) => show(v), truth }: Question<S>, state: () => S): () => void {
  const box = html(parent, "details", { class: "udl-question" });
  html(box, "summary", {}, "Predict first");
  const line = html(box, "div", { class: "udl-controls" });
  const label = html(line, "label", { class: "udl-guess" });
  html(label, "span", {}, ask);
  const input = html(label, "input", { type: "range", min, max, step, value: (min + max) / 2, "data-udl-slider": "guess" });
  const output = html(label, "span", { class: "udl-slider-value" });
  const commit = html(line, "button", { type: "button", class: "udl-button", "data-udl-button": "guess" }, "That is my guess");
  const result = html(box, "p", { role: "status", class: "udl-answer" });
  let guess: number | undefined;
  const echo = (): void => {
    output.textContent = text(Number(input.value));
    input.setAttribute("aria-valuetext", text(Number(input.value)));
  };
  const answer = (): void => {
    if (guess === undefined) return;
    const value = truth(state());
    const off = Math.abs(guess - value);
    const verdict = off <= step / 2 ? "Right." : `Off by ${text(off)}.`;
    result.textContent = `You said ${text(guess)}; it is ${text(value)}. ${verdict}`;
  };
  input.addEventListener("input", echo);
  commit.addEventListener("click", () => {
    guess = Number(input.value);
    answer();
  });
  echo();
  return answer;
}
