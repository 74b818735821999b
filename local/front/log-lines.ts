/** Lines of a log file that grows. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

export interface Line {
  /** Where in the file it begins. */
  readonly offset: number;
  readonly text: string;
}

/** Size in bytes, and the epoch milliseconds of the last change; 0 for a file that is not there. */
export function stateOf(path: string): { size: number; changedAt: number } {
  const { size = 0, mtimeMs = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return { size, changedAt: mtimeMs };
}

/** The whole lines after an offset, and the offset after them. One that lies beyond the end is of a file that began anew. */
export function linesAfter(path: string, after: number): { lines: Line[]; next: number } {
  const { size } = stateOf(path);
  const offset = after > size ? 0 : after;
  const length = size - offset;
  if (length === 0) return { lines: [], next: offset };
  const chunk = Buffer.alloc(length);
  const file = openSync(path, 'r');
  readSync(file, chunk, 0, length, offset);
  closeSync(file);
  const lines: Line[] = [];
  let begin = 0;
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, begin)) {
    if (end > begin) lines.push({ offset: offset + begin, text: chunk.toString('utf8', begin, end) });
    begin = end + 1;
  }
  return { lines, next: offset + begin };
}

/** When a line says it was written; the proxies' warnings and the applications' lines have different forms. */
export function timeOf(line: string): string {
  return /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*Z?/.exec(line)?.[0].replace(' ', 'T') ?? '';
}
