/**
 * The host's way in: one Envoy listens on the host, one connects from an "internet" namespace outside of the VPC, and for
 * each listener a socket in a file joins them. Envoy could do it in one process by entering the other namespace, but a
 * user without root may enter the namespaces they made and not get back into the host's (tried both ways round).
 *
 * Each side runs twice, so that one that dies costs what is in flight in it: the two outside share each port (Envoy listens
 * with SO_REUSEPORT), the two inside have a socket each.
 */
import type { EnvoyConfig } from '../mesh.ts';
import { adminOn, CONNECTION_LIMIT, socketAddress, tcpProxy } from './common.ts';
import { takesTcp, takesUdp } from '../load-balancer.ts';
import { dynamicResources, proxyResources, type ProxyResources } from './discovery-response.ts';
import { TUNNEL_UPSTREAM, tunnelEntry, tunnelExit } from './udp-tunnel.ts';

interface Address {
  readonly address: string;
  readonly port: number;
}

/** The way to one listener of a load balancer. */
export interface Door {
  /** Of the listener. */
  readonly protocol: string;
  /** Where the host reaches it. */
  readonly listen: Address;
  /** The load balancer's nodes, one in each zone; a client of its name gets their addresses from DNS. */
  readonly upstreams: readonly Address[];
  /** Beginning of the paths of the files between the two sides. */
  readonly socketPath: string;
}

export const TWINS = ['a', 'b'] as const;
export type Twin = (typeof TWINS)[number];

/** @param configDirectory holds its listeners and clusters */
export function doorBootstrap(adminSocketPath: string, configDirectory: string): EnvoyConfig {
  return {
    node: { id: 'front-door', cluster: 'front-door' },
    admin: adminOn(adminSocketPath),
    ...CONNECTION_LIMIT,
    ...dynamicResources(configDirectory),
  };
}

/** How datagrams go through, at either end; absent of connections. */
interface Tunnel {
  readonly listener: (name: string, from: EnvoyConfig) => EnvoyConfig;
  readonly cluster: EnvoyConfig;
}

const ENTRY: Tunnel = { listener: tunnelEntry, cluster: TUNNEL_UPSTREAM };
const EXIT: Tunnel = { listener: tunnelExit, cluster: {} };

interface Passage {
  readonly name: string;
  readonly from: EnvoyConfig;
  readonly to: readonly EnvoyConfig[];
  readonly tunnel?: Tunnel | undefined;
}

function resources(passages: readonly Passage[]): ProxyResources {
  return proxyResources(
    passages.map(
      ({ name, from, to, tunnel }) =>
        tunnel?.listener(name, from) ?? {
          name,
          address: from,
          // A client that can't connect to one address of a name tries the next.
          filter_chains: [
            { filters: [tcpProxy({ stat_prefix: name, cluster: name, max_connect_attempts: to.length })] },
          ],
        },
    ),
    passages.map(({ name, to, tunnel }) => ({
      name,
      type: 'STATIC',
      connect_timeout: '1s',
      ...tunnel?.cluster,
      // An address that did not answer is left alone for a while, as by a resolver that drops it: for longer than it takes
      // to start it again, and not so long that the other one, should it die next, leaves nobody.
      outlier_detection: {
        interval: '1s',
        base_ejection_time: '3s',
        split_external_local_origin_errors: true,
        consecutive_local_origin_failure: 1,
        max_ejection_percent: 50,
      },
      load_assignment: {
        cluster_name: name,
        endpoints: [{ lb_endpoints: to.map((address) => ({ endpoint: { address } })) }],
      },
    })),
  );
}

const pipe = ({ socketPath }: Door, twin: Twin, udp: boolean): EnvoyConfig => ({
  path: `${socketPath}${udp ? 'u' : ''}-${twin}`,
});

const nameOf = ({ listen }: Door, udp: boolean): string => `door-${String(listen.port)}${udp ? '-udp' : ''}`;

/** One passage for connections and one for datagrams, as the listener takes them. */
const passagesOf = (doors: readonly Door[], tunnel: Tunnel, make: (door: Door, udp: boolean) => Passage): Passage[] =>
  doors.flatMap((door) => [
    ...(takesTcp(door.protocol) ? [make(door, false)] : []),
    ...(takesUdp(door.protocol) ? [{ ...make(door, true), tunnel }] : []),
  ]);

/** The host's side, both of which have the same. */
export function doorsOutside(doors: readonly Door[]): ProxyResources {
  return resources(
    passagesOf(doors, ENTRY, (door, udp) => ({
      name: nameOf(door, udp),
      from: socketAddress(door.listen.address, door.listen.port),
      to: TWINS.map((twin) => ({ pipe: pipe(door, twin, udp) })),
    })),
  );
}

/** The side that load balancers see, at a public address. 384 is 0600. */
export function doorsInside(doors: readonly Door[], twin: Twin): ProxyResources {
  return resources(
    passagesOf(doors, EXIT, (door, udp) => ({
      name: nameOf(door, udp),
      from: { pipe: { ...pipe(door, twin, udp), mode: 384 } },
      to: door.upstreams.map(({ address, port }) => socketAddress(address, port)),
    })),
  );
}
