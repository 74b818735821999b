import { AddressPool } from '../network/address-pool.ts';
import { AliasSnapshots } from '../endpoints/alias-snapshots.ts';
import type { ControlPlaneChannel, ServiceReport } from '../aws/control-plane-channel.ts';
import type { CircuitBreaker, RegionState } from '../core/region-state.ts';
import { STEADY_MS } from '../core/scheduler/steady.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import type { Task } from '../runtime/task.ts';
import { ServiceController } from './service-controller.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { fakeContainer, fakeTask } from '../testing/fake-task.ts';
import { deployment, PLANNER_SETTINGS, serviceWith, stateWith } from '../testing/region-state.ts';

const START = 1_000_000;

/** A region of one service of one task without any check, whose time stands still until a test moves it. */
function region(circuitBreaker: CircuitBreaker) {
  const tasks = new Map<string, Task>();
  const started: string[] = [];
  const events: string[] = [];
  let report: ServiceReport | undefined;
  const channel = {
    putServiceState: (one: ServiceReport) => {
      report = one;
      events.push(...one.events.map(({ message }) => message));
      return Promise.resolve();
    },
    startDeployment: () => Promise.resolve(),
  };
  const controller = new ServiceController({
    // The controller calls nothing else of it.
    channel: channel as unknown as ControlPlaneChannel,
    addresses: new AddressPool(),
    aliases: new AliasSnapshots('/nowhere/aliases.json'),
    planner: PLANNER_SETTINGS,
    lostZones: () => [],
    tasks,
    startTask: (plan: TaskPlan) => {
      started.push(plan.id);
      const container = fakeContainer({}, 'HEALTHY', Date.now());
      tasks.set(plan.id, fakeTask(plan, { createdAt: Date.now(), startedAt: Date.now() }, [container]));
    },
    targetHealth: () => ({ ready: true, unhealthy: undefined, answeringPorts: [] }),
    forwardedTo: () => undefined,
    minuteMs: () => 60_000,
    onChange: () => undefined,
    log: () => undefined,
  });
  const book = quietBook();
  const one = { ...deployment(), rolloutState: 'IN_PROGRESS', serviceConnect: undefined } as const;
  const service = serviceWith({ deployments: [one], circuitBreaker });
  const state: RegionState = { ...stateWith([one]), services: [service] };
  return {
    started,
    events,
    pass: async () => {
      await controller.reconcile(state, book);
      return report?.deployments[0];
    },
    /** The task that was started last ends by itself after a time. */
    end: (afterMs: number, code = 0) => {
      jest.advanceTimersByTime(afterMs);
      const task = tasks.get(started.at(-1) ?? '');
      void task?.stop({
        code: 'EssentialContainerExited',
        reason: `exit code ${String(code)}; its last log lines: bye`,
      });
    },
  };
}

beforeEach(() => {
  jest.useFakeTimers({ now: START });
});
afterEach(() => {
  jest.useRealTimers();
});

test('a service of a process that lives 300 ms fails by the circuit breaker, with its last words', async () => {
  const { pass, end, started } = region({ enable: true, rollback: true });
  for (let lives = 0; lives < 3; lives++) {
    expect((await pass())?.rolloutState).toBe('IN_PROGRESS');
    end(300);
    await pass();
    // Held back until then.
    expect(started).toHaveLength(lives + 1);
    jest.advanceTimersByTime(60_000);
  }
  const outcome = await pass();
  expect(outcome).toMatchObject({ rolloutState: 'FAILED', failedTasks: 3 });
  expect(outcome?.rolloutStateReason).toContain('exit code 0; its last log lines: bye');
  jest.advanceTimersByTime(600_000);
  expect(started).toHaveLength(3);
});

test('without the circuit breaker it goes on, more and more slowly, and says so', async () => {
  const { pass, end, started, events } = region({ enable: false, rollback: false });
  const minutes = 10;
  for (let elapsed = 0; elapsed < minutes * 60_000; elapsed += 1_000) {
    const before = started.length;
    expect((await pass())?.rolloutState).toBe('IN_PROGRESS');
    if (started.length > before) end(300);
    await pass();
    jest.advanceTimersByTime(1_000);
  }
  // 7 until the delay is at its minute, then one a minute.
  expect(started.length).toBeGreaterThan(10);
  expect(started.length).toBeLessThan(20);
  expect(events).toContainEqual(expect.stringContaining('unable to consistently start tasks successfully'));
});

test('a task that stays ends the row of failures and completes the rollout, once it has proven itself', async () => {
  const { pass, end } = region({ enable: true, rollback: true });
  await pass();
  end(300);
  await pass();
  jest.advanceTimersByTime(60_000);
  await pass();
  jest.advanceTimersByTime(STEADY_MS - 1);
  expect(await pass()).toMatchObject({ rolloutState: 'IN_PROGRESS', runningCount: 1, failedTasks: 1 });
  jest.advanceTimersByTime(1);
  expect(await pass()).toMatchObject({ rolloutState: 'COMPLETED', failedTasks: 0 });
});

test('without resetOnHealthyTask a task that stays ends no row of failures', async () => {
  const { pass, end } = region({ enable: true, rollback: true, resetOnHealthyTask: false });
  await pass();
  end(300);
  await pass();
  jest.advanceTimersByTime(60_000);
  await pass();
  jest.advanceTimersByTime(STEADY_MS);
  expect(await pass()).toMatchObject({ rolloutState: 'COMPLETED', failedTasks: 1 });
});

test('a threshold of one task is tripped by the first that fails', async () => {
  const thresholdConfiguration = { type: 'COUNT', value: 1 } as const;
  const { pass, end } = region({ enable: true, rollback: true, thresholdConfiguration });
  await pass();
  end(300);
  await pass();
  expect(await pass()).toMatchObject({ rolloutState: 'FAILED', failedTasks: 1 });
});
