/** Moves a log on: docs of the form in log-parts.ts. */
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { capturesFile } from '../../region/logs/captures.ts';
import { isFull } from '../disk/disk-full.ts';
import { extentOf, MOVING, partPath, readAt } from '../../region/logs/log-parts.ts';

/**
 * Copies a log's newest bytes to its part and lets the file start over. Its writers append, so they go on at the new end. All
 * at once, without a pause for anybody else of this process: what a program writes between the last look at the file's length
 * and its end, some microseconds later, is lost, and nothing else. On a full disk the part stays empty: that the file's room
 * is used again matters more.
 * @param most bytes of the part
 */
export function rotate(path: string, most: number): void {
  const { base, begin } = extentOf(path);
  // Its name must stay until there is a new one, its room is needed now.
  if (begin < base) truncateSync(partPath(path, base), 0);
  const next = `${path}.next`;
  rmSync(next, { force: true });
  const log = openSync(path, 'r+');
  // Appended to: what a full disk took away in between leaves no hole.
  const part = openSync(next, 'a', 0o600);
  try {
    let copied = firstLineWithin(log, most);
    let name = next;
    for (let size = fstatSync(log).size; size > copied || name === next; size = fstatSync(log).size) {
      copied = copy(log, part, copied, size);
      const moving = `${partPath(path, base + copied)}${MOVING}`;
      renameSync(name, moving);
      name = moving;
    }
    ftruncateSync(log, 0);
    const end = base + copied;
    if (base !== end) forget(path, base);
    finish(path, end);
  } finally {
    closeSync(log);
    closeSync(part);
  }
}

/** @returns up to where it is copied: on a full disk all counts, and nothing is kept */
function copy(log: number, part: number, from: number, until: number): number {
  try {
    const bytes = readAt(log, from, until - from);
    for (let written = 0; written < bytes.length;) written += writeSync(part, bytes, written);
  } catch (error) {
    if (!isFull(error)) throw error;
    ftruncateSync(part, 0);
  }
  return until;
}

/** Where the last `most` bytes begin, at a line's beginning. */
function firstLineWithin(log: number, most: number): number {
  const { size } = fstatSync(log);
  if (size <= most) return 0;
  const from = size - most;
  // With the byte before, which may end a line.
  return from + Math.max(0, readAt(log, from - 1, most).indexOf('\n'));
}

function forget(path: string, end: number): void {
  for (const file of [partPath(path, end), capturesFile(partPath(path, end))]) rmSync(file, { force: true });
}

function finish(path: string, end: number): void {
  try {
    renameSync(capturesFile(path), capturesFile(partPath(path, end)));
  } catch {
    // It has none.
  }
  renameSync(`${partPath(path, end)}${MOVING}`, partPath(path, end));
}

/** Ends what an agent that was killed in the midst of it left half done. */
export function repair(path: string): void {
  const prefix = `${basename(path)}.`;
  const directory = dirname(path);
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(prefix) || !name.endsWith(MOVING)) continue;
    const part = join(directory, name);
    const end = Number(name.slice(prefix.length, -MOVING.length));
    const { base } = extentOf(path);
    if (isStillThere(path, part)) rmSync(part);
    else {
      if (base !== end) forget(path, base);
      finish(path, end);
    }
  }
}

/** Whether a log still has what was copied to its part: then the copy is of no use yet. */
function isStillThere(path: string, part: string): boolean {
  const copied = readFileSync(part);
  const { size } = statSync(path);
  if (size < copied.length || size === 0) return false;
  const log = openSync(path, 'r');
  try {
    const all = readAt(log, 0, size);
    return all.includes(copied.subarray(0, 4096)) && all.includes(copied.subarray(-4096));
  } finally {
    closeSync(log);
  }
}
