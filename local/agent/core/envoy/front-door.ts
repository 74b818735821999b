/** The host's way in: an Envoy outside of the VPC that listens in the host's network namespace. */
import type { EnvoyConfig } from '../mesh.ts';
import { adminOn, CONNECTION_LIMIT, socketAddress, tcpProxy } from './common.ts';

export interface FrontDoor {
  readonly adminSocketPath: string;
  readonly listenAddress: string;
  readonly listenPort: number;
  /** A file such as `/proc/1/ns/net`: https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/core/v3/address.proto */
  readonly listenNetworkNamespace: string;
  readonly upstreamAddress: string;
  readonly upstreamPort: number;
}

export function frontDoorBootstrap(door: FrontDoor): EnvoyConfig {
  return {
    node: { id: 'front-door', cluster: 'front-door' },
    admin: adminOn(door.adminSocketPath),
    ...CONNECTION_LIMIT,
    static_resources: {
      listeners: [
        {
          name: 'host',
          address: {
            socket_address: {
              address: door.listenAddress,
              port_value: door.listenPort,
              network_namespace_filepath: door.listenNetworkNamespace,
            },
          },
          filter_chains: [{ filters: [tcpProxy({ stat_prefix: 'host', cluster: 'load-balancer' })] }],
        },
      ],
      clusters: [
        {
          name: 'load-balancer',
          type: 'STATIC',
          connect_timeout: '1s',
          load_assignment: {
            cluster_name: 'load-balancer',
            endpoints: [
              { lb_endpoints: [{ endpoint: { address: socketAddress(door.upstreamAddress, door.upstreamPort) } }] },
            ],
          },
        },
      ],
    },
  };
}
