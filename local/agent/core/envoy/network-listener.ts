/**
 * A listener of a Network Load Balancer: bytes go on as they came, of TLS without it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
 */
import { USUAL_TCP_IDLE_SECONDS } from '../../../aws-shapes/network-attributes.ts';
import { takesTcp, takesUdp, type Listener, type LoadBalancer, type TargetGroup } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { seconds, socketAddress, tcpProxy } from './common.ts';
import { listenerTransport } from './tls.ts';
import { udpListener } from './udp.ts';

/** A target group that a listener forwards to, and its share. */
interface Share {
  readonly group: TargetGroup;
  readonly weight: number;
}

function sharesOf({ rules }: Listener, { targetGroups }: LoadBalancer): readonly Share[] {
  const action = rules.find(({ priority }) => priority === undefined)?.action;
  if (action?.type !== 'forward') return [];
  return action.targetGroups.flatMap(({ arn, weight }) => {
    const group = targetGroups.find((one) => one.arn === arn);
    return group === undefined || weight === 0 ? [] : [{ group, weight }];
  });
}

const isSticky = (shares: readonly Share[]): boolean => shares.some(({ group }) => group.network?.sticky === true);

function tcpFilter(name: string, shares: readonly Share[], idleSeconds: number): EnvoyConfig {
  const goal =
    shares.length <= 1
      ? { cluster: shares[0]?.group.edsName ?? NOBODY }
      : {
          weighted_clusters: {
            clusters: shares.map(({ group, weight }) => ({ name: group.edsName, weight })),
          },
        };
  return tcpProxy({
    stat_prefix: name,
    ...goal,
    idle_timeout: seconds(idleSeconds),
    ...(isSticky(shares) ? { hash_policy: [{ source_ip: {} }] } : {}),
  });
}

/** A cluster that is not there: the client's connection ends. */
const NOBODY = 'nobody';

function tcpListener(name: string, listener: Listener, balancer: LoadBalancer, shares: readonly Share[]): EnvoyConfig {
  const { idleSeconds = USUAL_TCP_IDLE_SECONDS, alpn = [] } = listener.network ?? {};
  return {
    name,
    address: socketAddress('0.0.0.0', listener.port),
    filter_chains: [
      {
        ...(listener.tls && listenerTransport(listener.tls, balancer.tlsDirectory, alpn)),
        filters: [tcpFilter(name, shares, idleSeconds)],
      },
    ],
  };
}

/** @throws Error when what it forwards to can't be had */
export function networkListeners(listener: Listener, balancer: LoadBalancer): EnvoyConfig[] {
  const { port, protocol } = listener;
  const name = `listener-${String(port)}`;
  const shares = sharesOf(listener, balancer);
  const [first] = shares;
  if (takesUdp(protocol) && shares.length > 1)
    throw new Error(`listener ${String(port)}: UDP goes to one target group here, not to ${String(shares.length)}`);
  return [
    ...(takesTcp(protocol) ? [tcpListener(name, listener, balancer, shares)] : []),
    ...(takesUdp(protocol) && first !== undefined
      ? [
          udpListener(`${name}-udp`, socketAddress('0.0.0.0', port), {
            cluster: first.group.edsName,
            sticky: isSticky(shares),
          }),
        ]
      : []),
  ];
}
