import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pWaitFor from 'p-wait-for';
import type { ContainerDefinition } from '../core/task-definition.ts';
import type { TaskPlan, TaskStatus } from '../core/task-plan.ts';
import { containerDefinition } from '../testing/container-definition.ts';
import { FakeMachine, type Step } from '../testing/fake-machine.ts';
import { sidecarIn } from '../testing/fake-sidecar.ts';
import { fakePlan } from '../testing/fake-task.ts';
import { definition } from '../testing/region-state.ts';
import { Task } from './task.ts';

const STARTED: readonly Step[] = ['secrets', 'holder', 'image', 'attach', 'redirects', 'proxy', 'ready', 'start app'];
/** Long enough for whatever is about to happen. */
const SOON_MS = 60;
const DELAY = { stopTimeoutSeconds: 0.1 };

let machine: FakeMachine;
afterEach(() => {
  jest.restoreAllMocks();
  machine.remove();
});

/** A task in Service Connect that nothing of the machine runs for. */
function taskOf(containers: readonly ContainerDefinition[] = [containerDefinition()], plan: Partial<TaskPlan> = {}) {
  machine = new FakeMachine(containers);
  const { kill } = machine;
  jest.spyOn(process, 'kill').mockImplementation(kill);
  const statuses: TaskStatus[] = [];
  const whole = fakePlan({
    taskDefinition: { ...definition('http'), containers },
    logDirectory: join(machine.directory, 'log'),
    runDirectory: join(machine.directory, 'run'),
    sidecar: sidecarIn(machine.directory),
    ...plan,
  });
  const onChange = (): void => {
    if (statuses.at(-1) !== task.status) statuses.push(task.status);
  };
  const task = new Task(whole, { ...machine.context, onChange }, 1_000, machine.edges);
  return { task, statuses, plan: whole };
}

const stopped = (task: Task): Promise<void> => pWaitFor(() => task.status === 'STOPPED', { interval: 5 });
const wants = (containerName: string, condition: string) => ({ dependsOn: [{ containerName, condition }] });
const TARGETS = { targets: [{ targetGroupArn: 'arn:group', containerPort: 3000 }] };

test('a task starts from its network to its container, and runs', async () => {
  const { task, statuses } = taskOf();
  await task.start();
  expect([...machine.done].sort()).toEqual([...STARTED].sort());
  expect(machine.done.slice(-4)).toEqual(['redirects', 'proxy', 'ready', 'start app']);
  expect(statuses).toEqual(['PENDING', 'RUNNING']);
  expect(task).toMatchObject({ wanted: true, failed: false, healthy: true, unhealthy: false });
});

// With each step, what of the task is there by then and has to be released.
test.each<[Step, readonly string[]]>([
  ['secrets', ['end the holder']],
  ['image', ['end the holder']],
  ['holder', []],
  ['attach', ['end the holder']],
  ['redirects', ['end the holder']],
  ['proxy', ['end the holder']],
  ['ready', ['SIGTERM proxy', 'end the holder']],
  ['start app', ['SIGTERM proxy', 'end the holder']],
])('a task that fails at "%s" says so, and releases what it took', async (step, released) => {
  const { task, statuses, plan } = taskOf();
  machine.fails.set(step, new Error(`no ${step}`));
  await task.start();
  expect(task.stopCause).toEqual({ code: 'TaskFailedToStart', reason: `no ${step}` });
  expect(task).toMatchObject({ status: 'STOPPED', failed: true, startedAt: undefined });
  expect(statuses.filter((one) => one !== 'PENDING')).toEqual([
    'DEACTIVATING',
    'STOPPING',
    'DEPROVISIONING',
    'STOPPED',
  ]);
  expect(machine.done.filter((one) => !STARTED.includes(one as Step))).toEqual([...released, 'detach 10.0.1.4']);
  expect(existsSync(plan.runDirectory)).toBe(false);
  // A second call gets the same end, and nothing is done twice.
  await task.stop({ code: 'UserInitiated', reason: 'again' });
  expect(task.stopCause?.code).toBe('TaskFailedToStart');
  expect(new Set(machine.done).size).toBe(machine.done.length);
});

