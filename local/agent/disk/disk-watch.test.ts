import { diskWatch } from './disk-watch.ts';
import { ComplaintBook } from '../reports/complaint-book.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const STATS = { bsize: 4096, bfree: 1000, bavail: 1000, files: 100, ffree: 50 };

test('a full disk is complained about from the start of the watch, until there is space again', async () => {
  const book = new ComplaintBook({ log: () => undefined, onNew: () => undefined });
  const complaints = () => book.list().map(({ resource }) => resource);
  let full = ['/one'];
  const watch = diskWatch(book, ['/one', '/two'], (folder) => ({
    ...STATS,
    ...(full.includes(folder) && { bfree: 0, bavail: 0 }),
  }));
  await jest.advanceTimersByTimeAsync(5_000);
  expect(complaints()).toEqual([]);
  await watch.start();
  await jest.advanceTimersByTimeAsync(0);
  expect(complaints()).toEqual(['disk of /one']);
  full = ['/two'];
  await jest.advanceTimersByTimeAsync(1_000);
  expect(complaints()).toEqual(['disk of /two']);
  await watch.stop();
  full = [];
  await jest.advanceTimersByTimeAsync(5_000);
  expect(complaints()).toEqual(['disk of /two']);
});

test('a disk that cannot be asked is complained about, and the others are looked at all the same', async () => {
  const book = new ComplaintBook({ log: () => undefined, onNew: () => undefined });
  const watch = diskWatch(book, ['/gone', '/full'], (folder) => {
    if (folder === '/gone') throw new Error('ENOENT: no such file or directory');
    return { ...STATS, bfree: 0, bavail: 0 };
  });
  await watch.start();
  await jest.advanceTimersByTimeAsync(0);
  await watch.stop();
  expect(book.list().map(({ resource, message }) => [resource, message.split(' (')[0]])).toEqual([
    ['disk of /gone', 'ENOENT: no such file or directory'],
    ['disk of /full', 'there is no space on it'],
  ]);
});
