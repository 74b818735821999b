/** Whatever a layer holds: it is applied inside the image, or refused in one line; nothing outside is touched. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { unpackLayer } from './unpack.ts';

/** Parts of names that lead somewhere: up, through links, away, and to things that other entries made. */
const Part = fc.constantFrom(
  'a',
  'b',
  '..',
  '.',
  '',
  'out',
  'up',
  '.wh.',
  '.wh.a',
  '.wh..',
  '.wh...',
  '.wh..wh..opq',
  'x'.repeat(300),
);
const Name = fc.array(Part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const entries = fc.record({
  name: fc.oneof(
    Name,
    Name.map((name) => `/${name}`),
  ),
  type: fc.constantFrom('file', 'directory', 'symlink', 'link', 'fifo', 'character-device'),
  linkname: fc.oneof(Name, fc.constantFrom('/', '..', '../..', '../neighbour', '/etc', '../../neighbour/kept')),
  mode: fc.integer({ min: 0, max: 0o7777 }),
});

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly linkname: string;
  readonly mode: number;
}

/** Bounded, and a case that hangs is one that failed. */
const BOUNDS = { numRuns: 150, interruptAfterTimeLimit: 8_000, timeout: 3_000, endOnFailure: true };

async function layer(made: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { type, ...entry } of made)
    archive.entry({ ...entry, type: type as 'file' }, type === 'file' ? 'new' : '');
  archive.finalize();
  return buffer(archive);
}

/** Everything beside the image, with modes, contents and numbers of links. */
function outside(directory: string): string[] {
  const beside = readdirSync(directory).filter((name) => name !== 'root');
  const names = beside.flatMap((name) => [name, ...readdirSync(join(directory, name)).map((one) => join(name, one))]);
  return names.map((name) => {
    const found = lstatSync(join(directory, name));
    const content = found.isFile() ? `${String(found.nlink)} ${readFileSync(join(directory, name), 'utf8')}` : '';
    return `${name} ${found.mode.toString(8)} ${content}`;
  });
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unpack-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** @returns the complaint, if there was one */
async function unpacked(blob: Buffer): Promise<string> {
  rmSync(join(directory, 'root'), { recursive: true, force: true });
  mkdirSync(join(directory, 'root'));
  mkdirSync(join(directory, 'neighbour'), { recursive: true });
  chmodSync(join(directory, 'neighbour'), 0o750);
  writeFileSync(join(directory, 'neighbour/kept'), 'old');
  const before = outside(directory);
  const complaint = await unpackLayer(
    blob,
    'application/vnd.oci.image.layer.v1.tar+gzip',
    join(directory, 'root'),
  ).then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  expect(outside(directory)).toEqual(before);
  return complaint;
}

test('entries of any name and kind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entries, { maxLength: 6 }), async (made) => {
      const complaint = await unpacked(await layer(made));
      expect(complaint).not.toContain('\n');
      // A complaint of the file system alone would not say whose fault it is.
      if (complaint !== '') expect(complaint).toMatch(/^image layer/);
    }),
    BOUNDS,
  );
});

test.each<[string, Omit<Entry, 'mode'>[]]>([
  [
    'a hard link through a link',
    [
      { name: 'a', type: 'symlink', linkname: '../neighbour' },
      { name: 'b', type: 'link', linkname: 'a/kept' },
    ],
  ],
  [
    'a directory in the place of a link',
    [
      { name: 'a', type: 'symlink', linkname: '../neighbour' },
      { name: 'a', type: 'directory', linkname: '' },
    ],
  ],
  ['a whiteout of the directory above', [{ name: '.wh...', type: 'file', linkname: '' }]],
  ['a whiteout of the image', [{ name: '.wh..', type: 'file', linkname: '' }]],
])('%s leads nowhere', async (_, made) => {
  await unpacked(await layer(made.map((entry) => ({ ...entry, mode: 0o777 }))));
});

test('bytes that are no archive', async () => {
  const good = await layer([{ name: 'a', type: 'file', linkname: '', mode: 0o644 }]);
  const damaged = fc
    .tuple(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }))
    .map(([at, bytes]) => Buffer.concat([good.subarray(0, at), bytes, good.subarray(at + bytes.length)]));
  const cut = fc.nat(good.length).map((length) => good.subarray(0, length));
  const blob = fc.oneof(
    damaged,
    cut,
    fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
  );
  const packed = fc.oneof(
    blob,
    blob.map((bytes) => gzipSync(bytes)),
    fc.tuple(blob, fc.nat(30)).map(([bytes, less]) => gzipSync(bytes).subarray(0, -less - 1)),
  );
  await fc.assert(
    fc.asyncProperty(packed, async (bytes) => {
      const complaint = await unpacked(bytes);
      if (complaint !== '') expect(complaint).toMatch(/^image layer/);
    }),
    BOUNDS,
  );
});
