import { AddressPool } from '../network/address-pool.ts';
import { AliasSnapshots } from '../endpoints/alias-snapshots.ts';
import type { ServiceReport } from '../aws/control-plane-channel.ts';
import { ControlPlaneGone } from '../aws/control-plane-gone.ts';
import type { RegionState, Service } from '../core/region-state.ts';
import type { TaskDefinition } from '../core/task-definition.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import { fakeContainer, fakeTask } from '../testing/fake-task.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { definition, deployment, PLANNER_SETTINGS, serviceWith, stateWith, SUBNET } from '../testing/region-state.ts';
import { ServiceController } from './service-controller.ts';

const FAILING = 'new';
const OLD = { ...deployment(), id: 'old', serviceConnect: undefined, status: 'ACTIVE' } as const;
const NEW = { ...OLD, id: FAILING, status: 'PRIMARY', rolloutState: 'IN_PROGRESS' } as const;

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

function region(
  deployments: Service['deployments'] = [{ ...OLD, status: 'PRIMARY' }],
  more: Partial<TaskDefinition> = {},
) {
  const tasks = new Map<string, RunningTask>();
  const reports: ServiceReport[] = [];
  const started: string[] = [];
  const rollBacks: string[][] = [];
  const answer: { error: Error | undefined } = { error: undefined };
  const unhealthy = new Set<string>();
  const addresses = new AddressPool();
  const services = new ServiceController({
    channel: {
      putServiceState: (report) => {
        if (answer.error !== undefined) return Promise.reject(answer.error);
        reports.push(report);
        return Promise.resolve();
      },
      putServiceEvents: () => Promise.resolve(),
      startDeployment: (...what) => {
        rollBacks.push(what);
        return Promise.resolve();
      },
      underWay: () => Promise.resolve(new Map()),
    },
    addresses,
    aliases: new AliasSnapshots('/nowhere/aliases.json'),
    planner: PLANNER_SETTINGS,
    lostZones: () => [],
    tasks,
    startTask: (plan) => {
      started.push(plan.id);
      tasks.set(plan.id, fakeTask(plan, { createdAt: Date.now(), startedAt: Date.now() }, [fakeContainer()]));
    },
    targetHealth: ({ plan }) => ({
      ready: !unhealthy.has(plan.id),
      ...(unhealthy.has(plan.id)
        ? { unhealthy: 'Task failed ELB health checks', event: `(task ${plan.id}) is unhealthy` }
        : { unhealthy: undefined }),
      answeringPorts: [],
    }),
    forwardedTo: () => undefined,
    minuteMs: () => 60_000,
    onChange: () => undefined,
    log: () => undefined,
  });
  const state: RegionState = {
    ...stateWith([]),
    services: [serviceWith({ deployments })],
    taskDefinitions: new Map([['arn:td', { ...definition('http'), ...more }]]),
  };
  const book = quietBook();
  const pass = async (seen: RegionState = state, afterMs = 61_000): Promise<ServiceReport | undefined> => {
    jest.advanceTimersByTime(afterMs);
    await services.reconcile(seen, book);
    return reports.at(-1);
  };
  return { services, tasks, reports, started, rollBacks, answer, unhealthy, addresses, state, book, pass };
}

/** How many addresses of the subnet nobody has. */
function freeIn(addresses: AddressPool): number {
  for (let count = 0; ; count++) {
    try {
      addresses.take(SUBNET);
    } catch {
      return count;
    }
  }
}

const running = (tasks: ReadonlyMap<string, RunningTask>): string[] =>
  [...tasks.values()].filter(({ wanted }) => wanted).map(({ plan }) => plan.id);

