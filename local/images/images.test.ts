import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { architectureOf, buildImage, ImageDefinition, isStatic } from './build.ts';
import { digestOf, Index, indexOf, machineArchitecture, Manifest } from './oci.ts';
import { prepareMountPoints, unpackLayer } from './unpack.ts';

const ZSTD_LAYER =
  'KLUv/QRoPQIAooIJEMC3AXIRD/PfnYSS4PDTUlIG3kx1lZZFyX6ZiPFw33eb3Z2I5gQMIIAZmQf2BTgOKMTzFMYAsP/PZI8G8IBBAWwnBQfbHxnX';
const DEFINITION = ImageDefinition.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../docker/image.json'), 'utf8')),
);
const build = (binary: string) =>
  buildImage({ service: 'service-x', binary: Buffer.from(binary), definition: DEFINITION, architecture: 'amd64' });

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unpack-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function layer(...entries: [Partial<Header> & { name: string }, string?][]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, content ?? '');
  archive.finalize();
  return buffer(archive);
}

test('the same binary gives the same image, another one another', async () => {
  const [one, same, other] = await Promise.all([build('one'), build('one'), build('other')]);
  expect(digestOf(one.manifest)).toBe(digestOf(same.manifest));
  expect(digestOf(one.manifest)).not.toBe(digestOf(other.manifest));
});

test('an image is what docker/image.json says', async () => {
  const image = await build('binary');
  const manifest = Manifest.parse(JSON.parse(image.manifest.toString()));
  expect(manifest.config.digest).toBe(digestOf(image.config));
  expect(manifest.layers[0]?.digest).toBe(digestOf(image.layers[0] ?? Buffer.alloc(0)));
  const config = JSON.parse(image.config.toString()) as {
    config: Record<string, unknown>;
    rootfs: { diff_ids: string[] };
  };
  expect(config.config).toMatchObject({
    User: '65532:65532',
    Entrypoint: ['/service'],
    ExposedPorts: { '3000/tcp': {} },
  });
  expect(config.config['Labels']).toMatchObject({ 'org.opencontainers.image.title': 'service-x' });
  expect(config.rootfs.diff_ids).toEqual([digestOf(gunzipSync(image.layers[0] ?? Buffer.alloc(0)))]);
  await unpackLayer(image.layers[0] ?? Buffer.alloc(0), root);
  expect(readFileSync(join(root, 'service'), 'utf8')).toBe('binary');
  expect(statSync(join(root, 'service')).mode & 0o777).toBe(0o555);
});

test('layers apply in order: files replace, whiteouts remove', async () => {
  await unpackLayer(await layer([{ name: 'a/one' }, '1'], [{ name: 'a/two' }, '2'], [{ name: 'b/three' }, '3']), root);
  await unpackLayer(
    await layer([{ name: 'a/.wh.one' }], [{ name: 'a/two' }, 'new'], [{ name: 'b/.wh..wh..opq' }]),
    root,
  );
  expect(existsSync(join(root, 'a/one'))).toBe(false);
  expect(readFileSync(join(root, 'a/two'), 'utf8')).toBe('new');
  expect(existsSync(join(root, 'b/three'))).toBe(false);
});

test('nothing is written outside of the image: names are refused, links are followed inside of it', async () => {
  await expect(unpackLayer(await layer([{ name: '../x' }, 'x']), root)).rejects.toThrow('lies outside');
  await expect(unpackLayer(await layer([{ name: 'a/../../x' }, 'x']), root)).rejects.toThrow('lies outside');
  const outside = mkdtempSync(join(tmpdir(), 'outside-'));
  symlinkSync(outside, join(root, 'out'));
  await unpackLayer(await layer([{ name: 'out/inside' }, 'x'], [{ name: '/etc/passwd' }, 'y']), root);
  expect(readdirSync(outside)).toEqual([]);
  expect(readFileSync(join(root, outside, 'inside'), 'utf8')).toBe('x');
  expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toBe('y');
  rmSync(outside, { recursive: true });
});

test('a later layer writes through the links of an earlier one, and replaces them', async () => {
  const usr = { type: 'directory' as const };
  await unpackLayer(
    await layer([{ name: 'usr/bin', ...usr }], [{ name: 'bin', type: 'symlink', linkname: '/usr/bin' }]),
    root,
  );
  await unpackLayer(await layer([{ name: 'bin/tool', mode: 0o4755 }, 'tool']), root);
  expect(readFileSync(join(root, 'usr/bin/tool'), 'utf8')).toBe('tool');
  expect(statSync(join(root, 'usr/bin/tool')).mode & 0o7777).toBe(0o4755);
  await unpackLayer(await layer([{ name: 'bin', ...usr }], [{ name: 'bin/own' }, 'own']), root);
  expect(readdirSync(join(root, 'bin'))).toEqual(['own']);
});

