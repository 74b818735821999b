import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { architectureOf, buildImage, ImageDefinition, isStatic } from './build.ts';
import { digestOf, Index, indexOf, machineArchitecture, Manifest } from './oci.ts';
import { prepareMountPoints, safePath, unpackLayer } from './unpack.ts';

const DEFINITION = ImageDefinition.parse(JSON.parse(readFileSync(join(__dirname, '../../docker/image.json'), 'utf8')));
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
  await unpackLayer(image.layers[0] ?? Buffer.alloc(0), 'application/vnd.oci.image.layer.v1.tar+gzip', root);
  expect(readFileSync(join(root, 'service'), 'utf8')).toBe('binary');
  expect(statSync(join(root, 'service')).mode & 0o777).toBe(0o555);
});

test('layers apply in order: files replace, whiteouts remove', async () => {
  await unpackLayer(
    await layer([{ name: 'a/one' }, '1'], [{ name: 'a/two' }, '2'], [{ name: 'b/three' }, '3']),
    'tar',
    root,
  );
  await unpackLayer(
    await layer([{ name: 'a/.wh.one' }], [{ name: 'a/two' }, 'new'], [{ name: 'b/.wh..wh..opq' }]),
    'tar',
    root,
  );
  expect(existsSync(join(root, 'a/one'))).toBe(false);
  expect(readFileSync(join(root, 'a/two'), 'utf8')).toBe('new');
  expect(existsSync(join(root, 'b/three'))).toBe(false);
});

test('nothing is written outside of the image', async () => {
  expect(() => safePath(root, '../x')).toThrow('lies outside');
  expect(() => safePath(root, 'a/../../x')).toThrow('lies outside');
  expect(safePath(root, '/etc/passwd')).toBe(join(root, 'etc/passwd'));
  symlinkSync(tmpdir(), join(root, 'out'));
  await expect(unpackLayer(await layer([{ name: 'out/escaped' }, 'x']), 'tar', root)).rejects.toThrow(
    'goes through the link /out',
  );
});

test('what the runtime mounts over exists', async () => {
  await prepareMountPoints(root);
  for (const name of ['proc', 'dev', 'tmp', 'etc/hosts', 'etc/resolv.conf'])
    expect(existsSync(join(root, name))).toBe(true);
});

test('zstd layers are refused in one line', async () => {
  await expect(unpackLayer(Buffer.alloc(4), 'application/vnd.oci.image.layer.v1.tar+zstd', root)).rejects.toThrow(
    'gzip layers',
  );
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
