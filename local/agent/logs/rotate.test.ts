import { spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesAfter, readCaptures } from '../../region/logs/log-lines.ts';
import { capturesFile } from '../../region/logs/captures.ts';
import { extentOf, MOVING, readLog } from '../../region/logs/log-parts.ts';
import { LogTail } from './log-tail.ts';
import { repair, rotate } from './rotate.ts';

const LARGE = 1_000_000;

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rotate-'));
  path = join(directory, '0.log');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const linesFrom = (after: number) => linesAfter(path, after).lines.map(({ text }) => text);

test('positions outlive rotations: a reader gets each line once, also one that is half in each file', () => {
  writeFileSync(path, 'one\ntwo\nthr');
  const { next } = linesAfter(path, 0);
  rotate(path, LARGE);
  expect(statSync(path).size).toBe(0);
  expect(linesFrom(0)).toEqual(['one', 'two']);
  appendFileSync(path, 'ee\nfour\n');
  expect(linesFrom(next)).toEqual(['three', 'four']);
  expect(linesFrom(0)).toEqual(['one', 'two', 'three', 'four']);
  expect(linesAfter(path, 0).lines.map(({ offset }) => offset)).toEqual([0, 4, 8, 14]);
});

test('only one part is kept, and a reader that is further behind goes on where that part begins', () => {
  writeFileSync(path, 'one\n');
  rotate(path, LARGE);
  appendFileSync(path, 'two\n');
  rotate(path, LARGE);
  appendFileSync(path, 'six\n');
  expect(linesFrom(0)).toEqual(['two', 'six']);
  expect(readdirSync(directory).sort()).toEqual(['0.log', '0.log.8']);
  expect(extentOf(path)).toMatchObject({ begin: 4, base: 8, end: 12 });
});

test('the newest whole lines of a file that grew beyond its limit are kept', () => {
  writeFileSync(path, 'first line\nsecond\nthird\n');
  rotate(path, 15);
  expect(linesFrom(0)).toEqual(['second', 'third']);
  expect(extentOf(path)).toMatchObject({ begin: 11, base: 24, end: 24 });
});

test('a file that somebody emptied is read from its beginning', () => {
  writeFileSync(path, 'one\n');
  rotate(path, LARGE);
  appendFileSync(path, 'two\n');
  truncateSync(path);
  appendFileSync(path, 'a\n');
  expect(linesFrom(8)).toEqual(['a']);
});

test('the times of lines go with them', () => {
  writeFileSync(path, 'one\n');
  writeFileSync(capturesFile(path), '4 1000\n');
  rotate(path, LARGE);
  appendFileSync(path, 'two\n');
  appendFileSync(capturesFile(path), '8 2000\n');
  expect(readCaptures(path)).toEqual([
    { end: 4, at: 1000 },
    { end: 8, at: 2000 },
  ]);
  rotate(path, LARGE);
  expect(readCaptures(path)).toEqual([{ end: 8, at: 2000 }]);
});

test('what is sent to CloudWatch is whole over a rotation, and sent again until it is taken', () => {
  const tail = new LogTail(path);
  writeFileSync(path, 'one\n');
  expect(tail.newLines()).toEqual(['one']);
  rotate(path, LARGE);
  appendFileSync(path, 'two\n');
  expect(tail.newLines()).toEqual(['one', 'two']);
  tail.taken();
  expect(tail.newLines()).toEqual([]);
  appendFileSync(path, 'six\n');
  expect(new LogTail(path, tail.offset).newLines()).toEqual(['six']);
});

test('a log that is just moved on is read at the next look', () => {
  writeFileSync(path, 'one\n');
  copyFileSync(path, `${path}.4${MOVING}`);
  expect(readLog(path, 0)).toEqual({ from: 0, bytes: Buffer.alloc(0) });
});

test.each([
  ['before the file was emptied: it is as if it had not begun', 'one\ntwo\n'],
  ['after the file was emptied: it is ended', ''],
  ['and the file has new lines', 'six\n'],
])('a rotation that was cut off %s', (_, content) => {
  const before = 'one\ntwo\n';
  writeFileSync(`${path}.8${MOVING}`, before);
  writeFileSync(path, content);
  repair(path);
  expect(linesFrom(0).join('\n')).toBe(`${content === before ? '' : before}${content}`.trim());
  expect(readdirSync(directory).some((name) => name.endsWith(MOVING))).toBe(false);
});

test('a program that writes all the time goes on into the emptied file, and a reader misses and repeats nothing', async () => {
  const count = 5_000;
  const script = `i=0; while [ $i -lt ${String(count)} ]; do echo "line $i"; i=$((i+1)); done >>"$1"`;
  writeFileSync(path, '');
  const writer = spawn('sh', ['-c', script, 'sh', path]);
  const isOver = (): boolean => writer.exitCode !== null;
  const read: string[] = [];
  let next = 0;
  let rotations = 0;
  for (let last = false; !last;) {
    last = isOver();
    if (statSync(path).size > 2_000) {
      rotate(path, LARGE);
      rotations += 1;
    }
    const found = linesAfter(path, next);
    read.push(...found.lines.map(({ text }) => text));
    next = found.next;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(rotations).toBeGreaterThan(0);
  // What is written between the last look at the length and the end of the file is lost, a line or, where this process has to
  // wait for a processor just then, many in a row; none comes twice or in another order.
  const numbers = read.map((line) => Number(line.slice(5)));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  const gaps = [...numbers, count].filter((number, index) => number !== (numbers[index - 1] ?? -1) + 1);
  expect(gaps.length).toBeLessThanOrEqual(rotations);
  expect(existsSync(path) && readFileSync(path, 'utf8').length).toBeLessThanOrEqual(LARGE);
});
