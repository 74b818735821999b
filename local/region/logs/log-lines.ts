/** Lines of a log file that grows. */
import { readFileSync } from 'node:fs';
import { capturesFile } from './captures.ts';
import { extentOf, partPath, readLog } from './log-parts.ts';

export interface Line {
  /** Position in the log of its first byte, over all rotations. */
  readonly offset: number;
  readonly text: string;
}

/** The position of a log's end, and the epoch milliseconds of its last change; 0 for one that is not there. */
export function stateOf(path: string): { size: number; changedAt: number } {
  const { end: size, changedAt } = extentOf(path);
  return { size, changedAt };
}

/** The whole lines after a position, and the position after them. One that lies beyond the end is of a log that started over. */
export function linesAfter(path: string, after: number): { lines: Line[]; next: number } {
  const { from, bytes } = readLog(path, after);
  return linesIn(bytes, from);
}

function linesIn(chunk: Buffer, from: number): { lines: Line[]; next: number } {
  const lines: Line[] = [];
  let begin = 0;
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, begin)) {
    if (end > begin) lines.push({ offset: from + begin, text: chunk.toString('utf8', begin, end) });
    begin = end + 1;
  }
  return { lines, next: from + begin };
}

/** When a line says it was written; the proxies' warnings and the applications' lines have different forms. */
function timeOf(line: string): string {
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
  const files = [partPath(logFile, extentOf(logFile).base), logFile].map(capturesFile);
  const lines = files.flatMap((file) => linesIn(contentOf(file), 0).lines);
  return lines.flatMap(({ text }) => {
    const [end, at] = text.split(' ').map(Number);
    return end !== undefined && at !== undefined && Number.isFinite(end) && Number.isFinite(at) ? { end, at } : [];
  });
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0); // nothing was noted yet
  }
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
