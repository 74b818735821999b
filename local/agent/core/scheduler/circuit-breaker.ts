/** When a rolling deployment has failed too often to go on. */

/** What is remembered of the tasks of a deployment that stopped without being asked to. */
export interface DeploymentFailures {
  readonly count: number;
  /** Why the last one stopped, with its last log lines. */
  readonly lastReason: string;
  /** Epoch milliseconds before which no task of this deployment is started again. */
  readonly retryAt: number;
}

export const NO_FAILURES: DeploymentFailures = { count: 0, lastReason: '', retryAt: 0 };

/**
 * Failed tasks after which the circuit breaker trips: half of the desired count, at least 3 and at most 200.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function circuitBreakerThreshold(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
}

/**
 * Counts one more failed task and holds the next start back: 0.5 s, doubled for each failure, up to a minute.
 * ECS throttles in the same manner, over minutes; here a person is watching.
 */
export function afterFailure(before: DeploymentFailures, reason: string, now: number): DeploymentFailures {
  const delay = Math.min(60_000, 500 * 2 ** before.count);
  return { count: before.count + 1, lastReason: reason, retryAt: now + delay };
}
