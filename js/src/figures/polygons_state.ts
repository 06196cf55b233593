import type { Point } from "../numeric/regions.ts";

export type PolygonsState = {
  /** θ (D × 3) row by row, then φ (D + 1): 4 D + 1 numbers. */
  phi: number[];
  /** The input whose region, pattern and map are shown. */
  x: number[];
  /** Azimuth and elevation of the surface view, in degrees. */
  view: number[];
};

/** The most units a reader can add. */
export const MOST = 8;

/** A closed path through points of the screen. */
export const outline = (points: readonly Point[]): string =>
  `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
