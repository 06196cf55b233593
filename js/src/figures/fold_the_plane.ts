import { button, choice, group, slider } from "../controls.ts";
import type { FigureSpec, Frame, View } from "../figure.ts";
import { draggable, handle } from "../handle.ts";
import { packDeep, unpackDeep, upperBound, type DeepNet } from "../numeric/deep_net.ts";
import { drawnDeep, foldedDeep, seedOf } from "../numeric/deep_draws.ts";
import { regionAt, type Region } from "../numeric/deep_regions.ts";
import { html, show, svg } from "../svg.ts";
import { BentLines, drawFills, FINE } from "./fold_the_plane_drawing.ts";
import { chosenLine } from "./fold_the_plane_line.ts";
import { shapeControls } from "./fold_the_plane_shape.ts";
import { DEPTH, firstUnit, layerOfUnits, levelsOf, listOn, parseFold, PINS, type FoldThePlaneState } from "./fold_the_plane_state.ts";
import { affineOf, coloursOf, countInside, regionTable } from "./fold_the_plane_words.ts";
import { unitDots, unitSliders } from "./fold_the_plane_units.ts";
import { count, unitClass } from "./parameter_sliders.ts";

export const foldThePlane: FigureSpec<FoldThePlaneState> = {
  name: "fold-the-plane",
  title: "Fold the plane",
  version: 1,
  keys: ["widths", "phi", "layers", "unit", "x", "pinned", "fill"],
  parse: parseFold,
  // a network of another shape is shown whole, with its first unit chosen, unless told otherwise
  complete: (patch) => (Array.isArray(patch.widths) ? { layers: patch.widths.length - 2, unit: [1, 1], ...patch } : patch),
  build,
  python: ({ widths, phi, layers, x }) => `import numpy as np
from udl_core import Deep, regions

net = Deep([${widths.join(", ")}])
phi = np.array([${phi.join(", ")}])
x = np.array([[${x.join(", ")}]])
box = ((-1, 1), (-1, 1))
for k in range(1, ${layers} + 1):
    first = Deep([*net.widths[: k + 1], 1])  # the first k layers, with an output that adds nothing
    cut = np.concatenate([phi[: first.n_params - net.widths[k] - 1], np.zeros(net.widths[k] + 1)])
    found = regions.linear_regions(first, cut, box)
    print(len(found), "regions after layer", k, "at most", regions.upper_bound(first.widths))
found = regions.linear_regions(net, phi, box)
here = found.locate(x)[0]
print(net(x, phi), found.patterns[here].astype(int), found.maps[here, 0])`,
  question: {
    ask: "Layer 1 has cut the square. How many regions will there be after layer 2?",
    min: 1,
    max: 80,
    step: 1,
    text: (v) => show(v, 0),
    truth: (state) => (levelsOf(state)[1] ?? levelsOf(state)[0]).length,
  },
};

