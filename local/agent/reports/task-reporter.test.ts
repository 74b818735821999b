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
