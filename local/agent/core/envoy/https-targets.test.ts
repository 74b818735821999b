/** Targets and health checks of HTTPS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import pWaitFor from 'p-wait-for';
import { TEST_CERTIFICATE } from '../../testing/certificate.ts';
import { inTable } from '../../testing/load-balancer-rows.ts';
import { GROUP, loadBalancerStand } from '../../testing/load-balancer-stand.ts';
import { targetGroup } from '../../testing/target-group.ts';
import type { TargetGroup } from '../load-balancer.ts';

afterEach(inTable(import.meta.filename));

/** Ends what would never come, and is no assertion. */
const BOUNDED = { interval: 20, timeout: 60_000 };
const { certificate: cert, privateKey: key } = TEST_CERTIFICATE;

/** A server that keeps the paths that it is asked for. */
async function server(tls: boolean) {
  const asked: (string | undefined)[] = [];
  const answer: RequestListener = ({ url }, response) => {
    asked.push(url);
    response.end(tls ? 'by tls' : 'plain');
  };
  const it = tls ? createHttpsServer({ cert, key }, answer) : createHttpServer(answer);
  it.listen(0, '127.0.0.1');
  await once(it, 'listening');
  return { port: (it.address() as AddressInfo).port, asked, stop: () => it.close() };
}

/** What a client is answered once the target of a group is healthy. */
async function answered(port: number, group: Partial<TargetGroup>, healthCheckPort?: number): Promise<string> {
  const checks = healthCheckPort === undefined ? {} : { healthCheckPort };
  const stand = await loadBalancerStand({ ports: [port], group, ...checks });
  try {
    await pWaitFor(async () => (await stand.admin('/clusters')).includes('health_flags::healthy'), BOUNDED);
    return await stand.send('GET /asked HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 20_000);
  } finally {
    await stand.stop();
  }
}

const checked = (protocol: 'HTTP' | 'HTTPS') => ({ ...targetGroup(GROUP).healthCheck, protocol, path: '/up' });

test('targets of HTTPS are checked and asked by TLS, whose certificate is not checked', async () => {
  const target = await server(true);
  const said = await answered(target.port, { protocol: 'HTTPS', healthCheck: checked('HTTPS') });
  target.stop();
  expect(said).toMatch(/^HTTP\/1\.1 200 [^]*by tls/);
  expect(target.asked).toEqual(expect.arrayContaining(['/up', '/asked']));
});

test('a target of HTTP is checked by HTTPS at another port, where its group says so', async () => {
  const [target, health] = [await server(false), await server(true)];
  const said = await answered(target.port, { healthCheck: checked('HTTPS') }, health.port);
  target.stop();
  health.stop();
  expect(said).toMatch(/^HTTP\/1\.1 200 [^]*plain/);
  expect(target.asked).toEqual(['/asked']);
  expect(new Set(health.asked)).toEqual(new Set(['/up']));
});
