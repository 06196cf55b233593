import { decodeLink, encodeLink, LONGEST, type StateLink } from "../link.ts";
import { Plot, type PlotOptions } from "../plot.ts";
import { askFirst } from "../question.ts";
import { html } from "../svg.ts";
import { Failure } from "./failure.ts";
import { History } from "./history.ts";
import { linkViews } from "./lighting.ts";
import { Traffic, type Model } from "./model.ts";
import { Notice } from "./notice.ts";
import { message, same, type FigureElement, type FigureSpec, type State, type View } from "./spec.ts";
import { Summary } from "./summary.ts";
import { NumbersTable } from "./table.ts";
import { header, undoKeys } from "./tools.ts";

/** The frame around a figure: it holds the state, and passes every change on to those who show it. */
export class Frame<S extends State> {
  readonly body: HTMLElement;
  private readonly panel: HTMLElement;
  private readonly plots: Plot[] = [];
  private readonly view: View<S>;
  private current: S;
  private readonly initial: S;
  private readonly history: History<S>;
  private readonly traffic: Traffic;
  private readonly notice: Notice;
  private readonly summary: Summary;
  private readonly table: NumbersTable;
  private readonly failure: Failure;
  private readonly enable: ReturnType<typeof header>;
  private readonly answer: (() => void) | undefined;

  constructor(
    private readonly spec: FigureSpec<S>,
    model: Model,
    readonly root: FigureElement,
    private readonly onPage: boolean,
  ) {
    this.traffic = new Traffic(model, spec.keys, () => this.failure.guard(() => this.heard()));
    this.current = this.initial = spec.parse(this.traffic.read());
    this.history = new History(this.current);
    this.panel = html(root, "div", { class: "udl-live", role: "figure", "aria-label": spec.title });
    this.failure = new Failure(root, this.panel, this.cancel);
    this.enable = header(this.panel, spec.title, {
      undo: this.undo,
      redo: this.redo,
      reset: () => this.toDefault(),
      table: (button) => this.table.toggle(button),
      ...(onPage && { link: () => void this.copyLink() }),
      python: () => void this.notice.copy(spec.python(this.current), "Python code copied."),
    });
    this.notice = new Notice(this.panel);
    this.answer = spec.question && askFirst(this.panel, spec.question, () => this.current);
    this.body = html(this.panel, "div", { class: "udl-body" });
    this.summary = new Summary(this.panel);
    this.table = new NumbersTable(this.panel, () => this.view.table(this.current));
    try {
      this.view = spec.build(this);
      this.view.draw(this.current);
    } catch (error) {
      this.panel.remove();
      throw error;
    }
    linkViews(this.panel, this.body);
    undoKeys(this.panel, this.undo, this.redo);
    this.after(false);
    this.traffic.listen();
    root.udl = { get: () => this.report(), set: (state) => this.failure.guard(() => this.take(state)) };
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

  /**
   * Changes the state now and redraws; call `commit` when the gesture ends. A state that the figure itself makes and can't
   * show, as when a descent runs away, stops it: it says so, and stays where it was. Then this is false.
   */
  change(patch: Partial<S>): boolean {
    const next = this.spec.fit?.(this.current, patch) ?? { ...this.current, ...patch };
    try {
      this.spec.parse(next);
    } catch (error) {
      this.view.stop?.();
      this.say(`The figure stopped here, for it can’t go on: ${message(error)}.`);
      return false;
    }
    this.show(next, Object.keys(patch));
    return true;
  }

  /** Ends a gesture: what was before it can be undone to. */
  commit = (): void => {
    this.history.commit(this.current);
    this.showTools();
  };

  /** Puts back the state at the start of the gesture. */
  cancel = (): void => this.show(this.history.committed);

  /** Change and commit in one: for buttons, boxes and keys. */
  set(patch: Partial<S>): void {
    this.change(patch);
    this.commit();
  }

  destroy(): void {
    this.traffic.end();
    this.summary.hush();
    this.view.destroy?.();
    this.panel.remove();
  }

  /** Takes the state of a link, or says why not. */
  follow(link: StateLink): void {
    this.root.scrollIntoView({ block: "start" });
    const refuse = (why: string): void => {
      this.toDefault();
      this.say(`${why}, so the figure starts from its default.`);
    };
    if (link.version !== this.spec.version) return refuse("The link to this figure comes from another version of this page");
    if (!link.state) return refuse("The link to this figure is damaged");
    try {
      this.draw(this.spec.parse({ ...this.plain(), ...link.state }));
      this.commit();
    } catch (error) {
      refuse(`The link holds a state that this figure can't show (${message(error)})`);
    }
  }

  say(text: string): void {
    this.notice.say(text);
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
    return { ...this.plain(), name: this.spec.name, version: this.spec.version, summary: this.summary.text, drawn };
  }

  /** A state, or some entries of one, from the page. */
  private take(state: State): void {
    if (typeof state !== "object" || state === null) throw new Error(`the state must be an object, got ${JSON.stringify(state)}`);
    const keys: readonly string[] = this.spec.keys;
    const unknown = Object.keys(state).find((key) => !keys.includes(key) && !REPORTED.includes(key));
    if (unknown) throw new Error(`the state must be made of ${keys.join(", ")}, got ${unknown}`);
    const wanted = Object.fromEntries(Object.entries(state).filter(([key]) => keys.includes(key)));
    this.show(this.spec.parse({ ...this.plain(), ...(this.spec.complete?.(wanted) ?? wanted) }));
    this.commit();
  }

  /** The model has another state. */
  private heard(): void {
    this.show(this.spec.parse(this.traffic.read()), []);
    this.commit();
  }

  /** Draws a good state that the address of the page knows nothing of. */
  private show(state: S, keys?: readonly string[]): void {
    this.draw(state, keys);
    // so that the same link, wherever it is followed again, is another address and brings its state back
    if (this.onPage && decodeLink(location.hash)?.name === this.linkName) history.replaceState(history.state, "", `#udl-${this.linkName}`);
  }

  /** Draws a good state, and tells the model of these entries, or of those that are new. */
  private draw(state: S, keys?: readonly string[]): void {
    const before = this.current;
    this.current = state;
    this.view.draw(state);
    this.after(true);
    const tell = keys ?? this.spec.keys.filter((key) => !same(before[key], state[key]));
    if (!keys || keys.length) this.traffic.push(state, tell);
  }

  private get linkName(): string {
    return this.root.id.replace(/^udl-/, "") || this.spec.name;
  }

  private after(announce: boolean): void {
    this.summary.show(this.view.summary(this.current), announce);
    this.table.update();
    this.answer?.();
    this.showTools();
  }

  private showTools(): void {
    this.enable("undo", this.history.canUndo);
    this.enable("redo", this.history.canRedo);
    this.enable("reset", !same(this.current, this.initial));
  }

  private undo = (): void => this.goTo(this.history.undo());
  private redo = (): void => this.goTo(this.history.redo());
  private goTo(state: S | undefined): void {
    if (state !== undefined) this.show(state);
  }

  private toDefault(): void {
    this.show(this.initial);
    this.commit();
  }

  private async copyLink(): Promise<void> {
    const fragment = encodeLink(this.linkName, this.spec.version, this.spec.compact?.(this.current) ?? this.plain());
    if (fragment.length > LONGEST) return this.say("This state is too long for a link: not every program would keep all of it. Copy it as Python instead.");
    history.replaceState(history.state, "", fragment);
    await this.notice.copy(location.href, "Link copied.");
  }
}

/** What `get` adds to the state: allowed in `set`, so that a report can be handed back, and left alone. */
const REPORTED = ["name", "version", "summary", "drawn"];
