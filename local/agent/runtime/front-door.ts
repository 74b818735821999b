/** The way in from the host: an "internet" namespace outside the VPC, with an Envoy that listens on the host. */
import { join } from 'node:path';
import { frontDoorBootstrap } from '../core/envoy/front-door.ts';
import { EnvoyProcess } from './envoy-process.ts';
import { NamespaceHolder } from './namespace-holder.ts';
import type { VpcRouter } from './vpc-router.ts';

/** A client's public address as the load balancer sees it: from the block for documentation, RFC 5737. */
const CLIENT_ADDRESS = '203.0.113.10';
const INTERNET_GATEWAY = '203.0.113.1';

export interface FrontDoorSettings {
  readonly router: VpcRouter;
  readonly envoyPath: string;
  readonly directory: string;
  readonly adminSocketPath: string;
  readonly logFile: string;
  readonly listen: { readonly address: string; readonly port: number };
  readonly upstream: { readonly address: string; readonly port: number };
}

export async function openFrontDoor(settings: FrontDoorSettings): Promise<EnvoyProcess> {
  const holder = await NamespaceHolder.start();
  await settings.router.attach(holder, [CLIENT_ADDRESS], INTERNET_GATEWAY);
  const envoy = await EnvoyProcess.start(
    holder,
    {
      binary: settings.envoyPath,
      configFile: join(settings.directory, 'front-door.json'),
      adminSocket: settings.adminSocketPath,
      logFile: settings.logFile,
    },
    frontDoorBootstrap({
      adminSocketPath: settings.adminSocketPath,
      listenAddress: settings.listen.address,
      listenPort: settings.listen.port,
      upstreamAddress: settings.upstream.address,
      upstreamPort: settings.upstream.port,
      // The agent itself stayed in the host's network namespace.
      listenNetworkNamespace: `/proc/${String(process.pid)}/ns/net`,
    }),
  );
  await envoy.ready();
  return envoy;
}
