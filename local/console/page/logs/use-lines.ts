/** Lines of a log stream, newest first, as many as one can look at. */
import { useEffect, useState } from 'preact/hooks';
import { listen, type Connection } from '../state/stream.ts';

const KEPT_LINES = 400;

export interface Lines<Line> {
  readonly lines: readonly Line[];
  /** Lines that came too fast to be shown. */
  readonly skipped: number;
  readonly state: Connection;
}

interface Batch<Line> {
  readonly lines: readonly Line[];
  readonly skipped: number;
}

/** @param paused keeps what is there, and goes on with the tail of the log when it ends */
export function useLines<Line extends { readonly id: string }>(url: string, paused: boolean): Lines<Line> {
  const [now, setNow] = useState<Lines<Line>>({ lines: [], skipped: 0, state: 'connecting' });
  useEffect(() => {
    if (paused) return undefined;
    setNow({ lines: [], skipped: 0, state: 'connecting' });
    const take = (data: unknown): void => {
      const { lines, skipped } = data as Batch<Line>;
      setNow((before) => ({
        ...before,
        lines: withNew(before.lines, lines),
        skipped: before.skipped + skipped,
      }));
    };
    const stream = listen(url, { lines: take }, (state) => {
      setNow((before) => ({ ...before, state }));
    });
    return () => {
      stream.close();
    };
  }, [url, paused]);
  return now;
}

/** A stream that comes back sends its tail again: a line is there once. */
function withNew<Line extends { readonly id: string }>(before: readonly Line[], lines: readonly Line[]): Line[] {
  const known = new Set(before.map(({ id }) => id));
  return [...lines.filter(({ id }) => !known.has(id)).reverse(), ...before].slice(0, KEPT_LINES);
}
