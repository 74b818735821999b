/** The outbound side of a sidecar: one listener for every alias, one cluster for every discovery name. */
import type { ClientAlias, EnvoyConfig, Sidecar } from '../mesh.ts';
import { assignVips } from '../network/vips.ts';
import { testEdsName } from '../eds-names.ts';
import { accessLog } from './access-log.ts';
import {
  edsCluster,
  GRPC_STATS_FILTER,
  HTTP2_UPSTREAM,
  httpConnectionManager,
  NO_CIRCUIT_BREAKER,
  ROUTER_FILTER,
  seconds,
  socketAddress,
  tcpProxy,
  UPGRADES,
} from './common.ts';
import { typed } from './typed.ts';
import { internalAddresses } from './ingress.ts';
import { upstreamTls } from './tls.ts';

/**
 * "Number of retries: 2", on another host. The conditions are App Mesh's, Service Connect's ancestor; AWS does not
 * document its own. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
const RETRIES = 2;

function retryPolicy(alias: ClientAlias): EnvoyConfig {
  const conditions = [
    'connect-failure',
    'refused-stream',
    'reset',
    'retriable-status-codes',
    ...(alias.protocol === 'grpc' ? ['unavailable'] : []),
  ];
  return {
    retry_on: conditions.join(','),
    retriable_status_codes: [503],
    num_retries: RETRIES,
    retry_host_predicate: [
      {
        name: 'envoy.retry_host_predicates.previous_hosts',
        typed_config: typed('extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate'),
      },
    ],
    // Envoy's own example: how often another host is drawn before a used one is taken after all.
    host_selection_retry_max_attempts: 5,
  };
}

function routeTo(cluster: string, alias: ClientAlias): EnvoyConfig {
  return {
    cluster,
    timeout: seconds(alias.timeouts.perRequestSeconds ?? 0),
    idle_timeout: seconds(alias.timeouts.idleSeconds),
    retry_policy: retryPolicy(alias),
  };
}

const testCluster = (discoveryName: string): string => `${discoveryName}-test`;

/** Requests with the test header go where a blue/green deployment is tested; otherwise that is where all others go. */
function testRoute(alias: ClientAlias): EnvoyConfig[] {
  const { testHeader } = alias;
  if (testHeader === undefined) return [];
  const matcher =
    testHeader.exact === undefined ? { present_match: true } : { string_match: { exact: testHeader.exact } };
  const match = { prefix: '/', headers: [{ name: testHeader.name, ...matcher }] };
  return [{ match, route: routeTo(testCluster(alias.discoveryName), alias) }];
}

function filter(alias: ClientAlias, sidecar: Sidecar): EnvoyConfig {
  const { discoveryName, protocol, timeouts } = alias;
  const log = accessLog(sidecar.accessLog, protocol);
  if (protocol === 'tcp') {
    return tcpProxy({
      stat_prefix: `egress_${discoveryName}`,
      cluster: discoveryName,
      idle_timeout: seconds(timeouts.idleSeconds),
      max_connect_attempts: RETRIES + 1,
      ...log,
    });
  }
  return httpConnectionManager({
    stat_prefix: `egress_${discoveryName}`,
    stream_idle_timeout: seconds(timeouts.idleSeconds),
    // The application's own headers count: it is the origin of the request, not a proxy's client.
    use_remote_address: false,
    ...(protocol === 'http' ? UPGRADES : {}),
    internal_address_config: internalAddresses(sidecar),
    ...log,
    ...(protocol === 'grpc' ? { http_filters: [GRPC_STATS_FILTER, ROUTER_FILTER] } : {}),
    route_config: {
      name: `egress_${discoveryName}`,
      virtual_hosts: [
        {
          name: discoveryName,
          domains: ['*'],
          routes: [...testRoute(alias), { match: { prefix: '/' }, route: routeTo(discoveryName, alias) }],
        },
      ],
    },
  });
}

/** Every name has a virtual address of its own; the port tells the aliases of one name apart. */
export function egressListener(sidecar: Sidecar): EnvoyConfig {
  const vips = assignVips(sidecar.aliases.map(({ dnsName }) => dnsName));
  return {
    name: 'egress',
    traffic_direction: 'OUTBOUND',
    address: socketAddress('0.0.0.0', sidecar.egressPort),
    listener_filters: [
      {
        name: 'envoy.filters.listener.original_dst',
        typed_config: typed('extensions.filters.listener.original_dst.v3.OriginalDst'),
      },
    ],
    filter_chains: sidecar.aliases.map((alias) => ({
      name: `${alias.dnsName}:${String(alias.port)}`,
      filter_chain_match: {
        destination_port: alias.port,
        prefix_ranges: [{ address_prefix: vips.get(alias.dnsName) ?? '', prefix_len: 32 }],
      },
      filters: [filter(alias, sidecar)],
    })),
  };
}

/** One cluster for each discovery name; two aliases may share one. */
export function egressClusters(sidecar: Sidecar): EnvoyConfig[] {
  const byName = new Map(sidecar.aliases.map((alias) => [alias.discoveryName, alias]));
  return [...byName.values()].flatMap((alias) => [
    cluster(alias.discoveryName, alias.edsName, alias, sidecar),
    ...(alias.testHeader === undefined
      ? []
      : [cluster(testCluster(alias.discoveryName), testEdsName(alias.edsName), alias, sidecar)]),
  ]);
}

function cluster(name: string, edsName: string, alias: ClientAlias, sidecar: Sidecar): EnvoyConfig {
  return {
    ...edsCluster(name, edsName, sidecar.edsDirectory),
    ...upstreamTls(alias, sidecar.tlsDirectory),
    ...NO_CIRCUIT_BREAKER,
    ...(alias.protocol === 'http2' || alias.protocol === 'grpc' ? HTTP2_UPSTREAM : {}),
    common_lb_config: {
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-zone-aware-routing.html
      zone_aware_lb_config: { min_cluster_size: 2 * sidecar.zoneCount },
      // A choice: requests never go to what is known to be gone.
      healthy_panic_threshold: { value: 0 },
    },
    // "5 or more of the connections failed in the last 30 seconds": avoided for 30 to 300 seconds. The share that may
    // be avoided at once is not documented: half, and always one.
    outlier_detection: {
      consecutive_5xx: 5,
      interval: '30s',
      base_ejection_time: '30s',
      max_ejection_time: '300s',
      max_ejection_percent: 50,
      always_eject_one_host: true,
    },
  };
}
