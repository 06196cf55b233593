import { M, type Norm } from "./approximation.ts";

/** Where the joints of the best interpolants stand, for every number of pieces up to some D. */
export interface Placement {
  /** The nodes 0 … M of the d + 1 places of d pieces. */
  nodes(d: number): number[];
}

/**
 * The best interpolants through nodes of the target, by dynamic programming. Exact; of equally good ones the joint before is
 * the leftmost. It takes tens of milliseconds, so it yields after every small piece of work: see Background.
 */
export function* bestPlacement(y: readonly number[], D: number, norm: Norm): Generator<void, Placement> {
  const size = M + 1;
  const costs = new Float64Array(size * size); // [to, from]: the error of the chord between two nodes
  for (let i = 0; i < M; i++) {
    if (norm === "sup") largest(y, i, costs);
    else squares(y, i, costs);
    yield;
  }
  const before = [new Int16Array(size)];
  let least = Float64Array.from({ length: size }, (_, j) => costs[j * size]);
  for (let d = 2; d <= D; d++) {
    const next = new Float64Array(size).fill(Infinity);
    const from = new Int16Array(size);
    for (let j = d; j < size; j++) {
      let best = Infinity;
      let where = 0;
      const row = j * size;
      for (let i = d - 1; i < j; i++) {
        const cost = costs[row + i];
        const total = norm === "sup" ? (cost > least[i] ? cost : least[i]) : cost + least[i];
        if (total < best) {
          best = total;
          where = i;
        }
      }
      next[j] = best;
      from[j] = where;
    }
    before.push(from);
    least = next;
    yield;
  }
  return {
    nodes(d) {
      const way = [M];
      for (let level = d - 1; level > 0; level--) way.unshift(before[level][way[0]]);
      return [0, ...way];
    },
  };
}

function largest(y: readonly number[], i: number, costs: Float64Array): void {
  for (let j = i + 1; j <= M; j++) {
    const slope = (y[j] - y[i]) / (j - i);
    let most = 0;
    for (let k = i + 1; k < j; k++) {
      const e = Math.abs(y[k] - y[i] - slope * (k - i));
      if (e > most) most = e;
    }
    costs[j * (M + 1) + i] = most;
  }
}

function squares(y: readonly number[], i: number, costs: Float64Array): void {
  for (let j = i + 1; j <= M; j++) {
    const slope = (y[j] - y[i]) / (j - i);
    let sum = 0;
    let before = 0;
    for (let k = i + 1; k < j; k++) {
      const e = y[k] - y[i] - slope * (k - i);
      sum += before * before + before * e + e * e;
      before = e;
    }
    costs[j * (M + 1) + i] = (sum + before * before) / (3 * M);
  }
}
