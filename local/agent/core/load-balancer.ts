/** An Application Load Balancer as plain data: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html */
import type { ListenerTls } from './listener-tls.ts';

export interface HealthCheck {
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly path: string;
  /** Absent: the port that the target is registered with. */
  readonly port: number | undefined;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Such as `200`, `200,202` or `200-299`. */
  readonly matcher: string;
}

export interface TargetGroup {
  readonly arn: string;
  readonly edsName: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly healthCheck: HealthCheck;
}

export type Condition =
  | {
      readonly field: 'path-pattern' | 'host-header' | 'http-request-method' | 'source-ip';
      readonly values: readonly string[];
      /** Regular expressions, one of which has to match: on AWS there are these or values. */
      readonly regexes?: readonly string[];
    }
  | {
      readonly field: 'http-header';
      readonly name: string;
      readonly values: readonly string[];
      readonly regexes?: readonly string[];
    }
  | {
      readonly field: 'query-string';
      readonly values: readonly { readonly key: string | undefined; readonly value: string }[];
    };

export type Action =
  | { readonly type: 'forward'; readonly targetGroups: readonly { readonly arn: string; readonly weight: number }[] }
  | { readonly type: 'fixed-response'; readonly status: number; readonly contentType: string; readonly body: string }
  | {
      readonly type: 'redirect';
      readonly status: 301 | 302;
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
    };

export interface Rule {
  readonly arn: string;
  /** The default rule has none and comes last. */
  readonly priority: number | undefined;
  readonly conditions: readonly Condition[];
  readonly action: Action;
}

export interface Listener {
  readonly port: number;
  readonly protocol: string;
  /** Of an HTTPS listener. */
  readonly tls: ListenerTls | undefined;
  /** In the order in which they are tried. */
  readonly rules: readonly Rule[];
}

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly idleTimeoutSeconds: number;
  readonly listeners: readonly Listener[];
  readonly targetGroups: readonly TargetGroup[];
  readonly edsDirectory: string;
  /** Where the certificates of its HTTPS listeners lie. */
  readonly tlsDirectory: string;
}

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