test('an image that fails while the network is still being made leaves no network behind', async () => {
  const { task } = taskOf();
  let attached: () => void = () => undefined;
  machine.waits.set('attach', new Promise((resolve) => (attached = resolve)));
  machine.fails.set('image', new Error('CannotPullContainerError'));
  const started = task.start();
  await setTimeout(SOON_MS);
  expect(machine.done).not.toContain('end the holder');
  attached();
  await started;
  expect(machine.done.slice(-2)).toEqual(['end the holder', 'detach 10.0.1.4']);
});

const NEVER_RUNS = {
  code: 'TaskFailedToStart',
  reason: 'CannotStartContainerError: no such file',
  exitCode: 127,
} as const;

const CODES = ['TaskFailedToStart', 'EssentialContainerExited'] as const;
test.each(CODES)(
  'an essential container whose program never ran fails its task in the words of ECS: %s',
  async (code) => {
    const { task } = taskOf();
    machine.neverRuns.set('app', { ...NEVER_RUNS, code });
    await task.start();
    expect(task.stopCause).toEqual({ code, reason: NEVER_RUNS.reason });
    expect(task.containers.get('app')?.exitCode).toBe(127);
    expect(machine.done.slice(-3)).toEqual(['SIGTERM proxy', 'end the holder', 'detach 10.0.1.4']);
  },
);

test('a container that is not essential costs its task nothing when it fails', async () => {
  const { task } = taskOf([containerDefinition({ name: 'helper', essential: false }), containerDefinition()]);
  machine.neverRuns.set('helper', NEVER_RUNS);
  await task.start();
  expect(task).toMatchObject({ status: 'RUNNING', wanted: true });
});

const CHECK = { command: ['CMD', 'true'], intervalSeconds: 0.1, timeoutSeconds: 1, retries: 1, startPeriodSeconds: 0 };

test.each([
  ['HEALTHY', () => undefined],
  [
    'SUCCESS',
    () => {
      machine.end('db', { code: 4, signal: undefined });
    },
  ],
])('what waits for %s of a container that does not come to it fails, with its last lines', async (condition, ends) => {
  const db = containerDefinition({ name: 'db', essential: false, healthCheck: CHECK });
  const { task } = taskOf([db, containerDefinition(wants('db', condition))]);
  machine.checks.set('db', false);
  const started = task.start();
  await pWaitFor(() => machine.done.includes('start db'), { interval: 5 });
  machine.logged(0, 'one\ntwo\n');
  ends();
  await started;
  expect(task.stopCause).toEqual({
    code: 'TaskFailedToStart',
    reason: `container app waits for ${condition} of container db, which did not come; its last log lines: one | two`,
  });
  expect(machine.done).not.toContain('start app');
  expect(machine.done.slice(-2)).toEqual(['end the holder', 'detach 10.0.1.4']);
});

test('a task is not healthy when one of its containers is not healthy yet, or not any more', async () => {
  const { task } = taskOf([containerDefinition({ healthCheck: CHECK })]);
  await task.start();
  expect(task).toMatchObject({ status: 'RUNNING', healthy: false, unhealthy: false });
  await pWaitFor(() => task.healthy, { interval: 5 });
  machine.checks.set('app', false);
  await pWaitFor(() => task.unhealthy, { interval: 5 });
  // To replace it is up to the scheduler.
  expect(task).toMatchObject({ status: 'RUNNING', wanted: true, healthy: false });
  await task.stop({ code: 'UserInitiated', reason: '' });
});

