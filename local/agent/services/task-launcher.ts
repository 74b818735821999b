/** Plans a task of a service and has it started: at the scheduler's word, or as an agent before this one had it. */
import { randomBytes } from 'node:crypto';
import type { FormerTask } from '../core/ledger.ts';
import type { RegionState } from '../core/region-state.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import { planTask, subnetIn, type NewTask } from '../core/topology/task-planner.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import type { BlueGreenController } from './blue-green-controller.ts';
import type { DeploymentFailures } from './deployment-failures.ts';
import type { ServiceEvents } from './service-events.ts';
import type { ServiceParts } from './service-parts.ts';

export class TaskLauncher<T extends RunningTask> {
  readonly #parts: Pick<ServiceParts<T>, 'addresses' | 'aliases' | 'planner' | 'startTask'>;
  readonly #events: Pick<ServiceEvents, 'add'>;
  readonly #failures: Pick<DeploymentFailures, 'notPlaced'>;
  readonly #blueGreen: Pick<BlueGreenController, 'targetGroupOf'>;

  constructor(
    parts: Pick<ServiceParts<T>, 'addresses' | 'aliases' | 'planner' | 'startTask'>,
    events: Pick<ServiceEvents, 'add'>,
    failures: Pick<DeploymentFailures, 'notPlaced'>,
    blueGreen: Pick<BlueGreenController, 'targetGroupOf'>,
  ) {
    this.#parts = parts;
    this.#events = events;
    this.#failures = failures;
    this.#blueGreen = blueGreen;
  }

  /** Starts a new task; one that can't be placed counts against its deployment, and its address is free again. */
  launch(start: Pick<NewTask, 'service' | 'deployment' | 'zone' | 'capacityProvider'>, state: RegionState): void {
    const { service, deployment, zone } = start;
    const id = randomBytes(16).toString('hex');
    let address: string | undefined;
    try {
      address = this.#parts.addresses.take(subnetIn(zone, deployment, state));
      const plan = planTask(
        {
          ...start,
          id,
          address,
          aliases: this.#parts.aliases.of(deployment.id),
          targetGroupOf: (one) => this.#blueGreen.targetGroupOf(one, deployment.id, service),
        },
        state,
        this.#parts.planner,
      );
      const on = start.capacityProvider === undefined ? '' : ` on ${start.capacityProvider}`;
      this.#events.add(service, `started task ${id} in ${zone}${on}`);
      this.#parts.startTask(plan);
    } catch (error) {
      // Nothing about it gets better by trying again soon; the circuit breaker ends it.
      if (address !== undefined) this.#parts.addresses.give(address);
      this.#failures.notPlaced(start, error instanceof Error ? error.message : String(error));
    }
  }

  /** The plan of a task that an agent before this one started. @throws Error when what it needs is gone */
  formerPlan(former: FormerTask, state: RegionState): TaskPlan {
    const service = state.services.find(({ arn }) => arn === former.serviceArn);
    const deployment = service?.deployments.find(({ id }) => id === former.deploymentId);
    if (service === undefined || deployment === undefined) throw new Error('its service or its deployment is gone');
    const { id, zone, address, capacityProvider, targets } = former;
    const { aliases, planner } = this.#parts;
    const task = { id, zone, address, capacityProvider, service, deployment, aliases: aliases.of(deployment.id) };
    return { ...planTask({ ...task, targetGroupOf: (one) => one.targetGroupArn }, state, planner), targets };
  }
}
