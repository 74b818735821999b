import type { EnvoyProcess } from '../runtime/envoy-process.ts';
import type { Task } from '../runtime/task.ts';
import { fakeClient } from '../testing/fake-client.ts';
import { fakeLoadBalancer } from '../testing/load-balancer.ts';
import { fakePlan, fakeTask } from '../testing/fake-task.ts';
import { Observer } from './observer.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** @param admin what the one proxy, that of a load balancer, answers */
function observer(admin: () => Promise<string>, denied: () => Promise<undefined> = () => Promise.resolve(undefined)) {
  const lines: string[] = [];
  const tasks = new Map<string, Task>([['task', fakeTask(fakePlan(), {}, [])]]);
  const envoys = new Map([['us-east-1a', { adopted: false, admin } as unknown as EnvoyProcess]]);
  const one = new Observer({
    aws: { cloudWatch: fakeClient<never>({}) },
    ...{ state: () => undefined, tasks, permissions: () => [], minuteMs: () => 60_000 },
    loadBalancers: {
      ...{ wanted: [], running: () => [], health: { targets: () => new Map() } },
      envoys: () => [{ loadBalancer: fakeLoadBalancer(), envoys, holders: new Map() }],
    },
    networks: { lookAtDenied: denied },
    ...{ onMinute: () => undefined, onSent: () => Promise.resolve(), log: (line) => lines.push(line) },
  });
  return { lines, one };
}

test('it answers before it looks by itself, and looks once a second when it is started', async () => {
  const { one } = observer(() => Promise.resolve('{"stats":[]}'));
  await jest.advanceTimersByTimeAsync(2_000);
  expect(one.intervals).toEqual([]);
  expect((await one.observe()).tasks.map(({ id }) => id)).toEqual(['task']);
  one.start();
  await jest.advanceTimersByTimeAsync(2_000);
  one.stop();
  await jest.advanceTimersByTimeAsync(2_000);
  expect(one.intervals).toHaveLength(2);
});

test('a proxy that does not answer and a kernel that cannot be asked cost no interval and no observation', async () => {
  const refuse = () => Promise.reject(new Error('nft: no such table'));
  const { lines, one } = observer(() => Promise.reject(new Error('socket hang up')), refuse);
  one.start();
  await jest.advanceTimersByTimeAsync(1_000);
  one.stop();
  expect(one.intervals).toHaveLength(1);
  expect(lines).toEqual(["dropped connections can't be read: nft: no such table"]);
  expect((await one.observe()).tasks).toHaveLength(1);
});
