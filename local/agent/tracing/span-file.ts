/** Spans as JSON lines in `logs/spans.jsonl`, for other processes. */
import { appendFile, rename, stat } from 'node:fs/promises';
import type { Span } from '../../region/trace.ts';

/** About 20,000 spans; the file before is kept as `.1`, so twice that. */
const MOST_BYTES = 10 * 1024 * 1024;

export class SpanFile {
  readonly #path: string;
  /** One write after the other. */
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  add(spans: readonly Span[]): void {
    const lines = spans.map((span) => `${JSON.stringify(span)}\n`).join('');
    this.#writing = this.#writing
      .then(async () => {
        const size = await stat(this.#path).then(
          ({ size: now }) => now,
          () => 0,
        );
        if (size > MOST_BYTES) await rename(this.#path, `${this.#path}.1`);
        await appendFile(this.#path, lines);
      })
      .catch(() => undefined); // a full disk costs spans, and nothing else
  }
}
