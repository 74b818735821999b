/** A load balancer at work: a node in each of its zones, each with its listeners and target groups. */
import { join } from 'node:path';
import type { FormerLoadBalancer } from '../core/ledger.ts';
import type { ProxyResources } from '../core/envoy/discovery-response.ts';
import { loadBalancerBootstrap } from '../core/envoy/load-balancer.ts';
import type { CheckFailure } from '../core/envoy/check-events.ts';
import { CheckLog } from './check-log.ts';
import { DiscoveryFiles } from './discovery-files.ts';
import { EnvoyProcess, type EnvoyFiles } from './envoy-process.ts';
import { LoadBalancerNode, type NodeHealth, type NodePlace } from './load-balancer-node.ts';
import { NamespaceHolder } from './namespace-holder.ts';
import { TakeUp } from './take-up.ts';
import type { VpcRouter } from './vpc-router.ts';

export interface LoadBalancerPlace {
  readonly router: VpcRouter;
  readonly vpcId: string;
  readonly envoyPath: string;
  /** For the listeners and target groups that its nodes watch. */
  readonly directory: string;
  readonly logFile: string;
  /** Where its nodes write what failed checks found. */
  readonly checkLog: string;
  readonly nodes: readonly NodePlace[];
  /** When its nodes refuse their configuration, or take it again. */
  readonly onChange: () => void;
}

/** The listeners and target groups of the node in a zone. */
export type ResourcesOf = (zone: string) => ProxyResources;

export class LoadBalancerProcess {
  readonly place: LoadBalancerPlace;
  readonly #name: string;
  readonly #files: ReadonlyMap<NodePlace, DiscoveryFiles>;
  readonly #checkLog: CheckLog;
  readonly #nodes = new Map<NodePlace, LoadBalancerNode>();
  #resources: ResourcesOf | undefined;

  private constructor(name: string, place: LoadBalancerPlace, resources?: ResourcesOf) {
    this.#name = name;
    this.place = place;
    this.#files = new Map(place.nodes.map((node) => [node, new DiscoveryFiles(directoryOf(node, place))]));
    this.#checkLog = new CheckLog(place.checkLog);
    this.#resources = resources;
  }

  /** Takes over one that another agent started; a node of it that ended is mended as any other. */
  static adopt(name: string, place: LoadBalancerPlace, nodes: FormerLoadBalancer['nodes']): LoadBalancerProcess {
    const process = new LoadBalancerProcess(name, place);
    for (const node of place.nodes) {
      const processes = nodes.find(({ address }) => address === node.address)?.processes;
      if (processes === undefined) continue;
      const holder = NamespaceHolder.adopt(processes.holder);
      const envoy = EnvoyProcess.adopt(filesOf(node, place), processes.envoy);
      process.#keep(new LoadBalancerNode(node, holder, envoy, new TakeUp(envoy, place.logFile, place.onChange)));
    }
    return process;
  }

  /** What another agent needs to take it over. */
  ledger(arn: string): FormerLoadBalancer {
    const nodes = this.place.nodes.map((node) => {
      const running = this.#nodes.get(node);
      const processes = running && { holder: running.holder.identity, envoy: running.envoy.process.identity };
      return { ...node, processes };
    });
    return { arn, name: this.#name, vpcId: this.place.vpcId, nodes };
  }

  #keep(node: LoadBalancerNode): void {
    this.#nodes.set(node.place, node);
    for (const ended of [node.envoy.process.exited, node.holder.exited]) void ended.then(this.place.onChange);
  }

  /** @param resources its listeners and target groups; it has no port of this machine before it runs */
  static async start(name: string, place: LoadBalancerPlace, resources: ResourcesOf): Promise<LoadBalancerProcess> {
    const started = new LoadBalancerProcess(name, place, resources);
    try {
      await started.#write(resources);
      await started.mend();
      return started;
    } catch (error) {
      // Half a load balancer is none: the next pass starts it again.
      await started.stop();
      throw error;
    }
  }

