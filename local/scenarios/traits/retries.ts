/** Trait 4: what is tried again, and who is left alone. */
import { changeOrders, clearOrders } from '../../region/orders.ts';
import { answeredOnce, tried } from '../attempts.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, URL, USUAL } from '../services.ts';

const trait = '4 retries and timeouts';
/** Shortened from 30 s. */
const EJECTION_SECONDS = 3;
/** A failure that is not tried again. */
const FAILURE = 500;

export const RETRIES: readonly Scenario[] = [
  {
    id: '503-and-reset-are-retried',
    trait,
    expectation: 'a 503 and a reset are tried again twice, each time on another host',
    source: AWS.appMesh,
    services: USUAL,
    async play(testbed) {
      const unavailable = await tried(testbed, '/status/503');
      expect(unavailable.attempts.join() === '1,1,1' && unavailable.status === 503, `503: ${unavailable.text}`);
      await testbed.ask('probe', `${URL}/echo`, 12); // nobody is ejected for what it was asked to do
      const reset = await tried(testbed, '/reset');
      expect(reset.attempts.join() === '1,1,1', `reset: ${reset.text}`);
      return `503: ${unavailable.text}; reset: ${reset.text}`;
    },
  },
  {
    id: '500-is-not-retried',
    trait,
    expectation: 'a 500 is not tried again: the application has said what it has to say',
    source: AWS.appMesh,
    services: USUAL,
    play: (testbed) => answeredOnce(testbed, '/status/500', 500),
  },
  {
    id: 'outlier-ejection',
    trait,
    expectation: `after 5 failures a host is avoided, and comes back after the ejection time (shortened from 30 s to ${String(EJECTION_SECONDS)} s)`,
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const [victim] = testbed.tasks('testbed');
      const [client] = testbed.tasks('probe');
      expect(victim !== undefined && client !== undefined, 'no tasks');
      try {
        const faults = { [victim.taskId]: { abort: { status: FAILURE, percent: 100 }, delay: undefined } };
        // What others asked for before must not count: an answer ends a row of failures.
        await testbed.ask(client.taskId, `${URL}/echo`, 12);
        await changeOrders((orders) => ({ ...orders, faults, ejectionSeconds: EJECTION_SECONDS }));
        await testbed.untilRuntime('ejections are short', [client], 1000 * EJECTION_SECONDS);
        await testbed.untilRuntime('the host fails', [victim], FAILURE);
        const asked = await testbed.ask(client.taskId, `${URL}/echo`, 40);
        const failures = asked.filter(({ status }) => status === FAILURE).length;
        await changeOrders((orders) => ({ ...orders, faults: {} }));
        expect(failures >= 5 && failures <= 10, `${String(failures)} of 40 requests reached a host that always fails`);
        await testbed.until('the host is asked again', async () => {
          const { instance } = await testbed.curl(victim.taskId, 'http://127.0.0.1:3000/count');
          return (await testbed.ask(client.taskId, `${URL}/echo`, 6)).some((answer) => answer.instance === instance);
        });
        return `${String(failures)} of 40 requests failed before it was avoided; later it answers again`;
      } finally {
        await clearOrders();
      }
    },
  },
];
