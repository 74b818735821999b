/** The testbed's services that the pairs ask. */
import { AUTHORITY, PROBE, WEB } from '../../local/scenarios/services.ts';
import type { TestbedService } from '../../local/scenarios/testbed-stack.ts';

/** Four workers of 200 ms each: 20 requests a second, little enough for any machine. */
const WORKERS = 4;
export const WORK_MS = 200;
export const CAPACITY = (WORKERS * 1000) / WORK_MS;

const one = (name: string, aliasPort: number, environment: Record<string, string> = {}): TestbedService => ({
  ...{ name, count: 1, environment },
  ports: [{ ...WEB, aliasPort }],
});
const workers = { WORKERS: String(WORKERS) };

export const SERVICES: readonly TestbedService[] = [
  one('testbed', 9000),
  { ...one('testbed-tls', 9010), certificateAuthorityArn: AUTHORITY },
  // As many at once as there are workers, twice as many wait, for four times as long as an answer takes.
  one('testbed-shedding', 9020, {
    ...workers,
    MAX_CONCURRENCY: String(WORKERS),
    MAX_QUEUE: String(2 * WORKERS),
    QUEUE_DEADLINE_MS: String(4 * WORK_MS),
  }),
  one('testbed-open', 9030, { ...workers, MAX_CONCURRENCY: '0' }),
  PROBE,
];
