/** A target group of a load balancer: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
import type { TargetGroupAttributes } from '../../../aws-shapes/target-group-attributes.ts';
import type { LoadBalancer, TargetGroup } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { edsCluster, NO_CIRCUIT_BREAKER, seconds } from './common.ts';
import { checkProtocol, healthCheckOf } from './health-checks.ts';
import { MOST_HEADERS, NAMES_AS_WRITTEN, RESPONSE_HEADERS_KB } from './load-balancer-limits.ts';
import { targetTransport } from './tls.ts';
import { typed } from './typed.ts';

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

/** @param checkLog for what checks find. @throws Error when its checks can't be had */
export function clusterOf(group: TargetGroup, balancer: LoadBalancer, checkLog: string | undefined): EnvoyConfig {
  const { attributes, edsName, protocol, protocolVersion } = group;
  return {
    ...edsCluster(edsName, edsName, balancer.edsDirectory),
    ...algorithm(attributes),
    connect_timeout: CONNECT_TIMEOUT,
    ...targetTransport(protocol, checkProtocol(group)).ofCluster,
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
        'extensions.upstreams.http.v3.HttpProtocolOptions',
        {
          common_http_protocol_options: {
            // It "applies to its connections", to clients and to targets.
            idle_timeout: seconds(balancer.attributes.idleTimeoutSeconds),
            max_response_headers_kb: RESPONSE_HEADERS_KB,
            max_headers_count: MOST_HEADERS,
          },
          explicit_http_config:
            protocolVersion === 'HTTP1'
              ? { http_protocol_options: { header_key_format: NAMES_AS_WRITTEN } }
              : { http2_protocol_options: {} },
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
    health_checks: [healthCheckOf(group, checkLog)],
  };
}
