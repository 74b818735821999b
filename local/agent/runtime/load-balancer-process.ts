/** A load balancer at work: a node in each of its zones, all with the same listeners and target groups. */
import { z } from 'zod';
import type { ProxyResources } from '../core/envoy/discovery-response.ts';
import { loadBalancerBootstrap } from '../core/envoy/load-balancer.ts';
import { DiscoveryFiles } from './discovery-files.ts';
import { EnvoyProcess } from './envoy-process.ts';
import { NamespaceHolder } from './namespace-holder.ts';
import { TakeUp } from './take-up.ts';
import type { VpcRouter } from './vpc-router.ts';

export interface NodePlace {
  readonly zone: string;
  readonly address: string;
  readonly gateway: string;
  readonly adminSocketPath: string;
  readonly configFile: string;
}

export interface LoadBalancerPlace {
  readonly router: VpcRouter;
  readonly vpcId: string;
  readonly envoyPath: string;
  /** For the listeners and target groups that its nodes watch. */
  readonly directory: string;
  readonly logFile: string;
  readonly nodes: readonly NodePlace[];
  /** When its nodes refuse their configuration, or take it again. */
  readonly onChange: () => void;
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

/** Healthy or not by a node's own checks for each `cluster address:port`; undefined while the first check is under way. */
export type NodeHealth = ReadonlyMap<string, boolean | undefined>;

class LoadBalancerNode {
  readonly place: NodePlace;
  readonly holder: NamespaceHolder;
  readonly envoy: EnvoyProcess;
  readonly takeUp: TakeUp;

  constructor(place: NodePlace, holder: NamespaceHolder, envoy: EnvoyProcess, takeUp: TakeUp) {
    this.place = place;
    this.holder = holder;
    this.envoy = envoy;
    this.takeUp = takeUp;
  }

  async health(): Promise<NodeHealth> {
    const answer = Clusters.parse(JSON.parse(await this.envoy.admin('GET', '/clusters?format=json')));
    return new Map(
      answer.cluster_statuses.flatMap(({ name, host_statuses }) =>
        host_statuses.map(({ address, health_status }) => [
          `${name} ${address.socket_address.address}:${String(address.socket_address.port_value)}`,
          health_status.pending_active_hc ? undefined : !health_status.failed_active_health_check,
        ]),
      ),
    );
  }
}

export class LoadBalancerProcess {
  readonly place: LoadBalancerPlace;
  readonly #files: DiscoveryFiles;
  readonly #nodes: readonly LoadBalancerNode[];

  private constructor(place: LoadBalancerPlace, files: DiscoveryFiles, nodes: readonly LoadBalancerNode[]) {
    this.place = place;
    this.#files = files;
    this.#nodes = nodes;
  }

  /** @param resources its listeners and target groups; it has no port of this machine before it runs */
  static async start(name: string, place: LoadBalancerPlace, resources: ProxyResources): Promise<LoadBalancerProcess> {
    const files = new DiscoveryFiles(place.directory);
    await files.write(resources);
    const nodes = await Promise.allSettled(place.nodes.map((node) => startNode(name, node, place)));
    const started = new LoadBalancerProcess(
      place,
      files,
      nodes.flatMap((node) => (node.status === 'fulfilled' ? [node.value] : [])),
    );
    const failed = nodes.find((node) => node.status === 'rejected');
    if (failed === undefined) {
      started.#look(resources);
      return started;
    }
    // Half a load balancer is none: the next pass starts it anew.
    await started.stop();
    throw failed.reason;
  }

  get running(): boolean {
    return this.#nodes.every(({ envoy, holder }) => envoy.process.running && holder.running);
  }

  /** The process that holds each node's namespaces, by zone. */
  get holders(): ReadonlyMap<string, NamespaceHolder> {
    return new Map(this.#nodes.map(({ place, holder }) => [place.zone, holder]));
  }

  /** The proxies of its nodes, by zone. */
  get envoys(): ReadonlyMap<string, EnvoyProcess> {
    return new Map(this.#nodes.map(({ place, envoy }) => [place.zone, envoy]));
  }

  /** Takes up new listeners, rules and target groups without a restart. */
  async update(resources: ProxyResources): Promise<void> {
    if (await this.#files.write(resources)) this.#look(resources);
  }

  /** Why its nodes refused what they were given last; they go on with what they had. */
  get refusal(): string | undefined {
    return this.#nodes.map(({ takeUp }) => takeUp.refusal).find((reason) => reason !== undefined);
  }

  #look(resources: ProxyResources): void {
    for (const { takeUp } of this.#nodes) void takeUp.look(resources);
  }

  /** The health that each node outside of the lost zones sees. */
  async health(lostZones: readonly string[]): Promise<NodeHealth[]> {
    const reachable = this.#nodes.filter(({ place }) => !lostZones.includes(place.zone));
    return Promise.all(reachable.map((node) => node.health()));
  }

  async stop(): Promise<void> {
    for (const { envoy, holder, place } of this.#nodes) await endNode(this.place.router, place, holder, envoy);
  }
}

async function startNode(name: string, node: NodePlace, place: LoadBalancerPlace): Promise<LoadBalancerNode> {
  const holder = await NamespaceHolder.start();
  let envoy: EnvoyProcess | undefined;
  const { adminSocketPath, configFile } = node;
  const files = { binary: place.envoyPath, configFile, adminSocket: adminSocketPath, logFile: place.logFile };
  const bootstrap = loadBalancerBootstrap({ name, adminSocketPath, configDirectory: place.directory });
  try {
    await place.router.attach(holder, [node.address], node.gateway);
    envoy = await EnvoyProcess.start(holder, files, bootstrap);
    await envoy.ready();
    return new LoadBalancerNode(node, holder, envoy, new TakeUp(envoy, place.logFile, place.onChange));
  } catch (error) {
    await endNode(place.router, node, holder, envoy);
    throw error;
  }
}

async function endNode(
  router: VpcRouter,
  place: NodePlace,
  holder: NamespaceHolder,
  envoy: EnvoyProcess | undefined,
): Promise<void> {
  await envoy?.stop();
  holder.stop();
  await router.detach([place.address]);
}
