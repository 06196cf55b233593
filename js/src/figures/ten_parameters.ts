import { declared, type State } from "../declared/ten_parameters.ts";
import { joints, jointOf, pack, pull, relu, slopeRule, unpack } from "../numeric/shallow.ts";
import { live, type Place } from "../scene/live.ts";
import { count, show, sumOf } from "../words.ts";

const [LO, HI] = [0, 2];
const RANGE = [-2, 2];
const NOWHERE: Place = [[], []];

/** The links of the units that are on. */
const links = (on: readonly boolean[]): string => on.flatMap((active, d) => (active ? [`unit${d + 1}`] : [])).join(" ") || "no-unit";

function compute({ phi }: State) {
  const net = unpack(phi, 3);
  const form = joints(net, LO, HI);
  const units = net.theta.map((theta, d) => {
    const at = form.joints.findIndex(({ units }) => units.includes(d));
    const [offset, slope] = theta;
    const far = slope < 0 ? LO : HI; // where the unit is larger: there its weight has the best lever
    return { offset, slope, weight: net.phi[0][d + 1], joint: at < 0 ? undefined : jointOf(theta), y: form.values[0][at + 1], far, h: relu(offset + slope * far) };
  });
  return { net, form, units, slopes: form.slopes[0] };
}

export const tenParameters = live(declared, {
  compute,

  scene({ x }, { form, units }) {
    const { knots, patterns } = form;
    const each = (place: (joint: number, u: (typeof units)[number]) => Place | undefined): Place[] =>
      units.map((u) => (u.joint === undefined ? NOWHERE : (place(u.joint, u) ?? NOWHERE)));
    const hinge = ({ joint, offset, slope }: (typeof units)[number], scale = 1): Place => {
      const ends = joint === undefined ? [LO, HI] : [LO, joint, HI];
      return [ends, ends.map((at) => (at === joint ? 0 : scale * relu(offset + slope * at)))];
    };
    const guides = each((joint) => [[joint, joint], RANGE]);
    const probe: Place = [[x, x], RANGE];
    // a row of unit marks above each region: filled where the unit is active
    const row = (d: number, state: boolean): Place => {
      const at = patterns.flatMap((on, k) => (on[d] === state && knots[k + 1] - knots[k] > 0.25 ? [(knots[k] + knots[k + 1]) / 2 + 0.08 * (d - 1)] : []));
      return [at, at.map(() => 1.75)];
    };
    return {
      "guide 1.#": guides, "guide 2.#": guides, "guide 3.#": guides, "guide 4.#": guides,
      "probe 1": probe, "probe 2": probe, "probe 3": probe, "probe 4": probe,
      "line #": units.map(({ offset, slope }): Place => [[LO, HI], [offset, offset + HI * slope]]),
      "name below #": each((joint, { slope }) => (slope < 0 ? undefined : [joint, 0])),
      "name above #": each((joint, { slope }) => (slope < 0 ? [joint, 0] : undefined)),
      "joint #": each((joint) => [joint, 0]),
      shift: [HI, -1.8],
      "clipped #": units.map((u) => hinge(u)),
      "weighted #": units.map((u) => hinge(u, u.weight)),
      "weight #": units.map(({ far, h, weight }): Place => (h > 1e-9 ? [far, weight * h] : NOWHERE)),
      scale: [LO, -1.8],
      bend: [HI, -1.8],
      output: [knots, form.values[0]],
      "vertex #": each((joint, { y }) => [joint, y]),
      input: [x, RANGE[0], links(patterns[form.joints.filter((joint) => joint.x < x).length])],
      // pointing at a region lights up the units that are on there
      "band #": patterns.map((on, k): Place => [[knots[k], knots[k + 1], knots[k + 1], knots[k]], [-2, -2, 2, 2], links(on)]),
      "on 1": row(0, true), "on 2": row(1, true), "on 3": row(2, true),
      "off 1": row(0, false), "off 2": row(1, false), "off 3": row(2, false),
    };
  },

  words({ x }, { net, form, units, slopes }) {
    const offset = net.phi[0][0];
    const h = units.map((u) => relu(u.offset + u.slope * x));
    const y = units.reduce((sum, { weight }, d) => sum + weight * h[d], offset);
    const where = form.joints.length ? ` at x = ${form.joints.map((j) => show(j.x)).join(", ")}` : "";
    const rule = slopeRule(net, LO, HI)?.weights;
    return {
      summary: `${count(form.joints.length, "joint")}${where}; ${count(slopes.length, "linear region")} with slopes ${slopes.map((m) => show(m)).join(", ")}.`,
      equation: [`${show(y)} at x = ${show(x)}`, show(offset), ...units.map(({ weight }, d) => (h[d] > 0 ? `${show(weight)} · ${show(h[d])}` : "off: 0"))],
      rule: rule ? `Not free: ${sumOf(rule, (k) => `slope ${k + 1}`)} = ${sumOf(rule, (k) => `(${show(slopes[k])})`)} = 0, whatever you drag.` : "",
      "weight #": units.map(({ weight }, d) => `φ${"₁₂₃"[d]} = ${show(weight)}`),
    };
  },

  rows: (_, { form: { patterns, knots, values }, slopes }) =>
    patterns.map((on, k) => [String(k + 1), knots[k], knots[k + 1], slopes[k], values[0][k], on.flatMap((active, d) => (active ? [d + 1] : [])).join(", ") || "none"]),

  truth: (_, { slopes }) => slopes.length,

  moves: {
    "joint #": ({ x, k }, { phi }) => ({ phi: phi.map((v, i) => (i === 2 * k ? 0 - phi[i + 1] * x : v)) }),
    "weight #": ({ y, k }, { phi }, { units }) => ({ phi: phi.map((v, i) => (i === 7 + k ? y / units[k].h : v)) }),
    "vertex #"({ x, y, k, start }, { phi }) {
      const net = unpack(phi, 3);
      net.theta[k][0] = 0 - net.theta[k][1] * x;
      const { joints: found, knots } = joints(net, LO, HI);
      const at = found.findIndex(({ units }) => units.includes(k)) + 1;
      if (at === 0) return { phi: pack(net) };
      const { row, wanted } = pull(net, LO, HI, at, y, 0, unpack(start.phi, 3));
      net.phi[0] = row;
      return [{ phi: pack(net) }, { wanted: [knots, wanted] }];
    },
    input: ({ x }) => ({ x }),
  },
});
