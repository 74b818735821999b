/** Lines of a log file that grows. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { capturesFile } from '../agent/core/logs/captures.ts';

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

/** Bytes of a log file that were there at a moment, as the agent saw it grow. */
export interface Capture {
  /** All before this offset. */
  readonly end: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export function readCaptures(logFile: string): Capture[] {
  return linesAfter(capturesFile(logFile), 0).lines.flatMap(({ text }) => {
    const [end, at] = text.split(' ').map(Number);
    return end !== undefined && at !== undefined && Number.isFinite(end) && Number.isFinite(at) ? { end, at } : [];
  });
}

/** A line's own time counts when it is about when it was captured; another is part of what the line says. */
const NEAR_MS = 60_000;

/**
 * Where lines belong in time, in epoch milliseconds: by their own words, else by when they were captured. What was captured
 * together stays together, such as a stack below its message.
 * @param last when the file changed last
 * @param before the time of the line before the first
 */
export function timesOf(
  lines: readonly Line[],
  captures: readonly Capture[],
  last: number,
  before?: number,
): { readonly own: number | undefined; readonly at: number }[] {
  let capture = 0;
  let former: { readonly at: number; readonly captured: number | undefined } | undefined =
    before === undefined ? undefined : { at: before, captured: undefined };
  const owns = lines.map(({ text }) => {
    const parsed = Date.parse(timeOf(text));
    return Number.isNaN(parsed) ? undefined : parsed;
  });
  const firstOwn = owns.find((own) => own !== undefined);
  return lines.map(({ offset }, index) => {
    while (capture < captures.length && (captures[capture]?.end ?? 0) <= offset) capture++;
    const captured = captures.length === 0 ? undefined : (captures[capture]?.at ?? last);
    const said = owns[index];
    const own = said !== undefined && captured !== undefined && Math.abs(captured - said) > NEAR_MS ? undefined : said;
    const isTogether = former !== undefined && former.captured === captured;
    const at = own ?? (isTogether ? former?.at : captured) ?? former?.at ?? firstOwn ?? last;
    former = { at, captured };
    return { own, at };
  });
}
