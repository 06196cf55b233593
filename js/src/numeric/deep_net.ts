/** A deep ReLU network in plain numbers, in the flat order of udl_core's Deep. */
export interface DeepNet {
  /** D_i, D_1, …, D_K, D_o. */
  widths: readonly number[];
  /** β_0 … β_K: beta[k][j]. */
  beta: number[][];
  /** Ω_0 … Ω_K: omega[k][j][i], from unit i to unit j of the layer after it. */
  omega: number[][][];
}

/** φ is β_0, Ω_0 row by row, β_1, Ω_1, …: as many numbers as this. */
export const deepParameters = (widths: readonly number[]): number =>
  widths.slice(1).reduce((sum, D, k) => sum + D * (widths[k] + 1), 0);

export function unpackDeep(widths: readonly number[], flat: readonly number[]): DeepNet {
  const [beta, omega]: [number[][], number[][][]] = [[], []];
  let at = 0;
  const take = (n: number): number[] => flat.slice(at, (at += n));
  for (let k = 0; k + 1 < widths.length; k++) {
    beta.push(take(widths[k + 1]));
    omega.push(Array.from({ length: widths[k + 1] }, () => take(widths[k])));
  }
  return { widths, beta, omega };
}

export const packDeep = ({ beta, omega }: DeepNet): number[] => beta.flatMap((b, k) => [...b, ...omega[k].flat()]);

/** The pre-activations of every layer, then the outputs, at one input. */
export function deepValues({ beta, omega }: DeepNet, x: readonly number[]): number[][] {
  const values: number[][] = [];
  let h = x;
  beta.forEach((b, k) => {
    const z = b.map((offset, j) => omega[k][j].reduce((sum, w, i) => sum + w * h[i], offset));
    values.push(z);
    h = z.map((v) => Math.max(0, v));
  });
  return values;
}

/** The first output of a network of two inputs, as a function to call thousands of times. */
export function outputOf({ widths, beta, omega }: DeepNet): (x1: number, x2: number) => number {
  const layers = widths.map((D) => new Float64Array(D));
  return (x1, x2) => {
    layers[0].set([x1, x2]);
    for (let k = 0; k < beta.length; k++) {
      const [h, z] = [layers[k], layers[k + 1]];
      for (let j = 0; j < z.length; j++) {
        const row = omega[k][j];
        let sum = beta[k][j];
        for (let i = 0; i < h.length; i++) sum += row[i] * h[i];
        z[j] = sum > 0 || k === beta.length - 1 ? sum : 0;
      }
    }
    return layers.at(-1)![0];
  };
}

/** No ReLU network has more activation regions than this: Serra, Tjandraatmadja and Ramalingam (2018), theorem 1. */
export function upperBound(widths: readonly number[]): number {
  // dimensions that are left -> how many ways to get there, each region counted
  let ways = new Map([[widths[0], 1]]);
  for (const D of widths.slice(1, -1)) {
    const after = new Map<number, number>();
    for (const [dimensions, count] of ways) {
      let choose = 1;
      for (let off = 0; off <= Math.min(dimensions, D); off++) {
        const left = Math.min(dimensions, D - off);
        after.set(left, (after.get(left) ?? 0) + count * choose);
        choose = (choose * (D - off)) / (off + 1);
      }
    }
    ways = after;
  }
  return [...ways.values()].reduce((sum, count) => sum + count, 0);
}
