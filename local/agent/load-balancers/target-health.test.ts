import type { TargetHealthReport } from '../aws/control-plane-channel.ts';
import type { CheckFailure } from '../core/envoy/check-events.ts';
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

const memory = (
  healthy: [string, boolean | undefined][] = [],
  failures: [string, CheckFailure][] = [],
): TargetMemory => ({
  healthy: new Map(healthy),
  failures: new Map(failures),
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

test('a group that a listener uses again begins from the start', () => {
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

const FAILED = 'Health checks failed';

test.each([
  ['no node has it', [], [], 0, 'initial', 'Elb.RegistrationInProgress', 'Target registration is in progress'],
  [
    ...(['its first check is under way', [[KEY, undefined]], [], 0] as const),
    ...(['initial', 'Elb.InitialHealthChecking', 'Initial health checks in progress'] as const),
  ],
  [
    ...(['its first checks failed', [[KEY, false]], [[KEY, { kind: 'failed' }]], 0] as const),
    ...(['initial', 'Elb.InitialHealthChecking', 'Initial health checks in progress'] as const),
  ],
  [
    ...(['it answers another code', [[KEY, false]], [[KEY, { kind: 'code', code: 500 }]], 30_000] as const),
    ...(['unhealthy', 'Target.ResponseCodeMismatch', 'Health checks failed with these codes: [500]'] as const),
  ],
  [
    ...(['it answers too late', [[KEY, false]], [[KEY, { kind: 'timeout' }]], 30_000] as const),
    ...(['unhealthy', 'Target.Timeout', 'Request timed out'] as const),
  ],
  [
    ...(['it refuses connections', [[KEY, false]], [[KEY, { kind: 'failed' }]], 30_000] as const),
    ...(['unhealthy', 'Target.FailedHealthChecks', FAILED] as const),
  ],
  [
    ...(['nobody checks it though it listens', [], [], 30_000] as const),
    ...(['unhealthy', 'Elb.InternalError', 'Health checks failed due to an internal error'] as const),
  ],
] as const)('a target where %s: the state, its code and description', (...row) => {
  const [, healthy, failures, after, state, reason, description] = row;
  const known = memory([...healthy] as never, [...failures] as never);
  targetReports([task()], [using()], known, 0);
  expect(targetReports([task()], [using()], known, after).get(GROUP)).toMatchObject([{ state, reason, description }]);
  expect(targetHealthOf(task(), [using()], known, after).event).toBe(
    state === 'initial'
      ? undefined
      : `(task task) (port 3000) is unhealthy in (target-group ${GROUP}) due to (reason ${description})`,
  );
});

test('a target that does not listen yet fails by itself, and no load balancer is to blame', () => {
  const known = memory();
  const silent = fakeTask(fakePlan({ service: serviceBehind(GROUP) }, [GROUP]), { healthyOnce: false });
  targetReports([silent], [using()], known, 0);
  expect(targetReports([silent], [using()], known, 30_000).get(GROUP)).toMatchObject([
    { state: 'unhealthy', reason: 'Target.FailedHealthChecks', description: FAILED },
  ]);
});

test('a target in a zone that its load balancer is not enabled for is unused, and its task is replaced', () => {
  const elsewhere = { ...using() };
  const targetGroups = [{ ...targetGroup(GROUP), zones: ['us-east-1b', 'us-east-1c'] }];
  const balancers = [{ ...elsewhere, loadBalancer: { ...elsewhere.loadBalancer, targetGroups } }];
  const description = 'Target is in an Availability Zone that is not enabled for the load balancer';
  const known = memory([[KEY, true]]);
  expect(targetReports([task()], balancers, known, 0).get(GROUP)).toMatchObject([
    { state: 'unused', reason: 'Target.NotInUse', description },
  ]);
  expect(targetHealthOf(task(), balancers, known, 0)).toEqual({
    ready: false,
    unhealthy: `Task failed ELB health checks in (target-group ${GROUP})`,
    event: `(task task) (port 3000) is unhealthy in (target-group ${GROUP}) due to (reason ${description})`,
    answeringPorts: [],
  });
});

test('a healthy target has no reason', () => {
  const [report] = targetReports([task()], [using()], memory([[KEY, true]]), 0).get(GROUP) ?? [];
  expect(report).toEqual({ id: '10.0.1.4', port: 3000, availabilityZone: 'us-east-1a', state: 'healthy' });
});

test('a reason that changes is told, and what failed is forgotten with its task', async () => {
  const failures = new Map<string, CheckFailure>([[KEY, { kind: 'failed' }]]);
  const forgotten: string[] = [];
  const process = {
    health: () => Promise.resolve([new Map([[KEY, false]])]),
    failures: () => Promise.resolve(failures),
    forgetTarget: (address: string) => {
      forgotten.push(address);
      failures.clear();
    },
  } as unknown as LoadBalancerProcess;
  let changes = 0;
  const watch = new TargetHealthWatch({
    ...{ channel: { putTargetHealth: () => Promise.resolve() }, targetGroupArns: () => Promise.resolve([]) },
    ...{ wanted: () => [using()], running: () => [process], lostZones: () => [], onChange: () => (changes += 1) },
  });
  const looks = async (): Promise<number> => {
    await watch.look();
    return changes;
  };
  expect([await looks(), await looks()]).toEqual([1, 1]);
  failures.set(KEY, { kind: 'code', code: 503 });
  expect([await looks(), await looks()]).toEqual([2, 2]);
  watch.forget(task());
  expect(forgotten).toEqual(['10.0.1.4']);
});

test('what a load balancer knows of a task that was taken over is known after one look', async () => {
  const process = {
    health: () => Promise.resolve([new Map([[KEY, true]])]),
    failures: () => Promise.resolve(new Map()),
  } as unknown as LoadBalancerProcess;
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

test('a group that the control plane refused is reported again, and every group after a resync', async () => {
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
    failures: () => Promise.resolve(new Map()),
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
