/**
 * The host's way in: one Envoy listens on the host, one connects from an "internet" namespace outside of the VPC, and a
 * socket in a file joins them. Envoy could do it in one process by entering the other namespace, but a user without root
 * may enter the namespaces they made and not get back into the host's (tried both ways round).
 */
import type { EnvoyConfig } from '../mesh.ts';
import { adminOn, CONNECTION_LIMIT, socketAddress, tcpProxy } from './common.ts';

export interface DoorSide {
  readonly adminSocketPath: string;
  /** Where it takes connections, and where it takes them to. */
  readonly from: EnvoyConfig;
  readonly to: readonly EnvoyConfig[];
}

export interface FrontDoor {
  readonly listen: { readonly address: string; readonly port: number };
  /** The load balancer's nodes, one in each zone; a client of its name gets their addresses from DNS. */
  readonly upstreams: readonly { readonly address: string; readonly port: number }[];
  /** The file between the two, and their admin sockets. */
  readonly socketPath: string;
  readonly outsideAdmin: string;
  readonly insideAdmin: string;
}

function side({ adminSocketPath, from, to }: DoorSide): EnvoyConfig {
  return {
    node: { id: 'front-door', cluster: 'front-door' },
    admin: adminOn(adminSocketPath),
    ...CONNECTION_LIMIT,
    static_resources: {
      listeners: [
        {
          name: 'door',
          address: from,
          // A client that can't connect to one address of a name tries the next.
          filter_chains: [
            { filters: [tcpProxy({ stat_prefix: 'door', cluster: 'next', max_connect_attempts: to.length })] },
          ],
        },
      ],
      clusters: [
        {
          name: 'next',
          type: 'STATIC',
          connect_timeout: '1s',
          // An address that did not answer is left alone for a while, as by a resolver that drops it.
          outlier_detection: {
            split_external_local_origin_errors: true,
            consecutive_local_origin_failure: 1,
            max_ejection_percent: 50,
          },
          load_assignment: {
            cluster_name: 'next',
            endpoints: [{ lb_endpoints: to.map((address) => ({ endpoint: { address } })) }],
          },
        },
      ],
    },
  };
}

/** The host's side. */
export function doorOutside(door: FrontDoor): EnvoyConfig {
  const from = socketAddress(door.listen.address, door.listen.port);
  return side({ adminSocketPath: door.outsideAdmin, from, to: [{ pipe: { path: door.socketPath } }] });
}

/** The side that the load balancer sees, at a public address. */
export function doorInside(door: FrontDoor): EnvoyConfig {
  const to = door.upstreams.map(({ address, port }) => socketAddress(address, port));
  return side({ adminSocketPath: door.insideAdmin, from: { pipe: { path: door.socketPath, mode: 384 } }, to });
}
