/**
 * Datagrams between two Envoys that share a socket in a file, which itself takes none: each flow is a stream of HTTP/2
 * (CONNECT-UDP, RFC 9298). https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/http/upgrades
 */
import type { EnvoyConfig } from '../mesh.ts';
import { HTTP2_UPSTREAM, httpConnectionManager, ROUTER_FILTER } from './common.ts';
import { typed } from './typed.ts';
import { udpListener } from './udp.ts';

/** Named in the request and looked at by nobody: the other end knows where datagrams go. */
const NOBODYS_HOST = 'door.invalid';

/** The end that takes datagrams. */
export const tunnelEntry = (name: string, address: EnvoyConfig): EnvoyConfig =>
  udpListener(name, address, {
    cluster: name,
    more: {
      session_filters: [
        {
          name: 'envoy.filters.udp.session.http_capsule',
          typed_config: typed('extensions.filters.udp.udp_proxy.session.http_capsule.v3.FilterConfig'),
        },
      ],
      tunneling_config: {
        proxy_host: NOBODYS_HOST,
        target_host: NOBODYS_HOST,
        default_target_port: 443,
        // One try for each of the two proxies at the other end.
        retry_options: { max_connect_attempts: 2 },
        // What comes before the stream is there: Envoy's own limits.
        buffer_options: {},
      },
    },
  });

/** Of the cluster that leads to the other end. */
export const TUNNEL_UPSTREAM = HTTP2_UPSTREAM;

/** The end that sends datagrams on. */
export const tunnelExit = (name: string, address: EnvoyConfig): EnvoyConfig => ({
  name,
  address,
  filter_chains: [
    {
      filters: [
        httpConnectionManager({
          stat_prefix: name,
          codec_type: 'HTTP2',
          http2_protocol_options: { allow_connect: true },
          upgrade_configs: [{ upgrade_type: 'CONNECT-UDP' }],
          // A flow ends when the other end says so.
          stream_idle_timeout: '0s',
          http_filters: [ROUTER_FILTER],
          route_config: {
            virtual_hosts: [
              {
                name,
                domains: ['*'],
                routes: [
                  {
                    match: { connect_matcher: {} },
                    route: {
                      cluster: name,
                      timeout: '0s',
                      upgrade_configs: [{ upgrade_type: 'CONNECT-UDP', connect_config: {} }],
                    },
                  },
                ],
              },
            ],
          },
        }),
      ],
    },
  ],
});
