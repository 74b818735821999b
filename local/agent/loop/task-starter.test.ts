import { setImmediate } from 'node:timers/promises';
import type { TaskOrder } from '../core/task-order.ts';
import type { Task } from '../runtime/task.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import { fakePlan, fakeTask } from '../testing/fake-task.ts';
import { Changes } from './changes.ts';
import { TaskStarter } from './task-starter.ts';

function starter(router: () => Promise<VpcRouter>) {
  const tasks = new Map<string, Task>();
  const done: string[] = [];
  const changes = new Changes();
  changes.take();
  const start = () => Promise.resolve(void done.push('started'));
  const one = new TaskStarter({
    ...{ tasks, changes, networks: { router } },
    addresses: { give: (address) => done.push(`${address} is free`) },
    services: { startFailed: ({ id }, reason) => done.push(`${id}: ${reason}`) },
    runs: { startFailed: ({ arn }, reason) => done.push(`of no service, ${arn}: ${reason}`) },
    newTask: (plan) => Object.assign(fakeTask(plan, { status: 'PROVISIONING' }), { start }),
  });
  return { changes, done, one, tasks };
}

test('a task is there before it has started', async () => {
  const { changes, done, one, tasks } = starter(() => Promise.resolve({} as unknown as VpcRouter));
  one.start(fakePlan());
  await setImmediate();
  expect([...tasks.keys()]).toEqual(['task']);
  expect(done).toEqual(['started']);
  expect(changes.pending).toBe(true);
});

test('without a network the address is free again, and the deployment counts a failure', async () => {
  const { changes, done, one, tasks } = starter(() => Promise.reject(new Error('no namespaces')));
  one.start(fakePlan());
  await setImmediate();
  expect(tasks.size).toBe(0);
  expect(done).toEqual(['10.0.1.4 is free', 'task: no namespaces']);
  expect(changes.pending).toBe(true);
});

test('a task of no service counts for no deployment', async () => {
  const { done, one } = starter(() => Promise.reject(new Error('no namespaces')));
  one.start(fakePlan({ order: {} as unknown as TaskOrder }));
  await setImmediate();
  expect(done).toContain('of no service, arn:task/c/task: no namespaces');
});
