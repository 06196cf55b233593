import { decodeLink } from "./link.ts";
import { Frame } from "./frame/frame.ts";
import type { Model } from "./frame/model.ts";
import { message, type FigureElement, type FigureSpec, type State } from "./frame/spec.ts";
import { html } from "./svg.ts";

type Registry = ReadonlyMap<string, FigureSpec<State>>;

/** Brings the figures of a static page to life: no kernel, no server. Safe to call more than once. */
export async function bringToLife(registry: Registry): Promise<void> {
  if (document.readyState === "loading") {
    // this module is loaded async; waiting for DOMContentLoaded would queue behind the theme's deferred scripts
    await new Promise((done) => document.addEventListener("readystatechange", done, { once: true }));
  }
  const figures = [...document.querySelectorAll<FigureElement>("[data-udl-widget][data-udl-state=picture]")];
  const seen = new Map<string, number>();
  for (const root of figures) {
    const name = root.dataset.udlWidget!;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    if (!document.getElementById(`udl-${name}`)) root.id = `udl-${name}`;
    else if (!root.id) root.id = `udl-${name}-${count}`;
  }
  const frames = new Map<Element, Frame<State>>();
  const wake = (root: FigureElement): void => {
    if (root.dataset.udlState !== "picture") return;
    const frame = mount(registry, root, stateOf(root), true);
    if (frame) frames.set(root, frame);
  };
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        wake(target as FigureElement);
      }
    },
    { rootMargin: "800px" },
  );
  for (const root of figures) near.observe(root);

  const follow = (): void => {
    const link = decodeLink(location.hash);
    if (!link) return;
    const root = figures.find((f) => f.id === `udl-${link.name}`) ?? figures.find((f) => f.dataset.udlWidget === link.name);
    if (root) {
      wake(root);
      frames.get(root)?.follow(link);
    } else if (figures[0]) {
      wake(figures[0]);
      figures[0].scrollIntoView({ block: "start" });
      frames.get(figures[0])?.say("The link names a figure that isn't on this page, so every figure starts from its default.");
    }
  };
  follow();
  addEventListener("hashchange", follow);
  // the link to the state that is shown changes no address, and still leads there
  addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.<HTMLAnchorElement>("a[href]");
    if (link && !event.defaultPrevented && link.href === location.href) follow();
  });
  addEventListener("beforeprint", () => figures.forEach(wake));
}

/** Mounts one figure into its element; on failure the picture stays, with a word. */
export function mount(registry: Registry, root: FigureElement, model: Model | Error, onPage: boolean): Frame<State> | undefined {
  try {
    if (model instanceof Error) throw model;
    const spec = registry.get(root.dataset.udlWidget ?? "");
    if (!spec) throw new Error(`there is no live figure called "${root.dataset.udlWidget}"`);
    return new Frame(spec, model, root, onPage);
  } catch (error) {
    root.dataset.udlState = "failed";
    html(root, "p", { class: "udl-failure", role: "alert" }, `This figure can't come to life: ${message(error)}.`);
    return undefined;
  }
}

function stateOf(root: Element): Model | Error {
  try {
    const text = root.querySelector('script[type="application/json"]')?.textContent ?? "";
    return new PageModel(JSON.parse(text) as State);
  } catch (error) {
    return new Error(`its state is not valid JSON (${message(error)})`);
  }
}

/** Stands in for the Jupyter model where there is no kernel. */
class PageModel implements Model {
  private readonly listeners: [string, () => void][] = [];
  constructor(private readonly state: State) {}
  get(key: string): unknown {
    return this.state[key];
  }
  set(key: string, value: unknown): void {
    this.state[key] = value;
    for (const [event, callback] of [...this.listeners]) if (event === `change:${key}`) callback();
  }
  save_changes(): void {}
  on(event: string, callback: () => void): void {
    this.listeners.push([event, callback]);
  }
  off(event: string, callback: () => void): void {
    const at = this.listeners.findIndex(([e, c]) => e === event && c === callback);
    if (at >= 0) this.listeners.splice(at, 1);
  }
}
