/** Trait 4: graceful retries and timeouts. */
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { clearOrders, readOrders, writeOrders } from '../../front/orders.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, TESTBED, URL, USUAL, WEB } from '../services.ts';
import type { Stage } from '../stage.ts';

const trait = '4 retries and timeouts';
const Count = z.object({ counts: z.object({ requests: z.record(z.string(), z.number()) }) });

/** How often each task of the testbed was asked for a path, asked behind the mesh's back. */
async function attempts(stage: Stage, path: string): Promise<number[]> {
  return Promise.all(
    stage.tasks('testbed').map(async ({ taskId }) => {
      const { body } = await stage.curl(taskId, 'http://127.0.0.1:3000/count');
      return Count.parse(JSON.parse(body)).counts.requests[`GET ${path}`] ?? 0;
    }),
  );
}

async function freshCounts(stage: Stage): Promise<void> {
  for (const { taskId } of stage.tasks('testbed'))
    await stage.curl(taskId, 'http://127.0.0.1:3000/count', '-X', 'DELETE');
}

/** One request, and how many attempts each task saw. */
async function tried(stage: Stage, path: string): Promise<{ status: number; attempts: number[]; text: string }> {
  await freshCounts(stage);
  const { status } = await stage.curl('probe', `${URL}${path}`);
  const seen = await attempts(stage, path.split('?')[0] ?? path);
  return { status, attempts: seen, text: `${String(status)}, attempts by task: ${seen.join(', ')}` };
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Calls grpc.health.v1.Health/Check with HTTP/2 frames of Node's own client, and prints grpc-status and the instance. */
const GRPC_CHECK = `
import { connect } from 'node:http2';
const [, authority, service] = process.argv;
const name = Buffer.from(service);
const message = Buffer.concat([Buffer.from([0x0a, name.length]), name]);
const frame = Buffer.concat([Buffer.from([0]), Buffer.from([0, 0, 0, message.length]), message]);
const session = connect(authority);
const call = session.request({ ':method': 'POST', ':path': '/grpc.health.v1.Health/Check', 'content-type': 'application/grpc', te: 'trailers' });
let status; let instance = '';
call.on('response', (headers) => { status ??= headers['grpc-status']; instance = headers['x-instance'] ?? ''; });
call.on('trailers', (headers) => { status = headers['grpc-status']; });
call.on('data', () => undefined);
call.on('end', () => { console.log(status, instance); session.close(); });
call.on('error', (error) => { console.log('error', error.code); process.exit(1); });
call.end(frame);
setTimeout(() => process.exit(1), 10000).unref();
`;

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

export const RETRIES_AND_TIMEOUTS: readonly Scenario[] = [
  {
    id: '503-and-reset-are-retried',
    trait,
    expectation: 'a 503 and a reset are tried again twice, each time on another host',
    source: AWS.appMesh,
    services: USUAL,
    async play(stage) {
      const unavailable = await tried(stage, '/status/503');
      expect(unavailable.attempts.join() === '1,1,1' && unavailable.status === 503, `503: ${unavailable.text}`);
      await stage.ask('probe', `${URL}/echo`, 12); // nobody is ejected for what it was asked to do
      const reset = await tried(stage, '/reset');
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
    async play(stage) {
      const seen = await tried(stage, '/status/500');
      expect(seen.status === 500 && total(seen.attempts) === 1, seen.text);
      return seen.text;
    },
  },
  {
    id: '504-at-the-request-timeout',
    trait,
    expectation: 'a request ends with 504 at perRequestTimeout (2 s here) and is not tried again',
    source: AWS.deploy,
    services: USUAL,
    async play(stage) {
      const seen = await tried(stage, '/hang');
      expect(seen.status === 504 && total(seen.attempts) === 1, seen.text);
      return seen.text;
    },
  },
  {
    id: 'timeouts-turned-off',
    trait,
    expectation: 'perRequestTimeout 0 turns the limit off',
    source: AWS.deploy,
    services: [{ ...TESTBED, ports: [{ ...WEB, perRequestSeconds: 0 }], environment: {} }, PROBE],
    async play(stage) {
      const seen = await stage.curl('probe', `${URL}/delay/4000`);
      expect(seen.status === 200, `after 4 s: ${String(seen.status)}`);
      return '200 after 4 s, where 2 s gave 504';
    },
  },
  {
    id: 'idle-timeout',
    trait,
    expectation: 'idleTimeout of a TCP port (2 s here) closes a silent connection',
    source: AWS.deploy,
    services: USUAL,
    async play(stage) {
      const { stdout } = await stage.node('probe', IDLE, 'testbed', '9002');
      expect(Number(stdout) >= 1.9, stdout);
      return `closed after ${stdout.trim()} s`;
    },
  },
  {
    id: 'http2-and-grpc',
    trait,
    expectation:
      'appProtocol http2 and grpc are HTTP/2 to the application; gRPC UNAVAILABLE is tried again on another host',
    source: AWS.deploy,
    services: USUAL,
    async play(stage) {
      const h2 = await stage.curl('probe', 'http://testbed-h2:9010/echo', '--http2-prior-knowledge');
      const version = z.object({ httpVersion: z.string() }).parse(JSON.parse(h2.body)).httpVersion;
      expect(
        h2.httpVersion === '2' && version.includes('2'),
        `HTTP/2: ${h2.httpVersion} to the proxy, ${version} to the application`,
      );
      const serving = await stage.node('probe', GRPC_CHECK, 'http://testbed:9001', 'any');
      expect(serving.stdout.startsWith('0 '), `Check: ${serving.stdout}`);
      // Each task says UNAVAILABLE to the first call of a name: the third attempt is the third task's first.
      const first = await stage.node('probe', GRPC_CHECK, 'http://testbed:9001', 'unavailable:1:k');
      const second = await stage.node('probe', GRPC_CHECK, 'http://testbed:9001', 'unavailable:1:k');
      expect(
        first.stdout.startsWith('14') && second.stdout.startsWith('0 '),
        `UNAVAILABLE once by each task: ${first.stdout.trim()}, then ${second.stdout.trim()}`,
      );
      return `HTTP/2 end to end; gRPC Check 0; three tasks UNAVAILABLE once each: status 14 after three attempts, then 0`;
    },
  },
  {
    id: 'outlier-ejection',
    trait,
    expectation:
      'after 5 failures a host is avoided, and comes back after the ejection time (shortened from 30 s to 3 s)',
    source: AWS.deploy,
    services: USUAL,
    async play(stage) {
      const [victim] = stage.tasks('testbed');
      const [client] = stage.tasks('probe');
      expect(victim !== undefined && client !== undefined, 'no tasks');
      try {
        const faults = { [victim.taskId]: { abort: { status: 500, percent: 100 }, delay: undefined } };
        writeOrders({ ...readOrders(), faults, ejectionSeconds: 3 });
        await setTimeout(500);
        const asked = await stage.ask(client.taskId, `${URL}/echo`, 40);
        const failures = asked.filter(({ status }) => status === 500).length;
        writeOrders({ ...readOrders(), faults: {} });
        expect(failures >= 5 && failures <= 10, `${String(failures)} of 40 requests reached a host that always fails`);
        await stage.until('the host is asked again', async () => {
          const { instance } = await stage.curl(victim.taskId, 'http://127.0.0.1:3000/count');
          return (await stage.ask(client.taskId, `${URL}/echo`, 6)).some((answer) => answer.instance === instance);
        });
        return `${String(failures)} of 40 requests failed before it was avoided; later it answers again`;
      } finally {
        clearOrders();
      }
    },
  },
  {
    id: 'own-timeouts-inside-the-mesh',
    trait,
    expectation: 'service-b gives up before the mesh does, and says whose fault it is',
    source: AWS.deploy,
    services: USUAL,
    async play(stage) {
      try {
        writeOrders({
          ...readOrders(),
          faults: { 'service-a': { abort: undefined, delay: { milliseconds: 12_000, percent: 100 } } },
        });
        await setTimeout(500);
        const [task] = stage.tasks('service-b');
        const answer = await stage.curl(task?.taskId ?? '', 'http://service-b:8082/?name=x');
        const problem = z.object({ status: z.number(), upstream: z.string() }).parse(JSON.parse(answer.body));
        expect(answer.status === 504 && problem.upstream === 'service-a', `${String(answer.status)} ${answer.body}`);
        return `504 by service-b itself, upstream ${problem.upstream}`;
      } finally {
        clearOrders();
      }
    },
  },
];
