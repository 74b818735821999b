/** Columns for charts out of the seconds. */
import type { EdgePoint, Second } from '../../protocol.ts';

export interface Columns {
  /** Epoch seconds. */
  readonly times: readonly number[];
  /** With a gap where the edge had no proxy to ask. */
  readonly of: (column: (point: EdgePoint) => number | null) => (number | null)[];
}

export const columnsOf = (seconds: readonly Second[], edge: string): Columns => ({
  times: seconds.map(({ at }) => Math.round(at / 1000)),
  of: (column) =>
    seconds.map(({ edges }) => {
      const point = edges[edge];
      return point === undefined ? null : column(point);
    }),
});
