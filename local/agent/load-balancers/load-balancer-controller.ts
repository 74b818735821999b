/** Keeps each load balancer of the region running. */
import { LoadBalancersReader, type PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import { readTargetGroupArns } from '../aws/read-target-group.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import { loadBalancerResources } from '../core/envoy/load-balancer.ts';
import type { FormerDoor, FormerLoadBalancer } from '../core/ledger.ts';
import { nodesInDns, type LoadBalancer, type TargetGroup } from '../core/load-balancer.ts';
import type { Complain } from '../../region/complaints.ts';
import type { RegionState } from '../core/region-state.ts';
import type { TlsName } from '../core/topology/service-connect.ts';
import { FrontDoors } from './front-doors.ts';
import { openListeners, tlsNamesOf } from './open-listeners.ts';
import { LoadBalancerStarter } from './load-balancer-starter.ts';
import type { LoadBalancerParts } from './load-balancer-parts.ts';
import { ListenerRules } from './listener-rules.ts';
import type { EnvoyProcess } from '../runtime/envoy-process.ts';
import type { LoadBalancerProcess } from '../runtime/load-balancer-process.ts';
import type { NamespaceHolder } from '../runtime/namespace-holder.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import { TargetHealthWatch } from './target-health-watch.ts';
import type { AttachedInterface } from '../network/vpc-network.ts';

export class LoadBalancerController {
  readonly #parts: LoadBalancerParts;
  readonly #starter: LoadBalancerStarter;
  readonly #running = new Map<string, LoadBalancerProcess>();
  readonly #reader: LoadBalancersReader;
  #wanted: readonly PlacedLoadBalancer[] = [];
  /** The ways in from the host. */
  readonly #doors: FrontDoors;
  #known = false;
  readonly health: TargetHealthWatch;
  readonly rules: ListenerRules;

  constructor(parts: LoadBalancerParts) {
    this.#parts = parts;
    this.#starter = new LoadBalancerStarter(parts);
    this.#reader = new LoadBalancersReader(parts);
    this.#doors = new FrontDoors(parts);
    const wanted = () => this.#wanted;
    this.health = new TargetHealthWatch({
      ...parts,
      wanted,
      running: () => this.#running.values(),
      targetGroupArns: () => readTargetGroupArns(parts.elbv2),
    });
    this.rules = new ListenerRules({ ...parts, wanted });
  }

  async read(complain: Complain): Promise<void> {
    this.#wanted = await this.#reader.read(complain);
    this.#known = true;
  }

  /** Takes over what an agent before this one started. */
  adopt({ arn, name, vpcId, nodes }: FormerLoadBalancer, router: VpcRouter): void {
    const place = this.#starter.place(name, vpcId, router, nodes);
    for (const { address } of nodes) this.#parts.addresses.keep(address);
    this.#running.set(arn, this.#parts.adoptProcess(name, place, nodes));
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
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
        unfiltered: loadBalancer.type === 'network' && securityGroupIds.length === 0,
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

  /** The nodes that DNS names, by the name of their load balancer; none for one that does not run yet. */
  names(): Map<string, readonly string[]> {
    const running = new Map(this.running().map(({ placed, nodes }) => [placed.loadBalancer.arn, nodes]));
    return new Map(
      this.#wanted.map(({ loadBalancer: { arn, dnsName } }) => [
        dnsName.toLowerCase(),
        nodesInDns(running.get(arn) ?? [], this.#parts.lostZones()).map(({ address }) => address),
      ]),
    );
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
      for (const { address } of process.place.nodes) this.#parts.addresses.give(address);
    };
    await book.each('ends of load balancers', over, ([arn]) => arn, end);
    const started = this.#wanted.filter((placed) => !this.#running.has(arnOf(placed)));
    await book.each('starts of load balancers', started, arnOf, (placed) => this.#start(placed, state));
    const mend = ([, process]: (typeof over)[number]): Promise<void> => process.mend();
    await book.each('nodes of load balancers', this.#running, ([arn]) => arn, mend);
    const placeOf = (arn: string) => this.#running.get(arn)?.place;
    await this.#doors.keep(openListeners(this.#wanted, placeOf, this.#parts.lostZones()), book);
    const update = async ({ loadBalancer }: PlacedLoadBalancer, complain: Complain): Promise<void> => {
      const process = this.#running.get(loadBalancer.arn);
      if (process === undefined) return;
      const ports = this.#doors.portsOf(loadBalancer.arn);
      await process.update((zone) =>
        loadBalancerResources(loadBalancer, ports, complain, process.place.checkLog, zone),
      );
      if (process.refusal !== undefined)
        complain(
          loadBalancer.arn,
          `load balancer ${loadBalancer.name} goes on with its last good configuration; Envoy refuses the new one: ${process.refusal}`,
        );
    };
    await book.each('load balancers', this.#wanted, arnOf, update);
  }

  /** The certificates that its HTTPS listeners need. */
  tlsNames(): TlsName[] {
    return tlsNamesOf(this.#wanted);
  }

  async #start(placed: PlacedLoadBalancer, state: RegionState): Promise<void> {
    const { loadBalancer } = placed;
    const process = await this.#starter.start(placed, state);
    this.#running.set(loadBalancer.arn, process);
    const where = process.place.nodes.map(({ address, zone }) => `${address} (${zone})`).join(', ');
    this.#parts.log(`load balancer ${loadBalancer.name} runs at ${where}`);
  }
}

/** The first load balancer's nodes need no name: most regions have one load balancer. */
function nodePlace(name: string, index: number, zone: string): string {
  return index === 0 ? `load-balancer-${zone}` : `load-balancer-${name}-${zone}`;
}
