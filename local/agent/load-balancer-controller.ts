/** Keeps each Application Load Balancer of the region running, and knows the health of its targets. */
import { join } from 'node:path';
import type { ACMClient } from '@aws-sdk/client-acm';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AddressPool } from './address-pool.ts';
import type { ControlPlaneChannel, TargetHealthReport } from './aws/control-plane-channel.ts';
import { forwardRule, type RuleShift } from './aws/forward-rule.ts';
import { readLoadBalancers, type PlacedLoadBalancer } from './aws/read-load-balancers.ts';
import type { AgentConfig } from './config.ts';
import type { LoadBalancer, Rule } from './core/load-balancer.ts';
import { PUBLIC_AUTHORITY } from './core/listener-tls.ts';
import type { RegionState } from './core/region-state.ts';
import type { TlsName } from './core/topology/service-connect.ts';
import { gatewayOf } from './core/topology/addresses.ts';
import { FrontDoors, type OpenListener } from './front-doors.ts';
import type { EnvoyProcess } from './runtime/envoy-process.ts';
import { LoadBalancerProcess, type NodeHealth } from './runtime/load-balancer-process.ts';
import type { NamespaceHolder } from './runtime/namespace-holder.ts';
import type { Task } from './runtime/task.ts';
import { targetHealthOf, targetReports, type TargetMemory } from './target-health.ts';
import type { AttachedInterface, VpcNetworks } from './vpc-network.ts';

export interface LoadBalancerTools {
  readonly config: AgentConfig;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly acm: ACMClient;
  readonly channel: ControlPlaneChannel;
  readonly addresses: AddressPool;
  readonly networks: VpcNetworks;
  readonly edsDirectory: string;
  readonly tlsDirectory: string;
  readonly lostZones: () => readonly string[];
  readonly onChange: () => void;
  readonly log: (message: string) => void;
}

/** How often target health is read: Envoy's own checks set the pace, this only looks. */
const HEALTH_POLL_MS = 100;

export class LoadBalancerController {
  readonly #tools: LoadBalancerTools;
  readonly #running = new Map<string, LoadBalancerProcess>();
  readonly #reported = new Map<string, string>();
  readonly #memory: TargetMemory = { healthy: new Map(), registeredAt: new Map() };
  #wanted: readonly PlacedLoadBalancer[] = [];
  /** The ways in from the host. */
  readonly #doors: FrontDoors;
  #started = 0;

  constructor(tools: LoadBalancerTools) {
    this.#tools = tools;
    this.#doors = new FrontDoors(tools);
    setInterval(() => {
      void this.#look();
    }, HEALTH_POLL_MS).unref();
  }

  async read(): Promise<void> {
    this.#wanted = await readLoadBalancers(this.#tools);
  }

  /** The load balancers as they are wanted. */
  get wanted(): readonly PlacedLoadBalancer[] {
    return this.#wanted;
  }

  targetGroupArns(): string[] {
    return [...new Set(this.#wanted.flatMap(({ loadBalancer }) => loadBalancer.targetGroups.map(({ arn }) => arn)))];
  }

  interfaces(): AttachedInterface[] {
    return this.#wanted.flatMap(({ loadBalancer, securityGroupIds }) => {
      const place = this.#running.get(loadBalancer.arn)?.place;
      return (place?.nodes ?? []).map(({ address, zone }) => ({
        address,
        zone,
        securityGroupIds,
        vpcId: place?.vpcId ?? '',
      }));
    });
  }

