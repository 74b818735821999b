import type { TargetHealthReport } from '../aws/control-plane-channel.ts';
import type { PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import { targetGroupEdsName } from '../core/topology/endpoints.ts';
import type { LoadBalancerProcess } from '../runtime/load-balancer-process.ts';
import { TargetHealthWatch } from './target-health-watch.ts';
import { targetHealthOf, targetReports, type TargetMemory } from './target-health.ts';
import { fakeLoadBalancer } from '../testing/load-balancer.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { targetGroup } from '../testing/target-group.ts';
import { fakePlan, fakeTask, serviceBehind } from '../testing/fake-task.ts';

const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1';
const KEY = `${targetGroupEdsName(GROUP)} 10.0.1.4:3000`;

function using(port?: number): PlacedLoadBalancer {
  const loadBalancer = fakeLoadBalancer({ targetGroups: [targetGroup(GROUP, port)] });
  return { loadBalancer, internetFacing: true, securityGroupIds: [], subnetIds: [] };
}

const memory = (healthy: [string, boolean][] = []): TargetMemory => ({
  healthy: new Map(healthy),
  registeredAt: new Map(),
});
const task = (id = 'task') => fakeTask(fakePlan({ id, service: serviceBehind(GROUP) }, [GROUP]));

test('targets of a group that no listener uses are unused, and hold up nobody', () => {
  const known = memory([[KEY, true]]);
  expect(targetReports([task()], [], known, 0).get(GROUP)).toEqual([
    {
      id: '10.0.1.4',
      port: 3000,
      availabilityZone: 'us-east-1a',
      state: 'unused',
      reason: 'Target.NotInUse',
      description: 'Target group is not configured to receive traffic from the load balancer',
    },
  ]);
  expect(targetHealthOf(task(), [], known, 0)).toEqual({ ready: true, unhealthy: undefined, answeringPorts: [] });
});

test('a group that a listener uses again begins anew', () => {
  const known = memory();
  const states = (balancers: readonly PlacedLoadBalancer[], now: number) =>
    targetReports([task()], balancers, known, now)
      .get(GROUP)
      ?.map(({ state }) => state);
  expect(states([using()], 0)).toEqual(['initial']);
  expect(states([using()], 30_000)).toEqual(['unhealthy']);
  expect(states([], 31_000)).toEqual(['unused']);
  expect(states([using()], 32_000)).toEqual(['initial']);
  known.healthy.set(KEY, true);
  expect(states([using()], 33_000)).toEqual(['healthy']);
});

test('an address that has another task now has no past', () => {
  const known = memory();
  expect(targetHealthOf(task('first'), [using()], known, 0).unhealthy).toBeUndefined();
  expect(targetHealthOf(task('first'), [using()], known, 30_000).unhealthy).toContain('failed ELB health checks');
  expect(targetHealthOf(task('second'), [using()], known, 30_000).unhealthy).toBeUndefined();
});

test.each([
  [undefined, 3000],
  [9000, 9000],
])('health check port %s proves the port that is asked', (port, answering) => {
  const known = memory([[KEY, true]]);
  expect(targetHealthOf(task(), [using(port)], known, 0)).toMatchObject({ ready: true, answeringPorts: [answering] });
});

test('what a load balancer knows of a task that was taken over is known after one look', async () => {
  const process = { health: () => Promise.resolve([new Map([[KEY, true]])]) } as unknown as LoadBalancerProcess;
  const watch = new TargetHealthWatch({
    ...{ channel: { putTargetHealth: () => Promise.resolve() }, targetGroupArns: () => Promise.resolve([]) },
    ...{ wanted: () => [using()], running: () => [process], lostZones: () => [], onChange: () => undefined },
  });
  expect(watch.of(task()).ready).toBe(false);
  await watch.look();
  expect(watch.of(task()).ready).toBe(true);
});

test('the control plane hears of a group until its last target is gone, also of what an agent before this one left', async () => {
  const told: [string, string[]][] = [];
  let balancers = [using()];
  const watch = new TargetHealthWatch({
    channel: {
      putTargetHealth: (arn: string, targets: readonly TargetHealthReport[]) => {
        told.push([arn, targets.map(({ state }) => state)]);
        return Promise.resolve();
      },
    },
    targetGroupArns: () => Promise.resolve([GROUP, 'arn:left']),
    wanted: () => balancers,
    running: (): LoadBalancerProcess[] => [],
    lostZones: () => [],
    onChange: () => undefined,
  });
  const report = async (...tasks: Parameters<typeof watch.report>[0]) => {
    told.length = 0;
    await watch.report(tasks, quietBook());
    return [...told];
  };
  expect(await report(task())).toEqual([
    [GROUP, ['initial']],
    ['arn:left', []],
  ]);
  expect(await report(task())).toEqual([]);
  balancers = [];
  expect(await report(task())).toEqual([[GROUP, ['unused']]]);
  expect(await report()).toEqual([[GROUP, []]]);
  expect(await report()).toEqual([]);
});

test('a group that the control plane does not take is told again, and everything after a resync', async () => {
  const told: string[] = [];
  const others = ['arn:odd', GROUP];
  let left: string[] = [];
  let failure: Error | undefined = new Error('400 odd');
  const watch = new TargetHealthWatch({
    channel: {
      putTargetHealth: (arn: string) => {
        if (arn === 'arn:odd' && failure !== undefined) return Promise.reject(failure);
        told.push(arn);
        return Promise.resolve();
      },
    },
    targetGroupArns: () => Promise.resolve(left),
    wanted: () => [],
    running: (): LoadBalancerProcess[] => [],
    lostZones: () => [],
    onChange: () => undefined,
  });
  const book = quietBook();
  const tasks = [fakeTask(fakePlan({ id: 'task' }, others))];
  const report = async (): Promise<string[]> => {
    told.length = 0;
    await watch.report(tasks, book);
    return [...told];
  };
  expect(await report()).toEqual([GROUP]);
  expect(book.list()).toMatchObject([{ resource: 'arn:odd', message: '400 odd' }]);
  failure = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(await report()).toEqual([]);
  // Nobody's fault but the control plane's own.
  expect(book.list().map(({ resource }) => resource)).toEqual(['control plane']);
  failure = undefined;
  expect(await report()).toEqual(['arn:odd']);
  expect(await report()).toEqual([]);
  // The control plane may have lost that a group was emptied.
  left = ['arn:emptied'];
  expect(await report()).toEqual([]);
  watch.resync();
  expect((await report()).sort()).toEqual([...others, ...left].sort());
});

test.each([
  ['DEACTIVATING', ['draining']],
  ['STOPPING', []],
] as const)('the targets of a task that leaves and is %s: %j', (status, states) => {
  const leaving = fakeTask(fakePlan({ id: 'task', service: serviceBehind(GROUP) }, [GROUP]), { status, wanted: false });
  const report = targetReports([leaving], [using()], memory([[KEY, true]]), 0).get(GROUP);
  expect(report?.map(({ state }) => state)).toEqual(states);
});

test('what a node of a lost zone sees counts for nothing, also for a while after the zone is there again', async () => {
  jest.useFakeTimers();
  const blind: (readonly string[])[] = [];
  const process = {
    health: (zones: readonly string[]) => {
      blind.push(zones);
      return Promise.resolve([]);
    },
  } as unknown as LoadBalancerProcess;
  let lost: readonly string[] = [];
  const watch = new TargetHealthWatch({
    channel: { putTargetHealth: () => Promise.resolve() },
    targetGroupArns: () => Promise.resolve([]),
    wanted: () => [],
    running: () => [process],
    lostZones: () => lost,
    onChange: () => undefined,
  });
  await jest.advanceTimersByTimeAsync(1_000);
  // Nothing looks before it was started, and nothing after it was stopped.
  expect(blind).toEqual([]);
  watch.start();
  const seen = async (zones: readonly string[], milliseconds: number) => {
    lost = zones;
    await jest.advanceTimersByTimeAsync(milliseconds);
    return blind.at(-1);
  };
  expect([await seen([], 100), await seen(['a'], 100), await seen([], 14_000), await seen([], 2_000)]).toEqual([
    ...[[], ['a'], ['a'], []],
  ]);
  watch.stop();
  const looks = blind.length;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(blind).toHaveLength(looks);
  jest.useRealTimers();
});
