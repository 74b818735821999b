/** Unpacked images by digest: pulled once, shared by every task, never written to again. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Blob } from './compressed-tar.ts';
import { ImageConfig, type Descriptor, type Manifest } from './oci.ts';
import { localRepository, parseReference } from './reference.ts';
import { NotInRegistry, pullBlob, pullManifest, type Registry } from './registry-client.ts';
import { imageBudget, prepareMountPoints, unpackLayer } from './unpack.ts';

/** An image, wherever it is. */
export interface FoundImage {
  readonly manifest: Manifest;
  readonly blob: (descriptor: Descriptor) => Promise<Blob>;
}

export interface StoreRequest {
  /** `[<host>/]<repository>` with `@sha256:<hex>` or `:<tag>`. */
  readonly reference: string;
  /** The region's own, where an image is looked for first. */
  readonly registry: Registry;
  /** Looks for the image outside of the region. @throws Error with the reason why it is not found there either */
  readonly elsewhere: (reference: string) => Promise<FoundImage>;
  readonly storeDirectory: string;
}

export interface RootFilesystem {
  readonly rootDirectory: string;
  readonly config: ImageConfig['config'];
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

async function find({ reference, registry, elsewhere }: StoreRequest): Promise<FoundImage> {
  const parsed = parseReference(reference);
  const repository = localRepository(parsed);
  try {
    // The manifest is asked for even when the files are there: a digest that left the registry can't be deployed.
    const manifest = await pullManifest(registry, repository, reference, parsed.version);
    return { manifest, blob: (descriptor) => pullBlob(registry, repository, reference, descriptor) };
  } catch (error) {
    if (error instanceof NotInRegistry) return elsewhere(reference);
    throw error;
  }
}

async function unpack(request: StoreRequest): Promise<RootFilesystem> {
  const { storeDirectory } = request;
  const { manifest, blob } = await find(request);
  const directory = join(storeDirectory, manifest.config.digest.slice('sha256:'.length));
  if (!existsSync(directory)) {
    const temporary = join(storeDirectory, `.${randomUUID()}`);
    try {
      await mkdir(join(temporary, 'root'), { recursive: true });
      const budget = imageBudget();
      for (const layer of manifest.layers) {
        await unpackLayer(await blob(layer), join(temporary, 'root'), budget);
      }
      await prepareMountPoints(join(temporary, 'root'));
      const settings = await blob(manifest.config);
      await writeFile(
        join(temporary, 'config.json'),
        typeof settings === 'string' ? await readFile(settings) : settings,
      );
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
