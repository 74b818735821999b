/** Keeps each Application Load Balancer of the region running. */
import { join } from 'node:path';
import type { ACMClient } from '@aws-sdk/client-acm';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AddressPool } from '../network/address-pool.ts';
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import { LoadBalancersReader, readTargetGroupArns, type PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import type { AgentConfig } from '../../region/agent-config.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import { loadBalancerResources } from '../core/envoy/load-balancer.ts';
import type { FormerDoor, FormerLoadBalancer } from '../core/ledger.ts';
import { nodesInDns, type LoadBalancer, type TargetGroup } from '../core/load-balancer.ts';
import type { Complain } from '../../region/complaints.ts';
import { PUBLIC_AUTHORITY } from '../core/listener-tls.ts';
import type { RegionState, Subnet } from '../core/region-state.ts';
import type { TlsName } from '../core/topology/service-connect.ts';
import { gatewayOf } from '../core/topology/addresses.ts';
import { FrontDoors, type OpenListener } from './front-doors.ts';
import { ListenerRules } from './listener-rules.ts';
import type { EnvoyProcess } from '../runtime/envoy-process.ts';
import type { LoadBalancerPlace, LoadBalancerProcess } from '../runtime/load-balancer-process.ts';
import type { FrontDoorProcess } from '../runtime/front-door.ts';
import type { NamespaceHolder } from '../runtime/namespace-holder.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import { TargetHealthWatch } from './target-health-watch.ts';
import type { AttachedInterface, VpcNetworks } from '../network/vpc-network.ts';

export interface LoadBalancerTools {
  readonly config: AgentConfig;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly acm: ACMClient;
  readonly channel: Pick<ControlPlaneChannel, 'putTargetHealth'>;
  readonly addresses: AddressPool;
  readonly networks: Pick<VpcNetworks, 'router'>;
  readonly startProcess: typeof LoadBalancerProcess.start;
  readonly adoptProcess: typeof LoadBalancerProcess.adopt;
  readonly openDoor: typeof FrontDoorProcess.open;
  readonly adoptDoor: typeof FrontDoorProcess.adopt;
  readonly edsDirectory: string;
  readonly tlsDirectory: string;
  readonly lostZones: () => readonly string[];
  readonly onChange: () => void;
  readonly log: (message: string) => void;
}

export class LoadBalancerController {
  readonly #tools: LoadBalancerTools;
  readonly #running = new Map<string, LoadBalancerProcess>();
  readonly #reader: LoadBalancersReader;
  #wanted: readonly PlacedLoadBalancer[] = [];
  /** The ways in from the host. */
  readonly #doors: FrontDoors;
  #known = false;
  readonly health: TargetHealthWatch;
  readonly rules: ListenerRules;

  constructor(tools: LoadBalancerTools) {
    this.#tools = tools;
    this.#reader = new LoadBalancersReader(tools);
    this.#doors = new FrontDoors(tools);
    const wanted = () => this.#wanted;
    this.health = new TargetHealthWatch({
      ...tools,
      wanted,
      running: () => this.#running.values(),
      targetGroupArns: () => readTargetGroupArns(tools.elbv2),
    });
    this.rules = new ListenerRules({ ...tools, wanted });
  }

  async read(complain: Complain): Promise<void> {
    this.#wanted = await this.#reader.read(complain);
    this.#known = true;
  }

  /** Takes over what an agent before this one started. */
  adopt({ arn, name, vpcId, nodes }: FormerLoadBalancer, router: VpcRouter): void {
    const place = this.#place(name, vpcId, router, nodes);
    for (const { address } of nodes) this.#tools.addresses.keep(address);
    this.#running.set(arn, this.#tools.adoptProcess(name, place, nodes));
  }

  adoptDoor(door: FormerDoor, router: VpcRouter): void {
    this.#doors.adopt(door, router);
  }

  /** What another agent needs to take everything over. */
  ledger(): { readonly loadBalancers: FormerLoadBalancer[]; readonly doors: FormerDoor[] } {
    return { loadBalancers: [...this.#running].map(([arn, one]) => one.ledger(arn)), doors: this.#doors.ledger() };
  }

  /** The load balancers that send requests to a target group, also those that can't be read. */
  balancersOf(targetGroupArn: string): readonly string[] {
    return this.#reader.balancersOf(targetGroupArn);
  }

  /** Whether it was ever read which are wanted. */
  get known(): boolean {
    return this.#known;
  }

  /** The load balancers as they are wanted. */
  get wanted(): readonly PlacedLoadBalancer[] {
    return this.#wanted;
  }

  /** Every target group that a listener uses. */
  targetGroups(): TargetGroup[] {
    return this.#wanted.flatMap(({ loadBalancer }) => loadBalancer.targetGroups);
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

  /** The namespaces that are no task's: each node of a load balancer, and the internet in front of them. */
  places(): Map<string, NamespaceHolder> {
    const nodes = this.envoys().flatMap(({ loadBalancer, holders }, index) =>
      [...holders].map(([zone, holder]) => [nodePlace(loadBalancer.name, index, zone), holder] as const),
    );
    return new Map([...this.#doors.places(), ...nodes]);
  }

  async reconcile(state: RegionState, book: ComplaintBook): Promise<void> {
    const wanted = new Set(this.#wanted.map(({ loadBalancer }) => loadBalancer.arn));
    const over = [...this.#running].filter(([arn]) => !wanted.has(arn));
    const arnOf = ({ loadBalancer }: PlacedLoadBalancer): string => loadBalancer.arn;
    const end = async ([arn, process]: (typeof over)[number]): Promise<void> => {
      this.#running.delete(arn);
      await process.stop();
      for (const { address } of process.place.nodes) this.#tools.addresses.give(address);
    };
    await book.each('ends of load balancers', over, ([arn]) => arn, end);
    const started = this.#wanted.filter((placed) => !this.#running.has(arnOf(placed)));
    await book.each('starts of load balancers', started, arnOf, (placed) => this.#start(placed, state));
    const mend = ([, process]: (typeof over)[number]): Promise<void> => process.mend();
    await book.each('nodes of load balancers', this.#running, ([arn]) => arn, mend);
    await this.#doors.keep(this.#openListeners(), book);
    const update = async ({ loadBalancer }: PlacedLoadBalancer, complain: Complain): Promise<void> => {
      const process = this.#running.get(loadBalancer.arn);
      await process?.update(loadBalancerResources(loadBalancer, this.#doors.portsOf(loadBalancer.arn), complain));
      if (process?.refusal !== undefined)
        complain(
          loadBalancer.arn,
          `load balancer ${loadBalancer.name} goes on with its last good configuration; Envoy refuses the new one: ${process.refusal}`,
        );
    };
    await book.each('load balancers', this.#wanted, arnOf, update);
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

  async #start(placed: PlacedLoadBalancer, state: RegionState): Promise<void> {
    const { config, networks, addresses } = this.#tools;
    const { loadBalancer } = placed;
    const subnets = placed.subnetIds.flatMap((id) => state.subnets.get(id) ?? []);
    const [first] = subnets;
    if (first === undefined) throw new Error(`load balancer ${loadBalancer.name} has no subnet that exists`);
    const taken: string[] = [];
    const take = (subnet: Subnet): string => {
      const address = addresses.take(subnet);
      taken.push(address);
      return address;
    };
    let process: LoadBalancerProcess;
    try {
      const nodes = subnets.map((subnet) => {
        const address = take(subnet);
        return {
          ...{ zone: subnet.zone, address, gateway: gatewayOf(subnet) },
          adminSocketPath: join(config.stateDirectory, `run/s/lb-${address}.sock`),
          configFile: join(this.#directory(loadBalancer.name), `envoy-${subnet.zone}.json`),
        };
      });
      const place = this.#place(loadBalancer.name, first.vpcId, await networks.router(first.vpcId), nodes);
      // What can't be had of it is complained about when it is updated, in the same pass.
      const resources = loadBalancerResources(loadBalancer, new Map(), () => undefined);
      process = await this.#tools.startProcess(loadBalancer.name, place, resources);
    } catch (error) {
      for (const address of taken) addresses.give(address);
      throw error;
    }
    this.#running.set(loadBalancer.arn, process);
    const where = process.place.nodes.map(({ address, zone }) => `${address} (${zone})`).join(', ');
    this.#tools.log(`load balancer ${loadBalancer.name} runs at ${where}`);
  }

  #directory(name: string): string {
    return join(this.#tools.config.stateDirectory, 'run/load-balancers', name);
  }

  #place(name: string, vpcId: string, router: VpcRouter, nodes: LoadBalancerPlace['nodes']): LoadBalancerPlace {
    const { config, onChange } = this.#tools;
    const logFile = join(config.stateDirectory, 'logs', `load-balancer-${name}.log`);
    return { router, vpcId, envoyPath: config.envoyPath, directory: this.#directory(name), logFile, nodes, onChange };
  }

  /** Every listener that the internet reaches, those of the first load balancer first. */
  #openListeners(): OpenListener[] {
    return this.#wanted.flatMap(({ loadBalancer, internetFacing }) => {
      const place = this.#running.get(loadBalancer.arn)?.place;
      if (!internetFacing || place === undefined) return [];
      return loadBalancer.listeners
        .map(({ port, protocol }): OpenListener => ({
          loadBalancerArn: loadBalancer.arn,
          loadBalancerName: loadBalancer.name,
          port,
          protocol,
          vpcId: place.vpcId,
          addresses: nodesInDns(place.nodes, this.#tools.lostZones()).map(({ address }) => address),
        }))
        .sort((a, b) => a.port - b.port);
    });
  }
}

/** The first load balancer's nodes need no name: most regions have one load balancer. */
function nodePlace(name: string, index: number, zone: string): string {
  return index === 0 ? `load-balancer-${zone}` : `load-balancer-${name}-${zone}`;
}
