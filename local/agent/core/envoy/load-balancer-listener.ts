/** A listener of a load balancer: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html */
import type { Listener, LoadBalancer } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { headersSet, httpConnectionManager, seconds, socketAddress, UPGRADES } from './common.ts';
import { CLIENT_ADDRESS } from './client-address.ts';
import { errorPages } from './error-pages.ts';
import { NAMES_AS_WRITTEN, MOST_HEADERS } from './load-balancer-limits.ts';
import { requestFilter } from './request-script.ts';
import { LUA_FILTER, usesLua } from './route-script.ts';
import { isSticky, STICKY_FILTER } from './stickiness.ts';
import { listenerTransport } from './tls.ts';
import { typed } from './typed.ts';

/** More than the load balancer takes, so that its own limits are what a client meets. */
const REQUEST_HEADERS_KB = 1024;

/**
 * When its time is over a connection ends, and not after Envoy's usual five seconds for what is under way and another one for
 * the client's own end: a tenth is some hundred times the way to any client of this machine.
 */
const ENDS_WITHIN = '0.1s';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes */
const TLS_OF_THE_CLIENT = {
  'x-amzn-tls-version': '%DOWNSTREAM_TLS_VERSION%',
  'x-amzn-tls-cipher-suite': '%DOWNSTREAM_TLS_CIPHER%',
};

/** @param routes of its rules, in their order */
export function listenerOf(listener: Listener, balancer: LoadBalancer, routes: readonly EnvoyConfig[]): EnvoyConfig {
  const name = `listener-${String(listener.port)}`;
  const { attributes } = balancer;
  return {
    name,
    address: socketAddress('0.0.0.0', listener.port),
    filter_chains: [
      {
        ...(listener.tls &&
          listenerTransport(listener.tls, balancer.tlsDirectory, [...(attributes.http2 ? ['h2'] : []), 'http/1.1'])),
        filters: [
          CLIENT_ADDRESS,
          httpConnectionManager({
            stat_prefix: name,
            // "No HTTP/2 without TLS", where clients and load balancer agree on it by ALPN.
            codec_type: listener.tls === undefined ? 'HTTP1' : 'AUTO',
            http_protocol_options: {
              accept_http_10: true,
              // "You can use standard or custom HTTP methods": the page of conditions.
              allow_custom_methods: true,
              default_host_for_http_10: balancer.dnsName,
              header_key_format: NAMES_AS_WRITTEN,
            },
            // The last answer of a connection that has lasted says so.
            http1_safe_max_connection_duration: true,
            common_http_protocol_options: {
              max_connection_duration: seconds(attributes.keepAliveSeconds),
              idle_timeout: seconds(attributes.idleTimeoutSeconds),
              max_headers_count: MOST_HEADERS,
            },
            drain_timeout: ENDS_WITHIN,
            delayed_close_timeout: ENDS_WITHIN,
            max_request_headers_kb: REQUEST_HEADERS_KB,
            ...UPGRADES,
            // Targets' own Server header passes; the load balancer names itself only in its own answers.
            server_header_transformation: 'PASS_THROUGH',
            // Appends the client to x-forwarded-for, sets x-forwarded-proto, and drops a client's x-envoy-* headers.
            use_remote_address: true,
            skip_xff_append: attributes.forwardedFor !== 'append',
            generate_request_id: false,
            stream_idle_timeout: seconds(attributes.idleTimeoutSeconds),
            local_reply_config: errorPages(),
            http_filters: [
              requestFilter(attributes, listener),
              ...(routes.some(usesLua) ? [LUA_FILTER] : []),
              ...(balancer.targetGroups.some(isSticky) ? [STICKY_FILTER] : []),
              {
                name: 'envoy.filters.http.router',
                typed_config: typed('extensions.filters.http.router.v3.Router', { suppress_envoy_headers: true }),
              },
            ],
            route_config: {
              name,
              // Both files are taken up on their own; a rule may come a moment before its target group.
              validate_clusters: false,
              request_headers_to_remove: ['x-envoy-external-address', 'x-envoy-internal'],
              request_headers_to_add: headersSet({
                'x-forwarded-port': String(listener.port),
                ...(attributes.tellsTls && listener.tls ? TLS_OF_THE_CLIENT : {}),
              }),
              virtual_hosts: [{ name, domains: ['*'], routes }],
            },
          }),
        ],
      },
    ],
  };
}
