/** What attributes of Network Load Balancers, of their listeners and of their target groups say, which the API gives as texts. */
import { z } from 'zod';
import { Truth, valueReader, type Attribute, type RefuseAttribute } from './attributes.ts';
import { numberBetween } from './network-names.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html */
export const USUAL_TCP_IDLE_SECONDS = 350;
const TcpIdle = numberBetween(60, 6000);

export const tcpIdleSeconds = (given: readonly Attribute[], last: number, refuse: RefuseAttribute): number =>
  valueReader(given, refuse)('tcp.idle_timeout.seconds', TcpIdle, last);

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html */
export interface NetworkGroupAttributes {
  /** Whether a node sends to the targets of all zones; absent where its load balancer says it. */
  readonly crossZone: boolean | undefined;
  /** Whether connections to targets begin with who the client is, by the proxy protocol. */
  readonly proxyProtocol: boolean;
  /** Whether a client stays with its target, by its address. */
  readonly sticky: boolean;
  /** Whether connections end when their target becomes unhealthy. */
  readonly endsUnhealthy: boolean;
}

/** AWS's defaults. */
export const USUAL_NETWORK_GROUP: NetworkGroupAttributes = {
  crossZone: undefined,
  proxyProtocol: false,
  sticky: false,
  endsUnhealthy: true,
};

const CrossZone = z
  .enum(['true', 'false', 'use_load_balancer_configuration'])
  .transform((text) => (text === 'use_load_balancer_configuration' ? undefined : text === 'true'));

/** @param last what counts for one that can't be read. @param refuse is told of each that can't */
export function networkGroupAttributes(
  given: readonly Attribute[],
  last: NetworkGroupAttributes,
  refuse: RefuseAttribute,
): NetworkGroupAttributes {
  const read = valueReader(given, refuse);
  return {
    crossZone: read<boolean | undefined>('load_balancing.cross_zone.enabled', CrossZone, undefined),
    proxyProtocol: read('proxy_protocol_v2.enabled', Truth, last.proxyProtocol),
    sticky: read('stickiness.enabled', Truth, last.sticky),
    endsUnhealthy: read('target_health_state.unhealthy.connection_termination.enabled', Truth, last.endsUnhealthy),
  };
}
