import { deepParameters, unpackDeep } from "../numeric/deep_net.ts";
import { deepRegions, type Box, type Region } from "../numeric/deep_regions.ts";
import { integer, numbers, oneOf } from "../parse.ts";

export type Fill = "pattern" | "output" | "distance";

export type FoldThePlaneState = {
  /** 2, D_1, …, D_K, 1. */
  widths: number[];
  /** β_0, Ω_0 row by row, β_1, Ω_1, …: the flat vector of Deep(widths). */
  phi: number[];
  /** How many of the K hidden layers have cut. */
  layers: number;
  /** The unit that can be moved: its layer, and its number there. */
  unit: number[];
  /** The input whose region is described. */
  x: number[];
  /** Up to two inputs whose regions are kept in sight. */
  pinned: number[][];
  fill: Fill;
};

/** Hidden layers, units of each, and pins at most. */
export const DEPTH = 3;
export const MOST = 8;
export const PINS = 2;
/** How far from 0 a parameter may be. */
const LARGEST = 1e6;
export const SQUARE: Box = [[-1, 1], [-1, 1]];

export function parseFold(raw: Record<string, unknown>): FoldThePlaneState {
  const widths = numbers(raw, "widths");
  const hidden = widths.slice(1, -1);
  const fits = widths[0] === 2 && widths.at(-1) === 1 && hidden.length >= 1 && hidden.length <= DEPTH;
  if (!fits || hidden.some((D) => !Number.isInteger(D) || D < 1 || D > MOST)) {
    throw new Error(`widths must be 2, then 1 to ${DEPTH} hidden layers of 1 to ${MOST} units, then 1, got ${widths.join(", ")}`);
  }
  const phi = numbers(raw, "phi", deepParameters(widths));
  const far = phi.find((v) => Math.abs(v) > LARGEST);
  if (far !== undefined) throw new Error(`phi must lie from −${LARGEST} to ${LARGEST}, got ${far}`);
  const unit = numbers(raw, "unit", 2);
  if (!unit.every(Number.isInteger) || !(unit[0] >= 1 && unit[0] <= hidden.length && unit[1] >= 1 && unit[1] <= hidden[unit[0] - 1])) {
    throw new Error(`unit must be a hidden layer and one of its units, both from 1 on, got ${unit.join(", ")}`);
  }
  const pinned = raw.pinned;
  if (!Array.isArray(pinned) || pinned.length > PINS) throw new Error(`pinned must be a list of at most ${PINS} points, got ${JSON.stringify(pinned)}`);
  return {
    widths,
    phi,
    layers: integer(raw, "layers", 1, hidden.length),
    unit,
    x: point(raw, "x"),
    pinned: pinned.map((_, i) => point({ pinned: pinned[i] }, "pinned")),
    fill: oneOf(raw, "fill", ["pattern", "output", "distance"]),
  };
}

function point(raw: Record<string, unknown>, key: string): number[] {
  const p = numbers(raw, key, 2);
  if (p.some((v) => Math.abs(v) > 1)) throw new Error(`${key} must hold numbers from −1 to 1, got ${p.join(", ")}`);
  return p;
}

/** The layer of each unit, from 0 on, when they are counted through all layers. */
export const layerOfUnits = (widths: readonly number[]): number[] => widths.slice(1, -1).flatMap((D, k) => Array.from({ length: D }, () => k));

/** The number of a layer's first unit when all are counted through. */
export const firstUnit = (widths: readonly number[], k: number): number => widths.slice(1, k + 1).reduce((sum, D) => sum + D, 0);

/** "1, 3" or "none": the units of layer k that are on in a region. */
export function listOn({ on }: Region, widths: readonly number[], k: number): string {
  const first = firstUnit(widths, k);
  const active = on.slice(first, first + widths[k + 1]).flatMap((a, d) => (a ? [String(d + 1)] : []));
  return active.join(", ") || "none";
}

/** The regions after each layer, kept for as long as the parameters stay. */
export function levelsOf({ widths, phi }: FoldThePlaneState): Region[][] {
  if (known?.phi !== phi) known = { phi, levels: deepRegions(unpackDeep(widths, phi), SQUARE) };
  return known.levels;
}
let known: { phi: number[]; levels: Region[][] } | undefined;
