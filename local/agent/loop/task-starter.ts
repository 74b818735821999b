/** Starts tasks in the networks of their VPCs. */
import type { TaskPlan } from '../core/task-plan.ts';
import type { AddressPool } from '../network/address-pool.ts';
import type { VpcNetworks } from '../network/vpc-network.ts';
import { oneLine } from '../../region/one-line.ts';
import type { Task } from '../runtime/task.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import type { ServiceController } from '../services/service-controller.ts';
import type { TaskRuns } from '../services/task-runs.ts';
import type { Changes } from './changes.ts';

export interface TaskStarterParts {
  readonly tasks: Map<string, Task>;
  readonly addresses: Pick<AddressPool, 'give'>;
  readonly networks: Pick<VpcNetworks, 'router'>;
  readonly services: Pick<ServiceController, 'startFailed'>;
  readonly runs: Pick<TaskRuns, 'startFailed'>;
  readonly changes: Changes;
  /** A task that does not start yet. */
  readonly newTask: (plan: TaskPlan, router: VpcRouter) => Task;
}

export class TaskStarter {
  readonly #parts: TaskStarterParts;

  constructor(parts: TaskStarterParts) {
    this.#parts = parts;
  }

  start(plan: TaskPlan): void {
    const { addresses, changes, networks, newTask, runs, services, tasks } = this.#parts;
    const failed = (error: unknown): void => {
      addresses.give(plan.address);
      (plan.order === undefined ? services : runs).startFailed(plan, oneLine(error));
      changes.note();
    };
    networks.router(plan.subnet.vpcId).then((ready) => {
      const task = newTask(plan, ready);
      tasks.set(plan.id, task);
      changes.note();
      return task.start();
    }, failed);
  }
}
