/**
 * What a failed health check found, from Envoy's log of them:
 * https://www.envoyproxy.io/docs/envoy/latest/api-v3/data/core/v3/health_check_event.proto
 */
import { z } from 'zod';
import { grpcStatusOf } from './grpc-checks.ts';

const Event = z.object({
  host: z.object({ socket_address: z.object({ address: z.string(), port_value: z.number() }) }),
  cluster_name: z.string(),
  health_check_failure_event: z.object({ failure_type: z.string(), http_status_code: z.number().default(0) }),
});

/** A wrong code (of HTTP, or of gRPC where the check calls a method), no answer in time, or no connection and no HTTP. */
export type CheckFailure = { readonly kind: 'code'; readonly code: number } | { readonly kind: 'timeout' | 'failed' };

export interface FailedCheck {
  /** `cluster address:port` of the target. */
  readonly target: string;
  readonly failure: CheckFailure;
}

function failureOf({
  failure_type,
  http_status_code,
}: z.infer<typeof Event>['health_check_failure_event']): CheckFailure {
  if (failure_type === 'NETWORK_TIMEOUT') return { kind: 'timeout' };
  return failure_type === 'ACTIVE' && http_status_code > 0
    ? { kind: 'code', code: http_status_code }
    : { kind: 'failed' };
}

/** @returns undefined for what is no failed check: another event, or half a line */
export function failedCheck(line: string): FailedCheck | undefined {
  if (!line.includes('health_check_failure_event')) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined; // the log was moved on in the midst of it
  }
  const { data } = Event.safeParse(read);
  if (data === undefined) return undefined;
  const { address, port_value } = data.host.socket_address;
  return {
    target: `${data.cluster_name} ${address}:${String(port_value)}`,
    failure: failureOf(data.health_check_failure_event),
  };
}

/** As a check by gRPC says it, whose relay answers in HTTP. */
export function ofGrpc(failure: CheckFailure): CheckFailure {
  if (failure.kind !== 'code') return failure;
  const code = grpcStatusOf(failure.code);
  return code === undefined ? { kind: 'failed' } : { kind: 'code', code };
}
