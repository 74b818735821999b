/** Reads an image from a file: an OCI layout, an OCI archive, or what `docker save` writes. */
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { oneLine } from '../region/one-line.ts';
import { insideRoot } from './inside-root.ts';
import { digestOf, ImageConfig, Index, machineArchitecture, Manifest, MEDIA, type Image } from './oci.ts';
import { unpackArchive } from './unpack.ts';

const WANTED = 'give an OCI layout, an OCI archive or a `docker save` file';

/** https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format */
const DockerSave = z.array(z.object({ Config: z.string(), Layers: z.array(z.string()) })).min(1);
type Saved = z.infer<typeof DockerSave>[number];

/** @throws Error in one line that names the path and what it should be */
export async function readImage(path: string): Promise<Image> {
  // What an image says of itself may have lines of its own.
  return imageAt(path).catch((error: unknown) => {
    throw new Error(oneLine(error));
  });
}

async function imageAt(path: string): Promise<Image> {
  if (!existsSync(path)) throw new Error(`${path} does not exist: ${WANTED}`);
  if (statSync(path).isDirectory()) return readLayout(path, path);
  const directory = await mkdtemp(join(tmpdir(), 'highlands-image-'));
  try {
    await unpackArchive(await readFile(path), directory).catch((error: unknown) => {
      throw new Error(`${path} is no tar archive: ${WANTED} (${oneLine(error)})`);
    });
    return await readLayout(directory, path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function readLayout(directory: string, path: string): Promise<Image> {
  const files = new LayoutFiles(directory, path);
  const image = existsSync(join(directory, 'index.json'))
    ? await fromIndex(await files.json('index.json', Index), files)
    : await fromDockerSave((await files.json('manifest.json', DockerSave))[0], files);
  // Not what the index says: an image for one processor alone is often saved without saying which.
  const { architecture, os } = files.parsed('the configuration', image.config, ImageConfig);
  if (os !== 'linux' || architecture !== image.architecture)
    throw new Error(
      `${path} is for ${os}/${architecture}: give one for linux/${image.architecture}, as this machine is`,
    );
  return image;
}

class LayoutFiles {
  readonly #directory: string;
  readonly path: string;

  constructor(directory: string, path: string) {
    this.#directory = directory;
    this.path = path;
  }

  async read(name: string): Promise<Buffer> {
    // A file of the archive may be a link, and must not lead out of it.
    const file = join(this.#directory, await insideRoot(this.#directory, name));
    return readFile(file).catch(() => {
      throw new Error(`${this.path} has no ${name}: ${WANTED}`);
    });
  }

  async blob(digest: string): Promise<Buffer> {
    const content = await this.read(`blobs/${digest.replace(':', '/')}`);
    if (digestOf(content) !== digest) throw new Error(`${this.path}: ${digest} has other content: save it again`);
    return content;
  }

  async json<T extends z.ZodType>(name: string, schema: T): Promise<z.output<T>> {
    return this.parsed(name, await this.read(name), schema);
  }

  parsed<T extends z.ZodType>(name: string, content: Buffer, schema: T): z.output<T> {
    try {
      return schema.parse(JSON.parse(content.toString()));
    } catch (error) {
      throw new Error(`${this.path} has something else in ${name}: save it again (${oneLine(error)})`);
    }
  }
}

async function fromIndex({ manifests }: Index, files: LayoutFiles): Promise<Image> {
  const architecture = machineArchitecture();
  const platforms = manifests.map(({ platform }) => (platform ? `${platform.os}/${platform.architecture}` : undefined));
  // One image without a platform says it in its configuration; `docker save` lists it once for each of its tags.
  const single = new Set(manifests.map(({ digest }) => digest)).size === 1 && platforms[0] === undefined;
  const fitting = single ? manifests[0] : manifests[platforms.indexOf(`linux/${architecture}`)];
  if (fitting === undefined)
    throw new Error(
      `${files.path} has nothing for linux/${architecture}, only ${platforms.map((one) => one ?? 'unknown').join(', ')}: build it for this machine`,
    );
  const manifest = await files.blob(fitting.digest);
  const parsed = files.parsed(fitting.digest, manifest, Index.or(Manifest));
  if ('manifests' in parsed) return fromIndex(parsed, files);
  return {
    architecture,
    manifest,
    manifestType: fitting.mediaType,
    config: await files.blob(parsed.config.digest),
    layers: await Promise.all(parsed.layers.map(({ digest }) => files.blob(digest))),
  };
}

async function fromDockerSave(saved: Saved | undefined, files: LayoutFiles): Promise<Image> {
  const config = await files.read(saved?.Config ?? '');
  const layers = await Promise.all((saved?.Layers ?? []).map((name) => files.read(name)));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config: { mediaType: MEDIA.config, digest: digestOf(config), size: config.length },
      // The compression is read off the content, whatever the type says.
      layers: layers.map((layer) => ({ mediaType: MEDIA.layer, digest: digestOf(layer), size: layer.length })),
    }),
  );
  return { architecture: machineArchitecture(), manifest, manifestType: MEDIA.manifest, config, layers };
}
