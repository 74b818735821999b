/** Target tracking: the desired count follows the load, and comes back. */
import { findService } from '../../front/ecs.ts';
import { clearOrders, readOrders, writeOrders } from '../../front/orders.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, TESTBED, URL } from '../services.ts';

/** So that 15 minutes of low load last as many seconds. */
const MINUTE_SECONDS = 1;
const MOST = 3;
/** A third of what 600 requests a second take on a machine of 2026, and many times what health checks take. */
const TARGET_PERCENT = 1;

export const SCALING: readonly Scenario[] = [
  {
    id: 'target-tracking',
    trait: 'scaling',
    expectation: `a load above the CPU target of ${String(TARGET_PERCENT)} % raises the desired count from 1 to at most ${String(MOST)}; without it the count comes back`,
    source: AWS.scaling,
    services: [{ ...TESTBED, count: 1, cpuScaling: { max: MOST, targetPercent: TARGET_PERCENT } }, PROBE],
    async play(stage) {
      const desired = async (): Promise<number> =>
        (await findService(stage.ecs, stage.serviceName('testbed'))).desiredCount ?? 0;
      try {
        writeOrders({ ...readOrders(), minuteSeconds: MINUTE_SECONDS });
        const loading = stage.load('probe', { url: `${URL}/echo`, connections: 8, overallRate: 600, duration: 20 });
        await stage.until('the load raises the desired count', async () => (await desired()) > 1, 30);
        await loading;
        const most = await desired();
        await stage.until('the desired count comes back', async () => (await desired()) === 1, 60);
        await stage.steady('testbed', 1);
        expect(most <= MOST, `${String(most)} tasks wanted`);
        return `from 1 to ${String(most)} under 600 requests/s, then back to 1 (a minute lasted ${String(MINUTE_SECONDS)} s)`;
      } finally {
        clearOrders();
      }
    },
  },
];
