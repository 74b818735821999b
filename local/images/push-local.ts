/** Puts a binary of the Rust workspace as an image into the local registry, in a repository of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localRegistry } from './local-registry.ts';
import { buildImage, ImageDefinition } from './build.ts';
import { readBinary } from './cargo.ts';
import { digestOf, machineArchitecture, type Image } from './oci.ts';
import { ensureRepository } from './push-given.ts';
import { pushImage } from './registry-client.ts';

export interface PushInput {
  readonly binary: string;
  readonly repositoryRoot: string;
  readonly region: string;
  readonly endpoint: string;
}

/** A binary that was built, as an image. */
export async function localImage(binary: string, repositoryRoot: string): Promise<Image> {
  const definition = ImageDefinition.parse(
    JSON.parse(await readFile(join(repositoryRoot, 'docker/image.json'), 'utf8')),
  );
  return buildImage({
    service: binary,
    binary: await readBinary(join(repositoryRoot, 'services-rust/target'), binary),
    definition,
    architecture: machineArchitecture(),
  });
}

/** @returns the reference by digest */
export async function pushLocalImage({ binary, repositoryRoot, region, endpoint }: PushInput): Promise<string> {
  const uri = await ensureRepository(binary, { region, endpoint });
  const image = await localImage(binary, repositoryRoot);
  const registry = localRegistry(endpoint);
  return `${uri}@${await pushImage(registry, binary, image, digestOf(image.manifest).slice(7, 19))}`;
}
