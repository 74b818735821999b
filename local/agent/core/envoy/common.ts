/** Pieces that every generated Envoy configuration shares. */
import { edsFileName } from '../eds-names.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { BUCKETS_MS } from '../../../region/histogram.ts';
import { fileSource } from './discovery-response.ts';
import { typed } from './typed.ts';

/** Envoy's durations are strings of seconds; 0 turns a timeout off. */
export function seconds(value: number): string {
  return `${String(value)}s`;
}

export function socketAddress(address: string, port: number): EnvoyConfig {
  return { socket_address: { address, port_value: port } };
}

/** The admin interface as a socket that only its owner may use. 384 is 0600. */
export function adminOn(path: string): EnvoyConfig {
  return { address: { pipe: { path, mode: 384 } } };
}

/** Endpoints from a file, taken up when the file is moved into its directory. */
export function edsCluster(name: string, edsName: string, directory: string): EnvoyConfig {
  return {
    name,
    type: 'EDS',
    // Not an AWS fact but a choice: inside one machine or VPC a connection takes milliseconds or never comes.
    connect_timeout: '1s',
    eds_cluster_config: {
      service_name: edsName,
      eds_config: fileSource(directory, edsFileName(edsName)),
    },
    lb_policy: 'ROUND_ROBIN',
  };
}

/** Service Connect's ancestor App Mesh turns Envoy's circuit breakers off: 2^31 - 1. */
const UNLIMITED = 2_147_483_647;
export const NO_CIRCUIT_BREAKER: EnvoyConfig = {
  circuit_breakers: {
    thresholds: [
      { max_connections: UNLIMITED, max_pending_requests: UNLIMITED, max_requests: UNLIMITED, max_retries: UNLIMITED },
    ],
  },
};

/** The buckets that latencies are counted in. */
export const STATS_CONFIG: EnvoyConfig = {
  stats_config: { histogram_bucket_settings: [{ match: { suffix: 'rq_time' }, buckets: BUCKETS_MS }] },
};

/** Envoy warns without a limit; 50,000 is far above what one machine opens. */
export const CONNECTION_LIMIT: EnvoyConfig = {
  overload_manager: {
    resource_monitors: [
      {
        name: 'envoy.resource_monitors.global_downstream_max_connections',
        typed_config: typed('extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig', {
          max_active_downstream_connections: 50_000,
        }),
      },
    ],
  },
};

/** Headers that have these values, whatever they had. */
export const headersSet = (values: Readonly<Record<string, string>>): EnvoyConfig[] =>
  Object.entries(values).map(([key, value]) => ({
    header: { key, value },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  }));

export const ROUTER_FILTER: EnvoyConfig = {
  name: 'envoy.filters.http.router',
  typed_config: typed('extensions.filters.http.router.v3.Router'),
};

/**
 * Counts calls by grpc-status, as a failed one is a 200 too: `cluster.<name>.grpc.failure`, all methods together.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/grpc_stats_filter
 */
export const GRPC_STATS_FILTER: EnvoyConfig = {
  name: 'envoy.filters.http.grpc_stats',
  typed_config: typed('extensions.filters.http.grpc_stats.v3.FilterConfig', { stats_for_all_methods: false }),
};

/** WebSockets. AWS says nothing of them for Service Connect: this is inferred from its ancestor App Mesh, which let them pass. */
export const UPGRADES: EnvoyConfig = { upgrade_configs: [{ upgrade_type: 'websocket' }] };

export function httpConnectionManager(config: EnvoyConfig): EnvoyConfig {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: typed('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
      codec_type: 'AUTO',
      http_filters: [ROUTER_FILTER],
      ...config,
    }),
  };
}

export function tcpProxy(config: EnvoyConfig): EnvoyConfig {
  return {
    name: 'envoy.filters.network.tcp_proxy',
    typed_config: typed('extensions.filters.network.tcp_proxy.v3.TcpProxy', config),
  };
}

/** HTTP/2 to the upstream, for appProtocol http2 and grpc. */
export const HTTP2_UPSTREAM: EnvoyConfig = {
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
      'extensions.upstreams.http.v3.HttpProtocolOptions',
      {
        explicit_http_config: { http2_protocol_options: {} },
      },
    ),
  },
};