test('a stop in the middle of a start waits for the step under way, and starts nothing more', async () => {
  const { task, statuses } = taskOf();
  let live: () => void = () => undefined;
  machine.waits.set('ready', new Promise((resolve) => (live = resolve)));
  const started = task.start();
  await pWaitFor(() => machine.done.includes('ready'), { interval: 5 });
  const stop = task.stop({ code: 'ServiceSchedulerInitiated', reason: 'scaled in' });
  await setTimeout(SOON_MS);
  expect(machine.done).not.toContain('SIGTERM proxy');
  live();
  await Promise.all([started, stop]);
  expect(machine.done).not.toContain('start app');
  expect(machine.done.slice(-3)).toEqual(['SIGTERM proxy', 'end the holder', 'detach 10.0.1.4']);
  expect(statuses).not.toContain('RUNNING');
  expect(task).toMatchObject({ status: 'STOPPED', failed: false });
});

test('a stop takes its steps in order: out of the lists, wait for requests in flight, SIGTERM, SIGKILL, the proxy last', async () => {
  const db = containerDefinition({ name: 'db', ...DELAY });
  const { task, statuses } = taskOf([db, containerDefinition({ ...wants('db', 'START'), ...DELAY })], TARGETS);
  await task.start();
  machine.done.length = 0;
  let withdrawn: () => void = () => undefined;
  let disconnected: () => void = () => undefined;
  machine.waits.set('withdrawn', new Promise((resolve) => (withdrawn = resolve)));
  machine.waits.set('disconnected', new Promise((resolve) => (disconnected = resolve)));
  machine.requestsInFlight = 1;
  machine.stubborn.add('app');
  const stop = task.stop({ code: 'ServiceSchedulerInitiated', reason: 'scaled in' });
  await setTimeout(SOON_MS);
  expect(task).toMatchObject({ status: 'DEACTIVATING', wanted: false, healthy: false });
  expect(machine.done).toEqual(['withdraw']);
  withdrawn();
  await setTimeout(SOON_MS);
  const draining = ['withdraw', 'withdrawn', '/drain_listeners?inboundonly', 'wait for 10.0.9.4 for at most 30 s'];
  expect(machine.done).toEqual(draining);
  machine.requestsInFlight = 0;
  await setTimeout(2 * SOON_MS);
  // The load balancer still has a connection.
  expect(machine.done).toEqual(draining);
  disconnected();
  await stop;
  expect(machine.done.slice(draining.length)).toEqual([
    'disconnected',
    ...['SIGTERM app', 'SIGKILL app', 'SIGTERM db'],
    ...['SIGTERM proxy', 'end the holder', 'detach 10.0.1.4'],
  ]);
  expect(statuses.slice(-4)).toEqual(['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED']);
});

test('SIGKILL comes after the stop timeout, not before', async () => {
  const { task } = taskOf([containerDefinition({ stopTimeoutSeconds: 0.3 })]);
  await task.start();
  machine.stubborn.add('app');
  const stop = task.stop({ code: 'UserInitiated', reason: '' });
  await pWaitFor(() => machine.done.includes('SIGTERM app'), { interval: 5 });
  await setTimeout(150);
  expect(machine.done).not.toContain('SIGKILL app');
  await stop;
  expect(machine.done).toContain('SIGKILL app');
});

test('the containers wait for the requests that are in flight in the proxy', async () => {
  const { task } = taskOf();
  await task.start();
  machine.requestsInFlight = 2;
  const stop = task.stop({ code: 'UserInitiated', reason: '' });
  await setTimeout(3 * SOON_MS);
  expect(machine.done).not.toContain('SIGTERM app');
  machine.requestsInFlight = 0;
  await stop;
  expect(machine.done).toContain('SIGTERM app');
});

test('a task whose zone is gone is asked for nothing', async () => {
  const { task } = taskOf(undefined, TARGETS);
  await task.start();
  machine.requestsInFlight = 1;
  await task.stop({ code: 'TerminationNotice', reason: 'lost' });
  expect(machine.done.slice(STARTED.length)).toEqual([
    ...['withdraw', 'withdrawn', 'SIGKILL app', 'SIGTERM proxy', 'end the holder', 'detach 10.0.1.4'],
  ]);
});

