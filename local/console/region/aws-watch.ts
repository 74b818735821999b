/** What the AWS APIs said last, also while they don't answer. */
import { setTimeout } from 'node:timers/promises';
import type { AwsState } from './compose.ts';

/** A look comes each second and does not wait longer for one of its parts. */
const PATIENCE_MS = 1_000;
/** A reading takes a tenth of a second; a busy machine, or a control plane that starts again, gets much more. */
const SILENT_AFTER_MS = 4_000;

export class AwsWatch {
  readonly #read: () => Promise<AwsState>;
  #reading: Promise<void> | undefined;
  #last: { readonly state: AwsState; readonly at: number } | undefined;

  constructor(read: () => Promise<AwsState>) {
    this.#read = read;
  }

  /** @throws what kept the first reading, as without one there is nothing to show */
  async look(): Promise<{ aws: AwsState; controlPlaneAnswers: boolean }> {
    // One that hangs goes on, and what it brings is there for a later look.
    this.#reading ??= this.#read()
      .then((state) => {
        this.#last = { state, at: Date.now() };
      })
      .finally(() => (this.#reading = undefined));
    if (this.#last === undefined) await this.#reading;
    else await Promise.race([this.#reading.catch(() => undefined), setTimeout(PATIENCE_MS, undefined, { ref: false })]);
    if (this.#last === undefined) throw new Error('the control plane was not read');
    return { aws: this.#last.state, controlPlaneAnswers: Date.now() - this.#last.at < SILENT_AFTER_MS };
  }
}
