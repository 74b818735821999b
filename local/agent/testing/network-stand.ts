/** A Network Load Balancer of ours in a real Envoy, with targets that say who they are and what they got. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NetworkProtocol } from '../../aws-shapes/load-balancer.ts';
import { USUAL_NETWORK_GROUP, type NetworkGroupAttributes } from '../../aws-shapes/network-attributes.ts';
import { edsFileName, zoneEdsName } from '../core/eds-names.ts';
import { endpointsResource } from '../core/envoy/endpoints.ts';
import { loadBalancerResources } from '../core/envoy/load-balancer.ts';
import { certificateFile, certificateSecret } from '../core/envoy/tls.ts';
import type { HealthCheck, NetworkListener, TargetGroup } from '../core/load-balancer.ts';
import { freePort, serve } from './envoy.ts';
import { fakeLoadBalancer } from './load-balancer.ts';
import { onLoopback, staticConfig } from './static-config.ts';
import { targetGroup } from './target-group.ts';

export interface NetworkStandOptions {
  readonly protocol: NetworkProtocol;
  /** Of the target group, where it is another one. */
  readonly groupProtocol?: NetworkProtocol;
  readonly listener?: Partial<NetworkListener>;
  readonly attributes?: Partial<NetworkGroupAttributes>;
  readonly check?: Partial<HealthCheck>;
  /** The zone of each target; nodes have the targets of zone a alone where zones are apart. */
  readonly zones?: readonly string[];
  readonly zonesApart?: boolean;
  /** Shares of two groups with one target each, in the place of one group. */
  readonly weights?: readonly [number, number];
}

/** A target by TCP and by UDP at one port: it answers with its index, and keeps what it got. */
async function target(index: number) {
  const got: Buffer[] = [];
  const open = new Set<Socket>();
  const tcp = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      got.push(bytes);
      socket.write(String(index));
    });
  }).listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp: UdpSocket = createSocket('udp4');
  udp.on('message', (bytes, from) => {
    got.push(bytes);
    udp.send(String(index), from.port, from.address);
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  const refuse = (): void => {
    tcp.close();
    for (const socket of open) socket.resume();
  };
  const stop = (): void => {
    for (const socket of open) socket.destroy();
    if (tcp.listening) tcp.close();
    udp.close();
  };
  return { port, got, refuse, stop };
}

const arnOf = (name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/${name}/0123456789abcdef`;

export async function networkStand({
  protocol,
  groupProtocol = protocol === 'TLS' ? 'TCP' : protocol,
  listener = {},
  attributes = {},
  check = {},
  zones = ['a'],
  zonesApart = false,
  weights,
}: NetworkStandOptions) {
  const directory = mkdtempSync(join(tmpdir(), 'nlb-'));
  const targets = await Promise.all((weights ?? zones).map((_, index) => target(index)));
  const names = weights === undefined ? ['stand'] : ['stand0', 'stand1'];
  const groups: TargetGroup[] = names.map((name) => {
    const usual = targetGroup(arnOf(name));
    return {
      ...usual,
      protocol: groupProtocol,
      zonesApart,
      network: { ...USUAL_NETWORK_GROUP, ...attributes },
      healthCheck: { ...usual.healthCheck, protocol: 'TCP', intervalSeconds: 1, timeoutSeconds: 1, ...check },
    };
  });
  groups.forEach(({ edsName }, group) => {
    const backends = targets.flatMap(({ port }, index) =>
      weights !== undefined && index !== group
        ? []
        : [{ address: '127.0.0.1', port, zone: zones[index] ?? 'a', tls: false, healthCheckPort: port }],
    );
    for (const [name, own] of [
      [edsName, backends],
      [zoneEdsName(edsName, 'a'), backends.filter(({ zone }) => zone === 'a')],
    ] as const) {
      const file = join(directory, edsFileName(name));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(endpointsResource(name, own, 'r')));
    }
  });
  const tls =
    protocol === 'TLS'
      ? ({ secretName: 'listener.stand', names: ['localhost'], minimum: '1.2', maximum: '1.3' } as const)
      : undefined;
  if (tls !== undefined) {
    const { TEST_CERTIFICATE } = await import('./certificate.ts');
    const { certificate, privateKey } = TEST_CERTIFICATE;
    const secret = certificateSecret(tls.secretName, certificate, privateKey);
    writeFileSync(join(directory, certificateFile(tls.secretName)), JSON.stringify(secret));
  }
  const port = await freePort();
  const forwarded = groups.map(({ arn }, index) => ({ arn, weight: weights?.[index] ?? 1 }));
  const rule = {
    ...{ arn: 'arn:rule', priority: undefined, conditions: [] },
    action: { type: 'forward', targetGroups: forwarded } as const,
  };
  const balancer = fakeLoadBalancer({
    ...{ type: 'network', edsDirectory: directory, tlsDirectory: directory, targetGroups: groups },
    listeners: [{ port, protocol, tls, network: { idleSeconds: 350, alpn: [], ...listener }, rules: [rule] }],
  });
  const fail = (resource: string, message: string): never => {
    throw new Error(`${resource}: ${message}`);
  };
  const resources = loadBalancerResources(balancer, new Map(), fail, undefined, 'a');
  const envoy = await serve({ ...onLoopback(staticConfig(resources)) }, directory);
  const stop = async (): Promise<void> => {
    await envoy.stop();
    for (const one of targets) one.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { port, targets, admin: envoy.admin, stop };
}

export type NetworkStand = Awaited<ReturnType<typeof networkStand>>;
