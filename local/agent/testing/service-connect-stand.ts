/** The proxy of a task that calls others, in a real Envoy with the configuration that the agent makes for it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { edsFileName } from '../core/eds-names.ts';
import { CLUSTERS_FILE, LISTENERS_FILE } from '../core/envoy/discovery-response.ts';
import { endpointsResource } from '../core/envoy/endpoints.ts';
import { sidecarBootstrap, sidecarResources } from '../core/envoy/sidecar.ts';
import { trustFile, trustSecret } from '../core/envoy/tls.ts';
import type { AppProtocol, Sidecar } from '../core/mesh.ts';
import { assignVips } from '../core/network/vips.ts';
import { TEST_CERTIFICATE } from './certificate.ts';
import { freePort, serve } from './envoy.ts';

export interface Place {
  readonly port: number;
  readonly zone: string;
}

export interface ConnectOptions {
  readonly protocol: AppProtocol;
  /** Tasks of the service that is called; all of them here. */
  readonly backends: readonly Place[];
  /** Zones of the caller's own tasks; the first is that of this one. */
  readonly callers?: readonly string[];
  readonly perRequestSeconds?: number;
}

export interface ConnectStand {
  /** The virtual address of the name that is called. */
  readonly host: string;
  readonly port: number;
  /** A counter or gauge of the cluster that is called. */
  readonly stat: (name: string) => Promise<number>;
  readonly stop: () => Promise<void>;
}

const REGION = 'us-east-1';
const CALLED = 'called';
const Stats = z.object({ stats: z.array(z.object({ name: z.string(), value: z.number() }).partial()) });

export async function connectStand(options: ConnectOptions): Promise<ConnectStand> {
  const { protocol, backends, callers = ['a'], perRequestSeconds = 10 } = options;
  const directory = mkdtempSync(join(tmpdir(), 'connect-'));
  const port = await freePort();
  const sidecar: Sidecar = {
    ...{ taskId: 't', clusterName: 'c', serviceName: 's', region: REGION, zone: callers[0] ?? 'a' },
    zoneCount: new Set(backends.map(({ zone }) => zone)).size,
    // Nothing redirects to it here: who calls the virtual address reaches it at this port.
    egressPort: port,
    aliases: [
      {
        ...{ dnsName: CALLED, port, discoveryName: CALLED, edsName: `ns.${CALLED}`, serverName: `${CALLED}.ns` },
        ...{ testHeader: undefined, protocol, timeouts: { perRequestSeconds, idleSeconds: 300 } },
      },
    ],
    ...{ ingress: [], localEdsName: 'ns.own', accessLog: undefined, vpcCidrs: ['10.0.0.0/16'] },
    ...{ adminSocketPath: '', edsDirectory: directory, tlsDirectory: directory, configDirectory: directory },
  };
  const host = assignVips([CALLED]).get(CALLED) ?? '';
  const { listeners, clusters } = sidecarResources(sidecar);
  const write = (name: string, content: object): void => {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), JSON.stringify(content).replaceAll('"0.0.0.0"', JSON.stringify(host)));
  };
  const own = callers.map((zone, index) => ({ address: '127.0.0.1', port: index + 1, zone, tls: false }));
  const called = backends.map((place) => ({ address: '127.0.0.1', ...place, tls: false }));
  write(edsFileName('ns.own'), endpointsResource('ns.own', own, REGION));
  write(edsFileName(`ns.${CALLED}`), endpointsResource(`ns.${CALLED}`, called, REGION));
  // None of the tasks has TLS, but clusters name the file.
  write(trustFile(`ns.${CALLED}`), trustSecret(`ns.${CALLED}`, TEST_CERTIFICATE.authority));
  write(CLUSTERS_FILE, clusters);
  write(LISTENERS_FILE, listeners);
  const envoy = await serve(sidecarBootstrap(sidecar), directory);
  if (envoy.log() !== '') throw new Error(`Envoy complains: ${envoy.log()}`);
  return {
    ...{ host, port },
    stat: async (name) => {
      const wanted = `cluster.${CALLED}.${name}`;
      const answer = Stats.parse(JSON.parse(await envoy.admin(`/stats?format=json&filter=${wanted}`)));
      return answer.stats.find((one) => one.name === wanted)?.value ?? 0;
    },
    stop: async () => {
      await envoy.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
