/** What the checks of a load balancer's nodes found last, from the log that they all append to. */
import { open } from 'node:fs/promises';
import { failedCheck, type CheckFailure } from '../core/envoy/check-events.ts';

/** A failed check has some 400 bytes: of what was written before the first look, the last six hundred or so of them. */
const MOST_BYTES = 256 * 1024;

export class CheckLog {
  readonly #file: string;
  readonly #failures = new Map<string, CheckFailure>();
  /** Up to where it was read. */
  #read = 0;
  /** The line that was not whole yet. */
  #begun = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** The last failure of each target that ever failed, by `cluster address:port`. */
  async failures(): Promise<ReadonlyMap<string, CheckFailure>> {
    for (const line of await this.#lines()) {
      const failed = failedCheck(line);
      if (failed !== undefined) this.#failures.set(failed.target, failed.failure);
    }
    return this.#failures;
  }

  /** The address of a target that is gone may be another one's soon. */
  forget(address: string): void {
    for (const key of this.#failures.keys()) if (key.includes(` ${address}:`)) this.#failures.delete(key);
  }

  async #lines(): Promise<string[]> {
    const file = await open(this.#file).catch(() => undefined); // none has failed yet
    if (file === undefined) return [];
    try {
      const { size } = await file.stat();
      // It was moved on, as all logs are when they have grown large.
      if (size < this.#read) this.#from(0);
      if (size - this.#read > MOST_BYTES) this.#from(size - MOST_BYTES);
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - this.#read), position: this.#read });
      this.#read += bytesRead;
      const lines = (this.#begun + buffer.toString('utf8', 0, bytesRead)).split('\n');
      this.#begun = lines.pop() ?? '';
      return lines;
    } finally {
      await file.close();
    }
  }

  #from(position: number): void {
    this.#read = position;
    this.#begun = '';
  }
}
