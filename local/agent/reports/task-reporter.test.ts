import type { TaskReport } from '../aws/control-plane-channel.ts';
import { ControlPlaneGone } from '../aws/control-plane-gone.ts';
import { quietBook } from '../testing/quiet-book.ts';
import type { Task } from '../runtime/task.ts';
import { TaskReporter } from './task-reporter.ts';
import { fakePlan, fakeTask } from '../testing/fake-task.ts';

const task = (id: string): [string, Task] => [
  id,
  fakeTask(fakePlan({ id, arn: `arn:task/${id}` }), { status: 'STOPPED', wanted: false }, []),
];

function reporter(answer: (reports: readonly TaskReport[]) => Promise<void>, write: (one: Task) => Promise<void>) {
  const over: string[] = [];
  const nothing = () => undefined;
  const listener = { failed: nothing, over: ({ plan }: Task) => over.push(plan.id) };
  return {
    over,
    reporter: new TaskReporter({ putTasks: answer }, { write }, listener),
    book: quietBook(),
  };
}

test('a task that the control plane refuses, and one whose file cannot be written, cost themselves alone', async () => {
  const refuse = (reports: readonly TaskReport[]): Promise<void> =>
    reports.some(({ taskArn }) => taskArn === 'arn:task/odd') ? Promise.reject(new Error('400')) : Promise.resolve();
  const write = ({ plan }: Task): Promise<void> =>
    plan.id === 'full' ? Promise.reject(new Error('ENOSPC')) : Promise.resolve();
  const { over, reporter: one, book } = reporter(refuse, write);
  await one.report(new Map([task('odd'), task('full'), task('good')]), book);
  expect(over).toEqual(['full', 'good']);
  expect(
    book
      .list()
      .map(({ resource }) => resource)
      .sort(),
  ).toEqual(['arn:task/full', 'arn:task/odd']);
});

test('while the control plane is gone no task is over, for nobody heard of it', async () => {
  const {
    over,
    reporter: one,
    book,
  } = reporter(
    () => Promise.reject(new ControlPlaneGone('gone')),
    () => Promise.resolve(),
  );
  await expect(one.report(new Map([task('a')]), book)).rejects.toThrow('gone');
  expect(over).toEqual([]);
});

test('a report that fails is sent again, an accepted one is not, and a resync reports every task once more', async () => {
  const told: string[][] = [];
  let failure: Error | undefined = new ControlPlaneGone('gone');
  const put = (reports: readonly TaskReport[]): Promise<void> => {
    if (failure !== undefined) return Promise.reject(failure);
    told.push(reports.map(({ taskArn }) => String(taskArn)));
    return Promise.resolve();
  };
  const { reporter: one, book } = reporter(put, () => Promise.resolve());
  const running = fakeTask(fakePlan({ id: 'a', arn: 'arn:task/a' }), {}, []);
  const other = fakeTask(fakePlan({ id: 'b', arn: 'arn:task/b' }), {}, []);
  const tasks = new Map([
    ['a', running],
    ['b', other],
  ]);
  await expect(one.report(tasks, book)).rejects.toThrow('gone');
  failure = new Error('500');
  await one.report(tasks, book);
  failure = undefined;
  await one.report(tasks, book);
  await one.report(tasks, book);
  expect(told).toEqual([['arn:task/a', 'arn:task/b']]);
  Object.assign(other, { healthy: false, status: 'DEACTIVATING' });
  await one.report(tasks, book);
  expect(told.slice(1)).toEqual([['arn:task/b']]);
  one.resync();
  await one.report(tasks, book);
  expect(told.slice(2)).toEqual([['arn:task/a', 'arn:task/b']]);
});

test('a task that ended by itself is counted once, however often it is told', async () => {
  const failed: string[] = [];
  const listener = { failed: ({ plan }: Task) => failed.push(plan.id), over: () => undefined };
  const one = new TaskReporter({ putTasks: () => Promise.resolve() }, { write: () => Promise.resolve() }, listener);
  const stopCause = { code: 'EssentialContainerExited', reason: 'exit code 1' } as const;
  const ended = fakeTask(fakePlan(), { status: 'STOPPING', wanted: false, stopCause }, []);
  for (let passes = 0; passes < 2; passes++) await one.report(new Map([['task', ended]]), quietBook());
  expect(failed).toEqual(['task']);
});
