import { encodeLink, type StateLink } from "./link.ts";
import { Plot, type PlotOptions } from "./plot.ts";
import { askFirst, type Question } from "./question.ts";
import { html, show } from "./svg.ts";

/** A figure's whole state: plain data, one entry for each trait of the Python widget. */
export type State = Record<string, unknown>;

export interface Table {
  caption: string;
  head: string[];
  rows: (string | number)[][];
}

/** What a live figure is: data, checks and a way to draw. Everything around it is the same for all (Frame). */
export interface FigureSpec<S extends State> {
  name: string;
  title: string;
  /** Raised when old links can no longer be understood. */
  version: number;
  keys: readonly (keyof S & string)[];
  /** Checks plain data and returns the state; throws an Error that names what was expected and what came. */
  parse(raw: State): S;
  /** What setting some entries from outside implies for others, before they are merged with the rest and parsed. */
  complete?(patch: State): State;
  build(frame: Frame<S>): View<S>;
  /** A shorter state that `parse` takes for the same one, for links; the state itself unless told otherwise. */
  compact?(state: S): State;
  /** Lines of Python with udl_core that give the same numbers. */
  python(state: S): string;
  question?: Question<S>;
}

export interface View<S extends State> {
  /** Draws the state; called at once on every change, so it must be fast. */
  draw(state: S): void;
  /** One line on what is seen now; also announced. */
  summary(state: S): string;
  table(state: S): Table;
  /** Finishes what is still being computed in the background, before the figure reports what it draws. */
  settle?(): void;
  destroy?(): void;
}

/** The part of an anywidget model that a figure needs. */
export interface Model {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** What a page can call on a figure's element. */
export interface FigureHandle {
  get(): State;
  set(state: State): void;
}

export type FigureElement = HTMLElement & { udl?: FigureHandle };

/** The frame around a figure: title, buttons, summary, undo, link, errors, and the traffic with the model. */
export class Frame<S extends State> {
  readonly body: HTMLElement;
  private readonly panel: HTMLElement;
  private readonly summaryLine: HTMLElement;
  private readonly announcer: HTMLElement;
  private readonly notice: HTMLElement;
  private readonly tablePlace: HTMLElement;
  private readonly plots: Plot[] = [];
  private view!: View<S>;
  private current: S;
  private readonly initial: S;
  private committed: S;
  private past: S[] = [];
  private future: S[] = [];
  private speak: ReturnType<typeof setTimeout> | undefined;
  private own = false;
  private answer: (() => void) | undefined;
  private buttons!: Record<"undo" | "redo" | "reset" | "table", HTMLButtonElement>;

  constructor(
    private readonly spec: FigureSpec<S>,
    private readonly model: Model,
    readonly root: FigureElement,
    private readonly onPage: boolean,
  ) {
    this.current = this.initial = this.committed = spec.parse(this.read());
    this.panel = html(root, "div", { class: "udl-live", role: "figure", "aria-label": spec.title });
    this.header();
    this.notice = html(this.panel, "p", { class: "udl-notice", hidden: "" });
    if (spec.question) this.answer = askFirst(this.panel, spec.question, () => this.current);
    this.body = html(this.panel, "div", { class: "udl-body" });
    this.summaryLine = html(this.panel, "p", { class: "udl-summary" });
    this.announcer = html(this.panel, "p", { class: "udl-hidden", role: "status" });
    // focusable, because a wide table scrolls sideways on a phone
    this.tablePlace = html(this.panel, "div", { class: "udl-table", hidden: "", tabindex: 0, role: "group", "aria-label": "Numbers of the figure" });
    try {
      this.view = spec.build(this);
      this.view.draw(this.current);
    } catch (error) {
      this.panel.remove();
      throw error;
    }
    this.linkViews();
    this.keys();
    this.after(false);
    for (const key of spec.keys) model.on(`change:${key}`, this.changedOutside);
    root.udl = { get: () => this.report(), set: (state) => this.setFromOutside(state) };
    root.dataset.udlState = "live";
  }

  get state(): S {
    return this.current;
  }

  /** A panel whose marks are reported by `el.udl.get().drawn`. */
  plot(parent: Element, options: PlotOptions): Plot {
    const plot = new Plot(parent, options);
    this.plots.push(plot);
    return plot;
  }

  /** Changes the state now and redraws; call `commit` when the gesture ends. */
  change(patch: Partial<S>): void {
    this.current = { ...this.current, ...patch };
    this.view.draw(this.current);
    this.after(true);
    this.push(Object.keys(patch));
  }

  /** Ends a gesture: what was before it can be undone to. */
  commit = (): void => {
    if (same(this.current, this.committed)) return;
    this.past.push(this.committed);
    this.future = [];
    this.committed = this.current;
    this.showHistory();
  };

