/** The shapes of the OCI image specification that we read: https://github.com/opencontainers/image-spec */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { oneLine } from '../region/one-line.ts';

export const MEDIA = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
} as const;

export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

export const Descriptor = z.object({ mediaType: z.string(), digest: Digest, size: z.number().int().min(0) });
export type Descriptor = z.infer<typeof Descriptor>;

export const Manifest = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  config: Descriptor,
  layers: z.array(Descriptor),
});
export type Manifest = z.infer<typeof Manifest>;

export const Index = z.object({
  manifests: z.array(
    Descriptor.extend({ platform: z.object({ architecture: z.string(), os: z.string() }).optional() }),
  ),
});
export type Index = z.infer<typeof Index>;

/** @throws Error when the registry gave something else */
export function manifestOrIndex(content: Buffer, reference: string): Manifest | Index {
  try {
    return Index.or(Manifest).parse(JSON.parse(content.toString()));
  } catch (error) {
    throw new Error(
      `CannotPullContainerError: image ${reference} has no readable manifest: push it again (${oneLine(error)})`,
    );
  }
}

/** What a container runs with, unless its container definition says otherwise. */
export const ImageConfig = z.object({
  architecture: z.string(),
  os: z.string(),
  config: z
    .object({
      User: z.string().optional(),
      Env: z.array(z.string()).nullish(),
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      WorkingDir: z.string().optional(),
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .default({}),
});
export type ImageConfig = z.infer<typeof ImageConfig>;

export type Architecture = 'amd64' | 'arm64';

/** An image that was built: its parts by content. */
export interface Image {
  readonly architecture: Architecture;
  readonly manifest: Buffer;
  readonly manifestType: string;
  readonly config: Buffer;
  readonly layers: readonly Buffer[];
}

export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/**
 * One image for several processors: the machine that pulls takes the entry that fits it.
 * https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
export function indexOf(images: readonly Image[]): Buffer {
  const manifests = images.map(({ manifest, architecture }) => ({
    mediaType: MEDIA.manifest,
    digest: digestOf(manifest),
    size: manifest.length,
    platform: { architecture, os: 'linux' },
  }));
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA.index, manifests }));
}

/** This machine in the words of OCI (and Go): amd64, arm64. @throws Error for any other */
export function machineArchitecture(arch: string = process.arch): Architecture {
  if (arch === 'x64') return 'amd64';
  if (arch === 'arm64') return 'arm64';
  throw new Error(`processor ${arch} is not supported: use x86_64 or arm64`);
}
