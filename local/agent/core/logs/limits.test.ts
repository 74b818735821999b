import { largestFile, LOG_LIMITS, tooMuch, type TaskLogs } from './limits.ts';

const limits = { taskBytes: 40, regionBytes: 200, stoppedTasks: 3, ownBytes: 10 };
const task = (directory: string, bytes: number, changedAt: number, running = false): TaskLogs => ({
  ...{ directory, bytes, changedAt, running },
});

test.each([
  [1, 1],
  [1, 2],
  [2, 11],
  [300, 3],
])(
  '%i tasks of %i files, each with a part before it, are within the limits of a task and of the region',
  (tasks, files) => {
    const sum = largestFile(tasks, files) * 2 * files;
    expect(sum).toBeLessThanOrEqual(LOG_LIMITS.taskBytes);
    expect(sum * tasks).toBeLessThanOrEqual(LOG_LIMITS.regionBytes);
    // Enough to see why something went wrong.
    expect(largestFile(tasks, files)).toBeGreaterThan(100_000);
  },
);

test('the logs of stopped tasks go, the oldest first, until the rest is within the limit', () => {
  const tasks = [task('new', 90, 3), task('old', 50, 1), task('runs', 70, 0, true), task('middle', 60, 2)];
  expect(tooMuch(tasks, limits)).toEqual(['old', 'middle']);
  expect(tooMuch(tasks.slice(0, 2), limits)).toEqual([]);
});

test('stopped tasks may be too many even when each has logged little', () => {
  const tasks = [1, 2, 3, 4, 5].map((at) => task(String(at), 1, at));
  expect(tooMuch(tasks, limits)).toEqual(['1', '2']);
});

test('a task that runs keeps its logs, whatever there is', () => {
  expect(tooMuch([task('runs', 900, 0, true)], limits)).toEqual([]);
});
