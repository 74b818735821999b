/** Applies image layers to a directory: https://github.com/opencontainers/image-spec/blob/main/layer.md */
import { chmod, lchown, link, lstat, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { decompress } from 'fzstd';
import { extract, type Header } from 'tar-stream';
import { insideRoot } from './inside-root.ts';

/** What the runtime mounts over: they have to exist, as Docker makes them too. */
const DIRECTORIES = ['proc', 'dev', 'tmp', 'etc'];
const FILES = ['etc/hosts', 'etc/resolv.conf'];

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** The place of an entry, with the image's links followed inside of it. @throws Error when the name leads outside */
async function placeOf(root: string, name: string): Promise<string> {
  const inside = normalize(name.replace(/^\/+/, ''));
  if (inside === '..' || inside.startsWith('../'))
    throw new Error(`image layer entry "${name}" lies outside of the image: the image is not safe to unpack`);
  return join(root, await insideRoot(root, dirname(inside)), basename(inside));
}

async function removeWhatIsWhitedOut(root: string, name: string): Promise<void> {
  const path = await placeOf(root, name);
  if (['', '.', '..'].includes(basename(path).slice(WHITEOUT.length)))
    throw new Error(`image layer entry "${name}" hides a directory above it: the image is not safe to unpack`);
  const removed =
    basename(path) === OPAQUE
      ? (await readdir(dirname(path)).catch(() => [])).map((one) => join(dirname(path), one))
      : [join(dirname(path), basename(path).slice(WHITEOUT.length))];
  for (const one of removed) await rm(one, { recursive: true, force: true });
}

async function apply(root: string, header: Header, content: Buffer): Promise<void> {
  const path = await placeOf(root, header.name);
  if (path === root || path === `${root}/`) return;
  await mkdir(dirname(path), { recursive: true });
  const existing = await lstat(path).catch(() => undefined);
  // A directory over a directory keeps its content; everything else takes the place of what was there.
  if (header.type !== 'directory' || existing?.isDirectory() !== true) await rm(path, { recursive: true, force: true });
  if (header.type === 'directory') await mkdir(path, { recursive: true });
  else if (header.type === 'file' || header.type === 'contiguous-file') await writeFile(path, content);
  else if (header.type === 'symlink') await symlink(header.linkname, path);
  else if (header.type === 'link') return link(await placeOf(root, header.linkname), path);
  // Devices and pipes are left out: a task's /dev is made by the runtime.
  else return;
  // Without root there is one user only, and everything is theirs.
  await lchown(path, header.uid, header.gid).catch(() => undefined);
  // After the owner: a change of owner takes the set-user-id bit away.
  if (header.type !== 'symlink') await chmod(path, header.mode & 0o7777);
}

/** By its first bytes: https://www.rfc-editor.org/rfc/rfc1952 and https://www.rfc-editor.org/rfc/rfc8878 */
async function decompressed(blob: Buffer): Promise<Buffer> {
  if (blob.length > 1 && blob.readUInt16BE(0) === 0x1f8b) return buffer(Readable.from([blob]).pipe(createGunzip()));
  if (blob.length > 3 && blob.readUInt32LE(0) === 0xfd2fb528) return Buffer.from(decompress(blob));
  return blob;
}

/**
 * @param blob a tar archive, as it is or compressed with gzip or zstd
 * @throws Error in one line for an entry that can't be taken, and for a damaged archive
 */
export async function unpackLayer(blob: Buffer, root: string): Promise<void> {
  try {
    await unpackArchive(blob, root);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw said.startsWith('image layer')
      ? error
      : new Error(`image layer can't be unpacked: ${said}: push the image again`);
  }
}

/** The same for any archive, with the reasons as they come. */
export async function unpackArchive(blob: Buffer, root: string): Promise<void> {
  const tar = await decompressed(blob);
  // Whiteouts first: they are about the layers below, wherever in their own layer they stand.
  for (const isWhiteout of [true, false]) {
    const archive = extract();
    archive.end(tar);
    for await (const entry of archive) {
      const { header } = entry;
      const isTurn = basename(header.name).startsWith(WHITEOUT) === isWhiteout;
      if (isTurn && !isWhiteout) await apply(root, header, await buffer(entry));
      else entry.resume();
      if (isTurn && isWhiteout) await removeWhatIsWhitedOut(root, header.name);
    }
  }
}

/** Makes what the runtime mounts over. A link is replaced: a mount would follow it out of the image. */
export async function prepareMountPoints(root: string): Promise<void> {
  for (const name of [...DIRECTORIES, ...FILES]) {
    const found = await lstat(join(root, name)).catch(() => undefined);
    if (found?.isSymbolicLink() === true) await rm(join(root, name));
  }
  for (const name of DIRECTORIES) await mkdir(join(root, name), { recursive: true });
  for (const name of FILES) await writeFile(join(root, name), '', { flag: 'a' });
  await chmod(join(root, 'tmp'), 0o1777);
}
