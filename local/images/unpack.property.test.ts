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
import { FUZZ_TIMEOUT_MS, fuzzSlow } from '../testing/fuzz.ts';
import { unpackLayer } from './unpack.ts';

/** Parts of names that lead somewhere: up, through links, away, and to things that other entries made. */
const Odd = fc.constantFrom(
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
// Often the same few, so that one entry meets another.
const Part = fc.oneof({ weight: 2, arbitrary: fc.constantFrom('a', 'b') }, { weight: 1, arbitrary: Odd });
const Name = fc.array(Part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const entries = fc.record({
  name: fc.oneof(
    Name,
    Name.map((name) => `/${name}`),
  ),
  type: fc.constantFrom('file', 'directory', 'symlink', 'link', 'fifo', 'character-device'),
  linkname: fc.oneof(Name, fc.constantFrom('/', '..', '../..', '../neighbour', '/neighbour', '../../neighbour/kept')),
  mode: fc.integer({ min: 0, max: 0o7777 }),
});

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly linkname: string;
  readonly mode: number;
}

/** Each case is a folder with files in it. */
const SHARE = 0.25;

/**
 * The image lies deeper than the entries of one case climb, and absolute names begin at the top of this: what is wrong
 * does not reach the machine's own files, and is seen.
 */
const DEPTH = 'down/'.repeat(20);
let top: string;
let directory: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'unpack-'));
  directory = join(top, DEPTH);
});
afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

async function layer(made: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  const belowTop = (path: string): string => (path.startsWith('/') ? top + path : path);
  for (const { type, name, linkname, mode } of made) {
    const header = { name: belowTop(name), linkname: belowTop(linkname), mode, type: type as 'file' };
    archive.entry(header, type === 'file' ? 'new' : '');
  }
  archive.finalize();
  return buffer(archive);
}

/** Everything but the image, with modes, contents and numbers of links. */
function outside(): string[] {
  const shown = (path: string): string[] => {
    const found = lstatSync(path);
    const content = found.isFile() ? `${String(found.nlink)} ${readFileSync(path, 'utf8')}` : '';
    const line = `${path} ${found.mode.toString(8)} ${content}`;
    if (!found.isDirectory() || path === join(directory, 'root')) return [line];
    return [line, ...readdirSync(path).flatMap((name) => shown(join(path, name)))];
  };
  return shown(top);
}

/** @returns the complaint, if there was one */
async function unpacked(blob: Buffer): Promise<string> {
  rmSync(join(directory, 'root'), { recursive: true, force: true });
  mkdirSync(join(directory, 'root'), { recursive: true });
  for (const neighbour of [join(directory, 'neighbour'), join(top, 'neighbour')]) {
    mkdirSync(neighbour, { recursive: true });
    chmodSync(neighbour, 0o750);
    writeFileSync(join(neighbour, 'kept'), 'old');
  }
  const before = outside();
  const complaint = await unpackLayer(blob, join(directory, 'root')).then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  expect(outside()).toEqual(before);
  return complaint;
}

test(
  'entries of any name and kind',
  async () => {
    await fuzzSlow(
      fc.array(entries, { maxLength: 6 }),
      async (made) => {
        const complaint = await unpacked(await layer(made));
        expect(complaint).not.toContain('\n');
        // A complaint of the file system alone would not say whose fault it is.
        if (complaint !== '') expect(complaint).toMatch(/^image layer/);
      },
      SHARE,
    );
  },
  FUZZ_TIMEOUT_MS,
);

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
  [
    'a directory in the place of a link to a directory above',
    [
      { name: 'a', type: 'symlink', linkname: '../..' },
      { name: 'a', type: 'directory', linkname: '' },
    ],
  ],
  [
    'a file through an absolute link',
    [
      { name: 'a', type: 'symlink', linkname: '/neighbour' },
      { name: 'a/kept', type: 'file', linkname: '' },
    ],
  ],
  ['a whiteout of the directory above', [{ name: '.wh...', type: 'file', linkname: '' }]],
  ['a whiteout of the image', [{ name: '.wh..', type: 'file', linkname: '' }]],
])('%s leads nowhere', async (_, made) => {
  await unpacked(await layer(made.map((entry) => ({ ...entry, mode: 0o777 }))));
});

test(
  'bytes that are no archive',
  async () => {
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
    await fuzzSlow(
      packed,
      async (bytes) => {
        const complaint = await unpacked(bytes);
        if (complaint !== '') expect(complaint).toMatch(/^image layer/);
      },
      SHARE,
    );
  },
  FUZZ_TIMEOUT_MS,
);
