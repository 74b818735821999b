import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reserve } from './reserve.ts';

const AHEAD = 256 * 1024;

let directory: string;
let file: string;
let isDiskFull: boolean;
let asked: number[];
let reserve: Reserve;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reserve-'));
  file = join(directory, '0.log');
  writeFileSync(file, '');
  isDiskFull = false;
  asked = [];
  reserve = new Reserve((_, args) => {
    asked.push(Number(args[args.indexOf('--offset') + 1]));
    return isDiskFull
      ? Promise.reject(new Error('fallocate: fallocate failed: No space left on device'))
      : Promise.resolve();
  });
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const empty = jest.fn(() => {
  truncateSync(file);
  isDiskFull = false;
});
const hold = () => reserve.hold(file, empty);
const grow = (bytes: number) => {
  appendFileSync(file, 'x'.repeat(bytes));
};

test('there is space ahead of each log, and more of it as it grows', async () => {
  await hold();
  grow(AHEAD / 4);
  await hold();
  expect(asked).toEqual([0]);
  grow(AHEAD / 2);
  await hold();
  expect(asked).toEqual([0, (AHEAD * 3) / 4]);
});

test('a file that was emptied gets its space again', async () => {
  await hold();
  grow(1_000);
  await hold();
  truncateSync(file);
  await hold();
  expect(asked).toEqual([0, 0]);
});

test('on a full disk a log lives of its reserve, and gives up its lines when that runs out', async () => {
  await hold();
  isDiskFull = true;
  grow(AHEAD / 4);
  await hold();
  expect(empty).not.toHaveBeenCalled();
  grow(AHEAD / 2);
  await hold();
  expect(empty).toHaveBeenCalledTimes(1);
  expect(asked.at(-1)).toBe(0);
});

test('a file system that can’t reserve is not asked again', async () => {
  let tries = 0;
  const other = new Reserve(() => {
    tries += 1;
    return Promise.reject(new Error('fallocate: fallocate failed: Operation not supported'));
  });
  await other.hold(file, empty);
  await other.hold(file, empty);
  expect(tries).toBe(1);
});
