/** A layer of what an image has in it. The same files give the same layer: times are left out. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { Tree } from './tree.ts';

export async function tarLayer({ entries }: Tree): Promise<Buffer> {
  const archive = pack();
  const written = buffer(archive);
  const mtime = new Date(0);
  // A directory comes before what is in it.
  for (const [name, entry] of [...entries].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const { uid, gid, mode } = entry;
    const common = { name, uid, gid, mode, mtime };
    if (entry.kind === 'file') archive.entry(common, await readFile(entry.from));
    else if (entry.kind === 'link') archive.entry({ ...common, type: 'symlink', linkname: entry.to });
    else archive.entry({ ...common, type: 'directory' });
  }
  archive.finalize();
  return written;
}
