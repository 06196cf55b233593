/** Makes an SVG element below `parent`; numbers and strings become attributes, `undefined` is left out. */
export function svg<K extends keyof SVGElementTagNameMap>(
  parent: Element,
  tag: K,
  attributes: Record<string, string | number | undefined> = {},
  text?: string,
): SVGElementTagNameMap[K] {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return finish(parent, node, attributes, text);
}

/** Makes an HTML element below `parent`. */
export function html<K extends keyof HTMLElementTagNameMap>(
  parent: Element,
  tag: K,
  attributes: Record<string, string | number | undefined> = {},
  text?: string,
): HTMLElementTagNameMap[K] {
  return finish(parent, document.createElement(tag), attributes, text);
}

function finish<N extends Element>(parent: Element, node: N, attributes: Record<string, string | number | undefined>, text?: string): N {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, String(value));
  }
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}

/** A number as a reader wants it: fixed digits, a true minus, no "-0.00". */
export function show(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "–";
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A symbol of the book as HTML text pieces: symbol(p, "φ", "0") appends φ with a subscript. */
export function symbol(parent: Element, letter: string, index = ""): HTMLElement {
  const span = html(parent, "span", { class: "udl-symbol" });
  html(span, "i", {}, letter);
  if (index) html(span, "sub", {}, index);
  return span;
}

/** The same symbol in plain Unicode, for labels and announcements: plain("θ", "10") is "θ₁₀". */
export function plain(letter: string, index = ""): string {
  return letter + [...index].map((c) => "₀₁₂₃₄₅₆₇₈₉"[Number(c)] ?? c).join("");
}
