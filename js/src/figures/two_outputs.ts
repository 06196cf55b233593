import { declared, type State } from "../declared/two_outputs.ts";
import { evaluate, joints, jointOf, pack, pull, relu, slopeRule, unpack } from "../numeric/shallow.ts";
import { live, type Change, type Place, type To } from "../scene/live.ts";
import { count, show, sumOf } from "../words.ts";

const [LO, HI] = [0, 2];
const NOWHERE: Place = [[], []];
const RANGES = { units: [-0.5, 2], outputs: [-1.5, 1.5] };

function compute({ phi, x }: State) {
  const net = unpack(phi, 4, 2);
  const form = joints(net, LO, HI);
  // each unit's joint and the outputs there; undefined if it has none between 0 and 2
  const corners = net.theta.map((theta, d) => {
    const at = form.joints.findIndex(({ units }) => units.includes(d));
    return at < 0 ? undefined : { x: jointOf(theta), y1: form.values[0][at + 1], y2: form.values[1][at + 1] };
  });
  return { net, form, corners, y: [evaluate(net, x, 0), evaluate(net, x, 1)] };
}

/** Pulls the outputs at unit k's joint to these values; undefined leaves one alone. What was asked for is seen while it lasts. */
function pullTo(target: readonly (number | undefined)[], { k, start }: To<State>, { phi }: State): Change<State, "wanted #"> {
  const net = unpack(phi, 4, 2);
  const { joints: found, knots } = joints(net, LO, HI);
  const at = found.findIndex(({ units }) => units.includes(k)) + 1;
  if (at === 0) return {};
  const wanted = target.map((y, o): Place => {
    if (y === undefined) return NOWHERE;
    const pulled = pull(net, LO, HI, at, y, o, unpack(start.phi, 4, 2));
    net.phi[o] = pulled.row;
    return [knots, pulled.wanted];
  });
  return [{ phi: pack(net) }, { "wanted #": wanted }];
}

export const twoOutputs = live(declared, {
  compute,

  scene({ x }, { net, form, corners, y }) {
    const each = (place: (c: { x: number; y1: number; y2: number }) => Place): Place[] => corners.map((c) => (c ? place(c) : NOWHERE));
    const [y1, y2] = form.values;
    const units = net.theta.map(([offset, slope], d): Place => {
      const joint = corners[d]?.x;
      const ends = joint === undefined ? [LO, HI] : [LO, joint, HI];
      return [ends, ends.map((at) => (at === joint ? 0 : relu(offset + slope * at)))];
    });
    return {
      "guide 1.#": each((c) => [[c.x, c.x], RANGES.units]),
      "guide 2.#": each((c) => [[c.x, c.x], RANGES.outputs]),
      "probe 1": [[x, x], RANGES.units],
      "probe 2": [[x, x], RANGES.outputs],
      "unit #": units,
      "name #": each((c) => [c.x, 0]),
      "joint #": each((c) => [c.x, 0]),
      "output 1": [form.knots, y1],
      "output 2": [form.knots, y2],
      "outputs at x": [[x, x], y],
      "name of output 1": [HI, y1.at(-1)!],
      "name of output 2": [HI, y2.at(-1)!],
      "vertex 1.#": each((c) => [c.x, c.y1]),
      "vertex 2.#": each((c) => [c.x, c.y2]),
      input: [x, RANGES.outputs[0]],
      path: [y1, y2],
      "point at x": [y[0], y[1]],
      "end 1": [y1.slice(0, 2), y2.slice(0, 2)],
      "end 2": [y1.slice(-2).reverse(), y2.slice(-2).reverse()],
      "name of corner #": each((c) => [c.y1, c.y2]),
      "corner #": each((c) => [c.y1, c.y2]),
    };
  },

  words({ x }, { net, form, corners, y }) {
    const h = net.theta.map(([offset, slope]) => relu(offset + slope * x));
    const values = (o: number): string[] => [show(y[o]), show(net.phi[o][0]), ...h.map((a, d) => (a > 0 ? `${show(net.phi[o][d + 1])} · ${show(a)}` : "off: 0"))];
    const where = form.joints.length ? ` at x = ${form.joints.map((j) => show(j.x)).join(", ")}` : "";
    const rule = sumOf(slopeRule(net, LO, HI)?.weights ?? [], (k) => `slope ${k + 1}`);
    const [y1, y2] = (["y1", "y2"] as const).map((o) => corners.map((c) => show(c?.[o] ?? NaN)));
    return {
      summary: `${count(form.joints.length, "shared joint")}${where}. At x = ${show(x)}: y₁ = ${show(y[0])}, y₂ = ${show(y[1])}.`,
      try: "Each corner of the path is a joint. Drag one: both outputs follow. Drag a vertex of one output: the other stays.",
      "equation 1": values(0),
      "equation 2": values(1),
      rule: rule && `Not free, for either output: ${rule} = 0. All other slopes each output chooses for itself.`,
      "vertex 1.#": y1.map((v) => `y₁ = ${v}`),
      "vertex 2.#": y2.map((v) => `y₂ = ${v}`),
      "corner #": y1.map((v, d) => `y₁ = ${v}, y₂ = ${y2[d]}`),
    };
  },

  rows: (_, { form: { patterns, knots, slopes } }) =>
    patterns.map((on, k) => [String(k + 1), knots[k], knots[k + 1], slopes[0][k], slopes[1][k], on.flatMap((active, d) => (active ? [d + 1] : [])).join(", ") || "none"]),

  truth: () => 8,

  moves: {
    "joint #": ({ x, k }, { phi }) => ({ phi: phi.map((v, i) => (i === 2 * k ? 0 - phi[i + 1] * x : v)) }),
    "vertex 1.#": (to, state) => pullTo([to.y, undefined], to, state),
    "vertex 2.#": (to, state) => pullTo([undefined, to.y], to, state),
    "corner #": (to, state) => pullTo([to.x, to.y], to, state),
    input: ({ x }) => ({ x }),
  },
});
