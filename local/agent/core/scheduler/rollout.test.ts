import type { Service } from '../region-state.ts';
import { deploymentWith, serviceWith } from '../../testing/region-state.ts';
import { afterFailure, circuitBreakerThreshold, NO_FAILURES, throttleNotice } from './circuit-breaker.ts';
import type { TaskView } from './scheduled-task.ts';
import { rolloutStep, type RolloutStep } from './rollout.ts';

const NOW = 1_000_000;

const service = (overrides: Partial<Service> = {}): Service =>
  serviceWith({ desiredCount: 2, deployments: [deploymentWith('new')], ...overrides });

let made = 0;
function task(deploymentId: string, overrides: Partial<TaskView> = {}): TaskView {
  made += 1;
  return {
    id: `task-${String(made)}`,
    deploymentId,
    zone: 'a',
    createdAt: made,
    wanted: true,
    running: true,
    ready: true,
    steady: overrides.ready ?? true,
    unhealthy: undefined,
    ...overrides,
  };
}

function step(
  of: Service,
  tasks: readonly TaskView[],
  failures = new Map([['none', NO_FAILURES]]),
  zones = ['a', 'b'],
): RolloutStep {
  return rolloutStep({ service: of, tasks, failures, zones, now: NOW });
}

const OLD_AND_NEW = [deploymentWith('new'), deploymentWith('old', { status: 'ACTIVE', rolloutState: 'COMPLETED' })];

test('a new service starts its desired count, spread over the zones', () => {
  expect(step(service(), []).start.map(({ zone }) => zone)).toEqual(['a', 'b']);
});

test('it is complete when every task is ready, not before', () => {
  expect(step(service(), [task('new'), task('new', { ready: false })]).deployments[0]?.rolloutState).toBe(
    'IN_PROGRESS',
  );
  expect(step(service(), [task('new'), task('new')]).deployments[0]?.rolloutState).toBe('COMPLETED');
});

test('with 100 % minimum no old task goes before a new one is ready', () => {
  const rolling = service({ deployments: OLD_AND_NEW });
  const old = [task('old'), task('old')];
  expect(step(rolling, old)).toMatchObject({ start: [{ zone: 'a' }, { zone: 'b' }], stop: [] });
  const oneReady = step(rolling, [...old, task('new'), task('new', { ready: false })]);
  expect(oneReady.stop).toHaveLength(1);
  expect(oneReady.start).toHaveLength(0);
});

test('with 50 % minimum and 100 % maximum half of the old ones go first and make room', () => {
  const rolling = service({ deployments: OLD_AND_NEW, minimumHealthyPercent: 50, maximumPercent: 100 });
  const result = step(rolling, [task('old'), task('old')]);
  expect(result.stop).toHaveLength(1);
  expect(result.start).toHaveLength(1);
});

test('never more tasks than the maximum percent', () => {
  const rolling = service({ deployments: OLD_AND_NEW, desiredCount: 4, maximumPercent: 125 });
  expect(
    step(
      rolling,
      Array.from({ length: 4 }, () => task('old')),
    ).start,
  ).toHaveLength(1);
});

test('an old deployment stays listed until its successor is complete', () => {
  const rolling = service({ deployments: OLD_AND_NEW });
  expect(step(rolling, [task('new'), task('new', { ready: false })]).deployments.map(({ status }) => status)).toEqual([
    'PRIMARY',
    'ACTIVE',
  ]);
  expect(step(rolling, [task('new'), task('new')]).deployments.map(({ status }) => status)).toEqual([
    'PRIMARY',
    'INACTIVE',
  ]);
});

test('scale in gives up what is not ready first, then the fullest zone, then the oldest', () => {
  const tasks = [
    task('new', { zone: 'a' }),
    task('new', { zone: 'a' }),
    task('new', { zone: 'b' }),
    task('new', { zone: 'b', ready: false }),
  ];
  const stopped = step(service({ desiredCount: 2 }), tasks).stop.map(({ taskId }) => taskId);
  expect(stopped).toEqual([tasks[3]?.id, tasks[0]?.id]);
});

test('an unhealthy task is stopped and replaced', () => {
  const result = step(service(), [
    task('new'),
    task('new', { unhealthy: 'Task failed container health checks', ready: false }),
  ]);
  expect(result.stop).toMatchObject([{ reason: 'Task failed container health checks' }]);
  expect(result.start).toHaveLength(1);
});

