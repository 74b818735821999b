/** Trait 5: what can't be answered in time is refused at once, so that the rest is answered. */
import { setTimeout } from 'node:timers/promises';
import { amplification, total } from '../attempts.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, TESTBED, USUAL } from '../services.ts';
import type { LoadResult } from '../load-result.ts';

const trait = '5 load shedding';

/** Four workers of 200 ms each: 20 requests a second, little enough for any machine. The gate lets in as many as there are workers. */
const WORKERS = 4;
const WORK_MS = 200;
const CAPACITY = (WORKERS * 1000) / WORK_MS;
const SHEDDING = {
  ...TESTBED,
  count: 1,
  route: { path: '/work', priority: 22 },
  environment: {
    WORKERS: String(WORKERS),
    MAX_CONCURRENCY: String(WORKERS),
    MAX_QUEUE: String(2 * WORKERS),
    QUEUE_DEADLINE_MS: String(4 * WORK_MS),
  },
};
/** 100 callers that wait for each other would wait 25 times as long as four; the queue lets two others go first. */
const MOST_TIMES_SLOWER = 8;

/** So long that a stall of a second of the machine is a tenth of it. */
const MEASURE_SECONDS = 10;
/** A stall may fall into one measurement under load and spoil its p99; a service that does not shed fails in each. */
const MOST_MEASUREMENTS = 3;

/** Many more than it takes on. */
const AT_ONCE = { connections: 40, amount: 40 } as const;

const goodput = ({ statuses, seconds }: LoadResult): number => (statuses['200'] ?? 0) / seconds;
const p99 = ({ acceptedMilliseconds }: LoadResult): number => acceptedMilliseconds?.p99 ?? Infinity;

export const LOAD_SHEDDING: readonly Scenario[] = [
  {
    id: 'overload',
    trait,
    expectation:
      'under 5 times the load it can serve, goodput stays above 90 % of the peak and p99 of what is accepted stays bounded; the excess gets 503 with Retry-After at once, /health answers',
    source: AWS.sre,
    services: [SHEDDING, PROBE],
    async play(testbed) {
      const { address } = await testbed.loadBalancer();
      const url = `http://${address}/work?ms=${String(WORK_MS)}`;
      const [task] = testbed.tasks('testbed');
      const peak = await testbed.load('internet', { url, connections: WORKERS, duration: MEASURE_SECONDS });
      const measured: string[] = [];
      while (measured.length < MOST_MEASUREMENTS) {
        const overloading = { connections: 100, overallRate: 5 * CAPACITY, duration: MEASURE_SECONDS };
        const loading = testbed.load('internet', { url, ...overloading });
        await setTimeout(1_500);
        const healthy = await testbed.ask(task?.taskId ?? '', 'http://127.0.0.1:3000/health', 20);
        const overload = await loading;
        const share = goodput(overload) / goodput(peak);
        const slower = p99(overload) / p99(peak);
        const refused = overload.statuses['503'] ?? 0;
        // No stall excuses these.
        expect(refused > 0, `none refused: ${JSON.stringify(overload.statuses)}`);
        expect(
          overload.hinted === refused,
          `${String(overload.hinted)} of ${String(refused)} refusals had Retry-After`,
        );
        expect(
          healthy.every(({ status }) => status === 200),
          `/health: ${healthy.map(({ status }) => status).join(', ')}`,
        );
        const seen = `${(100 * share).toFixed(0)} % of it under 5 times the load; p99 ${slower.toFixed(1)} times as long; ${String(refused)} refused, ${String(overload.hinted)} with Retry-After; /health 200`;
        measured.push(seen);
        if (share > 0.9 && slower < MOST_TIMES_SLOWER)
          return `goodput ${goodput(peak).toFixed(0)}/s at its peak, ${seen} (measurement ${String(measured.length)} of at most ${String(MOST_MEASUREMENTS)})`;
      }
      expect(false, `goodput ${goodput(peak).toFixed(0)}/s at its peak; ${measured.join('; ')}`);
    },
  },
  {
    id: 'shed-is-not-retried',
    trait,
    expectation:
      'a request that was shed is not tried again by the mesh, although 503 is: x-envoy-ratelimited stops it',
    source:
      'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-ratelimited',
    services: [SHEDDING, PROBE],
    async play(testbed) {
      const retries = async (): Promise<number> =>
        total(
          await Promise.all(
            testbed.tasks('probe').map((task) => testbed.counter(task, 'cluster.testbed.upstream_rq_retry')),
          ),
        );
      const before = await retries();
      const { factor, sent, statuses } = await amplification(testbed, `/work?ms=${String(WORK_MS)}`, AT_ONCE);
      const again = (await retries()) - before;
      const shed = statuses['503'] ?? 0;
      const seen = `${String(shed)} of ${String(sent)} requests at once were shed, ${String(again)} retries; amplification ${factor.toFixed(2)}`;
      expect(shed > 0 && again === 0 && factor > 0 && factor <= 1, seen);
      return seen;
    },
  },
  {
    id: 'bulkhead',
    trait,
    expectation:
      'a slow service-a fills its own bulkhead in service-b; what needs no service-a is answered all the same',
    source: AWS.bulkhead,
    services: USUAL,
    async play(testbed) {
      const { address } = await testbed.loadBalancer();
      const [task] = testbed.tasks('service-b');
      const own = `http://127.0.0.1:3000`;
      return testbed.whileSlow('service-a', 12_000, async () => {
        // More than two tasks' bulkheads of 128 calls take, fewer than what both take on.
        const loading = testbed.load('internet', {
          url: `http://${address}/?name=x`,
          connections: 300,
          overallRate: 300,
          duration: 4,
          timeout: 10,
        });
        await setTimeout(2_500);
        // A name that is too long is refused by the handler itself, behind the gate: it needs nobody.
        const other = await testbed.ask(task?.taskId ?? '', `${own}/?name=${'x'.repeat(300)}`, 20);
        const health = await testbed.ask(task?.taskId ?? '', `${own}/health`, 20);
        const { statuses } = await loading;
        const seen = `${String(statuses['503'] ?? 0)} calls of the slow one refused at once; meanwhile 20 of 20 other requests and 20 of 20 /health answered`;
        expect((statuses['503'] ?? 0) > 0, `no call was refused: ${JSON.stringify(statuses)}`);
        expect(
          other.every(({ status }) => status === 400),
          `other requests: ${other.map(({ status }) => status).join(', ')}`,
        );
        expect(
          health.every(({ status }) => status === 200),
          `/health: ${health.map(({ status }) => status).join(', ')}`,
        );
        return seen;
      });
    },
  },
];
