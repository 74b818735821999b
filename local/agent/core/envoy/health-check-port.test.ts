import { inTable } from '../../testing/load-balancer-rows.ts';
import { USUAL_TARGET_GROUP } from '../../../aws-shapes/target-group-attributes.ts';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { envoyPath } from '../../../region/paths.ts';
import { askSocket } from '../../../region/socket-http.ts';
import { fakeLoadBalancer } from '../../testing/load-balancer.ts';
import { staticConfig } from '../../testing/static-config.ts';
import { edsFileName } from '../eds-names.ts';
import { endpointsResource } from './endpoints.ts';
import { loadBalancerResources } from './load-balancer.ts';
import { adminOn } from './common.ts';

afterEach(inTable(import.meta.filename));

/** A server that answers every path with one status, and remembers the paths. */
async function server(status: number) {
  const asked: (string | undefined)[] = [];
  const it: Server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(it, 'listening');
  return { it, asked, port: (it.address() as AddressInfo).port };
}

const balancer = (edsDirectory: string) =>
  fakeLoadBalancer({
    edsDirectory,
    tlsDirectory: edsDirectory,
    targetGroups: [
      {
        ...{
          arn: 'arn:1',
          edsName: 'tg.1',
          protocol: 'HTTP',
          protocolVersion: 'HTTP1',
          attributes: USUAL_TARGET_GROUP,
        },
        healthCheck: {
          ...{ protocol: 'HTTP', path: '/well', port: undefined, matcher: '204' },
          ...{ intervalSeconds: 5, timeoutSeconds: 2, healthyThreshold: 2, unhealthyThreshold: 2 },
        },
      },
    ],
  });

test('Envoy checks a target at the port and path of its group, by its codes, and nowhere else', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'envoy-check-'));
  const [target, health] = [await server(500), await server(204)];
  const file = join(directory, edsFileName('tg.1'));
  const backend = { address: '127.0.0.1', port: target.port, zone: 'a', tls: false, healthCheckPort: health.port };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(endpointsResource('tg.1', [backend], 'r')));
  const config = {
    ...staticConfig(loadBalancerResources(balancer(directory), new Map(), () => undefined)),
    admin: adminOn('@admin'),
  };
  const socketPath = join(directory, 'admin');
  writeFileSync(join(directory, 'envoy.json'), JSON.stringify(config).replace('@admin', socketPath));
  const options = ['-c', join(directory, 'envoy.json'), '--disable-hot-restart', '-l', 'off', '--concurrency', '1'];
  const envoy = spawn(envoyPath(), options, { stdio: 'ignore' });
  const ended = once(envoy, 'exit');
  try {
    const clusters = (): Promise<string> =>
      askSocket({ socketPath, path: '/clusters', timeout: 30_000 }, 'Envoy does not answer').then(
        ({ body }) => body,
        () => '',
      );
    const healthy = `127.0.0.1:${String(target.port)}::health_flags::healthy`;
    while (!(await clusters()).includes(healthy)) await setTimeout(50);
    expect(health.asked).toContain('/well');
    expect(target.asked).toEqual([]);
  } finally {
    envoy.kill('SIGKILL');
    await ended;
    for (const { it } of [target, health]) it.close();
    rmSync(directory, { recursive: true });
  }
});
