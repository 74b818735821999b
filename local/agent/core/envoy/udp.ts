/** Listeners of UDP: https://www.envoyproxy.io/docs/envoy/latest/configuration/listeners/udp_filters/udp_proxy */
import type { EnvoyConfig } from '../mesh.ts';
import { seconds } from './common.ts';
import { typed } from './typed.ts';

/** "120 seconds for UDP flows": https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html */
const IDLE_SECONDS = 120;

/**
 * The largest datagram, which is what a VPC's jumbo frames of 9,001 bytes carry; Envoy's own is 1,500.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/network_mtu.html
 */
const MOST_BYTES = { max_rx_datagram_size: '9000' };

export interface UdpGoal {
  readonly cluster: string;
  /** Whether all flows of a client's address go to one target. */
  readonly sticky?: boolean;
  /** What else the filter is told, such as a tunnel. */
  readonly more?: EnvoyConfig;
}

/** An address for datagrams. */
const ofUdp = (address: EnvoyConfig): EnvoyConfig => ({
  socket_address: { ...(address['socket_address'] as EnvoyConfig), protocol: 'UDP' },
});

export function udpListener(name: string, address: EnvoyConfig, { cluster, sticky = false, more = {} }: UdpGoal) {
  return {
    name,
    address: ofUdp(address),
    udp_listener_config: { downstream_socket_config: MOST_BYTES },
    listener_filters: [
      {
        name: 'envoy.filters.udp_listener.udp_proxy',
        typed_config: typed('extensions.filters.udp.udp_proxy.v3.UdpProxyConfig', {
          stat_prefix: name,
          matcher: {
            on_no_match: {
              action: { name: 'route', typed_config: typed('extensions.filters.udp.udp_proxy.v3.Route', { cluster }) },
            },
          },
          idle_timeout: seconds(IDLE_SECONDS),
          upstream_socket_config: MOST_BYTES,
          ...(sticky ? { hash_policies: [{ source_ip: true }] } : {}),
          ...more,
        }),
      },
    ],
  } satisfies EnvoyConfig;
}
