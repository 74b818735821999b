/** What is added to one container's log. */
import { linesOf } from '../core/logs/awslogs.ts';
import { extentOf, readLog } from '../../region/logs/log-parts.ts';

/**
 * What is sent of a log at each look, once a second; what is more stays in the files only. About 150 requests a second with
 * the proxy's log: as with the driver's mode "non-blocking", a busy service loses log lines and not requests.
 */
const MOST_BYTES = 64 * 1024;

export class LogTail {
  readonly path: string;
  #offset: number;
  #next: number;

  /** @param offset up to which somebody else has read */
  constructor(path: string, offset = 0) {
    this.path = path;
    this.#offset = offset;
    this.#next = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  /** The same ones again, and what came after them, until they are `taken`. */
  newLines(): readonly string[] {
    const { begin, base, end } = extentOf(this.path);
    const known = this.#offset > end ? base : this.#offset;
    const wanted = Math.max(begin, known, end - MOST_BYTES);
    const { from, bytes } = readLog(this.path, wanted, MOST_BYTES);
    const { lines, consumed } = linesOf(bytes, MOST_BYTES);
    this.#next = from + consumed;
    const skipped = from - known;
    const note = `${String(skipped)} bytes of log were not sent to CloudWatch: too many at once for the local region`;
    return skipped <= 0 || lines.length === 0 ? lines : [note, ...lines.slice(1)];
  }

  /** The lines that were read last are where they belong. */
  taken(): void {
    this.#offset = this.#next;
  }
}
