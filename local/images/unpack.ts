/** Applies image layers to a directory: https://github.com/opencontainers/image-spec/blob/main/layer.md */
import { chmod, link, lstat, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

/** What the runtime mounts over: they have to exist, as Docker makes them too. */
const DIRECTORIES = ['proc', 'dev', 'tmp', 'etc'];
const FILES = ['etc/hosts', 'etc/resolv.conf'];

/** The place of an entry inside the root. @throws Error when it would lie outside */
export function safePath(root: string, name: string): string {
  const inside = normalize(name.replace(/^\/+/, ''));
  if (inside === '..' || inside.startsWith('../'))
    throw new Error(`image layer entry "${name}" lies outside of the image: the image is not safe to unpack`);
  return join(root, inside);
}

/** Makes the directories above an entry, and follows no symbolic link on the way: it could lead out of the image. */
async function makeParent(root: string, path: string): Promise<void> {
  const parent = dirname(path);
  let current = root;
  for (const part of parent
    .slice(root.length)
    .split('/')
    .filter((one) => one !== '')) {
    current = join(current, part);
    const found = await lstat(current).catch(() => undefined);
    if (found?.isSymbolicLink() === true)
      throw new Error(
        `image layer entry "${path.slice(root.length)}" goes through the link ${current.slice(root.length)} -> ${await readlink(current)}: the image is not safe to unpack`,
      );
    if (found === undefined) await mkdir(current);
  }
}

async function apply(root: string, header: Header, content: Buffer): Promise<void> {
  const path = safePath(root, header.name);
  if (path === root || path === `${root}/`) return;
  const base = path.slice(path.lastIndexOf('/') + 1);
  await makeParent(root, path);
  if (base === '.wh..wh..opq') {
    for (const name of await readdir(dirname(path)))
      await rm(join(dirname(path), name), { recursive: true, force: true });
    return;
  }
  if (base.startsWith('.wh.')) {
    const hidden = base.slice('.wh.'.length);
    if (['', '.', '..'].includes(hidden))
      throw new Error(`image layer entry "${header.name}" hides a directory above it: the image is not safe to unpack`);
    await rm(join(dirname(path), hidden), { recursive: true, force: true });
    return;
  }
  const mode = header.mode & 0o7777;
  if (header.type === 'directory') {
    const found = await lstat(path).catch(() => undefined);
    // A link would lead the mode to what it points at, wherever that is.
    if (found !== undefined && !found.isDirectory()) await rm(path);
    await mkdir(path, { recursive: true });
    await chmod(path, mode);
    return;
  }
  await rm(path, { recursive: true, force: true });
  if (header.type === 'file' || header.type === 'contiguous-file') {
    await writeFile(path, content);
    await chmod(path, mode);
  } else if (header.type === 'symlink') await symlink(header.linkname, path);
  else if (header.type === 'link') {
    const target = safePath(root, header.linkname);
    await makeParent(root, target);
    await link(target, path);
  }
  // Devices and pipes are left out: a task's /dev is made by the runtime.
}

/** @throws Error in one line for a compression or an entry that can't be taken, and for a damaged archive */
export async function unpackLayer(blob: Buffer, mediaType: string, root: string): Promise<void> {
  if (mediaType.endsWith('zstd'))
    throw new Error(`image layer ${mediaType} is not supported: build the image with gzip layers`);
  try {
    await applyAll(blob, root);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw said.startsWith('image layer')
      ? error
      : new Error(`image layer can't be unpacked: ${said}: push the image again`);
  }
}

async function applyAll(blob: Buffer, root: string): Promise<void> {
  const gzipped = blob.length > 1 && blob[0] === 0x1f && blob[1] === 0x8b;
  const tar = gzipped ? await buffer(Readable.from([blob]).pipe(createGunzip())) : blob;
  const archive = extract();
  archive.end(tar);
  for await (const entry of archive) await apply(root, entry.header, await buffer(entry));
}

export async function prepareMountPoints(root: string): Promise<void> {
  for (const name of DIRECTORIES) await mkdir(join(root, name), { recursive: true });
  for (const name of FILES) await writeFile(join(root, name), '', { flag: 'a' });
  await chmod(join(root, 'tmp'), 0o1777);
}
