import { declared, type State } from "../declared/sigmoid_bumps.ts";
import { activation } from "../numeric/activations.ts";
import { firstLargest } from "../numeric/peaks.ts";
import { live } from "../scene/live.ts";
import { count, short, show, small } from "../words.ts";

const sigmoid = activation("sigmoid", { slope: 0, alpha: 0, beta: 0 }).f;
const NODES = Array.from({ length: 401 }, (_, k) => k / 400);
const STEEPNESSES = Array.from({ length: 49 }, (_, k) => 60 ** (k / 48));
const hill = (x: number): number => Math.sin(Math.PI * x) ** 2 * (0.6 + 0.6 * x);
const HILL = NODES.map(hill);
/** Farther than this from its step a sigmoid is 0 or 1 to the last digit. */
const FLAT = 40;

/** N bumps side by side at the nodes. Neighbours share an edge, so N + 1 steps are enough, and each is worked out only where it rises. */
function sum(N: number, steepness: number): number[] {
  const s = steepness * N;
  const y = NODES.map(() => 0);
  const after = new Float64Array(NODES.length + 1); // steps that are over, added up below
  let before = 0;
  for (let k = 0; k <= N; k++) {
    const next = k < N ? hill((k + 0.5) / N) : 0;
    const step = next - before;
    before = next;
    const edge = k / N;
    const from = Math.max(0, Math.ceil((edge - FLAT / s) * 400));
    const to = Math.min(400, Math.floor((edge + FLAT / s) * 400));
    for (let i = from; i <= to; i++) y[i] += step * sigmoid(s * (NODES[i] - edge));
    after[to + 1] += step;
  }
  let over = 0;
  for (let i = 0; i < y.length; i++) y[i] += over += after[i];
  return y;
}

function error(y: readonly number[]): { sup: number; at: number; rms: number } {
  const off = y.map((v, k) => Math.abs(v - HILL[k]));
  const at = firstLargest(off);
  return { sup: off[at], at, rms: Math.sqrt(off.reduce((total, e) => total + e * e, 0) / off.length) };
}
const supAt = (N: number, steepness: number): number => error(sum(N, steepness)).sup;

/** A bump of height h in few points, where it is more than nothing, and a gap at the end. */
function outline(centre: number, width: number, h: number, s: number): [x: number[], y: number[]] {
  const reach = width / 2 + 7 / s;
  const [from, to] = [Math.max(0, centre - reach), Math.min(1, centre + reach)];
  const x = Array.from({ length: 49 }, (_, k) => from + ((to - from) * k) / 48);
  return [[...x, to], [...x.map((v) => h * (sigmoid(s * (v - centre + width / 2)) - sigmoid(s * (v - centre - width / 2)))), NaN]];
}

/** How high a bump of height 1 is: soft sigmoids never get all the way. */
const top = (steepness: number): number => 2 * sigmoid(steepness / 2) - 1;

export const sigmoidBumps = live(declared, {
  compute({ N, steepness }: State) {
    const y = sum(N, steepness);
    return { y, ...error(y) };
  },

  scene({ N, steepness, centre, width, height }, { y, sup, at }) {
    const s = steepness / width;
    const [left, right] = [centre - width / 2, centre + width / 2];
    const [up, down] = [left, right].map((edge) => NODES.map((x) => height * sigmoid(s * (x - edge))));
    const parts = Array.from({ length: N }, (_, k) => outline((k + 0.5) / N, 1 / N, hill((k + 0.5) / N), steepness * N));
    return {
      bump: [NODES, up.map((v, k) => v - down[k])],
      "sigmoid 1": [NODES, up],
      "sigmoid 2": [NODES, down],
      "name 1": [left, 0.22 * height],
      "name 2": [right, 0.22 * height],
      top: [centre, height * top(steepness)],
      edge: [right, height / 2],
      slope: [left + 2 / s, height * sigmoid(2)],
      target: [NODES, HILL],
      bumps: [parts.flatMap(([x]) => x), parts.flatMap(([, v]) => v)],
      sum: [NODES, y],
      "largest error at": [[NODES[at], NODES[at]], [HILL[at], y[at]]],
      steepness: [steepness, sup],
    };
  },

  later: {
    of: ({ N }) => N,
    *scene({ N }) {
      const errors: number[] = [];
      for (const steepness of STEEPNESSES) {
        errors.push(supAt(N, steepness));
        yield;
      }
      return { "largest error": [STEEPNESSES, errors] };
    },
  },

  words({ N, steepness, centre, width, height }, { sup, rms }) {
    const steep = short(steepness);
    let work = "Neighbouring bumps overlap and share the work: where one goes down, the next goes up.";
    if (N === 1) work = "One bump has no neighbour to work with.";
    else if (steepness < 2.5) work = "The sigmoids are so soft that neighbouring bumps melt into each other, and the sum loses its height.";
    else if (steepness > 12) work = "The sigmoids are so steep that the sum is a staircase: between two steps it is level.";
    return {
      summary: `${count(N, "bump")} (${2 * N} sigmoids), steepness ${steep}: largest error ${small(sup)}, root mean square ${small(rms)}.`,
      work,
      top: `centre ${show(centre)}, height ${show(height)}`,
      edge: `width ${show(width)}`,
      slope: `steepness ${steep}`,
      steepness: `steepness ${steep}, largest error ${small(sup)}`,
    };
  },

  rows: ({ N, steepness }) =>
    [...new Set([1, 2, 3, 4, 5, 6, 8, 10, 20, 40, 60, steepness])]
      .sort((a, b) => a - b)
      .map((s) => {
        const { sup, rms } = error(sum(N, s));
        return [s === steepness ? `${short(s)} (shown)` : short(s), small(sup), small(rms)];
      }),

  truth({ N }) {
    const k = firstLargest(STEEPNESSES.map((s) => -supAt(N, s)));
    const [lo, hi] = [Math.ceil(10 * STEEPNESSES[Math.max(0, k - 1)]), Math.floor(10 * STEEPNESSES[Math.min(48, k + 1)])];
    const near = Array.from({ length: hi - lo + 1 }, (_, i) => (lo + i) / 10);
    return near[firstLargest(near.map((s) => -supAt(N, s)))];
  },

  moves: {
    top: ({ x, y }, { steepness }) => ({ centre: x, height: y / top(steepness) }),
    edge: ({ x }, { centre }) => ({ width: 2 * (x - centre) }),
    slope: ({ x }, { centre, width }) => ({ steepness: (2 * width) / Math.max(1e-6, x - (centre - width / 2)) }),
    steepness: ({ x }) => ({ steepness: x }),
    halve: (_, { N }) => ({ N: Math.floor(N / 2) }),
    double: (_, { N }) => ({ N: 2 * N }),
  },
});
