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

/** Follows no symbolic link on the way to an entry: a link could lead out of the image. */
async function parentOf(root: string, path: string): Promise<void> {
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
  await parentOf(root, path);
  if (base === '.wh..wh..opq') {
    for (const name of await readdir(dirname(path)))
      await rm(join(dirname(path), name), { recursive: true, force: true });
    return;
  }
  if (base.startsWith('.wh.')) {
    await rm(join(dirname(path), base.slice('.wh.'.length)), { recursive: true, force: true });
    return;
  }
  const mode = header.mode & 0o7777;
  if (header.type === 'directory') {
    await mkdir(path, { recursive: true });
    await chmod(path, mode);
    return;
  }
  await rm(path, { recursive: true, force: true });
  if (header.type === 'file' || header.type === 'contiguous-file') {
    await writeFile(path, content);
    await chmod(path, mode);
  } else if (header.type === 'symlink') await symlink(header.linkname, path);
  else if (header.type === 'link') await link(safePath(root, header.linkname), path);
  // Devices and pipes are left out: a task's /dev is made by the runtime.
}

/** @throws Error for a compression or an entry that can't be taken */
export async function unpackLayer(blob: Buffer, mediaType: string, root: string): Promise<void> {
  if (mediaType.endsWith('zstd'))
    throw new Error(`image layer ${mediaType} is not supported: build the image with gzip layers`);
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