describe('a task that has not proven itself', () => {
  const unproven = { steady: false };

  test('completes no rollout, not even as the last of several', () => {
    const result = step(service(), [task('new'), task('new', unproven)]);
    expect(result.deployments[0]).toMatchObject({ rolloutState: 'IN_PROGRESS', runningCount: 2 });
    expect(result.start).toEqual([]);
  });

  test('takes the place of no old one', () => {
    const rolling = service({ deployments: OLD_AND_NEW });
    const old = [task('old'), task('old')];
    expect(step(rolling, [...old, task('new', unproven), task('new', unproven)]).stop).toEqual([]);
    expect(step(rolling, [...old, task('new'), task('new', unproven)]).stop).toHaveLength(1);
  });

  test.each([
    [50, 1],
    [0, 2],
  ])(
    'with %i % minimum old tasks go as the percentage says, and no further for it',
    (minimumHealthyPercent, stopped) => {
      const rolling = service({ deployments: OLD_AND_NEW, minimumHealthyPercent });
      const old = [task('old'), task('old')];
      expect(step(rolling, [...old, task('new', unproven), task('new', unproven)]).stop).toHaveLength(stopped);
    },
  );

  test('is no reason to end it at once when a newer deployment comes: it serves', () => {
    const rolling = service({ deployments: OLD_AND_NEW });
    expect(step(rolling, [task('old', unproven), task('old', unproven)]).stop).toEqual([]);
  });

  test('goes first when there are fewer to be', () => {
    const tasks = [task('new'), task('new', unproven)];
    expect(step(service({ desiredCount: 1 }), tasks).stop).toMatchObject([{ taskId: tasks[1]?.id }]);
  });

  test('nothing is wanted, nothing is waited for', () => {
    expect(step(service({ desiredCount: 0 }), []).deployments[0]?.rolloutState).toBe('COMPLETED');
  });
});

describe('circuit breaker', () => {
  const failures = new Map([['new', { count: 3, lastReason: 'exit code 64; its last log lines: no', retryAt: 0 }]]);

  test.each([
    [1, 3],
    [6, 3],
    [10, 5],
    [1000, 200],
  ])('desired count %i trips after %i', (desired, threshold) => {
    expect(circuitBreakerThreshold(service({ desiredCount: desired }))).toBe(threshold);
  });

  test.each([
    ['COUNT', 1, 100, 1],
    ['BOUNDED_PERCENT', 10, 100, 10],
    ['BOUNDED_PERCENT', 10, 2, 3],
    ['UNBOUNDED_PERCENT', 10, 2, 1],
    ['UNBOUNDED_PERCENT', 50, 1000, 500],
  ] as const)('%s %i of %i tasks trips after %i', (type, value, desiredCount, threshold) => {
    const circuitBreaker = { enable: true, rollback: true, thresholdConfiguration: { type, value } };
    expect(circuitBreakerThreshold(service({ desiredCount, circuitBreaker }))).toBe(threshold);
  });

  test('trips, says why, starts no more and goes back to the last completed deployment', () => {
    const result = step(service({ deployments: OLD_AND_NEW }), [task('old'), task('old')], failures);
    expect(result.deployments[0]).toMatchObject({ rolloutState: 'FAILED' });
    expect(result.deployments[0]?.rolloutStateReason).toContain('exit code 64');
    expect(result.rollBackTo?.deploymentId).toBe('old');
    expect(result.start).toEqual([]);
    expect(result.stop).toEqual([]);
  });

  test('a first deployment has nothing to go back to', () => {
    expect(step(service(), [], failures)).toMatchObject({
      rollBackTo: undefined,
      start: [],
      deployments: [{ rolloutState: 'FAILED' }],
    });
  });

  test('without it the scheduler goes on trying', () => {
    const result = step(service({ circuitBreaker: { enable: false, rollback: false } }), [], failures);
    expect(result.deployments[0]?.rolloutState).toBe('IN_PROGRESS');
    expect(result.start).toHaveLength(2);
  });

  test('a row of failures is told, unless the circuit breaker ends it', () => {
    const failures = { count: 3, lastReason: 'x', retryAt: NOW + 2_000 };
    const trying = service({ circuitBreaker: { enable: false, rollback: false } });
    expect(throttleNotice(trying, { ...failures, count: 2 }, NOW)).toBeUndefined();
    expect(throttleNotice(trying, failures, NOW)).toContain('unable to consistently start tasks');
    expect(throttleNotice(service(), failures, NOW)).toBeUndefined();
    expect(throttleNotice(service({ desiredCount: 20 }), failures, NOW)).toContain('the next one starts in 2 s');
  });

  test('a failure holds the next start back, each time longer', () => {
    const once = afterFailure(NO_FAILURES, 'x', NOW);
    expect(step(service(), [], new Map([['new', once]])).start).toEqual([]);
    expect(afterFailure(once, 'x', NOW).retryAt).toBeGreaterThan(once.retryAt);
  });
});

test('a service that is being deleted stops everything and starts nothing', () => {
  const result = step(service({ status: 'DRAINING', desiredCount: 0 }), [task('new'), task('new')]);
  expect(result.stop).toHaveLength(2);
  expect(result.start).toEqual([]);
});
