import type { Frame } from "../figure.ts";
import { handle } from "../handle.ts";
import { deepValues, packDeep, unpackDeep, type DeepNet } from "../numeric/deep_net.ts";
import type { Plot } from "../plot.ts";
import { show } from "../svg.ts";
import { longestEdge } from "./fold_the_plane_drawing.ts";
import { DEPTH, firstUnit, levelsOf, type FoldThePlaneState } from "./fold_the_plane_state.ts";
import { unitClass, unitShape } from "./parameter_sliders.ts";

export interface ChosenLine {
  /** Moves the chosen unit's line through a point by its offset alone: its pre-activation there becomes 0. */
  through(x1: number, x2: number): void;
  /** Keeps the handle at a point of the line. */
  hold(at: [number, number] | undefined): void;
  /** Puts the handles onto the line; false if it is nowhere to be seen. */
  draw(state: FoldThePlaneState): boolean;
}

/** The handles of the chosen unit's line: one moves it, and in layer 1, where it is straight, another turns it. */
export function chosenLine(frame: Frame<FoldThePlaneState>, plane: Plot): ChosenLine {
  const net = (): DeepNet => unpackDeep(frame.state.widths, frame.state.phi);
  const edit = (change: (net: DeepNet) => void): void => {
    const next = net();
    change(next);
    frame.change({ phi: packDeep(next) });
  };
  const rest = { commit: frame.commit, cancel: frame.cancel };

  /** Where the reader last put the chosen unit's line: its handle stays there as long as the line passes there. */
  let held: [number, number] | undefined;
  const through = (x1: number, x2: number): void => {
    const [layer, unit] = frame.state.unit;
    held = [x1, x2];
    edit((next) => void (next.beta[layer - 1][unit - 1] -= deepValues(next, [x1, x2])[layer - 1][unit - 1]));
  };
  const movers = Array.from({ length: DEPTH }, (_, k) =>
    handle(plane, {
      label: `Line of the chosen unit of layer ${k + 1}`,
      name: `line of layer ${k + 1}`,
      className: unitClass(k),
      shape: unitShape(k),
      step: [0.02, 0.02],
      link: `${k + 1}.1`,
      set: through,
      text: (x1, x2) => `unit ${frame.state.unit[1]} of layer ${k + 1} passes through ${show(x1)}, ${show(x2)}`,
      ...rest,
    }),
  );
  // a line of the first layer is straight and can be turned about its handle
  let pivot: [number, number] | undefined;
  const turner = handle(plane, {
    label: "Direction of the chosen line of layer 1",
    name: "turn",
    className: `${unitClass(0)} udl-small`,
    step: [0.02, 0.02],
    link: "1.1",
    start: () => (pivot = anchor(frame.state)?.at),
    set: (x1, x2) => {
      const from = pivot ?? anchor(frame.state)?.at;
      const [dx, dy] = from ? [x1 - from[0], x2 - from[1]] : [0, 0];
      const length = Math.hypot(dx, dy);
      if (!from || length < 1e-6) return;
      held = from;
      edit(({ beta, omega }) => {
        const d = frame.state.unit[1] - 1;
        const [a, b] = omega[0][d];
        // the active side stays on the same side of the turning direction
        const size = Math.hypot(a, b) * (Math.sign(-dy * a + dx * b) || 1);
        omega[0][d] = [(-dy / length) * size, (dx / length) * size];
        beta[0][d] = -(omega[0][d][0] * from[0] + omega[0][d][1] * from[1]);
      });
    },
    text: () => {
      const [a, b] = net().omega[0][frame.state.unit[1] - 1] ?? [1, 0];
      return `angle ${show((Math.atan2(b, a) * 180) / Math.PI, 0)} degrees`;
    },
    commit: () => {
      pivot = undefined;
      frame.commit();
    },
    cancel: () => {
      pivot = undefined;
      frame.cancel();
    },
  });
  /** Where on its line the chosen unit has its handle, and the line's direction there. */
  const anchor = ({ widths, unit: [layer, unit], layers }: FoldThePlaneState): ReturnType<typeof longestEdge> => {
    if (layer > layers) return undefined;
    const edge = longestEdge(levelsOf(frame.state)[layer - 1], firstUnit(widths, layer - 1) + unit - 1);
    if (!held || !edge) return edge;
    const z = deepValues(net(), held)[layer - 1][unit - 1];
    return Math.abs(z) < 1e-9 && Math.max(...held.map(Math.abs)) <= 1 ? { at: held, along: edge.along } : edge;
  };

  return {
    through,
    hold: (at) => (held = at),
    draw(state) {
      const { unit: [layer, unit] } = state;
      const at = anchor(state);
      movers.forEach((mover, k) => {
        const mine = k === layer - 1;
        mover.node.setAttribute("data-udl-link", mine ? `${layer}.${unit}` : `${k + 1}.1`);
        mover.place(at?.at[0] ?? 0, at?.at[1] ?? 0, Boolean(at) && mine);
      });
      turner.node.setAttribute("data-udl-link", layer === 1 ? `1.${unit}` : "1.1");
      const arm = at && layer === 1 ? armOf(at.at, at.along) : undefined;
      turner.place(arm?.[0] ?? 0, arm?.[1] ?? 0, Boolean(arm));
      return Boolean(at);
    },
  };
}

/** The end of the turning arm: along the line from its handle, to the side that stays in the square. */
function armOf([x, y]: readonly [number, number], [dx, dy]: readonly [number, number]): [number, number] | undefined {
  for (const reach of [0.35, -0.35, 0.2, -0.2]) {
    const p: [number, number] = [x + reach * dx, y + reach * dy];
    if (p.every((v) => Math.abs(v) < 0.97)) return p;
  }
  return undefined;
}
