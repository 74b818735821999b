/** Rolling deployments: how many tasks there are meanwhile, and what becomes of a version that does not get healthy. */
import { setTimeout } from 'node:timers/promises';
import { findService, tasksOf } from '../../region/ecs.ts';
import { allWell, LOAD } from '../steady-load.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, TESTBED, USUAL, usualWith } from '../services.ts';
import type { Testbed } from '../testbed.ts';
import type { TestbedService } from '../testbed-stack.ts';

const trait = 'deployments';
/** Of three tasks: at least 2 (50 %, rounded up), at most 4 (150 %, rounded down) or no more than there are. */
const ROLLING = [
  { id: 'rolling', limits: { minimumHealthyPercent: 50, maximumPercent: 150 }, least: 2, most: 4 },
  { id: 'rolling-without-room', limits: { minimumHealthyPercent: 50, maximumPercent: 100 }, least: 2, most: 3 },
];
/** Each task takes three seconds to become healthy: many times what it takes to count the tasks once, also on a slow machine. */
const WARMING_UP: TestbedService = {
  ...TESTBED,
  environment: { ...TESTBED.environment, HEALTHY_AFTER_MS: '3000' },
};
const USUAL_LIMITS = { minimumHealthyPercent: 100, maximumPercent: 200 };

/** How many tasks are healthy and how many there are, again and again until something is done. */
async function counts(testbed: Testbed, done: Promise<unknown>): Promise<{ healthy: number; all: number }[]> {
  const seen: { healthy: number; all: number }[] = [];
  const over = new AbortController();
  const stop = (): void => {
    over.abort();
  };
  done.then(stop, stop);
  while (!over.signal.aborted) {
    const tasks = (await tasksOf(testbed.ecs, await findService(testbed.ecs, testbed.serviceName('testbed')))).filter(
      ({ desiredStatus }) => desiredStatus === 'RUNNING',
    );
    seen.push({
      healthy: tasks.filter(({ healthStatus }) => healthStatus === 'HEALTHY').length,
      all: tasks.length,
    });
    await setTimeout(50);
  }
  return seen;
}

export const DEPLOYMENTS: readonly Scenario[] = [
  ...ROLLING.map(({ id, limits, least, most }): Scenario => ({
    id,
    trait,
    expectation: `a new deployment keeps to minimumHealthyPercent and maximumPercent (${String(limits.minimumHealthyPercent)} and ${String(limits.maximumPercent)} here: ${String(least)} to ${String(most)} tasks of 3), with no failed request`,
    source: AWS.rolling,
    services: usualWith(WARMING_UP),
    async play(testbed) {
      const old = new Set(testbed.tasks('testbed').map(({ taskId }) => taskId));
      // As long as three tasks take one after the other.
      const loading = testbed.load('probe', { ...LOAD, duration: 12 });
      const deployed = testbed.forceNewDeployment('testbed', limits);
      const seen = await counts(testbed, deployed);
      await deployed;
      await testbed.steady('testbed', 3);
      const result = await loading;
      const lowest = Math.min(...seen.map(({ healthy }) => healthy));
      const highest = Math.max(...seen.map(({ all }) => all));
      expect(
        testbed.tasks('testbed').every(({ taskId }) => !old.has(taskId)),
        'an old task is left',
      );
      expect(lowest === least && highest === most, `${String(lowest)} to ${String(highest)} tasks`);
      await testbed.configure('testbed', USUAL_LIMITS);
      return allWell(result, `${String(lowest)} to ${String(highest)} tasks meanwhile`);
    },
  })),
  {
    id: 'circuit-breaker',
    trait,
    expectation:
      'a version that fails its health check is rolled back while the old one serves: no failed request, the same tasks',
    source: AWS.circuitBreaker,
    services: USUAL,
    async play(testbed) {
      const before = testbed.taskIds('testbed');
      const sick = { ...TESTBED, environment: { ...TESTBED.environment, HEALTHY: 'false' } };
      const loading = testbed.load('probe', { ...LOAD, duration: 15 });
      const why = await testbed.deploy(usualWith(sick)).then(
        () => '',
        (error: unknown) => String(error),
      );
      const result = await loading;
      await testbed.steady('testbed', 3);
      expect(why.includes('ircuit'), why === '' ? 'the deploy went through' : why);
      expect(testbed.taskIds('testbed') === before, 'the old tasks did not stay');
      return allWell(result, 'the deploy failed by the circuit breaker, the old tasks stayed');
    },
  },
];
