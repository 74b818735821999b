/** Answers of several APIs that belong to one moment. */
import { isDeepStrictEqual } from 'node:util';

/** Then something changes faster than it can be read, and the last reading is as good as any. */
const TRIES = 5;

/**
 * Reads until two readings in a row are the same: all of it was so between them.
 * https://en.wikipedia.org/wiki/Shared_snapshot_objects, the double collect
 */
export async function oneMoment<View>(read: () => Promise<View>): Promise<View> {
  let before = await read();
  for (let tried = 1; tried < TRIES; tried++) {
    const now = await read();
    if (isDeepStrictEqual(plain(before), plain(now))) return now;
    before = now;
  }
  return before;
}

/** Each answer of an SDK has an id of its own, which is no part of what was asked. */
const plain = (view: unknown): unknown =>
  JSON.parse(JSON.stringify(view, (key, value: unknown) => (key === '$metadata' ? undefined : value)));