  /** Puts back the state at the start of the gesture. */
  cancel = (): void => this.show(this.committed);

  /** Change and commit in one: for buttons, boxes and keys. */
  set(patch: Partial<S>): void {
    this.change(patch);
    this.commit();
  }

  destroy(): void {
    for (const key of this.spec.keys) this.model.off(`change:${key}`, this.changedOutside);
    clearTimeout(this.speak);
    this.view.destroy?.();
    this.panel.remove();
  }

  /** Takes the state of a link, or says why not. */
  follow(link: StateLink): void {
    this.root.scrollIntoView({ block: "start" });
    if (link.version !== this.spec.version || !link.state) {
      this.toDefault();
      this.say(
        link.version === this.spec.version
          ? "The link to this figure is damaged, so the figure starts from its default."
          : "The link to this figure comes from another version of this page, so the figure starts from its default.",
      );
      return;
    }
    try {
      this.show(this.spec.parse({ ...this.plain(), ...link.state }));
      this.commit();
    } catch (error) {
      this.toDefault();
      this.say(`The link holds a state that this figure can't show (${message(error)}), so it starts from its default.`);
    }
  }

  /** A short message at the top of the figure that can be closed. */
  say(text: string): void {
    this.notice.textContent = text;
    this.notice.hidden = false;
    const close = html(this.notice, "button", { type: "button", class: "udl-button", "aria-label": "Close this message" }, "×");
    close.addEventListener("click", () => (this.notice.hidden = true));
  }

  private read(): State {
    return Object.fromEntries(this.spec.keys.map((key) => [key, this.model.get(key)]));
  }

  private plain(): State {
    return structuredClone(Object.fromEntries(this.spec.keys.map((key) => [key, this.current[key]])));
  }

  private report(): State {
    this.view.settle?.();
    const drawn: Record<string, { x: number[]; y: number[] }> = {};
    for (const plot of this.plots) {
      for (const [name, mark] of plot.marks) drawn[name] = { x: [...mark.drawn.x], y: [...mark.drawn.y] };
    }
    return { ...this.plain(), name: this.spec.name, version: this.spec.version, summary: this.summaryLine.textContent, drawn };
  }

  private setFromOutside(state: State): void {
    this.guard(() => {
      if (typeof state !== "object" || state === null) throw new Error(`the state must be an object, got ${JSON.stringify(state)}`);
      const keys: readonly string[] = this.spec.keys;
      const unknown = Object.keys(state).find((key) => !keys.includes(key) && !REPORTED.includes(key));
      if (unknown) throw new Error(`the state must be made of ${keys.join(", ")}, got ${unknown}`);
      const wanted = Object.fromEntries(Object.entries(state).filter(([key]) => keys.includes(key)));
      this.show(this.spec.parse({ ...this.plain(), ...(this.spec.complete?.(wanted) ?? wanted) }));
      this.commit();
    });
  }

  private changedOutside = (): void => {
    if (this.own) return;
    this.guard(() => {
      this.current = this.spec.parse(this.read());
      this.view.draw(this.current);
      this.after(true);
      this.commit();
    });
  };

  /** Runs an update; a state that can't be drawn turns the figure back into its picture, with a way out. */
  private guard(update: () => void): void {
    try {
      update();
      this.revive();
    } catch (error) {
      this.fail(message(error));
      throw error;
    }
  }

  private fail(why: string): void {
    this.root.dataset.udlState = "failed";
    this.panel.hidden = true;
    this.root.querySelector(":scope > .udl-failure")?.remove();
    const note = html(this.root, "p", { class: "udl-failure", role: "alert" }, `This figure was given a state it can't draw: ${why}. `);
    const back = html(note, "button", { type: "button", class: "udl-button" }, "Back to the last good state");
    back.addEventListener("click", () => {
      this.show(this.committed);
      this.revive();
    });
  }

  private revive(): void {
    this.root.querySelector(":scope > .udl-failure")?.remove();
    this.panel.hidden = false;
    this.root.dataset.udlState = "live";
  }

  private show(state: S): void {
    const before = this.current;
    this.current = state;
    this.view.draw(state);
    this.after(true);
    this.push(this.spec.keys.filter((key) => !same(before[key], state[key])));
  }

  private push(keys: readonly string[]): void {
    this.own = true;
    for (const key of keys) this.model.set(key, this.current[key]);
    this.own = false;
    this.model.save_changes();
  }

  private after(announce: boolean): void {
    const text = this.view.summary(this.current);
    this.summaryLine.textContent = text;
    if (!this.tablePlace.hidden) this.drawTable();
    this.answer?.();
    clearTimeout(this.speak);
    // a screen reader hears the line once the figure rests, not at every step of a drag
    if (announce) this.speak = setTimeout(() => (this.announcer.textContent = text), 500);
    this.showHistory();
  }

