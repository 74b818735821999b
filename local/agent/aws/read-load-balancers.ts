/** Reads load balancers with their listeners, rules and target groups. */
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ACMClient } from '@aws-sdk/client-acm';
import { z } from 'zod';
import { Balancer, NamedGroup } from '../../aws-shapes/load-balancer.ts';
import {
  balancerAttributes,
  USUAL_ATTRIBUTES,
  type BalancerAttributes,
} from '../../aws-shapes/load-balancer-attributes.ts';
import type { Complain } from '../../region/complaints.ts';
import type { Listener, LoadBalancer, RegisteredTarget, TargetGroup } from '../core/load-balancer.ts';
import type { ControlPlaneChannel } from './control-plane-channel.ts';
import { isControlPlaneGone } from './control-plane-gone.ts';
import { oneLine } from '../../region/one-line.ts';
import { readEach } from './read-each.ts';
import { readListener } from './read-listener.ts';
import { readTargetGroup } from './read-target-group.ts';

export interface PlacedLoadBalancer {
  readonly loadBalancer: LoadBalancer;
  readonly internetFacing: boolean;
  readonly securityGroupIds: readonly string[];
  readonly subnetIds: readonly string[];
}

export interface LoadBalancerSources {
  /** Absent where nobody sends requests to targets: the console only looks. */
  readonly channel?: Pick<ControlPlaneChannel, 'registeredTargets'>;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly acm: ACMClient;
  readonly edsDirectory: string;
  readonly tlsDirectory: string;
}

interface Last {
  readonly placed: ReadonlyMap<string, PlacedLoadBalancer>;
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly groups: ReadonlyMap<string, TargetGroup>;
}

/**
 * Reads every load balancer. What can't be read of one is complained about: a listener, a target group or a whole load
 * balancer stays as it was read last, a rule is left out.
 */
export class LoadBalancersReader {
  readonly #sources: LoadBalancerSources;
  #last: Last = { placed: new Map(), listeners: new Map(), groups: new Map() };
  #balancersOf: ReadonlyMap<string, readonly string[]> = new Map();
  #registered: ReadonlyMap<string, readonly RegisteredTarget[]> = new Map();

  constructor(sources: LoadBalancerSources) {
    this.#sources = sources;
  }

  /** The load balancers that send requests to a target group, also those that can't be read. */
  balancersOf(targetGroupArn: string): readonly string[] {
    return this.#balancersOf.get(targetGroupArn) ?? [];
  }

  async read(complain: Complain): Promise<PlacedLoadBalancer[]> {
    const { elbv2 } = this.#sources;
    const answer = await elbv2.send(new DescribeLoadBalancersCommand({}));
    const balancers = readEach(
      Balancer,
      answer.LoadBalancers,
      'load balancer',
      ['LoadBalancerArn', 'LoadBalancerName'],
      complain,
    ).filter(({ Type }) => Type === 'application' || Type === 'network');
    const { TargetGroups } = balancers.length === 0 ? {} : await elbv2.send(new DescribeTargetGroupsCommand({}));
    const named = readEach(NamedGroup, TargetGroups, 'target group', ['TargetGroupArn'], complain);
    this.#registered =
      (balancers.length === 0 ? undefined : await this.#sources.channel?.registeredTargets(complain)) ?? new Map();
    this.#balancersOf = new Map(named.map((one) => [one.TargetGroupArn, one.LoadBalancerArns]));
    const next = { placed: new Map<string, PlacedLoadBalancer>(), listeners: new Map(), groups: new Map() };
    await Promise.all(
      balancers.map(async (raw) => {
        const arn = raw.LoadBalancerArn;
        const placed = await this.#place(raw, named, next, complain).catch((error: unknown) => {
          if (isControlPlaneGone(error)) throw error;
          complain(arn, `load balancer ${raw.LoadBalancerName} can't be read: ${oneLine(error)}`);
          return this.#last.placed.get(arn);
        });
        if (placed !== undefined) next.placed.set(arn, placed);
      }),
    );
    this.#last = next;
    return balancers.flatMap(({ LoadBalancerArn }) => next.placed.get(LoadBalancerArn) ?? []);
  }

  async #place(
    raw: z.infer<typeof Balancer>,
    named: readonly z.infer<typeof NamedGroup>[],
    next: { readonly listeners: Map<string, Listener>; readonly groups: Map<string, TargetGroup> },
    complain: Complain,
  ): Promise<PlacedLoadBalancer> {
    const { elbv2, edsDirectory, tlsDirectory } = this.#sources;
    const listeners = await this.#listeners(raw, next.listeners, complain);
    const used = new Set(
      listeners
        .flatMap(({ rules }) => rules)
        .flatMap(({ action }) => (action.type === 'forward' ? action.targetGroups.map(({ arn }) => arn) : [])),
    );
    const groups = named.filter(({ TargetGroupArn }) => used.has(TargetGroupArn));
    const found = await Promise.all(
      groups.map((group) => readTargetGroup(elbv2, group, this.#last.groups.get(group.TargetGroupArn), complain)),
    );
    const attributes = await this.#attributes(raw, complain);
    const apart = (group: TargetGroup): Partial<TargetGroup> =>
      raw.Type === 'network' ? { zonesApart: !(group.network?.crossZone ?? attributes.crossesZones) } : {};
    const zones = raw.AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []);
    const targetGroups = found.flatMap((group) =>
      group === undefined
        ? []
        : [
            {
              ...{ ...group, registered: this.#registered.get(group.arn) ?? [] },
              ...(zones.length === 0 ? {} : { zones, ...apart(group) }),
            },
          ],
    );
    for (const group of targetGroups) next.groups.set(group.arn, group);
    return {
      loadBalancer: {
        arn: raw.LoadBalancerArn,
        name: raw.LoadBalancerName,
        dnsName: raw.DNSName,
        type: raw.Type === 'network' ? 'network' : 'application',
        attributes,
        listeners,
        targetGroups,
        edsDirectory,
        tlsDirectory,
      },
      internetFacing: raw.Scheme === 'internet-facing',
      securityGroupIds: raw.SecurityGroups,
      subnetIds: raw.AvailabilityZones.map(({ SubnetId }) => SubnetId),
    };
  }

  async #listeners(
    { LoadBalancerArn, DNSName }: z.infer<typeof Balancer>,
    next: Map<string, Listener>,
    complain: Complain,
  ): Promise<Listener[]> {
    const { Listeners } = await this.#sources.elbv2.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const read = await Promise.all(
      (Listeners ?? []).map(async (raw): Promise<Listener[]> => {
        const arn = raw.ListenerArn ?? LoadBalancerArn;
        const listener = await readListener(this.#sources, raw, DNSName, complain).catch((error: unknown) => {
          if (isControlPlaneGone(error)) throw error;
          complain(arn, `listener ${String(raw.Port)} of ${LoadBalancerArn} can't be read: ${oneLine(error)}`);
          return this.#last.listeners.get(arn);
        });
        if (listener === undefined) return [];
        next.set(arn, listener);
        return [listener];
      }),
    );
    return read.flat();
  }

  async #attributes({ LoadBalancerArn }: z.infer<typeof Balancer>, complain: Complain): Promise<BalancerAttributes> {
    const { Attributes = [] } = await this.#sources.elbv2.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }),
    );
    const last = this.#last.placed.get(LoadBalancerArn)?.loadBalancer.attributes ?? USUAL_ATTRIBUTES;
    return balancerAttributes(Attributes, last, (key, value, error) => {
      complain(LoadBalancerArn, `${key} ${value}: ${oneLine(error)}`);
    });
  }
}
