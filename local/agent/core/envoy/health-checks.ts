/** Health checks of target groups: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
import type { CheckProtocol, TargetGroup } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { headersSet, seconds } from './common.ts';
import { grpcCheckHeaders, GRPC_PASSED } from './grpc-checks.ts';
import { targetTransport } from './tls.ts';
import { typed } from './typed.ts';

/** `200`, `200,202`, `200-299` as Envoy's half-open ranges. */
export function statusRanges(matcher: string): { start: number; end: number }[] {
  return matcher.split(',').map((part) => {
    const [from = NaN, to = from] = part.trim().split('-').map(Number);
    if (!Number.isInteger(from) || !Number.isInteger(to))
      throw new Error(`health check matcher "${matcher}" is not codes such as 200, 200,202 or 200-299`);
    return { start: from, end: to + 1 };
  });
}

/** Checks by gRPC go to the relay, which goes on to the target by the group's protocol. */
export const checkProtocol = ({ protocolVersion, healthCheck }: TargetGroup): CheckProtocol =>
  protocolVersion === 'GRPC' ? 'HTTP' : healthCheck.protocol;

const OF_EVERY_CHECK = { 'user-agent': 'ELB-HealthChecker/2.0', 'accept-encoding': 'gzip, compressed' };

/** What is asked, and which answers are good. @throws Error when the matcher can't be read */
function askedOf({ protocol, protocolVersion, healthCheck }: TargetGroup): EnvoyConfig {
  const { path, matcher } = healthCheck;
  const ranges = statusRanges(matcher);
  const headers = {
    ...OF_EVERY_CHECK,
    // A connection of HTTP/2 has no such header.
    ...(protocolVersion === 'HTTP2' ? {} : { connection: 'close' }),
    ...(protocolVersion === 'GRPC' ? grpcCheckHeaders(ranges, protocol === 'HTTPS' ? 'HTTPS' : 'HTTP') : {}),
  };
  return {
    path,
    ...(protocolVersion === 'HTTP2' ? { codec_client_type: 'HTTP2' } : {}),
    expected_statuses: protocolVersion === 'GRPC' ? [GRPC_PASSED] : ranges,
    // Without this Envoy takes one wrong status for enough, whatever the unhealthy threshold says.
    retriable_statuses: [{ start: 100, end: 600 }],
    request_headers_to_add: headersSet(headers),
  };
}

/**
 * The port of the checks is each endpoint's own.
 * @param log a file that gets what each failed check found
 */
export function healthCheckOf(group: TargetGroup, log: string | undefined): EnvoyConfig {
  const { healthCheck, protocol } = group;
  const interval = seconds(healthCheck.intervalSeconds);
  const soon = seconds(Math.min(1, healthCheck.intervalSeconds));
  return {
    ...targetTransport(protocol, checkProtocol(group)).ofHealthCheck,
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
    ...(log === undefined ? {} : logged(log)),
    // A connection that comes about is enough.
    ...(healthCheck.protocol === 'TCP' ? { tcp_health_check: {} } : { http_health_check: askedOf(group) }),
  };
}

/** Each failure, as a target that refused connections may answer with a wrong code by now. */
function logged(event_log_path: string): EnvoyConfig {
  const sink = typed('extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink', { event_log_path });
  return {
    always_log_health_check_failures: true,
    event_logger: [{ name: 'envoy.health_check.event_sinks.file', typed_config: sink }],
  };
}
