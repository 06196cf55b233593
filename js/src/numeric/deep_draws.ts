import { deepValues, type DeepNet } from "./deep_net.ts";

/** Deep networks of two inputs to look at in the square [−1, 1]²: drawn at random, or made to fold it. */

/**
 * Weights at random (He et al.), and the bend of each hidden unit through a random point of the square, so that it is seen.
 * Where `old` has the unit already, that one stays; only its weights from units that are new are drawn.
 */
export function drawnDeep(widths: readonly number[], seed: number, old?: DeepNet): DeepNet {
  const { uniform, normal } = generator(seed);
  const [last, before] = [widths.length - 2, old ? old.beta.length - 1 : 0];
  const net: DeepNet = { widths, beta: [], omega: [] };
  for (let k = 0; k <= last; k++) {
    // the output stays the output, however many layers there are
    const from = k === last ? before : k < before ? k : -1;
    const draw = (share = 1): number => digits(share * normal() * Math.sqrt(2 / widths[k]));
    const [beta, omega]: [number[], number[][]] = [[], []];
    for (let j = 0; j < widths[k + 1]; j++) {
      const kept = old?.omega[from]?.[j];
      const weights = Array.from({ length: widths[k] }, (_, i) => kept?.[i] ?? draw(kept && 0.5));
      omega.push(weights);
      beta.push(kept ? old!.beta[from][j] : k === last ? 0 : digits(-sum(weights, seen(net, uniform))));
    }
    net.beta.push(beta);
    net.omega.push(omega);
  }
  return net;
}

/**
 * Every hidden layer but the last folds each input ⌊D_k / 2⌋ times, up and down in turn, as udl_core.regions.folds does on
 * the unit square; left-over units stay off. The last layer's lines, drawn at random, then come back mirrored in every tile.
 */
export function foldedDeep(widths: readonly number[], seed: number): DeepNet {
  const { uniform, normal } = generator(seed);
  const hidden = widths.slice(1, -1);
  const net: DeepNet = { widths, beta: [], omega: [] };
  // from the units before to what has been folded so far, each coordinate from 0 to 1
  let back = [[0.5, 0], [0, 0.5]];
  let shift = 0.5;
  for (const D of hidden.slice(0, -1)) {
    const per = Math.floor(D / 2);
    const next = [0, 1].map(() => Array.from({ length: D }, () => 0));
    net.beta.push([]);
    net.omega.push([]);
    for (let j = 0; j < D; j++) {
      const [axis, fold] = [Math.floor(j / per), j % per];
      const used = axis < 2;
      net.omega.at(-1)!.push(used ? [...back[axis]] : back[0].map(() => 0));
      net.beta.at(-1)!.push(used ? shift - fold / per : -1);
      if (used) next[axis][j] = fold ? 2 * per * (-1) ** fold : per;
    }
    [back, shift] = [next, 0];
  }
  const last = Array.from({ length: hidden.at(-1)! }, () => {
    const angle = 2 * Math.PI * uniform();
    const normalTo = [Math.cos(angle), Math.sin(angle)];
    const through = [0.2 + 0.6 * uniform(), 0.2 + 0.6 * uniform()];
    return { normalTo, offset: sum(normalTo, [shift, shift]) - sum(normalTo, through) };
  });
  net.omega.push(last.map(({ normalTo }) => back[0].map((_, i) => normalTo[0] * back[0][i] + normalTo[1] * back[1][i])));
  net.beta.push(last.map(({ offset }) => offset));
  net.omega.push([last.map(() => digits(normal()))]);
  net.beta.push([0]);
  return net;
}

/** A number made of a list's digits, to draw with: the same list gives the same draw. */
export function seedOf(values: readonly number[]): number {
  let hash = 2166136261;
  for (const c of values.join()) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619);
  return hash >>> 0;
}

/** What the next layer gets at a random point of the square; not all zero if that can be helped. */
function seen(net: DeepNet, uniform: () => number): number[] {
  let h: number[] = [];
  for (let attempt = 0; attempt < 20; attempt++) {
    const x = [1.6 * uniform() - 0.8, 1.6 * uniform() - 0.8];
    h = net.beta.length ? deepValues(net, x).at(-1)!.map((z) => Math.max(0, z)) : x;
    if (h.some((v) => v !== 0)) break;
  }
  return h;
}

/** Reproducible random numbers: Mulberry32 (Tommy Ettinger, public domain) and the Box–Muller transform. */
function generator(seed: number): { uniform(): number; normal(): number } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

/** Two digits, so that a link to the network stays short; never −0. */
const digits = (v: number): number => Math.round(100 * v) / 100 + 0;

const sum = (weights: readonly number[], values: readonly number[]): number => weights.reduce((total, w, i) => total + w * values[i], 0);
