import { choice, group, slider } from "../controls.ts";
import type { Frame } from "../figure.ts";
import { drawnDeep, seedOf } from "../numeric/deep_draws.ts";
import { packDeep, unpackDeep } from "../numeric/deep_net.ts";
import { html, show } from "../svg.ts";
import { DEPTH, MOST, type FoldThePlaneState } from "./fold_the_plane_state.ts";
import { unitClass } from "./parameter_sliders.ts";

/** How many layers, and how many units in each. */
export function shapeControls(frame: Frame<FoldThePlaneState>): (state: FoldThePlaneState) => void {
  const resize = (widths: number[], from: FoldThePlaneState): void => {
    const next = drawnDeep(widths, seedOf([...from.phi, ...widths]), unpackDeep(from.widths, from.phi));
    const K = widths.length - 2;
    const layer = Math.min(from.unit[0], K);
    frame.change({ widths, phi: packDeep(next), layers: Math.min(from.layers, K), unit: [layer, Math.min(from.unit[1], widths[layer])] });
  };

  const shape = html(frame.body, "details", { class: "udl-sliders" });
  html(shape, "summary", {}, "Layers and units");
  const depth = choice(group(shape), "Hidden layers", [["1", "1"], ["2", "2"], ["3", "3"]], (value) => {
    const hidden = frame.state.widths.slice(1, -1);
    resize([2, ...Array.from({ length: Number(value) }, (_, k) => hidden[k] ?? 4), 1], frame.state);
    frame.commit();
  }, "depth");
  // while a slider moves, units that come back are those that were there before
  let before: FoldThePlaneState | undefined;
  const sizesOfLayers = Array.from({ length: DEPTH }, (_, k) =>
    slider(shape, {
      label: `Units of layer ${k + 1}`,
      draw: (span) => void (span.textContent = `Units of layer ${k + 1}`),
      name: `D${k + 1}`,
      min: 1,
      max: MOST,
      step: 1,
      role: unitClass(k),
      text: (v) => show(v, 0),
      input: (v) => {
        before ??= frame.state;
        resize(before.widths.map((D, i) => (i === k + 1 ? v : D)), before);
      },
      commit: () => {
        before = undefined;
        frame.commit();
      },
    }),
  );
  return ({ widths }) => {
    const K = widths.length - 2;
    depth.show(String(K) as "1");
    sizesOfLayers.forEach((control, k) => {
      control.node.hidden = k >= K;
      control.show(widths[k + 1] ?? 1);
    });
  };
}
