/** Durations counted in buckets, so that those of many proxies can be added and the last interval taken out. */

/** Counts by upper bound in milliseconds. */
export type Histogram = ReadonlyMap<number, number>;

/**
 * Upper bounds in milliseconds: fine where a healthy call in one machine or VPC lies, coarse up to the longest timeout.
 * Envoy's own begin with 0.5, 1, 5: most calls here would share one bucket.
 */
export const BUCKETS_MS = [
  0.5, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000,
  7500, 10_000, 15_000, 30_000, 60_000,
];

export function addHistograms(histograms: Iterable<Histogram>): Histogram {
  const sum = new Map<number, number>();
  for (const histogram of histograms)
    for (const [bound, count] of histogram) sum.set(bound, (sum.get(bound) ?? 0) + count);
  return sum;
}

/** What came between two looks; a proxy that was started again counts from nothing. */
export function sinceLast(now: Histogram, before: Histogram | undefined): Histogram {
  return new Map([...now].map(([bound, count]) => [bound, Math.max(0, count - (before?.get(bound) ?? 0))]));
}

export function countOf(histogram: Histogram): number {
  return [...histogram.values()].reduce((sum, count) => sum + count, 0);
}

/**
 * The duration that a share of all calls stays below, by straight lines within a bucket.
 * @param quantile 0 to 1
 * @returns milliseconds; undefined when there was no call
 */
export function quantileOf(histogram: Histogram, quantile: number): number | undefined {
  const total = countOf(histogram);
  if (total === 0) return undefined;
  const wanted = quantile * total;
  let below = 0;
  let lower = 0;
  for (const [bound, count] of [...histogram].sort(([a], [b]) => a - b)) {
    if (count > 0 && below + count >= wanted) return lower + ((wanted - below) / count) * (bound - lower);
    below += count;
    lower = bound;
  }
  return lower;
}
