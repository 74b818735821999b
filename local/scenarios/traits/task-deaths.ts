/** What it costs that a task loses its application or its proxy, and that a whole Availability Zone is lost. */
import { setTimeout } from 'node:timers/promises';
import { changeOrders, clearOrders } from '../../region/orders.ts';
import { requireRegion, urlOf } from '../../region/region-file.ts';
import type { TaskFile } from '../../region/tasks.ts';
import { PATH, REACHED, under } from '../cost-of-death.ts';
import { proxyIn } from '../region-processes.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, URL, usualWith } from '../services.ts';
import type { Testbed } from '../testbed.ts';
import { bad, told } from '../steady-load.ts';

const LOST_ZONE = 'us-east-1a';
/** Nobody waits longer for what is answered in milliseconds: a request that takes more counts as timed out. */
const PATIENCE_SECONDS = 3;
/** What is under way there, and what its clients send before their connections end. */
const UNDER_WAY = 10;

/** Short, and half of it by each way in. */
const TASK_LOAD = { connections: 5, overallRate: 50, duration: 10, timeout: 10 } as const;
const TASK_KILLED_AFTER_MS = 3_000;

interface Part {
  readonly id: string;
  readonly what: string;
  readonly kill: (testbed: Testbed, task: TaskFile) => unknown;
}

/** Service Connect's proxies try again what a reset or a 503 was the answer to; a load balancer passes both on. */
const PARTS: readonly Part[] = [
  {
    id: 'application-killed',
    what: 'the application',
    kill: (testbed, { containers }) => testbed.inAgent(['kill', '-9', ...Object.values(containers).map(String)]),
  },
  {
    id: 'proxy-killed',
    what: 'the proxy',
    kill: (_, { taskId }) => process.kill(proxyIn(`task/${taskId}`), 'SIGKILL'),
  },
];

export const TASK_DEATHS: readonly Scenario[] = [
  ...PARTS.map(({ id, what, kill }): Scenario => ({
    id,
    trait: 'faults',
    expectation: `${what} of one of three tasks killed with -9 costs no request by Service Connect, and below ${String(UNDER_WAY)} of 500 by the load balancer`,
    source: AWS.appMesh,
    services: usualWith(REACHED),
    async play(testbed) {
      const [task] = testbed.tasks('testbed');
      expect(task !== undefined, 'no task');
      const loads = [
        testbed.load('probe', { ...TASK_LOAD, url: `${URL}${PATH}` }),
        testbed.load(undefined, { ...TASK_LOAD, url: `${urlOf(requireRegion())}${PATH}` }),
      ];
      await setTimeout(TASK_KILLED_AFTER_MS);
      await kill(testbed, task);
      const [byMesh, byBalancer] = await Promise.all(loads);
      expect(byMesh !== undefined && byBalancer !== undefined, 'no load');
      const seen = `${told(byMesh, bad(byMesh))} by Service Connect; ${told(byBalancer, bad(byBalancer))} by the load balancer`;
      expect(!testbed.taskIds('testbed').includes(task.taskId), `${seen}; the task was not replaced`);
      expect(byMesh.answered > 0 && bad(byMesh) + byMesh.failed === 0, seen);
      expect(byBalancer.answered > 0 && bad(byBalancer) + byBalancer.failed < UNDER_WAY, seen);
      await testbed.steady('testbed', 3);
      return seen;
    },
  })),
  {
    id: 'zone-lost',
    trait: 'faults',
    expectation: `a lost Availability Zone costs what was under way there, below ${String(UNDER_WAY)} of 2,000, and nobody waits over ${String(PATIENCE_SECONDS)} s`,
    source: AWS.zones,
    services: usualWith(REACHED),
    async play(testbed) {
      const lose = () => changeOrders((orders) => ({ ...orders, lostZones: [LOST_ZONE] }));
      try {
        expect(
          testbed.tasks('testbed').some(({ zone }) => zone === LOST_ZONE),
          `no task in ${LOST_ZONE}`,
        );
        const { failed, timedOut, seen } = await under(testbed, lose, { timeout: PATIENCE_SECONDS });
        expect(failed < UNDER_WAY && timedOut === 0, `${seen}, ${String(timedOut)} of them timed out`);
        await testbed.until('all tasks run in the other zone', () =>
          testbed.tasks('testbed').every(({ zone }) => zone !== LOST_ZONE),
        );
        await testbed.steady('testbed', 3);
        return seen;
      } finally {
        await clearOrders();
        await testbed.forceNewDeployment('testbed');
        await testbed.forceNewDeployment(PROBE.name);
      }
    },
  },
];
