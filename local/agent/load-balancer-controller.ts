/** Keeps each Application Load Balancer of the region running, and knows the health of its targets. */
import { join } from 'node:path';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AddressPool } from './address-pool.ts';
import type { ControlPlaneChannel, TargetHealthReport } from './aws/control-plane-channel.ts';
import { forwardRule, type RuleShift } from './aws/forward-rule.ts';
import { readLoadBalancers, type PlacedLoadBalancer } from './aws/read-load-balancers.ts';
import type { AgentConfig } from './config.ts';
import type { LoadBalancer, Rule } from './core/load-balancer.ts';
import type { RegionState } from './core/region-state.ts';
import { gatewayOf } from './core/topology/addresses.ts';
import { FrontDoorProcess } from './runtime/front-door.ts';
import type { EnvoyProcess } from './runtime/envoy-process.ts';
import { LoadBalancerProcess, type NodeHealth } from './runtime/load-balancer-process.ts';
import type { NamespaceHolder } from './runtime/namespace-holder.ts';
import type { Task } from './runtime/task.ts';
import { targetHealthOf, targetReports, type TargetMemory } from './target-health.ts';
import type { AttachedInterface, VpcNetworks } from './vpc-network.ts';

export interface LoadBalancerTools {
  readonly config: AgentConfig;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly channel: ControlPlaneChannel;
  readonly addresses: AddressPool;
  readonly networks: VpcNetworks;
  readonly edsDirectory: string;
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
  /** The way in from the host. */
  #door: FrontDoorProcess | undefined;
  #started = 0;

  constructor(tools: LoadBalancerTools) {
    this.#tools = tools;
    setInterval(() => {
      void this.#look();
    }, HEALTH_POLL_MS).unref();
  }

  async read(): Promise<void> {
    this.#wanted = await readLoadBalancers(this.#tools.elbv2, this.#tools.edsDirectory, this.#tools.log);
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

  /** The proxies of every load balancer's nodes. */
  envoys(): { readonly loadBalancer: LoadBalancer; readonly envoys: ReadonlyMap<string, EnvoyProcess> }[] {
    return this.#wanted.flatMap(({ loadBalancer }) => {
      const envoys = this.#running.get(loadBalancer.arn)?.envoys;
      return envoys === undefined ? [] : [{ loadBalancer, envoys }];
    });
  }

  /** The health of each target by target group ARN. */
  targets(tasks: readonly Task[]): ReadonlyMap<string, readonly TargetHealthReport[]> {
    return targetReports(tasks, this.#wanted, this.#memory);
  }

  /** The namespaces that are no task's: each node of a load balancer, and the internet in front of them. */
  places(): Map<string, NamespaceHolder> {
    const nodes = [...this.#running.values()].flatMap((one) => [...one.holders]);
    return new Map([
      ...(this.#door === undefined ? [] : [['internet', this.#door.internet] as const]),
      ...nodes.map(([zone, holder]) => [`load-balancer-${zone}`, holder] as const),
    ]);
  }

  async reconcile(state: RegionState): Promise<void> {
    for (const [arn, process] of this.#running) {
      if (process.running && this.#wanted.some(({ loadBalancer }) => loadBalancer.arn === arn)) continue;
      this.#running.delete(arn);
      await process.stop();
      for (const { address } of process.place.nodes) this.#tools.addresses.give(address);
    }
    for (const placed of this.#wanted) {
      const running = this.#running.get(placed.loadBalancer.arn);
      if (running === undefined) await this.#start(placed, state);
      else await running.update(placed.loadBalancer);
    }
    await this.#keepDoor();
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
    const process = await LoadBalancerProcess.start(loadBalancer, {
      router: await networks.router(first.vpcId),
      vpcId: first.vpcId,
      envoyPath: config.envoyPath,
      directory,
      logFile: join(config.stateDirectory, 'logs', `load-balancer-${loadBalancer.name}.log`),
      nodes: subnets.map((subnet, index) => ({
        zone: subnet.zone,
        address: addresses.take(subnet),
        gateway: gatewayOf(subnet),
        adminSocketPath: join(config.stateDirectory, `run/s/lb${String(this.#started)}-${String(index)}.sock`),
        configFile: join(directory, `envoy-${subnet.zone}.json`),
      })),
    });
    this.#running.set(loadBalancer.arn, process);
    const where = process.place.nodes.map(({ address, zone }) => `${address} (${zone})`).join(', ');
    this.#tools.log(`load balancer ${loadBalancer.name} runs at ${where}`);
  }

  /** Leads from the host to the first internet-facing load balancer that runs; closed and opened again as that changes. */
  async #keepDoor(): Promise<void> {
    const placed = this.#wanted.find((one) => one.internetFacing && this.#running.has(one.loadBalancer.arn));
    const place = placed === undefined ? undefined : this.#running.get(placed.loadBalancer.arn)?.place;
    const port = placed?.loadBalancer.listeners[0]?.port;
    const upstreams = port === undefined ? [] : (place?.nodes ?? []).map(({ address }) => ({ address, port }));
    if (this.#door !== undefined && !this.#door.leadsTo(upstreams)) {
      await this.#door.close();
      this.#door = undefined;
    }
    if (this.#door !== undefined || place === undefined || upstreams.length === 0) return;
    const { config } = this.#tools;
    this.#door = await FrontDoorProcess.open({
      router: place.router,
      envoyPath: config.envoyPath,
      directory: place.directory,
      socketDirectory: join(config.stateDirectory, 'run/s'),
      logFile: join(config.stateDirectory, 'logs/front-door.log'),
      listen: config.frontDoor,
      upstreams,
    });
    this.#tools.log(`front door open at ${config.frontDoor.address}:${String(config.frontDoor.port)}`);
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
