/** Rolling deployments: how many tasks there are meanwhile, and what becomes of a version that does not get healthy. */
import { setTimeout } from 'node:timers/promises';
import { findService } from '../../front/ecs.ts';
import { allWell, LOAD } from '../steady-load.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, TESTBED, USUAL } from '../services.ts';
import type { Stage } from '../stage.ts';

const trait = 'deployments';
/** Three tasks: between 2 (50 %, rounded up) and 4 (150 %, rounded down). */
const LIMITS = { minimumHealthyPercent: 50, maximumPercent: 150 };
const USUAL_LIMITS = { minimumHealthyPercent: 100, maximumPercent: 200 };

/** How many tasks ECS counts, again and again until something is done. */
async function counts(stage: Stage, done: Promise<unknown>): Promise<{ running: number; all: number }[]> {
  const seen: { running: number; all: number }[] = [];
  const over = new AbortController();
  const stop = (): void => {
    over.abort();
  };
  done.then(stop, stop);
  while (!over.signal.aborted) {
    const { runningCount = 0, pendingCount = 0 } = await findService(stage.ecs, stage.serviceName('testbed'));
    seen.push({ running: runningCount, all: runningCount + pendingCount });
    await setTimeout(50);
  }
  return seen;
}

export const DEPLOYMENTS: readonly Scenario[] = [
  {
    id: 'rolling',
    trait,
    expectation:
      'a new deployment keeps to minimumHealthyPercent and maximumPercent (50 and 150 here: 2 to 4 tasks of 3), with no failed request',
    source: AWS.rolling,
    services: USUAL,
    async play(stage) {
      const old = new Set(stage.tasks('testbed').map(({ taskId }) => taskId));
      const loading = stage.load('probe', { ...LOAD, duration: 8 });
      const deployed = stage.forceNewDeployment('testbed', LIMITS);
      const seen = await counts(stage, deployed);
      await deployed;
      await stage.steady('testbed', 3);
      const result = await loading;
      const least = Math.min(...seen.map(({ running }) => running));
      const most = Math.max(...seen.map(({ all }) => all));
      expect(
        stage.tasks('testbed').every(({ taskId }) => !old.has(taskId)),
        'an old task is left',
      );
      expect(least >= 2 && most === 4, `${String(least)} to ${String(most)} tasks`);
      await stage.configure('testbed', USUAL_LIMITS);
      return allWell(result, `${String(least)} to ${String(most)} tasks meanwhile`);
    },
  },
  {
    id: 'circuit-breaker',
    trait,
    expectation:
      'a version that fails its health check is rolled back while the old one serves: no failed request, the same tasks',
    source: AWS.circuitBreaker,
    services: USUAL,
    async play(stage) {
      const ids = () =>
        stage
          .tasks('testbed')
          .map(({ taskId }) => taskId)
          .sort()
          .join();
      const before = ids();
      const sick = { ...TESTBED, environment: { ...TESTBED.environment, HEALTHY: 'false' } };
      const loading = stage.load('probe', { ...LOAD, duration: 15 });
      const why = await stage.deploy([sick, ...USUAL.slice(1)]).then(
        () => '',
        (error: unknown) => String(error),
      );
      const result = await loading;
      await stage.steady('testbed', 3);
      expect(why.includes('ircuit'), why === '' ? 'the deploy went through' : why);
      expect(ids() === before, 'the old tasks did not stay');
      return allWell(result, 'the deploy failed by the circuit breaker, the old tasks stayed');
    },
  },
];
