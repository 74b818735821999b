import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCaptures } from '../../region/logs/log-lines.ts';
import type { Task } from '../runtime/task.ts';
import { CaptureTimes } from './capture-times.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'capture-times-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('it is noted when a log grew, also for the last time after its task is gone, and anew when the log begins anew', () => {
  const path = join(directory, 'app.log');
  const task = { plan: { logDirectory: directory } } as Pick<Task, 'plan'>;
  const tasks = new Map([['t', task]]);
  const times = new CaptureTimes(tasks);
  writeFileSync(path, 'one\n');
  times.look(1_000);
  times.look(2_000);
  appendFileSync(path, 'two\n');
  tasks.clear();
  times.look(3_000);
  appendFileSync(path, 'after the end\n');
  times.look(4_000);
  expect(readCaptures(path)).toEqual([
    { end: 4, at: 1_000 },
    { end: 8, at: 3_000 },
  ]);
  tasks.set('t', task);
  times.look(5_000);
  truncateSync(path);
  appendFileSync(path, 'six\n');
  times.look(6_000);
  expect(readCaptures(path)).toEqual([{ end: 4, at: 6_000 }]);
});
