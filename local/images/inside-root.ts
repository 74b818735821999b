/** Paths inside an image's root filesystem. */
import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** As Linux follows at most: https://man7.org/linux/man-pages/man7/path_resolution.7.html */
const MAX_LINKS = 40;

/**
 * Where a path of a container leads when the image's links are followed as inside the container: an absolute link begins
 * at the image's root, and `..` ends there. Followed from outside, a link could lead to the machine's own files.
 * @returns an absolute path inside the root, without links as far as it exists
 */
export async function insideRoot(root: string, path: string): Promise<string> {
  let links = 0;
  let current = '/';
  const rest = path.split('/').filter((part) => part !== '');
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    const next = resolve(current, part);
    const found = await lstat(join(root, next)).catch(() => undefined);
    if (found?.isSymbolicLink() !== true) {
      current = next;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw new Error(`path ${path} of the image goes in circles`);
    const target = await readlink(join(root, next));
    rest.unshift(...target.split('/').filter((one) => one !== ''));
    current = target.startsWith('/') ? '/' : dirname(next);
  }
  return current;
}
