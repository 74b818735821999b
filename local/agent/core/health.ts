/** The state of a container health check: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
import type { HealthCheckCommand } from './task-definition.ts';

export type HealthStatus = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

export interface Health {
  readonly status: HealthStatus;
  readonly failuresInARow: number;
}

/** Whether a container is checked at all: `NONE` turns off the check that its image has. */
export function isChecked(check: HealthCheckCommand | undefined): check is HealthCheckCommand {
  return check !== undefined && check.command[0] !== 'NONE';
}

export function initialHealth(check: HealthCheckCommand | undefined): Health {
  return { status: isChecked(check) ? 'UNKNOWN' : 'HEALTHY', failuresInARow: 0 };
}

/**
 * After one more result. Before the first success checks may come faster than the interval, so failures then count by
 * the time they went on: unhealthy after the start period and `retries` intervals.
 */
export function nextHealth(
  health: Health,
  check: HealthCheckCommand,
  passed: boolean,
  secondsSinceStart: number,
): Health {
  if (passed) return { status: 'HEALTHY', failuresInARow: 0 };
  if (health.status === 'UNKNOWN') {
    const patience = check.startPeriodSeconds + check.retries * check.intervalSeconds;
    return { status: secondsSinceStart >= patience ? 'UNHEALTHY' : 'UNKNOWN', failuresInARow: 0 };
  }
  const failuresInARow = health.failuresInARow + 1;
  const status = failuresInARow >= check.retries ? 'UNHEALTHY' : health.status;
  return { status, failuresInARow };
}
