import type { LifecycleStage } from '../../../aws-shapes/lifecycle-stages.ts';
import type { Service } from '../region-state.ts';
import { deploymentWith, serviceWith } from '../../testing/region-state.ts';
import { blueGreenStep, hookId, trafficOf, type BlueGreenInput, type Lifecycle } from './blue-green.ts';
import type { TaskView } from './scheduled-task.ts';

const MINUTE_MS = 60_000;

const BLUE = deploymentWith('blue', { status: 'ACTIVE', rolloutState: 'COMPLETED' });
const GREEN = deploymentWith('green');

const service = (overrides: Partial<Service> = {}): Service =>
  serviceWith({
    ...{ name: 'web', desiredCount: 2, deployments: [GREEN, BLUE] },
    blueGreen: { bakeTimeMinutes: 1, pauseStages: [] },
    ...overrides,
  });

function tasks(deploymentId: string, count = 2, ready = true): TaskView[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${deploymentId}-${String(index)}`,
    deploymentId,
    zone: index % 2 === 0 ? 'a' : 'b',
    createdAt: index,
    wanted: true,
    running: true,
    ready,
    steady: ready,
    unhealthy: undefined,
  }));
}

/** Steps until nothing changes any more; time passes `stepMs` each. */
function play(input: Partial<BlueGreenInput>, stepMs = 1_000, steps = 12) {
  const stages: LifecycleStage[] = [];
  let lifecycle: Lifecycle | undefined = input.lifecycle;
  let last = blueGreenStep(whole({ ...input, now: 0 }));
  for (let index = 0; index < steps; index++) {
    last = blueGreenStep(whole({ ...input, lifecycle, now: index * stepMs }));
    ({ lifecycle } = last);
    const stage = lifecycle?.green === undefined ? 'CLEAN_UP' : lifecycle.stage;
    if (stages.at(-1) !== stage) stages.push(stage);
  }
  return { stages, last, lifecycle };
}

function whole(input: Partial<BlueGreenInput>): BlueGreenInput {
  return {
    service: service(),
    tasks: [...tasks('blue'), ...tasks('green')],
    failures: new Map(),
    zones: ['a', 'b'],
    now: 0,
    lifecycle: undefined,
    underWay: undefined,
    minuteMs: MINUTE_MS,
    ...input,
  };
}

test('green starts whole beside blue, and nobody notices', () => {
  const { last, lifecycle, stages } = play({ tasks: tasks('blue') });
  expect(stages).toEqual(['SCALE_UP']);
  expect(last.start.map(({ deployment: one, zone }) => [one.id, zone])).toEqual([
    ['green', 'a'],
    ['green', 'b'],
  ]);
  expect(last.stop).toEqual([]);
  expect(lifecycle === undefined ? undefined : trafficOf(lifecycle)).toEqual({ production: 'blue', test: 'blue' });
});

test('test requests shift first, production next, and blue stays until the bake time is over', () => {
  const { stages, last } = play({}, 20_000, 16);
  expect(stages).toEqual([
    'SCALE_UP',
    'POST_SCALE_UP',
    'TEST_TRAFFIC_SHIFT',
    'POST_TEST_TRAFFIC_SHIFT',
    'PRE_PRODUCTION_TRAFFIC_SHIFT',
    'PRODUCTION_TRAFFIC_SHIFT',
    'POST_PRODUCTION_TRAFFIC_SHIFT',
    'BAKE_TIME',
    'CLEAN_UP',
  ]);
  expect(last.stop.map(({ taskId }) => taskId)).toEqual(['blue-0', 'blue-1']);
});

test.each<[LifecycleStage, string, string]>([
  ['SCALE_UP', 'blue', 'blue'],
  ['TEST_TRAFFIC_SHIFT', 'blue', 'green'],
  ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'blue', 'green'],
  ['PRODUCTION_TRAFFIC_SHIFT', 'green', 'green'],
  ['BAKE_TIME', 'green', 'green'],
])('in %s requests go to %s, tests to %s', (stage, production, test_) => {
  expect(trafficOf({ blue: 'blue', green: 'green', stage, since: 0 })).toEqual({ production, test: test_ });
});

test('a pause lasts until somebody continues it', () => {
  const paused = service({ blueGreen: { bakeTimeMinutes: 0, pauseStages: ['POST_TEST_TRAFFIC_SHIFT'] } });
  expect(play({ service: paused }, 60_000).stages.at(-1)).toBe('POST_TEST_TRAFFIC_SHIFT');
  const continued = [hookId('green', 'POST_TEST_TRAFFIC_SHIFT')];
  const underWay = { deploymentId: 'green', stage: undefined, continued, rollBack: undefined };
  expect(play({ service: paused, underWay }, 60_000).stages.at(-1)).toBe('CLEAN_UP');
});

test.each([
  ['failing tasks', { failures: new Map([['green', { count: 3, lastReason: 'exit code 1', retryAt: 0 }]]) }],
  ['a person', { underWay: { deploymentId: 'green', stage: undefined, continued: [], rollBack: 'not good enough' } }],
])('%s send everything back to blue, whose tasks never ended', (_, cause) => {
  const lifecycle: Lifecycle = { blue: 'blue', green: 'green', stage: 'BAKE_TIME', since: 0 };
  const step = blueGreenStep(whole({ lifecycle, ...cause }));
  expect(step.rollBackTo?.deploymentId).toBe('blue');
  expect(step.stop.map(({ taskId }) => taskId)).toEqual(['green-0', 'green-1']);
  expect(step.deployments.find(({ id }) => id === 'green')?.rolloutState).toBe('FAILED');
  expect(step.lifecycle === undefined ? undefined : trafficOf(step.lifecycle)).toEqual({
    production: 'blue',
    test: 'blue',
  });
});

test('after a restart of the agent it goes on where it was, and ends only when green is whole again', () => {
  const underWay = { deploymentId: 'green', stage: 'BAKE_TIME', continued: [], rollBack: undefined } as const;
  const restarted = { underWay, tasks: [...tasks('blue'), ...tasks('green', 2, false)] };
  const { stages, last, lifecycle } = play(restarted, MINUTE_MS);
  expect(stages).toEqual(['BAKE_TIME']);
  expect(last.stop).toEqual([]);
  expect(lifecycle === undefined ? undefined : trafficOf(lifecycle)).toEqual({ production: 'green', test: 'green' });
  expect(play({ underWay }, MINUTE_MS).stages).toEqual(['BAKE_TIME', 'CLEAN_UP']);
});

test('the first deployment has nothing to stand beside', () => {
  const first = service({ deployments: [GREEN] });
  expect(play({ service: first, tasks: [] }).last.start).toHaveLength(2);
  expect(play({ service: first, tasks: tasks('green') }).last.deployments[0]?.rolloutState).toBe('COMPLETED');
});

test('a task of blue that fails during the deployment is replaced', () => {
  const [one, other] = tasks('blue');
  if (one === undefined || other === undefined) throw new Error('two tasks were made');
  const step = blueGreenStep(whole({ tasks: [one, { ...other, unhealthy: 'dead' }, ...tasks('green')] }));
  expect(step.stop).toEqual([{ taskId: other.id, reason: 'dead', failed: true }]);
  expect(step.start.map(({ deployment: { id }, zone }) => [id, zone])).toEqual([['blue', 'b']]);
});
