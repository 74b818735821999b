import { spaceComplaint } from './disk-space.ts';

const stats = { bsize: 4096, bfree: 1000, bavail: 900, files: 100, ffree: 50 };

test.each([
  ['with space', stats, true, undefined],
  ['without blocks', { ...stats, bfree: 2, bavail: 0 }, true, /^there is no space on it \(8 KiB\); what runs goes on/],
  ['whose last blocks are root’s, for root', { ...stats, bavail: 0 }, true, undefined],
  ['whose last blocks are root’s, for others', { ...stats, bavail: 0 }, false, /no space on it \(0 KiB\)/],
  ['without inodes', { ...stats, ffree: 0 }, true, /^no more files can be made/],
  ['that has no limit of files', { ...stats, files: 0, ffree: 0 }, true, undefined],
])('a disk %s', (_, found, isRoot, expected) => {
  const complaint = spaceComplaint(found, isRoot);
  if (expected === undefined) expect(complaint).toBeUndefined();
  else expect(complaint).toMatch(expected);
});