test('a whiteout is about the layers below, wherever it stands in its own', async () => {
  await unpackLayer(await layer([{ name: 'a/old' }, '1']), root);
  await unpackLayer(await layer([{ name: 'a/new' }, '2'], [{ name: 'a/.wh..wh..opq' }]), root);
  expect(readdirSync(join(root, 'a'))).toEqual(['new']);
});

test('what the runtime mounts over exists', async () => {
  await prepareMountPoints(root);
  for (const name of ['proc', 'dev', 'tmp', 'etc/hosts', 'etc/resolv.conf'])
    expect(existsSync(join(root, name))).toBe(true);
});

test('a link is no place to mount over', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'));
  chmodSync(outside, 0o750);
  const linkname = outside;
  await unpackLayer(
    await layer([{ name: 'tmp', type: 'symlink', linkname }], [{ name: 'etc', type: 'symlink', linkname }]),
    root,
  );
  await prepareMountPoints(root);
  expect(readFileSync(join(root, 'etc/resolv.conf'), 'utf8')).toBe('');
  for (const name of ['tmp', 'etc', 'etc/resolv.conf'])
    expect(lstatSync(join(root, name)).isSymbolicLink()).toBe(false);
  expect(readdirSync(outside)).toEqual([]);
  expect(statSync(outside).mode & 0o777).toBe(0o750);
  rmSync(outside, { recursive: true });
});

test('a pipe is made, and a sparse file is refused: layers have none', async () => {
  await unpackLayer(await layer([{ name: 'run/pipe', type: 'fifo', mode: 0o640 }]), root);
  expect(lstatSync(join(root, 'run/pipe')).isFIFO()).toBe(true);
  const sparse = await layer([{ name: 'disk', pax: { 'GNU.sparse.major': '1' } }, 'x']);
  await expect(unpackLayer(sparse, root)).rejects.toThrow('image layer entry "disk" is a sparse file');
});

test('what says little and becomes much is refused before the disk is full', async () => {
  const large = await layer([{ name: 'large' }, 'x'.repeat(5000)]);
  const tooLarge = 'image layer is larger than 20 GiB or has more than a million files';
  await expect(unpackLayer(large, root, { bytes: 4999, entries: 9 })).rejects.toThrow(tooLarge);
  await expect(unpackLayer(large, root, { bytes: 5000, entries: 0 })).rejects.toThrow(tooLarge);
  await expect(unpackLayer(gzipSync(Buffer.alloc(100_000)), root, { bytes: 9, entries: 9 })).rejects.toThrow(
    'image layer becomes too large when it is unpacked',
  );
  // What one layer spends the next one lacks.
  const budget = { bytes: 9999, entries: 9 };
  await unpackLayer(large, root, budget);
  await expect(unpackLayer(large, root, budget)).rejects.toThrow(tooLarge);
});

test('layers may be compressed with zstd', async () => {
  // `tar c hello | zstd`: a file that says "hello".
  await unpackLayer(Buffer.from(ZSTD_LAYER, 'base64'), root);
  expect(readFileSync(join(root, 'hello'), 'utf8')).toBe('hello\n');
});

test('a dynamic binary is told from a static one', () => {
  expect(isStatic(readFileSync(process.execPath))).toBe(false);
  expect(isStatic(Buffer.from('#!/bin/sh\n'))).toBe(false);
});

test('the processor of a binary is in its header', () => {
  expect(architectureOf(readFileSync(process.execPath))).toBe(machineArchitecture());
  expect(architectureOf(Buffer.from('#!/bin/sh\n'))).toBeUndefined();
});

test('an index names the image of each processor', async () => {
  const images = await Promise.all(
    (['arm64', 'amd64'] as const).map((architecture) =>
      buildImage({ service: 'service-x', binary: Buffer.from(architecture), definition: DEFINITION, architecture }),
    ),
  );
  const { manifests } = Index.parse(JSON.parse(indexOf(images).toString()));
  expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(['arm64', 'amd64']);
  expect(manifests.map(({ digest }) => digest)).toEqual(images.map(({ manifest }) => digestOf(manifest)));
});