test.each([
  ['an exit code', { code: 3, signal: undefined }, 'exit code 3'],
  ['a signal', { code: undefined, signal: 'SIGSEGV' }, 'signal SIGSEGV'],
] as const)('an essential container that ends by %s stops its task', async (_, exit, how) => {
  const { task } = taskOf([containerDefinition(), containerDefinition({ name: 'helper' })], TARGETS);
  await task.start();
  machine.logged(0, 'oh\ndear\n');
  machine.requestsInFlight = 1;
  machine.end('app', exit);
  await stopped(task);
  expect(task.stopCause).toEqual({
    code: 'EssentialContainerExited',
    reason: `Essential container in task exited: app, ${how}; its last log lines: oh | dear`,
  });
  expect(task.failed).toBe(true);
  // It answers nobody any more: nobody waits for what is in flight.
  expect(machine.done.slice(machine.done.indexOf('withdraw the dead'))).toEqual([
    ...['withdraw the dead', 'withdrawn', 'SIGTERM helper', 'SIGTERM proxy', 'end the holder', 'detach 10.0.1.4'],
  ]);
});

test('a container that is not essential ends without its task', async () => {
  const { task } = taskOf([containerDefinition(), containerDefinition({ name: 'helper', essential: false })]);
  await task.start();
  machine.end('helper', { code: 1, signal: undefined });
  await setTimeout(SOON_MS);
  expect(task).toMatchObject({ status: 'RUNNING', wanted: true, healthy: true });
  expect(machine.done).not.toContain('withdraw the dead');
});

test.each([
  [
    'ecs-service-connect',
    () => {
      machine.end('proxy', { code: 1, signal: undefined });
    },
  ],
  [
    'the namespaces of the task',
    () => {
      machine.endHolder();
    },
  ],
])('a task does not outlive %s', async (name, end) => {
  const { task } = taskOf();
  await task.start();
  end();
  await stopped(task);
  const reason = `Essential container in task exited (${name})`;
  expect(task.stopCause).toEqual({ code: 'EssentialContainerExited', reason });
  expect(machine.done).toContain('SIGTERM app');
});

test('an essential container that ends before the last one is started ends the start', async () => {
  const { task, statuses } = taskOf([containerDefinition({ name: 'db' }), containerDefinition()]);
  let started: () => void = () => undefined;
  machine.waits.set('start app', new Promise((resolve) => (started = resolve)));
  const start = task.start();
  await pWaitFor(() => machine.done.includes('start app'), { interval: 5 });
  machine.end('db', { code: 0, signal: undefined });
  await setTimeout(SOON_MS);
  started();
  await start;
  await stopped(task);
  expect(task.stopCause).toMatchObject({ code: 'EssentialContainerExited' });
  expect(statuses).not.toContain('RUNNING');
  expect(machine.done).toContain('SIGTERM app');
});

test('a task that is taken over goes on to end as it was told to', async () => {
  const { task, plan } = taskOf();
  await task.start();
  const former = task.ledger;
  if (former === undefined) throw new Error('a task that runs is written down');
  const adopted = await Task.adopt(plan, machine.context, former, machine.edges);
  expect(adopted).toMatchObject({ status: 'RUNNING', createdAt: 1_000, startedAt: task.startedAt, healthy: true });
  expect(adopted.ledger?.containers.map(({ name }) => name)).toEqual(['app']);
  const stop = { code: 'UserInitiated', reason: 'was asked for' } as const;
  const leaving = await Task.adopt(plan, machine.context, { ...former, stop }, machine.edges);
  await stopped(leaving);
  expect(leaving.stopCause).toEqual(stop);
  expect(machine.done).toContain('SIGTERM app');
});
