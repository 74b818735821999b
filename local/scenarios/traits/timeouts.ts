/** Trait 4: how long anybody waits. */
import { z } from 'zod';
import { answeredOnce } from '../attempts.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, URL, USUAL } from '../services.ts';

const trait = '4 retries and timeouts';
/** Longer than every limit on the way. */
const SLOW_MS = 12_000;
/** Longer than the 15 s of a template that says nothing, shorter than curl waits. */
const BEYOND_DEFAULT_MS = 16_000;

/** Says hello, then stays silent, and prints after how many seconds the other side closed. */
const IDLE = `
import { connect } from 'node:net';
const [, host, port] = process.argv;
const started = Date.now();
const socket = connect(Number(port), host, () => socket.write('hello\\n'));
socket.on('data', () => undefined);
socket.on('close', () => { console.log(((Date.now() - started) / 1000).toFixed(1)); process.exit(0); });
socket.on('error', () => undefined);
setTimeout(() => { console.log('open'); process.exit(0); }, 8000);
`;

export const TIMEOUTS: readonly Scenario[] = [
  {
    id: '504-at-the-request-timeout',
    trait,
    expectation: 'a request ends with 504 at perRequestTimeout (2 s here) and is not tried again',
    source: AWS.deploy,
    services: USUAL,
    play: (testbed) => answeredOnce(testbed, '/hang', 504),
  },
  {
    id: 'timeouts-turned-off',
    trait,
    expectation: 'perRequestTimeout 0 turns the limit off: also the default of 15 s',
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const ask = (url: string) => testbed.curl('probe', `${url}/delay/${String(BEYOND_DEFAULT_MS)}`);
      const [limited, free] = await Promise.all([ask(URL), ask('http://testbed-h2:9010')]);
      const seen = `after ${String(BEYOND_DEFAULT_MS / 1000)} s with 0: ${String(free.status)}; with 2 s: ${String(limited.status)}`;
      expect(free.status === 200 && limited.status === 504, seen);
      return seen;
    },
  },
  {
    id: 'idle-timeout',
    trait,
    expectation: 'idleTimeout of a TCP port (2 s here) closes a silent connection',
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const { stdout } = await testbed.node('probe', IDLE, 'testbed', '9002');
      expect(Number(stdout) >= 1.9, stdout);
      return `closed after ${stdout.trim()} s`;
    },
  },
  {
    id: 'idle-timeout-of-http',
    trait,
    expectation:
      'idleTimeout of an HTTP port (2 s here) ends a request on which nothing moves, though it has no other limit',
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const silent = await testbed.curl('probe', 'http://testbed-idle:9020/delay/4000');
      const lively = await testbed.curl('probe', 'http://testbed-idle:9020/delay/500');
      const seen = `silent for 4 s: ${String(silent.status)}, for 0.5 s: ${String(lively.status)}`;
      expect(silent.status === 504 && lively.status === 200, seen);
      return seen;
    },
  },
  {
    id: 'own-timeouts-inside-the-mesh',
    trait,
    expectation: 'service-b gives up before the mesh does, and says whose fault it is',
    source: AWS.deploy,
    services: USUAL,
    play: (testbed) =>
      testbed.whileSlow('service-a', SLOW_MS, async () => {
        const { address } = await testbed.loadBalancer();
        const answer = await testbed.curl('internet', `http://${address}/?name=x`);
        const problem = z.object({ status: z.number(), upstream: z.string() }).parse(JSON.parse(answer.body));
        expect(answer.status === 504 && problem.upstream === 'service-a', `${String(answer.status)} ${answer.body}`);
        return `504 by service-b itself, upstream ${problem.upstream}`;
      }),
  },
  {
    id: 'deadline-passed-on',
    trait,
    expectation: 'service-b waits for service-a no longer than its own caller waits for it',
    source: AWS.deploy,
    services: USUAL,
    play: (testbed) =>
      testbed.whileSlow('service-a', SLOW_MS, async () => {
        const { address } = await testbed.loadBalancer();
        const ask = async (...options: string[]): Promise<{ status: number; seconds: number }> => {
          const started = performance.now();
          const { status } = await testbed.curl('internet', `http://${address}/?name=x`, ...options);
          return { status, seconds: (performance.now() - started) / 1000 };
        };
        const [patient, hurried] = await Promise.all([ask(), ask('-H', 'x-request-timeout-ms: 1500')]);
        const seen = `its own limit: ${String(patient.status)} after ${patient.seconds.toFixed(1)} s; a caller that waits 1.5 s: ${String(hurried.status)} after ${hurried.seconds.toFixed(1)} s`;
        expect(hurried.status === 504 && hurried.seconds < patient.seconds / 2, seen);
        return seen;
      }),
  },
];
