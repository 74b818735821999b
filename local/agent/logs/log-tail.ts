/** What is added to one container's log file. */
import { open, stat, truncate } from 'node:fs/promises';
import { linesOf } from '../core/logs/awslogs.ts';

/**
 * What is sent of a file at each look, once a second; what is more stays in the file only. About 150 requests a second with
 * the proxy's log: as with the driver's mode "non-blocking", a busy service loses log lines and not requests.
 */
const MOST_BYTES = 64 * 1024;
/** Then the file begins anew, so that a region may run for weeks: about 50,000 requests. */
const LARGEST_FILE = 20 * 1024 * 1024;

export class LogTail {
  readonly path: string;
  #offset: number;

  /** @param offset up to which somebody else has read */
  constructor(path: string, offset = 0) {
    this.path = path;
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  async newLines(): Promise<readonly string[]> {
    const size = await stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
    if (size < this.#offset) this.#offset = 0;
    const skipped = Math.max(0, size - this.#offset - MOST_BYTES);
    const from = this.#offset + skipped;
    if (size === from) return [];
    const file = await open(this.path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      const { lines, consumed } = linesOf(buffer.subarray(0, bytesRead), MOST_BYTES);
      this.#offset = from + consumed;
      if (this.#offset > LARGEST_FILE) {
        // Its writers append, so they go on at the new end.
        await truncate(this.path, 0);
        this.#offset = 0;
      }
      const note = `${String(skipped)} bytes of log were not sent to CloudWatch: too many at once for the local region`;
      return skipped === 0 ? lines : [note, ...lines.slice(1)];
    } finally {
      await file.close();
    }
  }
}
