/**
 * A log over its rotations. Positions count from the first byte that was ever written to it, so that a reader need not
 * know of a rotation. The programs that write have the file open and can't be told of another, so what is in `0.log` is copied
 * to `0.log.<position of its end>` and `0.log` starts over: the name of the part says where the file's first byte belongs.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Of a part that is whole while its file is not emptied yet: a reader comes back later. */
export const MOVING = '.moving';

/** What lies beside a log. */
interface Beside {
  /** Position of the file's first byte, which is the end of the part before it. */
  readonly base: number;
  readonly moving: boolean;
}

function beside(path: string): Beside {
  const prefix = `${basename(path)}.`;
  let base = 0;
  let moving = false;
  for (const name of namesIn(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    if (/^\d+$/.test(rest)) base = Math.max(base, Number(rest));
    if (/^\d+\.moving$/.test(rest)) moving = true;
  }
  return { base, moving };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // nothing was logged yet
  }
}

export const partPath = (path: string, end: number): string => `${path}.${String(end)}`;

export interface LogExtent {
  /** Positions: of the first byte that is still there, of the file's first byte, and after the last. */
  readonly begin: number;
  readonly base: number;
  readonly end: number;
  /** Epoch milliseconds; 0 for a file that is not there. */
  readonly changedAt: number;
}

/** What there is of a log. */
export function extentOf(path: string): LogExtent {
  return extentFrom(path, beside(path).base);
}

function extentFrom(path: string, base: number): LogExtent {
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false });
  const { size = 0, mtimeMs: changedAt = 0 } = sizeOf(path) ?? {};
  const before = base === 0 ? 0 : (sizeOf(partPath(path, base))?.size ?? 0);
  return { begin: base - before, base, end: base + size, changedAt };
}

export interface Excerpt {
  /** Position of its first byte. */
  readonly from: number;
  readonly bytes: Buffer;
}

/** A rotation takes a hundredth of a second. */
const TRIES = 3;

/**
 * What was logged from a position on; from what is left, if that is gone already, and from the file's first byte, if that lies
 * beyond the end: somebody emptied it. Nothing while it is just moved on.
 * @param most bytes
 */
export function readLog(path: string, after: number, most = Number.POSITIVE_INFINITY): Excerpt {
  for (let tries = 0; tries < TRIES; tries++) {
    const { base, moving } = beside(path);
    if (moving) break;
    const found = readBetween(path, base, after, most);
    const now = beside(path);
    // What was read in the midst of a rotation may be of either file.
    if (found !== undefined && now.base === base && !now.moving) return found;
  }
  return { from: after, bytes: Buffer.alloc(0) };
}

function readBetween(path: string, base: number, after: number, most: number): Excerpt | undefined {
  const { begin, end } = extentFrom(path, base);
  const from = after > end ? base : Math.max(begin, after);
  const until = Math.min(end, from + most);
  const pieces: Buffer[] = [];
  if (from < base) pieces.push(bytesOf(partPath(path, base), from - begin, Math.min(until, base) - from));
  if (until > base) pieces.push(bytesOf(path, Math.max(from, base) - base, until - Math.max(from, base)));
  const bytes = Buffer.concat(pieces);
  return bytes.length === until - from ? { from, bytes } : undefined;
}

/** Fewer when a file has fewer. */
function bytesOf(path: string, offset: number, length: number): Buffer {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    return readAt(file, offset, length);
  } finally {
    closeSync(file);
  }
}

/** What an open file has there. */
export function readAt(file: number, offset: number, length = fstatSync(file).size - offset): Buffer {
  const bytes = Buffer.alloc(Math.max(0, length));
  let read = 0;
  for (let more = -1; read < bytes.length && more !== 0; read += more)
    more = readSync(file, bytes, read, bytes.length - read, offset + read);
  return bytes.subarray(0, read);
}
