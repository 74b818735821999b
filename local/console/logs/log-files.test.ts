import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogTail } from './log-files.ts';

let directory: string;
let path: string;
let tail: LogTail;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-files-'));
  path = join(directory, 'app.log');
  tail = new LogTail(() => [{ path, container: 'app', taskId: 't', zone: 'us-east-1a', serviceName: 's' }]);
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('a line without a time belongs to the one before it', () => {
  writeFileSync(path, 'begins\n2026-01-01T00:00:01Z panicked\n   0: main\n2026-01-01T00:00:02Z goes on\n');
  const seconds = (lines: { at: number }[]) => lines.map(({ at }) => (at - Date.parse('2026-01-01T00:00:00Z')) / 1000);
  expect(seconds(tail.look())).toEqual([1, 1, 1, 2]);
  appendFileSync(path, '   and on\n');
  expect(seconds(tail.look())).toEqual([2]);
});

test('a file that starts over is read from its beginning, and no line has the id of a former one', () => {
  writeFileSync(path, 'one\ntwo\n');
  const before = tail.look();
  truncateSync(path);
  appendFileSync(path, 'six\n');
  const after = tail.look();
  expect(after.map(({ text }) => text)).toEqual(['six']);
  expect(before.map(({ id }) => id)).not.toContain(after[0]?.id);
});
