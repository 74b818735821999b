import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCaptures } from '../../region/logs/log-lines.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import { CaptureTimes } from './capture-times.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'capture-times-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('it is noted when a log grew, also for the last time after its task is gone, and again when the log starts over', () => {
  const path = join(directory, 'app.log');
  const task = { plan: { logDirectory: directory } } as Pick<RunningTask, 'plan'>;
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

test('it looks every half second from its start to its stop', () => {
  jest.useFakeTimers({ now: 1_000 });
  try {
    const path = join(directory, 'app.log');
    const task = { plan: { logDirectory: directory } } as Pick<RunningTask, 'plan'>;
    const times = new CaptureTimes(new Map([['t', task]]));
    writeFileSync(path, 'one\n');
    jest.advanceTimersByTime(10_000);
    expect(readCaptures(path)).toEqual([]);
    times.start();
    jest.advanceTimersByTime(500);
    appendFileSync(path, 'two\n');
    jest.advanceTimersByTime(500);
    times.stop();
    appendFileSync(path, 'three\n');
    jest.advanceTimersByTime(10_000);
    expect(readCaptures(path)).toEqual([
      { end: 4, at: 11_500 },
      { end: 8, at: 12_000 },
    ]);
  } finally {
    jest.useRealTimers();
  }
});
