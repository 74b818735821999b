/** Trait 4: the protocols of appProtocol. */
import { z } from 'zod';
import { total } from '../attempts.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, USUAL } from '../services.ts';

const trait = '4 retries and timeouts';

/** In the proxy of the caller. */
const FAILURES = 'cluster.testbed-grpc.grpc.failure';

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

export const PROTOCOLS: readonly Scenario[] = [
  {
    id: 'http2-and-grpc',
    trait,
    expectation:
      'appProtocol http2 and grpc are HTTP/2 to the application; gRPC UNAVAILABLE is tried again on another host, and a call that fails all the same is counted, although its HTTP status is 200',
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const h2 = await testbed.curl('probe', 'http://testbed-h2:9010/echo', '--http2-prior-knowledge');
      const version = z.object({ httpVersion: z.string() }).parse(JSON.parse(h2.body)).httpVersion;
      expect(
        h2.httpVersion === '2' && version.includes('2'),
        `HTTP/2: ${h2.httpVersion} to the proxy, ${version} to the application`,
      );
      const serving = await testbed.node('probe', GRPC_CHECK, 'http://testbed:9001', 'any');
      expect(serving.stdout.startsWith('0 '), `Check: ${serving.stdout}`);
      const failures = async (): Promise<number> =>
        total(await Promise.all(testbed.tasks('probe').map((task) => testbed.counter(task, FAILURES))));
      const failedBefore = await failures();
      // Each task says UNAVAILABLE to the first call of a name: the third attempt is the third task's first.
      const first = await testbed.node('probe', GRPC_CHECK, 'http://testbed:9001', 'unavailable:1:k');
      const second = await testbed.node('probe', GRPC_CHECK, 'http://testbed:9001', 'unavailable:1:k');
      expect(
        first.stdout.startsWith('14') && second.stdout.startsWith('0 '),
        `UNAVAILABLE once by each task: ${first.stdout.trim()}, then ${second.stdout.trim()}`,
      );
      const failed = (await failures()) - failedBefore;
      expect(failed === 1, `${String(failed)} failed calls were counted, one failed`);
      return `HTTP/2 end to end; gRPC Check 0; three tasks UNAVAILABLE once each: status 14 after three attempts, counted as one failure, then 0`;
    },
  },
];
