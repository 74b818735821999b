/** When a process that ended is started again: at once the first time, ever later, and not for ever. */

/** A region runs for days; what ended long ago says nothing about now. */
const WINDOW_MS = 10 * 60_000;
/** With the pauses below these take seven minutes of ends one after the other: then something is wrong. */
const RESTARTS_IN_WINDOW = 20;
/** Doubled each time: a process that ends at once must not keep a processor busy. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

export class Restarts {
  #ends: readonly number[] = [];

  /** @returns how long to wait before the next start, in milliseconds; undefined when it is not worth another */
  afterEnd(now: number): number | undefined {
    const recent = this.#ends.filter((at) => now - at < WINDOW_MS);
    this.#ends = [...recent, now];
    if (recent.length >= RESTARTS_IN_WINDOW) return undefined;
    return recent.length === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (recent.length - 1));
  }
}

/**
 * Starts again what ended.
 * @param start may reject: its child's next end is seen too
 * @param giveUp when it ended again and again
 */
export function startAgain(restarts: Restarts, start: () => Promise<void>, giveUp: () => void): void {
  const pause = restarts.afterEnd(Date.now());
  if (pause === undefined) giveUp();
  else
    setTimeout(() => {
      start().catch(() => undefined);
    }, pause);
}
