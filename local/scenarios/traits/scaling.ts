/** Target tracking: the desired count follows the load, and comes back. */
import { findService } from '../../region/ecs.ts';
import { changeOrders, clearOrders } from '../../region/orders.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, TESTBED, URL, WEB } from '../services.ts';
import type { LoadResult } from '../load-result.ts';
import type { Testbed } from '../testbed.ts';
import type { TestbedScalingOptions } from '../testbed-scaling.ts';
import type { TestbedService } from '../testbed-stack.ts';

/** So that 15 minutes of low load last as many seconds. */
const MINUTE_SECONDS = 1;
const MOST = 3;
/**
 * About a quarter of what 600 requests a second take on a machine of 2026, and many times what idle tasks with their proxies
 * and health checks take: a percent of their size is one tick of the kernel's clock in a second.
 */
const CPU: TestbedScalingOptions = { max: MOST, by: 'cpu', target: 4 };
const CPU_LOAD = 600;
/** A fifth of what comes in a minute. */
const REQUESTS: TestbedScalingOptions = { max: MOST, by: 'requests', target: 10 };
const REQUESTS_LOAD = 50;
const WEB_PATH = '/echo';
/** Behind the load balancer, which counts its requests. */
const BALANCED: TestbedService = {
  name: 'testbed-balanced',
  count: 1,
  ports: [{ ...WEB, aliasPort: 9040 }],
  route: { path: WEB_PATH, priority: 26 },
  scaling: REQUESTS,
};

/** Loads a service; its desired count has to follow, and to come back. @returns the most tasks that were wanted */
async function follow(testbed: Testbed, name: string, load: () => Promise<LoadResult>): Promise<number> {
  const desired = async (): Promise<number> =>
    (await findService(testbed.ecs, testbed.serviceName(name))).desiredCount ?? 0;
  const loading = load();
  await testbed.until(`the load raises the desired count of ${name}`, async () => (await desired()) > 1, 30);
  const { statuses, failed } = await loading;
  const seen = `the load of ${name}: ${JSON.stringify(statuses)}, ${String(failed)} failed`;
  expect(failed === 0 && Object.keys(statuses).join() === '200', seen);
  const most = await desired();
  await testbed.until(`the desired count of ${name} comes back`, async () => (await desired()) === 1, 60);
  await testbed.steady(name, 1);
  expect(most <= MOST, `${String(most)} tasks wanted of ${name}`);
  return most;
}

export const SCALING: readonly Scenario[] = [
  {
    id: 'target-tracking',
    trait: 'scaling',
    expectation: `a load above the target (${String(CPU.target)} % of CPU for one service, ${String(REQUESTS.target)} requests a minute and task for another) raises the desired count from 1 to at most ${String(MOST)}; without it the count comes back`,
    source: AWS.scaling,
    services: [{ ...TESTBED, count: 1, scaling: CPU }, BALANCED, PROBE],
    async play(testbed) {
      const { address } = await testbed.loadBalancer();
      // As long as three minutes above the target take, and the policy's reaction.
      const duration = 20;
      try {
        await changeOrders((orders) => ({ ...orders, minuteSeconds: MINUTE_SECONDS }));
        const [byCpu, byRequests] = await Promise.all([
          follow(testbed, 'testbed', () =>
            testbed.load('probe', { url: `${URL}/echo`, connections: 8, overallRate: CPU_LOAD, duration }),
          ),
          follow(testbed, BALANCED.name, () => {
            const url = `http://${address}${WEB_PATH}`;
            return testbed.load('internet', { url, connections: 2, overallRate: REQUESTS_LOAD, duration });
          }),
        ]);
        return `from 1 to ${String(byCpu)} by CPU under ${String(CPU_LOAD)} requests/s, from 1 to ${String(byRequests)} by requests under ${String(REQUESTS_LOAD)}/s, then back to 1 (a minute lasted ${String(MINUTE_SECONDS)} s)`;
      } finally {
        await clearOrders();
      }
    },
  },
];
