/** Writes an image as an OCI layout: https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, indexOf, type Image } from './oci.ts';

export async function writeLayout(image: Image, directory: string): Promise<void> {
  const blobs = join(directory, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  for (const blob of [image.manifest, image.config, ...image.layers])
    await writeFile(join(blobs, digestOf(blob).slice('sha256:'.length)), blob);
  await writeFile(join(directory, 'index.json'), indexOf([image]));
  await writeFile(join(directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}
