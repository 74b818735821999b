/** What goes on beside the passes for as long as the agent lives. Nothing of it begins before it is started. */

export interface SideWork {
  /** @throws Error when the agent can't go on without it */
  start(): Promise<void> | void;
  /** What is under way at that moment goes on to its end. */
  stop(): Promise<void> | void;
}

/** Several as one: they start in this order, each when the one before it has started, and stop in the opposite order. */
export const together = (works: readonly SideWork[]): SideWork => ({
  async start() {
    for (const work of works) await work.start();
  },
  async stop() {
    for (const work of works.toReversed()) await work.stop();
  },
});

/** Looks at once and then again and again, with a pause after each look. */
export class Repeating implements SideWork {
  readonly #look: () => Promise<void>;
  readonly #pauseMs: number;
  /** Looks of a former start end with it, so that stopping and starting again does not make two of them. */
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param look has a net of its own: it does not reject */
  constructor(look: () => Promise<void>, pauseMs: number) {
    this.#look = look;
    this.#pauseMs = pauseMs;
  }

  start(): void {
    this.stop();
    void this.#again(this.#turn);
  }

  stop(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
  }

  async #again(turn: number): Promise<void> {
    await this.#look();
    if (turn !== this.#turn) return;
    this.#timer = setTimeout(() => void this.#again(turn), this.#pauseMs).unref();
  }
}
