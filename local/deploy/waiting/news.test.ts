import type { Service } from '@aws-sdk/client-ecs';
import type { Moment, StackEvent, StoppedTask } from './moment.ts';
import { newsOf, nothingKnown } from './news.ts';
import { problemsOf } from './problems.ts';

const ARN = 'arn:aws:ecs:r:0:service/c/web';
const BEGUN = 1_000_000;

const moment = (change: Partial<Moment> = {}): Moment => ({
  ...{ at: BEGUN + 1_000, services: [], names: new Map([[ARN, 'web']]) },
  ...{ stopped: [], awaited: new Map(), stacks: [], stackEvents: [], complaints: [] },
  ...change,
});
const stop = (id: string, reason: string, change: Partial<StoppedTask> = {}): StoppedTask => ({
  ...{ id, serviceArn: ARN, stopCode: 'EssentialContainerExited', reason, at: BEGUN + 500 },
  ...change,
});
const service = (messages: readonly string[], change: Partial<Service> = {}): Service => ({
  serviceArn: ARN,
  events: messages.map((message, index) => ({ id: String(index), createdAt: new Date(BEGUN + 10 * index), message })),
  ...change,
});
const event = (change: Partial<StackEvent>): StackEvent => ({
  ...{ id: 'e', stack: 'Shop', resource: 'Web', type: 'AWS::ECS::Service', status: 'CREATE_FAILED' },
  ...{ reason: 'no image', at: BEGUN },
  ...change,
});
const lines = (change: Partial<Moment>) => newsOf(nothingKnown(BEGUN), moment(change)).lines;

test('a failed task is reported once, with its reason and its last log lines, however many events mention it', () => {
  const reason = 'Essential container in task exited: app, exit code 1; its last log lines: one\ntwo';
  const id = '0123456789abcdef0123456789abcdef';
  expect(lines({ stopped: [stop(id, reason)], services: [service([`(task 0123456789ab) ${reason}`])] })).toEqual([
    'web: (task 0123456789ab) Essential container in task exited: app, exit code 1; its last log lines: one | two',
  ]);
});

test('what every deployment does is not told, and neither is what was before', () => {
  const routine = [
    'started task 0123456789abcdef in us-east-1a',
    '(service web) has started 2 tasks: (task x) (task y).',
    'all ready: has reached a steady state.',
    '(service web) registered 1 targets in (target-group t)',
  ];
  const scaled = stop('a'.repeat(32), 'Scaling activity initiated by deployment', {
    stopCode: 'ServiceSchedulerInitiated',
  });
  const former = stop('b'.repeat(32), 'exit code 1', { at: BEGUN - 5_000 });
  expect(lines({ services: [service(routine)], stopped: [scaled, former] })).toEqual([]);
  expect(lines({ services: [service(['(service web) was unable to place a task: no subnet'])] })).toEqual([
    'web: was unable to place a task: no subnet',
  ]);
});

test('a crash loop is told at the first time and then with its count, less and less often', () => {
  let known = nothingKnown(BEGUN);
  const told: string[] = [];
  const stopped: StoppedTask[] = [];
  for (let count = 0; count < 100; count++) {
    stopped.push(
      stop(
        count.toString(16).padStart(12, '0').padEnd(32, '0'),
        `exit code 1 at 12:00:${String(count % 60).padStart(2, '0')}`,
      ),
    );
    const news = newsOf(known, moment({ stopped }));
    known = news.known;
    told.push(...news.lines);
  }
  expect(told).toHaveLength(7);
  expect(told.at(-1)).toContain('(64 times)');
});

