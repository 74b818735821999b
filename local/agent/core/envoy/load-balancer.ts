/** An Application Load Balancer as an Envoy whose listeners and clusters change while it runs. */
import type { TargetGroupAttributes } from '../../../aws-shapes/target-group-attributes.ts';
import type { Complain } from '../../../region/complaints.ts';
import type { Listener, LoadBalancer, LocalPorts, TargetGroup } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import {
  adminOn,
  CONNECTION_LIMIT,
  edsCluster,
  headersSet,
  httpConnectionManager,
  NO_CIRCUIT_BREAKER,
  seconds,
  socketAddress,
  STATS_CONFIG,
  UPGRADES,
} from './common.ts';
import { typed } from './typed.ts';
import { dynamicResources, proxyResources, type ProxyResources } from './discovery-response.ts';
import { errorPages } from './error-pages.ts';
import { routesOf } from './load-balancer-rules.ts';
import { requestFilter } from './request-script.ts';
import { LUA_FILTER, usesLua } from './redirect.ts';
import { isSticky, STICKY_FILTER } from './stickiness.ts';
import { listenerTransport, targetTransport } from './tls.ts';

export interface LoadBalancerBootstrap {
  readonly name: string;
  readonly adminSocketPath: string;
  /** Holds its listeners and clusters. */
  readonly configDirectory: string;
}

export function loadBalancerBootstrap({ name, adminSocketPath, configDirectory }: LoadBalancerBootstrap): EnvoyConfig {
  return {
    node: { id: `load-balancer/${name}`, cluster: 'load-balancer' },
    admin: adminOn(adminSocketPath),
    ...CONNECTION_LIMIT,
    ...STATS_CONFIG,
    ...dynamicResources(configDirectory),
  };
}

/** "64 K for the entire request header", "32 K for the entire response header": https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const [REQUEST_HEADERS_KB, RESPONSE_HEADERS_KB] = [64, 32];
/** Their size is the limit, and not their number: as many as fit, at three bytes each. */
const MOST_HEADERS = 20_000;

/** Names leave as they came, and those that are added with capitals. */
const NAMES_AS_WRITTEN: EnvoyConfig = {
  stateful_formatter: {
    name: 'preserve_case',
    typed_config: typed('extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig', {
      formatter_type_on_envoy_headers: 'PROPER_CASE',
    }),
  },
};

function listenerOf(
  listener: Listener,
  balancer: LoadBalancer,
  localPorts: LocalPorts,
  complain: Complain,
): EnvoyConfig {
  const name = `listener-${String(listener.port)}`;
  const routes = listener.rules.flatMap((rule) =>
    orNothing(rule.arn, complain, () => routesOf(rule, balancer, localPorts, listener)),
  );
  return {
    name,
    address: socketAddress('0.0.0.0', listener.port),
    filter_chains: [
      {
        ...(listener.tls && listenerTransport(listener.tls, balancer.tlsDirectory)),
        filters: [
          httpConnectionManager({
            stat_prefix: name,
            // "No HTTP/2 without TLS", where clients and load balancer agree on it by ALPN.
            codec_type: listener.tls === undefined ? 'HTTP1' : 'AUTO',
            http_protocol_options: {
              accept_http_10: true,
              default_host_for_http_10: balancer.dnsName,
              header_key_format: NAMES_AS_WRITTEN,
            },
            common_http_protocol_options: {
              idle_timeout: seconds(balancer.attributes.idleTimeoutSeconds),
              max_headers_count: MOST_HEADERS,
            },
            max_request_headers_kb: REQUEST_HEADERS_KB,
            ...UPGRADES,
            // Targets' own Server header passes; the load balancer names itself only in its own answers.
            server_header_transformation: 'PASS_THROUGH',
            // Appends the client to x-forwarded-for, sets x-forwarded-proto, and drops a client's x-envoy-* headers.
            use_remote_address: true,
            skip_xff_append: balancer.attributes.forwardedFor !== 'append',
            generate_request_id: false,
            stream_idle_timeout: seconds(balancer.attributes.idleTimeoutSeconds),
            local_reply_config: errorPages(),
            http_filters: [
              requestFilter(balancer.attributes),
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
              request_headers_to_add: headersSet({ 'x-forwarded-port': String(listener.port) }),
              virtual_hosts: [
                {
                  name,
                  domains: ['*'],
                  routes,
                },
              ],
            },
          }),
        ],
      },
    ],
  };
}

