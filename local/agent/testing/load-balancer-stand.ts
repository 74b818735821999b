/** A load balancer of ours in a real Envoy, with a target that keeps every byte it gets. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { USUAL_ATTRIBUTES, type BalancerAttributes } from '../../aws-shapes/load-balancer-attributes.ts';
import type { Rule } from '../../aws-shapes/listener-rule.ts';
import { edsFileName } from '../core/eds-names.ts';
import { endpointsResource } from '../core/envoy/endpoints.ts';
import { GRPC_CHECK_ADDRESS } from '../core/envoy/grpc-checks.ts';
import { loadBalancerResources } from '../core/envoy/load-balancer.ts';
import { certificateFile, certificateSecret } from '../core/envoy/tls.ts';
import type { ListenerTls } from '../core/listener-tls.ts';
import type { TargetGroup } from '../core/load-balancer.ts';
import { freePort, serve } from './envoy.ts';
import { fakeLoadBalancer } from './load-balancer.ts';
import { rawTarget, sendRaw, type Answering } from './raw-target.ts';
import { onLoopback, staticConfig } from './static-config.ts';
import { targetGroup } from './target-group.ts';

export const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/stand/0123456789abcdef';

export interface Stand {
  readonly port: number;
  /** What its checks have found. */
  readonly checkLog: string;
  readonly admin: (path: string) => Promise<string>;
  /** Of each request to the first target but the checks, as it came: request line and headers. */
  readonly heads: readonly string[];
  /** The same of the checks. */
  readonly checks: readonly string[];
  /**
   * Sends bytes, and resolves with what came until the other side closed or nothing more came for a while.
   *
   * @param quietMs how long nothing may come, where none may be the answer
   */
  readonly send: (bytes: string, quietMs?: number) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface StandOptions {
  readonly answer?: Answering;
  readonly attributes?: Partial<BalancerAttributes>;
  readonly group?: Partial<TargetGroup>;
  /** Other groups with the same targets. */
  readonly others?: readonly TargetGroup[];
  /** Instead of one that forwards everything to the group. */
  readonly rules?: readonly Rule[];
  /** With a listener of HTTPS. */
  readonly tls?: boolean;
  /** Instead of targets of its own, where somebody else listens. */
  readonly ports?: readonly number[];
  /** Where targets are checked, instead of where they get requests. */
  readonly healthCheckPort?: number;
  /** Whether to go on before a target was checked. */
  readonly unchecked?: boolean;
  /** Changes the text of the configuration, as for times that nobody waits for. */
  readonly rewrite?: (configuration: string) => string;
  /** How many targets there are; each answers as it is told, with its index. */
  readonly targets?: number;
}

const TLS: ListenerTls = { secretName: 'listener.stand', names: ['localhost'], minimum: '1.2', maximum: '1.3' };

export async function loadBalancerStand({
  answer,
  attributes = {},
  group,
  targets: count = 1,
  others = [],
  rules,
  tls = false,
  ports,
  healthCheckPort,
  unchecked = false,
  rewrite = (text) => text,
}: StandOptions = {}): Promise<Stand> {
  const directory = mkdtempSync(join(tmpdir(), 'stand-'));
  const targets = await Promise.all(
    Array.from({ length: ports === undefined ? count : 0 }, (_, index) => rawTarget(answer, index)),
  );
  const tested: TargetGroup = { ...targetGroup(GROUP), ...group };
  const relayPort = await freePort();
  for (const { edsName, protocolVersion } of [tested, ...others]) {
    const backends = (ports ?? targets.map(({ port: own }) => own)).map((own) => ({
      ...{ address: '127.0.0.1', port: own, zone: 'a', tls: false, healthCheckPort: healthCheckPort ?? own },
      relayedCheck: protocolVersion === 'GRPC',
    }));
    const file = join(directory, edsFileName(edsName));
    mkdirSync(dirname(file), { recursive: true });
    const text = JSON.stringify(endpointsResource(edsName, backends, 'r'));
    writeFileSync(
      file,
      text.replaceAll(`"port_value":${String(GRPC_CHECK_ADDRESS.port)}`, `"port_value":${String(relayPort)}`),
    );
  }
  const checkLog = join(directory, 'checks.log');
  if (tls) {
    // It is made by a program of its own, which stands without TLS do without.
    const { TEST_CERTIFICATE } = await import('./certificate.ts');
    const { certificate, privateKey } = TEST_CERTIFICATE;
    writeFileSync(
      join(directory, certificateFile(TLS.secretName)),
      JSON.stringify(certificateSecret(TLS.secretName, certificate, privateKey)),
    );
  }
  const port = await freePort();
  const rule = {
    ...{ arn: 'arn:rule', priority: undefined, conditions: [] },
    action: { type: 'forward', targetGroups: [{ arn: GROUP, weight: 1 }] } as const,
  };
  const resources = loadBalancerResources(
    fakeLoadBalancer({
      ...{ attributes: { ...USUAL_ATTRIBUTES, ...attributes }, edsDirectory: directory, tlsDirectory: directory },
      listeners: [{ port, protocol: tls ? 'HTTPS' : 'HTTP', tls: tls ? TLS : undefined, rules: rules ?? [rule] }],
      targetGroups: [tested, ...others],
    }),
    new Map(),
    (resource, message) => {
      throw new Error(`${resource}: ${message}`);
    },
    checkLog,
  );
  const text = JSON.stringify(onLoopback(staticConfig(resources))).replaceAll(
    `"port_value":${String(GRPC_CHECK_ADDRESS.port)}`,
    `"port_value":${String(relayPort)}`,
  );
  const config = JSON.parse(rewrite(text)) as object;
  const envoy = await serve({ ...config }, directory);
  while (!unchecked && targets.some(({ checks }) => checks.length === 0))
    await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    port,
    checkLog,
    admin: envoy.admin,
    heads: targets[0]?.heads ?? [],
    checks: targets[0]?.checks ?? [],
    send: (bytes, quietMs) => sendRaw(port, bytes, quietMs),
    stop: async () => {
      await envoy.stop();
      for (const target of targets) target.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Does something with a stand of its own. */
export async function onStand<T>(options: StandOptions, act: (stand: Stand) => Promise<T>): Promise<T> {
  const stand = await loadBalancerStand(options);
  try {
    return await act(stand);
  } finally {
    await stand.stop();
  }
}
