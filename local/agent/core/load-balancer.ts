/** A load balancer as plain data: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html */
import type { BalancerAttributes } from '../../aws-shapes/load-balancer-attributes.ts';
import type { NetworkProtocol } from '../../aws-shapes/load-balancer.ts';
import type { NetworkGroupAttributes } from '../../aws-shapes/network-attributes.ts';
import type { TargetGroupAttributes } from '../../aws-shapes/target-group-attributes.ts';
import type { Rule } from '../../aws-shapes/listener-rule.ts';
import type { ListenerTls } from './listener-tls.ts';

export type CheckProtocol = 'HTTP' | 'HTTPS' | 'TCP';
export type TargetProtocol = 'HTTP' | 'HTTPS' | NetworkProtocol;

export interface HealthCheck {
  readonly protocol: CheckProtocol;
  readonly path: string;
  /** Absent: the port that the target is registered with. */
  readonly port: number | undefined;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Such as `200`, `200,202` or `200-299`: of a group of gRPC codes of gRPC. */
  readonly matcher: string;
}

/** One that somebody registered by its address; ECS registers its tasks itself. */
export interface RegisteredTarget {
  readonly address: string;
  readonly port: number;
  /** Absent outside of the VPC: all zones of the load balancer. */
  readonly zone: string | undefined;
}

export interface TargetGroup {
  readonly arn: string;
  readonly edsName: string;
  readonly protocol: TargetProtocol;
  readonly protocolVersion: 'HTTP1' | 'HTTP2' | 'GRPC';
  readonly healthCheck: HealthCheck;
  /**
   * Those that its load balancer is enabled for: a target in another one is not used. Absent where they are not known.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#registered-targets
   */
  readonly zones?: readonly string[];
  readonly attributes: TargetGroupAttributes;
  /** Of a group of a Network Load Balancer. */
  readonly network?: NetworkGroupAttributes;
  /**
   * Whether each node of its load balancer sends to the targets of its own zone alone.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#target-group-cross-zone
   */
  readonly zonesApart?: boolean;
  readonly registered?: readonly RegisteredTarget[];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html */
export interface NetworkListener {
  readonly idleSeconds: number;
  /** What a TLS listener agrees on by ALPN; empty for nothing. */
  readonly alpn: readonly string[];
}

export interface Listener {
  readonly port: number;
  readonly protocol: string;
  /** Of an HTTPS or a TLS listener. */
  readonly tls: ListenerTls | undefined;
  /** Of a Network Load Balancer. */
  readonly network?: NetworkListener;
  /** In the order in which they are tried. */
  readonly rules: readonly Rule[];
}

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly type: 'application' | 'network';
  readonly dnsName: string;
  readonly attributes: BalancerAttributes;
  readonly listeners: readonly Listener[];
  readonly targetGroups: readonly TargetGroup[];
  readonly edsDirectory: string;
  /** Where the certificates of its HTTPS listeners lie. */
  readonly tlsDirectory: string;
}

/** What a listener takes: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html */
export const takesUdp = (protocol: string): boolean => protocol === 'UDP' || protocol === 'TCP_UDP';
export const takesTcp = (protocol: string): boolean => protocol !== 'UDP';

/** Whether the load balancer of a group sends anything to this zone. */
export const isEnabled = ({ zones }: TargetGroup, zone: string | undefined): boolean =>
  zone === undefined || (zones?.includes(zone) ?? true);

/** Ports of this machine by the listener's own. */
export type LocalPorts = ReadonlyMap<number, number>;

/**
 * The nodes that DNS names: none of a lost zone, as after a zonal shift, unless there are no others.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/zonal-shift.html
 */
export function nodesInDns<T extends { readonly zone: string }>(
  nodes: readonly T[],
  lostZones: readonly string[],
): readonly T[] {
  const there = nodes.filter(({ zone }) => !lostZones.includes(zone));
  return there.length === 0 ? nodes : there;
}
