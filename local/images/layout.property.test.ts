/** Whatever an image's index, manifest and configuration say: it is read, or refused in one line, and nothing else is. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { FUZZ_TIMEOUT_MS, fuzzSlow, jsonOf, mutated } from '../testing/fuzz.ts';
import { readImage } from './archive.ts';
import { digestOf, machineArchitecture } from './oci.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'layout-'));
  writeFileSync(join(top, 'secret'), 'of the host');
});
afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

const LAYER = Buffer.from('layer');
const CONFIG = { architecture: machineArchitecture(), os: 'linux', config: { Env: ['A=b'], Cmd: ['/x'], User: '1' } };
const blob = (content: Buffer): string => `blobs/${digestOf(content).replace(':', '/')}`;
const described = (content: Buffer, mediaType: string) => ({
  mediaType,
  digest: digestOf(content),
  size: content.length,
});

/** The three documents, each of which may be odd; what is left refers to what there is. */
function layout(part: 'index' | 'manifest' | 'config', odd: (good: unknown) => unknown): Record<string, Buffer> {
  const json = (name: typeof part, good: unknown): Buffer => Buffer.from(jsonOf(name === part ? odd(good) : good));
  const config = json('config', CONFIG);
  const manifest = json('manifest', {
    schemaVersion: 2,
    config: described(config, 'application/vnd.oci.image.config.v1+json'),
    layers: [described(LAYER, 'application/vnd.oci.image.layer.v1.tar')],
  });
  const index = json('index', { manifests: [described(manifest, 'application/vnd.oci.image.manifest.v1+json')] });
  return { 'index.json': index, [blob(manifest)]: manifest, [blob(config)]: config, [blob(LAYER)]: LAYER };
}

const PARTS = ['index', 'manifest', 'config'] as const;
/** What the mutation is made of; the digests are put in when it is known what they are of. */
const GOOD = {
  index: {
    manifests: [
      { mediaType: 'm', digest: `sha256:${'0'.repeat(64)}`, size: 1, platform: { architecture: 'amd64', os: 'linux' } },
    ],
  },
  manifest: {
    schemaVersion: 2,
    config: { mediaType: 'c', digest: `sha256:${'1'.repeat(64)}`, size: 1 },
    layers: [{ mediaType: 'l', digest: 'sha256:../../secret', size: 1 }],
  },
  config: CONFIG,
};
const SAVED = [{ Config: 'config.json', Layers: ['layer.tar', '../secret', '/etc/passwd'] }];

async function read(files: Readonly<Record<string, Buffer>>): Promise<void> {
  const directory = join(top, 'image');
  rmSync(directory, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  const found = await readImage(directory).catch((error: unknown) => String(error));
  if (typeof found === 'string') {
    expect(found).toMatch(/^Error: [^\n]+$/);
    return;
  }
  for (const content of [found.manifest, found.config, ...found.layers])
    expect(content.toString()).not.toContain('of the host');
}

test('the layout as it should be is read', async () => {
  await read(layout('index', (good) => good));
  await expect(readImage(join(top, 'image'))).resolves.toMatchObject({ layers: [LAYER] });
});

test(
  'a document with something odd in it',
  async () => {
    const odd = fc.constantFrom(...PARTS).chain((part) => fc.tuple(fc.constant(part), mutated([GOOD[part]])));
    await fuzzSlow(odd, ([part, value]) => read(layout(part, () => value)), 0.7);
  },
  FUZZ_TIMEOUT_MS,
);

test(
  'what docker save writes, with something odd in it',
  async () => {
    await fuzzSlow(
      mutated([SAVED]),
      (value) =>
        read({
          'manifest.json': Buffer.from(jsonOf(value)),
          'config.json': Buffer.from(JSON.stringify(CONFIG)),
          'layer.tar': LAYER,
        }),
      0.3,
    );
    expect(readFileSync(join(top, 'secret'), 'utf8')).toBe('of the host');
  },
  FUZZ_TIMEOUT_MS,
);
