/** Builds the image of a service without Docker: the same content, from the same definition, as the Dockerfile's. */
import { createGzip } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { z } from 'zod';
import { digestOf, MEDIA, type Architecture, type Image } from './oci.ts';

/** docker/image.json. */
export const ImageDefinition = z.object({
  user: z.string(),
  workingDir: z.string().startsWith('/'),
  binary: z.string().startsWith('/'),
  entrypoint: z.array(z.string()).min(1),
  exposedPorts: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
});
export type ImageDefinition = z.infer<typeof ImageDefinition>;

export interface BuildInput {
  readonly service: string;
  readonly binary: Buffer;
  readonly definition: ImageDefinition;
  readonly architecture: Architecture;
}

/** Time is not part of the content: the same binary gives the same digest, today and tomorrow. */
const EPOCH = new Date(0);

async function tarOf(path: string, binary: Buffer): Promise<Buffer> {
  const archive = pack();
  // As the Dockerfile's COPY has it: owned by root, readable and executable by all, writable by nobody.
  archive.entry({ name: path.slice(1), mode: 0o555, uid: 0, gid: 0, mtime: EPOCH }, binary);
  archive.finalize();
  return buffer(archive);
}

async function compressed(tar: Buffer): Promise<Buffer> {
  const stream = createGzip({ level: 9 });
  stream.end(tar);
  return buffer(stream);
}

export async function buildImage({ service, binary, definition, architecture }: BuildInput): Promise<Image> {
  const labels = Object.fromEntries(
    Object.entries(definition.labels).map(([name, value]) => [name, value.replaceAll('${SERVICE}', service)]),
  );
  return imageOf({
    architecture,
    layers: [await tarOf(definition.binary, binary)],
    config: {
      User: definition.user,
      WorkingDir: definition.workingDir,
      Entrypoint: definition.entrypoint,
      ExposedPorts: Object.fromEntries(definition.exposedPorts.map((port) => [port, {}])),
      Labels: labels,
    },
    history: `COPY ${service} ${definition.binary}`,
    annotations: labels,
  });
}

export interface ImageParts {
  readonly architecture: Architecture;
  /** Archives, from the lowest. */
  readonly layers: readonly Buffer[];
  /** https://github.com/opencontainers/image-spec/blob/main/config.md#properties */
  readonly config: object;
  /** What made them. */
  readonly history: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The same parts give the same image. */
export async function imageOf({ architecture, layers, config: own, history, annotations }: ImageParts): Promise<Image> {
  const blobs = await Promise.all(layers.map(compressed));
  const config = json({
    created: EPOCH.toISOString(),
    architecture,
    os: 'linux',
    config: own,
    rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
    history: [{ created: EPOCH.toISOString(), created_by: history }],
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, digest: digestOf(config), size: config.length },
    layers: blobs.map((blob) => ({ mediaType: MEDIA.layer, digest: digestOf(blob), size: blob.length })),
    ...(annotations === undefined ? {} : { annotations }),
  });
  return { architecture, manifest, manifestType: MEDIA.manifest, config, layers: blobs };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** Numbers of processors in ELF's header: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const ELF_MACHINES: Readonly<Record<number, Architecture>> = { 62: 'amd64', 183: 'arm64' };

/** The processor that an ELF binary is for; nothing for other files and other processors. */
export function architectureOf(binary: Buffer): Architecture | undefined {
  return isElf(binary) ? ELF_MACHINES[binary.readUInt16LE(18)] : undefined;
}

function isElf(binary: Buffer): boolean {
  return binary.length >= 64 && binary.readUInt32BE(0) === 0x7f454c46;
}

/**
 * Whether an ELF binary asks for no dynamic loader: on `scratch` there is none.
 * https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html
 */
export function isStatic(binary: Buffer): boolean {
  const PT_INTERP = 3;
  if (!isElf(binary)) return false;
  const offset = Number(binary.readBigUInt64LE(32));
  const size = binary.readUInt16LE(54);
  const count = binary.readUInt16LE(56);
  return Array.from({ length: count }, (_, index) => binary.readUInt32LE(offset + index * size)).every(
    (type) => type !== PT_INTERP,
  );
}
