/** Hovering or focusing one thing lights up everything with the same link: its line, parameters, term, row. */
export function linkViews(panel: HTMLElement, body: HTMLElement): void {
  const light = (source: Element | null): void => {
    const links = source?.getAttribute("data-udl-link")?.split(" ") ?? [];
    panel.classList.toggle("udl-linking", links.length > 0);
    for (const node of panel.querySelectorAll("[data-udl-link]")) {
      const own = node.getAttribute("data-udl-link")!.split(" ");
      node.classList.toggle("udl-lit", links.some((link) => own.includes(link)));
    }
  };
  for (const type of ["pointerover", "focusin"]) {
    body.addEventListener(type, (event) => light((event.target as Element).closest("[data-udl-link]")));
  }
  for (const type of ["pointerleave", "focusout"]) body.addEventListener(type, () => light(null));
}
