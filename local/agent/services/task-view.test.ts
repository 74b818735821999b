import { STEADY_MS } from '../core/scheduler/steady.ts';
import type { TargetStanding } from '../load-balancers/target-health.ts';
import { taskView } from './task-view.ts';
import { fakeContainer, fakePlan, fakeTask } from '../testing/fake-task.ts';

const NO_TARGETS: TargetStanding = { ready: true, unhealthy: undefined, answeringPorts: [] };
const CHECK = { command: ['CMD', 'true'], intervalSeconds: 5, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 0 };
const PORTS = { portMappings: [{ name: 'web', containerPort: 3000, appProtocol: undefined }] };
/** A moment after every container started. */
const SOON = 300;

function steady(
  containers: Parameters<typeof fakeTask>[2],
  now: number,
  targets: TargetStanding = NO_TARGETS,
  healthy = true,
): boolean {
  return taskView(fakeTask(fakePlan(), { healthy }, containers), targets, now).steady;
}

test('a process that lives some hundred milliseconds is never steady', () => {
  for (const lived of [1, 300, 900]) expect(steady([fakeContainer()], lived)).toBe(false);
  expect(steady([fakeContainer()], STEADY_MS)).toBe(true);
});

test('it is ready all the while, and runs', () => {
  expect(taskView(fakeTask(fakePlan()), NO_TARGETS, SOON)).toMatchObject({ running: true, ready: true, steady: false });
});

test('a health check that succeeded is proof enough; one that is turned off is none', () => {
  expect(steady([fakeContainer({ healthCheck: CHECK })], SOON)).toBe(true);
  expect(steady([fakeContainer({ healthCheck: { ...CHECK, command: ['NONE'] } })], SOON)).toBe(false);
});

test('the answer that a target group got is proof enough, at the port of the container that gave it', () => {
  const answering = { ...NO_TARGETS, answeringPorts: [3000] };
  expect(steady([fakeContainer(PORTS)], SOON, answering)).toBe(true);
  expect(steady([fakeContainer()], SOON, answering)).toBe(false);
});

test('each essential container needs a proof of its own', () => {
  const checked = fakeContainer({ name: 'checked', healthCheck: CHECK });
  expect(steady([checked, fakeContainer({ name: 'other' })], SOON)).toBe(false);
  expect(steady([checked, fakeContainer({ name: 'other', essential: false })], SOON)).toBe(true);
  expect(steady([checked, fakeContainer({ name: 'late' }, 'HEALTHY', 5_000)], 5_000 + SOON)).toBe(false);
});

test('a task that is not ready is not steady, however long it runs', () => {
  expect(steady([fakeContainer()], 60_000, NO_TARGETS, false)).toBe(false);
  expect(steady([fakeContainer()], 60_000, { ...NO_TARGETS, ready: false })).toBe(false);
});
