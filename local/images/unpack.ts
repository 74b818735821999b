/** Applies image layers to a directory: https://github.com/opencontainers/image-spec/blob/main/layer.md */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, lchown, link, lstat, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { extract, type Header } from 'tar-stream';
import { feed, tarOf, type Blob } from './compressed-tar.ts';
import { insideRoot } from './inside-root.ts';

/** What the runtime mounts over: they have to exist, as Docker makes them too. */
const DIRECTORIES = ['proc', 'dev', 'tmp', 'etc'];
const FILES = ['etc/hosts', 'etc/resolv.conf'];

const runProgram = promisify(execFile);

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

/** What may still be unpacked of one image. */
export interface Budget {
  bytes: number;
  entries: number;
}

/**
 * A task of Fargate has 20 GiB of disk unless it asks for more, and the largest images in use have some 100,000 files.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html
 */
export const imageBudget = (): Budget => ({ bytes: 20 * 1024 ** 3, entries: 1_000_000 });

/** @throws Error when it is used up */
function spend(budget: Budget, { size }: Header): void {
  budget.bytes -= size;
  budget.entries -= 1;
  if (budget.bytes < 0 || budget.entries < 0)
    throw new Error('image layer is larger than 20 GiB or has more than a million files: make the image smaller');
}

/** https://github.com/opencontainers/image-spec/blob/main/layer.md#file-types: layers have no sparse files. */
function refuseSparse({ name, pax, type }: Header): void {
  // A header of a kind that the tar format does not know has no type.
  if ((type as string | null) !== null && Object.keys(pax ?? {}).every((key) => !key.startsWith('GNU.sparse'))) return;
  throw new Error(`image layer entry "${name}" is a sparse file, which layers may not have: build the image without`);
}

async function apply(root: string, header: Header, content: AsyncIterable<unknown>): Promise<void> {
  const path = await placeOf(root, header.name);
  if (path === root || path === `${root}/`) return;
  await mkdir(dirname(path), { recursive: true });
  const existing = await lstat(path).catch(() => undefined);
  // A directory over a directory keeps its content; everything else takes the place of what was there.
  if (header.type !== 'directory' || existing?.isDirectory() !== true) await rm(path, { recursive: true, force: true });
  if (header.type === 'directory') await mkdir(path, { recursive: true });
  else if (header.type === 'file' || header.type === 'contiguous-file')
    await pipeline(content, createWriteStream(path, { flags: 'wx' }));
  else if (header.type === 'symlink') await symlink(header.linkname, path);
  else if (header.type === 'link') return link(await placeOf(root, header.linkname), path);
  else if (header.type === 'fifo') await runProgram('mkfifo', ['--', path]);
  // Devices are left out: a task's /dev is made by the runtime, and no other device would open.
  else return;
  // Without root there is one user only, and everything is theirs.
  await lchown(path, header.uid, header.gid).catch(() => undefined);
  // After the owner: a change of owner takes the set-user-id bit away.
  if (header.type !== 'symlink') await chmod(path, header.mode & 0o7777);
}

/**
 * @param blob a tar archive, as it is or compressed with gzip or zstd
 * @throws Error in one line for an entry that can't be taken, and for a damaged archive
 */
export async function unpackLayer(blob: Blob, root: string, budget = imageBudget()): Promise<void> {
  try {
    await unpackArchive(blob, root, budget);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw said.startsWith('image layer')
      ? error
      : new Error(`image layer can't be unpacked: ${said}: push the image again`);
  }
}

/** The same for any archive, with the reasons as they come. Nothing but a piece of it is in memory. */
export async function unpackArchive(blob: Blob, root: string, budget = imageBudget()): Promise<void> {
  // Whiteouts first: they are about the layers below, wherever in their own layer they stand.
  for (const isWhiteout of [true, false]) {
    const archive = extract();
    const fed = feed(archive, tarOf(blob, budget.bytes));
    for await (const entry of archive) {
      const { header } = entry;
      const isTurn = basename(header.name).startsWith(WHITEOUT) === isWhiteout;
      if (isTurn) refuseSparse(header);
      if (isTurn) spend(budget, header);
      if (isTurn && !isWhiteout) await apply(root, header, entry);
      entry.resume();
      if (isTurn && isWhiteout) await removeWhatIsWhitedOut(root, header.name);
    }
    await fed;
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