function build(frame: Frame<FoldThePlaneState>): View<FoldThePlaneState> {
  const grid = html(frame.body, "div", { class: "udl-grid udl-grid-plane" });
  const plane = frame.plot(grid, {
    label: "The input plane, cut by the layers' units",
    margin: { top: 26 },
    x: [-1, 1],
    y: [-1, 1],
    xlabel: "x₁",
    ylabel: "x₂",
    width: 320,
    height: 318,
  });
  const legend = Array.from({ length: DEPTH }, (_, k) => {
    const at = plane.area.left + 74 * k;
    const entry = svg(plane.svg, "g", { class: `udl-layer-${k + 1} ${unitClass(k)}`, "aria-hidden": "true" });
    svg(entry, "path", { d: `M${at} 10.5h18`, stroke: "var(--role)" });
    svg(entry, "text", { x: at + 22, y: 15 }, `layer ${k + 1}`);
    return entry;
  });
  const { left, right, top, bottom } = plane.area;
  // the grid would look like one more edge through half transparent colours
  svg(plane.layer, "rect", { x: left, y: top, width: right - left, height: bottom - top, class: "udl-blank" });
  const fills = svg(plane.layer, "g", { transform: FINE });
  const lines = new BentLines(plane, svg(plane.layer, "g"), DEPTH);
  const corners = plane.mark("regions", fills, () => undefined);
  const sizes = plane.mark("region sizes and areas", fills, () => undefined);
  const counts = plane.mark("regions after each layer", fills, () => undefined);
  const kept = Array.from({ length: PINS }, (_, p) => plane.polygon(`pinned ${p + 1}`, "udl-chosen udl-kept"));
  const chosen = plane.polygon("chosen region", "udl-chosen");
  const pointed = plane.polygon("region under the pointer", "udl-chosen udl-pointed");
  const grip = svg(plane.layer, "path", { class: "udl-grip udl-grip-narrow", transform: FINE });
  const letters = kept.map((_, p) => svg(plane.top, "text", { class: "udl-line-name", "text-anchor": "middle", "aria-hidden": "true" }, "AB"[p]));
  const named = svg(plane.top, "text", { class: "udl-line-name", "text-anchor": "middle", "aria-hidden": "true" });

  const side = html(grid, "div", { class: "udl-column" });
  const dots = unitDots(side, (layer, unit) => frame.set({ unit: [layer, unit], layers: Math.max(layer, frame.state.layers) }));
  const note = html(side, "p", { class: "udl-equation-line udl-region-note" });
  const pinNotes = html(side, "div", { class: "udl-note udl-pin-notes" });
  const scale = html(side, "p", { class: "udl-note" });
  html(side, "p", { class: "udl-note" }, "Drag a line, or choose its unit above and drag the handle. Click a region to pin it.");

  const net = (): DeepNet => unpackDeep(frame.state.widths, frame.state.phi);
  const edit = (change: (net: DeepNet) => void): void => {
    const next = net();
    change(next);
    frame.change({ phi: packDeep(next) });
  };
  const rest = { commit: frame.commit, cancel: frame.cancel };

  const line = chosenLine(frame, plane);
  const probe = handle(plane, {
    label: "Input x; press Enter to pin its region",
    name: "input",
    className: "udl-ink",
    step: [0.02, 0.02],
    set: (x1, x2) => frame.change({ x: [x1, x2] }),
    text: (x1, x2) => `x₁ = ${show(x1)}, x₂ = ${show(x2)}`,
    ...rest,
  });

  const controls = group(frame.body);
  const layers = slider(controls, {
    label: "Layers shown",
    name: "layers",
    min: 1,
    max: DEPTH,
    step: 1,
    text: (v) => `${v} of ${frame.state.widths.length - 2}`,
    input: (v) => {
      const [layer, unit] = frame.state.unit;
      frame.change({ layers: v, unit: layer > v ? [v, Math.min(unit, frame.state.widths[v])] : [layer, unit] });
    },
    commit: frame.commit,
  });
  const fill = choice(controls, "Colour by", [["pattern", "share of units on"], ["output", "output y"], ["distance", "units unlike x's"]], (value) => frame.set({ fill: value }), "fill");
  const actions = group(frame.body);
  button(actions, "Shuffle", () => redraw(drawnDeep(frame.state.widths, seedOf(frame.state.phi))), "shuffle");
  const fold = button(actions, "Fold", () => redraw(foldedDeep(frame.state.widths, seedOf(frame.state.phi))), "fold");
  const pin = button(actions, "Pin the region of x", () => togglePin(frame.state.x), "pin");
  const sliders = unitSliders(frame.body, edit, frame.commit);
  const lost = html(frame.body, "p", { class: "udl-note" });
  const shape = shapeControls(frame);
  /** Shows another network of the same shape; if the chosen unit has no line in it, one that has is chosen. */
  const redraw = (next: DeepNet): void => {
    const { widths, layers, unit } = frame.state;
    const phi = packDeep(next);
    const of = layerOfUnits(widths);
    const seen = (u: number): boolean => levelsOf({ ...frame.state, phi })[of[u]].some(({ edges }) => edges.includes(2 * u + 1));
    const now = firstUnit(widths, unit[0] - 1) + unit[1] - 1;
    const u = seen(now) ? now : of.findIndex((k, other) => k < layers && seen(other));
    frame.set({ phi, unit: u < 0 ? unit : [of[u] + 1, u - firstUnit(widths, of[u]) + 1] });
  };
  let shown: Region[] = [];
  const togglePin = ([x1, x2]: readonly number[]): void => {
    const region = regionAt(shown, x1, x2);
    const others = frame.state.pinned.filter((p) => regionAt(shown, p[0], p[1]) !== region);
    const pinned = others.length < frame.state.pinned.length ? others : [...others, [x1, x2]].slice(-PINS);
    frame.set({ pinned });
  };
  let hovered: [number, number] | undefined;
  let near: number | undefined;
  const inSquare = (p: readonly number[]): boolean => p.every((v) => Math.abs(v) <= 1);
  const choose = (u: number): void => {
    const layer = layerOfUnits(frame.state.widths)[u];
    line.hold(hovered);
    frame.change({ unit: [layer + 1, u - firstUnit(frame.state.widths, layer) + 1] });
  };
  draggable(plane, grip, {
    start: () => near !== undefined && choose(near),
    move: line.through,
    ...rest,
  });
  const outlineChosen = (): void => {
    const { x, widths, layers } = frame.state;
    const mine = shown[regionAt(shown, ...(x as [number, number]))];
    const region = hovered ? shown[regionAt(shown, ...hovered)] : mine;
    chosen.set(mine.x, mine.y);
    pointed.set(hovered ? region.x : [], hovered ? region.y : []);
    dots.show(region, frame.state);
    note.textContent = `${hovered ? "Here" : "At x"}: ${describe(region)}`;
    grip.setAttribute("d", near === undefined ? "" : (lines.paths[near].getAttribute("d") ?? ""));
    lines.paths.forEach((path, u) => path.classList.toggle("udl-near", u === near));
    const layer = near === undefined ? 0 : layerOfUnits(widths)[near];
    named.setAttribute("visibility", near === undefined || !hovered || layer >= layers ? "hidden" : "visible");
    if (near !== undefined && hovered) {
      named.textContent = `unit ${near - firstUnit(widths, layer) + 1} of layer ${layer + 1}`;
      named.setAttribute("x", String(Math.max(left + 52, Math.min(right - 52, plane.sx(hovered[0])))));
      named.setAttribute("y", String(plane.sy(hovered[1]) + (hovered[1] > 0.85 ? 26 : -14)));
    }
  };
  const describe = (region: Region): string => {
    const { widths, layers } = frame.state;
    const next = layers === widths.length - 2 ? affineOf(net(), region) : cutLater(region);
    return `${next}\nArea ${show(region.area, region.area < 0.1 ? 4 : 2)} of 4.`;
  };
  const cutLater = (region: Region): string => {
    const parts = countInside(levelsOf(frame.state), frame.state.layers - 1, shown.indexOf(region));
    return parts === 1 ? "no later layer cuts this region." : `later layers cut this region into ${parts}.`;
  };
  plane.svg.addEventListener("pointermove", (event) => {
    if (event.buttons || event.pointerType === "touch") return;
    const p = plane.invert(event.clientX, event.clientY);
    hovered = inSquare(p) ? p : undefined;
    const overHandle = (event.target as Element).closest(".udl-handle");
    near = hovered && !overHandle ? lines.near(...hovered, 7 / scaleOf()) : undefined;
    outlineChosen();
  });
  plane.svg.addEventListener("pointerleave", (event) => {
    if (event.buttons) return;
    hovered = near = undefined;
    outlineChosen();
  });
  plane.svg.addEventListener("click", (event) => {
    if ((event.target as Element).closest(".udl-draggable")) return;
    const p = plane.invert(event.clientX, event.clientY);
    if (!inSquare(p)) return;
    // a finger has no hover to find a line with, so a tap on one chooses it
    const tapped = event.pointerType === "touch" ? lines.near(...p, 8 / scaleOf()) : undefined;
    if (tapped === undefined) return togglePin(p);
    choose(tapped);
    frame.commit();
  });
  probe.node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    togglePin(frame.state.x);
  });
  /** Pixels of the screen in one unit of the plane. */
  const scaleOf = (): number => ((plane.sx(1) - plane.sx(0)) * plane.svg.getBoundingClientRect().width) / 320;

  const showPins = ({ pinned, widths }: FoldThePlaneState): void => {
    const found = pinned.map((p) => shown[regionAt(shown, p[0], p[1])]);
    kept.forEach((mark, p) => {
      mark.set(found[p]?.x ?? [], found[p]?.y ?? []);
      letters[p].setAttribute("visibility", found[p] ? "visible" : "hidden");
      if (!found[p]) return;
      const middle = (v: number[]): number => v.reduce((sum, c) => sum + c, 0) / v.length;
      letters[p].setAttribute("x", plane.sx(middle(found[p].x)).toFixed(1));
      letters[p].setAttribute("y", (plane.sy(middle(found[p].y)) + 4.5).toFixed(1));
    });
    const texts = found.map((region, p) => {
      const on = Array.from({ length: frame.state.layers }, (_, k) => listOn(region, widths, k)).join(" / ");
      return `${"AB"[p]}: ${describe(region).replace("\n", ". ").replace("..", ".")} On: ${on}.`;
    });
    if (found.length === 2) {
      const of = layerOfUnits(widths);
      const differ = found[0].on.flatMap((on, u) => (on === found[1].on[u] ? [] : [`${of[u] + 1}.${u - firstUnit(widths, of[u]) + 1}`]));
      texts.push(differ.length ? `Between A and B ${count(differ.length, "unit")} switch${differ.length === 1 ? "es" : ""}: ${differ.join(", ")} (layer.unit).` : "A and B are one region.");
    }
    pinNotes.replaceChildren(...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    const mine = regionAt(shown, ...(frame.state.x as [number, number]));
    pin.textContent = pinned.some((p) => regionAt(shown, p[0], p[1]) === mine) ? "Unpin the region of x" : "Pin the region of x";
  };

  return {
    draw(state) {
      const { widths, x, unit: [layer, unit] } = state;
      const levels = levelsOf(state);
      shown = levels[state.layers - 1];
      const of = layerOfUnits(widths);
      const colours = coloursOf(shown, state);
      drawFills(fills, plane, shown, colours.tints);
      fills.parentElement!.classList.toggle("udl-over-scale", state.fill !== "pattern");
      lines.draw(shown, of);
      corners.set(shown.flatMap((r) => r.x), shown.flatMap((r) => r.y));
      sizes.set(shown.map((r) => r.x.length), shown.map((r) => r.area));
      counts.set(levels.map((_, k) => k + 1), levels.map((level) => level.length));
      legend.forEach((name, k) => name.setAttribute("visibility", k < state.layers ? "visible" : "hidden"));

      const movable = line.draw(state);
      lines.paths.forEach((path, u) => path.classList.toggle("udl-selected", u === firstUnit(widths, layer - 1) + unit - 1));
      probe.place(x[0], x[1]);
      lost.textContent = movable || layer > state.layers ? "" : `Unit ${unit} of layer ${layer} switches nowhere in the square. Its offset or its weights can bring it back.`;

      if (near !== undefined && near >= of.length) near = undefined;
      dots.draw(state);
      outlineChosen();
      showPins(state);
      scale.textContent = colours.note;
      layers.node.querySelector("input")!.max = String(levels.length);
      layers.show(state.layers);
      layers.node.hidden = levels.length === 1;
      fill.show(state.fill);
      fold.disabled = widths.slice(1, -2).some((D) => D < 2);
      sliders(state);
      shape(state);
    },
    summary(state) {
      const levels = levelsOf(state).slice(0, state.layers);
      const each = levels.map((level, k) => `${level.length.toLocaleString("en")} after layer ${k + 1} (at most ${upperBound([...state.widths.slice(0, k + 2), 1]).toLocaleString("en")})`);
      return `${levels[0].length === 1 && levels.length === 1 ? "Region" : "Regions"}: ${each.join(", ")}. ${state.phi.length} parameters in all.`;
    },
    table: (state) => regionTable(shown, state),
  };
}