test('while the control plane is gone nothing is stopped or started twice, and it gets one report when it is back', async () => {
  const { tasks, started, answer, reports, book, pass } = region();
  await pass();
  await pass();
  const known = running(tasks);
  const before = reports.length;
  answer.error = new ControlPlaneGone('gone');
  // A change that has to be told.
  const [task] = tasks.values();
  await task?.stop({ code: 'EssentialContainerExited', reason: 'exit code 1' });
  tasks.delete(known[0] ?? '');
  for (let count = 0; count < 5; count++) await pass();
  expect(running(tasks)).toHaveLength(1);
  expect(started).toHaveLength(2);
  expect(book.list().map(({ resource }) => resource)).toEqual(['control plane']);
  expect(reports).toHaveLength(before);
  answer.error = undefined;
  for (let count = 0; count < 5; count++) await pass();
  expect(running(tasks)).toEqual(started.slice(1));
  const events = reports.slice(before).flatMap((report) => report.events.map(({ message }) => message));
  expect(events).toEqual([expect.stringContaining(`started task ${started[1] ?? ''}`)]);
  expect(book.list()).toEqual([]);
});

test('after a restart of the control plane each service is reported again', async () => {
  const { services, reports, pass } = region();
  await pass();
  await pass();
  await pass();
  const before = reports.length;
  await pass();
  expect(reports).toHaveLength(before);
  services.resync();
  await pass();
  expect(reports).toHaveLength(before + 1);
});

test('tasks that cannot even be planned trip the circuit breaker, give their addresses back and roll back', async () => {
  const { tasks, started, rollBacks, addresses, pass } = region([NEW, OLD], { unsupported: ['a GPU'] });
  let report: ServiceReport | undefined;
  for (let count = 0; count < 4; count++) report = await pass();
  expect(started).toEqual([]);
  expect(tasks.size).toBe(0);
  expect(report?.deployments.find(({ id }) => id === FAILING)).toMatchObject({
    rolloutState: 'FAILED',
    failedTasks: 3,
  });
  expect(rollBacks[0]?.slice(0, 2)).toEqual(['arn:service', 'old']);
  expect(rollBacks[0]?.[2]).toContain('a GPU');
  expect(freeIn(addresses)).toBe(freeIn(new AddressPool()));
});

test('tasks that fail to start trip the circuit breaker, each counted once', async () => {
  const { services, tasks, started, pass } = region([NEW]);
  let report: ServiceReport | undefined;
  for (let count = 0; count < 6; count++) {
    report = await pass();
    const task = tasks.get(started.at(-1) ?? '');
    if (task?.wanted !== true) continue;
    await task.stop({ code: 'TaskFailedToStart', reason: 'CannotPullContainerError' });
    // Its end is told by two sides.
    services.taskFailed(task);
    services.taskFailed(task);
  }
  expect(started).toHaveLength(3);
  expect(report?.deployments[0]).toMatchObject({ rolloutState: 'FAILED', failedTasks: 3 });
  expect(report?.deployments[0]?.rolloutStateReason).toContain('CannotPullContainerError');
});

test('a task that fails its checks is stopped, counted and replaced', async () => {
  const { tasks, started, unhealthy, reports, pass } = region();
  await pass();
  await pass();
  const [first = ''] = started;
  unhealthy.add(first);
  await pass();
  await pass();
  expect(tasks.get(first)?.stopCause).toEqual({
    code: 'ServiceSchedulerInitiated',
    reason: 'Task failed ELB health checks',
  });
  const told = reports.flatMap(({ events }) => events.map(({ message }) => message));
  expect(told.filter((message) => message.includes('unhealthy'))).toEqual([`(service a) (task ${first}) is unhealthy`]);
  expect(running(tasks)).toEqual(started.slice(1));
  expect(started).toHaveLength(2);
});

test('the tasks of a service that is gone stop', async () => {
  const { tasks, state, pass } = region();
  await pass();
  expect(running(tasks)).toHaveLength(1);
  await pass({ ...state, services: [] });
  expect([...tasks.values()].map(({ stopCause }) => stopCause)).toEqual([
    { code: 'ServiceSchedulerInitiated', reason: '(service a) no longer exists' },
  ]);
});