  private header(): void {
    const head = html(this.panel, "div", { class: "udl-head" });
    html(head, "span", { class: "udl-title" }, this.spec.title);
    const bar = html(head, "span", { class: "udl-tools", role: "toolbar", "aria-label": "Figure tools" });
    const tool = (name: string, label: string, click: () => void): HTMLButtonElement => {
      const node = html(bar, "button", { type: "button", class: `udl-tool udl-tool-${name}`, "data-udl-tool": name, title: label, "aria-label": label });
      node.addEventListener("click", click);
      return node;
    };
    this.buttons = {
      undo: tool("undo", "Undo", () => this.back()),
      redo: tool("redo", "Redo", () => this.forth()),
      reset: tool("reset", "Reset the figure", () => this.toDefault()),
      table: tool("table", "Show the numbers as a table", () => this.toggleTable()),
    };
    if (this.onPage) tool("link", "Copy a link to this state", () => void this.copyLink());
    tool("python", "Copy as Python", () => void this.copy(this.spec.python(this.current), "Python code copied."));
    this.buttons.table.setAttribute("aria-expanded", "false");
  }

  private back(): void {
    const state = this.past.pop();
    if (!state) return;
    this.future.push(this.committed);
    this.committed = state;
    this.show(state);
  }

  private forth(): void {
    const state = this.future.pop();
    if (!state) return;
    this.past.push(this.committed);
    this.committed = state;
    this.show(state);
  }

  private toDefault(): void {
    this.show(this.initial);
    this.commit();
  }

  private showHistory(): void {
    // aria-disabled keeps the button in the tab order, so that focus isn't lost on the last undo
    this.buttons.undo.setAttribute("aria-disabled", String(!this.past.length));
    this.buttons.redo.setAttribute("aria-disabled", String(!this.future.length));
    this.buttons.reset.setAttribute("aria-disabled", String(same(this.current, this.initial)));
  }

  private toggleTable(): void {
    const open = this.tablePlace.hidden;
    this.tablePlace.hidden = !open;
    this.buttons.table.setAttribute("aria-expanded", String(open));
    if (open) this.drawTable();
  }

  private drawTable(): void {
    const { caption, head, rows } = this.view.table(this.current);
    this.tablePlace.replaceChildren();
    const table = html(this.tablePlace, "table");
    html(table, "caption", {}, caption);
    const top = html(html(table, "thead"), "tr");
    for (const cell of head) html(top, "th", { scope: "col" }, cell);
    const body = html(table, "tbody");
    for (const row of rows) {
      const line = html(body, "tr");
      row.forEach((cell, i) => html(line, i ? "td" : "th", i ? {} : { scope: "row" }, typeof cell === "number" ? show(cell, 4) : cell));
    }
  }

  private async copyLink(): Promise<void> {
    const fragment = encodeLink(this.root.id.replace(/^udl-/, "") || this.spec.name, this.spec.version, this.spec.compact?.(this.current) ?? this.plain());
    history.replaceState(history.state, "", fragment);
    await this.copy(location.href, "Link copied.");
  }

  private async copy(text: string, done: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.say(done);
    } catch {
      // no permission or no secure context: show it ready to be copied
      this.say("Copy this: ");
      const area = html(this.notice, "textarea", { readonly: "", rows: 4, "aria-label": "Text to copy" });
      area.value = text;
      area.select();
    }
  }

  /** Hovering or focusing one thing lights up everything with the same link: its line, parameters, term, row. */
  private linkViews(): void {
    const light = (source: Element | null): void => {
      const links = source?.getAttribute("data-udl-link")?.split(" ") ?? [];
      this.panel.classList.toggle("udl-linking", links.length > 0);
      for (const node of this.panel.querySelectorAll("[data-udl-link]")) {
        const own = node.getAttribute("data-udl-link")!.split(" ");
        node.classList.toggle("udl-lit", links.some((link) => own.includes(link)));
      }
    };
    for (const type of ["pointerover", "focusin"]) {
      this.body.addEventListener(type, (event) => light((event.target as Element).closest("[data-udl-link]")));
    }
    for (const type of ["pointerleave", "focusout"]) this.body.addEventListener(type, () => light(null));
  }

  private keys(): void {
    this.panel.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) this.back();
      else if (key === "y" || (key === "z" && event.shiftKey)) this.forth();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
}

/** What `get` adds to the state: allowed in `set`, so that a report can be handed back, and left alone. */
const REPORTED = ["name", "version", "summary", "drawn"];

export const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
