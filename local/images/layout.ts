/** Writes an image as an OCI layout: https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { oneLine } from '../region/one-line.ts';
import { digestOf, indexOf, type Image } from './oci.ts';

const MARK = 'oci-layout';

/** @throws Error that names the directory and what stands in the way of a layout there */
export async function requireRoom(directory: string): Promise<void> {
  const remedy = 'give one that is new, empty, or has an image in it';
  const files = await readdir(directory).catch((error: unknown): string[] => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return [];
    throw new Error(`${directory} is no directory for an image: ${remedy} (${oneLine(error)})`);
  });
  if (files.length > 0 && !files.includes(MARK)) throw new Error(`${directory} has other files in it: ${remedy}`);
}

export async function writeLayout(image: Image, directory: string): Promise<void> {
  const blobs = join(directory, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  for (const blob of [image.manifest, image.config, ...image.layers])
    await writeFile(join(blobs, digestOf(blob).slice('sha256:'.length)), blob);
  await writeFile(join(directory, 'index.json'), indexOf([image]));
  await writeFile(join(directory, MARK), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}
