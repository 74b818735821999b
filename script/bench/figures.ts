/** What many measurements come to: pure. */

/** Minimum, median and maximum. */
export interface Figures {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws Error when nothing was measured */
export function figures(values: readonly number[]): Figures {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, median, max] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (min === undefined || median === undefined || max === undefined || !sorted.every(Number.isFinite))
    throw new Error(`no figures of ${JSON.stringify(values)}`);
  return { min, median, max };
}

/** A figure by itself. */
export interface Measured {
  readonly what: string;
  readonly values: readonly number[];
  readonly digits: number;
}

/** One side of a pair and the other, measured one right after the other. */
export interface Sample {
  readonly first: number;
  readonly second: number;
}

/** A pair that is measured in every run. */
export interface Pair {
  readonly what: string;
  readonly unit: string;
  readonly first: string;
  readonly second: string;
  readonly digits: number;
  readonly samples: readonly Sample[];
}

/** Ratios are of the same run: what else the machine did then was the same for both sides, more or less. */
export const ratios = ({ samples }: Pick<Pair, 'samples'>): Figures =>
  figures(samples.map(({ first, second }) => first / second));