  /** Starts each node again that ended, at its address; the others go on. @throws Error when one can't be started */
  async mend(): Promise<void> {
    const lost = this.place.nodes.filter((node) => this.#nodes.get(node)?.running !== true);
    const mended = await Promise.allSettled(
      lost.map(async (node) => {
        const former = this.#nodes.get(node);
        this.#nodes.delete(node);
        if (former !== undefined) await endNode(this.place.router, node, former.holder, former.envoy);
        const started = await startNode(this.#name, node, this.place);
        this.#keep(started);
        if (this.#resources !== undefined) void started.takeUp.look(this.#resources(node.zone));
      }),
    );
    for (const one of mended) if (one.status === 'rejected') throw one.reason;
  }

  /** The process that holds each node's namespaces, by zone. */
  get holders(): ReadonlyMap<string, NamespaceHolder> {
    return new Map([...this.#nodes.values()].map(({ place, holder }) => [place.zone, holder]));
  }

  /** The proxies of its nodes, by zone. */
  get envoys(): ReadonlyMap<string, EnvoyProcess> {
    return new Map([...this.#nodes.values()].map(({ place, envoy }) => [place.zone, envoy]));
  }

  /** Takes up new listeners, rules and target groups without a restart. */
  async update(resources: ResourcesOf): Promise<void> {
    this.#resources = resources;
    const changed = await this.#write(resources);
    for (const node of changed) void this.#nodes.get(node)?.takeUp.look(resources(node.zone));
  }

  /** @returns the nodes for which something changed */
  async #write(resources: ResourcesOf): Promise<NodePlace[]> {
    const written = await Promise.all(
      [...this.#files].map(async ([node, files]) => ((await files.write(resources(node.zone))) ? [node] : [])),
    );
    return written.flat();
  }

  /** Why its nodes refused what they were given last; they go on with what they had. */
  get refusal(): string | undefined {
    return [...this.#nodes.values()].map(({ takeUp }) => takeUp.refusal).find((reason) => reason !== undefined);
  }

  /** The health that each node outside of the lost zones sees; a node that does not answer sees nothing. */
  async health(lostZones: readonly string[]): Promise<NodeHealth[]> {
    const asked = [...this.#nodes.values()].filter((node) => node.running && !lostZones.includes(node.place.zone));
    const answers = await Promise.allSettled(asked.map((node) => node.health()));
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  }

  /** What the last failed check of each target found. */
  failures(): Promise<ReadonlyMap<string, CheckFailure>> {
    return this.#checkLog.failures();
  }

  /** Forgets the checks of a target that is gone. */
  forgetTarget(address: string): void {
    this.#checkLog.forget(address);
  }

  async stop(): Promise<void> {
    for (const [place, { envoy, holder }] of this.#nodes) await endNode(this.place.router, place, holder, envoy);
  }
}

/** What a node watches is its own: without cross-zone load balancing nodes have different targets. */
const directoryOf = ({ zone }: NodePlace, { directory }: LoadBalancerPlace): string => join(directory, zone);

function filesOf({ configFile, adminSocketPath }: NodePlace, { envoyPath, logFile }: LoadBalancerPlace): EnvoyFiles {
  return { binary: envoyPath, configFile, adminSocket: adminSocketPath, logFile };
}

async function startNode(name: string, node: NodePlace, place: LoadBalancerPlace): Promise<LoadBalancerNode> {
  const holder = await NamespaceHolder.start();
  let envoy: EnvoyProcess | undefined;
  const { adminSocketPath } = node;
  const bootstrap = loadBalancerBootstrap({ name, adminSocketPath, configDirectory: directoryOf(node, place) });
  try {
    await place.router.attach(holder, [node.address], node.gateway);
    envoy = await EnvoyProcess.start(holder, filesOf(node, place), bootstrap);
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
