/** Faults at will, by the command that a person types. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../region/paths.ts';
import { expect, type Scenario } from '../scenario.ts';
import { URL, USUAL } from '../services.ts';
import type { Testbed } from '../testbed.ts';

const REQUESTS = 100;

async function fault(service: string, ...args: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'script/main.mjs'), 'fault', service, ...args]);
}

async function share(testbed: Testbed, status: number): Promise<number> {
  const answers = await testbed.ask('probe', `${URL}/echo`, REQUESTS);
  return answers.filter((answer) => answer.status === status).length;
}

async function seconds(testbed: Testbed): Promise<number> {
  const started = performance.now();
  await testbed.curl('probe', `${URL}/echo`);
  return (performance.now() - started) / 1000;
}

export const FAULTS: readonly Scenario[] = [
  {
    id: 'faults-at-will',
    trait: 'faults',
    expectation:
      '`highlands fault` aborts, delays and kills, live and without a restart, and --clear ends it under any of the service’s names',
    source: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/fault_filter',
    services: USUAL,
    async play(testbed) {
      const before = testbed.taskIds('testbed');
      try {
        // Not a status that is tried again.
        await fault('testbed', '--abort', '418', '--percent', '30');
        await testbed.until('the fault is there', async () => (await share(testbed, 418)) > 0, 10);
        const aborted = await share(testbed, 418);
        // Six standard deviations on both sides: one run in a hundred million is outside.
        expect(aborted >= 3 && aborted <= 57, `${String(aborted)} of ${String(REQUESTS)} with 30 %`);
        const quick = await seconds(testbed);
        await fault('testbed', '--delay', '1s');
        let slow = 0;
        await testbed.until(
          'requests are a second late',
          async () => {
            slow = await seconds(testbed);
            return slow >= 1 && slow > quick;
          },
          10,
        );
        const refusal = await fault(testbed.serviceName('probe'), '--abort', '503').then(() => 'taken', String);
        expect(refusal.includes('has no Service Connect endpoint'), `a fault of a client only: ${refusal}`);
        // By the service's other name: it is the same service.
        await fault(testbed.serviceName('testbed'), '--clear');
        await testbed.until('nothing fails any more', async () => (await share(testbed, 200)) === REQUESTS, 10);
        expect(testbed.taskIds('testbed') === before, 'a task was restarted');
        await fault('testbed', '--kill');
        await testbed.until('another task took its place', () => testbed.taskIds('testbed') !== before);
        await testbed.steady('testbed', 3);
        return `${String(aborted)} of ${String(REQUESTS)} with 30 %; ${slow.toFixed(1)} s with a delay of 1 s; none after --clear, same tasks; a killed one was replaced`;
      } finally {
        await fault('testbed', '--clear');
      }
    },
  },
];
