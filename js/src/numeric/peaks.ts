/** The place of the largest value among those taken; of several that differ by rounding only the first. −1 if none is taken. */
export function firstLargest(values: readonly number[], take: (k: number) => boolean = () => true): number {
  const top = values.reduce((most, v, k) => (take(k) && v > most ? v : most), -Infinity);
  return values.findIndex((v, k) => take(k) && v >= top - 1e-12 * Math.abs(top));
}
