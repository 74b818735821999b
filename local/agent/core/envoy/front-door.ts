/**
 * The host's way in: one Envoy listens on the host, one connects from an "internet" namespace outside of the VPC, and for
 * each listener a socket in a file joins them. Envoy could do it in one process by entering the other namespace, but a
 * user without root may enter the namespaces they made and not get back into the host's (tried both ways round).
 */
import type { EnvoyConfig } from '../mesh.ts';
import { adminOn, CONNECTION_LIMIT, socketAddress, tcpProxy } from './common.ts';
import { dynamicResources, proxyResources, type ProxyResources } from './discovery-response.ts';

interface Address {
  readonly address: string;
  readonly port: number;
}

/** The way to one listener of a load balancer. */
export interface Door {
  /** Where the host reaches it. */
  readonly listen: Address;
  /** The load balancer's nodes, one in each zone; a client of its name gets their addresses from DNS. */
  readonly upstreams: readonly Address[];
  /** The file between the two sides. */
  readonly socketPath: string;
}

/** @param configDirectory holds its listeners and clusters */
export function doorBootstrap(adminSocketPath: string, configDirectory: string): EnvoyConfig {
  return {
    node: { id: 'front-door', cluster: 'front-door' },
    admin: adminOn(adminSocketPath),
    ...CONNECTION_LIMIT,
    ...dynamicResources(configDirectory),
  };
}

interface Passage {
  readonly name: string;
  readonly from: EnvoyConfig;
  readonly to: readonly EnvoyConfig[];
}

function resources(passages: readonly Passage[]): ProxyResources {
  return proxyResources(
    passages.map(({ name, from, to }) => ({
      name,
      address: from,
      // A client that can't connect to one address of a name tries the next.
      filter_chains: [{ filters: [tcpProxy({ stat_prefix: name, cluster: name, max_connect_attempts: to.length })] }],
    })),
    passages.map(({ name, to }) => ({
      name,
      type: 'STATIC',
      connect_timeout: '1s',
      // An address that did not answer is left alone for a while, as by a resolver that drops it.
      outlier_detection: {
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

const nameOf = ({ listen }: Door): string => `door-${String(listen.port)}`;

/** The host's side. */
export function doorsOutside(doors: readonly Door[]): ProxyResources {
  return resources(
    doors.map((door) => ({
      name: nameOf(door),
      from: socketAddress(door.listen.address, door.listen.port),
      to: [{ pipe: { path: door.socketPath } }],
    })),
  );
}

/** The side that load balancers see, at a public address. 384 is 0600. */
export function doorsInside(doors: readonly Door[]): ProxyResources {
  return resources(
    doors.map((door) => ({
      name: nameOf(door),
      from: { pipe: { path: door.socketPath, mode: 384 } },
      to: door.upstreams.map(({ address, port }) => socketAddress(address, port)),
    })),
  );
}
