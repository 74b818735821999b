/**
 * When a deployment has failed too often to go on, and how failed tasks are held back.
 *
 * ECS counts in two stages: tasks that never get to RUNNING, then tasks that run and fail their health checks. Here a task
 * counts as well that ends by itself, whatever its exit code: the essential container of a service has no end of its own.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
import type { Service } from '../region-state.ts';

/** What is remembered of the tasks of a deployment that stopped without being asked to. */
export interface DeploymentFailures {
  readonly count: number;
  /** Why the last one stopped, with its last log lines. */
  readonly lastReason: string;
  /** Epoch milliseconds before which no task of this deployment is started again. */
  readonly retryAt: number;
}

export const NO_FAILURES: DeploymentFailures = { count: 0, lastReason: '', retryAt: 0 };

/** The defaults of AWS. */
const HALF = { type: 'BOUNDED_PERCENT', value: 50 } as const;

/**
 * Failed tasks after which the circuit breaker trips: a share of the desired count, at least 3 and at most 200 unless it is
 * unbounded, or a count.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
 */
export function circuitBreakerThreshold({
  desiredCount,
  circuitBreaker: { thresholdConfiguration: { type, value } = HALF },
}: Pick<Service, 'desiredCount' | 'circuitBreaker'>): number {
  if (type === 'COUNT') return value;
  const share = Math.ceil((desiredCount * value) / 100);
  return type === 'BOUNDED_PERCENT' ? Math.min(200, Math.max(3, share)) : Math.max(1, share);
}

/**
 * Counts one more failed task and holds the next start back: 0.5 s, doubled for each failure, up to a minute.
 * ECS throttles in the same manner, over minutes; here a person is watching.
 */
export function afterFailure(before: DeploymentFailures, reason: string, now: number): DeploymentFailures {
  const delay = Math.min(60_000, 500 * 2 ** before.count);
  return { count: before.count + 1, lastReason: reason, retryAt: now + delay };
}

/**
 * What ECS says of a service whose tasks fail in a row, with the time until the next one; absent when nothing is held back.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
 */
export function throttleNotice(
  service: Service,
  { count, retryAt }: DeploymentFailures,
  now: number,
): string | undefined {
  // Two failures may be an accident; from the third on they are a row, which is also where the circuit breaker starts.
  if (count < 3) return undefined;
  if (service.circuitBreaker.enable && count >= circuitBreakerThreshold(service)) return undefined;
  const wait = Math.ceil((retryAt - now) / 1000);
  return `(service ${service.name}) is unable to consistently start tasks successfully: the next one starts in ${String(wait)} s`;
}