/** `200`, `200,202`, `200-299` as Envoy's half-open ranges. */
export function statusRanges(matcher: string): { start: number; end: number }[] {
  return matcher.split(',').map((part) => {
    const [from = NaN, to = from] = part.trim().split('-').map(Number);
    if (!Number.isInteger(from) || !Number.isInteger(to))
      throw new Error(`health check matcher "${matcher}" is not codes such as 200, 200,202 or 200-299`);
    return { start: from, end: to + 1 };
  });
}

/**
 * "The load balancer failed to establish a connection to the target before the connection timeout expired (10 seconds)":
 * half of them for each of the two tries of a request.
 */
const CONNECT_TIMEOUT = '5s';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html */
function algorithm({ algorithm: name, slowStartSeconds }: TargetGroupAttributes): EnvoyConfig {
  if (name === 'weighted_random') return { lb_policy: 'RANDOM' };
  if (name === 'least_outstanding_requests') return { lb_policy: 'LEAST_REQUEST' };
  const slow_start_config = { slow_start_window: seconds(slowStartSeconds) };
  return slowStartSeconds === 0 ? {} : { round_robin_lb_config: { slow_start_config } };
}

function clusterOf({ attributes, edsName, healthCheck, protocol }: TargetGroup, balancer: LoadBalancer): EnvoyConfig {
  const interval = seconds(healthCheck.intervalSeconds);
  const soon = seconds(Math.min(1, healthCheck.intervalSeconds));
  const transport = targetTransport(protocol, healthCheck.protocol);
  return {
    ...edsCluster(edsName, edsName, balancer.edsDirectory),
    ...algorithm(attributes),
    connect_timeout: CONNECT_TIMEOUT,
    ...transport.ofCluster,
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
        'extensions.upstreams.http.v3.HttpProtocolOptions',
        {
          common_http_protocol_options: {
            max_response_headers_kb: RESPONSE_HEADERS_KB,
            max_headers_count: MOST_HEADERS,
          },
          explicit_http_config: { http_protocol_options: { header_key_format: NAMES_AS_WRITTEN } },
        },
      ),
    },
    ...NO_CIRCUIT_BREAKER,
    // A target that was taken out is out, whatever its last check said; its requests in flight finish.
    ignore_health_on_host_removal: true,
    // A load balancer whose targets all fail sends to all of them ("fail open").
    common_lb_config: {
      healthy_panic_threshold: { value: 1 },
      // Envoy holds health changes back for a second to merge them: a target would be reported healthy before it gets requests.
      update_merge_window: '0s',
    },
    // The port of the checks is each endpoint's own.
    health_checks: [
      {
        ...transport.ofHealthCheck,
        timeout: seconds(healthCheck.timeoutSeconds),
        interval,
        // A target that does not answer yet is asked every second, not at its interval: a task is up in less than that
        // here. Envoy takes the first success for enough, and a target that failed is back after the healthy threshold.
        unhealthy_interval: soon,
        unhealthy_edge_interval: soon,
        // Until a target group got its first request Envoy has intervals of their own.
        no_traffic_interval: soon,
        no_traffic_healthy_interval: interval,
        // A connection for each, which ends with it.
        reuse_connection: false,
        healthy_threshold: healthCheck.healthyThreshold,
        unhealthy_threshold: healthCheck.unhealthyThreshold,
        http_health_check: {
          path: healthCheck.path,
          expected_statuses: statusRanges(healthCheck.matcher),
          // Without this Envoy takes one wrong status for enough, whatever the unhealthy threshold says.
          retriable_statuses: [{ start: 100, end: 600 }],
          request_headers_to_add: headersSet({
            'user-agent': 'ELB-HealthChecker/2.0',
            'accept-encoding': 'gzip, compressed',
            connection: 'close',
          }),
        },
      },
    ],
  };
}

/** What throws is complained about, and left out. */
function orNothing<T>(arn: string, complain: Complain, make: () => readonly T[]): readonly T[] {
  try {
    return make();
  } catch (error) {
    complain(arn, error instanceof Error ? error.message : String(error));
    return [];
  }
}

/**
 * @param localPorts where this machine reaches its listeners
 * @param complain about a rule or a target group that can't be had here, and is left out
 */
export function loadBalancerResources(
  balancer: LoadBalancer,
  localPorts: LocalPorts,
  complain: Complain,
): ProxyResources {
  return proxyResources(
    balancer.listeners.map((listener) => listenerOf(listener, balancer, localPorts, complain)),
    balancer.targetGroups.flatMap((group) => orNothing(group.arn, complain, () => [clusterOf(group, balancer)])),
  );
}
