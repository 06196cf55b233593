import type { Table } from "../figure.ts";
import { outputOf, unpackDeep, type DeepNet } from "../numeric/deep_net.ts";
import { affineMap, regionAt, type Region } from "../numeric/deep_regions.ts";
import { show } from "../svg.ts";
import { shadeOf, tintOf, type Tint } from "./fold_the_plane_drawing.ts";
import { listOn, type FoldThePlaneState } from "./fold_the_plane_state.ts";

/** What each region is filled with, and what that means in words. */
export function coloursOf(regions: readonly Region[], { fill, widths, phi, x }: FoldThePlaneState): { tints: Tint[]; note: string } {
  if (fill === "output") {
    const value = outputOf(unpackDeep(widths, phi));
    const values = regions.map((r) => value(mean(r.x), mean(r.y)));
    let [lo, hi] = [Infinity, -Infinity];
    for (const v of values) [lo, hi] = [Math.min(lo, v), Math.max(hi, v)];
    return {
      tints: values.map((y) => shadeOf(hi > lo ? (y - lo) / (hi - lo) : 0)),
      note: `Colour: the output y in the middle of each region, from ${show(lo)} (dark) to ${show(hi)} (light).`,
    };
  }
  if (fill === "distance") {
    const here = regions[regionAt(regions, x[0], x[1])].on;
    const distances = regions.map(({ on }) => on.reduce((sum, a, u) => sum + Number(a !== here[u]), 0));
    const most = Math.max(...distances);
    return {
      tints: distances.map((d) => shadeOf(d / Math.max(1, most))),
      note: `Colour: how many units differ from the region of x, from none (dark) to ${most} (light).`,
    };
  }
  const units = regions[0].on.length;
  return {
    tints: regions.map(({ on }) => {
      const active = on.reduce((sum, a) => sum + Number(a), 0);
      return tintOf(active / units, active % 2 === 1);
    }),
    note: "Colour: the more units are on, the darker; across each edge it steps.",
  };
}

/** y = 0.30 − 1.20 x₁ + 0.50 x₂ */
export function affineOf(net: DeepNet, { on }: Region): string {
  const [offset, a, b] = affineMap(net, on);
  const signed = (v: number): string => `${v < 0 && show(v) !== show(0) ? "−" : "+"} ${show(Math.abs(v))}`;
  return `y = ${show(offset)} ${signed(a)} x₁ ${signed(b)} x₂`;
}

/** Into how many of the last level's regions a region of level k is cut. */
export function countInside(levels: readonly Region[][], k: number, region: number): number {
  let inside = new Set([region]);
  for (const level of levels.slice(k + 1)) inside = new Set(level.flatMap((r, i) => (inside.has(r.parent) ? [i] : [])));
  return inside.size;
}

/** The largest regions; all of thousands would be no table to read. */
export function regionTable(regions: readonly Region[], { widths, phi, layers }: FoldThePlaneState): Table {
  const net = unpackDeep(widths, phi);
  const whole = layers === widths.length - 2;
  const rows = [...regions].sort((a, b) => b.area - a.area).slice(0, ROWS);
  const few = regions.length > ROWS ? `, the ${ROWS} largest of ${regions.length}` : "";
  return {
    caption: `Regions after layer ${layers}${few}${whole ? ": y = offset + slope₁ x₁ + slope₂ x₂" : ""}`,
    head: ["region", ...Array.from({ length: layers }, (_, k) => `on in layer ${k + 1}`), "area", ...(whole ? ["offset", "slope₁", "slope₂"] : [])],
    rows: rows.map((r, i) => [String(i + 1), ...Array.from({ length: layers }, (_, k) => listOn(r, widths, k)), r.area, ...(whole ? affineMap(net, r.on) : [])]),
  };
}

const ROWS = 100;

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
