/** Unpacked images by digest: pulled once, shared by every task, never written to again. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ImageConfig } from './oci.ts';
import { pullBlob, pullManifest, type Registry } from './registry-client.ts';
import { prepareMountPoints, unpackLayer } from './unpack.ts';

export interface StoreRequest {
  /** `<host>/<repository>@sha256:<hex>` or `<host>/<repository>:<tag>`. */
  readonly reference: string;
  /** Where the reference's host is reached. */
  readonly registryUrl: string;
  readonly storeDirectory: string;
}

export interface RootFilesystem {
  readonly rootDirectory: string;
  readonly config: ImageConfig['config'];
}

const Reference = z.string().regex(/^[^/@]+\/[^@]+(@sha256:[0-9a-f]{64}|:[\w.-]+)$/);

/** @throws Error that names the value and the form it should have */
export function parseReference(reference: string): { repository: string; version: string } {
  if (!Reference.safeParse(reference).success) {
    throw new Error(`image "${reference}" is no full reference: give <registry>/<repository>@sha256:<digest>`);
  }
  const path = reference.slice(reference.indexOf('/') + 1);
  const at = path.indexOf('@') === -1 ? path.lastIndexOf(':') : path.indexOf('@');
  return { repository: path.slice(0, at), version: path.slice(at + 1) };
}

const underWay = new Map<string, Promise<RootFilesystem>>();

/** Pulls and unpacks an image unless it is there; two tasks that ask at once wait for the same work. */
export function ensureRootFilesystem(request: StoreRequest): Promise<RootFilesystem> {
  const existing = underWay.get(request.reference);
  if (existing !== undefined) return existing;
  const work = unpack(request).finally(() => underWay.delete(request.reference));
  underWay.set(request.reference, work);
  return work;
}

async function unpack({ reference, registryUrl, storeDirectory }: StoreRequest): Promise<RootFilesystem> {
  const { repository, version } = parseReference(reference);
  const registry: Registry = { url: registryUrl, authorization: undefined };
  // The manifest is asked for even when the files are there: a digest that left the registry can't be deployed.
  const manifest = await pullManifest(registry, repository, reference, version);
  const directory = join(storeDirectory, manifest.config.digest.slice('sha256:'.length));
  if (!existsSync(directory)) {
    const temporary = join(storeDirectory, `.${randomUUID()}`);
    try {
      await mkdir(join(temporary, 'root'), { recursive: true });
      for (const layer of manifest.layers) {
        await unpackLayer(
          await pullBlob(registry, repository, reference, layer),
          layer.mediaType,
          join(temporary, 'root'),
        );
      }
      await prepareMountPoints(join(temporary, 'root'));
      await writeFile(join(temporary, 'config.json'), await pullBlob(registry, repository, reference, manifest.config));
      await rename(temporary, directory);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      // Another agent's rename came first: its files are the same.
      if (!existsSync(directory)) throw error;
    }
  }
  const { config } = ImageConfig.parse(JSON.parse(await readFile(join(directory, 'config.json'), 'utf8')));
  return { rootDirectory: join(directory, 'root'), config };
}
