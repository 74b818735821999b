import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { readImage } from './archive.ts';
import { buildImage, ImageDefinition } from './build.ts';
import { requireRoom, writeLayout } from './layout.ts';
import { digestOf, indexOf, machineArchitecture, type Architecture, type Image } from './oci.ts';

const definition = ImageDefinition.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../docker/image.json'), 'utf8')),
);
const HERE = machineArchitecture();
const ELSEWHERE: Architecture = HERE === 'amd64' ? 'arm64' : 'amd64';
const built = (architecture: Architecture): Promise<Image> =>
  buildImage({ service: 'x', binary: Buffer.from(architecture), definition, architecture });
const blobName = (content: Buffer): string => `blobs/${digestOf(content).replace(':', '/')}`;

let directory: string;
let image: Image;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'archive-'));
  image = await built(HERE);
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

async function archive(files: Readonly<Record<string, Buffer | string>>): Promise<string> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  const file = join(directory, 'image.tar');
  writeFileSync(file, await buffer(tar));
  return file;
}

const blobsOf = (one: Image): Record<string, Buffer> =>
  Object.fromEntries([one.manifest, one.config, ...one.layers].map((blob) => [blobName(blob), blob]));

/** The layout of a single image whose index does not say for which processor it is, as many tools write it. */
function withoutPlatform(one: Image, times = 1): Record<string, Buffer | string> {
  const entry = { mediaType: one.manifestType, digest: digestOf(one.manifest), size: one.manifest.length };
  return { ...blobsOf(one), 'index.json': JSON.stringify({ manifests: Array.from({ length: times }, () => entry) }) };
}

test('a layout that was written is read again', async () => {
  await writeLayout(image, directory);
  expect(await readImage(directory)).toEqual(image);
});

test('an archive of a layout, compressed or not', async () => {
  const file = await archive(withoutPlatform(image));
  expect(await readImage(file)).toEqual(image);
  writeFileSync(file, gzipSync(readFileSync(file)));
  expect(await readImage(file)).toEqual(image);
});

test('of several processors the one of this machine; of several tags the one image', async () => {
  const other = await built(ELSEWHERE);
  const both = { ...blobsOf(other), ...blobsOf(image), 'index.json': indexOf([other, image]) };
  expect(await readImage(await archive(both))).toEqual(image);
  expect(await readImage(await archive(withoutPlatform(image, 2)))).toEqual(image);
  await expect(readImage(await archive({ ...blobsOf(other), 'index.json': indexOf([other]) }))).rejects.toThrow(
    `nothing for linux/${HERE}, only linux/${ELSEWHERE}: build it for this machine`,
  );
  await expect(readImage(await archive(withoutPlatform(other)))).rejects.toThrow(`is for linux/${ELSEWHERE}`);
});

test('what `docker save` writes, with layers that are not compressed', async () => {
  const [layer = Buffer.alloc(0)] = image.layers.map((one) => gunzipSync(one));
  const saved = [{ Config: 'abc.json', RepoTags: ['x:1'], Layers: ['def/layer.tar'] }];
  const file = await archive({
    'abc.json': image.config,
    'def/layer.tar': layer,
    'manifest.json': JSON.stringify(saved),
  });
  const { config, layers, manifest } = await readImage(file);
  expect([config, ...layers]).toEqual([image.config, layer]);
  expect(JSON.parse(manifest.toString())).toMatchObject({
    config: { digest: digestOf(image.config) },
    layers: [{ digest: digestOf(layer) }],
  });
});

test('what is no image is refused in one line that names the file', async () => {
  const refused = async (path: string, reason: string): Promise<void> => {
    const said = await readImage(path).then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
    expect(said).toContain(path);
    expect(said).toContain(reason);
    expect(said).not.toContain('\n');
  };
  await refused(join(directory, 'nowhere'), 'does not exist');
  await refused(directory, 'has no manifest.json');
  const text = join(directory, 'text');
  writeFileSync(text, 'x'.repeat(2000));
  await refused(text, 'is no tar archive');
  await refused(await archive({ 'index.json': '[' }), 'something else in index.json');
  await refused(
    await archive({ ...withoutPlatform(image), [blobName(image.manifest)]: '{}' }),
    'has other content: save it again',
  );
  await refused(await archive({ ...withoutPlatform(image), [blobName(image.config)]: '{}' }), 'has other content');
});

test('a link of a layout leads to nothing of this machine', async () => {
  const layout = join(directory, 'layout');
  mkdirSync(layout);
  writeFileSync(join(directory, 'secret.json'), JSON.stringify({ manifests: [] }));
  symlinkSync(join(directory, 'secret.json'), join(layout, 'index.json'));
  await expect(readImage(layout)).rejects.toThrow(/has no (index|manifest).json/);
});

test('a layout goes where there is nothing or an image', async () => {
  await requireRoom(directory);
  await requireRoom(join(directory, 'new'));
  await writeLayout(image, directory);
  await requireRoom(directory);
});

test('a layout does not go among other files, nor where a file is', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  await expect(requireRoom(directory)).rejects.toThrow(`${directory} has other files in it: give one that is new`);
  for (const path of [file, join(file, 'below')])
    await expect(requireRoom(path)).rejects.toThrow(`${path} is no directory for an image: give one that is new`);
});