  /** Each load balancer that runs, with its nodes. */
  running(): {
    readonly placed: PlacedLoadBalancer;
    readonly nodes: readonly { readonly zone: string; readonly address: string }[];
  }[] {
    return this.#wanted.flatMap((placed) => {
      const place = this.#running.get(placed.loadBalancer.arn)?.place;
      if (place === undefined) return [];
      return [{ placed, nodes: place.nodes.map(({ zone, address }) => ({ zone, address })) }];
    });
  }

  /** The nodes of every load balancer that runs, by zone: their proxies, and what holds their namespaces. */
  envoys(): {
    readonly loadBalancer: LoadBalancer;
    readonly envoys: ReadonlyMap<string, EnvoyProcess>;
    readonly holders: ReadonlyMap<string, NamespaceHolder>;
  }[] {
    return this.#wanted.flatMap(({ loadBalancer }) => {
      const running = this.#running.get(loadBalancer.arn);
      return running === undefined ? [] : [{ loadBalancer, envoys: running.envoys, holders: running.holders }];
    });
  }

  /** The health of each target by target group ARN. */
  targets(tasks: readonly Task[]): ReadonlyMap<string, readonly TargetHealthReport[]> {
    return targetReports(tasks, this.#wanted, this.#memory);
  }

  /** The namespaces that are no task's: each node of a load balancer, and the internet in front of them. */
  places(): Map<string, NamespaceHolder> {
    const nodes = this.envoys().flatMap(({ loadBalancer, holders }, index) =>
      [...holders].map(([zone, holder]) => [nodePlace(loadBalancer.name, index, zone), holder] as const),
    );
    return new Map([...this.#doors.places(), ...nodes]);
  }

  async reconcile(state: RegionState): Promise<void> {
    for (const [arn, process] of this.#running) {
      if (process.running && this.#wanted.some(({ loadBalancer }) => loadBalancer.arn === arn)) continue;
      this.#running.delete(arn);
      await process.stop();
      for (const { address } of process.place.nodes) this.#tools.addresses.give(address);
    }
    for (const placed of this.#wanted) {
      if (!this.#running.has(placed.loadBalancer.arn)) await this.#start(placed, state);
    }
    await this.#doors.keep(this.#openListeners());
    for (const { loadBalancer } of this.#wanted)
      await this.#running.get(loadBalancer.arn)?.update(loadBalancer, this.#doors.portsOf(loadBalancer.arn));
  }

  /** The certificates that its HTTPS listeners need. */
  tlsNames(): TlsName[] {
    return this.#wanted
      .flatMap(({ loadBalancer }) => loadBalancer.listeners)
      .flatMap(({ tls }) => {
        if (tls === undefined) return [];
        const [serverName, ...otherNames] = tls.names;
        return { edsName: tls.secretName, serverName, otherNames, certificateAuthorityArn: PUBLIC_AUTHORITY };
      });
  }

  /** Lets the health of every target be reported again. */
  tellAnew(): void {
    this.#reported.clear();
  }

  /** The target group that a rule sends everything to. */
  forwardedTo(ruleArn: string): string | undefined {
    const groups = this.#rule(ruleArn)?.action;
    if (groups?.type !== 'forward') return undefined;
    return groups.targetGroups.find(({ weight }) => weight > 0)?.arn;
  }

  /** Points rules at target groups, through the API: everybody sees it, and the next read brings it about. */
  async shift(shifts: readonly RuleShift[]): Promise<void> {
    for (const { ruleArn, targetGroupArn, otherArn } of shifts) {
      const action = this.#rule(ruleArn)?.action;
      if (action === undefined || this.forwardedTo(ruleArn) === targetGroupArn) continue;
      await forwardRule(this.#tools.elbv2, ruleArn, targetGroupArn, otherArn);
      this.#tools.log(
        `listener rule ${ruleArn.split('/').at(-1) ?? ''} now forwards to ${targetGroupArn.split('/')[1] ?? ''}`,
      );
    }
  }

  #rule(ruleArn: string): Rule | undefined {
    return this.#wanted
      .flatMap(({ loadBalancer }) => loadBalancer.listeners)
      .flatMap(({ rules }) => rules)
      .find(({ arn }) => arn === ruleArn);
  }

  healthOf(task: Task): { ready: boolean; unhealthy: string | undefined } {
    return targetHealthOf(task, this.#wanted, this.#memory, Date.now());
  }

  /** Tells the control plane the health of every target. */
  async report(tasks: readonly Task[]): Promise<void> {
    for (const [arn, targets] of this.targets(tasks)) {
      const text = JSON.stringify(targets);
      if (this.#reported.get(arn) === text) continue;
      await this.#tools.channel.putTargetHealth(arn, targets);
      this.#reported.set(arn, text);
    }
  }

  async #start(placed: PlacedLoadBalancer, state: RegionState): Promise<void> {
    const { config, networks, addresses } = this.#tools;
    const { loadBalancer } = placed;
    const subnets = placed.subnetIds.flatMap((id) => state.subnets.get(id) ?? []);
    const [first] = subnets;
    if (first === undefined) throw new Error(`load balancer ${loadBalancer.name} has no subnet that exists`);
    const directory = join(config.stateDirectory, 'run/load-balancers', loadBalancer.name);
    this.#started += 1;
    const nodes = subnets.map((subnet, index) => ({
      zone: subnet.zone,
      address: addresses.take(subnet),
      gateway: gatewayOf(subnet),
      adminSocketPath: join(config.stateDirectory, `run/s/lb${String(this.#started)}-${String(index)}.sock`),
      configFile: join(directory, `envoy-${subnet.zone}.json`),
    }));
    const process = await LoadBalancerProcess.start(loadBalancer, {
      router: await networks.router(first.vpcId),
      vpcId: first.vpcId,
      envoyPath: config.envoyPath,
      directory,
      logFile: join(config.stateDirectory, 'logs', `load-balancer-${loadBalancer.name}.log`),
      nodes,
    }).catch((error: unknown) => {
      for (const { address } of nodes) addresses.give(address);
      throw error;
    });
    this.#running.set(loadBalancer.arn, process);
    const where = process.place.nodes.map(({ address, zone }) => `${address} (${zone})`).join(', ');
    this.#tools.log(`load balancer ${loadBalancer.name} runs at ${where}`);
  }

  /** Every listener that the internet reaches, those of the first load balancer first. */
  #openListeners(): OpenListener[] {
    return this.#wanted.flatMap(({ loadBalancer, internetFacing }) => {
      const place = this.#running.get(loadBalancer.arn)?.place;
      if (!internetFacing || place === undefined) return [];
      return loadBalancer.listeners
        .map(({ port, protocol }) => ({
          loadBalancerArn: loadBalancer.arn,
          loadBalancerName: loadBalancer.name,
          port,
          protocol,
          vpcId: place.vpcId,
          addresses: place.nodes.map(({ address }) => address),
        }))
        .sort((a, b) => a.port - b.port);
    });
  }

  async #look(): Promise<void> {
    const seen: NodeHealth[] = [];
    for (const process of this.#running.values())
      seen.push(...(await process.health(this.#tools.lostZones()).catch(() => [])));
    const found = merged(seen);
    const { healthy } = this.#memory;
    const changed = found.size !== healthy.size || [...found].some(([key, value]) => healthy.get(key) !== value);
    if (!changed) return;
    healthy.clear();
    for (const [key, value] of found) healthy.set(key, value);
    this.#tools.onChange();
  }
}

/** The first load balancer's nodes need no name: most regions have one load balancer. */
function nodePlace(name: string, index: number, zone: string): string {
  return index === 0 ? `load-balancer-${zone}` : `load-balancer-${name}-${zone}`;
}

/** A target is healthy when every node says so; nothing is known of it until every node has looked. */
export function merged(nodes: readonly NodeHealth[]): Map<string, boolean> {
  const keys = new Set(nodes.flatMap((node) => [...node.keys()]));
  return new Map(
    [...keys].flatMap((key) => {
      const views = nodes.filter((node) => node.has(key)).map((node) => node.get(key));
      return views.includes(undefined) ? [] : [[key, views.every(Boolean)] as const];
    }),
  );
}
