/** What the proxy of a task is told: that of a service that one other service calls. */
import { join } from 'node:path';
import type { Sidecar } from '../core/mesh.ts';

/** @param directory has all its files */
export function sidecarIn(directory: string): Sidecar {
  const timeouts = { perRequestSeconds: 10, idleSeconds: 300 };
  const common = { discoveryName: 'own', edsName: 'ns.own', protocol: 'http', timeouts } as const;
  return {
    ...{ taskId: 'task', clusterName: 'c', serviceName: 'a', region: 'us-east-1', zone: 'us-east-1a', zoneCount: 2 },
    ...{ egressPort: 15_000, localEdsName: 'ns.own', accessLog: undefined, vpcCidrs: ['10.0.0.0/16'] },
    aliases: [{ ...common, dnsName: 'own', port: 8080, serverName: 'own.ns', testHeader: undefined }],
    ingress: [{ ...common, containerPort: 3000, listenerPort: 15_001, intercept: true, tls: false }],
    adminSocketPath: join(directory, 'admin.sock'),
    ...{ edsDirectory: directory, tlsDirectory: directory },
    configDirectory: join(directory, 'run/proxy'),
  };
}
