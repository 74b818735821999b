/** A task as those see it who decide about it: no more than they look at, so that a test can stand in for one. */
import type { HealthStatus } from '../core/health.ts';
import type { ContainerDefinition } from '../core/task-definition.ts';
import type { StopCause, TaskPlan, TaskStatus } from '../core/task-plan.ts';

export interface RunningContainer {
  readonly definition: ContainerDefinition;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly healthStatus: HealthStatus;
}

export interface RunningProxy {
  /** Whether another agent started it: then it has been told what this one does not know. */
  readonly adopted: boolean;
  /** Whether it said LIVE and still runs. */
  readonly live: boolean;
  setRuntime(values: Readonly<Record<string, string>>): Promise<void>;
}

export interface RunningTask {
  readonly plan: TaskPlan;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly status: TaskStatus;
  readonly stopCause: StopCause | undefined;
  readonly wanted: boolean;
  /** Whether its stop counts against its deployment. */
  readonly failed: boolean;
  readonly healthy: boolean;
  readonly unhealthy: boolean;
  readonly containers: ReadonlyMap<string, RunningContainer>;
  readonly sidecar: RunningProxy | undefined;
  /** Stops the task once; later calls wait for the same end. */
  stop(cause: StopCause): Promise<void>;
}
