/** A load balancer at work: a namespace with an address in each of its subnets, and an Envoy that takes changes live. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { loadBalancerBootstrap, loadBalancerClusters, loadBalancerListeners } from '../core/envoy/load-balancer.ts';
import type { LoadBalancer } from '../core/load-balancer.ts';
import { EnvoyProcess } from './envoy-process.ts';
import { NamespaceHolder } from './namespace-holder.ts';
import type { VpcRouter } from './vpc-router.ts';

export interface LoadBalancerPlace {
  readonly router: VpcRouter;
  readonly vpcId: string;
  readonly envoyPath: string;
  readonly addresses: readonly string[];
  readonly gateway: string;
  /** For its configuration files; watched by its Envoy. */
  readonly directory: string;
  readonly adminSocketPath: string;
  readonly edsDirectory: string;
  readonly logFile: string;
}

const Clusters = z.object({
  cluster_statuses: z
    .array(
      z.object({
        name: z.string(),
        host_statuses: z
          .array(
            z.object({
              address: z.object({ socket_address: z.object({ address: z.string(), port_value: z.number() }) }),
              health_status: z.object({
                failed_active_health_check: z.boolean().default(false),
                pending_active_hc: z.boolean().default(false),
              }),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

export class LoadBalancerProcess {
  readonly place: LoadBalancerPlace;
  readonly #holder: NamespaceHolder;
  readonly #envoy: EnvoyProcess;
  readonly #written = new Map<string, string>();

  private constructor(place: LoadBalancerPlace, holder: NamespaceHolder, envoy: EnvoyProcess) {
    this.place = place;
    this.#holder = holder;
    this.#envoy = envoy;
  }

  static async start(loadBalancer: LoadBalancer, place: LoadBalancerPlace): Promise<LoadBalancerProcess> {
    await mkdir(place.directory, { recursive: true });
    const holder = await NamespaceHolder.start();
    await place.router.attach(holder, place.addresses, place.gateway);
    await writeResources(loadBalancer, place, new Map());
    const envoy = await EnvoyProcess.start(
      holder,
      {
        binary: place.envoyPath,
        configFile: join(place.directory, 'envoy.json'),
        adminSocket: place.adminSocketPath,
        logFile: place.logFile,
      },
      loadBalancerBootstrap({
        name: loadBalancer.name,
        adminSocketPath: place.adminSocketPath,
        configDirectory: place.directory,
      }),
    );
    await envoy.ready();
    return new LoadBalancerProcess(place, holder, envoy);
  }

  get running(): boolean {
    return this.#envoy.process.running;
  }

  /** Takes up new listeners, rules and target groups without a restart. */
  async update(loadBalancer: LoadBalancer): Promise<void> {
    await writeResources(loadBalancer, this.place, this.#written);
  }

  /** Healthy or not by its own checks, for each `cluster address:port`; absent while the first check is under way. */
  async health(): Promise<Map<string, boolean>> {
    const answer = Clusters.parse(JSON.parse(await this.#envoy.admin('GET', '/clusters?format=json')));
    return new Map(
      answer.cluster_statuses.flatMap(({ name, host_statuses }) =>
        host_statuses
          .filter(({ health_status }) => !health_status.pending_active_hc)
          .map(
            ({ address, health_status }) =>
              [
                `${name} ${address.socket_address.address}:${String(address.socket_address.port_value)}`,
                !health_status.failed_active_health_check,
              ] as const,
          ),
      ),
    );
  }

  async stop(): Promise<void> {
    await this.#envoy.stop();
    this.#holder.stop();
    await this.place.router.detach(this.place.addresses);
  }
}

/** Clusters before listeners: a route to a cluster that isn't there yet would be refused. */
async function writeResources(
  loadBalancer: LoadBalancer,
  place: LoadBalancerPlace,
  written: Map<string, string>,
): Promise<void> {
  const files = [
    ['cds.json', loadBalancerClusters(loadBalancer)],
    ['lds.json', loadBalancerListeners(loadBalancer)],
  ] as const;
  for (const [name, content] of files) {
    const text = JSON.stringify(content, undefined, 1);
    if (written.get(name) === text) continue;
    await writeFile(join(place.directory, `${name}.next`), text);
    await rename(join(place.directory, `${name}.next`), join(place.directory, name));
    written.set(name, text);
  }
}
