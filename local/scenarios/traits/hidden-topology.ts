/** Trait 2: who serves, and where, is nobody's business. */
import { setTimeout } from 'node:timers/promises';
import { attempts, freshCounts } from '../attempts.ts';
import { allWell, LOAD } from '../steady-load.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, USUAL } from '../services.ts';

const trait = '2 hidden topology';
/** A second less than the request timeout of the testbed: what is in flight has that much to spare. */
const SLOW_PATH = '/delay/1000';
/** In the proxy of the caller: connections that were refused, and retries that led to an answer. */
const REFUSED = 'cluster.testbed.upstream_cx_connect_fail';
const RETRIED = 'cluster.testbed.upstream_rq_retry_success';

export const HIDDEN_TOPOLOGY: readonly Scenario[] = [
  {
    id: 'scale-out-and-in',
    trait,
    expectation: 'tasks come and go under load: no failed request, no restart of a neighbour',
    source: AWS.lifecycle,
    services: USUAL,
    async play(testbed) {
      const before = testbed.taskIds('probe');
      const loading = testbed.load('probe', { ...LOAD, duration: 8 });
      await testbed.scale('testbed', 5);
      await testbed.scale('testbed', 2);
      await testbed.scale('testbed', 3);
      const result = await loading;
      expect(testbed.taskIds('probe') === before, 'the client was restarted');
      return allWell(result, 'over 3, 5, 2 and 3 tasks');
    },
  },
  {
    id: 'drain',
    trait,
    expectation:
      'scale in closes the ingress of the proxy first; what is in flight is finished, and only then the application stops',
    source: AWS.drain,
    services: USUAL,
    async play(testbed) {
      const tasks = testbed.tasks('testbed');
      // One for each task, by its own address: whichever goes has one in flight.
      await freshCounts(testbed);
      const slow = tasks.map(({ address }) => testbed.curl('probe', `http://${address}:3000${SLOW_PATH}`));
      await testbed.until('each task has a request in flight', async () =>
        (await attempts(testbed, SLOW_PATH)).every((count) => count === 1),
      );
      const scaled = testbed.scale('testbed', 2);
      let refused = '';
      await testbed.until('one of the tasks takes no new connection', async () => {
        const answers = await Promise.all(
          tasks.map(({ address }) => testbed.curl('probe', `http://${address}:3000/echo`, '-m', '1')),
        );
        refused = answers.map(({ status }) => String(status)).join(', ');
        return answers.filter(({ status }) => status === 0).length === 1;
      });
      const statuses = (await Promise.all(slow)).map(({ status }) => status);
      await scaled;
      await testbed.scale('testbed', 3);
      const seen = `new connections meanwhile: ${refused}; requests in flight: ${statuses.join(', ')}`;
      expect(
        statuses.every((status) => status === 200),
        seen,
      );
      return seen;
    },
  },
  {
    id: 'killed-task',
    trait,
    expectation: 'an application that is killed with -9 costs no request: the proxy tries another host',
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const [victim] = testbed.tasks('testbed');
      const pid = victim?.containers['app'];
      expect(victim !== undefined && pid !== undefined, 'no task to kill');
      const loading = testbed.load('probe', { ...LOAD, duration: 4 });
      await setTimeout(1_000);
      await testbed.inAgent(['kill', '-9', String(pid)]);
      const result = await loading;
      await testbed.steady('testbed', 3);
      expect(
        testbed.tasks('testbed').every(({ taskId }) => taskId !== victim.taskId),
        'the task was not replaced',
      );
      return allWell(result, 'a new task took its place');
    },
  },
  {
    id: 'killed-proxy',
    trait,
    expectation: 'a proxy that is killed with -9 costs no request: connect failures are tried on another host',
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const [victim] = testbed.tasks('testbed');
      expect(victim !== undefined, 'no task to kill');
      const [client] = testbed.tasks('probe');
      expect(client !== undefined, 'no client');
      const counts = (): Promise<number[]> =>
        Promise.all([testbed.counter(client, REFUSED), testbed.counter(client, RETRIED)]);
      const [refusedBefore = 0, retriedBefore = 0] = await counts();
      // Goes on long after the kill: only a request that meets the dead proxy can be refused.
      const loading = testbed.load('probe', { ...LOAD, duration: 10 });
      await setTimeout(1_000);
      // Else the agent may take the address away before any request meets it.
      await testbed.unnoticed(async () => {
        const { stdout } = await testbed.inAgent(['pgrep', '-f', `task/${victim.taskId}/envoy.json`]);
        for (const pid of stdout.trim().split('\n')) await testbed.inAgent(['kill', '-9', pid]);
        await testbed.until('a connection is refused', async () => (await counts())[0] !== refusedBefore);
      });
      const result = await loading;
      await testbed.steady('testbed', 3);
      const [refused = 0, retried = 0] = await counts();
      expect(retried > retriedBefore, 'no request was tried again');
      const seen = `${String(refused - refusedBefore)} connections refused, ${String(retried - retriedBefore)} requests tried again with success`;
      return allWell(result, `${seen}; a new task took its place`);
    },
  },
];