test('failed resources are told, what was cancelled for them is not, and neither is anything twice', () => {
  const events = [
    event({}),
    event({ id: 'f', resource: 'Other', reason: 'Resource creation cancelled' }),
    event({ id: 'g', type: 'AWS::CloudFormation::Stack', status: 'ROLLBACK_IN_PROGRESS', reason: 'Web failed' }),
    event({ id: 'h', status: 'CREATE_COMPLETE', reason: '' }),
  ];
  const { known, lines: told } = newsOf(nothingKnown(BEGUN), moment({ stackEvents: events }));
  expect(told).toEqual([
    'Web of stack Shop is CREATE_FAILED: no image',
    'stack Shop is ROLLBACK_IN_PROGRESS: Web failed',
  ]);
  expect(newsOf(known, moment({ stackEvents: events })).lines).toEqual([]);
});

test('what can not be made real is told however long it has been so', () => {
  const resource = 'arn:aws:elasticloadbalancing:r:0:loadbalancer/app/front/1';
  const complaint = { resource, message: 'all weights are 0: give one more', since: BEGUN - 99_000 };
  expect(lines({ complaints: [complaint] })).toEqual(['front: all weights are 0: give one more']);
});

test('after some silence the progress of a service is reported, and again only when it has advanced', () => {
  const deployments = [{ rolloutState: 'IN_PROGRESS' as const, desiredCount: 2, runningCount: 1, pendingCount: 1 }];
  const services = [service([], { deployments })];
  const first = newsOf(nothingKnown(BEGUN), moment({ services }));
  expect(first.lines).toEqual([]);
  const second = newsOf(first.known, moment({ services, at: BEGUN + 10_000 }));
  expect(second.lines).toEqual(['web: 1 of 2 tasks run, 1 starting']);
  expect(newsOf(second.known, moment({ services, at: BEGUN + 60_000 })).lines).toEqual([]);
});

test('a target that a deployment waits for is told when it fails its checks, and else after some silence', () => {
  const deployments = [{ rolloutState: 'IN_PROGRESS' as const, desiredCount: 1, runningCount: 1 }];
  const seen = (state: string, description: string, at: number): Moment =>
    moment({
      services: [service([], { deployments })],
      awaited: new Map([[ARN, [{ address: '10.0.0.4:80', state, description }]]]),
      at: BEGUN + at,
    });
  const first = newsOf(nothingKnown(BEGUN), seen('initial', 'Initial health checks in progress', 10_000));
  expect(first.lines).toEqual([
    'web: 1 of 1 tasks run, target 10.0.0.4:80 is initial: Initial health checks in progress',
  ]);
  const second = newsOf(first.known, seen('unhealthy', 'Health checks failed', 11_000));
  expect(second.lines).toEqual(['web: target 10.0.0.4:80 is unhealthy: Health checks failed']);
});

test('what is wrong: complaints, services whose tasks fail, and stacks that were rolled back', () => {
  const at = new Date(BEGUN);
  const deployments = [{ rolloutState: 'IN_PROGRESS' as const, createdAt: at }];
  const one = moment({
    services: [service([], { deployments, desiredCount: 1, runningCount: 0 })],
    stopped: [stop('a'.repeat(32), 'exit code 1'), stop('b'.repeat(32), 'exit code 2', { at: BEGUN + 900 })],
    stacks: [{ name: 'Shop', status: 'ROLLBACK_COMPLETE', reason: 'no image', at: BEGUN + 950 }],
    complaints: [{ resource: ARN, message: 'nofile is too high', since: BEGUN }],
  });
  expect(problemsOf(one)).toEqual([
    { resource: ARN, name: 'web', what: 'nofile is too high', since: BEGUN },
    {
      resource: ARN,
      name: 'web',
      what: '2 tasks failed, the last: (task bbbbbbbbbbbb) exit code 2',
      since: BEGUN + 500,
    },
    { resource: 'Shop', name: 'stack Shop', what: 'ROLLBACK_COMPLETE: no image', since: BEGUN + 950 },
  ]);
  const well = [{ rolloutState: 'COMPLETED' as const, createdAt: at }];
  const services = [service([], { deployments: well, desiredCount: 1, runningCount: 1 })];
  expect(problemsOf({ ...one, services, stacks: [], complaints: [] })).toEqual([]);
});
