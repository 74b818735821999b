/** Images for the tests, made as others make them: for two processors, with layers of gzip and of zstd. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { contextOf } from '../../local/images/dockerfile/build-plain.ts';
import { tarLayer } from '../../local/images/dockerfile/tar-layer.ts';
import { digestOf, MEDIA, type Architecture, type Image } from '../../local/images/oci.ts';

async function tarOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'layer-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return await tarLayer(contextOf(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** Its file is `hello`; Node 20 reads zstd nowhere and writes it nowhere. */
export const ZSTD_LAYER = Buffer.from(
  'KLUv/QRoPQIAooIJEMC3AXIRD/PfnYSS4PDTUlIG3kx1lZZFyX6ZiPFw33eb3Z2I5gQMIIAZmQf2BTgOKMTzFMYAsP/PZI8G8IBBAWwnBQfbHxnX',
  'base64',
);

/** @param layers files, or a layer as it is pushed */
export async function anImage(
  architecture: Architecture,
  layers: readonly (Readonly<Record<string, string | Buffer>> | Buffer)[],
): Promise<Image> {
  const blobs = await Promise.all(
    layers.map(async (layer) => (Buffer.isBuffer(layer) ? layer : gzipSync(await tarOf(layer)))),
  );
  const config = json({ architecture, os: 'linux', config: { User: '65532', Cmd: ['/program'] } });
  const manifest = json({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, digest: digestOf(config), size: config.length },
    layers: blobs.map((blob) => ({ mediaType: MEDIA.layer, digest: digestOf(blob), size: blob.length })),
  });
  return { architecture, manifest, manifestType: MEDIA.manifest, config, layers: blobs };
}
