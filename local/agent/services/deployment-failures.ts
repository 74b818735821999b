/** Counts the tasks that failed against their deployments, each once: the circuit breaker and the throttle go by it. */
import type { Deployment, Service } from '../core/region-state.ts';
import {
  afterFailure,
  NO_FAILURES,
  throttleNotice,
  type DeploymentFailures as Failures,
} from '../core/scheduler/circuit-breaker.ts';
import type { TaskView } from '../core/scheduler/scheduled-task.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import type { ServiceEvents } from './service-events.ts';

export class DeploymentFailures {
  readonly #events: ServiceEvents;
  readonly #byDeployment = new Map<string, Failures>();
  /** Tasks that ended a row of failures, and those that were counted in one: each does so once. */
  readonly #proven = new Set<string>();
  readonly #counted = new Set<string>();

  constructor(events: ServiceEvents) {
    this.#events = events;
  }

  /** By deployment id. */
  get all(): ReadonlyMap<string, Failures> {
    return this.#byDeployment;
  }

  /** A task that could not even be made. */
  notPlaced({ service, deployment }: Pick<TaskPlan, 'service' | 'deployment'>, reason: string): void {
    this.#events.add(service, `(service ${service.name}) was unable to place a task: ${reason}`);
    this.#count(service, deployment, reason);
  }

  /** A task that ended by itself, the first time that it is told. */
  taskFailed({ plan, stopCause }: RunningTask): void {
    if (this.#counted.has(plan.id)) return;
    this.#counted.add(plan.id);
    const { service, deployment } = plan;
    const reason = `(task ${plan.id.slice(0, 12)}) ${stopCause?.reason ?? 'stopped'}`;
    this.#events.add(service, reason);
    this.#count(service, deployment, reason);
  }

  #count(service: Service, { id }: Deployment, reason: string): void {
    const now = Date.now();
    const failures = afterFailure(this.#byDeployment.get(id) ?? NO_FAILURES, reason, now);
    this.#byDeployment.set(id, failures);
    const notice = throttleNotice(service, failures, now);
    if (notice !== undefined) this.#events.add(service, notice);
  }

  /** `resetOnHealthyTask`: a task that has proven itself ends the row of failures. */
  noteProven(tasks: readonly TaskView[], { circuitBreaker: { resetOnHealthyTask = true } }: Service): void {
    for (const { id, deploymentId, steady } of tasks) {
      if (!steady || this.#proven.has(id)) continue;
      this.#proven.add(id);
      if (resetOnHealthyTask) this.#byDeployment.delete(deploymentId);
    }
  }

  /** Forgets tasks and deployments that are over. */
  keepOnly(tasks: ReadonlyMap<string, unknown>, deployments: ReadonlySet<string>): void {
    for (const memory of [this.#proven, this.#counted]) for (const id of memory) if (!tasks.has(id)) memory.delete(id);
    for (const id of this.#byDeployment.keys()) if (!deployments.has(id)) this.#byDeployment.delete(id);
  }
}
