/** Why targets are unhealthy, as DescribeTargetHealth says it, found by a real Envoy's checks of real servers. */
import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import pWaitFor from 'p-wait-for';
import { TargetHealthWatch } from '../../load-balancers/target-health-watch.ts';
import { CheckLog } from '../../runtime/check-log.ts';
import { CLUSTERS_PATH, healthIn } from '../../runtime/load-balancer-node.ts';
import type { LoadBalancerProcess } from '../../runtime/load-balancer-process.ts';
import { freePort } from '../../testing/envoy.ts';
import { fakePlan, fakeTask, serviceBehind } from '../../testing/fake-task.ts';
import { fakeLoadBalancer } from '../../testing/load-balancer.ts';
import { inTable } from '../../testing/load-balancer-rows.ts';
import { GROUP, loadBalancerStand } from '../../testing/load-balancer-stand.ts';
import { targetGroup } from '../../testing/target-group.ts';
import type { TargetGroup } from '../load-balancer.ts';

afterEach(inTable(import.meta.filename));

/** Ends what would never come, and is no assertion. */
const BOUNDED = { interval: 50, timeout: 60_000 };

/** A server that says this to whoever says something, and nothing without. */
function saying(text: string | undefined): Server {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => text !== undefined && socket.end(text));
  });
  return server.listen(0, '127.0.0.1');
}
const answer = (status: string): string => `HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`;

async function portOf(
  server: { address: () => AddressInfo | string | null; listening: boolean } & NodeJS.EventEmitter,
) {
  if (!server.listening) await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** What is said of the targets at these ports once it is all different from `initial` and from what is not wanted. */
async function reasonsAt(ports: readonly number[], group: TargetGroup, wanted: readonly string[]) {
  const stand = await loadBalancerStand({ ports, unchecked: true, group });
  const log = new CheckLog(stand.checkLog);
  const process = {
    health: async () => [healthIn(await stand.admin(CLUSTERS_PATH))],
    failures: () => log.failures(),
  } as unknown as LoadBalancerProcess;
  const balancer = { ...fakeLoadBalancer({ targetGroups: [group] }) };
  const placed = { loadBalancer: balancer, internetFacing: true, securityGroupIds: [], subnetIds: [] };
  const watch = new TargetHealthWatch({
    ...{ channel: { putTargetHealth: () => Promise.resolve() }, targetGroupArns: () => Promise.resolve([]) },
    ...{ wanted: () => [placed], running: () => [process], lostZones: () => [], onChange: () => undefined },
  });
  const tasks = ports.map((containerPort) => {
    const targets = [{ targetGroupArn: GROUP, containerPort }];
    return fakeTask(
      fakePlan({ id: String(containerPort), address: '127.0.0.1', service: serviceBehind(GROUP), targets }),
    );
  });
  const said = (): string[] =>
    (watch.targets(tasks).get(GROUP) ?? []).map(({ state, reason = '', description = '' }) =>
      [state, reason, description].join(' ').trim(),
    );
  try {
    await pWaitFor(async () => {
      await watch.look();
      return JSON.stringify(said()) === JSON.stringify(wanted);
    }, BOUNDED).catch(() => undefined);
    return said();
  } finally {
    await stand.stop();
  }
}

const quick = { intervalSeconds: 1, timeoutSeconds: 1, unhealthyThreshold: 2 };

test('an unhealthy target has the code that it answered, that it timed out, or that it failed', async () => {
  const servers = [saying(answer('200 OK')), saying(answer('500 Oops')), saying(undefined), saying('no HTTP\r\n\r\n')];
  const usual = targetGroup(GROUP);
  const group = { ...usual, healthCheck: { ...usual.healthCheck, ...quick } };
  try {
    const ports = [...(await Promise.all(servers.map(portOf))), await freePort()];
    const wanted = [
      'healthy',
      'unhealthy Target.ResponseCodeMismatch Health checks failed with these codes: [500]',
      'unhealthy Target.Timeout Request timed out',
      'unhealthy Target.FailedHealthChecks Health checks failed',
      'unhealthy Target.FailedHealthChecks Health checks failed',
    ];
    expect(await reasonsAt(ports, group, wanted)).toEqual(wanted);
  } finally {
    for (const server of servers) server.close();
  }
});

test('an unhealthy target of gRPC has the gRPC status that it answered, or that it failed', async () => {
  const server = createHttp2Server((_, response) => {
    response.writeHead(200, { 'content-type': 'application/grpc', 'grpc-status': '14' }).end();
  }).listen(0, '127.0.0.1');
  const usual = targetGroup(GROUP);
  const healthCheck = { ...usual.healthCheck, ...quick, path: '/shop.Shop/Get', matcher: '0' };
  const group = { ...usual, protocolVersion: 'GRPC' as const, healthCheck };
  try {
    const wanted = [
      'unhealthy Target.ResponseCodeMismatch Health checks failed with these codes: [14]',
      'unhealthy Target.FailedHealthChecks Health checks failed',
    ];
    expect(await reasonsAt([await portOf(server), await freePort()], group, wanted)).toEqual(wanted);
  } finally {
    server.close();
  }
});
