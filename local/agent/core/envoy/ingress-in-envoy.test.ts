import { inTable } from '../../testing/load-balancer-rows.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, serve, type ServingEnvoy } from '../../testing/envoy.ts';
import { rawTarget, sendRaw, type RawTarget } from '../../testing/raw-target.ts';
import { onLoopback, staticConfig } from '../../testing/static-config.ts';
import type { Sidecar } from '../mesh.ts';
import { proxyResources } from './discovery-response.ts';
import { applicationClusters, ingressListeners } from './ingress.ts';

afterEach(inTable(import.meta.filename));

const directory = mkdtempSync(join(tmpdir(), 'ingress-'));
let port: number;
let envoy: ServingEnvoy;
let application: RawTarget;

beforeAll(async () => {
  port = await freePort();
  application = await rawTarget((head) =>
    head.includes('Upgrade: websocket') || head.includes('upgrade: websocket')
      ? 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello'
      : 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
  );
  const own = {
    ...{ discoveryName: 'own', edsName: 'ns.own', tls: false, intercept: true, protocol: 'http' as const },
    ...{ containerPort: application.port, listenerPort: port },
    timeouts: { perRequestSeconds: 10, idleSeconds: 300 },
  };
  const sidecar = { ingress: [own], vpcCidrs: ['10.0.0.0/16'], accessLog: undefined } as Partial<Sidecar> as Sidecar;
  const resources = proxyResources(ingressListeners(sidecar), applicationClusters(sidecar));
  envoy = await serve(onLoopback(staticConfig(resources)), directory);
});
afterAll(async () => {
  application.stop();
  await envoy.stop();
  rmSync(directory, { recursive: true, force: true });
});

const get = (...headers: string[]): string => ['GET / HTTP/1.1', 'Host: web', ...headers, '', ''].join('\r\n');

test('an application behind an HTTPS listener is told https', async () => {
  await sendRaw(port, get('X-Forwarded-For: 203.0.113.7', 'X-Forwarded-Proto: https', 'X-Forwarded-Port: 443'));
  const head = application.heads.at(-1) ?? '';
  expect(head).toMatch(/^x-forwarded-proto: https\r?$/m);
  expect(head).toMatch(/^x-forwarded-port: 443\r?$/m);
  expect(head).toMatch(/^x-forwarded-for: 203\.0\.113\.7,[\d.]+\r?$/m);
});

test('a caller of the mesh that says nothing of its protocol came by http', async () => {
  await sendRaw(port, get());
  expect(application.heads.at(-1)).toMatch(/^x-forwarded-proto: http\r?$/m);
});

test('a WebSocket reaches the application', async () => {
  expect(await sendRaw(port, get('Upgrade: websocket', 'Connection: Upgrade'))).toMatch(/^HTTP\/1\.1 101 [^]*hello$/);
});
